"""The table of the regions' numbers: nothing in it is cut."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from widgets.numbers_panel import COLUMNS, NumbersPanel, RegionRow


@pytest.fixture
def panel(qtbot) -> Iterator[NumbersPanel]:
    """A panel in a window that does not grow with it."""
    window = QWidget()
    qtbot.addWidget(window)
    made = NumbersPanel((("tumour", "Tumour", "#e69f00"),), (QLabel("a" * 50),))
    made.setParent(window)
    window.resize(1200, 200)
    window.show()
    yield made


def test_what_is_beside_the_table_gives_way_to_longer_numbers(qtbot, panel):
    (beside,) = panel.beside
    panel.resize(panel.minimumSizeHint().width() + beside.minimumSizeHint().width() + 20, 160)
    qtbot.waitUntil(beside.isVisible)
    row = RegionRow("tumour", {name: "-0.02 ± 0.54" for name, _, _ in COLUMNS})
    panel.set_rows((row,), "", "", active="tumour")
    qtbot.waitUntil(lambda: not beside.isVisible(), timeout=5000)
    cells = panel.cells.values()
    qtbot.waitUntil(
        lambda: all(each.width() >= each.minimumSizeHint().width() for each in cells), timeout=5000
    )


def test_longer_lines_give_way_to_what_is_beside_the_table(qtbot, panel):
    (beside,) = panel.beside
    panel.resize(panel.minimumSizeHint().width() + beside.minimumSizeHint().width() + 20, 160)
    qtbot.waitUntil(beside.isVisible)
    lines = (panel.contrast, panel.sizes, panel.iron)
    panel.set_rows((), "b" * 90, "", active="tumour")
    panel.set_details("a" * 90, "c" * 90)
    qtbot.waitUntil(lambda: all(line.toolTip() == line.text() for line in lines))
    assert beside.isVisible()
