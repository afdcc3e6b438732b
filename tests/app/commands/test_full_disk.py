"""Whatever a command writes, a disk without room ends it in one line, and what was there before stays whole.

The system itself refuses to let a file grow beyond a size, the databases too; the size goes from nothing to
where the command succeeds, so that one file after the other is the one that finds no room.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import takewhile
from pathlib import Path

import pytest

from app.cli import run
from core.study.kit import Kit
from core.study.store import Study
from tests.app.commands.coordinator import VISITS, write_scan, write_tables
from tests.core.study.conftest import read_case
from tests.signing import RATERS_PASSWORD, sign_as_rater

resource = pytest.importorskip("resource", reason="Windows has no such limits")
# bytes that a file may have: nothing, a line, some pages of a database, pictures, all
ROOM = (0, 600, 9_000, 60_000, 200_000, 1_000_000, 100_000_000)
COMMANDS = {
    "map": "map scans/mouse-1/24h --field 3 --calibration calibration.json --r2star0 25 --out new",
    "calibrate": "calibrate --table vials.csv --field 3 --agent MNP --matrix agar --out new",
    "create": "study create new --name Iron",
    "add": "study add study --manifest more.csv --icpms more-icpms.csv",
    "deal": "kit make study --rater Ben --out new",
    "collect": "study collect study Ann.kit",
    "backup": "study backup study",
    "export": "study export study --out new --nifti",
    "audit": "study audit study --out new",
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with scans, tables, a study and a kit that was collected, and corrected since."""
    folder = tmp_path_factory.mktemp("kept")
    for number, (subject, _, visit, iron) in enumerate(VISITS):
        write_scan(folder / "scans" / subject / visit.replace(" ", ""), iron, 10 * number)
    write_scan(folder / "scans" / "mouse-2", 0.2, 30)
    write_tables(folder)
    (folder / "more.csv").write_text("path,subject,group,visit,field_t\nscans/mouse-2,mouse-2,MNP,24 h,3\n")
    (folder / "more-icpms.csv").write_text("subject,visit,iron_ug_per_g\nmouse-2,24 h,11\n")
    (folder / "vials.csv").write_text("iron_mmol_per_l,r2star_per_s\n0,5\n0.2,25\n0.4,45\n0.8,85\n")
    tables = "--manifest manifest.csv --reference reference.csv --icpms icpms.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert run(["study", "create", "study", "--name", "Iron"]) == 0
        assert run(f"study add study {tables} --calibration calibration.json".split()) == 0
        assert run(["kit", "make", "study", "--rater", "Ann", "--out", "Ann.kit"]) == 0
        with Kit.open(Path("Ann.kit")) as kit:
            for case in kit.cases():
                read_case(kit, case.alias)
        assert run(["study", "collect", "study", "Ann.kit"]) == 0
        with Kit.open(Path("Ann.kit")) as kit:
            kit.correct(case.alias, "a slip", RATERS_PASSWORD)
            sign_as_rater(kit, case.alias)
    return folder


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, in this program and in those that it starts."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def held(folder: Path) -> dict[str, bytes]:
    """Return every file by its name, but the databases and what SQLite keeps beside them."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".sqlite" not in path.name
    }


def facts(folder: Path) -> tuple[object, ...]:
    """Return what the study holds, checked whole."""
    with Study.open(folder / "study") as study:
        study.verify()
        readings = [(each.alias, each.version) for each in study.signed_readings()]
        return study.scans(), study.icpms(), study.targets(), study.kits(), readings


def refused_at(words: str, size: int, capsys: pytest.CaptureFixture[str]) -> bool:
    """Run a command where files may have so many bytes; tell whether it found no room."""
    before, known = held(Path()), facts(Path())
    with room_for(size):
        status = run(words.split())
    out, err = capsys.readouterr()
    assert status in (0, 1), err
    if status == 0:
        return False
    assert out == "" and err.count("\n") == 1 and "Traceback" not in err, err
    assert (held(Path()), facts(Path())) == (before, known)
    return True


@pytest.fixture
def here(kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work goes on in a copy of the folder."""
    shutil.copytree(kept, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")


def run_out_of_room(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run a command with more and more room, until it succeeds."""
    refused = list(takewhile(lambda size: refused_at(words, size, capsys), ROOM))
    # with no room it fails, with enough it does what it is to do
    assert 0 < len(refused) < len(ROOM)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_finds_no_room_changes_nothing(
    here: None, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    run_out_of_room(COMMANDS[command], capsys)


@pytest.mark.soak
def test_an_analysis_that_finds_no_room_keeps_the_earlier_one(
    here: None, capsys: pytest.CaptureFixture[str]
) -> None:
    run_out_of_room("study analyse study --out new", capsys)
    run_out_of_room("study analyse study --out new --force", capsys)
