"""A study's pictures, maps, regions and reports as files that other programs read: DICOM and NIfTI."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset

from core.errors import InputError
from core.export.added import FOLDER, write_added
from core.export.dicom_regions import segmentation
from core.export.dicom_report import report
from core.export.dicom_scan import DicomScan, dicom_scan
from core.export.dicom_structures import structure_set
from core.export.names import Names
from core.export.nifti_regions import write_regions, write_scan
from core.export.tables import write_csv
from core.files import refuse_existing, whole_folder
from core.progress import Progress, Silent
from core.study.records import Scan, ScanImages, SignedReading, StudyData

# the list of all files, beside them
INDEX = "objects.csv"
_INDEX_COLUMNS = (
    "path", "object", "subject", "visit", "field_t", "rater", "session", "alias", "sop_instance_uid",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """Which files to write: of which kinds, and regions as masks or, `fractional`, as shares of voxels."""

    dicom: bool = True
    nifti: bool = True
    fractional: bool = False


@dataclass
class Written:
    """What was written: files by kind of object, what could not be and why, plug-ins that failed."""

    counts: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    rows: list[dict[str, object]] = field(default_factory=list)


def export_images(
    study: StudyData,
    study_id: str,
    study_name: str,
    out: Path,
    *,
    wanted: Wanted | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Written:
    """Write a study's scans, and what raters drew, measured and answered on them, into a folder.

    The folder appears whole or not at all. UIDs derive from the study's id: the same study gives the same
    objects every time, but for the moment they were written.

    Parameters
    ----------
    study : StudyData
        As `Study.data()` gives it: its scans and signed readings, and nothing that is unsigned.
    study_id, study_name : str
    out : Path
        The folder to make.
    wanted : Wanted, optional
        All files, regions as masks, if not given.
    force : bool
        Whether the folder of an earlier export may be replaced.
    progress : Progress, optional
        Told before every scan; cancelled() stops with InputError.

    Raises
    ------
    InputError
        If `out` exists and `force` is not set, or the export was stopped.
    StoreError
        If a picture is missing or damaged.
    """
    progress, wanted = progress or Silent(), wanted or Wanted()
    refuse_existing(out, force=force)
    of_scan: dict[str, list[SignedReading]] = {}
    for reading in study.readings:
        of_scan.setdefault(reading.scan_id, []).append(reading)
    with whole_folder(out, force=force) as draft:
        writer = _Writer(study, study_id, study_name, draft, wanted)
        for done, scan in enumerate(study.scans):
            if progress.cancelled():
                raise InputError("the export was stopped; nothing was written")
            progress.report(done / len(study.scans), "images")
            writer.scan(scan, of_scan.get(scan.scan_id, ()))
        if wanted.dicom and wanted.nifti:
            writer.added()
        write_csv(draft / INDEX, _INDEX_COLUMNS, writer.written.rows)
    return writer.written


class _Writer:
    """Writes scan by scan, so that the pictures of one alone are in memory."""

    def __init__(
        self, study: StudyData, study_id: str, study_name: str, folder: Path, wanted: Wanted
    ) -> None:
        self._study, self._study_id, self._study_name = study, study_id, study_name
        self._folder, self._wanted = folder, wanted
        self._scans = Names()
        self.written = Written()

    def scan(self, scan: Scan, readings: Iterable[SignedReading]) -> None:
        """Write a scan and the readings of it."""
        images = self._study.images(scan.scan_id)
        name, names = self._scans.free(f"{scan.subject}_{scan.visit}_{scan.field_t:g}T"), Names()
        named = [(each, names.free(f"{each.rater}_{each.session}_{each.alias}")) for each in readings]
        if self._wanted.nifti:
            self._nifti(self._folder / "nifti" / name, scan, images, named)
        if self._wanted.dicom:
            try:
                objects = dicom_scan(self._study_id, self._study_name, scan, images)
            except InputError as error:
                self.written.left_out.append(str(error))
                return
            self._dicom(self._folder / "dicom" / name, objects, images, named)

    def added(self) -> None:
        """Have the exports of plug-ins write from what is there."""
        for plug_in, failed in write_added(self._folder):
            if failed:
                self.written.failed.append(failed)
                continue
            for path in sorted((self._folder / FOLDER / plug_in.name).rglob("*")):
                if path.is_file():
                    self._row(path, f"{plug_in.name} ({plug_in.source})")

    def _nifti(
        self, folder: Path, scan: Scan, images: ScanImages, readings: list[tuple[SignedReading, str]]
    ) -> None:
        folder.mkdir(parents=True)
        for path in write_scan(folder, scan, images):
            self._count(path, "NIfTI map", scan)
        for reading, name in readings:
            (folder / name).mkdir()
            for path in write_regions(folder / name, reading, fractional=self._wanted.fractional):
                self._count(path, "NIfTI region", scan, reading)

    def _dicom(
        self, folder: Path, scan: DicomScan, images: ScanImages, readings: list[tuple[SignedReading, str]]
    ) -> None:
        for number, echo in enumerate(scan.echoes, start=1):
            for k, picture in enumerate(echo, start=1):
                path = folder / f"echo-{number:02d}" / f"{k:04d}.dcm"
                self._save(picture, path, "MR image", scan.scan)
        for name, picture in scan.maps.items():
            self._save(picture, folder / f"{name}.dcm", "parametric map", scan.scan)
        for reading, name in readings:
            protocol = self._study.protocols[reading.protocol_sha256]
            regions = segmentation(scan, reading, fractional=self._wanted.fractional)
            outlines = structure_set(scan, reading)
            told = report(scan, images, reading, protocol, regions)
            for what, made in (("segmentation", regions), ("structure set", outlines), ("report", told)):
                if made is not None:
                    path = folder / name / f"{what.replace(' ', '-')}.dcm"
                    self._save(made, path, what, scan.scan, reading)

    def _save(
        self, dataset: Dataset, path: Path, what: str, scan: Scan, reading: SignedReading | None = None
    ) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(path, enforce_file_format=True)
        self._count(path, what, scan, reading, str(dataset.SOPInstanceUID))

    def _count(
        self, path: Path, what: str, scan: Scan, reading: SignedReading | None = None, uid: str = ""
    ) -> None:
        row: dict[str, object] = {"subject": scan.subject, "visit": scan.visit, "field_t": scan.field_t}
        if reading is not None:
            row |= {"rater": reading.rater, "session": reading.session, "alias": reading.alias}
        self._row(path, what, **row, sop_instance_uid=uid)

    def _row(self, path: Path, what: str, **more: object) -> None:
        counts = self.written.counts
        counts[what] = counts.get(what, 0) + 1
        name = path.relative_to(self._folder).as_posix()
        self.written.rows.append({"path": name, "object": what, **more})
