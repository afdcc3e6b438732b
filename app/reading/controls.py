"""Look, mouse and keys as this person wants them: presets, and every binding changed one by one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.actions import READING, Deed, keys_of, sequence
from app.look import Look
from app.settings import Settings
from app.theme import THEMES, still, theme
from widgets.mouse import DRAG_INPUTS, DRAGS, PRESETS, ROLLS, WHEEL_INPUTS, bindings, told
from widgets.parts import label, spoken
from widgets.words import said


class ControlsDialog(QDialog):
    """Every change holds at once and is kept; a key that something else has already is refused."""

    def __init__(self, parent: QWidget, settings: Settings, apply: Callable[[], None], look: Look) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setObjectName("controls_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings, self._apply, self._look = settings, apply, look
        self.theme = QComboBox()
        tip = self.tr("How the windows look; pictures stay on black")
        spoken(self.theme, "theme", self.tr("Theme"), tip)
        for name, text in THEMES.items():
            self.theme.addItem(said(text), name)
        self.still = QCheckBox(self.tr("Nothing moves by itself"))
        spoken(self.still, "still", self.still.text(), self.tr("No blinking, fading or sliding"))
        self._inputs: dict[str, QComboBox] = {}
        self._keys: dict[str, QKeySequenceEdit] = {}
        self.preset = QComboBox()
        spoken(
            self.preset, "mouse_preset", self.tr("Mouse as in"), self.tr("Which program the mouse works like")
        )
        for name, preset in PRESETS.items():
            self.preset.addItem(said(preset.title), name)
        self.note = label("", "warning", name="controls_note", wrap=True)
        self.usual = QPushButton(self.tr("Usual keys and mouse"))
        spoken(self.usual, "controls_usual", self.usual.text(), self.tr("Take back every change"))
        self._lay_out()
        self._show()
        look.changed.connect(self._show)
        self.theme.currentIndexChanged.connect(lambda _: look.wear(self.theme.currentData()))
        self.still.toggled.connect(look.hold_still)
        self.preset.currentIndexChanged.connect(self._on_preset)
        self.usual.clicked.connect(self._on_usual)

    def _lay_out(self) -> None:
        mouse = QGridLayout()
        mouse.setVerticalSpacing(5)
        mouse.addWidget(label(self.tr("Mouse as in")), 0, 0)
        mouse.addWidget(self.preset, 0, 1)
        for line, put in enumerate((*DRAG_INPUTS, *WHEEL_INPUTS), start=1):
            combo = QComboBox()
            spoken(combo, f"mouse-{put}", self.tr("{input} does").format(input=told(put)), told(put))
            for deed, text in (ROLLS if put in WHEEL_INPUTS else DRAGS).items():
                combo.addItem(said(text), deed)
            combo.currentIndexChanged.connect(lambda _, put=put: self._on_input(put))
            self._inputs[put] = combo
            mouse.addWidget(label(told(put)), line, 0)
            mouse.addWidget(combo, line, 1)
        theme = QHBoxLayout()
        theme.addWidget(label(self.tr("Theme")))
        theme.addWidget(self.theme, 1)
        left = QVBoxLayout()
        left.addWidget(label(self.tr("Look").upper(), "title"))
        left.addLayout(theme)
        left.addWidget(self.still)
        left.addSpacing(8)
        left.addWidget(label(self.tr("Mouse").upper(), "title"))
        left.addLayout(mouse)
        left.addStretch(1)
        left.addWidget(self.usual, 0, Qt.AlignmentFlag.AlignLeft)
        table = QWidget()
        keys = QGridLayout(table)
        keys.setVerticalSpacing(6)
        for line, deed in enumerate(READING):
            edit = QKeySequenceEdit()
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            name = self.tr("Key for {action}").format(action=deed.said)
            spoken(edit, f"key-{deed.name}", name, self.tr("Press the key; clear it to use none"))
            edit.editingFinished.connect(lambda deed=deed: self._on_key(deed))
            self._keys[deed.name] = edit
            keys.addWidget(label(deed.said), line, 0)
            keys.addWidget(edit, line, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(table)
        area.setMinimumWidth(table.sizeHint().width() + 24)
        right = QVBoxLayout()
        right.addWidget(label(self.tr("Keys").upper(), "title"))
        right.addWidget(area, 1)
        right.addWidget(self.note)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(20, 16, 20, 16)
        columns.setSpacing(28)
        columns.addLayout(left)
        columns.addLayout(right, 1)
        self.resize(self.sizeHint().width(), 540)

    def _show(self) -> None:
        """Show what the settings say; nothing is said of it."""
        settings = self._settings
        bound = bindings(settings.mouse_preset, settings.mouse)
        for put, combo in self._inputs.items():
            deed = bound.get(put) or bound[put.rpartition("+")[2]]
            _choose(combo, deed)
        _choose(self.preset, settings.mouse_preset)
        _choose(self.theme, theme())
        self.still.blockSignals(True)
        self.still.setChecked(still())
        self.still.blockSignals(False)
        for deed in READING:
            keys = keys_of(deed, settings.keys)
            self._keys[deed.name].setKeySequence(sequence(keys[0] if keys else ""))

    def _on_preset(self) -> None:
        self._settings.mouse_preset, self._settings.mouse = self.preset.currentData(), {}
        self._changed()

    def _on_input(self, put: str) -> None:
        self._settings.mouse[put] = self._inputs[put].currentData()
        self._changed()

    def _on_key(self, deed: Deed) -> None:
        wanted = self._keys[deed.name].keySequence()
        before = keys_of(deed, self._settings.keys)
        if wanted == sequence(before[0] if before else ""):
            return
        other = next((each for each in READING if each != deed and self._has(each, wanted)), None)
        if other is not None and not wanted.isEmpty():
            name = wanted.toString(QKeySequence.SequenceFormat.NativeText)
            taken = self.tr("{key} belongs to “{action}”; give that another key first")
            self.note.setText(taken.format(key=name, action=other.said))
            self._show()
            return
        # written as Qt writes it on every system
        self._settings.keys[deed.name] = wanted.toString(QKeySequence.SequenceFormat.PortableText)
        self._changed()

    def _has(self, deed: Deed, wanted: QKeySequence) -> bool:
        return any(sequence(key) == wanted for key in keys_of(deed, self._settings.keys))

    def _on_usual(self) -> None:
        self._settings.mouse_preset, self._settings.mouse, self._settings.keys = "pacs", {}, {}
        self._changed()

    def _changed(self) -> None:
        self.note.clear()
        self._apply()
        self._show()


def _choose(combo: QComboBox, value: str) -> None:
    combo.blockSignals(True)
    combo.setCurrentIndex(max(combo.findData(value), 0))
    combo.blockSignals(False)
