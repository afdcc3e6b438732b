"""The regions of the open case as they look now: which is active, which are hidden, which is being drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from app.core_words import in_words
from app.messages import told
from app.reading.case import CaseController
from core.errors import AppError, InputError
from core.imaging.coverage import Box, Coverage, holds_voxel
from core.imaging.geometry import Geometry
from core.imaging.regions.patch import Patch
from core.imaging.roi import ROI_COLOURS, ROI_WORDS, Outlines, Roi, RoiKind
from core.reading.edits import Edit
from core.reading.proposed import take_proposed
from core.reading.roi_edits import EditRoi, change_roi, draw_roi, label_roi, remove_roi
from core.reading.rules import refuse_drawing
from core.reading.tool_edits import done_by

if TYPE_CHECKING:  # numba comes with it: imported by the first drawing
    from app.reading.draft import Draft

# key of the region that is begun and not committed yet
BEGUN = "begun"
_Made = TypeVar("_Made")


@dataclass(frozen=True, eq=False)
class ShownRegion:
    """A region as it looks now, the hand's work on it included. `box` holds all of it."""

    key: str
    kind: RoiKind
    name: str
    colour: str
    locked: bool
    coverage: Coverage
    box: Box | None
    outlines: Outlines


class RegionsController(QObject):
    """Chooses, changes and commits regions; what tools draw goes through a draft."""

    preview_changed = Signal(str)  # kind of the region being drawn
    active_changed = Signal()  # another region or kind, or one was hidden or shown
    jump_requested = Signal(object)  # LPS mm

    def __init__(self, case: CaseController) -> None:
        super().__init__(case)
        self._case = case
        self.kind: RoiKind = "tumour"
        self.hidden: frozenset[str] = frozenset()
        self.draft: Draft | None = None
        self._chosen: dict[RoiKind, str] = {}
        self._begins = False
        case.opening.connect(self._on_opening)

    # ---- which region

    @property
    def all(self) -> tuple[Roi, ...]:
        """The committed regions, in the order they were drawn."""
        reading = self._case.reading
        return () if reading is None else tuple(reading.rois.values())

    @property
    def active(self) -> Roi | None:
        """The region that tools change; None where the next drawing begins one."""
        return None if self._begins else self.of(self.kind)

    def of(self, kind: RoiKind) -> Roi | None:
        """Return the region of a kind that was chosen last, else the first, None where there is none."""
        reading = self._case.reading
        if reading is None:
            return None
        return reading.rois.get(self._chosen.get(kind, "")) or reading.roi(kind)

    def choose_kind(self, kind: RoiKind) -> None:
        """Draw regions of this kind."""
        self.kind, self._begins = kind, False
        self.active_changed.emit()

    def choose(self, roi_id: str) -> None:
        """Make a region the active one."""
        roi = self._roi(roi_id)
        if roi is not None:
            self._chosen[roi.kind] = roi_id
            self.choose_kind(roi.kind)

    def begin_another(self) -> None:
        """Let the next drawing begin one more region of the kind, where the protocol allows several."""
        if self._may_draw(None):
            self._begins = True
            self.active_changed.emit()

    def step(self, by: int) -> None:
        """Go to the next or previous region that is not hidden, and show its place."""
        regions = [roi for roi in self.all if roi.roi_id not in self.hidden]
        if not regions:
            self.refuse(self.tr("There is no region to go to"))
            return
        active = self.active
        place = regions.index(active) if active in regions else (-1 if by > 0 else 0)
        self.choose(regions[(place + by) % len(regions)].roi_id)
        self.jump()

    def jump(self) -> None:
        """Show the middle of the active region."""
        roi = self.active
        if roi is not None and roi.box is not None:
            middle = [(side.start + side.stop - 1) / 2 for side in roi.box]
            self.jump_requested.emit(tuple(float(value) for value in self.grid.to_mm(middle)))

    # ---- how they look

    def shown(self, kind: RoiKind) -> ShownRegion | None:
        """Return the chosen region of a kind as it looks now, the drawing included, hidden or not."""
        if self.draft is not None and self.draft.kind == kind:
            return self._drafted(self.draft)
        roi = self.of(kind)
        return None if roi is None else _shown(roi)

    def all_shown(self, kind: RoiKind) -> tuple[ShownRegion, ...]:
        """Return every region of a kind as it looks now, the drawing included, hidden or not."""
        draft = self.draft
        shown = [
            _shown(roi) if draft is None or draft.roi is not roi else self._drafted(draft)
            for roi in self.all
            if roi.kind == kind
        ]
        begun = draft is not None and draft.roi is None and draft.kind == kind
        return (*shown, self._drafted(draft)) if draft is not None and begun else tuple(shown)

    def shown_active(self) -> ShownRegion | None:
        """Return the region that tools change as it looks now; None where there is none, or it is hidden."""
        if self.draft is not None:
            return self._drafted(self.draft)
        roi = self.active
        return None if roi is None or roi.roi_id in self.hidden else _shown(roi)

    def visible(self) -> tuple[ShownRegion, ...]:
        """Return every region that is not hidden as it looks now."""
        draft = self.draft
        shown = [
            _shown(roi) if draft is None or draft.roi is not roi else self._drafted(draft)
            for roi in self.all
            if roi.roi_id not in self.hidden
        ]
        return (*shown, self._drafted(draft)) if draft is not None and draft.roi is None else tuple(shown)

    def set_hidden(self, roi_id: str, hidden: bool) -> None:
        """Hide a region in the pictures, or show it again; its numbers stay."""
        self.hidden = self.hidden | {roi_id} if hidden else self.hidden - {roi_id}
        self.active_changed.emit()

    def toggle_hidden(self) -> None:
        """Hide the active region, or show it again."""
        roi = self.asked()
        if roi is not None:
            self.set_hidden(roi.roi_id, roi.roi_id not in self.hidden)

    @property
    def grid(self) -> Geometry:
        """The grid of the multi-echo series, on which regions lie wherever they are drawn."""
        if self._case.images is None:
            raise InputError(self.tr("the pictures are not there yet; wait a moment"))
        return self._case.images.echoes.geometry

    @property
    def colour(self) -> str:
        """Colour of the region that tools change."""
        return ROI_COLOURS[self.kind] if self.active is None else self.active.colour

    @property
    def name(self) -> str:
        """What the region that tools change is called, or will be."""
        reading = self._case.reading
        if self.active is not None:
            return self.active.name
        return ROI_WORDS[self.kind] if reading is None else reading.new_roi_name(self.kind)

    def _drafted(self, draft: Draft) -> ShownRegion:
        roi = draft.roi
        if roi is None:
            key, name, colour = BEGUN, ROI_WORDS[draft.kind], ROI_COLOURS[draft.kind]
        else:
            key, name, colour = roi.roi_id, roi.name, roi.colour
        return ShownRegion(key, draft.kind, name, colour, False, draft.coverage, draft.box, draft.outlines)

    # ---- drawing

    def begin(self) -> Draft | None:
        """Return the draft of the active region, begun where none is; None where it may not change."""
        if self.draft is None and self.may_begin():
            roi = self.active
            if roi is not None and roi.roi_id in self.hidden:
                # nobody shall change what he does not see
                self.set_hidden(roi.roi_id, hidden=False)
            from app.reading.draft import Draft

            self.draft = Draft(self.kind, roi, self.grid.shape)
        return self.draft

    def may_begin(self) -> bool:
        """Tell whether the active region may be drawn in; the rater hears why not."""
        return self._may_draw(self.active)

    def may_begin_kind(self, kind: RoiKind) -> bool:
        """Tell whether one more region of a kind may be begun; the rater hears why not."""
        return self._may_draw(None, kind)

    def _may_draw(self, roi: Roi | None, kind: RoiKind | None = None) -> bool:
        reading, protocol = self._case.reading, self._case.kit.protocol
        if reading is None:
            return False
        try:
            refuse_drawing(protocol, reading, kind or (self.kind if roi is None else roi.kind), roi)
        except InputError as error:
            self.refuse(told(error))
            return False
        return True

    def say_preview(self) -> None:
        """Tell that the draft has changed."""
        if self.draft is not None:
            self.preview_changed.emit(self.draft.kind)

    def drop(self) -> None:
        """Forget the draft."""
        if self.draft is not None:
            kind, self.draft = self.draft.kind, None
            self.preview_changed.emit(kind)

    def commit(self, deed: str = "") -> bool:
        """Commit the draft, under the name of a deed of `core.reading.tool_edits` if one is given.

        A draft that changes nothing is no edit, one that leaves nothing removes the region.
        """
        draft, reading = self.draft, self._case.reading
        self.draft = None
        if draft is None or reading is None:
            return False
        edit: EditRoi | None = None
        if draft.empty:
            edit = None if draft.roi is None else remove_roi(reading, draft.roi.roi_id)
        elif not holds_voxel(draft.coverage):
            self._refuse_sliver()
        elif draft.roi is None:
            edit = draw_roi(reading, draft.kind, draft.coverage, outlines=draft.drawn)
        elif draft.changed or draft.drawn:
            edit = change_roi(draft.roi, draft.coverage, outlines=draft.drawn, box=draft.touched)
        done = edit is not None and self._take(edit.kind, edit.roi_id, done_by(deed, edit) if deed else edit)
        if not done:
            self.preview_changed.emit(draft.kind)
        return done

    def _take(self, kind: RoiKind, roi_id: str, edit: Edit) -> bool:
        before, begins = dict(self._chosen), self._begins
        self._chosen[kind], self._begins = roi_id, False
        self.kind = kind
        if self._case.edit(edit):
            return True
        self._chosen, self._begins = before, begins
        return False

    def draw(self, kind: RoiKind, patch: Patch, deed: str) -> bool:
        """Commit one more region of a kind, as a deed of `core.reading.tool_edits`."""
        reading = self._case.reading
        if reading is None:
            return False
        if not holds_voxel(patch.coverage):
            self._refuse_sliver()
            return False
        edit = draw_roi(reading, kind, patch.on(self.grid.shape))
        return self._take(kind, edit.roi_id, done_by(deed, edit))

    def take_proposed(self, kind: RoiKind, coverage: Coverage) -> bool:
        """Commit a region as it was proposed."""
        reading = self._case.reading
        if reading is None:
            return False
        if not holds_voxel(coverage):
            self._refuse_sliver()
            return False
        edit, roi_id = take_proposed(reading, kind, coverage)
        return self._take(kind, roi_id, edit)

    # ---- labels

    def rename(self, roi_id: str, name: str) -> None:
        """Give a region another name."""
        self._label(roi_id, lambda roi: label_roi(roi, name=" ".join(name.split())))

    def recolour(self, roi_id: str, colour: str) -> None:
        """Give a region another colour, as #rrggbb."""
        self._label(roi_id, lambda roi: label_roi(roi, colour=colour))

    def set_locked(self, roi_id: str, locked: bool) -> None:
        """Refuse drawing in a region, or allow it again."""
        self._label(roi_id, lambda roi: label_roi(roi, locked=locked))

    def toggle_locked(self) -> None:
        """Lock the active region, or unlock it."""
        roi = self.asked()
        if roi is not None:
            self.set_locked(roi.roi_id, not roi.locked)

    def remove(self, roi_id: str | None = None) -> None:
        """Remove a region, the active one if none is named."""
        reading, roi = self._case.reading, self.asked() if roi_id is None else self._roi(roi_id)
        if roi is not None and reading is not None and self._may_draw(roi):
            self._case.edit(remove_roi(reading, roi.roi_id))

    def asked(self) -> Roi | None:
        """Return the active region; None, and word to the rater, where there is none."""
        if self.active is None:
            kind = in_words(ROI_WORDS[self.kind])
            self.refuse(self.tr("There is no {kind} region; draw one first").format(kind=kind))
        return self.active

    def _label(self, roi_id: str, change: Callable[[Roi], Edit]) -> None:
        roi = self._roi(roi_id)
        edit = None if roi is None else self.guarded(lambda: change(roi))
        if edit is not None and getattr(edit, "before", 0) != getattr(edit, "after", 1):
            self._case.edit(edit)

    # ---- small things

    def _refuse_sliver(self) -> None:
        self.refuse(self.tr("The region holds less than one voxel; draw it larger, or remove it"))

    def refuse(self, text: str) -> None:
        """Tell the rater why something could not be done."""
        self._case.refused.emit(text)

    def guarded(self, work: Callable[[], _Made]) -> _Made | None:
        """Return what some work makes; None, and the reason to the rater, where it cannot be made."""
        try:
            return work()
        except AppError as error:
            self.refuse(told(error))
            return None

    def _roi(self, roi_id: str) -> Roi | None:
        return None if self._case.reading is None else self._case.reading.rois.get(roi_id)

    def _on_opening(self, alias: str) -> None:
        if self._case.reading is None or self._case.reading.alias != alias:
            self.hidden, self._begins = frozenset(), False
            self._chosen.clear()
        self.drop()


def _shown(roi: Roi) -> ShownRegion:
    return ShownRegion(
        roi.roi_id, roi.kind, roi.name, roi.colour, roi.locked, roi.coverage, roi.box, roi.outlines
    )
