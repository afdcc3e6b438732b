"""What the actions of regions do: those that change the active one and need no place in a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QAction

from app.actions import READING
from app.reading.axes import AxesController
from app.reading.region_deeds import RegionDeeds
from app.reading.tools import ToolsController
from core.imaging.roi import ROI_COLOURS, ROI_KINDS, RoiKind
from widgets.parts import patch_icon


def kind_of(deed_name: str) -> RoiKind:
    """Return the kind of region that an action of the group "kind" draws."""
    return ROI_KINDS[ROI_KINDS.index(deed_name.removeprefix("kind_"))]  # type: ignore[arg-type]


def connect_regions(
    actions: Mapping[str, QAction], tools: ToolsController, deeds: RegionDeeds, axes: AxesController
) -> None:
    """Give each action of the menu Regions what it does."""
    regions = tools.regions
    does: dict[str, Callable[[], object]] = {
        "another_region": regions.begin_another,
        "next_region": lambda: regions.step(1),
        "previous_region": lambda: regions.step(-1),
        "hide_region": regions.toggle_hidden,
        "lock_region": regions.toggle_locked,
        "clear_region": regions.remove,
        "fill": deeds.fill_holes,
        "interpolate": deeds.interpolate,
        "copy_next": lambda: deeds.copy(1),
        "copy_previous": lambda: deeds.copy(-1),
        "grow_margin": lambda: deeds.grow(1),
        "shrink_margin": lambda: deeds.grow(-1),
        "ring": deeds.ring,
    }
    for name, deed in does.items():
        actions[name].triggered.connect(lambda _=False, deed=deed: deed())
    for deed in READING:
        if deed.group == "kind":
            kind = kind_of(deed.name)
            actions[deed.name].triggered.connect(lambda _=False, kind=kind: tools.choose_kind(kind))
            actions[deed.name].setIcon(patch_icon(ROI_COLOURS[kind]))
    actions["axes"].toggled.connect(axes.show)
    actions["solid"].setChecked(tools.options.solid)
    actions["solid"].toggled.connect(lambda on: tools.set_option("solid", on))

    def show_kind() -> None:
        for deed in READING:
            if deed.group == "kind":
                actions[deed.name].setChecked(kind_of(deed.name) == regions.kind)

    regions.active_changed.connect(show_kind)
    show_kind()
