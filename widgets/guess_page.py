"""What each case is believed to have been: a table of cases, and the choices of the cell that is chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from widgets.parts import frame, in_tab_order, label, restyle, spoken

Guesses = Mapping[tuple[str, str], str | None]  # by alias and of what; None: the rater does not know
_MOST_KEYS = 9
_CHOICES_PX = 220
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MOVES = (
    Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
)  # fmt: skip


class GuessTable(QTableWidget):
    """One row for each case. Figures, arrows and Enter are its own while it has the focus."""

    figure_typed = Signal(int)
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentCellChanged.connect(self._on_moved)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not _own(event) or event.key() in _MOVES:
            super().keyPressEvent(event)
        elif event.key() in _ENTER:
            self.entered.emit()
        else:
            self.figure_typed.emit(event.key() - Qt.Key.Key_0)

    def _on_moved(self, row: int, column: int) -> None:
        # the names of the cases are there to be read
        if column == 0 and self.columnCount() > 1:
            self.setCurrentCell(row, 1)


def _own(event: QKeyEvent) -> bool:
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    figure = Qt.Key.Key_0 <= event.key() <= Qt.Key.Key_9
    return plain and (figure or event.key() in _ENTER or event.key() in _MOVES)


class GuessPage(QWidget):
    """The page. It keeps nothing: `given` says what was chosen, `set_guesses` shows what was kept."""

    given = Signal(str, str, object)  # alias, of what, the choice or None
    confirmed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spoken(self, "guess_page", self.tr("What you believe each case was"), " ")
        self._cases: tuple[tuple[int, str], ...] = ()
        self._asked: Mapping[str, tuple[str, Sequence[str]]] = {}
        self._guesses: Guesses = {}
        self._buttons: dict[str, dict[str | None, QPushButton]] = {}
        self.state = label("", "quiet", name="guess_state", wrap=True)
        self.table = GuessTable()
        spoken(self.table, "guess_table", self.tr("Cases and what they are believed to be"), " ")
        self.choices = QStackedWidget()
        self.choices.setFixedWidth(_CHOICES_PX)
        self.back = QPushButton(self.tr("Back to the pictures"))
        self.confirm = QPushButton(self.tr("Give these guesses for good"))
        self.confirm.setProperty("role", "main")
        for button, name, signal in (
            (self.back, "guess_back", self.left),
            (self.confirm, "guess_confirm", self.confirmed),
        ):
            button.setAutoDefault(True)
            spoken(button, name, button.text())
            button.clicked.connect(signal)
        self.table.figure_typed.connect(self._on_figure)
        self.table.entered.connect(self.advance)
        self.table.currentCellChanged.connect(lambda *_: self._show_choices())
        self._lay_out()

    def _lay_out(self) -> None:
        told = self.tr(
            "All cases are signed. For every case, say what you believe it was, or that you do not know: "
            "the study reports how well its blinding held. No reading changes by it."
        )
        self.why = label(told, name="guess_why", wrap=True)
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addWidget(self.table, 1)
        body.addWidget(self.choices, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.addWidget(self.state, 1)
        foot.addWidget(self.back)
        foot.addWidget(self.confirm)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 16, 14)
        column.setSpacing(10)
        column.addWidget(label(self.accessibleName(), "heading", name="guess_title", wrap=True))
        column.addWidget(self.why)
        column.addLayout(body, 1)
        column.addWidget(frame("line"))
        column.addLayout(foot)

    def set_asked(
        self, cases: Sequence[tuple[int, str]], asked: Mapping[str, tuple[str, Sequence[str]]]
    ) -> None:
        """Ask of these cases, by number and alias, in this order.

        `asked`: what is guessed, with its title and its choices in the order in which they are offered.
        """
        self._cases, self._asked, self._guesses = tuple(cases), asked, {}
        self.table.setRowCount(len(cases))
        self.table.setColumnCount(1 + len(asked))
        titles = [self.tr("Case"), *(title for title, _ in asked.values())]
        self.table.setHorizontalHeaderLabels(titles)
        for column in range(self.table.columnCount()):
            self.table.horizontalHeaderItem(column).setTextAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for row, (number, alias) in enumerate(cases):
            name = QTableWidgetItem(f"{number}.  {alias}")
            name.setFlags(Qt.ItemFlag.ItemIsEnabled)
            self.table.setItem(row, 0, name)
            for column in range(1, self.table.columnCount()):
                self.table.setItem(row, column, QTableWidgetItem())
        while self.choices.count():
            self.choices.removeWidget(self.choices.widget(0))
        for of, (title, choices) in asked.items():
            self.choices.addWidget(self._choices_of(of, title, choices))
        buttons = (button for of_one in self._buttons.values() for button in of_one.values())
        in_tab_order((self.table, *buttons, self.back, self.confirm))

    def set_guesses(self, guesses: Guesses) -> None:
        """Show what is kept."""
        self._guesses = dict(guesses)
        for row, (_, alias) in enumerate(self._cases):
            for column, of in enumerate(self._asked, start=1):
                item = self.table.item(row, column)
                item.setText(self._told(alias, of))
                title = self._asked[of][0]
                told = self.tr("Case {alias}, {title}: {guess}")
                words = told.format(alias=alias, title=title, guess=item.text() or self.tr("not given"))
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        done, needed = len(self._guesses), len(self._cases) * len(self._asked)
        text = self.tr("{done} of {all} given, and kept. You can leave and go on later.")
        if done == needed:
            text = self.tr("All are given. They can be changed until you give them for good.")
        self.state.setText(text.format(done=done, all=needed))
        restyle(self.state, role="good" if done == needed else "quiet")
        self.confirm.setEnabled(done == needed)
        self._show_choices()

    def begin(self) -> None:
        """Take the keys, at the first that is not given."""
        place = self._next_open(-1)
        self._go_to(0 if place is None else place)

    def advance(self) -> None:
        """Go to the next that is not given; to what ends it where that was the last."""
        place = self._next_open(self._place)
        if place is None:
            self.confirm.setFocus()
        else:
            self._go_to(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    # ---- cells, counted as one reads

    @property
    def _place(self) -> int:
        return self.table.currentRow() * len(self._asked) + max(self.table.currentColumn() - 1, 0)

    def _next_open(self, place: int) -> int | None:
        cells = [(alias, of) for _, alias in self._cases for of in self._asked]
        order = [*range(place + 1, len(cells)), *range(place + 1)]
        return next((each for each in order if cells[each] not in self._guesses), None)

    def _go_to(self, place: int) -> None:
        row, column = divmod(place, max(len(self._asked), 1))
        self.table.setCurrentCell(row, column + 1)
        self.table.setFocus()

    @property
    def _cell(self) -> tuple[str, str] | None:
        """The alias and what is asked, of the chosen cell."""
        row, column = self.table.currentRow(), self.table.currentColumn()
        if row < 0 or column < 1:
            return None
        return self._cases[row][1], list(self._asked)[column - 1]

    # ---- choices

    def _choices_of(self, of: str, title: str, choices: Sequence[str]) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        column.addWidget(label(title.upper(), "title"))
        self._buttons[of] = {}
        named = [*enumerate(choices, start=1), (0, None)]
        for number, choice in named:
            text = self.tr("don't know") if choice is None else choice
            key = f"{number}   " if number <= _MOST_KEYS else ""
            button = QPushButton(key + text.replace("&", "&&"))
            button.setProperty("role", "choice")
            button.setCheckable(True)
            button.setAutoDefault(True)
            spoken(button, f"guess-{of}-{number}", f"{title}: {text}", text)
            button.clicked.connect(lambda _=False, choice=choice: self._give(choice))
            self._buttons[of][choice] = button
            column.addWidget(button)
        column.addStretch(1)
        return inside

    def _show_choices(self) -> None:
        if self._cell is None:
            return
        alias, of = self._cell
        self.choices.setCurrentIndex(list(self._asked).index(of))
        known = (alias, of) in self._guesses
        for choice, button in self._buttons[of].items():
            button.setChecked(known and self._guesses[alias, of] == choice)

    def _told(self, alias: str, of: str) -> str:
        if (alias, of) not in self._guesses:
            return ""
        choice = self._guesses[alias, of]
        return self.tr("don't know") if choice is None else choice

    def _on_figure(self, number: int) -> None:
        if self._cell is None:
            return
        choices = self._asked[self._cell[1]][1]
        if number <= len(choices):
            self._give(choices[number - 1] if number else None)

    def _give(self, choice: str | None) -> None:
        if self._cell is not None:
            self._show_choices()  # a button that was clicked is checked when its guess is kept
            self.given.emit(*self._cell, choice)
