"""All keys and gestures on one page (F1)."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.actions import GESTURES, READING, key_name, keys_of
from app.settings import Settings
from widgets.mouse import DRAGS, ROLLS, bindings, told
from widgets.parts import label
from widgets.words import said


class KeysDialog(QDialog):
    """Stays open beside the work; Esc closes it."""

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys and mouse"))
        self.setObjectName("keys_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(24)
        for menus in (("Tools", "Edit"), ("View",), ("", "Case", "Help")):
            column = QVBoxLayout()
            column.setSpacing(6)
            for menu in menus:
                column.addWidget(label((said(menu) if menu else self.tr("Mouse and views")).upper(), "title"))
                column.addLayout(_table(_rows(menu, settings)))
                column.addSpacing(12)
            column.addStretch(1)
            columns.addLayout(column)


def _rows(menu: str, settings: Settings) -> list[tuple[str, str]]:
    if not menu:
        bound = bindings(settings.mouse_preset, settings.mouse)
        deeds = {**DRAGS, **ROLLS}
        mouse = [(told(put), said(deeds[deed])) for put, deed in bound.items() if deed != "nothing"]
        return [*mouse, *((said(keys), said(text)) for keys, text in GESTURES)]
    return [
        (", ".join(key_name(key) for key in keys_of(deed, settings.keys)), deed.said)
        for deed in READING
        if deed.menu == menu
    ]


def _table(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(4)
    for line, (keys, text) in enumerate(rows):
        grid.addWidget(label(keys, "keys"), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(label(text), line, 1)
    grid.setColumnStretch(1, 1)
    return grid
