"""Everything that was answered, marked and measured in a case; what is missing is a link that leads there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from widgets.parts import frame, label, restyle, spoken

_WIDEST_PX = 900


@dataclass(frozen=True)
class ReviewLine:
    """What was asked or measured, and what was found; `link` says where what is missing is given."""

    text: str
    found: str
    link: object = None


@dataclass(frozen=True)
class ReviewSection:
    """What belongs to the case, to a mark or to a region."""

    title: str
    colour: str
    lines: tuple[ReviewLine, ...]


@dataclass(frozen=True)
class Review:
    """What the page says: `state` in one line, and what a signature means."""

    title: str
    state: str
    good: bool
    sections: tuple[ReviewSection, ...]
    meaning: str


class ReviewPage(QWidget):
    """The page. Esc and the button leave it; a link leaves it for what is missing."""

    link_followed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(self, "review_page", self.tr("What was answered"), " ")
        self.links: list[QPushButton] = []
        self.title = label("", "heading", name="review_title", wrap=True)
        self.state = label("", "quiet", name="review_state", wrap=True)
        self.meaning = label("", name="review_meaning", wrap=True)
        self.back = QPushButton(self.tr("Back to the pictures"))
        self.back.setAutoDefault(True)
        spoken(self.back, "review_back", self.back.text())
        self.back.clicked.connect(self.left)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        spoken(self.area, "review_area", self.tr("What was answered"), " ")
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 16, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.state)
        column.addWidget(self.area, 1)
        column.addWidget(frame("line"))
        column.addWidget(self.meaning)

    def set_review(self, review: Review) -> None:
        """Show a case."""
        self.title.setText(review.title)
        self.state.setText(review.state)
        restyle(self.state, role="good" if review.good else "warning")
        self.meaning.setText(review.meaning)
        focus = QApplication.focusWidget()
        if focus is not None and self.area.isAncestorOf(focus):
            # what goes would hand the keys to whatever comes next
            self.area.setFocus()
        self.links = []
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 12, 8)
        column.setSpacing(4)
        for number, section in enumerate(review.sections):
            column.addLayout(_title(section))
            column.addLayout(self._table(section, number))
            column.addSpacing(10)
        column.addStretch(1)
        self.area.setWidget(inside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _table(self, section: ReviewSection, number: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        for place, line in enumerate(section.lines):
            grid.addWidget(label(line.text, "quiet", wrap=True), place, 0, Qt.AlignmentFlag.AlignTop)
            if line.link is None:
                grid.addWidget(label(line.found, wrap=True), place, 1)
                continue
            link = QPushButton(line.found)
            link.setProperty("role", "link")
            link.setAutoDefault(True)
            link.setCursor(Qt.CursorShape.PointingHandCursor)
            spoken(link, f"review-link-{number}-{place}", f"{line.text}: {line.found}", " ")
            link.clicked.connect(lambda _=False, to=line.link: self.link_followed.emit(to))
            self.links.append(link)
            grid.addWidget(link, place, 1, Qt.AlignmentFlag.AlignLeft)
        return grid


def _title(section: ReviewSection) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    if section.colour:
        dot = frame("dot")
        dot.setFixedSize(8, 8)
        dot.setStyleSheet(f"background: {section.colour}; border-radius: 4px;")
        row.addWidget(dot)
    row.addWidget(label(section.title.upper(), "title"), 1)
    return row
