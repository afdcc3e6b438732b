"""What the status line says of the tool that is taken."""

from __future__ import annotations

from app.core_words import in_words
from app.reading.tools import ToolsController
from widgets.words import marked, said

_HINTS = {
    "navigate": marked("Click: all pictures show the same place"),
    "polygon": marked("{region}: click corners, double click or Enter closes"),
    "freehand": marked("{region}: draw round it with the button held"),
    "ellipse": marked("{region}: drag from corner to corner"),
    "level_trace": marked("{region}: click takes the line shown"),
    "live_wire": marked("{region}: click along the edge, Enter closes"),
    "threshold_brush": marked("{region}: paint what looks alike, ∅ {mm} mm"),
    "grow": marked("{region}: press in it, up and down widens and narrows"),
    "brush": marked("{region}: paint, ∅ {mm} mm, [ and ] change it"),
    "eraser": marked("{region}: take away, ∅ {mm} mm, [ and ] change it"),
    "ruler": marked("Draw from one edge to the other, drag an end to change it"),
    "lesion": marked("Click sets a lesion mark, drag moves one"),
    "node": marked("Click sets a lymph node mark, drag moves one"),
}


def hint(tools: ToolsController) -> str:
    """Return one line for the tool, with the region it changes and the size of the brush."""
    if tools.note:
        return tools.note
    name = in_words(tools.regions.name)
    return said(_HINTS[tools.tool]).format(
        region=name[:1].upper() + name[1:], mm=f"{2 * tools.options.brush_mm:.2g}"
    )
