"""What is told of the selected region besides the table: sizes, quartiles, iron with interval, histogram.

Measuring axes takes longer than a frame may, so that it follows the hand a few times a second; the interval
of iron takes longer still, and comes from beside the window when the hand has let go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer

from app.core_words import in_words
from app.messages import told
from app.reading.case import CaseController
from app.reading.figures import figure
from app.reading.maps import MAPS
from app.reading.regions import ShownRegion
from app.reading.tools import ToolsController
from app.workers import Workers
from core.imaging.coverage import Coverage
from core.imaging.geometry import Geometry
from core.imaging.region_numbers import region_numbers
from core.imaging.volume import Volume
from widgets.histogram import Bars, HistogramView
from widgets.numbers_panel import NumbersPanel

if TYPE_CHECKING:  # numba and scipy come with them: a window that opens does not wait for those
    from core.imaging.regions.numbers import RegionHistogram
    from core.reading.region_iron import RegionIron

# while the hand is at it, and when it has let go: a frame in twenty may take longer, no more
_FOLLOWS_MS, _SETTLES_MS = 200, 40
_LANE = "region_iron"
_MOST_BARS = 40


class RegionDetailsController(QObject):
    """Keeps the lines below the table and the histogram true to the selected region as it looks now."""

    def __init__(
        self,
        case: CaseController,
        tools: ToolsController,
        workers: Workers,
        panel: NumbersPanel,
        histogram: HistogramView,
    ) -> None:
        super().__init__(case)
        self._case, self._tools, self._workers = case, tools, workers
        self._panel, self._histogram = panel, histogram
        self._echo, self._margin = 0, ""
        # the coverage and map that it was told of, and the iron, once it is there
        self._asked: tuple[Coverage, Volume] | None = None
        self._iron: RegionIron | None = None  # also where no voxel has a value
        self._told_of = ""  # key of the region whose iron was told last
        self._waits = False
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.renew)
        tools.preview_changed.connect(lambda _: self._follow())
        for changed in (case.changed, case.opening, case.maps_changed, tools.regions.active_changed):
            changed.connect(lambda *_: self._settle())

    def set_echo(self, echo: int) -> None:
        """Take the signal from another echo."""
        self._echo = echo
        self._settle()

    def set_margin(self, text: str) -> None:
        """Tell how sharp the margin is in place of the sizes, or the sizes again."""
        self._margin = text
        self._follow()

    def _follow(self) -> None:
        if not self._later.isActive():
            self._later.start(_FOLLOWS_MS)

    def _settle(self) -> None:
        if not 0 <= self._later.remainingTime() <= _SETTLES_MS:
            self._later.start(_SETTLES_MS)

    def renew(self) -> None:
        """Measure the region anew."""
        regions = self._tools.regions
        region, trial = regions.shown(regions.kind), self._case.on_trial
        if self._case.images is None or region is None or region.box is None:
            self._panel.set_details("", "")
            self._histogram.set_bars(None)
            return
        iron, before = self._iron_text(region)
        self._panel.set_details(self._margin or self._sizes(region), iron, trial=trial, before=before)
        self._histogram.set_bars(self._bars(region))

    def _sizes(self, region: ShownRegion) -> str:
        from core.imaging.regions.axes import long_and_short_axis, sphere_diameter_mm

        inside, grid = self._within(region)
        numbers = region_numbers(self._signal(), region.coverage, self._tools.regions.grid, box=region.box)
        axes = long_and_short_axis(inside, grid)
        long, short = (
            ("–", "–") if axes is None else (figure(axis.length_mm) for axis in (axes.long, axes.short))
        )
        name = in_words(region.name)
        said = self.tr(
            "{region}: ∅ sphere {sphere}, axes {long} × {short} mm, median {median} ({q25} to {q75})"
        )
        return said.format(
            region=name[:1].upper() + name[1:], long=long, short=short,
            sphere=figure(sphere_diameter_mm(numbers.volume_mm3)),
            q25=figure(numbers.q25), median=figure(numbers.median), q75=figure(numbers.q75),
        )  # fmt: skip

    def _iron_text(self, region: ShownRegion) -> tuple[str, bool]:
        """Return what is told of a region's iron, and whether that is of before what the hand does now."""
        iron, drawn = self._case.maps.get("iron"), self._tools.regions.draft is not None
        if iron is None:
            return "", False
        if not drawn:
            self._ask(region, iron)
        before = drawn or self._waits
        if before and region.key != self._told_of:
            return self.tr("Iron and dose: …"), False
        return self._told(self._iron), before

    def _told(self, found: RegionIron | None) -> str:
        if found is None:
            return self.tr("Iron and dose: no voxel has a value")
        (low, high), (least, most) = found.interval_ug_per_g, found.dose_interval_ug
        return self.tr("Iron {iron} µg/g (95 % {low} to {high}), dose {dose} µg ({least} to {most})").format(
            iron=figure(found.ug_per_g), low=figure(low), high=figure(high),
            dose=f"{found.dose_ug:.3g}", least=f"{least:.3g}", most=f"{most:.3g}",
        )  # fmt: skip

    def _ask(self, region: ShownRegion, iron: Volume) -> None:
        """Have the iron told of a region that does not change any more."""
        coverage, key = region.coverage, region.key
        if self._asked is None or self._asked[0] is not coverage or self._asked[1] is not iron:
            if self._asked is None or self._asked[1] is not iron:
                self._told_of = ""
            self._asked, self._waits = (coverage, iron), True
            self._workers.start(
                _LANE,
                lambda _: _region_iron(iron, coverage),
                lambda found: self._on_iron(key, found),
                lambda error: self._case.refused.emit(told(error)),
            )

    def _on_iron(self, key: str, found: RegionIron | None) -> None:
        self._told_of, self._iron, self._waits = key, found, False
        self._settle()

    def _bars(self, region: ShownRegion) -> Bars | None:
        """Return the histogram of R2*, of the signal where no voxel has one."""
        rate, kind = self._case.maps.get("r2star"), MAPS["r2star"]
        found = None if rate is None else _histogram(rate.data, region)
        title = f"{kind.said} {kind.said_unit}"
        if found is None:
            found, title = _histogram(self._signal(), region), self.tr("Signal")
        if found is None:
            return None
        counts, low, high = tuple(found.voxels.tolist()), float(found.edges[0]), float(found.edges[-1])
        return Bars(title, counts, figure(low), figure(high), region.colour)

    def _within(self, region: ShownRegion) -> tuple[Coverage, Geometry]:
        """Return the region in its box and the grid of that: a whole series takes longer than a frame."""
        inside = region.coverage[region.box]
        return inside, Geometry(inside.shape, self._tools.regions.grid.affine)  # type: ignore[arg-type]

    def _signal(self) -> NDArray[Any]:
        images = self._case.images
        if images is None:
            return np.empty((0, 0, 0))
        return images.echoes.magnitude[min(self._echo, len(images.echoes.te_ms) - 1)]


def _histogram(values: NDArray[Any], region: ShownRegion) -> RegionHistogram | None:
    from core.imaging.regions.numbers import histograms

    (found,) = histograms([values], region.coverage, box=region.box)
    if found is not None and found.voxels.size > _MOST_BARS:
        (found,) = histograms([values], region.coverage, box=region.box, bins=_MOST_BARS)
    return found


def _region_iron(iron: Volume, coverage: Coverage) -> RegionIron | None:
    """Return the iron; None where no voxel has a value. scipy comes with it, so the import is here."""
    from core.errors import InputError
    from core.reading.region_iron import region_iron

    try:
        return region_iron(iron, coverage)
    except InputError:
        return None
