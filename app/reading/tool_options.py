"""Which numbers of the tools are shown, and what is set there."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.reading.drawing import LIMITS
from app.reading.tools import ToolsController
from app.reading.views import ViewsController
from widgets.options_strip import Option, OptionsStrip
from widgets.words import marked, said

# of the tools not named here: the distance, which the menu Regions works with
_OF_TOOL = {
    "brush": ("brush_mm",),
    "eraser": ("brush_mm",),
    "threshold_brush": ("brush_mm", "spread_sd"),
    "grow": ("spread_sd", "within_mm"),
}
_WORDS = {
    "brush_mm": (marked("Brush ∅"), marked("Diameter of the brush"), "mm"),
    "spread_sd": (marked("Range ±"), marked("How far values may lie from the middle, in SD"), marked("SD")),
    "within_mm": (marked("Within"), marked("How far from the click a region may grow"), "mm"),
    "margin_mm": (
        marked("Distance"),
        marked("By how much regions grow and shrink, and how wide a ring is"),
        "mm",
    ),
}
# a brush is told by its diameter, and kept by its radius
_SHOWN = {"brush_mm": 2.0}


def option_fields() -> tuple[Option, ...]:
    """Return the numbers for the strip, in the window's language."""
    fields = []
    for name, (text, tip, unit) in _WORDS.items():
        low, high = (limit * _SHOWN.get(name, 1.0) for limit in LIMITS[name])
        decimals = 2 if unit == "mm" else 1
        fields.append(Option(name, said(text), said(tip), said(unit), low, high, decimals))
    return tuple(fields)


class ToolOptionsController(QObject):
    """Between the strip and the options of the tools."""

    def __init__(self, tools: ToolsController, views: ViewsController, strip: OptionsStrip) -> None:
        super().__init__(tools)
        self._tools, self._strip = tools, strip
        strip.option_changed.connect(
            lambda name, value: tools.set_option(name, value / _SHOWN.get(name, 1.0))
        )
        strip.left.connect(views.focus)
        tools.tool_changed.connect(self._show)
        tools.note_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        names = _OF_TOOL.get(self._tools.tool, ("margin_mm",))
        options = self._tools.options
        self._strip.show_options({name: getattr(options, name) * _SHOWN.get(name, 1.0) for name in names})
