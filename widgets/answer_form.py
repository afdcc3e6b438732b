"""The protocol's questions by what they are about: one open, the others folded to their answer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from widgets.parts import frame, label
from widgets.question_cards import FormQuestion, NumberCard, QuestionCard, QuestionKey, TextCard, card_for


@dataclass(frozen=True)
class FormSection:
    """Questions about one thing: the case, a mark or a region; `note` says how far it is."""

    key: str | None
    title: str
    colour: str
    questions: tuple[FormQuestion, ...]
    note: str = ""


class AnswerForm(QScrollArea):
    """All questions of a case. What an answer means is decided by whoever listens."""

    answer_given = Signal(object, object)  # QuestionKey, value or None
    question_entered = Signal(object)  # QuestionKey
    proposal_taken = Signal()
    stepped = Signal(int)
    passed = Signal()  # Enter
    left = Signal()  # Esc in a field
    refused = Signal(str)  # in core's words
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
        self._notes: list[QLabel] = []
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(8, 4, 0, 8)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self.setWidget(inside)

    def set_sections(self, sections: tuple[FormSection, ...]) -> None:
        """Show these questions; only their answers are renewed where the questions are the same."""
        sections = tuple(section for section in sections if section.questions)
        shape = tuple(
            (section.title, tuple((asked.key, asked.question) for asked in section.questions))
            for section in sections
        )
        if shape != self._shape:
            self._shape = shape
            self._rebuild(sections)
        for section, note in zip(sections, self._notes, strict=True):
            note.setText(section.note)
            for asked in section.questions:
                self.cards[asked.key].update_to(asked)

    def _rebuild(self, sections: tuple[FormSection, ...]) -> None:
        """Build anew; the current question stays under the hand while others come and go."""
        card, bar = self._card(self._current), self.verticalScrollBar()
        above = 0 if card is None else card.y() - bar.value()
        self._build(sections)
        if card is not None and card is self._card(self._current):
            # laid out now, and not when the event comes: the form would be seen to jump
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            bar.setValue(card.y() - above)

    def set_current(self, key: QuestionKey | None) -> None:
        """Unfold one question and bring it into view."""
        before, now = self._card(self._current), self._card(key)
        self._current = key
        if now is not None:
            now.set_current(True)
        if now is not None and before is not None and before is not now and _holds_focus(before):
            # Tab goes on from here; and what is folded would hand the keys to whatever comes next
            now.setFocus()
        for card in self.cards.values():
            if card is not now:
                card.set_current(False)
        self._reveal()

    def focus_text(self) -> bool:
        """Give the keys to the current question's text, if it has one and has them not; True where done."""
        card = self._card(self._current)
        if not isinstance(card, TextCard) or self.types_text or not card.field.isEnabled():
            return False
        card.field.setFocus()
        return True

    @property
    def types_text(self) -> bool:
        """Whether the keys go to the current question's text."""
        card = self._card(self._current)
        return isinstance(card, TextCard) and card.field.hasFocus()

    def set_proposal(self, told: str) -> None:
        """Show what can be taken over as the answer of the current question, "" for nothing."""
        card = self._card(self._current)
        if card is not None:
            card.propose(told)

    def settle(self) -> bool:
        """Give what was typed and not given yet; False where it does not serve."""
        card = self._card(self._current)
        return card is None or card.settle()

    def type_in(self, text: str) -> None:
        """Type into the current question, wherever the focus was."""
        card = self._card(self._current)
        if card is not None:
            card.type_in(text)

    def stops(self) -> tuple[QWidget, ...]:
        """What Tab goes through, in order."""
        return tuple(stop for card in self.cards.values() for stop in (card, *card.fields))

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._reveal()
        return handled

    def _card(self, key: QuestionKey | None) -> QuestionCard | None:
        return None if key is None else self.cards.get(key)

    def _reveal(self) -> None:
        card = self._card(self._current)
        if card is None:
            return
        # far enough that the heading above the first question of a section is not cut
        self.ensureWidgetVisible(card, 0, 34)
        # the viewport: asking Qt for it has PySide look through every kind of widget it knows
        if card.height() > self.contentsRect().height():
            # of a question that does not fit, the beginning
            self.verticalScrollBar().setValue(card.y())

    def _build(self, sections: tuple[FormSection, ...]) -> None:
        """Put headings and cards in order; cards of questions that stay the same are kept."""
        kept, self.cards = self.cards, {}
        # removeWidget, not takeAt: that would leave Python the item, and the widget's size remembered in it
        for part in (*self._headings, *kept.values()):
            self._column.removeWidget(part)
        for heading in self._headings:
            heading.hide()
            heading.deleteLater()
        self._headings, self._notes = [], []
        for section in sections:
            self._headings.append(self._heading(section))
            self._place(self._headings[-1])
            for asked in section.questions:
                card = kept.get(asked.key)
                if card is None or card.question != asked.question:
                    card = self._new_card(asked)
                else:
                    del kept[asked.key]
                self.cards[asked.key] = card
                self._place(card)
        for card in kept.values():
            if _holds_focus(card):
                self.left.emit()
            card.hide()
            card.deleteLater()
        self.rebuilt.emit()

    def _place(self, part: QWidget) -> None:
        # before the stretch that keeps everything at the top
        self._column.insertWidget(self._column.count() - 1, part)
        part.show()

    def _new_card(self, asked: FormQuestion) -> QuestionCard:
        card = card_for(asked)
        card.entered.connect(self.question_entered)
        card.given.connect(self.answer_given)
        card.stepped.connect(self.stepped)
        card.passed.connect(self.passed)
        card.left.connect(self.left)
        card.refused.connect(self.refused)
        if isinstance(card, NumberCard):
            card.taken.connect(self.proposal_taken)
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
        self._notes.append(label(section.note, "quiet"))
        row.addWidget(self._notes[-1])
        return line


def _holds_focus(widget: QWidget) -> bool:
    focus = QApplication.focusWidget()
    return focus is not None and (focus is widget or widget.isAncestorOf(focus))
