"""Any history can be walked back and forth to the last bit, and never takes more memory than it may."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from app.undo import History
from core.imaging.geometry import Geometry
from core.imaging.region_numbers import region_numbers
from core.imaging.roi import ROI_KINDS
from core.imaging.volume import EchoSeries, Volume
from core.reading.edits import AddMark, AddRuler, Edit, edit_bytes, remove_mark, set_answer
from core.reading.reading import Mark, Reading, Ruler
from core.reading.roi_edits import EditRoi, change_roi, label_roi, remove_roi
from core.statistics.linking import measure
from core.study.records import ScanImages
from tests.core.reading.states import EMPTY, same

SHAPE = (1, 512, 512)
_TOLD_EVERY = 50


class Store:
    """Takes edits as a kit does."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def record(self, edit: Edit, how: str) -> None:
        self.reading = edit.apply(self.reading)


def pictures() -> ScanImages:
    """Echoes and maps on the grid of the readings, with a failed voxel."""
    draw = np.random.default_rng(1)
    grid = EMPTY.grid
    rate = draw.normal(90, 20, grid.shape).astype(np.float32)
    rate[0, 1, 2] = np.nan
    return ScanImages(
        echoes=EchoSeries(draw.normal(500, 80, (3, *grid.shape)).astype(np.float32), (3.0, 6.0, 9.0), grid,
                          None, 3.0),
        anatomy=Volume(draw.normal(500, 80, grid.shape).astype(np.float32), grid),
        r2star_per_s=Volume(rate, grid),
        iron_ug_per_g=Volume(rate * np.float32(0.3), grid),
        sigma=20.0,
        fit_method="nlls",
    )  # fmt: skip


PICTURES = pictures()


def live(reading: Reading) -> str:
    """What is told of every region while one draws, and of every ruler, to the last bit."""
    assert PICTURES.r2star_per_s is not None
    shown = (PICTURES.echoes.magnitude[0], PICTURES.r2star_per_s.data)
    rois = reading.rois.values()
    numbers = [region_numbers(data, roi.coverage, roi.geometry) for roi in rois for data in shown]
    return repr((numbers, [ruler.length_mm for ruler in reading.rulers.values()]))


def recorded(reading: Reading) -> str:
    """What an analysis makes of it: CNR, means, SD, iron, margin."""
    return repr(measure(reading, PICTURES, coils=1))


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 12))])
def test_five_hundred_edits_undone_and_redone_give_back_every_state_and_all_numbers(seed):
    draw = np.random.default_rng(seed)
    store = Store(EMPTY)
    history = History(store.record)
    states, told = [store.reading], {0: live(store.reading) + recorded(store.reading)}
    for number in range(1, 501):
        history.do(deed(draw, store.reading, f"x{number}"))
        states.append(store.reading)
        if number % _TOLD_EVERY == 0:
            told[number] = live(store.reading) + recorded(store.reading)
    assert len(set(told.values())) == len(told)

    def is_at(number: int) -> None:
        assert same(store.reading, states[number])
        if number in told:
            assert live(store.reading) + recorded(store.reading) == told[number]

    for number in reversed(range(500)):
        history.undo()
        is_at(number)
    assert not history.undo_name
    for number in range(1, 501):
        history.redo()
        is_at(number)
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


@pytest.mark.soak
def test_a_reading_of_ten_thousand_strokes_takes_less_than_200_mb_with_its_history():
    """All of it: the reading as each stroke leaves it, and what can be taken back."""
    store = Store(Reading("KDX42", Geometry.axial(SHAPE, (1.0, 0.5, 0.5))))
    history = History(store.record)
    tracemalloc.start()
    try:
        history.do(EditRoi.between("r", "tumour", None, np.zeros(SHAPE, np.uint8)))
        for number in range(10_000):
            roi = store.reading.rois["r"]
            history.do(change_roi(roi, np.where(brush(number), np.uint8(1 + number % 255), roi.coverage)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200 * 2**20
    last = store.reading.rois["r"].coverage.copy()
    deep = 0
    while history.undo_name and deep < 2000:
        history.undo()
        deep += 1
    assert deep == 2000
    for _ in range(deep):
        history.redo()
    np.testing.assert_array_equal(store.reading.rois["r"].coverage, last)


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
