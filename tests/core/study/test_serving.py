"""Kits by a server: fetched, read, delivered and collected; a log-in sees its own kit and nothing else."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from pathlib import Path
from time import monotonic
from types import SimpleNamespace
from typing import Any

import pg8000.dbapi
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from core.errors import InputError, StoreError
from core.progress import Silent
from core.reading.edits import SetAnswer
from core.reading.protocol import Protocol
from core.study import server as server_module
from core.study import server_tables, serving
from core.study.database import STUDY
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.moving import move
from core.study.served_kit import deliver, fetch_kits, server_for, write_served
from core.study.served_rows import OwnRows, Rows
from core.study.server import ServerDatabase
from core.study.server_address import address_from
from core.study.serving import collect_served, refuse_uncollected, serve
from core.study.store import Study
from tests.core.study.conftest import read_case
from tests.server import PASSWORD, Cluster, Cut
from tests.signing import enrol

SITES = Path(__file__).parents[3] / "docs" / "sites.md"
ROLES = {"Rater A": "r_4f2a", "Rater B": "r_9c1d", "Rater C": "r_07e5"}
AT_ONCE = ("Rater A", "Rater B")


def set_up(server: Cluster, name: str, folder: Path, dealt: Path, protocol: Protocol) -> Path:
    """Make a database as docs/sites.md tells, with the study and its raters' kits; return its folder."""
    for database, block in zip(("postgres", name), sql_of_the_document(), strict=True):
        for statement in block.replace("iron_study", name).split(";\n"):
            server.sql(statement, database)
    shutil.copytree(dealt, folder)
    moved = move(folder / "study", folder / "there", server.url(name, f"{name}_owner"))
    with Study.open(moved.path) as study:
        for seed, rater in enumerate(list(ROLES)[1:]):
            deal_kit(study, rater, 1, protocol, folder / f"{rater[-1]}1.kit", seed=f"{seed}")
        for rater, role in ROLES.items():
            server.sql(
                f"DO $$ BEGIN CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'; "
                "EXCEPTION WHEN duplicate_object THEN NULL; END $$"
            )
            server.sql(f"GRANT {name}_raters TO {role}")
            serve(study, folder / f"{rater[-1]}1.kit", role)
    return moved.path


def sql_of_the_document() -> tuple[str, str]:
    """Return the two blocks of SQL that docs/sites.md has a site's administrator run."""
    blocks = re.findall(r"```sql\n(.*?)\n```", SITES.read_text(encoding="utf-8"), re.DOTALL)
    plain = [re.sub(r"--.*", "", block).strip().rstrip(";") for block in blocks]
    return plain[0].replace("A LONG PASSWORD", PASSWORD), plain[1]


@pytest.fixture(scope="module")
def served(
    server: Cluster, dealt: Path, protocol: Protocol, tmp_path_factory: pytest.TempPathFactory
) -> SimpleNamespace:
    """A study on a server with two kits served, which the tests of this file share."""
    folder = tmp_path_factory.mktemp("served") / "all"
    study = set_up(server, "served", folder, dealt, protocol)
    return SimpleNamespace(study=study, folder=folder, name="served", server=server)


def fetched(served: SimpleNamespace, rater: str, folder: Path) -> Path:
    """Return the kit that a rater's log-in gets."""
    (kit,), known = fetch_kits(served.server.url(served.name, ROLES[rater]), folder)
    assert known == []
    return kit


def deliver_from(kit: Kit) -> int:
    """Deliver a kit; return how many pages were new."""
    with closing(server_for(kit)) as server:
        return deliver(server, kit).pages


def test_a_kit_is_fetched_read_delivered_and_collected(served: SimpleNamespace, tmp_path: Path) -> None:
    kit_path = fetched(served, "Rater A", tmp_path / "here")
    dealt = served.folder / "A1.kit"
    files = {path.relative_to(dealt) for path in dealt.rglob("*") if path.is_file()}
    here = {path.relative_to(kit_path) for path in kit_path.rglob("*") if path.is_file()}
    assert here - files == {Path("kit.server")} and files <= here
    assert "password" not in (kit_path / "kit.server").read_text()
    with Kit.open(kit_path) as kit:
        aliases = [case.alias for case in kit.cases()]
        read_case(kit, aliases[0])
        whole = deliver_from(kit)
        assert deliver_from(kit) == 0
        kit.record(aliases[1], SetAnswer("margin_conspicuity", None, None, 2))
        # one answer is few pages of many
        assert 0 < deliver_from(kit) < whole / 2
    with Study.open(served.study) as study:
        (taken,), refused = collect_served(study)
        assert (taken.rater, taken.taken, taken.unsigned, refused) == ("Rater A", 1, len(aliases) - 1, [])
        assert [reading.alias for reading in study.signed_readings()] == [aliases[0]]
        (again,), _ = collect_served(study)
        assert (again.taken, again.known) == (0, 1)
        study.verify()
    # fetched once more, it is left as it is
    assert fetch_kits(served.server.url(served.name, ROLES["Rater A"]), tmp_path / "here") == ([], [kit_path])

    # at another computer the kit is as it was delivered, and the first one cannot go on unnoticed
    other = fetched(served, "Rater A", tmp_path / "other")
    with Kit.open(other) as kit:
        assert kit.reading(aliases[0]).signed
        assert kit.reading(aliases[1]).answers == {("margin_conspicuity", None): 2}
        kit.record(aliases[1], SetAnswer("margin_conspicuity", None, 2, 3))
        assert deliver_from(kit) > 0
    with Kit.open(kit_path) as kit:
        kit.record(aliases[1], SetAnswer("margin_conspicuity", None, 2, 4))
        with pytest.raises(StoreError, match="was read on at another computer"):
            deliver_from(kit)


def test_a_kit_from_no_server_and_one_of_another_are_not_delivered(
    served: SimpleNamespace, kit_path: Path, tmp_path: Path
) -> None:
    with Kit.open(kit_path) as kit, pytest.raises(InputError, match="came from no server"):
        server_for(kit)
    own = fetched(served, "Rater B", tmp_path)
    # as if B had A's kit
    shutil.copy2(own / "kit.server", kit_path / "kit.server")
    with (
        Kit.open(kit_path) as kit,
        pytest.raises(InputError, match="is no kit that the server has for this role"),
    ):
        deliver_from(kit)
    server = served.server
    with pytest.raises(InputError, match=r"has no kit for owner|has no kit for stranger"):
        server.sql(f"CREATE ROLE stranger LOGIN PASSWORD '{PASSWORD}' IN ROLE served_raters")
        fetch_kits(server.url("served", "stranger"), tmp_path / "none")


def log_ins_that_see_more(server: Cluster, name: str) -> list[str]:
    """Make log-ins that a site could take for a rater's; each can read the study, most by way of another."""
    ways = {
        "by_data": "GRANT pg_read_all_data TO {role}",
        "by_files": "GRANT pg_read_server_files TO {role}",
        "by_statistics": "GRANT pg_monitor TO {role}",
        "by_owner": "GRANT {name}_owner TO {role}",
        "by_becoming": "ALTER ROLE {role} NOINHERIT; GRANT {name}_owner TO {role}",
        "by_bypass": "CREATE ROLE bypass BYPASSRLS; GRANT bypass TO {role}",
        "by_super": "CREATE ROLE above SUPERUSER; ALTER ROLE {role} NOINHERIT; GRANT above TO {role}",
        "by_making": "ALTER ROLE {role} CREATEROLE",
        "by_copying": "ALTER ROLE {role} REPLICATION",
        "by_grant": "GRANT SELECT ON subjects TO {role}",
        "by_column": "GRANT SELECT (rater) ON kits TO {role}",
        "by_trigger": "GRANT TRIGGER ON readings TO {role}",
        "by_view": "CREATE VIEW told AS TABLE kit_cases; GRANT SELECT ON told TO {role}",
        "by_owning": "CREATE TABLE kept (); ALTER TABLE kept OWNER TO {role}; REVOKE ALL ON kept FROM {role}",
        "by_function": "GRANT CREATE ON SCHEMA public TO {role}",
        "by_group": "CREATE ROLE a_group; GRANT SELECT ON kit_cases TO a_group; "
        "ALTER ROLE {role} NOINHERIT; GRANT a_group TO {role}",
    }
    for role, way in ways.items():
        server.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}' IN ROLE {name}_raters")
        for statement in way.format(role=role, name=name).split("; "):
            server.sql(statement, name)
    return list(ways)


def test_a_coordinator_who_is_not_the_owner_serves_no_other_coordinator(
    served: SimpleNamespace, protocol: Protocol, tmp_path: Path
) -> None:
    place, server = tmp_path / "study", served.server
    shutil.copytree(served.study, place)
    for role in ("anna_berg", "r_b00c"):
        server.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}' IN ROLE served_owner")
        server.sql(f"GRANT CONNECT ON DATABASE served TO {role}")
    server.sql(f"CREATE ROLE r_88bb LOGIN PASSWORD '{PASSWORD}' IN ROLE served_raters")
    address = place / "study.server"
    address.write_text(address.read_text().replace("served_owner@", "anna_berg@"))
    with Study.open(place) as study:
        deal_kit(study, "Rater E", 1, protocol, tmp_path / "E1.kit", seed="8")
        with pytest.raises(InputError, match="r_b00c sees more than its own"):
            serve(study, tmp_path / "E1.kit", "r_b00c")
        assert serve(study, tmp_path / "E1.kit", "r_88bb").rater == "Rater E"
    assert server.refusals(["TABLE subjects"], "served", "r_b00c") == [""]
    (told,) = server.refusals(["TABLE subjects"], "served", "r_88bb")
    assert "permission denied" in told


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_delivery_that_was_cut_off_is_there_once(
    served: SimpleNamespace, tmp_path: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    # however busy the machine is
    monkeypatch.setattr(server_module, "_ASK_BRIEFLY_S", 60.0)
    kit_path = fetched(served, "Rater B", tmp_path)
    with Cut(served.server.port) as network, Kit.open(kit_path) as kit:
        url = f"postgresql://{ROLES['Rater B']}@127.0.0.1:{network.port}/served"
        (kit_path / "kit.server").write_text(url)
        alias = kit.cases()[0].alias
        before = kit.reading(alias).answers.get(("margin_conspicuity", None))
        with closing(server_for(kit)) as server:
            deliver(server, kit)
            kit.record(alias, SetAnswer("margin_conspicuity", None, before, 3 if when == "before" else 4))
            network.cut_at_commit(when)
            if when == "before":
                with pytest.raises(StoreError, match="does not answer"):
                    deliver(server, kit)
                assert deliver(server, kit).pages > 0
            else:
                assert deliver(server, kit).pages > 0
            assert deliver(server, kit).pages == 0
            # nobody knows, and it is asked for when it is delivered again
            monkeypatch.setattr(server_module, "_ASK_BRIEFLY_S", 0.0)
            kit.add_seconds(alias, 3.0)
            network.cut_at_commit(when, forever=True)
            with pytest.raises(StoreError, match="whether it has is not known"):
                deliver(server, kit)
            network.mend()
            assert (deliver(server, kit).pages > 0) == (when == "before")
        kit.copy_to(tmp_path / "now.sqlite")
    again = fetched(served, "Rater B", tmp_path / "again")
    assert (again / "kit.sqlite").read_bytes() == (tmp_path / "now.sqlite").read_bytes()


def test_what_cannot_be_served_is_refused(
    served: SimpleNamespace, study: Study, kit_path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="is a study in a file; `study move` brings it"):
        serve(study, kit_path, "r_4f2a")
    with pytest.raises(InputError, match="is a study in a file"):
        collect_served(study)
    with Study.open(served.study) as opened:
        with pytest.raises(InputError, match="lies on the server already"):
            serve(opened, served.folder / "A1.kit", ROLES["Rater A"])
        deal_kit(opened, "Anna Berg", 1, protocol, tmp_path / "C1.kit")
        served.server.sql("DO $$ BEGIN CREATE ROLE berg_a LOGIN; CREATE ROLE no_login; END $$")
        for role, told in (
            ("berg_a", "tells whose it is"),
            ("r_0000", "the server has no log-in r_0000"),
            ("owner", "sees more than its own, or cannot log in"),
            ("served_owner", "sees more than its own, or cannot log in"),
            ("no_login", "sees more than its own, or cannot log in"),
            (ROLES["Rater A"], "is another rater's"),
        ):
            with pytest.raises(InputError, match=told):
                serve(opened, tmp_path / "C1.kit", role)
        for role in log_ins_that_see_more(served.server, served.name):
            with pytest.raises(InputError, match=f"{role} sees more than its own, or cannot log in"):
                serve(opened, tmp_path / "C1.kit", role)
        with Kit.open(tmp_path / "C1.kit") as kit:
            enrol(kit)
        with pytest.raises(InputError, match="was read in already"):
            serve(opened, tmp_path / "C1.kit", "r_0001")


def test_a_file_that_is_too_large_leaves_nothing_on_the_server(
    served: SimpleNamespace, protocol: Protocol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "_LARGEST_BYTES", 10)
    with Study.open(served.study) as study:
        deal_kit(study, "Rater L", 1, protocol, tmp_path / "L.kit")
        served.server.sql("CREATE ROLE r_1a2b LOGIN")
        with pytest.raises(InputError, match="is too large for a server"):
            serve(study, tmp_path / "L.kit", "r_1a2b")
    kits = served.server.sql("SELECT count(*) FROM served_kits WHERE role_name = 'r_1a2b'", served.name)
    assert kits == [(0,)]


def test_what_was_delivered_and_not_collected_is_not_left_behind(
    served: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Kit.open(fetched(served, "Rater A", tmp_path)) as kit:
        kit.record(kit.cases()[-1].alias, SetAnswer("margin_conspicuity", None, None, 2))
        deliver_from(kit)
        # another program brought one between the look and the writing
        with monkeypatch.context() as at_once:
            at_once.setattr(OwnRows, "last_delivery", lambda *_: None)
            with pytest.raises(StoreError, match="is being delivered by another program"):
                deliver_from(kit)
        # what nobody has foreseen is not told as that
        never = "ALTER TABLE deliveries ADD CONSTRAINT never CHECK (number < 0) NOT VALID"
        served.server.sql(never, served.name)
        kit.record(kit.cases()[-1].alias, SetAnswer("margin_conspicuity", None, 2, 3))
        with pytest.raises(sa.exc.DBAPIError, match="never"):
            deliver_from(kit)
        served.server.sql("ALTER TABLE deliveries DROP CONSTRAINT never", served.name)
    with Study.open(served.study) as study:
        with pytest.raises(InputError, match="raters have delivered what was not collected"):
            refuse_uncollected(study)
        collect_served(study)
        refuse_uncollected(study)


class Stopped:
    def report(self, fraction: float, what: str) -> None:
        pass

    def cancelled(self) -> bool:
        return True


def test_what_a_server_gives_is_believed_in_nothing(tmp_path: Path) -> None:
    """Any database does for it."""
    engine, right = sa.create_engine("sqlite://"), hashlib.sha256(b"x").hexdigest()
    server_tables.metadata.create_all(engine)
    files = [("a", "../x", right), ("b", "x", "0" * 64), ("c", "x", right)]
    with engine.begin() as connection:
        for kit_id, file, sha256 in files:
            row = {"kit_id": kit_id, "file": file, "sha256": sha256, "content": b"x"}
            connection.execute(server_tables.served_files.insert().values(**row))
        state = {"head_sequence": 1, "head_sha256": "", "pages": 0, "sha256": ""}
        connection.execute(server_tables.deliveries.insert().values(kit_id="c", number=1, **state))
        for kit_id, told in (
            ("a", "lies in no kit"), ("b", "came damaged from the server"), ("c", "is not a kit's file"),
        ):  # fmt: skip
            with pytest.raises(StoreError, match=told):
                write_served(Rows(connection), kit_id, tmp_path / "kit", Silent())
        with pytest.raises(InputError, match="nothing was kept"):
            write_served(Rows(connection), "c", tmp_path / "none", Stopped())
    assert not (tmp_path / "none").exists() and not (tmp_path / "x").exists()


def test_what_a_log_in_forges_is_refused_and_other_kits_are_collected(
    served: SimpleNamespace, tmp_path: Path
) -> None:
    for rater in ("Rater B", "Rater C"):
        with Kit.open(fetched(served, rater, tmp_path / rater)) as kit:
            read_case(kit, kit.cases()[-1].alias)
            deliver_from(kit)
            kit_id = kit.kit_id
    page = "x" * 4096
    sha256 = hashlib.sha256(page.encode()).hexdigest()
    told = served.server.refusals(
        [
            f"SELECT deliver_state(kit_id, number + 1, head_sequence, head_sha256, 1, '{sha256}') "
            f"FROM own_delivery('{kit_id}')",
            f"SELECT deliver_page('{kit_id}', 0, 2, '{sha256}', '{page}')",
        ],
        served.name, ROLES["Rater C"],
    )  # fmt: skip
    assert told == ["", ""]
    with Study.open(served.study) as study:
        taken, (refused,) = collect_served(study)
        assert "Rater B" in {kit.rater for kit in taken} and "Rater C" not in {kit.rater for kit in taken}
        assert refused.startswith("Rater C, session 1: ")
        study.verify()


# who is there and how much is done; docs/sites.md has the site take these away
STATISTICS = (
    *(f"SELECT * FROM {view}" for view in (
        *("pg_stat_activity", "pg_locks", "pg_prepared_xacts", "pg_stat_ssl", "pg_stat_gssapi"),
        *("pg_stat_database", "pg_stat_user_tables", "pg_stat_all_tables", "pg_stat_xact_user_tables"),
        *("pg_statio_user_tables", "pg_stat_user_indexes", "pg_stat_replication"),
    )),
    "SELECT pg_stat_get_backend_userid(n) FROM pg_stat_get_backend_idset() AS n",
    "SELECT pg_stat_get_tuples_inserted('deliveries'::regclass)",
    "SELECT pg_total_relation_size('delivered_pages')",
    "SELECT pg_database_size(current_database())",
)  # fmt: skip
# a plan counts the rows that are hidden from who asks, and estimates how many there are
PLANS = tuple(
    f"EXPLAIN ({how}) {what}"
    for how in ("ANALYZE, TIMING OFF", "ANALYZE, BUFFERS", "COSTS")
    for what in (
        *(f"SELECT 1 FROM {table}" for table in ("deliveries", "delivered_pages", "served_kits")),
        "SELECT 1 FROM served_files WHERE kit_id = '{kit}'",
        "SELECT 1 FROM deliveries WHERE kit_id = '{kit}' AND head_sequence > 5",
        "INSERT INTO deliveries VALUES ('{kit}', 9, 1, '', 1, '')",
    )
)
# what nothing hides: how much the whole server does
COUNTS = (
    *("SELECT pg_current_wal_lsn()", "SELECT pg_current_wal_insert_lsn()", "SELECT pg_current_snapshot()"),
    *("SELECT pg_current_xact_id()", "SELECT redo_lsn, next_xid FROM pg_control_checkpoint()"),
    "SELECT relname, relpages, reltuples FROM pg_class WHERE relname = 'deliveries'",
)
# what a role reads and writes its own by
FUNCTIONS = (
    *("own_files('{kit}')", "own_file('{kit}', 'kit.sqlite')", "own_delivery('{kit}')"),
    *("own_page_hashes('{kit}')", "own_pages('{kit}', 9)"),
)
# what nothing hides: the names of log-ins, which therefore tell nothing
NAMES = (
    "SELECT pg_get_userbyid(member) FROM pg_auth_members",
    "SELECT member::regrole FROM pg_auth_members",
)
# what a curious rater might try by hand
QUERIES = (
    *(f"SELECT * FROM {table}" for table in (
        *("study", "subjects", "scans", "sources", "images", "targets", "icpms", "kits", "kit_cases"),
        *("kit_marks", "readings", "reading_rois", "kit_audit", "audit", "passwords", "training_subjects"),
        *("training_answers", "training_results", "kit_guesses", "adjudications", "later_readings"),
        *("protocols", "alembic_version", "commits", "served_kits", "deliveries"),
    )),
    "SELECT kit_id, file, sha256, content FROM served_files",
    "SELECT kit_id, page, number, content FROM delivered_pages",
    "SELECT * FROM served_kits k LEFT JOIN kits USING (kit_id)",
    "SELECT count(*) FROM kits",
    "SELECT (SELECT rater FROM kits LIMIT 1)",
    "COPY subjects TO STDOUT",
    "COPY (SELECT * FROM scans) TO STDOUT",
    "TABLE targets",
    "SELECT * FROM pg_roles",
    "SELECT * FROM pg_user",
    "SELECT * FROM pg_authid",
    "SELECT * FROM pg_stat_get_activity(NULL)",
    "SELECT * FROM pg_stats WHERE schemaname = 'public'",
    "SELECT * FROM pg_statistic",
    "SELECT * FROM pg_policies",
    "SELECT * FROM information_schema.tables WHERE table_schema = 'public'",
    *(f"SELECT * FROM information_schema.{view}" for view in (
        *("applicable_roles", "enabled_roles", "role_table_grants", "table_privileges", "column_privileges"),
        *("administrable_role_authorizations", "columns", "schemata", "triggers", "usage_privileges"),
    )),
    "SELECT * FROM pg_shadow",
    "SELECT * FROM pg_group",
    "SELECT * FROM pg_database",
    "SELECT * FROM pg_auth_members",
    "SELECT * FROM pg_db_role_setting",
    "SELECT * FROM pg_default_acl",
    "SELECT * FROM pg_shdepend",
    "SELECT relname, relowner::regrole, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace",
    "SELECT * FROM pg_stats_ext",
    *STATISTICS,
    *PLANS,
    *COUNTS,
    *(f"SELECT * FROM {function}" for function in FUNCTIONS),
    "SELECT deliver_state('{kit}', 9, 1, '', 1, '')",
    "SELECT deliver_page('{kit}', 0, 1, '', '')",
    "SET ROLE {other}",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {other}",
    "SET row_security = off",
    "ALTER TABLE served_files DISABLE ROW LEVEL SECURITY",
    "ALTER ROLE {role} SUPERUSER",
    "CREATE POLICY mine ON served_files USING (true)",
    "CREATE TABLE mine AS SELECT * FROM subjects",
    "UPDATE served_kits SET role_name = '{role}'",
    "INSERT INTO served_kits VALUES ('{kit}', '{role}')",
    "DELETE FROM deliveries",
    "INSERT INTO deliveries VALUES ('{kit}', 9, 1, '', 1, '')",
    "INSERT INTO delivered_pages VALUES ('{kit}', 0, 1, '', '')",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT query_to_xml('SELECT * FROM subjects', true, true, '')",
    "CREATE FUNCTION pg_temp.tell(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS "
    "$$BEGIN RAISE NOTICE '%', $1; RETURN true; END$$",
    "SELECT kit_id FROM served_kits WHERE pg_temp.tell(role_name || kit_id)",
    "SELECT kit_id FROM served_kits WHERE 1 / (length(kit_id) - 32) > 0",
    "SELECT * FROM own_kits()",
    "SELECT * FROM own_files(own_kits())",
    "SELECT own_file(own_kits(), 'kit.sqlite')",
)  # fmt: skip


def test_a_log_in_sees_no_identity_no_key_and_no_other_rater(served: SimpleNamespace) -> None:
    server = served.server
    with Study.open(served.study) as study:
        key = study.key_entries()
        kits = {kit.rater: kit.kit_id for kit in study.kits()}
        subjects = study.subjects()
        scans = [scan.scan_id for scan in study.scans()]
        others = [entry.alias for entry in key if entry.rater != "Rater B"]
    secrets = {*(s.subject for s in subjects), *(s.group for s in subjects), *scans, *others}
    secrets |= {kits["Rater A"], "Rater A", "/scans/", ROLES["Rater A"], "Iron in mice", "24 h"}
    secrets |= {kits["Rater C"], "Rater C", ROLES["Rater C"]}
    assert len(secrets) > 10 and len(QUERIES) >= 120
    filled = {
        "other": ROLES["Rater A"],
        "owner": "served_owner",
        "role": ROLES["Rater B"],
        "kit": kits["Rater A"],
    }
    connection = pg8000.dbapi.connect(
        user=ROLES["Rater B"], database="served", host="127.0.0.1", port=server.port, password=PASSWORD
    )
    heard = {}
    with closing(connection):
        connection.autocommit = True
        cursor = connection.cursor()
        for query in (*QUERIES, *NAMES):
            asked = query.format(**filled) if "{" in query and "$$" not in query else query
            try:
                cursor.execute(asked)
                rows = list(cursor.fetchall()) if cursor.description else []
                heard[query] = b"\n".join(_bytes(value) for row in rows for value in row)
            except pg8000.dbapi.DatabaseError as error:
                # what the query itself named is no news
                heard[query] = str(error).replace(filled["kit"], "").replace(filled["other"], "").encode()
        notices = b"\n".join(_bytes(value) for notice in connection.notices for value in notice.values())
    for query, told in {**heard, "notices": notices}.items():
        for secret in secrets - (set(ROLES.values()) if query in NAMES else set()):
            assert secret.encode() not in told, (query, secret)
    assert all(b"permission denied" in heard[query] for query in STATISTICS)
    assert all(ROLES["Rater A"].encode() in heard[query] for query in NAMES)
    assert all(b"permission denied" in heard[query] for query in PLANS)
    assert all(heard[f"SELECT * FROM {function}"] == b"" for function in FUNCTIONS)
    # docs/sites.md says that these are seen
    assert all(heard[query] and b"'M':" not in heard[query] for query in COUNTS)
    # who is logged in is what hid it: the own kit is seen
    assert heard["SELECT * FROM own_kits()"] == kits["Rater B"].encode()
    assert b"SQLite format 3" in heard["SELECT own_file(own_kits(), 'kit.sqlite')"]
    with Study.open(served.study) as study:
        study.verify()


def make_bare(server: Cluster, name: str) -> None:
    """Make an empty database, log-ins of its owner and another person, and of two raters."""
    for role in (f"{name}_owner", f"r_{name}_1", f"r_{name}_2"):
        server.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{PASSWORD}'")
    server.sql(f"CREATE ROLE {name}_too LOGIN PASSWORD '{PASSWORD}' IN ROLE {name}_owner")
    server.database(name)
    server.sql(f"ALTER DATABASE {name} OWNER TO {name}_owner")


def fill_bare(server: Cluster, name: str) -> None:
    """Put a kit there for each of the raters, which no study has dealt, delivered once."""
    rows = (
        f"INSERT INTO served_kits VALUES ('one', 'r_{name}_1'), ('two', 'r_{name}_2')",
        "INSERT INTO served_files VALUES ('one', 'kit.sqlite', '', 'x'), ('two', 'kit.sqlite', '', 'y')",
        "INSERT INTO deliveries VALUES ('one', 1, 7, '', 2, ''), ('two', 1, 9, '', 2, '')",
        "INSERT INTO delivered_pages VALUES ('one', 0, 1, 'h', 'p'), ('two', 0, 1, 'i', 'q')",
    )
    server.sql(without_keys("; ".join(rows)), name)


def without_keys(rows: str) -> str:
    return f"DO $$ BEGIN SET LOCAL session_replication_role = replica; {rows}; END $$"


def test_a_server_of_before_is_brought_up_to_date_by_whoever_of_its_people_opens_it(
    server: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then a rater's role has lost the tables, and has its own by functions that are the owner's."""
    upgrade = command.upgrade

    def as_before(config: Config, revision: str) -> None:
        before = config.attributes["version_table"] == "server_version"
        upgrade(config, "0001" if before else revision)

    make_bare(server, "earlier")
    with monkeypatch.context() as earlier:
        earlier.setattr(command, "upgrade", as_before)
        owner = address_from(server.url("earlier", "earlier_owner"))
        ServerDatabase.create(owner, STUDY, lambda _: None).close()
    fill_bare(server, "earlier")
    assert server.refusals(["TABLE deliveries"], "earlier", "r_earlier_1") == [""]
    with pytest.raises(StoreError, match="the study there is of an older FerroRead"):
        fetch_kits(server.url("earlier", "r_earlier_1"), tmp_path)
    # a log-in that was granted the tables, and is no member of the role that owns them
    server.sql(f"CREATE ROLE earlier_granted LOGIN PASSWORD '{PASSWORD}'")
    server.sql("GRANT ALL ON ALL TABLES IN SCHEMA public TO earlier_granted", "earlier")
    with pytest.raises(StoreError, match="may not bring it up to date; have its owner's log-in"):
        ServerDatabase.open(address_from(server.url("earlier", "earlier_granted")), STUDY)
    # what else goes wrong on the way is told as what it is, and changes nothing
    server.sql("ALTER ROLE earlier_too SET default_transaction_read_only = on")
    with pytest.raises(StoreError, match="the server takes no changes now"):
        ServerDatabase.open(address_from(server.url("earlier", "earlier_too")), STUDY)
    server.sql("ALTER ROLE earlier_too RESET default_transaction_read_only")
    ServerDatabase.open(address_from(server.url("earlier", "earlier_too")), STUDY).close()
    tables = ("served_kits", "served_files", "deliveries", "delivered_pages")
    asked = [f"TABLE {table}" for table in tables]
    asked += [f"INSERT INTO {table} DEFAULT VALUES" for table in tables]
    assert all("permission denied" in told for told in server.refusals(asked, "earlier", "r_earlier_1"))
    owners = (
        "SELECT DISTINCT proowner::regrole::text, prosecdef FROM pg_proc WHERE proname ~ '^(own|deliver)_'"
    )
    assert server.sql(owners, "earlier") == [("earlier_owner", True)]
    rater = ServerDatabase.as_rater(address_from(server.url("earlier", "r_earlier_1")))
    with closing(rater), rater.transaction() as connection:
        own = OwnRows(connection)
        assert (own.kits(), own.files("one"), own.content("one", "kit.sqlite")) == (
            ["one"], [("kit.sqlite", "")], b"x",
        )  # fmt: skip
        assert own.last_delivery("one")["head_sequence"] == 7 and own.last_delivery("two") is None
        assert own.page_hashes("one") == {0: "h"} and own.pages("one", 1) == [(0, b"p")]
        state = {"number": 2, "head_sequence": 8, "head_sha256": "", "pages": 2, "sha256": ""}
        page = {"page": 1, "number": 2, "sha256": "", "content": b"r"}
        own.deliver({"kit_id": "one", **state}, [{"kit_id": "one", **page}])
        assert own.pages("one", 9) == [(0, b"p"), (1, b"r")]
        for given in (
            [{"kit_id": "two", **state}, []],
            [{"kit_id": "one", **state, "number": 3}, [{"kit_id": "two", **page}]],
        ):
            with pytest.raises(sa.exc.DBAPIError, match="insufficient_privilege"), connection.begin_nested():
                own.deliver(*given)


OF_A_FUNCTION = (
    *("own_kits()", "own_files('one')", "own_file('one', 'kit.sqlite')", "own_delivery('one')"),
    *("own_page_hashes('one')", "own_pages('one', 9999)", "own_delivery('two')", "own_pages('two', 9999)"),
)


def test_no_plan_tells_what_another_rater_has_delivered(server: Cluster) -> None:
    """Not by the pages looked at, nor with settings that would have whole tables gone through."""
    make_bare(server, "plans")
    owner = address_from(server.url("plans", "plans_owner"))
    ServerDatabase.create(owner, STUDY, lambda _: None).close()
    fill_bare(server, "plans")
    before = plans_of_functions(server)
    numbers = "FROM generate_series(2, 3000) AS n"
    rows = f"INSERT INTO deliveries SELECT 'two', n, n, repeat('h', 64), 2, repeat('h', 64) {numbers}; "
    rows += f"INSERT INTO delivered_pages SELECT 'two', 0, n, repeat('h', 64), 'q' {numbers}"
    server.sql(without_keys(rows), "plans")
    (grown,) = server.sql("SELECT pg_relation_size('deliveries') / 8192", "plans")[0]
    after = plans_of_functions(server)
    assert {plan for plan, _ in before} == {plan for plan, _ in after} == {"Function Scan"}
    more = [now - then for (_, then), (_, now) in zip(before, after, strict=True)]
    # an index that is deeper by two is all that shows
    assert grown > 50 and max(more) <= 4, more


def plans_of_functions(server: Cluster) -> list[tuple[str, int]]:
    """Return of each function how a rater is shown its plan, and how many pages of 8 KB were looked at."""
    connection = pg8000.dbapi.connect(
        user="r_plans_1", database="plans", host="127.0.0.1", port=server.port, password=PASSWORD
    )
    plans = []
    with closing(connection):
        connection.autocommit = True
        cursor = connection.cursor()
        for setting in (
            *("enable_indexscan = off", "enable_indexonlyscan = off", "random_page_cost = 1e12"),
            *("cpu_index_tuple_cost = 1e12", "client_min_messages = log", "debug_print_plan = on"),
        ):
            cursor.execute(f"SET {setting}")
        for function in OF_A_FUNCTION:
            # what the server looks up for the first time is counted as well
            for _ in range(3):
                how = "ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF, FORMAT JSON"
                cursor.execute(f"EXPLAIN ({how}) SELECT * FROM {function}")
                (told,) = cursor.fetchone()
            (plan,) = json.loads(told) if isinstance(told, str) else told
            plan = plan["Plan"]
            assert "Plans" not in plan
            plans.append((plan["Node Type"], plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]))
        # the plan of what was asked is told, of what a function does with it none
        notices = b"\n".join(_bytes(value) for notice in connection.notices for value in notice.values())
        assert b"FUNCTIONSCAN" in notices and b"INDEXSCAN" not in notices and b"SEQSCAN" not in notices
    return plans


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def read_and_deliver(kit_path: Path, stopped: Event, edits: int, said: Connection) -> None:
    """Be a rater: sign a case, then change answers and deliver after each; say what is acknowledged."""
    made, number = 0, 0
    with Kit.open(kit_path) as kit, closing(server_for(kit)) as server:
        aliases = [case.alias for case in kit.cases()]
        read_case(kit, aliases.pop(0))
        before: dict[str, int | None] = dict.fromkeys(aliases)
        while made < edits or not stopped.is_set():
            alias = aliases[made % len(aliases)]
            value = (before[alias] or 0) % 5 + 1
            kit.record(alias, SetAnswer("margin_conspicuity", None, before[alias], value))
            before[alias] = value
            made += 1
            try:
                number = deliver(server, kit).number
                said.send(("delivered", len(kit.audit_records())))
            except StoreError:
                said.send(("refused", 0))
        # what is left, when the server is there again
        while True:
            try:
                number = deliver(server, kit).number
                break
            except StoreError:
                said.send(("refused", 0))
        said.send(("done", kit.audit_records()[-1].sha256, len(kit.audit_records()), number))
    said.close()


def all_at_once(
    served: SimpleNamespace, folder: Path, seconds: float, edits: int, restarts: int
) -> dict[str, int]:
    """Have two raters and a coordinator work at once while the server is cut off; compare what is there."""
    context = multiprocessing.get_context("spawn")
    ends, raters, stopped = {}, {}, context.Event()
    for rater in AT_ONCE:
        kit = fetched(served, rater, folder / rater)
        ends[rater], given = context.Pipe(duplex=False)
        raters[rater] = context.Process(target=read_and_deliver, args=(kit, stopped, edits, given))
        raters[rater].start()
        given.close()
    acknowledged, done = dict.fromkeys(AT_ONCE, 0), dict[str, list[Any]]()
    counts = {"delivered": 0, "refused": 0, "collections": 0, "restarts": 0}
    lock = threading.Lock()

    def listen(rater: str) -> None:
        for what, *values in _said(ends[rater]):
            with lock:
                if what == "done":
                    done[rater] = values
                    continue
                counts[what] += 1
                acknowledged[rater] = max(acknowledged[rater], values[0])

    listening = [threading.Thread(target=listen, args=(rater,)) for rater in AT_ONCE]
    for thread in listening:
        thread.start()
    begun = monotonic()
    while any(process.is_alive() for process in raters.values()):
        with suppress(StoreError), Study.open(served.study) as study:
            collect_served(study)
            counts["collections"] += 1
        if counts["restarts"] < restarts:
            served.server.stop("immediate")
            served.server.start()
            counts["restarts"] += 1
        elif monotonic() - begun >= seconds:
            stopped.set()
        raters[AT_ONCE[0]].join(0.2)
    for thread in listening:
        thread.join()
    assert {process.exitcode for process in raters.values()} == {0}
    lost = sum(
        lost_of(served, folder / f"{rater} again", rater, acknowledged[rater], done[rater])
        for rater in AT_ONCE
    )
    with Study.open(served.study) as study:
        study.verify()
    return {**counts, "lost": lost}


def lost_of(served: SimpleNamespace, folder: Path, rater: str, acknowledged: int, done: list[Any]) -> int:
    """Return how many records of a rater the server has lost, and see that it has none twice."""
    head, records, number = done
    with Kit.open(fetched(served, rater, folder), to_read=False) as kit:
        kit.verify()
        found = kit.audit_records()
        listed = f"SELECT number FROM deliveries WHERE kit_id = '{kit.kit_id}' ORDER BY number"
    last: dict[str, object] = {}
    edits = (record.values for record in found if record.values["action"] == "edit")
    for values in (each for each in edits if each["edit"].get("question") == "margin_conspicuity"):
        # each change went on from the one before
        assert values["edit"]["before"] == last.get(values["alias"])
        last[values["alias"]] = values["edit"]["after"]
    assert len(found) == records and found[-1].sha256 == head
    assert [row[0] for row in served.server.sql(listed, served.name)] == list(range(1, number + 1))
    return max(0, acknowledged - len(found))


def _said(end: Connection) -> Iterator[tuple[object, ...]]:
    while True:
        try:
            yield end.recv()
        except EOFError:
            return


@pytest.mark.soak
@pytest.mark.parametrize(("minutes", "restarts"), [(10, 0), (10, 100)])
def test_two_raters_and_a_coordinator_at_once(
    server: Cluster, dealt: Path, protocol: Protocol, tmp_path: Path, minutes: int, restarts: int
) -> None:
    name = f"at_once_{restarts}"
    study = set_up(server, name, tmp_path / "all", dealt, protocol)
    served = SimpleNamespace(study=study, server=server, name=name)
    counts = all_at_once(served, tmp_path, 60 * minutes, 50, restarts)
    print(f"two raters and a coordinator, {minutes} minutes:", counts)
    assert counts["lost"] == 0 and counts["collections"] and counts["delivered"]
    assert counts["restarts"] == restarts
