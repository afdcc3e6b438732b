"""Commands of an account of its own against a real Orthanc, in programs that can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pydicom

from core.export.dicom_regions import segmentation
from core.export.dicom_report import report
from core.export.dicom_scan import dicom_scan
from readers.pacs.transfer import MANIFEST
from tests.core.export import objects as made
from tests.readers.pacs.orthanc import PASSWORD, USER

ROOT = Path(__file__).resolve().parents[3]
PATIENT = "CANARY-ID-17"


@dataclass(frozen=True)
class Account:
    """A person's account, with a home of its own and no keyring."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
        inside = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"), str(self.home))
        own = {"FERROREAD_PACS_PASSWORD": PASSWORD, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
        return {**kept, **inside, **own}

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "main.py", "pacs", *words],
            cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *words: str) -> dict[str, Any]:
        """Run a command that has to go well; what it says as JSON."""
        process = self.start(*words, "--json")
        out, errors = process.communicate()
        assert process.returncode == 0, errors
        return json.loads(out)

    def add(self, name: str, way: str, ports: tuple[int, int]) -> None:
        http, dimse = ports
        place = ["--url", f"http://127.0.0.1:{http}/dicom-web/", "--user", USER]
        if way == "get":
            place = ["--host", "127.0.0.1", "--port", str(dimse), "--aet", "ORTHANC"]
        self.run("add", name, *place, "--force")

    def texts(self) -> str:
        """All that was written about what was done: logs, settings, lists."""
        files = [path for path in self.home.rglob("*") if path.is_file() and "kernels" not in path.parts]
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


def kept(folder: Path) -> dict[str, str]:
    """Check that each file is there once and as the manifest says; hash of each data set by its UID."""
    lines = [json.loads(line) for line in (folder / MANIFEST).read_text().splitlines()[1:] if line]
    told = {line["file"]: line["sha256"] for line in lines}
    found: dict[str, str] = {}
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)
    assert {path.relative_to(folder).as_posix() for path in files} == set(told)
    for path in files:
        assert sha256(path.read_bytes()).hexdigest() == told[path.relative_to(folder).as_posix()]
        instance, body = body_of(path)
        assert instance not in found
        found[instance] = body
    return found


def body_of(path: Path) -> tuple[str, str]:
    """Return a file's SOP Instance UID and the hash of its data set, without the header of the file."""
    content = path.read_bytes()
    length = int.from_bytes(content[140:144], "little")
    instance = str(pydicom.dcmread(path, stop_before_pixels=True).SOPInstanceUID)
    return instance, sha256(content[144 + length :]).hexdigest()


def write_objects(folder: Path) -> dict[str, str]:
    """Write a SEG, an SR and a parametric map as `study export` does; their SOP Instance UIDs."""
    geometry = made.grid("axial")
    images, reading = made.images(geometry), made.reading(geometry)
    scan = dicom_scan("study-id", "Iron", made.SCAN, images)
    regions = segmentation(scan, reading)
    assert regions is not None
    parts = {
        "SEG": regions,
        "SR": report(scan, images, reading, made.PROTOCOL, regions),
        "map": scan.maps["r2star_per_s"],
    }
    folder.mkdir()
    for name, dataset in parts.items():
        dataset.save_as(folder / f"{name}.dcm", enforce_file_format=True)
    return {name: str(dataset.SOPInstanceUID) for name, dataset in parts.items()}
