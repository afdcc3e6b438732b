"""What is planned before kits are dealt: who reads, and by which protocol; kept in the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.reading.protocol import Protocol, parse_protocol
from core.study import tables as t
from core.study.audit import Record, append
from core.study.names import known_as, refuse_mixed, refuse_unseen, same_rater
from core.study.people import require
from core.study.store import Study


@dataclass(frozen=True)
class Plan:
    """The raters by name, as they were given, and the protocol; None before one is chosen."""

    raters: tuple[str, ...] = ()
    protocol: Protocol | None = None


def read_plan(study: Study) -> Plan:
    """Return the plan as it was set last."""
    like = t.audit.c.content.like('{"action":"plan",%')
    newest = t.audit.select().where(like).order_by(t.audit.c.sequence.desc()).limit(1)
    with study.database.transaction() as connection:
        row = connection.execute(newest).first()
    if row is None:
        return Plan()
    values = Record(**row._mapping).values
    text = values["protocol"]
    return Plan(tuple(values["raters"]), parse_protocol(text, "the study's protocol") if text else None)


def rater_named(study: Study, name: str) -> str:
    """Return by which name a study knows a rater: its first kit's spelling, else the plan's, else as given.

    Raises
    ------
    InputError
        If the study does not know the rater, and the name cannot be printed or mixes alphabets.
    """
    name = " ".join(name.split())
    known = known_as(name, (kit.rater for kit in study.kits())) or known_as(name, read_plan(study).raters)
    if known is None:
        refuse_unseen(name)
        refuse_mixed(name)
    return known or name


def set_plan(study: Study, *, raters: Sequence[str] | None = None, protocol: Protocol | None = None) -> Plan:
    """Plan other raters or another protocol; what is not given stays. Every change is on record.

    A new name that is spelled otherwise than in the rater's kits is planned as it is there.

    Raises
    ------
    InputError
        If a name is empty or cannot be printed, looks like another one, or mixes alphabets.
    """
    require(study, "plan")
    before = read_plan(study)
    names = before.raters if raters is None else tuple(_planned(study, name, before) for name in raters)
    for place, name in enumerate(names):
        # two that were planned before their looks were asked about go on
        twice = (
            each == name or (same_rater(each, name) and not {each, name} <= {*before.raters})
            for each in names[:place]
        )
        if any(twice):
            raise InputError(f"{name} stands twice among the raters; give each a name of its own")
    plan = Plan(names, protocol or before.protocol)
    if plan != before:
        with study.database.transaction() as connection:
            text = plan.protocol.text if plan.protocol else ""
            append(connection, t.audit, "plan", raters=list(plan.raters), protocol=text)
    return plan


def _planned(study: Study, name: str, before: Plan) -> str:
    """Return a name as it was planned before, else as the study knows it."""
    name = " ".join(name.split())
    return name if name in before.raters else rater_named(study, name)


def open_sessions(study: Study, plan: Plan) -> dict[str, int]:
    """Return for every planned rater the session that a kit would be dealt for next."""
    dealt = study.kits()
    return {
        rater: 1 + max((kit.session for kit in dealt if same_rater(kit.rater, rater)), default=0)
        for rater in plan.raters
    }
