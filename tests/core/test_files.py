"""Files appear whole or not at all, and never over somebody's work."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import InputError
from core.files import sha256, whole_file, whole_folder


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
    with pytest.raises(InputError, match="already exists"), whole_folder(target, mark="map.json"):
        pytest.fail("the block must not run")
    with pytest.raises(InterruptedWorkError), whole_folder(target, force=True, mark="map.json") as draft:
        (draft / "two").write_text("2")
        raise InterruptedWorkError
    assert leftovers(target) == ["map.json"]
    with whole_folder(target, force=True, mark="map.json") as draft:
        (draft / "two").write_text("2")
    assert leftovers(target) == ["two"]
    assert leftovers(tmp_path) == ["out"]


@pytest.mark.parametrize("mark", ["", "map.json"])
def test_force_never_removes_a_folder_that_is_not_an_earlier_result(tmp_path: Path, mark: str) -> None:
    (tmp_path / "thesis.docx").write_text("three years")
    with (
        pytest.raises(InputError, match="not an earlier result"),
        whole_folder(tmp_path, force=True, mark=mark),
    ):
        pytest.fail("the block must not run")
    assert leftovers(tmp_path) == ["thesis.docx"]


def test_force_never_turns_a_file_into_a_folder(tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("mine")
    with pytest.raises(InputError, match="is a file"), whole_folder(table, force=True, mark="map.json"):
        pytest.fail("the block must not run")
    assert table.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made"), whole_file(tmp_path / "file" / "table.csv"):
        pytest.fail("the block must not run")


def test_sha256_is_the_known_digest(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
