"""The coordinator's password: what lifts the blinding asks for it, and every use of it is recorded.

It guards against haste and mistakes, and says in the audit trail who answers for it. It does not encrypt the
study: who has the study's folder and a database browser needs no password (docs/blinding.md).
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from core.errors import InputError
from core.study import clock
from core.study import tables as t
from core.study.audit import Record, append
from core.study.rater_key import (
    SHORTEST,
    USUAL,
    Cost,
    cost_from_text,
    cost_text,
    new_salt,
    same,
    stretched,
)
from core.study.store import Study
from core.study.waiting import left_s

__all__ = ("SHORTEST", "has_password", "require_password", "set_password")
# records after which the password counts as known
_RIGHT = ("right_password", "set_password")
# scrypt (RFC 7914), of passwords that were set before Argon2id was used
_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}


def has_password(study: Study) -> bool:
    """Tell whether the study has a coordinator's password."""
    return _newest(study) is not None


def set_password(study: Study, new: str, before: str = "", cost: Cost = USUAL) -> None:
    """Give the study a coordinator's password, or another one.

    Parameters
    ----------
    study : Study
    new : str
        Eight characters or more.
    before : str
        The one it has.
    cost : Cost
        What a guess of it is to cost.

    Raises
    ------
    InputError
        If `before` is not the study's password, or `new` is too short.
    """
    if has_password(study):
        require_password(study, before, "to change the password")
    if len(new) < SHORTEST:
        raise InputError(f"the coordinator's password needs {SHORTEST} characters or more; choose another")
    salt = new_salt()
    with study.database.transaction() as connection:
        number = connection.execute(sa.select(sa.func.count()).select_from(t.passwords)).scalar_one() + 1
        row = {"number": number, "salt": salt, "cost": cost_text(cost)}
        row["verifier"] = stretched(new, salt, cost)
        connection.execute(t.passwords.insert().values(**row))
        append(connection, t.audit, "set_password", number=number)


def require_password(study: Study, given: str, what: str) -> None:
    """Refuse what needs the coordinator's password without it; every use is recorded.

    Parameters
    ----------
    study : Study
    given : str
        What was typed.
    what : str
        What it is needed for, as in "to show the key".

    Raises
    ------
    InputError
        If the study has no password yet, `given` is not it, or it was wrong too often just now.
    """
    kept = _newest(study)
    if kept is None:
        raise InputError(
            f"the coordinator's password is needed {what}, and the study has none; "
            "set one with `ferroread study password`"
        )
    wait_s = left_s(_failures(study), clock.moment())
    if wait_s > 0:
        raise InputError(f"the password was wrong too often; wait {wait_s:.0f} seconds and try again")
    right = same(_verifier(given, kept), kept["verifier"])
    with study.database.transaction() as connection:
        append(connection, t.audit, "right_password" if right else "wrong_password", what=what)
    if right:
        return
    raise InputError(f"the coordinator's password is needed {what}, and this is not it; try again")


def _newest(study: Study) -> sa.RowMapping | None:
    statement = sa.select(t.passwords).order_by(t.passwords.c.number.desc()).limit(1)
    with study.database.transaction() as connection:
        return connection.execute(statement).mappings().first()


def _failures(study: Study) -> list[clock.Moment]:
    """Return when the password was wrong since it was right, or set."""
    right = sa.or_(*(t.audit.c.content.like(f'{{"action":"{action}",%') for action in _RIGHT))
    with study.database.transaction() as connection:
        last = sa.select(sa.func.max(t.audit.c.sequence)).where(right)
        after = connection.execute(last).scalar() or 0
        wrong = t.audit.c.content.like('{"action":"wrong_password",%')
        chosen = t.audit.select().where(wrong, t.audit.c.sequence > after).order_by(t.audit.c.sequence)
        rows = connection.execute(chosen).all()
    return [Record(*row).moment for row in rows]


def _verifier(password: str, kept: sa.RowMapping) -> bytes:
    if kept["cost"]:
        return stretched(password, kept["salt"], cost_from_text(kept["cost"]))
    return hashlib.scrypt(password.encode(), salt=kept["salt"], **_SCRYPT)
