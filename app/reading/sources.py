"""What a pane can show of the open case: pictures, maps and widgets by their roles, and the menu of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from app.reading.case import CaseController
from app.reading.maps import MAPS, CaseMaps
from app.reading.panes import LAST_ECHO, PICTURE_NAMES, PLANE_NAMES, SLAB_MM, SLABS, PaneState
from app.reading.windows import PRESETS, Windows, windowed
from core.imaging.volume import Volume
from widgets.pane_menu import PaneMenu
from widgets.slice_view import Compare
from widgets.words import said

translate = QCoreApplication.translate

Entries = tuple[tuple[str, str], ...]


class Sources:
    """Finds what stands behind a role: the name of a picture, a map or a widget."""

    def __init__(self, case: CaseController, maps: CaseMaps, windows: Windows) -> None:
        self._case, self._maps, self._windows = case, maps, windows
        self.widgets: dict[str, str] = {}  # role -> name of what is shown in place of slices

    def pictures(self) -> Entries:
        """Return what there is, as (role, name): pictures, maps, widgets."""
        images = self._case.images
        volumes = images.volumes if images is not None else {}
        plain = [
            (role, said(name)) for role, name in PICTURE_NAMES.items() if role == "echoes" or role in volumes
        ]
        maps = [(role, MAPS[role].said) for role in self._maps.roles]
        return (*plain, *maps, *self.widgets.items())

    def picture(self, role: str, echo: int) -> tuple[Volume | None, str]:
        """Return the volume behind a role and its caption; None while a map is being made."""
        images = self._case.images
        if images is None:
            return None, ""
        if role in ("echoes", LAST_ECHO):
            echoes = images.echoes
            echo = echo if role == "echoes" else len(echoes.te_ms) - 1
            return Volume(echoes.magnitude[echo], echoes.geometry), f"TE {echoes.te_ms[echo]:.3g} ms"
        if role in MAPS:
            return self._maps.volume(role), f"{MAPS[role].said} {MAPS[role].said_unit}"
        return images.volumes[role], ""

    def compare(self, state: PaneState) -> Compare | None:
        """Return what a pane shows right of its divider."""
        if not state.compare:
            return None
        volume, caption = self.picture(state.compare, state.echo)
        if volume is None:
            return None
        kind = MAPS.get(state.compare)
        name = caption or said(PICTURE_NAMES.get(state.compare, ""))
        return Compare(volume, *self.window_of(state.compare), name, kind.colours if kind else "")

    def comparable(self, picture: str) -> Entries:
        """Return what can be shown beside a picture, as (role, name)."""
        others = [entry for entry in self.pictures() if entry[0] != picture and entry[0] not in self.widgets]
        last = ((LAST_ECHO, translate("Sources", "Last echo")),) if picture == "echoes" else ()
        return (("", translate("Sources", "Nothing")), *last, *others)

    def window_of(self, role: str) -> tuple[float, float]:
        """Return centre and width of a picture; those of a map are the range of its colours."""
        images = self._case.images
        if role in MAPS or images is None:
            low, high = self._maps.range(role)
            return (low + high) / 2, high - low
        role = "echoes" if role == LAST_ECHO else role
        return self._windows.get(role, windowed(images, role))

    def fill(self, menu: PaneMenu, state: PaneState) -> None:
        """Offer in a pane's menu what can be chosen, and mark what is."""
        maps = tuple((role, MAPS[role].said) for role in self._maps.roles)
        thick = tuple((mm, f"{mm:g} mm") for mm in SLAB_MM)
        window = self._windows.preset(state.picture)
        none = ("", translate("Sources", "No map"))
        presets = () if state.picture in MAPS else _said(PRESETS)
        for what, title, entries, chosen in (
            ("plane", translate("Sources", "Plane"), _said(PLANE_NAMES), state.plane),
            ("overlay", translate("Sources", "Map over it"), (none, *maps) if maps else (), state.overlay),
            (
                "compare", translate("Sources", "Compare by a divider with"),
                self.comparable(state.picture), state.compare,
            ),
            ("window", translate("Sources", "Window"), presets, window),
            ("slab_kind", translate("Sources", "Slab"), _said(SLABS), state.slab_kind),
            ("slab_mm", translate("Sources", "Slab's thickness"), thick, state.slab_mm),
        ):  # fmt: skip
            menu.offer(what, title, entries, chosen)
        menu.switch("inverted", translate("Sources", "Invert"), state.inverted)


def _said(entries: tuple[tuple[Any, str], ...]) -> tuple[tuple[Any, str], ...]:
    return tuple((value, said(name)) for value, name in entries)
