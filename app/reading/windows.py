"""Window and level of each series: its percentiles, or what the hand chose; that stays until it is reset."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from widgets.colours import percentile_window
from widgets.words import marked

Percentiles = tuple[float, float]
# shown black and white
USUAL: Percentiles = (1.0, 99.5)
PRESETS = (
    (USUAL, marked("Usual (1 to 99.5 %)")),
    ((0.0, 100.0), marked("Everything (0 to 100 %)")),
    ((5.0, 95.0), marked("Steep (5 to 95 %)")),
    ((0.0, 80.0), marked("Dark tissue (0 to 80 %)")),
    ((40.0, 99.9), marked("Bright tissue (40 to 99.9 %)")),
)


class Windows:
    """The window of every series by its role, shared by all panes that show it."""

    def __init__(self) -> None:
        self._by_hand: dict[str, tuple[float, float]] = {}
        self._presets: dict[str, Percentiles] = {}
        self._made: dict[str, tuple[float, float]] = {}

    def forget_case(self) -> None:
        """Another case comes: its numbers have another scale, so that only percentiles stay chosen."""
        self._by_hand, self._made = {}, {}

    def reset(self) -> None:
        """Return to the usual window everywhere."""
        self._by_hand, self._presets, self._made = {}, {}, {}

    def get(self, role: str, data: NDArray[Any]) -> tuple[float, float]:
        """Return centre and width of a series; `data` is what its percentiles are taken from."""
        if role in self._by_hand:
            return self._by_hand[role]
        if role not in self._made:
            self._made[role] = percentile_window(data, *self._presets.get(role, USUAL))
        return self._made[role]

    def set_by_hand(self, role: str, centre: float, width: float) -> None:
        """Keep what the hand chose."""
        self._by_hand[role] = (centre, width)

    def choose(self, role: str, preset: Percentiles) -> None:
        """Window a series by its percentiles."""
        self._presets[role] = preset
        self._by_hand.pop(role, None)
        self._made.pop(role, None)

    def preset(self, role: str) -> Percentiles | None:
        """Return the percentiles chosen, None where the hand chose."""
        return None if role in self._by_hand else self._presets.get(role, USUAL)
