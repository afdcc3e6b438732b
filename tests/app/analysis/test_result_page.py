"""One tab of results, with a figure that was not computed."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QScrollArea

from app.analysis.result_page import ResultPage
from app.analysis.results import Results
from core.export.report.style import Plot
from core.statistics.listings import Table


class _Resizes(QObject):
    """Counts what it watches being resized."""

    count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.count += 1
        # a layout that never comes to rest would end the whole program here
        return event.type() == QEvent.Type.Resize and self.count > 100


@pytest.mark.parametrize("width", [560, 655])
def test_a_plot_comes_to_rest_at_every_height_around_that_where_it_needs_a_scroll_bar(qtbot, width):
    plot = Plot("kappa", "what is seen in it, " * 12, Figure(figsize=(7, 2.7)), Table((), ()))
    page = ResultPage("agreement", {"kappa": "Kappa"}, {})
    qtbot.addWidget(page)
    scroll, watch = page.findChild(QScrollArea), _Resizes()
    figure, caption = page.figure, page.caption
    # outermost, so that the scroll area itself does not hear of more
    scroll.widget().installEventFilter(watch)
    page.show_results(Results({}, {"kappa": plot}, (), {}, 0))
    page.resize(width, 420)
    page.show()
    bars = set()
    for height in range(420, 740, 4):
        watch.count = 0
        page.resize(width, height)
        qtbot.wait(1)
        assert watch.count < 20, f"no rest at {width} x {height}"
        assert figure.height() == figure.heightForWidth(figure.width())
        assert caption.height() >= caption.heightForWidth(caption.width())
        assert not scroll.horizontalScrollBar().isVisible()
        bars.add(scroll.verticalScrollBar().isVisible())
    assert bars == {True, False}
