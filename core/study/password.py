"""What lifts the blinding asks for a password, and every use of it is recorded.

It is the study's, which its owner has, or where the study has people the own one of whoever is logged in. It
guards against haste and mistakes, and says in the audit trail who answers for it. It does not encrypt the
study: who has the study's folder and a database browser needs no password (docs/blinding.md).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa

from core.errors import InputError
from core.study import clock
from core.study import tables as t
from core.study.audit import append, moment_of
from core.study.kit_people import LogIn
from core.study.people import require
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

__all__ = (
    "SHORTEST", "has_password", "kept_password", "refuse_waiting", "require_password", "secret_of",
    "set_password", "told_since", "verifier_of",
)  # fmt: skip
# records after which a password counts as known
_RIGHT = ("right_password", "set_password", "log_in", "give_password", "add_person")
# scrypt (RFC 7914), of passwords that were set before Argon2id was used
_SCRYPT = {"n": 2**15, "r": 8, "p": 1, "maxmem": 64 * 2**20, "dklen": 32}


def has_password(study: Study) -> bool:
    """Tell whether the study has a coordinator's password, or people with passwords of their own."""
    return study.has_people or kept_password(study) is not None


def set_password(study: Study, new: str, before: str = "", cost: Cost = USUAL) -> None:
    """Give the study a coordinator's password, or another one.

    Parameters
    ----------
    study : Study
        Without people: they have passwords of their own (`core.study.log_in.change_password`).
    new : str
        Eight characters or more.
    before : str
        The one it has.
    cost : Cost
        What a guess of it is to cost.

    Raises
    ------
    InputError
        If the study has people, `before` is not the study's password, or `new` is too short.
    """
    if study.has_people:
        raise InputError("the people of this study have passwords of their own; change yours")
    if has_password(study):
        require_password(study, before, "to change the password")
    if len(new) < SHORTEST:
        raise InputError(f"the coordinator's password needs {SHORTEST} characters or more; choose another")
    with study.database.transaction() as connection:
        number = connection.execute(sa.select(sa.func.count()).select_from(t.passwords)).scalar_one() + 1
        connection.execute(t.passwords.insert().values(number=number, **secret_of(new, cost)))
        append(connection, t.audit, "set_password", number=number)


def require_password(study: Study, given: str, what: str) -> None:
    """Refuse what needs a password without it; every use is recorded.

    It is the study's, or where the study has people that of whoever is logged in.

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
    require(study, "own_password")
    person = study.person.name if study.person is not None else ""
    kept = kept_password(study, person)
    if kept is None:
        raise InputError(
            f"the coordinator's password is needed {what}, and the study has none; "
            "set one with `ferroread study password`"
        )
    refuse_waiting(study, person)
    right = same(verifier_of(given, kept), kept["verifier"])
    told = {"what": what, "person": person} if person else {"what": what}
    with study.database.transaction() as connection:
        append(connection, t.audit, "right_password" if right else "wrong_password", **told)
    if right:
        return
    if person:
        raise InputError(f"your password is needed {what}, and this is not it; try again")
    raise InputError(f"the coordinator's password is needed {what}, and this is not it; try again")


def kept_password(study: Study, person: str = "") -> sa.RowMapping | None:
    """Return what is kept of a person's password, or of the study's own for ""; None where there is none."""
    table = t.people if person else t.passwords
    statement = sa.select(table).order_by(table.c.number.desc()).limit(1)
    if person:
        statement = statement.where(t.people.c.name == person)
    with study.database.transaction() as connection:
        return connection.execute(statement).mappings().first()


def secret_of(new: str, cost: Cost) -> dict[str, Any]:
    """Return what is kept of a new password, as columns of a row."""
    salt = new_salt()
    return {"salt": salt, "cost": cost_text(cost), "verifier": stretched(new, salt, cost)}


def verifier_of(password: str, kept: sa.RowMapping) -> bytes:
    """Return what would be kept of a password that was typed, to compare with what is."""
    if kept["cost"]:
        return stretched(password, kept["salt"], cost_from_text(kept["cost"]))
    return hashlib.scrypt(password.encode(), salt=kept["salt"], **_SCRYPT)


def refuse_waiting(study: Study, person: str = "") -> None:
    """Raise InputError where a password was wrong too often just now; "" is the study's own."""
    failures: list[clock.Moment] = []
    for values in _noted(study, person):
        failures = [] if values["action"] in _RIGHT else [*failures, moment_of(values)]
    wait_s = left_s(failures, clock.moment())
    if wait_s > 0:
        raise InputError(f"the password was wrong too often; wait {wait_s:.0f} seconds and try again")


def told_since(study: Study, person: str) -> LogIn:
    """Return when a person was let in last, and what was tried with their name since."""
    before, failed = "", list[str]()
    for values in _noted(study, person):
        if values["action"] == "log_in":
            before, failed = values["at"], []
        elif values["action"] == "wrong_password":
            failed.append(values["at"])
    return LogIn(before, len(failed), failed[-1] if failed else "")


def _noted(study: Study, person: str) -> list[dict[str, Any]]:
    """Return what the trail says of a password, in its order."""
    actions = (*_RIGHT, "wrong_password")
    about = sa.or_(*(t.audit.c.content.like(f'{{"action":"{action}",%') for action in actions))
    statement = sa.select(t.audit.c.content).where(about).order_by(t.audit.c.sequence)
    with study.database.transaction() as connection:
        found = [json.loads(content) for content in connection.execute(statement).scalars()]
    return [values for values in found if values.get("person", "") == person]
