"""What can still be read of a damaged kit: row by row, from a copy; nothing is written into the kit."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import AppError, StoreError
from core.imaging.volume import Volume
from core.study import kit_tables as t
from core.study.audit import Record, broken_at
from core.study.database import KIT
from core.study.kit import FILE_NAME
from core.study.kit_state import grid_from_text, unpacked_coverage
from core.study.rater_key import fingerprint
from core.study.signing import Signature, check_seal

Row = dict[str, Any]
# what a rater did, as it stands in the tables; regions and signatures are looked at one by one
TABLES = {
    "cases": ("alias", "position", "status", "step_index", "seconds"),
    "answers": ("alias", "question", "about", "value", "seconds"),
    "marks": ("alias", "mark", "kind", "prescribed", "x_mm", "y_mm", "z_mm"),
    "rulers": ("alias", "ruler", "about", "start_mm", "end_mm"),
    "corrections": ("alias", "version", "reason"),
    "guesses": ("alias", "of", "choice"),
}
_REGIONS = ("alias", "roi", "kind", "name", "coverage", "sha256")
_SIGNATURES = ("record", "sha256", "ed25519", "version", "alias")
_RECORDS = ("sequence", "content", "previous", "sha256")
# what a row of a damaged file can do to whoever takes it for one
_NO_ROW = (AppError, AttributeError, LookupError, OverflowError, TypeError, ValueError)


@dataclass(frozen=True)
class SignedCase:
    """A signature that was found; it `holds` where the rater's key has made it over just this `content`."""

    alias: str
    version: int
    at: str
    holds: bool
    content: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Region:
    """A region that came back as it was drawn; `signed`: a signature that holds is over it."""

    alias: str
    roi: str
    kind: str
    name: str
    signed: bool
    volume: Volume


@dataclass(frozen=True, eq=False)
class Rescued:
    """What was read.

    Parameters
    ----------
    tables : mapping of table to rows
        Of `TABLES`, with the columns named there; None, numbers, texts and bytes.
    signed : tuple of SignedCase
    regions : tuple of Region
        Coverage 0 to 255, as uint8.
    records : tuple of Record
        The audit trail as far as its rows can be read.
    trail_broken_at : int or None
        The first record that is missing or was altered.
    damaged : tuple of str
        Tables of which rows are missing, or in which rows are none.
    key : str
        The beginning of the rater's public key; "" where none was found.
    """

    tables: Mapping[str, Sequence[Row]]
    signed: tuple[SignedCase, ...]
    regions: tuple[Region, ...]
    records: tuple[Record, ...]
    trail_broken_at: int | None
    damaged: tuple[str, ...]
    key: str


def evidence(kit: Path) -> list[Path]:
    """Return the files that make up a kit's database.

    Raises
    ------
    StoreError
        If there is none.
    """
    place = kit / FILE_NAME
    if not place.is_file():
        raise StoreError(f"{kit} is not a kit; choose the folder NAME.kit that the coordinator gave you")
    log = place.with_name(f"{FILE_NAME}-wal")
    return [place, log] if log.is_file() else [place]


def rescue(kit: Path) -> Rescued:
    """Read what can be read of a kit, whatever became of it.

    Parameters
    ----------
    kit : Path
        The kit's folder.

    Raises
    ------
    StoreError
        If it holds no kit's file, or nothing of that is a database any more.
    """
    files = evidence(kit)
    with tempfile.TemporaryDirectory() as folder:
        # SQLite would fold the log in, and write into what is kept as evidence
        for file in files:
            shutil.copyfile(file, Path(folder) / file.name)
        with closing(sqlite3.connect(Path(folder) / FILE_NAME)) as connection:
            connection.text_factory = lambda text: text.decode(errors="replace")
            return _Remains(connection, kit).all()


class _Remains:
    """Reads table by table, and notes which of them were not whole."""

    def __init__(self, connection: sqlite3.Connection, kit: Path) -> None:
        self._connection, self._damaged = connection, set[str]()
        try:
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        except sqlite3.DatabaseError as error:
            raise StoreError(
                f"{kit}: nothing of this {KIT.name} can be read; keep it as it is, and look for a copy"
            ) from error
        self._damaged |= {*TABLES, "rois", "signatures", "audit", "rater_keys"} - names

    def all(self) -> Rescued:
        tables = {name: self._rows(name, columns) for name, columns in TABLES.items()}
        keys = [row["public_key"] for row in self._rows("rater_keys", ("public_key",))]
        signed = tuple(self._signed(keys))
        regions = tuple(self._regions(signed))
        records = tuple(Record(**row) for row in self._rows("audit", _RECORDS))
        return Rescued(
            tables, signed, regions, records, broken_at(records), tuple(sorted(self._damaged)),
            fingerprint(str(keys[-1])) if keys else "",
        )  # fmt: skip

    def _rows(self, table: str, columns: Sequence[str]) -> list[Row]:
        """Return a table's rows: from its beginning up to what is damaged, and from its end down to there."""
        first, whole = self._read(table, columns, "ASC")
        if whole:
            return first
        self._damaged.add(table)
        seen = {tuple(row.values()) for row in first}
        last, _ = self._read(table, columns, "DESC")
        return first + [row for row in reversed(last) if tuple(row.values()) not in seen]

    def _read(self, table: str, columns: Sequence[str], order: str) -> tuple[list[Row], bool]:
        named = ", ".join(f'"{column}"' for column in columns)
        # as the rows lie: no row is looked for, so one that is damaged hides none but those behind it
        key = ", ".join(f'"{column.name}" {order}' for column in t.metadata.tables[table].primary_key)
        rows: list[Row] = []
        try:
            for row in self._connection.execute(f"SELECT {named} FROM {table} ORDER BY {key}"):
                rows.append(dict(zip(columns, row, strict=True)))
        except (sqlite3.Error, MemoryError, OverflowError):
            return rows, False
        return rows, True

    def _signed(self, keys: Sequence[Any]) -> Iterator[SignedCase]:
        for row in self._rows("signatures", _SIGNATURES):
            try:
                signature = Signature(row["record"], row["sha256"], row["ed25519"], row["version"])
                values = signature.values
                yield SignedCase(
                    str(row["alias"]), int(row["version"]), str(values["at"]),
                    any(_holds(signature, key) for key in keys), dict(values["content"]),
                )  # fmt: skip
            except _NO_ROW:
                self._damaged.add("signatures")

    def _regions(self, signed: Sequence[SignedCase]) -> Iterator[Region]:
        grids = {row["alias"]: row["grid"] for row in self._rows("cases", ("alias", "grid"))}
        vouched = {
            (case.alias, roi["roi"], roi["coverage_sha256"])
            for case in signed
            if case.holds
            for roi in case.content["rois"]
        }
        for row in self._rows("rois", _REGIONS):
            try:
                grid = grid_from_text(grids[row["alias"]])
                what = (row["alias"], row["roi"], row["sha256"])
                volume = Volume(unpacked_coverage(row["coverage"], row["sha256"], grid.shape, "it"), grid)
                alias, roi, kind, name = (str(row[of]) for of in ("alias", "roi", "kind", "name"))
                yield Region(alias, roi, kind, name, what in vouched, volume)
            except _NO_ROW:
                self._damaged.add("rois")


def _holds(signature: Signature, key: Any) -> bool:
    try:
        check_seal(signature, key, "it")
    except _NO_ROW:
        return False
    return True
