"""What lies over the pictures: marks, outlines of regions, and what is being drawn."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject

from app.reading.axes import AxesController
from app.reading.case import CaseController
from app.reading.regions import BEGUN
from app.reading.shades import MARK_COLOURS
from app.reading.tools import ToolsController
from core.reading.reading import Reading
from widgets.grips import Grips, RulerLine
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

    def __init__(
        self,
        case: CaseController,
        tools: ToolsController,
        axes: AxesController,
        views: tuple[SliceView, ...],
    ) -> None:
        super().__init__(case)
        self._case, self._tools, self._views = case, tools, views
        self._selected: str | None = None
        self._corners: tuple[Grips, ...] = ()
        self._ends: tuple[Grips, ...] = ()
        self._lines: tuple[RulerLine, ...] = ()
        self._axes: tuple[RulerLine, ...] = ()
        self._spokes: tuple[RulerLine, ...] = ()
        self._with_spokes: tuple[SliceView, ...] = ()
        self._proposed: Outline | None = None
        case.opening.connect(self._on_opening)
        case.opened.connect(lambda _: self.show())
        case.changed.connect(lambda _: self.show())
        tools.preview_changed.connect(self._on_preview)
        tools.sketch_changed.connect(self._on_sketch)
        tools.tool_changed.connect(self._on_tool)
        tools.marks.pin_moved.connect(self._on_pin_moved)
        tools.corners.grips_changed.connect(self._on_corners)
        tools.rulers.shown_changed.connect(self._on_rulers)
        axes.lines_changed.connect(self._on_axes)

    def select_mark(self, mark_id: str | None) -> None:
        """Show which mark is chosen."""
        self._selected = mark_id
        self.show()

    def show_proposed(self, outline: Outline | None) -> None:
        """Show a region that waits for the rater's word, or none."""
        self._proposed = outline
        self._show_outlines()

    def show_spokes(self, spokes: tuple[RulerLine, ...], views: tuple[SliceView, ...]) -> None:
        """Show where the margin of the active region was measured, in the views with that echo."""
        self._spokes, self._with_spokes = spokes, views
        self._show_lines()

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
        images, regions = self._case.images, self._tools.regions
        if images is None:
            return
        draft, active = regions.draft, regions.active
        current = active.roi_id if active is not None else "" if draft is None else BEGUN
        grid = images.echoes.geometry
        outlines = tuple(
            Outline(shown.key, grid, shown.coverage, shown.colour, shown.key == current, shown.outlines)
            for shown in regions.visible()
        )
        if self._proposed is not None:
            outlines = (*outlines, self._proposed)
        for view in self._views:
            view.set_outlines(outlines)

    def _on_preview(self, kind: str) -> None:
        draft = self._tools.regions.draft
        self._show_outlines()
        if draft is not None:
            key = BEGUN if draft.roi is None else draft.roi.roi_id
            for view in self._views:
                view.refresh_outline(key)

    def _on_sketch(self, sketch: Sketch | None) -> None:
        for view in self._views:
            view.set_sketch(sketch)

    def _on_corners(self, corners: tuple[Grips, ...]) -> None:
        self._corners = corners
        self._show_grips()

    def _on_rulers(self, lines: tuple[RulerLine, ...], ends: tuple[Grips, ...]) -> None:
        self._ends, self._lines = ends, lines
        self._show_lines()
        self._show_grips()

    def _on_axes(self, lines: tuple[RulerLine, ...]) -> None:
        self._axes = lines
        self._show_lines()

    def _show_lines(self) -> None:
        for view in self._views:
            spokes = self._spokes if view in self._with_spokes else ()
            view.set_rulers((*self._lines, *self._axes, *spokes))

    def _show_grips(self) -> None:
        for view in self._views:
            view.set_grips((*self._corners, *self._ends))

    def _on_tool(self) -> None:
        colour = "#ffffff" if self._tools.tool == "eraser" else self._tools.regions.colour
        for view in self._views:
            view.set_brush(self._tools.brush_mm, colour)
        self._show_outlines()
