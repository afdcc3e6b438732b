"""One person is one rater, however the name is typed."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.study.dealing import refuse_dealt
from core.study.names import same_rater
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
    ],
)
def test_spellings_of_one_name_are_one_rater(one: str, other: str) -> None:
    assert same_rater(one, other) and same_rater(other, one)


@pytest.mark.parametrize(
    ("one", "other"), [("Anna", "Anne"), ("A. Reader", "B. Reader"), ("Jose", "Jos\u00e9")]
)
def test_other_names_are_other_raters(one: str, other: str) -> None:
    assert not same_rater(one, other)


def test_a_session_is_dealt_once_however_the_name_is_typed() -> None:
    class OneKit:
        def kits(self) -> list[KitStatus]:
            return [KitStatus("id", "Jos\u00e9", 1, "2026-01-01T00:00:00Z", 4, 0, "reading")]

    with pytest.raises(InputError, match="has a kit for session 1 already"):
        refuse_dealt(OneKit(), "JOSE\u0301", 1)
    refuse_dealt(OneKit(), "Jos\u00e9", 2)
