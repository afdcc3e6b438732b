"""The hand over a SliceView: what its mouse and wheel do, as they are bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from widgets.mouse import PRESETS, USUAL, deed_of, wheel_deed

if TYPE_CHECKING:
    from widgets.slice_view import SliceView

_NOTCH = 120  # eighths of a degree: one step of a mouse wheel (QWheelEvent)
_SCROLL_PX = 6.0
_DIVIDER_REACH_PX = 6.0


class SliceHand:
    """Turns a view's mouse events into what they are bound to."""

    def __init__(self, view: SliceView) -> None:
        self._view = view
        self.bound = dict(PRESETS[USUAL].bindings)
        # the button held, what it does, where it was last and where it went down
        self._held: tuple[Qt.MouseButton, str, QPointF, QPointF] | None = None
        self._wheel = 0
        self._rest = 0.0

    def press(self, event: QMouseEvent, kind: str = "press") -> None:
        """A button went down, for the second time at once where `kind` is "double"."""
        view, point = self._view, event.position()
        deed = deed_of(self.bound, event.button(), event.modifiers())
        if (
            view.compare is not None
            and deed == "tool"
            and abs(point.x() - view.divider_x) <= _DIVIDER_REACH_PX
        ):
            deed = "divider"
        if kind == "press" or deed != "tool":
            self._held, self._rest = (event.button(), deed, point, point), 0.0
        if deed == "tool":
            view.use_tool(kind, point)

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved."""
        view, point = self._view, event.position()
        if self._held is None:
            view.use_tool("hover", point)
            return
        button, deed, before, start = self._held
        self._held = (button, deed, point, start)
        self._drag(deed, point, point - before, start)

    def release(self, event: QMouseEvent) -> None:
        """A button was let go."""
        if self._held is None or self._held[0] != event.button():
            return
        deed, self._held = self._held[1], None
        if deed == "tool":
            self._view.use_tool("release", event.position())

    def roll(self, event: QWheelEvent) -> None:
        """The wheel turned; small turns of a touch pad add up."""
        # some systems turn the wheel sideways while Shift is held
        self._wheel += event.angleDelta().y() or event.angleDelta().x()
        notches = int(self._wheel / _NOTCH)
        self._wheel -= notches * _NOTCH
        event.accept()
        if not notches:
            return
        deed, view = wheel_deed(self.bound, event.modifiers()), self._view
        if deed.startswith("size_or_"):
            deed = deed.removeprefix("size_or_") if view.brush_mm is None else "size"
        if deed == "size":
            view.size_wished.emit(notches)
        elif deed == "zoom":
            view.zoom_about(event.position(), 1.2**notches)
        elif deed == "scroll":
            # rolling towards oneself goes on through the stack
            view.show_slice(view.depth - notches)
        elif deed == "echo":
            view.echo_wished.emit(-notches)

    def _drag(self, deed: str, point: QPointF, moved: QPointF, start: QPointF) -> None:
        view: Any = self._view
        if deed == "tool":
            view.use_tool("drag", point)
        elif deed == "window":
            view.drag_window(moved)
        elif deed == "pan":
            view.pan(moved.x(), moved.y())
        elif deed == "zoom":
            # up comes closer, as in the programs that drag to zoom; the place pressed on stays
            view.zoom_about(start, 1.01 ** -moved.y())
        elif deed == "scroll":
            self._rest += moved.y() / _SCROLL_PX
            slices = int(self._rest)
            self._rest -= slices
            if slices:
                view.show_slice(view.depth + slices)
        elif deed == "divider":
            view.move_divider(point.x())
