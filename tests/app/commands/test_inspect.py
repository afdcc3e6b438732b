"""`ferroread inspect`: the contract's JSON, and a list that a person can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import run
from tests.readers.scanner import make_scan, write_classic


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_classic(tmp_path / "series", make_scan(parts=("magnitude", "phase")))
    (tmp_path / "notes.txt").write_text("not an image")
    return tmp_path


def test_json_follows_the_contract(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["inspect", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (series,) = found["series"]
    assert len(series.pop("id")) == 8
    assert {key: series[key] for key in list(series)[:11]} == {
        "path": str(folder / "series"),
        "manufacturer": "Siemens",
        "model": "Probe",
        "field_t": 3.0,
        "field_source": "header",
        "part": ["magnitude", "phase"],
        "te_ms": [2.5, 5.625, 8.75],
        "shape": [4, 5, 6],
        "spacing_mm": [3.0, 1.5, 1.25],
        "files": 24,
        "fit_for_r2star": True,
    }
    assert series["problems"] == []
    assert found["skipped"] == [
        {
            "path": str(folder / "notes.txt"),
            "reason": "is no image file that FerroRead knows (DICOM, NIfTI, ParaVision, zip)",
        }
    ]


def test_the_list_for_a_person_names_series_problems_and_what_was_skipped(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_classic(folder / "bad", make_scan(series=9))[3].unlink()
    assert run(["inspect", str(folder)]) == 0
    text = capsys.readouterr().out
    assert "2.5 to 8.75" in text
    assert "4 x 5 x 6" in text
    assert "magnitude is incomplete: echo 1 of 3 (2.5 ms) lacks 1 of 4 slices" in text
    assert "2 series, 1 of them fit for R2*" in text
    assert "notes.txt: is no image file" in text


def test_many_files_skipped_for_one_reason_share_a_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(9):
        (folder / f"note{number}.txt").write_text("not an image")
    assert run(["inspect", str(folder)]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "note3.txt" in line]
    assert "10 files" in line


@pytest.mark.parametrize("content", [b"\0" * 4096, b"Dear physicist, this is not DICOM. " * 20])
def test_what_holds_no_image_fails_with_one_line(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "picture.dcm").write_bytes(content)
    for path in (tmp_path / "picture.dcm", tmp_path):
        assert run(["inspect", str(path)]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1
        assert "picture.dcm" in said.err


def test_json_tells_what_was_skipped_where_no_picture_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text("Dear physicist")
    assert run(["inspect", str(tmp_path), "--json"]) == 1
    said = capsys.readouterr()
    found = json.loads(said.out)
    assert found["series"] == []
    assert {item["path"] for item in found["skipped"]} == {
        str(tmp_path / name) for name in ("one.txt", "two.txt")
    }
    assert said.err.count("\n") == 1 and "no picture in 2 files" in said.err


def test_an_empty_folder_fails_with_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("--json",)):
        assert run(["inspect", str(tmp_path), *words]) == 1
        said = capsys.readouterr()
        assert said.out == "" if not words else json.loads(said.out) == {"series": [], "skipped": []}
        assert said.err.count("\n") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no file names without characters")
def test_names_that_are_no_text_are_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / os.fsdecode(b"odd\xff.txt")).write_text("not an image")
    assert run(["inspect", str(folder), "--json"]) == 0
    skipped = json.loads(capsys.readouterr().out)["skipped"]
    assert str(folder / os.fsdecode(b"odd\xff.txt")) in {item["path"] for item in skipped}
    assert run(["inspect", str(folder)]) == 0
    assert "odd\\udcff.txt" in capsys.readouterr().out


def test_whoever_reads_only_the_beginning_sees_no_traceback(folder: Path) -> None:
    command = [sys.executable, "main.py", "inspect", str(folder), "--json"]
    root = Path(__file__).parents[3]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


def test_an_empty_path_is_a_slip_and_not_the_folder_one_stands_in(capsys: pytest.CaptureFixture[str]) -> None:
    for slip in ("", " "):
        with pytest.raises(SystemExit, match="2"):
            run(["inspect", slip])
        assert "PATH is empty; name a file" in capsys.readouterr().err
