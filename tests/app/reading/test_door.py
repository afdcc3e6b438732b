"""Who is at the window: passwords chosen, asked for, wrong, asked again after a while and for corrections."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton

from app.reading.door import DoorController
from app.reading.window import ReadingWindow
from app.trail_dialog import TrailDialog
from core.study.kit import Kit
from tests.app.reading.conftest import LESION_MM, TUMOUR_MM, opened
from tests.app.reading.hand import CTRL, Hand, ring
from tests.app.reading.test_answers import TWO_STEPS
from tests.shown import read_out, texts
from tests.signing import CHEAP, RATERS_PASSWORD, enrol
from widgets.password_dialog import PasswordDialog


def dialog(window: ReadingWindow) -> PasswordDialog:
    return window.findChild(PasswordDialog)


def type_into(window: ReadingWindow, **typed: str) -> None:
    """Fill in the dialog's lines by their names, and press its main button."""
    for name, text in typed.items():
        line = dialog(window).findChild(QLineEdit, f"password_{name}")
        assert line.isVisible()
        line.clear()
        QTest.keyClicks(line, text)
    QTest.mouseClick(dialog(window).findChild(QPushButton, "password_accept"), Qt.MouseButton.LeftButton)


def wrong(window: ReadingWindow) -> str:
    return dialog(window).findChild(QLabel, "password_wrong").text()


def actions(kit: Kit) -> list[str]:
    return [record.values["action"] for record in kit.audit_records()]


def test_nothing_is_seen_before_a_password_is_chosen(
    window: ReadingWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.door.ask()
    assert window.door.closed
    told = dialog(window).findChildren(QLabel)
    assert any("Rater A" in label.text() and "final" in label.text() for label in told)
    type_into(window, new="long enough", again="something else")
    assert "differ" in wrong(window)
    type_into(window, new="short", again="short")
    assert "8 characters" in wrong(window) and window.door.closed and not window.kit.enrolled
    type_into(window, new=RATERS_PASSWORD, again=RATERS_PASSWORD)
    assert not window.door.closed and window.kit.enrolled
    assert window.kit.key_fingerprint in window.findChild(QLabel, "message_text").text()
    assert actions(window.kit) == ["deal", "enrol"]


def test_who_chooses_anew_is_told_that_the_coordinator_had_it_reset(window: ReadingWindow) -> None:
    enrol(window.kit).let_choose_anew("forgotten on holiday")
    at = window.kit.audit_records()[-1].values["at"]
    window.door.ask()
    told = [part.text() for part in dialog(window).findChildren(QLabel)]
    assert any("forgotten on holiday" in text and at[:10] in text for text in told)


def test_a_wrong_password_opens_nothing_and_is_told_to_whom_it_belongs(window: ReadingWindow) -> None:
    enrol(window.kit)
    window.door.ask()
    # on an account that raters share, others learn of this kit neither whose it is nor how far
    said = [said for _, said in texts(dialog(window))]
    assert not [text for text in said if "Rater A" in text or "ession" in text]
    assert window.windowTitle() == "FerroRead"
    type_into(window, old="not this one")
    assert "not the password" in wrong(window) and window.door.closed
    type_into(window, old=RATERS_PASSWORD)
    assert not window.door.closed and window.windowTitle() == f"Case {window.case.alias}"
    assert "1 wrong password since your last log-in" in window.findChild(QLabel, "message_text").text()
    assert actions(window.kit)[1:] == ["enrol", "wrong_password", "log_in"]


def test_who_gives_no_password_sees_nothing(qtbot, window: ReadingWindow) -> None:
    enrol(window.kit)
    window.door.ask()
    with qtbot.waitSignal(window.door.left):
        QTest.keyClick(dialog(window), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isVisible())


def test_a_script_gives_its_password_by_the_environment(
    window: ReadingWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(window.kit)
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", RATERS_PASSWORD)
    window.door.ask()
    assert not window.door.closed and dialog(window) is None
    assert actions(window.kit)[-1] == "log_in"


def test_after_a_while_of_nothing_the_window_locks_and_the_open_outline_stays(
    qtbot, window: ReadingWindow
) -> None:
    hand = Hand(window)
    hand.key("4")
    hand.key("l")
    hand.click_at(LESION_MM)
    hand.key("5")
    hand.finish()
    qtbot.waitUntil(lambda: window.case.reading.step_index == 1 and window.case.ready)
    hand.key("t")
    hand.key("p")
    for corner in ring(TUMOUR_MM, 3.0)[:8]:
        hand.click_at(corner)
    assert window.tools.drawing
    enrol(window.kit)
    idle = DoorController(window.case, window.takeCentralWidget(), idle_s=0.01)
    window.setCentralWidget(idle.curtain)
    idle.watch(window.windowHandle())
    qtbot.waitUntil(lambda: idle.closed)
    assert actions(window.kit)[-1] == "idle"
    # keys reach nothing behind the curtain
    before = window.case.reading
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    assert window.case.reading is before and window.tools.drawing
    type_into(window, old=RATERS_PASSWORD)
    assert not idle.closed
    for corner in ring(TUMOUR_MM, 3.0)[8:]:
        hand.click_at(corner)
    hand.key(Qt.Key.Key_Return)
    assert window.case.reading.roi("tumour") is not None


def test_a_closed_window_locks_nobody_out(window: ReadingWindow) -> None:
    (waiting,) = window.door.findChildren(QTimer)
    assert waiting.isActive()
    window.close()
    # as the system tells of another window of the program
    window.door.watch(window.windowHandle())
    assert not waiting.isActive()


def test_behind_the_curtain_nothing_is_told_and_a_stroke_goes_on_where_it_was(busy: Hand) -> None:
    window, views = busy.window, busy.window.grid
    enrol(window.kit)
    around = [busy.right.exact_point_at(place) for place in ring(TUMOUR_MM, 2.0)]
    busy.right.setFocus()
    busy.key("t")
    busy.hold(busy.right, around[:6])
    before = window.case.reading
    assert [text for text in read_out(window.door.curtain) if window.case.alias in text]
    picture = views.grab().toImage()
    window.door.ask()
    assert read_out(window.door.curtain) == {"Locked. Everything is as you left it."}
    assert not [text for text in read_out(window) if window.case.alias in text]
    type_into(window, old=RATERS_PASSWORD)
    assert views.grab().toImage() == picture and window.focusWidget() is busy.right
    assert window.case.reading is before
    busy.hold_on(busy.right, around[6])
    busy.let_go(busy.right, around[6])
    assert window.case.reading.roi("tumour").voxels > before.roi("tumour").voxels


def test_what_is_half_typed_stays_and_the_menu_names_no_answer(read_by: Callable[[str], Hand]) -> None:
    hand = read_by(TWO_STEPS)
    window, undo = hand.window, hand.window.actions_by_name["undo"]
    enrol(window.kit)
    hand.key("1")
    hand.key("1")
    assert undo.text() == "Undo answer 1"
    window.door.ask()
    assert undo.text() == "Undo" and not undo.isEnabled()
    type_into(window, old=RATERS_PASSWORD)
    assert undo.text() == "Undo answer 1" and undo.isEnabled()
    hand.key("2")
    assert ("kinds", None) not in window.case.reading.answers
    hand.key(Qt.Key.Key_Return)
    assert window.case.reading.answers["kinds", None] == 12


def test_settings_and_keys_are_hidden_with_the_rest_and_come_back(window: ReadingWindow) -> None:
    enrol(window.kit)
    for name in ("keys", "controls"):
        window.actions_by_name[name].trigger()
    beside = window.findChildren(QDialog)
    assert len(beside) == 2 and all(each.isVisible() for each in beside)
    window.door.ask()
    assert not any(each.isVisible() for each in beside) and dialog(window).isVisible()
    type_into(window, old=RATERS_PASSWORD)
    assert all(each.isVisible() for each in beside)
    for each in beside:
        each.close()


@pytest.fixture
def signed(qtbot, kit_path: Path, tmp_path: Path, language: str, read_by: Callable[[str], Hand]) -> Hand:
    """A person whose case is signed, of a protocol of one step and one question."""
    hand = read_by("""
id: one
version: "1"
title: One
steps:
  - {id: reading, title: Reading, shows: [echoes, anatomy]}
questions:
  - id: quality
    text: Quality of the pictures
    scope: case
    step: reading
    choices:
      - {value: 1, label: poor, anchor: Hardly to be read.}
      - {value: 2, label: good, anchor: Nothing stands in the way.}
""")
    hand.key("1")
    hand.finish()
    qtbot.waitUntil(lambda: hand.window.case.reading.signed)
    return hand


def test_a_wrong_password_signs_nothing_and_is_asked_again(signed: Hand, qtbot) -> None:
    hand, kit = signed, signed.window.kit
    hand.key(Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: hand.window.case.ready and not hand.window.case.reading.signed)
    hand.key("2")
    hand.press("finish_button")
    asked = hand.text("finish_reason")
    assert kit.rater in asked and "UTC" in asked
    line = hand.child("finish_password", QLineEdit)
    assert line.hasFocus()
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert not hand.window.case.reading.signed and actions(kit)[-1] == "edit"
    QTest.keyClicks(line, "not this one")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert "not the password" in hand.text("message_text") and line.isVisible() and line.text() == ""
    assert actions(kit)[-1] == "wrong_password"
    QTest.keyClicks(line, RATERS_PASSWORD)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert hand.window.case.reading.signed and not line.isVisible()
    kit.verify()


def test_what_was_shown_is_signed_too(signed: Hand) -> None:
    (signature,) = signed.window.kit.signatures(signed.window.case.alias)
    shown = signature.values["content"]["display"]
    assert shown["layout"] == "1x2" and [pane["picture"] for pane in shown["panes"]] == ["anatomy", "echoes"]
    centre, width = shown["panes"][1]["window"]
    assert width > 0 and centre > 0


def test_a_signed_case_is_corrected_with_a_reason_and_signed_again(signed: Hand, qtbot) -> None:
    hand, window = signed, signed.window
    alias = window.case.alias
    window.actions_by_name["correct"].trigger()
    type_into(window, old=RATERS_PASSWORD)
    assert "reason" in wrong(window)
    type_into(window, reason="the wrong key", old=RATERS_PASSWORD)
    assert not window.case.reading.signed
    hand.key("2")
    hand.finish()
    qtbot.waitUntil(lambda: window.case.reading.signed)
    first, second = window.kit.signatures(alias)
    assert first.values["content"]["answers"][0]["value"] == 1
    assert second.values["content"]["answers"][0]["value"] == 2
    assert second.values["content"]["correction"] == "the wrong key"
    assert set(window.kit.verify()) == {(alias, 1), (alias, 2)}


def test_another_password_keeps_the_key(signed: Hand, qtbot, tmp_path: Path) -> None:
    window = signed.window
    before = window.kit.key_fingerprint
    window.actions_by_name["password"].trigger()
    type_into(window, old=RATERS_PASSWORD, new="another mountain", again="another mountain")
    assert window.kit.key_fingerprint == before
    window.kit.verify()
    window.close()
    with Kit.open(shutil.copytree(window.kit.path, tmp_path / "copy.kit")) as kit:
        kit.log_in("another mountain")


def test_a_password_is_asked_for_when_a_kit_is_opened_again(qtbot, language: str, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        kit.enrol(RATERS_PASSWORD, cost=CHEAP)
    with opened(qtbot, kit_path) as window:
        window.door.ask()
        assert dialog(window).windowTitle() == "Log in"
        type_into(window, old=RATERS_PASSWORD)
        assert not window.door.closed


def trail_of(window: ReadingWindow) -> TrailDialog | None:
    return window.findChild(TrailDialog)


def test_a_rater_looks_at_their_own_trail_with_the_password(window: ReadingWindow) -> None:
    enrol(window.kit)
    window.actions_by_name["trail"].trigger()
    type_into(window, old="not this one")
    assert "not the password" in wrong(window) and trail_of(window) is None
    type_into(window, old=RATERS_PASSWORD)
    rows = [row.cells for row in trail_of(window).table.words.rows]
    assert [cells[2:4] for cells in rows] == [
        ("coordinator", "deal"), ("Rater A", "enrol"), ("", "wrong_password"), ("Rater A", "export"),
    ]  # fmt: skip
    trail_of(window).close()


def test_a_trail_that_is_open_goes_when_the_window_locks(qtbot, window: ReadingWindow) -> None:
    enrol(window.kit)
    window.door.show_trail()
    type_into(window, old=RATERS_PASSWORD)
    assert trail_of(window).isVisible()
    window.door.ask()
    assert window.door.closed
    qtbot.waitUntil(lambda: trail_of(window) is None)


def test_one_trail_is_open_at_a_time_and_is_asked_for_once(qtbot, window: ReadingWindow) -> None:
    enrol(window.kit)
    for _ in range(2):
        window.actions_by_name["trail"].trigger()
        if trail_of(window) is None:
            type_into(window, old=RATERS_PASSWORD)
            qtbot.waitUntil(lambda: dialog(window) is None)
    assert len(window.findChildren(TrailDialog)) == 1 and dialog(window) is None
    trail_of(window).close()
    window.actions_by_name["trail"].trigger()  # and after that one anew
    assert dialog(window) is not None


def test_a_trail_that_is_open_goes_when_a_case_is_signed(signed: Hand, qtbot) -> None:
    """It was made before, so it shows of the case what may be closed now."""
    hand, window = signed, signed.window
    hand.key(Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: window.case.ready and not window.case.reading.signed)
    window.door.show_trail()
    type_into(window, old=RATERS_PASSWORD)
    assert trail_of(window).isVisible()
    hand.key("2")
    hand.finish()
    qtbot.waitUntil(lambda: window.case.reading.signed and trail_of(window) is None)
