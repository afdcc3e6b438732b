"""Small parts that several widgets are made of."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QSlider, QWidget


def label(text: str = "", role: str = "", *, name: str = "", wrap: bool = False) -> QLabel:
    """Make a label that the style sheet knows by its role, and tests by its name."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setObjectName(name)
    made.setWordWrap(wrap)
    return made


class YieldingLabel(QLabel):
    """A text in one line that gives way to its neighbours: what finds no room is dots, told by the tip.

    A tip that is given is told in any case.
    """

    _tip = ""

    def __init__(self, role: str = "", *, name: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setObjectName(name)

    def set_tip(self, tip: str) -> None:
        """Have this told by the tip, or for "" what finds no room."""
        self._tip = tip
        self.setToolTip(tip)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        self.setToolTip(self._tip or (self.text() if shown != self.text() else ""))
        painter = QPainter(self)
        where = self.alignment() & ~Qt.AlignmentFlag.AlignAbsolute
        self.style().drawItemText(
            painter, room, where, self.palette(), self.isEnabled(), shown, self.foregroundRole()
        )
        painter.end()


def frame(role: str) -> QFrame:
    """Make a frame that the style sheet knows by its role."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def restyle(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties and have the style sheet look at them again."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def spoken(widget: QWidget, name: str, text: str, tip: str = "") -> None:
    """Give a widget its object name, its name for screen readers and its tool tip."""
    widget.setObjectName(name)
    widget.setAccessibleName(text)
    widget.setToolTip(tip or text)


def in_tab_order(widgets: Iterable[QWidget]) -> None:
    """Let Tab go through these widgets one after the other."""
    for before, after in pairwise(widgets):
        QWidget.setTabOrder(before, after)


class Slider(QSlider):
    """A slider from left to right; Left and Right are its own while it has the focus, not the window's."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setPageStep(1)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
        ):
            event.accept()
            return True
        return super().event(event)


def patch_icon(colour: str) -> QIcon:
    """Make an icon that shows a colour."""
    picture = QPixmap(40, 40)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(8, 8, 24, 24), 4, 4)
    painter.end()
    icon = QIcon(picture)
    # else the style would tint the colour of a chosen row
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon
