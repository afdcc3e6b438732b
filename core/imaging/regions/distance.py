"""The distance of every voxel from a region's surface, in mm, finer than a voxel.

The surface runs between neighbours of which one is covered to a half or more and the other is not; the
coverage around tells where, and which way the surface faces there. Every voxel's distance is that from the
nearest of these small flat pieces, found by handing the nearest piece on from neighbour to neighbour
(Danielsson 1980, doi 10.1016/0146-664X(80)90054-4) and then along the surface to where none beside it is
nearer; pieces instead of points make it exact near the surface.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.imaging.coverage import WHOLE, Coverage
from core.imaging.regions.kernels import crossing
from core.jit import kernel

# half the width of a piece of surface, in voxels of the finest axis: pieces lie about that far apart
_HALF_WIDTH = 0.4
FAR_MM = 1e6


def signed_distance_mm(
    coverage: Coverage, axes: NDArray[np.float64], *, in_plane: bool, reach_mm: float = FAR_MM
) -> NDArray[np.float32]:
    """Return the distance of every voxel's centre from a region's surface.

    Parameters
    ----------
    coverage : uint8 array, shape (slice, row, column)
        A region of which no voxel reaches half at any border, or the surface is open there.
    axes : float64 array, shape (3, 3)
        The voxel's sides in mm, as columns: `Geometry.affine[:3, :3]`.
    in_plane : bool
        Measure within each slice by itself.
    reach_mm : float
        Distances beyond are cut off here.

    Returns
    -------
    float32 array, shape (slice, row, column)
        In mm, negative inside; `reach_mm` where the surface is not within reach. A region of which no voxel
        reaches half has its surface at half of the most it covers.
    """
    found = _Surface(coverage, axes, in_plane)
    distance = found.distance
    rest = (float(reach_mm), in_plane, found.nearest, distance)
    _hand_on(found.pieces, found.sides, found.width_mm, *rest)
    _slide(found.pieces, found.starts, found.sides, found.width_mm, *rest)
    distance[found.inside] *= -1
    return np.clip(distance, -reach_mm, reach_mm, out=distance)


def surface_pieces(coverage: Coverage, axes: NDArray[np.float64], *, in_plane: bool) -> NDArray[np.float64]:
    """Return the small flat pieces that a region's surface is made of.

    Parameters
    ----------
    coverage, axes, in_plane
        As for `signed_distance_mm`.

    Returns
    -------
    float64 array, shape (n, 6)
        Place in mm, voxel (0, 0, 0) at the origin, and the unit vector that points outwards.
    """
    return _Surface(coverage, axes, in_plane).pieces


class _Surface:
    """The pieces of a region's surface, each known to the two voxels beside it."""

    def __init__(self, coverage: Coverage, axes: NDArray[np.float64], in_plane: bool) -> None:
        # one type of array: machine code for another takes ten seconds to make
        coverage = np.require(coverage, requirements=("C", "W"))
        most = int(coverage.max(initial=0))
        half = 0.5 * (WHOLE if 2 * most > WHOLE else most)
        self.inside = coverage >= half if most else np.zeros(coverage.shape, dtype=np.bool_)
        self.sides = np.array(axes, dtype=np.float64, order="C")
        if in_plane:
            self.sides[:, 0] = 0.0
        step = np.linalg.norm(self.sides, axis=0)
        self.width_mm = _HALF_WIDTH * float(step[step > 0].min())
        self.pieces = np.empty((_crossings(coverage, half, in_plane) if most else 0, 6))
        self.starts = np.zeros(coverage.size + 1, dtype=np.int32)
        self.nearest = np.full(coverage.shape, -1, dtype=np.int32)
        self.distance = np.full(coverage.shape, FAR_MM, dtype=np.float32)
        if most:
            normals = np.ascontiguousarray(np.linalg.pinv(self.sides).T)
            _begin(
                coverage, half, in_plane, self.sides, normals, self.width_mm, self.pieces, self.starts,
                self.nearest, self.distance,
            )  # fmt: skip


@kernel
def _crossings(coverage: Coverage, half: float, in_plane: bool) -> int:
    slices, rows, columns = coverage.shape
    count = 0
    for i in range(slices):
        for j in range(rows):
            for k in range(columns):
                inside = coverage[i, j, k] >= half
                if not in_plane and i + 1 < slices:
                    count += inside != (coverage[i + 1, j, k] >= half)
                if j + 1 < rows:
                    count += inside != (coverage[i, j + 1, k] >= half)
                if k + 1 < columns:
                    count += inside != (coverage[i, j, k + 1] >= half)
    return count


@kernel
def _begin(
    coverage: Coverage,
    half: float,
    in_plane: bool,
    axes: NDArray[np.float64],
    normals: NDArray[np.float64],
    width: float,
    pieces: NDArray[np.float64],
    starts: NDArray[np.int32],
    nearest: NDArray[np.int32],
    distance: NDArray[np.float32],
) -> None:
    """List the pieces of surface, (place, way out) in mm, and give each to the two voxels beside it.

    Those that lie behind voxel v along an axis are `starts[v]` to `starts[v + 1]`.
    """
    size = coverage.shape
    count = 0
    slope = np.empty(3)
    for i in range(size[0]):
        for j in range(size[1]):
            for k in range(size[2]):
                starts[(i * size[1] + j) * size[2] + k] = count
                for axis in range(1 if in_plane else 0, 3):
                    a, b, c = i + (axis == 0), j + (axis == 1), k + (axis == 2)
                    if a >= size[0] or b >= size[1] or c >= size[2]:
                        continue
                    here, there = float(coverage[i, j, k]), float(coverage[a, b, c])
                    if (here >= half) == (there >= half):
                        continue
                    part = crossing(coverage, i, j, k, axis, half, in_plane, slope)
                    length = 0.0
                    for n in range(3):
                        way = -(
                            normals[n, 0] * slope[0] + normals[n, 1] * slope[1] + normals[n, 2] * slope[2]
                        )
                        pieces[count, 3 + n] = way
                        length += way * way
                        pieces[count, n] = (
                            axes[n, 0] * (i + part * (axis == 0))
                            + axes[n, 1] * (j + part * (axis == 1))
                            + axes[n, 2] * (k + part * (axis == 2))
                        )
                    pieces[count, 3:] /= np.sqrt(length)
                    _offer(pieces, count, axes, width, i, j, k, nearest, distance)
                    _offer(pieces, count, axes, width, a, b, c, nearest, distance)
                    count += 1
    starts[-1] = count


@kernel
def _offer(
    pieces: NDArray[np.float64],
    piece: int,
    axes: NDArray[np.float64],
    width: float,
    i: int,
    j: int,
    k: int,
    nearest: NDArray[np.int32],
    distance: NDArray[np.float32],
) -> None:
    """Keep a piece for a voxel if it is nearer than the one it has."""
    x = axes[0, 0] * i + axes[0, 1] * j + axes[0, 2] * k - pieces[piece, 0]
    y = axes[1, 0] * i + axes[1, 1] * j + axes[1, 2] * k - pieces[piece, 1]
    z = axes[2, 0] * i + axes[2, 1] * j + axes[2, 2] * k - pieces[piece, 2]
    height = x * pieces[piece, 3] + y * pieces[piece, 4] + z * pieces[piece, 5]
    beside = np.sqrt(max(x * x + y * y + z * z - height * height, 0.0))
    beside = max(beside - width, 0.0)
    away = np.sqrt(height * height + beside * beside)
    if away < distance[i, j, k]:
        distance[i, j, k], nearest[i, j, k] = away, piece


@kernel
def _hand_on(
    pieces: NDArray[np.float64],
    axes: NDArray[np.float64],
    width: float,
    reach: float,
    in_plane: bool,
    nearest: NDArray[np.int32],
    distance: NDArray[np.float32],
) -> None:
    """Let every voxel offer its piece to its neighbours as often as it gets a nearer one, surface first."""
    slices, rows, columns = nearest.shape
    deep = 0 if in_plane else 1
    queue = np.empty(nearest.size + 1, dtype=np.int32)
    waits = np.zeros(nearest.size, dtype=np.bool_)
    first, last = 0, 0
    for v in range(nearest.size):
        if nearest.flat[v] >= 0:
            queue[last] = v
            waits[v] = True
            last += 1
    while first != last:
        v = queue[first]
        first = first + 1 if first + 1 < queue.size else 0
        waits[v] = False
        i, j, k = v // (rows * columns), v // columns % rows, v % columns
        if distance[i, j, k] > reach:
            continue
        piece = nearest[i, j, k]
        for a in range(max(i - deep, 0), min(i + deep + 1, slices)):
            for b in range(max(j - 1, 0), min(j + 2, rows)):
                for c in range(max(k - 1, 0), min(k + 2, columns)):
                    if nearest[a, b, c] == piece:
                        continue
                    _offer(pieces, piece, axes, width, a, b, c, nearest, distance)
                    w = (a * rows + b) * columns + c
                    if nearest[a, b, c] == piece and not waits[w]:
                        queue[last] = w
                        waits[w] = True
                        last = last + 1 if last + 1 < queue.size else 0


@kernel
def _slide(
    pieces: NDArray[np.float64],
    starts: NDArray[np.int32],
    axes: NDArray[np.float64],
    width: float,
    reach: float,
    in_plane: bool,
    nearest: NDArray[np.int32],
    distance: NDArray[np.float32],
) -> None:
    """Go from each voxel's piece to those beside it on the surface as long as one is nearer."""
    slices, rows, columns = nearest.shape
    deep = 0 if in_plane else 1
    home = np.empty(pieces.shape[0], dtype=np.int32)
    for v in range(nearest.size):
        home[starts[v] : starts[v + 1]] = v
    for i in range(slices):
        for j in range(rows):
            for k in range(columns):
                piece = -1
                while nearest[i, j, k] != piece and distance[i, j, k] <= reach:
                    piece = nearest[i, j, k]
                    v = home[piece]
                    d, e, f = v // (rows * columns), v // columns % rows, v % columns
                    left, right = max(f - 1, 0), min(f + 1, columns - 1) + 1
                    for a in range(max(d - deep, 0), min(d + deep + 1, slices)):
                        for b in range(max(e - 1, 0), min(e + 2, rows)):
                            w = (a * rows + b) * columns
                            for other in range(starts[w + left], starts[w + right]):
                                _offer(pieces, other, axes, width, i, j, k, nearest, distance)
