from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialogButtonBox, QMenu

from app import language, settings
from app.language import LANGUAGES, speak, spoken_language
from app.start_window import StartWindow


@pytest.fixture
def system(monkeypatch):
    """Set what the system says that its person reads."""

    def speaks(*names: str) -> None:
        class System(QLocale):
            def uiLanguages(self):
                return list(names)

        class Locales:
            system = staticmethod(System)

        monkeypatch.delenv("FERROREAD_LANGUAGE", raising=False)
        monkeypatch.setattr(language, "QLocale", Locales)

    return speaks


@pytest.mark.parametrize(
    ("names", "spoken"),
    [(["de-Latn-AT", "de-AT", "de"], "de"), (["fr-FR", "fr", "de-DE"], "de"), (["en-GB", "de"], "en"),
     (["fr"], "en"), (["C"], "en"), ([], "en"), (["den"], "en")],
)  # fmt: skip
def test_the_first_of_the_systems_languages_that_is_there(system, names, spoken):
    system(*names)
    assert spoken_language("") == spoken


def test_what_was_chosen_goes_before_the_system_if_it_is_there(system):
    system("de-DE")
    assert spoken_language("en") == "en"
    assert spoken_language("tlh") == "de"


def test_the_environment_goes_before_all(system, monkeypatch):
    system("en-US")
    monkeypatch.setenv("FERROREAD_LANGUAGE", "de")
    assert spoken_language("en") == "de"


def test_qts_own_dialogs_speak_the_language_too(qapp, qtbot):
    def cancel() -> str:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        return box.buttons()[0].text()

    speak(qapp, "de")
    assert cancel() == "Abbrechen"
    assert QCoreApplication.translate("Language", "Language") == "Sprache"
    speak(qapp, "en")
    assert cancel() == "Cancel"
    assert QCoreApplication.translate("Language", "Language") == "Language"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    place = tmp_path / "settings.json"
    monkeypatch.setattr(settings, "settings_path", lambda: place)
    return place


def test_a_language_is_chosen_in_the_window_said_and_kept(qtbot, qapp, kept):
    start = StartWindow()
    qtbot.addWidget(start)
    (menu,) = start.findChildren(QMenu, "languages")
    assert [action.text() for action in menu.actions()] == ["As the system", *LANGUAGES.values()]
    menu.findChild(QAction, "language_de").trigger()
    assert start.text.text() == "FerroRead speaks Deutsch from its next start on"
    assert json.loads(kept.read_text())["language"] == "de"
    start.close()
    again = StartWindow()
    qtbot.addWidget(again)
    assert again.findChild(QAction, "language_de").isChecked()
    again.close()
