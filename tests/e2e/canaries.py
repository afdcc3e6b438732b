"""Words that occur nowhere else, planted in every attribute of a scan, and what finds them again."""

from __future__ import annotations

import csv
import random
import re
import shutil
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pydicom
from pydicom.datadict import DicomDictionary

from app.cli import run
from core.export.digital_study import write_study
from core.relaxometry.simulate import draw_study
from tests.e2e.conftest import ferroread

TEXT_VRS = {"LO", "SH", "PN", "LT", "ST", "UT", "UC", "AE", "DA", "TM", "DT", "UI", "UR"}
# numbers of a scan that no picture is made with: they come back as the eight bytes of a double
NUMBERS = (
    "PatientSize", "PatientWeight", "ContrastBolusVolume", "ContrastBolusTotalDose", "ContrastFlowRate",
    "ContrastFlowDuration", "ContrastBolusIngredientConcentration", "RadionuclideTotalDose",
    "PatientBodyMassIndex", "SAR", "dBdt",
)  # fmt: skip
# what the file cannot be read without, or what says what kind of picture it is
NEEDED = {"SOPClassUID", "SpecificCharacterSet", "ImageType"}
# every canary has one of these shapes, so that one pass over the bytes finds them all; each begins with a
# letter, which is looked for fastest, and says how many stand before it
WORD, UID = "ZqXvB", "1.2.826.0.1.3680043.8.498."
PATTERNS = tuple(
    (re.compile(pattern), before)
    for pattern, before in (
        (WORD.encode() + rb"[a-z]{9}", 0),
        (re.escape(UID).encode() + rb"\d{21}", 0),
        # dates between 1880 and 1919; not in the middle of a hash, where eight digits are there by chance
        (rb"1(?<!\d1)(?<![0-9a-f]{4}1)(?:8[89]|9[01])\d{5}(?!\d|[0-9a-f]{4})", 0),
        (rb"\.(?<=\d{6}\.)(?<!\d{7}\.)\d{6}(?!\d)", 6),  # times with all their digits
        (rb"\.(?<=\d{2}\.)(?<![\d.]\d{2}\.)\d{10}(?!\d)", 2),  # numbers
    )
)


class Canaries:
    """Makes strings that occur nowhere else, and remembers what each stood for."""

    def __init__(self) -> None:
        self._draw = random.Random(20)
        self.planted: dict[str, str] = {}
        self.numbers: dict[float, str] = {}

    def text(self, where: str) -> str:
        """A word that no program would write by itself."""
        return self._keep(WORD + "".join(self._draw.choices("bcdfghjklmnpqrstvwxz", k=9)), where)

    def value(self, vr: str, where: str) -> str:
        """A value that is valid for a value representation."""
        number = self._draw.randint
        if vr == "UI":
            return self._keep(f"{UID}{number(10**20, 10**21 - 1)}", where)
        if vr == "DA":
            return self._keep(f"{number(1880, 1919)}{number(1, 12):02d}{number(1, 28):02d}", where)
        time = f"{number(0, 23):02d}{number(0, 59):02d}{number(0, 59):02d}.{number(100_000, 999_999)}"
        if vr == "TM":
            return self._keep(time, where)
        if vr == "DT":
            return f"19990203{time}"
        return self.text(where)

    def number(self, where: str) -> str:
        """A number of twelve digits, as a DICOM decimal string."""
        text = f"{self._draw.randint(10, 99)}.{self._draw.randint(10**9, 10**10 - 1)}"
        self.numbers[float(text)] = where
        return self._keep(text, where)

    def _keep(self, value: str, where: str) -> str:
        self.planted[value] = where
        return value

    def words_in(self, data: bytes) -> set[str]:
        """Return the words, UIDs, dates, times and numbers in the bytes, as UTF-8, UTF-16 or UTF-32."""
        words = {
            text[found.start() - before : found.end()].decode()
            for text in (data, data.replace(b"\0", b""))
            for pattern, before in PATTERNS
            for found in pattern.finditer(text)
        }
        return words & self.planted.keys()

    def found_in(self, data: bytes) -> list[str]:
        """Return the canaries in the bytes, as text or as doubles in either order of bytes."""
        doubles = [struct.pack(order, number) for number in self.numbers for order in ("<d", ">d")]
        held = [double.hex() for double in doubles if double in data]
        return sorted(self.words_in(data)) + held

    def found_in_memory(self, data: bytes) -> list[str]:
        """Return the canaries in a part of a process's memory, where doubles lie at multiples of eight."""
        words = self.words_in(data)
        values = np.frombuffer(data[: len(data) // 8 * 8], dtype=np.float64)
        with np.errstate(invalid="ignore"):
            held = [str(number) for number in self.numbers if (values == number).any()]
        return sorted(words) + held


def content_of(path: Path) -> bytes:
    """Return what a file holds; of a PDF the letters on its pages as well, which lie packed in it."""
    held = path.read_bytes()
    if path.suffix != ".pdf":
        return held
    read = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, check=True)
    return held + read.stdout


def plant(path: Path, canaries: Canaries, shared: dict[str, str], *, every_attribute: bool) -> None:
    """Put canaries into the text attributes of a file; UIDs that tie files together stay shared."""
    dataset = pydicom.dcmread(path)
    tags = {int(element.tag) for element in dataset}
    if every_attribute:
        tags |= set(DicomDictionary)
    for tag in sorted(tags):
        vr, _, _, retired, keyword = DicomDictionary.get(tag, ("UN", "", "", "", ""))
        # groups below 8 are the file's and the directory's own; above 0x4FFF begin the pixels
        if vr not in TEXT_VRS or retired or keyword in NEEDED or not 8 <= tag >> 16 <= 0x4FFF:
            continue
        if keyword in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID"):
            before = keyword + str(dataset.get(keyword, ""))
            if before not in shared:
                shared[before] = canaries.value(vr, keyword)
            value = shared[before]
        else:
            value = canaries.value(vr, keyword)
        dataset.add_new(tag, vr, value)
    if every_attribute:
        for keyword in NUMBERS:
            setattr(dataset, keyword, canaries.number(keyword))
    block = dataset.private_block(0x0099, canaries.text("private creator"), create=True)
    block.add_new(1, "LO", canaries.text("private attribute"))
    block.add_new(2, "UN", canaries.text("private bytes").encode())
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(path, enforce_file_format=True)


def planted_scans(root: Path, plain: Path, canaries: Canaries, who: Sequence[tuple[str, str]]) -> Path:
    """Copy a simulated study's first scans, full of canaries; return their manifest.

    `who` is subject and group of each; visits, folders and files have canaries for names.
    """
    with (plain / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        scans = list(csv.DictReader(stream))[: len(who)]
    lines = ["path,subject,group,visit,field_t"]
    shared: dict[str, str] = {}
    for scan, (subject, group) in zip(scans, who, strict=True):
        folder = root / canaries.text("path") / canaries.text("path")
        shutil.copytree(plain / scan["path"], folder)
        for number, path in enumerate(sorted(folder.rglob("*.dcm"))):
            plant(path, canaries, shared, every_attribute=number == 0)
            path.rename(path.with_name(f"{canaries.text('file name')}.dcm"))
        lines.append(f"{folder.relative_to(root)},{subject},{group},{canaries.text('visit')},3")
    manifest = root / "manifest.csv"
    manifest.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return manifest


def planted_study(root: Path, canaries: Canaries, who: Sequence[tuple[str, str]]) -> Path:
    """Build a study of simulated scans in which every name, path and attribute is a canary."""
    plain, plan = root / "plain", draw_study(3, 1, (3.0,))
    # one animal's visits are enough
    write_study(replace(plan, subjects=plan.subjects[:1]), plain)
    manifest, calibration = planted_scans(root, plain, canaries, who), root / "calibration.json"
    study, table = root / canaries.text("study folder"), plain / "phantom" / "3T_table.csv"
    done("study", "create", study, "--name", canaries.text("study name"))
    names = ["--agent", canaries.text("agent"), "--matrix", canaries.text("matrix")]
    done("calibrate", "--table", table, "--field", 3, *names, "--out", calibration)
    given = ["--manifest", manifest, "--calibration", calibration, "--r2star0", 30]
    done("study", "add", study, *given)
    return study


def done(*words: str | Path | int, **variables: str) -> None:
    """Run a command that must end well: in this program, unless it has an environment of its own."""
    if not variables:
        assert run([str(word) for word in words]) == 0
        return
    ended = ferroread(*words, **variables)
    assert ended.returncode == 0, ended.stderr
