"""How blinded the readings were: washouts and clocks, training, guesses, and what was adjudicated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from core.statistics.blinding import bang_index, count_guesses, james_index
from core.statistics.estimate import Estimate
from core.statistics.linking import LinkedReading
from core.statistics.listings import CASE_COLUMNS, PART_COLUMNS, Row, Table, case_cells
from core.study.records import Disagreement, SessionFacts, SignedReading, TrainingResult

GUESS_COLUMNS = ("of", "guessed", "true", "right")
ADJUDICATION_COLUMNS = (
    "session", "subject", "group", "visit", "field_t", "item", "first_rater", "first", "second_rater",
    "second", "adjudicator", "alias", "read",
)  # fmt: skip
INDEX_COLUMNS = (
    "rater", "session", "of", "index", "arm", "n", "right", "wrong", "do_not_know", "value", "se", "ci_low",
    "ci_high", "method", "reason", "guessed_after_key",
)  # fmt: skip


def sessions_table(sessions: Sequence[SessionFacts]) -> Table:
    """Return a row per kit that was dealt: what lay between sessions, the clock, and what the key touched."""
    columns = tuple(each.name for each in fields(SessionFacts) if each.name != "kit_id")
    return Table(columns, tuple({name: getattr(facts, name) for name in columns} for facts in sessions))


def training_table(results: Sequence[TrainingResult]) -> Table:
    """Return a row per training case that was signed: how much of what it expected was met."""
    columns = tuple(each.name for each in fields(TrainingResult))
    return Table(columns, tuple(dict(vars(result)) for result in results))


def guesses_table(linked: Sequence[LinkedReading]) -> Table:
    """Return what every case was believed to be, beside what it was; `guessed` is empty for "don't know".

    `after_key` is of the guess here, which comes later than the reading.
    """
    rows: list[Row] = []
    for reading in (case.reading for case in linked):
        for of, guessed in reading.guesses.items():
            true = str(getattr(reading, of))
            row = {**case_cells(reading), "of": of, "guessed": guessed or "", "true": true}
            row |= {"right": None if guessed is None else guessed == true}
            rows.append({**row, "after_key": reading.guess_after_key})
    return Table((*CASE_COLUMNS, *GUESS_COLUMNS, *PART_COLUMNS), tuple(rows))


def adjudication_table(
    linked: Sequence[LinkedReading], adjudicated: Mapping[str, Sequence[Disagreement]]
) -> Table:
    """Return a row per thing that was sent to a third rater: what the two said, and who read it then.

    No reading replaces another: the third rater's answers stand in the lists of answers like all others.
    """
    by_alias = {case.reading.alias: case.reading for case in linked}
    rows: list[Row] = []
    for alias, items in adjudicated.items():
        third = by_alias.get(alias)
        for item in items:
            first, second = by_alias[item.first_alias], by_alias[item.second_alias]
            cells = {
                name: getattr(first, name) for name in ("session", "subject", "group", "visit", "field_t")
            }
            cells |= {"item": item.item, "first_rater": first.rater, "first": item.first}
            cells |= {"second_rater": second.rater, "second": item.second, "alias": alias}
            cells |= {"adjudicator": third.rater if third else "", "read": third is not None}
            rows.append(cells)
    return Table(ADJUDICATION_COLUMNS, tuple(rows))


def blinding_table(linked: Sequence[LinkedReading]) -> Table:
    """Return James's index over all arms and Bang's of each, per rater and session, of group and of visit.

    First showings alone count: a repeat is no guess of its own. The intervals take cases as independent,
    which scans of one subject are not; docs/blinding.md says what that means. `guessed_after_key` counts the
    guesses of a row that were collected when the key had been shown: they tell nothing of the blinding.
    """
    rows: list[Row] = []
    by_session: dict[tuple[str, int, str], list[SignedReading]] = {}
    for reading in (case.reading for case in linked):
        for of in reading.guesses:
            if not reading.repeat_of:
                by_session.setdefault((reading.rater, reading.session, of), []).append(reading)
    for (rater, session, of), readings in sorted(by_session.items()):
        guessed = [reading.guesses[of] for reading in readings]
        true = [str(getattr(reading, of)) for reading in readings]
        # the choices that nothing was are no arms: a guess of one of them is a wrong one all the same
        arms = sorted({*true, *(guess for guess in guessed if guess is not None)})
        cells = {"rater": rater, "session": session, "of": of}
        if len(arms) < 2:
            continue
        table = count_guesses(guessed, true, arms)
        late = [is_ for reading, is_ in zip(readings, true, strict=True) if reading.guess_after_key]
        james = {**cells, "index": "James", "arm": "all", **_counts(guessed, true)}
        james["guessed_after_key"] = len(late)
        rows.append({**james, **_told(james_index(table))})
        for arm in sorted(set(true)):
            of_arm = [(guess, is_) for guess, is_ in zip(guessed, true, strict=True) if is_ == arm]
            counts = _counts([guess for guess, _ in of_arm], [is_ for _, is_ in of_arm])
            bang = {**cells, "index": "Bang", "arm": arm, **counts, "guessed_after_key": late.count(arm)}
            rows.append({**bang, **_told(bang_index(table, arm))})
    return Table(INDEX_COLUMNS, tuple(rows))


def _counts(guessed: Sequence[str | None], true: Sequence[str]) -> Row:
    pairs = list(zip(guessed, true, strict=True))
    return {
        "right": sum(guess == is_ for guess, is_ in pairs),
        "wrong": sum(guess is not None and guess != is_ for guess, is_ in pairs),
        "do_not_know": sum(guess is None for guess, _ in pairs),
    }


def _told(found: Estimate) -> Row:
    names = ("n", "value", "se", "ci_low", "ci_high", "method", "reason")
    return {name: getattr(found, name) for name in names}
