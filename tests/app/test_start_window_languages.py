"""The start window in other languages."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from app.language import LANGUAGES
from app.start_window import StartWindow
from app.theme import dress
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


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_no_text_is_cut(language, start, tmp_path, qtbot):
    start.open_kit(tmp_path)
    qtbot.waitUntil(lambda: [label.text() for label in visible(start, QLabel) if cut(label)] == [])
    assert [button.objectName() for button in visible(start, QPushButton) if too_small(button)] == []
