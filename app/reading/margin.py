"""How wide the edge of the selected region is: told in a line, and drawn in sectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.figures import figure, with_sd
from app.reading.regions import RegionsController, ShownRegion
from core.imaging.coverage import WHOLE, Coverage
from core.reading.margin import Margin, region_margin
from core.reading.reading import Position
from widgets.grips import RulerLine

_FOLLOWS_MS = 40
# what is no surroundings of a lesion
_BESIDE = ("tumour", "node", "ablation")


class MarginController(QObject):
    """Keeps line and sectors true to the region as it looks now, while they are wanted."""

    lines_changed = Signal(object, int)  # tuple of RulerLine, and the echo that was measured
    told_changed = Signal()

    def __init__(self, case: CaseController, regions: RegionsController) -> None:
        super().__init__(case)
        self._case, self._regions = case, regions
        self._wanted, self._echo = False, 0
        self._te_ms = 0.0  # of the echo that was measured last
        self.text = ""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.renew)
        for changed in (case.changed, case.opening, regions.active_changed, regions.preview_changed):
            changed.connect(lambda *_: self._follow())

    def show(self, wanted: bool) -> None:
        """Measure the edge, or no longer."""
        self._wanted = wanted
        self.renew()

    def set_echo(self, echo: int) -> None:
        """Measure in another echo."""
        self._echo = echo
        self._follow()

    def _follow(self) -> None:
        if self._wanted and not self._later.isActive():
            self._later.start(_FOLLOWS_MS)

    def renew(self) -> None:
        """Measure the region anew."""
        region = self._regions.shown_active() if self._wanted else None
        found = None if region is None else self._measured(region)
        text = "" if region is None or found is None else self._said(region, found)
        lines = () if region is None or found is None else self._lines(region, found)
        changed, self.text = text != self.text, text
        self.lines_changed.emit(lines, self._echo)
        if changed:
            self.told_changed.emit()

    def _measured(self, region: ShownRegion) -> Margin | None:
        images = self._case.images
        if images is None or region.box is None:
            return None
        echo = min(self._echo, len(images.echoes.te_ms) - 1)
        picture, self._te_ms = images.echoes.magnitude[echo], images.echoes.te_ms[echo]
        others: list[Coverage] = [
            roi.coverage for roi in self._regions.all if roi.roi_id != region.key and roi.kind in _BESIDE
        ]
        return region_margin(picture, region.coverage, self._regions.grid, others=others)

    def _said(self, region: ShownRegion, margin: Margin) -> str:
        whole = margin.whole
        if whole.reason:
            return self.tr("Edge width: {reason}").format(reason=in_words(whole.reason))
        says = self.tr(
            "Edge width {width} mm at TE {te} ms (10 to 90 %), contrast {contrast}; sharp is {sharp} mm"
        )
        return says.format(
            width=with_sd(whole.width_mm, whole.width_se_mm),
            te=f"{self._te_ms:.3g}",
            contrast=with_sd(whole.contrast, whole.contrast_se),
            sharp=figure(margin.sharp_mm),
        )

    def _lines(self, region: ShownRegion, margin: Margin) -> tuple[RulerLine, ...]:
        """Return a spoke across the outline in the middle of every sector, with the width there."""
        grid = self._regions.grid
        plane = region.coverage[margin.slice_index]
        rows, columns = np.nonzero(plane)
        shares = plane[rows, columns].astype(np.float64)
        index = (margin.slice_index, shares @ rows / shares.sum(), shares @ columns / shares.sum())
        middle = grid.to_mm(index)
        area_mm2 = shares.sum() / WHOLE * np.prod(grid.spacing_mm[1:])
        radius = float(np.sqrt(area_mm2 / np.pi))
        lines = []
        for edge in margin.sectors:
            way = np.asarray(edge.towards)
            start, stop = (_place(middle + part * radius * way) for part in (0.75, 1.25))
            # sharper than the voxels is not told
            sharp = edge.width_mm <= margin.sharp_mm
            text = "–" if edge.reason else f"≤ {figure(margin.sharp_mm)}" if sharp else figure(edge.width_mm)
            lines.append(RulerLine("margin", start, stop, text, region.colour))
        return tuple(lines)


def _place(position: NDArray[np.float64]) -> Position:
    x, y, z = position.tolist()
    return x, y, z
