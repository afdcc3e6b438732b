"""One rater's work on one case: marks, answers, regions, and how far the reading has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from core.imaging.geometry import Geometry
from core.imaging.roi import Roi
from core.reading.protocol import MarkKind, Protocol, Question

AnswerKey = tuple[str, str | None]  # question id, and the mark's id where the question is about a mark
Status = Literal["open", "signed"]

_ROI_WORDS = {"tumour": "tumour", "reference": "reference tissue", "noise": "noise"}


@dataclass(frozen=True)
class Mark:
    """A located finding: a lesion or a node at an LPS position in mm."""

    mark_id: str
    kind: MarkKind
    position_mm: tuple[float, float, float]


@dataclass(frozen=True, eq=False)
class Reading:
    """The state of a reading; never changed, edits return a new one.

    Parameters
    ----------
    alias : str
        The case, as the rater knows it.
    grid : Geometry
        The grid of the multi-echo series, on which regions are drawn.
    step_index : int
        The step that is open; all earlier ones are locked.
    status : {"open", "signed"}
        Signed readings never change.
    answers : mapping of (question id, mark id or None) to value
        What has been answered; a question without answer is absent.
    marks : mapping of mark id to Mark
        In the order they were set.
    rois : mapping of roi id to Roi
        In the order they were drawn.
    """

    alias: str
    grid: Geometry
    step_index: int = 0
    status: Status = "open"
    answers: Mapping[AnswerKey, int] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    rois: Mapping[str, Roi] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("answers", "marks", "rois"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def signed(self) -> bool:
        """Whether the reading is signed and so beyond change."""
        return self.status == "signed"

    def marks_of(self, kind: MarkKind) -> tuple[Mark, ...]:
        """Return the marks of one kind in the order they were set."""
        return tuple(mark for mark in self.marks.values() if mark.kind == kind)

    def roi(self, kind: str) -> Roi | None:
        """Return the first region of a kind, or None."""
        return next((roi for roi in self.rois.values() if roi.kind == kind), None)

    def mark_name(self, mark_id: str) -> str:
        """Return what a rater calls a mark: "lesion 2", counted in the order of setting."""
        mark = self.marks[mark_id]
        place = [other.mark_id for other in self.marks_of(mark.kind)].index(mark_id)
        return f"{mark.kind} {place + 1}"

    def missing(self, protocol: Protocol, step: str | None = None) -> tuple[str, ...]:
        """Say in a rater's words what is still missing.

        Parameters
        ----------
        protocol : Protocol
            The study's protocol.
        step : str or None
            The id of one step, or None for the whole case, where steps not reached are missing too.

        Returns
        -------
        tuple of str
            One sentence part each, in the protocol's order; empty where nothing is missing.
        """
        told: list[str] = []
        for question in protocol.questions:
            if question.required and step in (None, question.step):
                told.extend(self._unanswered(question))
        for kind, roi_step in protocol.roi_steps:
            drawn = any(roi.kind == kind and roi.voxels for roi in self.rois.values())
            if step in (None, roi_step) and not drawn:
                told.append(f"the {_ROI_WORDS[kind]} region is not drawn")
        if step is None and self.step_index < len(protocol.steps) - 1:
            later = protocol.steps[self.step_index + 1 :]
            told.extend(f"the step “{unseen.title}” is not done" for unseen in later)
        return tuple(told)

    def _unanswered(self, question: Question) -> list[str]:
        if question.scope == "case":
            return [] if (question.id, None) in self.answers else [f"“{question.text}” is not answered"]
        return [
            f"“{question.text}” is not answered for {self.mark_name(mark.mark_id)}"
            for mark in self.marks_of(question.scope)
            if (question.id, mark.mark_id) not in self.answers
        ]
