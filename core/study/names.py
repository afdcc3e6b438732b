"""When two spellings are one person: a rater's washout and sessions hang on it."""

from __future__ import annotations

import re
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
# what keyboards and word processors make of ' and -
_APOSTROPHES = "`\u00b4\u0384\u1fbd\u1ffd\u02b9\u02bb\u02bc\u2018\u2019\u201b\u2032"
_HYPHENS = "\u02d7\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212"
_PUNCTUATION = str.maketrans(_APOSTROPHES + _HYPHENS, "'" * len(_APOSTROPHES) + "-" * len(_HYPHENS))
_DOT_ABOVE = "\u0307"  # no eye tells it on an i
_GREEK_MARKS = re.compile(r"(?<=[\u0370-\u03ff])[\u0300-\u036f]+")  # capitals go without
_UNSEEN = ("Cc", "Cf", "Cn", "Co")
# alphabets with letters that look like those of another one
_TWINS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "COPTIC", "CHEROKEE", "LISU"})
_BETWEEN_WORDS = re.compile(r"[\s'\-()\[\]{}./,&+_]+")
# Greek letters that stand for a quantity and for no letter of a name: Delta R2, mu CT
_SYMBOLS = re.compile(r"[\u0394\u03a3\u03a9]|^[\u03b1-\u03c9](?=[A-Z0-9])")


def key_of(name: str) -> str:
    """Return what two spellings of one rater's name have in common.

    Case, spaces, composed or decomposed letters, full-width forms, characters that cannot be seen, the shape
    of apostrophes and hyphens, marks on Greek letters, and Cyrillic or Greek letters that look like Latin
    ones make no other person (Unicode NFKC, casefold, without control, format, private and unassigned
    characters, fillers and variation selectors; a skeleton as that of Unicode's UTS 39, which is larger).
    Within an alphabet letters are what they are: l is not I, and O is not 0. Letters of Armenian, Cherokee,
    Coptic and Lisu are other ones than the Latin letters that they look like.
    """
    plain = " ".join(_plain(name).split())
    seen = "".join(c for c in plain if unicodedata.category(c) not in _UNSEEN and c not in _BLANK)
    bare = _GREEK_MARKS.sub("", unicodedata.normalize("NFKD", seen.casefold()))
    bare = bare.translate(_LATIN).replace(f"i{_DOT_ABOVE}", "i")
    return " ".join(unicodedata.normalize("NFKC", bare).split())


def _plain(name: str) -> str:
    """Return a name in NFKC with one kind of apostrophes and hyphens; NFKC makes a space of some of them."""
    return unicodedata.normalize("NFKC", name.translate(_PUNCTUATION)).translate(_PUNCTUATION)


def refuse_mixed(name: str) -> None:
    """Raise InputError where a word mixes alphabets that look alike: it may look like any other name."""
    for word in _BETWEEN_WORDS.split(_plain(name)):
        letters = filter(str.isalpha, _SYMBOLS.sub("", word))
        alphabets = {unicodedata.name(letter, "").split(" ")[0] for letter in letters}
        if len(alphabets & _TWINS) > 1:
            raise InputError(
                f"{word} is written with letters of two alphabets; write the name with those of one"
            )


def refuse_unseen(name: str) -> None:
    """Raise InputError where a name is empty, or holds what cannot be seen or turns its letters about."""
    if not (name.isprintable() and key_of(name)):
        raise InputError("a rater needs a name of letters that can be printed")


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
