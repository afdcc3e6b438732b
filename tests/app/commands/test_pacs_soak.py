"""5,000 instances from a real Orthanc, 50 runs killed or cut on the way: nothing lost, nothing double."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.app.commands.archives import PATIENT, Account, body_of, kept, write_objects
from tests.readers.pacs.orthanc import Orthanc, free_ports, needs_orthanc, running_orthanc
from tests.readers.pacs.proxy import Proxy
from tests.readers.scanner import make_scan, write_classic

pytestmark = pytest.mark.soak
ECHOES, SLICES, ROUNDS = 50, 100, 50


def test_fifty_runs_are_killed_or_cut(tmp_path: Path) -> None:
    needs_orthanc()
    drawn = random.Random(11)
    scan = make_scan(1, echoes=ECHOES, shape=(SLICES, 16, 16))
    scan.overrides |= {"PatientID": PATIENT}
    files = write_classic(tmp_path / "scan", scan)
    written = dict(map(body_of, files))
    assert len(written) == ECHOES * SLICES == 5000
    account, out = Account(tmp_path / "home"), tmp_path / "brought"
    account.home.mkdir()
    (tmp_path / "orthanc").mkdir()
    with running_orthanc(tmp_path / "orthanc") as orthanc:
        for file in files:
            orthanc.put(file.read_bytes())
        (at,) = free_ports(1)
        listed = {way: bytes_of_listing(account, way, orthanc, at, tmp_path) for way in ("web", "get")}
        size = sum(file.stat().st_size for file in files) // len(files)
        began, there = time.perf_counter(), [0]
        for number in range(ROUNDS):
            way = "web" if number % 3 else "get"
            kill = number % 4 < 2
            target = orthanc.http if way == "web" else orthanc.dimse
            # sometimes the list of instances alone comes; for the rounds that follow something is always left
            share = (len(files) - there[-1]) * size // (ROUNDS - number + 1)
            passed = drawn.randrange(1_000, listed[way] + share)
            with Proxy(target, passed, breaks=not kill, at=at) as proxy:
                going = account.start("get", way, "--patient-id", PATIENT, "--out", str(out))
                while not proxy.reached.wait(1.0):
                    assert going.poll() is None, going.communicate()
                if kill:
                    going.kill()
                _, errors = going.communicate()
            assert going.returncode == (-9 if kill else 1), errors
            assert PATIENT not in errors
            there.append(len(list(out.rglob("*.dcm"))))
            print(
                f"{way}, {'killed' if kill else 'cut'} after {passed} bytes: {there[-1]} are there",
                flush=True,
            )
        assert there == sorted(there)
        assert 0 < there[-1] < 5000
        account.add("ward", "web", (orthanc.http, 0))
        done = account.run("get", "ward", "--patient-id", PATIENT, "--out", str(out))
        seconds = time.perf_counter() - began
        assert (done["instances"], done["there"]) == (5000, there[-1])
        assert kept(out) == written
        again = account.run("get", "ward", "--patient-id", PATIENT, "--out", str(out))
        assert (again["fetched"], again["there"]) == (0, 5000)

        uids = write_objects(tmp_path / "objects")
        account.run("send", "ward", str(tmp_path / "objects"))
        for instance in uids.values():
            assert len(orthanc.ask(f"/dicom-web/instances?SOPInstanceUID={instance}")) == 1
    assert PATIENT not in account.texts()
    print(f"{ROUNDS} rounds and the rest in {seconds:.0f} s; there after each: {there}")


def bytes_of_listing(account: Account, way: str, orthanc: Orthanc, at: int, folder: Path) -> int:
    """Return how many bytes come, about, until the first instance is there."""
    account.add(way, way, (at, at))
    out = folder / f"listed-{way}"
    with Proxy(orthanc.http if way == "web" else orthanc.dimse, 10**12, breaks=False, at=at) as proxy:
        going = account.start("get", way, "--patient-id", PATIENT, "--out", str(out))
        while not any(out.rglob("*.dcm")):
            assert going.poll() is None, going.communicate()
            time.sleep(0.01)
        passed = proxy.passed
        going.kill()
        going.communicate()
    return passed
