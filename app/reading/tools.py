"""What the left button does: gives the hand's way over a picture to the tool that is taken."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.messages import told
from app.reading.case import CaseController
from app.reading.corners import CornersController
from app.reading.drawing import DrawingTool, ToolOptions
from app.reading.marks import MarksController
from app.reading.regions import RegionsController
from app.reading.rulers import RulersController
from app.reading.tool_box import BRUSHES, BY_CLICKS, DRAWING, OUTLINES, make_tool, ready_kernels
from app.workers import Workers
from core.imaging.roi import RoiKind
from core.reading.questions import MarkKind
from widgets.grips import edge_at
from widgets.slice_view import ToolEvent

_MARKS: dict[str, MarkKind] = {"lesion": "lesion", "node": "node"}


class ToolsController(QObject):
    """One tool at a time, for all views. Regions lie on the multi-echo grid, wherever they are drawn."""

    position_chosen = Signal(object)  # LPS mm
    preview_changed = Signal(str)  # kind of the region being drawn
    sketch_changed = Signal(object)  # Sketch or None
    tool_changed = Signal()  # tool, region or options
    note_changed = Signal()  # what is told of what is being drawn
    hand_changed = Signal()  # whether anything is in hand

    def __init__(self, case: CaseController, workers: Workers, options: ToolOptions) -> None:
        super().__init__(case)
        self._case, self._workers = case, workers
        self.note = ""
        self.regions = RegionsController(case)
        self.corners = CornersController(case, self.regions)
        self.rulers = RulersController(case)
        self.marks = MarksController(case)
        self._holders = (self.corners, self.rulers, self.marks)
        self.options = options
        self.tool = "navigate"
        self._made: dict[str, DrawingTool] = {}
        self._pressed: ToolEvent | None = None  # the last of the button, while it is down
        self._had = False
        self.regions.preview_changed.connect(self.preview_changed)
        self.regions.active_changed.connect(self.tool_changed)
        case.opening.connect(self.drop)
        case.settled.connect(self._prepare)
        case.changed.connect(lambda _: self._on_changed())

    # ---- choices

    def choose_tool(self, tool: str) -> None:
        """Take another tool; a stroke ends as if let go, an outline that is not closed is dropped."""
        if tool != self.tool:
            self._let_go()
            self.drop()
            self.tool, self.note = tool, ""
        self.corners.offer(tool in OUTLINES)
        self.rulers.offer(tool in ("navigate", "ruler"))
        self.tool_changed.emit()

    def choose_kind(self, kind: RoiKind) -> None:
        """Draw another kind of region."""
        if kind != self.regions.kind:
            self._let_go()
            self.drop()
        self.regions.choose_kind(kind)
        if self.tool not in DRAWING:
            self.choose_tool("polygon")

    def resize_brush(self, steps: int) -> None:
        """Make brush and eraser larger, or smaller by steps below 0."""
        self.options.resize_brush(steps)
        self.tool_changed.emit()

    def set_option(self, name: str, value: float) -> None:
        """Set one of the options; a stroke under way is dropped."""
        if getattr(self.options, name) != value:
            self.drop()
            setattr(self.options, name, value)
            self.tool_changed.emit()

    def _on_noted(self, note: str) -> None:
        self.note = note
        self.note_changed.emit()

    @property
    def brush_mm(self) -> float | None:
        """Radius of the brush while one is taken."""
        return self.options.brush_mm if self.tool in BRUSHES else None

    @property
    def drawing(self) -> bool:
        """Whether something is begun that Enter closes and Esc drops."""
        return self._taken is not None and self._taken.drawing

    @property
    def in_hand(self) -> bool:
        """Whether anything is being drawn or dragged, or an outline is open."""
        return self.drawing or any(holder.held for holder in self._holders)

    @property
    def _taken(self) -> DrawingTool | None:
        return self._made.get(self.tool)

    # ---- the hand

    def on_tool_used(self, event: ToolEvent) -> None:
        """Answer what the left button did in a view; after `_let_go` nothing until it is pressed again."""
        if event.kind in ("press", "double"):
            self._pressed = event
        elif event.kind != "hover" and self._pressed is None:
            return
        elif event.kind != "hover":
            self._pressed = event if event.kind == "drag" else None
        self._answer(event)

    def _answer(self, event: ToolEvent) -> None:
        if not self._case.ready:
            return
        holder = next((each for each in self._holders if each.held), None)
        if holder is not None:
            holder.use(event)
        elif event.kind == "press" and self._took_hold(event):
            pass
        elif self.tool == "navigate":
            if event.kind in ("press", "drag"):
                self.position_chosen.emit(event.position_mm)
        elif not self._case.writable:
            if event.kind == "press":
                self._case.refused.emit(self.tr("This case is signed and cannot change any more"))
        else:
            self._use(event)
        self._say_hand()

    def _took_hold(self, event: ToolEvent) -> bool:
        """Let the hand take a mark, the end of a ruler or a corner, where it presses on one."""
        if event.pin is not None and self.tool in ("navigate", *_MARKS):
            self.marks.pick(event.pin)
        elif event.grip is None or self.drawing:
            return False
        elif self.rulers.holds(event.grip):
            self.rulers.take(event.grip)
        else:
            self.corners.take(event.grip)
        return True

    def _use(self, event: ToolEvent) -> None:
        if self.tool in _MARKS:
            if event.kind == "press":
                self.marks.set_mark(_MARKS[self.tool], event.position_mm)
        elif self.tool == "ruler":
            if event.kind in ("press", "double"):
                self.rulers.lay(event)
        elif not self._changed_corner(event):
            self._tool().use(event)

    def close_outline(self) -> None:
        """Close what is begun."""
        if self._taken is not None:
            self._taken.close()
        self._say_hand()

    def take_back(self) -> None:
        """Take the last piece of what is begun back."""
        if self._taken is not None:
            self._taken.take_back()
        self._say_hand()

    def undo_in_hand(self) -> bool:
        """Drop what is being drawn or dragged, of an open outline the last piece; False where nothing is."""
        if not self.in_hand:
            return False
        if self.tool in BY_CLICKS and self.drawing:
            self.take_back()
        else:
            self._pressed = None
            self.drop()
        return True

    def _let_go(self) -> None:
        """Keep what the hand draws or drags as it is now; the rest of the drag does nothing."""
        last, self._pressed = self._pressed, None
        if last is not None and self._case.writable:
            self._answer(replace(last, kind="release"))

    def drop(self) -> None:
        """Forget what is being drawn or dragged."""
        for holder in self._holders:
            holder.drop()
        if self._taken is not None:
            self._taken.drop()
        self._say_hand()

    def _say_hand(self) -> None:
        if self.in_hand != self._had:
            self._had = not self._had
            self.hand_changed.emit()

    def _tool(self) -> DrawingTool:
        if self.tool not in self._made:
            made = make_tool(self.tool, self.regions, self.options)
            made.sketch_changed.connect(self.sketch_changed)
            made.noted.connect(self._on_noted)
            self._made[self.tool] = made
        return self._made[self.tool]

    def _changed_corner(self, event: ToolEvent) -> bool:
        """Add or remove a corner of an outline, where a double click is on one and no more is begun."""
        if event.kind != "double" or self.tool not in OUTLINES or self._tool().under_way:
            return False
        edge = edge_at(event.view, event.view.exact_point_at(event.position_mm))
        if event.grip is not None:
            self.corners.remove(event.grip)
        elif edge is not None:
            # the first press of the two has begun an outline
            self._tool().drop()
            self.corners.add(edge, event.position_mm)
        return event.grip is not None or edge is not None

    def _on_changed(self) -> None:
        # undone under the hand, or changed by another way
        draft, reading = self.regions.draft, self._case.reading
        roi = None if draft is None else draft.roi
        if roi is not None and reading is not None and reading.rois.get(roi.roi_id) is not roi:
            self.drop()

    def _prepare(self) -> None:
        self._workers.start(
            "kernels", ready_kernels, lambda _: None,
            lambda error: self._case.refused.emit(told(error)), later=True,
        )  # fmt: skip
