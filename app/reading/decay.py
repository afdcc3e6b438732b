"""The decay plot: what the regions' signal does from echo to echo, as they are drawn.

R2* is told only where the reached steps show its map: before that there are points and no curve.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer

from app.messages import told
from app.reading.case import CaseController
from app.reading.figures import with_sd
from app.reading.tools import ToolsController
from app.workers import Workers
from core.imaging.roi import ROI_COLOURS, RoiKind
from widgets.decay_plot import Decay, DecayPlot
from widgets.words import marked, said

_NAMES: dict[RoiKind, str] = {"tumour": marked("Tumour"), "reference": marked("Reference")}
# not in the frames in which app.reading.region_details follows
_FOLLOWS_MS = 330
# mean of Rayleigh noise over its sigma (Gudbjartsson and Patz 1995, doi 10.1002/mrm.1910340618)
_RAYLEIGH_MEAN = float(np.sqrt(np.pi / 2))
# means below so many sigma have sunk into the noise; the same limit as fit_r2star's `truncate`
_SUNK = 3.0


class DecayController(QObject):
    """Keeps the plot true to the regions as they look now."""

    def __init__(
        self, case: CaseController, tools: ToolsController, workers: Workers, plot: DecayPlot
    ) -> None:
        super().__init__(case)
        self._case, self._tools, self._workers, self._plot = case, tools, workers, plot
        self._fit: Callable[..., Any] | None = None
        case.settled.connect(self._prepare)
        case.changed.connect(lambda _: self.renew())
        case.opening.connect(lambda _: self.renew())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.renew)
        tools.preview_changed.connect(lambda _: self._follow())
        plot.appeared.connect(self.renew)

    def _follow(self) -> None:
        """Follow the hand a few times a second: fitting and plotting take longer than a frame may."""
        if not self._later.isActive():
            self._later.start(_FOLLOWS_MS)

    def renew(self) -> None:
        """Take the regions' signal anew."""
        images = self._case.images
        if images is None or not self._plot.isVisible():
            self._plot.set_waiting("")
        elif len(images.echoes.te_ms) < 2:
            self._plot.set_waiting(self.tr("One echo: there is no decay to show"))
        else:
            floor = self._signal("noise")
            level = None if floor is None else float(np.mean(floor))
            decays = [decay for kind in _NAMES if (decay := self._decay(kind, level)) is not None]
            if decays:
                ends = None if level is None else (level, ROI_COLOURS["noise"])
                title = "R2* 1/s" if self._told else self.tr("Signal by echo")
                self._plot.set_decays(tuple(decays), title, ends)
            else:
                self._plot.set_waiting(
                    self.tr("Draw tumour or reference tissue: its decay over the echoes shows here")
                )

    @property
    def _told(self) -> bool:
        """Whether the reached steps show R2*."""
        return self._case.images is not None and "r2star" in self._case.images.volumes

    def _prepare(self) -> None:
        drawn, fits = self._plot.plot is None and self._plot.isVisible(), self._told and self._fit is None
        if drawn or fits:
            self._workers.start(
                "decay",
                lambda _: _made_ready(fits),
                self._on_ready,
                lambda error: self._case.refused.emit(told(error)),
            )

    def _on_ready(self, fit: Callable[..., Any] | None) -> None:
        if self._plot.isVisible():
            self._plot.prepare()
        self._fit = fit or self._fit
        self.renew()

    def _signal(self, kind: RoiKind) -> tuple[float, ...] | None:
        """Return a region's mean signal at every echo, None without a region."""
        images, region = self._case.images, self._tools.regions.shown(kind)
        if images is None or region is None or region.box is None:
            return None
        share = region.coverage[region.box]
        touched = share > 0
        if not touched.any():
            return None
        values = images.echoes.magnitude[(slice(None), *region.box)][:, touched]
        means = np.average(values, axis=1, weights=share[touched].astype(np.float64))
        return tuple(float(mean) for mean in means) if np.isfinite(means).all() else None

    def _decay(self, kind: RoiKind, floor: float | None) -> Decay | None:
        images, signal = self._case.images, self._signal(kind)
        if images is None or signal is None:
            return None
        name, colour, te_ms = said(_NAMES[kind]), ROI_COLOURS[kind], images.echoes.te_ms
        if not self._told or self._fit is None:
            text = "…" if self._told else name
            return Decay(kind, name, colour, te_ms, signal, len(te_ms), text=text)
        found = self._fit(te_ms, signal, _SUNK * (floor or 0.0) / _RAYLEIGH_MEAN)
        text = with_sd(found.r2star_per_s, found.se_per_s)
        return Decay(kind, name, colour, te_ms, signal, found.echoes, found.s0, found.r2star_per_s, text)


def _made_ready(fits: bool) -> Callable[..., Any] | None:
    """Import what draws curves, and import and compile the fit: seconds after installation, less later on."""
    import pyqtgraph  # noqa: F401

    if not fits:
        return None
    from core.relaxometry.decay import fit_decay

    fit_decay((1.0, 2.0, 3.0), (3.0, 2.0, 1.0))
    return fit_decay
