"""A study and kits in which every table has rows, and all that a window or a command asks of them."""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import AppError
from core.reading.edits import AddMark
from core.reading.protocol import parse_protocol
from core.reading.reading import Mark
from core.relaxometry.calibration import fit_calibration
from core.study import washout, witness
from core.study.adjudicating import adjudicated, deal_adjudication, disagreements
from core.study.audit_listing import chosen, listed, told
from core.study.backups import back_up, newest_restoring
from core.study.collecting import collect
from core.study.coordinators_view import coordinators_trail, reset_kit
from core.study.dealing import deal_kit
from core.study.forgotten import forgotten
from core.study.kit import Kit
from core.study.kit_trails import raters_trail, unsigned_records
from core.study.log_in import add_person, listed_people, log_in
from core.study.moving import move
from core.study.password import set_password, told_since
from core.study.people import people_of, refusal
from core.study.plan import open_sessions, read_plan, set_plan
from core.study.records import IcpMs, Target
from core.study.rescue import raters_rescue, remains, rescue, signed_part
from core.study.sessions import session_facts
from core.study.store import Study
from core.study.tells import tells
from core.study.training_set import (
    TrainingAnswer,
    expected_of,
    set_training,
    training_results,
    training_scans,
)
from core.study.unblinding import (
    awaited_guesses,
    collected_blind,
    early_warning,
    guessed_after_key,
    guesses_at_stake,
    key_was_shown,
    note_looking,
    show_key,
    unsigned_cases,
)
from tests.core.reading.rich import TEXT
from tests.core.study.conftest import PASSWORD, scan_images
from tests.core.study.test_everything_asked import NODES, answer, do, read_richly
from tests.signing import CHEAP, RATERS_PASSWORD, enrol

PROTOCOL = parse_protocol(
    TEXT.replace("node: free", "node: prescribed")
    + "training: {pass: 0.5, rounds: 1}\nadjudication: {answers: shown, findings: true}\n"
    + "guess:\n  group: [vehicle, magnet]\n  visit: [baseline, 24 h]\n",
    "full.yaml",
)
ANNA, OWN = "Anna Berg", "blue old lantern"
Ask = Callable[[], object]


def make(folder: Path, *, adjudicate: bool = True) -> None:
    """Make a `study`, `ann.kit`, all of it done and collected, and `dora.kit`, begun.

    Where it is to `adjudicate`, Ben disagrees, and Cleo has done and collected what was sent to her.
    """
    raters = ("Ann", "Dora", "Ben") if adjudicate else ("Ann", "Dora")
    with Study.create(folder / "study", "Iron in mice") as study:
        for number, subject in enumerate(("mouse-1", "mouse-2", "trainer")):
            group = "magnet" if number == 1 else "vehicle"
            images = scan_images(number, (31.0, -17.0, 400.0))
            study.add_scan(subject, group, "baseline", images, [(f"/scans/{subject}/a.dcm", "0" * 64)])
        study.set_targets([Target("mouse-1", name, "node", True, 2.5, at) for name, at in NODES.items()])
        study.set_icpms([IcpMs("mouse-2", "baseline", 9.6)])
        study.set_calibration(fit_calibration([0.0, 0.5, 1.0], [20.0, 70.5, 119.5], field_t=3.0, agent="MNP"))
        set_password(study, PASSWORD, cost=CHEAP)
        set_training(study, ["trainer"], [TrainingAnswer("trainer", "quality", 3)])
        set_plan(study, raters=raters, protocol=PROTOCOL)
        for rater in raters:
            deal_kit(study, rater, 1, PROTOCOL, folder / f"{rater.lower()}.kit", seed="5")
        add_person(study, ANNA, "coordinator", OWN, PASSWORD, cost=CHEAP)
        log_in(study, ANNA, OWN)
        for rater in raters[::2]:
            kit_path = folder / f"{rater.lower()}.kit"
            with Kit.open(kit_path) as kit:
                reset_kit(study, enrol(kit), "forgotten", OWN)
                read_all(kit, another=rater == "Ben")
            collect(study, kit_path)
            note_looking(study, "results", "interim", OWN)
        if adjudicate:
            deal_adjudication(study, "Cleo", 1, folder / "cleo.kit", raters=("Ann", "Ben"), seed="5")
            with Kit.open(folder / "cleo.kit") as kit:
                read_all(kit)
            collect(study, folder / "cleo.kit")
        study.note_export("analysis")
        back_up(study, "demand")
        with Kit.open(folder / "dora.kit") as kit:
            first = kit.cases()[0].alias
            read_richly(kit, first)
            signed, begun = (case.alias for case in kit.cases()[1:])
            correct(kit, signed)
            read_richly(kit, begun, sign=False)
            kit.add_seconds(begun, 2.0)


def correct(kit: Kit, alias: str) -> None:
    """Sign a case twice."""
    read_richly(kit, alias)
    kit.correct(alias, "a slip", RATERS_PASSWORD)
    kit.sign(alias, RATERS_PASSWORD)


def read_all(kit: Kit, *, another: bool = False) -> None:
    """Read everything, with another lesion or without, correct the last case, and give the guesses."""
    done: set[str] = set()
    while left := [case.alias for case in kit.cases() if case.alias not in done]:
        done.add(alias := left[0])
        if another:
            do(kit, alias, AddMark(Mark("b" * 32, "lesion", (1.0, 1.0, 1.0))))
            answer(kit, alias, "sure", 1, "b" * 32)
        read_richly(kit, alias)
    kit.correct(alias, "a slip", RATERS_PASSWORD)
    kit.sign(alias, RATERS_PASSWORD)
    given = {case.alias: {"group": "vehicle", "visit": None} for case in kit.cases() if not case.training}
    kit.draft_guess(alias, "group", "vehicle")
    kit.guess(given)


def altered(file: Path, *statements: tuple[str, tuple[Any, ...]]) -> None:
    """Change a file as a hand does that knows of triggers."""
    connection = sqlite3.connect(file, isolation_level=None)
    try:
        connection.execute("PRAGMA synchronous = OFF")
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for sql, values in statements:
            connection.execute(sql, values)
    finally:
        connection.close()


def plain(value: Any) -> Any:
    """Return values that compare, whatever they are made of."""
    if isinstance(value, np.ndarray):
        return value.shape, str(value.dtype), hashlib.sha256(np.ascontiguousarray(value)).hexdigest()
    if dataclasses.is_dataclass(value):
        return [(each.name, plain(getattr(value, each.name))) for each in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [(repr(key), plain(each)) for key, each in value.items()]
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return None if callable(value) else repr(value)


def refused(ask: Ask) -> str:
    """Return in what line something is refused, "" where it is not; any other error is a crash."""
    try:
        ask()
    except AppError as error:
        assert "\n" not in str(error) and str(error), repr(error)
        return str(error)
    return ""


def _own(of: Study | Kit, *given: str) -> Iterator[tuple[str, Ask]]:
    """Yield every public method of a study or kit that asks for no more than is given, and what it tells."""
    for name, member in inspect.getmembers(type(of)):
        if name.startswith("_") or name in ("close", "log_out"):
            continue
        if isinstance(member, property):
            if not given:
                yield name, lambda name=name: getattr(of, name)
        elif not inspect.ismethod(member):
            needed = [p for p in inspect.signature(member).parameters.values() if p.default is p.empty][1:]
            if [p.name for p in needed] == ["alias"] * len(given):
                yield name, lambda name=name: getattr(of, name)(*given)


def asks_of_study(study: Study, folder: Path, *, changing: bool = True) -> Iterator[tuple[str, Ask]]:
    """Yield everything that is asked of a study, those that take long and are `changing` it last."""

    def inside(ask: Callable[..., object], *values: Any) -> Ask:
        def asked() -> object:
            with study.database.transaction() as connection:
                found = ask(connection, *values)
                return list(found) if isinstance(found, Iterator) else found

        return asked

    def trail() -> object:
        rows = listed(study.audit_records())
        unsigned_records(study.audit_records())
        return [told(row) for row in chosen(rows, since="2020", about="a")]

    def of_kits() -> object:
        return [(washout.kit_records(study, kit.kit_id), washout.last_read_utc(study, kit))
                for kit in study.kits() if kit.collected]  # fmt: skip

    def scans() -> object:
        for scan in study.scans():
            study.images(scan.scan_id)
            study.common_types([scan.scan_id])
            study.training_answers(scan.subject)
        return tells(study.looks(), study.scans())

    yield "log_in", lambda: log_in(study, ANNA, OWN)
    yield from _own(study)
    for ask in (
        awaited_guesses, early_warning, guessed_after_key, guesses_at_stake, unsigned_cases, forgotten,
        newest_restoring, adjudicated, training_scans, training_results, session_facts, washout.judged_now,
        read_plan, people_of, listed_people,
    ):  # fmt: skip
        yield ask.__name__, lambda ask=ask: ask(study)
    for ask in (
        witness.history, witness.lost_kits, witness.lost_people, witness.was_gone, witness.of_trail,
        collected_blind, key_was_shown,
    ):  # fmt: skip
        yield ask.__name__, inside(ask)
    yield "resets", inside(witness.resets, "a kit")
    yield "moments", lambda: witness.moments(study.audit_records())
    yield "told_since", lambda: told_since(study, ANNA)
    yield "refusal", lambda: refusal(study, "deal")
    yield "open_sessions", lambda: open_sessions(study, read_plan(study))
    yield "washout", lambda: washout.least_washout(study, PROTOCOL)
    yield "trail", trail
    yield "scans", scans
    yield "of_kits", of_kits
    yield "expected", lambda: [expected_of(study, scan, PROTOCOL) for scan in training_scans(study)]
    yield "disagreements", lambda: disagreements(study, 1, ("Ann", "Ben"))
    yield "looking", lambda: note_looking(study, "results", "interim", OWN)
    yield "key", lambda: show_key(study, "asked", OWN)
    if not changing:
        return
    yield "collect", lambda: collect(study, folder / "dora.kit")
    yield "collect again", lambda: collect(study, folder / "ann.kit")

    def kits_trail() -> object:
        with Kit.open(folder / "dora.kit", to_read=False) as kit:
            return coordinators_trail(study, kit, "asked", OWN)

    yield "kit_trail", kits_trail
    out = folder / "new"
    yield "deal", lambda: deal_kit(study, "Eve", 1, PROTOCOL, out / "eve.kit")
    fewer: dict[str, Any] = {"washout_days": 0, "reason": "asked", "password": OWN}
    yield "deal again", lambda: deal_kit(study, "Ann", 2, PROTOCOL, out / "ann.kit", **fewer)
    yield "adjudicate", lambda: deal_adjudication(study, "Fay", 1, out / "fay.kit", raters=("Ann", "Ben"))
    yield "plan", lambda: set_plan(study, raters=["Ann", "Ben", "Dora", "Eve"])
    yield "set", lambda: study.set_icpms(study.icpms())
    yield "back_up", lambda: back_up(study, "demand")


def asks_of_folder(folder: Path) -> Iterator[tuple[str, Ask]]:
    """Yield what is done with a study that is not open."""
    yield (
        "move",
        lambda: move(folder / "study", folder / "moved", log_in=lambda each: log_in(each, ANNA, OWN)),
    )


def asks_of_kit(kit: Kit) -> Iterator[tuple[str, Ask]]:
    """Yield everything that its window and `ferroread kit` ask of a kit, those that change it last."""

    def trail(by: Callable[[], Any]) -> Ask:
        def asked() -> object:
            found = by()
            rows = listed(found.records, kit.rater, withheld=found.withheld)
            return [told(row) for row in rows]

        return asked

    aliases: list[str] = []
    yield "cases", lambda: aliases.extend(case.alias for case in kit.cases())
    yield from _own(kit)
    yield "log_in", lambda: kit.log_in(RATERS_PASSWORD)
    yield "trail", trail(lambda: raters_trail(kit, RATERS_PASSWORD))
    for alias in aliases:
        for name, ask in _own(kit, alias):
            if name != "lock_step":
                yield name, ask
    for alias in aliases:
        yield "answer", lambda alias=alias: answer(kit, alias, "query", "left?")
        yield "add_seconds", lambda alias=alias: kit.add_seconds(alias, 2.0)
        yield "draft_guess", lambda alias=alias: kit.draft_guess(alias, "group", None)
        yield "lock_step", lambda alias=alias: kit.lock_step(alias)
        yield "correct", lambda alias=alias: kit.correct(alias, "again", RATERS_PASSWORD)
        yield "sign", lambda alias=alias: kit.sign(alias, RATERS_PASSWORD)
    yield "set_password", lambda: kit.set_password(RATERS_PASSWORD, "another mountain", cost=CHEAP)


def asks_of_kit_folder(kit: Path) -> Iterator[tuple[str, Ask]]:
    """Yield what is asked of a kit that is not open."""

    def rescued() -> object:
        found = remains(kit)
        signed_part(found)
        return raters_rescue(kit, found, RATERS_PASSWORD)

    yield "rescue", lambda: rescue(kit)
    yield "remains", rescued


def copied(source: Path, folder: Path, *names: str) -> None:
    """Copy files and folders anew, over what became of an earlier copy."""
    for name in names:
        shutil.rmtree(folder / name, ignore_errors=True)
        if (source / name).is_dir():
            shutil.copytree(source / name, folder / name)
