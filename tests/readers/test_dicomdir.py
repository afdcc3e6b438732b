"""A DICOMDIR stands for its folder; what it names and is gone is named."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydicom.dataset import Dataset
from pydicom.uid import MediaStorageDirectoryStorage

from readers import Inspection, inspect, load_echoes
from tests.readers.scanner import make_scan, save, write_classic


def write_dicomdir(folder: Path, names: Sequence[Sequence[str] | str], syntax: str = "explicit") -> Path:
    """Write a table of contents that names files by the parts of their paths."""
    dataset = Dataset()
    dataset.SOPClassUID = MediaStorageDirectoryStorage
    dataset.SOPInstanceUID = "1.2.3"
    dataset.FileSetID = "DISC"
    series, records = Dataset(), []
    series.DirectoryRecordType = "SERIES"
    for name in names:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = [*name] if not isinstance(name, str) else name
        records.append(record)
    dataset.DirectoryRecordSequence = [series, *records]
    return save(dataset, folder / "DICOMDIR", syntax)


def told(inspection: Inspection) -> str:
    return next(item.reason for item in inspection.skipped if item.path.name == "DICOMDIR")


@pytest.mark.parametrize("syntax", ["explicit", "implicit", "big endian"])
def test_it_stands_for_its_folder_and_names_what_is_missing(tmp_path: Path, syntax: str) -> None:
    scan = make_scan()
    paths = write_classic(tmp_path / "IMAGES", scan)
    write_dicomdir(tmp_path, [("IMAGES", path.name) for path in paths], syntax)
    inspection = inspect([tmp_path / "DICOMDIR"])
    assert load_echoes(inspection.series[0]).te_ms == tuple(scan.te_ms)
    assert told(inspection).endswith("the 12 files it names are read by themselves")
    paths[5].unlink()
    inspection = inspect([tmp_path])
    assert f"of the 12 files it names 1 (IMAGES/{paths[5].name}) are missing" in told(inspection)
    assert not inspection.series[0].fit_for_r2star


def test_a_disc_mounted_in_small_letters_lacks_nothing(tmp_path: Path) -> None:
    for path in write_classic(tmp_path / "images", make_scan()):
        path.rename(path.with_name(path.name.lower()))
    names = sorted(path.name.upper() for path in (tmp_path / "images").iterdir())
    write_dicomdir(tmp_path, [("IMAGES", name) for name in names])
    assert "missing" not in told(inspect([tmp_path]))


@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_no_name_leads_out_of_its_folder(tmp_path: Path) -> None:
    outside = write_classic(tmp_path / "secret", make_scan(series=9))
    disc = tmp_path / "disc"
    write_classic(disc / "IMAGES", make_scan())
    (disc / "LINK").symlink_to(tmp_path / "secret", target_is_directory=True)
    write_dicomdir(
        disc,
        [
            ("..", "secret", outside[0].name),
            "/etc/passwd",
            ("IMAGES", "..", "..", "secret"),
            ("C:", "WINDOWS"),
            ("LINK", outside[0].name),
            ("IMAGES", "NUL\0IN" * 60),
        ],
    )
    inspection = inspect([disc / "DICOMDIR"])
    assert "4 (../secret/" in told(inspection)
    assert "lead out of its folder and are not read" in told(inspection)
    assert "2 (LINK/" in told(inspection)
    assert [info.path for info in inspection.series] == [disc / "IMAGES"]


def test_inside_an_archive(tmp_path: Path) -> None:
    paths = write_classic(tmp_path / "IMAGES", make_scan())
    table = write_dicomdir(tmp_path, [*(("IMAGES", path.name) for path in paths), ("IMAGES", "GONE")])
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        for path in (table, *paths):
            archive.write(path, str(Path("export") / path.relative_to(tmp_path)))
    inspection = inspect([tmp_path / "disc.zip"])
    assert "1 (IMAGES/GONE) are missing" in told(inspection)
    assert inspection.series[0].fit_for_r2star


def test_a_table_that_names_itself_or_nothing_ends(tmp_path: Path) -> None:
    write_classic(tmp_path / "IMAGES", make_scan())
    write_dicomdir(tmp_path, ["DICOMDIR"])
    assert inspect([tmp_path]).series[0].fit_for_r2star
    write_dicomdir(tmp_path, [])
    assert "names no file" in told(inspect([tmp_path]))
