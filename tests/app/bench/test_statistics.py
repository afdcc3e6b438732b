from __future__ import annotations

import pytest

from app.bench import statistics
from core.progress import Silent


def test_every_table_and_the_bootstraps_of_a_small_study_are_measured(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(statistics, "ANSWERS", 600)
    monkeypatch.setattr(statistics, "DRAWN", 300)
    found = statistics.measure(Silent())
    assert found["answers"] >= 600
    assert {"agreement", "accuracy", "detection", "groups", "tables/table1a"} <= set(found["tables"])
    assert all(times["seconds"] >= 0 for times in found["tables"].values())
    drawn = found["bootstrap"]
    assert drawn["same"]
    assert set(drawn["seconds"]) == {"1", "2"}
    assert drawn["animals"] <= 200
    text = statistics.told(found)
    assert f"{drawn['coefficients']} bootstraps of {drawn['animals']} animals" in text
    assert text.count(" s (processor ") == len(found["tables"])
