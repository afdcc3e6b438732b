"""What can still be read of a damaged kit: row by row, and nothing is written into the kit."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.errors import AppError, InputError, StoreError, StoreVersionError
from core.imaging.volume import Volume
from core.study import kit_tables as t
from core.study.audit import Record, broken_at, values_if_any
from core.study.database import KIT, UNREADABLE, look_into, refuse_open_elsewhere
from core.study.evidence import as_it_lies, evidence_of
from core.study.kit import FILE_NAME, Kit
from core.study.kit_state import grid_from_text, unpacked_coverage
from core.study.kit_trails import unsigned_records
from core.study.rater_key import StoredKey, fingerprint, opened_key, stored_from
from core.study.rescue_tries import note_try, refuse_hasty
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
_KEYS = ("public_key", "salt", "cost", "sealed")
_REGIONS = ("alias", "roi", "kind", "name", "coverage", "sha256")
_SIGNATURES = ("record", "sha256", "ed25519", "version", "alias")
_NOTHING = "{kit}: nothing of this kit can be read; keep it as it is, and look for a copy"
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
    keys : tuple of StoredKey
        The one that is the rater's now; none where it cannot be read or was given up.
    kit_id, study_id : str
        "" where it cannot be read.
    closing : bool
        Whether the kit opens no signed case again; taken to be so where it cannot be read.
    withheld : frozenset of int
        Numbers of records of which is not told what they say.
    """

    tables: Mapping[str, Sequence[Row]]
    signed: tuple[SignedCase, ...]
    regions: tuple[Region, ...]
    records: tuple[Record, ...]
    trail_broken_at: int | None
    damaged: tuple[str, ...]
    key: str
    keys: tuple[StoredKey, ...] = ()
    kit_id: str = ""
    study_id: str = ""
    closing: bool = True
    withheld: frozenset[int] = frozenset()


def evidence(kit: Path) -> list[Path]:
    """Return the files that make up a kit's database.

    Raises
    ------
    StoreError
        If there is none.
    """
    files = evidence_of(kit / FILE_NAME)
    if not files:
        raise StoreError(f"{kit} is not a kit; choose the folder NAME.kit that the coordinator gave you")
    return files


def rescue(kit: Path) -> Rescued:
    """Read what can be read of a damaged kit.

    Parameters
    ----------
    kit : Path
        The kit's folder.

    Raises
    ------
    InputError
        If it is not damaged: it is read in its window and its trail looked through, both on record.
    StoreError
        If it holds no kit's file, nothing of that is a database any more, or it is open in another program.
    StoreVersionError
        If a newer FerroRead wrote it.
    """
    refuse_open_elsewhere(kit / FILE_NAME, KIT)
    if _is_whole(kit):
        raise InputError(
            f"{kit} is whole, so there is nothing to rescue; open it with `ferroread read`, or write out its "
            "trail with `ferroread kit audit`"
        )
    return remains(kit)


def remains(kit: Path) -> Rescued:
    """Read what can be read of a kit, whatever became of it; who may see it is asked elsewhere.

    Raises
    ------
    StoreError
        As `rescue`.
    """
    evidence(kit)
    try:
        with as_it_lies(kit / FILE_NAME) as connection:
            connection.text_factory = lambda text: text.decode(errors="replace")
            return _Remains(connection, kit).all()
    except (OSError, sqlite3.Error) as error:
        raise StoreError(_NOTHING.format(kit=kit)) from error


def _is_whole(kit: Path) -> bool:
    """Tell whether a kit opens and holds; asked of a copy, since opening may bring it to another schema."""
    files = evidence(kit)
    try:
        look_into(kit / FILE_NAME, KIT)
        with tempfile.TemporaryDirectory() as folder:
            for file in files:
                shutil.copyfile(file, Path(folder) / file.name)
            with Kit.open(Path(folder), to_read=False) as copy:
                copy.verify(kit)
    except StoreVersionError:
        raise
    except StoreError:
        return False
    return True


def raters_rescue(kit: Path, found: Rescued, password: str) -> Rescued:
    """Return what its rater may see of a damaged kit: all, or of one with repeats what is not signed.

    Nothing is written into what is damaged: that it was asked for, and a wrong password, is recorded beside
    it, and makes the next try wait as in a kit that is whole.

    Parameters
    ----------
    kit : Path
        The kit's folder.
    found : Rescued
        What `rescue` has read of it.
    password : str
        What was typed.

    Raises
    ------
    InputError
        If the password opens none of the keys that can be read, or was wrong too often just now; where none
        can be read, it is the coordinator's to rescue.
    StoreError
        If nothing can be recorded beside the kit.
    """
    if not found.keys:
        raise InputError(
            "whose kit this is can no longer be checked; let the coordinator rescue it, "
            "with --study and --reason"
        )
    refuse_hasty(kit, found.records)
    right = any(_opens(key, password) for key in found.keys)
    note_try(kit, right=right)
    if not right:
        raise InputError("this is not the password that was chosen for this kit; try again")
    if not found.closing:
        return found
    open_ = _open_cases(found)
    told = {record.sequence: values_if_any(record).get("alias") for record in found.records}
    closed = frozenset(number for number, alias in told.items() if alias not in (None, *open_))
    signed = tuple(replace(case, content={"answers": [], "rois": []}) for case in found.signed)
    return replace(_of_cases(found, open_), signed=signed, withheld=closed)


def signed_part(found: Rescued) -> Rescued:
    """Return what was signed of a damaged kit, without what its rater was still at."""
    signed = {case.alias for case in found.signed} - _open_cases(found)
    return replace(_of_cases(found, signed), withheld=unsigned_records(found.records))


def _open_cases(found: Rescued) -> set[str]:
    """Return the aliases of cases that can be read and say that they are not signed."""
    return {str(row["alias"]) for row in found.tables["cases"] if row["status"] == "open"}


def _of_cases(found: Rescued, aliases: Collection[str]) -> Rescued:
    """Return what is there of these cases; the list of cases stays whole."""
    tables = {
        name: [row for row in rows if name == "cases" or str(row["alias"]) in aliases]
        for name, rows in found.tables.items()
    }
    return replace(found, tables=tables, regions=tuple(r for r in found.regions if r.alias in aliases))


def _opens(key: StoredKey, password: str) -> bool:
    try:
        return opened_key(key, password) is not None
    except StoreError:
        return False


class _Remains:
    """Reads table by table, and notes which of them were not whole."""

    def __init__(self, connection: sqlite3.Connection, kit: Path) -> None:
        self._connection, self._damaged = connection, set[str]()
        try:
            # SQLite goes on then where it would refuse a file that is cut, or whose list of tables is damaged
            connection.execute("PRAGMA writable_schema = ON")
            names = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        except UNREADABLE as error:
            raise StoreError(_NOTHING.format(kit=kit)) from error
        self._damaged |= {*TABLES, "rois", "signatures", "audit", "rater_keys"} - names

    def all(self) -> Rescued:
        tables = {name: self._rows(name, columns) for name, columns in TABLES.items()}
        rows = self._rows("rater_keys", _KEYS)
        keys = [row["public_key"] for row in rows if row["public_key"] != ""]
        signed = tuple(self._signed(keys))
        # one that was given up is followed by a row without a key, and opens nothing any more
        stored = tuple(self._stored([row for row in rows[-1:] if row["public_key"] != ""]))
        kits = self._rows("kit", ("kit_id", "study_id", "closes_signed"))
        regions = tuple(self._regions(signed))
        records = tuple(Record(**row) for row in self._rows("audit", _RECORDS))
        return Rescued(
            tables, signed, regions, records, broken_at(records), tuple(sorted(self._damaged)),
            fingerprint(str(keys[-1])) if keys else "", stored,
            str(kits[0]["kit_id"]) if kits else "", str(kits[0]["study_id"]) if kits else "",
            closing=not kits or bool(kits[0]["closes_signed"]),
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
        except (*UNREADABLE, MemoryError, OverflowError):
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

    def _stored(self, rows: Sequence[Row]) -> Iterator[StoredKey]:
        for row in rows:
            try:
                yield stored_from(row)
            except _NO_ROW:
                self._damaged.add("rater_keys")

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
