"""The regions' numbers for the panel: computed anew for the region that changed, kept for the others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.figures import figure, with_sd
from app.reading.tools import ToolsController
from core.imaging.coverage import HALF
from core.imaging.geometry import Geometry
from core.imaging.region_numbers import RegionNumbers, region_numbers
from core.imaging.roi import ROI_KINDS, RoiKind
from core.reading.air import noise_of
from core.reading.contrast import Contrast, cnr_of_numbers, contrast_echo
from widgets.numbers_panel import NumbersPanel, RegionRow

# of these there is a row and a button in every study
_USUAL_KINDS: tuple[RoiKind, ...] = ("tumour", "reference", "noise")
_OF_CONTRAST = _USUAL_KINDS


class NumbersController(QObject):
    """Keeps the panel true to the regions as they look now, drawing included."""

    kinds_changed = Signal(tuple)  # the kinds that have a row

    def __init__(self, case: CaseController, tools: ToolsController, panel: NumbersPanel) -> None:
        super().__init__(case)
        self._case, self._tools, self._panel = case, tools, panel
        self._echo = 0
        self._noise, self._doubtful = "", False
        self._rows: dict[RoiKind, RegionRow] = {}
        self._signals: dict[RoiKind, RegionNumbers] = {}
        # of all regions of a kind together, in the echo whose contrast is recorded
        self._recorded: dict[RoiKind, RegionNumbers | None] = {}
        case.changed.connect(lambda _: self.renew())
        case.opening.connect(lambda _: self.renew())
        tools.preview_changed.connect(lambda kind: self.renew((kind,)))
        tools.regions.active_changed.connect(self.renew)
        case.maps_changed.connect(self._on_maps)

    def set_echo(self, echo: int) -> None:
        """Take signal and contrast from another echo."""
        self._echo = echo
        self.renew()

    def renew(self, kinds: tuple[RoiKind, ...] = ROI_KINDS) -> None:
        """Compute the rows of these kinds anew, and the contrast."""
        for kind in kinds:
            self._recorded.pop(kind, None)
            self._rows[kind] = self._row(kind)
        self._show()

    def _on_maps(self, whole: bool) -> None:
        # a region may reach into slices that are not fitted yet
        if whole:
            self.renew()

    @property
    def recorded(self) -> str:
        """The contrast that an analysis records for the case, "" where tumour or reference is missing."""
        images, found = self._case.images, self._recorded_contrast()
        if images is None or found is None:
            return ""
        return self.tr("CNR at {te} ms: {methods}").format(
            te=self._te(contrast_echo(images.echoes.te_ms)), methods=_listed([(found, found.cnr)])
        )

    @property
    def kinds(self) -> tuple[RoiKind, ...]:
        """The usual kinds, those that the protocol asks for or the case has, and the one that is drawn."""
        regions, asked = self._tools.regions, self._case.kit.protocol.region_kinds
        drawn = {roi.kind for roi in regions.all} | {regions.kind}
        others = (kind for kind in ROI_KINDS if kind not in _USUAL_KINDS)
        return (*_USUAL_KINDS, *(kind for kind in others if kind in asked or kind in drawn))

    def _show(self) -> None:
        if self.kinds != self._panel.kinds:
            self._panel.set_kinds(self.kinds)
            self.kinds_changed.emit(self.kinds)
        self._noise, self._doubtful = "", False
        contrast = self._contrast_text()
        hint = self.tr("CNR: draw tumour and reference; noise in air gives the better estimate")
        self._panel.set_rows(
            tuple(self._rows.values()),
            contrast or (hint if self._case.images is not None else ""),
            self._noise,
            active=self._tools.regions.kind,
            trial=self._case.on_trial,
            doubtful=self._doubtful,
        )

    def _row(self, kind: RoiKind) -> RegionRow:
        images, region = self._case.images, self._tools.regions.shown(kind)
        self._signals.pop(kind, None)
        if images is None or region is None or region.box is None:
            return RegionRow(kind)
        box, inside = region.box, region.coverage[region.box]
        numbers = region_numbers(self._picture(), region.coverage, images.echoes.geometry, box=box)
        if not numbers.voxels:
            return RegionRow(kind)
        self._signals[kind] = numbers
        texts = {
            "area": figure(numbers.area_mm2),
            "volume": figure(numbers.volume_mm3),
            "voxels": str(np.count_nonzero(inside >= HALF)),
            "signal": with_sd(numbers.mean, numbers.sd),
        }
        # numba comes with it: a window that opens does not wait for that
        from core.imaging.regions.numbers import summaries

        maps = self._case.maps
        told = summaries([values.data for values in maps.values()], region.coverage, box=box)
        for role, found in zip(maps, told, strict=True):
            texts[role] = with_sd(found.mean, found.sd)
            if 0 < found.left_out < found.touched:
                texts[role] += f"  ({found.left_out} –)"
        return RegionRow(kind, texts)

    def _picture(self) -> NDArray[Any]:
        images = self._case.images
        if images is None:
            return np.empty((0, 0, 0))
        return images.echoes.magnitude[min(self._echo, len(images.echoes.te_ms) - 1)]

    def _contrast_text(self) -> str:
        images = self._case.images
        tumour, reference, air = (self._signals.get(kind) for kind in _OF_CONTRAST)
        if images is None or tumour is None or reference is None:
            return ""
        found, doubt = [cnr_of_numbers(tumour, reference)], ""
        if air is not None and air.voxels > 1:
            coils = self._case.kit.protocol.coils
            voxels = air.volume_mm3 / images.echoes.geometry.voxel_volume_mm3
            # the better estimate first
            found.insert(0, cnr_of_numbers(tumour, reference, air, coils=coils))
            doubt = noise_of(air.mean, air.sd, voxels, coils=coils).warning
        echo, middle = min(self._echo, len(images.echoes.te_ms) - 1), contrast_echo(images.echoes.te_ms)
        several = any(len(self._tools.regions.all_shown(kind)) > 1 for kind in _OF_CONTRAST)
        recorded = self._recorded_contrast() if several or echo != middle else None
        if recorded is None:
            said = self.tr("CNR at {te} ms: {methods}")
        elif several:
            said = self.tr("CNR recorded: {cnr} at {middle} ms; chosen regions at {te} ms: {methods}")
        else:
            said = self.tr("CNR recorded: {cnr} at {middle} ms; at {te} ms: {methods}")
        text = said.format(
            cnr="" if recorded is None else figure(recorded.cnr), middle=self._te(middle), te=self._te(echo),
            methods=_listed((each, each.cnr) for each in found),
        )  # fmt: skip
        told = self.tr("Noise σ: {methods}").format(methods=_listed((each, each.sigma) for each in found))
        # the line is cut where the window is narrow
        self._noise = "\n".join((text, told, *([in_words(doubt)] if doubt else ())))
        self._doubtful = bool(doubt)
        return text

    def _recorded_contrast(self) -> Contrast | None:
        """Return the CNR as `core.statistics.linking.measure` takes it; None where it takes none."""
        for kind in _OF_CONTRAST:
            if kind not in self._recorded:
                self._recorded[kind] = self._together(kind)
        tumour, reference, air = (self._recorded[kind] for kind in _OF_CONTRAST)
        if tumour is None or reference is None:
            return None
        coils = self._case.kit.protocol.coils
        enough = air if air is not None and air.voxels > 1 else None
        return cnr_of_numbers(tumour, reference, enough, coils=coils)

    def _together(self, kind: RoiKind) -> RegionNumbers | None:
        """Return the numbers of all regions of a kind as one, in the echo that is recorded."""
        images = self._case.images
        shown = [region for region in self._tools.regions.all_shown(kind) if region.box is not None]
        if images is None or not shown:
            return None
        boxes = [region.box for region in shown if region.box is not None]
        first, second, third = (
            slice(min(side.start for side in sides), max(side.stop for side in sides))
            for sides in zip(*boxes, strict=True)
        )
        box = first, second, third
        inside = np.maximum.reduce([region.coverage[box] for region in shown])
        grid = Geometry(inside.shape, images.echoes.geometry.affine)
        picture = images.echoes.magnitude[contrast_echo(images.echoes.te_ms)]
        numbers = region_numbers(picture[box], inside, grid)
        return numbers if numbers.voxels else None

    def _te(self, echo: int) -> str:
        images = self._case.images
        return "" if images is None else f"{images.echoes.te_ms[echo]:g}"


def _listed(values: Iterable[tuple[Contrast, float]]) -> str:
    """Name each value's way of finding the noise."""
    by = QCoreApplication.translate("NumbersController", "{value} by {method}")
    return ", ".join(
        by.format(value=figure(value), method=in_words(each.noise_method)) for each, value in values
    )
