"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# the same examples on every run, so that a change and not chance decides; `make soak` draws anew
settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
settings.register_profile("drawn", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("FERROREAD_HYPOTHESIS", "fixed"))

# before Qt is imported anywhere: the suite needs no display
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real and reference data, beside the checkout."""
    if not SHARED_DATA.is_dir():
        pytest.skip("../shared/data is not beside this checkout")
    return SHARED_DATA
