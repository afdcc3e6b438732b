"""Scans into a study: find the series and their roles, compute the maps, keep it all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import readers
from core.errors import AppError, InputError
from core.export.tables import number, read_columns
from core.files import sha256
from core.imaging.burned_in import TextBox, find_text, without_text
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress
from core.reading.questions import Value
from core.relaxometry.calibration import Calibration, same_field
from core.relaxometry.fit import R2StarMaps, fit_r2star
from core.relaxometry.iron import IRON_MOLAR_MASS, TISSUE_DENSITY, iron_map
from core.relaxometry.mask import auto_mask
from core.relaxometry.noise import NoiseEstimate
from core.study.records import IcpMs, Scan, ScanImages, Target
from core.study.store import Study
from core.study.training_set import TrainingAnswer
from readers import SeriesInfo

# of a tumour's radius: where R2*_0 is taken
_INNER_SHARE = 0.7
_LEAST_VOXELS = 12
# what a coordinator may say of text in the pixels; see Row
BURNED_IN = ("", "none", "mask")


@dataclass(frozen=True)
class Row:
    """One line of a manifest: a folder of images, and whose scan it is.

    `burned_in` is what the coordinator decided on text in the pixels: "" nothing yet, "none" that there is
    none, "mask" that it be masked.
    """

    path: Path
    subject: str
    group: str
    visit: str
    field_t: float
    burned_in: str = ""

    @property
    def name(self) -> str:
        return f"{self.subject}, {self.visit}, {self.field_t:g} T"


@dataclass(frozen=True)
class Added:
    """What became of a manifest: scans added, those known before, (scan, reason) for the rest, doubts."""

    added: int
    known: int
    failed: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...] = ()


class _Share:
    """A part of somebody's progress, for work that counts from 0 to 1 itself."""

    def __init__(self, whole: Progress, start: float, size: float) -> None:
        self._whole, self._start, self._size = whole, start, size

    def report(self, fraction: float, what: str) -> None:
        self._whole.report(self._start + self._size * fraction, what)

    def cancelled(self) -> bool:
        return self._whole.cancelled()


def read_manifest(path: Path) -> list[Row]:
    """Read a manifest; paths in it are relative to its own folder. InputError names line and fault."""
    columns = read_columns(path, ("path", "subject", "group", "visit", "field_t"), ("burned_in",))
    decided = columns.pop("burned_in", [""] * len(columns["path"]))
    rows: list[Row] = []
    for line, cells in enumerate(zip(*columns.values(), decided, strict=True), start=2):
        place, subject, group, visit, field, burned_in = cells
        if not (place and subject and group and visit):
            raise InputError(f"{path} line {line}: path, subject, group and visit must all be filled in")
        if burned_in not in BURNED_IN:
            raise InputError(f"{path} line {line}: burned_in must be none, mask or empty, not {burned_in!r}")
        field_t = _number(path, line, "field_t", field)
        row = Row(path.parent / place, subject, group, visit, field_t, burned_in)
        if row.field_t <= 0:
            raise InputError(f"{path} line {line}: field_t must be positive, in tesla, not {field}")
        if any((row.subject, row.visit, row.field_t) == (r.subject, r.visit, r.field_t) for r in rows):
            raise InputError(f"{path} line {line}: {row.name} stands twice; one scan per visit and field")
        rows.append(row)
    if not rows:
        raise InputError(f"{path}: holds no scan; give one line per scan")
    return rows


def read_reference(path: Path) -> list[Target]:
    """Read targets of the reference standard; an empty cell is not known. InputError names the line."""
    names = ("malignant", "diameter_mm", "centre_x_mm", "centre_y_mm", "centre_z_mm")
    columns = read_columns(path, ("subject", "target", "kind", *names))
    targets: list[Target] = []
    for line, (subject, target, kind, *cells) in enumerate(zip(*columns.values(), strict=True), start=2):
        malignant, diameter, x, y, z = (
            _number(path, line, name, cell) if cell else None for name, cell in zip(names, cells, strict=True)
        )
        if malignant not in (None, 0.0, 1.0):
            raise InputError(f"{path} line {line}: malignant must be 1, 0 or empty")
        if kind not in ("tumour", "lesion", "node"):
            raise InputError(f"{path} line {line}: kind must be tumour, lesion or node, not {kind!r}")
        if diameter is not None and not diameter > 0:
            raise InputError(f"{path} line {line}: diameter_mm must be positive, not {diameter:g}")
        if any((subject, target) == (other.subject, other.target) for other in targets):
            raise InputError(f"{path} line {line}: target {target} of {subject} stands twice")
        centre = None if x is None or y is None or z is None else (x, y, z)
        known = None if malignant is None else bool(malignant)
        targets.append(Target(subject, target, kind, known, diameter, centre))
    return targets


def read_icpms(path: Path) -> list[IcpMs]:
    """Read ICP-MS results. InputError names the line."""
    columns = read_columns(path, ("subject", "visit", "iron_ug_per_g"))
    values: list[IcpMs] = []
    for line, (subject, visit, cell) in enumerate(zip(*columns.values(), strict=True), start=2):
        iron = _number(path, line, "iron_ug_per_g", cell)
        if iron < 0:
            raise InputError(f"{path} line {line}: iron_ug_per_g cannot be negative, {iron:g} is")
        if any((subject, visit) == (other.subject, other.visit) for other in values):
            raise InputError(f"{path} line {line}: {subject}, {visit} stands twice")
        values.append(IcpMs(subject, visit, iron))
    return values


def read_training(path: Path) -> list[TrainingAnswer]:
    """Read what is expected of training cases. InputError names the line."""
    columns = read_columns(path, ("subject", "question", "value"), ("visit", "target", "tolerance", "text"))
    answers: list[TrainingAnswer] = []
    for place, line in enumerate(range(2, 2 + len(columns["subject"]))):
        cells = {name: column[place] for name, column in columns.items()}
        tolerance = cells.pop("tolerance", "")
        value = _value(cells.pop("value"))
        if value == "":
            raise InputError(f"{path} line {line}: value is empty; say what is expected")
        within = _number(path, line, "tolerance", tolerance) if tolerance else 0.0
        answers.append(TrainingAnswer(**cells, value=value, tolerance=within))
    return answers


def _value(cell: str) -> Value:
    """Return a cell as a whole number, a number or text, whichever it is first."""
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            continue
    return cell


def add_scans(study: Study, rows: Sequence[Row], progress: Progress) -> Added:
    """Add every scan of a manifest; one that fails is told and the others go on.

    A scan that is in the study already is left as it is, so that a corrected manifest can be run again.
    """
    known = {(scan.subject, scan.visit, scan.field_t) for scan in study.scans()}
    added, there = 0, 0
    failed: list[tuple[str, str]] = []
    named: list[tuple[Row, frozenset[str]]] = []
    for index, row in enumerate(rows):
        if progress.cancelled():
            raise InputError(f"stopped; {added} scans were added, run the command again for the rest")
        if (row.subject, row.visit, row.field_t) in known:
            there += 1
            continue
        share = _Share(progress, index / len(rows), 1 / len(rows))
        try:
            named.append((row, _add_scan(study, row, share)))
            added += 1
        except AppError as error:
            failed.append((row.name, str(error)))
    return Added(added, there, tuple(failed), tuple(doubts(named)))


def doubts(named: Sequence[tuple[Row, frozenset[str]]]) -> list[str]:
    """Say where the subjects of a manifest are not those that the scans' headers name.

    Parameters
    ----------
    named : sequence of (Row, frozenset of str)
        Each scan with the hashes of the identities in its headers; there may be none.

    Returns
    -------
    list of str
        One line per subject whose scans name several, and per identity that several subjects have.
    """
    of_subject: dict[str, set[str]] = defaultdict(set)
    of_identity: dict[str, set[str]] = defaultdict(set)
    scans: dict[str, list[str]] = defaultdict(list)
    for row, identities in named:
        scans[row.subject].append(f"{row.visit}, {row.field_t:g} T")
        of_subject[row.subject] |= identities
        for identity in identities:
            of_identity[identity].add(row.subject)
    told = [
        f"the headers of {subject}'s scans name {len(identities)} different subjects "
        f"({'; '.join(scans[subject])}): is a scan of another among them?"
        for subject, identities in of_subject.items()
        if len(identities) > 1
    ]
    shared = {tuple(sorted(subjects)) for subjects in of_identity.values() if len(subjects) > 1}
    return told + [
        f"the headers of {', '.join(subjects)} name one and the same subject: check the manifest's paths"
        for subjects in sorted(shared)
    ]


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


def _add_scan(study: Study, row: Row, progress: Progress) -> frozenset[str]:
    """Add a scan; return the hashes of the identities that its headers name."""
    if not row.path.exists():
        raise InputError(f"{row.path}: there is no such file or folder; correct the manifest")
    study.refuse_known(Scan("", row.subject, row.group, row.visit, row.field_t))
    found = readers.inspect([row.path], progress).series
    echoes_info = _multi_echo(row, found)
    series = readers.load_echoes(echoes_info, progress=progress)
    series, field_source = _with_field(row, series)
    chosen = {"anatomy": _finest(found, "SE", ""), "gre3d": _finest(found, "GR", "3D")}
    volumes = {role: readers.load_volume(info, progress=progress) for role, info in chosen.items() if info}
    series, volumes = _without_text(row, series, volumes)
    maps = fit_r2star(series, mask=auto_mask(series), progress=progress)
    infos = [echoes_info, *(info for info in chosen.values() if info)]
    # several series may share an archive
    files = dict.fromkeys(source for info in infos for source in readers.sources(info))
    images = _images(series, volumes, maps)
    sources = [(str(source), sha256(source)) for source in files]
    study.add_scan(row.subject, row.group, row.visit, images, sources, field_source)
    return frozenset().union(*(info.subjects for info in infos))


def _without_text(
    row: Row, series: EchoSeries, volumes: dict[str, Volume]
) -> tuple[EchoSeries, dict[str, Volume]]:
    """Let no text in the pixels through on which the coordinator has not decided."""
    pictures = {"echoes": series.magnitude[0]} | {role: volume.data for role, volume in volumes.items()}
    found = {role: find_text(data) for role, data in pictures.items()}
    if row.burned_in == "" and any(found.values()):
        places = "; ".join(f"{role}: {_place(box)}" for role, boxes in found.items() for box in boxes)
        raise InputError(
            f"{row.path}: text is likely in the pixels ({places}), so the scan is kept out; look at it and "
            "write none or mask into the manifest's column burned_in"
        )
    if row.burned_in != "mask":
        return series, volumes
    echoes = np.stack([without_text(echo, found["echoes"]) for echo in series.magnitude])
    clean = {
        role: replace(volume, data=without_text(volume.data, found[role])) for role, volume in volumes.items()
    }
    return replace(series, magnitude=echoes), clean


def _place(box: TextBox) -> str:
    first, last = box.slices[0] + 1, box.slices[-1] + 1
    slices = f"slice {first}" if first == last else f"slices {first} to {last}"
    return f"{slices}, rows {box.top + 1} to {box.bottom}, columns {box.left + 1} to {box.right}"


def _images(series: EchoSeries, volumes: dict[str, Volume], maps: R2StarMaps) -> ScanImages:
    grid = series.geometry
    return ScanImages(
        echoes=series,
        anatomy=volumes.get("anatomy"),
        gre3d=volumes.get("gre3d"),
        r2star_per_s=Volume(maps.r2star_per_s, grid),
        r2star_se_per_s=Volume(maps.se_per_s, grid),
        flags=Volume(maps.flags, grid),
        sigma=maps.sigma,
        fit_method=maps.method,
        facts={"sigma_method": maps.noise.method},
    )


def _multi_echo(row: Row, found: Sequence[SeriesInfo]) -> SeriesInfo:
    fit = [info for info in found if info.fit_for_r2star]
    if len(fit) == 1:
        return fit[0]
    if fit:
        names = ", ".join(info.id for info in fit)
        raise InputError(f"{row.path}: {len(fit)} multi-echo series ({names}); leave one in the folder")
    reasons = "; ".join(dict.fromkeys(problem for info in found for problem in info.problems))
    raise InputError(f"{row.path}: no multi-echo series fit for R2*{f' ({reasons})' if reasons else ''}")


def _finest(found: Sequence[SeriesInfo], sequence: str, acquisition: str) -> SeriesInfo | None:
    """The single-echo series of a kind with the smallest voxels; "" takes any acquisition."""
    fit = [
        info
        for info in found
        if not info.fit_for_r2star
        and len(info.te_ms) == 1
        and info.stack is not None
        and info.sequence.split("\\")[0] == sequence
        and acquisition in ("", info.acquisition)
    ]
    return min(fit, key=lambda info: (float(np.prod(info.spacing_mm)), info.id), default=None)


def _with_field(row: Row, series: EchoSeries) -> tuple[EchoSeries, str]:
    """Take the manifest's field, which the header may confirm but not contradict."""
    if series.field_t is None:
        return replace(series, field_t=row.field_t, field_source="user"), "user"
    if not same_field(series.field_t, row.field_t):
        raise InputError(
            f"{row.path}: was scanned at {series.field_t:g} T, the manifest says {row.field_t:g} T; "
            "correct the manifest"
        )
    return replace(series, field_t=row.field_t), series.field_source


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


def _number(path: Path, line: int, column: str, text: str) -> float:
    try:
        return number(text)
    except ValueError as error:
        raise InputError(f"{path} line {line}: {column} should be a number, not {text!r}") from error
