"""A study on a server: what it refuses, what it keeps forever, and commits whose answer was cut off."""

from __future__ import annotations

import shutil
import sqlite3
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from keyring.errors import KeyringError

from core.errors import InputError, StoreError, StoreVersionError
from core.study import server as server_module
from core.study import server_tables
from core.study import tables as t
from core.study.audit import append
from core.study.audit_listing import listed
from core.study.database import STUDY
from core.study.log_in import add_person, change_password, log_in
from core.study.password import require_password, set_password
from core.study.records import IcpMs
from core.study.server_address import Address, address_from, connect, password_for, told_of_server
from core.study.store import Study
from core.study.study_place import SERVER_FILE
from tests.core.study.conftest import scan_images
from tests.server import PASSWORD, Cluster, Cut
from tests.signing import CHEAP


@pytest.fixture(scope="module")
def made(server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study on a server with one scan and one value of ICP-MS, that the tests of this file share."""
    folder = tmp_path_factory.mktemp("made") / "study"
    with Study.create(folder, "Iron in mice", server.database("made")) as study:
        study.add_scan("mouse-1", "vehicle", "24 h", scan_images(1))
        study.set_icpms([IcpMs("mouse-1", "24 h", 0.0)])
    return folder


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://me:secret@host/study", "a password stands in the server's address"),
        ("postgresql://host/study?password=secret", "a password stands in the server's address"),
        ("mysql://host/study", "is no address"),
        ("postgresql://host", "is no address"),
        ("postgresql://host:port/study", "is no address"),
        ("postgresql://host/study?sslmode=require", "is not taken; give verify-full"),
        ("postgresql://host/study?options=-cfsync=off", "is no address"),
    ],
)
def test_an_address_that_does_not_serve_is_refused(url: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        address_from(url)
    assert "secret" not in str(caught.value)


def test_an_address_is_read_as_libpq_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGUSER", "me")
    found = address_from("postgresql://r%201@db.site.org:5433/study?sslrootcert=/etc/ca.pem")
    assert found == Address("db.site.org", 5433, "study", "r 1", verified=True, authorities="/etc/ca.pem")
    assert found.told == "postgresql://r 1@db.site.org:5433/study"
    assert address_from("postgresql:///study?host=/run/pg") == Address("/run/pg", 5432, "study", "me", False)
    assert not address_from("postgresql://localhost/study").verified
    assert address_from("postgresql://localhost/study?sslmode=verify-full").verified


def test_a_password_comes_from_the_environment_the_file_or_the_keyring(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pgpass"
    file.write_text("# mine\nhost:5432:other:*:no\nhost:*:study:me:a\\:b\\\\c\nlocalhost:*:*:*:here\n")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    mine = Address("host", 5432, "study", "me", True)
    assert password_for(mine) == "a:b\\c"
    assert password_for(Address("/run/pg", 5432, "study", "me", False)) == "here"
    other = Address("elsewhere", 5432, "study", "me", True)
    assert password_for(other) is None
    monkeypatch.setattr("keyring.get_password", lambda service, name: f"{service} {name}")
    assert password_for(other) == "ferroread postgresql://me@elsewhere:5432/study"
    monkeypatch.setenv("PGPASSWORD", "first")
    assert password_for(mine) == "first"


def test_a_password_that_others_can_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "pgpass"
    file.write_text("*:*:*:*:secret\n")
    file.chmod(0o640)
    monkeypatch.setenv("PGPASSFILE", str(file))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    with pytest.raises(InputError, match="can be read by others"):
        password_for(Address("host", 5432, "study", "me", True))


def test_the_password_file_lies_where_libpq_looks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.delenv("PGPASSFILE", raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setenv("APPDATA", str(tmp_path))
    (tmp_path / "postgresql").mkdir()
    mine = Address("host", 5432, "study", "me", True)
    for platform, name in (("linux", ".pgpass"), ("win32", "postgresql/pgpass.conf")):
        (tmp_path / name).write_text(f"*:*:*:*:of {platform}\n")
        (tmp_path / name).chmod(0o600)
        monkeypatch.setattr(sys, "platform", platform)
        assert password_for(mine) == f"of {platform}"


def test_without_a_password_file_or_a_keyring_there_is_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: str) -> str:
        raise KeyringError

    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    monkeypatch.setattr("keyring.get_password", locked)
    assert password_for(Address("host", 5432, "study", "me", True)) is None


class Waiting:
    """A server's driver whose server says that it does not wait for its disk."""

    def cursor(self) -> Waiting:
        return self

    def execute(self, statement: str) -> None:
        pass

    def fetchone(self) -> tuple[int, str]:
        return 15, "off"

    def close(self) -> None:
        pass


def test_what_is_no_server_to_rely_on_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "any")
    with pytest.raises(StoreError, match="does not answer"):
        connect(Address(str(tmp_path), 5432, "study", "me", False))
    (tmp_path / "ca.pem").write_text("none")
    with pytest.raises(InputError, match="holds no certificates"):
        connect(Address("localhost", 5432, "study", "me", True, str(tmp_path / "ca.pem")))
    mine = Address("localhost", 5432, "study", "me", False)
    with pytest.raises(StoreError, match="not one that may be trusted"), told_of_server(mine):
        raise ssl.SSLCertVerificationError
    monkeypatch.setattr("pg8000.dbapi.connect", lambda **_: Waiting())
    with pytest.raises(StoreError, match="fsync is off"):
        connect(mine)


def test_a_study_on_a_server_is_open_in_one_program(server: Cluster, made: Path) -> None:
    assert (made / SERVER_FILE).read_text(encoding="utf-8") == f"{server.url('made')}\n"
    with (
        Study.open(made) as study,
        pytest.raises(StoreError, match="the study is open in another program; close it there"),
    ):
        Study.open(study.path)
    with pytest.raises(StoreError, match="is closed; open it again"):
        study.subjects()
    with Study.open(made) as again:
        assert again.icpms()[0].subject == "mouse-1"


def test_what_a_server_refuses_is_told_in_one_line(
    server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, told in (
        (server.database("german", "C.UTF-8").replace("german", "nowhere"), "has no such database"),
        (f"postgresql://owner@127.0.0.1:{server.port}/postgres?sslmode=verify-full", "does not answer"),
        (server.url("german", "nobody"), "refuses the role or its password"),
    ):
        with pytest.raises(StoreError, match=told):
            Study.create(tmp_path / "study", "Iron", url)
    assert not (tmp_path / "study").exists()
    # C.UTF-8 sorts as C does
    Study.create(tmp_path / "study", "Iron", server.url("german")).close()
    server.sql("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    with pytest.raises(StoreError, match="make it with `createdb --template=template0"):
        Study.create(tmp_path / "latin", "Iron", server.url("latin"))
    server.database("empty")
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / SERVER_FILE).write_text(server.url("empty"))
    with pytest.raises(StoreError, match="holds no study; make one with"):
        Study.open(tmp_path / "empty")
    with monkeypatch.context() as older:
        older.setattr("core.study.server_address._OLDEST", 99)
        with pytest.raises(StoreError, match="FerroRead needs 99 or later"):
            Study.open(tmp_path / "study")
    monkeypatch.setattr("core.study.server_address._PATIENCE_S", 1)
    with pytest.raises(StoreError, match="does not answer"):
        Study.create(tmp_path / "gone", "Iron", "postgresql://owner@127.0.0.1:1/study")


def test_a_study_of_a_newer_ferroread_is_refused(server: Cluster, tmp_path: Path) -> None:
    Study.create(tmp_path / "study", "Iron", server.database("newer")).close()
    server.sql("UPDATE alembic_version SET version_num = '9999'", "newer")
    with pytest.raises(StoreVersionError, match=r"newer FerroRead \(schema 9999\)"):
        Study.open(tmp_path / "study")


def test_a_study_on_a_server_is_brought_to_a_newer_schema(
    server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Study.create(tmp_path / "study", "Iron", server.database("older")).close()
    here = Path(server_module.__file__).parent / "migrations" / "server"
    folder = shutil.copytree(here, tmp_path / "server", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "next.py").write_text(
        f"from alembic import op\nrevision, down_revision = 'next', '{server_module.SERVER.head}'\n"
        "def upgrade():\n    op.execute('CREATE TABLE later (x integer)')\n"
    )
    newest = replace(server_module.SERVER, migrations=str(folder), head="next")
    monkeypatch.setattr(server_module, "SERVER", newest)
    Study.open(tmp_path / "study").close()
    assert server.sql("SELECT count(*) FROM later", "older") == [(0,)]
    Study.open(tmp_path / "study").close()


def test_a_server_keeps_forever_what_a_file_does(server: Cluster, made: Path, study: Study) -> None:
    study.close()
    with closing(sqlite3.connect(study.path / "study.sqlite")) as connection:
        on_file = {
            name
            for (name,) in connection.execute("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        }
    kept = {
        name for (name,) in server.sql("SELECT event_object_table FROM information_schema.triggers", "made")
    }
    assert kept - {table.name for table in server_tables.metadata.sorted_tables} == on_file
    changes = [f"{change} {table}" for table in sorted(on_file) for change in ("DELETE FROM", "TRUNCATE")]
    changes = [f"{each} CASCADE" if each.startswith("TRUNCATE") else each for each in changes]
    changes.append("UPDATE audit SET content = '{}' WHERE sequence = 1")
    assert all("cannot be changed" in told for told in server.refusals(changes, "made"))
    (told,) = server.refusals(["INSERT INTO audit VALUES (99, '{}', '', '')"], "made")
    assert "audit records are numbered without gaps" in told


def test_a_failed_change_of_a_study_on_a_server_leaves_nothing(made: Path) -> None:
    with Study.open(made) as study:
        before = study.audit_records()
        with pytest.raises(RuntimeError), study.database.transaction() as connection:
            append(connection, t.audit, "export", what="it")
            raise RuntimeError
        with pytest.raises(sa.exc.DBAPIError), study.database.transaction() as connection:
            connection.execute(t.audit.delete())
        assert study.audit_records() == before


@pytest.fixture
def cut(server: Cluster, made: Path, tmp_path: Path) -> Iterator[tuple[Cut, Path]]:
    """A network between program and server that can be cut at a commit, and the study behind it."""
    shutil.copytree(made, tmp_path / "study")
    with Cut(server.port) as network:
        (tmp_path / "study" / SERVER_FILE).write_text(f"postgresql://owner@127.0.0.1:{network.port}/made")
        yield network, tmp_path / "study"


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_commit_whose_answer_was_cut_off_is_asked_for(
    cut: tuple[Cut, Path], when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    network, path = cut
    monkeypatch.setenv("PGPASSWORD", "a quiet server")
    with Study.open(path) as study:
        before = len(study.audit_records())
        network.cut_at_commit(when)
        if when == "after":
            # the server has done it, and nobody said so
            study.set_icpms([IcpMs("mouse-1", "24 h", 7.0)])
            assert study.icpms()[0].iron_ug_per_g == 7.0
            assert len(study.audit_records()) == before + 2
        else:
            with pytest.raises(StoreError, match="the server does not answer"):
                study.set_icpms([IcpMs("mouse-1", "24 h", 8.0)])
            assert study.icpms()[0].iron_ug_per_g != 8.0
            assert len(study.audit_records()) == before
        assert network.cuts == 1
        study.set_icpms([IcpMs("mouse-1", "24 h", 9.0)])
        study.verify()


@pytest.mark.usefixtures("made")
def test_a_server_that_stays_away_leaves_a_commit_unknown_and_says_so(
    cut: tuple[Cut, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, path = cut
    monkeypatch.setenv("PGPASSWORD", "a quiet server")
    monkeypatch.setattr(server_module, "_ASK_S", 0.0)
    with Study.open(path) as study:
        network.cut_at_commit("after", forever=True)
        with pytest.raises(StoreError, match="whether it has is not known"):
            study.set_icpms([IcpMs("mouse-1", "24 h", 5.0)])
        with pytest.raises(StoreError, match="is closed; open it again"):
            study.icpms()


@pytest.mark.usefixtures("made")
def test_a_server_that_comes_back_is_asked_until_it_answers(
    cut: tuple[Cut, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, path = cut
    monkeypatch.setenv("PGPASSWORD", "a quiet server")
    asked, connected = [], server_module.connect

    def away_once(address: Address) -> object:
        asked.append(address)
        if len(asked) == 1:
            raise StoreError("the server does not answer")
        return connected(address)

    with Study.open(path) as study:
        network.cut_at_commit("after")
        monkeypatch.setattr(server_module, "connect", away_once)
        study.set_icpms([IcpMs("mouse-1", "24 h", 6.0)])
        assert study.icpms()[0].iron_ug_per_g == 6.0 and len(asked) > 1


def restarted(server: Cluster, path: Path, times: int, edits_between: int) -> tuple[int, int]:
    """Change a study all the time while its server is cut off again and again; return edits lost and doubled.

    An edit that was refused is made again, one that was acknowledged is not.
    """
    acknowledged, condition, stopped, failed = 0, threading.Condition(), threading.Event(), []

    def edit() -> None:
        nonlocal acknowledged
        try:
            with Study.open(path) as study:
                while not stopped.is_set():
                    try:
                        study.set_icpms([IcpMs("mouse-1", "24 h", float(1000 + acknowledged))])
                    except StoreError:
                        stopped.wait(0.05)
                        continue
                    with condition:
                        acknowledged += 1
                        condition.notify_all()
        except BaseException as error:
            failed.append(error)
            with condition:
                condition.notify_all()

    at_work = threading.Thread(target=edit)
    at_work.start()
    try:
        for _ in range(times):
            with condition:
                wanted = acknowledged + edits_between
                condition.wait_for(lambda wanted=wanted: acknowledged >= wanted or failed)
            server.stop("immediate")
            server.start()
    finally:
        stopped.set()
        at_work.join()
    assert not failed, failed
    with Study.open(path) as study:
        study.verify()
        records = [record.values for record in study.audit_records()]
        kept = [
            r["iron_ug_per_g"] - 1000
            for r in records
            if r["action"] == "set_icpms" and r["iron_ug_per_g"] >= 1000
        ]
    lost = acknowledged - len(set(kept) & set(range(acknowledged)))
    print(f"{times} immediate restarts: {acknowledged} edits acknowledged, {lost} lost, {len(kept)} kept")
    assert kept == sorted(kept)
    return lost, len(kept) - len(set(kept))


def test_a_server_that_is_cut_off_loses_and_doubles_nothing(
    server: Cluster, made: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert restarted(server, made, times=1, edits_between=3) == (0, 0)
    # what the pool of connections thinks of it is nobody's concern
    assert caplog.text == ""


@pytest.mark.soak
def test_a_server_that_is_cut_off_a_hundred_times_loses_and_doubles_nothing(
    server: Cluster, made: Path
) -> None:
    assert restarted(server, made, times=100, edits_between=5) == (0, 0)


def test_on_a_server_the_log_in_is_the_person(server: Cluster, tmp_path: Path) -> None:
    for role in ("anna", "petra"):
        server.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}' IN ROLE owner")
    path, own = tmp_path / "study", "blue old lantern"
    with Study.create(path, "Iron in mice", server.database("peopled")) as study:
        set_password(study, "correct horse", cost=CHEAP)
        add_person(study, "anna", "coordinator", own, "correct horse", cost=CHEAP)
        # whose password is right, but comes with another log-in
        with pytest.raises(InputError, match="nobody of that name works at this study"):
            log_in(study, "anna", own)
    (path / SERVER_FILE).write_text(server.url("peopled", "anna"), encoding="utf-8")
    with Study.open(path) as study:
        assert study.person is not None and study.person.name == "anna"
        require_password(study, own, "to try it")
        add_person(study, "petra", "physicist", "green tall heron", own, cost=CHEAP)
    (path / SERVER_FILE).write_text(server.url("peopled", "petra"), encoding="utf-8")
    with Study.open(path) as study:
        with pytest.raises(InputError, match="your password was given to you"):
            study.audit_records()
        change_password(study, own, "green tall heron", cost=CHEAP)
        with pytest.raises(InputError, match="petra is here as a physicist"):
            study.audit_records()
        study.set_targets([])
    (path / SERVER_FILE).write_text(server.url("peopled"), encoding="utf-8")
    with Study.open(path) as study, pytest.raises(InputError, match="log in as one of them"):
        study.audit_records()
    (path / SERVER_FILE).write_text(server.url("peopled", "anna"), encoding="utf-8")
    with Study.open(path) as study:
        rows = [row for row in listed(study.audit_records()) if row["action"] in ("log_in", "log_out")]
        assert [row["who"] for row in rows] == ["anna", "anna", "petra", "petra", "anna"]


def test_the_schema_on_a_server_is_the_one_that_is_declared(server: Cluster, made: Path) -> None:
    found = server.sql(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'", "made"
    )
    declared = {(table.name, column.name) for table in t.metadata.sorted_tables for column in table.columns}
    assert declared <= set(found)
    assert server.sql("SELECT version_num FROM alembic_version", "made") == [(STUDY.head,)]
