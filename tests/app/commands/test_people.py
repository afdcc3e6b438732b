"""People of a study at the command line: named, logged in with --as, retired."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from core.study.password import set_password
from core.study.store import Study
from tests.app.commands.coordinator import ran, refused
from tests.signing import CHEAP

OWNERS, OWN, GIVEN, CHOSEN = "correct horse", "blue old lantern", "green tall heron", "yet another one"


def test_people_are_named_log_in_and_retire(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tmp_path / "study"
    with Study.create(study, "Iron in mice") as made:
        set_password(made, OWNERS, cost=CHEAP)

    def people(*words: str, typed: tuple[str, ...] = ()) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        return ran(capsys, "study", "people", *words)

    def wrong(*words: object, typed: tuple[str, ...] = ()) -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        return refused(capsys, *words)

    assert "the study has one owner" in people("list", str(study))
    assert "leave --as out" in wrong("study", "status", study, "--as", "Anna", typed=(OWN,))
    anna = ("--as", "Anna Berg")
    people("add", str(study), "Anna Berg", "--role", "coordinator", typed=(OWNERS, OWN))
    people("add", str(study), "Petra Lind", "--role", "physicist", *anna, typed=(OWN, OWN, GIVEN))
    assert "log in as one of them with --as NAME" in wrong("study", "status", study)
    assert "not the password" in wrong("study", "status", study, *anna, typed=(GIVEN,))
    monkeypatch.setenv("FERROREAD_PERSON_PASSWORD", GIVEN)
    petra = ("--as", "petra lind")
    assert "choose one of your own" in wrong("study", "status", study, *petra)
    people("password", str(study), *petra, typed=(CHOSEN,))
    monkeypatch.setenv("FERROREAD_PERSON_PASSWORD", CHOSEN)
    assert "0 scans" in ran(capsys, "study", "status", study, *petra)
    told = wrong("study", "audit", study, "--out", tmp_path / "trail.csv", *petra)
    assert "reading the audit trail takes a coordinator; Petra Lind is here as a physicist" in told
    assert not (tmp_path / "trail.csv").exists()
    monkeypatch.setenv("FERROREAD_PERSON_PASSWORD", OWN)
    ran(capsys, "study", "audit", study, "--out", tmp_path / "trail.csv", *anna, "--who", "Petra Lind")
    assert '"what"":""trail"' in (tmp_path / "trail.csv").read_text(encoding="utf-8-sig")
    people("password", str(study), "--of", "Petra Lind", *anna, typed=(GIVEN,))
    people("retire", str(study), "Petra Lind", *anna)
    listed = json.loads(people("list", str(study), "--json"))["people"]
    assert [(each["name"], each["role"], each["state"]) for each in listed] == [
        ("Anna Berg", "coordinator", ""), ("Petra Lind", "physicist", "retired"),
    ]  # fmt: skip
    assert "nobody of that name" in wrong("study", "status", study, *petra)
