"""Tells the rater where the air they drew, or took, does not look like noise alone."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.regions import RegionsController
from core.imaging.roi import Roi


class AirCheck(QObject):
    """Compares mean and SD of the air once for every change of it."""

    def __init__(self, case: CaseController, regions: RegionsController) -> None:
        super().__init__(case)
        self._case, self._regions = case, regions
        self._judged: Roi | None = None
        case.changed.connect(lambda _: self._judge())

    def _judge(self) -> None:
        images, air = self._case.images, self._regions.of("noise")
        if images is None or air is self._judged:
            return
        self._judged = air
        if air is None or air.empty:
            return
        from core.reading.air import air_noise

        # the echo that gives the CNR of an analysis
        picture = images.echoes.magnitude[len(images.echoes.te_ms) // 2]
        found = air_noise(picture, air.coverage, coils=self._case.kit.protocol.coils)
        if found.warning:
            self._regions.refuse(in_words(found.warning))
