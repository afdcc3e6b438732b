"""The 3D pane: what it shows of the open case, and how it goes together with the 2D views.

Nothing is made ready, and vtk not imported, before the pane is seen for the first time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from app.messages import told
from app.reading.case import CaseController, Plan
from app.reading.overlaid import pins_of
from app.reading.panes import PICTURE_NAMES
from app.reading.views import ViewsController
from app.settings import Settings
from app.workers import Job, Workers
from core.imaging.volume import Volume
from core.study.kit_pictures import CaseImages
from widgets.volume_grey import GreyVolume, Surface, grey_volume
from widgets.volume_pane import VolumePane
from widgets.words import marked, said

ROLE = "volume"
# the first of these that a case shows at the step reached
_ROLES = ("gre3d", "anatomy")
# tissue to compare with and air are measured, not looked at
_NOT_SHOWN = ("reference", "noise")
_NONE = marked("Waits for a 3D GRE or an anatomical series: this step of the case shows none")
_LANE = "3d"


class VolumeController(QObject):
    """Keeps the 3D pane true to the case, from the moment when it is made."""

    def __init__(
        self,
        case: CaseController,
        workers: Workers,
        views: ViewsController,
        settings: Settings,
        pane: VolumePane,
    ) -> None:
        super().__init__(case)
        self._case, self._workers, self._views, self._settings = case, workers, views, settings
        self.pane = pane
        self._alias = ""  # of the case that the pane shows or waits for
        self._role = ""
        self._volume: Volume | None = None  # what was made ready, or is being
        self._selected: str | None = None
        self._surfaces: dict[str, Surface] = {}
        case.opening.connect(self._on_opening)
        case.opened.connect(lambda _: self._on_opened())
        case.failed.connect(self._on_failed)
        case.changed.connect(lambda _: self.show_findings())
        views.position_changed.connect(pane.view.show_position)
        views.windows_changed.connect(self._show_window)
        pane.appeared.connect(self._show)
        pane.picture_chosen.connect(self._on_picture)
        pane.view.position_chosen.connect(views.show_position)
        pane.view.window_changed.connect(lambda *window: views.set_window(self._role, *window))
        pane.view.entered.connect(lambda: views.enter(ROLE))
        pane.view.used.connect(case.clock.touch)
        self.apply_look()
        self._on_opening(case.alias)
        if case.ready:
            self._on_opened()

    def apply_look(self) -> None:
        """Show texts and cross as the settings say."""
        view = self.pane.view
        view.show_cursor = self._settings.show_crosshair
        if view.show_texts != self._settings.show_texts:
            view.set_show_texts(self._settings.show_texts)
        view.update()

    def select_mark(self, mark_id: str | None) -> None:
        """Show which mark is chosen."""
        self._selected = mark_id
        view = self.pane.view
        view.set_pins(tuple(replace(pin, selected=pin.key == mark_id) for pin in view.pins))

    # ---- the case

    def _on_opening(self, alias: str) -> None:
        if alias == self._alias:
            return
        self._workers.drop(_LANE)
        self._alias, self._role, self._volume, self._selected = alias, "", None, None
        self._surfaces = {}
        view = self.pane.view
        view.cursor_mm = None
        view.set_pins(())
        view.set_surfaces(())
        self._wait(self.tr("Reading the pictures of case {alias} …").format(alias=alias))

    def _on_failed(self, alias: str) -> None:
        self._alias = ""
        self._wait(self.tr("The pictures of case {alias} could not be read").format(alias=alias))

    def _on_opened(self) -> None:
        roles = _roles(self._case.images)
        if self._role not in roles:
            self._role = roles[0] if roles else ""
        self.pane.offer_pictures(tuple((role, said(PICTURE_NAMES[role])) for role in roles), self._role)
        if self._views.active.view.cursor_mm is not None:
            self.pane.view.show_position(self._views.active.view.cursor_mm)
        self._show()
        self.show_findings()

    def plan_ahead(self, step_index: int) -> Plan:
        """Return what makes another case's volume ready, where it will be seen: its role and levels."""
        seen = ROLE in self._views.expected(step_index)

        def make(images: CaseImages, job: Job) -> tuple[str, GreyVolume] | None:
            roles = _roles(images) if seen else []
            return (roles[0], grey_volume(images.volumes[roles[0]], progress=job)) if roles else None

        return make

    def _on_picture(self, role: str) -> None:
        if role and role != self._role:
            self._role = role
            self._show()

    def _wait(self, text: str) -> None:
        self._volume = None
        self.pane.view.waiting_for = text
        self.pane.view.setAccessibleDescription(text)
        self.pane.view.set_volume(None)

    def _show(self) -> None:
        """Have the chosen picture made ready, once the pane can be seen."""
        images = self._case.images
        if images is None or not self.pane.isVisible():
            return
        if not self._role:
            self._wait(said(_NONE))
            return
        volume = images.volumes[self._role]
        if volume is self._volume:
            return
        role, ready = self._case.prepared.get(ROLE) or ("", None)
        if ready is not None and role == self._role:
            self._volume = volume
            self._on_ready(ready)
            return
        if self.pane.view.grey is None:
            self._wait(self.tr("Preparing the 3D picture …"))
        self._volume = volume

        def work(_: Job) -> GreyVolume:
            # vtk takes as long as the levels; where it cannot be had, the pane says so
            with suppress(ImportError):
                import widgets.volume_scene  # noqa: F401
            return grey_volume(volume)

        self._workers.start(_LANE, work, self._on_ready, lambda error: self._wait(told(error)))

    def _on_ready(self, ready: GreyVolume) -> None:
        self.pane.view.set_window(*self._views.window_of(self._role))
        self.pane.view.set_volume(ready)
        self.pane.view.setAccessibleDescription("")

    def _show_window(self) -> None:
        view = self.pane.view
        window = self._views.window_of(self._role) if view.grey is not None else None
        if window is not None and window != (view.centre, view.width_of_window):
            view.set_window(*window)

    # ---- what was found

    def show_findings(self) -> None:
        """Show marks and regions as they are recorded; a drawing under way is not followed."""
        reading = self._case.reading
        if reading is None or not self._case.ready:
            return
        self.pane.view.set_pins(pins_of(reading, self._selected))
        surfaces: dict[str, Surface] = {}
        for roi_id, roi in reading.rois.items():
            if roi.kind in _NOT_SHOWN or not roi.voxels:
                continue
            known = self._surfaces.get(roi_id)
            # kept where nothing changed, so that its surface is not computed again
            if known is None or not np.array_equal(known.mask, roi.mask):
                known = Surface(roi_id, roi.mask, roi.geometry.affine, roi.colour)
            surfaces[roi_id] = known
        self._surfaces = surfaces
        self.pane.view.set_surfaces(tuple(surfaces.values()))


def _roles(images: CaseImages | None) -> list[str]:
    volumes = images.volumes if images is not None else {}
    # a single slice has no third dimension to look into
    return [role for role in _ROLES if role in volumes and min(volumes[role].data.shape) > 1]
