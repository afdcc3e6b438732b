"""The protocol's questions: one open with its anchor texts in view, the others folded to their answer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from core.reading.questions import Question
from widgets.choice_row import ChoiceRow
from widgets.parts import frame, label, restyle

QuestionKey = tuple[str, str | None]  # question id, mark id or None


@dataclass(frozen=True)
class FormQuestion:
    """One question as it stands."""

    key: QuestionKey
    question: Question
    value: int | None
    locked: bool


@dataclass(frozen=True)
class FormSection:
    """Questions about one thing: the case, or a mark."""

    key: str | None
    title: str
    colour: str
    questions: tuple[FormQuestion, ...]


class QuestionCard(QFrame):
    """One question. Tab or a click makes it the current one; `stepped` asks for the one after or before."""

    entered = Signal(object)  # QuestionKey
    chosen = Signal(object, int)  # QuestionKey, value
    stepped = Signal(int)

    def __init__(self, asked: FormQuestion) -> None:
        super().__init__()
        self.key = asked.key
        self.setProperty("role", "question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        question, mark = asked.question, asked.key[1]
        self.setObjectName("question-" + "-".join(filter(None, asked.key)))
        self.text = label(question.text, wrap=True)
        self.answer = label("", "quiet", name=f"answer-of-{self.objectName()}")
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answer.setMinimumWidth(26)
        self.body = QWidget()
        rows = QVBoxLayout(self.body)
        rows.setContentsMargins(0, 2, 0, 4)
        rows.setSpacing(1)
        self.rows = tuple(ChoiceRow(choice, self.body) for choice in question.choices)
        for row in self.rows:
            value = row.choice.value
            row.setObjectName("choice-" + "-".join(filter(None, (question.id, mark, str(value)))))
            row.clicked.connect(lambda _=False, value=value: self.chosen.emit(self.key, value))
            rows.addWidget(row)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.text, 1)
        head.addWidget(self.answer, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 6, 4)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.body)
        self.body.hide()
        self.update_to(asked)

    def update_to(self, asked: FormQuestion) -> None:
        """Show the answer as it stands."""
        chosen = None if asked.value is None else asked.question.choice(asked.value)
        for row in self.rows:
            row.setEnabled(not asked.locked)
            row.setChecked(row.choice == chosen)
        told = "–" if chosen is None else str(chosen.value)
        if chosen is None and not asked.question.required:
            told = self.tr("optional")
        self.answer.setText(told)
        restyle(self.answer, role="quiet" if chosen is None else "answered")
        state = self.tr("not answered")
        if chosen is not None:
            state = self.tr("answered {value}, {label}").format(value=chosen.value, label=chosen.label)
        if asked.locked:
            state = self.tr("{state}, locked").format(state=state)
        self.setAccessibleName(f"{asked.question.text} {state}")

    def set_current(self, current: bool) -> None:
        """Unfold or fold the choices."""
        self.body.setVisible(current)
        restyle(self, current=current)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit(self.key)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.entered.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            # taken here, before the scroll area round us scrolls by it
            self.stepped.emit(step)


class AnswerForm(QScrollArea):
    """All questions of a case. What an answer means is decided by whoever listens."""

    answer_chosen = Signal(object, int)  # QuestionKey, value
    question_entered = Signal(object)  # QuestionKey
    stepped = Signal(int)
    rebuilt = Signal()  # the cards are others than before

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("answer_form")
        self.setAccessibleName(self.tr("Questions"))
        self.setProperty("role", "panel")
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # always there, so that texts do not wrap anew when it is needed
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cards: dict[QuestionKey, QuestionCard] = {}
        self._shape: tuple[object, ...] = ()
        self._current: QuestionKey | None = None
        self._headings: list[QWidget] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(8, 4, 0, 8)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.setWidget(inside)

    def set_sections(self, sections: tuple[FormSection, ...]) -> None:
        """Show these questions; only their answers are renewed where the questions are the same."""
        shape = tuple(
            (section.title, tuple(asked.key for asked in section.questions)) for section in sections
        )
        if shape != self._shape:
            self._shape = shape
            self._build(sections)
        for section in sections:
            for asked in section.questions:
                self.cards[asked.key].update_to(asked)

    def set_current(self, key: QuestionKey | None) -> None:
        """Unfold one question and bring it into view."""
        self._current = key
        for place, card in self.cards.items():
            card.set_current(place == key)
        self._reveal()

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._reveal()
        return handled

    def _reveal(self) -> None:
        card = self.cards.get(self._current) if self._current is not None else None
        if card is None:
            return
        # far enough that the heading above the first question of a section is not cut
        self.ensureWidgetVisible(card, 0, 34)
        # the viewport: asking Qt for it has PySide look through every kind of widget it knows
        if card.height() > self.contentsRect().height():
            # of a question that does not fit, the beginning
            self.verticalScrollBar().setValue(card.y())

    def _build(self, sections: tuple[FormSection, ...]) -> None:
        """Put headings and cards in order; cards of questions that stay are kept."""
        kept, self.cards = self.cards, {}
        # removeWidget, not takeAt: that would leave Python the item, and the widget's size remembered in it
        for part in (*self._headings, *kept.values()):
            self._column.removeWidget(part)
        for heading in self._headings:
            heading.hide()
            heading.deleteLater()
        self._headings = []
        for section in sections:
            if section.questions:
                self._headings.append(self._heading(section))
                self._place(self._headings[-1])
            for asked in section.questions:
                card = kept.pop(asked.key, None) or self._card(asked)
                self.cards[asked.key] = card
                self._place(card)
        for card in kept.values():
            card.hide()
            card.deleteLater()
        self.rebuilt.emit()

    def _place(self, part: QWidget) -> None:
        # before the stretch that keeps everything at the top
        self._column.insertWidget(self._column.count() - 1, part)
        part.show()

    def _card(self, asked: FormQuestion) -> QuestionCard:
        card = QuestionCard(asked)
        card.entered.connect(self.question_entered)
        card.chosen.connect(self.answer_chosen)
        card.stepped.connect(self.stepped)
        return card

    def _heading(self, section: FormSection) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(2, 10, 2, 2)
        row.setSpacing(8)
        if section.colour:
            dot = frame("dot")
            dot.setFixedSize(8, 8)
            dot.setStyleSheet(f"background: {section.colour}; border-radius: 4px;")
            row.addWidget(dot)
        row.addWidget(label(section.title.upper(), "title"), 1)
        return line
