"""The grid of a series: which frame shows which slice of which echo, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from readers.model import Frame, Part, Stack

# echo times closer than this are one echo: headers round differently from slice to slice
SAME_TE_MS = 1e-3
# a slice further from its place than this share of the spacing is uneven
UNEVEN = 0.02
# positions closer than this along the normal are one slice
SAME_SLICE_MM = 5e-3


def echo_times(frames: Iterable[Frame]) -> tuple[float, ...]:
    """Return the distinct echo times in ms, rising; times within SAME_TE_MS count as one."""
    times: list[float] = []
    for te in sorted({frame.te_ms for frame in frames if frame.te_ms is not None}):
        if not times or te - times[-1] > SAME_TE_MS:
            times.append(te)
    return tuple(times)


class Placed:
    """Frames on their grid.

    Parameters
    ----------
    frames : sequence of Frame
        Of one in-plane grid, duplicates removed.
    te_ms : tuple of float
        Their echo times.
    faults : list of str
        What keeps the series from being used is added here.
    remarks : list of str
        What has to be said is added here.
    """

    def __init__(
        self, frames: Sequence[Frame], te_ms: tuple[float, ...], faults: list[str], remarks: list[str]
    ) -> None:
        self._frames, self._te_ms, self._faults, self._remarks = frames, te_ms, faults, remarks
        self._sound = True
        first = frames[0]
        self._steps = np.array([first.row_step, first.column_step])
        self._slices, self._slice_of = self._find_slices()
        self._slice_step = self._find_slice_step()
        self.shape = (len(self._slices), first.layout.rows, first.layout.columns)
        lengths = np.linalg.norm([self._slice_step, *self._steps], axis=1)
        self.spacing_mm = (
            round(float(lengths[0]), 6),
            round(float(lengths[1]), 6),
            round(float(lengths[2]), 6),
        )

    def stack(self) -> Stack | None:
        """Return the frames in their places, or None where the grid has faults."""
        parts = self._fill()
        if not self._sound or not parts:
            return None
        affine = np.eye(4)
        affine[:3, 0], affine[:3, 1], affine[:3, 2] = self._slice_step, *self._steps
        affine[:3, 3] = self._slices[0]
        try:
            return Stack(parts, Geometry(self.shape, affine))
        except InputError as error:
            self._fault(str(error))
            return None

    def _fault(self, what: str) -> None:
        self._faults.append(what)
        self._sound = False

    def _normal(self) -> NDArray[np.float64]:
        # PS3.3 C.7.6.2.1.1: first the direction of the row (rising column), then that of the column
        normal = np.cross(self._steps[1], self._steps[0])
        first, last = self._frames[0], max(self._frames, key=lambda frame: frame.number)
        if first.facts.stored_order and first.position and last.position:
            first = min(self._frames, key=lambda frame: frame.number)
            if np.dot(normal, np.subtract(last.position, first.position or 0)) < 0:
                normal = -normal
        return np.asarray(normal / np.linalg.norm(normal))

    def _find_slices(self) -> tuple[NDArray[np.float64], list[int]]:
        """Return the positions of the slices in order along the normal, and the slice of each frame."""
        if self._frames[0].position is None:
            self._faults.append(
                "no usable position or voxel size in the header: where it lies in the body is unknown"
            )
            numbers = sorted({frame.number for frame in self._frames})
            step = self._frames[0].between_mm or self._frames[0].thickness_mm or 1.0
            places = np.array([(0.0, 0.0, step * index) for index in range(len(numbers))])
            slice_of_number = {number: index for index, number in enumerate(numbers)}
            return places, [slice_of_number[frame.number] for frame in self._frames]
        positions = np.array([frame.position for frame in self._frames])
        along = positions @ self._normal()
        order = np.argsort(along, kind="stable")
        begins = np.concatenate([[True], np.diff(along[order]) > SAME_SLICE_MM])
        slice_of = np.empty(len(order), dtype=int)
        slice_of[order] = np.cumsum(begins) - 1
        return positions[order][begins], slice_of.tolist()

    def _find_slice_step(self) -> NDArray[np.float64]:
        """Return the vector from slice to slice; uneven and missing slices are faults."""
        first, count = self._frames[0], len(self._slices)
        normal = self._normal()
        if count == 1:
            step = first.between_mm or first.thickness_mm
            if not step:
                self._remarks.append("one slice of unknown thickness; 1 mm is assumed")
            return normal * (step or 1.0)
        gaps = np.diff(self._slices @ normal)
        # in units of the smallest gap, which several missing slices leave alone
        whole = np.round(gaps / gaps.min())
        typical = float(gaps.sum() / whole.sum())
        ratios = gaps / typical
        if np.any(np.abs(ratios - whole) > UNEVEN * np.maximum(whole, 1)):
            self._fault(f"slices are unevenly spaced, {gaps.min():.4g} to {gaps.max():.4g} mm")
        elif whole.max() > 1:
            missing = int(np.sum(whole - 1))
            self._fault(f"{missing} {plural(missing, 'slice')} missing between {self._where(gaps, whole)}")
        elif first.between_mm and abs(typical / first.between_mm - 1) > 0.05:
            stated = first.between_mm
            self._remarks.append(
                f"slices lie {typical:.4g} mm apart, the header says {stated:.4g}: some missing?"
            )
        step = (self._slices[-1] - self._slices[0]) / (count - 1)
        if not self._sound:
            return normal * typical
        places = self._slices[0] + np.outer(np.arange(count), step)
        if np.abs(places - self._slices).max() > UNEVEN * typical:
            self._fault("slices do not lie behind one another: they are shifted in their plane")
            return normal * typical
        if np.linalg.norm(np.cross(step, normal)) > UNEVEN * typical:
            self._remarks.append("slices are sheared: each is shifted in its plane against the last")
        return np.asarray(step)

    def _where(self, gaps: NDArray[np.float64], whole: NDArray[np.float64]) -> str:
        index = int(np.argmax(whole > 1))
        return f"slice {index + 1} and {index + 2}, {gaps[index]:.4g} mm apart"

    def _fill(self) -> dict[Part, list[list[Frame]]]:
        """Put every frame in its place; parts that are not complete are left out or a fault."""
        slices, echoes = self.shape[0], max(len(self._te_ms), 1)
        cells: dict[Part, dict[tuple[int, int], list[Frame]]] = defaultdict(lambda: defaultdict(list))
        for frame, index in zip(self._frames, self._slice_of, strict=True):
            if frame.te_ms is not None or not self._te_ms:
                cells[frame.part][self._echo(frame), index].append(frame)
        wanted = [(echo, index) for echo in range(echoes) for index in range(slices)]
        self._name_conflicts(
            [rivals for part in cells.values() for rivals in part.values() if len(rivals) > 1]
        )
        complete: dict[Part, list[list[Frame]]] = {}
        for part, found in cells.items():
            lacking = [place for place in wanted if place not in found]
            if lacking:
                self._name_missing(part, lacking, others=set(cells) - {part})
                continue
            complete[part] = [[found[echo, index][0] for index in range(slices)] for echo in range(echoes)]
        return complete

    def _echo(self, frame: Frame) -> int:
        if not self._te_ms or frame.te_ms is None:
            return 0
        return int(np.argmin(np.abs(np.array(self._te_ms) - frame.te_ms)))

    def _name_conflicts(self, conflicts: list[list[Frame]]) -> None:
        if not conflicts:
            return
        count = f"{len(conflicts)} {plural(len(conflicts), 'place')}"
        have = "has" if len(conflicts) == 1 else "have"
        given = conflicts[0][0].te_ms
        if any(_apart(rivals) for rivals in conflicts):
            self._fault(
                "slices lie side by side in one plane: positions and orientation contradict each other"
            )
        elif any(len({frame.echo_number for frame in rivals}) < len(rivals) for rivals in conflicts):
            self._fault(
                f"{count} {have} several different pictures of one echo: "
                "coils, repetitions, a field map among magnitudes, or changed copies"
            )
        elif given is None:
            # that there are no echo times has been said
            self._sound = False
        else:
            told = f"several echo numbers but one echo time ({given:g} ms); the true ones are lost"
            self._fault(f"{count} {have} {told}")

    def _name_missing(self, part: Part, lacking: list[tuple[int, int]], others: set[Part]) -> None:
        slices, echoes = self.shape[0], max(len(self._te_ms), 1)
        by_echo = {echo: sum(1 for e, _ in lacking if e == echo) for echo, _ in lacking}
        echo, count = next(iter(by_echo.items()))
        te = f" ({self._te_ms[echo]:g} ms)" if self._te_ms else ""
        more = (
            "" if len(by_echo) == 1 else f", and {len(by_echo) - 1} more {plural(len(by_echo) - 1, 'echo')}"
        )
        told = f"{part} is incomplete: echo {echo + 1} of {echoes}{te} lacks {count} of {slices} slices{more}"
        if "magnitude" in others:
            self._remarks.append(f"{told}; it is left out")
        else:
            self._fault(told)


def _apart(rivals: Sequence[Frame]) -> bool:
    """Tell whether frames of one slice have different positions."""
    positions = np.array([frame.position for frame in rivals if frame.position])
    return len(positions) > 1 and bool(np.abs(positions - positions[0]).max() > 10 * SAME_SLICE_MM)


def plural(count: int, word: str) -> str:
    """Return the word, in its plural unless `count` is 1."""
    ending = "es" if word.endswith("o") else "s"
    return word if count == 1 else word + ending
