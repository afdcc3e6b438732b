"""The rater's side: every edit is on disk before it is shown as saved, and a signed case is beyond change."""

from __future__ import annotations

import gc
import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa

from core.errors import DamagedError, InputError, StoreError
from core.imaging.coverage import coverage_sha256
from core.reading.edits import AddMark, SetAnswer, remove_mark
from core.reading.protocol import Protocol
from core.reading.reading import Mark
from core.reading.roi_edits import EditRoi
from core.study.audit import START, canonical, digest
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.rater_key import opened_key, stored_from
from core.study.store import Study
from tests.core.study.conftest import SHAPE, read_case
from tests.signing import RATERS_PASSWORD, enrol, sign_as_rater

ROOT = Path(__file__).parents[3]


def reopened(kit: Kit) -> Kit:
    kit.close()
    return Kit.open(kit.path)


def raw(path: Path, *statements: str) -> None:
    """What somebody does with a database browser."""
    connection = sqlite3.connect(path / "kit.sqlite", isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
    finally:
        connection.close()


def without_triggers(path: Path, *statements: str) -> None:
    """What somebody does who knows about the triggers."""
    connection = sqlite3.connect(path / "kit.sqlite")
    names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
    connection.close()
    raw(path, *(f"DROP TRIGGER {name}" for name in names), *statements)


def test_a_kit_tells_its_rater_what_it_is(kit_path: Path, protocol: Protocol) -> None:
    with Kit.open(kit_path) as kit:
        assert (kit.rater, kit.session) == ("Rater A", 1)
        assert kit.protocol == protocol
        cases = kit.cases()
    assert [case.position for case in cases] == [1, 2, 3, 4]
    assert all((case.status, case.step_index) == ("open", 0) for case in cases)
    assert len({case.alias for case in cases}) == 4


def test_everything_a_rater_did_is_there_after_reopening(kit_path: Path) -> None:
    kit = Kit.open(kit_path)
    alias = kit.cases()[0].alias
    read_case(kit, alias, sign=False)
    kit.add_seconds(alias, 1.5)
    before = kit.reading(alias)
    kit = reopened(kit)
    after = kit.reading(alias)
    assert after is not before
    assert dict(after.answers) == dict(before.answers)
    assert dict(after.marks) == dict(before.marks)
    assert {k: coverage_sha256(r.coverage) for k, r in after.rois.items()} == {
        k: coverage_sha256(r.coverage) for k, r in before.rois.items()
    }
    assert after.step_index == 1 and not after.signed
    assert after.grid.same_grid(before.grid)
    kit.verify()
    kit.close()


def test_undo_and_order_of_marks_survive_reopening(kit_path: Path) -> None:
    kit = Kit.open(kit_path)
    alias = kit.cases()[1].alias
    for number in range(3):
        kit.record(alias, AddMark(Mark(f"m{number}", "lesion", (0.0, 0.0, 0.0))))
    edit = remove_mark(kit.reading(alias), "m0")
    kit.record(alias, edit)
    kit.record(alias, edit.inverse(), how="undo")
    kit = reopened(kit)
    assert list(kit.reading(alias).marks) == ["m0", "m1", "m2"]
    hows = [record.values.get("how") for record in kit.audit_records()]
    assert hows == [None, "edit", "edit", "edit", "edit", "undo"]
    kit.verify()
    kit.close()


def test_a_refused_edit_leaves_no_trace(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        records = len(kit.audit_records())
        with pytest.raises(InputError, match="answered with one of"):
            kit.record(alias, SetAnswer("margin_conspicuity", None, None, 9))
        with pytest.raises(InputError, match="cannot be closed yet"):
            kit.lock_step(alias)
        with pytest.raises(InputError, match="cannot be signed yet"):
            kit.sign(alias, RATERS_PASSWORD)
        with pytest.raises(InputError, match="no case NOONE"):
            kit.reading("NOONE")
        assert len(kit.audit_records()) == records
        assert dict(kit.reading(alias).answers) == {}


def test_an_edit_that_a_full_disk_refuses_is_told_and_can_be_tried_again(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        with kit._database.transaction() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        value = None
        for number in range(200):
            edit = SetAnswer("margin_conspicuity", None, value, number % 5 + 1)
            try:
                kit.record(alias, edit)
            except StoreError as error:
                assert "the disk is full; make room and try again" in str(error)
                break
            value = number % 5 + 1
        else:
            pytest.fail("the disk never ran full")
        assert kit.reading(alias).answers["margin_conspicuity", None] == value
        with kit._database.transaction() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert kit.record(alias, edit).answers["margin_conspicuity", None] == edit.after
        kit.verify()


def test_reading_time_is_kept_per_case_and_answer(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        kit.add_seconds(alias, 4.0)
        kit.record(alias, SetAnswer("margin_conspicuity", None, None, 3), seconds=2.5)
        kit.add_seconds(alias, 1.0)
        with kit._database.transaction() as connection:
            rows = connection.execute(
                sa.text("SELECT c.seconds, a.seconds FROM cases c JOIN answers a USING (alias)")
            )
            assert rows.all() == [(7.5, 6.5)]
        for seconds in (-1.0, float("nan")):
            with pytest.raises(InputError, match="0 or more seconds"):
                kit.add_seconds(alias, seconds)


def test_looking_into_a_kit_waits_for_no_library_that_it_does_not_need(kit_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from core.study.kit import Kit\n"
        "with Kit.open(Path(sys.argv[1])) as kit:\n"
        "    alias = kit.cases()[0].alias\n"
        "    kit.reading(alias), kit.images(alias)\n"
        "    print(*{'sqlalchemy', 'nibabel', 'SimpleITK', 'scipy', 'numba'} & sys.modules.keys())\n"
        "    kit.prepare()\n"
        "    print('sqlalchemy' in sys.modules)\n"
        "    kit.add_seconds(alias, 1.0)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(kit_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert told.stdout.splitlines() == ["", "True"]


def test_a_signature_says_who_when_what_and_over_which_content(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias)
        (signature,) = kit.signatures(alias)
        assert kit.signatures(kit.cases()[1].alias) == ()
        values = signature.values
        content = values["content"]
        assert values["rater"] == "Rater A" and values["at"].endswith("Z") and "final" in values["meaning"]
        assert values["content_sha256"] == digest(canonical(content))
        assert content["protocol_sha256"] == kit.protocol.sha256 and content["program"]
        assert len(content["images"]) == 5 and len(content["rois"]) == 3
        assert [answer["value"] for answer in content["answers"]] == [4, 3]
        head = kit.audit_records()[-2]
        assert values["audit_head"] == [head.sequence, head.sha256]
        kit.verify()


def test_a_signed_case_cannot_change(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        read_case(kit, alias)
        for attempt in (
            lambda: kit.record(alias, SetAnswer("margin_conspicuity", None, 3, 4)),
            lambda: sign_as_rater(kit, alias),
            lambda: kit.lock_step(alias),
        ):
            with pytest.raises(InputError, match="signed"):
                attempt()
        kit.add_seconds(alias, 5.0)
        assert kit.cases()[0].status == "signed"
        kit.verify()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answers SET value = 1",
        "DELETE FROM answers",
        "INSERT INTO answers VALUES ('{alias}', 'x', '', '1', 0)",
        "UPDATE answers SET alias = '{alias}' WHERE alias <> '{alias}'",
        "UPDATE marks SET x_mm = 0",
        "DELETE FROM marks",
        "INSERT INTO marks VALUES ('{alias}', 'x', 'node', 5, 0, 0, 0, 0)",
        "UPDATE rois SET coverage = x'00'",
        "DELETE FROM rois",
        "INSERT INTO rois VALUES ('{alias}', 'x', 'tumour', 5, 'x', '#000000', 0, x'00', '', '[]')",
        "UPDATE rois SET outlines = '[]'",
        "INSERT INTO rulers VALUES ('{alias}', 'x', 0, '', 0, '[0,0,0]', '[1,0,0]')",
        "UPDATE cases SET status = 'open'",
        "UPDATE cases SET step_index = 0",
        "UPDATE cases SET seconds = 0",
        "DELETE FROM cases",
        "DELETE FROM signatures",
        "UPDATE signatures SET record = ''",
        "UPDATE images SET sha256 = ''",
        "DELETE FROM images",
        "INSERT INTO images VALUES ('{alias}', 'x', 0, 'x', '', NULL, 0)",
        "UPDATE kit SET rater = 'Rater B'",
        "DELETE FROM kit",
        "UPDATE audit SET content = ''",
        "DELETE FROM audit",
        "DELETE FROM audit WHERE sequence = (SELECT max(sequence) FROM audit)",
        "INSERT INTO audit VALUES (99, '', '', '')",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_signed(kit_path: Path, statement: str) -> None:
    with Kit.open(kit_path) as kit:
        signed, other = (case.alias for case in kit.cases()[:2])
        read_case(kit, signed)
        kit.record(other, SetAnswer("margin_conspicuity", None, None, 3))
    with pytest.raises(sqlite3.IntegrityError, match=r"cannot|numbered"):
        raw(kit_path, statement.replace("{alias}", signed))
    with Kit.open(kit_path) as kit:
        kit.verify()


FLIPPED = "substr(content, 1, 20) || ' ' || substr(content, 21)"


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE answers SET value = 5 WHERE alias = '{signed}'",
            "an answer of case {signed} was altered",
        ),
        ("UPDATE answers SET value = 5 WHERE alias = '{open}'", "an answer of case {open} was altered"),
        ("DELETE FROM answers WHERE alias = '{open}'", "an answer of case {open} was altered"),
        ("UPDATE answers SET seconds = 0 WHERE alias = '{signed}'", "changed after it was signed"),
        ("UPDATE cases SET seconds = 0 WHERE alias = '{signed}'", "changed after it was signed"),
        ("UPDATE marks SET x_mm = 0.25 WHERE alias = '{signed}'", "a mark of case {signed} was altered"),
        ("UPDATE marks SET x_mm = 0.25 WHERE alias = '{open}'", "a mark of case {open} was altered"),
        (
            "UPDATE rois SET kind = 'noise' WHERE alias = '{signed}' AND kind = 'tumour'",
            "a region of case {signed}",
        ),
        ("UPDATE rois SET coverage = x'00' WHERE alias = '{signed}'", "region of case {signed} is damaged"),
        (
            "UPDATE rois SET coverage = (SELECT coverage FROM rois WHERE kind = 'noise') "
            "WHERE kind = 'tumour'",
            "the tumour region of case {signed} was altered",
        ),
        (
            "UPDATE cases SET status = 'open' WHERE alias = '{signed}'",
            "the state of case {signed} was altered",
        ),
        ("UPDATE cases SET step_index = 1 WHERE alias = '{open}'", "the state of case {open} was altered"),
        ("UPDATE cases SET position = 50 WHERE position = 1", "audit record 1 and the kit differ"),
        ("UPDATE kit SET rater = 'Rater B'", "audit record 1 and the kit differ"),
        ("UPDATE kit SET protocol = protocol || '\n'", "audit record 1 and the kit differ"),
        ("UPDATE images SET sha256 = '' WHERE role = 'anatomy'", "audit record 1 and the kit differ"),
        ("UPDATE images SET te_ms = 3 WHERE number = 1", "audit record 1 and the kit differ"),
        ("DELETE FROM signatures", "audit record 10 .*signature of case {signed} is missing"),
        (
            "UPDATE signatures SET record = record || ' '",
            "audit record 10 .*signature of case {signed} was altered",
        ),
        (
            "INSERT INTO signatures VALUES ('{open}', 1, '', '', x'')",
            "the signature of case {open} was added",
        ),
        (f"UPDATE audit SET content = {FLIPPED} WHERE sequence = 4", "audit record 4 was altered"),
        ("UPDATE kit SET purpose = ''", "audit record 1 and the kit differ in its purpose"),
        ("UPDATE audit SET sha256 = previous WHERE sequence = 5", "audit record 5 was altered"),
        ("DELETE FROM audit WHERE sequence = 3", "audit record 3 is missing"),
        ("DELETE FROM audit WHERE sequence = 1", "audit record 1 is missing"),
        ("DELETE FROM audit", "audit record 1 is missing"),
        ("DELETE FROM audit WHERE sequence >= 10", "the signature of case {signed} was added"),
        ("UPDATE audit SET sequence = sequence + 1 WHERE sequence = 12", "audit record 12 is missing"),
    ],
)
def test_what_was_altered_behind_the_triggers_is_found_and_named(
    kit_path: Path, statement: str, named: str
) -> None:
    with Kit.open(kit_path) as kit:
        names = {"signed": kit.cases()[0].alias, "open": kit.cases()[1].alias}
        read_case(kit, names["signed"])  # audit records 2 to 8, key 9, signature 10
        kit.record(names["open"], AddMark(Mark("m", "node", (0.0, 0.0, 0.0))))
        kit.record(names["open"], SetAnswer("node_pattern", "m", None, 2))

    def filled(text: str) -> str:
        return text.replace("{signed}", names["signed"]).replace("{open}", names["open"])

    without_triggers(kit_path, filled(statement))
    with pytest.raises(StoreError, match=filled(named)), Kit.open(kit_path) as kit:
        kit.verify()


@pytest.mark.parametrize("content", ['{"action":"enrol",', "[1]", "7", "null", ""])
def test_a_record_that_says_nothing_any_more_is_named_where_the_kit_is_opened(
    kit_path: Path, content: str
) -> None:
    with Kit.open(kit_path) as kit:
        enrol(kit)
    without_triggers(kit_path, f"UPDATE audit SET content = '{content}' WHERE sequence = 2")
    with pytest.raises(DamagedError, match="audit record 2 was altered; the kit is damaged"):
        Kit.open(kit_path)


def test_who_has_looked_into_the_file_has_damaged_nothing(kit_path: Path) -> None:
    """SQLite keeps what it counts for itself in tables of its own."""
    connection = sqlite3.connect(kit_path / "kit.sqlite", isolation_level=None)
    connection.execute("ANALYZE")
    connection.execute("CREATE TABLE notes (what, said TEXT)")
    connection.execute("INSERT INTO notes VALUES (1, 'seen')")
    connection.close()
    with Kit.open(kit_path) as kit:
        kit.verify()


Change = Callable[[list[dict[str, Any]], dict[str, Any]], None]


def reforge(path: Path, change: Change, password: str = RATERS_PASSWORD) -> None:
    """Change records and signature, and compute every hash anew: the work of somebody who knows how.

    With the rater's password the signature is made anew as well.
    """
    without_triggers(path)
    connection = sqlite3.connect(path / "kit.sqlite", isolation_level=None)
    records = [
        json.loads(row[0]) for row in connection.execute("SELECT content FROM audit ORDER BY sequence")
    ]
    (text,) = connection.execute("SELECT record FROM signatures").fetchone()
    signature = json.loads(text)
    change(records, signature)
    signature["content_sha256"] = digest(canonical(signature.get("content")))
    text = canonical(signature)
    names = ("public_key", "salt", "cost", "sealed")
    row = connection.execute(f"SELECT {', '.join(names)} FROM rater_keys").fetchone()
    key = opened_key(stored_from(dict(zip(names, row, strict=True))), password)
    signed = key.sign(text.encode()) if key else bytes(64)
    connection.execute(
        "UPDATE signatures SET record = ?, sha256 = ?, ed25519 = ?", (text, digest(text), signed)
    )
    connection.execute("DELETE FROM audit")
    previous = START
    for sequence, record in enumerate(records, start=1):
        if record.get("action") == "sign":
            record["signature_sha256"] = digest(text)
        content = canonical(record)
        sha256 = digest(f"{sequence}\n{previous}\n{content}")
        connection.execute("INSERT INTO audit VALUES (?, ?, ?, ?)", (sequence, content, previous, sha256))
        previous = sha256
    connection.close()


def drawn_elsewhere(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records[5]["coverage_sha256"] = {"0" * 32: "0" * 64}


def answered_nine(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records[2]["edit"]["after"] = 9


def unknown_action(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records[3]["action"] = "erase"


def nobodys_case(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records[3]["alias"] = "GHOST"


def no_edit(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records[3]["edit"] = "nothing"


def locked_too_early(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records.insert(1, records.pop(4))


def somebody_else(_: list[dict[str, Any]], signature: dict[str, Any]) -> None:
    signature["rater"] = "Rater B"


def other_history(_: list[dict[str, Any]], signature: dict[str, Any]) -> None:
    signature["audit_head"] = [8, "0" * 64]


def other_answer(_: list[dict[str, Any]], signature: dict[str, Any]) -> None:
    signature["content"]["answers"][0]["value"] = 1


def no_content(_: list[dict[str, Any]], signature: dict[str, Any]) -> None:
    signature["content"] = None


def no_key_named(_: list[dict[str, Any]], signature: dict[str, Any]) -> None:
    del signature["public_key"]


def other_key_named(_: list[dict[str, Any]], signature: dict[str, Any]) -> None:
    signature["public_key"] = "0" * 64


def second_key(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records.append({**records[0], "action": "enrol", "number": 2, "public_key": "0" * 64})


def key_with_the_password(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records.append({**records[0], "action": "set_password", "number": 2, "public_key": "0" * 64})


def corrected_without_a_reason(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    alias = records[-1]["alias"]
    records.append({**records[-1], "action": "correct", "alias": alias, "version": 2, "reason": " "})


def test_the_time_of_an_answer_that_was_altered_is_found(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        read_case(kit, alias := kit.cases()[0].alias, sign=False)
    without_triggers(kit_path, "UPDATE answers SET seconds = seconds + 1")
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match=f"time of an answer of case {alias} was"):
        kit.verify()


def time_that_runs_back(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records[3]["seconds"] = -1.0


def nothing_dealt(records: list[dict[str, Any]], _: dict[str, Any]) -> None:
    records[0]["action"] = "opened"


@pytest.mark.parametrize(
    ("values", "opens"),
    [
        ({"action": "retire_key", "reason": "why"}, True),
        ({"action": "retire_key"}, False),
        ({"action": "retire_key", "reason": 7}, False),
        ({"action": "draft_guess", "alias": "A", "of": "group", "choice": None}, True),
        ({"action": "draft_guess", "alias": ["A"], "of": "group", "choice": None}, False),
        ({"action": "draft_guess", "alias": "A", "of": {}, "choice": None}, False),
        ({"action": "idle", "at": 7}, False),
        ({"action": "idle", "at": "9999-12-31T00:00:00Z"}, False),
        ({"action": "idle", "clock": ["run", 9e99]}, False),
        ({"action": "idle", "clock": 7}, False),
    ],
)
def test_a_record_that_nothing_can_rely_on_is_told_where_a_kit_is_opened(
    kit_path: Path, values: dict[str, Any], opens: bool
) -> None:
    """Its hash is right: somebody computed it anew."""
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    reforge(kit_path, lambda records, _: records.append({"at": records[0]["at"], **values}))
    if opens:
        with Kit.open(kit_path) as kit:
            assert (kit.retired is not None, len(kit.guess_drafts())) == (
                values["action"] == "retire_key",
                values["action"] == "draft_guess",
            )
        return
    with pytest.raises(DamagedError, match=r"audit record 11 was altered; the kit is damaged"):
        Kit.open(kit_path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (no_key_named, "audit record 10 does not hold: the signature of case .* is not a signature"),
        (other_key_named, "audit record 10 does not hold: the signature of case .* was altered"),
        (second_key, "audit record 11 does not hold: the rater has another key already"),
        (key_with_the_password, "audit record 11 does not hold: the rater has another key"),
        (corrected_without_a_reason, "audit record 11 does not hold: case .* cannot be corrected"),
        (time_that_runs_back, "audit record 4 does not hold: the time of case .* does not run like this"),
        (nothing_dealt, "audit record 1 does not tell what was dealt"),
        (drawn_elsewhere, "audit record 6 does not hold: the region is not what was drawn"),
        (answered_nine, "audit record 3 does not hold: .* not 9"),
        (unknown_action, "audit record 4 does not hold: the action 'erase' is not known"),
        (nobodys_case, "audit record 4 does not hold"),
        (no_edit, "audit record 4 does not hold"),
        (locked_too_early, "audit record 2 does not hold: “Detection” cannot be closed yet"),
        (somebody_else, "audit record 10 does not hold: the signature of case .* was altered"),
        (other_history, "audit record 10 does not hold: .* belongs to another history"),
        (
            other_answer,
            r"audit record 10 does not hold: .* was changed after it was signed \(answers differ\)",
        ),
        (no_content, "audit record 10 does not hold: the signature of case .* is not a signature"),
    ],
)
def test_a_forged_chain_still_cannot_hold_what_the_rules_forbid(
    kit_path: Path, change: Change, named: str
) -> None:
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    reforge(kit_path, lambda records, signature: None)
    with Kit.open(kit_path) as kit:
        kit.verify()  # the forger knows how: with nothing changed, nothing is found
    reforge(kit_path, change)
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match=named):
        kit.verify()


def test_who_has_not_the_raters_password_cannot_forge_a_signature(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    reforge(kit_path, other_answer, password="guessed, and wrong")
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="was not made with the rater's key"):
        kit.verify()


def test_a_removed_region_is_gone_after_reopening(kit_path: Path) -> None:
    kit = Kit.open(kit_path)
    alias = kit.cases()[0].alias
    mask = np.zeros(SHAPE, bool)
    mask[0, 0, 0] = True
    kit.record(alias, EditRoi.between("r1", "noise", None, mask))
    kit.record(alias, EditRoi.between("r2", "tumour", None, mask))
    kit.record(alias, EditRoi.between("r1", "noise", mask, None))
    kit = reopened(kit)
    assert list(kit.reading(alias).rois) == ["r2"]
    kit.verify()
    kit.close()


def test_a_picture_that_is_none_is_told(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
    content = b"no picture at all"
    (kit_path / "images" / alias / "anatomy.nii").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    without_triggers(kit_path, f"UPDATE images SET sha256 = '{sha256}' WHERE role = 'anatomy'")
    with (
        Kit.open(kit_path) as kit,
        pytest.raises(StoreError, match=r"anatomy\.nii .*intact kit"),
    ):
        kit.images(alias)


def test_a_reading_that_was_left_is_held_no_longer_and_comes_back(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit", seed="5", repeat_fraction=0.5)
    with Kit.open(tmp_path / "b.kit") as kit:
        first, *others = [case.alias for case in kit.cases()]
        read_case(kit, first, sign=False)
        before = kit.reading(first)
        answers, regions = dict(before.answers), {k: roi.coverage.copy() for k, roi in before.rois.items()}
        gone = weakref.ref(before)
        del before
        for alias in others:
            kit.reading(alias)
        gc.collect()
        assert gone() is None
        after = kit.reading(first)
        assert dict(after.answers) == answers
        assert all(np.array_equal(after.rois[roi].coverage, regions[roi]) for roi in regions)


@pytest.mark.parametrize("grid", ["7", "{", '{"shape":[1,2],"affine":[]}', '{"shape":[1,2,3],"affine":[7]}'])
def test_a_case_whose_grid_is_none_is_told(kit_path: Path, grid: str) -> None:
    without_triggers(kit_path, f"UPDATE cases SET grid = '{grid}'")
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="the grid of a case is damaged"):
        kit.reading(kit.cases()[0].alias)


def test_a_kit_that_is_made_ready_to_be_written_is_not_changed(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        before = kit.audit_records()
        kit.prepare()
        assert kit.audit_records() == before


def test_only_a_kits_folder_is_opened(tmp_path: Path, kit_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.kit", kit_path / "kit.sqlite"):
        with pytest.raises(StoreError, match="is not a kit; choose the folder"):
            Kit.open(path)


def test_a_kit_that_is_open_cannot_be_opened_again(kit_path: Path) -> None:
    with Kit.open(kit_path), pytest.raises(StoreError, match="open in another program"):
        Kit.open(kit_path)
    Kit.open(kit_path).close()


CHILD = """
import sys
from pathlib import Path
import numpy as np
from core.reading.edits import SetAnswer
from core.reading.roi_edits import EditRoi
from core.study.kit import Kit

kit = Kit.open(Path(sys.argv[1]))
alias = kit.cases()[0].alias
before, mask, value = None, np.zeros(kit.reading(alias).grid.shape, bool), None
print("ready", flush=True)
for number in range(1, 100000):
    after = mask.copy()
    after.ravel()[number % after.size] ^= True
    kit.record(alias, EditRoi.between("r" * 32, "tumour", before, after))
    before = mask = after
    kit.record(alias, SetAnswer("margin_conspicuity", None, value, number % 5 + 1))
    value = number % 5 + 1
    print("saved", number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("after", [1, 17, pytest.param(40, marks=pytest.mark.soak)])
def test_a_killed_program_loses_nothing_it_said_was_saved(kit_path: Path, after: int) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(kit_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert child.stdout is not None
    saved = 0
    for line in child.stdout:
        if line.startswith("saved"):
            saved = int(line.split()[1])
        if saved >= after:
            os.kill(child.pid, signal.SIGKILL)
            break
    # what it managed to say before it died counts too
    rest = [line.split() for line in child.stdout.read().splitlines()]
    saved = max([saved, *(int(words[1]) for words in rest if len(words) == 2 and words[1].isdigit())])
    child.stdout.close()
    child.wait()
    with Kit.open(kit_path) as kit:
        kit.verify()
        alias = kit.cases()[0].alias
        reading = kit.reading(alias)
        answers = [
            record.values["edit"]["after"]
            for record in kit.audit_records()
            if record.values.get("edit", {}).get("edit") == "set_answer"
        ]
    assert len(answers) >= saved
    assert answers == [number % 5 + 1 for number in range(1, len(answers) + 1)]
    assert reading.answers["margin_conspicuity", None] == answers[-1]
    expected = np.zeros(SHAPE, bool).ravel()
    for number in range(1, saved + 1):
        expected[number % expected.size] ^= True
    drawn = reading.rois["r" * 32].mask.ravel()
    assert np.count_nonzero(drawn != expected) <= len(answers) + 1 - saved


def test_a_region_is_compared_after_it_was_written(kit_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from core.study import kit_changes

    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        mask = np.zeros(SHAPE, bool)
        mask[1, 2, 3] = True
        whole = kit_changes.packed_coverage
        monkeypatch.setattr(kit_changes, "packed_coverage", lambda coverage: whole(255 - coverage))
        edit = EditRoi.between("r" * 32, "tumour", None, mask)
        with pytest.raises(StoreError, match=f"the tumour region of case {alias} was altered"):
            kit.record(alias, edit)
        monkeypatch.undo()
        assert kit.reading(alias).rois == {}
        kit.record(alias, edit)
        kit.verify()
