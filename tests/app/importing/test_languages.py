"""The import window in other languages: every word is translated, and what it copies is the same."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from app.importing.window import ImportWindow
from app.language import LANGUAGES
from tests.app.commands.coordinator import write_scan
from tests.app.reading.test_looks import cut, too_small, visible
from tests.app.test_translations import translations
from tests.readers.scanner import make_scan, write_classic
from tests.shown import bracketed, texts, untranslated
from tests.translators import speaking
from widgets.series_form import breakable

OTHERS = sorted(set(LANGUAGES) - {"en"})


def show_all(opened, folder) -> tuple[ImportWindow, list[tuple[str, str]]]:
    """Open a scan that is mapped, a series that cannot be, and a file that is no picture."""
    write_scan(folder / "scan", 0.3, seed=1)
    write_classic(folder / "uno", make_scan(3, echoes=1, field_t=3.0))
    (folder / "note.txt").write_text("words")
    window = opened(folder)
    said = list(texts(window))
    for key in window.finding.entries:
        window.series.choose(key)
        said += texts(window)
    return window, said


@pytest.fixture
def in_brackets(qapp):
    with speaking(qapp, bracketed):
        yield


def test_every_word_goes_through_translation(in_brackets, tmp_path, opened):
    window, said = show_all(opened, tmp_path / "in")
    data = [str(tmp_path / "in"), "note.txt"]
    for entry in window.finding.entries.values():
        info = entry.info
        data += [entry.name, str(info.path), info.path.name, info.manufacturer, info.model]
        data += [str(info.path.relative_to(root)) for root in window.finding.roots]
    assert len(said) > 300
    assert untranslated(said, [*data, *map(breakable, data)]) == []


@pytest.mark.parametrize("language", OTHERS, indirect=True)
def test_nothing_stays_english_that_has_a_translation(language, tmp_path, opened):
    translated = {text.source for text, forms in translations(language).items() if text.source not in forms}
    _, said = show_all(opened, tmp_path / "in")
    assert [(name, text) for name, text in said if text in translated] == []


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_no_text_is_cut(language, tmp_path, opened, qtbot):
    window, _ = show_all(opened, tmp_path / "in")
    header = window.series.horizontalHeader()
    for size in (QSize(1366, 700), QSize(1180, 640)):
        window.resize(size)
        qtbot.waitUntil(lambda size=size: window.size() == size)
        for key in window.finding.entries:
            window.series.choose(key)
            qtbot.waitUntil(lambda: not window.workers.busy, timeout=60_000)
            assert [label.text() for label in visible(window, QLabel) if cut(label)] == []
            sections = range(header.count())
            assert [
                place for place in sections if header.sectionSize(place) < header.sectionSizeHint(place)
            ] == []
            controls = visible(window, QPushButton, QComboBox)
            assert [control.objectName() for control in controls if too_small(control)] == []


@pytest.mark.parametrize("language", OTHERS, indirect=True)
def test_what_is_copied_is_what_the_command_says(language, tmp_path, opened):
    window, _ = show_all(opened, tmp_path / "in")
    window.series.copy()
    header, *rows = QGuiApplication.clipboard().text().split("\n")
    assert header.split("\t")[:3] == ["id", "path", "manufacturer"]
    assert any("one echo; R2* needs at least two" in row for row in rows)
