"""One question of the form: its choices, its number or its text, folded to the answer while it rests."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from core.errors import InputError
from core.reading.questions import LARGEST_NUMBER, Question, Value
from widgets.choice_row import ChoiceRow
from widgets.parts import label, restyle, spoken

QuestionKey = tuple[str, str | None]  # question id, and the mark or region it is about; None: the case

# a text is kept when the hand has rested so long, so that a crash loses no more
_TEXT_RESTS_MS = 1500
# how many characters may still come is told from here on
_LEFT_TOLD = 60
# beside an answer, within its coloured ground
_CHIP_PX = 5
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True)
class FormQuestion:
    """One question as it stands; `wanted`: the step cannot be closed without its answer."""

    key: QuestionKey
    question: Question
    value: Value | None
    locked: bool
    wanted: bool = True


class QuestionCard(QFrame):
    """What all questions have. Tab or a click makes one the current one."""

    entered = Signal(object)  # QuestionKey
    given = Signal(object, object)  # QuestionKey, the answer or None where it is taken back
    stepped = Signal(int)  # the question after or before is asked for
    passed = Signal()  # Enter: done with this one
    left = Signal()  # Esc: back to the pictures
    refused = Signal(str)  # what was typed does not serve; core's own words

    def __init__(self, asked: FormQuestion) -> None:
        super().__init__()
        self.key, self.question = asked.key, asked.question
        self.value: Value | None = None
        self.setProperty("role", "question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setObjectName(self.part("question"))
        self.text = label(asked.question.text, wrap=True)
        self.answer = label("", "quiet", name=f"answer-of-{self.objectName()}")
        self.answer.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.answer.setMinimumWidth(26)
        self.body = QWidget()
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
        self._fill(self.body)
        self.update_to(asked)

    def part(self, what: str, *more: str) -> str:
        """Return the object name of a part: "choice-size-4", with the mark's id where it is about one."""
        return "-".join(filter(None, (what, *self.key, *more)))

    @property
    def fields(self) -> tuple[QWidget, ...]:
        """What is typed into or ticked, in order; it takes the keys in the card's place while unfolded."""
        return ()

    def update_to(self, asked: FormQuestion) -> None:
        """Show the answer as it stands."""
        self.value = asked.value
        self._show(asked)
        told = self._told()
        restyle(self.answer, role="answered" if told else "quiet")
        # here, since a padding that a style sheet gives later is left out of a label's size
        self.answer.setContentsMargins(_CHIP_PX if told else 0, 0, _CHIP_PX if told else 0, 0)
        self.answer.setText(told or ("–" if asked.wanted else self.tr("optional")))
        state = self._spoken_answer() if told else self.tr("not answered")
        if asked.locked:
            state = self.tr("{state}, locked").format(state=state)
        self.setAccessibleName(f"{self.question.text} {state}")

    def set_current(self, current: bool) -> None:
        """Unfold or fold what answers it."""
        self.body.setVisible(current)
        inner = current and bool(self.fields)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus if inner else Qt.FocusPolicy.StrongFocus)
        restyle(self, current=current)

    def settle(self) -> bool:
        """Give what was typed and not given yet; False and `refused` where it does not serve."""
        return True

    def type_in(self, text: str) -> None:
        """Begin to type, as if the field had the focus."""

    def propose(self, told: str) -> None:
        """Show a value that can be taken over, "" for none."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit(self.key)
        if self.fields and self.body.isVisible():
            backwards = event.reason() == Qt.FocusReason.BacktabFocusReason
            self.fields[-1 if backwards else 0].setFocus(event.reason())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.entered.emit(self.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Taken here, before the scroll area round us scrolls by it."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in _ENTER and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            if self.settle():
                self.passed.emit()
        else:
            if key == Qt.Key.Key_Escape:
                self._leave()
                self.left.emit()
            super().keyPressEvent(event)

    def _fill(self, body: QWidget) -> None:
        """Make what answers the question."""
        raise NotImplementedError

    def _show(self, asked: FormQuestion) -> None:
        """Show `self.value` in it."""
        raise NotImplementedError

    def _leave(self) -> None:
        """Do with what was typed and not given what Esc does."""

    def _told(self) -> str:
        """Return the answer as it stands beside the folded question, "" for none."""
        return "" if self.value is None else str(self.value)

    def _spoken_answer(self) -> str:
        return self.tr("answered {value}").format(value=self._told())


class ChoiceCard(QuestionCard):
    """One row for each choice, with its anchor text."""

    def _fill(self, body: QWidget) -> None:
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(1)
        self.rows = tuple(ChoiceRow(choice, body) for choice in self.question.choices)
        for row in self.rows:
            value = row.choice.value
            row.setObjectName(self.part("choice", str(value)))
            row.clicked.connect(lambda _=False, value=value: self.given.emit(self.key, value))
            column.addWidget(row)

    def _show(self, asked: FormQuestion) -> None:
        for row in self.rows:
            row.setEnabled(not asked.locked)
            row.setChecked(row.choice.value == self.value)

    def _spoken_answer(self) -> str:
        chosen = next(row.choice for row in self.rows if row.choice.value == self.value)
        return self.tr("answered {value}, {label}").format(value=chosen.value, label=chosen.label)


class NumberField(QLineEdit):
    """Takes figures; every other key stays what it is for the window, tools among them."""

    focused = Signal()
    abandoned = Signal()  # the focus has gone elsewhere in the window
    _SIGNS = "0123456789.,+-"
    # of keys with Ctrl, those that edit
    _EDITS = (
        Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_Y, Qt.Key.Key_Z,
        Qt.Key.Key_Backspace,
    )  # fmt: skip

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_foreign(event):
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # the card answers Enter, Esc, Up and Down
        if self._is_foreign(event) or Qt.Key(event.key()) in (*_ENTER, *_STEPS, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason):
            self.abandoned.emit()

    def _is_foreign(self, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return Qt.Key(event.key()) not in self._EDITS
        return bool(event.text()) and event.text().isprintable() and event.text() not in self._SIGNS


class NumberCard(QuestionCard):
    """A field with its unit; what does not serve is said beside it and never given."""

    taken = Signal()  # the proposed value is taken over

    def _fill(self, body: QWidget) -> None:
        self.field = NumberField()
        self.field.setFixedWidth(84)
        self.field.setMaxLength(16)
        spoken(self.field, self.part("field"), self.question.text, self._range() or " ")
        self.note = label(self._range(), "quiet", name=self.part("note"), wrap=True)
        self.proposal = QPushButton()
        self.proposal.setProperty("role", "proposal")
        self.proposal.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        spoken(self.proposal, self.part("proposal"), self.tr("Take the measured value over"))
        self.proposal.hide()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field)
        row.addWidget(label(self.question.unit))
        row.addWidget(self.note, 1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, 0, 6)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.proposal)
        self.field.textEdited.connect(lambda _: self._check())
        self.field.focused.connect(lambda: self.entered.emit(self.key))
        self.field.abandoned.connect(self.settle)
        self.proposal.clicked.connect(lambda _: self.taken.emit())

    @property
    def fields(self) -> tuple[QWidget, ...]:
        return (self.field,)

    def settle(self) -> bool:
        typed = self.field.text().strip()
        if typed == self._typed(self.value):
            return True
        try:
            value = self.question.parse(typed) if typed else None
        except InputError as error:
            self._revert()
            self.refused.emit(str(error))
            return False
        self.given.emit(self.key, value)
        # what was kept, which is the old value where it could not be
        self._revert()
        return True

    def type_in(self, text: str) -> None:
        if self.field.isEnabled():
            if not self.field.hasFocus():
                # the first key replaces what is there, and no later one does
                self.field.setFocus()
                self.field.selectAll()
            self.field.insert(text)
            self._check()

    def propose(self, told: str) -> None:
        self.proposal.setText(told)
        self.proposal.setVisible(bool(told))

    def _show(self, asked: FormQuestion) -> None:
        self.field.setEnabled(not asked.locked)
        self.proposal.setEnabled(not asked.locked)
        # what is being typed stays
        if not self.field.isModified() or not self.field.hasFocus():
            self._revert()

    def _leave(self) -> None:
        self._revert()

    def _revert(self) -> None:
        self.field.setText(self._typed(self.value))
        self._check()

    def _check(self) -> None:
        doubt = self._doubt(self.field.text().strip())
        self.note.setText(doubt or self._range())
        restyle(self.note, role="warning" if doubt else "quiet")

    def _doubt(self, typed: str) -> str:
        """Say briefly what is wrong with what is typed, "" where it serves."""
        try:
            if typed:
                self.question.parse(typed)
            return ""
        except InputError:
            pass
        try:
            number = float(typed.replace(",", "."))
        except ValueError:
            return self.tr("not a number")
        if not self.question.least <= number <= self.question.most:
            return self.tr("outside {range}").format(range=self._range())
        step = f"{10**-self.question.decimals:.{self.question.decimals}f}"
        return self.tr("in steps of {step}").format(step=step)

    def _range(self) -> str:
        least, most = self.question.least, self.question.most
        if least == -LARGEST_NUMBER and most == LARGEST_NUMBER:
            return ""
        if most == LARGEST_NUMBER:
            return self.tr("from {least}").format(least=_plain(least))
        if least == -LARGEST_NUMBER:
            return self.tr("up to {most}").format(most=_plain(most))
        return self.tr("{least} to {most}").format(least=_plain(least), most=_plain(most))

    def _told(self) -> str:
        return "" if self.value is None else f"{self.value} {self.question.unit}".strip()

    @staticmethod
    def _typed(value: Value | None) -> str:
        return "" if value is None else str(value)


class TextField(QPlainTextEdit):
    """A few lines of text. Enter is done with it, Shift+Enter begins a line, Tab goes on."""

    focused = Signal()
    abandoned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(66)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, 66)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape or (key in _ENTER and not shifted):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.abandoned.emit()


class TextCard(QuestionCard):
    """A text; kept while it is written, whenever the hand rests."""

    def _fill(self, body: QWidget) -> None:
        self.field = TextField()
        spoken(self.field, self.part("field"), self.question.text, " ")
        self.note = label("", "quiet", name=self.part("note"))
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(0, 2, 0, 6)
        self.column.setSpacing(4)
        self.column.addWidget(self.field)
        self.column.addWidget(self.note)
        self.note.hide()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_TEXT_RESTS_MS)
        self._rest.timeout.connect(self._on_rest)
        self.field.textChanged.connect(self._on_typed)
        self.field.focused.connect(lambda: self.entered.emit(self.key))
        self.field.abandoned.connect(self.settle)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        return (self.field,)

    def settle(self) -> bool:
        self._rest.stop()
        value = self._written()
        if value == self.value:
            return True
        refusal = "" if value is None else self.question.refusal(value)
        if refusal:
            self.refused.emit(refusal)
            return False
        self.given.emit(self.key, value)
        return True

    def type_in(self, text: str) -> None:
        if self.field.isEnabled():
            self.field.setFocus()
            self.field.insertPlainText(text)

    def _leave(self) -> None:
        # of a text nothing is lost, whichever way it is left
        self.settle()

    def _written(self) -> Value | None:
        return self.field.toPlainText().strip() or None

    def _show(self, asked: FormQuestion) -> None:
        self.field.setEnabled(not asked.locked)
        # the cursor stays where it is while what is kept is what is written
        if not self._rest.isActive() and self._written() != self.value:
            self._revert()

    def _revert(self) -> None:
        self.field.setPlainText(str(self.value or ""))
        self._rest.stop()

    def _on_typed(self) -> None:
        self._rest.start()
        left = int(self.question.most) - len(self.field.toPlainText().strip())
        told = self.tr("%n character(s) left", "", left) if left >= 0 else self.tr("too long")
        self.note.setText(told)
        self.note.setVisible(left < _LEFT_TOLD)
        restyle(self.note, role="quiet" if left >= 0 else "warning")

    def _on_rest(self) -> None:
        # what is too long is told beside the field, and refused when it is left
        if not self.question.refusal(self._written() or ""):
            self.settle()

    def _told(self) -> str:
        return "" if self.value is None else "✓"

    def _spoken_answer(self) -> str:
        return self.tr("answered: {text}").format(text=self.value)


class FlagCard(TextCard):
    """A text that may be empty: a flag with words or without."""

    def _fill(self, body: QWidget) -> None:
        super()._fill(body)
        self.flag = QCheckBox(self.tr("Flagged"))
        spoken(self.flag, self.part("flag"), f"{self.question.text}: {self.flag.text()}", " ")
        self.column.insertWidget(0, self.flag)
        self.flag.clicked.connect(self._on_flag)

    @property
    def fields(self) -> tuple[QWidget, ...]:
        return (self.flag, self.field)

    def _written(self) -> Value | None:
        written = self.field.toPlainText().strip()
        return written if written or self.flag.isChecked() else None

    def _show(self, asked: FormQuestion) -> None:
        self.flag.setEnabled(not asked.locked)
        super()._show(asked)

    def _revert(self) -> None:
        self.flag.setChecked(self.value is not None)
        super()._revert()

    def _on_typed(self) -> None:
        super()._on_typed()
        if self.field.toPlainText().strip():
            self.flag.setChecked(True)

    def _on_flag(self, on: bool) -> None:
        if not on:
            self.field.clear()
        self.settle()

    def _told(self) -> str:
        return "" if self.value is None else "⚑"

    def _spoken_answer(self) -> str:
        return self.tr("flagged: {text}").format(text=self.value) if self.value else self.tr("flagged")


def _plain(number: float) -> str:
    return f"{number:.10g}"


def card_for(asked: FormQuestion) -> QuestionCard:
    """Make the card that a question's type needs."""
    if asked.question.type == "choice":
        return ChoiceCard(asked)
    if asked.question.type == "number":
        return NumberCard(asked)
    return FlagCard(asked) if asked.question.least == 0 else TextCard(asked)
