"""Undo and redo of a reading's edits, each step committed like any other edit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand, QUndoStack

from core.reading.edits import Edit
from core.study.kit import How


class EditCommand(QUndoCommand):
    """Holds one frozen edit. The store changes before the stack moves, so Qt's hooks have nothing to do."""

    def __init__(self, edit: Edit) -> None:
        super().__init__(edit.name)
        self.edit = edit


class History:
    """The edits of one reading: what can be taken back, and what can be done again.

    Parameters
    ----------
    record : callable
        Commits an edit ("edit", "undo" or "redo"); where it raises, the history stays as it was.
    """

    def __init__(self, record: Callable[[Edit, How], None]) -> None:
        self._record = record
        self.stack = QUndoStack()

    def do(self, edit: Edit) -> None:
        """Commit an edit and remember it."""
        self._record(edit, "edit")
        self.stack.push(EditCommand(edit))

    def undo(self) -> None:
        """Commit the inverse of the last edit, if there is one."""
        edit = self._edit(self.stack.index() - 1)
        if edit is not None:
            self._record(edit.inverse(), "undo")
            self.stack.undo()

    def redo(self) -> None:
        """Commit the edit that was last taken back once more, if there is one."""
        edit = self._edit(self.stack.index())
        if edit is not None:
            self._record(edit, "redo")
            self.stack.redo()

    def forget(self) -> None:
        """Drop all steps: what was locked or signed cannot be taken back."""
        self.stack.clear()

    def _edit(self, place: int) -> Edit | None:
        command = self.stack.command(place)
        return command.edit if isinstance(command, EditCommand) else None
