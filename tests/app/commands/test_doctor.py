"""What a computer offers is told; what would get in the way is named, and ends with status 1."""

from __future__ import annotations

import json
import re
import shutil
from collections import namedtuple

import pytest

from app.cli import run
from app.commands import doctor
from core.study.database import Database


def told(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, dict[str, object]]]:
    status = run(["doctor", "--json"])
    found = json.loads(capsys.readouterr().out)
    return status, {each["what"]: each for each in found["checks"]}


def test_opengl_is_that_of_a_program_of_its_own() -> None:
    assert re.match(r"[34]\.\d", doctor._opengl_version())


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """OpenGL is another program's, which takes seconds to start."""
    monkeypatch.setattr(doctor, "_opengl_version", lambda: "4.5 (Core Profile)")


def test_a_sound_computer_is_said_to_be_one(drawn: None, capsys: pytest.CaptureFixture[str]) -> None:
    status, checks = told(capsys)
    assert status == 0 and all(check["good"] for check in checks.values())
    assert {"FerroRead", "SQLite", "file locks", "free space", "kernel cache", "OpenGL", "vtk"} <= set(checks)
    assert checks["file locks"]["found"] == "a second program is kept out"
    assert run(["doctor"]) == 0 and "look here" not in capsys.readouterr().out


def test_what_gets_in_the_way_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 2**20))
    monkeypatch.setattr(doctor, "_opengl_version", lambda: "")
    monkeypatch.setattr(doctor, "_LIBRARIES", ("no such library",))

    class Open:
        def close(self) -> None:
            pass

    monkeypatch.setattr(Database, "open", lambda *_: Open())
    status, checks = told(capsys)
    bad = {name for name, check in checks.items() if not check["good"]}
    assert status == 1 and bad == {"free space", "OpenGL", "no such library", "file locks"}
    assert "let in" in str(checks["file locks"]["found"])
