"""What a later step shows cannot be read from a kit before the step before it is locked."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import numpy as np
import pytest

from core.errors import StoreError
from core.imaging.nifti import nifti_bytes, write_nifti
from core.reading.protocol import Protocol
from core.study import dealing
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.sealing import new_key, seal, unseal, unwrap, wrap
from core.study.store import Study
from tests.core.study.conftest import read_case, scan_images
from tests.core.study.test_dealing import everything_in
from tests.core.study.test_kit import without_triggers


def lock(kit: Kit, alias: str) -> None:
    read_case(kit, alias, sign=False)


def pixels_of_maps(study: Study) -> list[bytes]:
    """A run of every map's values, as any file that holds it in clear has it."""
    found = []
    for scan in study.scans():
        images = study.images(scan.scan_id)
        assert images.r2star_per_s is not None
        found.append(images.r2star_per_s.data.astype("<f4").tobytes()[200:240])
    return found


def test_no_pixel_of_a_later_step_stands_in_a_kit(study: Study, kit_path: Path) -> None:
    held = everything_in(kit_path)
    assert not [run for run in pixels_of_maps(study) if run in held]
    grids = [study.images(scan.scan_id).echoes.magnitude[0] for scan in study.scans()]
    assert all(grid.astype("<u2").tobytes()[:40] in held for grid in grids)  # the search finds what is there
    assert {path.name for path in kit_path.rglob("*.sealed")} == {"r2star.sealed"}


def test_locking_a_step_opens_the_next_one_of_that_case_alone(study: Study, kit_path: Path) -> None:
    of = {entry.alias: entry for entry in study.key_entries()}
    with Kit.open(kit_path) as kit:
        first, other = (case.alias for case in kit.cases()[:2])
        lock(kit, first)
        shown = kit.images(first).volumes["r2star"].data
        assert "r2star" not in kit.images(other).volumes
    scan = next(s for s in study.scans() if (s.subject, s.visit) == (of[first].subject, of[first].visit))
    original = study.images(scan.scan_id).r2star_per_s
    assert original is not None
    np.testing.assert_array_equal(shown, original.data)
    # no file was written beside the kit's own, and nothing is in clear on disk even now
    assert not [run for run in pixels_of_maps(study) if run in everything_in(kit_path)]
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    assert connection.execute("SELECT alias, step_index FROM released").fetchall() == [(first, 1)]
    connection.close()


def test_moving_a_case_on_by_hand_opens_nothing(study: Study, kit_path: Path) -> None:
    without_triggers(kit_path, "UPDATE cases SET step_index = 1")
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        with pytest.raises(StoreError, match=f"the steps of case {alias} were altered"):
            kit.images(alias)
        with pytest.raises(StoreError, match="was altered"):
            kit.verify()


def test_a_key_that_was_put_in_by_hand_is_found(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        first, other = (case.alias for case in kit.cases()[:2])
        lock(kit, first)
    without_triggers(
        kit_path, f"INSERT INTO released SELECT '{other}', 1, step_key FROM released WHERE alias = '{first}'"
    )
    with Kit.open(kit_path) as kit:
        assert "r2star" not in kit.images(other).volumes
        with pytest.raises(StoreError, match=f"the steps of case {other} were altered"):
            kit.verify()
    with pytest.raises(StoreError, match=f"the steps of case {other} were altered"):
        collect(study, kit_path)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM seals",
        "UPDATE seals SET wrapped = x'00'",
        "UPDATE images SET step_index = 0 WHERE role = 'r2star'",
    ],
)
def test_seals_cannot_be_changed_unseen(kit_path: Path, statement: str) -> None:
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    with pytest.raises(sqlite3.IntegrityError, match="cannot be changed"):
        connection.execute(statement)
    connection.close()
    without_triggers(kit_path, statement)
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="audit record 1 and the kit differ"):
        kit.verify()


def test_a_sealed_picture_of_another_case_is_not_shown_as_this_one(kit_path: Path) -> None:
    """Even with hash and name made to fit: what is sealed says whose it is."""
    with Kit.open(kit_path) as kit:
        first, other = (case.alias for case in kit.cases()[:2])
        lock(kit, first)
    source = kit_path / "images" / other / "r2star.sealed"
    (kit_path / "images" / first / "r2star.sealed").write_bytes(source.read_bytes())
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    sql = "SELECT sha256 FROM images WHERE role = 'r2star' AND alias = ?"
    (sha256,) = connection.execute(sql, (other,)).fetchone()
    connection.close()
    without_triggers(
        kit_path, f"UPDATE images SET sha256 = '{sha256}' WHERE role = 'r2star' AND alias = '{first}'"
    )
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="was altered"):
        kit.images(first)


def test_nothing_of_a_later_step_is_ever_written_in_clear(
    study: Study, protocol: Protocol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither in the folder that becomes the kit nor in a folder for temporary files."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    runs = pixels_of_maps(study)
    looked = 0

    def look(case: object) -> object:
        nonlocal looked
        files = [path for path in tmp_path.rglob("*") if path.is_file() and study.path not in path.parents]
        assert not [path for path in files for run in runs if run in path.read_bytes()]
        looked += len(files)
        return case

    deal_cases = dealing.deal_cases
    monkeypatch.setattr(dealing, "deal_cases", lambda *given, **kw: deal_cases(*given, look, **kw))
    path = deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit").path
    with Kit.open(path) as kit:
        lock(kit, kit.cases()[0].alias)
        kit.images(kit.cases()[0].alias)
    assert looked > 4 and list(temporary.iterdir()) == []


def test_bytes_of_a_picture_are_those_of_its_file(tmp_path: Path) -> None:
    volume = scan_images(3).r2star_per_s
    assert volume is not None
    write_nifti(tmp_path / "a.nii", volume)
    assert (tmp_path / "a.nii").read_bytes() == nifti_bytes(volume)


def test_a_seal_opens_with_its_own_key_for_its_own_thing_alone() -> None:
    key, content = new_key(), b"what a later step shows"
    sealed = seal(content, key, "AAAAA r2star 0")
    assert content not in sealed and seal(content, key, "AAAAA r2star 0") != sealed
    assert unseal(sealed, key, "AAAAA r2star 0") == content
    wrong = [
        (sealed, new_key(), "AAAAA r2star 0"),
        (sealed, key, "BBBBB r2star 0"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), key, "AAAAA r2star 0"),
        (sealed[:20], key, "AAAAA r2star 0"),
        (b"", key, "AAAAA r2star 0"),
    ]
    for attempt in wrong:
        with pytest.raises(StoreError, match="what was sealed was altered"):
            unseal(*attempt)
    wrapped = wrap(key, "kit", "AAAAA", 1)
    assert unwrap(wrapped, "kit", "AAAAA", 1) == key and key not in wrapped
    for place in (("tik", "AAAAA", 1), ("kit", "BBBBB", 1), ("kit", "AAAAA", 2)):
        with pytest.raises(StoreError):
            unwrap(wrapped, *place)
