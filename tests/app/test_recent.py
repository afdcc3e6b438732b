"""Kits that were opened are found again, by what tells nothing of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import recent, settings
from app.recent import forget, recent_kits, remember
from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.store import Study
from tests.core.study.conftest import PROTOCOL, read_case, scan_images
from tests.signing import enrol


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(settings, "settings_path", lambda: tmp_path / "config" / "settings.json")
    monkeypatch.setattr(recent, "recent_path", lambda: tmp_path / "state" / "recent.json")
    monkeypatch.setattr(recent, "demo_folder", lambda: tmp_path / "demo")
    return tmp_path / "state" / "recent.json"


def kit(path: Path, *, enrolled: bool = True) -> SimpleNamespace:
    """What `remember` asks of a kit."""
    path.mkdir(parents=True, exist_ok=True)
    return SimpleNamespace(path=path, enrolled=enrolled)


def test_the_kit_that_came_last_is_first_whichever_was_opened_last(tmp_path):
    for name in ("a.kit", "b.kit", "a.kit"):
        remember(kit(tmp_path / name))
    assert [(Path(each.path).name, each.number) for each in recent_kits()] == [("b.kit", 2), ("a.kit", 1)]


def test_no_more_than_five_are_shown_and_none_that_is_gone(tmp_path):
    for number in range(8):
        remember(kit(tmp_path / f"{number}.kit"))
    assert [each.number for each in recent_kits()] == [8, 7, 6, 5, 4]
    (tmp_path / "7.kit").rmdir()
    assert [each.number for each in recent_kits()] == [7, 6, 5, 4, 3]


def test_what_was_forgotten_is_counted_anew(tmp_path):
    remember(kit(tmp_path / "a.kit"))
    remember(kit(tmp_path / "b.kit"))
    forget()
    assert recent_kits() == ()
    remember(kit(tmp_path / "b.kit"))
    assert [(Path(each.path).name, each.number) for each in recent_kits()] == [("b.kit", 1)]


def test_a_kit_that_no_password_keeps_yet_is_not_offered_to_whoever_comes_next(tmp_path):
    """Opening it would name its rater, and let another one choose the password."""
    remember(kit(tmp_path / "a.kit", enrolled=False))
    assert recent_kits() == ()


def test_the_demo_has_a_door_of_its_own(tmp_path):
    remember(kit(tmp_path / "demo" / "kits" / "you.kit"))
    assert recent_kits() == ()


def test_the_list_holds_nothing_of_a_real_kit_but_its_place(dealt_for_list, place):
    """Of a kit as it is dealt, and then of the same kit when it was read."""
    path, before = dealt_for_list, b""
    for read in (False, True):
        with Kit.open(path) as kit:
            enrol(kit)
            if read:
                read_case(kit, kit.cases()[0].alias)
            remember(kit)
        held = place.read_bytes()
        assert json.loads(held) == [str(path)]
        assert held == before or not read
        before = held
    # nor does a copy of it stay beside the list, nor can others read it
    assert [file.name for file in place.parent.iterdir()] == [place.name]
    if os.name == "posix":
        assert place.stat().st_mode & 0o077 == 0


@pytest.fixture
def dealt_for_list(tmp_path) -> Path:
    """A kit of one scan."""
    with Study.create(tmp_path / "study", "study-of-iron") as study:
        study.add_scan("subject-seven", "group-magnet", "visit-week-two", scan_images(1))
        return deal_kit(study, "Ann Example", 1, load_protocol(PROTOCOL), tmp_path / "a.kit").path


@pytest.mark.parametrize("text", ["", "[", "{}", "[1]", '[{"path": "x"}]', "null", '["\\ud800"]'])
def test_a_damaged_list_is_an_empty_one(tmp_path, place, text):
    place.parent.mkdir()
    place.write_text(text)
    assert recent_kits() == ()
    remember(kit(tmp_path / "a.kit"))
    assert len(recent_kits()) == 1


def test_a_list_that_cannot_be_written_troubles_nobody(tmp_path, place):
    place.parent.write_text("a file stands where the folder should be")
    remember(kit(tmp_path / "a.kit"))
    assert recent_kits() == ()
