"""What was opened before, to be opened again: a few lines under a heading, hidden while there are none."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from widgets.parts import label, spoken


class RecentList(QWidget):
    """Each line is a button; what stands behind it is known by its key."""

    chosen = Signal(str)  # key
    forget_requested = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self.lines: list[QToolButton] = []
        self._forget = QToolButton()
        self._forget.setText(self.tr("Forget"))
        tip = self.tr("Take these lines away; the kits stay where they are")
        spoken(self._forget, "recent_forget", self.tr("Forget what was opened"), tip)
        self._forget.clicked.connect(self.forget_requested)
        head = QHBoxLayout()
        head.addWidget(label(title, "title"), 1)
        head.addWidget(self._forget)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)
        self._column.addLayout(head)
        self.hide()

    def set_items(self, items: Sequence[tuple[str, str, QIcon]]) -> None:
        """Show these, as (key, text, icon)."""
        for line in self.lines:
            self._column.removeWidget(line)
            line.deleteLater()
        self.lines = [self._line(key, text, icon) for key, text, icon in items]
        for number, line in enumerate(self.lines):
            spoken(line, f"recent-{number}", line.text())
            self._column.addWidget(line, 0, Qt.AlignmentFlag.AlignLeft)
        self.setVisible(bool(self.lines))

    def _line(self, key: str, text: str, icon: QIcon) -> QToolButton:
        line = QToolButton()
        line.setText(text)
        line.setIcon(icon)
        line.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        line.clicked.connect(lambda: self.chosen.emit(key))
        return line
