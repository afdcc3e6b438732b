"""The coordinator's password: what lifts the blinding asks for it, and every use of it is recorded.

It guards against haste and mistakes, and says in the audit trail who answers for it. It does not encrypt the
study: who has the study's folder and a database browser needs no password (docs/blinding.md).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

import sqlalchemy as sa

from core.errors import InputError
from core.study import tables as t
from core.study.audit import append
from core.study.store import Study

SHORTEST = 8
# scrypt (RFC 7914): 32 MB and some hundredths of a second for every guess
_COST = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}


def has_password(study: Study) -> bool:
    """Tell whether the study has a coordinator's password."""
    return _newest(study) is not None


def set_password(study: Study, new: str, before: str = "") -> None:
    """Give the study a coordinator's password, or another one.

    Parameters
    ----------
    study : Study
    new : str
        Eight characters or more.
    before : str
        The one it has.

    Raises
    ------
    InputError
        If `before` is not the study's password, or `new` is too short.
    """
    if has_password(study):
        require_password(study, before, "to change the password")
    if len(new) < SHORTEST:
        raise InputError(f"the coordinator's password needs {SHORTEST} characters or more; choose another")
    salt = secrets.token_bytes(16)
    with study.database.transaction() as connection:
        number = connection.execute(sa.select(sa.func.count()).select_from(t.passwords)).scalar_one() + 1
        row = {"number": number, "salt": salt, "verifier": _verifier(new, salt)}
        connection.execute(t.passwords.insert().values(**row))
        append(connection, t.audit, "set_password", number=number)


def require_password(study: Study, given: str, what: str) -> None:
    """Refuse what needs the coordinator's password without it; a wrong one is recorded.

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
        If the study has no password yet, or `given` is not it.
    """
    kept = _newest(study)
    if kept is None:
        raise InputError(
            f"the coordinator's password is needed {what}, and the study has none; "
            "set one with `ferroread study password`"
        )
    if hmac.compare_digest(_verifier(given, kept["salt"]), kept["verifier"]):
        return
    with study.database.transaction() as connection:
        append(connection, t.audit, "wrong_password", what=what)
    raise InputError(f"the coordinator's password is needed {what}, and this is not it; try again")


def _newest(study: Study) -> sa.RowMapping | None:
    statement = sa.select(t.passwords).order_by(t.passwords.c.number.desc()).limit(1)
    with study.database.transaction() as connection:
        return connection.execute(statement).mappings().first()


def _verifier(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, **_COST)
