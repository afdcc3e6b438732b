"""What a server has of kits: its tables for who owns them, its functions for a rater's role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from core.study import server_tables as t


class Rows:
    """The kits of all raters, as their tables have them; for who owns the study."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def files(self, kit_id: str) -> list[tuple[str, str]]:
        """Return the names of a kit's files as it was dealt, and their hashes."""
        f = t.served_files.c
        return self._listed(sa.select(f.file, f.sha256).where(f.kit_id == kit_id).order_by(f.file))

    def content(self, kit_id: str, file: str) -> bytes:
        """Return what is in one of them."""
        f = t.served_files.c
        chosen = sa.select(f.content).where(f.kit_id == kit_id, f.file == file)
        return bytes(self._connection.execute(chosen).scalar_one())

    def last_delivery(self, kit_id: str) -> sa.RowMapping | None:
        """Return the newest state of a kit's file."""
        newest = sa.select(t.deliveries).where(t.deliveries.c.kit_id == kit_id)
        newest = newest.order_by(t.deliveries.c.number.desc()).limit(1)
        return self._connection.execute(newest).mappings().first()

    def pages(self, kit_id: str, below: int) -> list[tuple[int, bytes]]:
        """Return the pages of that state before a number, in their order."""
        p = t.delivered_pages.c
        last = sa.select(p.page, sa.func.max(p.number).label("number")).where(p.kit_id == kit_id)
        newest = last.group_by(p.page).subquery()
        same = sa.and_(p.page == newest.c.page, p.number == newest.c.number)
        chosen = sa.select(p.page, p.content).join(newest, same).where(p.kit_id == kit_id, p.page < below)
        return self._listed(chosen.order_by(p.page))

    def _listed(self, chosen: sa.Select[Any]) -> list[tuple[Any, Any]]:
        return [(row[0], row[1]) for row in self._connection.execute(chosen)]


class OwnRows(Rows):
    """The kits of the role that has logged in: the server's functions give and take no others."""

    def kits(self) -> list[str]:
        """Return the ids of the role's kits."""
        return list(self._connection.execute(sa.select(sa.func.own_kits())).scalars())

    def files(self, kit_id: str) -> list[tuple[str, str]]:
        """Return the names of a kit's files as it was dealt, and their hashes."""
        return self._listed(sa.select("*").select_from(sa.func.own_files(kit_id)))

    def content(self, kit_id: str, file: str) -> bytes:
        """Return what is in one of them."""
        return bytes(self._connection.execute(sa.select(sa.func.own_file(kit_id, file))).scalar_one())

    def last_delivery(self, kit_id: str) -> sa.RowMapping | None:
        """Return the newest state of a kit's file."""
        newest = sa.select("*").select_from(sa.func.own_delivery(kit_id))
        return self._connection.execute(newest).mappings().first()

    def pages(self, kit_id: str, below: int) -> list[tuple[int, bytes]]:
        """Return the pages of that state before a number, in their order."""
        return self._listed(sa.select("*").select_from(sa.func.own_pages(kit_id, below)))

    def page_hashes(self, kit_id: str) -> dict[int, str]:
        """Return the hash of every page as it was last delivered."""
        return dict(self._listed(sa.select("*").select_from(sa.func.own_page_hashes(kit_id))))

    def deliver(self, state: Mapping[str, Any], pages: Sequence[Mapping[str, Any]]) -> None:
        """Bring a state of a kit's file, and the pages of it that have changed.

        `state` and `pages` are rows of the tables `deliveries` and `delivered_pages`.
        """
        self._give("deliver_state", t.deliveries, [state])
        self._give("deliver_page", t.delivered_pages, pages)

    def _give(self, function: str, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
        values = [sa.bindparam(column.name, type_=column.type) for column in table.c]
        call = sa.select(getattr(sa.func, function)(*values)).execution_options(changes=True)
        for row in rows:
            self._connection.execute(call, row)
