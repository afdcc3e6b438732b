"""The rater's window in other languages: every word is translated, and nothing else changes."""

from __future__ import annotations

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QKeySequenceEdit, QLabel, QScrollArea, QWidget

from app.actions import READING
from app.language import LANGUAGES, speak
from app.reading.controls import ControlsDialog
from app.reading.keys import KeysDialog
from app.settings import Settings
from tests.app.reading.conftest import TUMOUR_MM, opened
from tests.app.reading.hand import Hand
from tests.app.reading.test_looks import SIZES, cut
from tests.app.reading.test_reading_a_case import detect, quantify
from tests.app.test_translations import translations
from tests.shown import bracketed, texts, untranslated
from tests.translators import speaking

OTHERS = sorted(set(LANGUAGES) - {"en"})


def all_texts(hand: Hand) -> list[tuple[str, str]]:
    """Open what else the window has, and return every text."""
    window = hand.window
    hand.key("g")
    hand.key("u")
    for name in ("keys", "controls"):
        window.actions_by_name[name].trigger()
    said = list(texts(window))
    for dialog in window.findChildren(QDialog):
        dialog.close()
    return said


def words_of_the_study(hand: Hand) -> list[str]:
    """What the protocol says, and the names of the cases."""
    protocol = hand.window.kit.protocol
    words = [case.alias for case in hand.window.kit.cases()] + [step.title for step in protocol.steps]
    for question in protocol.questions:
        words.append(question.text)
        words += [word for choice in question.choices for word in (choice.label, choice.anchor)]
    return words


@pytest.fixture
def in_brackets(qapp):
    with speaking(qapp, bracketed):
        yield


def test_every_word_goes_through_translation(in_brackets, busy):
    said = all_texts(busy)
    assert len(said) > 400
    assert untranslated(said, words_of_the_study(busy)) == []


@pytest.mark.parametrize("language", OTHERS, indirect=True)
def test_nothing_stays_english_that_has_a_translation(language, busy):
    translated = {text.source for text, forms in translations(language).items() if text.source not in forms}
    assert [(name, text) for name, text in all_texts(busy) if text in translated] == []


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_keys_are_scrolled_down_and_never_across(language, qtbot):
    desk = QWidget()
    qtbot.addWidget(desk)
    dialog = KeysDialog(desk, Settings())
    # what screens of 1366 x 768, and of 2560 x 1440 at twice the size, leave
    for width, height in ((1306, 688), (1220, 640)):
        dialog.resize(width, height)
        dialog.show()
        assert dialog.findChild(QScrollArea).horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_every_hint_finds_room_beside_the_probe(language, busy, qtbot):
    # in a smaller window the hint gives way, and nothing else
    busy.window.resize(SIZES[1])
    hint = busy.child("hint", QLabel)
    for kind in "tra":
        busy.key(kind)
        for tool in (deed for deed in READING if deed.group == "tool"):
            busy.choose(tool.name)
            busy.hover_at(TUMOUR_MM)
            qtbot.waitUntil(lambda: busy.text("probe") and not cut(hint))


@pytest.mark.parametrize("language", OTHERS, indirect=True)
@pytest.mark.parametrize("deed", ["keys", "controls"])
def test_dialogs_fit_the_smallest_screen(language, window, deed):
    window.actions_by_name[deed].trigger()
    (dialog,) = window.findChildren(QDialog)
    assert dialog.sizeHint().boundedTo(SIZES[0]) == dialog.sizeHint()
    dialog.close()


@pytest.mark.parametrize("language", OTHERS, indirect=True)
def test_keys_are_the_same_in_every_language_and_kept_under_one_name(language, qapp, qtbot, window):
    def keys() -> dict[str, list[str]]:
        with_names = window.actions_by_name.items()
        return {name: [key.toString() for key in action.shortcuts()] for name, action in with_names}

    here = keys()
    speak(qapp, "en")
    window.apply_controls()
    assert keys() == here
    speak(qapp, language)
    window.actions_by_name["controls"].trigger()
    dialog = window.findChild(ControlsDialog)
    edit = dialog.findChild(QKeySequenceEdit, "key-fit")
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    edit.clearFocus()
    dialog.close()
    assert window.settings.keys == {"fit": "Ctrl+Home"}
    assert window.actions_by_name["fit"].shortcuts() == [QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Home)]


def test_what_is_stored_tells_nothing_of_the_language(qapp, qtbot, dealt_kit, tmp_path):
    """Two raters do the same in two languages: but for times and random names the kits are the same."""

    def read(language: str) -> dict[str, list[str]]:
        speak(qapp, language)
        path = shutil.copytree(dealt_kit, tmp_path / f"{language}.kit")
        with opened(qtbot, path) as window:
            hand = Hand(window)
            detect(hand)
            quantify(hand, qtbot)
            hand.key("z", Qt.KeyboardModifier.ControlModifier)
            hand.key("y", Qt.KeyboardModifier.ControlModifier)
            hand.finish()
            assert window.case.reading.signed
        speak(qapp, "en")
        return stored(path)

    english = read("en")
    assert "answers" in english
    for language in OTHERS:
        assert read(language) == english


def stored(kit: Path) -> dict[str, list[str]]:
    """Return the rows of every table, with nothing for what is drawn by lot or is a time."""
    connection = sqlite3.connect(kit / "kit.sqlite")
    names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
    rows = {name: connection.execute(f"select * from {name}").fetchall() for name in names}
    connection.close()
    by_lot = re.compile(r"[0-9a-f]{32,}|\d{4}-\d\d-\d\dT[\d:.]+|\d+\.\d+")

    def told(row: tuple[object, ...]) -> str:
        return by_lot.sub("", repr(tuple(b"" if isinstance(value, bytes) else value for value in row)))

    return {name: sorted(told(row) for row in found) for name, found in rows.items()}
