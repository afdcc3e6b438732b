"""What a trial fit is made with: method, first and last echo, tissue only; and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QPushButton, QSlider, QVBoxLayout, QWidget

from widgets.parts import Slider, frame, label, restyle, spoken

# width, and height of what it says in two or three lines; the wider one where there is less height
_NARROW_PX, _WIDE_PX = (250, 51), (350, 34)
_CORNER_PX = 6  # from the corner of the picture


@dataclass(frozen=True)
class TrialChoice:
    """What is chosen; echoes count from 0, both ends belong to it."""

    method: str
    first: int
    last: int
    masked: bool


class TrialPanel(QWidget):
    """Floats over the upper left corner of `over`, a widget inside the parent, and can be dragged away."""

    choice_changed = Signal(object)  # TrialChoice
    left = Signal()  # back to the study's map

    def __init__(self, parent: QWidget, over: QWidget) -> None:
        super().__init__(parent)
        self._over, self._held = over, QPoint()
        self._te_ms: tuple[float, ...] = ()
        spoken(self, "trial", self.tr("Trial fit"), " ")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.method = QComboBox()
        spoken(self.method, "trial_method", self.tr("Method of the trial fit"))
        self.first, self.last = Slider(), Slider()
        for slider, name, text in (
            (self.first, "trial_first", self.tr("First echo of the trial fit")),
            (self.last, "trial_last", self.tr("Last echo of the trial fit")),
        ):
            spoken(slider, name, text, self.tr("{slider}; Left and Right change it").format(slider=text))
        self.first_text = label("", "figure", name="trial_first_text")
        self.last_text = label("", "figure", name="trial_last_text")
        self.masked = QCheckBox(self.tr("Tissue only"))
        tip = self.tr("Leave out the air, as the study's map does")
        spoken(self.masked, "trial_masked", self.masked.text(), tip)
        self.note = label("", "quiet", name="trial_note", wrap=True)
        self.back = QPushButton(self.tr("Back to the study's map"))
        spoken(self.back, "trial_back", self.back.text(), self.tr("Back to the study's map (G)"))
        self._lay_out()
        self.method.currentIndexChanged.connect(self._say)
        self.masked.toggled.connect(self._say)
        self.first.valueChanged.connect(lambda value: self._on_echo(self.first, value))
        self.last.valueChanged.connect(lambda value: self._on_echo(self.last, value))
        self.back.clicked.connect(self.left)
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        body = frame("float")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(body)
        self._column = column = QVBoxLayout(body)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(5)
        says = self.tr("Trial fit – the study's map is what is recorded")
        column.addWidget(label(says, "warning", name="trial_says", wrap=True))
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        grid.addWidget(label(self.tr("Method")), 0, 0)
        grid.addWidget(self.method, 0, 1, 1, 2)
        for line, (text, slider, told) in enumerate(
            ((self.tr("From"), self.first, self.first_text), (self.tr("To"), self.last, self.last_text)),
            start=1,
        ):
            grid.addWidget(label(text), line, 0)
            grid.addWidget(slider, line, 1)
            grid.addWidget(told, line, 2)
            told.setMinimumWidth(72)
            told.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(grid)
        column.addWidget(self.masked)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.note)
        column.addWidget(self.back)
        self._shape(_NARROW_PX)

    def _shape(self, size: tuple[int, int]) -> None:
        self.setFixedWidth(size[0])
        # as high as its longest text, always: the panel must not jump under the hand
        self.note.setFixedHeight(size[1])
        for column in (self._column, self.layout()):
            column.invalidate()
        self.resize(size[0], self.layout().totalHeightForWidth(size[0]))

    def open(
        self, methods: tuple[tuple[str, str], ...], te_ms: tuple[float, ...], choice: TrialChoice
    ) -> None:
        """Show the panel with these methods (id, name) and echoes; nothing is said of the choice."""
        self._te_ms = te_ms
        for part in (self.method, self.first, self.last, self.masked):
            part.blockSignals(True)
        self.method.clear()
        for key, name in methods:
            self.method.addItem(name, key)
        self.method.setCurrentIndex(self.method.findData(choice.method))
        for slider, value in ((self.first, choice.first), (self.last, choice.last)):
            slider.setRange(0, len(te_ms) - 1)
            slider.setValue(value)
        self.masked.setChecked(choice.masked)
        for part in (self.method, self.first, self.last, self.masked):
            part.blockSignals(False)
        self._tell_echoes()
        self.say("")
        self._settle()
        self.show()
        self.raise_()

    @property
    def choice(self) -> TrialChoice:
        """What is chosen now."""
        return TrialChoice(
            self.method.currentData() or "", self.first.value(), self.last.value(), self.masked.isChecked()
        )

    def controls(self) -> tuple[QWidget, ...]:
        """Return what can be used, as one reads."""
        return self.method, self.first, self.last, self.masked, self.back

    def say(self, text: str, *, warning: bool = False) -> None:
        """Say how it goes, in a line or two."""
        restyle(self.note, role="warning" if warning else "quiet")
        self.note.setText(text)
        self.note.setAccessibleName(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self._settle()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move_to(self.mapToParent(event.position().toPoint()) - self._held)

    def _settle(self) -> None:
        """Go to the corner; whatever lies below shall stay in view."""
        self._shape(_NARROW_PX)
        if self.height() + 2 * _CORNER_PX > self._over.height():
            self._shape(_WIDE_PX)
        self._move_to(self._over.mapTo(self.parentWidget(), QPoint(_CORNER_PX, _CORNER_PX)))

    def _move_to(self, place: QPoint) -> None:
        room = self.parentWidget().size() - self.size()
        self.move(min(max(place.x(), 0), room.width()), min(max(place.y(), 0), room.height()))

    def _on_echo(self, moved: QSlider, value: int) -> None:
        # a fit needs two echoes: the other end gives way
        if self.last.value() <= self.first.value():
            other = self.last if moved is self.first else self.first
            place = value + 1 if moved is self.first else value - 1
            with_room = min(max(place, 0), len(self._te_ms) - 1)
            other.blockSignals(True)
            other.setValue(with_room)
            other.blockSignals(False)
            moved.blockSignals(True)
            moved.setValue(with_room - 1 if moved is self.first else with_room + 1)
            moved.blockSignals(False)
        self._tell_echoes()
        self._say()

    def _tell_echoes(self) -> None:
        for slider, told in ((self.first, self.first_text), (self.last, self.last_text)):
            if self._te_ms:
                told.setText(f"{slider.value() + 1}: {self._te_ms[slider.value()]:.4g} ms")

    def _say(self) -> None:
        self.choice_changed.emit(self.choice)
