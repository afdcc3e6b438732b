"""Writing the digital study as scanners would, with its truth beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.export.dicom import (
    Device,
    Examination,
    Identity,
    MrSeries,
    write_classic,
    write_enhanced,
)
from core.export.tables import write_csv
from core.files import whole_folder
from core.imaging.geometry import Geometry
from core.imaging.nifti import write_nifti
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress, Silent
from core.relaxometry.simulate import (
    SCANNERS,
    VISITS,
    SimulatedScan,
    StudyPlan,
    SubjectPlan,
    Truth,
    phantom,
    read_vials,
    scan,
)
from core.relaxometry.simulate.phantom import VIAL_RADIUS_MM
from core.relaxometry.simulate.physics import field_index
from core.relaxometry.simulate.plan import IDENTITY
from core.relaxometry.simulate.scanner import Sequence as PulseSequence

AGENT = "ferumoxytol-like SPIO (simulated)"
MANUFACTURER = "FerroRead Simulator"
VISIT_DELAY = {"baseline": timedelta(0), "1 h": timedelta(hours=1), "24 h": timedelta(hours=24)}
CLASSIC_FIELD_T = 3.0
"""At this field files are classic single-frame, at others Enhanced multi-frame."""

_VIAL_COLUMNS = (
    "field_t", "vial", "iron_mmol_per_l", "radius_mm", "centre_x_mm", "centre_y_mm", "centre_z_mm",
)  # fmt: skip

# fake identities: so that de-identification has something to remove
_FAMILY = ("Okafor", "Lindqvist", "Marchetti", "Yamauchi", "Dvořák", "Pereira", "Haugen", "Bose", "Núñez")
_GIVEN = ("Juniper", "Basil", "Clover", "Hazel", "Sorrel", "Tansy", "Rowan", "Bramble", "Poppy", "Linden")
_INSTITUTION = "Invented Institute of Animal Imaging"
_PHYSICIANS = ("Kowalski^Ada", "Achterberg^Pim", "Osei^Efua")
_OPERATORS = ("Ferrari^Lia", "Nakagawa^Ren")


@dataclass(frozen=True)
class Written:
    """What a written study holds: scans, DICOM files, their bytes."""

    scans: int
    files: int
    bytes: int


def write_study(
    plan: StudyPlan, out: Path, *, force: bool = False, progress: Progress | None = None
) -> Written:
    """Write a digital study: DICOM, tables, truth and phantoms as contract.md lists them under `simulate`.

    The folder appears whole or not at all, and the same plan gives the same bytes.

    Raises
    ------
    InputError
        If `out` exists and `force` may not replace it, it cannot be written, or the work was cancelled.
    """
    progress = progress or Silent()
    steps = [
        (subject, visit, field_t)
        for subject in plan.subjects
        for visit in VISITS
        for field_t in plan.fields_t
    ]
    total = len(steps) + len(plan.fields_t)
    vials: list[dict[str, object]] = []
    with whole_folder(out, force=force) as draft:
        for k, field_t in enumerate(plan.fields_t):
            _step(progress, k / total, f"phantom at {field_t:g} T")
            vials += _write_phantom(draft, plan, field_t)
        for k, (subject, visit, field_t) in enumerate(steps):
            _step(progress, (k + len(plan.fields_t)) / total, f"scan {k + 1} of {len(steps)}")
            _write_scan(draft, plan, subject, visit, field_t)
        _write_tables(draft, plan)
        write_csv(draft / "vials.csv", _VIAL_COLUMNS, vials)
        files = list(draft.rglob("*.dcm"))
        written = Written(len(steps), len(files), sum(path.stat().st_size for path in files))
    progress.report(1.0, "written")
    return written


def scan_folder(subject: str, visit: str, field_t: float) -> Path:
    """Return where a scan lies, relative to the study's dicom/ and truth/ folders."""
    return Path(subject) / visit.replace(" ", "") / f"{field_t:g}T"


def _step(progress: Progress, fraction: float, what: str) -> None:
    if progress.cancelled():
        raise InputError("the simulation was stopped; nothing was written")
    progress.report(fraction, what)


# --- tables ------------------------------------------------------------------------------------------


def _write_tables(folder: Path, plan: StudyPlan) -> None:
    write_csv(
        folder / "manifest.csv",
        ("path", "subject", "group", "visit", "field_t"),
        [
            {
                "path": (Path("dicom") / scan_folder(subject.subject, visit, field_t)).as_posix(),
                "subject": subject.subject,
                "group": subject.group,
                "visit": visit,
                "field_t": field_t,
            }
            for subject in plan.subjects
            for visit in VISITS
            for field_t in plan.fields_t
        ],
    )
    write_csv(
        folder / "reference.csv",
        (
            "subject",
            "target",
            "kind",
            "malignant",
            "diameter_mm",
            "centre_x_mm",
            "centre_y_mm",
            "centre_z_mm",
        ),
        [
            {
                "subject": subject.subject,
                "target": target.target_id,
                "kind": target.kind,
                "malignant": int(target.malignant),
                "diameter_mm": round(target.diameter_mm, 3),
                **_centre(target.centre_mm),
            }
            for subject in plan.subjects
            for target in subject.targets
        ],
    )
    write_csv(
        folder / "icpms.csv",
        ("subject", "visit", "iron_ug_per_g"),
        [
            {"subject": subject.subject, "visit": visit, "iron_ug_per_g": round(value, 3)}
            for subject in plan.subjects
            for visit, value in subject.icpms_ug_per_g.items()
        ],
    )
    write_csv(
        folder / "truth" / "iron.csv",
        ("subject", "group", "visit", "target", "iron_ug_per_g"),
        [
            {
                "subject": subject.subject,
                "group": subject.group,
                "visit": visit,
                "target": subject.tumour.target_id,
                "iron_ug_per_g": value,
            }
            for subject in plan.subjects
            for visit, value in subject.tumour_iron_ug_per_g.items()
        ],
    )


def _centre(centre_mm: tuple[float, float, float]) -> dict[str, float]:
    return {f"centre_{axis}_mm": round(value, 3) for axis, value in zip("xyz", centre_mm, strict=True)}


# --- scans -------------------------------------------------------------------------------------------


def _write_scan(folder: Path, plan: StudyPlan, subject: SubjectPlan, visit: str, field_t: float) -> None:
    made = scan(plan, subject.subject, visit, field_t)
    place = scan_folder(subject.subject, visit, field_t)
    rng = plan.rng(IDENTITY, subject.number)
    identity = _identity(rng)
    first = datetime(2031, 1, 6, 8, 30) + timedelta(
        days=int(rng.integers(60)), minutes=7 * subject.number % 360
    )
    room = field_index(field_t)
    begun = first + VISIT_DELAY[visit] + timedelta(minutes=25 * room)
    accession = f"FR{rng.integers(10**5, 10**6)}{VISITS.index(visit)}{room}"
    agent = "" if subject.group == "vehicle" or visit == "baseline" else AGENT
    examination = Examination(
        study=f"{plan.seed}/{subject.subject}/{visit}/{field_t:g}",
        frame=f"{plan.seed}/{subject.subject}",
        study_id=accession[-4:],
        accession=accession,
        description=f"Mouse trunk {subject.group} {visit}",
        begun=begun,
        contrast_agent=agent,
    )
    series = _scan_series(made, begun)
    _write_series(folder / "dicom" / place, rng, series, identity, examination, _device(field_t))
    _write_truth(folder / "truth" / place, made.truth)


def _identity(rng: np.random.Generator) -> Identity:
    return Identity(
        patient_name=f"{rng.choice(_FAMILY)}^{rng.choice(_GIVEN)}",
        patient_id=f"IIAI-{rng.integers(10**6, 10**7)}",
        birth_date=date(2030, 9, 1) + timedelta(days=int(rng.integers(60))),
        sex="F" if rng.random() < 0.5 else "M",
        weight_kg=round(float(rng.uniform(0.019, 0.027)), 4),
        species="Mus musculus",
        institution=_INSTITUTION,
        referring_physician=str(rng.choice(_PHYSICIANS)),
        operator=str(rng.choice(_OPERATORS)),
    )


def _device(field_t: float) -> Device:
    model = SCANNERS[field_t].model
    serial = f"FS-{round(1000 * field_t):05d}"
    return Device(MANUFACTURER, model, serial, "FerroRead Simulator 1", f"BAY{field_t:g}"[:16], field_t)


def _scan_series(made: SimulatedScan, begun: datetime) -> list[MrSeries]:
    scanner = SCANNERS[made.field_t]
    anatomy = _series(scanner.anatomy, 2, made.anatomy.data[None], made.anatomy.geometry, begun)
    gre3d = _series(scanner.gre3d, 5, made.gre3d.data[None], made.gre3d.geometry, begun)
    return [anatomy, *_echo_series(scanner.echoes, made.echoes, begun), gre3d]


def _echo_series(sequence: PulseSequence, echoes: EchoSeries, begun: datetime) -> list[MrSeries]:
    series = [_series(sequence, 3, echoes.magnitude, echoes.geometry, begun)]
    if echoes.phase is not None:
        series.append(_series(sequence, 4, echoes.phase, echoes.geometry, begun, phase=True))
    return series


def _series(
    sequence: PulseSequence,
    number: int,
    data: NDArray[np.float32],
    geometry: Geometry,
    begun: datetime,
    *,
    phase: bool = False,
) -> MrSeries:
    return MrSeries(
        name=f"{number}",
        number=number,
        description=sequence.description,
        sequence="SE" if sequence.kind == "SE" else "GR",
        three_d=sequence.three_d,
        part="phase" if phase else "magnitude",
        data=data,
        geometry=geometry,
        te_ms=sequence.te_ms,
        tr_ms=sequence.tr_ms,
        flip_deg=sequence.flip_deg,
        echo_train=8 if sequence.kind == "SE" else 1,
        # a phase picture belongs to the acquisition of its magnitude, the series before
        begun=begun + timedelta(minutes=4 * (number - phase)),
    )


def _write_series(
    folder: Path,
    rng: np.random.Generator,
    series: Sequence[MrSeries],
    identity: Identity,
    examination: Examination,
    device: Device,
) -> None:
    """Write all series into one folder; file names tell neither series nor order."""
    folder.mkdir(parents=True)
    classic = device.field_t == CLASSIC_FIELD_T
    counts = [one.data.shape[0] * one.data.shape[1] if classic else 1 for one in series]
    numbers = rng.permutation(sum(counts)) + 1
    start = 0
    for one, count in zip(series, counts, strict=True):
        names = [f"IM{number:05d}.dcm" for number in numbers[start : start + count]]
        start += count
        if classic:
            write_classic(folder, names, identity, examination, device, one)
        else:
            write_enhanced(folder / names[0], identity, examination, device, one)


def _write_truth(folder: Path, truth: Truth) -> None:
    folder.mkdir(parents=True)
    write_nifti(folder / "r2star_per_s.nii.gz", truth.r2star_per_s)
    write_nifti(folder / "iron_ug_per_g.nii.gz", truth.iron_ug_per_g)
    for name, mask in truth.masks.items():
        write_nifti(folder / f"mask_{name}.nii.gz", Volume(mask, truth.iron_ug_per_g.geometry))


# --- phantoms ----------------------------------------------------------------------------------------


def _write_phantom(folder: Path, plan: StudyPlan, field_t: float) -> list[dict[str, object]]:
    """Write a field's phantom and what is read off it; return its rows of vials.csv."""
    made = phantom(field_t, plan.seed)
    rng = plan.rng(IDENTITY, 10**6)
    begun = datetime(2031, 1, 3, 14, 0)
    identity = Identity(
        "Phantom^Vials",
        "PHANTOM-1",
        date(2030, 1, 1),
        "O",
        0.05,
        "",
        _INSTITUTION,
        _PHYSICIANS[0],
        _OPERATORS[0],
    )
    examination = Examination(
        f"{plan.seed}/phantom/{field_t:g}", f"{plan.seed}/phantom", "P1", f"FRP{round(1000 * field_t):05d}",
        "Iron vials", begun,
    )  # fmt: skip
    series = _echo_series(SCANNERS[made.field_t].echoes, made.echoes, begun)
    place = folder / "phantom" / f"{field_t:g}T"
    _write_series(place, rng, series, identity, examination, _device(field_t))
    readings = read_vials(made)
    write_csv(
        folder / "phantom" / f"{field_t:g}T_table.csv",
        ("iron_mmol_per_l", "r2star_per_s", "r2star_sd_per_s"),
        [
            {
                "iron_mmol_per_l": reading.vial.iron_mmol_per_l,
                "r2star_per_s": round(reading.r2star_per_s, 4),
                "r2star_sd_per_s": round(reading.r2star_sd_per_s, 4),
            }
            for reading in readings
        ],
    )
    return [
        {
            "field_t": field_t,
            "vial": vial.name,
            "iron_mmol_per_l": vial.iron_mmol_per_l,
            "radius_mm": VIAL_RADIUS_MM,
            **_centre(vial.centre_mm),
        }
        for vial in made.vials
    ]
