"""Where a study's database is: a file in the study's folder, or a server that a file there names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DamagedError, StoreError
from core.study.database import STUDY, Database, refuse_network_drive

if TYPE_CHECKING:
    import sqlalchemy as sa

    from core.study.server import ServerDatabase
    from core.study.server_address import Address

FILE_NAME = "study.sqlite"
# one line: the server's address, without a password
SERVER_FILE = "study.server"
# folder of copies of the file
BACKUPS = "backups"


def is_study(path: Path) -> bool:
    """Tell whether a folder is a study's, be it one that has lost its file and has backups of it."""
    return (path / FILE_NAME).is_file() or (path / SERVER_FILE).is_file() or _has_backups(path)


def _has_backups(path: Path) -> bool:
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


def create_database(folder: Path, server: str, fill: Callable[[sa.Connection], None]) -> None:
    """Make a study's database in its folder, or on a server, whose address then stands in the folder.

    Parameters
    ----------
    folder : Path
        The study's.
    server : str
        The address of an empty database; "" for a file.
    fill : callable
        Writes what is in it from the beginning; where it fails, a server's database stays empty.

    Raises
    ------
    InputError
        If `server` is no address.
    StoreError
        As `Database.create` and `ServerDatabase.create` do.
    """
    if server:
        from core.study.server import ServerDatabase  # noqa: PLC0415
        from core.study.server_address import address_from  # noqa: PLC0415

        (folder / SERVER_FILE).write_text(f"{server.strip()}\n", encoding="utf-8")
        ServerDatabase.create(address_from(server), STUDY, fill).close()
        return
    database = Database.create(folder / FILE_NAME, STUDY)
    try:
        with database.transaction() as connection:
            fill(connection)
    finally:
        database.close()


def open_database(path: Path) -> Database | ServerDatabase:
    """Open a study's database for this program alone.

    Raises
    ------
    DamagedError
        If its file is missing, and there are backups of it.
    StoreError
        If the folder is no study, or as `Database.open` and `ServerDatabase.open` do.
    """
    address = server_of(path)
    if address is not None:
        from core.study.server import ServerDatabase  # noqa: PLC0415

        return ServerDatabase.open(address, STUDY)
    if not (path / FILE_NAME).is_file():
        if _has_backups(path):
            raise DamagedError(f"{path / FILE_NAME} is missing; restore it from a backup")
        raise StoreError(f"{path} is not a study; make one with `ferroread study create`")
    return Database.open(path / FILE_NAME, STUDY)


def refuse_place(path: Path, server: str) -> None:
    """Raise StoreError where a study's folder may not lie: a file is no database on a network drive."""
    if not server:
        refuse_network_drive(path)
