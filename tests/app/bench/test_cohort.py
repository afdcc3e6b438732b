from __future__ import annotations

import pytest

from app.bench import cohort
from core.progress import Silent

pytestmark = pytest.mark.soak


def test_what_a_small_cohort_costs_is_measured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cohort, "ROUNDS", 1)
    monkeypatch.setattr(cohort, "SCANS_A_ROUND", 4)
    monkeypatch.setattr(cohort, "WARM", 1)
    monkeypatch.setattr(cohort, "COUNTS", (2, 12))
    monkeypatch.setattr(cohort, "TABLE_LINES", (100, 1000))
    found = cohort.measure(Silent())
    assert 0 < found["efficiency"]["workers"] < 2
    assert set(found["seconds_per_scan"]) == {"2", "12"}
    # a handful, however many scans there are
    assert 2 <= found["scheduler_tasks"] <= 8
    assert 100 < found["bytes_kept_per_scan"] < 10_000
    assert found["projection"]["memory_bytes"] == 1_000_000 * found["bytes_kept_per_scan"]
    assert "a million scans: " in cohort.told(found)
