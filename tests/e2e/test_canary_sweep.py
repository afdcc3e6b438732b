"""Raters read on a real display, the third one too, and a coordinator works: no canary comes to light."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from core.reading.edits import SetAnswer
from core.reading.roi_edits import EditRoi
from core.study.kit import Kit
from tests.core.study.test_serving import sql_of_the_document
from tests.e2e.canaries import WORD, Canaries, content_of, done, planted_study
from tests.e2e.conftest import ROOT
from tests.server import PASSWORD as SERVERS
from tests.server import cluster
from tests.signing import sign_as_rater

PROTOCOL = ROOT / "resources" / "protocols" / "tumour-and-nodes.yaml"
OTHER = PROTOCOL.with_name("tumour-conspicuity.yaml")
CONDUCT = """
training: {pass: 0.0, rounds: 1}
guess: {group: [vehicle, MNP]}
"""
# what is looked at of a process's memory in one go
_PIECE, _OVERLAP = 2**20, 256

PASSWORD = "correct horse"

pytestmark = pytest.mark.soak


@dataclass
class Swept:
    """What was searched, and what was found of canaries, by channel."""

    found: dict[str, set[str]] = field(default_factory=dict)
    searched: dict[str, int] = field(default_factory=dict)  # bytes

    def look(self, channel: str, data: bytes, look: Callable[[bytes], list[str]]) -> None:
        self.searched[channel] = self.searched.get(channel, 0) + len(data)
        self.found.setdefault(channel, set()).update(look(data))


@pytest.fixture(scope="module")
def display() -> None:
    for program, package in (("xvfb-run", "xvfb"), ("tesseract", "tesseract-ocr")):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not there; on Debian: apt-get install {package}")
    if not Path("/proc/self/mem").exists():
        pytest.skip("this system shows no process's memory as a file")


@pytest.fixture(scope="module")
def canaries() -> Canaries:
    return Canaries()


@pytest.fixture(scope="module")
def planted(canaries: Canaries, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of sources and study, full of canaries, and a kit with training, reading and guess."""
    root = tmp_path_factory.mktemp("planted")
    trained, group = canaries.text("subject"), "MNP"
    who = [(canaries.text("subject"), "vehicle")] * 2 + [(trained, group)]
    study = planted_study(root, canaries, who)
    protocol, answers = root / "protocol.yaml", root / "answers.csv"
    protocol.write_text(PROTOCOL.read_text(encoding="utf-8") + CONDUCT, encoding="utf-8")
    line = f"{trained},margin_conspicuity,3,Look at the lower border.\n"
    answers.write_text(f"subject,question,value,text\n{line}", encoding="utf-8")
    done("study", "training", study, "--subjects", trained, "--answers", answers)
    kit = tmp_path_factory.mktemp("raters") / "one.kit"
    done("kit", "make", study, "--rater", "Dr Example", "--out", kit, "--protocol", protocol)
    done(
        "kit", "make", study, "--rater", "Dr Other", "--out", kit.with_name("other.kit"), "--protocol", OTHER
    )
    return root, kit


@pytest.fixture(scope="module")
def fetched(planted: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The other protocol's kit as its rater fetches it from a server on which all of the study lies."""
    root, kit = planted
    (source,) = (path.parent for path in root.rglob("study.sqlite"))
    study = shutil.copytree(source, tmp_path_factory.mktemp("moved") / source.name)
    server = cluster()
    try:
        for database, block in zip(("postgres", "swept"), sql_of_the_document(), strict=True):
            for statement in block.replace("iron_study", "swept").split(";\n"):
                server.sql(statement, database)
        server.sql(f"CREATE ROLE r_51c0 LOGIN PASSWORD '{SERVERS}' IN ROLE swept_raters")
        there, owner = study.with_name("there"), server.url("swept", "swept_owner")
        done("study", "move", study, there, "--server", owner, PGPASSWORD=SERVERS)
        done("kit", "serve", there, kit.with_name("other.kit"), "--role", "r_51c0", PGPASSWORD=SERVERS)
        folder = tmp_path_factory.mktemp("fetched")
        done("kit", "fetch", server.url("swept", "r_51c0"), "--out", folder, PGPASSWORD=SERVERS)
        (got,) = folder.glob("*.kit")
        yield got
    finally:
        server.remove()


def memory_of(pid: int) -> Iterator[bytes]:
    """Give what a process has in memory and can write to, in pieces: what a core dump holds."""
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            places, rights, *_ = line.split()
            if not rights.startswith("rw") or "/dev/" in line:
                continue
            start, end = (int(place, 16) for place in places.split("-"))
            for at in range(start, end, _PIECE):
                try:
                    memory.seek(at)
                    piece = memory.read(min(_PIECE + _OVERLAP, end - at))
                except (OSError, ValueError, OverflowError):
                    break  # a part that the system shows to nobody
                if piece.count(0) < len(piece):  # nearly half of it was never written to
                    yield piece


def letters_of(shot: Path) -> str:
    """Return what can be read on a picture of the screen."""
    words = ["tesseract", str(shot), "-", "--psm", "11"]
    ended = subprocess.run(
        words, capture_output=True, text=True, check=True, env={**os.environ, "OMP_THREAD_LIMIT": "1"}
    )
    return ended.stdout


def read_words(canaries: Canaries) -> Callable[[bytes], list[str]]:
    """Canaries as they are read from a picture, where one of a canary's first letters may be misread."""
    start = WORD.lower()
    misread = [start, *(f"{start[:n]}.{start[n + 1 :]}" for n in range(len(start)))]
    pattern = re.compile("|".join(misread))

    def look(data: bytes) -> list[str]:
        joined = data.decode().lower().replace(" ", "")
        return [*canaries.words_in(data), *pattern.findall(joined)]

    return look


@pytest.fixture(scope="module")
def adjudicated(
    canaries: Canaries, planted: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """A study that two raters with canaries for names have read, and the third rater's kit of it."""
    root, _ = planted
    (source,) = (path.parent for path in root.rglob("study.sqlite"))
    folder = tmp_path_factory.mktemp("third")
    study, protocol = shutil.copytree(source, folder / source.name), folder / "protocol.yaml"
    text = PROTOCOL.read_text(encoding="utf-8") + CONDUCT.replace("training", "# training")
    protocol.write_text(f"{text}adjudication: {{answers: shown}}\n", encoding="utf-8")
    raters = [canaries.text("rater") for _ in range(2)]
    for rater, margin in zip(raters, (1, 5), strict=True):
        path = folder / f"{rater}.kit"
        done("kit", "make", study, "--rater", rater, "--out", path, "--protocol", protocol)
        with Kit.open(path) as kit:
            for case in kit.cases():
                read_by_hand(kit, case.alias, margin)
        done("study", "collect", study, path)
    third = tmp_path_factory.mktemp("raters") / "third.kit"
    done("kit", "adjudicate", study, "--rater", "Dr Third", "--between", *raters, "--out", third)
    return study, third


def read_by_hand(kit: Kit, alias: str, margin: int) -> None:
    """Do what the protocol asks for, without a window."""
    kit.record(alias, SetAnswer("margin_conspicuity", None, None, margin))
    kit.lock_step(alias)
    for number, kind in enumerate(("tumour", "reference", "noise")):
        mask = np.zeros(kit.reading(alias).grid.shape, bool)
        mask[7, 8 * number : 8 * number + 6, 4:10] = True
        kit.record(alias, EditRoi.between(f"{number}" * 32, kind, None, mask))
    sign_as_rater(kit, alias)


def on_a_display(script: str | Path, *words: str | Path) -> list[str]:
    """Return the command that runs a script of this folder, or a program, on a display of its own."""
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x900x24"]
    program = [script] if isinstance(script, Path) else [sys.executable, Path(__file__).with_name(script)]
    return [*screen, *map(str, program), *map(str, words)]


def inside(home: Path, **variables: str) -> dict[str, str]:
    """Return the environment of a program that keeps everything of its own below a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTEST_"))}
    own = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "XDG_RUNTIME_DIR"), str(home))
    return {**kept, **own, **variables, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}


def swept(
    canaries: Canaries, folder: Path, kit: Path, *plant: str,
    rater: str | Path = "rater_at_work.py", **variables: str,
) -> Swept:  # fmt: skip
    """Let a rater work, or plant what is found then, and look wherever something could have been left."""
    home, out = folder / "home", folder / "out"
    for each in (home, out):
        each.mkdir(parents=True)
    command = on_a_display(rater, kit, out, *plant)
    result = listened_to(canaries, command, inside(home, **variables), folder)
    result.look("terminal", (folder / "stderr").read_bytes(), canaries.found_in)
    for channel in ("texts", "clipboard"):
        result.look(channel, (out / f"{channel}.txt").read_bytes(), canaries.found_in)
    for shot in sorted(out.glob("*.png")):
        result.look("screen", letters_of(shot).encode(), read_words(canaries))
    look_at_files(result, home, "files", canaries.found_in)
    look_at_files(result, kit, "kit", canaries.found_in)
    return result


def listened_to(
    canaries: Canaries, command: list[str], environment: dict[str, str], folder: Path, *, memory: bool = True
) -> Swept:
    """Run a program to its end and look at it whenever it stands still; what it complains of is kept."""
    result = Swept()
    with (folder / "stderr").open("wb") as errors, subprocess.Popen(
        command, env=environment, cwd=environment["HOME"], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
    ) as running:  # fmt: skip
        assert running.stdin is not None and running.stdout is not None
        for line in running.stdout:
            if not line.startswith("memory "):
                result.look("terminal", line.encode(), canaries.found_in)
                continue
            pid = int(line.split()[2])
            for piece in memory_of(pid) if memory else ():
                result.look("memory", piece, canaries.found_in_memory)
            result.look("arguments", Path(f"/proc/{pid}/cmdline").read_bytes(), canaries.found_in)
            result.look("environment", Path(f"/proc/{pid}/environ").read_bytes(), canaries.found_in)
            running.stdin.write("\n")
            running.stdin.flush()
    assert running.returncode == 0, (folder / "stderr").read_text()
    return result


def look_at_files(result: Swept, top: Path, channel: str, look: Callable[[bytes], list[str]]) -> None:
    """Look into every file below a folder, and at what it is called."""
    for path in [top, *top.rglob("*")]:
        result.look("file names", str(path.relative_to(top.parent)).encode(), look)
        if path.is_file():
            result.look(channel, content_of(path), look)


CHANNELS = {
    "texts",
    "clipboard",
    "terminal",
    "arguments",
    "environment",
    "memory",
    "files",
    "file names",
    "kit",
    "screen",
}


def test_a_rater_meets_no_canary_and_each_that_is_planted_is_found(
    display: None, canaries: Canaries, planted: tuple[Path, Path], tmp_path: Path
) -> None:
    root, dealt = planted
    # a kit is read once
    kit = shutil.copytree(dealt, tmp_path / "one.kit")
    plain = root / "plain"  # as it was before anything was planted
    paths = [path for path in root.rglob("*") if not path.is_relative_to(plain)]
    source = {word for path in paths if path.is_file() for word in canaries.words_in(path.read_bytes())}
    names = {word for path in paths for word in canaries.words_in(str(path).encode())}
    assert len(source | names) >= 2000
    read = swept(canaries, tmp_path / "read", kit)
    print(f"{len(source | names)} canaries; bytes searched: {read.searched}; found: {read.found}")
    assert read.searched.keys() == CHANNELS
    assert {channel: words for channel, words in read.found.items() if words} == {}
    assert b"Margin conspicuity" in (tmp_path / "read" / "out" / "texts.txt").read_bytes()
    # the same look finds what is there: a word in every channel, in a copy of the kit as well
    word, number = canaries.text("control"), canaries.number("control")
    copy = tmp_path / f"{word}.kit"
    shutil.copytree(kit, copy)
    (copy / "left").write_bytes(word.encode("utf-16-le"))
    control = swept(canaries, tmp_path / "control", copy, word, number, FERROREAD_CONTROL=word)
    missed = CHANNELS - {channel for channel, words in control.found.items() if words}
    assert not missed
    assert {word, str(float(number))} <= control.found["memory"]


def test_a_rater_of_the_frozen_program_meets_no_canary(
    display: None, canaries: Canaries, planted: tuple[Path, Path], frozen: Path, tmp_path: Path
) -> None:
    _, kit = planted
    copy = shutil.copytree(kit, tmp_path / "one.kit")
    read = swept(canaries, tmp_path / "read", copy, rater=frozen / "rater_at_work")
    print(f"frozen: bytes searched: {read.searched}; found: {read.found}")
    assert read.searched.keys() == CHANNELS
    assert {channel: words for channel, words in read.found.items() if words} == {}
    assert b"Margin conspicuity" in (tmp_path / "read" / "out" / "texts.txt").read_bytes()


def test_a_rater_of_another_protocol_whose_kit_was_fetched_from_a_server_meets_no_canary(
    display: None, canaries: Canaries, fetched: Path, tmp_path: Path
) -> None:
    read = swept(canaries, tmp_path / "read", fetched, PGPASSWORD=SERVERS)
    print(f"other protocol: bytes searched: {read.searched}; found: {read.found}")
    assert read.searched.keys() == CHANNELS
    assert {channel: words for channel, words in read.found.items() if words} == {}
    texts = (tmp_path / "read" / "out" / "texts.txt").read_bytes()
    assert b"Longest diameter" in texts and b"Delivered" in texts


def test_neither_the_third_rater_nor_what_a_coordinator_leaves_on_the_account_meets_a_canary(
    display: None, canaries: Canaries, adjudicated: tuple[Path, Path], tmp_path: Path
) -> None:
    study, kit = adjudicated
    read = swept(canaries, tmp_path / "read", kit)
    print(f"third rater: bytes searched: {read.searched}; found: {read.found}")
    assert read.searched.keys() == CHANNELS
    assert {channel: words for channel, words in read.found.items() if words} == {}
    assert b"One reader: " in (tmp_path / "read" / "out" / "texts.txt").read_bytes()
    # the study's window on the same account: the next rater finds its log, settings and temporary files
    unsigned = canaries.text("not signed")
    begun = begun_kit(study, tmp_path / "begun.kit", unsigned)
    home, out = tmp_path / "read" / "home", tmp_path / "out"
    out.mkdir()
    done("study", "password", study, FERROREAD_COORDINATOR_PASSWORD=PASSWORD)
    environment = inside(home, FERROREAD_COORDINATOR_PASSWORD=PASSWORD)
    # the coordinator's own folders are named on the command line of this test alone
    command = on_a_display("coordinator_at_work.py", "study", begun, out)
    (home / "study").symlink_to(study)
    left = listened_to(canaries, command, environment, tmp_path, memory=False)
    (home / "study").unlink()
    left.look("terminal", (tmp_path / "stderr").read_bytes(), canaries.found_in)
    left.look("titles", (out / "titles.txt").read_bytes(), canaries.found_in)
    look_at_files(left, home, "files", canaries.found_in)
    print(f"coordinator: bytes searched: {left.searched}; found: {left.found}")
    assert {channel: words for channel, words in left.found.items() if words} == {}
    # in the window identities stand where they belong; what is not signed stands nowhere, in no result either
    shown = Swept()
    for channel in ("texts", "clipboard"):
        shown.look(channel, (out / f"{channel}.txt").read_bytes(), lambda data: word_in(unsigned, data))
    for folder in ("results", "images"):
        look_at_files(shown, out / folder, folder, lambda data: word_in(unsigned, data))
    print(f"not signed: bytes searched: {shown.searched}; found: {shown.found}")
    assert {channel: words for channel, words in shown.found.items() if words} == {}
    # it did work with what must not be told
    assert canaries.words_in((out / "texts.txt").read_bytes())
    assert canaries.words_in((out / "results" / "answers.csv").read_bytes())
    assert word_in(unsigned, (begun / "kit.sqlite").read_bytes())


def begun_kit(study: Path, path: Path, word: str) -> Path:
    """Deal a kit in which one case is signed, and another has a note that is not."""
    done("kit", "make", study, "--rater", "Dr Slow", "--out", path, "--protocol", PROTOCOL)
    with Kit.open(path) as kit:
        first, second, *_ = kit.cases()
        read_by_hand(kit, first.alias, 3)
        kit.record(second.alias, SetAnswer("note", None, None, word))
    return path


def word_in(word: str, data: bytes) -> list[str]:
    """Return the word where it stands in the bytes, as UTF-8 or UTF-16."""
    return [word] if word.encode() in data.replace(b"\0", b"") else []
