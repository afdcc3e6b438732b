"""Undo and redo: of what the hand has first, then of the edits."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.tools import ToolsController


class UndoController(QObject):
    """Gives the actions `undo` and `redo` their words, and does them.

    A stroke or a drag under the hand is dropped, and the edit before it stays; of an outline that is open
    the last corner is taken back.
    """

    def __init__(self, case: CaseController, tools: ToolsController, actions: Mapping[str, QAction]) -> None:
        super().__init__(case)
        self._case, self._tools = case, tools
        self._undo, self._redo = actions["undo"], actions["redo"]
        self._silent = False
        self._undo.triggered.connect(self._on_undo)
        self._redo.triggered.connect(case.redo)
        case.changed.connect(self.renew)
        tools.hand_changed.connect(self.renew)

    def set_silent(self, silent: bool) -> None:
        """Name no edit in the menu, which a locked window shows: such a name tells an answer."""
        self._silent = silent
        self.renew()

    def renew(self) -> None:
        """Tell what would be undone and redone now."""
        history, in_hand = self._case.history, self._tools.in_hand
        for action, word, what, edit in (
            (self._undo, self.tr("Undo"), self.tr("Undo {edit}"), history.undo_name),
            (self._redo, self.tr("Redo"), self.tr("Redo {edit}"), history.redo_name),
        ):
            named = bool(edit) and not in_hand and not self._silent
            action.setEnabled(named)
            action.setText(what.format(edit=in_words(edit)) if named else word)
        if in_hand and not self._silent:
            self._undo.setEnabled(True)

    def _on_undo(self) -> None:
        if not self._tools.undo_in_hand():
            self._case.undo()
