from __future__ import annotations

from pathlib import Path

import pytest

from core.imaging.geometry import Geometry
from core.reading.protocol import Protocol, load_protocol
from core.reading.reading import Reading

PROTOCOL = Path(__file__).parents[3] / "resources" / "protocols" / "tumour-and-nodes.yaml"


@pytest.fixture(scope="session")
def protocol() -> Protocol:
    return load_protocol(PROTOCOL)


@pytest.fixture
def reading() -> Reading:
    return Reading("KDX42", Geometry.axial((3, 6, 5), (1.0, 0.5, 0.5)))
