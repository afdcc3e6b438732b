"""One rater's work on one case: marks, answers, regions, rulers, and how far the reading has come."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.roi import ROI_WORDS, Roi, RoiKind
from core.reading.protocol import Protocol
from core.reading.questions import AnswerKey, MarkKind, Question, Value, region_scope

Status = Literal["open", "signed"]
Position = tuple[float, float, float]

# mm from the origin; nothing that lies in a scanner is further away
_FURTHEST_MM = 1e5


@dataclass(frozen=True)
class Mark:
    """A located finding: a lesion or a node at an LPS position in mm.

    `prescribed`: set by the study for the rater to judge; it cannot be moved or removed.
    """

    mark_id: str
    kind: MarkKind
    position_mm: Position
    prescribed: bool = False


@dataclass(frozen=True)
class Ruler:
    """A length measured between two LPS positions in mm, of a mark (`about`) or of the case (None).

    `step_index` is the step in which it was laid; when that is locked, it stays.

    Raises
    ------
    InputError
        If an end is no place, or both are the same.
    """

    ruler_id: str
    start_mm: Position
    end_mm: Position
    about: str | None = None
    step_index: int = 0

    def __post_init__(self) -> None:
        # false for NaN as well
        if not all(abs(value) <= _FURTHEST_MM for value in (*self.start_mm, *self.end_mm)):
            raise InputError("an end of the ruler is no place in the picture")
        if not self.length_mm > 0:
            raise InputError("a ruler needs two different ends; draw it from one edge to the other")

    @property
    def length_mm(self) -> float:
        """Distance of the ends, in mm."""
        return math.dist(self.start_mm, self.end_mm)


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
    answers : mapping of (question id, id of the mark or region or None) to value
        What has been answered; a question without answer is absent.
    marks : mapping of mark id to Mark
        In the order they were set, those that the study prescribed first.
    rois : mapping of roi id to Roi
        In the order they were drawn.
    rulers : mapping of ruler id to Ruler
        In the order they were laid.
    """

    alias: str
    grid: Geometry
    step_index: int = 0
    status: Status = "open"
    answers: Mapping[AnswerKey, Value] = field(default_factory=dict)
    marks: Mapping[str, Mark] = field(default_factory=dict)
    rois: Mapping[str, Roi] = field(default_factory=dict)
    rulers: Mapping[str, Ruler] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("answers", "marks", "rois", "rulers"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def signed(self) -> bool:
        """Whether the reading is signed and so beyond change."""
        return self.status == "signed"

    def marks_of(self, kind: MarkKind) -> tuple[Mark, ...]:
        """Return the marks of one kind in the order they were set."""
        return tuple(mark for mark in self.marks.values() if mark.kind == kind)

    def rois_of(self, kind: RoiKind) -> tuple[Roi, ...]:
        """Return the regions of one kind in the order they were drawn."""
        return tuple(roi for roi in self.rois.values() if roi.kind == kind)

    def roi(self, kind: RoiKind) -> Roi | None:
        """Return the first region of a kind, or None."""
        return next(iter(self.rois_of(kind)), None)

    def holds(self, item_id: str) -> bool:
        """Tell whether a mark, a region or a ruler has this id."""
        return item_id in self.marks or item_id in self.rois or item_id in self.rulers

    def mark_name(self, mark_id: str) -> str:
        """Return what a rater calls a mark: "lesion 2", counted in the order of setting."""
        mark = self.marks[mark_id]
        place = [other.mark_id for other in self.marks_of(mark.kind)].index(mark_id)
        return f"{mark.kind} {place + 1}"

    def name_of(self, about: str | None) -> str:
        """Return what a rater calls the case (None), a mark, a region or a ruler."""
        if about is None:
            return "this case"
        if about in self.rois:
            return self.rois[about].name
        if about in self.rulers:
            return f"ruler {list(self.rulers).index(about) + 1}"
        return self.mark_name(about)

    def new_roi_name(self, kind: RoiKind) -> str:
        """Return the name for one more region of a kind: "tumour", then "tumour 2"."""
        taken = {roi.name for roi in self.rois.values()}
        number, name = 1, ROI_WORDS[kind]
        while name in taken:
            number += 1
            name = f"{ROI_WORDS[kind]} {number}"
        return name

    def scope_of(self, about: str | None) -> str | None:
        """Return what an answer is about, of the scopes of questions; None where the thing is not there."""
        if about is None:
            return "case"
        if about in self.marks:
            return self.marks[about].kind
        return region_scope(self.rois[about].kind) if about in self.rois else None

    def things_of(self, scope: str) -> tuple[str | None, ...]:
        """Return what a scope's questions are asked about: (None,) for the case, ids of marks or regions."""
        if scope == "case":
            return (None,)
        things = (*self.marks, *self.rois)
        return tuple(thing for thing in things if self.scope_of(thing) == scope)

    def asked(self, protocol: Protocol) -> Iterator[tuple[Question, str | None]]:
        """Yield every question that is asked as things stand, with the id of what it is about.

        In the protocol's order; of all steps, also those not reached yet.
        """
        for question in protocol.questions:
            for about in self.things_of(question.scope):
                if protocol.is_asked(question, about, self.answers):
                    yield question, about

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
            One sentence part each, in the protocol's order; empty where nothing is missing. Where an answer
            has ended the case, only its reason can be missing.
        """
        ending = protocol.ending(self.answers)
        if ending is not None:
            why = protocol.reasons(ending.question, ending.choice)
            return tuple(told for question in why for told in self._unanswered(question, None))
        told: list[str] = []
        for question, about in self.asked(protocol):
            if question.required and step in (None, question.step):
                told.extend(self._unanswered(question, about))
        for rule in protocol.rois:
            drawn = any(roi.counts for roi in self.rois_of(rule.kind))
            if step in (None, rule.step) and not drawn:
                told.append(f"the {ROI_WORDS[rule.kind]} region is not drawn")
        if step is None and self.step_index < len(protocol.steps) - 1:
            later = protocol.steps[self.step_index + 1 :]
            told.extend(f"the step “{unseen.title}” is not done" for unseen in later)
        return tuple(told)

    def _unanswered(self, question: Question, about: str | None) -> list[str]:
        if (question.id, about) in self.answers:
            return []
        if about is None:
            return [f"“{question.text}” is not answered"]
        return [f"“{question.text}” is not answered for {self.name_of(about)}"]
