"""How sharp a region's margin is in a picture, beside the score that a rater gives it.

Across the outline the signal goes from the level inside to that outside. The margin's width is the way over
which it passes from 10 to 90 % of this contrast: a Gaussian edge is fitted to the voxels beside the
outline, in sectors that are named by the patient's directions (core.imaging.regions.edge).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import HALF, WHOLE, Coverage, coverage_box, coverage_size, voxel_area_mm2
from core.imaging.geometry import Geometry, direction_letters

SECTORS = 8
# what a sector may have in place of a width
Reason = Literal[
    "",
    "no contrast",
    "too near to the picture's edge",
    "another region is in the way",
    "the profile is too short",
    "no edge near the outline",
    "too few voxels",
    "too uncertain",
]

# how far from the outline voxels are taken, in voxels: further only where the edge is too wide for the first
_REACHES = (5.0, 8.0, 13.0, 20.0)
# an edge is seen whole if its profile runs this many sigma to both sides: to 93 % of the contrast
_PLATEAU = 1.5
_FEWEST = 12
# of the whole, as a share of the radius of a circle as large as the region: 2.4 sigma lie inside then
_WIDEST = 2.563 / 2.4
# a contrast counts from so many of its standard errors on, a width whose own is at most this share of it
_LEAST_CONTRAST, _MOST_DOUBT = 4.0, 0.5
# an edge further from the outline than so many voxels is another one
_FARTHEST = 4.0
# a sector's share of the outline, in voxels, below which the whole is put together from quarters
_SHORTEST = 4.0
# the whole's sectors begin at so many places around: with those alone that are shown, which voxels are told
# together would hang on how the patient lies, and with it what noise makes of them
_WINDOWS = 32
# 10-90 % width of a sharp edge in voxels that hold the mean over their box
_SHARP = 0.8


@dataclass(frozen=True)
class Edge:
    """A region's margin in one sector, or over the whole outline; NaN where there is a reason.

    Parameters
    ----------
    direction : str
        Where the sector lies as seen from the region's middle, in patient letters ("A", "LA"); "" for the
        whole.
    width_mm, width_se_mm : float
        From 10 to 90 % of the contrast, and its standard error.
    contrast, contrast_se : float
        Level inside less level outside, in the picture's unit, and its standard error.
    offset_mm : float
        How far outside the outline the edge's middle lies; below 0 inside.
    reason : str
        Why there is no width; "" where there is one.
    towards : tuple of float
        The sector's direction as a unit vector in LPS; zeros for the whole.
    """

    direction: str
    width_mm: float
    width_se_mm: float
    contrast: float
    contrast_se: float
    offset_mm: float
    reason: Reason = ""
    towards: tuple[float, float, float] = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Margin:
    """A region's margin in one slice.

    Parameters
    ----------
    slice_index : int
        Where it was measured.
    sectors : tuple of Edge
        Around the region's middle, each centred on its direction, the first in front (or at the head's end
        in slices that are not axial).
    whole : Edge
        The mean over the outline, of sectors that begin everywhere on it, so that it hangs little on the
        patient's directions; quarters where sectors would be too short. Three of four have to have a width.
    sharp_mm : float
        The width that a sharp edge has in voxels of this size. What is sharper by more than can be told
        counts as this.
    """

    slice_index: int
    sectors: tuple[Edge, ...]
    whole: Edge
    sharp_mm: float


def region_margin(
    picture: NDArray[Any],
    region: Coverage,
    geometry: Geometry,
    *,
    slice_index: int | None = None,
    others: Sequence[Coverage] = (),
) -> Margin | None:
    """Measure how blurred a region's margin is in one slice.

    In every sector the normal distribution's profile is fitted to the voxels, each at its own distance from
    the outline in mm: nothing is interpolated, so nothing has to be corrected for. The edge may lie
    beside the outline and turn against it; voxels far off the profile weigh less (Tukey's biweight). The
    width is that in the picture: what the scanner and the voxels blur is in it.

    Parameters
    ----------
    picture : array, shape (slice, row, column)
        Any unit; voxels that are not finite are left out.
    region : uint8 array of the same shape
        Coverage.
    geometry : Geometry
        The grid of both.
    slice_index : int, optional
        The slice; else that where the region is largest.
    others : sequence of uint8 arrays of the same shape
        Regions that do not belong to the surroundings, such as other lesions: their voxels are left out.

    Returns
    -------
    Margin or None
        None where the region has no voxel that is half covered in the slice.

    Raises
    ------
    InputError
        If a shape differs or there is no such slice.
    """
    if any(data.shape != geometry.shape for data in (picture, region, *others)):
        raise InputError("a margin needs picture, regions and grid of one shape")
    size = coverage_size(region)
    k = int(size.argmax()) if slice_index is None else slice_index
    if not 0 <= k < geometry.shape[0]:
        raise InputError(f"there is no slice {k}; the picture has {geometry.shape[0]}")
    box = coverage_box(region[k : k + 1])
    if box is None or region[k].max() < HALF:
        return None
    beside = _Beside(picture, region, geometry, others, k, box[1:])
    sectors = beside.edges(SECTORS)
    outline = 2 * np.sqrt(np.pi * size[k] * voxel_area_mm2(geometry))
    parts = SECTORS if outline >= SECTORS * _SHORTEST * beside.pitch_mm else 4
    whole = _whole(beside.edges(parts, _WINDOWS // parts), _WINDOWS // parts, beside.radius_mm)
    return Margin(k, sectors, whole, _SHARP * beside.pitch_mm)


@dataclass(frozen=True, eq=False)
class _Voxels:
    """The voxels within reach of the outline, in no order; arrays of shape (n,)."""

    away_mm: NDArray[np.float64]
    turn: NDArray[np.float64]  # around the middle, 0 to 1, from the first direction on
    values: NDArray[np.float64]
    known: NDArray[np.bool_]
    taken: NDArray[np.bool_]  # by another region


class _Beside:
    """What lies beside the outline of a region in slice k, within one reach or another."""

    def __init__(
        self,
        picture: NDArray[Any],
        region: Coverage,
        geometry: Geometry,
        others: Sequence[Coverage],
        k: int,
        box: tuple[slice, slice],
    ) -> None:
        self._picture, self._region, self._others = picture[k], region[k], [other[k] for other in others]
        self._axes, self._box = geometry.affine[:3, :3].copy(), box
        self._axes[:, 0] = 0.0
        self.pitch_mm = min(geometry.spacing_mm[1:])
        self._frame = _frame(geometry)
        rows, columns = np.nonzero(self._region[box])
        shares = self._region[box][rows, columns].astype(np.float64)
        self._middle = self._plane(
            float(shares @ rows / shares.sum()) + box[0].start,
            float(shares @ columns / shares.sum()) + box[1].start,
        )
        self.radius_mm = float(np.sqrt(shares.sum() / WHOLE * voxel_area_mm2(geometry) / np.pi))
        self._held: dict[float, _Voxels] = {}

    def edges(self, parts: int, starts: int = 1) -> tuple[Edge, ...]:
        """Return the edge in each of so many sectors, and in those that begin between them, in order."""
        return tuple(self._edge(n / (parts * starts), parts) for n in range(parts * starts))

    def _edge(self, turn: float, parts: int) -> Edge:
        towards = np.cos(2 * np.pi * turn) * self._frame[0] + np.sin(2 * np.pi * turn) * self._frame[1]
        direction = direction_letters(towards)
        best = _none(direction, "too few voxels")
        for reach in _REACHES:
            if reach > _REACHES[1] and reach * self.pitch_mm > 2 * self.radius_mm:
                break
            edge, sigma_mm = self._fitted(turn, parts, reach * self.pitch_mm, direction)
            if not edge.reason or best.reason:
                best = edge
            if not edge.reason and 3 * sigma_mm + abs(edge.offset_mm) <= reach * self.pitch_mm:
                break
        x, y, z = towards.tolist()
        return replace(best, towards=(x, y, z))

    def _fitted(self, turn: float, parts: int, reach_mm: float, direction: str) -> tuple[Edge, float]:
        """Return the edge as it looks within a reach, and its sigma in mm."""
        # numba comes with it: a window that opens does not wait for that
        from core.imaging.regions import edge as e  # noqa: PLC0415

        voxels = self._within(reach_mm)
        beside = parts * ((voxels.turn - turn + 0.5) % 1.0 - 0.5)
        mine = np.abs(beside) <= 0.5
        used = mine & voxels.known
        away, values = voxels.away_mm[used], voxels.values[used]
        lost = _lost(voxels, mine)
        if away.size < _FEWEST:
            return _none(direction, lost or "too few voxels"), np.nan
        found = np.full(e.FOUND, np.nan)
        settled = e.fit_edge(away, 2 * beside[used], values, self.pitch_mm, reach_mm, found)
        offset, sigma, doubt = (
            float(n) for n in (found[e.OFFSET], np.exp(found[e.LOG_SIGMA]), found[e.SE_LOG_SIGMA])
        )
        contrast, contrast_se = float(found[e.INSIDE] - found[e.OUTSIDE]), float(found[e.SE_CONTRAST])
        reason: Reason = ""
        if not found[e.STEP] > _LEAST_CONTRAST:
            reason = lost or "no contrast"
        elif abs(offset) > _FARTHEST * self.pitch_mm:
            reason = "no edge near the outline"
        elif min(away.max() - offset, offset - away.min()) < _PLATEAU * sigma:
            reason = lost or "the profile is too short"
        elif not abs(contrast) > _LEAST_CONTRAST * contrast_se:
            reason = lost or "too uncertain"
        elif not (settled and doubt < _MOST_DOUBT):
            sharp = _SHARP * self.pitch_mm
            if e.WIDTH_PER_SIGMA * sigma < sharp:
                # how much sharper than the voxels it is cannot be told: it counts as what they make of it
                return Edge(direction, sharp, 0.5 * sharp, contrast, contrast_se, offset), sigma
            reason = lost or "too uncertain"
        if reason:
            return _none(direction, reason), np.nan
        width = e.WIDTH_PER_SIGMA * sigma
        return Edge(direction, width, width * doubt, contrast, contrast_se, offset), sigma

    def _within(self, reach_mm: float) -> _Voxels:
        if reach_mm not in self._held:
            self._held[reach_mm] = self._look(reach_mm)
        return self._held[reach_mm]

    def _look(self, reach_mm: float) -> _Voxels:
        from core.imaging.regions.distance import signed_distance_mm  # noqa: PLC0415

        room = np.ceil(reach_mm * np.linalg.norm(np.linalg.pinv(self._axes), axis=1)[1:]).astype(int) + 2
        first = [side.start - int(n) for side, n in zip(self._box, room, strict=True)]
        last = [side.stop + int(n) for side, n in zip(self._box, room, strict=True)]
        # beyond the picture there is nothing, which closes outlines that meet its border
        coverage = _cut(self._region, first, last, np.uint8(0))
        away = signed_distance_mm(
            coverage[None], self._axes, in_plane=True, reach_mm=reach_mm + self.pitch_mm
        )[0]
        row, column = np.nonzero(np.abs(away) <= reach_mm)
        across = self._plane(row + first[0], column + first[1]) - self._middle
        turn = np.arctan2(across @ self._frame[1], across @ self._frame[0]) / (2 * np.pi)
        values = _cut(self._picture, first, last, np.nan)[row, column].astype(np.float64)
        taken = np.zeros(row.size, dtype=np.bool_)
        for other in self._others:
            taken |= _cut(other, first, last, np.uint8(0))[row, column] > 0
        return _Voxels(
            away[row, column].astype(np.float64), turn, values, np.isfinite(values) & ~taken, taken
        )

    def _plane(self, row: Any, column: Any) -> NDArray[np.float64]:
        """Return places of the slice in mm from its voxel (0, 0), shape (..., 3)."""
        return np.asarray(
            np.multiply.outer(row, self._axes[:, 1]) + np.multiply.outer(column, self._axes[:, 2])
        )


def _frame(geometry: Geometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two unit vectors in the plane of slices, the same however rows and columns run.

    The first points to the front in axial slices, to the head in others; the second to the patient's left, or
    to the back in sagittal slices.
    """
    normal = np.cross(geometry.affine[:3, 1], geometry.affine[:3, 2])
    normal /= np.linalg.norm(normal)
    axial = abs(normal[2]) > max(abs(normal[0]), abs(normal[1])) - 1e-6
    first = np.array([0.0, -1.0, 0.0] if axial else [0.0, 0.0, 1.0])
    first -= (first @ normal) * normal
    first /= np.linalg.norm(first)
    second = np.cross(normal, first)
    most = second[np.argmax(np.round(np.abs(second), 6))]
    return first, second if most > 0 else -second


def _cut(plane: NDArray[Any], first: Sequence[int], last: Sequence[int], beyond: Any) -> NDArray[Any]:
    """Return a piece of a slice that may reach over its border."""
    inside = [slice(max(a, 0), max(b, 0)) for a, b in zip(first, last, strict=True)]
    pads = [(max(-a, 0), max(b - n, 0)) for a, b, n in zip(first, last, plane.shape, strict=True)]
    piece = plane[inside[0], inside[1]]
    if np.isnan(beyond):
        piece = piece.astype(np.float64)
    return np.pad(piece, pads, constant_values=beyond) if np.any(pads) else piece


def _lost(voxels: _Voxels, mine: NDArray[np.bool_]) -> Reason:
    """Return what took the larger part of a sector's surroundings, "" if they are there."""
    outer = mine & (voxels.away_mm > 0)
    total = np.count_nonzero(outer)
    if 2 * np.count_nonzero(outer & ~voxels.known) <= total:
        return ""
    if 2 * np.count_nonzero(outer & voxels.taken) > np.count_nonzero(outer & ~voxels.known):
        return "another region is in the way"
    return "too near to the picture's edge"


def _none(direction: str, reason: Reason) -> Edge:
    return Edge(direction, np.nan, np.nan, np.nan, np.nan, np.nan, reason)


def _whole(parts: Sequence[Edge], overlap: int, radius_mm: float) -> Edge:
    """Return the mean of sectors, if three of four have a width; else the commonest reason.

    `overlap`: how many of them tell of the same place.
    """
    told = [edge for edge in parts if not edge.reason]
    if 4 * len(told) < 3 * len(parts):
        return _none("", Counter(edge.reason for edge in parts if edge.reason).most_common(1)[0][0])
    widths, contrasts, offsets = (
        np.array([getattr(edge, name) for edge in told]) for name in ("width_mm", "contrast", "offset_mm")
    )
    # those that overlap tell the same noise: only as many as lie side by side count
    apart = len(told) / overlap
    errors = [
        float(np.sqrt(np.mean([getattr(edge, name) ** 2 for edge in told]) / apart))
        for name in ("width_se_mm", "contrast_se")
    ]
    if widths.mean() + errors[0] > radius_mm * _WIDEST:
        # the middle is blurred as well: those that seem to end within it are the narrower ones by chance
        return _none("", "the profile is too short")
    means = [float(values.mean()) for values in (widths, contrasts, offsets)]
    return Edge("", means[0], errors[0], means[1], errors[1], means[2])
