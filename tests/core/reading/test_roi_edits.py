"""Regions change by few voxels at a time, and their outlines with them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from core.errors import InputError
from core.imaging.roi import Label
from core.reading.edits import edit_from_dict
from core.reading.reading import Reading
from core.reading.roi_edits import EditRoi, change_roi, draw_roi, label_roi, remove_roi
from tests.core.reading.states import COVERAGES, EMPTY, SHAPE, same, told

TRIANGLE = np.array([(0.0, 0.0), (0.0, 3.0), (3.0, 0.0)])
SQUARE = np.array([(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0)])


def drawn(*slices: int) -> np.ndarray:
    coverage = np.zeros(SHAPE, np.uint8)
    for k in slices:
        coverage[k, 1:3, 1:3] = 200
    return coverage


def begun(*slices: int, outlines: dict[int, tuple[np.ndarray, ...]] | None = None) -> Reading:
    """A reading with one tumour, drawn in these slices."""
    return draw_roi(EMPTY, "tumour", drawn(*slices), outlines=outlines or {}).apply(EMPTY)


def only(reading: Reading) -> Any:
    return next(iter(reading.rois.values()))


def test_a_region_edit_holds_only_what_changes() -> None:
    before = np.zeros(SHAPE, np.uint8)
    before[0, 1, 1:4] = (255, 255, 128)
    after = before.copy()
    after[0, 1, 1], after[0, 1, 3], after[1, 0, 0:2] = 0, 255, 77
    edit = EditRoi.between("r", "tumour", before, after)
    assert edit.indices.tolist() == [6, 8, 20, 21]
    assert edit.as_dict()["runs"] == [[6, 1, 255, 0], [8, 1, 128, 255], [20, 2, 0, 77]]
    with pytest.raises(InputError, match="before or after"):
        EditRoi.between("r", "tumour", None, None)
    with pytest.raises(InputError, match="shape"):
        EditRoi.between("r", "tumour", before, np.zeros((1, 1, 1), bool))


@given(COVERAGES, COVERAGES)
@settings(max_examples=40, deadline=None)
def test_looking_only_where_the_change_lies_finds_the_same(before: np.ndarray, after: np.ndarray) -> None:
    box = (slice(0, 2), slice(1, 3), slice(2, 5))
    partly = before.copy()
    partly[box] = after[box]
    everywhere = EditRoi.between("r", "tumour", before, partly)
    there = EditRoi.between("r", "tumour", before, partly, box=box)
    assert there.as_dict() == everywhere.as_dict() and there.indices.dtype == everywhere.indices.dtype


def test_drawing_by_hand_in_a_slice_drops_its_outlines_and_no_others() -> None:
    reading = begun(0, 1, outlines={0: (TRIANGLE,), 1: (SQUARE, TRIANGLE)})
    roi = only(reading)
    brushed = roi.coverage.copy()
    brushed[0, 3, 4] = 9
    edit = change_roi(roi, brushed)
    after = edit.apply(reading)
    assert list(only(after).outlines) == [1]
    assert same(edit.inverse().apply(after), reading)
    redrawn = change_roi(only(after), drawn(0, 1), outlines={0: (SQUARE,)}).apply(after)
    assert list(only(redrawn).outlines) == [0, 1] and len(only(redrawn).outlines[1]) == 2
    assert np.array_equal(only(redrawn).outlines[0][0], SQUARE)


def test_an_edit_that_would_leave_an_outline_behind_is_refused() -> None:
    """However it was made: dragged, the outline would bring back what is no longer there."""
    reading = begun(0, outlines={0: (TRIANGLE,)})
    roi = only(reading)
    edit = EditRoi.between(roi.roi_id, "tumour", roi.coverage, drawn(0, 1), label=roi.label)
    assert edit.apply(reading).rois  # slice 0 is not touched
    edit = EditRoi.between(roi.roi_id, "tumour", roi.coverage, drawn(1), label=roi.label)
    with pytest.raises(InputError, match="changed meanwhile"):
        edit.apply(reading)
    other = change_roi(roi, drawn(1)).as_dict()
    other["outlines_before"] = [[0, [SQUARE.tolist()]]]
    with pytest.raises(InputError, match="changed meanwhile"):
        edit_from_dict(other).apply(reading)


def test_a_region_that_is_removed_takes_outlines_and_label_along_and_brings_them_back() -> None:
    reading = begun(0, outlines={0: (TRIANGLE,)})
    reading = draw_roi(reading, "tumour", drawn(1), name="the other", colour="#112233").apply(reading)
    first, second = reading.rois
    assert [roi.name for roi in reading.rois.values()] == ["tumour", "the other"]
    edit = remove_roi(reading, first)
    gone = edit.apply(reading)
    assert list(gone.rois) == [second] and edit.name == "remove tumour"
    back = edit.inverse().apply(gone)
    assert list(back.rois) == [first, second] and same(back, reading)


def test_regions_are_named_one_after_the_other() -> None:
    reading = EMPTY
    for _ in range(3):
        reading = draw_roi(reading, "reference", drawn(0)).apply(reading)
    names = [roi.name for roi in reading.rois.values()]
    assert names == ["reference tissue", "reference tissue 2", "reference tissue 3"]
    second = list(reading.rois)[1]
    assert remove_roi(reading, second).apply(reading).new_roi_name("reference") == "reference tissue 2"
    assert reading.new_roi_name("node") == "node"


def test_a_label_changes_without_the_voxels() -> None:
    reading = begun(0, outlines={0: (TRIANGLE,)})
    roi = only(reading)
    for edit, menu in (
        (label_roi(roi, name="left"), "rename tumour"),
        (label_roi(roi, colour="#000000"), "recolour tumour"),
        (label_roi(roi, locked=True), "lock tumour"),
    ):
        after = edit.apply(reading)
        assert edit.name == menu and told(only(after)) != told(roi)
        assert told(only(after))[3:] == told(roi)[3:]
        assert same(edit.inverse().apply(after), reading)
        with pytest.raises(InputError, match="changed meanwhile"):
            edit.apply(after)
    with pytest.raises(InputError, match="changed meanwhile"):
        change_roi(roi, drawn(1)).apply(label_roi(roi, name="left").apply(reading))


ROI: dict[str, Any] = {
    "edit": "edit_roi", "roi": "r", "kind": "tumour", "name": "tumour", "colour": "#e69f00",
    "runs": [[0, 2, 0, 255]], "existed_before": False, "exists_after": True,
    "outlines_before": [], "outlines_after": [], "place": None,
}  # fmt: skip
LABEL = {"name": "a", "colour": "#000000", "locked": False}
LABELLED: dict[str, Any] = {"edit": "label_roi", "roi": "r", "before": LABEL, "after": {**LABEL, "name": "b"}}


def test_the_records_below_are_sound_where_nothing_is_changed() -> None:
    """Otherwise the next tests could not fail."""
    assert edit_from_dict(ROI).apply(EMPTY).rois["r"].voxels == 2
    reading = draw_roi(EMPTY, "tumour", drawn(0)).apply(EMPTY)
    roi = only(reading)
    values = {**LABELLED, "roi": roi.roi_id, "before": vars(roi.label)}
    assert only(edit_from_dict(values).apply(reading)).label == Label("b", "#000000")


@pytest.mark.parametrize(
    "values",
    [
        {**ROI, "kind": "liver"},
        {**ROI, "kind": 3},
        {**ROI, "roi": None},
        {**ROI, "name": ""},
        {**ROI, "colour": "red"},
        {**ROI, "runs": [[0]]},
        {**ROI, "runs": [[0, 0, 0, 255]]},
        {**ROI, "runs": [[0, -1, 0, 255]]},
        {**ROI, "runs": [[0, 10**12, 0, 255]]},
        {**ROI, "runs": [[-3, 2, 0, 255]]},
        {**ROI, "runs": [[0, 2, 0, 255], [1, 2, 0, 255]]},
        {**ROI, "runs": [[5, 1, 0, 255], [1, 1, 0, 255]]},
        {**ROI, "runs": [[0, 2, 0, 0]]},
        {**ROI, "runs": [[0, 2, 0, 256]]},
        {**ROI, "runs": [[0, 2, -1, 255]]},
        {**ROI, "runs": [[0, 2, 0, 1.5]]},
        {**ROI, "runs": [[0.0, 2, 0, 255]]},
        {**ROI, "runs": [[0, True, 0, 255]]},
        {**ROI, "runs": 7},
        {**ROI, "existed_before": 0},
        {**ROI, "place": 0.5},
        {**ROI, "outlines_after": [[0, [[[0, 0], [1, 1]]]]]},
        {**ROI, "outlines_after": [[0, [[[0, 0], [1, 1], [float("nan"), 0]]]]]},
        {**ROI, "outlines_after": [[0, [[[0, 0], [1, 1], [2]]]]]},
        {**ROI, "outlines_after": [["0", []]]},
        {**ROI, "outlines_after": [[0, []], [0, []]]},
        {**LABELLED, "after": {**LABEL, "locked": 1}},
        {**LABELLED, "after": {**LABEL, "name": "a\nb"}},
        {**LABELLED, "before": {"name": "a"}},
    ],
)
def test_what_is_no_edit_of_a_region_is_refused_in_one_line(values: dict[str, Any]) -> None:
    with pytest.raises(InputError) as caught:
        edit_from_dict(json.loads(json.dumps(values)))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("runs", [[[39, 2, 0, 255]], [[400, 1, 0, 9]]])
def test_a_region_cannot_leave_the_grid(runs: list[list[int]]) -> None:
    with pytest.raises(InputError, match="leave the picture"):
        edit_from_dict({**ROI, "runs": runs}).apply(EMPTY)


def test_an_outline_cannot_leave_the_grid() -> None:
    values = {**ROI, "outlines_before": [[7, []]], "outlines_after": [[7, [TRIANGLE.tolist()]]]}
    with pytest.raises(InputError, match="slice 7"):
        edit_from_dict(values).apply(EMPTY)
