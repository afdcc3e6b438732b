"""Panes beside and below each other: 1x1, 1x2, 2x2 and one large with three small ones."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

# layout -> for each pane its row, column, rows and columns in a grid of six by three
_PLACES = {
    "1x1": ((0, 0, 6, 3),),
    "1x2": ((0, 0, 6, 1), (0, 1, 6, 1)),
    "2x2": ((0, 0, 3, 1), (0, 1, 3, 1), (3, 0, 3, 1), (3, 1, 3, 1)),
    "1+3": ((0, 0, 6, 2), (0, 2, 2, 1), (2, 2, 2, 1), (4, 2, 2, 1)),
}
# shares of the width of the grid's three columns
_WIDTHS = {"1x1": (1, 1, 1), "1x2": (1, 1, 0), "2x2": (1, 1, 0), "1+3": (1, 1, 1)}
GAP_PX = 2


class PaneGrid(QWidget):
    """Shows as many of its panes as the layout has; the others are hidden and keep what they show."""

    def __init__(self, panes: tuple[QWidget, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.panes = panes
        self.layout_name = ""
        self.shown: tuple[QWidget, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GAP_PX)
        for row in range(6):
            self._grid.setRowStretch(row, 1)
        for pane in panes:
            pane.setParent(self)
            # the shares alone divide the room, not what a pane would like to have
            pane.setMinimumWidth(1)
        self.set_layout("1x2")

    def set_layout(self, name: str, alone: QWidget | None = None) -> None:
        """Show another layout; `alone` is the pane that 1x1 shows, the first if not given."""
        places = _PLACES[name]
        chosen = (alone,) if name == "1x1" and alone in self.panes else self.panes[: len(places)]
        self.layout_name, self.shown = name, tuple(pane for pane in chosen if pane is not None)
        for pane in self.panes:
            self._grid.removeWidget(pane)
        for column, share in enumerate(_WIDTHS[name]):
            self._grid.setColumnStretch(column, share)
        for pane, place in zip(self.shown, places, strict=True):
            self._grid.addWidget(pane, *place)
        for pane in self.panes:
            pane.setVisible(pane in self.shown)
