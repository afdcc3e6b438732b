"""When two spellings are one person: a rater's washout and sessions hang on it."""

from __future__ import annotations

import unicodedata

# what no eye tells from nothing or from a space, though Unicode counts it among marks, letters and symbols:
# joiners, Hangul and Khmer fillers, the blank of Braille, variation selectors
_BLANK = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800),
        (0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)  # fmt: skip


def key_of(name: str) -> str:
    """Return what two spellings of one rater's name have in common.

    Case, spaces, composed or decomposed letters, full-width forms and characters that cannot be seen make no
    other person (Unicode NFKC, casefold, without format characters, fillers and variation selectors).
    """
    seen = "".join(
        c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf" and c not in _BLANK
    )
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


def same_rater(one: str, other: str) -> bool:
    """Tell whether two names are one rater's."""
    return key_of(one) == key_of(other)
