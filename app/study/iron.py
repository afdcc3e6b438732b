"""Iron maps of a study: R2*_0 from each subject's baseline, the calibration of each field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.progress import Progress
from core.relaxometry.calibration import Calibration, same_field
from core.relaxometry.fit import R2StarMaps
from core.relaxometry.iron import IRON_MOLAR_MASS, TISSUE_DENSITY, iron_map
from core.relaxometry.noise import NoiseEstimate
from core.study.records import Scan, ScanImages, Target
from core.study.store import Study

# of a tumour's radius: where R2*_0 is taken
_INNER_SHARE = 0.7
_LEAST_VOXELS = 12


def add_iron(
    study: Study, *, baseline: str, r2star0_per_s: float | None, progress: Progress
) -> tuple[int, tuple[str, ...]]:
    """Compute iron maps of every scan whose field has a calibration, and anew where R2*_0 or it changed.

    R2*_0 is one value per subject and field, the same at all of its visits: `r2star0_per_s` if given, else
    the median R2* of the subject's tumour in its baseline scan, or of all its tissue where the reference
    standard has no tumour. A voxelwise baseline would make the maps of a baseline visit look unlike those
    of later visits and tell a rater which is which (docs/adr/0006).

    Returns
    -------
    int, tuple of str
        How many maps were made, and the scans left without, each with the reason.
    """
    calibrations = study.calibrations()
    without: list[str] = []
    made = 0
    scans = study.scans()
    for index, scan in enumerate(scans):
        if progress.cancelled():
            raise InputError(f"stopped; {made} iron maps were made, run the command again for the rest")
        progress.report(index / len(scans), "iron maps")
        calibration = next((c for c in calibrations if same_field(c.field_t, scan.field_t)), None)
        name = f"{scan.subject}, {scan.visit}, {scan.field_t:g} T"
        if calibration is None:
            without.append(f"{name}: no calibration for {scan.field_t:g} T")
            continue
        images = study.images(scan.scan_id)
        try:
            start = _start(study, scans, scan, baseline, r2star0_per_s)
            if images.iron_ug_per_g is not None and not _stale(images, start, calibration):
                continue
            if images.iron_ug_per_g is not None and study.kits():
                raise InputError("its map stays as raters have it: kits are dealt already")
            _set_iron(study, scan, images, calibration, start)
            made += 1
        except InputError as error:
            without.append(f"{name}: {error}")
    return made, tuple(without)


@dataclass(frozen=True)
class _Start:
    """R2*_0 with its standard error, 1/s, and where it comes from."""

    value_per_s: float
    se_per_s: float
    source: str


def _start(study: Study, scans: Sequence[Scan], scan: Scan, baseline: str, given: float | None) -> _Start:
    if given is not None:
        return _Start(given, 0.0, "given")
    before = next((other for other in scans if _is_baseline_of(other, scan, baseline)), None)
    if before is None:
        raise InputError(f"no {baseline!r} scan at this field; give --r2star0")
    volume = study.images(before.scan_id).r2star_per_s
    if volume is None:
        raise InputError("the baseline has no R2* map; add it again")
    tumour = np.zeros(volume.data.shape, dtype=bool)
    for target in study.targets():
        if target.subject == scan.subject and target.kind == "tumour":
            tumour |= _ball(volume.geometry, target)
    inside = volume.data[tumour & np.isfinite(volume.data)]
    source = "tumour at baseline"
    if inside.size < _LEAST_VOXELS:
        inside = volume.data[np.isfinite(volume.data)]
        source = "tissue at baseline"
    if inside.size < _LEAST_VOXELS:
        raise InputError("the baseline's R2* map has hardly a value; check the scan, or give --r2star0")
    # standard error of a median of nearly normal values
    se = 1.2533 * float(np.std(inside)) / np.sqrt(inside.size)
    return _Start(float(np.median(inside)), float(se), source)


def _slope(calibration: Calibration) -> float:
    """Iron in ug/g per 1/s of R2*."""
    return IRON_MOLAR_MASS / (TISSUE_DENSITY * calibration.relaxivity.value)


def _stale(images: ScanImages, start: _Start, calibration: Calibration) -> bool:
    """Whether an iron map was made with another R2*_0 or calibration than would be used now."""
    facts = images.facts
    return (facts.get("r2star0_per_s"), facts.get("iron_ug_per_g_per_r2star")) != (
        start.value_per_s,
        _slope(calibration),
    )


def _is_baseline_of(other: Scan, scan: Scan, visit: str) -> bool:
    same_visit = other.visit.casefold() == visit.casefold()
    return other.subject == scan.subject and same_visit and same_field(other.field_t, scan.field_t)


def _ball(grid: Geometry, target: Target) -> NDArray[np.bool_]:
    """The inner part of a target, taken as a ball; its rim may hold other tissue."""
    if target.centre_mm is None or not target.diameter_mm:
        return np.zeros(grid.shape, dtype=bool)
    places = grid.to_mm(np.moveaxis(np.indices(grid.shape), 0, -1))
    radius = _INNER_SHARE * target.diameter_mm / 2
    inside: NDArray[np.bool_] = np.linalg.norm(places - target.centre_mm, axis=-1) <= radius
    return inside


def _set_iron(study: Study, scan: Scan, images: ScanImages, calibration: Calibration, start: _Start) -> None:
    grid = images.echoes.geometry
    iron = iron_map(
        _maps(images), calibration, r2star0_per_s=start.value_per_s, r2star0_se_per_s=start.se_per_s
    )
    facts: dict[str, object] = {
        "r2star0": start.source,
        "r2star0_per_s": start.value_per_s,
        "r2star0_se_per_s": start.se_per_s,
        "iron_ug_per_g_per_r2star": _slope(calibration),
        "calibration_field_t": calibration.field_t,
        "density_g_per_ml": TISSUE_DENSITY,
    }
    study.set_iron(scan.scan_id, Volume(iron.iron_ug_per_g, grid), Volume(iron.se_ug_per_g, grid), facts)


def _maps(images: ScanImages) -> R2StarMaps:
    """Put the stored maps together again, as far as iron needs them."""
    grid = images.echoes.geometry
    missing = np.full(grid.shape, np.nan, np.float32)
    r2star, se, flags = images.r2star_per_s, images.r2star_se_per_s, images.flags
    if r2star is None or se is None or flags is None:
        raise InputError("the scan has no R2* map; add it again")
    noise = NoiseEstimate(images.sigma, "given", 0)
    return R2StarMaps(
        r2star.data, se.data, missing, missing, flags.data, grid, images.fit_method, noise,
        images.echoes.te_ms, images.echoes.field_t,
    )  # fmt: skip
