"""Any history can be walked back and forth to the last bit, and never takes more memory than it may."""

from __future__ import annotations

import tracemalloc

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.undo import History
from core.imaging.geometry import Geometry
from core.imaging.roi import ROI_KINDS
from core.reading.edits import AddMark, AddRuler, Edit, edit_bytes, remove_mark, set_answer
from core.reading.reading import Mark, Reading, Ruler
from core.reading.roi_edits import EditRoi, change_roi, label_roi, remove_roi
from tests.core.reading.states import EMPTY, same

SHAPE = (1, 512, 512)


class Store:
    """Takes edits as a kit does."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def record(self, edit: Edit, how: str) -> None:
        self.reading = edit.apply(self.reading)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=2, deadline=None)
def test_five_hundred_edits_undone_and_redone_give_back_every_state(seed):
    draw = np.random.default_rng(seed)
    store = Store(EMPTY)
    history = History(store.record)
    states = [store.reading]
    for number in range(500):
        history.do(deed(draw, store.reading, f"x{number}"))
        states.append(store.reading)
    for before in reversed(states[:-1]):
        history.undo()
        assert same(store.reading, before)
    assert not history.undo_name
    for after in states[1:]:
        history.redo()
        assert same(store.reading, after)
    assert not history.redo_name


def deed(draw: np.random.Generator, reading: Reading, fresh: str) -> Edit:
    """Anything that a hand may do next."""
    what = draw.choice(["answer", "mark", "ruler", "region", "change", "change", "label", "remove"])
    if what == "mark":
        return AddMark(Mark(fresh, draw.choice(["lesion", "node"]).item(), place(draw)))
    if what == "ruler":
        return AddRuler(Ruler(fresh, place(draw), (9.0, 9.0, draw.random())))
    if what == "answer":
        value = [None, int(draw.integers(9)), float(draw.random()), fresh][draw.integers(4)]
        return set_answer(reading, f"q{draw.integers(9)}", None, value)
    if what == "remove" and len(reading.marks) > 2:
        return remove_mark(reading, list(reading.marks)[draw.integers(len(reading.marks))])
    return drawing(draw, reading, fresh, what)


def drawing(draw: np.random.Generator, reading: Reading, fresh: str, what: str) -> Edit:
    """Something with a region: begun, changed, labelled or removed."""
    coverage = draw.integers(0, 256, reading.grid.shape).astype(np.uint8)
    outlines = {int(draw.integers(2)): (draw.random((4, 2)) * 3,)} if draw.random() < 0.3 else {}
    if what == "region" or not reading.rois:
        return EditRoi.between(fresh, draw.choice(ROI_KINDS).item(), None, coverage, outlines=outlines)
    roi = list(reading.rois.values())[draw.integers(len(reading.rois))]
    if what == "label" or roi.locked:
        return label_roi(roi, name=fresh, locked=bool(draw.random() < 0.2))
    if what == "remove" and len(reading.rois) > 2:
        return remove_roi(reading, roi.roi_id)
    after = np.where(draw.random(coverage.shape) < 0.3, coverage, roi.coverage)
    return change_roi(roi, after, outlines=outlines)


def place(draw: np.random.Generator) -> tuple[float, float, float]:
    x, y, z = (float(value) for value in draw.random(3))
    return x, y, z


def brush(number):
    """Where a brush of 20 voxels touches down."""
    rows, columns = np.ogrid[:512, :512]
    row, column = 20 + 37 * number % 470, 20 + 91 * number % 470
    return ((rows - row) ** 2 + (columns - column) ** 2 <= 100)[None]


def test_ten_thousand_strokes_of_a_brush_stay_under_200_mb():
    store = Store(Reading("KDX42", Geometry.axial(SHAPE, (1.0, 0.5, 0.5))))
    history = History(lambda edit, how: None)
    places = np.flatnonzero(brush(0)).astype(np.int32)
    label = EditRoi.between("r", "tumour", None, np.zeros(SHAPE, np.uint8)).label
    tracemalloc.start()
    try:
        for number in range(10_000):
            indices = places + np.int32(number % 100)
            before = np.full(indices.size, number % 255, np.uint8)
            history.do(EditRoi("r", "tumour", indices, before, before + np.uint8(1), label, True, True))
        held = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()
    assert held < 200 * 2**20
    assert store.reading.rois == {}


def test_the_oldest_edits_go_first_when_the_budget_is_spent():
    store = Store(Reading("KDX42", Geometry.axial(SHAPE, (1.0, 0.5, 0.5))))
    coverage = np.zeros(SHAPE, np.uint8)
    begin = EditRoi.between("r", "tumour", None, coverage)
    stroke = edit_bytes(EditRoi.between("r", "tumour", coverage, brush(0)))
    history = History(store.record, budget_bytes=int(3.5 * stroke))
    history.do(begin)
    for number in range(6):
        now = store.reading.rois["r"].coverage
        history.do(EditRoi.between("r", "tumour", now, np.where(brush(number), np.uint8(9 + number), now)))
    undone = 0
    while history.undo_name:
        history.undo()
        undone += 1
    assert undone == 3 and not store.reading.rois["r"].empty
    for _ in range(undone):
        history.redo()
    assert not history.redo_name
    # an edit larger than the whole budget can still be taken back
    small = History(store.record, budget_bytes=10)
    now = store.reading.rois["r"].coverage
    small.do(EditRoi.between("r", "tumour", now, np.zeros_like(now)))
    small.undo()
    np.testing.assert_array_equal(store.reading.rois["r"].coverage, now)
