"""Letting people in to a study: their passwords, log-ins and locks, and naming and retiring them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from core.errors import InputError
from core.study import tables as t
from core.study.audit import append
from core.study.kit_people import LogIn
from core.study.names import key_of, refuse_mixed
from core.study.password import (
    SHORTEST,
    kept_password,
    refuse_waiting,
    require_password,
    secret_of,
    told_since,
    verifier_of,
)
from core.study.people import ROLES, Person, Role, people_of, person_named, require
from core.study.plan import read_plan
from core.study.rater_key import USUAL, Cost, same
from core.study.store import Study

_LONGEST_NAME = 64


def log_in(study: Study, name: str, password: str) -> LogIn:
    """Let a person in, who stands as the actor in every record from now on; tell what was tried before.

    Raises
    ------
    InputError
        If nobody of that name works at the study, the password is not theirs, which is recorded, or it was
        wrong too often just now.
    """
    person = person_named(people_of(study), name)
    if person is None or person.retired or not _is_servers(study, person):
        _record(study, "refused", what="log_in", person=name[:_LONGEST_NAME])
        raise InputError("nobody of that name works at this study; ask its coordinator")
    refuse_waiting(study, person.name)
    kept = kept_password(study, person.name)
    if kept is None or not same(verifier_of(password, kept), kept["verifier"]):
        _record(study, "wrong_password", what="log_in", person=person.name)
        raise InputError("this is not the password of that person; try again")
    told = told_since(study, person.name)
    study.let_in(person)
    _record(study, "log_in", person=person.name)
    return told


def note_lock(study: Study, *, idle: bool) -> None:
    """Record that the screen was locked, by a hand or because nobody had done anything for a while."""
    _record(study, "idle" if idle else "locked")


def add_person(study: Study, name: str, role: Role, new: str, password: str, *, cost: Cost = USUAL) -> Person:
    """Name a person, with a password that lets in to choose another.

    The first one is a coordinator, named by the study's owner with the owner's password, and keeps the
    password. From then on people log in.

    Parameters
    ----------
    study : Study
    name : str
        Not of anybody who works or worked here; for a study on a server the name of their log-in there.
    role : Role
    new : str
        The person's password, eight characters or more.
    password : str
        The owner's for the first person, else of the coordinator who names them.
    cost : Cost
        What a guess of `new` is to cost.

    Raises
    ------
    InputError
        If the name is taken or looks like one that is, mixes alphabets or cannot be printed, the role is
        none, the first person is no coordinator, or the password is wrong.
    """
    require(study, "people")
    name = " ".join(name.split())
    if not (name.isprintable() and key_of(name) and len(name) <= _LONGEST_NAME):
        raise InputError(f"a person needs a name of at most {_LONGEST_NAME} letters that can be printed")
    if role not in ROLES:
        raise InputError(f"a role is one of {', '.join(ROLES)}")
    if key_of(name) in map(key_of, ROLES):
        # before there are people, the trail calls the owner so
        raise InputError(f"{name} is a role; give the person's own name")
    first = not study.has_people
    if first and role != "coordinator":
        raise InputError("the first person of a study is its coordinator; name that one first")
    refuse_mixed(name)
    taken = person_named(people_of(study), name)
    if taken is not None:
        raise InputError(f"{taken.name} works or worked at this study already; give another name")
    _refuse_short(new)
    require_password(study, password, "to name a person")
    person = Person(name, role, own=first, retired=False)
    _keep(study, person, new, cost, "add_person")
    return person


def retire_person(study: Study, name: str, password: str) -> None:
    """Let a person work at the study no more; what they did stays, and so does their name.

    Raises
    ------
    InputError
        If there is no such person, it is the last coordinator, or `password` is not that of whoever asks.
    """
    require(study, "people")
    person = _somebody(study, name)
    left = [
        each
        for each in people_of(study)
        if each.role == "coordinator" and not each.retired and each.name != person.name
    ]
    if not left:
        raise InputError(f"{person.name} is the last coordinator and stays; name another one first")
    if study.person is not None and person.name == study.person.name:
        raise InputError(f"{person.name} is logged in; another coordinator retires this person")
    require_password(study, password, "to retire a person")
    gone = Person(person.name, person.role, own=person.own, retired=True)
    _write(study, gone, {"salt": b"", "verifier": b"", "cost": ""}, "retire_person")


def change_password(study: Study, new: str, before: str, *, cost: Cost = USUAL) -> None:
    """Change the password of whoever is logged in; InputError where `before` is not it or `new` too short."""
    require(study, "own_password")
    person = study.person
    if person is None:
        raise InputError("this study has no people; its password is set with `ferroread study password`")
    _refuse_short(new)
    if new == before:
        raise InputError("the new password is the old one; choose another")
    require_password(study, before, "to change the password")
    own = Person(person.name, person.role, own=True, retired=False)
    _keep(study, own, new, cost, "set_password")
    study.let_in(own)


def give_password(study: Study, name: str, new: str, password: str, *, cost: Cost = USUAL) -> None:
    """Give a person who has forgotten theirs a password, which lets in to choose another.

    Raises
    ------
    InputError
        If there is no such person, it is whoever asks, `new` is too short, or `password` is not that of
        whoever asks.
    """
    require(study, "people")
    person = _somebody(study, name)
    if study.person is not None and person.name == study.person.name:
        raise InputError("a password of your own is changed with the one you have")
    _refuse_short(new)
    require_password(study, password, "to give a person another password")
    _keep(study, Person(person.name, person.role, own=False, retired=False), new, cost, "give_password")


@dataclass(frozen=True)
class Listed:
    """A person as people read of them.

    Parameters
    ----------
    name, role : str
        Role: of `ROLES`, or "rater".
    since : str
        The last log-in, in UTC; "" where there was none, and of raters, whose kits tell it.
    failures : int
        Wrong passwords since then, by whomever.
    state : {"", "retired", "given"}
    """

    name: str
    role: str
    since: str = ""
    failures: int = 0
    state: str = ""


def listed_people(study: Study) -> tuple[Listed, ...]:
    """Return who works and worked at a study, then who reads for it."""
    require(study, "list_people")
    found = []
    for person in people_of(study):
        told = told_since(study, person.name)
        state = "retired" if person.retired else "" if person.own else "given"
        found.append(Listed(person.name, person.role, told.before_utc, told.failures, state))
    raters = dict.fromkeys((*read_plan(study).raters, *(kit.rater for kit in study.kits())))
    return (*found, *(Listed(name, "rater") for name in raters))


def _is_servers(study: Study, person: Person) -> bool:
    """Tell whether a person is whom the server let in; there is nobody else where the study is a file."""
    address = getattr(study.database, "address", None)
    return address is None or key_of(address.role) == key_of(person.name)


def _somebody(study: Study, name: str) -> Person:
    person = person_named(people_of(study), name)
    if person is None or person.retired:
        raise InputError("nobody of that name works at this study; `study people list` tells who does")
    return person


def _refuse_short(new: str) -> None:
    if len(new) < SHORTEST:
        raise InputError(f"a password needs {SHORTEST} characters or more; choose another")


def _keep(study: Study, person: Person, new: str, cost: Cost, action: str) -> None:
    _write(study, person, secret_of(new, cost), action)


def _write(study: Study, person: Person, secret: dict[str, Any], action: str) -> None:
    with study.database.transaction() as connection:
        number = connection.execute(sa.select(sa.func.count()).select_from(t.people)).scalar_one() + 1
        connection.execute(t.people.insert().values(number=number, **vars(person), **secret))
        append(connection, t.audit, action, person=person.name, role=person.role)
    study.has_people = True


def _record(study: Study, action: str, **values: Any) -> None:
    with study.database.transaction() as connection:
        append(connection, t.audit, action, **values)
