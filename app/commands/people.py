"""`study people`: who works at a study, by name and role."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.commands import Outcome, add_json, add_person
from app.passwords import coordinator_password, new_password
from app.study.opening import opened
from app.text_tables import text_table

_COLUMNS = {"name": "name", "role": "role", "since": "last log-in", "failures": "wrong passwords since",
            "state": "state"}  # fmt: skip


def configure(actions: Any) -> None:
    """Declare what is done with people, as actions of `study people`."""
    summary = "who works at the study: coordinator, physicist, statistician, each with an own password"
    people = actions.add_parser("people", help=summary, description=summary)
    deeds = people.add_subparsers(dest="people_deed", metavar="ACTION", required=True)
    _deed(deeds, "list", "who works and worked at the study, and who reads")
    add = _deed(
        deeds, "add", "name a person, with a password that is changed at once; the first is a coordinator"
    )
    retire = _deed(deeds, "retire", "let a person work at the study no more; nothing of theirs is deleted")
    password = _deed(deeds, "password", "change your own password, or give another one to a person")
    for deed in (add, retire):
        deed.add_argument("name", metavar="NAME", help="the person's name")
    add.add_argument(
        "--role", required=True, choices=("coordinator", "physicist", "statistician"), help="what they may do"
    )
    password.add_argument("--of", default="", metavar="NAME", help="who has forgotten theirs")


def _deed(deeds: Any, name: str, summary: str) -> Any:
    parser = deeds.add_parser(name, help=summary, description=summary)
    parser.add_argument("study", type=Path, metavar="STUDY", help="the study's folder")
    add_person(parser)
    add_json(parser)
    return parser


def run(args: argparse.Namespace) -> Outcome:
    """Do what was asked with the study's people."""
    deeds = {"list": _list, "add": _add, "retire": _retire, "password": _password}
    return deeds[args.people_deed](args)


def _list(args: argparse.Namespace) -> Outcome:
    from core.study.log_in import listed_people

    with opened(args.study, args.person) as study:
        rows = [dict(vars(each)) for each in listed_people(study)]
    text = text_table(_COLUMNS, rows) if rows else "no people are named: the study has one owner"
    return Outcome({"people": rows}, text)


def _add(args: argparse.Namespace) -> Outcome:
    from core.study.log_in import add_person as name_person

    with opened(args.study, args.person) as study:
        password = coordinator_password(args.person)
        made = name_person(study, args.name, args.role, new_password(), password)
    own = "logs in from now on" if made.own else "chooses a password of their own first"
    return Outcome({"name": made.name, "role": made.role}, f"{made.name}, {made.role}, {own}")


def _retire(args: argparse.Namespace) -> Outcome:
    from core.study.log_in import retire_person

    with opened(args.study, args.person) as study:
        retire_person(study, args.name, coordinator_password(args.person))
    return Outcome({"name": args.name}, f"{args.name} works at this study no more")


def _password(args: argparse.Namespace) -> Outcome:
    from core.study.log_in import change_password, give_password

    with opened(args.study, args.person) as study:
        before = coordinator_password(args.person)
        if args.of:
            give_password(study, args.of, new_password(), before)
            return Outcome({"name": args.of}, f"{args.of} logs in with it and chooses another")
        change_password(study, new_password(), before)
    return Outcome({"name": args.person}, "your password is changed")
