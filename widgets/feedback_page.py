"""What was answered in a training case beside what was expected, and why; Enter goes on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from widgets.parts import frame, label, restyle, spoken

_WIDEST_PX = 900


@dataclass(frozen=True)
class FeedbackLine:
    """One thing that was expected; `place` is where in the pictures, None where it is nowhere in them."""

    question: str
    given: str
    expected: str
    met: bool
    text: str
    place: object = None


@dataclass(frozen=True)
class FeedbackTold:
    """What the page says: how the case went in one line, thing by thing, and what comes next."""

    title: str
    state: str
    good: bool
    lines: tuple[FeedbackLine, ...]
    outcome: str
    outcome_good: bool


class FeedbackPage(QWidget):
    """The page. Enter and its button go on; Esc and the other one show the pictures."""

    gone_on = Signal()
    left = Signal()
    place_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(self, "feedback_page", self.tr("What was expected"), " ")
        self.title = label("", "heading", name="feedback_title", wrap=True)
        self.state = label("", name="feedback_state", wrap=True)
        self.outcome = label("", name="feedback_outcome", wrap=True)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        spoken(self.area, "feedback_area", self.tr("What was expected, question by question"), " ")
        self.back = QPushButton(self.tr("Back to the pictures"))
        self.go_on = QPushButton(self.tr("Go on"))
        self.go_on.setProperty("role", "main")
        for button, name, signal in (
            (self.back, "feedback_back", self.left),
            (self.go_on, "feedback_go_on", self.gone_on),
        ):
            button.setAutoDefault(True)
            spoken(button, name, button.text())
            button.clicked.connect(signal)
        foot = QHBoxLayout()
        foot.addWidget(self.outcome, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 16, 14)
        column.setSpacing(8)
        for part in (self.title, self.state):
            column.addWidget(part)
        column.addWidget(self.area, 1)
        column.addWidget(frame("line"))
        column.addLayout(foot)

    def set_told(self, told: FeedbackTold) -> None:
        """Show a case."""
        self.title.setText(told.title)
        self.state.setText(told.state)
        restyle(self.state, role="good" if told.good else "warning")
        self.outcome.setText(told.outcome)
        restyle(self.outcome, role="good" if told.outcome_good else "warning")
        inside = QWidget()
        inside.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 12, 8)
        column.setSpacing(4)
        for number, line in enumerate(told.lines):
            column.addWidget(label(line.question, "active", wrap=True))
            column.addLayout(self._compared(line, number))
            column.addSpacing(12)
        column.addStretch(1)
        self.area.setWidget(inside)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.gone_on.emit()
        else:
            super().keyPressEvent(event)

    def _compared(self, line: FeedbackLine, number: int) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(3)
        grid.setColumnMinimumWidth(0, 110)
        grid.setColumnStretch(1, 1)
        met = self.tr("✓ as expected") if line.met else self.tr("✗ not as expected")
        rows = (
            (self.tr("Your answer"), label(line.given, wrap=True)),
            (self.tr("Expected"), label(line.expected, wrap=True)),
            ("", label(met, "good" if line.met else "warning")),
        )
        for row, (title, shown) in enumerate(rows):
            grid.addWidget(label(title, "quiet"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(shown, row, 1)
        if line.text:
            grid.addWidget(label(line.text, wrap=True), len(rows), 0, 1, 2)
        if line.place is not None:
            link = QPushButton(self.tr("Show the place"))
            link.setProperty("role", "link")
            link.setAutoDefault(True)
            told = self.tr("Show the place of {number}: {question}")
            spoken(
                link, f"feedback-place-{number}", told.format(number=number + 1, question=line.question), " "
            )
            link.clicked.connect(lambda _=False, place=line.place: self.place_wanted.emit(place))
            grid.addWidget(link, len(rows) + 1, 0, 1, 2, Qt.AlignmentFlag.AlignLeft)
        return grid
