"""A region while the hand is at it: what it was, and what it is with the work of the hand on it."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from core.imaging.coverage import HALF, Box, Coverage
from core.imaging.regions.outline import polygons_in_slice
from core.imaging.regions.patch import How, Patch, combined
from core.imaging.roi import Outlines, Polygon, Roi, RoiKind


class Draft:
    """Coverage that is changed in place, only in the boxes that tools touch.

    Parameters
    ----------
    kind : RoiKind
        What the region stands for.
    roi : Roi or None
        The region that is changed; None where one is begun.
    shape : tuple of int
        (slices, rows, columns) of the grid.
    """

    def __init__(self, kind: RoiKind, roi: Roi | None, shape: tuple[int, int, int]) -> None:
        self.kind, self.roi = kind, roi
        self.before: Coverage = np.zeros(shape, dtype=np.uint8) if roi is None else roi.coverage
        self.coverage: Coverage = np.zeros(shape, dtype=np.uint8) if roi is None else roi.coverage.copy()
        self.touched: Box | None = None  # where it may differ from what it was
        self._laid: Box | None = None
        self._begun: Outlines = {} if roi is None else roi.outlines
        self._drawn: dict[int, tuple[Polygon, ...]] = {}
        self._lost: set[int] = set()

    @property
    def box(self) -> Box | None:
        """A box that holds all of the region as it is now; None where there is nothing of it."""
        box = None if self.roi is None else self.roi.box
        if self.touched is not None:
            box = joined_boxes(box, self.touched)
        return None if box is None or not _size(box) else box

    @property
    def outlines(self) -> Outlines:
        """The polygons that are exactly what covers their slices, as things are now."""
        kept = {k: polygons for k, polygons in self._begun.items() if k not in self._lost}
        return {**kept, **self._drawn}

    @property
    def drawn(self) -> Outlines:
        """Those of the outlines that are new or changed."""
        return self._drawn

    @property
    def changed(self) -> bool:
        """Whether anything differs from what it was."""
        box = self.touched
        return box is not None and not np.array_equal(self.before[box], self.coverage[box])

    @property
    def empty(self) -> bool:
        """Whether nothing is left of the region."""
        box = self.box
        return box is None or not self.coverage[box].any()

    def lay(self, patch: Patch, how: How = "add") -> None:
        """Lay a patch on the region as it was before, in place of the patch laid last."""
        self._take_back()
        self.sweep(patch, how)

    def sweep(self, patch: Patch, how: How = "add") -> None:
        """Lay a patch on the region as it was before, beside the patches that were swept already.

        A patch holds in its box all that was drawn there, as `core.imaging.regions.brush` makes it.
        """
        box = patch.box
        self.coverage[box] = combined(self.before, patch, how).coverage
        self._lost.update(range(box[0].start, box[0].stop))
        self._laid = joined_boxes(self._laid, box)
        self.touched = joined_boxes(self.touched, box)

    def replace(self, patch: Patch) -> None:
        """Let the region be what a patch holds and nothing else."""
        self._take_back()
        was = None if self.roi is None else self.roi.box
        if was is not None:
            self.coverage[was] = 0
        self.coverage[patch.box] = patch.coverage
        self.touched = self._laid = joined_boxes(was, patch.box)
        changed = (self.before[self.touched] != self.coverage[self.touched]).any(axis=(1, 2))
        self._lost = set((np.flatnonzero(changed) + self.touched[0].start).tolist())

    def copy_outlines(self, here: int, there: int, patch: Patch) -> None:
        """Lay a copy of a slice on another; where nothing was there, its outlines are copied with it."""
        empty = not self.before[there].any()
        self.lay(patch)
        if empty and here in self._begun:
            self._drawn = {there: self._begun[here]}

    def outline(self, k: int, polygons: Sequence[Polygon]) -> None:
        """Let a slice be what these polygons cover, in place of all that it was."""
        self._take_back()
        patch = polygons_in_slice(self.coverage.shape, k, polygons)
        self._laid = patch.box
        if self.roi is not None and self.roi.box is not None:
            here = (slice(k, k + 1), *self.roi.box[1:])
            self.coverage[here] = 0
            self._laid = joined_boxes(here, patch.box)
        self.coverage[patch.box] = patch.coverage
        self._drawn = {k: tuple(polygons)}
        self._lost.add(k)
        self.touched = joined_boxes(self.touched, self._laid)

    def add_outline(self, k: int, polygon: Polygon, patch: Patch) -> None:
        """Lay what a polygon covers; it stays an outline where it can be told as one from then on."""
        self.lay(patch)
        polygons = (*self._begun.get(k, ()), polygon)
        whole = polygons_in_slice(self.coverage.shape, k, polygons).on(self.coverage.shape)[k]
        if np.array_equal(whole, self.coverage[k]):
            self._drawn = {k: polygons}

    def clear_faint(self) -> None:
        """Let nothing be left where no voxel is half covered any more, but was: rims where shapes met."""
        box = self.box
        if box is not None and self.before.max() >= HALF > self.coverage[box].max():
            self.coverage[box] = 0
            self.touched = box

    def _take_back(self) -> None:
        if self._laid is not None:
            self.coverage[self._laid] = self.before[self._laid]
        self._laid, self._drawn, self._lost = None, {}, set()


def joined_boxes(first: Box | None, second: Box) -> Box:
    """Return the smallest box that holds both; None stands for nothing."""
    if first is None or _size(first) == 0:
        return second
    if _size(second) == 0:
        return first
    a, b, c = (
        slice(min(one.start, other.start), max(one.stop, other.stop))
        for one, other in zip(first, second, strict=True)
    )
    return a, b, c


def _size(box: Box) -> int:
    return prod(side.stop - side.start for side in box)
