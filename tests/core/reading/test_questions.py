"""What serves as an answer, and what a rater is told of what does not."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.reading.questions import NOTE, QUERY, Question, Value, same_value
from tests.core.reading.rich import rich

SIZE, COUNTED, WHY, SURE = (rich().question(name) for name in ("size", "counted", "why", "sure"))


@pytest.mark.parametrize(
    ("question", "typed", "value"),
    [
        (SIZE, "2.3", 2.3),
        (SIZE, " 2,3 ", 2.3),
        (SIZE, "2", 2),
        (SIZE, "2.0", 2.0),
        (SIZE, "+12.5", 12.5),
        (COUNTED, "-3", -3),
        (SURE, "5", 5),
        (WHY, "  too much motion ", "too much motion"),
        (NOTE, "two\nlines", "two\nlines"),
        (QUERY, "", ""),
    ],
)
def test_what_a_person_types_is_kept_as_it_was_meant(question: Question, typed: str, value: Value) -> None:
    found = question.parse(typed)
    assert same_value(found, value)


@pytest.mark.parametrize(
    ("question", "typed", "told"),
    [
        (SIZE, "2.34", "“Longest diameter” is given in steps of 0.1, not 2.34"),
        (SIZE, "0", "“Longest diameter” lies between 0.1 and 50 mm, not 0"),
        (SIZE, "50.1", "“Longest diameter” lies between 0.1 and 50 mm, not 50.1"),
        (SIZE, "about 3", "“Longest diameter” is answered with a number, not “about 3”"),
        (SIZE, "1e3", "is answered with a number"),
        (SIZE, "nan", "is answered with a number"),
        (SIZE, "1" * 40, "is answered with a number"),
        (SIZE, "", "is answered with a number"),
        (COUNTED, "2.5", "“Vessels” is given in steps of 1, not 2.5"),
        (SURE, "3", "“Confidence” is answered with one of 1, 5, not 3"),
        (WHY, "   ", "“Why it cannot be read” needs a text"),
        (WHY, "x" * 81, "with at most 80 characters, not 81"),
        (WHY, "bell \a", "signs that cannot be printed"),
    ],
)
def test_what_does_not_serve_is_told_while_it_is_typed(question: Question, typed: str, told: str) -> None:
    with pytest.raises(InputError) as caught:
        question.parse(typed)
    assert told in str(caught.value) and len(str(caught.value)) < 120


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (SIZE, True), (SIZE, math.nan), (SIZE, math.inf), (SIZE, "2.3"), (SIZE, 10**400),
        (SIZE, 2.3000000000000003), (SURE, 5.0), (SURE, True), (SURE, "5"), (WHY, 3), (WHY, " a"),
        (WHY, "\ud800"),
        (WHY, ""), (NOTE, ""), (NOTE, "x" * 4001), (QUERY, " "),
    ],
)  # fmt: skip
def test_a_value_of_another_type_or_out_of_range_is_refused(question: Question, value: Value) -> None:
    told = question.refusal(value)
    assert told and "\n" not in told and len(told) < 120


@given(st.integers(1, 500))
def test_every_step_of_a_range_can_be_given(tenths: int) -> None:
    typed = f"{tenths // 10}.{tenths % 10}"
    value = SIZE.parse(typed)
    assert str(value) == typed and SIZE.refusal(value) == ""


def test_two_and_two_point_nought_are_not_the_same_answer() -> None:
    assert same_value(2, 2) and same_value("a", "a") and same_value(None, None)
    assert not any(same_value(2, other) for other in (2.0, "2", None, 3))
