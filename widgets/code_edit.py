"""Plain text with numbered lines, one of which can be marked as faulty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

_PAD = 8
# told from its ground in every theme
_FAULTY = QColor(232, 140, 60, 70)
_INDENT = "  "


class _Numbers(QWidget):
    """The column of numbers; a click goes to its line."""

    def __init__(self, edit: CodeEdit) -> None:
        super().__init__(edit)
        self._edit = edit

    def sizeHint(self) -> QSize:
        return QSize(self._edit.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._edit.paint_numbers(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._edit.go_to(self._edit.cursorForPosition(event.position().toPoint()).blockNumber() + 1)


class CodeEdit(QPlainTextEdit):
    """The editor. Tab indents by two spaces, Shift+Tab takes them back, Enter keeps the indentation."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faulty: int | None = None
        self._numbers = _Numbers(self)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._make_room()
        self.blockCountChanged.connect(lambda _: self._make_room())
        self.updateRequest.connect(self._on_update)
        self.textChanged.connect(self.edited)

    @property
    def faulty_line(self) -> int | None:
        """The line that is marked, from 1."""
        return self._faulty

    def mark_faulty(self, line: int | None) -> None:
        """Mark a line, counted from 1; None marks nothing."""
        self._faulty = line
        marks = []
        if line is not None:
            mark = QTextEdit.ExtraSelection()
            mark.format.setBackground(_FAULTY)
            mark.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            mark.cursor = QTextCursor(self.document().findBlockByNumber(self._there(line)))
            marks.append(mark)
        self.setExtraSelections(marks)
        self._numbers.update()

    def go_to(self, line: int) -> None:
        """Put the cursor on a line, counted from 1, and bring it into view."""
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(self._there(line))))
        self.centerCursor()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        cursor = self.textCursor()
        if event.key() == Qt.Key.Key_Tab and not cursor.hasSelection():
            cursor.insertText(_INDENT)
        elif event.key() == Qt.Key.Key_Backtab:
            cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
            cursor.movePosition(
                QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, len(_INDENT)
            )
            if cursor.selectedText() == _INDENT:
                cursor.removeSelectedText()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            before = cursor.block().text()[: cursor.positionInBlock()]
            super().keyPressEvent(event)
            self.insertPlainText(before[: len(before) - len(before.lstrip(" "))])
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        inside = self.contentsRect()
        self._numbers.setGeometry(QRect(inside.topLeft(), QSize(self.numbers_width(), inside.height())))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._make_room()

    def numbers_width(self) -> int:
        """Return how wide the column of numbers is, in pixels."""
        digits = max(len(str(self.blockCount())), 3)
        return 2 * _PAD + self.fontMetrics().horizontalAdvance("9") * digits

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Paint the column of numbers."""
        painter, palette = QPainter(self._numbers), self.palette()
        painter.fillRect(event.rect(), palette.color(QPalette.ColorRole.Base))
        painter.setFont(self.font())
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(offset)
            if place.top() > event.rect().bottom():
                break
            number, row = block.blockNumber() + 1, place.toRect()
            row.setWidth(self._numbers.width())
            if number == self._faulty:
                painter.fillRect(row, _FAULTY)
            here = number in (self._faulty, self.textCursor().blockNumber() + 1)
            painter.setPen(palette.color(QPalette.ColorRole.Text if here else QPalette.ColorRole.Mid))
            row.setHeight(self.fontMetrics().height())
            painter.drawText(row.adjusted(0, 0, -_PAD, 0), Qt.AlignmentFlag.AlignRight, str(number))
            block = block.next()

    def _there(self, line: int) -> int:
        return min(max(line, 1), self.blockCount()) - 1

    def _make_room(self) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)

    def _on_update(self, rect: QRect, scrolled: int) -> None:
        if scrolled:
            self._numbers.scroll(0, scrolled)
        else:
            self._numbers.update(0, rect.y(), self._numbers.width(), rect.height())
