"""Texts in scripts that plots and PDF cannot set, and what stands in their place.

Their font is DejaVu Sans, and neither joins letters nor runs from right to left: Chinese would be boxes,
Arabic loose letters, Hebrew in the wrong order.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from matplotlib import get_data_path
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter

FONTS = Path(get_data_path()) / "fonts" / "ttf"
REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"
# right to left, and what only steers direction
_OTHER_WAY = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "PDF", "PDI", "FSI"})
# letters that cannot be set with their marks, and several such words beside each other
_LOST = re.compile("b[bm]*(?:s+b[bm]*)*")


class StandIns:
    """Replaces what cannot be set by "[text 1]", "[text 2]" …, the same words by the same each time.

    `found` has the stand-in of each, in the order in which they came.
    """

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def set(self, text: str) -> str:
        """Return a text as it can be set."""
        if text.isascii():
            return text
        text = unicodedata.normalize("NFC", text)
        made, done = "", 0
        for lost in _LOST.finditer("".join(map(_kind, text))):
            words = text[slice(*lost.span())]
            stand_in = self.found.setdefault(words, f"[text {len(self.found) + 1}]")
            made, done = made + text[done : lost.start()] + stand_in, lost.end()
        return made + text[done:]

    def in_figure(self, figure: Figure) -> None:
        """Set every text of a figure anew."""
        for axes in figure.axes:
            # what is written at ticks is taken from their formatter at every drawing
            for axis in (axes.xaxis, axes.yaxis):
                named = axis.get_major_formatter()
                if isinstance(named, FixedFormatter):
                    axis.set_major_formatter(FixedFormatter([self.set(text) for text in named.seq]))
        for text in figure.findobj(Text):
            if isinstance(text, Text):
                text.set_text(self.set(text.get_text()))


@cache
def _kind(sign: str) -> str:
    """Return b for a letter that cannot be set, m for a mark on a letter, s between words, else g."""
    if unicodedata.category(sign).startswith("M"):
        return "m"
    if sign in " -.'\N{NO-BREAK SPACE}":
        return "s"
    if sign == "\n":
        return "g"
    other_way = unicodedata.bidirectional(sign) in _OTHER_WAY
    return "b" if other_way or not all(font.get_char_index(ord(sign)) for font in _fonts()) else "g"


@cache
def _fonts() -> tuple[FT2Font, ...]:
    return tuple(FT2Font(str(FONTS / f"{name}.ttf")) for name in (REGULAR, BOLD))
