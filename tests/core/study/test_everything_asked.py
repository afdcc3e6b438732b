"""A kit that asks in every way there is: kept, verified, signed, collected, and not to be forged."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import AppError, InputError, StoreError
from core.reading import rules
from core.reading.edits import AddMark, AddRuler, Edit, MoveMark, remove_mark, set_answer
from core.reading.protocol import parse_protocol
from core.reading.reading import Mark, Ruler
from core.reading.roi_edits import change_roi, draw_roi, label_roi, outlines_list
from core.study.audit import START, digest
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.records import Target
from core.study.store import Study
from tests.core.reading.rich import TEXT
from tests.core.reading.states import same
from tests.core.study.conftest import SHAPE
from tests.core.study.test_dealing import everything_in
from tests.core.study.test_kit import reforge, without_triggers
from tests.signing import sign_as_rater

RICH = parse_protocol(TEXT.replace("node: free", "node: prescribed"), "rich.yaml")
NODES = {
    "axillary": (33.0, -15.0, 401.0),
    "inguinal": (32.5, -14.0, 402.0),
    "popliteal": (34.0, -16.5, 400.5),
}
TRIANGLE = np.array([(2.0, 2.0), (2.0, 6.0), (6.0, 2.0)])


@pytest.fixture(scope="module")
def folder(dealt: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `study` and `rich.kit`; the nodes of one animal are prescribed."""
    made = tmp_path_factory.mktemp("rich")
    shutil.copytree(dealt / "study", made / "study")
    with Study.open(made / "study") as study:
        targets = [Target("mouse-1", name, "node", name == "inguinal", 3.5, at) for name, at in NODES.items()]
        study.set_targets(targets)
        deal_kit(study, "Rater B", 1, RICH, made / "rich.kit", seed="7")
    return made


@pytest.fixture
def kit_path(folder: Path, tmp_path: Path) -> Path:
    return shutil.copytree(folder / "rich.kit", tmp_path / "rich.kit")


@pytest.fixture
def study(folder: Path, tmp_path: Path) -> Any:
    shutil.copytree(folder / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as opened:
        yield opened


def do(kit: Kit, alias: str, *edits: Edit) -> None:
    for edit in edits:
        kit.record(alias, rules.completed(kit.protocol, kit.reading(alias), edit))


def answer(kit: Kit, alias: str, question: str, value: Any, about: str | None = None) -> None:
    do(kit, alias, set_answer(kit.reading(alias), question, about, value))


def with_nodes(kit: Kit) -> str:
    """A case whose nodes are prescribed."""
    return next(case.alias for case in kit.cases() if kit.reading(case.alias).marks)


def read_richly(kit: Kit, alias: str, *, sign: bool = True) -> None:
    """Do everything that can be done in a case."""
    for question, value in (("quality", 3), ("artefact", 2), ("artefact_source", "tail"), ("note", "a\nb")):
        answer(kit, alias, question, value)
    answer(kit, alias, "query", "left?")
    do(kit, alias, AddMark(Mark("a" * 32, "lesion", (0.5, 0.5, 0.0))))
    answer(kit, alias, "sure", 5, "a" * 32)
    answer(kit, alias, "size", 2.3, "a" * 32)
    do(kit, alias, AddRuler(Ruler("c" * 32, (0.0, 0.0, 0.0), (0.0, 2.3, 0.0), "a" * 32)))
    for mark_id in [mark.mark_id for mark in kit.reading(alias).marks.values() if mark.prescribed]:
        answer(kit, alias, "counted", 4, mark_id)
    kit.lock_step(alias)
    coverage = np.zeros(SHAPE, np.uint8)
    coverage[1, 2:6, 2:6] = np.arange(16, dtype=np.uint8).reshape(4, 4) * 17
    for outlines in ({1: (TRIANGLE,)}, {}):
        do(kit, alias, draw_roi(kit.reading(alias), "tumour", coverage, outlines=outlines))
        roi_id = list(kit.reading(alias).rois)[-1]
        answer(kit, alias, "rim", 1, roi_id)
    do(kit, alias, draw_roi(kit.reading(alias), "reference", coverage))
    second = kit.reading(alias).rois_of("tumour")[1]
    do(kit, alias, label_roi(second, name="lower lobe", colour="#112233", locked=True))
    if sign:
        sign_as_rater(kit, alias)


def test_everything_that_was_done_is_there_after_reopening(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = with_nodes(kit)
        read_richly(kit, alias, sign=False)
        before = kit.reading(alias)
    with Kit.open(kit_path) as kit:
        assert same(kit.reading(alias), before)
        kit.verify()
        sign_as_rater(kit, alias)
        kit.verify()


def test_undoing_a_removal_puts_everything_back_in_its_order_on_disk(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        answer(kit, alias, "quality", 2)
        for number in range(3):
            do(kit, alias, AddMark(Mark(f"m{number}", "lesion", (0.0, 0.0, 0.0))))
            answer(kit, alias, "sure", 5, f"m{number}")
            do(kit, alias, AddRuler(Ruler(f"l{number}", (0.0, 0.0, 0.0), (1.0, 0.0, 0.0), f"m{number}")))
            do(kit, alias, draw_roi(kit.reading(alias), "ring", np.full(SHAPE, number + 1, np.uint8)))
        before = kit.reading(alias)
        edit = rules.completed(kit.protocol, before, remove_mark(before, "m1"))
        kit.record(alias, edit)
        kit.record(alias, edit.inverse(), how="undo")
        first = next(iter(before.rois.values()))
        change = change_roi(first, np.zeros(SHAPE, np.uint8))
        kit.record(alias, change)
        kit.record(alias, change.inverse(), how="undo")
    with Kit.open(kit_path) as kit:
        assert same(kit.reading(alias), before)
        kit.verify()


def test_a_collected_reading_is_what_was_signed(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = with_nodes(kit)
        read_richly(kit, alias)
        held = kit.reading(alias)
    assert collect(study, kit_path).taken == 1
    found = study.signed_readings()[0]
    assert {key: repr(value) for key, value in found.answers.items()} == {
        key: repr(value) for key, value in held.answers.items()
    }
    assert list(found.rois) == list(held.rois)
    for roi_id, roi in found.rois.items():
        assert roi.label == held.rois[roi_id].label
        np.testing.assert_array_equal(roi.coverage, held.rois[roi_id].coverage)
        assert outlines_list(roi.outlines) == outlines_list(held.rois[roi_id].outlines)
    ruler = found.rulers["c" * 32]
    assert ruler.length_mm == pytest.approx(2.3) and ruler.about == "a" * 32
    lesion, moved = found.marks["a" * 32], held.marks["a" * 32]
    shift = np.subtract(lesion.position_mm, moved.position_mm)
    np.testing.assert_allclose(np.subtract(ruler.start_mm, (0.0, 0.0, 0.0)), shift, atol=1e-9)
    assert found.ended == "" and found.prescribed == ("node",)
    # each prescribed mark is its target, in the scan's own place
    assert sorted(found.target_of.values()) == sorted(NODES)
    for mark_id, name in found.target_of.items():
        np.testing.assert_allclose(found.marks[mark_id].position_mm, NODES[name], atol=1e-9)
    study.verify()


def test_a_case_that_was_ended_early_is_collected_with_its_reason(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        answer(kit, alias, "quality", 1)
        with pytest.raises(InputError, match="“Why it cannot be read” is not answered"):
            sign_as_rater(kit, alias)
        answer(kit, alias, "why", "it moved")
        sign_as_rater(kit, alias)
        assert set(kit.images(alias).volumes) == {"anatomy"}  # the next step was never opened
        kit.verify()
    collect(study, kit_path)
    assert study.signed_readings()[0].ended == "Image quality: not diagnostic (it moved)"


# ---- prescribed marks


def test_prescribed_marks_tell_a_place_and_nothing_else(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        cases = [kit.reading(case.alias) for case in kit.cases()]
    entries = {entry.alias: entry for entry in study.key_entries() if entry.rater == "Rater B"}
    for reading in cases:
        given = reading.marks_of("node")
        assert len(given) == (3 if entries[reading.alias].subject == "mouse-1" else 0)
        assert all(mark.prescribed and reading.grid.holds(mark.position_mm) for mark in given)
    held = everything_in(kit_path)
    for word in (*NODES, "malignant"):
        assert word.encode() not in held, word


def test_the_order_of_prescribed_marks_is_another_in_every_case_and_kit(folder: Path, tmp_path: Path) -> None:
    orders, names = [], set()
    shutil.copytree(folder / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as study:
        for number in range(4):
            deal_kit(study, f"Rater {number}", 1, RICH, tmp_path / f"{number}.kit", seed=str(number))
    for number in range(4):
        with Kit.open(tmp_path / f"{number}.kit") as kit:
            for case in kit.cases():
                marks = kit.reading(case.alias).marks_of("node")
                names |= {mark.mark_id for mark in marks}
                orders += [tuple(mark.position_mm[1] for mark in marks)] if marks else []
    assert len(set(orders)) > 2 and len(names) == 4 * 2 * 3


def test_the_same_seed_gives_the_same_marks(folder: Path, tmp_path: Path) -> None:
    met = []
    for name in ("one", "two"):
        shutil.copytree(folder / "study", tmp_path / name)
        with Study.open(tmp_path / name) as study:
            deal_kit(study, "Rater C", 1, RICH, tmp_path / f"{name}.kit", seed="3")
        with Kit.open(tmp_path / f"{name}.kit") as kit:
            met.append([(case.alias, list(kit.reading(case.alias).marks.items())) for case in kit.cases()])
    assert met[0] == met[1]


def test_prescribed_marks_stay(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = with_nodes(kit)
        reading = kit.reading(alias)
        mark = next(iter(reading.marks.values()))
        for edit in (
            remove_mark(reading, mark.mark_id),
            MoveMark(mark.mark_id, mark.position_mm, (0.0, 0.0, 0.0)),
            AddMark(Mark("b" * 32, "node", (0.0, 0.0, 0.0))),
        ):
            with pytest.raises(InputError, match="each node to be judged is given by the study"):
                kit.record(alias, edit)
    for statement in ("UPDATE marks SET x_mm = 0", "DELETE FROM marks"):
        connection = sqlite3.connect(kit_path / "kit.sqlite", isolation_level=None)
        with pytest.raises(sqlite3.IntegrityError, match="a prescribed mark cannot change"):
            connection.execute(statement)
        connection.close()


@pytest.mark.parametrize(
    ("target", "told"),
    [
        (Target("mouse-2", "N9", "node", None, None, None), "N9 of mouse-2 has no centre; complete"),
        (Target("mouse-2", "N9", "node", None, None, (900.0, 0.0, 0.0)), "series: N9 of mouse-2, "),
    ],
)
def test_a_target_that_cannot_be_shown_is_told_before_anything_is_dealt(
    study: Study, tmp_path: Path, target: Target, told: str
) -> None:
    study.set_targets([target])
    with pytest.raises(InputError, match=told):
        deal_kit(study, "Rater C", 1, RICH, tmp_path / "c.kit")
    assert not (tmp_path / "c.kit").exists() and len(study.kits()) == 2


def test_a_target_outside_a_scan_is_named_with_it_and_left_out_where_the_coordinator_says_so(
    study: Study, tmp_path: Path
) -> None:
    scans = [scan for scan in study.scans() if scan.subject == "mouse-1"]
    away = Target("mouse-1", "N8", "node", None, None, (900.0, 0.0, 0.0))
    study.set_targets([*study.targets(), away])
    named = [f"N8 of mouse-1, {scan.visit} at {scan.field_t:g} T" for scan in scans]
    with pytest.raises(InputError) as refused:
        deal_kit(study, "Rater C", 1, RICH, tmp_path / "c.kit")
    assert all(each in str(refused.value) for each in named) and "--leave-outside" in str(refused.value)
    assert "\n" not in str(refused.value) and not (tmp_path / "c.kit").exists()
    deal = deal_kit(study, "Rater C", 1, RICH, tmp_path / "c.kit", leave_outside=True)
    assert list(deal.outside) == named
    with Kit.open(deal.path) as kit:
        assert len(kit.reading(with_nodes(kit)).marks) == len(NODES)
    with study.database.transaction() as connection:
        deals = 'content LIKE \'{"action":"deal",%\''
        newest = f"SELECT content FROM audit WHERE {deals} ORDER BY sequence DESC LIMIT 1"
        content = connection.exec_driver_sql(newest).scalar_one()
    assert json.dumps(named)[1:-1] in json.dumps(json.loads(content))


def test_a_protocol_that_prescribes_what_nobody_gave_is_told(study: Study, tmp_path: Path) -> None:
    lesions = parse_protocol(TEXT.replace("lesion: free", "lesion: prescribed"), "rich.yaml")
    deal_kit(study, "Rater C", 1, lesions, tmp_path / "c.kit")  # mouse-1 has one
    with Study.create(tmp_path / "bare", "Bare") as bare:
        from tests.core.study.conftest import scan_images

        bare.add_scan("m", "g", "v", scan_images(1))
        with pytest.raises(InputError, match="prescribes each lesion, and the reference standard has none"):
            deal_kit(bare, "Rater C", 1, lesions, tmp_path / "d.kit")


# ---- what is altered


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE answers SET value = '2.30' WHERE question = 'size'", None),
        (
            "UPDATE answers SET value = '4.0' WHERE question = 'counted'",
            "an answer of case {case} was altered",
        ),
        (
            "UPDATE answers SET value = '\"3\"' WHERE question = 'quality'",
            "an answer of case {case} was altered",
        ),
        (
            "UPDATE answers SET value = 'three' WHERE question = 'quality'",
            "an answer of case {case} is damaged",
        ),
        (
            "UPDATE answers SET value = '[3]' WHERE question = 'quality'",
            "an answer of case {case} is damaged",
        ),
        (
            "UPDATE answers SET value = 'null' WHERE question = 'quality'",
            "an answer of case {case} is damaged",
        ),
        ("UPDATE answers SET value = 'NaN' WHERE question = 'size'", "an answer of case {case} is damaged"),
        ("UPDATE answers SET about = '' WHERE question = 'size'", "an answer of case {case} was altered"),
        ("UPDATE rulers SET end_mm = '[0,9,0]'", "a ruler of case {case} was altered"),
        ("UPDATE rulers SET about = ''", "a ruler of case {case} was altered"),
        ("UPDATE rulers SET end_mm = '[0,9]'", "a ruler of case {case} is damaged"),
        ("UPDATE rulers SET end_mm = start_mm", "a ruler of case {case} is damaged"),
        ("DELETE FROM rulers", "a ruler of case {case} was altered"),
        ("UPDATE rois SET name = 'x' WHERE kind = 'reference'", "a region of case {case} was altered"),
        ("UPDATE rois SET name = '' WHERE kind = 'reference'", "region of case {case} is damaged"),
        (
            "UPDATE rois SET colour = 'red' WHERE kind = 'reference'",
            "reference region of case {case} is damaged",
        ),
        ("UPDATE rois SET locked = 0", "a region of case {case} was altered"),
        ("UPDATE rois SET place = 9 WHERE place = 0", "a region of case {case} was altered"),
        ("UPDATE rois SET outlines = '[]'", "a region of case {case} was altered"),
        ("UPDATE rois SET outlines = '[[9,[[[0,0],[0,1],[1,0]]]]]'", "region of case {case} is damaged"),
        ("UPDATE rois SET outlines = '{{'", "region of case {case} is damaged"),
        ("UPDATE marks SET x_mm = 0 WHERE prescribed", "audit record 1 and the kit differ"),
        ("UPDATE marks SET place = 5 - place WHERE prescribed", "audit record 1 and the kit differ"),
        ("UPDATE marks SET prescribed = 1", "audit record 1 and the kit differ"),
        ("UPDATE marks SET prescribed = 0", "audit record 1 and the kit differ"),
        ("DELETE FROM marks WHERE prescribed AND kind = 'node'", "audit record 1 and the kit differ"),
    ],
)
def test_what_was_altered_behind_the_triggers_is_found(
    kit_path: Path, statement: str, named: str | None
) -> None:
    with Kit.open(kit_path) as kit:
        alias = with_nodes(kit)
        read_richly(kit, alias)
    without_triggers(kit_path, statement.replace("{{", "{"))
    with Kit.open(kit_path) as kit:
        if named is None:  # the same number, written otherwise
            kit.verify()
            return
        with pytest.raises(StoreError, match=named.replace("{case}", alias)):
            kit.verify()


Records = list[dict[str, Any]]


def edit_where(records: Records, **wanted: Any) -> dict[str, Any]:
    """The first edit in the trail that has these values."""
    edits = [record["edit"] for record in records if "edit" in record]
    return next(edit for edit in edits if wanted.items() <= edit.items())


def unasked(records: Records, _: dict[str, Any]) -> None:
    edit_where(records, question="artefact")["after"] = 1


def other_number(records: Records, _: dict[str, Any]) -> None:
    edit_where(records, question="size")["after"] = 2.35


def no_text(records: Records, _: dict[str, Any]) -> None:
    edit_where(records, question="note")["after"] = "\ud800"


def signed_number(_: Records, signature: dict[str, Any]) -> None:
    next(a for a in signature["content"]["answers"] if a["question"] == "size")["value"] = 2.4


def signed_ruler(_: Records, signature: dict[str, Any]) -> None:
    signature["content"]["rulers"][0]["end_mm"] = [0.0, 9.0, 0.0]


def signed_name(_: Records, signature: dict[str, Any]) -> None:
    signature["content"]["rois"][0]["name"] = "x"


def signed_outlines(_: Records, signature: dict[str, Any]) -> None:
    signature["content"]["rois"][0]["outlines_sha256"] = digest("[]")


def signed_as_found(_: Records, signature: dict[str, Any]) -> None:
    for mark in signature["content"]["marks"]:
        mark["prescribed"] = False


def stray_ruler(records: Records, _: dict[str, Any]) -> None:
    edit_where(records, edit="add_ruler")["step_index"] = 7


def drawn_in_a_locked_region(records: Records, _: dict[str, Any]) -> None:
    label = next(
        place for place, record in enumerate(records) if record.get("edit", {}).get("edit") == "label_roi"
    )
    roi = records[label]["edit"]["roi"]
    extra = {"edit": "edit_roi", "roi": roi, "kind": "tumour", "name": "lower lobe", "colour": "#112233",
             "runs": [], "existed_before": True, "exists_after": True, "outlines_before": [],
             "outlines_after": [], "place": None}  # fmt: skip
    records.insert(label + 1, {**records[label], "edit": extra})


def deep(records: Records, _: dict[str, Any]) -> None:
    edit_where(records, edit="edit_roi")["outlines_after"] = [[1, [[[[]]]]]]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (unasked, "is not asked here"),
        (other_number, "“Longest diameter” is given in steps of 0.1, not 2.35"),
        (signed_number, r"changed after it was signed \(answers differ\)"),
        (signed_ruler, r"changed after it was signed \(rulers differ\)"),
        (signed_name, r"changed after it was signed \(rois differ\)"),
        (signed_outlines, r"changed after it was signed \(rois differ\)"),
        (signed_as_found, r"changed after it was signed \(marks differ\)"),
        (stray_ruler, "does not hold"),
        (drawn_in_a_locked_region, "“lower lobe” is locked"),
        (deep, "does not describe an edit"),
    ],
)
def test_a_forged_chain_cannot_hold_what_the_rules_forbid(
    kit_path: Path, change: Callable[[Records, dict[str, Any]], None], named: str
) -> None:
    with Kit.open(kit_path) as kit:
        read_richly(kit, with_nodes(kit))
    reforge(kit_path, lambda records, signature: None)
    with Kit.open(kit_path) as kit:
        kit.verify()
    reforge(kit_path, change)
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match=named):
        kit.verify()


def test_a_text_that_is_none_is_refused_in_one_line(study: Study, kit_path: Path) -> None:
    """As it would stand in a file that somebody wrote byte by byte."""
    with Kit.open(kit_path) as kit:
        read_richly(kit, with_nodes(kit))
    without_triggers(kit_path)
    connection = sqlite3.connect(kit_path / "kit.sqlite", isolation_level=None)
    rows = connection.execute("SELECT sequence, content FROM audit ORDER BY sequence").fetchall()
    previous = START
    for sequence, content in rows:
        told = content.replace('"after":"tail"', '"after":"\\ud800"') if "tail" in content else content
        sha256 = digest(f"{sequence}\n{previous}\n{told}")
        connection.execute(
            "UPDATE audit SET content = ?, previous = ?, sha256 = ? WHERE sequence = ?",
            (told, previous, sha256, sequence),
        )
        previous = sha256
    connection.close()
    assert any(
        "tail" in json.loads(content).get("edit", {}).values() for _, content in rows if "edit" in content
    )
    with pytest.raises(AppError, match="signs that cannot be printed") as caught:
        collect(study, kit_path)
    assert "\n" not in str(caught.value) and study.signed_readings() == ()


def test_where_every_centre_is_off_the_frame_is_what_is_asked_about(study: Study, tmp_path: Path) -> None:
    # as if they had been given in voxels, or about another origin
    moved = [replace(each, centre_mm=(900.0, 0.0, 0.0)) for each in study.targets() if each.kind == "node"]
    study.set_targets(moved)
    with pytest.raises(InputError, match=r"none of the \d+ prescribed centres lies in its scan.* in LPS mm"):
        deal_kit(study, "Rater C", 1, RICH, tmp_path / "c.kit")
    assert not (tmp_path / "c.kit").exists()
