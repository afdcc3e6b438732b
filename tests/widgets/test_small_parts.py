from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QVBoxLayout, QWidget

from tests.widgets.hands import LEFT
from widgets.colour_bar import ColourBar, round_ticks
from widgets.finish_panel import Finish, FinishPanel
from widgets.message_bar import MessageBar
from widgets.parts import YieldingLabel
from widgets.slice_painter import short


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e4), st.integers(2, 12))
def test_ticks_are_few_round_and_inside(low, size, most):
    high = low + size
    ticks = round_ticks(low, high, most)
    assert len(ticks) <= most + 1
    assert all(low - 1e-6 * size <= tick <= high + 1e-6 * size for tick in ticks)
    if len(ticks) > 2:
        steps = np.diff(ticks)
        assert np.allclose(steps, steps[0])
        assert f"{steps[0]:e}"[0] in "125"


def test_no_range_has_no_ticks():
    assert round_ticks(1.0, 1.0, 5) == []
    assert round_ticks(2.0, float("nan"), 5) == []


def type_into(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def test_the_ends_of_a_colour_bar_can_be_typed(qtbot):
    bar = ColourBar()
    qtbot.addWidget(bar)
    bar.resize(72, 300)
    bar.show_map("R2*", "1/s", "ember", 0.0, 300.0)
    bar.show()
    with qtbot.waitSignal(bar.range_changed) as said:
        type_into(qtbot, bar.high, "150,5")
    assert said.args == [0.0, 150.5]
    with qtbot.assertNotEmitted(bar.range_changed):
        type_into(qtbot, bar.low, "900")
        type_into(qtbot, bar.low, "much")
    assert bar.low.text() == "0"


@pytest.fixture
def panel(qtbot):
    made = FinishPanel()
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show()
    return made


def test_what_is_missing_is_said_and_nothing_happens(panel, qtbot):
    panel.set_finish(Finish("Sign case", "Sure?", ("the tumour region is not drawn",), "", "Sign"))
    with qtbot.assertNotEmitted(panel.requested), qtbot.waitSignal(panel.refused):
        qtbot.mouseClick(panel.button, LEFT)
    assert "tumour region" in panel.reason.text()


def test_what_cannot_be_undone_is_asked_once_more(panel, qtbot):
    panel.set_finish(
        Finish("Sign case", "A signed case cannot be changed.", (), "Everything is there.", "Sign")
    )
    with qtbot.assertNotEmitted(panel.requested):
        qtbot.mouseClick(panel.button, LEFT)
    assert panel.reason.text() == "A signed case cannot be changed."
    assert not panel.button.isVisible()
    qtbot.mouseClick(panel.back, LEFT)
    assert panel.button.isVisible()
    qtbot.mouseClick(panel.button, LEFT)
    with qtbot.waitSignal(panel.requested):
        qtbot.mouseClick(panel.confirm, LEFT)


def test_a_change_takes_the_open_question_back(panel, qtbot):
    panel.set_finish(Finish("Sign case", "Sure?", (), "", "Sign"))
    qtbot.mouseClick(panel.button, LEFT)
    panel.set_finish(Finish("Sign case", "Sure?", ("an answer",), "", "Sign"))
    assert panel.button.isVisible()
    assert not panel.confirm.isVisible()


def test_long_lists_of_what_is_missing_are_cut_with_their_number(panel):
    panel.set_finish(Finish("Sign", "", tuple(f"thing {k}" for k in range(9)), ""))
    assert "thing 2" in panel.reason.text()
    assert "thing 3" not in panel.reason.text()
    assert "and 6 more" in panel.reason.text()


def test_a_message_is_shown_whole_and_what_stands_above_gives_way(qtbot):
    ground, list_, bar = QWidget(), QListWidget(), MessageBar()
    qtbot.addWidget(ground)
    column = QVBoxLayout(ground)
    column.addWidget(list_, 1)
    column.addWidget(bar)
    ground.resize(300, 400)
    ground.show()
    assert not bar.isVisible()
    bar.say("The disk is full; free some room and try again. " * 4)
    qtbot.waitUntil(lambda: bar.text.height() >= bar.text.heightForWidth(bar.text.width()))
    assert bar.isVisible() and not bar.geometry().intersects(list_.geometry())
    qtbot.mouseClick(bar.dismiss, LEFT)
    assert not bar.isVisible() and not bar.text.text()


def test_a_finish_without_anything_to_do_shows_no_button(panel):
    panel.set_finish(Finish("", "", (), "All cases are signed.", good=True))
    assert not panel.button.isVisible() and panel.reason.text() == "All cases are signed."
    panel.set_finish(Finish("Sign case", "Sure?", (), "", "Sign"))
    assert panel.button.isVisible()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1234.5, "1234"), (-56.78, "-56.8"), (0.012345, "0.0123"), (7.891, "7.89")],
)
def test_numbers_are_short(value, text):
    assert short(value) == text


def test_a_text_gives_way_to_its_neighbour_and_is_told_whole_by_its_tip(qtbot):
    row = QWidget()
    qtbot.addWidget(row)
    line = QHBoxLayout(row)
    yielding, neighbour = YieldingLabel(), QLabel("seen whole, whatever else is said")
    line.addWidget(yielding, 1)
    line.addWidget(neighbour)
    yielding.setText("what one may also do with the tool that is chosen")
    row.resize(neighbour.sizeHint().width() + 120, 30)
    row.show()
    qtbot.waitUntil(lambda: yielding.toolTip() == yielding.text())
    assert neighbour.width() >= neighbour.minimumSizeHint().width()
    row.resize(row.width() + yielding.sizeHint().width(), 30)
    qtbot.waitUntil(lambda: yielding.toolTip() == "")
