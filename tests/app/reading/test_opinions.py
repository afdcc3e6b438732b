"""The third rater is told what two have said: after a look of one's own, unnamed, and nobody else is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QLabel

from app.language import LANGUAGES
from core.reading.edits import AddMark, SetAnswer
from core.reading.protocol import parse_protocol
from core.reading.reading import Mark
from core.reading.roi_edits import EditRoi
from core.study.adjudicating import deal_adjudication
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.store import Study
from tests.app.reading.conftest import ECHO_GRID, LESION_MM, NODE_MM, opened, scan_images
from tests.app.reading.hand import Hand
from tests.app.reading.test_looks import cut
from tests.shown import texts
from tests.signing import sign_as_rater

PROTOCOL = """
id: third
version: "1"
title: A look of one's own first
steps:
  - {id: look, title: First look, shows: [anatomy, echoes]}
  - {id: maps, title: Look at the maps, shows: [anatomy, echoes, r2star]}
rois:
  - {kind: tumour, step: maps}
adjudication: {answers: ANSWERS, findings: true}
questions:
  - id: margin
    text: Margin conspicuity of the tumour
    scope: case
    step: look
    choices:
      - {value: 1, label: not visible, anchor: "None."}
      - {value: 2, label: poor, anchor: "Less than a quarter."}
      - {value: 4, label: good, anchor: "More than three quarters."}
  - id: necrosis
    text: Necrosis
    scope: case
    step: maps
    choices:
      - {value: 0, label: none seen, anchor: "None."}
      - {value: 1, label: some, anchor: "Some."}
  - id: sure
    text: Confidence that this is a lesion
    scope: lesion
    step: look
    choices:
      - {value: 1, label: unsure, anchor: "It may be a vessel."}
      - {value: 2, label: certain, anchor: "It is a lesion."}
"""
TWO = ("Annabel Eins", "Benedict Zwei")
# margin, necrosis, confidence in a lesion, slice from which the tumour is drawn, another lesion
SAID = {TWO[0]: (4, 0, 2, 0, False), TWO[1]: (2, 1, 1, 1, True)}


def read(kit: Kit, alias: str, said: tuple[int, int, int, int, bool]) -> None:
    margin, necrosis, sure, first, another = said
    kit.record(alias, SetAnswer("margin", None, None, margin))
    for mark, place in (("a" * 32, LESION_MM), ("b" * 32, NODE_MM))[: 1 + another]:
        kit.record(alias, AddMark(Mark(mark, "lesion", place)))
        kit.record(alias, SetAnswer("sure", mark, None, sure))
    kit.lock_step(alias)
    kit.record(alias, SetAnswer("necrosis", None, None, necrosis))
    mask = np.zeros(ECHO_GRID.shape, bool)
    mask[first : first + 2, 30:40, 30:40] = True
    kit.record(alias, EditRoi.between("c" * 32, "tumour", None, mask))
    sign_as_rater(kit, alias)


def deal_to_the_third(folder: Path, answers: str) -> Path:
    """Two raters differ in everything that two can differ in, of one case."""
    protocol = parse_protocol(PROTOCOL.replace("ANSWERS", answers), "the test's")
    with Study.create(folder / "study", "Iron in mice") as study:
        study.add_scan("mouse-0", "MNP", "24 h", scan_images(0), [("/scans/a.dcm", "0" * 64)])
        for rater, said in SAID.items():
            path = deal_kit(study, rater, 1, protocol, folder / f"{rater}.kit").path
            with Kit.open(path) as kit:
                read(kit, kit.cases()[0].alias, said)
            collect(study, path)
        return deal_adjudication(study, "Cleo", 1, folder / "third.kit", raters=TWO).path


@pytest.fixture(scope="module")
def dealt_third(tmp_path_factory) -> Path:
    return deal_to_the_third(tmp_path_factory.mktemp("shown"), "shown")


@pytest.fixture
def at_kit(qtbot, language: str, tmp_path: Path) -> Iterator[Callable[[Path], Hand]]:
    with ExitStack() as stack:
        yield lambda path: Hand(
            stack.enter_context(opened(qtbot, shutil.copytree(path, tmp_path / "read.kit")))
        )


def told(hand: Hand) -> dict[str, str]:
    """What is told of the two, by what it is about."""
    found: dict[str, str] = {}
    while hand.window.findChild(QLabel, f"opinion-{len(found)}-about") is not None:
        number = len(found)
        label = hand.child(f"opinion-{number}-said", QLabel)
        assert label.isVisible()
        found[hand.text(f"opinion-{number}-about")] = label.text()
    return found


def look_first(qtbot, hand: Hand) -> None:
    """Answer the first step, close it, and wait for what the second shows."""
    hand.key("2")
    hand.finish()
    qtbot.waitUntil(lambda: "r2star" in hand.window.case.images.volumes)


def test_two_answers_are_told_when_the_third_has_looked(qtbot, dealt_third, at_kit):
    hand = at_kit(dealt_third)
    panel = hand.child("opinions")
    assert not panel.isVisible() and told(hand) == {}
    hand.key("2")
    assert not panel.isVisible() and told(hand) == {}
    hand.finish()
    qtbot.waitUntil(panel.isVisible)
    said = told(hand)
    either = {
        tuple(sorted(text.removeprefix("One reader: ").split(" – another: "))) for text in said.values()
    }
    assert {("2 poor", "4 good"), ("0 none seen", "1 some")} <= either
    assert "1 some" in said["Necrosis"] and "4 good" in said["Margin conspicuity of the tumour"]
    assert said["Region: tumour"].endswith("Dice coefficient of 0.50")
    assert said["Lesion 2 as one reader counts"] == "Only one of two readers has marked it"
    described = panel.accessibleDescription()
    assert panel.accessibleName() == "What two readers said"
    assert all(f"{about}: {text}" in described for about, text in said.items())


def test_it_is_there_again_when_the_kit_is_opened_again_and_never_who_said_what(qtbot, dealt_third, at_kit):
    hand = at_kit(dealt_third)
    look_first(qtbot, hand)
    before, path = told(hand), hand.window.kit.path
    hand.window.close()
    with opened(qtbot, path) as window:
        assert told(Hand(window)) == before != {}
        everything = " ".join(text for _, text in texts(window))
    assert not [part for name in TWO for part in name.split() if part in everything]


def test_a_rule_that_hides_answers_shows_none(qtbot, tmp_path, at_kit):
    hand = at_kit(deal_to_the_third(tmp_path, "hidden"))
    look_first(qtbot, hand)
    assert not hand.child("opinions").isVisible() and told(hand) == {}


def test_a_usual_kit_tells_of_nobody(qtbot, read_by):
    hand = read_by(PROTOCOL.replace("ANSWERS", "shown"))
    look_first(qtbot, hand)
    assert not hand.child("opinions").isVisible() and told(hand) == {}


def test_tab_reaches_what_was_said_and_the_arrows_scroll_it(qtbot, dealt_third, at_kit):
    hand = at_kit(dealt_third)
    look_first(qtbot, hand)
    panel = hand.child("opinions")
    for _ in range(80):
        hand.key(Qt.Key.Key_Tab)
        if QApplication.focusWidget() is panel:
            break
    else:
        pytest.fail("Tab does not reach it")
    bar = panel.verticalScrollBar()
    assert bar.maximum() > 0
    before, question = bar.value(), hand.window.answers.current
    hand.key(Qt.Key.Key_Down)
    assert bar.value() > before and hand.window.answers.current == question
    hand.key("1")
    assert hand.window.case.reading.answers["necrosis", None] == 1


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_no_word_of_it_is_cut(qtbot, language, dealt_third, at_kit):
    hand = at_kit(dealt_third)
    look_first(qtbot, hand)
    panel, form = hand.child("opinions"), hand.child("answer_form")
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible()]
    assert len(labels) == 2 * len(told(hand)) > 0
    for size in (QSize(1366, 768), QSize(1280, 640)):
        hand.window.resize(size)
        qtbot.waitUntil(lambda size=size: hand.window.size() == size)
        qtbot.waitUntil(lambda: not [label.text() for label in labels if cut(label)])
        assert panel.horizontalScrollBar().maximum() == 0
        # what the two said stands there to be read, and the question that is open has more room
        assert panel.viewport().height() > labels[0].height() + labels[1].height()
        assert form.height() > panel.height()
