from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.statistics.survival import ResponseRule, kaplan_meier, log_rank, responses, time_to_progression

# Freireich et al. 1963: weeks of remission under 6-MP and placebo, in every textbook
MP6 = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
MP6_SEEN = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def test_response_follows_the_rule():
    # 100 -> 60 is -40 %, under the -65.7 % that -30 % of the diameter means in volume
    assert responses([100, 60, 30]) == ("SD", "PR")
    assert responses([100, 0, 0]) == ("CR", "CR")
    # 20 % of the diameter over the nadir: 30 -> 52 is +73 %, though far below the baseline
    assert responses([100, 30, 51.8, 52]) == ("PR", "SD", "PD")
    assert responses([100, np.nan, 200]) == (None, "PD")
    assert responses([0, 10]) == (None,)
    assert responses([]) == ()


def test_a_complete_response_that_grows_back_is_progression():
    assert responses([100, 0, 5]) == ("CR", "PD")


def test_a_rule_can_be_stated_and_says_so():
    rule = ResponseRule(partial=-0.5, progression=0.25)
    assert responses([100, 50, 62.5], rule) == ("PR", "PD")
    assert "PR at -50.0 %" in rule.text()
    for wrong in ({"partial": 0.1}, {"progression": -0.1}, {"complete_mm3": -1}):
        with pytest.raises(InputError):
            ResponseRule(**wrong)


def test_time_to_progression_is_censored_at_the_last_volume():
    assert time_to_progression([0, 7, 14, 21], [100, 90, 180, 300]) == (14.0, True)
    assert time_to_progression([0, 7, 14], [100, 90, np.nan]) == (7.0, False)
    assert time_to_progression([0, 7], [np.nan, 90]) is None


def test_freireichs_remission_times():
    found = kaplan_meier(MP6, MP6_SEEN)
    told = {time: round(share, 3) for time, share in zip(found.times, found.survival, strict=True)}
    assert [told[t] for t in (6, 7, 10, 13, 16, 22, 23)] == [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert found.median.value == 23
    assert (found.n, found.events) == (21, 9)
    # R survival 3: survfit(conf.type = "log-log") gives 13 and NA
    assert found.median.ci_low == 13
    assert np.isnan(found.median.ci_high)
    assert found.low[0] == pytest.approx(0.620, abs=5e-4)
    assert found.high[0] == pytest.approx(0.952, abs=5e-4)
    test = log_rank({"6-MP": (MP6, MP6_SEEN), "placebo": (PLACEBO, np.ones(21))})
    assert test.chi_square == pytest.approx(16.79, abs=0.005)
    assert test.p < 1e-4


def test_without_censoring_the_curve_is_the_share_alive():
    found = kaplan_meier([1, 2, 3, 4], [1, 1, 1, 1])
    assert found.survival == pytest.approx([0.75, 0.5, 0.25, 0.0])
    assert found.median.value == 2


def test_what_cannot_be_had_is_said():
    assert "no event" in kaplan_meier([1, 2], [0, 0]).median.reason
    assert "no subject" in kaplan_meier([], []).median.reason
    assert "fewer than half" in kaplan_meier([1, 2, 3], [1, 0, 0]).median.reason
    assert "two groups" in log_rank({"a": ([1], [1]), "b": ([], [])}).reason
    assert "no event" in log_rank({"a": ([1], [0]), "b": ([2], [0])}).reason
    with pytest.raises(InputError):
        kaplan_meier([0.0], [1])
