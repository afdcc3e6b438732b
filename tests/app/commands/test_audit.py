"""What is asked of records at the command line: the trail as a table, checks, backups, what is left."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from core.export.tables import read_columns, read_csv
from core.files import sha256
from core.imaging.nifti import read_nifti
from core.study.backups import back_up
from core.study.kit import Kit
from core.study.log_in import add_person
from core.study.password import set_password
from core.study.records import IcpMs
from core.study.store import Study
from tests.app.commands.coordinator import ran, refused
from tests.core.study.conftest import dealt, protocol, read_case
from tests.core.study.test_kit import without_triggers
from tests.core.study.test_study_verifying import altered
from tests.signing import CHEAP, RATERS_PASSWORD

__all__ = ("dealt", "protocol")


COORDINATORS_PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", RATERS_PASSWORD)
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", COORDINATORS_PASSWORD)


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
    assert [int(number) for number in columns["sequence"]] == list(range(1, 12))
    assert columns["action"][:3] == ["deal", "edit", "edit"]
    # that it was written out is on record too
    assert columns["action"][-3:] == ["enrol", "sign", "export"]
    assert json.loads(columns["detail"][-2])["version"] == 1 and columns["case"][-2]
    # voxels are no reading matter
    assert max(map(len, columns["detail"])) < 2000
    assert "already exists" in refused(capsys, "kit", "audit", folder / "A1.kit", "--out", out)
    words = ("--force", "--action", "sign", "lock", "--case", columns["case"][-2])
    told = json.loads(ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out, "--json", *words))
    assert (told["records"], told["of"]) == (2, 13)
    assert read_columns(out, ("action",))["action"] == ["lock", "sign"]
    by_whom = ("--force", "--who", "coordinator", "--from", "2000", "--to", "2999-12-31")
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out, *by_whom)
    assert read_columns(out, ("action", "who")) == {"action": ["deal"], "who": ["coordinator"]}
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out, "--force", "--case", "NOONE")
    assert read_columns(out, ("action",))["action"] == []


def details(out: Path, action: str) -> list[dict[str, object]]:
    columns = read_columns(out, ("action", "detail"))
    told = zip(columns["action"], columns["detail"], strict=True)
    return [json.loads(detail) for name, detail in told if name == action]


def test_a_trail_needs_its_raters_password(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit_path, out = folder / "A1.kit", folder / "trail.csv"
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", "somebody else's")
    assert "not the password" in refused(capsys, "kit", "audit", kit_path, "--out", out)
    assert not out.exists()
    with Kit.open(kit_path) as kit:
        newest = kit.audit_records()[-1].values
        assert (newest["action"], newest["what"]) == ("wrong_password", "export")
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", RATERS_PASSWORD)
    ran(capsys, "kit", "audit", kit_path, "--out", out)
    with Kit.open(kit_path) as kit:
        kit.verify()
        assert kit.audit_records()[-1].values["action"] == "export"


def test_a_kit_with_repeats_keeps_signed_answers_from_its_rater(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit_path, out = folder / "A1.kit", folder / "trail.csv"
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[1].alias, sign=False)
        signed, under_way = (case.alias for case in kit.cases()[:2])
    ran(capsys, "kit", "audit", kit_path, "--out", out)
    assert all("edit" in told for told in details(out, "edit"))
    # as `kit make --repeat-fraction` deals it
    without_triggers(kit_path, "UPDATE kit SET closes_signed = 1")
    ran(capsys, "kit", "audit", kit_path, "--out", out, "--force", "--case", signed)
    assert details(out, "edit") == [{"withheld": True}] * 6
    assert "margin_conspicuity" not in out.read_text()
    told = json.loads(ran(capsys, "kit", "audit", kit_path, "--out", out, "--force", "--json"))
    hashes = read_columns(out, ("sha256",))["sha256"]
    assert told["head"] == "" and hashes[0] and set(hashes[1:]) == {""}
    ran(capsys, "kit", "audit", kit_path, "--out", out, "--force", "--case", under_way)
    assert len(details(out, "edit")) == 6 and all("edit" in told for told in details(out, "edit"))


def test_the_coordinator_sees_of_a_trail_what_was_signed(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit_path, study, out = folder / "A1.kit", folder / "study", folder / "trail.csv"
    ran(capsys, "study", "password", study)
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[1].alias, sign=False)
        signed, under_way = (case.alias for case in kit.cases()[:2])
    monkeypatch.delenv("FERROREAD_RATER_PASSWORD")
    words = ("kit", "audit", kit_path, "--study", study, "--out", out)
    assert "takes a reason" in refused(capsys, *words, "--case", signed) and not out.exists()
    words = (*words, "--reason", "a fault")
    ran(capsys, *words, "--case", signed)
    assert len(details(out, "edit")) == 6 and all("edit" in told for told in details(out, "edit"))
    ran(capsys, *words, "--case", under_way, "--force")
    assert details(out, "edit") == [{"withheld": True}] * 6
    with Study.open(study) as opened:
        newest = [record.values for record in opened.audit_records() if record.values["action"] == "key"][-1]
    assert (newest["shown"], newest["reason"]) == ("trail", "a fault")
    ran(capsys, "study", "create", folder / "other", "--name", "Another")
    words = ("kit", "audit", kit_path, "--study", folder / "other", "--out", out, "--force")
    assert "belongs to another study" in refused(capsys, *words)


def test_a_studys_trail_tells_that_it_was_taken_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(capsys, "study", "audit", folder / "study", "--out", folder / "trail.csv")
    columns = read_columns(folder / "trail.csv", ("action", "detail"))
    assert "create" in columns["action"] and columns["action"][-1] == "export"


def test_a_studys_trail_that_is_handed_on_draws_no_kit_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Study.open(folder / "study") as study:
        seeds = [r.values["seed"] for r in study.audit_records() if r.values["action"] == "deal"]
    ran(capsys, "study", "audit", folder / "study", "--out", folder / "trail.csv", "--action", "deal")
    told = [json.loads(detail) for detail in read_columns(folder / "trail.csv", ("detail",))["detail"]]
    assert len(told) == len(seeds) >= 1
    assert not {each["seed"] for each in told} & set(seeds)


def test_an_analysis_anchors_the_trail_and_verify_finds_it_cut(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, older = folder / "study", shutil.copytree(folder / "study", folder / "older")
    ran(capsys, "study", "collect", study, folder / "A1.kit")
    # three cases are not in: to analyse unblinds
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
    assert "nothing in the folder tells whether the backup is of this study" in text


def test_a_backup_from_before_people_asks_for_the_owners_password(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "study"
    with Study.open(path) as study:
        set_password(study, COORDINATORS_PASSWORD, cost=CHEAP)
        made = back_up(study, "demand").path
        add_person(study, "Anna Berg", "coordinator", "blue old lantern", COORDINATORS_PASSWORD, cost=CHEAP)
    (path / "study.sqlite").unlink()
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "somebody else's")
    assert "to put a backup in place, and this is not it" in refused(
        capsys, "study", "restore", path, "--backup", made
    )
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", COORDINATORS_PASSWORD)
    lost = "Mind: Anna Berg: named after the backup was made, and not known here"
    text = ran(capsys, "study", "restore", path, "--backup", made)
    assert (
        lost in text and "nobody was asked" not in text and lost[6:] in ran(capsys, "study", "status", path)
    )


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_a_trail_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, table = folder / "trail.pdf", folder / "trail.csv"
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", table)
    ran(capsys, "kit", "audit", folder / "A1.kit", "--out", out)
    columns, (first, *_, last) = read_csv(table)
    words = ["pdftotext", "-layout", str(out), "-"]
    printed = " ".join(subprocess.run(words, capture_output=True, text=True, check=True).stdout.split())
    # the second listing tells that there was a first
    assert "12 of 12 records" in printed and last[columns.index("sequence")] == "11"
    for row in (first, last):
        assert f"{row[0]} {row[1]} {row[2]}" in printed
    assert "edit: set_answer" in printed and "margin_conspicuity" in printed
    assert "already exists" in refused(capsys, "kit", "audit", folder / "A1.kit", "--out", out)


def test_what_is_left_of_a_damaged_kit_is_written_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit_path, out = folder / "A1.kit", folder / "rescued"
    assert "is whole" in refused(capsys, "kit", "rescue", kit_path, "--out", out) and not out.exists()
    with Kit.open(kit_path) as kit:
        key = kit.key_fingerprint
    file = kit_path / "kit.sqlite"
    # where the trail begins
    damaged = damage(file, b'{"action":"deal"')
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


def damage(file: Path, content: bytes) -> bytes:
    """Lose the page on which a content lies for the last time; return what is left."""
    whole = file.read_bytes()
    page = whole.rindex(content) // 4096 * 4096
    left = whole[:page] + b"\xa5" * 4096 + whole[page + 4096 :]
    file.write_bytes(left)
    return left


def test_a_damaged_kit_is_rescued_by_its_rater_or_the_coordinator(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit_path, study, out = folder / "A1.kit", folder / "study", folder / "rescued"
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[1].alias, sign=False)
        signed, under_way = (case.alias for case in kit.cases()[:2])
    ran(capsys, "study", "password", study)
    file = kit_path / "kit.sqlite"
    damage(file, b'{"action":"deal"')
    rescue = ("kit", "rescue", kit_path, "--out", out, "--force")

    def seen(*words: object) -> set[str]:
        ran(capsys, *rescue, *words)
        found = {row[0] for name in ("answers.csv", "signed_answers.csv") for row in read_csv(out / name)[1]}
        assert found >= {row[1] for row in read_csv(out / "regions.csv")[1]}
        return found

    assert seen() == {signed, under_way}
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", "somebody else's")
    assert "not the password" in refused(capsys, *rescue)
    tried = [json.loads(line)["action"] for line in (kit_path / "rescue.jsonl").read_text().splitlines()]
    assert tried == ["rescue", "wrong_password"]
    # the coordinator never sees what nobody has signed
    assert "only with a reason" in refused(capsys, *rescue, "--study", study)
    assert seen("--study", study, "--reason", "the disk failed") == {signed}
    told = details(out / "audit.csv", "edit")
    assert 0 < told.count({"withheld": True}) < len(told)
    with Study.open(study) as opened:
        told = [r.values for r in opened.audit_records()]
    newest = [values for values in told if values["action"] == "rescue"][-1]
    assert newest["reason"] == "the disk failed" and newest["sha256"] == sha256(file)
    # before all is in it is a look
    assert [values["shown"] for values in told if values["action"] == "key"] == ["rescue"]
    assert (out / "evidence" / "rescue.jsonl").is_file()
    # one that shows no signed case again shows none now
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", RATERS_PASSWORD)
    without_triggers(kit_path, "UPDATE kit SET closes_signed = 1")
    assert seen() == {under_way}


def test_a_kit_too_damaged_for_a_password_is_the_coordinators(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kit_path, study, out = folder / "A1.kit", folder / "study", folder / "rescued"
    ran(capsys, "study", "password", study)
    with Kit.open(kit_path) as kit:
        (alias,) = (case.alias for case in kit.cases() if case.status == "signed")
    damage(kit_path / "kit.sqlite", b'{"iterations":')
    rescue = ("kit", "rescue", kit_path, "--out", out)
    assert "can no longer be checked" in refused(capsys, *rescue)
    told = json.loads(ran(capsys, *rescue, "--study", study, "--reason", "its key is lost", "--json"))
    # without the key nothing vouches for what is there; what is there is written all the same
    assert "rater_keys" in told["damaged"] and (told["signatures"], told["holding"]) == (1, 0)
    assert {row[0] for row in read_csv(out / "answers.csv")[1]} == {alias}
