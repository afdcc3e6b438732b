"""Blinding indices against the published example, against slow ones, and at their ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.statistics.blinding import bang_index, guess_table, james_index
from core.statistics.linking import link
from core.statistics.study_blinding import blinding_table, guesses_table
from tests.core.statistics import small_study

# guesses treatment, placebo, "don't know" of 382 treated and 371 on placebo: the trial that James et al.
# (1996) and Bang et al. (2004) both take for their example
PUBLISHED = guess_table([[48, 22], [4, 30], [330, 319]], ("treatment", "placebo"))


def test_the_published_example_to_three_digits() -> None:
    found = {"James": james_index(PUBLISHED)}
    found |= {arm: bang_index(PUBLISHED, arm) for arm in PUBLISHED.arms}
    told = {
        name: tuple(round(value, 3) for value in (e.value, e.se, e.ci_low, e.ci_high))
        for name, e in found.items()
    }
    assert told == {
        "James": (0.896, 0.011, 0.875, 0.918),
        "treatment": (0.115, 0.018, 0.080, 0.150),
        "placebo": (0.022, 0.019, -0.016, 0.060),
    }
    assert [e.n for e in found.values()] == [753, 382, 371]


def naive_james(counts: np.ndarray) -> float:
    """The index as the paper writes it, cell by cell."""
    shares = counts / counts.sum()
    arms = counts.shape[1]
    unknown = shares[arms].sum()
    observed = expected = 0.0
    for guess in range(arms):
        for arm in range(arms):
            weight = 0.0 if guess == arm else 0.5
            observed += weight * shares[guess, arm] / (1 - unknown)
            of_arm = shares[:, arm].sum() - shares[arms, arm]
            expected += weight * shares[guess].sum() * of_arm / (1 - unknown) ** 2
    return float((1 + unknown + (1 - unknown) * (observed - expected) / expected) / 2)


TABLES = st.integers(2, 4).flatmap(
    lambda arms: st.lists(
        st.lists(st.integers(1, 60), min_size=arms, max_size=arms), min_size=arms + 1, max_size=arms + 1
    )
)


@given(TABLES)
def test_james_is_what_the_paper_writes(rows: list[list[int]]) -> None:
    counts = np.array(rows)
    arms = tuple("abcd"[: counts.shape[1]])
    found = james_index(guess_table(counts, arms))
    assert found.value == pytest.approx(naive_james(counts))
    # the order of the arms plays no part
    order = np.arange(len(arms))[::-1]
    turned = guess_table(np.vstack([counts[order][:, order], counts[-1:, order]]), arms)
    again = james_index(turned)
    assert (again.value, again.se) == pytest.approx((found.value, found.se))


@pytest.mark.parametrize("counts", [PUBLISHED.counts, [[30, 12, 9], [8, 25, 10], [9, 11, 28], [20, 18, 22]]])
def test_intervals_are_those_of_samples_drawn_again(counts: np.ndarray) -> None:
    counts = np.asarray(counts)
    arms = tuple("abc"[: counts.shape[1]])
    table = guess_table(counts, arms)
    rng = np.random.default_rng(8)
    drawn = rng.multinomial(counts.sum(), counts.ravel() / counts.sum(), size=3000).reshape(-1, *counts.shape)
    assert np.std([naive_james(each) for each in drawn]) == pytest.approx(james_index(table).se, rel=0.06)
    column = counts[:, 0]
    weights = np.array([1.0, *[-1 / (len(arms) - 1)] * (len(arms) - 1), 0.0])
    again = rng.multinomial(column.sum(), column / column.sum(), size=3000) @ weights / column.sum()
    assert np.std(again) == pytest.approx(bang_index(table, "a").se, rel=0.06)
    assert np.mean(again) == pytest.approx(bang_index(table, "a").value, abs=0.01)


def test_the_ends_of_the_scales() -> None:
    right = guess_table([[10, 0], [0, 10], [0, 0]], "ab")
    wrong = guess_table([[0, 10], [10, 0], [0, 0]], "ab")
    chance = guess_table([[5, 5], [5, 5], [0, 0]], "ab")
    silent = guess_table([[0, 0], [0, 0], [10, 10]], "ab")
    assert james_index(right).value == 0.0 and bang_index(right, "a").value == 1.0
    assert james_index(wrong).value == 1.0 and bang_index(wrong, "a").value == -1.0
    assert james_index(chance).value == 0.5 and bang_index(chance, "b").value == 0.0
    assert james_index(silent).value == 1.0 and bang_index(silent, "a").value == 0.0
    thirds = guess_table([[4, 4, 4]] * 3 + [[0, 0, 0]], "abc")
    assert bang_index(thirds, "c").value == pytest.approx(0.0) and james_index(thirds).value == 0.5


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([[5, 0], [0, 0], [1, 3]], "all guesses fall into one arm"),
        ([[0, 0], [0, 0], [0, 0]], "nobody was asked"),
    ],
)
def test_what_cannot_be_told_says_why(counts: list[list[int]], reason: str) -> None:
    found = james_index(guess_table(counts, "ab"))
    assert not found.estimable and reason in found.reason


def test_an_arm_that_nobody_was_in_has_no_index() -> None:
    found = bang_index(guess_table([[0, 5], [0, 5], [0, 1]], "ab"), "a")
    assert not found.estimable and "nobody of a" in found.reason


@pytest.mark.parametrize(
    ("counts", "arms"),
    [
        ([[1, 2], [3, 4]], "ab"),
        ([[1.5, 2], [3, 4], [5, 6]], "ab"),
        ([[-1, 2], [3, 4], [5, 6]], "ab"),
        ([[1], [2]], "a"),
    ],
)
def test_a_table_that_is_none_is_refused(counts: list[list[float]], arms: str) -> None:
    with pytest.raises(InputError):
        guess_table(counts, arms)


def test_guesses_of_a_study_become_tables() -> None:
    """Rater x guesses right twice, wrong once, and does not know once; a repeat is no guess of its own."""
    given = {"A": "MNP", "B": "vehicle", "C": "vehicle", "D": None}
    readings = []
    for subject, guess in given.items():
        one = small_study.reading("x", small_study.scan_of(subject, 3.0))
        readings.append(one.__class__(**{**vars(one), "guesses": {"group": guess}}))
    again = small_study.reading("x", small_study.scan_of("A", 3.0), repeat_of=readings[0].alias)
    readings.append(again.__class__(**{**vars(again), "guesses": {"group": "vehicle"}}))
    readings.append(small_study.reading("y", small_study.scan_of("A", 3.0)))  # asked for no guess
    linked = link(readings, small_study.TARGETS)
    guesses = guesses_table(linked)
    assert [(row["guessed"], row["true"], row["right"]) for row in guesses.rows] == [
        ("MNP", "MNP", True), ("vehicle", "MNP", False), ("vehicle", "vehicle", True), ("", "vehicle", None),
        ("vehicle", "MNP", False),
    ]  # fmt: skip
    rows = {(row["index"], row["arm"]): row for row in blinding_table(linked).rows}
    assert {(key, row["n"], row["right"], row["wrong"], row["do_not_know"]) for key, row in rows.items()} == {
        (("James", "all"), 4, 2, 1, 1), (("Bang", "MNP"), 2, 1, 1, 0), (("Bang", "vehicle"), 2, 1, 0, 1),
    }  # fmt: skip
    assert rows["Bang", "MNP"]["value"] == 0.0 and rows["Bang", "vehicle"]["value"] == 0.5
    expected = james_index(guess_table([[1, 0], [1, 1], [0, 1]], ("MNP", "vehicle"))).value
    assert rows["James", "all"]["value"] == expected
