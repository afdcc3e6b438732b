"""One scan of an animal laid on another: rigid, then affine, with a stated quality."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
import SimpleITK as sitk
from numpy.typing import NDArray
from scipy import ndimage

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.nifti import image_of
from core.imaging.resampling import resample
from core.imaging.volume import Volume

Kind = Literal["none", "rigid", "affine"]
Metric = Literal["mutual information", "correlation"]

BINS = 32
STEPS = 300
# smoothed, then sharp: (shrink factor, SD of the smoothing in voxels of the finer in-plane step)
LEVELS = ((2, 2.0), (1, 1.0), (1, 0.0))
# a body whose outline agrees less than this has not been found; 1 is the same outline (Dice)
LEAST_OVERLAP = 0.7
# of the pictures within both outlines; a random field scores 0, one animal before and after 0.7 to 0.97
LEAST_CORRELATION = 0.3
# noise makes the overlap of outlines waver by this much
WAVER = 0.01
# an animal of one day does not grow, nor lie askew, by more than this
MOST_STRETCH = 0.2
MOST_TURN_DEG = 35.0
# the affine has six more numbers to fit noise with: it must gain this much correlation
AFFINE_GAIN = 0.002
# one scan and itself: nothing to gain
SAME = 0.9999
SQUARES = 8


@dataclass(frozen=True)
class Agreement:
    """How well two pictures agree: Dice of their outlines, correlation within both."""

    overlap: float
    correlation: float


@dataclass(frozen=True, eq=False)
class Registration:
    """Where the moving picture lies in the fixed one.

    Parameters
    ----------
    transform_mm : float64 array, shape (4, 4)
        Maps LPS mm of the fixed picture to LPS mm of the moving one, as `resample` wants it.
    kind : {"none", "rigid", "affine"}
        What was kept: none where the scanner's coordinates agree best, the affine only where it gains.
    before, after : Agreement
        In the scanner's coordinates, and registered.
    """

    transform_mm: NDArray[np.float64]
    kind: Kind
    before: Agreement
    after: Agreement

    @property
    def turn_deg(self) -> float:
        """Angle of the rotation in it."""
        left, _, right = np.linalg.svd(self.transform_mm[:3, :3])
        cosine = (np.trace(left @ right) - 1) / 2
        return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))

    @property
    def stretch(self) -> float:
        """Largest relative change of a length; 0 for a rigid one."""
        lengths = np.linalg.svd(self.transform_mm[:3, :3], compute_uv=False)
        return float(np.abs(lengths - 1).max())

    def as_json(self) -> dict[str, object]:
        """Return it for a report."""
        return {
            "kind": self.kind,
            "transform_mm": self.transform_mm.tolist(),
            "turn_deg": self.turn_deg,
            "stretch": self.stretch,
            "overlap_before": self.before.overlap,
            "overlap": self.after.overlap,
            "correlation_before": self.before.correlation,
            "correlation": self.after.correlation,
        }


def register(
    fixed: Volume,
    moving: Volume,
    *,
    kind: Kind = "affine",
    metric: Metric = "mutual information",
) -> Registration:
    """Lay `moving` on `fixed`: rigid from the scanner's or the centred position, then affine.

    Mattes' mutual information (2003, doi 10.1109/TMI.2003.809072) stands iron that darkens a tumour;
    correlation serves pictures of one contrast. All voxels are used, by one thread, so that the result is
    the same every time.

    Parameters
    ----------
    fixed, moving : Volume
        Pictures of one animal in any unit, finite where there is signal; two slices or more to move.
    kind : {"affine", "rigid", "none"}
        How much may move. "none" only measures the agreement.
    metric : {"mutual information", "correlation"}
        What is made best.

    Raises
    ------
    InputError
        If a picture is empty, or has one slice and may move, or the registration failed: neither as scanned
        nor moved as an animal may move do outlines and pictures agree. The reason is told.
    """
    still, other = _cleaned(fixed, "scan"), _cleaned(moving, "baseline")
    before = agreement(still, other, np.eye(4))
    found = Registration(np.eye(4), "none", before, before)
    if kind == "none" or (before.overlap >= SAME and before.correlation >= SAME):
        return found
    if min(still.geometry.shape[0], other.geometry.shape[0]) < 2:
        raise InputError("a picture has one slice; registration in space needs two or more of both scans")
    try:
        with _one_thread():
            rigid = _rigid(still, other, metric)
            found = _better(found, _measured(still, other, _matrix(rigid), "rigid", before), 0.0)
            if kind == "affine":
                matrix = _matrix(_affine(still, other, rigid, metric))
                found = _better(found, _measured(still, other, matrix, "affine", before), AFFINE_GAIN)
    except RuntimeError as error:
        reason = str(error).strip().splitlines()[-1].split("): ")[-1]
        raise InputError(
            f"the baseline cannot be laid on the scan ({reason}); give --r2star0 or another baseline"
        ) from error
    _check(found)
    return found


def agreement(fixed: Volume, moving: Volume, transform_mm: NDArray[np.float64]) -> Agreement:
    """Measure how `moving` agrees with `fixed` under a transform (fixed to moving, LPS mm, shape (4, 4)).

    Outlines are those above a tenth of the 99th percentile, enclosed dark parts included.
    """
    laid = np.nan_to_num(resample(moving, fixed.geometry, transform_mm).data)
    here, there = _outline(fixed.data), _outline(laid)
    both = here & there
    sizes = np.count_nonzero(here) + np.count_nonzero(there)
    overlap = 2 * np.count_nonzero(both) / sizes if sizes else 0.0
    if np.count_nonzero(both) < 10:
        return Agreement(float(overlap), 0.0)
    a, b = np.asarray(fixed.data)[both].astype(np.float64), laid[both].astype(np.float64)
    flat = a.std() == 0 or b.std() == 0
    return Agreement(float(overlap), 0.0 if flat else float(np.corrcoef(a, b)[0, 1]))


def checkerboard(fixed: Volume, moving: Volume, transform_mm: NDArray[np.float64] | None = None) -> Volume:
    """Return a check picture on the fixed grid: squares of the one and the other by turns.

    Both are scaled to 1 at their 99th percentile; where they fit, outlines run on across the squares.

    Parameters
    ----------
    fixed, moving : Volume
        As in `register`.
    transform_mm : array, shape (4, 4), optional
        Fixed to moving, LPS mm; the scanner's coordinates if not given.
    """
    laid = resample(moving, fixed.geometry, transform_mm)
    a, b = (_scaled(np.nan_to_num(data)) for data in (fixed.data, laid.data))
    rows, columns = fixed.geometry.shape[1:]
    side = max(1, round(min(rows, columns) / SQUARES))
    squares = (np.arange(rows)[:, None] // side + np.arange(columns)[None, :] // side) % 2 == 0
    return Volume(np.where(squares[None], a, b).astype(np.float32), fixed.geometry)


def _cleaned(volume: Volume, name: str) -> Volume:
    data = np.nan_to_num(np.asarray(volume.data, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    if not data.max() > data.min():
        raise InputError(f"the {name} is empty: every voxel has the same value; nothing can be registered")
    return Volume(_scaled(data), volume.geometry)


def _scaled(data: NDArray[np.float32]) -> NDArray[np.float32]:
    bright = float(np.quantile(data, 0.99)) or float(np.abs(data).max()) or 1.0
    return np.asarray(np.clip(data / bright, 0.0, 1.5), dtype=np.float32)


def _outline(data: NDArray[np.float32]) -> NDArray[np.bool_]:
    # one voxel's noise is no outline
    smooth = ndimage.gaussian_filter(np.asarray(data, dtype=np.float32), (0, 1, 1))
    tissue = smooth > 0.1 * np.quantile(smooth, 0.99)
    for plane in tissue:
        plane[...] = ndimage.binary_fill_holes(plane)
    return np.asarray(tissue)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have ITK use one thread: sums over several come in any order, and differ in the last bits.

    The registration's own setting does not reach all of its parts.
    """
    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    try:
        yield
    finally:
        sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(before)


def _method(metric: Metric, geometry: Geometry) -> sitk.ImageRegistrationMethod:
    method = sitk.ImageRegistrationMethod()
    if metric == "correlation":
        method.SetMetricAsCorrelation()
    else:
        method.SetMetricAsMattesMutualInformation(numberOfHistogramBins=BINS)
    method.SetMetricSamplingStrategy(method.NONE)
    method.SetInterpolator(sitk.sitkLinear)
    small = min(geometry.shape) < 4 * max(shrink for shrink, _ in LEVELS)
    method.SetShrinkFactorsPerLevel([1 if small else shrink for shrink, _ in LEVELS])
    fine = min(geometry.spacing_mm)
    method.SetSmoothingSigmasPerLevel([smooth * fine for _, smooth in LEVELS])
    method.SmoothingSigmasAreSpecifiedInPhysicalUnitsOn()
    method.SetOptimizerAsRegularStepGradientDescent(
        learningRate=2 * fine, minStep=1e-3 * fine, numberOfIterations=STEPS, relaxationFactor=0.8
    )
    method.SetOptimizerScalesFromPhysicalShift()
    return method


def _rigid(fixed: Volume, moving: Volume, metric: Metric) -> sitk.Transform:
    """From the scanner's coordinates, or from centres laid on each other where that agrees better."""
    centre = _centre(fixed)
    start = sitk.Euler3DTransform()
    start.SetCenter(centre)
    centred = np.eye(4)
    centred[:3, 3] = _centre(moving) - centre
    if agreement(fixed, moving, centred).correlation > agreement(fixed, moving, np.eye(4)).correlation:
        start.SetTranslation(centred[:3, 3])
    method = _method(metric, fixed.geometry)
    method.SetInitialTransform(start, inPlace=False)
    end: sitk.Transform = method.Execute(image_of(fixed), image_of(moving))
    return end


def _affine(fixed: Volume, moving: Volume, rigid: sitk.Transform, metric: Metric) -> sitk.Transform:
    matrix = _matrix(rigid)
    start = sitk.AffineTransform(3)
    centre = np.asarray(_centre(fixed))
    start.SetCenter(centre)
    start.SetMatrix(matrix[:3, :3].ravel())
    start.SetTranslation(matrix[:3, :3] @ centre + matrix[:3, 3] - centre)
    method = _method(metric, fixed.geometry)
    # near the end already: the coarse levels are done
    method.SetShrinkFactorsPerLevel([1])
    method.SetSmoothingSigmasPerLevel([min(fixed.geometry.spacing_mm)])
    method.SetInitialTransform(start, inPlace=False)
    end: sitk.Transform = method.Execute(image_of(fixed), image_of(moving))
    return end


def _centre(volume: Volume) -> NDArray[np.float64]:
    return np.asarray(volume.geometry.to_mm(ndimage.center_of_mass(_outline(volume.data))))


def _matrix(transform: sitk.Transform) -> NDArray[np.float64]:
    """Return the 4 x 4 matrix of a linear transform, told from what it does to four points."""
    corners = np.vstack([np.zeros(3), np.eye(3)])
    moved = np.array([transform.TransformPoint(point) for point in corners.tolist()])
    matrix = np.eye(4)
    matrix[:3, :3] = (moved[1:] - moved[0]).T
    matrix[:3, 3] = moved[0]
    return matrix


def _measured(
    fixed: Volume, moving: Volume, matrix: NDArray[np.float64], kind: Kind, before: Agreement
) -> Registration:
    return Registration(matrix, kind, before, agreement(fixed, moving, matrix))


def _better(found: Registration, other: Registration, gain: float) -> Registration:
    """Keep what was found unless the other agrees better by `gain` and is a movement an animal makes."""
    likely = other.stretch <= MOST_STRETCH and other.turn_deg <= MOST_TURN_DEG
    gained = other.after.correlation > found.after.correlation + gain
    return other if likely and gained and other.after.overlap >= found.after.overlap - WAVER else found


def _check(found: Registration) -> None:
    after = found.after
    reason = ""
    if after.overlap < LEAST_OVERLAP:
        reason = f"the outlines overlap by {after.overlap:.2f} only (Dice; {LEAST_OVERLAP} is needed)"
    elif after.correlation < LEAST_CORRELATION:
        reason = f"the pictures correlate by {after.correlation:.2f} only ({LEAST_CORRELATION} is needed)"
    if reason:
        raise InputError(
            f"the baseline cannot be laid on the scan: {reason}; give --r2star0 or another baseline"
        )
