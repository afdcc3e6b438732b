"""`study add` tells where a manifest's subjects are not those that the headers name; it refuses nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pydicom
import pytest

from app.cli import run
from app.study.importing import doubts
from app.study.manifest import Row
from tests.app.commands.coordinator import ran, write_scan


def row(subject: str, visit: str = "baseline", field_t: float = 3.0) -> Row:
    return Row(Path("scans"), subject, "vehicle", visit, field_t)


def test_agreeing_headers_raise_no_doubt() -> None:
    one, two, none = frozenset({"a"}), frozenset({"b"}), frozenset[str]()
    assert doubts([(row("m1"), one), (row("m1", "24 h"), one), (row("m2"), two), (row("m3"), none)]) == []


def test_a_subject_with_several_identities_is_told_once() -> None:
    named = [(row("m1"), frozenset({"a"})), (row("m1", "24 h", 0.064), frozenset({"b"}))]
    (told,) = doubts(named)
    assert told.startswith(
        "the headers of m1's scans name 2 different subjects (baseline, 3 T; 24 h, 0.064 T)"
    )


def test_an_identity_of_several_subjects_is_told_once() -> None:
    shared = frozenset({"anonymous"})
    (told,) = doubts([(row("m2"), shared), (row("m1"), shared), (row("m1", "24 h"), shared)])
    assert told.startswith("the headers of m1, m2 name one and the same subject")


def test_the_command_minds_and_adds_all_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["path,subject,group,visit,field_t"]
    # the scans of the second subject are the first one's
    for number, (subject, patient) in enumerate((("m1", "P-SECRET-1"), ("m2", "P-SECRET-1"))):
        for path in write_scan(tmp_path / subject, 0.1, number).rglob("IM*"):
            dataset = pydicom.dcmread(path)
            dataset.PatientID = patient
            dataset.save_as(path)
        lines.append(f"{subject},{subject},vehicle,baseline,3")
    (tmp_path / "manifest.csv").write_text("\n".join(lines) + "\n")
    assert run(["study", "create", str(tmp_path / "study"), "--name", "Mixed up"]) == 0
    capsys.readouterr()
    out = ran(capsys, "study", "add", tmp_path / "study", "--manifest", tmp_path / "manifest.csv", "--json")
    assert json.loads(out)["scans_added"] == 2
    (told,) = json.loads(out)["warnings"]
    assert "m1, m2 name one and the same subject" in told
    assert "SECRET" not in out
