"""What `make frozen` makes runs without Python, reads the demo kit, and says what it is made of."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core.version import program_version

pytestmark = pytest.mark.soak


# as the demo comes
whole_demo = pytest.mark.parametrize("demo", ["3,0.064"], indirect=True)


def told(frozen: Path, home: Path, *words: str) -> Any:
    """Run a command of the frozen program on an account of its own; what it says as JSON."""
    ended = subprocess.run(
        [frozen / "ferroread", *words, "--json"],
        env={"HOME": str(home), "PATH": os.defpath, "QT_QPA_PLATFORM": "offscreen"},
        cwd=home, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_all_that_it_needs_is_in_it(frozen: Path, tmp_path: Path) -> None:
    found = {check["what"]: check for check in told(frozen, tmp_path, "doctor")["checks"]}
    assert all(check["good"] for check in found.values())
    # of the same code to the last line of what computes
    assert found["FerroRead"]["found"] == program_version()


@whole_demo
def test_the_demo_kit_is_read_and_analysed(frozen: Path, tmp_path: Path, demo: tuple[Path, Any, str]) -> None:
    _, as_sources, _ = demo
    assert told(frozen, tmp_path, "demo", "--out", str(tmp_path / "demo"))["tables"] == as_sources["tables"]


@whole_demo
def test_a_cohort_is_mapped_by_workers_that_it_starts(
    frozen: Path, tmp_path: Path, demo: tuple[Path, Any, str]
) -> None:
    lines = (demo[0] / "scans" / "manifest.csv").read_text(encoding="utf-8").splitlines()
    manifest = demo[0] / "scans" / "two.csv"
    manifest.write_text("\n".join(lines[:3]) + "\n", encoding="utf-8")
    words = ("map", "--manifest", str(manifest), "--out", str(tmp_path / "maps"), "--workers", "2")
    assert told(frozen, tmp_path, *words)["done"] == 2
    assert len(list((tmp_path / "maps").glob("*/r2star_per_s.nii.gz"))) == 2


def test_its_bill_names_every_library_with_a_licence(frozen: Path) -> None:
    bill = json.loads((frozen / "ferroread.cdx.json").read_text(encoding="utf-8"))
    libraries = [part for part in bill["components"] if part["type"] == "library"]
    inside = {re.split(r"-\d", path.stem)[0] for path in (frozen / "_internal").glob("*.*-info")}
    named = [plain(part["name"]) for part in libraries]
    assert len(named) == len(set(named)) > 50 and set(named) | {"ferroread"} == set(map(plain, inside))
    assert all(part["licenses"] for part in libraries)
    assert "vtk" in named and (frozen / "licences" / "vtk").is_dir()


def plain(name: str) -> str:
    """Return a library's name as the index of packages writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()
