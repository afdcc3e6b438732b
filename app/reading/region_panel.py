"""Keeps the list of regions true to the reading, and does what is wished in it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.regions import RegionsController
from core.imaging.roi import Roi
from widgets.region_list import RegionEntry, RegionList


class RegionPanelController(QObject):
    """Between the list and the regions."""

    def __init__(self, case: CaseController, regions: RegionsController, panel: RegionList) -> None:
        super().__init__(case)
        self._regions, self._panel = regions, panel
        case.opening.connect(lambda _: self.renew())
        case.changed.connect(lambda _: self.renew())
        regions.active_changed.connect(self.renew)
        panel.chosen.connect(self._on_chosen)
        panel.renamed.connect(regions.rename)
        panel.recoloured.connect(regions.recolour)
        panel.hidden_wished.connect(regions.set_hidden)
        panel.locked_wished.connect(regions.set_locked)
        panel.removal_wished.connect(regions.remove)

    def renew(self) -> None:
        """Show the regions as they are."""
        active = self._regions.active
        entries = tuple(self._entry(roi) for roi in self._regions.all)
        self._panel.set_regions(entries, None if active is None else active.roi_id)

    def _entry(self, roi: Roi) -> RegionEntry:
        name = in_words(roi.name)
        return RegionEntry(
            roi.roi_id,
            name[:1].upper() + name[1:],
            roi.colour,
            roi.roi_id in self._regions.hidden,
            roi.locked,
        )

    def _on_chosen(self, roi_id: str) -> None:
        self._regions.choose(roi_id)
        self._regions.jump()
