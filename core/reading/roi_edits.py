"""What a rater can do to regions: draw, change and remove them, name, colour and lock them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.coverage import WHOLE, Box, Coverage, Region, as_coverage
from core.imaging.roi import (
    ROI_COLOURS,
    ROI_KINDS,
    ROI_WORDS,
    Label,
    Outlines,
    Polygon,
    Roi,
    RoiKind,
    frozen_outlines,
)
from core.reading.edit_base import (
    expect,
    inserted,
    read_place,
    read_text,
    read_whole,
    read_yes,
    refuse_signed,
    without,
)
from core.reading.reading import Reading

# voxels; a record that claims more is not one of ours
_LARGEST_GRID = 100_000_000
_LARGEST_INT32 = 2**31 - 1
_NO_OUTLINES: Outlines = {}

Indices = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EditRoi:
    """Change the coverage of a region, begin one or remove one.

    Parameters
    ----------
    roi_id : str
        The region, 32 hexadecimal digits.
    kind : RoiKind
        What it stands for.
    indices : int32 array (int64 on grids that need it), shape (n,)
        The changed voxels as flat C-order indices into the grid, rising strictly.
    before, after : uint8 arrays, shape (n,)
        Their coverage; it differs everywhere.
    label : Label
        Name and colour of the region as it stands, not locked.
    existed_before, exists_after : bool
        Whether the region was there at all.
    outlines_before, outlines_after : mapping of slice to polygons
        The outlines of the slices where they change, () for none; both name the same slices. A slice whose
        voxels change must be among them if it had outlines.
    place : int or None
        Where the region stands among the others if this takes it away or brings it back; None: at the end.
    """

    roi_id: str
    kind: RoiKind
    indices: Indices
    before: Coverage
    after: Coverage
    label: Label
    existed_before: bool
    exists_after: bool
    outlines_before: Outlines = field(default_factory=dict)
    outlines_after: Outlines = field(default_factory=dict)
    place: int | None = None

    @classmethod
    def between(
        cls,
        roi_id: str,
        kind: RoiKind,
        before: Region | None,
        after: Region | None,
        *,
        label: Label | None = None,
        outlines_before: Outlines = _NO_OUTLINES,
        outlines: Outlines = _NO_OUTLINES,
        place: int | None = None,
        box: Box | None = None,
    ) -> EditRoi:
        """Make the edit that turns one region into another; None stands for no region.

        Parameters
        ----------
        before, after : uint8 or bool arrays, shape (slice, row, column), or None
            Coverage; a mask means 0 and 255.
        label : Label, optional
            The region's name and colour, the kind's own if not given.
        outlines_before : mapping of slice to polygons
            All outlines of the region before.
        outlines : mapping of slice to polygons
            Polygons that are from now on exactly what covers their slices. The outlines of every other slice
            that changes are dropped; those of slices that do not change stay.
        place : int, optional
            See the class.
        box : tuple of slices, optional
            Where the change lies, if that is known; nothing outside it is looked at.

        Raises
        ------
        InputError
            If both regions are None, they differ in shape, or an outline cannot be.
        """
        if after is None and before is None:
            raise InputError("an edit of a region needs the region before or after it")
        old = _or_empty(before, after)
        new = _or_empty(after, before)
        if old.shape != new.shape:
            raise InputError(f"the region had shape {old.shape} and would get {new.shape}")
        indices = _changed(old, new, box)
        slices = _slices(indices, old.shape)
        if after is None:
            slices |= set(outlines_before)
        told = frozen_outlines(outlines, len(new))
        touched = sorted(k for k in slices | told.keys() if k in outlines_before or k in told)
        return cls(
            roi_id, kind, indices, old.ravel()[indices], new.ravel()[indices],
            label or Label(ROI_WORDS[kind], ROI_COLOURS[kind]), before is not None, after is not None,
            {k: outlines_before.get(k, ()) for k in touched}, {k: told.get(k, ()) for k in touched}, place,
        )  # fmt: skip

    @property
    def name(self) -> str:
        """What the undo menu says."""
        if not self.existed_before:
            return f"draw {self.label.name}"
        return f"change {self.label.name}" if self.exists_after else f"remove {self.label.name}"

    @property
    def nbytes(self) -> int:
        """About how much memory the edit takes, in bytes."""
        corners = sum(
            polygon.nbytes
            for outlines in (self.outlines_before, self.outlines_after)
            for polygons in outlines.values()
            for polygon in polygons
        )
        return self.indices.nbytes + self.before.nbytes + self.after.nbytes + corners

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the region changed."""
        refuse_signed(reading)
        shape = reading.grid.shape
        old = reading.rois.get(self.roi_id)
        expect((old is not None) == self.existed_before)
        expect(old is None or (old.kind == self.kind and old.label == self.label))
        if self.indices.size and not 0 <= self.indices[0] <= self.indices[-1] < int(np.prod(shape)):
            raise InputError("the region would leave the picture")
        flat = np.zeros(int(np.prod(shape)), dtype=np.uint8) if old is None else old.coverage.ravel().copy()
        expect(bool(np.array_equal(flat[self.indices], self.before)))
        flat[self.indices] = self.after
        outlines = self._outlines_after(old, shape)
        if not self.exists_after:
            expect(not flat.any() and not outlines)
            return replace(reading, rois=without(reading.rois, self.roi_id, self.place))
        flat.setflags(write=False)
        label = self.label
        roi = Roi(
            self.roi_id, self.kind, flat.reshape(shape), reading.grid, label.name, label.colour,
            outlines=outlines,
        )  # fmt: skip
        if old is not None:
            return replace(reading, rois={**reading.rois, self.roi_id: roi})
        expect(not reading.holds(self.roi_id))
        return replace(reading, rois=inserted(reading.rois, self.roi_id, roi, self.place))

    def _outlines_after(self, old: Roi | None, shape: tuple[int, int, int]) -> Outlines:
        outlines = {} if old is None else dict(old.outlines)
        drawn = _slices(self.indices, shape) & outlines.keys()
        expect(drawn <= self.outlines_before.keys() == self.outlines_after.keys())
        for k, polygons in self.outlines_before.items():
            expect(_same(outlines.pop(k, ()), polygons))
        return {**outlines, **{k: polygons for k, polygons in self.outlines_after.items() if polygons}}

    def inverse(self) -> EditRoi:
        """Return the edit that takes this one back."""
        return EditRoi(
            self.roi_id, self.kind, self.indices, self.after, self.before, self.label,
            self.exists_after, self.existed_before, self.outlines_after, self.outlines_before, self.place,
        )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail; runs of voxels are [first, count, before, after]."""
        return {
            "edit": "edit_roi", "roi": self.roi_id, "kind": self.kind,
            "name": self.label.name, "colour": self.label.colour,
            "runs": _runs(self.indices, self.before, self.after),
            "existed_before": self.existed_before, "exists_after": self.exists_after,
            "outlines_before": outlines_list(self.outlines_before),
            "outlines_after": outlines_list(self.outlines_after),
            "place": self.place,
        }  # fmt: skip


@dataclass(frozen=True)
class LabelRoi:
    """Rename, recolour, lock or unlock a region."""

    roi_id: str
    before: Label
    after: Label

    @property
    def name(self) -> str:
        """What the undo menu says."""
        if self.after.locked != self.before.locked:
            return f"{'lock' if self.after.locked else 'unlock'} {self.after.name}"
        what = "rename" if self.after.name != self.before.name else "recolour"
        return f"{what} {self.before.name}"

    def apply(self, reading: Reading) -> Reading:
        """Return the reading with the region's label changed."""
        refuse_signed(reading)
        roi = reading.rois.get(self.roi_id)
        expect(roi is not None and roi.label == self.before)
        changed = replace(
            reading.rois[self.roi_id],
            name=self.after.name, colour=self.after.colour, locked=self.after.locked,
        )  # fmt: skip
        return replace(reading, rois={**reading.rois, self.roi_id: changed})

    def inverse(self) -> LabelRoi:
        """Return the edit that takes this one back."""
        return LabelRoi(self.roi_id, self.after, self.before)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for the audit trail."""
        return {
            "edit": "label_roi", "roi": self.roi_id,
            "before": dict(vars(self.before)), "after": dict(vars(self.after)),
        }  # fmt: skip


def draw_roi(
    reading: Reading,
    kind: RoiKind,
    coverage: Region,
    *,
    outlines: Outlines = _NO_OUTLINES,
    name: str = "",
    colour: str = "",
) -> EditRoi:
    """Return the edit that begins a region, called as `Reading.new_roi_name` says where no name is given."""
    label = Label(name or reading.new_roi_name(kind), colour or ROI_COLOURS[kind])
    return EditRoi.between(uuid4().hex, kind, None, coverage, label=label, outlines=outlines)


def change_roi(
    roi: Roi, coverage: Region, *, outlines: Outlines = _NO_OUTLINES, box: Box | None = None
) -> EditRoi:
    """Return the edit that gives a region this coverage; see `EditRoi.between` for outlines and box."""
    return EditRoi.between(
        roi.roi_id, roi.kind, roi.coverage, coverage, label=replace(roi.label, locked=False),
        outlines_before=roi.outlines, outlines=outlines, box=box,
    )  # fmt: skip


def remove_roi(reading: Reading, roi_id: str) -> EditRoi:
    """Return the edit that removes a region; undoing it puts the region back in its place."""
    roi = reading.rois[roi_id]
    return EditRoi.between(
        roi_id, roi.kind, roi.coverage, None, label=replace(roi.label, locked=False),
        outlines_before=roi.outlines, place=list(reading.rois).index(roi_id),
    )  # fmt: skip


def label_roi(
    roi: Roi, *, name: str | None = None, colour: str | None = None, locked: bool | None = None
) -> LabelRoi:
    """Return the edit that changes what is given of a region's label."""
    label = roi.label
    after = Label(
        label.name if name is None else name,
        label.colour if colour is None else colour,
        label.locked if locked is None else locked,
    )
    return LabelRoi(roi.roi_id, label, after)


def outlines_list(outlines: Outlines) -> list[list[Any]]:
    """Return outlines as plain values: [slice, [[[row, column], ...], ...]] in the order of slices."""
    return [[k, [polygon.tolist() for polygon in outlines[k]]] for k in sorted(outlines)]


def outlines_from_list(values: Any) -> dict[int, tuple[Polygon, ...]]:
    """Return what `outlines_list` gave; TypeError or ValueError where it is none."""
    outlines: dict[int, tuple[Polygon, ...]] = {}
    for k, polygons in values:
        if read_whole(k) in outlines:
            raise ValueError
        outlines[k] = tuple(_polygon(corners) for corners in polygons)
    return outlines


def edit_roi_from(values: Mapping[str, Any]) -> EditRoi:
    """Make an EditRoi again from what its `as_dict` gave."""
    indices, before, after = _from_runs(values["runs"])
    return EditRoi(
        read_text(values["roi"]), ROI_KINDS[ROI_KINDS.index(values["kind"])], indices, before, after,
        Label(read_text(values["name"]), read_text(values["colour"])),
        read_yes(values["existed_before"]), read_yes(values["exists_after"]),
        outlines_from_list(values["outlines_before"]), outlines_from_list(values["outlines_after"]),
        read_place(values["place"]),
    )  # fmt: skip


def label_roi_from(values: Mapping[str, Any]) -> LabelRoi:
    """Make a LabelRoi again from what its `as_dict` gave."""
    labels = [
        Label(read_text(of["name"]), read_text(of["colour"]), read_yes(of["locked"]))
        for of in (values["before"], values["after"])
    ]
    return LabelRoi(read_text(values["roi"]), *labels)


def _or_empty(region: Region | None, other: Region | None) -> Coverage:
    if region is not None:
        return as_coverage(region)
    return np.zeros(() if other is None else other.shape, dtype=np.uint8)


def _changed(old: Coverage, new: Coverage, box: Box | None) -> Indices:
    """Return the flat indices of the voxels that differ."""
    if box is None:
        return _narrow(np.flatnonzero(old != new), old.size)
    k, row, column = np.nonzero(old[box] != new[box])
    starts = [side.indices(n)[0] for side, n in zip(box, old.shape, strict=True)]
    at = (k + starts[0], row + starts[1], column + starts[2])
    return _narrow(np.ravel_multi_index(at, old.shape), old.size)


def _narrow(indices: NDArray[np.intp], voxels: int) -> Indices:
    return indices.astype(np.int32) if voxels <= _LARGEST_INT32 else indices.astype(np.int64)


def _slices(indices: Indices, shape: tuple[int, ...]) -> set[int]:
    return {int(k) for k in np.unique(indices // (shape[1] * shape[2]))}


def _same(one: tuple[Polygon, ...], other: tuple[Polygon, ...]) -> bool:
    return len(one) == len(other) and all(map(np.array_equal, one, other))


def _polygon(corners: Any) -> Polygon:
    polygon = np.array([[float(row), float(column)] for row, column in corners], dtype=np.float64)
    if len(polygon) < 3 or not np.isfinite(polygon).all():
        raise ValueError
    polygon.setflags(write=False)
    return polygon


def _runs(indices: Indices, before: Coverage, after: Coverage) -> list[list[int]]:
    if not indices.size:
        return []
    breaks = (np.diff(indices) != 1) | (before[1:] != before[:-1]) | (after[1:] != after[:-1])
    bounds = [0, *(np.flatnonzero(breaks) + 1).tolist(), len(indices)]
    return [[int(indices[a]), b - a, int(before[a]), int(after[a])] for a, b in pairwise(bounds)]


def _from_runs(runs: list[list[int]]) -> tuple[Indices, Coverage, Coverage]:
    reached = 0
    for first, count, before, after in runs:
        if not reached <= read_whole(first) <= _LARGEST_GRID - read_whole(count) or count < 1:
            raise ValueError
        if before == after or not all(0 <= read_whole(share) <= WHOLE for share in (before, after)):
            raise ValueError
        reached = first + count
    firsts, counts, before_share, after_share = np.array(runs, dtype=np.int64).reshape(-1, 4).T
    offsets = firsts - np.cumsum(counts) + counts
    indices = (np.repeat(offsets, counts) + np.arange(counts.sum())).astype(np.int32)
    shares = np.repeat(before_share, counts), np.repeat(after_share, counts)
    return indices, shares[0].astype(np.uint8), shares[1].astype(np.uint8)
