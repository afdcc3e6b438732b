"""Opening a link by the protocol that its server speaks; the libraries for it are imported then."""

from __future__ import annotations

import logging
from pathlib import Path
from urllib.parse import urlsplit

from readers.pacs.model import Link, PacsError, Server

_AT_HOME = ("localhost", "127.0.0.1", "::1")


def open_link(server: Server, secret: str = "") -> Link:
    """Connect to an archive.

    Parameters
    ----------
    server : Server
        Where it is and how it is spoken to.
    secret : str
        Password or token of the log-in.

    Raises
    ------
    LinkLostError
        If it does not answer.
    PacsError
        If it refuses, a certificate is missing or not trusted, or the secret would travel unencrypted.
    """
    for part in (server.ca, server.certificate, server.key):
        if part and not Path(part).is_file():
            raise PacsError(f"{server.name}: the file of a certificate or key is gone; add the server anew")
    _silence()
    if not server.url:
        from readers.pacs.dimse import DimseLink

        return DimseLink(server)
    place = urlsplit(server.url)
    if server.login != "none" and place.scheme != "https" and place.hostname not in _AT_HOME:
        raise PacsError(f"{server.name}: a log-in over http can be overheard; give an https URL")
    from readers.pacs.dicomweb import WebLink

    return WebLink(server, secret)


def _silence() -> None:
    """Keep what the libraries say from every log: they name what was asked for, and of whom."""
    for name in ("pynetdicom", "dicomweb_client", "retrying", "urllib3", "requests"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
