"""What is proposed as an answer: measured from the right thing, in the question's own decimals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.imaging.geometry import Geometry
from core.imaging.regions.outline import ellipse_outline, polygon
from core.imaging.roi import Roi
from core.reading.measuring import measured
from core.reading.questions import Question
from core.reading.reading import Mark, Reading, Ruler

# 2 x 0.5 x 0.25 mm
GRID = Geometry.axial((4, 10, 12), (2.0, 0.5, 0.25))


def asked(measure: str, scope: str = "case", **more: object) -> Question:
    values = {"decimals": 2, "most": 1000.0, "least": 0.0, **more}
    return Question("size", "Size", scope, (), True, "step", type="number", measure=measure, **values)


def block(kind: str, roi_id: str, slices: slice, rows: slice, columns: slice) -> Roi:
    mask = np.zeros(GRID.shape, dtype=bool)
    mask[slices, rows, columns] = True
    return Roi(roi_id, kind, mask, GRID)


def place(k: float, row: float, column: float) -> tuple[float, float, float]:
    x, y, z = GRID.to_mm((k, row, column))
    return float(x), float(y), float(z)


@pytest.fixture
def reading() -> Reading:
    """A tumour with a mark in it, a node region, reference tissue over another mark, and rulers."""
    rois = (
        block("reference", "ref", slice(0, 4), slice(6, 10), slice(0, 12)),
        block("tumour", "t", slice(1, 3), slice(0, 4), slice(0, 8)),
        block("node", "n", slice(1, 2), slice(0, 2), slice(10, 12)),
    )
    marks = (
        Mark("in", "lesion", place(1, 2, 3)),
        Mark("out", "lesion", place(0, 8, 3)),
        Mark("nodal", "node", place(1, 1, 11)),
    )
    start = place(1, 0, 0)
    rulers = tuple(
        Ruler(name, start, (start[0] + length, start[1], start[2]), about)
        for name, length, about in (("a", 1.234, "in"), ("b", 2.3456, "in"), ("c", 3.0, None))
    )
    return Reading(
        "KDX42",
        GRID,
        marks={mark.mark_id: mark for mark in marks},
        rois={roi.roi_id: roi for roi in rois},
        rulers={ruler.ruler_id: ruler for ruler in rulers},
    )


def test_a_region_answers_for_itself(reading):
    found = measured(reading, asked("volume", "node_region"), "n")
    assert found.value == pytest.approx(2 * 2 * 0.25)
    assert found.what == "volume of node"


def test_a_mark_is_measured_by_the_region_that_holds_it(reading):
    assert measured(reading, asked("area", "lesion"), "in").value == pytest.approx(4 * 8 * 0.125)
    assert measured(reading, asked("volume", "node"), "nodal").value == pytest.approx(4 * 0.25)


def test_reference_tissue_measures_no_lesion(reading):
    assert reading.rois["ref"].mask[0, 8, 3]
    assert measured(reading, asked("area", "lesion"), "out") is None


def test_the_case_is_measured_by_its_tumour(reading):
    sphere = measured(reading, asked("sphere_diameter"), None)
    assert np.pi / 6 * sphere.value**3 == pytest.approx(2 * 32 * 0.25, rel=0.01)


def test_the_ruler_laid_last_counts_and_only_ones_own(reading):
    found = measured(reading, asked("ruler", "lesion"), "in")
    assert found.value == 2.35
    assert found.what == "ruler 2"
    assert measured(reading, asked("ruler", "lesion"), "out") is None
    assert measured(reading, asked("ruler"), None).value == 3.0


def test_nodes_are_measured_by_their_short_axis_and_lesions_by_the_long_one():
    """An ellipse of 8 x 4 mm in one slice of 0.25 mm pixels."""
    grid = Geometry.axial((3, 60, 60), (1.0, 0.25, 0.25))
    middle = tuple(float(part) for part in grid.to_mm((1, 29.5, 29.5)))
    drawn = polygon(grid, ellipse_outline(middle, (4.0, 0.0, 0.0), (0.0, 2.0, 0.0)))
    node = Roi("n", "node", drawn.on(grid.shape), grid)
    marks = {"m": Mark("m", "node", middle)}
    reading = Reading("KDX42", grid, marks=marks, rois={"n": node})
    long = measured(reading, asked("long_axis", "node", decimals=1), "m")
    short = measured(reading, asked("short_axis", "node", decimals=1), "m")
    assert long.value == pytest.approx(8.0, abs=0.1) and long.what == "long axis of node"
    assert short.value == pytest.approx(4.0, abs=0.1) and short.what == "short axis of node"


def test_what_is_proposed_serves_as_an_answer(reading):
    whole = measured(reading, asked("ruler", decimals=0), None)
    assert whole.value == 3 and type(whole.value) is int
    assert measured(reading, asked("ruler", most=2.0), None) is None
    for decimals in range(4):
        question = asked("sphere_diameter", decimals=decimals)
        assert question.refusal(measured(reading, question, None).value) == ""


def test_nothing_is_proposed_where_nothing_is_asked_for_or_drawn(reading):
    assert measured(reading, asked(""), None) is None
    assert measured(replace(reading, rois={}), asked("volume"), None) is None
    empty = block("tumour", "t", slice(0, 0), slice(0, 0), slice(0, 0))
    assert measured(replace(reading, rois={"t": empty}), asked("volume"), None) is None
