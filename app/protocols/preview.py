"""A case that is nowhere kept, so that a protocol's form can be tried."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.messages import told
from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.roi import ROI_KINDS, Roi
from core.reading.edits import Edit
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, Answers
from core.reading.reading import Mark, Reading, Ruler
from core.reading.rules import apply_edit, completed

_GRID = Geometry.axial((5, 20, 20), (1.0, 0.5, 0.5), (0.0, 0.0, 0.0))
_RULER_MM = 4.5


class PreviewCase(QObject):
    """Stands in for the reading window's CaseController: the same signals and edits, nothing kept.

    There is one finding and one region of each kind that is asked about, and a ruler on each.
    """

    opening = Signal(str)
    leaving = Signal()
    changed = Signal(object)  # Reading
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kit = SimpleNamespace(protocol=None)
        self.images = None
        self.reading: Reading | None = None

    @property
    def writable(self) -> bool:
        """Whether there is a protocol to try."""
        return self.reading is not None

    def show(self, protocol: Protocol, step_index: int) -> None:
        """Ask what a step of a protocol asks; answers that still serve stay."""
        before = {} if self.reading is None else self.reading.answers
        self.kit.protocol = protocol
        reading = _reading(protocol, step_index)
        questions = {question.id: question for question in protocol.questions}
        served = {
            (name, about): value
            for (name, about), value in before.items()
            if name in questions and reading.scope_of(about) == questions[name].scope
            if not questions[name].refusal(value)
        }
        asked = {(question.id, about) for question, about in _with(reading, served).asked(protocol)}
        self.reading = _with(reading, {key: value for key, value in served.items() if key in asked})
        self.changed.emit(self.reading)

    def forget(self) -> None:
        """Take all answers back."""
        if self.reading is not None:
            self.reading = _with(self.reading, {})
            self.changed.emit(self.reading)

    def edit(self, edit: Edit) -> bool:
        """Do an edit as a kit would, but for writing it down."""
        if self.reading is None:
            return False
        protocol = self.kit.protocol
        try:
            self.reading = apply_edit(protocol, self.reading, completed(protocol, self.reading, edit))
        except InputError as error:
            self.refused.emit(told(error))
            return False
        self.changed.emit(self.reading)
        return True


def _reading(protocol: Protocol, step_index: int) -> Reading:
    middle = tuple(float(part) for part in _GRID.to_mm((2.0, 10.0, 10.0)))
    marks = [
        Mark(f"{kind}-1", kind, middle, kind in protocol.prescribed)
        for kind in MARK_KINDS
        if protocol.asked_of(kind)
    ]
    block = np.zeros(_GRID.shape, dtype=np.uint8)
    block[2, 6:14, 4:16] = 255
    kinds = [kind for kind in ROI_KINDS if any(q.roi_kind == kind for q in protocol.questions)]
    rois = [Roi(f"{kind}-region", kind, block, _GRID) for kind in kinds]
    end = (middle[0] + _RULER_MM, *middle[1:])
    things = (None, *(mark.mark_id for mark in marks))
    rulers = [Ruler(f"ruler-{thing}", middle, end, thing, step_index) for thing in things]
    return Reading(
        "preview", _GRID, step_index,
        marks={mark.mark_id: mark for mark in marks}, rois={roi.roi_id: roi for roi in rois},
        rulers={ruler.ruler_id: ruler for ruler in rulers},
    )  # fmt: skip


def _with(reading: Reading, answers: Answers) -> Reading:
    return Reading(
        reading.alias, reading.grid, reading.step_index,
        answers=answers, marks=reading.marks, rois=reading.rois, rulers=reading.rulers,
    )  # fmt: skip
