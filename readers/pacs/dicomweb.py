"""DICOMweb: QIDO-RS, WADO-RS and STOW-RS (PS3.18 chapter 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pydicom
import requests
from dicomweb_client import DICOMwebClient
from dicomweb_client.session_utils import create_session, create_session_from_user_pass
from pydicom.datadict import tag_for_keyword
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from readers.pacs.model import Instance, Keep, Level, LinkLostError, PacsError, Server

_CONNECT_S, _READ_S = 10.0, 60.0
# as it lies in the archive: nothing is decompressed or compressed on the way (PS3.18 8.7.3.3)
_AS_STORED = {"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'}
# archives are known that take escaped letters of a filter as they stand (Orthanc 1.10), and others take none
# that are not: so less is asked there, by a wildcard, and what came is filtered here
_UNSAFE = re.compile(r"[^A-Za-z0-9._~*-]+")
_LOST = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


class WebLink:
    """A Link by DICOMweb; see `readers.pacs.model.Link`."""

    def __init__(self, server: Server, secret: str) -> None:
        self.server = server
        self._session = _session(server, secret)
        try:
            self._client = DICOMwebClient(
                server.url.rstrip("/"), self._session, permissive_uid=True, timeout=(_CONNECT_S, _READ_S)
            )
        except ValueError as error:
            raise PacsError(f"{server.name}: its URL is none; add the server anew") from error
        self._client.set_http_retry_params(retry=False)

    def query(self, level: Level, asked: Mapping[str, str]) -> list[dict[str, str]]:
        """Search by QIDO-RS; UIDs of what lies above are part of the path."""
        above = {"SERIES": 1, "IMAGE": 2}.get(level, 0)
        uids = ("StudyInstanceUID", "SeriesInstanceUID")[:above]
        matched = {name: value for name, value in asked.items() if value and name not in uids}
        filters = {name: _UNSAFE.sub("*", value) for name, value in matched.items()}
        search: Any = {
            "STUDY": self._client.search_for_studies,
            "SERIES": self._client.search_for_series,
            "IMAGE": self._client.search_for_instances,
        }[level]
        places = [asked[name] for name in uids]
        fields = [name for name, value in asked.items() if not value]
        answers: list[dict[str, Any]] = []
        while True:
            with self._told():
                page = search(*places, fields=fields, search_filters=filters, offset=len(answers))
            # an archive that knows no offset says the same again
            if not page or page == answers[: len(page)]:
                break
            answers += page
        tags = {name: f"{tag_for_keyword(name):08X}" for name in asked}
        try:
            found = [{name: _first(each.get(tag)) for name, tag in tags.items()} for each in answers]
        except (AttributeError, TypeError, LookupError) as error:
            raise PacsError(f"{self.server.name}: its answer is no DICOM JSON; check the URL") from error
        wider = {name: value for name, value in matched.items() if filters[name] != value}
        return [each for each in found if all(_matches(each[name], value) for name, value in wider.items())]

    def fetch(self, wanted: Sequence[Instance], keep: Keep, stopped: Callable[[], bool]) -> str:
        """Bring instances by WADO-RS, one after the other, their bytes as the archive has them."""
        refused = ""
        for each in wanted:
            if stopped():
                break
            place = f"studies/{each.study}/series/{each.series}/instances/{each.instance}"
            with self._told():
                answer = self._session.get(
                    f"{self._client.base_url}/{place}", headers=_AS_STORED, timeout=(_CONNECT_S, _READ_S)
                )
                if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
                    refused = "the archive does not have them any more"
                    continue
                answer.raise_for_status()
            keep(each.instance, self._only_part(answer))
        return refused

    def store(self, path: Path) -> str:
        """Send a file by STOW-RS."""
        data_set = pydicom.dcmread(path)
        try:
            with self._told():
                answer = self._client.store_instances([data_set])
        except _ConflictError:
            return "it is of a kind that the archive does not take"
        failed = answer.get("FailedSOPSequence") or ()
        return f"the archive gives reason {failed[0].get('FailureReason', '?')}" if failed else ""

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _only_part(self, answer: requests.Response) -> bytes:
        """Return the one part of a multipart answer (RFC 2046 5.1.1); what is cut short lacks its end."""
        kind, *more = (word.strip() for word in answer.headers.get("Content-Type", "").split(";"))
        content = answer.content
        if kind.lower() == "application/dicom":
            return content
        named = next((word[9:].strip('"') for word in more if word.lower().startswith("boundary=")), "")
        if kind.lower() != "multipart/related" or not named:
            raise PacsError(f"{self.server.name}: its answer is no DICOM; check the URL")
        marker = b"--" + named.encode()
        begin, end = content.find(b"\r\n\r\n", content.find(marker)), content.rfind(b"\r\n" + marker + b"--")
        if begin < 0 or end < begin:
            raise LinkLostError(f"{self.server.name}: an instance came cut short")
        return content[begin + 4 : end]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what went wrong by the server's alias: the library's own words hold URLs and filters."""
        name = self.server.name
        try:
            yield
        except requests.exceptions.SSLError as error:
            told = "its certificate is not trusted, or it asks for one of yours; add the server anew"
            raise PacsError(f"{name}: {told}") from error
        except _LOST as error:
            # by TLS 1.3 whoever lacks a certificate is hung up on when the first question is asked
            if self.server.url.startswith("https:") and not self.server.certificate:
                raise LinkLostError(
                    f"{name}: it does not answer, or asks for a certificate of yours; "
                    "check the network and the URL"
                ) from error
            raise LinkLostError(f"{name}: it does not answer; check the network and the URL") from error
        except requests.HTTPError as error:
            raise _refusal(name, getattr(error.response, "status_code", 0)) from error
        except (requests.RequestException, ValueError) as error:
            raise PacsError(f"{name}: its answer is no DICOM JSON; check the URL") from error


class _Wildcards(HTTPAdapter):
    """Sends the wildcard as it is (RFC 3986 3.4 allows it), for archives that take no escaped letters."""

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        request.url = (request.url or "").replace("%2A", "*")
        return super().send(request, *args, **more)


def _first(element: Any) -> str:
    """Return the first value of an element in DICOM JSON as text (PS3.18 F.2); "" if it has none."""
    value = (element or {}).get("Value") or [""]
    name = value[0].get("Alphabetic", "") if isinstance(value[0], dict) else value[0]
    return "" if name is None else str(name)


def _matches(value: str, asked: str) -> bool:
    """Tell whether an answer is what was asked for, letters large or small (PS3.4 C.2.2.2.4)."""
    pattern = re.escape(asked).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(pattern, value.rstrip("^ "), re.IGNORECASE | re.DOTALL) is not None


class _ConflictError(PacsError):
    """The archive took none of what was sent (PS3.18 10.5.3.1)."""


def _refusal(name: str, status: int) -> PacsError:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return PacsError(f"{name}: the log-in was refused; check user, password or token")
    if status == HTTPStatus.NOT_FOUND:
        return PacsError(f"{name}: there is no such service at its URL; check the URL")
    if status == HTTPStatus.CONFLICT:
        return _ConflictError(f"{name}: nothing of it was taken")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return LinkLostError(f"{name}: it cannot answer now (HTTP status {status}); try again later")
    return PacsError(f"{name}: it refused (HTTP status {status})")


def _session(server: Server, secret: str) -> requests.Session:
    made: requests.Session
    if server.login == "basic":
        made = create_session_from_user_pass(server.user, secret)
    else:
        made = create_session()
        if server.login == "token":
            made.headers["Authorization"] = f"Bearer {secret}"
    # neither a .netrc nor a CA bundle of the environment changes who is trusted, or who is told what
    made.trust_env = False
    for scheme in ("http://", "https://"):
        # a connection kept open may have been closed meanwhile; asking or storing twice changes nothing
        made.mount(scheme, _Wildcards(max_retries=Retry(connect=0, read=2, status=0, allowed_methods=None)))
    if server.ca:
        made.verify = server.ca
    if server.certificate:
        made.cert = (server.certificate, server.key) if server.key else server.certificate
    return made
