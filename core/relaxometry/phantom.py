"""Vials in the picture of a phantom: where they stand, and their R2*."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import ConvexHull

from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.progress import Progress
from core.relaxometry.fit import Flag, fit_r2star
from core.relaxometry.noise import NoiseEstimate, estimate_sigma

# voxels; the derivative of a Gaussian this wide has 0.30 of the noise of a voxel
EDGE_WIDTH = 0.8
EDGE_NOISE = 0.31
# a vial is even but for this relative slope per voxel (coil, texture), beside its noise
EVEN_SLOPE = 0.02
EDGE_LIMIT = 4.0
# mean of noise alone is 1.25 sigma; the smoothed picture's noise about it is 0.35
SIGNAL_LIMIT = 3.0
FEWEST_VOXELS = 4
# of the area of an ellipse with the same moments: a section that a bubble dents, and a vial's best one
DENTED_ELLIPSE = 0.45
FULL_ELLIPSE = 0.94
LONGEST_ELLIPSE = 2.5
# of a vial's sections: a bubble takes no more than two thirds
LARGEST_AREA_RATIO = 3.0
# against the median vial: specks, caps and baths are smaller or larger
SMALLEST_RADIUS, LARGEST_RADIUS = 0.55, 1.8
SHORTEST_RUN = 0.5
# what a bubble leaves of a vial: share of its convex hull, and the hull's radius against the median vial
DENTED_HULL = 0.5
SMALLEST_HULL, LARGEST_HULL = 0.65, 1.25
DENTED = "an air bubble dents it in every slice (or it is a gap between vials)"
# noise from air against that from neighbours: differences in air have 0.66 of sigma
LARGEST_NOISE_RATIO = 2.5
# voxels that the edge filter takes off a vial's rim
RIM_VOXELS = 1.6
# robust SDs from the vial's median: a bubble's surroundings
OUTLIER = 4.0
# share of a vial's voxels that the echoes cannot resolve, from which on its median is not to be trusted
UNRESOLVED_SHARE = 0.2
# the median of normal values has this times the standard error of their mean
MEDIAN_SE_FACTOR = 1.2533


@dataclass(frozen=True, eq=False)
class FoundVial:
    """A vial in a phantom's picture.

    Parameters
    ----------
    number : int
        From 1, in the order found (by rows of the middle slice).
    centre_mm : tuple of float
        LPS position of the middle of its region.
    radius_mm : float
        Of a circle of its cross-section's area, the rim that the region leaves out added.
    mask : bool array, shape (slice, row, column)
        The even inner part: no voxel that wall, air or a bubble fills in part.
    r2star_per_s, r2star_sd_per_s, r2star_se_per_s : float
        Median over the region, SD over its voxels and standard error of the median, in 1/s; NaN where not
        measured. The standard error takes neighbours as independent: an interpolated picture's is larger.
    voxels : int
        That median and SD stand on.
    unresolved_share : float
        Of the region's voxels, those flagged as below the noise, too fast or not fitted.
    problem : str
        Why it must not serve for a calibration; "" where it may.
    dented : bool
        Whether no slice shows it whole: an air bubble runs through all of them, if it is a vial at all.
    """

    number: int
    centre_mm: tuple[float, float, float]
    radius_mm: float
    mask: NDArray[np.bool_]
    r2star_per_s: float = float("nan")
    r2star_sd_per_s: float = float("nan")
    r2star_se_per_s: float = float("nan")
    voxels: int = 0
    unresolved_share: float = float("nan")
    problem: str = ""
    dented: bool = False


def phantom_noise(series: EchoSeries) -> NoiseEstimate:
    """Tell the noise of a phantom's picture.

    A bath that decays slowly looks like very noisy air to `estimate_sigma`; neighbouring voxels of smooth
    water tell that it is not, and then their differences give the noise.
    """
    noise = estimate_sigma(series)
    steps = np.diff(np.nan_to_num(series.magnitude, nan=0.0, posinf=0.0, neginf=0.0), axis=-1)
    between = 1.4826 * float(np.median(np.abs(steps))) / np.sqrt(2.0)
    if noise.method == "air" and 0 < between < noise.sigma / LARGEST_NOISE_RATIO:
        return NoiseEstimate(between, "residual", steps.size, noise.coils)
    return noise


def find_vials(series: EchoSeries, noise: NoiseEstimate | None = None) -> tuple[FoundVial, ...]:
    """Find upright vials in air or in a bath, in any arrangement.

    Slice by slice, the picture falls into even plateaus parted by edges (slope of the log signal, against
    what noise alone makes). A plateau is a cross-section of a vial if it has signal, lies clear of the
    picture's edge, is filled like an ellipse, holds no other plateau (a bath does) and is of one size with
    the others; air bubbles have no signal. Cross-sections over one another are a vial.

    Parameters
    ----------
    series : EchoSeries
        Slices across the vials; tilted by up to some 40 degrees is well.
    noise : NoiseEstimate, optional
        Told from the pictures if not given.

    Returns
    -------
    tuple of FoundVial
        Without R2* (see `measure_vials`); empty where there is none. Behind the whole vials come what may
        be dented ones, with their problem.
    """
    sigma = (noise or phantom_noise(series)).sigma
    magnitude = np.nan_to_num(series.magnitude, nan=0.0, posinf=0.0, neginf=0.0)
    first = magnitude[0]
    # a series without noise still needs a floor for the logarithm
    floor = max(sigma if np.isfinite(sigma) else 0.0, 1e-3 * float(np.quantile(first, 0.99)))
    if floor <= 0:
        return ()
    smooth = _smooth(first)
    plateau = _plateaus(magnitude[[0, len(series.te_ms) // 2]], floor)
    sections = [
        section
        for k in range(first.shape[0])
        for section in _sections(k, plateau[k], smooth[k] > SIGNAL_LIMIT * floor)
    ]
    stacks = _linked(sections)
    whole = [stack for stack in stacks if _fullest(stack).fullness >= FULL_ELLIPSE]
    vials = _of_a_size(whole, series.geometry)
    vials += _dented([stack for stack in stacks if stack not in whole], vials, series.geometry)
    return tuple(replace(vial, number=number) for number, vial in enumerate(vials, 1))


def measure_vials(
    series: EchoSeries,
    vials: Sequence[FoundVial],
    *,
    method: str = "auto",
    noise: NoiseEstimate | None = None,
    progress: Progress | None = None,
) -> tuple[FoundVial, ...]:
    """Fit R2* in the vials' regions.

    A vial of which a fifth or more of the voxels cannot be resolved by the echoes gets a problem.

    Parameters
    ----------
    series : EchoSeries
        The one the vials were found in.
    vials : sequence of FoundVial
        What `find_vials` gave.
    method : str
        One of core.relaxometry.fit.METHODS.

    Raises
    ------
    InputError
        As `fit_r2star`.
    """
    if not vials:
        return ()
    inside = np.any([vial.mask for vial in vials], axis=0)
    noise = noise or phantom_noise(series)
    maps = fit_r2star(series, method=method, sigma=noise, mask=inside, progress=progress)
    unresolved = (maps.flags & (Flag.FAILED | Flag.BELOW_NOISE | Flag.TOO_FAST)) != 0
    return tuple(_measured(vial, maps.r2star_per_s[vial.mask], unresolved[vial.mask]) for vial in vials)


def _measured(vial: FoundVial, rates: NDArray[np.float32], unresolved: NDArray[np.bool_]) -> FoundVial:
    share = float(np.mean(unresolved))
    values = rates[np.isfinite(rates)].astype(np.float64)
    if values.size:
        centre = np.median(values)
        spread = 1.4826 * np.median(np.abs(values - centre))
        values = values[np.abs(values - centre) <= OUTLIER * spread] if spread > 0 else values
    if values.size < FEWEST_VOXELS:
        problem = vial.problem or "R2* could not be fitted in it"
        return replace(vial, unresolved_share=share, problem=problem)
    sd = float(np.std(values, ddof=1))
    problem = vial.problem
    if not problem and share >= UNRESOLVED_SHARE:
        problem = f"faster than the echoes resolve in {100 * share:.0f} % of its voxels"
    return replace(
        vial,
        r2star_per_s=float(np.median(values)),
        r2star_sd_per_s=sd,
        r2star_se_per_s=MEDIAN_SE_FACTOR * sd / float(np.sqrt(values.size)),
        voxels=int(values.size),
        unresolved_share=share,
        problem=problem,
    )


# --- finding -----------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Section:
    """A vial's cross-section in one slice: its voxels as (row, column) arrays, and how full an ellipse."""

    slice_index: int
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    fullness: float


def _smooth(picture: NDArray[np.float32]) -> NDArray[np.float32]:
    """Smooth each slice; neighbouring slices lend a little, which tilted vials bear."""
    sigma = (0.5, EDGE_WIDTH, EDGE_WIDTH) if picture.shape[0] > 1 else (0, EDGE_WIDTH, EDGE_WIDTH)
    return np.asarray(ndimage.gaussian_filter(picture, sigma))


def _plateaus(echoes: NDArray[np.float32], floor: float) -> NDArray[np.bool_]:
    """Return where no echo changes by more than noise and coil explain, shape (slice, row, column)."""
    even = np.ones(echoes.shape[1:], dtype=np.bool_)
    for echo in echoes:
        level = _smooth(echo) + 2 * floor
        # the slope of a Gaussian-smoothed picture is that of its smoothed neighbours
        down, right = (
            ndimage.gaussian_filter1d(_along(echo, axis), EDGE_WIDTH, axis, order=1) for axis in (1, 2)
        )
        slope = np.hypot(down, right)
        even &= slope < EDGE_LIMIT * np.hypot(EDGE_NOISE * floor, EVEN_SLOPE * level)
    return even


def _along(echo: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Smooth along slices and the in-plane axis that is not `axis`."""
    other = ndimage.gaussian_filter1d(echo, EDGE_WIDTH, 3 - axis)
    return np.asarray(ndimage.gaussian_filter1d(other, 0.5, 0) if echo.shape[0] > 1 else other)


def _sections(k: int, plateau: NDArray[np.bool_], bright: NDArray[np.bool_]) -> list[_Section]:
    """Return the plateaus of one slice that look like a vial's cross-section."""
    labels, count = ndimage.label(plateau & bright)
    found = []
    for label, box in enumerate(ndimage.find_objects(labels, count), 1):
        region = labels[box] == label
        if region.sum() < FEWEST_VOXELS or _touches_edge(box, labels.shape):
            continue
        filled = ndimage.binary_fill_holes(region)
        others = (labels[box] > 0) & ~region & filled
        fullness = _fullness(filled)
        if others.sum() >= FEWEST_VOXELS or fullness < DENTED_ELLIPSE:
            continue
        rows, columns = np.nonzero(region)
        found.append(_Section(k, rows + box[0].start, columns + box[1].start, fullness))
    return found


def _touches_edge(box: tuple[slice, slice], shape: tuple[int, ...]) -> bool:
    reach = int(np.ceil(RIM_VOXELS))
    return any(part.start < reach or part.stop > size - reach for part, size in zip(box, shape, strict=True))


def _fullness(region: NDArray[np.bool_]) -> float:
    """Return a region's area over that of the ellipse with its second moments; 0 where that is too long."""
    points = np.argwhere(region).astype(np.float64)
    # a voxel is a square, whose own moment keeps small regions honest
    moments = np.cov(points.T, bias=True) + np.eye(2) / 12
    small, large = np.sqrt(np.linalg.eigvalsh(moments))
    return float(len(points) / (4 * np.pi * small * large)) if large <= LONGEST_ELLIPSE * small else 0.0


def _linked(sections: Sequence[_Section]) -> list[list[_Section]]:
    """Join cross-sections that stand over one another; a bubble may take or dent some of a vial's."""
    stacks: list[list[_Section]] = []
    for section in sections:
        own = next((stack for stack in stacks if _over(section, stack[-1])), None)
        if own is None:
            stacks.append([section])
        else:
            own.append(section)
    return stacks


def _fullest(stack: Sequence[_Section]) -> _Section:
    return max(stack, key=lambda section: section.fullness)


def _over(one: _Section, other: _Section) -> bool:
    """Whether two cross-sections are of one vial: middles nearer than its radius, areas alike."""
    away = np.hypot(one.rows.mean() - other.rows.mean(), one.columns.mean() - other.columns.mean())
    small, large = sorted((one.rows.size, other.rows.size))
    near = away < np.sqrt(large / np.pi) + RIM_VOXELS
    return bool(one.slice_index != other.slice_index and near and large <= LARGEST_AREA_RATIO * small)


def _of_a_size(stacks: Sequence[list[_Section]], geometry: Geometry) -> list[FoundVial]:
    """Drop what is smaller, larger or shorter than vials of one phantom are, and sort by rows."""
    if not stacks:
        return []
    slices = np.array([len({section.slice_index for section in stack}) for stack in stacks])
    radii = np.array([np.sqrt(_fullest(stack).rows.size / np.pi) for stack in stacks]) + RIM_VOXELS
    # the typical vial is typical among those that run through the slab
    long = slices >= 0.5 * slices.max()
    typical, run = np.median(radii[long]), np.median(slices[long])
    kept = (
        (radii >= SMALLEST_RADIUS * typical)
        & (radii <= LARGEST_RADIUS * typical)
        & (slices >= SHORTEST_RUN * run)
    )
    pixel_mm = float(np.sqrt(geometry.spacing_mm[1] * geometry.spacing_mm[2]))
    vials = [
        _vial(stack, float(radius * pixel_mm), geometry)
        for stack, radius, keep in zip(stacks, radii, kept, strict=True)
        if keep
    ]
    order = reading_order(
        [vial.centre_mm for vial in vials], [vial.radius_mm for vial in vials], geometry
    ).order
    return [vials[k] for k in order]


def _dented(
    stacks: Sequence[list[_Section]], whole: Sequence[FoundVial], geometry: Geometry
) -> list[FoundVial]:
    """Return what a bubble may have left of vials: no section is full, but their hulls are of a size."""
    if not whole:
        return []
    typical_mm = float(np.median([vial.radius_mm for vial in whole]))
    run = float(np.median([np.any(vial.mask, axis=(1, 2)).sum() for vial in whole]))
    pixel_mm = float(np.sqrt(geometry.spacing_mm[1] * geometry.spacing_mm[2]))
    found = []
    for stack in stacks:
        hulls = np.array([_hull_area(section) for section in stack])
        share = max(section.rows.size / hull for section, hull in zip(stack, hulls, strict=True))
        radius_mm = (float(np.sqrt(hulls.max() / np.pi)) + RIM_VOXELS) * pixel_mm
        of_a_size = SMALLEST_HULL <= radius_mm / typical_mm <= LARGEST_HULL
        long = len({section.slice_index for section in stack}) >= SHORTEST_RUN * run
        if share >= DENTED_HULL and of_a_size and long:
            found.append(replace(_vial(stack, radius_mm, geometry), problem=DENTED, dented=True))
    return found


def _hull_area(section: _Section) -> float:
    """Return the area of a section's convex hull, in pixels."""
    middles = np.column_stack([section.rows, section.columns])
    corners = np.array([(-0.5, -0.5), (-0.5, 0.5), (0.5, -0.5), (0.5, 0.5)])
    return float(ConvexHull((middles[:, None] + corners).reshape(-1, 2)).volume)


def _vial(stack: Sequence[_Section], radius_mm: float, geometry: Geometry) -> FoundVial:
    mask = np.zeros(geometry.shape, dtype=np.bool_)
    for section in stack:
        mask[section.slice_index, section.rows, section.columns] = True
    x, y, z = geometry.to_mm(np.argwhere(mask).mean(axis=0))
    return FoundVial(0, (float(x), float(y), float(z)), radius_mm, mask)


# --- which is which ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Order:
    """Vials in reading order (indices), and whether another order would be as good."""

    order: tuple[int, ...]
    ambiguous: bool


ORDERS = ("rows", "columns", "clockwise", "counterclockwise")


def reading_order(
    centres_mm: Sequence[tuple[float, float, float]],
    radii_mm: Sequence[float],
    geometry: Geometry,
    by: str = "rows",
) -> Order:
    """Sort vials as the picture is read.

    Parameters
    ----------
    centres_mm, radii_mm : sequences
        LPS centres and radii.
    geometry : Geometry
        Whose rows and columns count; the picture is shown with row 0 at the top, column 0 at the left.
    by : {"rows", "columns", "clockwise", "counterclockwise"}
        Rows from the top, each from the left; columns from the left, each from the top; or round the
        centre, from the top (12 o'clock).

    Returns
    -------
    Order
        Ambiguous where rows cannot be told apart (within a row vials may differ by a radius, rows must be
        a radius apart), or two vials stand at nearly the same angle or near the centre or the seam.
    """
    if not centres_mm:
        return Order((), False)
    index = geometry.to_index(np.asarray(centres_mm))[:, 1:] * np.asarray(geometry.spacing_mm[1:])
    radius = float(np.median(radii_mm))
    if by in ("clockwise", "counterclockwise"):
        return _round(index, radius, -1 if by == "counterclockwise" else 1)
    across, along = (index[:, 0], index[:, 1]) if by == "rows" else (index[:, 1], index[:, 0])
    groups: list[list[int]] = []
    for k in np.argsort(across, kind="stable"):
        if groups and across[k] - across[groups[-1][-1]] <= radius:
            groups[-1].append(int(k))
        else:
            groups.append([int(k)])
    ambiguous = any(across[group[-1]] - across[group[0]] > radius for group in groups)
    order = [k for group in groups for k in sorted(group, key=lambda one: float(along[one]))]
    return Order(tuple(order), ambiguous)


def _round(index: NDArray[np.float64], radius: float, sense: int) -> Order:
    offset = index - index.mean(axis=0)
    # from the top, rows growing downwards: clockwise as the picture is seen
    angle = np.mod(sense * np.arctan2(offset[:, 1], -offset[:, 0]), 2 * np.pi)
    distance = np.hypot(*offset.T)
    # a vial at the very top may fall on either side of the seam
    reach = 0.5 * radius / np.maximum(distance, radius)
    near = np.where(angle > np.pi, angle - 2 * np.pi, angle)
    angle = np.where(np.abs(near) <= reach, near, angle)
    order = np.argsort(angle, kind="stable")
    gaps = np.diff(angle[order]) * np.median(distance)
    at_seam = (near < -reach) & (near > -3 * reach)
    ambiguous = bool((distance < radius).any() or (gaps < radius).any() or at_seam.any())
    return Order(tuple(int(k) for k in order), ambiguous)
