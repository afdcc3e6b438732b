"""What a rater makes of a proposed region: taken over in one edit, with a record of what was proposed."""

from __future__ import annotations

from typing import Literal

from core.errors import InputError
from core.imaging.coverage import Coverage, coverage_sha256
from core.imaging.roi import Roi, RoiKind
from core.reading.edits import SetAnswer, Together, together
from core.reading.questions import PROPOSED, Answers
from core.reading.reading import Reading
from core.reading.roi_edits import EditRoi, draw_roi

Origin = Literal["", "as proposed", "changed"]


def take_proposed(reading: Reading, kind: RoiKind, coverage: Coverage) -> tuple[Together, str]:
    """Return the edit that begins a region as it was proposed, and the region's id.

    Raises
    ------
    InputError
        If nothing is proposed for regions of this kind.
    """
    question = PROPOSED.get(kind)
    if question is None:
        raise InputError(f"nothing is proposed for the {kind} region")
    edit: EditRoi = draw_roi(reading, kind, coverage)
    record = SetAnswer(question.id, edit.roi_id, None, coverage_sha256(coverage))
    return together(f"take the proposed {edit.label.name}", edit, record), edit.roi_id


def origin(answers: Answers, roi: Roi) -> Origin:
    """Tell whether a region is as it was proposed, was changed since, or was never proposed ("")."""
    question = PROPOSED.get(roi.kind)
    proposed = None if question is None else answers.get((question.id, roi.roi_id))
    if proposed is None:
        return ""
    return "as proposed" if coverage_sha256(roi.coverage) == proposed else "changed"
