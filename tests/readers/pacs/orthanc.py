"""A real Orthanc, begun by a test on loopback with ports that are free, and ended with it."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from readers.pacs import Server

PROGRAM = shutil.which("Orthanc") or "/usr/sbin/Orthanc"
PLUG_IN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
USER, PASSWORD = "coordinator", "orthanc-on-loopback"
_PATIENCE_S = 60.0


def needs_orthanc() -> None:
    """Skip where Orthanc is not installed: `make test` installs it."""
    if not (Path(PROGRAM).exists() and PLUG_IN.exists()):
        pytest.skip("orthanc and orthanc-dicomweb are not installed")


@dataclass(frozen=True)
class Orthanc:
    """A running Orthanc: where its services are, and the two ways in which FerroRead reaches it."""

    http: int
    dimse: int
    own_port: int
    folder: Path
    token: str = ""

    def web(self, **changed: Any) -> Server:
        """The archive by DICOMweb."""
        scheme, port = changed.pop("scheme", "http"), changed.pop("port", self.http)
        url = f"{scheme}://127.0.0.1:{port}/dicom-web/"
        return Server("ward", url, login="basic", user=USER, **changed)

    def classic(self, **changed: Any) -> Server:
        """The archive by DIMSE: C-GET, or C-MOVE where `own_port` is given."""
        port = changed.pop("port", self.dimse)
        return Server("ward", host="127.0.0.1", port=port, aet="ORTHANC", **changed)

    def put(self, content: bytes) -> None:
        """Give it an instance by its own interface."""
        self.ask("/instances", content)

    def ask(self, path: str, content: bytes | None = None) -> Any:
        """Return what its own interface answers."""
        request = Request(f"http://127.0.0.1:{self.http}{path}", data=content)
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        request.add_header("Authorization", f"Bearer {self.token}" if self.token else f"Basic {basic}")
        with urlopen(request, timeout=_PATIENCE_S) as answer:
            return json.load(answer)


@contextmanager
def running_orthanc(folder: Path, *, token: str = "", **settings: Any) -> Iterator[Orthanc]:
    """Start Orthanc, wait until it answers, and end it with the block."""
    http, dimse, own = free_ports(3)
    configuration = {
        "Name": "test",
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": http,
        "DicomPort": dimse,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": True,
        "RegisteredUsers": {USER: PASSWORD},
        "DicomModalities": {
            "us": {
                "AET": "FERROREAD",
                "Host": "127.0.0.1",
                "Port": own,
                "UseDicomTls": "DicomTlsCertificate" in settings,
            }
        },
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "DicomCheckCalledAet": True,
        "DefaultEncoding": "Utf8",
        "StorageCompression": False,
        "OverwriteInstances": False,
        "Plugins": [str(PLUG_IN)],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    } | settings
    (folder / "orthanc.json").write_text(json.dumps(configuration), encoding="utf-8")
    with ExitStack() as stack:
        log = stack.enter_context((folder / "orthanc.log").open("wb"))
        process = subprocess.Popen(
            [PROGRAM, str(folder / "orthanc.json")], cwd=folder, stdout=log, stderr=subprocess.STDOUT
        )
        stack.callback(_ended, process)
        made = Orthanc(http, dimse, own, folder, token)
        _answers(made, process)
        yield made


def free_ports(count: int) -> list[int]:
    """Return ports on loopback that nobody has."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def _answers(made: Orthanc, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            made.ask("/system")
            return
        except (URLError, OSError):
            if process.poll() is not None or time.monotonic() > until:
                pytest.fail((made.folder / "orthanc.log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_PATIENCE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
