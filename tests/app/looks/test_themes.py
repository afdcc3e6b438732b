"""The themes: worn at once by all windows, kept, and pictures on black in both."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from app.reading.controls import ControlsDialog
from app.settings import Settings, load_settings, save_settings
from app.start_window import StartWindow
from app.startup import application
from app.theme import colours, dress, icon, still, theme
from tests.app.looks.conftest import THEMES, wear
from tests.app.looks.test_access import activate
from tests.app.reading.hand import Hand
from tests.widgets.hands import pixels
from widgets.contrast import contrast

RESOURCES = Path(__file__).parents[3] / "resources"


def ground(widget: QWidget) -> str:
    """The colour that a widget has most of."""
    shown = pixels(widget).reshape(-1, 3)
    values, counts = np.unique(shown, axis=0, return_counts=True)
    return QColor(*(int(part) for part in values[np.argmax(counts)])).name()


def inks(picture: QIcon, mode: QIcon.Mode, state: QIcon.State) -> set[str]:
    """The colours of an icon's full strokes."""
    image = picture.pixmap(20, mode, state).toImage()
    shades = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return {shade.name() for shade in shades if shade.alpha() == 255}


def test_a_key_changes_the_theme_of_every_window_at_once(reading, qtbot):
    start = StartWindow()
    qtbot.addWidget(start)
    start.show()
    hand, list_ = Hand(reading), reading.worklist.view
    for name in ("light", "dark"):
        hand.key(Qt.Key.Key_F9)
        shades = colours(name)
        assert theme() == name and reading.settings.theme == name
        assert ground(list_) == shades["panel"]
        assert ground(start) == shades["window"]
        assert ground(reading.menuBar()) == shades["window"]
        for window in (reading, start):
            assert window.actions_by_name["light_theme"].isChecked() == (name == "light")
        for action in (reading.actions_by_name["fit"], start.actions_by_name["open_kit"]):
            assert shades["text"] in inks(action.icon(), QIcon.Mode.Normal, QIcon.State.Off)
        assert shades["text"] in inks(start.kit_button.icon(), QIcon.Mode.Normal, QIcon.State.Off)
        for pane in reading.views.panes:
            assert shades["text"] in inks(pane.menu_button.icon(), QIcon.Mode.Normal, QIcon.State.Off)


def test_curves_and_what_is_said_of_them_can_be_read_in_both_themes(reading, qtbot):
    plot = reading.decay_plot
    reading.resize(1600, 900)
    qtbot.waitUntil(lambda: plot.plot is not None and len(plot.decays) == 2)
    for name in THEMES:
        wear(QApplication.instance(), name)
        ground_ = QColor(colours(name)["window"])
        assert ground(plot) == ground_.name()
        points, curve = plot._items["tumour"]
        for pen in (curve.opts["pen"], points.opts["pen"], plot.plot.getAxis("left").textPen()):
            assert contrast(pen.color(), ground_) >= 4.5
        for told in plot.told.values():
            assert contrast(told.palette().color(told.foregroundRole()), ground_) >= 4.5


def test_pictures_stay_on_true_black(reading):
    for name in THEMES:
        wear(QApplication.instance(), name)
        for view in reading.views.views:
            shown = pixels(view)
            # the corner of the margin, inside the frame that the focus has
            assert not shown[3:8, 3:6].any()
            assert (shown == 0).all(axis=2).mean() > 0.2


def test_the_theme_is_kept_and_worn_when_the_program_starts(qtbot, qapp):
    save_settings(Settings(brush_mm=2.5))
    start = StartWindow()
    qtbot.addWidget(start)
    start.show()
    start.actions_by_name["light_theme"].trigger()
    assert load_settings() == Settings(theme="light", brush_mm=2.5)
    qapp.setStyleSheet("")
    dress(qapp, "dark")
    qapp.setStyleSheet("")
    application()
    assert theme() == "light" and ground(start) == colours("light")["window"]


def test_theme_and_stillness_are_chosen_among_the_settings(reading):
    activate(reading)
    Hand(reading).key(Qt.Key.Key_F2)
    dialog = reading.findChild(ControlsDialog)
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    assert theme() == "light" and ground(dialog) == colours("light")["window"]
    dialog.still.click()
    assert still() and reading.settings.still and reading.settings.theme == "light"
    # chosen elsewhere, it is shown here
    reading.actions_by_name["light_theme"].trigger()
    assert dialog.theme.currentData() == "dark" and dialog.still.isChecked()


def test_nothing_moves_by_itself_where_that_is_wished(qapp, reading):
    box = reading.colour_bar.low
    assert qapp.cursorFlashTime() > 0
    dress(qapp, hold=True)
    assert qapp.cursorFlashTime() == 0
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    for widget in (box, reading.worklist.view, reading.menuBar(), reading.left.picture):
        assert widget.style().styleHint(hint, None, widget) == 0
    for effect in Qt.UIEffect:
        assert not QApplication.isEffectEnabled(effect)
    dress(qapp, hold=False)
    assert qapp.cursorFlashTime() > 0


def test_a_theme_that_is_not_known_is_the_usual_one(qapp):
    dress(qapp, "no such theme")
    assert theme() == "dark"


def test_themes_have_the_same_uses_and_no_colour_without_one():
    names = [set(colours(name)) for name in THEMES]
    assert names[0] == names[1]
    sheet = (RESOURCES / "themes" / "base.qss").read_text(encoding="utf-8")
    source = (RESOURCES.parent / "app" / "theme.py").read_text(encoding="utf-8")
    used = set(re.findall(r"\$(\w+)", sheet)) | set(re.findall(r'"(\w+)"', source))
    assert names[0] <= used


def test_icons_have_one_weight_of_stroke():
    weights = set()
    for path in (RESOURCES / "icons").glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        box = float(re.search(r'viewBox="0 0 (\d+) \1"', text).group(1))
        strokes = re.findall(r'stroke-width="([\d.]+)"', text)
        assert len(strokes) == 1 and 'fill="none"' in text and "fill=" not in text.split(">", 1)[1], path.name
        # icons of 24 units are shown with 20 pixels, the style sheet's own of 10 with 10
        weights.add(float(strokes[0]) * (20 if box == 24 else 10) / box)
    assert max(weights) - min(weights) < 0.05


@pytest.mark.parametrize("name", THEMES)
def test_the_drawings_of_the_style_sheet_are_seen_in_both_themes(name):
    shades = colours(name)
    for drawing, under in (("arrow", "raised"), ("tick", "main")):
        text = (RESOURCES / "icons" / f"{drawing}.svg").read_text(encoding="utf-8")
        stroke = re.search(r'stroke="(#\w+)"', text).group(1)
        assert contrast(QColor(stroke), QColor(shades[under])) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_icons_are_seen_wherever_they_stand(qapp, name):
    wear(qapp, name)
    shades = colours(name)
    for mode, state, under in (
        (QIcon.Mode.Normal, QIcon.State.Off, ("window", "panel", "raised", "hover")),
        (QIcon.Mode.Normal, QIcon.State.On, ("chosen",)),
        (QIcon.Mode.Selected, QIcon.State.Off, ("chosen",)),
    ):
        for ink in inks(icon("fit"), mode, state):
            assert min(contrast(QColor(ink), QColor(shades[each])) for each in under) >= 4.5


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_icons_are_drawn_for_the_pixels_of_the_screen(qapp, ratio):
    shown = icon("fit").pixmap(QSize(20, 20), ratio).toImage()
    drawn = icon("fit").pixmap(QSize(round(20 * ratio), round(20 * ratio)), 1.0).toImage()
    assert shown.devicePixelRatio() == ratio
    shown.setDevicePixelRatio(1.0)
    assert shown.size() == drawn.size() and shown == drawn
