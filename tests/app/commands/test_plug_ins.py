"""Plug-ins from outside the tree: each kind at work, broken ones told, and none in a rater's program."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import nibabel
import numpy as np
import pytest

from app.commands import doctor
from core import plug_ins
from readers.formats import forget_added
from tests.app.commands.coordinator import ran, refused, write_scan, write_tables

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "tests" / "plugin_example"
SOURCE = "ferroread-example 1.2"
TE_MS, R2STAR = (2.0, 6.0, 10.0), 120.0


def install(target: Path, package: str, version: str, points: dict[str, dict[str, str]], module: str) -> None:
    """Lay a package where Python finds it, as `pip install --target` does."""
    (target / f"{package.replace('-', '_')}.py").write_text(module, encoding="utf-8")
    noted = target / f"{package.replace('-', '_')}-{version}.dist-info"
    noted.mkdir()
    (noted / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    lines = [
        f"[{kind}]\n" + "\n".join(f"{k} = {v}" for k, v in named.items()) for kind, named in points.items()
    ]
    (noted / "entry_points.txt").write_text("\n".join(lines) + "\n")


def install_example(target: Path) -> None:
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    module = (EXAMPLE / "ferroread_example.py").read_text()
    install(target, project["name"], project["version"], project["entry-points"], module)


BROKEN = """
import core.plug_ins
def fails(*_):
    raise ZeroDivisionError("CANARY of a subject")
number = 7
"""


def install_broken(target: Path) -> None:
    install(
        target,
        "broken-ones",
        "0.1",
        {
            "ferroread.formats": {"number": "broken_ones:number", "gone": "no_such_module:x"},
            "ferroread.fit_methods": {"nlls": "broken_ones:fails", "fails": "broken_ones:fails"},
            "ferroread.protocols": {"fails": "broken_ones:fails"},
            "ferroread.exports": {"fails": "broken_ones:fails"},
        },
        BROKEN,
    )


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder on Python's path in which plug-ins can be installed."""
    target = tmp_path / "site"
    target.mkdir()
    monkeypatch.syspath_prepend(str(target))
    _forget()
    yield target
    monkeypatch.undo()
    for name in ("ferroread_example", "broken_ones"):
        sys.modules.pop(name, None)
    _forget()


def _forget() -> None:
    plug_ins.forget()
    forget_added()


def write_example(path: Path) -> np.ndarray:
    """A file of the example's format, of one R2*."""
    shape = (2, 8, 9)
    first = {"shape": shape, "te_ms": TE_MS, "field_t": 3.0}
    decay = np.exp(-np.array(TE_MS) * 1e-3 * R2STAR)
    values = np.rint(decay[:, None, None, None] * np.full(shape, 4000.0)).astype("<u2")
    path.write_bytes(b"EXAMPLE1 " + json.dumps(first).encode() + b"\n" + values.tobytes())
    return values


def test_a_plug_ins_format_is_read_and_its_method_fits(
    installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan, maps = tmp_path / "scan.example", tmp_path / "maps"
    write_example(scan)
    assert "no image file that FerroRead knows" in refused_inspect(capsys, scan)
    install_example(installed)
    _forget()
    (series,) = json.loads(ran(capsys, "inspect", scan, "--json"))["series"]
    assert (series["plug_in"], series["shape"], series["te_ms"]) == (SOURCE, [2, 8, 9], list(TE_MS))
    assert series["fit_for_r2star"]

    words = ("map", scan, "--out", maps, "--mask", "none", "--noise", "5", "--method")
    told = json.loads(ran(capsys, *words, "two_point", "--json"))
    assert (told["method"], told["plug_ins"]) == ("two_point", [SOURCE])
    assert json.loads((maps / "map.json").read_text())["plug_ins"] == [SOURCE]
    r2star = nibabel.load(maps / "r2star_per_s.nii.gz").get_fdata()
    assert r2star == pytest.approx(R2STAR, rel=1e-3)
    own = json.loads(ran(capsys, *words, "nlls", "--force", "--json"))
    assert own["plug_ins"] == [SOURCE]  # of the format alone
    assert "truncate serves" in refused(capsys, *words, "two_point", "--truncate", "--force", status=2)


def refused_inspect(capsys: pytest.CaptureFixture[str], path: Path) -> str:
    from app.cli import run

    assert run(["inspect", str(path)]) == 1
    return capsys.readouterr().err


@pytest.fixture
def study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    for subject, _, visit, iron in (("mouse-1", "", "baseline", 0.0), ("mouse-1", "", "24h", 0.4)):
        write_scan(tmp_path / "scans" / subject / visit, iron, 1)
    write_tables(tmp_path)
    ran(capsys, "study", "create", tmp_path / "my.study", "--name", "Iron")
    manifest = ("--manifest", tmp_path / "manifest.csv", "--calibration", tmp_path / "calibration.json")
    ran(capsys, "study", "add", tmp_path / "my.study", *manifest)
    return tmp_path / "my.study"


def test_its_protocol_is_dealt_and_its_export_written(
    installed: Path, study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install_example(installed)
    install_broken(installed)
    _forget()
    images = tmp_path / "images"
    told = json.loads(ran(capsys, "study", "export", study, "--out", images, "--json"))
    kind = f"listing ({SOURCE})"
    assert told["files"][kind] == 1
    # another's failure is told in a line of its own, without what it said, and leaves nothing behind
    (failed,) = told["failed"]
    assert "fails of broken-ones 0.1 failed (ZeroDivisionError)" in failed and "CANARY" not in failed
    listing = images / "plug-ins" / "listing" / "sha256.txt"
    assert len(listing.read_text().splitlines()) == len(list(images.rglob("*.dcm"))) > 0
    assert not (images / "plug-ins" / "fails").exists()
    with (images / "objects.csv").open(newline="") as stream:
        (row,) = [row for row in csv.DictReader(stream) if row["object"] == kind]
    assert row["path"] == "plug-ins/listing/sha256.txt"

    make = ("kit", "make", study, "--rater", "Ann", "--out")
    dealt = json.loads(ran(capsys, *make, tmp_path / "a.kit", "--protocol", "one-question", "--json"))
    assert (dealt["protocol"], dealt["plug_in"]) == ("one-question", SOURCE)
    told_off = refused(capsys, *make, tmp_path / "b.kit", "--protocol", "fails")
    assert "fails of broken-ones 0.1 failed (ZeroDivisionError)" in told_off
    assert "cannot be read as a protocol" in refused(capsys, *make, tmp_path / "b.kit", "--protocol", "none")


def test_broken_plug_ins_are_told_in_a_line_each_and_take_nothing_down(
    installed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    install_broken(installed)
    _forget()
    scan = write_scan(tmp_path / "scan", 0.2, 1) / "mge"
    assert len(json.loads(ran(capsys, "inspect", scan, "--json"))["series"]) == 1
    said = [record.getMessage() for record in caplog.records]
    assert sorted(said) == [
        "the plug-in gone of broken-ones 0.1 is left out: it cannot be imported (ModuleNotFoundError); "
        "update or uninstall it",
        "the plug-in number of broken-ones 0.1 is left out: it is no readers.formats.Format; "
        "update or uninstall it",
    ]
    words = ("map", scan, "--out", tmp_path / "maps", "--method")
    assert "failed (ZeroDivisionError)" in refused(capsys, *words, "fails")
    # FerroRead's own method is not replaced by one of its name
    told = json.loads(ran(capsys, *words, "nlls", "--json"))
    assert told["method"] == "nlls" and "plug_ins" not in told
    assert "CANARY" not in caplog.text


def test_the_doctor_lists_plug_ins(
    installed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_opengl_version", lambda: "4.5")
    install_example(installed)
    _forget()
    listed = {each["what"]: each for each in json.loads(ran(capsys, "doctor", "--json"))["checks"]}
    for name in (
        "example (formats)",
        "two_point (fit methods)",
        "one-question (protocols)",
        "listing (exports)",
    ):
        assert listed[f"plug-in {name}"] == {"what": f"plug-in {name}", "good": True, "found": SOURCE}
    install_broken(installed)
    _forget()
    from app.cli import run

    assert run(["doctor", "--json"]) == 1
    bad = [each["what"] for each in json.loads(capsys.readouterr().out)["checks"] if not each["good"]]
    assert bad == ["plug-in gone (formats)"]


def test_a_raters_program_loads_no_plug_in(tmp_path: Path) -> None:
    install_example(tmp_path)
    names = "('core.plug_ins', 'ferroread_example')"
    code = f"import sys, app.reading.window; print(*(name in sys.modules for name in {names}))"
    path = {"PYTHONPATH": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ended.stdout.split() == ["False", "False"]


def test_the_example_is_what_pip_would_install() -> None:
    declared = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())
    assert set(declared["project"]["entry-points"]) == {f"ferroread.{kind}" for kind in plug_ins.KINDS}
    assert declared["tool"]["setuptools"]["py-modules"] == ["ferroread_example"]
