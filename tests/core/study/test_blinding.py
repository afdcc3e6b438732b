"""The order and the aliases: drawn once, different for everybody, telling nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.study.blinding import draw, new_seed

SCANS = [f"scan-{number:02d}" for number in range(12)]


@given(
    count=st.integers(1, 40),
    seed=st.text(max_size=20),
    rater=st.text(min_size=1, max_size=10),
    session=st.integers(1, 5),
    fraction=st.sampled_from([0.0, 0.1, 0.2, 0.5]),
)
@settings(max_examples=80, deadline=None)
def test_every_scan_comes_once_and_repeats_come_far_behind(
    count: int, seed: str, rater: str, session: int, fraction: float
) -> None:
    scans = [f"scan-{number}" for number in range(count)]
    drawn = draw(scans, seed=seed, rater=rater, session=session, repeat_fraction=fraction)
    assert drawn == draw(scans, seed=seed, rater=rater, session=session, repeat_fraction=fraction)
    assert [case.position for case in drawn] == list(range(1, len(drawn) + 1))
    assert len({case.alias for case in drawn}) == len(drawn)
    first = {case.scan_id: case for case in drawn if not case.repeat_of}
    repeats = [case for case in drawn if case.repeat_of]
    assert sorted(first) == sorted(scans)
    assert len(repeats) == min(round(fraction * count), (count + 1) // 2)
    assert len({case.scan_id for case in repeats}) == len(repeats)
    for case in repeats:
        assert case.repeat_of == first[case.scan_id].alias
        assert case.position - first[case.scan_id].position > int(0.25 * count)


def test_raters_sessions_and_seeds_get_draws_of_their_own() -> None:
    draws = [
        draw(SCANS, seed=seed, rater=rater, session=session)
        for seed in ("1", "2", "11")
        for rater in ("Ann", "Ben", "1")
        for session in (1, 2)
    ]
    orders = {tuple(case.scan_id for case in drawn) for drawn in draws}
    aliases = [case.alias for drawn in draws for case in drawn]
    assert len(orders) == len(draws)
    assert len(set(aliases)) == len(aliases)


def test_an_alias_taken_before_does_not_come_again() -> None:
    once = draw(SCANS, seed="s", rater="Ann", session=1)
    again = draw(SCANS, seed="s", rater="Ann", session=1, taken={case.alias for case in once[:5]})
    assert not {case.alias for case in once[:5]} & {case.alias for case in again}


def test_neither_order_nor_alias_tells_the_acquisition() -> None:
    """Over 1,000 seeds the place in the order and the alias's rank are independent of the scan's number."""
    numbers = np.arange(len(SCANS))
    places = np.zeros((1000, len(SCANS)))
    ranks = np.zeros_like(places)
    for seed in range(1000):
        drawn = sorted(draw(SCANS, seed=str(seed), rater="Ann", session=1), key=lambda case: case.scan_id)
        places[seed] = [case.position for case in drawn]
        ranks[seed] = np.argsort(np.argsort([case.alias for case in drawn]))
    for found in (places - 1, ranks):
        # each scan's mean place is the middle, within 5 standard errors
        spread = np.sqrt((len(SCANS) ** 2 - 1) / 12 / 1000)
        assert np.abs(found.mean(axis=0) - 5.5).max() < 5 * spread
        correlations = [np.corrcoef(row, numbers)[0, 1] for row in found]
        assert abs(np.mean(correlations)) < 5 / np.sqrt(11 * 1000)
    assert abs(np.corrcoef(places.ravel(), ranks.ravel())[0, 1]) < 5 / np.sqrt(12_000)


def test_the_order_tells_nothing_of_acquisition_visit_or_subject() -> None:
    """Over 1,000 seeds, of sessions and repeats too: a case's place goes with none of what a scan has."""
    subjects, visits, days = 6, 3, np.random.default_rng(4).permutation(18)
    scans = [f"scan-{number:02d}" for number in range(subjects * visits)]
    of = {
        "subject": np.repeat(np.arange(subjects), visits),
        "visit": np.tile(np.arange(visits), subjects),
        "acquired": days,
    }
    found: dict[str, list[float]] = {name: [] for name in (*of, "last session")}
    neighbours = 0
    for seed in range(1000):
        places = []
        for session in (1, 2):
            drawn = draw(scans, seed=str(seed), rater="Ann", session=session, repeat_fraction=0.2)
            first = {case.scan_id: case.position for case in drawn if not case.repeat_of}
            places.append(np.array([first[scan] for scan in scans]))
        for name, values in of.items():
            found[name].append(np.corrcoef(places[0], values)[0, 1])
        found["last session"].append(np.corrcoef(*places)[0, 1])
        order = np.argsort(places[0])
        neighbours += int((np.diff(of["subject"][order]) == 0).sum())
    for name, correlations in found.items():
        # a correlation of 18 unrelated pairs has mean 0 and SD 1 / sqrt(17)
        assert abs(np.mean(correlations)) < 4 / np.sqrt(17 * 1000), name
        assert np.std(correlations) == pytest.approx(1 / np.sqrt(17), rel=0.1), name
    # two cases of a subject follow each other as often as chance would have it: 17 pairs, 2 of 17 each
    assert neighbours / 1000 == pytest.approx(2.0, abs=0.2)


@given(share=st.floats(0.01, 1.0), seed=st.text(max_size=5))
@settings(max_examples=40, deadline=None)
def test_a_share_of_the_scans_is_drawn_and_each_comes_once(share: float, seed: str) -> None:
    drawn = draw(SCANS, seed=seed, rater="Ann", session=2, share=share)
    assert len(drawn) == max(1, round(share * len(SCANS))) == len({case.scan_id for case in drawn})


@pytest.mark.parametrize("share", [0.0, -0.5, 1.01, float("nan")])
def test_a_share_that_cannot_be_read_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="above 0 and up to 1"):
        draw(SCANS, seed="s", rater="Ann", session=2, share=share)


def test_an_alias_cannot_be_misread() -> None:
    letters = {letter for case in draw(SCANS, seed="s", rater="Ann", session=1) for letter in case.alias}
    assert not letters & set("AEIOUY01L5S8BZ")


def test_seeds_cannot_be_guessed() -> None:
    seeds = {new_seed() for _ in range(100)}
    assert len(seeds) == 100 and all(len(seed) == 32 for seed in seeds)


@pytest.mark.parametrize("fraction", [-0.1, 0.6, float("nan")])
def test_a_share_of_repeats_that_cannot_be_is_refused(fraction: float) -> None:
    with pytest.raises(InputError, match=r"between 0 and 0\.5"):
        draw(SCANS, seed="s", rater="Ann", session=1, repeat_fraction=fraction)


def test_a_study_without_scans_has_no_order() -> None:
    with pytest.raises(InputError, match="no scans to read"):
        draw([], seed="s", rater="Ann", session=1)
