"""Nothing cut off, nothing overlapping, everything named, and no word of who or what is read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollBar,
    QToolButton,
    QWidget,
)

from app.language import LANGUAGES, speak
from app.theme import dress
from tests.app.reading.conftest import kept_busy, opened
from tests.app.reading.hand import Hand
from widgets.answer_form import AnswerForm
from widgets.parts import YieldingLabel
from widgets.slice_view import SliceView

# 1366 x 768, and 2560 x 1440 at scale 2 less the bars of a desktop
SIZES = (QSize(1366, 700), QSize(1280, 660), QSize(1180, 640))


def visible(window: QWidget, *kinds: type) -> list[QWidget]:
    return [child for kind in kinds for child in window.findChildren(kind) if child.isVisible()]


def in_form(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, AnswerForm):
            return True
        parent = parent.parentWidget()
    return False


def cut(label: QLabel) -> bool:
    room = label.contentsRect()
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return QFontMetrics(label.font()).horizontalAdvance(label.text()) > room.width() + 1


def too_small(widget: QWidget) -> bool:
    needed = widget.minimumSizeHint()
    return widget.width() < needed.width() or widget.height() < needed.height()


@pytest.fixture(scope="module", params=LANGUAGES)
def standing(
    request: pytest.FixtureRequest, qapp, lasting_qtbot, dealt_kit: Path, tmp_path_factory
) -> Iterator[tuple[str, Hand]]:
    """A language, and a busy window that speaks it: for tests that look and change nothing but its size."""
    if not qapp.styleSheet():
        dress(qapp)
    speak(qapp, request.param)
    kit = shutil.copytree(dealt_kit, tmp_path_factory.mktemp("standing") / "A.kit")
    with opened(lasting_qtbot, kit) as window:
        yield request.param, kept_busy(lasting_qtbot, window)
    speak(qapp, "en")


@pytest.fixture
def shown(standing: tuple[str, Hand], qapp) -> Iterator[Hand]:
    """The window that stands, while its language is spoken."""
    language, hand = standing
    speak(qapp, language)
    yield hand
    speak(qapp, "en")


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def test_no_text_is_cut_and_no_control_overlaps(shown, qtbot, size):
    window = shown.window
    window.resize(size)
    qtbot.waitUntil(lambda: window.size() == size)
    # the hint gives way where room is short; that it has it elsewhere is asked in test_languages
    labels = [label for label in visible(window, QLabel) if not isinstance(label, YieldingLabel)]
    qtbot.waitUntil(lambda: not [label.text() for label in labels if cut(label)])
    buttons = visible(window, QPushButton, QToolButton, QComboBox, QLineEdit, QAbstractSlider, SliceView)
    buttons = [button for button in buttons if not isinstance(button, QScrollBar) and not in_form(button)]
    qtbot.waitUntil(lambda: not [button.objectName() for button in buttons if too_small(button)])
    placed = [
        (button, QRect(button.mapTo(window, button.rect().topLeft()), button.size())) for button in buttons
    ]
    for (one, here), (other, there) in combinations(placed, 2):
        assert not here.intersects(there), (one.objectName(), other.objectName())
        assert window.rect().contains(here), one.objectName()


def test_a_long_line_of_contrast_leaves_plot_and_histogram_their_place(shown, qtbot):
    window, line = shown.window, shown.child("number-cnr", QLabel)
    window.resize(1366, 768)
    # recorded in the middle echo, shown in another
    assert line.text().count(" ms") == 2 and line.toolTip().startswith(line.text())
    qtbot.waitUntil(lambda: window.decay_plot.isVisible() and window.histogram.isVisible())
    assert cut(line) and line.geometry().right() < window.decay_plot.geometry().left()


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_the_window_can_be_as_small_as_its_smallest_screen(language, window):
    assert window.minimumSizeHint().width() <= 1180
    assert window.minimumSizeHint().height() <= 640


def test_the_views_have_most_of_the_window(window):
    area = sum(view.width() * view.height() for view in window.views.views)
    assert area > 0.4 * window.width() * window.height()


def test_pictures_do_not_move_while_one_works(busy, qtbot):
    before = busy.right.geometry()
    busy.window.say("A long message that says what is wrong, where, and what to do about it. " * 3)
    busy.key("p")
    busy.hover_at((0.0, 0.0, 0.5))
    busy.choose("clear_region")
    assert busy.right.geometry() == before


def test_every_control_has_a_name_for_screen_readers_and_scripts(shown):
    for child in visible(
        shown.window, QAbstractButton, QComboBox, QLineEdit, QAbstractSlider, QListView, SliceView
    ):
        if isinstance(child, QScrollBar):
            continue
        assert child.accessibleName(), child
        assert child.objectName(), child


def test_names_of_objects_are_unique(shown):
    names = [
        child.objectName()
        for child in visible(shown.window, QPushButton, QToolButton, QComboBox, QLineEdit, SliceView)
        # the line within a field of numbers, which Qt names
        if not child.objectName().startswith("qt_")
    ]
    assert len(names) == len(set(names))


def test_no_word_of_the_study_the_rater_or_the_place_is_shown(shown):
    window = shown.window
    shown = [window.windowTitle()]
    for child in window.findChildren(QWidget):
        shown += [child.toolTip(), child.accessibleName(), child.accessibleDescription(), child.windowTitle()]
        for how in ("text", "placeholderText", "title"):
            value = child.property(how)
            shown += [value] if isinstance(value, str) else []
    shown += [action.text() for action in window.actions_by_name.values()]
    whole = "\n".join(shown).lower()
    for word in ("mouse-", "mnp", "24 h", "iron in mice", "rater a", str(window.kit.path).lower(), "a.kit"):
        assert word not in whole


def test_buttons_tell_what_is_chosen(busy):
    busy.key("p")
    assert busy.child("tool_polygon").isChecked()
    assert not busy.child("tool_brush").isChecked()
    busy.press("tool_brush")
    assert busy.window.tools.tool == "brush"
    busy.press("tool_noise")
    assert busy.window.tools.regions.kind == "noise"
    assert busy.child("tool_noise").isChecked()
