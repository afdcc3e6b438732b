"""Who works at a study: people by name and role, and what each role may do.

A study without people has one owner and asks nobody who they are. From the first person on, whoever works at
it has logged in, stands as the actor in every record of the trail, and does what the role may
(`core.study.log_in` names, lets in and retires people). This keeps colleagues apart who use the program; it
keeps no one out who opens the study's file with a database browser (docs/records.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.study import tables as t
from core.study.audit import append
from core.study.names import key_of

if TYPE_CHECKING:
    from core.study.store import Study

Role = Literal["coordinator", "physicist", "statistician"]
ROLES: tuple[Role, ...] = ("coordinator", "physicist", "statistician")


class LogInNeededError(InputError):
    """Somebody has to say who they are first."""


class OwnerNeededError(InputError):
    """The owner's password is needed first, where nobody knows the people any more."""


@dataclass(frozen=True)
class Operation:
    """One thing that is done with a study.

    Parameters
    ----------
    told : str
        What it is called where it is refused.
    roles : tuple of Role
        Who may do it.
    open : bool
        Whether it tells and changes so little that nobody has to log in for it.
    """

    told: str
    roles: tuple[Role, ...] = ("coordinator",)
    open: bool = False


_SCANS: tuple[Role, ...] = ("coordinator", "physicist")
_NUMBERS: tuple[Role, ...] = ("coordinator", "statistician")
_TOLD: Mapping[tuple[Role, ...], str] = {
    ("coordinator",): "a coordinator",
    ("physicist",): "a physicist",
    ("statistician",): "a statistician",
    _SCANS: "a coordinator or a physicist",
    _NUMBERS: "a coordinator or a statistician",
}
# the one place that says who may do what
OPERATIONS = MappingProxyType(
    {
        "scans": Operation("putting scans in", _SCANS),
        "targets": Operation("the reference standard", _SCANS),
        "iron": Operation("calibrations and iron", _SCANS),
        "plan": Operation("naming readers and the protocol"),
        "training": Operation("setting up training"),
        "even_out": Operation("evening pictures out"),
        "deal": Operation("dealing kits"),
        "serve": Operation("putting kits onto the server"),
        "collect": Operation("collecting kits"),
        "key": Operation("showing the key"),
        "look": Operation("looking at answers", _NUMBERS),
        "answers": Operation("reading answers", _NUMBERS),
        "trail": Operation("reading the audit trail"),
        "kit_trail": Operation("reading the trail of a kit"),
        "reset_kit": Operation("letting a kit's password be chosen anew"),
        "rescue": Operation("rescuing a kit"),
        "restore": Operation("putting a backup in place"),
        "move": Operation("moving the study"),
        "people": Operation("naming and retiring people"),
        "images": Operation("looking at scans", ROLES),
        "precision": Operation("planning the precision", ROLES),
        "status": Operation("seeing how far the study is", ROLES),
        "own_password": Operation("changing one's own password", ROLES),
        "back_up": Operation("backing the study up", ROLES, open=True),
        "verify": Operation("checking the study", ROLES, open=True),
        "list_people": Operation("listing who works at the study", ROLES, open=True),
    }
)


@dataclass(frozen=True)
class Person:
    """Somebody who works at a study.

    Parameters
    ----------
    name : str
    role : Role
    own : bool
        Whether the password was chosen by this person; one that was given lets in to choose another.
    retired : bool
        Whether this person works here no more. Nobody is ever deleted.
    """

    name: str
    role: Role
    own: bool
    retired: bool


def people_of(study: Study) -> tuple[Person, ...]:
    """Return everybody who works or worked at a study, in the order in which they were named.

    StoreError where a role is none.
    """
    newest: dict[str, Person] = {}
    with study.database.transaction() as connection:
        for row in connection.execute(sa.select(t.people).order_by(t.people.c.number)):
            if row.role not in ROLES:
                raise StoreError(f"the role of {row.name} is damaged; restore the study from a backup")
            newest[row.name] = Person(row.name, row.role, row.own, row.retired)
    return tuple(newest.values())


def person_named(people: Sequence[Person], name: str) -> Person | None:
    """Return the person of a name, however it is spelled; None where there is none."""
    return next((person for person in people if key_of(person.name) == key_of(name)), None)


def let_in_by_server(study: Study) -> None:
    """Let in whom the server's log-in names, where the study is on a server and has people."""
    address = getattr(study.database, "address", None)
    if address is None or not study.has_people:
        return
    person = person_named(people_of(study), address.role)
    if person is not None and not person.retired:
        study.let_in(person)
        with study.database.transaction() as connection:
            append(connection, t.audit, "log_in", person=person.name, by="server")


def refusal(study: Study, operation: str) -> str:
    """Return why who is at the study now may not do something, and who may; "" where nothing is in the way.

    Parameters
    ----------
    study : Study
    operation : str
        One of `OPERATIONS`.
    """
    asked, person = OPERATIONS[operation], study.person
    if asked.open or not study.has_people:
        return ""
    if person is None:
        return "this study has people; log in as one of them with --as NAME"
    if not person.own and operation != "own_password":
        return "your password was given to you; choose one of your own with `ferroread study people password`"
    if person.role in asked.roles:
        return ""
    return f"{asked.told} takes {_TOLD[asked.roles]}; {person.name} is here as {_TOLD[(person.role,)]}"


def require(study: Study, operation: str) -> None:
    """Refuse what the role of whoever is at the study may not do; that it was tried is recorded.

    Raises
    ------
    InputError
        Who may do it, or that somebody has to log in first.
    """
    why = refusal(study, operation)
    if why:
        with study.database.transaction() as connection:
            append(connection, t.audit, "refused", what=operation)
        raise (InputError if study.person is not None else LogInNeededError)(why)
