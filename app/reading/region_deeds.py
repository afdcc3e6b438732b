"""What is done to the active region as a whole: filled, interpolated, copied, grown, shrunk, ringed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.reading.case import CaseController
from app.reading.drawing import ToolOptions
from app.reading.regions import RegionsController
from app.reading.views import ViewsController
from core.imaging.regions.patch import Patch

if TYPE_CHECKING:
    from app.reading.draft import Draft


class RegionDeeds(QObject):
    """One edit each; in each slice by itself unless the tools work through slices."""

    def __init__(
        self, case: CaseController, regions: RegionsController, views: ViewsController, options: ToolOptions
    ) -> None:
        super().__init__(case)
        self._regions, self._views, self._options = regions, views, options

    def fill_holes(self) -> None:
        """Fill what the region encloses."""
        from core.imaging.regions.islands import holes_filled

        self._replace(lambda draft: holes_filled(draft.before, in_plane=self._flat), "fill")

    def interpolate(self) -> None:
        """Fill the slices between drawn ones with shapes in between."""
        from core.imaging.regions.slices import interpolated

        self._replace(lambda draft: interpolated(draft.before, self._regions.grid), "interpolate")

    def grow(self, sign: int) -> None:
        """Grow by the distance that is set, or shrink with a sign below 0."""
        from core.imaging.regions.margins import grown

        by_mm = sign * self._options.margin_mm
        self._replace(
            lambda draft: grown(draft.before, self._regions.grid, by_mm, in_plane=self._flat),
            "grow" if sign > 0 else "shrink",
        )

    def ring(self) -> None:
        """Make a region of what surrounds this one, as wide as the distance that is set."""
        from core.imaging.regions.margins import ring

        regions, roi = self._regions, self._regions.asked()
        if roi is None:
            return
        grid, width = regions.grid, self._options.margin_mm
        patch = regions.guarded(lambda: ring(roi.coverage, grid, 0.0, width, in_plane=self._flat))
        if patch is not None and regions.may_begin_kind("ring"):
            regions.draw("ring", patch, "ring")

    def copy(self, by: int) -> None:
        """Copy what the region has in the slice shown to the next one or the previous, and go there."""
        from core.imaging.regions.slices import copied

        regions, here = self._regions, self._views.slice_shown
        draft = regions.begin() if regions.asked() is not None else None
        if draft is None:
            return
        there = here + by
        patch = regions.guarded(lambda: copied(draft.before, here, there))
        if patch is None or patch.empty:
            regions.drop()
            if patch is not None:
                regions.refuse(self.tr("The region has nothing in this slice"))
            return
        draft.copy_outlines(here, there, patch)
        regions.commit("copy")
        place = regions.grid.to_index(self._views.cursor_mm)
        self._views.show_position(tuple(regions.grid.to_mm((there, *place[1:])).tolist()))

    @property
    def _flat(self) -> bool:
        return not self._options.solid

    def _replace(self, work: Callable[[Draft], Patch], deed: str) -> None:
        """Put what some work makes of the region in place of it."""
        regions = self._regions
        draft = regions.begin() if regions.asked() is not None else None
        if draft is None:
            return
        patch = regions.guarded(lambda: work(draft))
        if patch is None:
            regions.drop()
            return
        draft.replace(patch)
        if not draft.changed:
            regions.refuse(self.tr("There is nothing to change here"))
        elif draft.empty:
            regions.drop()
            regions.refuse(self.tr("Nothing would be left of the region; take a smaller distance"))
            return
        regions.commit(deed)
