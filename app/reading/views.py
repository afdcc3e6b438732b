"""What the panes show, and how they go together: place, zoom, echo, window and map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.reading.case import CaseController, Plan
from app.reading.made_maps import OWN
from app.reading.maps import MAPS, CaseMaps
from app.reading.panes import (
    PICTURE_NAMES,
    PLANE_NAMES,
    SLAB_MM,
    SLABS,
    PaneState,
    axis_of,
    following,
    state_of,
)
from app.reading.probe import probe_text
from app.reading.sources import Entries, Sources
from app.reading.tools import ToolsController
from app.reading.windows import PRESETS, Windows
from app.settings import Settings
from core.reading.hanging import Hanging
from widgets.colour_bar import ColourBar
from widgets.image_pane import ImagePane
from widgets.legend import Legend
from widgets.pane_grid import PaneGrid
from widgets.slice_view import Overlay, Position, SliceView
from widgets.words import said

# the picture first: what is written about it follows when the hand rests so long, or has moved so often
_PROBE_AFTER_MS = 15


class ViewsController(QObject):
    """Four panes, of which the layout shows some; one place in the patient.

    Anything else can stand in a pane: `offer_widget("volume", "3D", make)` adds it to the pictures of every
    pane, `make()` gives the QWidget when it is first chosen, and a protocol's hanging names it by its role.
    Follow `position_changed` to keep it at the same place, and its own showEvent and hideEvent to rest while
    no pane shows it.
    """

    echo_changed = Signal(int)
    probed = Signal(str)  # what lies under the pointer, else at the cross-hair
    layout_changed = Signal(str)
    position_changed = Signal(object)  # LPS mm
    windows_changed = Signal()  # that of some picture

    def __init__(
        self,
        case: CaseController,
        tools: ToolsController,
        maps: CaseMaps,
        grid: PaneGrid,
        bar: ColourBar,
        settings: Settings,
    ) -> None:
        super().__init__(case)
        self._case, self._tools, self.maps, self._bar, self._settings = case, tools, maps, bar, settings
        self.grid = grid
        self.panes: tuple[ImagePane, ...] = tuple(p for p in grid.panes if isinstance(p, ImagePane))
        self.states = {pane: PaneState() for pane in self.panes}
        self.active = self.panes[1]
        self._makers: dict[str, Callable[[], QWidget]] = {}
        self._widgets: dict[str, QWidget] = {}
        self.windows = Windows()
        self.sources = Sources(case, maps, self.windows)
        self._alias = ""
        self._step = -1
        self._before_alone = "1x2"
        self._bar_role = ""
        self._probed: tuple[ImagePane, Position | None] = (self.active, None)
        self._probe_timer = QTimer(self)
        self._probe_timer.setSingleShot(True)
        self._probe_timer.setInterval(_PROBE_AFTER_MS)
        self._probe_timer.timeout.connect(self._say_probe)
        for pane in self.panes:
            self._connect(pane)
        bar.range_changed.connect(self._on_range)
        case.opening.connect(self._on_opening)
        case.opened.connect(self._on_opened)
        case.failed.connect(self._on_failed)
        case.maps_changed.connect(lambda _: self._on_maps_changed())
        maps.arrived.connect(self._show_all)
        maps.failed.connect(case.refused)
        tools.position_chosen.connect(self.show_position)

    def _connect(self, pane: ImagePane) -> None:
        view = pane.view
        pane.picture_chosen.connect(lambda role: self.wish(pane, "picture", role))
        pane.echo_chosen.connect(lambda echo: self.show_echo(echo, pane))
        pane.map_chosen.connect(lambda role: self.wish(pane, "overlay", role))
        pane.wished.connect(lambda what, value: self.wish(pane, what, value))
        pane.menu.aboutToShow.connect(lambda: self._fill_menu(pane))
        pane.opacity_chosen.connect(self._on_opacity)
        view.position_chosen.connect(self.show_position)
        view.window_changed.connect(lambda centre, width: self._on_window(pane, centre, width))
        view.framed.connect(lambda middle, scale: self._on_framed(view, middle, scale))
        view.hovered.connect(lambda position: self._probe(pane, position))
        view.entered.connect(lambda: self._activate(pane))
        view.echo_wished.connect(lambda by: self.show_echo(self.states[pane].echo + by, pane))
        view.size_wished.connect(self._tools.resize_brush)
        view.tool_used.connect(self._tools.on_tool_used)
        view.wait_for(self.tr("No case is open"))
        view.set_smooth(self._settings.smooth)
        view.set_show_texts(self._settings.show_texts)
        view.show_cursor = self._settings.show_crosshair

    # ---- which panes

    @property
    def shown(self) -> tuple[ImagePane, ...]:
        """The panes of the layout, from left to right, then down."""
        return tuple(pane for pane in self.grid.shown if isinstance(pane, ImagePane))

    @property
    def views(self) -> tuple[SliceView, ...]:
        """The slice views of the layout."""
        return tuple(pane.view for pane in self.shown if pane.instead is None)

    @property
    def slice_shown(self) -> int:
        """The slice of the multi-echo series that is shown, from 0; the middle one where none is."""
        images = self._case.images
        if images is None:
            return 0
        for pane in reversed(self.shown):
            view = pane.view
            if self.states[pane].picture == "echoes" and view.plane is not None and not view.plane.slice_axis:
                return view.depth
        return images.echoes.geometry.shape[0] // 2

    def display(self) -> dict[str, Any]:
        """Return how the case is shown now: layout, and of every pane its picture, cut and window."""
        panes = []
        for pane in self.shown:
            state = self.states[pane]
            told: dict[str, Any] = {
                name: getattr(state, name) for name in ("picture", "plane", "overlay", "compare", "inverted")
            }
            told["echo"] = state.echo + 1
            told["slab"] = [state.slab_kind, state.slab_mm] if state.slab_kind else []
            if state.picture in self.windows.made:
                told["window"] = [round(float(value), 6) for value in self.windows.made[state.picture]]
            panes.append(told)
        return {"layout": self.grid.layout_name, "panes": panes, "trial_fit": self._case.on_trial}

    def set_layout(self, name: str) -> None:
        """Show another layout; 1x1 shows the active pane alone."""
        self.grid.set_layout(name, self.active)
        if self.active not in self.shown:
            self._activate(self.shown[0])
        self._show_all()
        self._probe(*self._probed)
        self.layout_changed.emit(name)
        # what had the keys may be hidden now; no field shall get them by chance
        self.focus()

    def enlarge(self) -> None:
        """Show the active pane alone, or the layout before again."""
        name = self.grid.layout_name
        if name != "1x1":
            self._before_alone = name
        self.set_layout("1x1" if name != "1x1" else self._before_alone)

    def _activate(self, pane: ImagePane) -> None:
        if pane is not self.active:
            self.active = pane
            self._show_bar()

    def offer_widget(self, role: str, name: str, make: Callable[[], QWidget]) -> None:
        """Let panes show a widget beside the pictures; see the class."""
        self._makers[role], self.sources.widgets[role] = make, name
        self._show_all()

    # ---- place and frame

    @property
    def cursor_mm(self) -> Position:
        """The place of the patient that all views show."""
        return self.active.view.cursor_mm or (0.0, 0.0, 0.0)

    def show_position(self, position_mm: Position) -> None:
        """Bring all views to a place of the patient."""
        for pane in self.panes:
            pane.view.show_position(position_mm)
        self._probe(self.active, None)
        self.position_changed.emit(position_mm)

    def focus(self, by: int = 0) -> None:
        """Give the keys to the active pane, or to one further on in the layout."""
        pane = self.active
        if by:
            pane = self.shown[(self.shown.index(pane) + by) % len(self.shown)]
            self._activate(pane)
        # the picture is what the controls of a pane end with
        pane.controls()[-1].setFocus()

    def fit(self) -> None:
        """Show whole pictures."""
        for pane in self.panes:
            pane.view.fit()

    def _on_framed(self, source: SliceView, middle: Position, scale: float) -> None:
        for pane in self.panes:
            view = pane.view
            if view is not source and view.plane and source.plane and view.plane.parallel_to(source.plane):
                view.set_frame(middle, scale)
        self._probe(*self._probed)

    # ---- a case comes

    def _on_opening(self, alias: str) -> None:
        self._keep_room(alias)
        if alias != self._alias:
            self._alias = ""
            for pane in self.panes:
                pane.view.cursor_mm = None
                pane.view.wait_for(self.tr("Reading the pictures of case {alias} …").format(alias=alias))
            self._bar.hide()

    def _on_failed(self, alias: str) -> None:
        for pane in self.panes:
            pane.view.wait_for(self.tr("The pictures of case {alias} could not be read").format(alias=alias))

    def _on_opened(self, alias: str) -> None:
        images, reading = self._case.images, self._case.reading
        if images is None or reading is None:
            return
        fresh, self._alias = alias != self._alias, alias
        hanging = self._case.kit.protocol.steps[reading.step_index].hanging
        begins, self._step = fresh or reading.step_index != self._step, reading.step_index
        self.maps.renew(fresh=fresh)
        if fresh:
            self.windows.forget_case(self._case.prepared.get("windows"))
            for state in self.states.values():
                state.echo = 0
        if begins and hanging is not None:
            self._hang(hanging)
        elif begins:
            for state in self.states.values():
                state.overlay = (self.maps.usual or ("",))[-1] if state.picture in ("", "echoes") else ""
        self._show_all()
        if fresh:
            grid = images.echoes.geometry
            self.fit()
            self.show_position(tuple(grid.to_mm([n // 2 for n in grid.shape])))
        if begins and hanging is not None:
            for pane, hung in zip(self.panes, hanging.panes, strict=False):
                if hung.zoom != 1.0:
                    pane.view.set_zoom(hung.zoom)
        self._probe(self.active, None)
        self.echo_changed.emit(self._echo_told())

    def _hang(self, hanging: Hanging) -> None:
        """Hang the pictures as the protocol says; panes it does not name show what they usually do."""
        images = self._case.images
        if images is None:
            return
        for place, pane in enumerate(self.panes):
            if place < len(hanging.panes):
                hung = hanging.panes[place]
                echo = self.states[pane].echo
                self.states[pane] = state_of(hung, len(images.echoes.te_ms), echo)
                if hung.window is not None:
                    self.windows.choose(hung.picture, hung.window)
            else:
                self.states[pane] = PaneState()
        self.grid.set_layout(hanging.layout)
        if self.active not in self.shown:
            self.active = self.shown[:2][-1]
        self.layout_changed.emit(hanging.layout)

    def expected(self, step_index: int) -> frozenset[str]:
        """Return the pictures, maps and widgets that a case's panes will show when it opens at a step."""
        hanging = self._case.kit.protocol.steps[step_index].hanging
        if hanging is not None:
            return frozenset(role for pane in hanging.panes for role in (pane.picture, pane.overlay))
        return frozenset(OWN).union(*({s.picture, s.compare} for s in self.states.values()))

    def plans_ahead(self) -> dict[str, Callable[[int], Plan]]:
        """Return what plans to make that ready."""
        return {
            "maps": lambda step_index: self.maps.plan_ahead(self.expected(step_index)),
            "windows": self._plan_windows,
        }

    def _plan_windows(self, step_index: int) -> Plan:
        hanging = self._case.kit.protocol.steps[step_index].hanging
        panes = hanging.panes if hanging is not None else ()
        return self.windows.plan_ahead({pane.picture: pane.window for pane in panes if pane.window})

    # ---- pictures

    def wish(self, pane: ImagePane, what: str, value: Any) -> None:
        """Change what a pane shows: an entry of its PaneState, or the window of its picture."""
        if what == "window":
            self.windows.choose(self.states[pane].picture, value)
            self._show_all()
            self.windows_changed.emit()
            return
        state = self.states[pane]
        setattr(state, what, value)
        if what == "picture":
            state.compare, state.hung = "", False
            for other in self.panes:
                # a widget can stand in one pane only: the other shows its usual picture again
                if other is not pane and value in self._makers and self.states[other].picture == value:
                    self.states[other] = PaneState()
                    self._show(other)
        self._show(pane)
        self._show_bar()

    def turn(self, what: str) -> None:
        """Take the next plane, kind of slab, window or picture to compare in the active pane."""
        pane = self.active
        if what == "window":
            now = self.windows.preset(self.states[pane].picture) or PRESETS[-1][0]
            self.wish(pane, what, following(tuple(value for value, _ in PRESETS), now))
        elif what == "inverted":
            self.wish(pane, what, not self.states[pane].inverted)
        else:
            values = {
                "plane": tuple(value for value, _ in PLANE_NAMES),
                "slab_kind": tuple(value for value, _ in SLABS),
                "slab_mm": SLAB_MM,
                "compare": tuple(value for value, _ in self.sources.comparable(self.states[pane].picture)),
            }[what]
            self.wish(pane, what, following(values, getattr(self.states[pane], what)))

    def next_map(self) -> None:
        """No map and every map of the kit in turn, in the active pane or in the one that shows one."""
        able = [
            pane for pane in (self.active, *reversed(self.shown)) if self.states[pane].picture == "echoes"
        ]
        if self.maps.usual and able:
            pane = able[0]
            turn = ("", *self.maps.usual)
            self.wish(pane, "overlay", following(turn, self.states[pane].overlay))

    def show_echo(self, echo: int, pane: ImagePane | None = None) -> None:
        """Show another echo in a pane, the active one if not given."""
        images = self._case.images
        if pane is None:
            pane = self._echo_pane()
        if images is None or pane is None or not 0 <= echo < len(images.echoes.te_ms):
            return
        self.states[pane].echo = echo
        self._show(pane)
        self.echo_changed.emit(echo)

    def showing_echo(self, echo: int) -> tuple[SliceView, ...]:
        """Return the views in which an echo can be seen."""
        states = self.states.items()
        return tuple(pane.view for pane, state in states if state.shows_echoes() and state.echo == echo)

    def step_echo(self, by: int, *, around: bool = False) -> None:
        """Go to the next or previous echo, from the last one to the first where it goes around."""
        pane, images = self._echo_pane(), self._case.images
        if pane is not None and images is not None:
            echo = self.states[pane].echo + by
            self.show_echo(echo % len(images.echoes.te_ms) if around else echo, pane)

    def _echo_pane(self) -> ImagePane | None:
        able = (pane for pane in (self.active, *reversed(self.shown)) if self.states[pane].shows_echoes())
        return next(able, None)

    def _echo_told(self) -> int:
        pane = self._echo_pane()
        return 0 if pane is None else self.states[pane].echo

    def _show_all(self) -> None:
        for pane in self.panes:
            self._show(pane)
        self._show_bar()

    def _show(self, pane: ImagePane) -> None:
        """Bring a pane to what its state says."""
        images, state = self._case.images, self.states[pane]
        if images is None or not self._alias:
            return
        pictures = self.sources.pictures()
        if state.picture not in dict(pictures) and state.hung:
            self._show_missing(pane, pictures)
            return
        if state.picture not in dict(pictures):
            usual = "echoes" if self.panes.index(pane) or "anatomy" not in images.volumes else "anatomy"
            state.picture, state.plane, state.compare = usual, "as_scanned", ""
        pane.offer_pictures(pictures, state.picture)
        if state.picture in self._makers:
            if pane in self.shown:
                self._show_widget(pane, state.picture)
            return
        pane.show_instead(None)
        volume, caption = self.sources.picture(state.picture, state.echo)
        pane.view.waiting_for = self.tr("This map is being made …")
        axis = 0 if volume is None else axis_of(volume.geometry, state.plane)
        if state.compare:
            # two pictures are shown: each has to have its name
            caption = caption or said(PICTURE_NAMES.get(state.picture, ""))
        pane.view.set_picture(volume, caption, axis)
        pane.view.set_window(*self.window_of(state.picture))
        pane.view.set_inverted(state.inverted)
        pane.view.set_slab(state.slab_mm if state.slab_kind else 0.0, state.slab_kind or "mean")  # type: ignore[arg-type]
        pane.view.set_compare(self.sources.compare(state))
        self._show_map(pane)
        te_ms = images.echoes.te_ms if state.shows_echoes() else ()
        pane.offer_echoes(te_ms, state.echo if te_ms else 0)

    def _fill_menu(self, pane: ImagePane) -> None:
        """Offer what can be chosen now: a menu that nobody opens is not filled."""
        if self._case.images is not None:
            self.sources.fill(pane.menu, self.states[pane])

    def _show_missing(self, pane: ImagePane, pictures: Entries) -> None:
        """Say that the case has not what the protocol hangs here; anything else can be chosen."""
        state = self.states[pane]
        state.overlay = state.compare = ""
        name = said(PICTURE_NAMES.get(state.picture) or MAPS[state.picture].title)
        pane.offer_pictures((*pictures, (state.picture, name)), state.picture)
        pane.show_instead(None)
        pane.offer_maps((), "")
        pane.offer_echoes((), 0)
        pane.view.wait_for(self.tr("This case has no picture of this kind: {name}").format(name=name))

    # ---- widgets in place of slices

    def toggle_widget(self, role: str) -> None:
        """Show a widget in the active pane, or the usual picture again where it stands."""
        showing = [pane for pane in self.shown if self.states[pane].picture == role]
        self._activate(showing[0] if showing else self.active)
        self.wish(self.active, "picture", "" if showing else role)
        self.focus()

    def enter(self, role: str) -> None:
        """The widget of a role has the keys: its pane is the active one."""
        for pane in self.shown:
            if self.states[pane].picture == role:
                self._activate(pane)

    def _show_widget(self, pane: ImagePane, role: str) -> None:
        if role not in self._widgets:
            self._widgets[role] = self._makers[role]()
        pane.offer_maps((), "")
        pane.offer_echoes((), 0)
        pane.show_instead(self._widgets[role])

    # ---- windows

    def reset_windows(self) -> None:
        """Return to the usual window of every picture."""
        self.windows.reset()
        for state in self.states.values():
            state.inverted = False
        self._show_all()
        self.windows_changed.emit()

    def window_of(self, role: str) -> tuple[float, float]:
        """Return centre and width of a picture; those of a map are the range of its colours."""
        return self.sources.window_of(role)

    def _on_window(self, source: ImagePane, centre: float, width: float) -> None:
        role = self.states[source].picture
        if role in MAPS:
            self.maps.set_range(role, centre - width / 2, centre + width / 2)
            self._show_all()
            return
        self.set_window(role, centre, width)

    def set_window(self, role: str, centre: float, width: float) -> None:
        """Set the window of a picture wherever it is shown."""
        self.windows.set_by_hand(role, centre, width)
        for pane, state in self.states.items():
            view = pane.view
            if state.picture == role and (view.centre, view.width_of_window) != (centre, width):
                view.set_window(centre, width)
        self.windows_changed.emit()

    # ---- maps

    def _on_maps_changed(self) -> None:
        self.maps.renew(fresh=False)
        self._show_all()
        self._probe(self.active, None)

    def _map_of(self, pane: ImagePane) -> str:
        """Return the map whose colours a pane shows, "" where it shows none."""
        state = self.states[pane]
        role = state.picture if state.picture in MAPS else state.overlay
        return role if role in self.maps.roles and pane.instead is None else ""

    def _show_map(self, pane: ImagePane) -> None:
        state, role = self.states[pane], self._map_of(pane)
        maps = () if state.picture in MAPS else self.maps.roles
        pane.offer_maps(tuple((each, MAPS[each].said) for each in maps), role)
        volume = self.maps.volume(role) if role else None
        if volume is None:
            pane.view.set_overlay(None)
            return
        opacity = 1.0 if state.picture in MAPS else self._settings.overlay_opacity
        pane.opacity.blockSignals(True)
        pane.opacity.setValue(round(100 * opacity))
        pane.opacity.blockSignals(False)
        pane.view.set_overlay(Overlay(volume, *self.maps.range(role), MAPS[role].colours, opacity))

    def _keep_room(self, alias: str) -> None:
        """Keep the bar its room while a reached step has a map: no picture moves when one comes."""
        step_index = self._case.step_of(alias)
        steps = self._case.kit.protocol.steps[: 0 if step_index is None else step_index + 1]
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(any(role in OWN for step in steps for role in step.shows))
        self._bar.setSizePolicy(policy)

    def _show_bar(self) -> None:
        """Show the colours of the active pane's map, else of the first that has one.

        Where panes show several maps, each has a legend of its own besides.
        """
        roles = [self._map_of(pane) for pane in (self.active, *self.shown) if pane in self.shown]
        self._bar_role = next((role for role in roles if role), "")
        self._bar.setVisible(bool(self._bar_role))
        if self._bar_role:
            kind = MAPS[self._bar_role]
            ends = self.maps.range(self._bar_role)
            self._bar.show_map(kind.said, kind.said_unit, kind.colours, *ends, trial=self._case.on_trial)
        several = len({role for role in roles if role}) > 1
        for pane in self.panes:
            pane.view.set_legend(self._legend(self._map_of(pane)) if several else None)

    def _legend(self, role: str) -> Legend | None:
        kind = MAPS.get(role)
        return None if kind is None else Legend(kind.colours, *self.maps.range(role), kind.said_unit)

    def _on_range(self, low: float, high: float) -> None:
        self.maps.set_range(self._bar_role, low, high)
        self._show_all()

    def _on_opacity(self, opacity: float) -> None:
        self._settings.overlay_opacity = opacity
        for pane, state in self.states.items():
            if pane.view.overlay is not None and state.picture not in MAPS:
                pane.view.set_overlay(replace(pane.view.overlay, opacity=opacity))

    # ---- values under the pointer

    def _probe(self, pane: ImagePane, position: Position | None) -> None:
        self._probed = (pane, position)
        if not self._probe_timer.isActive():
            self._probe_timer.start()

    def _say_probe(self) -> None:
        pane, position = self._probed
        if pane not in self.shown:  # another layout hid it
            pane, position = self.active, None
        view = pane.view
        position = view.cursor_mm if position is None else position
        shown = view.volume is not None and position is not None and self._case.images is not None
        if not shown or position is None:
            self.probed.emit("")
            return
        picture = None if self.states[pane].picture in MAPS else view.volume
        place = self.tr("slice {number}/{all}    ×{zoom}").format(
            number=view.depth + 1, all=view.plane.count, zoom=f"{view.zoom:.2g}"
        )
        self.probed.emit(f"{place}    {probe_text(self._case, self.maps, picture, position)}")
