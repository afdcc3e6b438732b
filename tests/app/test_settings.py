from __future__ import annotations

import json
from dataclasses import fields

import pytest

from app import settings
from app.settings import Settings, load_settings, save_settings


@pytest.fixture
def path(tmp_path, monkeypatch):
    place = tmp_path / "config" / "settings.json"
    monkeypatch.setattr(settings, "settings_path", lambda: place)
    return place


def test_settings_come_back(path):
    save_settings(Settings(smooth=False, brush_mm=2.5))
    assert load_settings() == Settings(smooth=False, brush_mm=2.5)


@pytest.mark.parametrize("text", ["", "not json", "[1, 2]", '{"smooth": "yes", "brush_mm": null, "x": 1}'])
def test_damaged_settings_are_the_defaults(path, text):
    path.parent.mkdir()
    path.write_text(text)
    assert load_settings() == Settings()


def test_a_folder_that_cannot_be_made_troubles_nobody(path):
    path.parent.write_text("a file stands where the folder should be")
    save_settings(Settings())
    assert load_settings() == Settings()


def test_settings_hold_looks_and_nothing_that_could_identify(path):
    save_settings(Settings())
    assert set(json.loads(path.read_text())) == {field.name for field in fields(Settings)}
    words = {field.name for field in fields(Settings) if field.type not in ("bool", "float")}
    # names of inputs, actions, keys and languages, which the program offers and nobody types
    assert words == {"mouse_preset", "mouse", "keys", "language"}
