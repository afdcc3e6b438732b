"""Which targets of the reference standard were found, and how many marks hit nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.reading.questions import MARK_KINDS
from core.statistics.accuracy import clustered_proportion
from core.statistics.estimate import cluster_numbers
from core.statistics.linking import DETECTION, SMALL_MM, LinkedReading, as_number

ALL_SIZES, UNKNOWN_SIZE = "all", "size unknown"
SMALL, LARGE = f"< {SMALL_MM:g} mm", f">= {SMALL_MM:g} mm"
SIZE_CLASSES = (ALL_SIZES, SMALL, LARGE, UNKNOWN_SIZE)

Flags = NDArray[np.bool_]


class Places:
    """Where each reading stands among all, to pick what belongs to some of them."""

    def __init__(self, linked: Sequence[LinkedReading]) -> None:
        self._place = {id(case): place for place, case in enumerate(linked)}

    def flags(self, cases: Iterable[LinkedReading]) -> Flags:
        """Return True at the places of `cases`, shape (readings,)."""
        chosen = np.zeros(len(self._place), dtype=np.bool_)
        chosen[[self._place[id(case)] for case in cases]] = True
        return chosen


@dataclass(frozen=True, eq=False)
class TargetReads:
    """Every lesion and node of every reading, at one threshold, in the readings' order.

    Parameters
    ----------
    place, subject : array of int, shape (targets,)
        The reading, and the number of its subject.
    kind, size : array of str, shape (targets,)
    usable : array of bool, shape (targets,)
        False for targets without a centre, those that the study had marked, and those of cases ended early.
    hit : array of bool, shape (targets,)
        Whether a mark within reach has at least that confidence, or was asked for none.
    searched, false_marks : mapping of kind to an array, shape (readings,)
        Whether the rater looked for such marks, and how many of that confidence hit nothing.
    """

    place: NDArray[np.int64]
    subject: NDArray[np.int64]
    kind: NDArray[np.object_]
    size: NDArray[np.object_]
    usable: Flags
    hit: Flags
    searched: dict[str, Flags]
    false_marks: dict[str, NDArray[np.int64]]

    @classmethod
    def of(cls, linked: Sequence[LinkedReading], threshold: float) -> TargetReads:
        """Walk all readings once."""
        searched = {kind: [case.searched(kind) for case in linked] for kind in MARK_KINDS}
        found: list[tuple[int, str, str, bool, bool]] = []
        false: dict[str, list[int]] = {kind: [0] * len(linked) for kind in MARK_KINDS}
        for place, case in enumerate(linked):
            for target in case.targets:
                if target.kind in searched:
                    mark = case.mark_of.get(target.target)
                    hit = mark is not None and _confident(case, mark.mark_id, threshold)
                    usable = target.centre_mm is not None and searched[target.kind][place]
                    found.append((place, target.kind, size_class(target.diameter_mm), usable, hit))
            for mark in case.unmatched:
                if searched[mark.kind][place]:
                    false[mark.kind][place] += _confident(case, mark.mark_id, threshold)
        places, kinds, sizes, usable_of, hits = zip(*found, strict=True) if found else ((),) * 5
        place_of = np.array(places, dtype=np.int64)
        subjects = cluster_numbers(np.array([case.reading.subject for case in linked], dtype=object))
        return cls(
            place_of,
            subjects[place_of],
            np.array(kinds, dtype=object),
            np.array(sizes, dtype=object),
            np.array(usable_of, dtype=np.bool_),
            np.array(hits, dtype=np.bool_),
            {kind: np.array(flags, dtype=np.bool_) for kind, flags in searched.items()},
            {kind: np.array(counts, dtype=np.int64) for kind, counts in false.items()},
        )

    def found_row(
        self, readings: Flags, kind: str, size: str = ALL_SIZES, *, none: str = "there is no such target"
    ) -> dict[str, Any]:
        """Return how many targets of some readings were found, with the interval of the share.

        Parameters
        ----------
        readings : array of bool, shape (readings,)
        size : str
            One of `SIZE_CLASSES`.
        none : str
            Why there is no share where there is no target.
        """
        wanted = readings[self.place] & (self.kind == kind)
        if size != ALL_SIZES:
            wanted &= self.size == size
        used = wanted & self.usable
        hits = self.hit[used]
        share = clustered_proportion(hits, self.subject[used], none)
        return {
            "targets": len(hits),
            "detected": int(hits.sum()),
            "sensitivity": share.value,
            "ci_low": share.ci_low,
            "ci_high": share.ci_high,
            "left_out": int((wanted & ~self.usable).sum()),
            "method": share.method,
            "reason": share.reason,
        }


def _confident(case: LinkedReading, mark_id: str, threshold: float) -> bool:
    answer = as_number(case.reading.answers.get((DETECTION, mark_id)))
    return not answer < threshold  # a mark without confidence counts


def size_class(diameter_mm: float | None) -> str:
    """Return which of `SIZE_CLASSES` a target belongs to."""
    if diameter_mm is None:
        return UNKNOWN_SIZE
    return SMALL if diameter_mm < SMALL_MM else LARGE
