"""One series: what it is, what stands against it, what a person may say of it, and what can be done."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from widgets.parts import frame, label, restyle, spoken


@dataclass(frozen=True)
class Said:
    """A value, where it is from, and whether a person may give another."""

    text: str
    source: str
    open: bool = False


@dataclass(frozen=True)
class SeriesCard:
    """What the form shows of a series; `parts`, as (value, name), are offered where they may be chosen."""

    title: str
    scanner: str
    place: str
    whole_place: str
    problems: tuple[str, ...]
    field: Said
    times: Said
    part: Said
    parts: tuple[tuple[str, str], ...]
    ready: bool
    left_out: bool


class SeriesForm(QWidget):
    """Values in, wishes out; an empty form says what to do."""

    field_given = Signal(str)
    times_given = Signal(str)
    part_given = Signal(str)
    left_out_changed = Signal(bool)
    map_requested = Signal()
    save_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("series_form")
        self.title = label("", "heading", name="series_title", wrap=True)
        self.scanner = label("", "quiet", name="series_scanner", wrap=True)
        self.place = label("", "quiet", name="series_place", wrap=True)
        self.field = _line("series_field", self.tr("Field strength in tesla"), self.tr("3 or 0.064"))
        self.field.setFixedWidth(96)
        self.times = _line("series_times", self.tr("Echo times in milliseconds"), "2.5, 5, 7.5")
        self.part = QComboBox()
        spoken(self.part, "series_part", self.tr("What the pictures show"))
        self.notes = {
            name: label("", "quiet", name=f"series_{name}_note", wrap=True)
            for name in ("field", "times", "part")
        }
        self.left_out = QPushButton(self.tr("Leave out"))
        self.left_out.setCheckable(True)
        spoken(self.left_out, "series_left_out", self.tr("Leave this series out"))
        self.map = QPushButton(self.tr("Map R2*"))
        self.map.setProperty("role", "main")
        spoken(self.map, "series_map", self.map.text(), self.tr("Compute R2* of this series (Ctrl+M)"))
        self.save = QPushButton(self.tr("Save maps …"))
        tip = self.tr("Write the maps into a folder (Ctrl+S)")
        spoken(self.save, "series_save", self.tr("Save maps"), tip)
        self.result = label("", "", name="series_result", wrap=True)
        self._shown: SeriesCard | None = None
        self._lay_out()
        self.field.editingFinished.connect(self._on_field)
        self.times.editingFinished.connect(self._on_times)
        self.part.activated.connect(lambda _: self.part_given.emit(self.part.currentData()))
        self.left_out.toggled.connect(self.left_out_changed)
        self.map.clicked.connect(self.map_requested)
        self.save.clicked.connect(self.save_requested)
        self.show_card(None)

    def put_above_buttons(self, part: QWidget) -> None:
        """Lay something below the text, which gives way to it."""
        self._column.insertWidget(1, part)

    def show_card(self, card: SeriesCard | None) -> None:
        """Show a series, or nothing."""
        self._shown = card
        self._body.setVisible(card is not None)
        for part in (self.map, self.save, self.left_out):
            part.setVisible(card is not None)
        if card is None:
            return
        self.title.setText(breakable(card.title))
        self.scanner.setText(breakable(card.scanner))
        self.scanner.setVisible(bool(card.scanner))
        self.place.setText(breakable(card.place))
        self.place.setToolTip(card.whole_place)
        self._show_problems(card)
        for name, box, said in (("field", self.field, card.field), ("times", self.times, card.times)):
            box.setText(said.text)
            box.setCursorPosition(0)
            box.setReadOnly(not said.open)
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus if said.open else Qt.FocusPolicy.ClickFocus)
            restyle(box, kept=not said.open)
            self.notes[name].setText(said.source)
            box.setAccessibleDescription(said.source)
        self.part.clear()
        for value, name in card.parts if card.part.open else [("", card.part.text)]:
            self.part.addItem(name, value)
        self.part.setCurrentText(card.part.text)
        self.part.setEnabled(card.part.open)
        self.notes["part"].setText(card.part.source)
        self.notes["part"].setVisible(bool(card.part.source))
        self.left_out.blockSignals(True)
        self.left_out.setChecked(card.left_out)
        self.left_out.blockSignals(False)
        self.left_out.setText(self.tr("Use it again") if card.left_out else self.tr("Leave out"))
        self.map.setEnabled(card.ready)

    def commit(self) -> None:
        """Say what was typed and not yet confirmed by Enter."""
        self._on_field()
        self._on_times()

    def show_result(self, text: str, *, can_save: bool) -> None:
        """Tell what the map says, and whether there is one to save."""
        self.result.setText(text)
        self.result.setVisible(bool(text))
        self.save.setEnabled(can_save)

    def _show_problems(self, card: SeriesCard) -> None:
        while self._problems.count():
            self._problems.takeAt(0).widget().deleteLater()
        role = "" if card.ready else "warning"
        for number, problem in enumerate(card.problems):
            text = breakable(f"{problem[:1].upper()}{problem[1:]}")
            line = label(text, role, name=f"problem-{number}", wrap=True)
            self._problems.addWidget(label("•", role), number, 0, Qt.AlignmentFlag.AlignTop)
            self._problems.addWidget(line, number, 1)

    def _on_field(self) -> None:
        if self._shown is not None and self._shown.field.open and self.field.text() != self._shown.field.text:
            self.field_given.emit(self.field.text())

    def _on_times(self) -> None:
        if self._shown is not None and self._shown.times.open and self.times.text() != self._shown.times.text:
            self.times_given.emit(self.times.text())

    def _lay_out(self) -> None:
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(14, 10, 10, 8)
        body.setSpacing(4)
        for part in (self.title, self.scanner, self.place):
            body.addWidget(part)
        body.addSpacing(4)
        self._problems = QGridLayout()
        self._problems.setHorizontalSpacing(7)
        self._problems.setVerticalSpacing(3)
        self._problems.setColumnStretch(1, 1)
        body.addLayout(self._problems)
        body.addSpacing(6)
        body.addWidget(frame("line"))
        body.addSpacing(4)
        body.addLayout(self._values())
        body.addSpacing(6)
        body.addWidget(self.result)
        body.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        buttons = QHBoxLayout()
        buttons.setContentsMargins(12, 8, 12, 10)
        buttons.setSpacing(8)
        buttons.addWidget(self.map, 1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.left_out)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(scroll, 1)
        column.addWidget(frame("line"))
        column.addLayout(buttons)

    def _values(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        for row, (text, box) in enumerate(
            ((self.tr("Field"), self.field), (self.tr("Echo times"), self.times))
        ):
            grid.addWidget(_named(text, box), row, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.notes["field"], 0, 2)
        grid.addWidget(self.times, 1, 1, 1, 2)
        grid.addWidget(self.notes["times"], 2, 1, 1, 2)
        grid.addWidget(_named(self.tr("Shows"), self.part), 3, 0)
        grid.addWidget(self.part, 3, 1, 1, 2)
        grid.addWidget(self.notes["part"], 4, 1, 1, 2)
        grid.setColumnStretch(2, 1)
        return grid


def breakable(text: str) -> str:
    """Let long words end a line, or a name without a space would make the form wide."""
    return re.sub(r"(\w{18}|[/\\_-])(?=\S)", "\\1\u200b", text)


def _named(text: str, box: QWidget) -> QLabel:
    made = label(text, "quiet")
    made.setBuddy(box)
    return made


def _line(name: str, text: str, example: str) -> QLineEdit:
    box = QLineEdit()
    box.setPlaceholderText(example)
    tip = QCoreApplication.translate("SeriesForm", "{what}; type and press Enter")
    spoken(box, name, text, tip.format(what=text))
    return box
