"""The guess: what a rater believed each case to be, given once when all cases are signed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from core.errors import InputError
from core.reading.protocol import Protocol
from core.study import kit_tables as t
from core.study.audit import append

Guesses = Mapping[str, Mapping[Any, str | None]]  # by alias, then by "group" or "visit"


def write_guesses(connection: sa.Connection, protocol: Protocol, guesses: Guesses) -> None:
    """Write the guesses of all cases and their record; InputError where one is missing or is none."""
    refuse_guesses(connection, protocol, guesses)
    for alias, given in guesses.items():
        for of, choice in given.items():
            connection.execute(t.guesses.insert().values(alias=alias, of=of, choice=choice))
    append(connection, t.audit, "guess", guesses=guesses_told(connection))


def refuse_guesses(connection: sa.Connection, protocol: Protocol, guesses: Guesses) -> None:
    """Raise InputError where guesses are not what the protocol asks for."""
    cases = sa.select(t.cases.c.alias).where(t.cases.c.training_round == 0)
    if set(guesses) != set(connection.execute(cases).scalars()):
        raise InputError("the guess is asked of every case; give one for each, or that you do not know")
    asked = protocol.conduct.guess
    for alias, given in guesses.items():
        if set(given) != set(asked):
            raise InputError(f"case {alias}: the guess is of {' and '.join(asked)}")
        for of, choice in given.items():
            if choice is not None and choice not in asked[of]:
                raise InputError(f"case {alias}: “{choice}” is not among what the {of} is guessed from")


def guesses_told(connection: sa.Connection) -> list[list[str | None]]:
    """Return the guesses as their record tells them."""
    rows = connection.execute(sa.select(t.guesses)).all()
    return sorted([row.alias, row.of, row.choice] for row in rows)
