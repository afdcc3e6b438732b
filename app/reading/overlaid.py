"""What lies over the pictures: marks, outlines of regions, and what is being drawn."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app.reading.case import CaseController
from app.reading.shades import MARK_COLOURS, REGION_COLOURS
from app.reading.tools import ToolsController
from core.reading.reading import Reading
from widgets.outlines import Outline, Pin, Sketch
from widgets.slice_view import Position, SliceView


def pins_of(reading: Reading, selected: str | None) -> tuple[Pin, ...]:
    """Return the marks of a reading as the views show them."""
    pins = []
    for key, mark in reading.marks.items():
        name = reading.mark_name(key)
        text = f"{name[0].upper()}{name.split()[-1]}"
        pins.append(Pin(key, mark.position_mm, text, MARK_COLOURS[mark.kind], key == selected))
    return tuple(pins)


class OverlaidController(QObject):
    """Keeps marks and outlines of every view true to the reading."""

    def __init__(self, case: CaseController, tools: ToolsController, views: tuple[SliceView, ...]) -> None:
        super().__init__(case)
        self._case, self._tools, self._views = case, tools, views
        self._selected: str | None = None
        case.opening.connect(self._on_opening)
        case.opened.connect(lambda _: self.show())
        case.changed.connect(lambda _: self.show())
        tools.preview_changed.connect(lambda _: self._show_outlines())
        tools.sketch_changed.connect(self._on_sketch)
        tools.tool_changed.connect(self._on_tool)
        tools.pin_moved.connect(self._on_pin_moved)

    def select_mark(self, mark_id: str | None) -> None:
        """Show which mark is chosen."""
        self._selected = mark_id
        self.show()

    def show(self) -> None:
        """Draw marks and outlines as the reading has them."""
        reading = self._case.reading
        if reading is None or self._case.images is None:
            return
        pins = pins_of(reading, self._selected)
        for view in self._views:
            view.set_pins(pins)
        self._show_outlines()

    def _on_opening(self, alias: str) -> None:
        if self._case.reading is None or self._case.reading.alias != alias:
            self._selected = None
            for view in self._views:
                view.set_outlines(())
                view.set_pins(())

    def _on_pin_moved(self, mark_id: str, position: Position) -> None:
        for view in self._views:
            view.set_pins(
                tuple(replace(pin, position_mm=position) if pin.key == mark_id else pin for pin in view.pins)
            )

    def _show_outlines(self) -> None:
        images = self._case.images
        if images is None:
            return
        outlines = []
        for kind in REGION_COLOURS:
            mask = self._tools.mask(kind)
            if mask is not None:
                active = kind == self._tools.kind
                outlines.append(Outline(kind, images.echoes.geometry, mask, REGION_COLOURS[kind], active))
        for view in self._views:
            view.set_outlines(tuple(outlines))

    def _on_sketch(self, sketch: Sketch | None) -> None:
        for view in self._views:
            view.set_sketch(sketch)

    def _on_tool(self) -> None:
        brush = self._tools.brush_mm if self._tools.tool in ("brush", "eraser") else None
        for view in self._views:
            view.set_brush(brush, self._tools.colour if self._tools.tool == "brush" else "#ffffff")
        self._show_outlines()
