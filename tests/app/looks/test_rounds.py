"""The pages of training and of the guess: whole at every size, named, and walked by Tab."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.language import LANGUAGES
from tests.app.looks.conftest import THEMES, wear
from tests.app.looks.look_through import faults
from tests.app.looks.test_access import controls, spoken_name, walked
from tests.app.reading.conftest import opened
from tests.app.reading.hand import CTRL, Hand
from tests.app.reading.rounds import deal_rounds
from tests.app.reading.test_looks import SIZES
from tests.app.reading.test_training import sign


@pytest.fixture(scope="module")
def kits(tmp_path_factory):
    """A kit to train with, and one that ends with the guess."""
    return {
        "feedback_page": deal_rounds(tmp_path_factory.mktemp("training")),
        "guess_page": deal_rounds(tmp_path_factory.mktemp("guess"), training=False),
    }


@pytest.fixture(params=["feedback_page", "guess_page"])
def page(request, qtbot, qapp, language, kits, tmp_path) -> Iterator[QWidget]:
    """A page as it comes when a case is signed."""
    path = shutil.copytree(kits[request.param], tmp_path / "A.kit")
    with opened(qtbot, path) as window:
        hand = Hand(window)
        sign(hand, qtbot, "1")
        if request.param == "guess_page":
            hand.key(Qt.Key.Key_Return, CTRL)
            sign(hand, qtbot, "2")
        yield hand.child(request.param)


@pytest.mark.parametrize("language", LANGUAGES, indirect=True)
def test_nothing_of_a_page_is_cut_or_overlaps(page, qtbot, language):
    window = page.window()
    # what a theme changes are colours alone: each language wears another
    wear(QApplication.instance(), THEMES[list(LANGUAGES).index(language) % len(THEMES)])
    for size in SIZES:
        window.resize(size)
        qtbot.waitUntil(lambda size=size: window.size() == size and faults(window) == [])


def test_every_control_is_named_and_reached(page):
    here = [control for control in controls(page.window()) if page.isAncestorOf(control)]
    names = Counter(spoken_name(control) for control in here)
    assert len(here) >= 3 and max(names.values()) == 1
    assert all(sum(letter.isalpha() for letter in name) >= 3 and "_" not in name for name in names)
    met = walked(page.window(), QApplication.focusWidget())
    wanted = {control for control in here if control.isEnabled()}
    assert not [control.objectName() for control in wanted - set(met)]
