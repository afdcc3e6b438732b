"""One choice of a question: key, drawing, label, and the anchor text that says when to choose it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from core.reading.protocol import Choice

_PICTURES = Path(__file__).resolve().parents[1] / "resources" / "pictures"
_KEY, _PAD, _LINE, _PICTURE = 22, 6, 2, 44
_LEFT = _PAD + _KEY + 8  # of what stands beside the key


@cache
def picture(name: str) -> QSvgRenderer:
    """Return one of the drawings that choices show, of core.reading.questions.CHOICE_PICTURES."""
    return QSvgRenderer(str(_PICTURES / f"{name}.svg"))


class ChoiceRow(QAbstractButton):
    """A checkable row as wide as the form and as tall as its text needs."""

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = choice
        self._anchor = choice.anchor
        if choice.ends_case:
            self._anchor = self.tr("{anchor} Ends this case.").format(anchor=choice.anchor)
        self.setCheckable(True)
        # the question has the focus; its choices are reached by their keys
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{choice.value}: {choice.label}. {self._anchor}")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        label, anchor = self._boxes(width)
        beside = _PICTURE if self.choice.picture else _KEY
        return max(label.height() + anchor.height() + _LINE, beside) + 2 * _PAD

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(240))

    def minimumSizeHint(self) -> QSize:
        return QSize(160, _KEY + 2 * _PAD)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The first click has answered, and the next question has come under the hand: no answer to that."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        if self.isChecked() or (self.underMouse() and self.isEnabled()):
            role = QPalette.ColorRole.Highlight if self.isChecked() else QPalette.ColorRole.Window
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(role))
            painter.drawRoundedRect(self.rect(), 4, 4)
        key = QRect(_PAD, _PAD, _KEY, _KEY)
        painter.setPen(palette.color(QPalette.ColorRole.Link if self.isChecked() else QPalette.ColorRole.Mid))
        painter.setBrush(
            palette.color(QPalette.ColorRole.Link if self.isChecked() else QPalette.ColorRole.Window)
        )
        painter.drawRoundedRect(key, 3, 3)
        text = QPalette.ColorRole.Text if self.isEnabled() else QPalette.ColorRole.Mid
        painter.setPen(palette.color(QPalette.ColorRole.Window if self.isChecked() else text))
        painter.setFont(self._font(bold=True))
        painter.drawText(key, Qt.AlignmentFlag.AlignCenter, str(self.choice.value))
        if self.choice.picture:
            picture(self.choice.picture).render(painter, QRectF(_LEFT, _PAD, _PICTURE, _PICTURE))
        label, anchor = self._boxes(self.width())
        painter.setPen(palette.color(text))
        painter.drawText(label, Qt.TextFlag.TextWordWrap, self.choice.label)
        painter.setFont(self._font())
        painter.setPen(palette.color(text if self.isChecked() else QPalette.ColorRole.Mid))
        painter.drawText(anchor, Qt.TextFlag.TextWordWrap, self._anchor)

    def _boxes(self, width: int) -> tuple[QRect, QRect]:
        left = _LEFT + (_PICTURE + 8 if self.choice.picture else 0)
        room = QRect(0, 0, max(width - left - _PAD, 40), 4000)
        wrap = Qt.TextFlag.TextWordWrap
        label = QFontMetrics(self._font(bold=True)).boundingRect(room, wrap, self.choice.label)
        anchor = QFontMetrics(self._font()).boundingRect(room, wrap, self._anchor)
        label = QRect(left, _PAD + 1, room.width(), label.height())
        return label, QRect(left, label.bottom() + 1 + _LINE, room.width(), anchor.height())

    def _font(self, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(13 if bold else 12)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font
