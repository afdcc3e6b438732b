"""Scans into a study: find the series and their roles, compute the maps, keep it all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import readers
from app.study.manifest import NO_SERIES, Boxes, Row, place_text, places_text
from core.errors import AppError, InputError
from core.export.tables import number, read_columns
from core.files import sha256
from core.imaging.burned_in import TextBox, find_text, without_text
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress
from core.reading.questions import Value
from core.relaxometry.calibration import same_field
from core.relaxometry.fit import R2StarMaps, fit_r2star
from core.relaxometry.mask import auto_mask
from core.study.records import IcpMs, Scan, ScanImages, Target
from core.study.store import Study
from core.study.training_set import TrainingAnswer
from readers import SeriesInfo


@dataclass(frozen=True)
class Added:
    """What became of a manifest: scans added, those known before, (scan, reason) for the rest, doubts.

    `undecided` names those of the failed that wait for a decision on text in their pixels.
    """

    added: int
    known: int
    failed: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()


class UndecidedTextError(InputError):
    """Text is likely in the pixels of a scan, and nobody has decided on it."""


class _Share:
    """A part of somebody's progress, for work that counts from 0 to 1 itself."""

    def __init__(self, whole: Progress, start: float, size: float) -> None:
        self._whole, self._start, self._size = whole, start, size

    def report(self, fraction: float, what: str) -> None:
        self._whole.report(self._start + self._size * fraction, what)

    def cancelled(self) -> bool:
        return self._whole.cancelled()


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
    undecided: list[str] = []
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
            if isinstance(error, UndecidedTextError):
                undecided.append(row.name)
    return Added(added, there, tuple(failed), tuple(doubts(named)), tuple(undecided))


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


@dataclass(frozen=True, eq=False)
class Pictures:
    """The pictures of a scan as they were read, and the series that they are of, by role."""

    echoes: EchoSeries
    field_source: str
    volumes: dict[str, Volume]
    series: dict[str, SeriesInfo]

    def shown(self) -> dict[str, NDArray[np.float32]]:
        """Return what text is looked for in, (slice, row, column) by role."""
        return {"echoes": self.echoes.magnitude[0]} | {
            role: volume.data for role, volume in self.volumes.items()
        }


def find_series(row: Row, progress: Progress) -> tuple[SeriesInfo, ...]:
    """Return the series that lie where a row says; InputError if nothing does."""
    if not row.path.exists():
        raise InputError(f"{row.path}: there is no such file or folder; correct the manifest")
    return readers.inspect([row.path], progress).series


def series_by_role(row: Row, found: Sequence[SeriesInfo]) -> dict[str, SeriesInfo]:
    """Return which series is the multi-echo one, the anatomy and the 3D gradient echo.

    The row's own choice holds; else it is the one multi-echo series there is, and of the others the spin
    echo and the 3D gradient echo with the smallest voxels, if there are any.

    Raises
    ------
    InputError
        If there is not one multi-echo series to take, or a series that was chosen is not there or not fit.
    """
    usual = {"anatomy": _finest(found, "SE", ""), "gre3d": _finest(found, "GR", "3D")}
    chosen = {"echoes": _multi_echo(row, found) if "echoes" not in row.roles else None} | usual
    for role, name in row.roles.items():
        named = next((info for info in found if info.id == name), None)
        if name != NO_SERIES and named is None:
            raise InputError(f"{row.path}: has no series {name} for {role}; choose another")
        if named is not None and named not in fit_for(role, found):
            raise InputError(f"{row.path}: series {name} does not serve for {role}; choose another")
        chosen[role] = named
    return {role: info for role, info in chosen.items() if info is not None}


def fit_for(role: str, found: Sequence[SeriesInfo]) -> list[SeriesInfo]:
    """Return the series that can have a role."""
    if role == "echoes":
        return [info for info in found if info.fit_for_r2star]
    return [info for info in found if _is_plain(info)]


def load_pictures(row: Row, progress: Progress) -> Pictures:
    """Read the pictures of a scan; AppError where they cannot be read or are not what the row says."""
    chosen = series_by_role(row, find_series(row, progress))
    series = readers.load_echoes(chosen["echoes"], progress=progress)
    series, source = _with_field(row, series)
    volumes = {
        role: readers.load_volume(info, progress=progress)
        for role, info in chosen.items()
        if role != "echoes"
    }
    return Pictures(series, source, volumes, chosen)


def _add_scan(study: Study, row: Row, progress: Progress) -> frozenset[str]:
    """Add a scan; return the hashes of the identities that its headers name."""
    study.refuse_known(Scan("", row.subject, row.group, row.visit, row.field_t))
    pictures = load_pictures(row, progress)
    series, volumes, decision = _without_text(row, pictures)
    maps = fit_r2star(series, mask=auto_mask(series), progress=progress)
    infos = pictures.series.values()
    # several series may share an archive
    files = dict.fromkeys(source for info in infos for source in readers.sources(info))
    images = _images(series, volumes, maps)
    sources = [(str(source), sha256(source)) for source in files]
    study.add_scan(
        row.subject, row.group, row.visit, images, sources, pictures.field_source, burned_in=decision
    )
    return frozenset().union(*(info.subjects for info in infos))


def _without_text(row: Row, pictures: Pictures) -> tuple[EchoSeries, dict[str, Volume], str]:
    """Let no text in the pixels through on which the coordinator has not decided.

    Returns the pictures and what was decided, in words.
    """
    series, volumes = pictures.echoes, pictures.volumes
    if row.burned_in == "none":
        return series, volumes, row.burned_in
    masked: Boxes = row.boxes or {role: tuple(find_text(data)) for role, data in pictures.shown().items()}
    if row.burned_in == "":
        if any(masked.values()):
            raise UndecidedTextError(
                f"{row.path}: text is likely in the pixels ({places_text(masked)}), so the scan is kept out; "
                "look at it and write none or mask into the manifest's column burned_in"
            )
        return series, volumes, row.burned_in
    _refuse_outside(row, masked, pictures.shown())
    echoes = np.stack([without_text(echo, masked.get("echoes", ())) for echo in series.magnitude])
    clean = {
        role: replace(volume, data=without_text(volume.data, masked.get(role, ())))
        for role, volume in volumes.items()
    }
    return replace(series, magnitude=echoes), clean, f"mask {places_text(masked)}".strip()


def _refuse_outside(row: Row, boxes: Boxes, pictures: dict[str, NDArray[np.float32]]) -> None:
    for role, each in boxes.items():
        if each and role not in pictures:
            raise InputError(f"{row.path}: there is no {role} series to mask; correct burned_in")
        for box in each:
            slices, rows, columns = pictures[role].shape
            if box.slices[-1] >= slices or box.bottom > rows or box.right > columns or not _is_box(box):
                raise InputError(f"{row.path}: {place_text(box)} is no place in {role}; correct burned_in")


def _is_box(box: TextBox) -> bool:
    return box.slices[0] >= 0 and 0 <= box.top < box.bottom and 0 <= box.left < box.right


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
        if _is_plain(info)
        and info.sequence.split("\\")[0] == sequence
        and acquisition in ("", info.acquisition)
    ]
    return min(fit, key=lambda info: (float(np.prod(info.spacing_mm)), info.id), default=None)


def _is_plain(info: SeriesInfo) -> bool:
    """Whether a series is one volume."""
    return not info.fit_for_r2star and len(info.te_ms) == 1 and info.stack is not None


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


def _number(path: Path, line: int, column: str, text: str) -> float:
    try:
        return number(text)
    except ValueError as error:
        raise InputError(f"{path} line {line}: {column} should be a number, not {text!r}") from error
