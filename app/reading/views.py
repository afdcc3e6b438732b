"""What the two views show, and how they go together: place, zoom, echo, map, outlines and marks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.reading.case import CaseController
from app.reading.tools import ToolsController
from app.settings import Settings
from app.theme import MARK_COLOURS, REGION_COLOURS
from core.imaging.roi import ROI_KINDS
from core.imaging.volume import Volume
from core.reading.reading import Reading
from widgets.colour_bar import ColourBar
from widgets.colours import usual_window
from widgets.image_pane import ImagePane
from widgets.outlines import Outline, Pin, Sketch
from widgets.slice_painter import short
from widgets.slice_view import Overlay, Position, SliceView

PICTURE_NAMES = {"anatomy": "T2 anatomy", "echoes": "GRE echoes", "gre3d": "3D GRE"}
MAPS = {"r2star": ("R2*", "1/s", "ember"), "iron": ("Iron", "µg/g", "lagoon")}


class ViewsController(QObject):
    """Two panes, one place in the patient."""

    echo_changed = Signal(int)
    probed = Signal(str)  # what lies under the pointer, else at the cross-hair

    def __init__(
        self,
        case: CaseController,
        tools: ToolsController,
        panes: tuple[ImagePane, ...],
        bar: ColourBar,
        settings: Settings,
    ) -> None:
        super().__init__(case)
        self._case, self._tools, self._panes, self._bar, self._settings = case, tools, panes, bar, settings
        self._shown: dict[ImagePane, str] = {}
        self._windows: dict[str, tuple[float, float]] = {}
        self._ranges: dict[str, tuple[float, float]] = {}
        self._map = ""
        self._echo = 0
        self._alias = ""
        self._selected: str | None = None
        for pane in panes:
            self._connect(pane)
        bar.range_changed.connect(self._on_range)
        case.opening.connect(self._on_opening)
        case.opened.connect(self._on_opened)
        case.changed.connect(lambda _: self.show_findings())
        case.maps_changed.connect(lambda _: self._on_maps_changed())
        tools.position_chosen.connect(self.show_position)
        tools.preview_changed.connect(lambda _: self._show_outlines())
        tools.sketch_changed.connect(self._on_sketch)
        tools.tool_changed.connect(self._on_tool)
        tools.pin_moved.connect(self._on_pin_moved)

    def _connect(self, pane: ImagePane) -> None:
        view = pane.view
        pane.picture_chosen.connect(lambda role: self._show_picture(pane, role))
        pane.echo_chosen.connect(self.show_echo)
        pane.map_chosen.connect(self.show_map)
        pane.opacity_chosen.connect(self._on_opacity)
        view.position_chosen.connect(self.show_position)
        view.window_changed.connect(lambda centre, width: self._on_window(pane, centre, width))
        view.framed.connect(lambda middle, scale: self._on_framed(view, middle, scale))
        view.hovered.connect(lambda position: self._probe(pane, position))
        view.tool_used.connect(self._tools.on_tool_used)
        view.set_smooth(self._settings.smooth)
        view.set_show_texts(self._settings.show_texts)
        view.show_cursor = self._settings.show_crosshair

    @property
    def views(self) -> tuple[SliceView, ...]:
        """The slice views, left to right."""
        return tuple(pane.view for pane in self._panes)

    @property
    def slice_shown(self) -> int:
        """The slice of the multi-echo series that is shown, from 0; the middle one where none is."""
        for pane in reversed(self._panes):
            if self._shown.get(pane) == "echoes":
                return pane.view.depth
        return self._case.images.echoes.geometry.shape[0] // 2 if self._case.images is not None else 0

    # ---- place and frame

    def show_position(self, position_mm: Position) -> None:
        """Bring all views to a place of the patient."""
        for view in self.views:
            view.show_position(position_mm)
        self._probe(self._panes[-1], None)

    def fit(self) -> None:
        """Show whole pictures."""
        for view in self.views:
            view.fit()

    def _on_framed(self, source: SliceView, middle: Position, scale: float) -> None:
        for view in self.views:
            if view is not source and view.plane and source.plane and view.plane.parallel_to(source.plane):
                view.set_frame(middle, scale)

    # ---- pictures

    def _on_opening(self, alias: str) -> None:
        if alias != self._alias:
            self._alias = ""
            self._selected = None
            for pane in self._panes:
                pane.view.waiting_for = f"Reading the pictures of case {alias} …"
                pane.view.set_picture(None)
                pane.view.set_outlines(())
                pane.view.set_pins(())
            self._bar.hide()

    def _on_opened(self, alias: str) -> None:
        images = self._case.images
        if images is None:
            return
        fresh, self._alias = alias != self._alias, alias
        roles = [role for role in PICTURE_NAMES if role == "echoes" or role in images.volumes]
        maps = tuple((role, MAPS[role][0]) for role in MAPS if role in images.volumes)
        if fresh:
            self._windows, self._ranges, self._echo = {}, {}, 0
            self._map = ""
        if maps and not self._map:
            self._map = maps[-1][0]
        for place, pane in enumerate(self._panes):
            usual = "echoes" if place or "anatomy" not in roles else "anatomy"
            chosen = self._shown.get(pane, usual)
            chosen = chosen if chosen in roles else usual
            pane.offer_pictures(tuple((role, PICTURE_NAMES[role]) for role in roles), chosen)
            if fresh:
                pane.view.cursor_mm = None
            self._show_picture(pane, chosen)
            if fresh:
                pane.view.fit()
        if fresh:
            grid = images.echoes.geometry
            self.show_position(tuple(grid.to_mm([n // 2 for n in grid.shape])))
        self._probe(self._panes[-1], None)
        self.echo_changed.emit(self._echo)

    def _show_picture(self, pane: ImagePane, role: str) -> None:
        images = self._case.images
        if images is None or not role:
            return
        self._shown[pane] = role
        echoes = images.echoes
        if role == "echoes":
            volume = Volume(echoes.magnitude[self._echo], echoes.geometry)
            pane.view.set_picture(volume, f"TE {echoes.te_ms[self._echo]:.3g} ms")
            pane.offer_echoes(echoes.te_ms, self._echo)
        else:
            pane.view.set_picture(images.volumes[role])
            pane.offer_echoes((), 0)
        if role not in self._windows:
            # the first echo's window for all: what decays shall be seen to decay
            data = echoes.magnitude[0] if role == "echoes" else images.volumes[role].data
            self._windows[role] = usual_window(data)
        pane.view.set_window(*self._windows[role])
        self._show_map_in(pane)
        self._show_bar()
        self.show_findings()

    def show_echo(self, echo: int) -> None:
        """Show another echo wherever the multi-echo series is shown."""
        images = self._case.images
        if images is None or not 0 <= echo < len(images.echoes.te_ms):
            return
        self._echo = echo
        for pane in self._panes:
            if self._shown.get(pane) == "echoes":
                self._show_picture(pane, "echoes")
        self.echo_changed.emit(echo)

    def step_echo(self, by: int) -> None:
        """Go to the next or previous echo."""
        self.show_echo(self._echo + by)

    def reset_windows(self) -> None:
        """Return to the usual window of every picture."""
        self._windows = {}
        for pane, role in list(self._shown.items()):
            self._show_picture(pane, role)

    def _on_window(self, source: ImagePane, centre: float, width: float) -> None:
        role = self._shown.get(source, "")
        self._windows[role] = (centre, width)
        for pane, other in self._shown.items():
            if pane is not source and other == role:
                pane.view.set_window(centre, width)

    # ---- maps

    def show_map(self, role: str) -> None:
        """Lay another map over the multi-echo series, or none."""
        self._map = role
        for pane in self._panes:
            self._show_map_in(pane)
        self._show_bar()

    def next_map(self) -> None:
        """No map and every map of the case in turn."""
        images = self._case.images
        if images is not None:
            turn = ["", *(role for role in MAPS if role in self._case.maps)]
            self.show_map(turn[(turn.index(self._map) + 1) % len(turn)] if self._map in turn else "")

    def _on_maps_changed(self) -> None:
        if self._map and self._map not in self._case.maps:
            self._map = next(iter(self._case.maps), "")
        self.show_map(self._map)
        self._probe(self._panes[-1], None)

    def _show_map_in(self, pane: ImagePane) -> None:
        images = self._case.images
        if images is None:
            return
        on_grid = self._shown.get(pane) == "echoes"
        maps = tuple((role, MAPS[role][0]) for role in MAPS if on_grid and role in self._case.maps)
        role = self._map if self._map in dict(maps) else ""
        pane.offer_maps(maps, role)
        if not role:
            pane.view.set_overlay(None)
            return
        _, _, colours = MAPS[role]
        low, high = self._range(role)
        opacity = self._settings.overlay_opacity
        pane.opacity.blockSignals(True)
        pane.opacity.setValue(round(100 * opacity))
        pane.opacity.blockSignals(False)
        pane.view.set_overlay(Overlay(self._case.maps[role], low, high, colours, opacity))

    def _show_bar(self) -> None:
        shown = any(view.overlay is not None for view in self.views)
        self._bar.setVisible(shown)
        if shown:
            title, unit, colours = MAPS[self._map]
            self._bar.show_map(title, unit, colours, *self._range(self._map), trial=self._case.on_trial)

    def _range(self, role: str) -> tuple[float, float]:
        images = self._case.images
        if role not in self._ranges and images is not None:
            self._ranges[role] = self._case.kit.protocol.map_range(role) or _usual_range(images.volumes[role])
        return self._ranges[role]

    def _on_range(self, low: float, high: float) -> None:
        self._ranges[self._map] = (low, high)
        self.show_map(self._map)

    def _on_opacity(self, opacity: float) -> None:
        self._settings.overlay_opacity = opacity
        for view in self.views:
            if view.overlay is not None:
                view.set_overlay(replace(view.overlay, opacity=opacity))

    # ---- what lies over the pictures

    def select_mark(self, mark_id: str | None) -> None:
        """Show which mark is chosen."""
        self._selected = mark_id
        self.show_findings()

    def show_findings(self) -> None:
        """Draw marks and outlines as the reading has them."""
        reading = self._case.reading
        if reading is None or not self._alias:
            return
        for view in self.views:
            view.set_pins(self._pins(reading))
        self._show_outlines()

    def _pins(self, reading: Reading) -> tuple[Pin, ...]:
        pins = []
        for mark in reading.marks.values():
            name = reading.mark_name(mark.mark_id)
            text = f"{name[0].upper()}{name.split()[-1]}"
            pins.append(
                Pin(
                    mark.mark_id,
                    mark.position_mm,
                    text,
                    MARK_COLOURS[mark.kind],
                    mark.mark_id == self._selected,
                )
            )
        return tuple(pins)

    def _on_pin_moved(self, mark_id: str, position: Position) -> None:
        for view in self.views:
            view.set_pins(
                tuple(replace(pin, position_mm=position) if pin.key == mark_id else pin for pin in view.pins)
            )

    def _show_outlines(self) -> None:
        images = self._case.images
        if images is None:
            return
        outlines = []
        for kind in ROI_KINDS:
            mask = self._tools.mask(kind)
            if mask is not None:
                outlines.append(
                    Outline(
                        kind, images.echoes.geometry, mask, REGION_COLOURS[kind], kind == self._tools.kind
                    )
                )
        for view in self.views:
            view.set_outlines(tuple(outlines))

    def _on_sketch(self, sketch: Sketch | None) -> None:
        for view in self.views:
            view.set_sketch(sketch)

    def _on_tool(self) -> None:
        brush = self._tools.brush_mm if self._tools.tool in ("brush", "eraser") else None
        for view in self.views:
            view.set_brush(brush, self._tools.colour if self._tools.tool == "brush" else "#ffffff")
        self._show_outlines()

    # ---- values under the pointer

    def _probe(self, pane: ImagePane, position: Position | None) -> None:
        images, view = self._case.images, pane.view
        position = view.cursor_mm if position is None else position
        if images is None or view.volume is None or position is None:
            self.probed.emit("")
            return
        x, y, z = position
        parts = [f"x {x:.1f}  y {y:.1f}  z {z:.1f} mm"]
        value = value_at(view.volume, position)
        parts.append("outside" if value is None else f"signal {short(value)}")
        if self._case.on_trial and value is not None:
            parts.append("trial fit:")
        for role, (title, unit, _) in MAPS.items():
            if role in self._case.maps and value is not None:
                found = value_at(self._case.maps[role], position)
                known = found is not None and np.isfinite(found)
                parts.append(
                    f"{title} {short(found)} {unit}" if known and found is not None else f"{title} –"
                )
        self.probed.emit("    ".join(parts))


def value_at(volume: Volume, position_mm: Position) -> float | None:
    """Return the value of the voxel that holds a position, None outside."""
    if not volume.geometry.holds(position_mm):
        return None
    index = np.floor(volume.geometry.to_index(position_mm) + 0.5).astype(int)
    return float(volume.data[tuple(index)])


def _usual_range(volume: Volume) -> tuple[float, float]:
    """Return the range of a map's colours where the protocol leaves it open."""
    values = volume.data[np.isfinite(volume.data)]
    top = float(np.percentile(values, 99.0)) if values.size else 1.0
    return 0.0, rounded_up(max(top, 1e-3))


def rounded_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 3, 4, 5, 6, 8 and 10 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(
        next(step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * (1 - 1e-9))
    )
