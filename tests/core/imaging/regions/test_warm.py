"""What follows the hand is ready once it is warm."""

from __future__ import annotations

from core.imaging.regions.brush import stroke
from core.imaging.regions.kernels import fill, sweep
from core.imaging.regions.warm import warm
from core.progress import Silent
from tests.core.imaging.regions.test_brush import GRID


def test_nothing_is_left_to_compile_for_a_stroke() -> None:
    warm()
    before = [len(loop.signatures) for loop in (fill, sweep)]
    assert min(before) > 0
    assert not stroke(GRID, GRID.to_mm([(1, 3, 3), (1, 4, 4)]), 1.0).empty
    assert [len(loop.signatures) for loop in (fill, sweep)] == before


def test_it_stops_when_nobody_waits_any_more() -> None:
    class Stopped(Silent):
        asked = 0

        def cancelled(self) -> bool:
            self.asked += 1
            return self.asked > 2

    progress = Stopped()
    warm(progress)
    assert progress.asked == 3
