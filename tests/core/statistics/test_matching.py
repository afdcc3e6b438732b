from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.matching import SMALLEST_REACH_MM, match_marks, reach

points = st.lists(st.tuples(*[st.floats(0, 6)] * 3), max_size=4)


def slow_match(marks, targets, limits) -> tuple[int, float]:
    """The most pairs within reach, and among those the smallest sum of distances, by trying everything."""
    best = (0, 0.0)
    longer, turned = (targets, True) if len(targets) >= len(marks) else (marks, False)
    shorter = marks if turned else targets
    for order in permutations(range(len(longer)), len(shorter)):
        pairs = [(i, j) if turned else (j, i) for i, j in enumerate(order)]
        distances = [np.linalg.norm(np.subtract(marks[m], targets[t])) for m, t in pairs]
        hits = [d for d, (_, t) in zip(distances, pairs, strict=True) if d <= limits[t]]
        if len(hits) > best[0] or (len(hits) == best[0] and sum(hits) < best[1]):
            best = (len(hits), sum(hits))
    return best


@settings(max_examples=80, deadline=None)
@given(points, points)
def test_matching_is_the_best_one_to_one(marks, targets):
    limits = [1.0 + t for t in range(len(targets))]
    found = match_marks(marks, targets, limits)
    count, total = slow_match(marks, targets, limits)
    assert len(found.pairs) == count
    assert sum(found.distances_mm) == pytest.approx(total)
    assert sorted([m for m, _ in found.pairs] + list(found.unmatched_marks)) == list(range(len(marks)))
    assert sorted([t for _, t in found.pairs] + list(found.unmatched_targets)) == list(range(len(targets)))


def test_order_of_marks_does_not_decide():
    # greedy matching would give the first mark to the middle target and lose the outer one
    targets = [[0, 0, 0], [2, 0, 0]]
    for marks in ([[1.1, 0, 0], [3.5, 0, 0]], [[3.5, 0, 0], [1.1, 0, 0]]):
        assert len(match_marks(marks, targets, 2.0).pairs) == 2


def test_second_mark_on_a_target_stays_unmatched():
    found = match_marks([[0, 0, 0], [0.5, 0, 0]], [[0, 0, 0]], 2.0)
    assert found.pairs == ((0, 0),)
    assert found.unmatched_marks == (1,)


def test_nothing_to_match():
    assert match_marks([], [], 2.0).pairs == ()
    assert match_marks([[1, 2, 3]], [], []).unmatched_marks == (0,)
    assert match_marks([], [[1, 2, 3]], 1.0).unmatched_targets == (0,)


def test_reach_is_the_radius_and_at_least_two_millimetres():
    assert reach([1.0, 10.0]).tolist() == [SMALLEST_REACH_MM, 5.0]
