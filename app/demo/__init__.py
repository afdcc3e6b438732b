"""The whole chain on the simulated study: commands for the study, scripted raters in the real window."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path


def demo_folder() -> Path:
    """Return where the demo that the start window makes is kept."""
    return user_data_path("ferroread", appauthor=False) / "demo"
