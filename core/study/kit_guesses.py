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


def write_draft(
    connection: sa.Connection, protocol: Protocol, alias: str, of: str, choice: str | None
) -> None:
    """Write the record of one guess that can still be changed; InputError where it is none."""
    refuse_draft(connection, protocol, alias, of, choice)
    append(connection, t.audit, "draft_guess", alias=alias, of=of, choice=choice)


def refuse_draft(
    connection: sa.Connection, protocol: Protocol, alias: str, of: str, choice: str | None
) -> None:
    """Raise InputError where a guess is not what the protocol asks for."""
    if alias not in guessed_aliases(connection):
        raise InputError(f"the kit has no case {alias}")
    if of not in protocol.conduct.guess:
        raise InputError(f"case {alias}: the guess is of {' and '.join(protocol.conduct.guess)}")
    _refuse_choice(protocol, alias, of, choice)


def refuse_guesses(connection: sa.Connection, protocol: Protocol, guesses: Guesses) -> None:
    """Raise InputError where guesses are not what the protocol asks for."""
    if set(guesses) != guessed_aliases(connection):
        raise InputError("the guess is asked of every case; give one for each, or that you do not know")
    asked = protocol.conduct.guess
    for alias, given in guesses.items():
        if set(given) != set(asked):
            raise InputError(f"case {alias}: the guess is of {' and '.join(asked)}")
        for of, choice in given.items():
            _refuse_choice(protocol, alias, of, choice)


def _refuse_choice(protocol: Protocol, alias: str, of: Any, choice: str | None) -> None:
    if choice is not None and choice not in protocol.conduct.guess[of]:
        raise InputError(f"case {alias}: “{choice}” is not among what the {of} is guessed from")


def guessed_aliases(connection: sa.Connection) -> set[str]:
    """Return the cases that are guessed of: all but those of training."""
    cases = sa.select(t.cases.c.alias).where(t.cases.c.training_round == 0)
    return set(connection.execute(cases).scalars())


def guesses_told(connection: sa.Connection) -> list[list[str | None]]:
    """Return the guesses as their record tells them."""
    rows = connection.execute(sa.select(t.guesses)).all()
    return sorted([row.alias, row.of, row.choice] for row in rows)
