"""A rater reads on a real display, from the start window to the last guess: no canary comes to light."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.canaries import WORD, Canaries, done, planted_study
from tests.e2e.conftest import ROOT

PROTOCOL = ROOT / "resources" / "protocols" / "tumour-and-nodes.yaml"
CONDUCT = """
training: {pass: 0.0, rounds: 1}
guess: {group: [vehicle, MNP]}
"""
# what is looked at of a process's memory in one go
_PIECE, _OVERLAP = 64 * 2**20, 256

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
    return root, kit


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
                    yield memory.read(min(_PIECE + _OVERLAP, end - at))
                except (OSError, ValueError, OverflowError):
                    break  # a part that the system shows to nobody


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


def swept(canaries: Canaries, folder: Path, kit: Path, *plant: str, **variables: str) -> Swept:
    """Let a rater work, or plant what is found then, and look wherever something could have been left."""
    result, home, out = Swept(), folder / "home", folder / "out"
    for each in (home, out):
        each.mkdir(parents=True)
    inside = dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "XDG_RUNTIME_DIR"), str(home))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "PYTEST_"))}
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x900x24"]
    command = [
        *screen,
        sys.executable,
        str(Path(__file__).with_name("rater_at_work.py")),
        str(kit),
        str(out),
        *plant,
    ]
    variables |= {"QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
    with (folder / "stderr").open("wb") as errors, subprocess.Popen(
        command, env={**kept, **inside, **variables}, cwd=home, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors,
    ) as running:  # fmt: skip
        assert running.stdin is not None and running.stdout is not None
        for line in running.stdout:
            if not line.startswith("memory "):
                result.look("terminal", line.encode(), canaries.found_in)
                continue
            pid = int(line.split()[2])
            for piece in memory_of(pid):
                result.look("memory", piece, canaries.found_in_memory)
            result.look("arguments", Path(f"/proc/{pid}/cmdline").read_bytes(), canaries.found_in)
            result.look("environment", Path(f"/proc/{pid}/environ").read_bytes(), canaries.found_in)
            running.stdin.write("\n")
            running.stdin.flush()
    assert running.returncode == 0, (folder / "stderr").read_text()
    result.look("terminal", (folder / "stderr").read_bytes(), canaries.found_in)
    for channel in ("texts", "clipboard"):
        result.look(channel, (out / f"{channel}.txt").read_bytes(), canaries.found_in)
    for shot in sorted(out.glob("*.png")):
        result.look("screen", letters_of(shot).encode(), read_words(canaries))
    for top in (home, kit):
        for path in [top, *top.rglob("*")]:
            result.look("file names", str(path.relative_to(top.parent)).encode(), canaries.found_in)
            if path.is_file():
                channel = "kit" if top == kit else "files"
                result.look(channel, path.read_bytes(), canaries.found_in)
    return result


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
    root, kit = planted
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
