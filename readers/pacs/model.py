"""What is said between FerroRead and an archive, whichever protocol carries it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from core.errors import AppError

Level = Literal["STUDY", "SERIES", "IMAGE"]
Login = Literal["none", "basic", "token"]


class PacsError(AppError):
    """An archive refused, or answered what cannot be used; the message names it by its alias alone."""


class LinkLostError(PacsError):
    """An archive does not answer, or no longer: the same may go well a moment later."""


@dataclass(frozen=True)
class Server:
    """How an archive is reached; no secret is part of it.

    Parameters
    ----------
    name : str
        The alias by which the person, titles, messages and logs call it.
    url : str
        Root of its DICOMweb services; empty where it is spoken to by DIMSE.
    host, port, aet : str, int, str
        Where its DIMSE service listens, and the AE title it goes by.
    own_aet : str
        AE title that FerroRead goes by.
    own_port : int
        Where FerroRead listens for what C-MOVE sends; 0: C-GET is used instead.
    tls : bool
        Whether DIMSE goes over TLS; DICOMweb says so by https.
    ca : str
        File of the certificates that are trusted; empty: the system's.
    certificate, key : str
        FerroRead's own certificate and its private key, where the archive asks for one.
    login : {"none", "basic", "token"}
        How DICOMweb logs in.
    user : str
        Of the basic log-in.
    """

    name: str
    url: str = ""
    host: str = ""
    port: int = 0
    aet: str = ""
    own_aet: str = "FERROREAD"
    own_port: int = 0
    tls: bool = False
    ca: str = ""
    certificate: str = ""
    key: str = ""
    login: Login = "none"
    user: str = ""


@dataclass(frozen=True)
class Filters:
    """What is looked for; "" matches all. Texts may hold the wildcards * and ? (PS3.4 C.2.2.2.4).

    `dates` is one date or a range as DICOM writes it: 20260131, 20260101-20260131, 20260101-.
    """

    patient_id: str = ""
    patient_name: str = ""
    dates: str = ""
    accession: str = ""
    study_description: str = ""
    study: str = ""
    modality: str = ""
    series_description: str = ""
    series: str = ""

    @property
    def any_of_study(self) -> bool:
        """Whether anything narrows which studies are meant: an archive is never asked for all."""
        asked = (self.patient_id, self.patient_name, self.dates, self.accession, self.study_description)
        return any((*asked, self.study))


@dataclass(frozen=True)
class FoundStudy:
    """A study as the archive describes it; shown to who asked, and kept nowhere."""

    study: str
    patient_id: str
    patient_name: str
    date: str
    accession: str
    description: str


@dataclass(frozen=True)
class FoundSeries:
    """A series of a study as the archive describes it; `instances` is None where it does not count them."""

    of: FoundStudy
    series: str
    modality: str
    number: str
    description: str
    instances: int | None


@dataclass(frozen=True)
class Instance:
    """One instance by its UIDs, with its SOP class where the archive tells it."""

    study: str
    series: str
    instance: str
    sop_class: str = ""


Keep = Callable[[str, bytes], None]
"""Takes an instance that came: its SOP Instance UID as asked for, and the bytes of a DICOM file."""


class Link(Protocol):
    """An open connection to an archive."""

    server: Server

    def query(self, level: Level, asked: Mapping[str, str]) -> list[dict[str, str]]:
        """Return what matches, by keyword: what has a value in `asked` is matched, the rest is asked for.

        Raises
        ------
        PacsError
            If the archive refuses or does not answer.
        """

    def fetch(self, wanted: Sequence[Instance], keep: Keep, stopped: Callable[[], bool]) -> str:
        """Bring instances and hand each to `keep`, until all came or `stopped`.

        Returns
        -------
        str
            Why some did not come; "" where all did.

        Raises
        ------
        LinkLostError
            If the connection broke; what was kept by then is whole.
        PacsError
            If the archive refuses altogether.
        """

    def store(self, path: Path) -> str:
        """Send one DICOM file; return why the archive did not take it, "" where it did.

        Raises
        ------
        PacsError
            If the archive refuses altogether or does not answer.
        """

    def close(self) -> None:
        """End the connection."""
