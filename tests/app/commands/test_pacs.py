"""`pacs` as a person types it: a run that was killed goes on, and nobody's name is left behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pydicom
import pytest

from app.cli import run
from app.pacs_servers import known_server, servers_path
from tests.app.commands.archives import PATIENT, Account, body_of, kept, write_objects
from tests.readers.pacs.orthanc import Orthanc, needs_orthanc, running_orthanc
from tests.readers.pacs.proxy import Proxy
from tests.readers.scanner import make_scan, write_classic


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    needs_orthanc()
    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as running:
        yield running


def test_a_killed_import_goes_on_and_objects_are_sent_back(orthanc: Orthanc, tmp_path: Path) -> None:
    scan = make_scan(1, echoes=5)
    scan.overrides |= {"PatientID": PATIENT, "PatientName": "CANARY^NAME"}
    files = write_classic(tmp_path / "scan", scan)
    for file in files:
        orthanc.put(file.read_bytes())
    account, out = Account(tmp_path / "home"), tmp_path / "brought"
    account.home.mkdir()
    with Proxy(orthanc.http, 9_000, breaks=False) as proxy:
        account.add("slow", "web", (proxy.port, 0))
        going = account.start("get", "slow", "--patient-id", PATIENT, "--out", str(out))
        assert proxy.reached.wait(60)
        going.kill()
        said = "".join(going.communicate())
    before = len(list(out.rglob("*.dcm")))
    assert 0 < before < len(files)

    account.add("ward", "get", (0, orthanc.dimse))
    done = account.run("get", "ward", "--patient-id", PATIENT, "--out", str(out))
    assert (done["instances"], done["fetched"], done["there"]) == (20, 20 - before, before)
    assert kept(out) == dict(body_of(file) for file in files)

    uids = write_objects(tmp_path / "objects")
    assert account.run("send", "ward", str(tmp_path / "objects"))["sent"] == len(uids)
    for instance in uids.values():
        assert len(orthanc.ask(f"/dicom-web/instances?SOPInstanceUID={instance}")) == 1
    everything = said + account.texts()
    assert "ended" in everything and PATIENT not in everything and "CANARY" not in everything


class Memory(keyring.backend.KeyringBackend):
    """A keyring that forgets with the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        self.held.pop((service, username))


@pytest.fixture
def own_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("app.pacs_servers.user_config_path", lambda *_, **__: tmp_path / "config")
    monkeypatch.delenv("FERROREAD_PACS_PASSWORD", raising=False)
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


ADD = ("pacs", "add", "ward", "--url", "https://pacs.example/dicom-web", "--user", "someone")


@pytest.mark.usefixtures("own_list")
def test_a_secret_goes_to_the_keyring_and_nowhere_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    memory = Memory()
    keyring.set_keyring(memory)
    monkeypatch.setattr("app.commands.pacs.asked", lambda _: "hush-hush")
    assert run(ADD) == 0
    assert list(memory.held.values()) == ["hush-hush"]
    said = capsys.readouterr()
    assert "hush" not in said.out + said.err + servers_path().read_text()
    assert known_server("ward").user == "someone"
    assert run(ADD) == 1 and "known already" in capsys.readouterr().err
    assert run(["pacs", "list", "--json"]) == 0
    (listed,) = json.loads(capsys.readouterr().out)["servers"]
    assert (listed["name"], listed["protocol"], listed["login"]) == ("ward", "DICOMweb", "basic")
    assert run(["pacs", "remove", "ward"]) == 0 and memory.held == {}
    assert run(["pacs", "find", "ward", "--patient-id", "1"]) == 1


@pytest.mark.usefixtures("own_list")
def test_a_computer_without_a_keyring_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from keyring.backends import fail

    keyring.set_keyring(fail.Keyring())
    monkeypatch.setattr("app.commands.pacs.asked", lambda _: "hush-hush")
    assert run(ADD) == 0
    assert "has no keyring" in capsys.readouterr().out
    monkeypatch.setattr("app.pacs_servers.asked", lambda _: "")
    assert run(["pacs", "find", "ward", "--patient-id", "1"]) == 1
    assert "FERROREAD_PACS_PASSWORD" in capsys.readouterr().err
    monkeypatch.setenv("FERROREAD_PACS_PASSWORD", "hush-hush")
    assert run([*ADD, "--force", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["secret"] == "environment"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "w"), "give --url for DICOMweb, or"),
        (("add", "../w", "--url", "https://x/"), "NAME has up to 32"),
        (("add", "w", "--url", "https://me:secret@x/"), "--url holds no log-in"),
        (("add", "w", "--url", "https://x/dicom-web?token=secret"), "--url holds no log-in and no query"),
        (("add", "w", "--url", "https://x/dicom-web#secret"), "--url holds no log-in and no query"),
        (("add", "w", "--host", "x", "--aet", "A"), "DIMSE needs --host, --port"),
        (("add", "w", "--host", "x", "--aet", "A", "--port", "104", "--user", "me"), "serve DICOMweb"),
        (("add", "w", "--url", "https://x/", "--ca", "/nowhere.pem"), "is no file"),
        (("add", "w", "--url", "https://x/", "--user", "me", "--token"), "not both"),
    ],
)
@pytest.mark.usefixtures("own_list")
def test_what_cannot_be_added_is_wrong_usage(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["pacs", *words]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "secret" not in said
    assert not servers_path().exists()


def test_sent_objects_are_what_was_written(tmp_path: Path) -> None:
    write_objects(tmp_path / "objects")
    kinds = {str(pydicom.dcmread(path).Modality) for path in (tmp_path / "objects").iterdir()}
    assert {"SEG", "SR"} < kinds
