"""The language of the windows: what the person chose, else the system's where we have it, else English."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

translate = QCoreApplication.translate

TRANSLATIONS = Path(__file__).resolve().parents[1] / "resources" / "translations"
# each in its own words; docs/translation.md tells how one is added
LANGUAGES = {"en": "English", "de": "Deutsch"}


def spoken_language(chosen: str) -> str:
    """Return the language to begin with: `chosen`, or for "" the first of the system's that we have.

    FERROREAD_LANGUAGE in the environment goes before both, for scripts and tests.
    """
    for name in (os.environ.get("FERROREAD_LANGUAGE", ""), chosen, *QLocale.system().uiLanguages()):
        code = name.partition("-")[0]
        if code in LANGUAGES:
            return code
    return "en"


def speak(application: QCoreApplication, language: str) -> None:
    """Have Qt translate into a language from now on: our own texts, and those of Qt's dialogs."""
    for before in application.findChildren(QTranslator):
        application.removeTranslator(before)
        before.deleteLater()
    qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, folder in ((f"qtbase_{language}", qt), (f"ferroread_{language}", str(TRANSLATIONS))):
        translator = QTranslator(application)
        if translator.load(name, folder):
            application.installTranslator(translator)


def add_language_menu(menu: QMenu, chosen: str, choose: Callable[[str], None]) -> None:
    """Offer the languages; `choose` gets the code of one, or "" for the system's."""
    languages = menu.addMenu(translate("Language", "Language"))
    languages.setObjectName("languages")
    group = QActionGroup(languages)
    for code, name in {"": translate("Language", "As the system"), **LANGUAGES}.items():
        action = languages.addAction(name)
        action.setObjectName(f"language_{code or 'system'}")
        action.setCheckable(True)
        action.setChecked(code == chosen)
        group.addAction(action)
        action.triggered.connect(lambda _=False, code=code: choose(code))


def told_of_language(code: str) -> str:
    """Return what is said when a language was chosen."""
    if not code:
        return translate("Language", "FerroRead speaks the system's language from its next start on")
    text = translate("Language", "FerroRead speaks {language} from its next start on")
    return text.format(language=LANGUAGES[code])
