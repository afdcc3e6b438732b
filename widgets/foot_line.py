"""The line below everything: what one can do, what lies under the pointer, and that it is saved."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from widgets.parts import YieldingLabel

_HEIGHT_PX, _MARGIN_PX, _GAP_PX = 24, 12, 18


class FootLine(QFrame):
    """Texts side by side: where room is short, `spare` is left out first, then the end of `hint`.

    They stand left of the `others`, which neither move nor lose anything by it.
    """

    def __init__(
        self, hint: YieldingLabel, spare: QLabel, *others: QLabel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "foot")
        self.setFixedHeight(_HEIGHT_PX)
        self._spare, self._parts = spare, (hint, spare, *others)
        row = QHBoxLayout(self)
        row.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 0)
        row.setSpacing(_GAP_PX)
        row.addWidget(hint, 1)
        for part in (spare, *others):
            row.addWidget(part)

    def event(self, event: QEvent) -> bool:
        """Make room when a text has changed."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._make_room()

    def _make_room(self) -> None:
        gaps = 2 * _MARGIN_PX + _GAP_PX * (len(self._parts) - 1)
        needed = sum(part.sizeHint().width() for part in self._parts) + gaps
        self._spare.setVisible(needed <= self.width())
