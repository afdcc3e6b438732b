"""Window and level of each series: its percentiles, or what the hand chose; that stays until it is reset."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from app.reading.case import Plan
from app.reading.panes import PICTURE_NAMES
from app.workers import Job
from core.study.kit_pictures import CaseImages
from widgets.colours import percentile_window
from widgets.words import marked

Percentiles = tuple[float, float]
Window = tuple[float, float]  # centre and width
# shown black and white
USUAL: Percentiles = (1.0, 99.5)
PRESETS = (
    (USUAL, marked("Usual (1 to 99.5 %)")),
    ((0.0, 100.0), marked("Everything (0 to 100 %)")),
    ((5.0, 95.0), marked("Steep (5 to 95 %)")),
    ((0.0, 80.0), marked("Dark tissue (0 to 80 %)")),
    ((40.0, 99.9), marked("Bright tissue (40 to 99.9 %)")),
)


def windowed(images: CaseImages, role: str) -> NDArray[Any]:
    """Return what the window of a picture is taken from."""
    # the first echo's window for all: what decays shall be seen to decay
    return images.echoes.magnitude[0] if role == "echoes" else images.volumes[role].data


class Windows:
    """The window of every series by its role, shared by all panes that show it."""

    def __init__(self) -> None:
        self._by_hand: dict[str, Window] = {}
        self._presets: dict[str, Percentiles] = {}
        self._made: dict[str, Window] = {}

    def forget_case(self, ahead: Mapping[str, tuple[Percentiles, Window]] | None = None) -> None:
        """Another case comes: its numbers have another scale, so that only percentiles stay chosen.

        `ahead` are its windows by role, with the percentiles that they were made from.
        """
        self._by_hand = {}
        self._made = {
            role: window for role, (preset, window) in (ahead or {}).items() if preset == self.preset(role)
        }

    def plan_ahead(self, hung: Mapping[str, Percentiles]) -> Plan:
        """Return what works out another case's windows: as its protocol hangs them, else as chosen now."""
        presets = {**self._presets, **hung}

        def make(images: CaseImages, _: Job) -> Mapping[str, tuple[Percentiles, Window]]:
            there = [role for role in PICTURE_NAMES if role == "echoes" or role in images.volumes]
            chosen = [(role, presets.get(role, USUAL)) for role in there]
            return {
                role: (preset, percentile_window(windowed(images, role), *preset)) for role, preset in chosen
            }

        return make

    def reset(self) -> None:
        """Return to the usual window everywhere."""
        self._by_hand, self._presets, self._made = {}, {}, {}

    def get(self, role: str, data: NDArray[Any]) -> Window:
        """Return centre and width of a series; `data` is what its percentiles are taken from."""
        if role in self._by_hand:
            return self._by_hand[role]
        if role not in self._made:
            self._made[role] = percentile_window(data, *self._presets.get(role, USUAL))
        return self._made[role]

    @property
    def made(self) -> Mapping[str, Window]:
        """The windows that are in use, by role."""
        return {**self._made, **self._by_hand}

    def set_by_hand(self, role: str, centre: float, width: float) -> None:
        """Keep what the hand chose."""
        self._by_hand[role] = (centre, width)

    def choose(self, role: str, preset: Percentiles) -> None:
        """Window a series by its percentiles."""
        if preset != self.preset(role):
            self._presets[role] = preset
            self._by_hand.pop(role, None)
            self._made.pop(role, None)

    def preset(self, role: str) -> Percentiles | None:
        """Return the percentiles chosen, None where the hand chose."""
        return None if role in self._by_hand else self._presets.get(role, USUAL)
