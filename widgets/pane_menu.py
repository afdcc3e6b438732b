"""What can be done with one pane: lists to choose from, and switches."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget


class PaneMenu(QMenu):
    """A menu of lists; `chosen` tells which list, and which of its values."""

    chosen = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lists: dict[str, tuple[QMenu, QActionGroup]] = {}
        self._switches: dict[str, QAction] = {}

    def offer(self, what: str, title: str, entries: tuple[tuple[Any, str], ...], chosen: Any) -> None:
        """Offer a list as (value, text); nothing is said of the choice. An empty list is hidden."""
        if what not in self._lists:
            menu = self.addMenu(title)
            self._lists[what] = (menu, QActionGroup(menu))
        menu, group = self._lists[what]
        menu.menuAction().setVisible(bool(entries))
        listed = [(action.data(), action.text()) for action in group.actions()]
        if listed != list(entries):
            menu.clear()
            for action in group.actions():
                group.removeAction(action)
            for value, text in entries:
                action = menu.addAction(text)
                action.setData(value)
                action.setCheckable(True)
                group.addAction(action)
                action.triggered.connect(lambda _=False, value=value: self.chosen.emit(what, value))
        for action in group.actions():
            action.setChecked(action.data() == chosen)

    def switch(self, what: str, title: str, on: bool) -> None:
        """Offer something to switch on and off."""
        if what not in self._switches:
            action = self.addAction(title)
            action.setCheckable(True)
            action.triggered.connect(lambda on: self.chosen.emit(what, on))
            self._switches[what] = action
        self._switches[what].setChecked(on)
