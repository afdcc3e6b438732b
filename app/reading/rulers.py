"""Rulers: lengths drawn from end to end, whose ends can be dragged."""

from __future__ import annotations

import math
from uuid import uuid4

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.reading.case import CaseController
from app.reading.figures import figure
from core.reading.edits import AddRuler, MoveRuler, remove_ruler
from core.reading.reading import Position, Reading, Ruler
from widgets.grips import GripKey, Grips, RulerLine, ruler_at
from widgets.slice_view import ToolEvent

# light, and neither a region's nor a mark's colour
_COLOUR, _CHOSEN_COLOUR = "#d8dee4", "#ffffff"
_NEW = "new"


class RulersController(QObject):
    """Lays, changes and removes rulers; shows at once what the hand does, and makes one edit of one drag."""

    shown_changed = Signal(object, object)  # tuples of RulerLine and of Grips

    def __init__(self, case: CaseController) -> None:
        super().__init__(case)
        self._case = case
        self.chosen: str | None = None
        self._finding: str | None = None
        self._wanted = False
        self._held: tuple[str, int] | None = None  # which ruler, and which end the hand has
        self._ends: tuple[Position, Position] | None = None
        case.opening.connect(self._on_opening)
        case.changed.connect(lambda _: self.renew())

    def offer(self, wanted: bool) -> None:
        """Let the ends be dragged while a tool is taken that does so."""
        self._wanted = wanted
        self.renew()

    def set_finding(self, mark_id: str | None) -> None:
        """Say which finding is chosen: a ruler beside it may be about it."""
        self._finding = mark_id

    @property
    def held(self) -> bool:
        """Whether the hand has an end."""
        return self._held is not None

    def holds(self, key: GripKey | None) -> bool:
        """Tell whether a place to drag is the end of a ruler."""
        return key is not None and key[0] in self._rulers

    def take(self, key: GripKey) -> None:
        """Take hold of an end."""
        self.chosen, self._held = key[0], (key[0], key[2])
        self.renew()

    def lay(self, event: ToolEvent) -> None:
        """Begin a ruler where the hand presses, or choose the one that lies there."""
        known = ruler_at(event.view, event.view.exact_point_at(event.position_mm))
        if known in self._rulers:
            self.chosen = known
        else:
            self._held, self._ends = (_NEW, 1), (event.position_mm, event.position_mm)
        self.renew()

    def use(self, event: ToolEvent) -> None:
        """Follow the hand that has an end."""
        if self._held is None:
            return
        key, end = self._held
        if event.kind == "drag":
            start, stop = self._ends or self._ends_of(key)
            self._ends = (event.position_mm, stop) if end == 0 else (start, event.position_mm)
            self.renew()
        elif event.kind == "release":
            ends, self._held, self._ends = self._ends, None, None
            if ends is not None:
                self._commit(key, ends)
            self.renew()

    def drop(self) -> None:
        """Forget what is being drawn or dragged."""
        if self._held is not None:
            self._held = self._ends = None
            self.renew()

    def remove(self) -> None:
        """Remove the ruler that is chosen."""
        reading = self._case.reading
        if reading is None or self.chosen not in reading.rulers:
            self._case.refused.emit(self.tr("Choose a ruler first: click it with the ruler tool"))
        else:
            self._case.edit(remove_ruler(reading, self.chosen))

    def renew(self) -> None:
        """Show the rulers as they are now."""
        lines, grips = [], []
        for key, ruler in self._rulers.items():
            ends = (ruler.start_mm, ruler.end_mm)
            if self._held is not None and self._held[0] == key and self._ends is not None:
                ends = self._ends
            lines.append(self._line(key, ends, chosen=key == self.chosen))
            if self._wanted and self._free(ruler):
                grips.append(Grips(key, 0, np.array(ends), _CHOSEN_COLOUR))
        if self._held is not None and self._held[0] == _NEW and self._ends is not None:
            lines.append(self._line(_NEW, self._ends, chosen=True))
        self.shown_changed.emit(tuple(lines), tuple(grips))

    @property
    def _rulers(self) -> dict[str, Ruler]:
        reading = self._case.reading
        return {} if reading is None else dict(reading.rulers)

    def _ends_of(self, key: str) -> tuple[Position, Position]:
        ruler = self._rulers[key]
        return ruler.start_mm, ruler.end_mm

    def _free(self, ruler: Ruler) -> bool:
        reading = self._case.reading
        return self._case.writable and reading is not None and ruler.step_index == reading.step_index

    def _commit(self, key: str, ends: tuple[Position, Position]) -> None:
        reading = self._case.reading
        if reading is None:
            return
        if ends[0] == ends[1]:
            self._case.refused.emit(self.tr("Hold the button and draw the ruler from one edge to the other"))
            return
        if key == _NEW:
            about = measured(reading, ends) or self._asked_of(reading)
            ruler = Ruler(uuid4().hex, *ends, about, reading.step_index)
            if self._case.edit(AddRuler(ruler)):
                self.chosen = ruler.ruler_id
        elif ends != self._ends_of(key):
            self._case.edit(MoveRuler(key, self._ends_of(key), ends))

    def _asked_of(self, reading: Reading) -> str | None:
        """Return the chosen finding, where the protocol asks for a length of such: a rim lies beside it."""
        mark = reading.marks.get(self._finding or "")
        if mark is None:
            return None
        asked = (q.measure == "ruler" and q.scope == mark.kind for q in self._case.kit.protocol.questions)
        return mark.mark_id if any(asked) else None

    def _on_opening(self, alias: str) -> None:
        self.chosen = self._held = self._ends = None
        self.renew()

    @staticmethod
    def _line(key: str, ends: tuple[Position, Position], *, chosen: bool) -> RulerLine:
        colour = _CHOSEN_COLOUR if chosen else _COLOUR
        return RulerLine(key, *ends, length_text(math.dist(*ends)), colour, bold=chosen)


def measured(reading: Reading, ends: tuple[Position, Position]) -> str | None:
    """Return the mark that a ruler is about: the one nearest to its middle that lies within its reach."""
    middle, reach = np.mean(ends, axis=0), math.dist(*ends) / 2
    away = {mark.mark_id: math.dist(mark.position_mm, middle) for mark in reading.marks.values()}
    near = min(away, key=lambda mark_id: away[mark_id], default=None)
    return near if near is not None and away[near] <= reach else None


def length_text(mm: float) -> str:
    """Write a length."""
    return QCoreApplication.translate("Ruler", "{length} mm").format(length=figure(mm))
