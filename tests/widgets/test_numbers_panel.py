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


@pytest.mark.parametrize("longer", ["numbers", "details"])
def test_what_is_beside_the_table_gives_way_to_longer_texts(qtbot, panel, longer):
    (beside,) = panel.beside
    panel.resize(panel.minimumSizeHint().width() + beside.minimumSizeHint().width() + 20, 160)
    qtbot.waitUntil(beside.isVisible)
    if longer == "numbers":
        row = RegionRow("tumour", {name: "-0.02 ± 0.54" for name, _, _ in COLUMNS})
        panel.set_rows((row,), "", "", active="tumour")
    else:
        panel.set_details("a" * 90, "")
    qtbot.waitUntil(lambda: not beside.isVisible(), timeout=5000)
    texts = (*panel.cells.values(), panel.sizes)
    qtbot.waitUntil(
        lambda: all(each.width() >= each.minimumSizeHint().width() for each in texts), timeout=5000
    )
