"""Training comes first and tells what was expected; the study's cases open when it is passed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError, StoreError
from core.reading.conduct import Training
from core.reading.edits import AddMark, SetAnswer
from core.reading.protocol import Protocol, ProtocolError, parse_protocol
from core.reading.reading import Mark
from core.reading.roi_edits import EditRoi
from core.reading.training import Feedback, training_state
from core.study.audit import START, canonical, digest
from core.study.collecting import collect
from core.study.dealing import Deal, deal_kit
from core.study.kit import Kit
from core.study.sealing import feedback_about, seal
from core.study.store import Study
from core.study.training_set import (
    TrainingAnswer,
    expected_of,
    set_training,
    training_results,
    training_scans,
)
from tests.core.study.conftest import SHAPE, read_case, scan_images
from tests.core.study.test_dealing import everything_in
from tests.core.study.test_kit import without_triggers
from tests.signing import RATERS_PASSWORD, sign_as_rater

TOLD = "The border is sharp all around: excellent."


@pytest.fixture(scope="module")
def trained(protocol: Protocol) -> Protocol:
    return parse_protocol(protocol.text + "\ntraining: {pass: 0.7, rounds: 2}\n", "test")


@pytest.fixture(scope="module")
def made(trained: Protocol, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Deal]:
    """A study of four scans to read and two for training, and a kit of it."""
    folder = tmp_path_factory.mktemp("training")
    with Study.create(folder / "study", "Iron in mice") as study:
        for subject in ("mouse-1", "mouse-2", "trainer"):
            for visit in ("baseline", "24 h"):
                images = scan_images(len(subject + visit), (31.0, -17.0, 400.0))
                study.add_scan(subject, "vehicle", visit, images)
        set_training(
            study,
            ["trainer"],
            [TrainingAnswer("trainer", "margin_conspicuity", 5, tolerance=1, text=TOLD)],
        )
        deal = deal_kit(study, "Ann", 1, trained, folder / "ann.kit", seed="5")
    return folder, deal


@pytest.fixture
def study(made: tuple[Path, Deal], tmp_path: Path) -> Iterator[Study]:
    shutil.copytree(made[0] / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as opened:
        yield opened


@pytest.fixture
def kit_path(made: tuple[Path, Deal], tmp_path: Path) -> Path:
    return shutil.copytree(made[0] / "ann.kit", tmp_path / "ann.kit")


def read(kit: Kit, alias: str, margin: int) -> None:
    """Sign a case with this answer to what training expects, and no finding."""
    kit.record(alias, SetAnswer("margin_conspicuity", None, None, margin))
    kit.lock_step(alias)
    for number, kind in enumerate(("tumour", "reference", "noise")):
        mask = np.zeros(SHAPE, bool)
        mask[1, 2 + 3 * number : 4 + 3 * number, 3:7] = True
        kit.record(alias, EditRoi.between(f"{number}" * 32, kind, None, mask))
    sign_as_rater(kit, alias)


def open_cases(kit: Kit) -> list[str]:
    return [case.alias for case in kit.cases() if case.status == "open" and not case.closed]


def test_training_comes_first_and_keeps_the_study_closed(made: tuple[Path, Deal], kit_path: Path) -> None:
    assert (made[1].cases, made[1].training) == (4, 4)
    with Kit.open(kit_path) as kit:
        cases = kit.cases()
        assert [case.training for case in cases] == [True, True, False, False, False, False]
        assert [case.closed for case in cases] == [False, False, True, True, True, True]
        state = kit.training()
        assert state is not None and (state.round, state.rounds, state.passed) == (1, 2, False)
        closed = cases[-1].alias
        attempts = (
            lambda: kit.images(closed),
            lambda: kit.reading(closed),
            lambda: kit.image_bytes(closed),
            lambda: kit.record(closed, SetAnswer("margin_conspicuity", None, None, 3)),
            lambda: kit.lock_step(closed),
            lambda: kit.sign(closed, RATERS_PASSWORD),
        )
        for attempt in attempts:
            with pytest.raises(InputError, match=f"case {closed} opens when the training is passed"):
                attempt()
        assert len(kit.audit_records()) == 1


def test_an_expected_answer_that_is_none_is_damage(
    made: tuple[Path, Deal], trained: Protocol, tmp_path: Path
) -> None:
    path = shutil.copytree(made[0] / "study", tmp_path / "study")
    with closing(sqlite3.connect(path / "study.sqlite", isolation_level=None)) as connection:
        connection.execute("UPDATE training_answers SET value = '['")
    with Study.open(path) as study:
        for scan in training_scans(study):
            with pytest.raises(StoreError, match="an answer expected of trainer is damaged"):
                expected_of(study, scan, trained)


def test_what_a_training_case_expects_that_is_gone_is_damage(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        read(kit, alias := kit.cases()[0].alias, 4)
    without_triggers(kit_path, "DELETE FROM training")
    with pytest.raises(StoreError, match=f"what case {alias} expects is damaged"):
        Kit.open(kit_path)


def test_a_forged_deal_without_the_seal_of_what_is_expected_is_damage(kit_path: Path) -> None:
    """Record and hash tell the same as the tables: the study alone would know it."""
    without_triggers(kit_path, "DELETE FROM seals WHERE alias IN (SELECT alias FROM training)")
    with closing(sqlite3.connect(kit_path / "kit.sqlite", isolation_level=None)) as connection:
        practice = {row[0] for row in connection.execute("SELECT alias FROM training")}
        values = json.loads(connection.execute("SELECT content FROM audit").fetchone()[0])
        values["seals"] = [each for each in values["seals"] if each[0] not in practice]
        content = canonical(values)
        sha256 = digest(f"1\n{START}\n{content}")
        connection.execute("UPDATE audit SET content = ?, sha256 = ?", (content, sha256))
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="is damaged; ask the coordinator"):
        kit.verify()


def test_feedback_is_told_when_a_training_case_is_signed_and_not_before(kit_path: Path) -> None:
    held = everything_in(kit_path)
    assert TOLD.encode() not in held and b"margin_conspicuity" in held
    with Kit.open(kit_path) as kit:
        first, second = (case.alias for case in kit.cases()[:2])
        with pytest.raises(InputError, match="tells what was expected when it is signed"):
            kit.feedback(first)
        read(kit, first, 4)
        (told,) = kit.feedback(first)
        assert told == Feedback("Margin conspicuity of the tumour", "5 excellent", "4 good", True, TOLD)
        read(kit, second, 1)
        (told,) = kit.feedback(second)
        assert (told.given, told.met) == ("1 not visible", False)
        with pytest.raises(InputError, match="is not for training"):
            kit.feedback(kit.cases()[-1].alias)
        kit.verify()


def test_the_study_opens_when_training_is_passed(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        for alias in open_cases(kit):
            read(kit, alias, 5)
        state = kit.training()
        assert state is not None and (state.met, state.total, state.passed) == (2, 2, True)
        assert len(open_cases(kit)) == 4 and len(kit.cases()) == 6  # the second round is not needed
        read_case(kit, open_cases(kit)[0])
        kit.verify()
    found = collect(study, kit_path)
    assert (found.taken, found.unsigned, found.training) == (1, 3, 2)
    readings = study.signed_readings()
    assert len(readings) == 1 and readings[0].subject != "trainer"
    assert [(kit.cases, kit.collected) for kit in study.kits()] == [(4, 1)]
    results = training_results(study)
    assert [(each.round, each.subject, each.met, each.total) for each in results] == [
        (1, "trainer", 1, 1)
    ] * 2
    assert {scan.subject for scan in study.data().scans} == {"mouse-1", "mouse-2"}
    assert study.data().training == results
    assert collect(study, kit_path).taken == 0


def test_who_fails_a_round_trains_again_under_new_aliases_and_then_asks(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        first = open_cases(kit)
        for alias in first:
            read(kit, alias, 1)
        second = open_cases(kit)
        assert len(second) == 2 and not set(first) & set(second)
        assert kit.training().round == 2
        for alias in second:
            read(kit, alias, 2)
        state = kit.training()
        assert state is not None and state.failed and not state.passed and open_cases(kit) == []
        with pytest.raises(InputError, match="the training was not passed, so no case is opened; ask"):
            kit.images(kit.cases()[-1].alias)
        kit.verify()


def test_a_second_round_that_is_passed_opens_the_study(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        for margin in (1, 5):
            for alias in open_cases(kit):
                read(kit, alias, margin)
        assert len(open_cases(kit)) == 4


def test_a_history_that_reads_before_training_does_not_hold(study: Study, kit_path: Path) -> None:
    """Somebody makes training cases of the study's by hand, reads, and puts it back."""
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    rounds = connection.execute("SELECT alias, training_round FROM cases").fetchall()
    connection.close()
    without_triggers(kit_path, "UPDATE cases SET training_round = 0")
    with Kit.open(kit_path) as kit:
        alias = next(alias for alias, number in rounds if number == 0)
        kit.record(alias, SetAnswer("margin_conspicuity", None, None, 3))
    without_triggers(
        kit_path, *(f"UPDATE cases SET training_round = {number} WHERE alias = '{a}'" for a, number in rounds)
    )
    with pytest.raises(StoreError, match=f"does not hold: case {alias} opens when the training is passed"):
        collect(study, kit_path)


def test_findings_are_expected_where_the_reference_has_them(trained: Protocol, tmp_path: Path) -> None:
    from core.study.records import Target

    with Study.create(tmp_path / "s", "s") as study:
        for subject in ("m", "trainer"):
            study.add_scan(subject, "g", "v", scan_images(3))
        grid = study.images(study.scans()[1].scan_id).echoes.geometry
        at = tuple(float(v) for v in grid.to_mm((1, 5, 4)))
        study.set_targets([Target("trainer", "L1", "lesion", True, 1.0, at)])
        answers = [TrainingAnswer("trainer", "detection_confidence", 5, target="L1", text="A lesion.")]
        set_training(study, ["trainer"], answers)
        path = deal_kit(study, "Ann", 1, trained, tmp_path / "a.kit").path
    with Kit.open(path) as kit:
        alias = open_cases(kit)[0]
        place = np.asarray(kit.reading(alias).grid.to_mm((1, 5, 4)))
        near, far = (tuple((place + [away, 0, 0]).tolist()) for away in (1.5, 2.2))  # noqa: RUF005
        kit.record(alias, AddMark(Mark("f" * 32, "lesion", far)))
        kit.record(alias, AddMark(Mark("n" * 32, "lesion", near)))
        for mark, value in (("f" * 32, 1), ("n" * 32, 5)):
            kit.record(alias, SetAnswer("detection_confidence", mark, None, value))
        read(kit, alias, 3)
        found, asked = kit.feedback(alias)
    assert (found.expected, found.given, found.met) == ("lesion", "lesion 2", True)
    assert (asked.given, asked.met, asked.text) == ("5 definitely", True, "A lesion.")
    np.testing.assert_allclose(asked.position_mm, place, atol=1e-4)


@pytest.mark.parametrize(
    ("subjects", "answers", "fault"),
    [
        (["ghost"], [], "has no subject 'ghost'"),
        (["mouse-1"], [], "scans of mouse-1 were dealt to be read"),
        (["trainer"], [TrainingAnswer("mouse-1", "margin_conspicuity", 5)], "not among those for training"),
    ],
)
def test_training_that_cannot_be_is_refused(
    study: Study, subjects: list[str], answers: list[TrainingAnswer], fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        set_training(study, subjects, answers)
    assert study.training_subjects() == {"trainer"}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (TrainingAnswer("trainer", "margin_conspicuity", 9), "does not serve: .* answered with one of"),
        (TrainingAnswer("trainer", "colour", 1), "has no question 'colour'"),
        (TrainingAnswer("trainer", "node_pattern", 1), "name the target"),
        (TrainingAnswer("trainer", "node_pattern", 1, target="N9"), "has no node 'N9'"),
        (TrainingAnswer("trainer", "margin_conspicuity", 5, visit="48 h"), "nothing is expected of trainer"),
    ],
)
def test_what_cannot_be_expected_stops_the_deal(
    study: Study, trained: Protocol, tmp_path: Path, answer: TrainingAnswer, fault: str
) -> None:
    set_training(study, ["trainer"], [answer])
    with pytest.raises(InputError, match=fault):
        deal_kit(study, "Ben", 1, trained, tmp_path / "b.kit")
    assert not (tmp_path / "b.kit").exists()


def test_a_protocol_with_training_needs_scans_for_it(study: Study, trained: Protocol, tmp_path: Path) -> None:
    set_training(study, [], [])
    with pytest.raises(InputError, match="say whose they are with `study training`"):
        deal_kit(study, "Ben", 1, trained, tmp_path / "b.kit")


def test_rounds_are_passed_by_the_share_that_was_met() -> None:
    def told(*met: bool) -> tuple[Feedback, ...]:
        return tuple(Feedback("", "", "", each, "") for each in met)

    rule, rounds = Training(0.5, 2), {"a": 1, "b": 1, "c": 2, "d": 2}
    half = {"a": told(True, False), "b": told(True, False)}
    assert training_state(rule, rounds, half).passed
    less = {**half, "b": told(False, False)}
    state = training_state(rule, rounds, less)
    assert (state.round, state.met, state.total, state.passed, state.failed) == (2, 0, 0, False, False)
    failed = training_state(rule, rounds, {**less, "c": told(False), "d": told(False)})
    assert failed.failed and not failed.passed
    assert training_state(rule, {}, {}).passed


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("training: {pass: 1.2}", "'pass' should be a number from 0 to 1"),
        ("training: {rounds: 0}", "'rounds' should be 1 to 5"),
        ("training: {often: 3}", "'often' is not known here"),
        ("guess: {group: [vehicle]}", "needs two choices or more"),
        ("guess: {group: [a, a]}", "'a' stands twice"),
        ("guess: {species: [a, b]}", "'species' is not known here"),
        ("adjudication: {ordinal: 0}", "'ordinal' should be 1 or more"),
        ("adjudication: {dice: 2}", "'dice' should be a number from 0 to 1"),
        ("adjudication: {answers: maybe}", "should be one of hidden, shown"),
        ("field: yes", "should be one of hidden, shown"),
    ],
)
def test_a_conduct_that_cannot_be_is_named_with_its_line(protocol: Protocol, entry: str, fault: str) -> None:
    with pytest.raises(ProtocolError, match=fault) as caught:
        parse_protocol(f"{protocol.text}\n{entry}\n", "test")
    assert caught.value.line is not None and caught.value.line >= 1


def test_nothing_of_training_tells_who_was_scanned(kit_path: Path) -> None:
    held = everything_in(kit_path)
    assert b"trainer" not in held and json.dumps(TOLD).encode() not in held


def test_a_training_case_is_not_corrected(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read(kit, alias, 5)
        with pytest.raises(InputError, match="a training case is not corrected"):
            kit.correct(alias, "now I know", RATERS_PASSWORD)


def test_what_a_case_expects_and_is_no_expectation_is_told(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read(kit, alias, 5)
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    sql = "SELECT step_key FROM released WHERE alias = ? ORDER BY step_index DESC LIMIT 1"
    (key,) = connection.execute(sql, (alias,)).fetchone()
    connection.close()
    sealed = seal(b"7", key, feedback_about(alias)).hex()
    without_triggers(kit_path, f"UPDATE training SET sealed = x'{sealed}' WHERE alias = '{alias}'")
    with pytest.raises(StoreError, match=f"what case {alias} expects is damaged"):
        Kit.open(kit_path)
