"""A real Orthanc by both protocols: found, looked at, brought once and whole, sent back."""

from __future__ import annotations

import json
from contextlib import closing
from functools import partial
from hashlib import sha256
from pathlib import Path

import numpy as np
import pydicom
import pytest

from core.errors import InputError
from core.progress import Silent
from readers import inspect, load_echoes
from readers.pacs import (
    Filters,
    Imported,
    Link,
    LinkLostError,
    PacsError,
    Server,
    fetch_one,
    find_series,
    find_studies,
    import_series,
    open_link,
    send_files,
)
from readers.pacs.transfer import MANIFEST
from tests.readers.pacs.conftest import NAME, PATIENT, Filled
from tests.readers.pacs.orthanc import PASSWORD, free_ports
from tests.readers.pacs.proxy import Proxy
from tests.readers.scanner import make_scan, uid, write_classic

# pynetdicom leaves the socket of a connection that broke or was refused to be collected
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
WAYS = ("web", "get", "move")


def server_of(archive: Filled, way: str, **changed: object) -> Server:
    orthanc = archive.orthanc
    if way == "web":
        return orthanc.web(**changed)
    return orthanc.classic(own_port=orthanc.own_port if way == "move" else 0, **changed)


def opened(archive: Filled, way: str) -> Link:
    return open_link(server_of(archive, way), PASSWORD)


def brought(archive: Filled, way: str, folder: Path, **more: object) -> Imported:
    with closing(opened(archive, way)) as link:
        series = find_series(link, Filters(patient_id=PATIENT))
    return import_series(partial(opened, archive, way), series, folder, **more)


def bodies(files: list[Path]) -> dict[str, str]:
    """Hash of the data set of each instance, without the file's own header, which every receiver writes."""
    found = {}
    for file in files:
        content = file.read_bytes()
        length = int.from_bytes(content[140:144], "little")
        instance = str(pydicom.dcmread(file, stop_before_pixels=True).SOPInstanceUID)
        assert instance not in found
        found[instance] = sha256(content[144 + length :]).hexdigest()
    return found


@pytest.mark.parametrize("way", ["web", "get"])
@pytest.mark.parametrize(
    "filters",
    [
        Filters(patient_id=PATIENT),
        Filters(patient_name=NAME),
        Filters(patient_name="DVOŘÁK*"),
        Filters(dates="20260101-20260131", modality="MR"),
        Filters(study_description="liver, *", series_description="multi-echo"),
        Filters(study=uid("study"), series=uid("series", 4)),
    ],
)
def test_a_series_is_found_by_each_filter(archive: Filled, way: str, filters: Filters) -> None:
    with closing(opened(archive, way)) as link:
        (found,) = find_series(link, filters)
    assert (found.of.patient_id, found.of.patient_name, found.of.date) == (PATIENT, NAME, "20260102")
    assert (found.series, found.modality, found.instances) == (uid("series", 4), "MR", len(archive.files))


@pytest.mark.parametrize("way", ["web", "get"])
def test_what_does_not_match_is_not_found(archive: Filled, way: str) -> None:
    with closing(opened(archive, way)) as link:
        assert find_studies(link, Filters(patient_name="Dvorak^*")) == []
        assert find_series(link, Filters(patient_id=PATIENT, modality="CT")) == []
        with pytest.raises(InputError, match="which studies are meant"):
            find_studies(link, Filters(modality="MR"))


@pytest.mark.parametrize("way", WAYS)
def test_every_instance_comes_whole_and_once(archive: Filled, way: str, tmp_path: Path) -> None:
    out = tmp_path / "scan"
    first = brought(archive, way, out)
    assert (first.instances, first.fetched, first.there) == (20, 20, 0)
    files = sorted(out.rglob("*.dcm"))
    assert bodies(files) == bodies(archive.files)
    if way == "web":
        assert {sha256(file.read_bytes()).digest() for file in files} == {
            sha256(file.read_bytes()).digest() for file in archive.files
        }
    again = brought(archive, way, out)
    assert (again.fetched, again.there, again.bytes) == (0, 20, 0)
    assert sorted(out.rglob("*.dcm")) == files

    (series,) = inspect([out]).series
    assert np.array_equal(load_echoes(series).magnitude, make_scan(1, echoes=5).stored["magnitude"])
    assert inspect([out]).skipped == ()


@pytest.mark.parametrize("way", ["web", "get"])
def test_one_instance_is_brought_to_be_looked_at(archive: Filled, way: str, tmp_path: Path) -> None:
    with closing(opened(archive, way)) as link:
        (series,) = find_series(link, Filters(patient_id=PATIENT))
        place = fetch_one(link, series, tmp_path)
    assert pydicom.dcmread(place).pixel_array.shape == (5, 6)


@pytest.mark.parametrize("way", ["web", "get"])
def test_a_broken_connection_is_made_anew(archive: Filled, way: str, tmp_path: Path) -> None:
    orthanc = archive.orthanc
    with closing(opened(archive, way)) as link:
        series = find_series(link, Filters(patient_id=PATIENT))
    target = orthanc.http if way == "web" else orthanc.dimse
    # what is listed passes, and a third of the pictures
    with Proxy(target, 9_000, breaks=True, mends=True) as proxy:
        server = server_of(archive, way, port=proxy.port)
        done = import_series(lambda: open_link(server, PASSWORD), series, tmp_path / "scan")
        assert proxy.broken >= 1
    assert done.instances == 20
    assert bodies(sorted((tmp_path / "scan").rglob("*.dcm"))) == bodies(archive.files)


class Stopping(Silent):
    """Somebody who presses Cancel after so many instances."""

    def __init__(self, after: int) -> None:
        self.after, self.seen = after, 0

    def report(self, fraction: float, what: str) -> None:
        self.seen += "of 20 instances" in what
        assert PATIENT not in what

    def cancelled(self) -> bool:
        return self.seen >= self.after


@pytest.mark.parametrize("way", WAYS)
def test_what_came_before_a_stop_stays(archive: Filled, way: str, tmp_path: Path) -> None:
    out = tmp_path / "scan"
    with pytest.raises(InputError, match=r"stopped: .* of 20 instances are missing"):
        brought(archive, way, out, progress=Stopping(7))
    came = len(list(out.rglob("*.dcm")))
    assert 7 <= came < 20
    assert brought(archive, way, out).there == came


def test_short_files_come_again_and_changed_ones_are_told(archive: Filled, tmp_path: Path) -> None:
    out = tmp_path / "scan"
    brought(archive, "web", out)
    short, changed, *_ = sorted(out.rglob("*.dcm"))
    short.write_bytes(short.read_bytes()[:100])
    assert brought(archive, "web", out).fetched == 1
    changed.write_bytes(changed.read_bytes() + b"mine")
    with pytest.raises(InputError, match="1 files were changed after they came"):
        brought(archive, "web", out)
    assert changed.read_bytes().endswith(b"mine")
    assert brought(archive, "web", out, force=True).fetched == 1
    assert bodies(sorted(out.rglob("*.dcm"))) == bodies(archive.files)


def test_nothing_is_brought_among_files_of_others(archive: Filled, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="no import has brought"):
        brought(archive, "web", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_the_manifest_holds_a_hash_for_each_file_and_no_identity(archive: Filled, tmp_path: Path) -> None:
    out = tmp_path / "scan"
    brought(archive, "web", out)
    text = (out / MANIFEST).read_text()
    lines = [json.loads(line) for line in text.splitlines()[1:]]
    assert {line["file"]: line["sha256"] for line in lines} == {
        path.relative_to(out).as_posix(): sha256(path.read_bytes()).hexdigest() for path in out.rglob("*.dcm")
    }
    assert PATIENT not in text and "Clover" not in text


@pytest.mark.parametrize("way", ["web", "get"])
def test_what_is_sent_is_found(archive: Filled, way: str, tmp_path: Path) -> None:
    scan = make_scan(2, echoes=1, shape=(2, 5, 6))
    name = f"SENT-{way}"
    scan.overrides |= {
        "PatientID": name,
        "StudyInstanceUID": uid("sent", way),
        "SeriesInstanceUID": uid("s", way),
    }
    scan.exported = 1 + WAYS.index(way)
    files = write_classic(tmp_path, scan)
    (tmp_path / "notes.txt").write_text("no picture")
    with closing(opened(archive, way)) as link:
        done = send_files(link, [tmp_path])
        assert (sorted(done.sent), done.refused, done.others) == (sorted(files), (), 1)
        # the same instances again are no other instances
        assert send_files(link, [tmp_path]).refused == ()
        (found,) = find_series(link, Filters(patient_id=name))
        with pytest.raises(InputError, match="nothing in it is to be sent"):
            send_files(link, [tmp_path], modalities=["SEG"])
    assert found.instances == 2


def test_refusals_name_the_alias_and_what_to_do(archive: Filled) -> None:
    orthanc = archive.orthanc
    (nobody,) = free_ports(1)
    for server, secret, told in (
        (orthanc.web(), "wrong", "ward: the log-in was refused"),
        (orthanc.web(port=nobody), PASSWORD, "ward: it does not answer"),
        (orthanc.classic(port=nobody), "", "ward: it does not answer"),
        (Server("ward", host="127.0.0.1", port=orthanc.dimse, aet="NOBODY"), "", "ward: it refused the conn"),
        (Server("ward", "http://pacs.example/dicom-web", login="token"), "t", "ward: a log-in over http"),
        (Server("ward", "https://127.0.0.1:1/", ca="/nowhere/ca.pem"), "", "ward: the file of a certificate"),
    ):
        with pytest.raises(PacsError, match=f"^{told}") as raised, closing(open_link(server, secret)) as link:
            find_studies(link, Filters(patient_id=PATIENT))
        assert PATIENT not in str(raised.value)


def test_an_archive_that_stays_away_is_told_with_what_came(archive: Filled, tmp_path: Path) -> None:
    with closing(opened(archive, "web")) as link:
        series = find_series(link, Filters(patient_id=PATIENT))
    with Proxy(archive.orthanc.http, 9_000, breaks=True) as proxy:
        server = server_of(archive, "web", port=proxy.port)
        with pytest.raises(LinkLostError, match=r"ward: it does not answer.*instances are there"):
            import_series(lambda: open_link(server, PASSWORD), series, tmp_path / "scan")
    came = len(list((tmp_path / "scan").rglob("*.dcm")))
    assert 0 < came < 20
    assert brought(archive, "web", tmp_path / "scan").there == came
