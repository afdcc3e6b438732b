"""What a case's regions and rulers measure, as answers that a rater can take over."""

from __future__ import annotations

from dataclasses import dataclass

from core.imaging.roi import Roi
from core.reading.questions import Question, Value
from core.reading.reading import Reading, Ruler

# regions that are about a finding; the others stand beside it
_OF_FINDINGS = ("tumour", "node", "ablation", "other")


@dataclass(frozen=True)
class Measured:
    """A value in the question's unit and decimals, and what was measured, in a rater's words."""

    value: Value
    what: str


def measured(reading: Reading, question: Question, about: str | None) -> Measured | None:
    """Return what can be proposed as the answer to a question; None where nothing is measured.

    A question about a region is answered from that region, one about a mark from the region that holds the
    mark's place, one about the case from its first tumour region. The ruler of a mark, or of the case, is the
    one laid last.

    Parameters
    ----------
    reading : Reading
        The case as it stands.
    question : Question
        A question with `measure`, of QUESTION_MEASURES; lengths in mm, areas in mm^2, volumes in mm^3.
    about : str or None
        The mark or region it is asked about, None for the case.
    """
    if not question.measure:
        return None
    if question.measure == "ruler":
        ruler = _ruler(reading, about)
        found = None if ruler is None else (ruler.length_mm, reading.name_of(ruler.ruler_id))
    else:
        roi = _region(reading, about)
        found = None if roi is None or roi.empty else _of_region(roi, question.measure)
    if found is None:
        return None
    number = round(found[0], question.decimals)
    value: Value = number if question.decimals else int(number)
    return None if question.refusal(value) else Measured(value, found[1])


def _of_region(roi: Roi, measure: str) -> tuple[float, str] | None:
    if measure == "area":
        return roi.area_mm2, f"largest area of {roi.name}"
    if measure == "volume":
        return roi.volume_mm3, f"volume of {roi.name}"
    # scipy and numba come with it: only who measures waits for them
    from core.imaging.regions.axes import long_and_short_axis, sphere_diameter_mm  # noqa: PLC0415

    if measure == "sphere_diameter":
        return sphere_diameter_mm(roi.volume_mm3), f"sphere diameter of {roi.name}"
    axes = long_and_short_axis(roi.coverage, roi.geometry)
    if axes is None:
        return None
    if measure == "long_axis":
        return axes.long.length_mm, f"long axis of {roi.name}"
    return axes.short.length_mm, f"short axis of {roi.name}"


def _region(reading: Reading, about: str | None) -> Roi | None:
    if about is None:
        return reading.roi("tumour")
    if about in reading.rois:
        return reading.rois[about]
    mark = reading.marks.get(about)
    if mark is None:
        return None
    k, row, column = (round(float(part)) for part in reading.grid.to_index(mark.position_mm))
    holding = (
        roi for roi in reading.rois.values() if roi.kind in _OF_FINDINGS and roi.coverage[k, row, column]
    )
    return next(holding, None)


def _ruler(reading: Reading, about: str | None) -> Ruler | None:
    mine = [ruler for ruler in reading.rulers.values() if ruler.about == about]
    return mine[-1] if mine else None
