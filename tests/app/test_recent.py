"""Kits that were opened are found again, by what tells nothing of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from app import recent, settings
from app.recent import forget, recent_kits, remember, several_raters
from core.reading.protocol import load_protocol
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.store import Study
from tests.core.study.conftest import scan_images


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(settings, "settings_path", lambda: tmp_path / "config" / "settings.json")
    monkeypatch.setattr(recent, "recent_path", lambda: tmp_path / "state" / "recent.json")
    monkeypatch.setattr(recent, "demo_folder", lambda: tmp_path / "demo")
    return tmp_path / "state" / "recent.json"


def kit(path: Path, rater: str = "A. Reader", session: int = 1, signed: int = 0) -> SimpleNamespace:
    """What `remember` asks of a kit."""
    path.mkdir(parents=True, exist_ok=True)
    cases = [SimpleNamespace(training=False, status="signed" if n < signed else "open") for n in range(4)]
    return SimpleNamespace(path=path, rater=rater, session=session, cases=lambda: cases)


def test_the_last_kit_comes_first_as_it_was_when_it_was_closed(tmp_path):
    remember(kit(tmp_path / "a.kit"))
    remember(kit(tmp_path / "b.kit", session=2))
    remember(kit(tmp_path / "a.kit", signed=3))
    assert [(each.number, each.session, each.signed, each.cases) for each in recent_kits()] == [
        (1, 1, 3, 4),
        (2, 2, 0, 4),
    ]


def test_no_more_than_five_are_shown_and_none_that_is_gone(tmp_path):
    for number in range(8):
        remember(kit(tmp_path / f"{number}.kit"))
    assert [each.number for each in recent_kits()] == [8, 7, 6, 5, 4]
    (tmp_path / "7.kit").rmdir()
    assert [each.number for each in recent_kits()] == [7, 6, 5, 4, 3]


def test_a_kit_keeps_its_number(tmp_path):
    remember(kit(tmp_path / "a.kit"))
    remember(kit(tmp_path / "b.kit"))
    forget()
    assert recent_kits() == ()
    remember(kit(tmp_path / "b.kit"))
    remember(kit(tmp_path / "c.kit"))
    remember(kit(tmp_path / "b.kit"))
    assert [(Path(each.path).name, each.number) for each in recent_kits()] == [("b.kit", 1), ("c.kit", 2)]


def test_the_demo_has_a_door_of_its_own(tmp_path):
    remember(kit(tmp_path / "demo" / "kits" / "you.kit"))
    assert recent_kits() == ()


def test_nobody_is_named_and_nobody_else_can_read_the_list(tmp_path, place):
    remember(kit(tmp_path / "a.kit", rater="Ann Example"))
    assert b"example" not in place.read_bytes().lower()
    assert set(json.loads(place.read_text())[0]) == {"path", "number", "session", "signed", "cases", "rater"}
    if os.name == "posix":
        assert place.stat().st_mode & 0o077 == 0


def test_the_list_holds_nothing_of_a_real_kit_but_its_place_and_how_far_it_is(dealt_for_list, place):
    """Of a kit as it is dealt, read from the file that the list is kept in."""
    path, identities = dealt_for_list
    with Kit.open(path) as kit:
        remember(kit)
        aliases = [case.alias for case in kit.cases()]
    held = place.read_bytes()
    assert str(path).encode() in held
    assert not [word for word in (*identities, *aliases, kit.kit_id, kit.study_id) if word.encode() in held]
    assert kit.rater.encode() not in held
    # nor does a copy of it stay beside the list
    assert [file.name for file in place.parent.iterdir()] == [place.name]


@pytest.fixture
def dealt_for_list(tmp_path) -> tuple[Path, tuple[str, ...]]:
    """A kit of one scan, and what must not be told of it."""
    names = ("subject-seven", "group-magnet", "visit-week-two", "/scans/subject-seven")
    subject, group, visit, source = names
    protocol = load_protocol(Path(__file__).parents[2] / "resources" / "protocols" / "tumour-and-nodes.yaml")
    with Study.create(tmp_path / "study", "study-of-iron") as study:
        study.add_scan(subject, group, visit, scan_images(1), [(source, "0" * 64)])
        made = deal_kit(study, "Ann Example", 1, protocol, tmp_path / "a.kit")
    return made.path, (*names, "study-of-iron")


def test_kits_of_several_raters_are_told_apart(tmp_path):
    remember(kit(tmp_path / "a.kit"))
    remember(kit(tmp_path / "b.kit"))
    assert not several_raters(recent_kits())
    remember(kit(tmp_path / "c.kit", rater="B. Reader"))
    assert several_raters(recent_kits())


@pytest.mark.parametrize(
    "text", ["", "[", "{}", "[1]", '[{"path": "x"}]', '[{"path": 1, "number": 1, "session": 1}]']
)
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
