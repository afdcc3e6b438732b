"""Voxels cut by a plane, against counting fine samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.regions.kernels import share_below as cut
from tests import naive_regions as naive

rises = st.sampled_from([0.0, 1e-9, 1e-3, 0.2, 0.5, 1.0, 1.7, -0.4, -1.0])


@given(st.floats(-2, 2), rises, rises, rises)
def test_the_share_is_what_samples_count(height: float, a: float, b: float, c: float) -> None:
    inner = naive.samples((1, 1, 1), 24)[0, 0, 0]
    counted = np.mean(height + inner @ (a, b, c) < 0)
    # a plane along the samples puts a whole layer of 24 on its other side
    assert cut(height, a, b, c) == pytest.approx(counted, abs=0.5 / 24 + 1e-3)


@given(st.floats(-2, 2), rises, rises, rises)
def test_both_sides_make_the_whole_and_axes_may_be_swapped(h: float, a: float, b: float, c: float) -> None:
    share = cut(h, a, b, c)
    if (a, b, c) != (0, 0, 0) or h != 0:
        assert share + cut(-h, a, b, c) == pytest.approx(1, abs=1e-9)
    assert cut(h, c, -a, b) == pytest.approx(share, abs=1e-9)
    assert cut(h - 0.01, a, b, c) >= share - 1e-9


def test_known_cuts() -> None:
    assert cut(0.25, 0, 1, 0) == pytest.approx(0.25)
    # a corner: a third of a half at unit rise
    assert cut(1.0, 1, 1, 0) == 0
    assert cut(0.5, 1, 1, 0) == pytest.approx(0.125)
    assert cut(1.0, 1, 1, 1) == pytest.approx(0.5**3 / 6)
    assert (cut(-0.1, 0, 0, 0), cut(0.1, 0, 0, 0)) == (1, 0)
