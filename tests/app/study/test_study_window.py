"""A coordinator builds a study by hand: every page in order, and what each says when it is not its turn."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.cli import run
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.study.backups import back_up, restore
from core.study.kit import Kit
from core.study.password import set_password
from core.study.plan import read_plan, set_plan
from core.study.records import ScanImages
from core.study.sessions import session_facts
from core.study.store import Study
from tests.app.study.conftest import LEFT, PASSWORD, Coordinator, read_kit
from tests.core.study.conftest import read_case
from tests.readers.scanner import make_scan, write_classic
from tests.shown import texts
from tests.signing import CHEAP


def plan(hand: Coordinator, *raters: str) -> None:
    """Name raters and choose the usual protocol."""
    hand.go("raters")
    for rater in raters:
        hand.type("raters_name", rater)
        hand.qtbot.keyClick(hand.window.findChild(QWidget, "raters_name"), Qt.Key.Key_Return)
    hand.go("protocol")
    hand.press("protocol_use")


def deal(hand: Coordinator, folder: Path, *names: str) -> list[Path]:
    """Deal a kit to every rater who has none; returns the kits."""
    hand.go("deal")
    kits = [folder / f"{name}.kit" for name in names]
    for kit in kits:
        hand.press("deal_deal", kit)
        assert kit.is_dir(), hand.message
    return kits


def test_from_an_empty_folder_to_the_tables(empty: Coordinator, scans: Path, tmp_path: Path):
    hand = empty
    hand.press("scans_manifest", scans / "manifest.csv")
    assert [row[1:4] for row in hand.cells("scans_table")] == [
        ("mouse-1", "vehicle", "baseline"), ("mouse-1", "vehicle", "24 h"),
    ]  # fmt: skip
    hand.press("study_next")
    hand.press("series_find")
    for row in hand.cells("series_table"):
        assert all(row[1:4]) and row[4] == "ready"
    hand.press("series_add")
    assert "Scans added: 2. Not added: 0" in hand.message and hand.cells("series_table") == []
    hand.press("study_next")
    hand.press("targets_open", scans / "reference.csv")
    assert [row[:3] for row in hand.cells("targets_table")] == [
        ("mouse-1", "N1", "node"), ("mouse-1", "T1", "tumour"),
    ]  # fmt: skip
    hand.press("study_next")
    assert "No calibration for 3 T" in hand.stand
    hand.press("iron_calibration", scans / "calibration.json")
    hand.press("iron_icpms", scans / "icpms.csv")
    hand.press("iron_make")
    assert hand.stand == "Every scan has an iron map"
    assert [row[2:] for row in hand.cells("iron_table")] == [("21.3", "made"), ("", "made")]
    plan(hand, "Ann", "Ben")
    kits = deal(hand, tmp_path, "ann", "ben")
    assert hand.stand.startswith("Every reader has a kit")
    for kit in kits:
        read_kit(kit)
    hand.go("collect")
    hand.press("collect_collect", tmp_path)
    assert [row[:1] + row[2:3] for row in hand.cells("collect_table")] == [("Ann", "2"), ("Ben", "2")]
    hand.go("analyse")
    hand.press("analyse_analyse", tmp_path / "results")
    assert "Agreement of raters" in hand.window.findChild(QWidget, "analyse_text").toPlainText()
    assert (tmp_path / "results" / "agreement.csv").is_file()
    # what was done by hand is what the command does
    hand.window.close()
    assert run(["study", "analyse", str(tmp_path / "study"), "--out", str(tmp_path / "by-command")]) == 0
    for name in ("answers", "agreement", "reads"):
        by_hand, by_command = (tmp_path / out / f"{name}.csv" for out in ("results", "by-command"))
        assert by_hand.read_bytes() == by_command.read_bytes()


def test_out_of_turn_every_page_says_what_is_missing(empty: Coordinator):
    expected = {
        "series": ("First name the scans", "series_add"),
        "targets": ("First add scans", "targets_open"),
        "iron": ("First add scans", "iron_make"),
        "deal": ("Missing before: scans, readers, a protocol", "deal_deal"),
        "progress": ("First deal kits", "progress_look"),
        "collect": ("First deal kits", "collect_collect"),
        "unblind": ("First deal kits", "unblind_show"),
        "analyse": ("First collect signed readings", "analyse_analyse"),
    }
    for step, (told, button) in expected.items():
        empty.go(step)
        assert empty.stand.startswith(told)
        assert not empty.enabled(button)


def test_what_a_backup_has_lost_is_told_where_kits_are_dealt(filled: Coordinator, opened, tmp_path: Path):
    plan(filled, "Ann", "Ben")
    made = back_up(filled.window.desk.study, "demand")
    deal(filled, tmp_path, "ann")
    filled.window.close()
    for lost, told in (
        ((), "Dealt after the backup that was put back, and lost here: Ann (1)"),
        (
            ("study.sqlite", "witness.jsonl"),
            "Kits may have been dealt since the backup that nothing here tells",
        ),
    ):
        for name in lost:
            (tmp_path / "study" / name).unlink()
        restore(tmp_path / "study", made.path)
        hand = opened(Study.open(tmp_path / "study"))
        hand.go("deal")
        # and it holds nothing back: the next step is told beside it
        assert hand.stand.startswith(told) and "Next: a kit for " in hand.stand
        hand.window.close()


def test_lines_that_are_wrong_are_corrected_in_place(empty: Coordinator, scans: Path, tmp_path: Path):
    good = scans / "scans" / "mouse-1"
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(
        f"path,subject,group,visit,field_t\n{good / 'baseline'},m1,,baseline,3\n"
        f"{good / '24h'},m1,,24 h,three\n{tmp_path / 'nowhere'},m2,vehicle,baseline,3\n"
    )
    empty.press("scans_manifest", manifest)
    table = empty.window.pages["scans"].table
    assert "group" in empty.cells("scans_table")[0][-1] and "2" in empty.stand
    # a group given to one line is that of its subject
    empty.type_in_cell(table, 0, 2, "vehicle")
    assert [row[2] for row in empty.cells("scans_table")[:2]] == ["vehicle", "vehicle"]
    assert "field_t should be a number" in empty.cells("scans_table")[1][-1]
    empty.type_in_cell(table, 1, 4, "3")
    empty.go("series")
    empty.press("series_add")
    assert "Scans added: 2. Not added: 1" in empty.message
    assert "no such file or folder" in empty.cells("series_table")[0][-1]
    empty.go("scans")
    assert "no such file or folder" in empty.cells("scans_table")[2][-1]
    empty.press("scans_save", tmp_path / "corrected.csv")
    empty.window.close()
    assert run(["study", "create", str(tmp_path / "again"), "--name", "x"]) == 0
    # the first two are right now; the third is refused for the same reason
    assert run(["study", "add", str(tmp_path / "again"), "--manifest", str(tmp_path / "corrected.csv")]) == 1
    with Study.open(tmp_path / "again") as again:
        assert [(scan.subject, scan.group, scan.visit) for scan in again.scans()] == [
            ("m1", "vehicle", "24 h"), ("m1", "vehicle", "baseline"),
        ]  # fmt: skip


def test_a_folder_without_a_manifest_is_looked_through(empty: Coordinator, tmp_path: Path):
    for series, visit in enumerate(("24h", "baseline"), start=4):
        folder = tmp_path / "scans" / "mouse-1" / visit
        write_classic(folder / "mge", make_scan(series, echoes=6, series=series))
        write_classic(folder / "rare", make_scan(series, echoes=1, series=series + 10, sequence="SE"))
    empty.press("scans_folder", tmp_path / "scans")
    assert [row[:4] for row in empty.cells("scans_table")] == [
        ("mouse-1/24h", "mouse-1", "", "24h"), ("mouse-1/baseline", "mouse-1", "", "baseline"),
    ]  # fmt: skip
    assert all("filled in" in row[-1] for row in empty.cells("scans_table"))


WRONG_FILES = [
    ("scans", "scans_manifest", "path,subject\na,b\n", "'group' is missing"),
    ("targets", "targets_open", "subject,target\nm,T\n", "is missing"),
    ("iron", "iron_calibration", "{}", "is no calibration"),
    ("iron", "iron_icpms", "subject,visit,iron_ug_per_g\nmouse-1,24 h,much\n", "should be a number"),
    ("collect", "collect_collect", None, "Kits refused: 1"),
    ("progress", "progress_look", None, "is not a kit"),
]


def test_wrong_files_change_nothing(anns: tuple[Coordinator, Path], tmp_path: Path):
    hand, _ = anns
    before = hand.window.desk.holdings()
    for number, (step, button, text, told) in enumerate(WRONG_FILES):
        wrong = tmp_path / f"wrong-{number}"
        wrong.mkdir() if text is None else wrong.write_text(text)
        hand.go(step)
        hand.press(button, wrong)
        assert told in hand.message
        after = hand.window.desk.holdings()
        assert (after.targets, after.icpms, after.kits, after.scans) == (
            before.targets, before.icpms, before.kits, before.scans,
        )  # fmt: skip


def test_an_import_that_is_cancelled_keeps_what_is_whole(
    empty: Coordinator, scans: Path, monkeypatch: pytest.MonkeyPatch
):
    empty.press("scans_manifest", scans / "manifest.csv")
    empty.go("series")
    from app.study import importing

    real = importing._add_scan

    def cancelled_behind(study, row, progress):
        found = real(study, row, progress)
        empty.window.desk.stop()
        return found

    monkeypatch.setattr(importing, "_add_scan", cancelled_behind)
    empty.press("series_add")
    assert "1 scans were added" in empty.message
    assert len(empty.cells("series_table")) == 1
    monkeypatch.undo()
    empty.window.pages["series"].add.click()
    empty.wait()
    assert "Scans added: 1. Not added: 0" in empty.message


def test_no_answer_is_shown_before_the_analysis(filled: Coordinator, tmp_path: Path):
    plan(filled, "Ann", "Ben")
    kits = deal(filled, tmp_path / "kits", "ann", "ben")
    read_kit(kits[0])
    read_kit(kits[1], cases=1)
    with Kit.open(kits[0]) as kit:
        protocol = kit.protocol
    filled.go("progress")
    filled.press("progress_look", tmp_path / "kits")
    rows = {row[0]: row[2:7] for row in filled.cells("progress_table")}
    assert rows == {"Ann": ("ann.kit", "2", "2", "2", "0"), "Ben": ("ben.kit", "2", "1", "1", "0")}
    filled.go("collect")
    filled.press("collect_collect", tmp_path / "kits")
    labels = {choice.label for question in protocol.questions for choice in question.choices}
    for step in filled.window.pages:
        if step in ("protocol", "analyse"):  # the form that is tried; the results
            continue
        filled.go(step)
        shown = [text for name, text in texts(filled.window.pages[step])]
        assert not [text for text in shown if text in labels]
    assert filled.window.findChild(QWidget, "analyse_text").toPlainText() == ""


def test_the_name_proposed_for_a_kit_tells_neither_reader_nor_session(
    filled: Coordinator, monkeypatch: pytest.MonkeyPatch
):
    plan(filled, "Ann")
    filled.go("deal")
    proposed: list[Path] = []
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *given: (proposed.append(Path(given[2])), ("", ""))[1]
    )
    for _ in range(2):
        filled.press("deal_deal")
    assert {path.parent for path in proposed} == {filled.window.desk.study.path / "kits"}
    assert len({path for path in proposed if re.fullmatch(r"[0-9a-f]{8}\.kit", path.name)}) == 2


def test_the_key_asks_for_password_reason_and_a_second_thought(anns: tuple[Coordinator, Path], monkeypatch):
    hand, _ = anns
    hand.go("unblind")
    assert "no password yet" in hand.stand and not hand.enabled("unblind_show")
    hand.type("unblind_new", PASSWORD)
    hand.type("unblind_again", PASSWORD)
    hand.press("unblind_set")
    asked = []

    def question(parent, title, text, buttons, default):
        asked.append(text)
        return reply

    monkeypatch.setattr(QMessageBox, "question", question)
    reply = QMessageBox.StandardButton.Cancel
    hand.type("unblind_password", PASSWORD)
    hand.type("unblind_reason", "safety")
    hand.press("unblind_show")
    assert "Cases not signed and collected: 2" in asked[0] and hand.cells("unblind_table") == []
    reply = QMessageBox.StandardButton.Yes
    hand.type("unblind_password", "wrong horse")
    hand.press("unblind_show")
    assert "this is not it" in hand.message and hand.cells("unblind_table") == []
    hand.type("unblind_password", PASSWORD)
    hand.press("unblind_show")
    assert {row[6] for row in hand.cells("unblind_table")} == {"baseline", "24 h"}
    assert "unblinded before its readings are complete" in hand.message
    hand.go("analyse")
    assert hand.cells("unblind_table") == []


def test_images_that_would_unblind_readings_take_password_and_reason(anns, tmp_path: Path, qtbot):
    hand, kit = anns
    read_kit(kit, 1)
    hand.go("collect")
    hand.press("collect_collect", tmp_path)
    hand.go("analyse")
    study = hand.window.desk.study
    set_password(study, PASSWORD)
    hand.press("analyse_export", tmp_path / "images")
    hand.give_password("wrong horse", "interim")
    assert "this is not it" in hand.asked.wrong.text()
    qtbot.mouseClick(hand.asked.leave_button, LEFT)
    hand.wait()
    assert not (tmp_path / "images").exists() and not shown_answers(study)
    hand.press("analyse_export", tmp_path / "images")
    hand.give_password(PASSWORD, "interim")
    hand.wait()
    assert shown_answers(study) == [("key", "interim", "images")]
    assert "1 × report" in hand.window.findChild(QWidget, "analyse_text").toPlainText()
    assert len(list((tmp_path / "images").rglob("segmentation.dcm"))) == 1
    assert "unblinded before its readings are complete" in hand.message
    with Kit.open(kit) as rest:
        read_case(rest, rest.cases()[1].alias)
    hand.go("collect")
    hand.press("collect_collect", tmp_path)
    marked = [reading.after_key for reading in study.signed_readings()]
    assert sorted(marked) == [False, True]


def test_readers_and_protocol_are_there_when_the_study_is_opened_again(filled, opened, tmp_path: Path):
    plan(filled, "Ann", "Ben")
    filled.type("raters_name", "ann")
    filled.go("raters")
    filled.press("raters_add")
    assert "stands twice" in filled.message
    filled.window.close()
    again = opened(Study.open(tmp_path / "study"))
    assert [row[0] for row in again.cells("raters_table")] == ["Ann", "Ben"]
    assert read_plan(again.window.desk.study).protocol.id == "tumour-and-nodes"
    again.go("raters")
    again.window.pages["raters"].table.choose("Ann")
    again.press("raters_remove")
    assert [row[0] for row in again.cells("raters_table")] == ["Ben"]


def test_a_reader_with_a_kit_keeps_its_spelling_and_the_window_says_so(anns: tuple[Coordinator, Path]):
    hand, _ = anns
    desk = hand.window.desk
    assert desk.try_to(lambda: set_plan(desk.study, raters=[]))
    hand.type("raters_name", "ANN")
    hand.go("raters")
    hand.press("raters_add")
    assert "ANN is known to the study as Ann" in hand.message
    assert hand.cells("raters_table") == [("Ann", "session 1")]


def test_a_protocol_with_a_fault_cannot_be_used(filled: Coordinator, tmp_path: Path):
    wrong = tmp_path / "mine.yaml"
    wrong.write_text("id: mine\n")
    filled.go("protocol")
    filled.press("protocol_file", wrong)
    assert not filled.enabled("protocol_use")
    assert "mine.yaml" in filled.window.findChild(QWidget, "protocol_verdict").text()


def test_precision_follows_what_is_planned(filled: Coordinator):
    filled.go("precision")
    before = [float(row[2]) for row in filled.cells("precision_table")]
    filled.type("precision_cases", "200")
    after = [float(row[2]) for row in filled.cells("precision_table")]
    assert len(before) == 6 and all(late < early for early, late in zip(before, after, strict=True))


def test_neither_title_nor_settings_name_the_study(filled: Coordinator, tmp_path: Path):
    for step in filled.window.pages:
        filled.go(step)
        assert filled.window.windowTitle() == "Study"
    filled.window.actions_by_name["light_theme"].trigger()
    filled.window.actions_by_name["light_theme"].trigger()
    kept = "".join(path.read_text() for path in (tmp_path / "config").rglob("*.json"))
    assert "theme" in json.loads(kept)
    assert not [name for name in ("mouse-1", "Iron", "vehicle", str(tmp_path)) if name in kept]


def test_keys_alone_lead_through_the_steps(empty: Coordinator):
    steps = list(empty.window.pages)
    empty.window.steps.setFocus()
    for step in steps[1:]:
        empty.qtbot.keyClick(empty.window.steps, Qt.Key.Key_Down)
        assert empty.window.step == step
    for step in reversed(steps[:-1]):
        empty.qtbot.keyClick(empty.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert empty.window.step == step


def test_training_cases_are_told_by_a_table(filled: Coordinator, tmp_path: Path):
    table = tmp_path / "training.csv"
    table.write_text("subject,question,value\nmouse-1,margin_conspicuity,4\nmouse-1,margin_conspicuity,3\n")
    filled.go("training")
    filled.press("training_open", table)
    assert filled.cells("training_table") == [("mouse-1", "2", "2")]
    table.write_text("subject,question,value\nmouse-9,margin_conspicuity,4\n")
    filled.press("training_open", table)
    assert "no subject 'mouse-9'" in filled.message
    assert filled.cells("training_table") == [("mouse-1", "2", "2")]
    filled.press("training_none")
    assert filled.cells("training_table") == []


def test_scans_of_several_frames_are_evened_out_before_the_first_kit(empty: Coordinator, tmp_path: Path):
    hand, study = empty, empty.window.desk.study
    for visit, shape in (("baseline", (4, 12, 10)), ("24 h", (5, 12, 10))):
        grid = Geometry.axial(shape, (1.0, 0.5, 0.5))
        magnitude = np.random.default_rng(1).integers(1, 900, (3, *shape)).astype(np.float32)
        echoes = EchoSeries(magnitude, (2.0, 4.0, 8.0), grid, None, 3.0)
        study.add_scan("mouse-1", "vehicle", visit, ScanImages(echoes))
    plan(hand, "Ann")
    hand.go("deal")
    assert any("visits differ in matrix" in row[0] for row in hand.cells("deal_tells"))
    hand.press("deal_crop")
    assert hand.message == "Evened out: 3 T: 4 x 12 x 10 voxels of 1 x 0.5 x 0.5 mm"
    assert "alike in all visits" in hand.cells("deal_tells")[0][0]
    assert not hand.window.findChild(QWidget, "deal_crop").isVisible()
    (kit,) = deal(hand, tmp_path, "ann")
    with Kit.open(kit) as dealt:
        assert {dealt.reading(case.alias).grid.shape for case in dealt.cases()} == {(4, 12, 10)}


def test_a_shorter_washout_is_dealt_with_reason_and_password_and_recorded(
    anns: tuple[Coordinator, Path], tmp_path: Path
):
    hand, kit = anns
    study = hand.window.desk.study
    set_password(study, PASSWORD, cost=CHEAP)
    read_kit(kit)
    hand.go("collect")
    hand.press("collect_collect", kit)
    hand.go("deal")
    assert hand.window.pages["deal"].session.value() == 2
    hand.press("deal_deal", tmp_path / "ann-2.kit")
    assert "28 must lie between sessions" in hand.message and not (tmp_path / "ann-2.kit").exists()
    hand.type("deal_washout", "0")
    hand.press("deal_deal", tmp_path / "ann-2.kit")
    assert "needs a reason" in hand.message
    hand.type("deal_reason", "Pilot")
    hand.type("deal_password", "not this one")
    hand.press("deal_deal", tmp_path / "ann-2.kit")
    assert "this is not it" in hand.message and not (tmp_path / "ann-2.kit").exists()
    assert hand.window.pages["deal"].password.text() == ""
    hand.type("deal_password", PASSWORD)
    hand.press("deal_deal", tmp_path / "ann-2.kit")
    with Kit.open(tmp_path / "ann-2.kit") as dealt:
        assert dealt.session == 2
    facts = {each.session: each for each in session_facts(study)}
    assert (facts[2].washout_days, facts[2].washout_reason) == (0.0, "Pilot")


def test_results_before_all_are_in_take_password_and_reason_and_are_recorded(anns, tmp_path: Path, qtbot):
    hand, kit = anns
    hand.go("analyse")
    assert not hand.enabled("analyse_look")
    read_kit(kit, cases=1)
    hand.go("collect")
    hand.press("collect_collect", tmp_path)
    study = hand.window.desk.study
    set_password(study, PASSWORD)
    hand.go("analyse")

    hand.press("analyse_look")
    hand.give_password(PASSWORD, " ")
    assert "A reason is needed" in hand.asked.wrong.text()
    hand.give_password("wrong horse", "safety")
    assert "this is not it" in hand.asked.wrong.text()
    assert not hand.window._results and not shown_answers(study)
    hand.give_password(PASSWORD, "safety")
    (results,) = hand.window._results
    qtbot.waitUntil(lambda: results.ready, timeout=400_000)
    # what is not signed is not there
    assert results.counts.text().startswith("Readings: 1 by 1 readers")
    assert shown_answers(study) == [("key", "safety", "results")]
    # the tables in a folder are no other way round
    hand.press("analyse_analyse", tmp_path / "results")
    qtbot.mouseClick(hand.asked.leave_button, LEFT)
    hand.wait()
    assert not (tmp_path / "results").exists() and len(shown_answers(study)) == 1
    with Kit.open(kit) as opened:
        read_case(opened, opened.cases()[1].alias)
    hand.go("collect")
    hand.press("collect_collect", tmp_path)
    assert sorted(reading.after_key for reading in study.signed_readings()) == [False, True]
    hand.go("analyse")
    hand.press("analyse_look")
    assert results.isHidden() and shown_answers(study)[1:] == [("look", None, "results")]
    (again,) = hand.window._results
    qtbot.waitUntil(lambda: again.ready, timeout=400_000)
    assert "collected after unblinding: 1" in again.counts.text()
    hand.window.close()
    assert again.isHidden()


def shown_answers(study: Study) -> list[tuple[object, object, object]]:
    """What the audit trail says of answers that were looked at."""
    records = (record.values for record in study.audit_records())
    return [
        (values["action"], values.get("reason"), values["shown"]) for values in records if "shown" in values
    ]


def test_a_reader_who_forgot_the_password_chooses_another(anns: tuple[Coordinator, Path]):
    hand, kit_path = anns
    study = hand.window.desk.study
    read_kit(kit_path, 1)
    hand.go("raters")
    assert not hand.enabled("raters_reset")
    set_password(study, PASSWORD, cost=CHEAP)
    hand.window.refresh()
    hand.press("raters_reset", kit_path)
    hand.give_password("wrong horse", "forgotten")
    assert "this is not it" in hand.asked.wrong.text()
    hand.give_password(PASSWORD, "forgotten")
    assert "asks for a new password" in hand.message
    with Kit.open(kit_path) as kit:
        assert not kit.enrolled
        assert kit.audit_records()[-1].values["reason"] == "forgotten"
