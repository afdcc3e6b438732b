"""The maps of one scan as `ferroread map` makes them: fit, iron, regions, and the folder they fill."""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.cli import finite
from app.commands import UsageError
from app.regions import lines as region_lines
from app.regions import named_masks, read_mask, told
from app.scans import Scan, load_scan
from core.errors import InputError
from core.files import sha256, whole_folder
from core.imaging.nifti import write_nifti
from core.imaging.registration import Registration, checkerboard, register
from core.imaging.resampling import resample
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress
from core.relaxometry.added import added_methods, fit_added
from core.relaxometry.calibration import Calibration
from core.relaxometry.field_gradient import FIELD_GRADIENT_STRONG, field_gradient, fit_with_gradient
from core.relaxometry.fit import Flag, R2StarMaps, fit_r2star
from core.relaxometry.iron import IronMaps, iron_map
from core.relaxometry.mask import auto_mask
from core.relaxometry.noise import NoiseEstimate, estimate_sigma
from core.version import program_version

REPORT = "map.json"


def make_maps(
    args: argparse.Namespace,
    scan: Scan,
    calibration: Calibration | None,
    progress: Progress,
    started: float,
) -> Made:
    """Fit a scan as the arguments of the command say; `started` is what `time.perf_counter` said at first."""
    if calibration is not None:
        calibration.check_field(scan.series.field_t)
    noise = _noise(args.noise, scan.series, args.coils)
    mask = _mask(args.mask, scan.series, noise)
    regions = named_masks(args.roi, scan.series.geometry)
    maps = _fit(scan.series, noise, mask, args, progress)
    inputs = dict(scan.inputs)
    iron = None
    r2star0 = None
    warnings: list[str] = []
    laid: _Laid | None = None
    if calibration is not None:
        r2star0, r2star0_se = args.r2star0, 0.0
        if args.baseline is not None:
            before = load_scan(args.baseline, None, args.field, progress)
            inputs |= before.inputs
            if scan.subjects and before.subjects and scan.subjects != before.subjects:
                warnings.append("the headers of scan and baseline name different subjects")
            laid = _baseline(before.series, scan.series, maps, args, progress)
            r2star0, r2star0_se = laid.r2star_per_s, laid.se_per_s
        iron = iron_map(
            maps,
            calibration,
            r2star0_per_s=r2star0,
            r2star0_se_per_s=r2star0_se,
            density_g_per_ml=args.density,
        )
        inputs[args.calibration.name] = sha256(args.calibration)
        warnings += calibration.warnings(maps.te_ms, args.agent)
    report = _report(args, maps, calibration, iron, inputs) | {"warnings": warnings}
    sources = [scan.plug_in, *(each.source for each in added_methods().values() if each.name == args.method)]
    if any(sources):
        report["plug_ins"] = list(dict.fromkeys(filter(None, sources)))
    if regions:
        report["rois"] = told(regions, maps, calibration, r2star0, args.density)
    if laid is not None:
        report["registration"] = laid.found.as_json()
    report["seconds"] = round(time.perf_counter() - started, 3)
    return Made(args, maps, iron, laid, report)


@dataclass(frozen=True, eq=False)
class Made:
    """The maps of a scan, and what map.json says of them."""

    args: argparse.Namespace
    maps: R2StarMaps
    iron: IronMaps | None
    laid: _Laid | None
    report: dict[str, Any]

    def write(self, out: Path, *, force: bool) -> None:
        """Write maps and map.json into the folder `out`; whole or not at all.

        As a BIDS derivative, where that was asked for, they are added to the data set `out`, file by file.
        """
        self.report["command"] = command(self.args, out)
        if self.args.bids is not None:
            from app.bids import write_derivative

            maps = _volumes(self.maps, self.iron, self.laid)
            write_derivative(out, self.args.bids, maps, self.report, force=force)
        else:
            with whole_folder(out, force=force) as draft:
                self.fill(draft)

    def fill(self, folder: Path) -> None:
        """Write maps and map.json, as it stands, into a folder that is there."""
        for name, volume in _volumes(self.maps, self.iron, self.laid).items():
            write_nifti(folder / f"{name}.nii.gz", volume)
        text = json.dumps(finite(self.report), indent=2, ensure_ascii=False)
        (folder / REPORT).write_text(text + "\n", encoding="utf-8")

    def lines(self) -> list[str]:
        """Tell a person what came out."""
        return _lines(self.report)


def _noise(wanted: str, series: EchoSeries, coils: int) -> NoiseEstimate:
    if wanted == "auto":
        return estimate_sigma(series, coils=coils)
    try:
        sigma = float(wanted)
    except ValueError as error:
        raise UsageError(f"--noise must be auto or a number, not {wanted!r}") from error
    if not 0 <= sigma < math.inf:
        raise UsageError(f"--noise must be 0 or more, in units of the signal, not {wanted}")
    return NoiseEstimate(sigma, "given", 0, coils)


def _mask(wanted: str, series: EchoSeries, noise: NoiseEstimate) -> NDArray[np.bool_] | None:
    if wanted == "none":
        return None
    if wanted == "auto":
        return auto_mask(series, noise)
    return read_mask(Path(wanted), series.geometry)


def _fit(
    series: EchoSeries,
    noise: NoiseEstimate | None,
    mask: NDArray[np.bool_] | None,
    args: argparse.Namespace,
    progress: Progress,
) -> R2StarMaps:
    if args.method in added_methods():
        progress.report(0.0, "fitting R2*")
        given = estimate_sigma(series, coils=args.coils) if noise is None else noise
        return fit_added(added_methods()[args.method], series, given, mask)
    if not args.correct_gradient:
        return fit_r2star(
            series,
            method=args.method,
            sigma=noise,
            mask=mask,
            coils=args.coils,
            truncate=args.truncate,
            progress=progress,
        )
    gradient = field_gradient(series, slice_thickness_mm=args.slice_thickness, sigma=noise, mask=mask)
    return fit_with_gradient(series, gradient, sigma=noise, mask=mask, progress=progress)


@dataclass(frozen=True, eq=False)
class _Laid:
    """A baseline on the scan's grid: R2* and its error, how it was laid there, and pictures to check it."""

    r2star_per_s: NDArray[np.float32]
    se_per_s: NDArray[np.float32]
    found: Registration
    check_before: Volume
    check: Volume


def _baseline(
    series: EchoSeries,
    scan: EchoSeries,
    maps: R2StarMaps,
    args: argparse.Namespace,
    progress: Progress,
) -> _Laid:
    """R2* of the scan before the agent and its error, registered to this scan and on its grid."""
    if series.field_t is not None and maps.field_t is not None and series.field_t != maps.field_t:
        raise InputError(
            f"{args.baseline}: the baseline was scanned at {series.field_t:g} T, "
            f"this scan at {maps.field_t:g} T; name a baseline of the same field"
        )
    progress.report(0.0, "laying the baseline on the scan")
    here, there = (Volume(echoes.magnitude[0], echoes.geometry) for echoes in (scan, series))
    # the same scan, or pictures of one slice, have nothing to be moved by
    flat = min(here.geometry.shape[0], there.geometry.shape[0]) < 2
    found = register(here, there, kind="none" if flat else args.registration)
    mask = auto_mask(series) if args.mask != "none" else None
    before = _fit(series, None, mask, args, progress)
    values, errors = (
        resample(Volume(data, before.geometry), maps.geometry, found.transform_mm).data
        for data in (before.r2star_per_s, before.se_per_s)
    )
    return _Laid(
        values, errors, found, checkerboard(here, there), checkerboard(here, there, found.transform_mm)
    )


def _report(
    args: argparse.Namespace,
    maps: R2StarMaps,
    calibration: Calibration | None,
    iron: IronMaps | None,
    inputs: Mapping[str, str],
) -> dict[str, Any]:
    report: dict[str, Any] = {
        "version": program_version(),
        "command": command(args, args.out),
        "inputs": dict(inputs),
        "te_ms": list(maps.te_ms),
        "field_t": maps.field_t,
        "method": maps.method,
        "sigma": maps.sigma,
        "sigma_method": maps.noise.method,
        "coils": args.coils,
        "truncate": args.truncate,
        "shape": list(maps.geometry.shape),
        "flags": _flag_counts(maps),
        "r2star_per_s": quartiles(maps.r2star_per_s),
        "calibration": None if calibration is None else calibration.as_json(),
    }
    if calibration is not None and iron is not None:
        report["density_g_per_ml"] = args.density
        report["r2star0"] = "baseline" if args.baseline is not None else args.r2star0
        report["iron_ug_per_g"] = quartiles(iron.iron_ug_per_g)
        report["below_detection_limit"] = int(np.count_nonzero(iron.below_limit))
    return report


def _flag_counts(maps: R2StarMaps) -> dict[str, int]:
    counts = {flag.name.lower(): int(np.count_nonzero(maps.flags & flag)) for flag in Flag if flag.name}
    return counts | {"field_gradient_strong": int(np.count_nonzero(maps.flags & FIELD_GRADIENT_STRONG))}


def command(args: argparse.Namespace, out: Path) -> list[str]:
    """The command line as words, so that the map can be made again."""
    words = ["map", str(args.path), "--out", str(out), "--method", args.method]
    words += ["--noise", args.noise, "--mask", args.mask, "--coils", str(args.coils)]
    words += ["--truncate"] if args.truncate else []
    words += [word for roi in args.roi for word in ("--roi", roi)]
    for name in ("series", "calibration", "baseline", "r2star0", "field", "slice_thickness"):
        value = getattr(args, name)
        if value is not None:
            words += [f"--{name.replace('_', '-')}", str(value)]
    words += ["--part", args.part] if args.part is not None else []
    words += ["--bids", args.bids] if args.bids is not None else []
    if args.te is not None:
        words += ["--te", ",".join(f"{te:g}" for te in args.te)]
    if args.baseline is not None:
        words += ["--registration", args.registration]
    if args.correct_gradient:
        words.append("--correct-gradient")
    if args.agent:
        words += ["--agent", args.agent]
    return words + (["--density", str(args.density)] if args.calibration is not None else [])


def quartiles(values: NDArray[np.float32]) -> dict[str, float | int | None]:
    """Median and quartiles of the finite values and their count."""
    finite = values[np.isfinite(values)]
    if not finite.size:
        return {"voxels": 0, "median": None, "q25": None, "q75": None}
    low, middle, high = np.quantile(finite.astype(np.float64), [0.25, 0.5, 0.75])
    return {"voxels": int(finite.size), "median": float(middle), "q25": float(low), "q75": float(high)}


def _volumes(maps: R2StarMaps, iron: IronMaps | None, laid: _Laid | None) -> dict[str, Volume]:
    """Return what is written, by the names of the files."""
    pictures: dict[str, NDArray[Any]] = {
        "r2star_per_s": maps.r2star_per_s,
        "r2star_se_per_s": maps.se_per_s,
        "s0": maps.s0,
        "residual": maps.residual,
        "flags": maps.flags,
    }
    if maps.echoes_used is not None:
        pictures["echoes_used"] = maps.echoes_used
    if maps.frequency_hz is not None:
        pictures["off_resonance_hz"] = maps.frequency_hz
    if iron is not None:
        pictures["iron_ug_per_g"] = iron.iron_ug_per_g
        pictures["iron_mmol_per_l"] = iron.iron_mmol_per_l
        pictures["iron_se_ug_per_g"] = iron.se_ug_per_g
    volumes = {name: Volume(data, maps.geometry) for name, data in pictures.items()}
    if laid is not None:
        volumes |= {"registration_check_before": laid.check_before, "registration_check": laid.check}
    return volumes


def _lines(report: Mapping[str, Any]) -> list[str]:
    lines = [
        f"{report['method']} on {len(report['te_ms'])} echoes, {report['te_ms'][0]:g} to "
        f"{report['te_ms'][-1]:g} ms; noise {report['sigma']:.3g} ({report['sigma_method']})",
        _summary("R2*", report["r2star_per_s"], "1/s"),
    ]
    if "iron_ug_per_g" in report:
        lines.append(_summary("iron", report["iron_ug_per_g"], "ug/g"))
        lines.append(f"below the limit of detection: {report['below_detection_limit']} voxels")
    if "registration" in report:
        laid = report["registration"]
        moved = "left as scanned" if laid["kind"] == "none" else f"moved ({laid['kind']})"
        lines.append(
            f"baseline {moved}: outlines overlap {laid['overlap']:.3f} (was {laid['overlap_before']:.3f}), "
            f"pictures correlate {laid['correlation']:.3f} (was {laid['correlation_before']:.3f}); "
            "look at registration_check.nii.gz"
        )
    lines += region_lines(report.get("rois", {}))
    lines += [f"mind: {warning}" for warning in report["warnings"]]
    counts = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in report["flags"].items())
    return [*lines, f"flags: {counts}"]


def _summary(name: str, numbers: Mapping[str, Any], unit: str) -> str:
    if not numbers["voxels"]:
        return f"{name}: no voxel has a value"
    return (
        f"{name}: median {numbers['median']:.4g} {unit} (quartiles {numbers['q25']:.4g} to "
        f"{numbers['q75']:.4g}) in {numbers['voxels']} voxels"
    )
