"""The start window in other languages."""

from __future__ import annotations

from argparse import Namespace

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from shiboken6 import isValid

from app import settings, start_window
from app.commands import start as command
from app.importing.window import ImportWindow
from app.language import LANGUAGES, speak
from app.start_window import StartWindow
from app.theme import dress
from core.progress import Silent
from tests.app.reading.test_looks import cut, too_small, visible
from tests.app.test_translations import translations
from tests.shown import bracketed, texts, untranslated
from tests.translators import speaking

OTHERS = sorted(set(LANGUAGES) - {"en"})


@pytest.fixture
def start(qtbot, qapp, language):
    if not qapp.styleSheet():
        dress(qapp)
    made = StartWindow()
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def test_every_word_goes_through_translation(qapp, qtbot):
    with speaking(qapp, bracketed):
        made = StartWindow()
        qtbot.addWidget(made)
        said = list(texts(made))
        made.close()
    assert len(said) > 20
    # the folder that a coordinator gives away is called so
    assert untranslated(said, ["NAME.kit"]) == []


@pytest.mark.parametrize("language", OTHERS, indirect=True)
def test_nothing_stays_english_that_has_a_translation(language, start):
    translated = {text.source for text, forms in translations(language).items() if text.source not in forms}
    assert [(name, text) for name, text in texts(start) if text in translated] == []


@pytest.fixture
def started(qapp, qtbot, monkeypatch, tmp_path):
    """Run `ferroread` alone until `deed(windows)` is done; the windows are those that were made."""
    monkeypatch.setattr(settings, "settings_path", lambda: tmp_path / "settings.json")
    monkeypatch.delenv("FERROREAD_LANGUAGE")
    windows = []

    class Seen(StartWindow):
        def __init__(self):
            super().__init__()
            windows.append(self)

    def run(deed):
        monkeypatch.setattr("app.startup.application", lambda: qapp)
        monkeypatch.setattr(start_window, "StartWindow", Seen)
        monkeypatch.setattr(qapp, "exec", lambda: deed(windows))
        command.run(Namespace(opened=[]), Silent())

    yield run
    speak(qapp, "en")
    for window in filter(isValid, windows):
        window.close()


def test_a_language_is_spoken_at_once_where_nothing_else_is_open(started, qtbot):
    def deed(windows):
        assert windows[0].demo_button.text().strip() == "Open the demo"
        windows[0].findChild(QAction, "language_de").trigger()
        qtbot.waitUntil(lambda: len(windows) == 2)
        assert windows[1].isVisible()
        assert windows[1].demo_button.text().strip() == "Demo öffnen"
        qtbot.waitUntil(lambda: not isValid(windows[0]))

    started(deed)


def test_windows_that_are_open_keep_their_words(started, qtbot):
    def deed(windows):
        windows[0].images_requested.emit(())
        # those of earlier tests may be there still, closed
        (images,) = (
            each
            for each in QApplication.topLevelWidgets()
            if isinstance(each, ImportWindow) and each.isVisible()
        )
        with qtbot.waitSignal(windows[0].language_changed):
            windows[0].findChild(QAction, "language_de").trigger()
        QApplication.processEvents()
        assert len(windows) == 1
        assert windows[0].text.text() == "FerroRead speaks Deutsch from its next start on"
        assert images.windowTitle() == "Images"
        images.close()

    started(deed)


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_no_text_is_cut(language, start, tmp_path, qtbot):
    start.open_kit(tmp_path)
    qtbot.waitUntil(lambda: [label.text() for label in visible(start, QLabel) if cut(label)] == [])
    assert [button.objectName() for button in visible(start, QPushButton) if too_small(button)] == []
