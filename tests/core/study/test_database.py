"""A file is opened only when it is whole, ours, alone and local; what was committed stays."""

from __future__ import annotations

import ctypes
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from core.errors import StoreError, StoreVersionError
from core.study import database as db
from core.study import kit_tables, tables
from core.study.database import KIT, STUDY, Database, Kind, on_network_drive, told

KINDS = [(STUDY, tables.metadata), (KIT, kit_tables.metadata)]


def make(path: Path, kind: Kind = KIT) -> Path:
    Database.create(path, kind).close()
    return path


@pytest.mark.parametrize(("kind", "metadata"), KINDS, ids=["study", "kit"])
def test_migrations_make_the_tables_that_the_code_knows(
    tmp_path: Path, kind: Kind, metadata: sa.MetaData
) -> None:
    database = Database.create(tmp_path / "x.sqlite", kind)
    with database.transaction() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


@pytest.mark.parametrize(("kind", "_"), KINDS, ids=["study", "kit"])
def test_a_file_is_durable_exclusive_and_checked(tmp_path: Path, kind: Kind, _: object) -> None:
    path = make(tmp_path / "x.sqlite", kind)
    database = Database.open(path, kind)
    with database.transaction() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "locking_mode", "application_id")
        }
    assert found == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "locking_mode": "exclusive",
        "application_id": kind.application_id,
    }  # fmt: skip
    with pytest.raises(StoreError, match="open in another program; close it there"):
        Database.open(path, kind)
    database.close()
    database.close()
    Database.open(path, kind).close()
    assert not path.with_name("x.sqlite-wal").exists()


def test_another_program_is_refused(tmp_path: Path) -> None:
    path = make(tmp_path / "kit.sqlite")
    database = Database.open(path, KIT)
    code = (
        "import sys; from pathlib import Path; from core.study.database import KIT, Database\n"
        "from core.errors import StoreError\n"
        "try: Database.open(Path(sys.argv[1]), KIT)\n"
        "except StoreError as error: print(error)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert told.stdout.strip() == f"{path}: the kit is open in another program; close it there and try again"
    database.close()


def write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE a (b)")
    connection.commit()
    connection.close()


def empty_but_marked(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA application_id = {KIT.application_id}")
    connection.execute("CREATE TABLE a (b)")
    connection.commit()
    connection.close()


def newer(path: Path) -> None:
    make(path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


def damaged(path: Path) -> None:
    make(path)
    whole = bytearray(path.read_bytes())
    whole[4096:8192] = b"\x5a" * 4096
    path.write_bytes(whole)


def cut(path: Path) -> None:
    make(path)
    path.write_bytes(path.read_bytes()[:4096])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: None, "is not there; choose a FerroRead kit"),
        (lambda path: write(path, b""), "is not a FerroRead kit"),
        (lambda path: write(path, bytes(5000)), "is not a FerroRead kit"),
        (lambda path: write(path, b"hello " * 100), "is not a FerroRead kit"),
        (foreign, "is a database, but not a FerroRead kit"),
        (lambda path: make(path, STUDY), "is a database, but not a FerroRead kit"),
        (empty_but_marked, "is not the content of a FerroRead kit"),
        (damaged, "damaged"),
        (cut, "damaged"),
        (lambda path: path.mkdir(), "cannot be read"),
    ],
)
def test_what_is_no_sound_kit_is_refused_in_one_line(
    tmp_path: Path, spoil: Callable[[Path], object], reason: str
) -> None:
    path = tmp_path / "kit.sqlite"
    spoil(path)
    with pytest.raises(StoreError, match=reason) as caught:
        Database.open(path, KIT)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_a_newer_files_version_is_told(tmp_path: Path) -> None:
    path = tmp_path / "kit.sqlite"
    newer(path)
    before = path.read_bytes()
    with pytest.raises(StoreVersionError, match=r"newer FerroRead \(schema 9999\); update"):
        Database.open(path, KIT)
    assert path.read_bytes() == before


def test_a_place_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kit.sqlite"
    path.write_text("mine")
    with pytest.raises(StoreError, match="exists already"):
        Database.create(path, KIT)
    assert path.read_text() == "mine"
    with pytest.raises(StoreError, match="cannot be opened for writing"):
        Database.create(tmp_path / "none" / "kit.sqlite", KIT)


def test_a_block_that_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database.create(tmp_path / "kit.sqlite", KIT)
    row = {"kit_id": "k", "study_id": "s", "rater": "r", "session": 1, "protocol": "p"}
    with pytest.raises(RuntimeError), database.transaction() as connection:
        connection.execute(kit_tables.kit.insert().values(**row))
        raise RuntimeError
    with database.transaction() as connection:
        assert connection.execute(sa.select(kit_tables.kit)).all() == []
    database.close()
    with pytest.raises(StoreError, match="is closed"), database.transaction():
        pass


def test_a_full_disk_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    database = Database.create(tmp_path / "kit.sqlite", KIT)
    with database.transaction() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with pytest.raises(StoreError, match="the disk is full; make room"), database.transaction() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        row = {"kit_id": "k", "study_id": "s", "rater": "r", "session": 1, "protocol": "p" * 100_000}
        connection.execute(kit_tables.kit.insert().values(**row))
    with database.transaction() as connection:
        assert connection.execute(sa.select(kit_tables.kit)).all() == []
    database.close()
    Database.open(tmp_path / "kit.sqlite", KIT).close()


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An older file is brought up to date whole, or is left byte for byte as it was."""
    from core.study import database

    folder = tmp_path / "migrations"
    shutil.copytree(Path(database.__file__).parent / "migrations" / "kit", folder)
    (folder / "versions" / "r0004_next.py").write_text(
        "from alembic import op\nrevision, down_revision = '0004', '0003'\n"
        "def upgrade():\n    op.execute('CREATE TABLE later (x)')\n    op.execute('NOT SQL')\n"
    )
    # an absolute path stands for itself
    newest = replace(KIT, migrations=str(folder), head="0004")
    path = make(tmp_path / "kit.sqlite")

    def tables_in() -> set[str]:
        connection = sqlite3.connect(path)
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        connection.close()
        return {row[0] for row in rows}

    before = tables_in()
    with pytest.raises(StoreError, match="not the content"):
        Database.open(path, newest)
    assert tables_in() == before
    Database.open(path, KIT).close()
    text = (folder / "versions" / "r0004_next.py").read_text()
    (folder / "versions" / "r0004_next.py").write_text(text.replace("NOT SQL", "CREATE TABLE last (x)"))
    Database.open(path, newest).close()
    assert tables_in() == before | {"later", "last"}
    with pytest.raises(StoreVersionError, match="newer FerroRead"):
        Database.open(path, KIT)


def test_a_files_own_rule_is_not_mistaken_for_a_broken_disk(tmp_path: Path) -> None:
    database = Database.create(tmp_path / "kit.sqlite", KIT)
    with pytest.raises(sa.exc.IntegrityError), database.transaction() as connection:
        connection.execute(kit_tables.audit.insert().values(sequence=7, content="", previous="", sha256=""))
    database.close()


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
me@host: /mnt/ssh fuse.sshfs rw 0 0
broken
"""


@pytest.mark.parametrize(
    ("path", "remote"),
    [
        ("/data/kit", False),
        ("/home/me/kit", True),
        ("/homestead/kit", False),
        ("/home/local/kit", False),
        ("/mnt/my share/kit", True),
        ("/mnt/ssh/a/b", True),
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="paths of Linux")
def test_network_drives_are_known_by_their_mount(path: str, remote: bool) -> None:
    assert on_network_drive(Path(path), MOUNTS) is remote


@pytest.mark.parametrize(("kind", "remote"), [(3, False), (4, True)])
def test_windows_tells_what_kind_of_drive_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: int, remote: bool
) -> None:
    kernel = SimpleNamespace(GetDriveTypeW=lambda drive: kind)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert on_network_drive(tmp_path) is remote


def test_a_system_without_a_table_of_mounts_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object, **__: object) -> str:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", nothing)
    assert not on_network_drive(tmp_path)


def test_a_file_that_may_not_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "kit.sqlite")
    # whoever runs the tests may be allowed everything
    monkeypatch.setattr(db.os, "access", lambda *_: False)
    with pytest.raises(StoreError, match="cannot be written; check its permissions"):
        Database.open(path, KIT)


def test_what_sqlite_says_in_bytes_of_no_letter_is_damage(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the kit is damaged; leave it as it is"), told(tmp_path, KIT):
        b"\xff".decode()


def test_a_network_drive_is_refused_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make(tmp_path / "kit.sqlite")
    monkeypatch.setattr(db, "on_network_drive", lambda path: True)
    for attempt in (Database.open, Database.create):
        with pytest.raises(StoreError, match=r"network drive.*copy it to a local disk.*PostgreSQL"):
            attempt(path, KIT)


def test_an_sqlite_that_is_too_old_is_refused_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 36, 0))
    for begin in (Database.create, Database.open):
        with pytest.raises(StoreError, match="install a newer Python"):
            begin(tmp_path / "kit.sqlite", KIT)
    assert list(tmp_path.iterdir()) == []
