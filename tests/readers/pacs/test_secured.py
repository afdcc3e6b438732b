"""An archive that is reached by TLS alone, with certificates on both sides, by password or by token."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pytest

from readers.pacs import Filters, PacsError, Server, find_series, import_series, open_link, send_files
from tests.readers.pacs.certificates import Authority
from tests.readers.pacs.orthanc import PASSWORD, USER, Orthanc, needs_orthanc, running_orthanc
from tests.readers.pacs.proxy import secured_front
from tests.readers.pacs.test_archives import bodies
from tests.readers.scanner import make_scan, uid, write_classic

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
TOKEN = "a-token-for-loopback"
PATIENT = "CANARY-ID-18"
# Orthanc knows names and passwords; what it lets a script ask of a request serves for tokens
_BY_TOKEN = f"""
function IncomingHttpRequestFilter(method, uri, ip, username, headers)
   return headers["authorization"] == "Bearer {TOKEN}"
end
"""


@dataclass(frozen=True)
class Secured:
    """A running Orthanc that shows one certificate and asks for another.

    Its HTTPS is spoken by what stands before it, as at most sites: Debian's own dies of the first request.
    """

    orthanc: Orthanc
    https: int
    files: list[Path]
    site: Authority
    ours: tuple[Path, Path]

    def reached(self, way: str) -> Server:
        """The archive as it wants to be reached."""
        trusted = {
            "ca": str(self.site.certificate),
            "certificate": str(self.ours[0]),
            "key": str(self.ours[1]),
        }
        if way == "web":
            return self.orthanc.web(port=self.https, scheme="https", **trusted)
        own_port = self.orthanc.own_port if way == "move" else 0
        return self.orthanc.classic(tls=True, own_port=own_port, **trusted)


@pytest.fixture(scope="module")
def secured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    """Orthanc with four instances, DICOMweb and DIMSE by TLS."""
    needs_orthanc()
    folder = tmp_path_factory.mktemp("secured")
    site = Authority(folder, "site")
    shown, ours = site.given("archive"), site.given("workstation")
    scan = make_scan(1, echoes=1)
    scan.overrides |= {"PatientID": PATIENT}
    files = write_classic(folder / "scan", scan)
    settings = {
        "DicomTlsEnabled": True,
        "DicomTlsCertificate": str(shown[0]),
        "DicomTlsPrivateKey": str(shown[1]),
        "DicomTlsTrustedCertificates": str(site.certificate),
        "DicomTlsRemoteCertificateRequired": True,
    }
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=site.certificate)
    context.load_cert_chain(*shown)
    context.verify_mode = ssl.CERT_REQUIRED
    with running_orthanc(folder, **settings) as orthanc, secured_front(orthanc.http, context) as port:
        for file in files:
            orthanc.put(file.read_bytes())
        yield Secured(orthanc, port, files, site, ours)


def brought(server: Server, secret: str, folder: Path) -> dict[str, str]:
    with closing(open_link(server, secret)) as link:
        series = find_series(link, Filters(patient_id=PATIENT))
    import_series(partial(open_link, server, secret), series, folder)
    return bodies(sorted(folder.rglob("*.dcm")))


@pytest.mark.parametrize("way", ["web", "get", "move"])
def test_what_comes_by_tls_is_whole(secured: Secured, way: str, tmp_path: Path) -> None:
    server = secured.reached(way)
    assert brought(server, PASSWORD, tmp_path) == bodies(secured.files)


@pytest.mark.parametrize("way", ["web", "get"])
def test_what_is_sent_by_tls_arrives(secured: Secured, way: str, tmp_path: Path) -> None:
    scan = make_scan(2, echoes=1, shape=(2, 5, 6), exported=1 + ("web", "get").index(way))
    scan.overrides |= {
        "PatientID": way,
        "StudyInstanceUID": uid("sent", way),
        "SeriesInstanceUID": uid("s", way),
    }
    files = write_classic(tmp_path, scan)
    with closing(open_link(secured.reached(way), PASSWORD)) as link:
        assert send_files(link, [tmp_path]).refused == ()
        (found,) = find_series(link, Filters(patient_id=way))
    assert found.instances == len(files)


@pytest.mark.parametrize("way", ["web", "get"])
@pytest.mark.parametrize("lacks", ["trust", "certificate", "address"])
def test_whom_the_other_side_does_not_trust_is_told_so(
    secured: Secured, way: str, lacks: str, tmp_path: Path
) -> None:
    server = secured.reached(way)
    if lacks == "trust":
        server = replace(server, ca=str(Authority(tmp_path, "elsewhere").certificate))
    elif lacks == "certificate":
        server = replace(server, certificate="", key="")
    else:
        # the certificate is for 127.0.0.1
        server = replace(
            server, host=server.host and "localhost", url=server.url.replace("127.0.0.1", "localhost")
        )
    with (
        pytest.raises(PacsError, match=r"^ward: .*certificate") as caught,
        closing(open_link(server, PASSWORD)) as link,
    ):
        find_series(link, Filters(patient_id=PATIENT))
    assert "\n" not in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_token_logs_in(tmp_path: Path) -> None:
    needs_orthanc()
    script = tmp_path / "token.lua"
    script.write_text(_BY_TOKEN)
    scan = make_scan(1, echoes=1)
    scan.overrides |= {"PatientID": PATIENT}
    files = write_classic(tmp_path / "scan", scan)
    settings = {"AuthenticationEnabled": False, "LuaScripts": [str(script)]}
    with running_orthanc(tmp_path, token=TOKEN, **settings) as orthanc:
        for file in files:
            orthanc.put(file.read_bytes())
        server = replace(orthanc.web(), login="token", user="")
        assert brought(server, TOKEN, tmp_path / "out") == bodies(files)
        for wrong, secret in ((server, "another"), (replace(server, login="basic", user=USER), TOKEN)):
            with (
                pytest.raises(PacsError, match="the log-in was refused") as caught,
                closing(open_link(wrong, secret)) as link,
            ):
                find_series(link, Filters(patient_id=PATIENT))
            assert secret not in str(caught.value)
