"""The log tells what was run and how it ended, and of nobody; it does not grow without end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import logs
from app.cli import run


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(logs, "user_log_path", lambda *_, **__: tmp_path)
    return tmp_path


def test_a_command_leaves_a_line_without_what_was_typed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["kit", "verify", "mouse-7 of the vehicle group.kit"]) == 1
    (line,) = (folder / "ferroread.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["what"], told["command"], told["status"], told["error"]) == ("ended", "kit", 1, "StoreError")
    assert "mouse" not in line and "vehicle" not in line


def test_the_log_turns_over(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_LARGEST_BYTES", 500)
    for number in range(60):
        logs.write_line("ended", {"number": number})
    files = sorted(path.name for path in folder.iterdir())
    assert files == ["ferroread.jsonl", *(f"ferroread.jsonl.{number}" for number in range(1, 6))]
    assert all(path.stat().st_size <= 500 for path in folder.iterdir())


def test_where_no_log_can_be_written_the_program_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ferroread.jsonl").mkdir()
    monkeypatch.setattr(logs, "user_log_path", lambda *_, **__: tmp_path)
    logs.write_line("ended", {})
