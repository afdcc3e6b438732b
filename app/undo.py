"""Undo and redo of a reading's edits, each step committed like any other edit."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from core.reading.edits import Edit, edit_bytes
from core.study.kit import How

# what a history may hold; beyond it the oldest edits can no longer be taken back
BUDGET_BYTES = 128 * 2**20


class History:
    """The edits of one reading: what can be taken back, and what can be done again.

    Parameters
    ----------
    record : callable
        Commits an edit ("edit", "undo" or "redo"); where it raises, the history stays as it was.
    budget_bytes : int
        About how much memory the edits may take; the oldest go first, the last one always stays.
    """

    def __init__(self, record: Callable[[Edit, How], None], budget_bytes: int = BUDGET_BYTES) -> None:
        self._record = record
        self._budget = budget_bytes
        self._done: deque[Edit] = deque()
        self._undone: list[Edit] = []
        self._held = 0

    @property
    def undo_name(self) -> str:
        """What would be taken back, "" where nothing can be."""
        return self._done[-1].name if self._done else ""

    @property
    def redo_name(self) -> str:
        """What would be done again, "" where nothing can be."""
        return self._undone[-1].name if self._undone else ""

    def do(self, edit: Edit) -> None:
        """Commit an edit and remember it."""
        self._record(edit, "edit")
        self._held += edit_bytes(edit) - sum(map(edit_bytes, self._undone))
        self._undone.clear()
        self._done.append(edit)
        while self._held > self._budget and len(self._done) > 1:
            self._held -= edit_bytes(self._done.popleft())

    def undo(self) -> None:
        """Commit the inverse of the last edit, if there is one."""
        if self._done:
            self._record(self._done[-1].inverse(), "undo")
            self._undone.append(self._done.pop())

    def redo(self) -> None:
        """Commit the edit that was last taken back once more, if there is one."""
        if self._undone:
            self._record(self._undone[-1], "redo")
            self._done.append(self._undone.pop())

    def forget(self) -> None:
        """Drop all steps: what was locked or signed cannot be taken back."""
        self._done.clear()
        self._undone.clear()
        self._held = 0
