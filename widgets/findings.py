"""The marks of a case: what each is called, how much of it is answered; a click jumps to it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from widgets.parts import label, spoken


@dataclass(frozen=True)
class Finding:
    """One mark for the list."""

    key: str
    name: str
    note: str  # what is still to do, empty where all is done
    colour: str


class FindingsList(QWidget):
    """The list; `finding_chosen` with the mark's key."""

    finding_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = QListWidget()
        title = self.tr("Findings")
        spoken(self.list, "findings", title, " ")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.empty = label(
            self.tr("None yet. Choose the lesion or node tool and click into a picture."), "quiet", wrap=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 4, 4)
        column.setSpacing(6)
        column.addWidget(label(title.upper(), "title"))
        column.addWidget(self.empty)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self.list.itemClicked.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_chosen)

    def set_findings(self, findings: tuple[Finding, ...], selected: str | None) -> None:
        """Show these marks."""
        self.empty.setVisible(not findings)
        self.list.setVisible(bool(findings))
        self.list.clear()
        for finding in findings:
            text = f"{finding.name}\n{finding.note}" if finding.note else finding.name
            item = QListWidgetItem(_dot(finding.colour), text)
            item.setData(Qt.ItemDataRole.UserRole, finding.key)
            state = finding.note or self.tr("complete")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{finding.name}, {state}")
            self.list.addItem(item)
            if finding.key == selected:
                self.list.setCurrentItem(item)

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.finding_chosen.emit(item.data(Qt.ItemDataRole.UserRole))


def _dot(colour: str) -> QIcon:
    picture = QPixmap(32, 32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(8, 8, 16, 16)
    painter.end()
    return QIcon(picture)
