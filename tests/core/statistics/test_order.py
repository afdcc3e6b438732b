from __future__ import annotations

from core.statistics.order import stratum_key, visit_key


def test_visits_stand_in_order_of_time():
    visits = ["24 h", "day 7", "7 d", "baseline", "1 h", "30 min", "2w", "necropsy", "pre", "1,5 h"]
    assert sorted(visits, key=visit_key) == [
        "baseline", "pre", "30 min", "1 h", "1,5 h", "24 h", "7 d", "day 7", "2w", "necropsy",
    ]  # fmt: skip


def test_the_whole_comes_first_then_the_strongest_field():
    strata = [(0.064, "1 h"), (3.0, "24 h"), (None, ""), (3.0, ""), (0.064, ""), (3.0, "baseline")]
    assert sorted(strata, key=lambda s: stratum_key(*s)) == [
        (None, ""), (3.0, ""), (3.0, "baseline"), (3.0, "24 h"), (0.064, ""), (0.064, "1 h"),
    ]  # fmt: skip
