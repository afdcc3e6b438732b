"""What the program remembers for a person between sessions: how things look, never what was looked at.

Raters that share an account of the computer have settings each, in files named by a salted hash of the
rater's name: who reads the folder finds no name in it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from platformdirs import user_config_path

from core.errors import InputError
from core.files import whole_file


@dataclass
class Settings:
    """Everything that is kept. No path, alias or name belongs here: blinding holds for settings too."""

    theme: str = "dark"
    still: bool = False  # nothing moves by itself
    smooth: bool = True
    show_texts: bool = True
    show_crosshair: bool = True
    overlay_opacity: float = 0.6
    # as in app.reading.drawing.ToolOptions
    brush_mm: float = 1.0
    spread_sd: float = 2.5
    within_mm: float = 10.0
    margin_mm: float = 0.5
    solid: bool = False
    mouse_preset: str = "pacs"
    mouse: dict[str, str] = field(default_factory=dict)  # input -> what it does, where not as in the preset
    keys: dict[str, str] = field(default_factory=dict)  # action -> key, where not the usual one
    language: str = ""  # of app.language.LANGUAGES; "": the system's


# no number is negative; a damaged file holds anything
_MOST = {"overlay_opacity": 1.0}
_MOST_MM = 1000.0


def settings_path() -> Path:
    """Return where the account's settings lie: those of whoever has none of their own."""
    return user_config_path("ferroread", appauthor=False) / "settings.json"


def rater_key(rater: str) -> str:
    """Return what stands for a rater in files: the same for the same name, on this account alone.

    "" where nothing can be kept. How a name is capitalised or spaced makes no other rater.
    """
    name = " ".join(unicodedata.normalize("NFKC", rater).casefold().split())
    salt = _salt()
    return hashlib.blake2b(name.encode(), key=salt, digest_size=16).hexdigest() if name and salt else ""


def load_settings(rater: str = "") -> Settings:
    """Return what was kept of a rater, else of the account; defaults for what is missing or damaged."""
    places = (_place(rater), settings_path()) if rater else (settings_path(),)
    for place in places:
        kept = _kept(place)
        if kept is not None:
            return kept
    return Settings()


def save_settings(settings: Settings, rater: str = "") -> None:
    """Keep the settings; a folder that cannot be written is no reason to trouble anybody."""
    try:
        with whole_file(_place(rater) if rater else settings_path(), force=True) as draft:
            draft.write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")
    except (InputError, OSError):
        return


def change_settings(**changed: object) -> None:
    """Keep other values of some of the account's entries; the others stay as they were kept."""
    save_settings(replace(load_settings(), **changed))  # type: ignore[arg-type]


def _place(rater: str) -> Path:
    return settings_path().parent / "raters" / f"{rater_key(rater)}.json"


def _kept(place: Path) -> Settings | None:
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(kept, dict):
        return None
    settings = Settings()
    for entry in fields(Settings):
        value = kept.get(entry.name)
        if type(value) is not type(getattr(settings, entry.name)):
            continue
        if isinstance(value, float) and not 0 <= value <= _MOST.get(entry.name, _MOST_MM):
            continue
        if not isinstance(value, dict) or all(isinstance(text, str) for text in value.values()):
            setattr(settings, entry.name, value)
    return settings


def _salt() -> bytes:
    """Return the account's salt, made when it is first asked for; empty where it cannot be kept."""
    place = settings_path().parent / "raters" / "salt"
    for _ in range(2):
        try:
            return bytes.fromhex(place.read_text(encoding="ascii"))
        except (OSError, ValueError):
            pass
        try:
            # not over one that another window has just made
            with whole_file(place, force=place.exists()) as draft:
                draft.write_text(secrets.token_hex(16), encoding="ascii")
        except (InputError, OSError):
            pass
    return b""
