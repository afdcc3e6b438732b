"""What a tool makes: coverage in the box that it touched; and the one way in which regions are combined.

Coverage tells how much of a voxel lies inside, not which part. Of what a union can be, the larger of both to
their sum, the larger is taken, and of what a difference can be the most that may be left: the rule of fuzzy
sets (Zadeh 1965, doi 10.1016/S0019-9958(65)90241-X). So drawing twice is drawing once, erasing is drawing
the outside, and in voxels of which one region covers all or nothing the result is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.imaging.coverage import WHOLE, Box, Coverage, coverage_box

How = Literal["add", "subtract", "replace"]


@dataclass(frozen=True, eq=False)
class Patch:
    """Coverage in a box of a grid, and nothing outside the box.

    Parameters
    ----------
    start : tuple of int
        Index of the box's first voxel, (slice, row, column).
    coverage : uint8 array, shape (slice, row, column) of the box
        May be of size 0: the tool touched nothing.
    """

    start: tuple[int, int, int]
    coverage: Coverage

    @property
    def box(self) -> Box:
        """The box as slices of the grid's arrays."""
        first, size = self.start, self.coverage.shape
        return (
            slice(first[0], first[0] + size[0]),
            slice(first[1], first[1] + size[1]),
            slice(first[2], first[2] + size[2]),
        )

    @property
    def empty(self) -> bool:
        """Whether nothing lies inside, not even a part of a voxel."""
        return not self.coverage.any()

    def on(self, shape: tuple[int, int, int]) -> Coverage:
        """Return the coverage on a whole grid of this shape."""
        whole = np.zeros(shape, dtype=np.uint8)
        whole[self.box] = self.coverage
        return whole


NOTHING = Patch((0, 0, 0), np.zeros((0, 0, 0), dtype=np.uint8))


def joined(first: Coverage, second: Coverage) -> Coverage:
    """Return what lies in one region or the other: the larger coverage of each voxel."""
    return np.maximum(first, second)


def less(first: Coverage, second: Coverage) -> Coverage:
    """Return what lies in the first region and not in the second: at most what the second leaves free."""
    return np.minimum(first, np.subtract(np.uint8(WHOLE), second))


def common(first: Coverage, second: Coverage) -> Coverage:
    """Return what lies in both regions: the smaller coverage of each voxel."""
    return np.minimum(first, second)


def combined(region: Coverage, patch: Patch, how: How = "add") -> Patch:
    """Return what a region becomes in a patch's box; outside it the region stays as it is.

    Parameters
    ----------
    region : uint8 array, shape of the grid
        Not changed.
    patch : Patch
        What was drawn.
    how : {"add", "subtract", "replace"}
        `replace` puts the patch in place of what the region has in the box.
    """
    if how == "replace":
        return patch
    before = region[patch.box]
    return Patch(patch.start, (joined if how == "add" else less)(before, patch.coverage))


def trimmed(patch: Patch) -> Patch:
    """Return a patch cut to the voxels that it touches."""
    box = coverage_box(patch.coverage)
    if box is None:
        return NOTHING
    start = tuple(first + side.start for first, side in zip(patch.start, box, strict=True))
    return Patch((start[0], start[1], start[2]), np.ascontiguousarray(patch.coverage[box]))
