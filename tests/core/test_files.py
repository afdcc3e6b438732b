"""Files appear whole or not at all, and never over somebody's work."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from core.errors import InputError
from core.files import RESULT_LIST, sha256, whole_file, whole_folder


class InterruptedWorkError(Exception):
    """Stands for anything that goes wrong half-way."""


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "new" / "table.csv"
    with whole_file(target) as draft:
        draft.write_text("a,b\n")
        assert not target.exists()
    assert target.read_text() == "a,b\n"
    assert leftovers(target.parent) == ["table.csv"]


def test_a_file_half_written_never_appears(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")
    with pytest.raises(InterruptedWorkError), whole_file(target, force=True) as draft:
        draft.write_text("new, but ha")
        raise InterruptedWorkError
    assert target.read_text() == "old"
    assert leftovers(tmp_path) == ["table.csv"]


def test_nothing_is_overwritten_without_force(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    target.write_text("old")
    with pytest.raises(InputError, match="--force"), whole_file(target):
        pytest.fail("the block must not run")
    with whole_file(target, force=True) as draft:
        draft.write_text("new")
    assert target.read_text() == "new"


def test_a_file_that_appeared_meanwhile_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    with pytest.raises(InputError, match="already exists"), whole_file(target) as draft:
        draft.write_text("ours")
        target.write_text("theirs")
    assert target.read_text() == "theirs"


def test_a_folder_appears_whole_and_replaces_only_with_force(tmp_path: Path) -> None:
    target = tmp_path / "out"
    target.mkdir()  # empty counts as absent
    with whole_folder(target) as draft:
        (draft / "map.json").write_text("1")
    with pytest.raises(InputError, match="already exists"), whole_folder(target):
        pytest.fail("the block must not run")
    with pytest.raises(InterruptedWorkError), whole_folder(target, force=True) as draft:
        (draft / "two").write_text("2")
        raise InterruptedWorkError
    assert leftovers(target) == [RESULT_LIST, "map.json"]
    (target / ".DS_Store").write_text("a file manager's")
    with whole_folder(target, force=True) as draft:
        (draft / "two").write_text("2")
    assert leftovers(target) == [RESULT_LIST, "two"]
    assert leftovers(tmp_path) == ["out"]


def test_force_never_removes_what_somebody_put_beside_an_earlier_result(tmp_path: Path) -> None:
    target = tmp_path / "out"
    with whole_folder(target) as draft:
        (draft / "map.json").write_text("1")
    (target / "notes").mkdir()
    (target / "notes" / "diary.txt").write_text("saw something odd")
    with pytest.raises(InputError, match=r"notes/diary\.txt"), whole_folder(target, force=True):
        pytest.fail("the block must not run")
    assert (target / "map.json").read_text() == "1"


def test_force_never_removes_a_folder_that_is_not_an_earlier_result(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("three years")
    with pytest.raises(InputError, match="not an earlier result"), whole_folder(tmp_path, force=True):
        pytest.fail("the block must not run")
    assert leftovers(tmp_path) == ["thesis.docx"]


def test_a_study_is_no_result_to_be_replaced(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "a.study", result=False) as draft:
        (draft / "study.sqlite").write_text("work")
    with (
        pytest.raises(InputError, match=r"choose another place$"),
        whole_folder(tmp_path / "a.study", result=False),
    ):
        pytest.fail("the block must not run")
    with pytest.raises(InputError, match="not an earlier"), whole_folder(tmp_path / "a.study", force=True):
        pytest.fail("the block must not run")


def test_force_never_turns_a_file_into_a_folder_nor_a_folder_into_a_file(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("mine")
    with pytest.raises(InputError, match="is a file"), whole_folder(table, force=True):
        pytest.fail("the block must not run")
    assert table.read_text() == "mine"
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="is a folder"), whole_file(tmp_path / "folder", force=True):
        pytest.fail("the block must not run")


@pytest.mark.skipif(os.name == "nt", reason="folders are not synced there")
def test_what_cannot_be_made_anew_is_on_disk_before_it_takes_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study's transaction follows and waits for the disk: what it names must survive a power cut too."""
    synced: list[int] = []
    fsync, replace, seen = os.fsync, Path.replace, dict[str, set[int]]()

    def noted(place: int) -> None:
        synced.append(os.fstat(place).st_ino)
        fsync(place)

    def renamed(draft: Path, path: Path) -> Path:
        seen["due"] = {each.stat().st_ino for each in (draft, *draft.rglob("*"))}
        seen["done"] = set(synced)
        synced.clear()
        return replace(draft, path)

    monkeypatch.setattr(os, "fsync", noted)
    monkeypatch.setattr(Path, "replace", renamed)
    with whole_folder(tmp_path / "a.kit", result=False) as draft:
        (draft / "images" / "one").mkdir(parents=True)
        (draft / "images" / "one" / "echoes.nii").write_bytes(b"pixels")
    assert seen["due"] <= seen["done"] and len(seen["due"]) == 4
    assert synced == [tmp_path.stat().st_ino]
    with whole_file(tmp_path / "table.csv") as draft:
        draft.write_text("1")
    assert seen["due"] <= seen["done"] and synced == [tmp_path.stat().st_ino]


def test_a_full_disk_names_what_was_not_written(tmp_path: Path) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    with (
        pytest.raises(InputError, match=r"table.csv was not written .*No space"),
        whole_file(tmp_path / "table.csv"),
    ):
        raise full
    with pytest.raises(InputError, match="maps was not written"), whole_folder(tmp_path / "maps"):
        raise full
    assert leftovers(tmp_path) == []


def test_what_a_killed_run_left_is_swept_a_day_later(tmp_path: Path) -> None:
    stages = [tmp_path / f".ferroread-{name}" for name in ("yesterday", "now", "between-renames")]
    for stage in stages:
        (stage / ("old" if stage.name.endswith("renames") else "draft")).mkdir(parents=True)
    for stage in (stages[0], stages[2]):
        for path in (*stage.iterdir(), stage):
            os.utime(path, (0, 0))
    with whole_file(tmp_path / "table.csv") as draft:
        draft.write_text("1")
    assert leftovers(tmp_path) == [".ferroread-between-renames", ".ferroread-now", "table.csv"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made"), whole_file(tmp_path / "file" / "table.csv"):
        pytest.fail("the block must not run")


def test_sha256_is_the_known_digest(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
