"""The work of one scan, as a worker does it: places of every kind, and when it is not done again."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import fsspec
import numpy as np
import pytest

from app.cli import build_parser
from app.cohort.manifest import Cohort
from app.cohort.places import place
from app.cohort.scan import Mapped, Task, map_scan
from core.imaging.nifti import read_nifti, write_nifti
from core.imaging.volume import Volume
from core.relaxometry.calibration import fit_calibration
from tests.app.cohort.scans import write_rows, write_scan


def task(folder: Path, out: object, *more: str, force: bool = False, **cells: object) -> Task:
    """Give the task of a manifest's only row."""
    manifest = write_rows(folder / "manifest.csv", [cells])
    line = ["map", "--manifest", str(manifest), "--out", str(out), "--method", "loglinear", *more]
    args = build_parser(line).parse_args(line)
    cohort = Cohort(manifest, args)
    return Task(cohort.rows[0].name, cohort.options(cohort.rows[0]), place(str(out)), force)


@pytest.fixture
def store():
    """An object store in memory."""
    store = fsspec.filesystem("memory")
    yield store
    store.rm("/", recursive=True)


def put(store: fsspec.AbstractFileSystem, file: Path, folder: str) -> None:
    for each in (file, file.with_suffix(".json")):
        store.pipe_file(f"{folder}/{each.name}", each.read_bytes())


def test_a_scan_comes_from_a_store_and_its_maps_go_to_one(tmp_path, store, monkeypatch):
    scan = write_scan(tmp_path / "a.nii", 60, 1)
    put(store, scan, "/scans")
    store.pipe_file("/scans/other.nii", b"not asked for")
    asked = []
    get_file = type(store).get_file
    monkeypatch.setattr(type(store), "get_file", lambda *a, **k: (asked.append(a[1]), get_file(*a, **k)))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    mine = task(tmp_path, "memory://maps", path="memory://scans/a.nii", scan="one")
    mapped = map_scan(mine)
    assert (mapped.error, mapped.kept) == ("", False)
    assert asked == ["/scans/a.nii", "/scans/a.json"]
    assert mapped.report["r2star_per_s"]["median"] == pytest.approx(60, rel=0.05)
    # nothing of it stays here, and the maps are those of the file itself
    assert not list(scratch.iterdir())
    here = map_scan(task(tmp_path, tmp_path / "maps", path="a.nii", scan="one"))
    assert not here.error
    assert (
        store.cat_file("/maps/one/r2star_per_s.nii.gz")
        == (tmp_path / "maps" / "one" / "r2star_per_s.nii.gz").read_bytes()
    )
    asked.clear()
    assert map_scan(mine).kept
    assert asked == []
    put(store, write_scan(tmp_path / "a.nii", 80, 2), "/scans")
    assert "the scan changed" in map_scan(mine).error
    assert map_scan(replace(mine, force=True)).report["r2star_per_s"]["median"] == pytest.approx(80, rel=0.05)


def test_a_scan_is_read_out_of_an_archive_by_its_address(tmp_path):
    scan = write_scan(tmp_path / "in" / "a.nii", 60, 1)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in (scan, scan.with_suffix(".json")):
            archive.write(file, f"mouse/{file.name}")
    mapped = map_scan(
        task(tmp_path, tmp_path / "maps", path=f"zip://mouse::{tmp_path / 'all.zip'}", scan="one")
    )
    assert not mapped.error
    assert mapped.report["r2star_per_s"]["median"] == pytest.approx(60, rel=0.05)


def test_what_is_wrong_names_the_address_and_no_path_of_the_worker(tmp_path, store):
    store.pipe_file("/scans/a.nii", b"no picture")
    told = map_scan(task(tmp_path, tmp_path / "maps", path="memory://scans/a.nii")).error
    assert told.startswith("memory://scans/a.nii: ")
    assert "/tmp" not in told
    told = map_scan(task(tmp_path, tmp_path / "maps", path="memory://nowhere/b.nii")).error
    assert told == "memory://nowhere/b.nii: there is no such file or folder"


def test_iron_with_regions_and_a_mask_of_ones_own(tmp_path):
    scan = write_scan(tmp_path / "after.nii", 80, 1)
    write_scan(tmp_path / "before.nii", 50, 2)
    fit_calibration([0, 1, 2, 3], [10, 110, 211, 309], field_t=3.0, agent="MNP").save(tmp_path / "3T.json")
    plain = map_scan(task(tmp_path, tmp_path / "maps", path=scan.name, scan="plain"))
    maps = read_nifti(tmp_path / "maps" / "plain" / "r2star_per_s.nii.gz")
    region = np.isfinite(maps.data).astype(np.uint8)
    write_nifti(tmp_path / "region.nii.gz", Volume(region, maps.geometry))
    cells = {
        "path": scan.name, "scan": "iron", "calibration": "3T.json", "baseline": "before.nii",
        "registration": "none", "mask": "region.nii.gz", "roi": "tumour=region.nii.gz; all=region.nii.gz",
    }  # fmt: skip
    mine = task(tmp_path, tmp_path / "maps", **cells)
    mapped = map_scan(mine)
    assert not mapped.error
    assert not plain.error
    # (80 - 50) / 100 mmol/L, 55.845 g/mol and 1.05 g/mL
    assert mapped.report["iron_ug_per_g"]["median"] == pytest.approx(0.3 * 55.845 / 1.05, rel=0.1)
    assert set(mapped.report["rois"]) == {"tumour", "all"}
    assert map_scan(mine).kept
    region[0] = 0
    write_nifti(tmp_path / "region.nii.gz", Volume(region, maps.geometry))
    told = map_scan(mine).error
    assert "the mask and the roi all and the roi tumour changed since it was mapped" in told
    told = map_scan(task(tmp_path, tmp_path / "maps", "--coils", "2", **cells)).error
    assert "options" in told


def test_another_version_is_refused_before_and_after(tmp_path, monkeypatch):
    scan = write_scan(tmp_path / "a.nii", 60, 1)
    mine = task(tmp_path, tmp_path / "maps", path=scan.name)
    assert "give both the same" in map_scan(replace(mine, version="9.9")).error
    assert not (tmp_path / "maps").exists()
    assert not map_scan(mine).error
    monkeypatch.setattr("app.cohort.scan.program_version", lambda: "9.9")
    assert "FerroRead (it was " in map_scan(replace(mine, version="9.9")).error


def test_other_maps_in_its_place_are_left_alone(tmp_path):
    scan = write_scan(tmp_path / "a.nii", 60, 1)
    mine = task(tmp_path, tmp_path / "maps", path=scan.name, force=True)
    place = tmp_path / "maps" / mine.name
    place.mkdir(parents=True)
    (place / "map.json").write_text("{}")
    assert "other maps are in its place" in map_scan(mine).error
    (place / "map.json").rename(place / "mine.txt")
    assert "already exists" in map_scan(mine).error
    assert (place / "mine.txt").read_text() == "{}"


def test_a_result_that_lost_a_file_is_made_anew(tmp_path):
    scan = write_scan(tmp_path / "a.nii", 60, 1)
    mine = task(tmp_path, tmp_path / "maps", path=scan.name)
    assert not map_scan(mine).error
    place = tmp_path / "maps" / mine.name
    made = {file.name: file.read_bytes() for file in place.iterdir()}
    (place / "r2star_per_s.nii.gz").unlink()
    again = map_scan(mine)
    assert (again.error, again.kept) == ("", False)
    (place / "flags.nii.gz").write_bytes(b"")
    again = map_scan(mine)
    assert (again.error, again.kept) == ("", False)
    assert {file.name: file.read_bytes() for file in place.iterdir()} == made
    assert map_scan(mine).kept


def test_too_little_memory_is_the_workers_fault(tmp_path, monkeypatch):
    scan = write_scan(tmp_path / "a.nii", 60, 1)

    def hungry(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("app.cohort.scan.load_series", hungry)
    mapped = map_scan(task(tmp_path, tmp_path / "maps", path=scan.name))
    assert isinstance(mapped, Mapped)
    assert mapped.starved
    assert "memory" in mapped.error
    assert not (tmp_path / "maps").exists()
