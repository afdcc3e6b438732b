"""Signed readings come back whole, in the scan's own place, once; what is not right stays outside."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from core.errors import AppError, InputError, StoreError
from core.reading.proposed import take_proposed
from core.reading.protocol import Protocol
from core.reading.roi_edits import change_roi, remove_roi
from core.statistics.analysis import analyse
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.sealing import unwrap, wrap
from core.study.store import Study
from tests.core.study.conftest import SHAPE, read_case, scan_images
from tests.core.study.test_kit import without_triggers
from tests.signing import sign_as_rater


def read(path: Path, count: int, start: int = 0) -> list[str]:
    """Read and sign some cases of a kit; return their aliases."""
    with Kit.open(path) as kit:
        aliases = [case.alias for case in kit.cases()[start : start + count]]
        for number, alias in enumerate(aliases):
            read_case(kit, alias, confidence=number % 5 + 1)
    return aliases


def test_a_signed_reading_comes_back_in_the_scans_own_place(study: Study, kit_path: Path) -> None:
    alias = read(kit_path, 1)[0]
    assert collect(study, kit_path).taken == 1
    found = study.signed_readings()[0]
    entry = next(entry for entry in study.key_entries() if entry.alias == alias)
    assert (found.subject, found.group, found.visit) == (entry.subject, entry.group, entry.visit)
    assert (found.rater, found.session, found.alias, found.field_t) == ("Rater A", 1, alias, 3.0)
    assert found.answers == {("detection_confidence", "a" * 32): 1, ("margin_conspicuity", None): 3}
    assert found.answer_seconds["margin_conspicuity", None] == 5.0 and found.seconds == 5.0
    grid = study.images(found.scan_id).echoes.geometry
    # the mark was set half a mm off the centre of the kit's picture
    centre = grid.to_mm((np.array(SHAPE) - 1) / 2)
    np.testing.assert_allclose(
        found.marks["a" * 32].position_mm, centre + np.array([0.5, 0.5, 0.0]), atol=1e-9
    )
    tumour = next(roi for roi in found.rois.values() if roi.kind == "tumour")
    assert tumour.geometry.same_grid(grid, tolerance_mm=1e-9)
    assert tumour.mask[1, 2:4, 3:7].all() and tumour.voxels == 8
    assert study.data().protocols[found.protocol_sha256].id == "tumour-and-nodes"


def test_analyses_tell_which_regions_were_proposed_and_which_of_them_changed(
    study: Study, kit_path: Path
) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias, sign=False)
        for kind, number in (("reference", 1), ("noise", 2)):
            kit.record(alias, remove_roi(kit.reading(alias), f"{number}" * 32))
            coverage = np.zeros(SHAPE, np.uint8)
            coverage[1, 5 + number : 7 + number, 3:7] = 255
            kit.record(alias, take_proposed(kit.reading(alias), kind, coverage)[0])
        air = kit.reading(alias).roi("noise")
        assert air is not None
        kit.record(alias, change_roi(air, air.coverage // 2))
        sign_as_rater(kit, alias)
    collect(study, kit_path)
    tables = analyse(study.data()).tables
    told = {row["roi"]: row["proposed"] for row in tables["rois"].rows}
    assert told == {"tumour": "", "reference": "as proposed", "noise": "changed"}
    answers = {row["question"]: row["value"] for row in tables["answers"].rows}
    assert answers["proposed_reference"] == "as proposed" and answers["proposed_air"] == "changed"


def test_unsigned_cases_stay_and_collecting_again_takes_only_what_is_new(
    study: Study, kit_path: Path
) -> None:
    read(kit_path, 2)
    first = collect(study, kit_path)
    assert (first.taken, first.known, first.unsigned) == (2, 0, 2)
    again = collect(study, kit_path)
    assert (again.taken, again.known, again.unsigned) == (0, 2, 2)
    read(kit_path, 1, start=2)
    third = collect(study, kit_path)
    assert (third.taken, third.known, third.unsigned) == (1, 2, 1)
    assert len(study.signed_readings()) == 3
    assert study.kits()[0].collected == 3 and study.kits()[0].cases == 4
    study.verify()


def test_a_kit_of_another_study_or_of_none_is_refused(
    study: Study, kit_path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    with Study.create(tmp_path / "other", "Other") as other:
        other.add_scan("m", "g", "v", scan_images(1))
        foreign = deal_kit(other, "Rater A", 1, protocol, tmp_path / "foreign.kit").path
        with pytest.raises(InputError, match="belongs to another study"):
            collect(other, kit_path)
    with pytest.raises(InputError, match="belongs to another study"):
        collect(study, foreign)
    without_triggers(foreign, f"UPDATE kit SET study_id = '{study.study_id}'")
    with pytest.raises(InputError, match="was not dealt by this study"):
        collect(study, foreign)
    with pytest.raises(StoreError, match="is not a kit"):
        collect(study, tmp_path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answers SET value = 5",
        "UPDATE rois SET sha256 = ''",
        "DELETE FROM audit WHERE sequence = 4",
        "UPDATE signatures SET record = 'null'",
        "UPDATE signatures SET record = '{}'",
        "UPDATE cases SET grid = 'x'",
        "UPDATE cases SET step_index = 7",
        "UPDATE kit SET protocol = 'id: x'",
        "DELETE FROM kit",
        "UPDATE audit SET content = '[1]'",
        "UPDATE images SET file = '../../../etc/passwd'",
        "INSERT INTO images VALUES ('GHOST', 'anatomy', 0, 'x.nii', '', NULL, 0)",
        "DROP TABLE rois",
    ],
)
def test_an_altered_kit_brings_nothing_in(study: Study, kit_path: Path, statement: str) -> None:
    read(kit_path, 1)
    without_triggers(kit_path, "PRAGMA foreign_keys = OFF", statement)
    with pytest.raises(AppError) as caught:
        collect(study, kit_path)
    assert "\n" not in str(caught.value)
    assert study.signed_readings() == () and study.kits()[0].collected == 0


def test_a_kit_made_anew_around_other_pictures_is_not_the_one_dealt(
    study: Study, kit_path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    """All hashes and signatures of the forgery hold; only the study knows what it dealt."""
    twin = shutil.copytree(study.path, tmp_path / "twin")
    connection = sqlite3.connect(twin / "study.sqlite", isolation_level=None)
    kit_id = connection.execute("SELECT kit_id FROM kits").fetchone()[0]
    for name in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name[0]}")
    connection.execute("DELETE FROM kit_cases")
    connection.execute("DELETE FROM kits")
    connection.close()
    with Study.open(twin) as other:
        other.refuse_altered = lambda: None  # a forger's program asks for nothing
        forged = deal_kit(other, "Rater A", 1, protocol, tmp_path / "forged.kit", seed="9").path
    with Kit.open(forged) as kit:
        old = kit.kit_id
    without_triggers(forged, f"UPDATE kit SET kit_id = '{kit_id}'")
    assert old != kit_id
    with pytest.raises(StoreError, match="audit record 1 and the kit differ"):
        collect(study, forged)
    # and with the record and its hash made to fit
    from core.study.audit import START, digest

    connection = sqlite3.connect(forged / "kit.sqlite", isolation_level=None)
    content = connection.execute("SELECT content FROM audit").fetchone()[0].replace(old, kit_id)
    for alias, step, wrapped in connection.execute("SELECT * FROM seals").fetchall():
        again = wrap(unwrap(wrapped, old, alias, step), kit_id, alias, step)
        connection.execute("UPDATE seals SET wrapped = ? WHERE alias = ?", (again, alias))
        content = content.replace(hashlib.sha256(wrapped).hexdigest(), hashlib.sha256(again).hexdigest())
    sha256 = digest(f"1\n{START}\n{content}")
    connection.execute("UPDATE audit SET content = ?, sha256 = ?", (content, sha256))
    connection.close()
    read(forged, 1)
    with Kit.open(forged) as kit:
        kit.verify()
    with pytest.raises(StoreError, match="audit record 1 is not the one with which the kit was dealt"):
        collect(study, forged)


def test_an_older_copy_of_a_kit_is_found(study: Study, kit_path: Path, tmp_path: Path) -> None:
    read(kit_path, 1)
    backup = shutil.copytree(kit_path, tmp_path / "backup.kit")
    read(kit_path, 1, start=1)
    assert collect(study, kit_path).taken == 2
    with pytest.raises(StoreError, match="was collected before and now is missing; this is an older copy"):
        collect(study, backup)
    # read on from the backup: another history with records of the same numbers
    read(backup, 1, start=2)
    with pytest.raises(StoreError, match="was collected before and now differs"):
        collect(study, backup)
    assert len(study.signed_readings()) == 2


def test_a_kit_that_the_rater_has_open_is_not_collected(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path), pytest.raises(StoreError, match="open in another program"):
        collect(study, kit_path)


def test_a_failure_in_the_middle_takes_nothing(
    study: Study, kit_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.study import collecting

    read(kit_path, 2)
    calls = []

    def fail_second(mask: object) -> bytes:
        calls.append(mask)
        if len(calls) > 4:
            raise StoreError("the disk is full")
        return b"x"

    monkeypatch.setattr(collecting, "packed_coverage", fail_second)
    with pytest.raises(StoreError, match="full"):
        collect(study, kit_path)
    assert study.signed_readings() == ()
    monkeypatch.undo()
    assert collect(study, kit_path).taken == 2


def test_the_study_keeps_the_kits_own_audit_trail(study: Study, kit_path: Path) -> None:
    import sqlalchemy as sa

    from core.study import tables

    read(kit_path, 1)
    with Kit.open(kit_path) as kit:
        records = kit.audit_records()
    collect(study, kit_path)
    with study.database.transaction() as connection:
        kept = connection.execute(sa.select(tables.kit_audit).order_by(tables.kit_audit.c.sequence)).all()
    assert [row.sha256 for row in kept] == [record.sha256 for record in records]
    assert [row.content for row in kept] == [record.content for record in records]
