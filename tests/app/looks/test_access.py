"""For those who listen, who use the keyboard alone, and who need contrast."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QScrollBar,
    QToolButton,
    QTreeView,
    QWidget,
)

from app.theme import colours
from tests.app.looks.conftest import THEMES, wear
from tests.app.reading.hand import SHIFT, Hand
from tests.conftest import PATIENCE_MS
from tests.widgets.hands import pixels
from widgets.answer_form import QuestionCard
from widgets.choice_row import ChoiceRow
from widgets.contrast import TEXT, contrast
from widgets.slice_view import SliceView
from widgets.volume_view import VolumeView

KINDS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox, QKeySequenceEdit, QLineEdit,
    QPlainTextEdit, QuestionCard, SliceView, VolumeView,
)  # fmt: skip


def controls(window: QWidget) -> Iterator[QWidget]:
    """What a person can use in a window, but for the insides of Qt's own widgets."""
    for child in window.findChildren(QWidget):
        if not isinstance(child, KINDS) or isinstance(child, QScrollBar) or not child.isVisible():
            continue
        inside = isinstance(child.parentWidget(), (QAbstractItemView, QComboBox, QKeySequenceEdit, QLineEdit))
        if not inside and not child.objectName().startswith("qt_") and child.window() is window:
            yield child


def spoken_name(widget: QWidget) -> str:
    """The name as a screen reader gets it; of a list Linux tells what is chosen in its place."""
    if isinstance(widget, QComboBox):
        return widget.accessibleName()
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def test_every_control_of_every_window_has_a_name_of_its_own(all_open):
    for title, window in all_open.items():
        named = Counter()
        for control in controls(window):
            name = spoken_name(control)
            # words for a person: no names of the program's own, no signs alone
            assert sum(letter.isalpha() for letter in name) >= 3 or "3D" in name, (
                title,
                control.objectName(),
            )
            assert "_" not in name and name != control.objectName(), (title, name)
            if not isinstance(control, (ChoiceRow, QuestionCard)):
                named[name] += 1
        assert not [name for name, count in named.items() if count > 1], title
        for action in (bar.menu() for bar in window.findChildren(QWidget) if isinstance(bar, QToolButton)):
            assert action is None or all(each.text() or each.isSeparator() for each in action.actions())


def activate(window: QWidget) -> None:
    """Bring a window to the front; of a dialog Qt's own waiting asks no more than that its owner is there."""
    window.activateWindow()
    for _ in range(PATIENCE_MS // 10):
        if QApplication.activeWindow() is window:
            return
        QTest.qWait(10)
    raise AssertionError(f"{window.objectName()} does not come to the front")


def walked(window: QWidget, first: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[QWidget]:
    """What has the focus in turn, until it comes back to where it began."""
    activate(window)
    first.setFocus()
    met = []
    for _ in range(300):
        met.append(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), key)
        if QApplication.focusWidget() is first:
            return met
    raise AssertionError("Tab does not come back: " + " ".join(each.objectName() for each in met))


def reached_by_tab(control: QWidget) -> bool:
    return control.isEnabled() and not isinstance(control, ChoiceRow) and control.focusPolicy() & 1 != 0


@pytest.mark.parametrize("title", ["reading", "settings", "start", "import", "study", "new study", "results"])
def test_tab_goes_through_every_enabled_control_and_comes_back(all_open, title):
    window = all_open[title]
    wanted = {each for each in controls(window) if each.isEnabled() and not isinstance(each, ChoiceRow)}
    # of tabs side by side the chosen one takes the focus; arrows go to the other
    wanted -= {each for each in wanted if isinstance(each, QAbstractButton) and each.group() is not None}
    # what the header of a file says is shown in a box that nobody can write in
    wanted -= {each for each in wanted if isinstance(each, QLineEdit) and each.isReadOnly()}
    # an unfolded question hands the keys to what is typed into
    wanted -= {each for each in wanted if isinstance(each, QuestionCard) and each.fields}
    met = walked(window, next(each for each in controls(window) if reached_by_tab(each)))
    assert not [each.objectName() for each in wanted - set(met)]
    assert len(met) == len(set(met))
    back = walked(window, met[0], Qt.Key.Key_Backtab)
    assert back[1:] == met[:0:-1]


def test_the_reading_window_is_walked_as_one_reads(all_open):
    window = all_open["reading"]
    met = walked(window, window.places.buttons["navigate"])
    regions = {
        "bar": lambda each: each.parentWidget() is window.places.buttons["keys"].parentWidget(),
        "lists": lambda each: (
            window.worklist.isAncestorOf(each) or each in (window.findings.list, window.region_list.tree)
        ),
        "options": window.options_strip.isAncestorOf,
        **{pane.objectName(): lambda each, pane=pane: pane.isAncestorOf(each) for pane in window.views.panes},
        "trial and colours": lambda each: (
            window.trial_panel.isAncestorOf(each) or window.colour_bar.isAncestorOf(each)
        ),
        "questions": window.form.isAncestorOf,
        "message": lambda each: each is window.messages.dismiss,
        "finish": window.finish.isAncestorOf,
    }
    order = [next(name for name, within in regions.items() if within(each)) for each in met]
    assert list(dict.fromkeys(order)) == list(regions)
    assert order == sorted(order, key=list(regions).index)
    for name in ("bar", "left", "right", "third", "fourth", "questions"):
        places = [
            each.mapTo(window, QPoint()) for each, where in zip(met, order, strict=True) if where == name
        ]
        lines = [(place.y() // 24, place.x()) for place in places]
        assert lines == sorted(lines), name


def test_focus_is_seen_on_every_control_in_both_themes(all_open, qapp):
    window = all_open["reading"]
    met = walked(window, window.places.buttons["navigate"])
    for name in THEMES:
        wear(qapp, name)
        for control in met:
            # a question unfolds with the first focus, so that without it comes after
            for card in window.form.cards.values():
                if card.isAncestorOf(control):
                    card.setFocus()
            control.setFocus()
            after = pixels(control).astype(int)
            met[0 if control is not met[0] else 1].setFocus()
            before = pixels(control).astype(int)
            changed = np.abs(after - before).max(axis=2) > 40
            # a ring of two pixels, or what amounts to one round the handle of a slider
            least = 60 if isinstance(control, QAbstractSlider) else control.width() + control.height()
            assert changed.sum() >= least, (name, control.objectName(), changed.sum())
            rows, columns = np.nonzero(changed)
            seen = max(
                contrast(QColor(*after[row, column]), QColor(*before[row, column]))
                for row, column in list(zip(rows, columns, strict=True))[:: max(1, len(rows) // 50)]
            )
            assert seen >= 3, (name, control.objectName(), seen)


def inked(widget: QWidget) -> list[str]:
    """The colours within a widget's border from the most frequent on, so large that strokes are full."""
    ratio, area = 4, widget.rect().adjusted(3, 3, -3, -3) if widget.height() > 24 else widget.rect()
    image = QImage(area.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    painter = QPainter(image)
    window = widget.window()
    # with what lies below it
    window.render(painter, QPoint(), area.translated(widget.mapTo(window, QPoint())))
    painter.end()
    flat = np.frombuffer(image.constBits(), np.uint32).reshape(-1) & np.uint32(0xFFFFFF)
    values, counts = np.unique(flat, return_counts=True)
    return [f"#{values[place]:06x}" for place in np.argsort(counts)[::-1]]


@pytest.mark.parametrize("name", THEMES)
def test_every_text_is_told_from_its_ground(all_open, qapp, name):
    wear(qapp, name)
    shades = {colour: use for use, colour in colours(name).items()}
    inks = {"text", "quiet", "accent", "warning", "good", "on_chosen", "on_main"}
    grounds = {"window", "panel", "raised", "hover", "chosen", "main"}
    used = Counter()
    for window in all_open.values():
        for part in window.findChildren(QWidget):
            if not isinstance(part, (QLabel, QAbstractButton, QComboBox, QCheckBox, QLineEdit)):
                continue
            if not part.isVisible() or not part.isEnabled() or part.window() is not window:
                continue
            if not (part.currentText() if isinstance(part, QComboBox) else part.text()).strip():
                continue
            found = [use for use in (shades.get(colour) for colour in inked(part)) if use]
            under = next((use for use in found if use in grounds), None)
            # white is also the cross on the button that clears a box
            written = inks if under == "main" else inks - {"on_main"}
            over = next((use for use in found if use in written and use != under), None)
            if under and over:
                used[over, under] += 1
    # what is most written is among them, or nothing was measured
    assert used["text", "panel"] > 10 and used["quiet", "panel"] and used["text", "raised"]
    poor = {
        pair: round(contrast(QColor(colours(name)[pair[0]]), QColor(colours(name)[pair[1]])), 2)
        for pair in used
    }
    assert min(poor.values()) >= TEXT, poor


def test_a_case_is_read_by_keyboard_alone(qtbot, whole_kit, tmp_path):
    import shutil

    from tests.app.reading.conftest import opened

    with opened(qtbot, shutil.copytree(whole_kit, tmp_path / "K.kit")) as window:
        hand = Hand(window)
        hand.key("l")
        window.right.view.setFocus()
        before = window.right.view.cursor_mm
        for _ in range(4):
            hand.key(Qt.Key.Key_Right, SHIFT)
        hand.key(Qt.Key.Key_Up, SHIFT)
        hand.key(Qt.Key.Key_Space)
        (mark,) = window.case.reading.marks.values()
        step = window.right.view.plane.pixel_mm
        assert mark.position_mm == pytest.approx(
            (before[0] + 4 * step[1], before[1] - step[0], before[2]), abs=1e-6
        )
        hand.key("5")
        # an outline, corner by corner
        hand.key("t")
        hand.key("p")
        for keys in ((Qt.Key.Key_Left, 5), (Qt.Key.Key_Up, 5), (Qt.Key.Key_Right, 5)):
            hand.key(Qt.Key.Key_Space)
            for _ in range(keys[1]):
                hand.key(keys[0], SHIFT)
        hand.key(Qt.Key.Key_Space)
        hand.key(Qt.Key.Key_Return)
        assert window.case.reading.roi("tumour").voxels > 9


def operated(control: QWidget) -> bool:
    """Use a control by keys, and tell whether it did something."""
    if isinstance(control, (QAbstractSlider, QDoubleSpinBox)):
        before = control.value()
        QTest.keyClick(control, Qt.Key.Key_Down if before == control.maximum() else Qt.Key.Key_Up)
        return control.value() != before
    if isinstance(control, QComboBox):
        before = control.currentIndex()
        QTest.keyClick(control, Qt.Key.Key_Up if before == control.count() - 1 else Qt.Key.Key_Down)
        return control.currentIndex() != before or control.count() == 1
    if isinstance(control, (QLineEdit, QPlainTextEdit)):
        QTest.keyClick(control, Qt.Key.Key_End)
        QTest.keyClicks(control, "0")
        text = control.text() if isinstance(control, QLineEdit) else control.toPlainText()
        return text.endswith("0")
    if isinstance(control, (QListView, QTreeView)):
        QTest.keyClick(control, Qt.Key.Key_Down)
        QTest.keyClick(control, Qt.Key.Key_Up)
        return control.currentIndex().isValid()
    if isinstance(control, QAbstractButton):
        pressed = []
        control.pressed.connect(lambda: pressed.append(control))
        QTest.keyPress(control, Qt.Key.Key_Space)
        return bool(pressed)
    return False


def test_every_control_is_used_by_keys(all_open):
    """Each kind by its own keys, with the focus on it; what opens another window or menu only begins to."""
    window = all_open["reading"]
    for control in walked(window, window.places.buttons["navigate"]):
        if not control.isVisible() or not control.isEnabled():
            continue  # put away or refused by what was used before
        control.setFocus()
        if isinstance(control, (SliceView, VolumeView, QuestionCard)):
            continue  # see the tests of reading, of 3D and of the form
        if isinstance(control, QToolButton) and control.menu() is not None:
            continue  # a menu would wait for its own keys
        assert operated(control), control.objectName()
