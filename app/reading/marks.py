"""Marks: set by a click, moved by dragging, one drag one edit."""

from __future__ import annotations

from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from app.reading.case import CaseController
from core.reading.edits import AddMark, MoveMark, remove_mark
from core.reading.questions import MarkKind
from core.reading.reading import Mark, Position
from widgets.slice_view import ToolEvent


class MarksController(QObject):
    """Sets, moves and removes marks."""

    mark_set = Signal(str)  # a new mark
    mark_picked = Signal(str)
    pin_moved = Signal(str, object)  # mark id, LPS mm, while it is dragged

    def __init__(self, case: CaseController) -> None:
        super().__init__(case)
        self._case = case
        self._moving: str | None = None
        self._moved_to: Position | None = None

    @property
    def held(self) -> bool:
        """Whether the hand has a mark."""
        return self._moving is not None

    def pick(self, mark_id: str) -> None:
        """Choose a mark, and take hold of it."""
        self.mark_picked.emit(mark_id)
        self._moving = mark_id if self._movable(mark_id) else None

    def _movable(self, mark_id: str) -> bool:
        """Whether a mark follows the hand: not in a signed case, and none that the study gave."""
        reading = self._case.reading
        return self._case.writable and reading is not None and not reading.marks[mark_id].prescribed

    def set_mark(self, kind: MarkKind, position: Position) -> None:
        """Set a new mark."""
        mark = Mark(uuid4().hex, kind, position)
        if self._case.edit(AddMark(mark)):
            self.mark_set.emit(mark.mark_id)

    def use(self, event: ToolEvent) -> None:
        """Follow the hand that has a mark."""
        mark_id, reading = self._moving, self._case.reading
        if mark_id is None or reading is None:
            return
        if event.kind == "drag":
            self._moved_to = event.position_mm
            self.pin_moved.emit(mark_id, event.position_mm)
        elif event.kind == "release":
            moved_to, self._moving, self._moved_to = self._moved_to, None, None
            before = reading.marks[mark_id].position_mm
            if (
                moved_to is not None
                and moved_to != before
                and not self._case.edit(MoveMark(mark_id, before, moved_to))
            ):
                self.pin_moved.emit(mark_id, before)

    def drop(self) -> None:
        """Let go of a mark; it goes back to where it was."""
        reading = self._case.reading
        if self._moving is not None and reading is not None and self._moving in reading.marks:
            self.pin_moved.emit(self._moving, reading.marks[self._moving].position_mm)
        self._moving = self._moved_to = None

    def remove(self, mark_id: str | None) -> None:
        """Remove a mark with its answers."""
        reading = self._case.reading
        if reading is None or mark_id is None or mark_id not in reading.marks:
            self._case.refused.emit(self.tr("Choose a finding first, then delete it"))
        elif reading.marks[mark_id].prescribed:
            self._case.refused.emit(self.tr("This finding is given by the study: it stays where it is"))
        else:
            self._case.edit(remove_mark(reading, mark_id))
