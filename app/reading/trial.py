"""Trial fits in the viewer: the shown slice at once, the volume after it, and the way back.

What is tried is shown and never recorded: regions are measured on the study's own map when they are analysed.
The numbers of the line from R2* to iron are not shown: R2*_0 is the same at all visits of a subject, so it
would tell a rater which cases belong together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from app.messages import told
from app.reading.case import CaseController
from app.reading.views import ViewsController
from app.workers import Job, Workers
from core.imaging.volume import Volume
from widgets.trial_panel import TrialChoice, TrialPanel
from widgets.words import marked, said

if TYPE_CHECKING:  # numba comes with it: imported by the first fit
    from core.relaxometry.trial import TrialBench

# quick enough for a moving hand; of core.relaxometry.fit.METHODS "offset" takes seconds and "complex" phase
_METHODS = (
    ("auto", marked("Automatic")), ("nlls", marked("Least squares")), ("loglinear", marked("Log-linear")),
    ("weighted", marked("Weighted log-linear")), ("arlo", "ARLO"), ("moment", marked("Second moment")),
    ("likelihood", marked("Maximum likelihood")),
)  # fmt: skip
_SLICE, _VOLUME, _READY = "trial slice", "trial volume", "trial made ready"
# longer than any fit: then it is being compiled
_SLOW_MS = 1500
_IRON = marked("Iron follows from R2* by the line on which the study's two maps lie")
_NO_IRON = marked("No iron: the study's iron map is no straight line of its R2* map")


class TrialController(QObject):
    """Refits as the panel's choice changes; results that nobody waits for any more are dropped."""

    shown = Signal(bool)

    def __init__(
        self, case: CaseController, workers: Workers, views: ViewsController, panel: TrialPanel
    ) -> None:
        super().__init__(case)
        self._case, self._workers, self._views, self._panel = case, workers, views, panel
        self._bench: TrialBench | None = None
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._slow.timeout.connect(
            lambda: panel.say(self.tr("Preparing this fit: some seconds, once after installation …"))
        )
        panel.choice_changed.connect(self._try)
        panel.left.connect(lambda: self.show(False))
        case.opening.connect(self._on_opening)

    @property
    def possible(self) -> bool:
        """Whether the open step shows maps, and there are echoes to fit."""
        images = self._case.images
        return images is not None and "r2star" in images.volumes and len(images.echoes.te_ms) > 1

    def show(self, on: bool) -> None:
        """Show what the study's own map was fitted with, ready to be changed; or go back to that map."""
        images = self._case.images
        if on and self.possible and images is not None:
            te_ms = images.echoes.te_ms
            methods = tuple((name, said(title)) for name, title in _METHODS)
            self._panel.open(methods, te_ms, TrialChoice("auto", 0, len(te_ms) - 1, True))
            self._panel.say(self.tr("The study's map is shown until you change something"))
            self._workers.start(_READY, lambda job: _warm(te_ms, job), lambda _: None, self._on_failed)
        else:
            self._stop()
            self._panel.hide()
            self._case.show_trial(None)
        self.shown.emit(self._panel.isVisible())

    def _on_opening(self) -> None:
        self._bench = None
        self.show(False)

    def _stop(self) -> None:
        self._slow.stop()
        for lane in (_SLICE, _VOLUME):
            self._workers.drop(lane)

    def _try(self, choice: TrialChoice) -> None:
        images = self._case.images
        if images is None:
            return
        self._stop()
        self._slow.start()
        bench, depth = self._bench, self._views.slice_shown

        def work(job: Job) -> tuple[TrialBench, Mapping[str, Volume]]:
            from core.relaxometry.trial import TrialBench

            volumes = images.volumes
            ready = bench or TrialBench(images.echoes, volumes["r2star"], volumes.get("iron"))
            r2star = np.full(images.echoes.geometry.shape, np.nan, dtype=np.float32)
            if job.cancelled():
                return ready, {}
            r2star[depth] = _fit(ready, choice, (depth, depth + 1))[0]
            return ready, ready.maps(r2star)

        self._workers.start(_SLICE, work, lambda found: self._on_slice(choice, *found), self._on_failed)

    def _on_slice(self, choice: TrialChoice, bench: TrialBench, maps: Mapping[str, Volume]) -> None:
        self._bench = bench
        self._case.show_trial(maps, whole=False)

        def work(job: Job) -> Mapping[str, Volume]:
            r2star = np.full(bench.series.geometry.shape, np.nan, dtype=np.float32)
            for first, stop in bench.pieces():
                if job.cancelled():
                    break
                r2star[first:stop] = _fit(bench, choice, (first, stop))
            return bench.maps(r2star)

        self._workers.start(_VOLUME, work, self._on_volume, self._on_failed)

    def _on_volume(self, maps: Mapping[str, Volume]) -> None:
        self._slow.stop()
        self._case.show_trial(maps)
        had_iron = self._case.images is not None and "iron" in self._case.images.volumes
        told_iron = _IRON if "iron" in maps else _NO_IRON if had_iron else ""
        self._panel.say(said(told_iron))

    def _on_failed(self, error: BaseException) -> None:
        self._stop()
        self._case.show_trial(None)
        shown = self.tr("{error}. The study's map is shown").format(error=told(error))
        self._panel.say(shown, warning=True)


def _warm(te_ms: tuple[float, ...], job: Job) -> None:
    """Compile the fit, or load it, while the person looks at the panel."""
    from core.relaxometry.fit import warm

    warm(te_ms, progress=job)


def _fit(bench: TrialBench, choice: TrialChoice, slices: tuple[int, int]) -> np.ndarray:
    echoes = (choice.first, choice.last + 1)
    return bench.fit(slices, choice.method, echoes, masked=choice.masked)
