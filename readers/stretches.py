"""Headers of many files: what they say alike, byte for byte, is read once.

The files of a series differ in a few elements; between them lie runs of elements that are the same in all. A
run that is met again at the beginning of an element cannot mean anything else, and is taken over whole.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from readers.elements import Elements, Header, Trail, read_header

# shorter runs are read as fast as they are compared
_SHORTEST = 3


class Stretches:
    """Reads headers, remembering the runs that the last files had in common."""

    def __init__(self) -> None:
        self._runs: dict[bytes, tuple[bytes, Elements]] = {}
        self._changing: frozenset[int] = frozenset()
        self._last: dict[int, bytes] = {}

    def read_header(
        self, data: bytes, *, whole: bool, inflate: Callable[[bytes], bytes]
    ) -> tuple[Header, bytes]:
        """Read a header as `readers.elements.read_header` does, with the same result."""
        trail = Trail(self._runs)
        found = read_header(data, whole=whole, inflate=inflate, trail=trail)
        if trail.missed or not trail.used:
            if trail.used:
                trail = Trail({})
                read_header(data, whole=whole, inflate=inflate, trail=trail)
            self._learn(data, trail.marks, found[0].elements)
        return found

    def _learn(self, data: bytes, marks: list[tuple[int, int]], elements: Elements) -> None:
        """Find the runs between the elements that differ from file to file."""
        raw = {tag: data[begin:end] for (tag, begin), (_, end) in pairwise(marks)}
        if not marks or marks[-1][0] != 0 or len(raw) != len(marks) - 1:
            return  # without pixels, or with an element that stands twice
        changing = self._changing | {tag for tag in raw if self._last.get(tag, raw[tag]) != raw[tag]}
        if 2 * len(changing) > len(raw):
            changing = frozenset()  # files of another kind
        runs: dict[bytes, tuple[bytes, Elements]] = {}
        same: list[int] = []
        for tag in [*raw, 0]:
            if tag in raw and tag not in changing:
                same.append(tag)
                continue
            if len(same) >= _SHORTEST:
                run = b"".join(raw[member] for member in same)
                runs[run[:8]] = run, {member: elements[member] for member in same if member in elements}
            same = []
        self._runs, self._changing, self._last = runs, changing, raw
