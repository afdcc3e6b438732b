"""The reference data of statistics, and its answers."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def answers(shared_data: Path) -> dict[str, Any]:
    return json.loads((shared_data / "statistics" / "answers.json").read_text())


@pytest.fixture(scope="session")
def reference_rows(shared_data: Path):
    """Rows of a reference table as dicts of text."""

    def read(name: str) -> list[dict[str, str]]:
        with (shared_data / "statistics" / "data" / f"{name}.csv").open(newline="") as stream:
            return list(csv.DictReader(stream))

    return read
