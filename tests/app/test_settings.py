from __future__ import annotations

import json
from dataclasses import fields

import pytest

from app import settings
from app.settings import Settings, load_settings, rater_key, save_settings


@pytest.fixture
def path(tmp_path, monkeypatch):
    place = tmp_path / "config" / "settings.json"
    monkeypatch.setattr(settings, "settings_path", lambda: place)
    return place


def test_settings_come_back(path):
    save_settings(Settings(smooth=False, brush_mm=2.5))
    assert load_settings() == Settings(smooth=False, brush_mm=2.5)


@pytest.mark.parametrize(
    "text",
    [
        "", "not json", "[1, 2]", "[" * 100_000, '{"smooth": "yes", "brush_mm": null, "x": 1}',
        '{"overlay_opacity": 77.0, "brush_mm": 1e308, "spread_sd": NaN, "within_mm": -1.0}',
    ],
    ids=["empty", "no json", "a list", "deep", "other types", "numbers out of range"],
)  # fmt: skip
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
    assert words == {"theme", "mouse_preset", "mouse", "keys", "language"}


def test_each_rater_has_settings_of_their_own(path):
    save_settings(Settings(brush_mm=1.5), "A. Reader")
    save_settings(Settings(brush_mm=2.5), "B. Reader")
    save_settings(Settings(brush_mm=3.5))
    assert load_settings("A. Reader").brush_mm == 1.5
    assert load_settings("B. Reader").brush_mm == 2.5
    assert load_settings().brush_mm == 3.5


def test_a_new_rater_begins_with_what_the_account_has(path):
    save_settings(Settings(language="de"))
    assert load_settings("A. Reader").language == "de"
    save_settings(Settings(language="en"), "A. Reader")
    assert load_settings().language == "de"


def test_a_name_is_the_same_however_it_is_spaced_and_capitalised(path):
    save_settings(Settings(brush_mm=1.5), "Dr José  Reader ")
    assert load_settings("dr JOSE\u0301 reader").brush_mm == 1.5
    assert load_settings("Dr Jose Reader") == Settings()


def test_no_name_can_be_read_in_the_folder_of_settings(path):
    for name in ("Ann Example", "Bo Example"):
        save_settings(Settings(), name)
    files = [file for file in path.parent.rglob("*") if file.is_file()]
    assert len(files) == 3  # two raters and the salt
    written = b"".join(str(file).encode() + file.read_bytes() for file in files).lower()
    assert not any(word in written for word in (b"ann", b"bo ", b"example"))


def test_another_account_has_another_salt(path, tmp_path, monkeypatch):
    """What stands for a rater here cannot be looked up in a table made elsewhere."""
    here = rater_key("A. Reader")
    assert here == rater_key("A. Reader") != rater_key("B. Reader")
    monkeypatch.setattr(settings, "settings_path", lambda: tmp_path / "other" / "settings.json")
    assert rater_key("A. Reader") not in ("", here)


@pytest.mark.parametrize("salt", ["", "no salt"])
def test_a_damaged_salt_is_made_anew(path, salt):
    save_settings(Settings(brush_mm=1.5), "A. Reader")
    (path.parent / "raters" / "salt").write_text(salt)
    # what was kept cannot be found any more, and is not another's
    assert load_settings("A. Reader") == Settings()
    save_settings(Settings(brush_mm=2.5), "A. Reader")
    assert load_settings("A. Reader").brush_mm == 2.5


def test_where_no_salt_can_be_kept_the_account_s_settings_hold(path):
    path.parent.mkdir()
    (path.parent / "raters").write_text("a file stands where the folder should be")
    save_settings(Settings(brush_mm=3.5))
    save_settings(Settings(brush_mm=1.5), "A. Reader")
    assert rater_key("A. Reader") == ""
    assert load_settings("A. Reader").brush_mm == 3.5
