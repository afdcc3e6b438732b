"""One person is one rater, however the name is typed."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.study.dealing import refuse_dealt
from core.study.names import refuse_mixed, same_rater
from core.study.records import KitStatus


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", " anna  "),
        ("Jos\u00e9", "Jose\u0301"),
        ("Jos\u00e9", "Jos\u200b\u00e9"),
        ("Anna", "\uff21nna"),
        ("Stra\u00dfe", "STRASSE"),
        ("Anna", "Anna\ufe0f"),
        ("Anna", "\u3164Anna"),
        ("Anna", "An\u034fna"),
        ("Anna", "Anna \u2800"),
        # Cyrillic in capitals and small, Greek, IPA, a dot that cannot be seen
        ("BOB", "\u0412\u041e\u0412"),
        ("bob", "\u0432\u043e\u0432"),
        ("Anna", "\u0410nna"),
        ("Anna", "Ann\u0430"),
        ("Rater A", "Rater \u0391"),
        ("Gina", "\u0261ina"),
        ("Gina", "Gi\u0307na"),
        ("I\u015eIL", "\u0131\u015f\u0131l"),
        # what keyboards and word processors make of apostrophes and hyphens, and Greek capitals of accents
        *(("Pat O'Neill", f"Pat O{mark}Neill") for mark in "\u2019\u2018\u02bc\u2032`\u00b4\uff07"),
        *(("Anna-Lena", f"Anna{mark}Lena") for mark in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"),
        ("\u0395\u03bb\u03ad\u03bd\u03b7", "\u0395\u039b\u0395\u039d\u0397"),
        ("\u039c\u03b1\u0390\u03bf\u03c5", "\u039c\u0391\u03aa\u039f\u03a5"),
        # a control character, one of bidirectional text, one of private use, and one that is none yet
        *(("Bea", f"Be{unseen}a") for unseen in "\x7f\u202e\ue000\u2065"),
    ],
)
def test_spellings_of_one_name_are_one_rater(one: str, other: str) -> None:
    assert same_rater(one, other) and same_rater(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna", "Anne"), ("A. Reader", "B. Reader"), ("Jose", "Jos\u00e9"), ("Al", "AI"),
        ("\u0410\u043d\u043d\u0430", "\u0410\u043b\u043b\u0430"),
    ],
)  # fmt: skip
def test_other_names_are_other_raters(one: str, other: str) -> None:
    assert not same_rater(one, other)


def test_a_session_is_dealt_once_however_the_name_is_typed() -> None:
    class OneKit:
        def kits(self) -> list[KitStatus]:
            return [KitStatus("id", "Jos\u00e9", 1, "2026-01-01T00:00:00Z", 4, 0, "reading")]

    # the second with a Cyrillic letter
    for name in ("JOSE\u0301", "J\u043es\u00e9"):
        with pytest.raises(InputError, match="has a kit for session 1 already"):
            refuse_dealt(OneKit(), name, 1)
    refuse_dealt(OneKit(), "Jos\u00e9", 2)


@pytest.mark.parametrize(
    "name", ["Oli\u03bder", "A. \u0421ook", "\u0406van", "Anna-M\u0430ria", "O'N\u0435ill", "M\u03bcller"]
)
def test_a_word_of_two_alphabets_is_no_name(name: str) -> None:
    with pytest.raises(InputError, match="letters of two alphabets"):
        refuse_mixed(name)


@pytest.mark.parametrize(
    "name",
    [
        "Anna", "Rater \u03b1", "\u0418\u0432\u0430\u043d Cook", "\u7530\u4e2dA", "R2-D2", "\u03b2-Reader",
        "Reader-\u03b1", "\u03bc-CT Reader", "\u00b5CT Reader", "\u0394R2-reader",
        "M\u00fcller-\u03a0\u03b1\u03c0\u03c0\u03ac\u03c2", "Anna\u2011\u041c\u0430\u0440\u0438\u044f",
        "Anna (\u0410\u043d\u043d\u0430)",
    ],
)  # fmt: skip
def test_every_word_may_have_its_alphabet(name: str) -> None:
    refuse_mixed(name)
