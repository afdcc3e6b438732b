"""The regions' numbers for the panel: computed anew for the region that changed, kept for the others."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.shades import REGION_COLOURS
from app.reading.tools import ToolsController
from core.imaging.region_numbers import region_numbers
from core.imaging.roi import RoiKind
from core.reading.contrast import Contrast, cnr_air, cnr_reference
from widgets.numbers_panel import NumbersPanel, RegionRow


class NumbersController(QObject):
    """Keeps the panel true to the regions as they look now, drawing included."""

    def __init__(self, case: CaseController, tools: ToolsController, panel: NumbersPanel) -> None:
        super().__init__(case)
        self._case, self._tools, self._panel = case, tools, panel
        self._echo = 0
        self._contrast = ""
        self._rows: dict[RoiKind, RegionRow] = {}
        case.changed.connect(lambda _: self.renew())
        case.opening.connect(lambda _: self.renew())
        tools.preview_changed.connect(lambda kind: self.renew((kind,)))
        tools.tool_changed.connect(self._show)
        case.maps_changed.connect(self._on_maps)

    def set_echo(self, echo: int) -> None:
        """Take signal and contrast from another echo."""
        self._echo = echo
        self.renew()

    def renew(self, kinds: tuple[RoiKind, ...] = tuple(REGION_COLOURS)) -> None:
        """Compute the rows of these kinds anew, and the contrast."""
        for kind in kinds:
            self._rows[kind] = RegionRow(kind, self._texts(kind))
        self._show()

    def _on_maps(self, whole: bool) -> None:
        # a region may reach into slices that are not fitted yet
        if whole:
            self.renew()

    @property
    def contrast(self) -> str:
        """The contrast-to-noise ratio as it is said, "" where tumour or reference is missing."""
        return self._contrast

    def _show(self) -> None:
        self._contrast = self._contrast_text()
        hint = self.tr("CNR: draw tumour and reference; noise in air gives the better estimate")
        self._panel.set_rows(
            tuple(self._rows.values()),
            self._contrast or (hint if self._case.images is not None else ""),
            active=self._tools.kind,
            trial=self._case.on_trial,
        )

    def _texts(self, kind: RoiKind) -> dict[str, str]:
        images, mask = self._case.images, self._tools.mask(kind)
        if images is None or mask is None or not mask.any():
            return {}
        grid = images.echoes.geometry
        numbers = region_numbers(self._picture(), mask, grid)
        texts = {
            "area": figure(numbers.area_mm2),
            "volume": figure(numbers.volume_mm3),
            "voxels": str(numbers.voxels),
            "signal": with_sd(numbers.mean, numbers.sd),
        }
        for role, values in self._case.maps.items():
            found = region_numbers(values, mask, grid)
            texts[role] = with_sd(found.mean, found.sd)
            if 0 < found.left_out < found.voxels:
                texts[role] += f"  ({found.left_out} –)"
        return texts

    def _picture(self) -> NDArray[Any]:
        images = self._case.images
        if images is None:
            return np.empty((0, 0, 0))
        return images.echoes.magnitude[min(self._echo, len(images.echoes.te_ms) - 1)]

    def _contrast_text(self) -> str:
        images = self._case.images
        tumour, reference, air = (self._tools.mask(kind) for kind in ("tumour", "reference", "noise"))
        drawn = tumour is not None and reference is not None and tumour.any() and reference.any()
        if images is None or not drawn:
            return ""
        found: Contrast
        if air is not None and np.count_nonzero(air) > 1:
            found = cnr_air(self._picture(), tumour, reference, air)
        else:
            found = cnr_reference(self._picture(), tumour, reference)
        te = images.echoes.te_ms[min(self._echo, len(images.echoes.te_ms) - 1)]
        return self.tr("CNR {cnr}   echo at {te} ms   noise σ {sigma}, from {method}").format(
            cnr=figure(found.cnr),
            te=f"{te:g}",
            sigma=figure(found.sigma),
            method=in_words(found.noise_method),
        )


def figure(value: float) -> str:
    """Write a number with three digits that count; a dash for NaN."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    return f"{value:.0f}" if size >= 100 else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def with_sd(mean: float, sd: float) -> str:
    """Write mean and standard deviation, this one with the two digits that count."""
    if not math.isfinite(sd):
        return figure(mean)
    digits = 0 if sd >= 10 else 1 if sd >= 1 else 2
    return f"{figure(mean)} ± {sd:.{digits}f}"
