"""The washout: the days that must lie between two sessions of a rater, so that nothing is remembered."""

from __future__ import annotations

import math
from dataclasses import dataclass

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.reading.protocol import Protocol
from core.study import clock
from core.study import tables as t
from core.study.audit import Record, append, checked, verified
from core.study.clock import Judged, days_between, judge, later_by, seconds_of
from core.study.names import same_rater
from core.study.password import require_password
from core.study.records import KitStatus
from core.study.store import Study
from core.study.witness import moments

# written into a kit by the coordinator, whenever that is: no work of its rater's, and not their clock
RESET = "retire_key"


@dataclass(frozen=True)
class Washout:
    """What a kit is dealt on: days asked for, days that passed, when it opens, and why it may open sooner.

    `days` and `opens_utc` are None where the rater has read in no other session; `waited_days` and
    `opens_utc` also where the other session is not collected whole.
    """

    days: float | None = None
    waited_days: float | None = None
    opens_utc: str | None = None
    reason: str = ""


def least_washout(study: Study, protocol: Protocol) -> int:
    """Return the days between sessions: the most that this protocol, or one dealt before, asks for.

    What was agreed on when the study began holds for a later protocol too; fewer days are an override.
    """
    return max(each.washout_days for each in (protocol, *study.protocols().values()))


def agree_washout(
    study: Study,
    rater: str,
    session: int,
    protocol: Protocol,
    *,
    days: float | None = None,
    reason: str = "",
    password: str = "",
) -> Washout:
    """Refuse a session that comes too soon after another one of the rater; return what is recorded.

    Parameters
    ----------
    study : Study
    rater, session
        For whom a kit is to be dealt.
    protocol : Protocol
        Its washout holds, or a longer one of a protocol that was dealt before (`least_washout`).
    days : float, optional
        Days that must lie between instead; fewer need password and reason.
    reason, password : str
        Why fewer do, and the coordinator's password.

    Raises
    ------
    InputError
        If too little time has passed, as far as the evidence goes (`core.study.clock.judge`), which is
        recorded; another session is not collected whole, or was lost when the study was put back from a
        backup; or fewer days are asked for without a reason and the password.
    """
    least = least_washout(study, protocol)
    asked = least if days is None else days
    if not 0 <= asked < math.inf:
        raise InputError(f"the washout must be 0 days or more, not {asked:g}")
    if asked < least:
        if not reason.strip():
            raise InputError(
                f"the study's protocols ask for {least} days between sessions; "
                "a shorter wait needs a reason, which is recorded: add --reason"
            )
        require_password(study, password, "to cut the washout short")
    lost = next((kit for kit in study.lost_kits() if same_rater(kit.rater, rater)), None)
    if lost is not None:
        if asked > 0:
            raise InputError(
                f"session {lost.session} of {lost.rater} was dealt after the backup was made from which this "
                "study was put back, so the washout cannot be told; give --washout-days 0 with a --reason"
            )
        return Washout(asked, None, None, reason.strip())
    # whatever its number: a session dealt backwards is as soon as one dealt forwards
    others = [kit for kit in study.kits() if same_rater(kit.rater, rater) and kit.session != session]
    if not others:
        return Washout()
    behind = next((kit for kit in others if kit.collected < kit.cases), None)
    if behind is not None:
        if asked > 0:
            raise InputError(
                f"session {behind.session} of {rater} is not collected whole, so the washout cannot be told; "
                "collect it first, or give --washout-days 0 with a --reason"
            )
        return Washout(asked, None, None, reason.strip())
    last = max((last_read_utc(study, kit) for kit in others), key=seconds_of)
    now = judged_now(study)
    waited = days_between(last, now.utc)
    if waited < asked:
        # that it was tried, and when: a clock that is set forward now is found by it
        with study.database.transaction() as connection:
            append(connection, t.audit, "refused", rater=rater, session=session, waited_days=round(waited, 3))
        told = f" ({now.told})" if now.told else ""
        raise InputError(
            f"{rater} signed the last case {waited:.1f} days ago{told}, and {asked:g} must lie between "
            "sessions; wait, or give --washout-days with a --reason"
        )
    return Washout(asked, round(waited, 3), later_by(last, asked), reason.strip())


def judged_now(study: Study) -> Judged:
    """Return what the study's own records say of the computer's clock."""
    with study.database.transaction() as connection:
        seen = moments(list(checked(connection, t.audit)))
    return judge(seen, clock.moment())


def last_read_utc(study: Study, kit: KitStatus) -> str:
    """Return when a collected kit was worked on last, at the latest.

    That is its latest record, whatever the clock showed afterwards. Where the rater's clock cannot be
    believed, because it went back or stood ahead of the study's, it is when the kit was collected.
    """
    seen = [record.moment for record in kit_records(study, kit.kit_id) if record.values["action"] != RESET]
    latest = max((each.utc for each in seen), key=seconds_of)
    statement = sa.select(t.readings.c.collected_utc).join(t.kit_cases)
    with study.database.transaction() as connection:
        times = connection.execute(statement.where(t.kit_cases.c.kit_id == kit.kit_id)).scalars().all()
    try:
        collected = max(times, key=seconds_of)
    except ValueError as error:
        raise StoreError(
            f"when session {kit.session} of {kit.rater} was collected is damaged; restore the study from a "
            "backup"
        ) from error
    doubtful = judge(seen[:-1], seen[-1]).back_days > 0 or seconds_of(latest) > seconds_of(collected)
    return collected if doubtful else latest


def kit_records(study: Study, kit_id: str) -> list[Record]:
    """Return the audit trail of a kit as far as it was collected, in order; StoreError where it is broken."""
    statement = sa.select(t.kit_audit).where(t.kit_audit.c.kit_id == kit_id).order_by(t.kit_audit.c.sequence)
    with study.database.transaction() as connection:
        rows = connection.execute(statement).all()
    records = (Record(row.sequence, row.content, row.previous, row.sha256) for row in rows)
    try:
        return list(verified(records))
    except StoreError as error:
        raise StoreError(f"a collected kit: {error}; restore the study from a backup") from error
