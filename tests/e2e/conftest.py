"""The demo, run once as a person would run it, for every test that looks at its result."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]


def ferroread(*words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command as it is typed."""
    command = [sys.executable, str(ROOT / "main.py"), *map(str, words)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `make frozen` makes, with the script that works as a rater as a program of its own.

    FERROREAD_FROZEN names one that is there already, made with FERROREAD_ALSO=tests/e2e/rater_at_work.py.
    """
    if made := os.environ.get("FERROREAD_FROZEN"):
        return Path(made)
    out = tmp_path_factory.mktemp("frozen")
    script = Path(__file__).with_name("rater_at_work.py")
    words = ["make", "frozen", f"DIST={out}", f"PYTHON={sys.executable}"]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "FERROREAD_ALSO": str(script)}, check=True)
    return out / "ferroread"


@pytest.fixture(scope="session", params=["3", pytest.param("3,0.064", marks=pytest.mark.soak)])
def demo(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any], str]:
    """The demo's folder, what `demo --json` printed, and what it told on the way: of 3 T; of both fields."""
    out = tmp_path_factory.mktemp("demo") / "demo-output"
    ended = ferroread("demo", "--fields", request.param, "--out", out, "--json")
    assert ended.returncode == 0, ended.stderr
    return out, json.loads(ended.stdout), ended.stderr
