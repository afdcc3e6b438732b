"""When two spellings are one person: a rater's washout and sessions hang on it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from core.errors import InputError

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


# small letters of other alphabets that look like Latin ones, themselves or in capitals, which are no other
# person: by the end of their Unicode name
_ALIKE = {
    "CYRILLIC": {
        "A": "a", "VE": "b", "ES": "c", "KOMI DE": "d", "IE": "e", "EN": "h", "SHHA": "h",
        "BYELORUSSIAN-UKRAINIAN I": "i", "JE": "j", "KA": "k", "PALOCHKA": "l", "EM": "m", "O": "o",
        "ER": "p", "QA": "q", "DZE": "s", "TE": "t", "IZHITSA": "v", "WE": "w", "HA": "x", "U": "y",
        "STRAIGHT U": "y",
    },
    "GREEK": {
        "ALPHA": "a", "BETA": "b", "EPSILON": "e", "ETA": "h", "IOTA": "i", "KAPPA": "k", "MU": "m",
        "NU": "n", "OMICRON": "o", "RHO": "p", "TAU": "t", "CHI": "x", "UPSILON": "y", "ZETA": "z",
    },
    "LATIN": {"ALPHA": "a", "SCRIPT G": "g", "DOTLESS I": "i"},
}  # fmt: skip
_LATIN = {
    ord(unicodedata.lookup(f"{alphabet} SMALL LETTER {letter}")): latin
    for alphabet, letters in _ALIKE.items()
    for letter, latin in letters.items()
}
_DOT_ABOVE = "\u0307"  # no eye tells it on an i
# alphabets with letters that look like those of another one
_TWINS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "COPTIC", "CHEROKEE", "LISU"})


def key_of(name: str) -> str:
    """Return what two spellings of one rater's name have in common.

    Case, spaces, composed or decomposed letters, full-width forms, characters that cannot be seen, and
    Cyrillic or Greek letters that look like Latin ones make no other person (Unicode NFKC, casefold, without
    format characters, fillers and variation selectors; a skeleton as that of Unicode's UTS 39, which is
    larger). Within an alphabet letters are what they are: l is not I, and O is not 0.
    """
    seen = "".join(
        c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf" and c not in _BLANK
    )
    bare = unicodedata.normalize("NFKD", seen.casefold()).translate(_LATIN).replace(f"i{_DOT_ABOVE}", "i")
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def refuse_mixed(name: str) -> None:
    """Raise InputError where a word mixes alphabets that look alike: it may look like any other name."""
    for word in unicodedata.normalize("NFKC", name).split():
        alphabets = {unicodedata.name(letter, "").split(" ")[0] for letter in word if letter.isalpha()}
        if len(alphabets & _TWINS) > 1:
            raise InputError(
                f"{word} is written with letters of two alphabets; write the name with those of one"
            )


def same_rater(one: str, other: str) -> bool:
    """Tell whether two names are one rater's."""
    return key_of(one) == key_of(other)


def known_as(name: str, known: Iterable[str]) -> str | None:
    """Return which of the names known is a rater's: the same letter by letter, else the first alike."""
    alike = [each for each in known if same_rater(each, name)]
    return name if name in alike else next(iter(alike), None)


def one_spelling(dealt: Iterable[tuple[str, int]]) -> dict[str, str]:
    """Return for every rater's name the spelling that stands for that person.

    Parameters
    ----------
    dealt : iterable of (str, int)
        Rater and session of every kit, in the order in which they were dealt.

    Returns
    -------
    dict of str to str
        By each spelling the first one of that person. Names alike with kits of one and the same session were
        dealt as two raters, before their looks were asked about, and stay two: their readings of a case
        are no repeats.
    """
    kits_of: dict[str, list[tuple[str, int]]] = {}
    for rater, session in dealt:
        kits_of.setdefault(key_of(rater), []).append((rater, session))
    found = {}
    for kits in kits_of.values():
        first, several = kits[0][0], len({session for _, session in kits}) < len(kits)
        found.update({rater: rater if several else first for rater, _ in kits})
    return found


def told_spelling(asked: str, rater: str) -> str:
    """Return what to say where a rater goes by another spelling than was asked for; "" where not."""
    asked = " ".join(asked.split())
    if asked == rater:
        return ""
    return f"{asked} is known to the study as {rater}, and called so in kits and tables"
