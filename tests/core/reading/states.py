"""Readings to try edits on: any state that a rater's hand could make, and when two of them are the same."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

from core.imaging.coverage import coverage_sha256
from core.imaging.geometry import Geometry
from core.imaging.roi import ROI_KINDS, Roi
from core.reading.edits import (
    AddMark,
    AddRuler,
    MoveMark,
    MoveRuler,
    SetAnswer,
    Single,
    remove_mark,
    remove_ruler,
    set_answer,
)
from core.reading.reading import Mark, Reading, Ruler
from core.reading.roi_edits import EditRoi, change_roi, label_roi, outlines_list, remove_roi

SHAPE = (2, 4, 5)
EMPTY = Reading("KDX42", Geometry.axial(SHAPE, (1.0, 1.0, 1.0)))
POSITIONS = st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 1)).map(
    lambda p: (float(p[0]), float(p[1]), float(p[2]))
)
VALUES = st.one_of(st.integers(-5, 5), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5))
SHARES = st.sampled_from([0, 0, 0, 1, 127, 128, 255])
COVERAGES = st.lists(SHARES, min_size=40, max_size=40).map(lambda s: np.array(s, np.uint8).reshape(SHAPE))
CORNERS = st.tuples(st.floats(-1, 5), st.floats(-1, 6))
POLYGONS = st.lists(CORNERS, min_size=3, max_size=5).map(np.array)
OUTLINES = st.dictionaries(
    st.integers(0, 1), st.lists(POLYGONS, min_size=1, max_size=2).map(tuple), max_size=2
)
COLOURS = st.sampled_from(["#e69f00", "#44aa99", "#000000"])


def told(roi: Roi) -> tuple[object, ...]:
    """Everything a region is."""
    drawn = coverage_sha256(roi.coverage), outlines_list(roi.outlines)
    return roi.roi_id, roi.kind, roi.label, *drawn


def same(one: Reading, other: Reading) -> bool:
    """Tell whether two readings are the same to the last bit."""
    return (
        {key: repr(value) for key, value in one.answers.items()}
        == {key: repr(value) for key, value in other.answers.items()}
        and list(one.marks.items()) == list(other.marks.items())
        and list(one.rulers.items()) == list(other.rulers.items())
        and [told(roi) for roi in one.rois.values()] == [told(roi) for roi in other.rois.values()]
        and (one.step_index, one.status) == (other.step_index, other.status)
    )


@st.composite
def single_edits(draw: st.DrawFn, reading: Reading) -> Single:
    """Any single edit that fits the reading, rules aside."""
    kinds = ["answer", "mark", "ruler", "region"]
    kinds += ["change_mark"] if reading.marks else []
    kinds += ["change_ruler"] if reading.rulers else []
    kinds += ["change_region"] * 3 if reading.rois else []
    kind = draw(st.sampled_from(kinds))
    fresh = f"x{1 + max((int(key[1:]) for key in _ids(reading)), default=0)}"
    if kind == "mark":
        return AddMark(Mark(fresh, draw(st.sampled_from(["lesion", "node"])), draw(POSITIONS)))
    if kind == "ruler":
        about = draw(st.sampled_from([None, *reading.marks]))
        start, end = draw(st.lists(POSITIONS, min_size=2, max_size=2, unique=True))
        return AddRuler(Ruler(fresh, start, end, about))
    if kind == "region":
        outlines, coverage = draw(OUTLINES), draw(COVERAGES)
        return EditRoi.between(fresh, draw(st.sampled_from(ROI_KINDS)), None, coverage, outlines=outlines)
    if kind == "answer":
        about = draw(st.sampled_from([None, *reading.marks, *reading.rois]))
        return set_answer(reading, "q", about, draw(st.one_of(st.none(), VALUES)))
    changes = {"change_mark": _mark_changes, "change_ruler": _ruler_changes, "change_region": _roi_changes}
    return draw(changes[kind](reading))


@st.composite
def _mark_changes(draw: st.DrawFn, reading: Reading) -> Single:
    mark = draw(st.sampled_from(list(reading.marks.values())))
    if draw(st.booleans()):
        return MoveMark(mark.mark_id, mark.position_mm, draw(POSITIONS))
    return remove_mark(reading, mark.mark_id) if _free(reading, mark.mark_id) else _cleared(reading)


@st.composite
def _ruler_changes(draw: st.DrawFn, reading: Reading) -> Single:
    ruler = draw(st.sampled_from(list(reading.rulers.values())))
    if draw(st.booleans()):
        ends = tuple(draw(st.lists(POSITIONS, min_size=2, max_size=2, unique=True)))
        return MoveRuler(ruler.ruler_id, (ruler.start_mm, ruler.end_mm), (ends[0], ends[1]))
    return remove_ruler(reading, ruler.ruler_id)


@st.composite
def _roi_changes(draw: st.DrawFn, reading: Reading) -> Single:
    roi = draw(st.sampled_from(list(reading.rois.values())))
    what = draw(st.sampled_from(["draw", "draw", "label", "remove"]))
    if roi.locked:
        return label_roi(roi, locked=False)
    if what == "label":
        name = draw(st.sampled_from(["left", "right", "µ 3"]))
        return label_roi(roi, name=name, colour=draw(COLOURS), locked=draw(st.booleans()))
    if what == "remove":
        return remove_roi(reading, roi.roi_id) if _free(reading, roi.roi_id) else _cleared(reading)
    return change_roi(roi, draw(COVERAGES), outlines=draw(OUTLINES))


def _ids(reading: Reading) -> list[str]:
    return [*reading.marks, *reading.rois, *reading.rulers]


def _free(reading: Reading, about: str) -> bool:
    measured = any(ruler.about == about for ruler in reading.rulers.values())
    return not measured and all(key[1] != about for key in reading.answers)


def _cleared(reading: Reading) -> SetAnswer:
    return set_answer(reading, "q", None, None)
