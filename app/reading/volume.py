"""The 3D pane: what it shows of the open case, and how it goes together with the 2D views.

Nothing is made ready, and vtk not imported, before the pane is seen for the first time.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.reading.case import CaseController, told
from app.theme import MARK_COLOURS, REGION_COLOURS
from app.workers import Job, Workers
from core.imaging.volume import Volume
from core.reading.reading import Reading
from widgets.colours import usual_window
from widgets.outlines import Pin
from widgets.slice_view import Position
from widgets.volume_grey import GreyVolume, Surface, grey_volume
from widgets.volume_pane import VolumePane

_NAMES = {"gre3d": "3D GRE", "anatomy": "T2 anatomy"}
# tissue to compare with and air are measured, not looked at
_NOT_SHOWN = ("reference", "noise")
_NONE = "Waits for a 3D GRE or an anatomical series: this step of the case shows none"


class VolumeController(QObject):
    """Keeps the 3D pane true to the case."""

    position_chosen = Signal(object)  # LPS mm: pointed at in 3D
    window_changed = Signal(str, float, float)  # role, centre, width: dragged in 3D

    def __init__(self, case: CaseController, workers: Workers, pane: VolumePane) -> None:
        super().__init__(case)
        self._case, self._workers, self._pane = case, workers, pane
        self._alias = ""  # of the case that the pane shows or waits for
        self._role = ""
        self._volume: Volume | None = None  # what was made ready, or is being
        self._windows: dict[str, tuple[float, float]] = {}
        self._selected: str | None = None
        self._surfaces: dict[str, Surface] = {}
        pane.view.waiting_for = "Waits for a case"
        case.opening.connect(self._on_opening)
        case.opened.connect(lambda _: self._on_opened())
        case.changed.connect(lambda _: self.show_findings())
        pane.appeared.connect(self._show)
        pane.picture_chosen.connect(self._on_picture)
        pane.view.position_chosen.connect(self.position_chosen)
        pane.view.window_changed.connect(self._on_window)

    def show_position(self, position_mm: Position) -> None:
        """Put the cross where the other views have it; nothing is said of it."""
        self._pane.view.show_position(position_mm)

    def set_window(self, role: str, centre: float, width: float) -> None:
        """Take over the window of a picture from the other views; nothing is said of it."""
        self._windows[role] = (centre, width)
        if role == self._role and self._volume is not None:
            self._pane.view.set_window(centre, width)

    def select_mark(self, mark_id: str | None) -> None:
        """Show which mark is chosen."""
        self._selected = mark_id
        self._pane.view.set_pins(
            tuple(replace(pin, selected=pin.key == mark_id) for pin in self._pane.view.pins)
        )

    # ---- the case

    def _on_opening(self, alias: str) -> None:
        if alias == self._alias:
            return
        self._workers.drop("3d")
        self._alias, self._role, self._volume, self._selected = alias, "", None, None
        self._windows, self._surfaces = {}, {}
        view = self._pane.view
        view.cursor_mm = None
        view.set_pins(())
        view.set_surfaces(())
        self._wait(f"Reading the pictures of case {alias} …")

    def _on_opened(self) -> None:
        roles = self._roles()
        if self._role not in roles:
            self._role = roles[0] if roles else ""
        self._pane.offer_pictures(tuple((role, _NAMES[role]) for role in roles), self._role)
        self._show()
        self.show_findings()

    def _roles(self) -> list[str]:
        volumes = self._case.images.volumes if self._case.images is not None else {}
        # a single slice has no third dimension to look into
        return [role for role in _NAMES if role in volumes and min(volumes[role].data.shape) > 1]

    def _on_picture(self, role: str) -> None:
        if role and role != self._role:
            self._role = role
            self._show()

    def _wait(self, text: str) -> None:
        self._pane.view.waiting_for = text
        self._pane.view.set_volume(None)

    def _show(self) -> None:
        """Have the chosen picture made ready, once the pane can be seen."""
        images = self._case.images
        if images is None or not self._pane.isVisible():
            return
        if not self._role:
            self._wait(_NONE)
            return
        volume = images.volumes[self._role]
        if volume is self._volume:
            return
        self._volume = volume
        if self._pane.view.grey is None:
            self._wait("Preparing the 3D picture …")

        def work(_: Job) -> GreyVolume:
            # vtk takes as long as the levels; where it cannot be had, the pane says so
            with suppress(ImportError):
                import widgets.volume_scene  # noqa: F401
            return grey_volume(volume)

        self._workers.start("3d", work, self._on_ready, self._on_failed)

    def _on_ready(self, ready: GreyVolume) -> None:
        if self._volume is None:
            return
        if self._role not in self._windows:
            self._windows[self._role] = usual_window(self._volume.data)
        self._pane.view.set_window(*self._windows[self._role])
        self._pane.view.set_volume(ready)

    def _on_failed(self, error: BaseException) -> None:
        self._volume = None
        self._wait(told(error))

    def _on_window(self, centre: float, width: float) -> None:
        self._windows[self._role] = (centre, width)
        self.window_changed.emit(self._role, centre, width)

    # ---- what was found

    def show_findings(self) -> None:
        """Show marks and regions as they are recorded; a drawing under way is not followed."""
        reading = self._case.reading
        if reading is None or not self._case.ready:
            return
        self._pane.view.set_pins(tuple(self._pin(reading, mark_id) for mark_id in reading.marks))
        surfaces: dict[str, Surface] = {}
        for roi_id, roi in reading.rois.items():
            if roi.kind in _NOT_SHOWN or not roi.voxels:
                continue
            known = self._surfaces.get(roi_id)
            # kept where nothing changed, so that its surface is not computed again
            if known is None or not np.array_equal(known.mask, roi.mask):
                known = Surface(roi_id, roi.mask, roi.geometry.affine, REGION_COLOURS[roi.kind])
            surfaces[roi_id] = known
        self._surfaces = surfaces
        self._pane.view.set_surfaces(tuple(surfaces.values()))

    def _pin(self, reading: Reading, mark_id: str) -> Pin:
        mark, name = reading.marks[mark_id], reading.mark_name(mark_id)
        text = f"{name[0].upper()}{name.split()[-1]}"
        return Pin(mark_id, mark.position_mm, text, MARK_COLOURS[mark.kind], mark_id == self._selected)
