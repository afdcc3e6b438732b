"""Scans are proposed by where multi-echo series lie; the group never is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from app.study.finding import lines_in
from core.errors import InputError
from core.progress import Silent
from tests.readers.scanner import make_scan, uid, write_classic


def put(folder: Path, seed: int = 0, **scan: object) -> Path:
    named = {"SeriesInstanceUID": uid("series", seed), "StudyInstanceUID": uid("study", seed)}
    write_classic(folder, make_scan(seed, echoes=4, exported=seed, overrides=named, **scan))
    return folder


def found(folder: Path) -> list[tuple[str, ...]]:
    return [tuple(line.cells.values()) for line in lines_in(folder, Silent())]


def test_subject_and_visit_are_the_first_two_folders_and_the_group_stays_empty(tmp_path: Path) -> None:
    for seed, where in enumerate(("m1/base/gre", "m1/24h/gre", "m2/base/gre/raw")):
        put(tmp_path / where, seed)
    assert found(tmp_path) == [
        ("m1/24h", "m1", "", "24h", "3"),
        ("m1/base", "m1", "", "base", "3"),
        ("m2", "m2", "", "", "3"),
    ]


def test_a_scan_takes_the_pictures_beside_its_multi_echo_series_along(tmp_path: Path) -> None:
    for seed, visit in enumerate(("base", "24h")):
        put(tmp_path / "m1" / visit / "gre", seed)
        write_classic(
            tmp_path / "m1" / visit / "rare", make_scan(seed + 5, echoes=1, series=7, sequence="SE")
        )
    assert [line[0] for line in found(tmp_path)] == ["m1/24h", "m1/base"]


def test_one_series_alone_is_the_whole_folder_and_an_unknown_field_stays_open(tmp_path: Path) -> None:
    put(tmp_path / "somewhere" / "deep", field_t=None)
    ((path, subject, group, visit, field_t),) = found(tmp_path)
    assert (path, subject, group, visit) == (".", "", "", "") and field_t in ("", "3")


def test_an_archive_is_a_scan_of_its_own(tmp_path: Path) -> None:
    for seed, name in enumerate(("a", "b")):
        put(tmp_path / "made" / name, seed)
        (tmp_path / "scans" / name).mkdir(parents=True)
        with zipfile.ZipFile(tmp_path / "scans" / name / "scan.zip", "w") as archive:
            for file in (tmp_path / "made" / name).iterdir():
                archive.write(file, file.name)
    assert [line[:2] for line in found(tmp_path / "scans")] == [("a", "a"), ("b", "b")]


def test_a_folder_without_a_multi_echo_series_says_so(tmp_path: Path) -> None:
    write_classic(tmp_path / "rare", make_scan(echoes=1, series=7, sequence="SE"))
    with pytest.raises(InputError, match="has no multi-echo series fit for R2"):
        lines_in(tmp_path, Silent())
