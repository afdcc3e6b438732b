"""What is asked of records at the command line: the trail as a table, checks, backups, what is left."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from core.export.tables import read_columns, read_csv
from core.imaging.nifti import read_nifti
from core.study.kit import Kit
from core.study.records import IcpMs
from core.study.store import Study
from tests.app.commands.coordinator import ran, refused
from tests.core.study.conftest import dealt, protocol, read_case
from tests.core.study.test_study_verifying import altered

__all__ = ("dealt", "protocol")


@pytest.fixture
def folder(dealt: Path, tmp_path: Path) -> Path:
    """A study and a kit of it, in which one case is signed."""
    shutil.copytree(dealt / "study", tmp_path / "study")
    path = shutil.copytree(dealt / "A1.kit", tmp_path / "A1.kit")
    with Kit.open(path) as kit:
        read_case(kit, kit.cases()[0].alias)
    return tmp_path


def test_a_kits_trail_is_a_table_that_can_be_narrowed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = folder / "trail.csv"
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out)
    columns = read_columns(out, ("sequence", "at", "action", "case", "detail", "sha256"))
    assert [int(number) for number in columns["sequence"]] == list(range(1, 11))
    assert columns["action"][:3] == ["deal", "edit", "edit"] and columns["action"][-2:] == ["enrol", "sign"]
    assert json.loads(columns["detail"][-1])["version"] == 1 and columns["case"][-1]
    # voxels are no reading matter
    assert max(map(len, columns["detail"])) < 2000
    assert "already exists" in refused(capsys, "kit", "audit", folder / "A1.kit", "--out", out)
    words = ("--force", "--action", "sign", "lock", "--case", columns["case"][-1])
    told = json.loads(ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out, "--json", *words))
    assert (told["records"], told["of"], told["head"]) == (2, 10, columns["sha256"][-1])
    assert read_columns(out, ("action",))["action"] == ["lock", "sign"]
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out, "--force", "--case", "NOONE")
    assert read_columns(out, ("action",))["action"] == []


def test_a_studys_trail_tells_that_it_was_taken_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(capsys, "study", "audit", folder / "study", "--out", folder / "trail.csv")
    columns = read_columns(folder / "trail.csv", ("action", "detail"))
    assert "create" in columns["action"] and columns["action"][-1] == "export"


def test_an_analysis_anchors_the_trail_and_verify_finds_it_cut(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    study, older = folder / "study", shutil.copytree(folder / "study", folder / "older")
    ran(capsys, "study", "collect", study, folder / "A1.kit")
    # three cases are not in: to analyse unblinds
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "correct horse")
    ran(capsys, "study", "password", study)
    ran(capsys, "study", "analyse", study, "--out", folder / "results", "--reason", "a test")
    anchor = folder / "results" / "audit-head.json"
    told = json.loads(ran(capsys, "study", "verify", study, "--anchor", anchor, "--json"))
    assert told["intact"] and told["anchored"] and told["readings"] == 1
    assert "intact" in ran(capsys, "study", "verify", older)
    assert "older copy" in refused(capsys, "study", "verify", older, "--anchor", anchor)
    assert "anchors no audit trail" in refused(
        capsys, "study", "verify", older, "--anchor", folder / "results" / "reads.csv"
    )
    (folder / "x.json").write_bytes(b"\xff")
    assert "is not the audit-head.json" in refused(
        capsys, "study", "verify", older, "--anchor", folder / "x.json"
    )
    altered(study, "UPDATE icpms SET iron_ug_per_g = 1")
    assert "its icpms were altered" in refused(capsys, "study", "verify", study)


def test_a_study_is_backed_up_and_restored(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "study"
    assert "has no backups" in refused(capsys, "study", "restore", path)
    made = json.loads(ran(capsys, "study", "backup", path, "--json"))["backup"]
    with Study.open(path) as study:
        study.set_icpms([IcpMs("mouse-2", "24 h", 5.0)])
    ran(capsys, "kit", "make", path, "--rater", "Ben", "--out", folder / "b.kit")
    assert "demand" in ran(capsys, "study", "restore", path)
    text = ran(capsys, "study", "restore", path, "--backup", made)
    assert "what stood there is kept" in text
    with Study.open(path) as study:
        assert [value.iron_ug_per_g for value in study.icpms()] == [9.6]
    lost = "session 1 of Ben was dealt after the backup was made: its kit cannot be collected"
    assert lost in text and lost in ran(capsys, "study", "status", path)
    for name in ("study.sqlite", "witness.jsonl"):
        (path / name).unlink()
    gone = "witness.jsonl was missing from the study's folder"
    text = ran(capsys, "study", "restore", path, "--backup", made)
    assert gone in text and gone in ran(capsys, "study", "status", path)


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_a_trail_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, table = folder / "trail.pdf", folder / "trail.csv"
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", table)
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out)
    columns, (first, *_, last) = read_csv(table)
    words = ["pdftotext", "-layout", str(out), "-"]
    printed = " ".join(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
    assert "10 of 10 records" in printed and last[columns.index("sha256")] in printed
    for row in (first, last):
        assert f"{row[0]} {row[1]} {row[2]}" in printed
    assert "edit: set_answer" in printed and "margin_conspicuity" in printed
    assert "already exists" in refused(capsys, "kit", "audit", folder / "A1.kit", "--out", out)


def test_what_is_left_of_a_damaged_kit_is_written_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit_path, out = folder / "A1.kit", folder / "rescued"
    with Kit.open(kit_path) as kit:
        key = kit.key_fingerprint
    file = kit_path / "kit.sqlite"
    # the page is lost on which the trail begins
    whole = file.read_bytes()
    page = whole.index(b'{"action":"deal"') // 4096 * 4096
    damaged = whole[:page] + b"\xa5" * 4096 + whole[page + 4096 :]
    file.write_bytes(damaged)
    assert "damaged" in refused(capsys, "kit", "verify", kit_path)
    told = json.loads(ran(capsys, "kit", "rescue", kit_path, "--out", out, "--json"))
    assert (told["signatures"], told["holding"], told["key"]) == (1, 1, key)
    assert file.read_bytes() == damaged == (out / "evidence" / "kit.sqlite").read_bytes()
    _, answers = read_csv(out / "signed_answers.csv")
    assert [row[2:] for row in answers] == [
        ["detection_confidence", "a" * 32, "4"], ["margin_conspicuity", "", "3"],
    ]  # fmt: skip
    columns, regions = read_csv(out / "regions.csv")
    assert len(regions) == told["regions"]
    for row in regions:
        region = dict(zip(columns, row, strict=True))
        assert region["signed"] == "1" and read_nifti(out / region["file"]).data.any()
    assert len(read_csv(out / "audit.csv")[1]) == told["audit_records"]
    assert told["damaged"] == ["audit"]
    assert "already exists" in refused(capsys, "kit", "rescue", kit_path, "--out", out)
    again = ran(capsys, "kit", "rescue", kit_path, "--out", out, "--force")
    assert f"1 of 1 signatures hold (key {key})" in again and "was left as it is" in again
