"""What a map tells of a region: R2* and its histogram, and with a calibration iron, dose and their intervals.

`map --roi` writes it into map.json; `compare` reads it from there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.commands import UsageError
from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.nifti import read_nifti
from core.relaxometry.calibration import Calibration
from core.relaxometry.fit import R2StarMaps
from core.relaxometry.histogram import Histogram, roi_histogram
from core.relaxometry.roi_iron import RegionMean, RestingRate, RoiIron, region_mean, resting_rate, roi_iron

Regions = dict[str, NDArray[np.bool_]]


def named_masks(words: Sequence[str], geometry: Geometry) -> Regions:
    """Read regions given as NAME=FILE or FILE, which is then its own name.

    Raises
    ------
    UsageError
        If a name comes twice.
    InputError
        If a mask is not on the grid or empty.
    """
    regions: Regions = {}
    for word in words:
        name, separator, file = word.partition("=")
        path = Path(file if separator else word)
        name = name.strip() if separator else path.name.split(".")[0]
        if not name or name in regions:
            raise UsageError(f"--roi {word}: give every region a name of its own, as tumour=FILE")
        regions[name] = read_mask(path, geometry)
    return regions


def read_mask(path: Path, geometry: Geometry) -> NDArray[np.bool_]:
    """Read a mask that lies on a grid; InputError where it does not or holds nothing."""
    volume = read_nifti(path)
    if not volume.geometry.same_grid(geometry, tolerance_mm=0.1):
        raise InputError(f"{path}: is not on the series' grid; draw it on this series")
    mask = np.asarray(np.nan_to_num(volume.data) != 0)
    if not mask.any():
        raise InputError(f"{path}: marks no voxel; draw the region first")
    return mask


def told(
    regions: Regions,
    maps: R2StarMaps,
    calibration: Calibration | None,
    r2star0: float | NDArray[np.float32] | None,
    density_g_per_ml: float,
) -> dict[str, Any]:
    """Return what map.json says of every region; `r2star0` is a value or the baseline's map on this grid."""
    found: dict[str, Any] = {}
    for name, mask in regions.items():
        try:
            entry: dict[str, Any] = {
                "voxels": int(np.count_nonzero(mask)),
                "volume_mm3": int(np.count_nonzero(mask)) * maps.geometry.voxel_volume_mm3,
                "r2star": asdict(region_mean(maps.r2star_per_s, mask, maps.geometry)),
                "histograms": [
                    _as_json(roi_histogram(maps, mask, quantity=q)) for q in ("r2star_per_s", "t2star_ms")
                ],
            }
            if calibration is not None and r2star0 is not None:
                resting = (
                    RestingRate(float(r2star0), visits=0, source="given")
                    if np.isscalar(r2star0)
                    else resting_rate(np.asarray(r2star0), mask, maps.geometry)
                )
                iron = roi_iron(maps, mask, calibration, resting, density_g_per_ml=density_g_per_ml)
                entry["iron"] = asdict(iron)
                entry["resting_per_s"] = asdict(resting)
        except InputError as error:
            raise InputError(f"region {name}: {error}") from error
        found[name] = entry
    return found


def lines(regions: Mapping[str, Any]) -> list[str]:
    """Tell a person."""
    said = []
    for name, entry in regions.items():
        rate = entry["r2star"]
        text = f"{name}: R2* {rate['value']:.4g} ± {_se(rate):.2g} 1/s in {entry['volume_mm3']:.4g} mm3"
        if "iron" in entry:
            iron = _iron(entry["iron"])
            low, high = iron.dose_interval_ug
            dose = f"dose {iron.dose_ug:.3g} ug (95 % {max(low, 0.0):.3g} to {high:.3g})"
            text += f"; iron {iron.statement}" + ("" if iron.below_limit else f"; {dose}")
            text += "".join(f"; {note}" for note in iron.notes)
        said.append(text)
    return said


def iron_of(folder: Path, name: str | None) -> tuple[float, str, RoiIron]:
    """Return field (T), region and its iron from a folder that `map --roi` wrote.

    Raises
    ------
    InputError
        If there is no such folder, region or iron in it.
    """
    try:
        report = json.loads((folder / "map.json").read_text(encoding="utf-8"))
        regions, field = dict(report.get("rois", {})), float(report["field_t"] or np.nan)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder}: holds no maps; name a folder that `map --roi` wrote") from error
    if name is None and len(regions) == 1:
        name = next(iter(regions))
    if name is None or name not in regions:
        known = ", ".join(regions) or "none"
        raise InputError(f"{folder}: say which region with --roi; it has {known}")
    if "iron" not in regions[name]:
        raise InputError(f"{folder}: the region {name} has no iron; run map with --calibration")
    return field, name, _iron(regions[name]["iron"])


def _iron(stored: Mapping[str, Any]) -> RoiIron:
    rate = RegionMean(**_known(stored["r2star"]))
    return RoiIron(**{**_known(stored), "r2star": rate})


def _known(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers as they were: JSON has no infinity, which degrees of freedom may be, and no NaN."""
    lost = {key: np.inf if key == "freedom" else np.nan for key, value in stored.items() if value is None}
    lists = {key: tuple(value) for key, value in stored.items() if isinstance(value, list)}
    return {**stored, **lists, **lost}


def _se(rate: Mapping[str, Any]) -> float:
    return float(np.hypot(rate["noise_se"], rate["sampling_se"]))


def _as_json(histogram: Histogram) -> dict[str, Any]:
    plain = {key: value for key, value in vars(histogram).items() if not isinstance(value, np.ndarray)}
    return plain | {"edges": histogram.edges.tolist(), "counts": histogram.counts.tolist()}
