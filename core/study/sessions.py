"""How blinded every session was: what lay between sessions, what the clocks say, what the key touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from core.study import tables as t
from core.study.audit import Record
from core.study.clock import days_between, judge, seconds_of
from core.study.names import same_rater
from core.study.records import SessionFacts
from core.study.store import Study
from core.study.washout import RESET, kit_records, last_read_utc


def session_facts(study: Study) -> tuple[SessionFacts, ...]:
    """Return a record of every kit that was dealt, by rater and session."""
    status = {kit.kit_id: kit for kit in study.kits()}
    found: list[SessionFacts] = []
    last: dict[str, str] = {}
    for row in _kits(study):
        kit = status[row["kit_id"]]
        facts = SessionFacts(
            **{name: row[name] for name in _OWN} | {"rater": kit.rater},
            **_counts(study, kit.kit_id), cases=kit.cases, signed=kit.collected,
            first_utc="", last_utc="", interval_days=None, clock="",
        )  # fmt: skip
        records = [each for each in kit_records(study, kit.kit_id) if each.values.get("action") != RESET]
        worked = [record for record in records if record.values.get("action") not in _NO_WORK]
        if worked:
            facts = _as_read(facts, records, worked)
        if kit.collected:
            last[kit.kit_id] = last_read_utc(study, kit)
        found.append(facts)
    found.sort(key=lambda facts: (facts.rater, facts.session))
    return tuple(_with_interval(facts, found, last) for facts in found)


_NO_WORK = ("deal", "opened", "refused")
_OWN = (
    "rater", "session", "kit_id", "purpose", "dealt_utc", "washout_days", "waited_days", "washout_reason",
)  # fmt: skip


def _kits(study: Study) -> list[sa.RowMapping]:
    statement = sa.select(t.kits).order_by(t.kits.c.rater, t.kits.c.session)
    with study.database.transaction() as connection:
        return list(connection.execute(statement).mappings())


def _counts(study: Study, kit_id: str) -> dict[str, Any]:
    repeats = sa.select(sa.func.count()).select_from(t.kit_cases).where(t.kit_cases.c.repeat_of != "")
    marked = (
        sa.select(sa.func.count(sa.distinct(t.readings.c.alias)))
        .select_from(t.readings.join(t.kit_cases).outerjoin(t.later_readings))
        .where(t.readings.c.after_key | t.later_readings.c.after_key)
    )
    with study.database.transaction() as connection:
        return {
            name: connection.execute(statement.where(t.kit_cases.c.kit_id == kit_id)).scalar_one()
            for name, statement in (("repeats", repeats), ("after_key", marked))
        }


def _as_read(facts: SessionFacts, records: list[Record], worked: list[Record]) -> SessionFacts:
    moments = [record.moment for record in records]
    times = [record.moment.utc for record in worked]
    return replace(
        facts,
        first_utc=min(times, key=seconds_of),
        last_utc=max(times, key=seconds_of),
        clock=judge(moments[:-1], moments[-1]).told,
    )


def _with_interval(facts: SessionFacts, others: list[SessionFacts], last: dict[str, str]) -> SessionFacts:
    """Tell what lay between this session and the one of the rater that was read before it."""
    if not facts.first_utc:
        return facts
    before = [
        last[other.kit_id]
        for other in others
        if same_rater(other.rater, facts.rater) and other.kit_id != facts.kit_id
        if other.kit_id in last and seconds_of(other.first_utc) < seconds_of(facts.first_utc)
    ]
    if not before:
        return facts
    latest = max(before, key=seconds_of)
    return replace(facts, interval_days=round(days_between(latest, facts.first_utc), 3))
