from __future__ import annotations

import pytest

from app.bench import volume
from core.progress import Silent
from tests.widgets.graphics import needs_graphics


@pytest.mark.soak
def test_a_small_volume_is_measured_in_the_real_window():
    needs_graphics()
    found = volume.measure(Silent(), side=24, runs=1)
    assert found["voxels"] == [24, 24, 24]
    assert 0 < found["first_picture_s"] <= found["full_picture_s"]
    assert 0 < found["turning_ms"]["median"] <= found["turning_ms"]["p95"]
    assert volume.told(found).startswith("3D of 24 × 24 × 24: first picture")
