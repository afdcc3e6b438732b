"""What is asked of a kit before it opens: that nobody altered its trail, its protocol, and its washout."""

from __future__ import annotations

from pathlib import Path

from core.errors import DamagedError, InputError, StoreError
from core.reading.protocol import Protocol, parse_protocol
from core.study import clock
from core.study.audit import Needed, Record, is_text, refuse_odd
from core.study.database import KIT, Database, Rows
from core.study.kit_people import record

_NEEDED: Needed = {
    "retire_key": {"reason": is_text},
    "draft_guess": {"of": is_text, "choice": lambda choice: choice is None or is_text(choice)},
}


def protocol_of(place: Path, rows: Rows) -> Protocol:
    """Return a kit's protocol, in whatever schema the kit is; DamagedError where there is none."""
    _refuse_altered(place, rows)
    found = rows("SELECT protocol FROM kit")
    if len(found) != 1:
        raise DamagedError(f"{place}: {KIT.damaged}")
    try:
        return parse_protocol(str(found[0]["protocol"]), "the kit's protocol")
    except InputError as error:
        raise DamagedError(f"{place}: {KIT.damaged}") from error


def refuse_early(database: Database, opens_utc: str) -> None:
    """Raise InputError where a washout is not over; that it was tried is recorded."""
    # edits are left out, which can be large; the last record of any kind stands for the latest of them
    sql = 'SELECT * FROM audit WHERE content NOT LIKE \'{"action":"edit"%\' '
    sql += "OR sequence = (SELECT max(sequence) FROM audit) ORDER BY sequence"
    seen = [Record(**row).moment for row in database.rows(sql)]
    now = clock.judge(seen, clock.moment())
    left = clock.days_between(now.utc, opens_utc)
    if left > 0:
        record(database, "refused", {"days_left": round(left, 3)})
    elif clock.moment().run not in {moment.run for moment in seen}:
        record(database, "opened", {})  # a clock that is set from now on is found by it
    if left <= 0:
        return
    if now.forward_days:
        raise InputError(
            f"this session opens on {opens_utc[:10]}; the clock of this computer was set forward, and "
            "that time does not count: set it right, or ask the coordinator"
        )
    raise InputError(
        f"this session opens on {opens_utc[:10]}, in {left:.1f} days; come back then, or ask the coordinator"
    )


def _refuse_altered(place: Path, rows: Rows) -> None:
    """Raise DamagedError where a record was altered; of edits, which can be large, only `verify` asks."""

    def trail(chosen: str = "") -> list[Record]:
        return [Record(**row) for row in rows(f"SELECT * FROM audit {chosen} ORDER BY sequence")]

    try:
        refuse_odd(trail('WHERE content NOT LIKE \'{"action":"edit",%\''), _NEEDED, trail)
    except StoreError as error:
        raise DamagedError(
            f"{place}: {error}; the kit is damaged; leave it as it is, and give it to the coordinator"
        ) from error
