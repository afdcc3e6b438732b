"""Regions proposed for a rater to confirm: reference tissue beside a lesion, and air.

They are where a careful person would draw them, by rules that are the same for every rater. Nothing is
proposed where the rules find no place; the reason says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from core.errors import InputError
from core.imaging.coverage import WHOLE, Coverage, Mask, Region, coverage_box, coverage_size
from core.imaging.geometry import Geometry
from core.imaging.regions.outline import ellipse_outline, polygon
from core.imaging.volume import EchoSeries
from core.reading.air import air_mean_factor, air_sd_factor
from core.relaxometry.noise import NoiseEstimate, coils_from_air, sigma_from_air

# the SD of so many voxels of air is right to 1 %; fewer than the least tell little
AIR_VOXELS, FEWEST_AIR = 6000, 200
# air is judged in squares of so many voxels' side
_TILE = 5
# a square of air differs from noise if its mean square is off by so many standard errors
_ODD = 3.5
# beside the body along a way of ghosts: from this mean square on, as a share of the noise, all is left out
_GHOSTED = 1.02
# in voxels: what stays free around a body, a region and at the picture's edge
_CLEAR, _BORDER = 2, 2
# how many voxels a piece of reference tissue has
REFERENCE_VOXELS = (50, 30, 18, 12)
# natural logarithm: fat and fluids decay more slowly by more than this
_UNLIKE = 0.35
# T2 of de Bazelaire 2004 (doi 10.1148/radiol.2303021331) and its like at low field, with R2' of 2 per s and T
MUSCLE_R2STAR_PER_S = {3.0: 40.0, 0.064: 21.0}
# what of the signal may vary beside noise, and how far the echoes may be from one decay
_TEXTURE, _OFF_DECAY = 0.10, 0.06


@dataclass(frozen=True, eq=False)
class Proposal:
    """A region to be confirmed, or the reason why there is none.

    Parameters
    ----------
    coverage : uint8 array, shape (slice, row, column), or None
    reason : str
        Why nothing is proposed; "" where something is.
    """

    coverage: Coverage | None
    reason: str = ""


def propose_air(
    series: EchoSeries, slice_index: int, *, avoid: Sequence[Region] = (), coils: int | None = None
) -> Proposal:
    """Propose air outside the body for the noise.

    Free of the picture's edge and of borders that were filled with zeros. Ghosts are copies of the body along
    the way in which phase is encoded: if what lies beside the body in its rows, or in its columns, holds
    more than noise, all of it is left out, and any square whose mean square over the echoes is not noise's.
    As many slices are taken, the given one first, as `AIR_VOXELS` need.

    Parameters
    ----------
    series : EchoSeries
        Magnitudes.
    slice_index : int
        Where the rater looks.
    avoid : sequence of arrays, shape of the grid
        Regions to keep clear of.
    coils : int, optional
        Receive coils joined by sum of squares, if known; else told from the air itself.

    Raises
    ------
    InputError
        If there is no such slice, or a region has another shape.
    """
    shape = _checked(series, slice_index, avoid)
    noise = _noise(series, coils)
    if noise is None:
        return Proposal(None, _no_air(series))
    body = _body(series, noise)
    if not body.any():
        return Proposal(None, "no body stands out from the noise")
    taken = _taken(avoid, shape)
    free = np.stack(
        [
            ~_widened(body[k] | taken[k], _CLEAR) & _inside_border(np.all(series.magnitude[:, k] > 0, axis=0))
            for k in range(shape[0])
        ]
    )
    even = _even_squares(series, free, body, noise)
    air = np.zeros(shape, dtype=np.bool_)
    for k in sorted(range(shape[0]), key=lambda k: (abs(k - slice_index), k)):
        air[k] = even[k]
        if np.count_nonzero(air) >= AIR_VOXELS:
            break
    if np.count_nonzero(air) < FEWEST_AIR:
        return Proposal(None, "there is too little air outside the body that is noise alone")
    return Proposal(np.where(air, np.uint8(WHOLE), np.uint8(0)))


def propose_reference(series: EchoSeries, lesion: Region, *, avoid: Sequence[Region] = ()) -> Proposal:
    """Propose a disc of even tissue beside a lesion.

    In the slice where the lesion is largest: within the body and clear of its surface, of the lesion and of
    other regions; as even as noise lets it be, so free of edges and vessels; with a signal like most
    of the body's, and echoes that decay as one tissue's do (fat's beat against water's) and about as fast as
    muscle's, where that is known at the field. Of such places that which is nearest to the lesion, and as
    deep beneath the body's surface, so that the coil sees both alike. It tells even tissue from uneven, not
    muscle from liver: that is for the rater to confirm.

    Parameters
    ----------
    series : EchoSeries
        Magnitudes.
    lesion : uint8 or bool array, shape (slice, row, column)
        What the tissue is to be compared with.
    avoid : sequence of arrays of the same shape
        Regions to keep clear of.

    Raises
    ------
    InputError
        If a region has another shape, or the lesion holds nothing.
    """
    size = coverage_size(lesion)
    k = int(size.argmax())
    shape = _checked(series, k, (lesion, *avoid))
    if coverage_box(lesion) is None:
        raise InputError("reference tissue is proposed for a lesion; draw the lesion first")
    noise = _noise(series, None)
    body = (_body(series, noise) if noise is not None else _bright(series))[k]
    sigma = 0.0 if noise is None else noise.sigma
    taken = _taken((lesion, *avoid), shape)[k]
    search = _Search(series, lesion, k, body, taken, sigma)
    found = [(place, count) for count in REFERENCE_VOXELS if (place := search.best(count)) is not None]
    if not found:
        return Proposal(None, "no tissue beside the lesion is even enough, clear of edges and vessels")
    (_, (row, column)), count = min(found)
    return Proposal(_disc(series.geometry, (k, row, column), count))


def _checked(series: EchoSeries, k: int, regions: Sequence[Region]) -> tuple[int, int, int]:
    shape = series.geometry.shape
    if not 0 <= k < shape[0]:
        raise InputError(f"there is no slice {k}; the series has {shape[0]}")
    if any(region.shape != shape for region in regions):
        raise InputError("regions and series differ in shape")
    return shape


def _noise(series: EchoSeries, coils: int | None) -> NoiseEstimate | None:
    return (
        coils_from_air(series.magnitude) if coils is None else sigma_from_air(series.magnitude, coils=coils)
    )


def _no_air(series: EchoSeries) -> str:
    zero = np.mean(series.magnitude[0] == 0)
    if zero > 0.05:
        return f"the background was set to zero ({100 * zero:.0f} % of the voxels); it tells no noise"
    return "the picture holds no air that is noise alone"


def _taken(regions: Sequence[Region], shape: tuple[int, int, int]) -> Mask:
    taken = np.zeros(shape, dtype=np.bool_)
    for region in regions:
        taken |= region > 0
    return taken


def _body(series: EchoSeries, noise: NoiseEstimate) -> Mask:
    """Tell what stands out from the noise in the first echo; ghosts that do count as body."""
    first = np.nan_to_num(series.magnitude[0])
    level = noise.sigma * (air_mean_factor(noise.coils) + 5 * air_sd_factor(noise.coils))
    return _filled(first > level)


def _bright(series: EchoSeries) -> Mask:
    """Tell the body where no air tells the noise: a twentieth of the brightest and more."""
    first = np.nan_to_num(series.magnitude[0])
    return _filled(first > 0.05 * np.quantile(first, 0.995))


def _filled(mask: Mask) -> Mask:
    found = np.zeros_like(mask)
    for k, plane in enumerate(mask):
        # specks of noise are opened away
        opened = ndimage.binary_opening(plane, np.ones((3, 3)))
        found[k] = ndimage.binary_fill_holes(opened)
    return found


def _widened(mask: Mask, by: int) -> Mask:
    grown: Mask = ndimage.binary_dilation(mask, np.ones((3, 3)), iterations=by) if mask.any() else mask
    return grown


def _inside_border(held: Mask) -> Mask:
    """Tell the voxels away from the edge of what the scanner measured: zeros around it are no picture."""
    inside = np.zeros_like(held)
    # single zeros occur in noise; a border's rows and columns are zero throughout
    rows, columns = (np.flatnonzero(held.mean(axis=axis) > 0.5) for axis in (1, 0))
    if rows.size and columns.size:
        inside[
            rows[0] + _BORDER : rows[-1] + 1 - _BORDER, columns[0] + _BORDER : columns[-1] + 1 - _BORDER
        ] = True
    return inside


def _even_squares(series: EchoSeries, free: Mask, body: Mask, noise: NoiseEstimate) -> Mask:
    """Tell the squares of free voxels whose mean square is noise's, where nothing beside them is ghosted."""
    echoes, (slices, rows, columns) = len(series.te_ms), free.shape
    rows, columns = rows // _TILE, columns // _TILE
    cut = (slice(None), slice(0, rows * _TILE), slice(0, columns * _TILE))
    tiles = (slices, rows, _TILE, columns, _TILE)
    # the mean square is the same in every echo, if it is noise
    square = np.mean(np.square(series.magnitude[:, *cut], dtype=np.float64), axis=0)
    mean = np.nan_to_num(square).reshape(tiles).mean(axis=(2, 4))
    whole = free[cut].reshape(tiles).all(axis=(2, 4))
    # M^2 is a Gamma variable of shape L: its mean is 2 L sigma^2, its SD that over sqrt(L)
    expected = 2 * noise.coils * noise.sigma**2
    error = expected / np.sqrt(noise.coils * echoes * _TILE**2)
    inside = np.asarray(body[cut].reshape(tiles).any(axis=(2, 4)))
    for axis in (1, 2):
        beside = whole & inside.any(axis=axis, keepdims=True)
        count = np.count_nonzero(beside)
        if count and mean[beside].mean() > expected * _GHOSTED + _ODD * error / np.sqrt(count):
            whole &= ~beside
    whole &= np.abs(mean - expected) <= _ODD * error
    found = np.zeros_like(free)
    found[cut] = np.repeat(np.repeat(whole, _TILE, axis=1), _TILE, axis=2)
    return found


class _Search:
    """Looks for a place for a disc in one slice."""

    def __init__(
        self, series: EchoSeries, lesion: Region, k: int, body: Mask, taken: Mask, sigma: float
    ) -> None:
        echoes = series.magnitude[:, k].astype(np.float64)
        self._echoes, self._known = np.nan_to_num(echoes), np.isfinite(echoes).all(axis=0)
        self._te_s = 1e-3 * np.asarray(series.te_ms)
        self._muscle_per_s = _muscle_r2star_per_s(series.field_t)
        self._sides = np.asarray(series.geometry.spacing_mm[1:])
        self._sigma = sigma
        self._depth = ndimage.distance_transform_edt(body, sampling=self._sides)
        self._clear = ndimage.distance_transform_edt(~taken, sampling=self._sides)
        middle = ndimage.center_of_mass(lesion[k].astype(np.float64))
        self._lesion_depth = float(self._depth[lesion[k] > 0].mean())
        places = np.moveaxis(np.indices(body.shape), 0, -1)
        self._away = np.linalg.norm((places - middle) * self._sides, axis=-1)
        self._size = float(np.sqrt(np.count_nonzero(body) * self._sides.prod()))
        self._usual = float(np.median(self._echoes[0][body])) if body.any() else 1.0

    def best(self, count: int) -> tuple[float, tuple[int, int]] | None:
        """Return the cost and the middle of the best place for a disc of so many voxels; None without one."""
        radius = float(np.sqrt(count * self._sides.prod() / np.pi))
        room = radius + _CLEAR * float(self._sides.max())
        possible = (self._depth > room) & (self._clear > room) & self._known
        if not possible.any():
            return None
        # squares around the discs: all that a disc holds is in one
        square = [2 * int(np.ceil(radius / side)) + 1 for side in self._sides]
        means = np.stack([ndimage.uniform_filter(echo, square) for echo in self._echoes])
        texture = self._texture(means, square)
        one_decay, unlike_muscle = self._decays(means)
        bright = means[0] > max(5 * self._sigma, 0.3 * self._usual)
        even = possible & bright & one_decay & (texture <= _TEXTURE) & (np.abs(unlike_muscle) < _UNLIKE)
        if not even.any():
            return None
        cost = (
            (texture / 0.04) ** 2
            + (self._away / (0.25 * self._size)) ** 2
            + ((self._depth - self._lesion_depth) / (0.15 * self._size)) ** 2
            + (np.log(np.maximum(means[0], 1e-9) / self._usual) / 0.35) ** 2
            + (unlike_muscle / 0.2) ** 2
            + np.log(REFERENCE_VOXELS[0] / count) ** 2
        )
        row, column = np.unravel_index(int(np.argmin(np.where(even, cost, np.inf))), cost.shape)
        return float(cost[row, column]), (int(row), int(column))

    def _texture(self, means: NDArray[np.float64], square: list[int]) -> NDArray[np.float64]:
        """Return the relative SD beyond noise, in the first echo or the one that gives the CNR."""
        texture = np.zeros(means.shape[1:])
        for n in {0, len(means) // 2}:
            squares = ndimage.uniform_filter(self._echoes[n] ** 2, square)
            excess = np.maximum(squares - means[n] ** 2 - self._sigma**2, 0.0)
            texture = np.maximum(texture, np.sqrt(excess) / np.maximum(means[n], 1e-9))
        return texture

    def _decays(self, means: NDArray[np.float64]) -> tuple[Mask, NDArray[np.float64]]:
        """Tell where the echoes above the noise follow one exponential, and how unlike muscle's it is."""
        if len(means) < 3:
            return np.ones(means.shape[1:], dtype=np.bool_), np.zeros(means.shape[1:])
        weight = (means > max(5 * self._sigma, 1e-9)).astype(np.float64)
        logs, te = np.log(np.maximum(means, 1e-9)), self._te_s[:, None, None]
        total = np.maximum(weight.sum(axis=0), 1.0)
        across, up = te - (weight * te).sum(axis=0) / total, logs - (weight * logs).sum(axis=0) / total
        slope = (weight * across * up).sum(axis=0) / np.maximum((weight * across**2).sum(axis=0), 1e-12)
        off = np.sqrt((weight * (up - slope * across) ** 2).sum(axis=0) / total)
        one = (off <= _OFF_DECAY) & (slope < 0) & (weight.sum(axis=0) >= 3)
        if self._muscle_per_s is None:
            return one, np.zeros(slope.shape)
        return one, np.log(np.maximum(-slope, 1e-3) / self._muscle_per_s)


def _muscle_r2star_per_s(field_t: float | None) -> float | None:
    """Return muscle's R2* at a field, None where it is not known."""
    if field_t is None:
        return None
    near, value = min(MUSCLE_R2STAR_PER_S.items(), key=lambda known: abs(np.log(known[0] / field_t)))
    return value if abs(np.log(near / field_t)) < np.log(1.3) else None


def _disc(geometry: Geometry, index: tuple[float, float, float], count: int) -> Coverage:
    radius = np.sqrt(count * np.prod(geometry.spacing_mm[1:]) / np.pi)
    first, second = geometry.directions[:, 1], geometry.directions[:, 2]
    second = second - (second @ first) * first
    second /= np.linalg.norm(second)
    corners = ellipse_outline(geometry.to_mm(index), radius * first, radius * second)
    return polygon(geometry, corners).on(geometry.shape)
