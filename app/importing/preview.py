"""The two panes of the import window: the pictures of a series, and its map beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, Signal

from app.importing.pictures import Pictures
from app.voxels import FLAGS, place_text, rounded_up, value_at, voxel_at
from core.imaging.volume import Volume
from widgets.colour_bar import ColourBar
from widgets.colours import usual_window
from widgets.preview_pane import PreviewPane
from widgets.slice_painter import short
from widgets.slice_view import Overlay, Position, SliceView
from widgets.words import marked, said

if TYPE_CHECKING:  # numba comes with it: imported by the first fit
    from app.maps import Made

# role -> attribute of the maps, title, unit, colours
MAPS = {
    "r2star": ("r2star_per_s", "R2*", "1/s", "ember"),
    "se": ("se_per_s", marked("R2* error"), "1/s", "moss"),
    "residual": ("residual", marked("Residual"), marked("signal"), "moss"),
}
_NAMES = {
    "magnitude": marked("Magnitude"),
    "phase": marked("Phase"),
    "real": marked("Real part"),
    "imaginary": marked("Imaginary part"),
    "other": marked("Other"),
}
_SAME_ZOOM = 0.02
_HIDING = sum(FLAGS)


class PreviewController(QObject):
    """Shows pictures and map at one place and zoom, and what lies under the pointer."""

    part_requested = Signal(str)
    probed = Signal(str)

    def __init__(self, panes: tuple[PreviewPane, PreviewPane], bar: ColourBar, parent: QObject) -> None:
        super().__init__(parent)
        self._pane, self._map_pane = panes
        self._bar = bar
        self._pictures: Pictures | None = None
        self._made: Made | None = None
        self._part, self._echo, self._map = "", 0, "r2star"
        self._opacity, self._texts = 1.0, True
        self._windows: dict[str, tuple[float, float]] = {}
        self._ranges: dict[str, tuple[float, float]] = {}
        self._shown: dict[str, NDArray[np.float32]] = {}
        self._pane.chosen.connect(self._on_part)
        self._pane.slid.connect(self.show_echo)
        for pane in panes:
            pane.view.position_chosen.connect(self.show_position)
            pane.view.hovered.connect(self._probe)
            pane.view.framed.connect(
                lambda middle, scale, source=pane.view: self._on_framed(source, middle, scale)
            )
        self._pane.view.window_changed.connect(self._on_window)
        self._map_pane.chosen.connect(self.show_map)
        self._map_pane.slid.connect(self._on_opacity)
        bar.range_changed.connect(self._on_range)
        self.clear("", "")

    @property
    def views(self) -> tuple[SliceView, SliceView]:
        """The slice views, left to right."""
        return self._pane.view, self._map_pane.view

    def clear(self, pictures: str, maps: str) -> None:
        """Show nothing but what the panes wait for."""
        self._pictures = self._made = None
        self._windows, self._ranges, self._echo = {}, {}, 0
        for pane, text in ((self._pane, pictures), (self._map_pane, maps)):
            pane.view.cursor_mm = None
            pane.wait_for(text)
            pane.offer((), "")
            pane.offer_slider(0, 0, "")
        self._bar.hide()

    def wait_for_map(self, text: str) -> None:
        """Take the map away and say what its pane waits for."""
        self._made = None
        self._map_pane.wait_for(text)
        self._map_pane.offer((), "")
        self._map_pane.offer_slider(0, 0, "")
        self._bar.hide()

    def show_first(self, volume: Volume) -> None:
        """Show one slice of what is still being looked through."""
        view = self._pane.view
        view.set_picture(volume, self.tr("first picture found"))
        view.set_window(*usual_window(volume.data))
        view.fit()

    def show_pictures(self, pictures: Pictures, offered: tuple[str, ...]) -> None:
        """Show a series, its first part of `offered` that is there."""
        fresh = self._pictures is None
        self._pictures = pictures
        self._part = next(part for part in offered if part in pictures.parts)
        self._echo = min(self._echo, len(pictures.parts[self._part]) - 1)
        self._pane.offer(tuple((part, said(_NAMES[part])) for part in offered), self._part)
        self._show_texts()
        self._show_echo()
        if fresh:
            self._pane.view.fit()
            self.show_position(_middle(pictures))

    def show_maps(self, made: Made) -> None:
        """Show the maps of the series that is shown."""
        self._made, self._ranges, self._shown = made, {}, {}
        self._show_echo()
        self.show_map("r2star")
        picture, shown = self.views
        shown.fit()
        if abs(shown.px_per_mm / picture.px_per_mm - 1) > _SAME_ZOOM:
            # somebody has zoomed meanwhile
            middle = picture.position_at(QPointF(picture.width() / 2, picture.height() / 2))
            shown.set_frame(middle, picture.px_per_mm)
        if self._pictures is not None:
            self.show_position(picture.cursor_mm or _middle(self._pictures))

    # ---- pictures

    def show_echo(self, echo: int) -> None:
        """Show another echo."""
        self._echo = echo
        self._show_echo()

    def _show_echo(self) -> None:
        pictures = self._pictures
        if pictures is None:
            return
        data = pictures.parts[self._part]
        timed = len(pictures.te_ms) == len(data)
        caption = f"TE {pictures.te_ms[self._echo]:.4g} ms" if timed else ""
        volume = Volume(data[self._echo], pictures.geometry)
        self._pane.view.set_picture(volume, caption)
        told = self.tr("Echo {number} / {all}").format(number=self._echo + 1, all=len(data))
        self._pane.offer_slider(len(data) - 1, self._echo, told)
        if self._part not in self._windows:
            # the first echo's window for all: what decays shall be seen to decay
            self._windows[self._part] = usual_window(data[0])
        self._pane.view.set_window(*self._windows[self._part])
        if self._made is not None:
            self._map_pane.view.set_picture(Volume(pictures.parts["magnitude"][0], pictures.geometry))
            self._map_pane.view.set_window(*usual_window(pictures.parts["magnitude"][0]))
            self.show_map(self._map)

    def _on_part(self, part: str) -> None:
        if self._pictures is not None and part in self._pictures.parts:
            self._part = part
            self._show_echo()
        elif part:
            self.part_requested.emit(part)

    def _on_window(self, centre: float, width: float) -> None:
        self._windows[self._part] = (centre, width)

    # ---- maps

    def show_map(self, role: str) -> None:
        """Lay a map over the right picture."""
        self._map = role
        if self._made is None:
            return
        self._map_pane.offer(tuple((name, said(title)) for name, (_, title, _, _) in MAPS.items()), role)
        _, title, unit, colours = MAPS[role]
        data = self._values(self._made, role)
        if role not in self._ranges:
            self._ranges[role] = usual_range(data)
        low, high = self._ranges[role]
        percent = round(100 * self._opacity)
        self._map_pane.offer_slider(100, percent, self.tr("{percent} % opaque").format(percent=percent))
        volume = Volume(data, self._made.maps.geometry)
        self._map_pane.view.set_overlay(Overlay(volume, low, high, colours, self._opacity))
        self._bar.show_map(said(title), said(unit), colours, low, high)
        self._bar.show()

    def _values(self, made: Made, role: str) -> NDArray[np.float32]:
        """Return a map, NaN where flagged: no colour where a value means nothing."""
        if role not in self._shown:
            values = getattr(made.maps, MAPS[role][0])
            self._shown[role] = np.where(made.maps.flags & _HIDING, np.float32(np.nan), values)
        return self._shown[role]

    def _on_range(self, low: float, high: float) -> None:
        self._ranges[self._map] = (low, high)
        self.show_map(self._map)

    def _on_opacity(self, percent: int) -> None:
        self._opacity = percent / 100
        self.show_map(self._map)

    # ---- looks

    def set_texts(self, shown: bool) -> None:
        """Show or hide what is written beside the pictures."""
        self._texts = shown
        self._show_texts()

    def _show_texts(self) -> None:
        # letters that are not known are not shown either
        known = self._pictures is None or self._pictures.oriented
        for view in self.views:
            view.set_show_texts(self._texts and known)

    def set_smooth(self, smooth: bool) -> None:
        """Interpolate the pictures or not; maps never are."""
        for view in self.views:
            view.set_smooth(smooth)

    def set_crosshair(self, shown: bool) -> None:
        """Show or hide the cross-hair."""
        for view in self.views:
            view.show_cursor = shown
            view.update()

    def reset_windows(self) -> None:
        """Return to the usual window of every part."""
        self._windows = {}
        self._show_echo()

    # ---- place

    def fit(self) -> None:
        """Show whole pictures."""
        for view in self.views:
            view.fit()

    def show_position(self, position_mm: Position) -> None:
        """Bring both panes to a place."""
        for view in self.views:
            view.show_position(position_mm)

    def _on_framed(self, source: SliceView, middle: Position, scale: float) -> None:
        for view in self.views:
            if view is not source:
                view.set_frame(middle, scale)

    def _probe(self, position: Position | None) -> None:
        view = self._pane.view
        if position is None or view.volume is None:
            self.probed.emit("")
            return
        value = value_at(view.volume, position)
        parts = [place_text(position)]
        signal = self.tr("signal {value}")
        parts.append(self.tr("outside") if value is None else signal.format(value=short(value)))
        if self._made is not None and value is not None:
            parts += _rate_at(self._made, position)
        self.probed.emit("    ".join(parts))


def _rate_at(made: Made, position: Position) -> list[str]:
    """Tell R2* of a voxel with its error, and what stands against it."""
    maps = made.maps
    index = voxel_at(maps.geometry, position)
    if index is None:
        return []
    rate, error, flags = float(maps.r2star_per_s[index]), float(maps.se_per_s[index]), int(maps.flags[index])
    told = "R2* –"
    if np.isfinite(rate):
        told = f"R2* {short(rate)}" + (f" ± {short(error)}" if np.isfinite(error) else "") + " 1/s"
    return [told, *(said(text) for bit, text in FLAGS.items() if flags & bit)]


def usual_range(values: NDArray[np.float32]) -> tuple[float, float]:
    """Return the range of colours that shows a map well: from 0 to a round number past 98 % of it."""
    finite = values[np.isfinite(values)]
    top = float(np.percentile(finite, 98.0)) if finite.size else 1.0
    return 0.0, rounded_up(max(top, 1e-3))


def _middle(pictures: Pictures) -> Position:
    grid = pictures.geometry
    x, y, z = (float(value) for value in grid.to_mm([n // 2 for n in grid.shape]))
    return x, y, z
