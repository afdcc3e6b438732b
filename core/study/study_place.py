"""Where a study's database is: a file in the study's folder, or a server that a file there names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from core.study.database import refuse_network_drive

if TYPE_CHECKING:
    from core.study.server_address import Address

FILE_NAME = "study.sqlite"
# one line: the server's address, without a password
SERVER_FILE = "study.server"
# folder of copies of the file
BACKUPS = "backups"


def is_study(path: Path) -> bool:
    """Tell whether a folder is a study's, be it one that has lost its file and has backups of it."""
    return (path / FILE_NAME).is_file() or (path / SERVER_FILE).is_file() or has_backups(path)


def has_backups(path: Path) -> bool:
    """Tell whether copies of a study's file lie in its folder."""
    return any((path / BACKUPS).glob(f"{Path(FILE_NAME).stem}-*.sqlite"))


def server_of(path: Path) -> Address | None:
    """Return the server that has a study's database; None where a file in its folder is the database.

    Raises
    ------
    InputError
        If the file that names it holds no address.
    """
    place = path / SERVER_FILE
    if not place.is_file():
        return None
    from core.study.server_address import address_from  # noqa: PLC0415 - only where there is a server

    return address_from(place.read_text(encoding="utf-8"))


def refuse_place(path: Path, server: str) -> None:
    """Raise StoreError where a study's folder may not lie: a file is no database on a network drive."""
    if not server:
        refuse_network_drive(path)
