"""Live wire: the cheapest way along edges, onto them, however the picture lies."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, sparse
from scipy.sparse.csgraph import dijkstra

from core.errors import InputError
from core.imaging.coverage import WHOLE
from core.imaging.geometry import Geometry
from core.imaging.regions.brush import stroke
from core.imaging.regions.live_wire import LiveWire, Spread
from core.imaging.regions.outline import polygon
from tests.core.imaging.regions.grids import Points, flipped, motions, moved, oblique, swapped

GRID = Geometry.axial((2, 44, 48), (2.0, 1.0, 1.0))


def lesion(grid: Geometry, centre: Points, radius: float, depth: float = 100.0, seed: int = 0) -> np.ndarray:
    """A blurred disc in noise, at a contrast of 20 SD, in both slices."""
    disc = stroke(grid, [centre], radius).on(grid.shape).max(axis=0) / WHOLE
    noise = np.random.default_rng(seed).normal(0, abs(depth) / 20, grid.shape)
    return 200 + depth * ndimage.gaussian_filter(disc, 0.5)[None] + noise


def around(wire: LiveWire, clicks: Points) -> Points:
    ways = []
    for start, end in zip(clicks, np.roll(clicks, -1, axis=0), strict=True):
        wire.start(start)
        ways.append(wire.path_to(end)[:-1])
    return np.vstack(ways)


def clicks_on(centre: Points, radius: float, count: int, seed: int = 0) -> Points:
    """Clicks around a disc, each about half a voxel off its edge."""
    rng = np.random.default_rng(seed)
    angle = 2 * np.pi * np.arange(count) / count + rng.uniform(0, 2 * np.pi)
    way = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], axis=1)
    return centre + way * (radius + rng.uniform(-0.5, 0.5, (count, 1)))


@pytest.mark.parametrize(("radius", "count", "within"), [(3.0, 4, 0.1), (6.0, 5, 0.04), (15.0, 6, 0.02)])
@pytest.mark.parametrize("depth", [100.0, -100.0])
def test_a_few_clicks_outline_a_lesion(radius: float, count: int, within: float, depth: float) -> None:
    areas = []
    for seed in range(5):
        centre = GRID.to_mm((0, 21.3 + 0.1 * seed, 23.8))
        wire = LiveWire(lesion(GRID, centre, radius, depth, seed), GRID, 0)
        outline = around(wire, clicks_on(centre, radius, count, seed))
        areas.append(polygon(GRID, outline).coverage.sum() / WHOLE)
        assert np.abs(np.linalg.norm(outline - centre, axis=1) - radius).max() < 0.6
    assert np.mean(areas) == pytest.approx(np.pi * radius**2, rel=within)


@given(st.integers(0, 2**31), st.integers(2, 9), st.integers(2, 9))
@settings(max_examples=25)
def test_the_way_is_the_cheapest_there_is(seed: int, rows: int, columns: int) -> None:
    rng = np.random.default_rng(seed)
    slope = rng.normal(size=(2, rows, columns))
    strength = np.hypot(*slope) * (rng.random((rows, columns)) < 0.8)
    spread = Spread(rng.random((rows, columns)), slope, strength, np.array([[1.0, 0.3], [0.0, 0.8]]), (0, 0))
    pairs, weights = [], []
    for way, (down, right) in enumerate(((0, 1), (1, 0), (1, 1), (1, -1))):
        for j in range(rows):
            for i in range(columns):
                if j + down < rows and 0 <= i + right < columns:
                    pairs.append((j * columns + i, (j + down) * columns + i + right))
                    weights.append(spread.costs[way, j, i])
    size = rows * columns
    graph = sparse.coo_array((weights, np.array(pairs).T), shape=(size, size)).tocsr()
    cheapest = dijkstra(graph, directed=False, indices=0)
    # the hand goes here and there: what was found before must stay right
    for target in rng.permutation(size)[:6]:
        way = spread.way_to((int(target) // columns, int(target) % columns))
        nodes = way[:, 0] * columns + way[:, 1]
        assert (nodes[0], nodes[-1]) == (0, target)
        assert (np.abs(np.diff(way, axis=0)).max(axis=1, initial=0) <= 1).all()
        both = graph + graph.T
        paid = sum(both[a, b] for a, b in pairwise(nodes))
        assert paid == spread.total[target] == cheapest[target]


@given(motions)
@settings(max_examples=10)
def test_grid_and_patient_may_lie_as_they_like(motion: Points) -> None:
    centre = GRID.to_mm((0, 21.3, 23.8))
    picture, clicks = lesion(GRID, centre, 8.0), clicks_on(centre, 8.0, 5)
    expected = polygon(GRID, around(LiveWire(picture, GRID, 0), clicks)).coverage.sum() / WHOLE
    for grid, values, turn in (
        (oblique(GRID, motion), picture, motion),
        (flipped(GRID, 1), picture[:, ::-1], np.eye(4)),
        (flipped(GRID, 2), picture[:, :, ::-1], np.eye(4)),
        (swapped(GRID), picture.transpose(0, 2, 1), np.eye(4)),
    ):
        outline = around(LiveWire(values, grid, 0), moved(clicks, turn))
        # of ways that cost the same one may be taken here and the other there
        assert polygon(grid, outline).coverage.sum() / WHOLE == pytest.approx(expected, rel=0.01)


def test_both_ends_in_one_voxel_and_flat_pictures() -> None:
    wire = LiveWire(np.full(GRID.shape, 7.0), GRID, 1)
    wire.start(GRID.to_mm((1, 10, 10)))
    assert len(wire.path_to(GRID.to_mm((1, 10.2, 9.9)))) == 1
    straight = GRID.to_index(wire.path_to(GRID.to_mm((1, 10, 30))))
    np.testing.assert_allclose(straight[:, 0], 1)
    np.testing.assert_allclose(straight[[0, -1], 1:], [(10, 10), (10, 30)])
    assert len(straight) == 21


def test_voxels_without_a_value_are_no_edge() -> None:
    centre = GRID.to_mm((0, 21.3, 23.8))
    picture, clicks = lesion(GRID, centre, 12.0), clicks_on(centre, 12.0, 5)
    picture[0, 16:28, 18:30] = np.nan
    outline = around(LiveWire(picture, GRID, 0), clicks)
    assert np.isfinite(outline).all()
    assert np.abs(np.linalg.norm(outline - centre, axis=1) - 12.0).max() < 0.6
    nothing = LiveWire(np.full(GRID.shape, np.nan), GRID, 0)
    nothing.start(centre)
    assert np.isfinite(nothing.path_to(clicks[0])).all()


def test_what_makes_no_sense_is_refused() -> None:
    picture = np.ones(GRID.shape)
    wire = LiveWire(picture, GRID, 0)
    thin = Geometry.axial((1, 2, 9), (1, 1, 1))
    for call, fault in (
        (lambda: LiveWire(picture[:1], GRID, 0), "shape"),
        (lambda: LiveWire(picture, GRID, 2), "no slice 3"),
        (lambda: LiveWire(np.ones((1, 2, 9)), thin, 0), "3 x 3"),
        (lambda: wire.path_to(GRID.to_mm((0, 3, 3))), "needs a start"),
        (lambda: wire.start(GRID.to_mm((1, 3, 3))), "not in the slice"),
        (lambda: wire.start(GRID.to_mm((0, 99, 3))), "not in the slice"),
    ):
        with pytest.raises(InputError, match=fault):
            call()
