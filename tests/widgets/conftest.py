from __future__ import annotations

import pytest

from app.theme import dress


@pytest.fixture(autouse=True)
def dressed(qapp):
    if not qapp.styleSheet():
        dress(qapp)
