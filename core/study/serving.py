"""The coordinator's side of a server: kits are put there, each for one rater's log-in, and collected."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.files import sha256
from core.progress import Silent
from core.study import server_tables as s
from core.study import tables as t
from core.study.audit import append
from core.study.collecting import Collected, collect, verify_dealt
from core.study.kit import FILE_NAME, SERVER_FILE, Kit
from core.study.names import same_rater
from core.study.people import require
from core.study.served_kit import write_served
from core.study.served_rows import Rows
from core.study.store import Study
from core.study.study_place import server_of

# what one value of the server holds, with room for how it travels
_LARGEST_BYTES = 256 * 2**20
_SHORTEST_NAME = 3
# whether a log-in can read nothing but its own, as itself or as any role that it may become (SET ROLE): not
# by what a role may do on the whole server, not as the owner of the study or of the database, not by a grant
_SEES_ITS_OWN = """
SELECT it.rolcanlogin AND NOT EXISTS (
    SELECT FROM pg_roles may WHERE pg_has_role(it.oid, may.oid, 'MEMBER') AND (
        may.rolsuper OR may.rolbypassrls OR may.rolcreaterole OR may.rolreplication
        OR starts_with(may.rolname, 'pg_')
        OR EXISTS (
            SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
            AND NOT starts_with(n.nspname, 'pg_') AND n.nspname <> 'information_schema'
            AND (c.relowner = may.oid OR has_schema_privilege(may.oid, n.oid, 'CREATE')
                OR c.relname <> 'commits' AND (
                    has_any_column_privilege(may.oid, c.oid, 'SELECT, INSERT, UPDATE, REFERENCES')
                    OR has_table_privilege(may.oid, c.oid, 'DELETE, TRUNCATE, TRIGGER')))
        )
    )
) FROM pg_roles it WHERE it.rolname = :role
"""


@dataclass(frozen=True)
class Served:
    """A kit that lies on the server: for whom, under which log-in, and how much it is."""

    kit_id: str
    rater: str
    session: int
    role: str
    files: int
    megabytes: float


def serve(study: Study, path: Path, role: str) -> Served:
    """Put a kit onto the study's server, where one log-in can fetch it; the folder stays as it is.

    Parameters
    ----------
    study : Study
        The study that dealt it, with its database on a server.
    path : Path
        The kit, as it was dealt: nobody has read in it.
    role : str
        The rater's log-in on the server.

    Raises
    ------
    InputError
        If the study is a file, the kit was read in or lies there already, or the log-in does not serve: it is
        not there, may see more than its own, is another rater's, or its name tells whose it is.
    StoreError
        If the kit is not the one that was dealt.
    """
    require(study, "serve")
    refuse_file(study)
    with Kit.open(path, to_read=False) as kit:
        verify_dealt(study, kit)
        if len(kit.audit_records()) != 1:
            raise InputError(f"{path} was read in already; a server takes kits as they were dealt")
        kit_id, rater, session = kit.kit_id, kit.rater, kit.session
    _refuse_telling(role, rater)
    files = sorted(each for each in path.rglob("*") if each.is_file() and each.name != SERVER_FILE)
    files = [each for each in files if each.parent != path or each.name == FILE_NAME]
    with study.database.transaction() as connection:
        _refuse_role(connection, role, rater)
        if connection.execute(sa.select(s.served_kits).where(s.served_kits.c.kit_id == kit_id)).first():
            raise InputError(f"{path} lies on the server already")
        connection.execute(s.served_kits.insert().values(kit_id=kit_id, role_name=role))
        for file in files:
            if file.stat().st_size > _LARGEST_BYTES:
                raise InputError(f"{file} is too large for a server; give the kit by hand")
            row = {"file": file.relative_to(path).as_posix(), "sha256": sha256(file)}
            connection.execute(
                s.served_files.insert().values(kit_id=kit_id, **row, content=file.read_bytes())
            )
        append(connection, t.audit, "serve", kit=kit_id, role=role)
    size = sum(file.stat().st_size for file in files)
    return Served(kit_id, rater, session, role, len(files), round(size / 1e6, 1))


def refuse_file(study: Study) -> None:
    """Raise InputError where a study's database is a file."""
    if server_of(study.path) is None:
        raise InputError(f"{study.path} is a study in a file; `study move` brings it onto a server")


def collect_served(study: Study) -> tuple[list[Collected], list[str]]:
    """Take in what was signed of every kit on the server, each checked as one that came on a stick.

    Returns
    -------
    list of Collected, list of str
        What was taken, and of kits that were refused the reason.

    Raises
    ------
    InputError
        If the study is a file.
    StoreError
        If the server cannot be reached.
    """
    require(study, "collect")
    refuse_file(study)
    columns = (s.served_kits.c.kit_id, t.kits.c.rater, t.kits.c.session)
    listed = sa.select(*columns).join(t.kits, t.kits.c.kit_id == s.served_kits.c.kit_id)
    with study.database.transaction() as connection:
        kits = connection.execute(listed.order_by(t.kits.c.rater, t.kits.c.session)).all()
    done, refused = [], []
    for kit_id, rater, session in kits:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / f"{kit_id[:8]}.kit"
            place.mkdir()
            try:
                with study.database.transaction() as connection:
                    if not write_served(Rows(connection), kit_id, place, Silent()):
                        continue
                done.append(collect(study, place))
            except (InputError, StoreError) as error:
                refused.append(f"{rater}, session {session}: {error}")
    return done, refused


def refuse_uncollected(study: Study) -> None:
    """Raise InputError where raters have delivered to the server what the study has not collected."""
    s_last = sa.select(s.deliveries.c.kit_id, sa.func.max(s.deliveries.c.head_sequence))
    t_last = sa.select(t.kit_audit.c.kit_id, sa.func.max(t.kit_audit.c.sequence))
    with study.database.transaction() as connection:
        delivered = connection.execute(s_last.group_by(s.deliveries.c.kit_id)).all()
        taken = connection.execute(t_last.group_by(t.kit_audit.c.kit_id)).all()
    collected = {row[0]: row[1] for row in taken}
    if any(collected.get(kit_id, 0) < sequence for kit_id, sequence in delivered):
        raise InputError(
            f"{study.path}: raters have delivered what was not collected, and it would stay behind; "
            "run `study collect` first"
        )


def _refuse_telling(role: str, rater: str) -> None:
    """Raise InputError where a log-in's name, which others on the server may see, tells whose it is."""
    told = [word for word in rater.casefold().split() if len(word) >= _SHORTEST_NAME]
    if any(word in role.casefold() for word in told):
        raise InputError(
            f"the log-in {role} tells whose it is, and others on the server can see its name; have one made "
            "whose name says nothing"
        )


def _refuse_role(connection: sa.Connection, role: str, rater: str) -> None:
    fit = connection.execute(sa.text(_SEES_ITS_OWN), {"role": role}).scalar()
    if fit is None:
        raise InputError(f"the server has no log-in {role}; have it made, with a name that tells nothing")
    if not fit:
        raise InputError(
            f"the log-in {role} sees more than its own, or cannot log in; give each rater a plain one"
        )
    others = sa.select(t.kits.c.rater).join(s.served_kits, s.served_kits.c.kit_id == t.kits.c.kit_id)
    for other in connection.execute(others.where(s.served_kits.c.role_name == role)).scalars():
        if not same_rater(other, rater):
            raise InputError(f"the log-in {role} is another rater's; give each rater one of their own")
