"""What the program remembers for a person between sessions: how things look, never what was looked at."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from platformdirs import user_config_path

from core.errors import InputError
from core.files import whole_file


@dataclass
class Settings:
    """Everything that is kept. No path, alias or name belongs here: blinding holds for settings too."""

    smooth: bool = True
    show_texts: bool = True
    show_crosshair: bool = True
    overlay_opacity: float = 0.6
    brush_mm: float = 1.0
    mouse_preset: str = "pacs"
    mouse: dict[str, str] = field(default_factory=dict)  # input -> what it does, where not as in the preset
    keys: dict[str, str] = field(default_factory=dict)  # action -> key, where not the usual one
    language: str = ""  # of app.language.LANGUAGES; "": the system's


def settings_path() -> Path:
    """Return where the settings file lies."""
    return user_config_path("ferroread", appauthor=False) / "settings.json"


def load_settings() -> Settings:
    """Return what was kept; the defaults for what is missing, damaged or of another kind."""
    try:
        kept = json.loads(settings_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Settings()
    settings = Settings()
    for entry in fields(Settings):
        value = kept.get(entry.name) if isinstance(kept, dict) else None
        if type(value) is not type(getattr(settings, entry.name)):
            continue
        if not isinstance(value, dict) or all(isinstance(text, str) for text in value.values()):
            setattr(settings, entry.name, value)
    return settings


def save_settings(settings: Settings) -> None:
    """Keep the settings; a folder that cannot be written is no reason to trouble anybody."""
    try:
        with whole_file(settings_path(), force=True) as draft:
            draft.write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")
    except (InputError, OSError):
        return
