"""Edits of regions under the name of the tool that made them: what the undo menu says."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.reading.edits import Together, together
from core.reading.roi_edits import EditRoi

TOOL_DEEDS: Mapping[str, str] = MappingProxyType(
    {
        "move_corner": "move a corner of {}",
        "add_corner": "add a corner to {}",
        "remove_corner": "remove a corner of {}",
        "erase": "erase from {}",
        "trace": "trace {}",
        "grow_from_click": "grow {} from a click",
        "fill": "fill holes of {}",
        "interpolate": "interpolate {}",
        "copy": "copy {} to a slice",
        "grow": "grow {}",
        "shrink": "shrink {}",
        "ring": "draw {} around a region",
    }
)


def done_by(deed: str, edit: EditRoi) -> Together:
    """Return an edit under the name that a tool's deed has, of TOOL_DEEDS."""
    return together(TOOL_DEEDS[deed].format(edit.label.name), edit)
