"""Proposed reference tissue and air: shown dashed until the rater takes or refuses them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core_words import in_words
from app.messages import told
from app.reading.case import CaseController
from app.reading.regions import RegionsController
from app.reading.views import ViewsController
from app.workers import Job, Workers
from core.imaging.coverage import Coverage, coverage_box
from core.imaging.roi import ROI_COLOURS, RoiKind
from core.imaging.volume import EchoSeries
from core.reading.reading import Position
from widgets.outlines import Outline

_LANE = "proposal"
_KEY = "proposed"
# around a mark nothing is proposed
_MARK_MM = 1.5


class ProposalsController(QObject):
    """Looks for one region at a time, beside the window, and shows it."""

    shown_changed = Signal(object)  # Outline or None
    noted = Signal(str)  # what the rater can do with what is shown

    def __init__(
        self, case: CaseController, regions: RegionsController, views: ViewsController, workers: Workers
    ) -> None:
        super().__init__(case)
        self._case, self._regions, self._views, self._workers = case, regions, views, workers
        self._kind: RoiKind | None = None
        self._coverage: Coverage | None = None
        case.opening.connect(self.refuse)
        case.changed.connect(lambda _: self.refuse())

    @property
    def shown(self) -> bool:
        """Whether a proposal waits for the rater's word."""
        return self._coverage is not None

    def propose(self, kind: RoiKind) -> None:
        """Look for reference tissue or air; where that is shown already, take it."""
        if self.shown and kind == self._kind:
            self.take()
            return
        self.refuse()
        images, regions = self._case.images, self._regions
        if images is None or not self._case.writable or not regions.may_begin_kind(kind):
            return
        lesions = tuple(roi.coverage for roi in regions.all if roi.kind in ("tumour", "node"))
        if kind == "reference" and not any(roi.kind == "tumour" for roi in regions.all):
            regions.refuse(self.tr("Draw the tumour first; reference tissue is proposed beside it"))
            return
        tumour = next((roi.coverage for roi in regions.all if roi.kind == "tumour"), None)
        others = (*lesions, *(roi.coverage for roi in regions.all if roi.kind not in ("tumour", "node")))
        reading, here = self._case.reading, self._views.slice_shown
        marks = () if reading is None else tuple(mark.position_mm for mark in reading.marks.values())
        self._kind = kind
        self.noted.emit(self.tr("Looking for a place …"))
        self._workers.start(
            _LANE,
            lambda job: _found(job, kind, images.echoes, here, tumour, others, marks),
            self._on_found,
            self._on_failed,
        )

    def offer(self, kind: RoiKind) -> None:
        """Propose where the protocol asks for that, and nothing of the kind is drawn yet."""
        reading, rule = self._case.reading, self._case.kit.protocol.roi_rule(kind)
        if reading is None or rule is None or not rule.propose or reading.roi(kind) is not None:
            return
        if kind != "reference" or reading.roi("tumour") is not None:
            self.propose(kind)

    def take(self) -> None:
        """Make the proposal a region."""
        kind, coverage = self._kind, self._coverage
        if kind is not None and coverage is not None:
            self.refuse()
            self._regions.take_proposed(kind, coverage)

    def refuse(self, *_: object) -> None:
        """Forget what is proposed."""
        self._workers.drop(_LANE)
        if self._kind is not None:
            self._kind = self._coverage = None
            self.shown_changed.emit(None)
            self.noted.emit("")

    def _on_found(self, found: tuple[Coverage | None, str]) -> None:
        coverage, reason = found
        kind, box = self._kind, None if coverage is None else coverage_box(coverage)
        if kind is None or coverage is None or box is None:
            self.refuse()
            self._regions.refuse(in_words(reason))
            return
        self._coverage = coverage
        grid = self._regions.grid
        if not coverage[self._views.slice_shown].any():
            middle = [(side.start + side.stop - 1) / 2 for side in box]
            x, y, z = grid.to_mm(middle).tolist()
            self._views.show_position((x, y, z))
        self._views.focus()
        self.shown_changed.emit(Outline(_KEY, grid, coverage, ROI_COLOURS[kind], active=True, proposed=True))
        self.noted.emit(self.tr("Proposed: Enter takes it, Esc refuses it"))

    def _on_failed(self, error: BaseException) -> None:
        self.refuse()
        self._regions.refuse(told(error))


def _found(
    job: Job,
    kind: RoiKind,
    echoes: EchoSeries,
    here: int,
    tumour: Coverage | None,
    others: tuple[Coverage, ...],
    marks: tuple[Position, ...],
) -> tuple[Coverage | None, str]:
    """Look for a place; scipy comes with it, so the import is here."""
    from core.imaging.regions.brush import ball
    from core.reading.proposals import propose_air, propose_reference

    shape = echoes.geometry.shape
    avoid = [*others, *(ball(echoes.geometry, [mark], _MARK_MM).on(shape) for mark in marks)]
    if kind == "reference" and tumour is not None:
        found = propose_reference(echoes, tumour, avoid=avoid)
    else:
        found = propose_air(echoes, min(max(here, 0), shape[0] - 1), avoid=avoid)
    return found.coverage, found.reason
