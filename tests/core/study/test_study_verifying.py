"""A study that somebody has altered behind the program's back is found out, and the record is named."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import DamagedError, StoreError
from core.reading.protocol import load_protocol
from core.study.adjudicating import deal_adjudication
from core.study.audit import START, digest
from core.study.backups import back_up, backups
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.password import set_password
from core.study.people import people_of
from core.study.sessions import session_facts
from core.study.store import Study
from core.study.study_verifying import anchor_from
from core.study.unblinding import show_key
from tests.core.study.conftest import PASSWORD, PROTOCOL, read_case
from tests.signing import CHEAP, RATERS_PASSWORD


@pytest.fixture(scope="session")
def collected(dealt: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study that has two readings, one of them corrected."""
    folder = tmp_path_factory.mktemp("collected")
    shutil.copytree(dealt / "study", folder / "study")
    kit_path = shutil.copytree(dealt / "A1.kit", folder / "A1.kit")
    with Kit.open(kit_path) as kit:
        for case in kit.cases()[:2]:
            read_case(kit, case.alias)
        kit.correct(case.alias, "a slip", RATERS_PASSWORD)
        kit.sign(case.alias, RATERS_PASSWORD)
    with Study.open(folder / "study") as study:
        collect(study, kit_path)
    return folder / "study"


@pytest.fixture
def path(collected: Path, tmp_path: Path) -> Path:
    return shutil.copytree(collected, tmp_path / "study")


def altered(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path / "study.sqlite", isolation_level=None)
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for statement in (*(f"DROP TRIGGER {name}" for (name,) in names), *statements):
        connection.execute(statement)
    connection.close()


def test_a_study_that_nobody_altered_is_whole(path: Path) -> None:
    with Study.open(path) as study:
        head = study.verify()
        assert head == study.audit_records()[-1]
        assert study.verify((head.sequence, head.sha256)) == head


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE audit SET content = content || ' ' WHERE sequence = 2", "audit record 2 was altered"),
        ("DELETE FROM audit WHERE sequence = 3", "audit record 3 is missing"),
        ("UPDATE kit_audit SET content = content || ' ' WHERE sequence = 4",
         "the kit of Rater A, session 1: audit record 4 was altered"),
        ("DELETE FROM kit_audit WHERE sequence = 4", "session 1: audit record 4 is missing"),
        ("DELETE FROM kit_audit WHERE sequence > 12", "session 1: audit record .* is missing or was altered"),
        ("DELETE FROM kit_audit", "session 1: audit record 1 was altered"),
        ("UPDATE readings SET record = replace(record, '3', '4')", "of case .*, version 1, was altered"),
        ("UPDATE readings SET sha256 = '0'", "of case .*, version 1, was altered"),
        ("UPDATE readings SET ed25519 = zeroblob(64)", "not made with the rater's key"),
        ("DELETE FROM later_rois", "version 2, has other regions than were signed"),
        ("DELETE FROM later_readings", "later_rois names what is not among the later_readings"),
        ("DELETE FROM later_readings; DELETE FROM later_rois",
         "the reading of case .*, version 2, is missing"),
        ("UPDATE reading_rois SET coverage = (SELECT coverage FROM reading_rois WHERE kind = 'noise') "
         "WHERE kind = 'tumour'", "the tumour region of case .* was altered"),
        ("UPDATE reading_rois SET outlines = '[] '", "region of case .* was altered"),
        ("UPDATE targets SET malignant = 0", "audit record .* differ: its targets were altered"),
        ("UPDATE icpms SET iron_ug_per_g = 1", "its icpms were altered"),
        ("UPDATE subjects SET group_name = 'vehicle'", "its subjects were altered"),
        ("UPDATE kit_cases SET shift_x_mm = 0", "its kit_cases were altered"),
        ("UPDATE kits SET seed = ''", "its kits were altered"),
        ("UPDATE sources SET sha256 = ''", "audit record .* and the study differ: its sources were altered"),
        ("INSERT INTO readings SELECT (SELECT alias FROM kit_cases "
         "WHERE alias NOT IN (SELECT alias FROM readings) LIMIT 1), "
         "record, sha256, collected_utc, after_key, ed25519 FROM readings LIMIT 1",
         "the reading of case .*, version 1, was added"),
        ("DELETE FROM kit_cases", "names what is not among the kit_cases; the study is damaged"),
        ("DELETE FROM images WHERE role = 'anatomy'", "its images were altered"),
        ("INSERT INTO kit_audit SELECT 'x', sequence, content, previous, sha256 FROM kit_audit",
         "kit_audit names what is not among the kits"),
    ],
)  # fmt: skip
def test_what_was_altered_is_named(path: Path, statement: str, named: str) -> None:
    altered(path, "PRAGMA foreign_keys = OFF", *statement.split("; "))
    # an analysis of it would be numbers that look right
    for asked in (Study.verify, Study.data):
        with pytest.raises(StoreError, match=named), Study.open(path) as study:
            asked(study)


def test_nothing_is_built_on_an_altered_study(path: Path, tmp_path: Path) -> None:
    """Two scans that change places would be a key with every name another's."""
    with Study.open(path) as study:
        set_password(study, PASSWORD, cost=CHEAP)
    altered(path, "UPDATE kit_cases SET scan_id = (SELECT max(scan_id) FROM scans) WHERE position = 1")
    protocol = load_protocol(PROTOCOL)
    deeds: tuple[Callable[[Study], object], ...] = (
        lambda study: show_key(study, "to see", PASSWORD),
        lambda study: deal_kit(study, "Cleo", 1, protocol, tmp_path / "new.kit"),
        lambda study: deal_adjudication(study, "Cleo", 1, tmp_path / "new.kit"),
        lambda study: collect(study, tmp_path / "any.kit"),
        lambda study: back_up(study, "demand"),
    )
    with Study.open(path) as study:
        assert study.altered() == ["kit_cases"]
        before = study.audit_records()
        for deed in deeds:
            with pytest.raises(StoreError, match="differ: its kit_cases were altered"):
                deed(study)
        since = [record.values["action"] for record in study.audit_records()[len(before) :]]
        assert since == ["right_password"] and backups(path) == [] and list(tmp_path.glob("new*")) == []


@pytest.mark.parametrize(
    ("statement", "named", "asked"),
    [
        (
            "UPDATE scans SET facts = '{'",
            "the facts of a scan are damaged",
            lambda study: study.images(study.scans()[0].scan_id),
        ),
        ("UPDATE scans SET grid = '{'", "the grid of a case is damaged", Study.grids),
        (
            "INSERT INTO calibrations VALUES (3.0, '{}', '')",
            "the calibration of 3.0 T is damaged",
            Study.calibrations,
        ),
        ("UPDATE readings SET record = '{}'", "the reading of case .* was altered", Study.signed_readings),
        (
            f"UPDATE readings SET record = '{{}}', sha256 = '{digest('{}')}'",
            "the reading of case .* was altered",
            Study.signed_readings,
        ),
        ("DELETE FROM later_rois", "has other regions than were signed", Study.signed_readings),
        (
            "UPDATE readings SET collected_utc = 'yesterday'",
            "when session 1 of Rater A was collected is damaged",
            session_facts,
        ),
        (
            "UPDATE images SET role = 'x' WHERE role = 'anatomy'",
            "the list of its pictures is damaged",
            lambda study: study.images(study.scans()[0].scan_id),
        ),
        (
            "INSERT INTO people VALUES (1, 'Anna', 'owner', 1, 0, x'00', x'00', '')",
            "the role of Anna is damaged",
            people_of,
        ),
        (
            "UPDATE kit_audit SET content = replace(content, 'a', 'b') WHERE sequence = 3",
            "a collected kit: audit record 3 was altered; restore the study from a backup",
            session_facts,
        ),
        (
            "UPDATE later_readings SET record = '{'",
            "the reading of case .* was altered",
            Study.signed_readings,
        ),
    ],
)
def test_what_cannot_be_used_any_more_is_damage_where_it_is_asked_for(
    path: Path, statement: str, named: str, asked: Callable[[Study], object]
) -> None:
    altered(path, statement)
    with Study.open(path) as study, pytest.raises(StoreError, match=named):
        asked(study)


def test_a_kits_records_that_nobody_collected_are_found(path: Path) -> None:
    content = '{"action":"deal"}'
    row = f"(1, '{content}', '{START}', '{digest(f'1{chr(10)}{START}{chr(10)}{content}')}')"
    altered(
        path,
        "PRAGMA foreign_keys = OFF",
        "INSERT INTO kits SELECT 'new', 'Ben', 1, seed, protocol_sha256, deal_sha256, dealt_utc, "
        "washout_days, waited_days, washout_reason, purpose FROM kits",
        f"INSERT INTO kit_audit SELECT 'new', * FROM (VALUES {row})",
    )  # fmt: skip
    with (
        Study.open(path) as study,
        pytest.raises(StoreError, match="of Ben, session 1: records are there"),
    ):
        study.verify()


def forged(path: Path, content: str) -> None:
    """Add a record to the chain, as who knows how it is bound."""
    connection = sqlite3.connect(path / "study.sqlite")
    sequence, previous = connection.execute("SELECT max(sequence) + 1, sha256 FROM audit").fetchone()
    sha256 = digest(f"{sequence}\n{previous}\n{content}")
    connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (sequence, content, previous, sha256))
    connection.commit()
    connection.close()


NOW = '"at":"2026-11-26T00:00:00.000Z"'


@pytest.mark.parametrize(
    "content",
    [
        '{"action":"idle"}', '{"action":"idle","at":7}', f'{{{NOW},"action":"idle"}}',
        f'{{"action":{{}},{NOW}}}',
        f'{{"action":"idle",{NOW},"x":NaN}}', f'{{"action":"idle",{NOW},"x":"\\ud800"}}', "[1]", "[" * 99_999,
        *(f'{{"action":"{action}",{NOW}{more}}}' for action, more in (
            ("collect", ""), ("collect", ',"kit":"k","kit_head":7'), ("reset_kit", ',"kit":"k"'),
            ("collect", ',"kit":[],"kit_head":[1,""]'),
            ("reset_kit", ""), ("reset_kit", ',"kit":"k","kit_head":[0,""]'),
            ("tables", ""), ("tables", ',"sha256":7'), ("altered", ""), ("altered", ',"tables":[7]'),
            ("deal", ""), ("deal", ',"kit_id":[]'), ("deal", ',"folder":7,"kit_id":"k"'),
            ("older_copy", ""), ("older_copy", ',"lost":7'), ("older_copy", ',"lost":["line"]'),
            ("older_copy", ',"lost":[{"action":"deal"}]'), ("witness", ',"damaged":[[]]'),
            ("plan", ""), ("plan", ',"protocol":"","raters":"Ann"'), ("idle", ',"alias":{}'),
        )),
    ],
)  # fmt: skip
def test_a_record_that_nothing_can_rely_on_is_told_where_the_study_is_opened(
    path: Path, content: str
) -> None:
    """Its hash is right: somebody computed it anew."""
    forged(path, content)
    with pytest.raises(DamagedError, match=r"audit record \d+ was altered; restore it from a backup"):
        Study.open(path)


@pytest.mark.parametrize(
    ("action", "content"),
    [
        *((action, "substr(content, 1, length(content) - 1)") for action in ("create", "add_scan", "deal")),
        *(("tables", f"'{content}'") for content in (
            '{"action":"tables",', '{"action":"tables","sha256":7}', '{"action":"tables","at":""}', "[1]",
            "7", "null", "",
        )),
    ],
)  # fmt: skip
def test_a_record_that_says_nothing_any_more_is_named_where_the_study_is_opened(
    path: Path, action: str, content: str
) -> None:
    of_action = f'(SELECT max(sequence) FROM audit WHERE content LIKE \'{{"action":"{action}",%\')'
    altered(path, f"UPDATE audit SET content = {content} WHERE sequence = {of_action}")
    with pytest.raises(DamagedError, match=r"audit record \d+ was altered; restore it from a backup"):
        Study.open(path)


def test_a_forged_record_of_a_scan_that_tells_no_sources_is_damage(path: Path) -> None:
    forged(path, f'{{"action":"add_scan",{NOW}}}')
    with Study.open(path) as study, pytest.raises(StoreError, match="is damaged; restore it from a backup"):
        study.verify()


def test_a_study_without_its_trail_is_told(dealt: Path, tmp_path: Path) -> None:
    path = shutil.copytree(dealt / "study", tmp_path / "study")
    altered(path, "DELETE FROM sources", "DELETE FROM audit")
    with Study.open(path) as study, pytest.raises(StoreError, match="audit record 1 is missing"):
        study.verify()


def test_a_picture_whose_header_is_gone_is_named(path: Path) -> None:
    picture = next(path.glob("maps/*/anatomy.nii"))
    for content in (b"short", None):
        picture.unlink() if content is None else picture.write_bytes(content)
        with Study.open(path) as study, pytest.raises(StoreError, match=r"anatomy\.nii is missing or was"):
            study.looks()


def test_a_picture_that_was_altered_is_named(path: Path) -> None:
    picture = next(path.glob("maps/*/anatomy.nii"))
    content = bytearray(picture.read_bytes())
    content[-1] ^= 1
    picture.write_bytes(content)
    with Study.open(path) as study, pytest.raises(StoreError, match=r"anatomy\.nii was altered"):
        study.verify()


def test_a_tail_that_was_cut_is_found_by_what_was_exported(path: Path, tmp_path: Path) -> None:
    older = shutil.copytree(path, tmp_path / "older")
    with Study.open(path) as study:
        study.note_export("analysis")
        study.set_icpms(study.icpms()[:0])
        head = study.audit_records()[-1]
    anchor = (head.sequence, head.sha256)
    with Study.open(older) as study:
        study.verify()  # a chain alone misses it
        with pytest.raises(StoreError, match=f"record {head.sequence} is missing; this is an older copy"):
            study.verify(anchor)
        study.note_export("another")
        study.note_export("and another")
        with pytest.raises(StoreError, match=f"record {head.sequence} is not the one that was"):
            study.verify((head.sequence, "0" * 64))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sequence":"x","sha256":""}'])
def test_a_file_that_anchors_nothing_is_refused(text: str) -> None:
    assert anchor_from('{"sequence":3,"sha256":"ab","at":""}') == (3, "ab")
    with pytest.raises(StoreError, match="anchors no audit trail"):
        anchor_from(text)
