"""A study on a server at the command line: moved there, kits served, fetched, delivered and collected."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.study.kit import Kit
from tests.app.commands.coordinator import ran, refused
from tests.core.study.conftest import dealt, protocol, read_case
from tests.server import PASSWORD, Cluster

__all__ = ("dealt", "protocol")


def told(capsys: pytest.CaptureFixture[str], *words: object) -> Any:
    """Run a command that must succeed; return what it says as JSON."""
    return json.loads(ran(capsys, *words, "--json"))


def test_a_study_is_moved_served_read_and_collected(
    server: Cluster, dealt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(dealt, tmp_path / "all")
    study, kit = tmp_path / "all" / "study", tmp_path / "all" / "A1.kit"
    there = tmp_path / "there"
    moved = told(capsys, "study", "move", study, there, "--server", server.database("commanded"))
    assert moved["rows"] > 20 and moved["kept"] == str(study / "study.sqlite.moved")
    assert "is not a study" in refused(capsys, "study", "status", study)
    assert told(capsys, "study", "status", there)["name"] == "Iron in mice"

    server.sql(f"CREATE ROLE r_77aa LOGIN PASSWORD '{PASSWORD}'")
    served = told(capsys, "kit", "serve", there, kit, "--role", "r_77aa")
    assert (served["rater"], served["session"], served["role"]) == ("Rater A", 1, "r_77aa")
    fetch = ("kit", "fetch", server.url("commanded", "r_77aa"), "--out", tmp_path / "mine")
    (own,) = told(capsys, *fetch)["fetched"]
    assert told(capsys, *fetch) == {"fetched": [], "known": [own]}
    with Kit.open(Path(own)) as opened:
        read_case(opened, opened.cases()[0].alias)
    assert told(capsys, "kit", "deliver", own)["pages"] > 0
    assert told(capsys, "kit", "deliver", own)["pages"] == 0
    assert "came from no server" in refused(capsys, "kit", "deliver", kit)
    assert "run `study collect` first" in refused(capsys, "study", "move", there, tmp_path / "back")
    (taken,) = told(capsys, "study", "collect", there)["kits"]
    assert (taken["rater"], taken["taken"], taken["unsigned"]) == ("Rater A", 1, 3)
    assert told(capsys, "study", "verify", there)["readings"] == 1

    back = tmp_path / "back"
    told(capsys, "study", "move", there, back)
    assert "name the kits that came back" in refused(capsys, "study", "collect", back, status=2)
    assert told(capsys, "study", "verify", back)["readings"] == 1


def test_a_new_study_begins_on_a_server(
    server: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "correct horse")
    made = told(
        capsys, "study", "create", tmp_path / "s", "--name", "New", "--server", server.database("begun")
    )
    assert made["name"] == "New"
    assert PASSWORD not in (tmp_path / "s" / "study.server").read_text(encoding="utf-8")
    backup = told(capsys, "study", "backup", tmp_path / "s")["backup"]
    assert Path(backup).is_file()
    assert "has its database on a server" in refused(
        capsys, "study", "restore", tmp_path / "s", "--backup", backup
    )
