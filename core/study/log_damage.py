"""Whether SQLite's write-ahead log is damaged in its middle: SQLite would drop the rest without a word.

A log that ends in a transaction without its end is what a power cut leaves, and SQLite is right to drop that.
But synchronous=FULL has a transaction begin only when the one before is on disk whole. So where whole
transactions follow something that does not hold, what was saved was damaged afterwards.

Source: SQLite, "Database File Format", section 4 (the write-ahead log).
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_HEADER, _FRAME = 32, 24
# the last bit says in which order of bytes sums are made
_MAGIC = 0x377F0682
_WORD = 0xFFFFFFFF

Sum = tuple[int, int]


@dataclass(frozen=True)
class _Frame:
    holds: bool  # goes with the sum that the frame before it has
    ours: bool  # belongs to this run of the log, not to an older one below it
    ends: bool  # ends a transaction


def loses_what_was_saved(log: Path) -> bool:
    """Tell whether a log holds saved transactions that SQLite would not read.

    Parameters
    ----------
    log : Path
        The file "NAME-wal"; one that is missing, empty or without a frame loses nothing.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    content = log.read_bytes() if log.exists() else b""
    if len(content) <= _HEADER:
        return False
    magic, _, page_size, _, *_ = struct.unpack_from(">8I", content)
    size = 65536 if page_size == 1 else page_size
    big = bool(magic & 1)
    known = magic & ~1 == _MAGIC and 512 <= size <= 65536
    if not known or struct.unpack_from(">2I", content, 24) != _add(content[:24], (0, 0), big):
        # a new log begins with its header on disk before anything else
        return True
    broken, ends = False, 0
    for frame in _frames(content, size, big):
        if not frame.holds or not frame.ours:
            # a run of frames that hold together, perhaps but for this first one
            broken, ends = True, int(frame.ends)
        elif broken:
            ends += frame.ends
        # a transaction was begun after another one that SQLite would not get to
        if broken and frame.ours and ends >= 2:
            return True
    return False


def _frames(content: bytes, size: int, big: bool) -> Iterator[_Frame]:
    salts, before = content[16:24], struct.unpack_from(">2I", content, 24)
    for at in range(_HEADER, len(content) - _FRAME - size + 1, _FRAME + size):
        head, page = content[at : at + _FRAME], content[at + _FRAME : at + _FRAME + size]
        told = struct.unpack_from(">2I", head, 16)
        holds = told == _add(page, _add(head[:8], before, big), big)
        yield _Frame(holds, head[8:16] == salts, head[4:8] != bytes(4))
        before = told


def _add(content: bytes, before: Sum, big: bool) -> Sum:
    """Go on with the log's sum over more bytes, a multiple of 8."""
    words = array("I", content)
    if big != (sys.byteorder == "big"):
        words.byteswap()
    first, second = before
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = (first + even + second) & _WORD
        second = (second + odd + first) & _WORD
    return first, second
