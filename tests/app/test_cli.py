"""The command line's promises: exit status, one line of error, JSON that any program can read."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app import cli
from app.commands import Outcome
from core.errors import InputError
from core.progress import Progress

ROOT = Path(__file__).resolve().parents[2]


def command(monkeypatch: pytest.MonkeyPatch, act: object) -> None:
    """Let the command `inspect` do `act`."""
    module = ModuleType("app.commands.inspect")
    module.configure = lambda parser: parser.add_argument("--json", action="store_true")

    def run(args: object, progress: object) -> Outcome:
        if isinstance(act, BaseException):
            raise act
        assert isinstance(act, Outcome)
        return act

    module.run = run
    monkeypatch.setitem(sys.modules, "app.commands.inspect", module)


def test_json_has_no_nan(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command(monkeypatch, Outcome({"value": float("nan"), "list": [float("inf"), 1.5], "name": "Müller"}))
    assert cli.run(["inspect", "--json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out, parse_constant=pytest.fail) == {
        "value": None,
        "list": [None, 1.5],
        "name": "Müller",
    }


def test_an_app_error_is_one_line_and_status_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command(monkeypatch, InputError("the table\n  has no column rater"))
    assert cli.run(["inspect"]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "ferroread: the table has no column rater\n"


def test_a_bug_shows_no_traceback_and_its_report_no_values(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("app.messages.user_log_path", lambda *args, **kwargs: tmp_path)
    command(monkeypatch, ZeroDivisionError("Mouse Mickey, born 2020"))
    assert cli.run(["inspect"]) == 1
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert "bug in FerroRead" in err
    [report] = tmp_path.iterdir()
    assert "ZeroDivisionError" in report.read_text()
    assert "Mickey" not in report.read_text() + err


def test_ctrl_c_is_said_and_not_traced(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command(monkeypatch, KeyboardInterrupt())
    assert cli.run(["inspect"]) == 130
    assert "nothing half-written" in capsys.readouterr().err


def test_a_full_disk_is_the_surroundings_not_a_bug(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command(monkeypatch, OSError(28, "No space left on device", "map.nii"))
    assert cli.run(["inspect"]) == 1
    assert capsys.readouterr().err == (
        "ferroread: map.nii: No space left on device; check the place and try again\n"
    )


def test_paths_alone_are_opened_unless_they_are_named_like_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[str, list[Path]]] = []

    def seen(args: argparse.Namespace, progress: Progress) -> Outcome:
        asked.append((args.module, args.opened))
        return Outcome()

    monkeypatch.setattr(cli, "carry_out", seen)
    monkeypatch.chdir(tmp_path)
    for name in ("one.kit", "doctor", "scan"):
        Path(name).mkdir()
    assert cli.run(["one.kit"]) == cli.run(["one.kit", "scan"]) == cli.run(["doctor"]) == cli.run([]) == 0
    both = [Path("one.kit"), Path("scan")]
    assert asked == [("start", both[:1]), ("start", both), ("doctor", []), ("start", [])]
    with pytest.raises(SystemExit) as ended:
        cli.run(["two.kit"])
    assert ended.value.code == 2 and "two.kit" in capsys.readouterr().err


def test_wrong_usage_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.run(["no-such-command"])
    assert exit_.value.code == 2
    assert "no-such-command" in capsys.readouterr().err


@pytest.mark.parametrize("name", sorted(cli.COMMANDS))
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.run([name, "--help"])
    assert exit_.value.code == 0
    assert cli.COMMANDS[name][1] in " ".join(capsys.readouterr().out.split())


def test_help_needs_no_heavy_library() -> None:
    heavy = {"numpy", "numba", "vtk", "SimpleITK", "PySide6", "pydicom"}
    check = f"import sys, app.cli; app.cli.build_parser([]); sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False).returncode == 0
