"""A rater's side of a server: its kits are fetched from there, and what was read is delivered.

The kit on the rater's own disk stays what counts while it is read; the server gets every state of its file,
as the pages that have changed. Nothing here can open a study.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.files import whole_folder
from core.progress import Progress, Silent
from core.study.kit import FILE_NAME, SERVER_FILE, Kit
from core.study.served_rows import OwnRows, Rows
from core.study.server import ServerDatabase
from core.study.server_address import address_from, sqlstate

_PAGE_BYTES = 4096
# a kit's file is far smaller; what claims to be larger is none
_MOST_PAGES = 2**19
_UNIQUE = "23505"


@dataclass(frozen=True)
class Delivered:
    """What a delivery brought to the server: its number, and the pages that were new; 0 where none were."""

    number: int
    pages: int


def fetch_kits(url: str, folder: Path, *, progress: Progress | None = None) -> tuple[list[Path], list[Path]]:
    """Fetch the kits that lie on a server for the role that logs in, each as far as it was delivered.

    Parameters
    ----------
    url : str
        The server's address (`core.study.server_address`).
    folder : Path
        Where their folders are made; one that is there already is left as it is.
    progress : Progress
        Told after every file; cancelled() stops with InputError, and no kit is there in part.

    Returns
    -------
    list of Path, list of Path
        The kits that were fetched, and those that were there.

    Raises
    ------
    InputError
        If there is none for this role.
    StoreError
        If the server cannot be reached, or what it gives is damaged.
    """
    progress = progress or Silent()
    fetched, known = [], []
    with closing(ServerDatabase.as_rater(address_from(url))) as server:
        with server.transaction() as connection:
            kit_ids = OwnRows(connection).kits()
        if not kit_ids:
            raise InputError(
                f"{server.address.told} has no kit for {server.address.role}; ask the coordinator"
            )
        for kit_id in kit_ids:
            place = folder / f"{kit_id[:8]}.kit"
            if place.exists():
                known.append(place)
                continue
            with whole_folder(place, result=False) as draft, server.transaction() as connection:
                write_served(OwnRows(connection), kit_id, draft, progress)
                (draft / SERVER_FILE).write_text(f"{url.strip()}\n", encoding="utf-8")
            fetched.append(place)
    return fetched, known


def server_for(kit: Kit) -> ServerDatabase:
    """Return the server that a kit came from; it is reached when it is first used.

    Raises
    ------
    InputError
        If the kit came from none.
    """
    if not kit.server:
        raise InputError(f"{kit.path} came from no server; give it to the coordinator by hand")
    return ServerDatabase.as_rater(address_from(kit.server))


def deliver(server: ServerDatabase, kit: Kit) -> Delivered:
    """Bring a kit's file to the server as it is on disk now; what is there already is not sent again.

    Raises
    ------
    InputError
        If the kit is none that the server has for this role.
    StoreError
        If the server cannot be reached, or the kit was read on at another computer; nothing has come there
        then.
    """
    content, trail = _file_of(kit)
    pages = [content[start : start + _PAGE_BYTES] for start in range(0, len(content), _PAGE_BYTES)]
    state = {
        "head_sequence": max(trail), "head_sha256": trail[max(trail)], "pages": len(pages),
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    try:
        with server.transaction() as connection:
            own = OwnRows(connection)
            last = own.last_delivery(kit.kit_id)
            if last is None:
                _refuse_unknown(own, kit)
            else:
                _refuse_read_elsewhere(kit, trail, last)
                if last["sha256"] == state["sha256"]:
                    return Delivered(last["number"], 0)
            number = 1 if last is None else last["number"] + 1
            place = {"kit_id": kit.kit_id, "number": number}
            there = own.page_hashes(kit.kit_id)
            hashes = [hashlib.sha256(page).hexdigest() for page in pages]
            changed = [page for page, sha256 in enumerate(hashes) if there.get(page) != sha256]
            rows = [{**place, "page": n, "sha256": hashes[n], "content": pages[n]} for n in changed]
            own.deliver({**place, **state}, rows)
    except sa.exc.DBAPIError as error:
        if sqlstate(error) != _UNIQUE:
            raise
        raise StoreError(f"{kit.path} is being delivered by another program; wait for it") from error
    return Delivered(number, len(changed))


def write_served(there: Rows, kit_id: str, folder: Path, progress: Progress) -> bool:
    """Write a kit as it was dealt, its file as it was last delivered; tell whether anything was.

    Raises
    ------
    StoreError
        If a file or a delivery is not what its hash says.
    """
    listed = there.files(kit_id)
    for done, (file, sha256) in enumerate(listed):
        if progress.cancelled():
            raise InputError("fetching the kit was stopped; nothing was kept")
        progress.report(done / len(listed), "fetching the kit")
        _write(folder, file, there.content(kit_id, file), sha256)
    last = there.last_delivery(kit_id)
    if last is not None:
        _write(folder, FILE_NAME, _joined(there, kit_id, last["pages"]), last["sha256"])
    return last is not None


def _write(folder: Path, file: str, content: bytes, sha256: str) -> None:
    place = PurePosixPath(file)
    if place.is_absolute() or ".." in place.parts or "\\" in file or ":" in file:
        raise StoreError(f"the server names a file {file!r}, which lies in no kit; ask who keeps the server")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError(f"{file} of the kit came damaged from the server; ask who keeps the server")
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _file_of(kit: Kit) -> tuple[bytes, dict[int, str]]:
    """Return a kit's file as it is on disk, and the hashes of its records by number."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / FILE_NAME
        kit.copy_to(copy)
        # of the copy: the kit may have a newer one by now
        with closing(sqlite3.connect(copy)) as connection:
            trail = dict(connection.execute("SELECT sequence, sha256 FROM audit"))
        return copy.read_bytes(), trail


def _joined(there: Rows, kit_id: str, pages: int) -> bytes:
    """Return a kit's file as it was last delivered."""
    if not 0 < pages <= _MOST_PAGES:
        raise StoreError("what was delivered of the kit is not a kit's file; ask for the kit itself")
    return b"".join(content for _, content in there.pages(kit_id, pages))


def _refuse_read_elsewhere(kit: Kit, trail: Mapping[int, str], last: sa.RowMapping) -> None:
    """Refuse where what was last delivered is no part of this kit's own history."""
    if trail.get(last["head_sequence"]) != last["head_sha256"]:
        raise StoreError(
            f"{kit.path} was read on at another computer, so what was read here is not delivered; leave it "
            "as it is, and tell the coordinator"
        )


def _refuse_unknown(own: OwnRows, kit: Kit) -> None:
    if kit.kit_id not in own.kits():
        raise InputError(f"{kit.path} is no kit that the server has for this role; ask the coordinator")
