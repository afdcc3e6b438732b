"""Mouse and keys as a person wants them, kept in the settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QComboBox, QKeySequenceEdit, QLabel

from app.reading.controls import ControlsDialog
from app.settings import Settings, load_settings, save_settings
from tests.app.reading.conftest import opened
from tests.app.reading.hand import Hand
from tests.widgets.hands import MIDDLE, RIGHT, drag
from widgets.mouse import DRAG_INPUTS, DRAGS, PRESETS, ROLLS, WHEEL_INPUTS, bindings


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


@pytest.fixture
def dialog(hand, qtbot) -> ControlsDialog:
    hand.key(Qt.Key.Key_F2)
    found = hand.window.findChild(ControlsDialog)
    assert found.isVisible()
    return found


def test_every_preset_binds_inputs_that_are_there_to_what_can_be_done():
    for preset in PRESETS.values():
        for put, deed in preset.bindings.items():
            assert deed in (ROLLS if put in WHEEL_INPUTS else DRAGS)
            assert put in (*DRAG_INPUTS, *WHEEL_INPUTS)
        # without the tool nothing could be read, without these nothing be seen
        done = {deed.removeprefix("size_or_") for deed in preset.bindings.values()}
        assert {"tool", "window", "pan", "zoom", "scroll"} <= done


def test_a_preset_is_the_mouse_of_another_program(hand, dialog):
    window, scale = hand.right.width_of_window, hand.right.px_per_mm
    combo = dialog.findChild(QComboBox, "mouse_preset")
    combo.setCurrentIndex(combo.findText("ITK-SNAP"))
    drag(hand.right, [QPointF(100, 150), QPointF(100, 110)], RIGHT)
    assert hand.right.px_per_mm > scale * 1.2
    assert hand.right.width_of_window == window
    assert hand.window.settings.mouse_preset == "itk-snap"


def test_one_button_is_bound_anew_and_the_rest_stays(hand, dialog):
    combo = dialog.findChild(QComboBox, "mouse-middle")
    combo.setCurrentIndex(combo.findData("scroll"))
    depth = hand.right.depth
    drag(hand.right, [QPointF(100, 100), QPointF(100, 113)], MIDDLE)
    assert hand.right.depth == depth + 2
    window = hand.right.width_of_window
    drag(hand.right, [QPointF(100, 100), QPointF(130, 100)], RIGHT)
    assert hand.right.width_of_window > window


def test_a_key_is_bound_anew_unless_something_else_has_it(hand, dialog, qtbot):
    edit = dialog.findChild(QKeySequenceEdit, "key-crosshair")
    shown = hand.window.settings.show_crosshair
    for key in (Qt.Key.Key_P, Qt.Key.Key_U, Qt.Key.Key_F8):
        edit.setFocus()
        qtbot.keyClick(edit, key)
        edit.clearFocus()
        note = dialog.findChild(QLabel, "controls_note").text()
        if key == Qt.Key.Key_P:
            assert "“Polygon”" in note and "crosshair" not in hand.window.settings.keys
    assert not dialog.findChild(QLabel, "controls_note").text()
    dialog.close()
    hand.window.activateWindow()
    qtbot.waitUntil(hand.window.isActiveWindow)
    hand.right.setFocus()
    hand.key("x")
    assert hand.window.settings.show_crosshair is shown
    hand.key(Qt.Key.Key_F8)
    assert hand.window.settings.show_crosshair is not shown
    assert "(F8)" in hand.window.actions_by_name["crosshair"].toolTip()


def test_what_was_chosen_is_there_in_the_next_session_and_can_be_taken_back(
    qtbot, kit_path, tmp_path, monkeypatch
):
    monkeypatch.setattr("app.settings.user_config_path", lambda *_, **__: tmp_path / "config")
    save_settings(Settings(mouse_preset="slicer", mouse={"right": "pan"}, keys={"fit": "Z"}))
    settings = load_settings()
    with opened(qtbot, kit_path, settings) as window:
        assert window.right.view.hand.bound["right"] == "pan"
        assert window.right.view.hand.bound["ctrl+left"] == "window"
        assert [key.toString() for key in window.actions_by_name["fit"].shortcuts()] == ["Z"]
        dialog = ControlsDialog(window, settings, window.apply_controls, window.look)
        dialog.usual.click()
        assert window.right.view.hand.bound == PRESETS["pacs"].bindings
        assert [key.toString() for key in window.actions_by_name["fit"].shortcuts()] == ["F"]
    assert settings == Settings()


def test_nonsense_in_the_settings_binds_nothing():
    assert bindings("nobody", {"left": "fly", "fifth": "pan", "wheel": "pan"}) == PRESETS["pacs"].bindings
