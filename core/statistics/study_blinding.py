"""How blinded the readings were: sessions with their washouts and clocks, and what raters guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from core.statistics.listings import Table
from core.study.records import SessionFacts


def sessions_table(sessions: Sequence[SessionFacts]) -> Table:
    """Return a row per kit that was dealt: what lay between sessions, the clock, and what the key touched."""
    columns = tuple(each.name for each in fields(SessionFacts) if each.name != "kit_id")
    return Table(columns, tuple({name: getattr(facts, name) for name in columns} for facts in sessions))
