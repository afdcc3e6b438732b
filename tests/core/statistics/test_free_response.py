from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.statistics.accuracy import auc
from core.statistics.free_response import UNMARKED, FreeCase, froc_curve, jafroc

scores = st.integers(1, 5).map(float)
lesions = st.lists(scores | st.just(UNMARKED), max_size=3).map(tuple)
cases = st.lists(
    st.builds(FreeCase, st.sampled_from("abcdefg"), lesions, st.lists(scores, max_size=3).map(tuple)),
    min_size=1,
    max_size=9,
)


def slow(sample, figure) -> float:
    wins = []
    for case in sample:
        for lesion in case.lesions:
            for other in sample:
                if figure == "JAFROC" and other.lesions:
                    continue
                highest = max(other.false_marks, default=UNMARKED)
                wins.append(1.0 if lesion > highest else 0.5 if lesion == highest else 0.0)
    return float(np.mean(wins))


@settings(max_examples=60, deadline=None)
@given(cases, st.sampled_from(["JAFROC", "JAFROC1"]))
def test_figure_equals_the_count_of_pairs(sample, figure):
    found = jafroc(sample, figure)
    if not found.estimable:
        assert found.reason
        return
    assert found.value == pytest.approx(slow(sample, figure))
    if np.isfinite(found.se):
        animals = sorted({case.cluster for case in sample})
        without = [slow([c for c in sample if c.cluster != a], figure) for a in animals]
        k = len(animals)
        assert found.se == pytest.approx(np.sqrt((k - 1) / k * ((without - np.mean(without)) ** 2).sum()))


def test_one_lesion_a_case_without_false_marks_is_the_auc():
    rng = np.random.default_rng(2)
    positive = np.arange(40) < 20
    rating = np.round(rng.normal(2, 1, 40) + positive)
    sample = [
        FreeCase(str(i), (r,) if p else (), () if p else (r,))
        for i, (r, p) in enumerate(zip(rating, positive, strict=True))
    ]
    assert jafroc(sample).value == pytest.approx(auc(rating, positive).value)
    assert jafroc(sample).se == pytest.approx(auc(rating, positive).se, rel=0.05)


def test_curve_counts_what_is_at_or_above_each_confidence():
    sample = [
        FreeCase("a", (5.0, UNMARKED), (2.0,)),
        FreeCase("b", (), (4.0, 2.0)),
        FreeCase("c", (3.0,), ()),
    ]
    assert froc_curve(sample) == pytest.approx(
        np.array([[5, 0, 1 / 3], [4, 1 / 3, 1 / 3], [3, 1 / 3, 2 / 3], [2, 1.0, 2 / 3]])
    )
    assert froc_curve([FreeCase("a", (), ())]).shape == (0, 3)


def test_what_cannot_be_had_is_said():
    assert "no case has a lesion" in jafroc([FreeCase("a", (), (3.0,))]).reason
    everywhere = [FreeCase(a, (4.0,), (2.0,)) for a in "abc"]
    assert "JAFROC1" in jafroc(everywhere).reason
    assert jafroc(everywhere, "JAFROC1").value == 1.0
    assert "one animal" in jafroc([FreeCase("a", (4.0,), ()), FreeCase("a", (), (5.0,))]).reason
