"""The panel of the trial fit: what it says when it is used by hand."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.widgets.hands import drag
from widgets.trial_panel import TrialChoice, TrialPanel

TE_MS = (2.5, 5.0, 7.5, 10.0, 14.0, 18.0)
METHODS = (("auto", "Automatic"), ("nlls", "Least squares"))


@pytest.fixture
def panel(qtbot) -> TrialPanel:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 500)
    over = QWidget(window)
    over.setGeometry(100, 50, 400, 400)
    made = TrialPanel(window, over)
    window.show()
    made.open(METHODS, TE_MS, TrialChoice("auto", 0, 5, True))
    # the panel dies with its window
    made.kept, made.below = window, over
    return made


def test_opening_says_nothing_and_shows_the_choice(panel, qtbot):
    with qtbot.assertNotEmitted(panel.choice_changed):
        panel.open(METHODS, TE_MS, TrialChoice("nlls", 1, 3, False))
    assert panel.choice == TrialChoice("nlls", 1, 3, False)
    assert (panel.first_text.text(), panel.last_text.text()) == ("2: 5 ms", "4: 10 ms")


@pytest.mark.parametrize("size", [(400, 400), (380, 232)])
def test_it_lies_over_its_picture_and_over_nothing_else(panel, size):
    panel.below.resize(*size)
    assert panel.below.geometry().contains(panel.geometry())
    panel.say("The first time this method is used it is prepared, which takes some seconds", warning=True)
    assert panel.note.heightForWidth(panel.note.width()) <= panel.note.height()


def test_every_change_is_told_with_the_whole_choice(panel):
    told = []
    panel.choice_changed.connect(told.append)
    panel.method.setCurrentIndex(1)
    panel.last.setValue(3)
    panel.masked.click()
    assert told == [
        TrialChoice("nlls", 0, 5, True), TrialChoice("nlls", 0, 3, True), TrialChoice("nlls", 0, 3, False)
    ]  # fmt: skip


def test_two_echoes_are_the_least_and_the_other_end_gives_way(panel):
    panel.last.setValue(3)
    panel.first.setValue(5)
    assert (panel.choice.first, panel.choice.last) == (4, 5)
    panel.last.setValue(2)
    assert (panel.choice.first, panel.choice.last) == (1, 2)
    panel.last.setValue(0)
    assert (panel.choice.first, panel.choice.last) == (0, 1)
    assert panel.last_text.text() == "2: 5 ms"


def test_arrow_keys_belong_to_the_echo_limit_that_has_the_focus(panel):
    pressed = []
    QShortcut(QKeySequence(Qt.Key.Key_Left), panel.window(), lambda: pressed.append("window"))
    panel.window().activateWindow()
    panel.last.setFocus()
    QTest.keyClick(panel.last, Qt.Key.Key_Left)
    assert panel.last.value() == 4 and pressed == []


def test_the_panel_is_dragged_out_of_the_way_and_stays_inside(panel):
    assert (panel.x(), panel.y()) == (106, 56)
    drag(panel, [QPointF(4, 4), QPointF(64, 44)])
    assert (panel.x(), panel.y()) == (166, 96)
    drag(panel, [QPointF(4, 4), QPointF(5000, 5000)])
    assert panel.window().rect().contains(panel.geometry())


def test_the_way_back_is_one_click(panel, qtbot):
    with qtbot.waitSignal(panel.left):
        QTest.mouseClick(panel.back, Qt.MouseButton.LeftButton)


def test_a_long_message_is_not_cut(panel):
    panel.say(
        "ARLO needs three echoes or more; choose another method. The study's map is shown", warning=True
    )
    assert panel.note.heightForWidth(panel.note.width()) <= panel.note.height()
