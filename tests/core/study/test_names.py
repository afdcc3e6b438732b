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
        # Cyrillic in capitals and small, Greek with and without accent, IPA, a dot that cannot be seen
        ("BOB", "\u0412\u041e\u0412"),
        ("bob", "\u0432\u043e\u0432"),
        ("Anna", "\u0410nna"),
        ("Anna", "Ann\u0430"),
        ("Rater A", "Rater \u0391"),
        ("\u00c1nna", "\u0386nna"),
        ("Gina", "\u0261ina"),
        ("Gina", "Gi\u0307na"),
        ("I\u015eIL", "\u0131\u015f\u0131l"),
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


@pytest.mark.parametrize("name", ["Oli\u03bder", "A. \u0421ook", "\u0406van"])
def test_a_word_of_two_alphabets_is_no_name(name: str) -> None:
    with pytest.raises(InputError, match="letters of two alphabets"):
        refuse_mixed(name)


@pytest.mark.parametrize(
    "name", ["Anna", "Rater \u03b1", "\u0418\u0432\u0430\u043d Cook", "\u7530\u4e2dA", "R2-D2"]
)
def test_every_word_may_have_its_alphabet(name: str) -> None:
    refuse_mixed(name)
