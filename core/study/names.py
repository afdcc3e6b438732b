"""When two spellings are one person: a rater's washout and sessions hang on it."""

from __future__ import annotations

import unicodedata


def key_of(name: str) -> str:
    """Return what two spellings of one rater's name have in common.

    Case, spaces, composed or decomposed letters, full-width forms and characters that cannot be seen make no
    other person (Unicode NFKC, casefold, without format characters).
    """
    seen = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen.casefold()).split())


def same_rater(one: str, other: str) -> bool:
    """Tell whether two names are one rater's."""
    return key_of(one) == key_of(other)
