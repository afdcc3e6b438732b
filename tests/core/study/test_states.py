"""Whatever coordinator and raters do, in whatever order: no rule of blinding is broken, no read is lost."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.edits import SetAnswer
from core.reading.protocol import parse_protocol
from core.study import clock
from core.study.adjudicating import deal_adjudication
from core.study.backups import back_up, restore
from core.study.clock import Moment
from core.study.collecting import Collected, collect
from core.study.coordinators_view import reset_kit
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.kit_trails import raters_trail
from core.study.password import set_password
from core.study.records import ScanImages
from core.study.sessions import session_facts
from core.study.store import Study
from core.study.training_set import TrainingAnswer, set_training
from core.study.unblinding import show_key
from tests.core.study.conftest import PASSWORD, Computer
from tests.signing import CHEAP, RATERS_PASSWORD

# long enough not to stand in random bytes by chance
RATERS = ANNA, BERT, CLEO = ("Rater Anna", "Rater Bert", "Rater Cleo")
SUBJECTS = ("subject-one", "subject-two", "subject-to-train")
SHAPE = (2, 4, 4)
WASHOUT = 28
PROTOCOL = parse_protocol(
    f"""
id: small
version: "1"
title: Small
washout_days: {WASHOUT}
training: {{pass: 1.0, rounds: 2}}
guess: {{group: [a, b]}}
adjudication: {{answers: shown}}
steps:
  - {{id: one, title: One, shows: [echoes]}}
  - {{id: two, title: Two, shows: [echoes, r2star]}}
questions:
  - id: margin
    text: Margin
    scope: case
    step: one
    choices:
      - {{value: 1, label: low, anchor: "low"}}
      - {{value: 2, label: middle, anchor: "middle"}}
      - {{value: 3, label: high, anchor: "high"}}
""",
    "test",
)
# what training expects
RIGHT = 3
# seldom: what was dealt on an override tells nothing of the washout
OVERRIDE = st.sampled_from([False, False, False, True])


def make_study(folder: Path) -> Path:
    """Two scans to read and one to train with, and a coordinator's password."""
    grid = Geometry.axial(SHAPE, (1.0, 1.0, 1.0))
    rng = np.random.default_rng(5)
    with Study.create(folder / "study", "Small") as study:
        for subject, group in zip(SUBJECTS, "aba", strict=True):
            echoes = EchoSeries(
                rng.integers(0, 99, (2, *SHAPE)).astype(np.float32), (2.0, 4.0), grid, None, 3.0
            )
            r2star = Volume(rng.random(SHAPE).astype(np.float32), grid)
            study.add_scan(subject, group, "v", ScanImages(echoes, r2star_per_s=r2star))
        set_password(study, PASSWORD, cost=CHEAP)
        set_training(study, [SUBJECTS[2]], [TrainingAnswer(SUBJECTS[2], "margin", RIGHT, text="High.")])
    return folder / "study"


@dataclass(frozen=True)
class Kept:
    """A backup of the study, and what was true when it was made."""

    path: Path
    kits: frozenset[tuple[str, int]]
    handed_in: frozenset[tuple[str, int]]
    guesses_in: frozenset[tuple[str, int]]
    wrong_passwords: int


class Blinding(RuleBasedStateMachine):
    """The model knows what really happened and when; the program has to find out."""

    template: Path
    done: ClassVar = Counter[str]()  # over all runs

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.template, self.folder / "study")
        Computer.passed_days = 0.0
        self.coordinators, self.raters = Computer("c"), Computer("r")
        self.used, self.before = self.coordinators, clock.moment
        clock.moment = self.moment
        self.study = Study.open(self.folder / "study")
        self.kits: dict[tuple[str, int], Path] = {}
        self.overridden: set[tuple[str, int]] = set()
        self.adjudications: set[tuple[str, int]] = set()
        self.worked: dict[tuple[str, int], float] = {}  # the day on which a kit was really worked on last
        self.signed: dict[str, dict[object, object]] = {}  # alias -> answers, as the rater signed them
        self.signed_in: dict[tuple[str, int], set[str]] = {}
        self.resets: dict[tuple[str, int], int] = {}  # how often a kit's password was reset
        self.taken = set[str]()  # what was ever collected, by whichever copy of the study
        self.key_shown, self.before_key = False, set[str]()
        self.wrong_passwords = 0  # of them three are free
        self.handed_in: set[tuple[str, int]] = set()
        self.dealt_ahead: set[tuple[str, int]] = set()  # while the coordinator's clock was set forward
        self.deceived: set[tuple[str, int]] = set()  # and opened with the rater's forward: nothing can tell
        self.guessed: set[tuple[str, int]] = set()
        self.guesses_taken: dict[tuple[str, int], bool] = {}  # whether the key had been shown by then
        self.guesses_in: set[tuple[str, int]] = set()  # the study that is open has them
        self.kept: Kept | None = None
        self.lost: set[str] = set()  # who has a kit that the study, put back from a backup, knows nothing of
        self.looked_at: dict[str, str] = {}  # what an invariant saw last, so that it looks at news alone

    def moment(self) -> Moment:
        return self.used.moment()

    def sessions(self, rater: str) -> set[tuple[str, int]]:
        return {key for key in self.kits if key[0] == rater}

    def new_place(self) -> Path:
        return self.folder / f"{len(list(self.folder.iterdir()))}.kit"

    def take(self, key: tuple[str, int]) -> Collected:
        """Collect a kit."""
        taken = collect(self.study, self.kits[key])
        self.taken |= self.signed_in.get(key, set())
        if key in self.guessed:
            self.guesses_in.add(key)
            self.guesses_taken.setdefault(key, self.key_shown)
        return taken

    def again(self) -> list[str]:
        """Who may be asked for another session; after some the runs would only become long."""
        return [rater for rater in RATERS if 0 < len(self.sessions(rater)) < 4]

    def teardown(self) -> None:
        self.done["runs"] += 1
        if self.done["runs"] % 100 == 0:
            print(*(f"{count} {what}" for what, count in self.done.items()), sep=", ", flush=True)
        self.study.close()
        clock.moment = self.before
        shutil.rmtree(self.folder)

    @initialize(raters=st.sampled_from([(), (ANNA,), (ANNA, BERT), RATERS]), finished=st.booleans())
    def begin_study(self, raters: tuple[str, ...], finished: bool) -> None:
        """Often first kits are dealt, and handed in: most rules are about what comes after."""
        for number, rater in enumerate(raters):
            self.deal(rater, 1, override=False)
            if finished:
                self.hand_in((rater, 1), 1 if number % 2 else RIGHT)

    # the coordinator

    @rule(rater=st.sampled_from(RATERS), session=st.integers(1, 3), override=OVERRIDE)
    def deal(self, rater: str, session: int, override: bool) -> None:
        others = self.sessions(rater) - {(rater, session)}
        terms = {"washout_days": 0, "reason": "a test", "password": PASSWORD} if override else {}
        out = self.new_place()
        try:
            deal_kit(self.study, rater, session, PROTOCOL, out, **terms)
        except InputError:
            assert not out.exists()
            return
        assert (rater, session) not in self.kits
        self.done["kits dealt"] += 1
        self.kits[rater, session] = out
        if self.coordinators.set_by_days > 0:
            self.dealt_ahead.add((rater, session))
        assert override or rater not in self.lost
        if override:
            # it says that these sessions may follow each other, whichever is read first
            self.overridden |= {(rater, session), *others}
        elif others and self.coordinators.set_by_days == 0:
            self.check_washout(rater, session)

    def check_washout(self, rater: str, session: int) -> None:
        """What was dealt or opened without an override lies a washout behind all sessions dealt before it."""
        dealt = list(self.kits)
        before = dealt[: dealt.index((rater, session))]
        days = [self.worked[key] for key in before if key[0] == rater and key in self.worked]
        last = max(days, default=-1e9)
        assert Computer.passed_days - last >= WASHOUT - 0.1

    @precondition(lambda self: self.kits)
    @rule(data=st.data())
    def collect(self, data: st.DataObject) -> None:
        self.take(data.draw(st.sampled_from(sorted(self.kits))))

    @rule(reason=st.sampled_from(["", "interim", "end"]), password=st.sampled_from([PASSWORD, "a guess"]))
    def unblind(self, reason: str, password: str) -> None:
        collected = {reading.alias for reading in self.study.signed_readings()}
        try:
            key = show_key(self.study, reason, password)
        except InputError:
            assert not reason or password != PASSWORD or self.wrong_passwords >= 3
            self.wrong_passwords += bool(reason)
            return
        assert reason and password == PASSWORD
        self.wrong_passwords = 0
        self.done["keys shown"] += 1
        assert bool(key.warning) == (len(key.entries) > len(collected))
        if not self.key_shown:
            self.key_shown, self.before_key = True, set(self.taken)

    @rule(rater=st.sampled_from(RATERS), pair=st.sampled_from([(ANNA, BERT), (BERT, CLEO)]))
    def adjudicate(self, rater: str, pair: tuple[str, str]) -> None:
        out = self.new_place()
        try:
            deal_adjudication(self.study, rater, 1, out, raters=pair)
        except InputError:
            assert not out.exists()
            return
        assert rater not in pair and (rater, 1) not in self.kits and rater not in self.lost
        kits = {kit.rater: kit for kit in self.study.kits() if kit.session == 1}
        assert all(kits[name].collected == kits[name].cases for name in pair)
        self.kits[rater, 1] = out
        self.done["adjudications dealt"] += 1
        self.adjudications.add((rater, 1))
        if self.coordinators.set_by_days > 0:
            self.dealt_ahead.add((rater, 1))

    @rule()
    def back_up(self) -> None:
        made = back_up(self.study, "demand")
        self.kept = Kept(
            made.path, frozenset(self.kits), frozenset(self.handed_in),
            frozenset(self.guesses_in), self.wrong_passwords,
        )  # fmt: skip

    @precondition(lambda self: self.kept)
    @rule(how=st.sampled_from(["restored", "damaged", "by hand"]))
    def put_back(self, how: str) -> None:
        """Go back to the backup: what was dealt, shown and done since stays done."""
        kept, file = self.kept, self.study.path / "study.sqlite"
        assert kept is not None
        self.study.close()
        if how == "damaged":
            file.write_bytes(b"no study any more")
        if how == "by hand":
            shutil.copyfile(kept.path, file)
        else:
            restore(self.study.path, kept.path)
        self.study = Study.open(self.study.path)
        self.done["backups put back"] += 1
        gone = self.kits.keys() - kept.kits
        assert {kit.rater for kit in self.study.lost_kits()} == self.lost | {rater for rater, _ in gone}
        for key in gone:
            self.lost.add(key[0])
            del self.kits[key]
            for known in (self.overridden, self.adjudications, self.dealt_ahead, self.deceived, self.guessed):
                known.discard(key)
            for told in (self.worked, self.signed_in, self.resets, self.guesses_taken):
                told.pop(key, None)
        self.handed_in, self.guesses_in = set(kept.handed_in), set(kept.guesses_in)
        self.wrong_passwords = kept.wrong_passwords

    # a rater

    def opened(self, key: tuple[str, int]) -> Kit | None:
        """Open a kit as its rater; None where it refuses, which must be before the washout is over."""
        self.used = self.raters
        try:
            kit = Kit.open(self.kits[key])
        except InputError:
            self.done["kits refused at opening"] += 1
            assert self.sessions(key[0]) - {key}
            self.used = self.coordinators
            return None
        if key in self.dealt_ahead and self.raters.set_by_days > 0:
            self.deceived.add(key)
        if key not in self.overridden | self.deceived:
            self.check_washout(*key)
        return kit

    @precondition(lambda self: self.kits)
    @rule(data=st.data(), value=st.integers(1, 3), cases=st.integers(1, 4), kill=st.booleans())
    def read(self, data: st.DataObject, value: int, cases: int, kill: bool) -> None:
        """Read and sign some cases; then the program ends, or is killed with everything on disk."""
        key = data.draw(st.sampled_from(sorted(self.kits)))
        kit = self.opened(key)
        if kit is None:
            return
        for _ in range(cases):
            self.read_one(kit, key, value)
        if kill:
            copy = self.new_place()
            self.done["kills"] += 1
            shutil.copytree(kit.path, copy)
            self.kits[key] = copy
        kit.close()
        self.used = self.coordinators

    @precondition(lambda self: self.kits)
    @rule(data=st.data(), value=st.integers(1, 3))
    def finish(self, data: st.DataObject, value: int) -> None:
        self.hand_in(data.draw(st.sampled_from(sorted(self.kits))), value)

    def hand_in(self, key: tuple[str, int], value: int) -> None:
        """Read all that is left of a kit, and have it collected."""
        kit = self.opened(key)
        if kit is None:
            return
        while any(case.status == "open" and not case.closed for case in kit.cases()):
            self.read_one(kit, key, value)
        kit.close()
        self.used = self.coordinators
        assert self.take(key).unsigned == 0
        self.handed_in.add(key)

    @precondition(lambda self: self.again())
    @rule(
        data=st.data(),
        waited=st.sampled_from([0.0, 1.0, 27.0, 28.5]),
        ahead=st.sampled_from([0.0, 30.0]),
    )
    def read_again(self, data: st.DataObject, waited: float, ahead: float) -> None:
        """Hand in everything and begin the next session, on a clock that may be set forward for dealing it.

        The washout alone can then be in the way: at dealing, or at opening where the clock had lied.
        """
        rater = data.draw(st.sampled_from(self.again()))
        for key in sorted(self.sessions(rater) - self.handed_in):
            self.hand_in(key, RIGHT)
        Computer.passed_days += waited
        self.coordinators.restart()
        self.coordinators.set_by_days = ahead
        following = (rater, 1 + max(session for _, session in self.sessions(rater)))
        self.deal(*following, override=False)
        if following in self.kits and (kit := self.opened(following)):
            self.read_one(kit, following, RIGHT)
            kit.close()
            self.used = self.coordinators

    def read_one(self, kit: Kit, key: tuple[str, int], value: int) -> None:
        closed = [case.alias for case in kit.cases() if case.closed]
        for alias in closed[:1]:
            with pytest.raises(InputError):
                kit.record(alias, SetAnswer("margin", None, None, value))
        case = next((case for case in kit.cases() if case.status == "open" and not case.closed), None)
        if case is None:
            return
        alias, reading = case.alias, kit.reading(case.alias)
        if reading.step_index == 0:
            assert "r2star" not in kit.images(alias).volumes
            before = reading.answers.get(("margin", None))
            kit.record(alias, SetAnswer("margin", None, before, RIGHT if case.training else value))
            kit.lock_step(alias)
        assert "r2star" in kit.images(alias).volumes
        answers = dict(kit.reading(alias).answers)
        self.sign(kit, key, alias)
        self.done["readings signed"] += 1
        self.worked[key] = Computer.passed_days
        if not case.training:
            self.signed[alias] = answers
            self.signed_in.setdefault(key, set()).add(alias)
        with pytest.raises(InputError):
            self.sign(kit, key, alias)

    def sign(self, kit: Kit, key: tuple[str, int], alias: str) -> None:
        """Sign with the rater's password, another one after each reset; the one before it signs no more."""
        resets = self.resets.get(key, 0)
        passwords = [f"{RATERS_PASSWORD} {number}" for number in range(resets + 1)]
        if not kit.enrolled:
            assert (kit.retired is None) == (resets == 0)
            kit.enrol(passwords[-1], cost=CHEAP)
            for old in passwords[:-1][-1:]:
                with pytest.raises(InputError, match="not the password"):
                    kit.sign(alias, old)
        kit.sign(alias, passwords[-1])

    @precondition(lambda self: self.kits)
    @rule(
        data=st.data(),
        reason=st.sampled_from(["", "forgotten"]),
        password=st.sampled_from([PASSWORD, "a guess"]),
    )
    def reset(self, data: st.DataObject, reason: str, password: str) -> None:
        """A rater has forgotten the password: nobody is at the kit until another one is chosen."""
        key = data.draw(st.sampled_from(sorted(self.kits)))
        with Kit.open(self.kits[key], to_read=False) as kit:
            before, enrolled = kit.audit_records(), kit.enrolled
            try:
                reset_kit(self.study, kit, reason, password)
            except InputError:
                assert not reason or not enrolled or password != PASSWORD or self.wrong_passwords >= 3
                self.wrong_passwords += bool(reason and enrolled)
                assert (kit.audit_records(), kit.enrolled) == (before, enrolled)
                return
            assert reason and enrolled and password == PASSWORD
            self.done["passwords reset"] += 1
            self.wrong_passwords, self.resets[key] = 0, self.resets.get(key, 0) + 1
            assert not kit.enrolled and kit.retired is not None and kit.retired.reason == reason
            assert kit.audit_records()[:-1] == before
            with pytest.raises(InputError, match="until its rater has chosen another"):
                raters_trail(kit, f"{RATERS_PASSWORD} {self.resets[key] - 1}")

    @precondition(lambda self: self.kits)
    @rule(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Answer and lock one case, and leave it so."""
        key = data.draw(st.sampled_from(sorted(self.kits)))
        kit = self.opened(key)
        if kit is None:
            return
        case = next((case for case in kit.cases() if case.status == "open" and not case.closed), None)
        if case is not None and case.step_index == 0 and not case.begun:
            kit.record(case.alias, SetAnswer("margin", None, None, RIGHT))
            kit.lock_step(case.alias)
            self.worked[key] = Computer.passed_days
        kit.close()
        self.used = self.coordinators

    @precondition(lambda self: self.kits)
    @rule(data=st.data(), choice=st.sampled_from(["a", "b", None]))
    def guess(self, data: st.DataObject, choice: str | None) -> None:
        key = data.draw(st.sampled_from(sorted(self.kits)))
        kit = self.opened(key)
        if kit is None:
            return
        cases = [case for case in kit.cases() if not case.training]
        due = all(case.status == "signed" for case in cases) and not kit.guesses()
        assert kit.guesses_due() == due
        try:
            kit.guess({case.alias: {"group": choice} for case in cases})
            assert due
            self.guessed.add(key)
            self.done["guesses"] += 1
        except InputError:
            assert not due
        kit.close()
        self.used = self.coordinators

    # time

    @rule(days=st.sampled_from([0.01, 1.0, 10.0, 29.0]))
    def wait(self, days: float) -> None:
        Computer.passed_days += days

    @rule(days=st.sampled_from([1.0, 30.0, 400.0]), restart=st.booleans())
    def set_coordinators_clock(self, days: float, restart: bool) -> None:
        if restart:
            self.coordinators.restart()
        self.coordinators.set_by_days = days

    @rule()
    def mend_coordinators_clock(self) -> None:
        self.coordinators.set_by_days = 0.0

    @rule(days=st.sampled_from([0.0, 30.0]))
    def set_raters_clock(self, days: float) -> None:
        self.raters.set_by_days = days

    # what always holds

    def news(self, what: str, database: Path) -> bool:
        """Whether a file, or what the model knows, is another than when the invariant held last."""
        files = [database, database.with_name(f"{database.name}-wal")]
        held = hashlib.sha256(b"".join(path.read_bytes() for path in files if path.exists()))
        model = (self.signed, self.key_shown, sorted(self.guesses_taken.items()))
        known = (self.before_key, self.guesses_in, self.adjudications, self.overridden, self.deceived)
        held.update(repr((*model, *map(sorted, known))).encode())
        before = self.looked_at.get(what)
        self.looked_at[what] = held.hexdigest()
        return self.looked_at[what] != before

    @invariant()
    def no_signed_reading_changes_or_is_lost(self) -> None:
        if not self.news("readings", self.study.path / "study.sqlite"):
            return
        for reading in self.study.signed_readings():
            assert dict(reading.answers) == self.signed[reading.alias]
            assert reading.after_key == (self.key_shown and reading.alias not in self.before_key)
            key = (reading.rater, reading.session)
            assert reading.guess_after_key == (key in self.guesses_in and self.guesses_taken[key])
            assert reading.adjudicates == (key in self.adjudications)
            assert reading.subject != SUBJECTS[2]
        collected = sum(kit.collected for kit in self.study.kits())
        assert collected == len(self.study.signed_readings())

    @invariant()
    def every_alias_is_once_and_no_kit_tells_of_another(self) -> None:
        entries = self.study.key_entries()
        assert len({entry.alias for entry in entries}) == len(entries)

    @invariant()
    def kits_tell_nothing_and_their_histories_hold(self) -> None:
        for (rater, _), path in list(self.kits.items())[-1:]:
            if not self.news(str(path), path / "kit.sqlite"):
                continue
            with Kit.open(path, to_read=False) as kit:
                kit.verify()
            connection = sqlite3.connect(f"file:{path / 'kit.sqlite'}?mode=ro", uri=True)
            steps = dict(connection.execute("SELECT alias, step_index FROM cases").fetchall())
            signed = {a for (a,) in connection.execute("SELECT alias FROM cases WHERE status = 'signed'")}
            for alias, step in connection.execute("SELECT alias, step_index FROM released"):
                assert step <= steps[alias] or alias in signed
            connection.close()
            held = (path / "kit.sqlite").read_bytes()
            others = [name for name in RATERS if name != rater]
            assert not [name for name in (*others, *SUBJECTS) if name.encode() in held]

    @invariant()
    def the_studys_own_history_holds(self) -> None:
        if not self.news("history", self.study.path / "study.sqlite"):
            return
        self.study.verify()
        for facts in session_facts(self.study):
            key = (facts.rater, facts.session)
            if facts.interval_days is not None and key not in self.overridden | self.deceived:
                assert facts.interval_days >= WASHOUT - 0.1 or facts.clock or self.coordinators.starts[1:]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_study(tmp_path_factory.mktemp("states"))


def run(template: Path, examples: int, steps: int) -> None:
    Blinding.template = template
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    run_state_machine_as_test(
        Blinding,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=checks
        ),
    )


def test_no_order_of_doings_breaks_a_rule(template: Path) -> None:
    run(template, 3, 16)


@pytest.mark.soak
def test_no_order_of_doings_breaks_a_rule_in_2000_runs_of_50_steps(template: Path) -> None:
    run(template, int(os.environ.get("FERROREAD_STATE_RUNS", "2000")), 50)
