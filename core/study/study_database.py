"""Making and opening a study's database; a rater's program never has this loaded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import DamagedError, StoreError
from core.study.database import STUDY, Database
from core.study.study_place import FILE_NAME, SERVER_FILE, has_backups, server_of

if TYPE_CHECKING:
    import sqlalchemy as sa

    from core.study.server import ServerDatabase


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
        # a study in a file needs no driver of a server, here and below
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
        if has_backups(path):
            raise DamagedError(f"{path / FILE_NAME} is missing; restore it from a backup")
        raise StoreError(f"{path} is not a study; make one with `ferroread study create`")
    return Database.open(path / FILE_NAME, STUDY)
