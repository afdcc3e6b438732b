"""The drawing tools by name, each made when it is first taken."""

from __future__ import annotations

from importlib import import_module
from typing import Literal, get_args

from app.reading.drawing import DrawingTool, ToolOptions
from app.reading.regions import RegionsController
from core.progress import Progress

OutlineName = Literal["polygon", "freehand", "ellipse", "level_trace", "live_wire"]
BrushName = Literal["brush", "eraser", "threshold_brush"]
OUTLINES: tuple[OutlineName, ...] = get_args(OutlineName)
BRUSHES: tuple[BrushName, ...] = get_args(BrushName)
# drawn click by click: the button is up between
BY_CLICKS = ("polygon", "live_wire")
DRAWING = (*OUTLINES, *BRUSHES, "grow")


# tools that come with more than numba: imported when they are taken
_MODULES = {
    "level_trace": ("tracing", "LevelTraceTool"),
    "live_wire": ("tracing", "LiveWireTool"),
    "grow": ("growing", "GrowTool"),
    "threshold_brush": ("painting", "ThresholdBrush"),
    "brush": ("painting", "BrushTool"),
    "eraser": ("painting", "Eraser"),
    "polygon": ("outlining", "PolygonTool"),
    "freehand": ("outlining", "FreehandTool"),
    "ellipse": ("outlining", "EllipseTool"),
}


def make_tool(name: str, regions: RegionsController, options: ToolOptions) -> DrawingTool:
    """Make a tool; the first one imports numba."""
    module, tool = _MODULES[name]
    made: DrawingTool = getattr(import_module(f"app.reading.{module}"), tool)(regions, options)
    return made


def ready_kernels(progress: Progress) -> None:
    """Import and compile what drawing needs: half a second, many after installation."""
    from core.imaging.regions.warm import warm

    warm(progress)
