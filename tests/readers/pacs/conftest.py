"""An archive with one patient's scan in it, shared by the tests of a module."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.readers.pacs.orthanc import Orthanc, needs_orthanc, running_orthanc
from tests.readers.scanner import make_scan, write_classic

PATIENT, NAME = "CANARY-ID-17", "Dvořák^Clover"


@dataclass(frozen=True)
class Filled:
    """A running Orthanc and the files that were put into it."""

    orthanc: Orthanc
    files: list[Path]


@pytest.fixture(scope="module", autouse=True)
def without_what_stood_before() -> None:
    """Spare what other tests left standing: looking through it takes longer than each of the tests here."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def left_sockets() -> Iterator[None]:
    """Collect what pynetdicom leaves of broken connections here, and not in whatever test comes later."""
    yield
    gc.collect()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Orthanc with 20 instances of one series."""
    needs_orthanc()
    folder = tmp_path_factory.mktemp("orthanc")
    scan = make_scan(1, echoes=5)
    scan.overrides |= {
        "PatientID": PATIENT,
        "PatientName": NAME,
        "StudyDate": "20260102",
        "StudyDescription": "liver, iron",
        "AccessionNumber": "A1",
    }
    files = write_classic(folder / "scan", scan)
    with running_orthanc(folder) as orthanc:
        for file in files:
            orthanc.put(file.read_bytes())
        yield Filled(orthanc, files)
