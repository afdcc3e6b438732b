"""`study`: from a manifest to collected readings, with one clear line where something is wrong."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from app.cli import run
from app.commands.kit import DEFAULT_PROTOCOL
from core.export.results import analyse_study
from core.files import RESULT_LIST
from core.reading.edits import SetAnswer
from core.study.inputs import study_inputs
from core.study.kit import Kit
from core.study.password import set_password
from core.study.records import IcpMs
from core.study.store import Study
from core.study.unblinding import guesses_at_stake
from core.study.witness import KEY_ACTIONS
from tests.app.commands.coordinator import (
    R2STAR0,
    RELAXIVITY,
    TISSUE,
    VISITS,
    ran,
    refused,
    write_scan,
    write_tables,
)
from tests.app.commands.test_audit import damage
from tests.core.study.conftest import read_case
from tests.signing import CHEAP, RATERS_PASSWORD


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coordinator")
    for number, (subject, _, visit, iron) in enumerate(VISITS):
        write_scan(folder / "scans" / subject / visit.replace(" ", ""), iron, 10 * number)
    write_tables(folder)
    return folder


@pytest.fixture(scope="module")
def built(scans: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    study = tmp_path_factory.mktemp("built") / "study"
    assert run(["study", "create", str(study), "--name", "Iron in mice"]) == 0
    tables = ["--manifest", scans / "manifest.csv", "--reference", scans / "reference.csv"]
    tables += ["--icpms", scans / "icpms.csv", "--calibration", scans / "calibration.json"]
    assert run(["study", "add", str(study), *map(str, tables)]) == 0
    return study


@pytest.fixture
def study(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "study")


def test_scans_become_maps_of_r2star_and_iron(study: Path) -> None:
    with Study.open(study) as opened:
        scans = {scan.visit: scan for scan in opened.scans()}
        before, after = (opened.images(scans[visit].scan_id) for visit in ("baseline", "24 h"))
    assert before.r2star_per_s is not None and after.r2star_per_s is not None
    assert after.iron_ug_per_g is not None and before.iron_ug_per_g is not None
    assert np.median(before.r2star_per_s.data[TISSUE]) == pytest.approx(R2STAR0, rel=0.02)
    assert np.median(after.r2star_per_s.data[TISSUE]) == pytest.approx(R2STAR0 + 0.4 * RELAXIVITY, rel=0.02)
    # 0.4 mmol/L x 55.845 g/mol / 1.05 g/mL
    assert np.nanmedian(after.iron_ug_per_g.data[TISSUE]) == pytest.approx(0.4 * 55.845 / 1.05, rel=0.04)
    assert np.nanmedian(before.iron_ug_per_g.data[TISSUE]) == pytest.approx(0, abs=0.5)
    assert after.anatomy is not None and after.gre3d is not None
    assert after.anatomy.data.shape == after.gre3d.data.shape == (4, 24, 24)
    assert np.isnan(after.r2star_per_s.data[:, 0, 0]).all()  # air is no tissue
    assert after.sigma == pytest.approx(10, rel=0.1)
    assert after.facts["r2star0"] == "tumour at baseline"
    assert after.fit_method == "auto" and after.facts["sigma_method"] == "air"


def test_sources_are_hashed_and_stay_as_they_are(study: Path, scans: Path) -> None:
    import sqlalchemy as sa

    from core.files import sha256
    from core.study import tables

    with Study.open(study) as opened, opened.database.transaction() as connection:
        rows = connection.execute(sa.select(tables.sources)).all()
    assert len(rows) == len(VISITS) * (6 * 4 + 4 + 4)
    for row in rows:
        assert sha256(Path(row.path)) == row.sha256 and Path(row.path).is_relative_to(scans)


def test_status_counts_without_answers(study: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(ran(capsys, "study", "status", study, "--json"))
    assert {name: found[name] for name in ("name", "subjects", "scans", "targets", "icpms")} == {
        "name": "Iron in mice", "subjects": 1, "scans": 2, "targets": 2, "icpms": 1,
    }  # fmt: skip
    assert found["fields_t"] == [3.0] and found["calibrations_t"] == [3.0] and found["kits"] == []
    text = ran(capsys, "study", "status", study)
    assert "1 subjects in 1 groups, 2 visits, 2 scans (fields: 3 T)" in text and "kit make" in text


def test_adding_again_changes_nothing(study: Path, scans: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(
        ran(capsys, "study", "add", study, "--manifest", scans / "manifest.csv",
            "--calibration", scans / "calibration.json", "--json")
    )  # fmt: skip
    assert (found["scans_added"], found["scans_known"], found["iron_maps"]) == (0, 2, 0)


def test_a_scan_that_fails_is_named_and_the_others_go_in(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, manifest = tmp_path / "study", tmp_path / "manifest.csv"
    write_scan(tmp_path / "one-echo", 0.0, 5, echoes=1)
    (tmp_path / "empty").mkdir()
    good = scans / "scans" / "mouse-1" / "baseline"
    manifest.write_text(
        "path,subject,group,visit,field_t\n"
        f"one-echo,mouse-7,g,v1,3\n{good},mouse-7,g,v2,3\nempty,mouse-7,g,v3,3\nnone,mouse-7,g,v4,3\n"
        f"{good},mouse-7,g,v5,0.064\n"
    )
    ran(capsys, "study", "create", study, "--name", "x")
    line = refused(capsys, "study", "add", study, "--manifest", manifest)
    assert "4 scans were not added, 1 were" in line
    assert "mouse-7, v1, 3 T" in line and "no multi-echo series" in line
    assert "mouse-7, v3, 3 T" in line and "mouse-7, v4, 3 T" in line and "no such file" in line
    assert "and 1 more" in line
    found = json.loads(ran(capsys, "study", "status", study, "--json"))
    assert found["scans"] == 1
    with Study.open(study) as opened:
        assert [scan.visit for scan in opened.scans()] == ["v2"]


def test_a_field_that_the_header_contradicts_is_refused(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, manifest = tmp_path / "study", tmp_path / "manifest.csv"
    good = scans / "scans" / "mouse-1" / "baseline"
    manifest.write_text(f"path,subject,group,visit,field_t\n{good},m,g,v,0.064\n")
    ran(capsys, "study", "create", study, "--name", "x")
    line = refused(capsys, "study", "add", study, "--manifest", manifest)
    assert "was scanned at 3 T, the manifest says 0.064 T; correct the manifest" in line


def test_without_a_baseline_a_given_r2star0_serves(
    scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, manifest = tmp_path / "study", tmp_path / "manifest.csv"
    manifest.write_text(
        f"path,subject,group,visit,field_t\n{scans / 'scans' / 'mouse-1' / '24h'},mouse-1,g,24 h,3\n"
    )
    ran(capsys, "study", "create", study, "--name", "x")
    add = ("study", "add", study, "--manifest", manifest, "--calibration", scans / "calibration.json")
    found = json.loads(ran(capsys, *add, "--json"))
    assert found["iron_maps"] == 0
    assert found["without_iron"] == ["mouse-1, 24 h, 3 T: no 'baseline' scan at this field; give --r2star0"]
    assert json.loads(ran(capsys, *add, "--r2star0", "25", "--json"))["iron_maps"] == 1
    with Study.open(study) as opened:
        iron = opened.images(opened.scans()[0].scan_id).iron_ug_per_g
    assert iron is not None
    assert np.nanmedian(iron.data[TISSUE]) == pytest.approx(0.4 * 55.845 / 1.05, rel=0.04)


@pytest.mark.parametrize(
    ("table", "text", "fault"),
    [
        ("manifest", "path,subject,group,visit,field_t\n", "holds no scan"),
        ("manifest", "path,subject,group,visit\na,b,c,d\n", "'field_t' is missing"),
        (
            "manifest",
            "path,subject,group,visit,field_t\na,b,,d,3\n",
            "line 2: path, subject, group and visit",
        ),
        (
            "manifest",
            "path,subject,group,visit,field_t\na,b,c,d,three\n",
            "line 2: field_t should be a number",
        ),
        ("manifest", "path,subject,group,visit,field_t\na,b,c,d,-3\n", "line 2: field_t must be positive"),
        (
            "manifest",
            "path,subject,group,visit,field_t\na,b,c,d,3\nx,b,c,d,3\n",
            "line 3: b, d, 3 T stands twice",
        ),
        ("reference", "subject,target\nm,T\n", "is missing"),
        (
            "reference",
            "subject,target,kind,malignant,diameter_mm,centre_x_mm,centre_y_mm,centre_z_mm\nm,T,node,2,,,,\n",
            "line 2: malignant must be 1, 0 or empty",
        ),
        (
            "icpms",
            "subject,visit,iron_ug_per_g\nmouse-1,24 h,much\n",
            "line 2: iron_ug_per_g should be a number",
        ),
        (
            "icpms",
            "subject,visit,iron_ug_per_g\nmouse-9,24 h,3\n",
            "no subject 'mouse-9'; add its scans first",
        ),
        ("calibration", "{}", "is no calibration"),
    ],
)
def test_a_table_with_a_fault_changes_nothing(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, text: str, fault: str
) -> None:
    path = tmp_path / "table.csv"
    path.write_text(text)
    before = ran(capsys, "study", "status", study, "--json")
    assert fault in refused(capsys, "study", "add", study, f"--{table}", path)
    assert ran(capsys, "study", "status", study, "--json") == before


def test_wrong_places_are_told_in_one_line(
    tmp_path: Path, study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "is not a study" in refused(capsys, "study", "status", tmp_path)
    told = refused(capsys, "study", "create", study, "--name", "x")
    assert "already exists" in told and "--force" not in told
    assert "0 or more" in refused(capsys, "study", "add", study, "--icpms", "x", "--r2star0", "-9", status=2)
    assert "0 or more" in refused(capsys, "study", "add", study, "--icpms", "x", "--r2star0", "nan", status=2)
    assert "nothing to add" in refused(capsys, "study", "add", study, status=2)
    assert "cannot be read" in refused(capsys, "study", "add", study, "--manifest", tmp_path / "none.csv")
    assert "is not a kit" in refused(capsys, "study", "collect", study, tmp_path)
    assert "no signed reading" in refused(capsys, "study", "analyse", study, "--out", tmp_path / "out")
    assert "only with a reason" in refused(capsys, "study", "key", study, "--reason", " ")
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert "set one with `ferroread study password`" in refused(
        capsys, "study", "key", study, "--reason", "x"
    )
    with Study.open(study):
        assert "open in another program" in refused(capsys, "study", "status", study)
    with pytest.raises(SystemExit) as caught:
        run(["study", "key", str(study)])
    assert caught.value.code == 2


def read_all(path: Path) -> None:
    with Kit.open(path) as kit:
        for case in kit.cases():
            read_case(kit, case.alias)


def test_kits_are_dealt_read_collected_and_analysed(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kits = [tmp_path / f"{name}.kit" for name in ("ann", "ben")]
    for kit, rater in zip(kits, ("Ann", "Ben"), strict=True):
        dealt = json.loads(ran(capsys, "kit", "make", study, "--rater", rater, "--out", kit, "--json"))
        assert (dealt["cases"], dealt["rater"], dealt["session"]) == (2, rater, 1)
        read_all(kit)
        assert ran(capsys, "kit", "verify", kit).strip() == f"{kit}: intact"
    found = json.loads(ran(capsys, "study", "collect", study, *kits, "--json"))
    assert [(kit["rater"], kit["taken"], kit["unsigned"]) for kit in found["kits"]] == [
        ("Ann", 2, 0), ("Ben", 2, 0),
    ]  # fmt: skip
    again = ran(capsys, "study", "collect", study, kits[0])
    assert "Ann, session 1: 0 readings taken, 2 were there already, 0 not signed yet" in again
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "correct horse")
    ran(capsys, "study", "password", study)
    shown = json.loads(ran(capsys, "study", "key", study, "--reason", "test", "--json"))
    key = shown["key"]
    assert (shown["unsigned"], shown["warning"]) == (0, "")
    assert len(key) == 4 and {entry["subject"] for entry in key} == {"mouse-1"}
    status = ran(capsys, "study", "status", study)
    assert "Ann" in status and "Ben" in status
    out = tmp_path / "results"
    result = json.loads(ran(capsys, "study", "analyse", study, "--out", out, "--json"))
    assert {"answers.csv", "reads.csv", "rois.csv", "agreement.csv"} <= set(result["files"])
    written = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert set(result["files"]) == written - {RESULT_LIST} >= {"report.html", "report.pdf", "study.sav"}
    assert "already exists" in refused(capsys, "study", "analyse", study, "--out", out)
    repeats_itself(study, out, tmp_path / "again")


def repeats_itself(study: Path, out: Path, again: Path) -> None:
    """The study as it lies there gives the same files, and another input has another hash."""
    told = json.loads((out / "analysis.json").read_text(encoding="utf-8"))
    with Study.open(study) as opened:
        analyse_study(opened.data(), again, name=opened.name, report=False)
        opened.set_icpms([IcpMs("mouse-1", "24 h", 12.5)])
        changed = study_inputs(opened)
    repeated = json.loads((again / "analysis.json").read_text(encoding="utf-8"))
    for made in (told, repeated):
        del made["created_utc"], made["sha256"]["study.sav"]
    assert repeated["sha256"].items() < told["sha256"].items()
    assert {name: repeated[name] for name in told if name != "sha256"} == {
        name: told[name] for name in told if name != "sha256"
    }
    assert told["seeds"]["bootstrap intervals of agreement"]["seed"] == 1
    inputs = told["inputs"]
    assert [len(inputs[name]) for name in ("scans", "calibrations", "kits", "readings")] == [2, 1, 2, 4]
    assert all(len(sha256) == 64 for kit in inputs["kits"].values() for sha256 in kit.values())
    assert {name for name in inputs if inputs[name] != changed[name]} == {"icpms"}


def test_regions_maps_and_reports_are_exported(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, images = tmp_path / "ann.kit", tmp_path / "images"
    ran(capsys, "kit", "make", study, "--rater", "Ann", "--out", kit)
    asked = ("study", "export", study, "--out", images)
    assert "add --reason" in refused(capsys, *asked)
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "correct horse")
    ran(capsys, "study", "password", study)
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "a wrong horse")
    assert "this is not it" in refused(capsys, *asked, "--reason", "interim")
    assert not images.exists()
    read_all(kit)
    ran(capsys, "study", "collect", study, kit)
    told = json.loads(ran(capsys, "study", "export", study, "--out", images, "--json"))
    assert (told["warning"], told["left_out"]) == ("", [])
    assert (told["files"]["report"], told["files"]["segmentation"]) == (2, 2)
    assert "already exists" in refused(capsys, "study", "export", study, "--out", images)
    again = ran(capsys, "study", "export", study, "--out", images, "--nifti", "--fractional", "--force")
    assert "6 × NIfTI region" in again and "DICOM" not in again
    assert not list(images.rglob("*.dcm"))


def test_the_password_comes_from_the_environment_or_standard_input(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    ran(capsys, "study", "password", study)
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\nanother horse\n"))
    ran(capsys, "study", "password", study)
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct horse\n"))
    assert "this is not it" in refused(capsys, "study", "key", study, "--reason", "test")
    ran(capsys, "kit", "make", study, "--rater", "Ann", "--out", tmp_path / "a.kit")
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "another horse")
    told = ran(capsys, "study", "key", study, "--reason", "test")
    assert "Mind: 2 of 2 readings are not signed and collected" in told
    again = ("kit", "make", study, "--rater", "Ann", "--session", "2", "--out", tmp_path / "b.kit")
    ran(capsys, *again, "--washout-days", "0", "--reason", "pilot", "--share", "0.5")
    ran(capsys, "study", "create", tmp_path / "new", "--name", "New")
    assert ran(capsys, "study", "key", tmp_path / "new", "--reason", "test") == "no kit was dealt yet\n"


def guess_as_rater(
    kit: Path, guesses: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Give the guesses; who is not the rater gives none, and the rater is told that it was tried."""
    guess = ("kit", "guess", kit, "--guesses", guesses)
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", "a guess")
    for _ in range(3):
        assert "this is not the password" in refused(capsys, *guess)
    monkeypatch.setenv("FERROREAD_RATER_PASSWORD", RATERS_PASSWORD)
    assert "wrong too often" in refused(capsys, *guess)
    with monkeypatch.context() as waited:
        waited.setattr("core.study.kit_people.left_s", lambda *_: 0.0)
        assert "the guess is kept; 3 wrong passwords since your last log-in" in ran(capsys, *guess)
    with Kit.open(kit) as opened:
        actions = [record.values["action"] for record in opened.audit_records()]
        assert len(opened.guesses()) == len(opened.cases())
    assert actions[-5:] == ["wrong_password"] * 3 + ["log_in", "guess"]


def test_training_guess_and_adjudication_by_commands(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    protocol = tmp_path / "protocol.yaml"
    text = DEFAULT_PROTOCOL.read_text(encoding="utf-8")
    protocol.write_text(f"{text}\nguess: {{visit: [baseline, 24 h]}}\nadjudication: {{}}\n", encoding="utf-8")
    (tmp_path / "expected.csv").write_text(
        "subject,question,value,tolerance,text\nmouse-1,margin_conspicuity,4,1,Sharp all around.\n"
    )
    expected = ("--answers", tmp_path / "expected.csv")
    told = ran(capsys, "study", "training", study, "--subjects", "mouse-1", *expected)
    assert "2 scans for training, 1 answers expected" in told
    assert "not among those for training" in refused(capsys, "study", "training", study, *expected)
    (tmp_path / "bad.csv").write_text("subject,question,value\nmouse-1,margin_conspicuity,\n")
    assert "line 2: value is empty" in refused(
        capsys, "study", "training", study, "--answers", tmp_path / "bad.csv"
    )
    ran(capsys, "study", "training", study)
    for rater, margin in (("Ann", 1), ("Ben", 5)):
        kit = tmp_path / f"{rater}.kit"
        ran(capsys, "kit", "make", study, "--rater", rater, "--protocol", protocol, "--out", kit)
        with Kit.open(kit) as opened:
            aliases = [case.alias for case in opened.cases()]
            for alias in aliases:
                opened.record(alias, SetAnswer("margin_conspicuity", None, None, margin))
                opened.record(alias, SetAnswer("margin_conspicuity", None, margin, None))
                read_case(opened, alias)
        (tmp_path / "g.csv").write_text("alias,visit\n" + "\n".join(f"{a},24 h" for a in aliases) + "\n")
        guess_as_rater(kit, tmp_path / "g.csv", capsys, monkeypatch)
        assert "asked once" in refused(capsys, "kit", "guess", kit, "--guesses", tmp_path / "g.csv")
        ran(capsys, "study", "collect", study, kit)
    third = ("kit", "adjudicate", study, "--rater", "Cleo", "--out", tmp_path / "c.kit")
    assert "disagree on nothing" in refused(capsys, *third)
    result = ran(capsys, "study", "analyse", study, "--out", tmp_path / "results")
    assert "Blinding, from what raters guessed" in result
    lines = (tmp_path / "results" / "blinding.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 7 and lines[0].startswith(
        "rater,session,of,index,arm,n,right,wrong,do_not_know,value"
    )


class Terminal(io.StringIO):
    """A person at a terminal, with what they type."""

    def isatty(self) -> bool:
        return True


def test_guesses_that_a_look_would_spoil_are_told_of_before_it(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    kit, protocol, images = tmp_path / "a.kit", tmp_path / "protocol.yaml", tmp_path / "images"
    text = DEFAULT_PROTOCOL.read_text(encoding="utf-8")
    protocol.write_text(f"{text}\nguess: {{visit: [baseline, 24 h]}}\n", encoding="utf-8")
    monkeypatch.setenv("FERROREAD_COORDINATOR_PASSWORD", "correct horse")
    with Study.open(study) as opened:
        set_password(opened, "correct horse", cost=CHEAP)
    ran(capsys, "kit", "make", study, "--rater", "Ann", "--protocol", protocol, "--out", kit)
    read_all(kit)
    assert "the guess is still to come" in ran(capsys, "study", "collect", study, kit)
    missing = "Kits whose guesses are not collected yet: 1. Collect them"
    assert missing in ran(capsys, "study", "status", study)
    broken = shutil.copytree(kit, tmp_path / "broken.kit")
    damage(broken / "kit.sqlite", b'{"action":"deal"')
    looks: list[tuple[object, ...]] = [
        ("study", "analyse", study, "--out", tmp_path / "results"),
        ("study", "results", study),
        ("study", "export", study, "--out", images),
        ("study", "key", study, "--reason", "to publish"),
        ("kit", "audit", kit, "--study", study, "--reason", "a question", "--out", tmp_path / "trail.csv"),
        ("kit", "rescue", broken, "--study", study, "--reason", "a fault", "--out", tmp_path / "rescued"),
    ]
    for words in looks:
        screen = Terminal()
        with monkeypatch.context() as asked:
            asked.setattr(sys, "stdin", Terminal("\n"))
            asked.setattr(sys, "stderr", screen)
            assert run([str(word) for word in words]) == 1
        assert missing in screen.getvalue() and "nothing was shown" in screen.getvalue()
    with Study.open(study) as opened:
        actions = {record.values["action"] for record in opened.audit_records()}
        assert guesses_at_stake(opened) == 1
    assert not actions & set(KEY_ACTIONS) and not images.exists()
    # nobody can be asked: it is told, and goes on
    assert run([str(word) for word in looks[3]]) == 0
    assert f"Mind: {missing}" in capsys.readouterr().err
    assert run([str(word) for word in looks[3]]) == 0
    assert capsys.readouterr().err == ""


def test_a_broken_kit_does_not_keep_the_others_out(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.kit", tmp_path / "bad.kit"
    for path, rater in ((good, "Ann"), (bad, "Ben")):
        ran(capsys, "kit", "make", study, "--rater", rater, "--out", path)
        read_all(path)
    picture = next(bad.rglob("echoes-01.nii"))
    picture.write_bytes(picture.read_bytes()[:-1] + b"\x01")
    line = refused(capsys, "study", "collect", study, bad, good)
    assert "echoes-01.nii was altered" in line and "1 other kits were collected" in line
    assert "echoes-01.nii was altered" in refused(capsys, "kit", "verify", bad)
    found = json.loads(ran(capsys, "study", "status", study, "--json"))
    assert [(kit["rater"], kit["collected"]) for kit in found["kits"]] == [("Ann", 2), ("Ben", 0)]


def test_a_new_calibration_makes_new_maps_until_kits_are_dealt(
    study: Path, scans: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def iron() -> float:
        with Study.open(study) as opened:
            scan = next(scan for scan in opened.scans() if scan.visit == "24 h")
            images = opened.images(scan.scan_id)
        assert images.iron_ug_per_g is not None
        return float(np.median(images.iron_ug_per_g.data[TISSUE]))

    before = iron()
    table = json.loads((scans / "calibration.json").read_text(encoding="utf-8"))
    table["relaxivity_per_s_per_mmol_per_l"]["value"] *= 2
    doubled = tmp_path / "doubled.json"
    doubled.write_text(json.dumps(table), encoding="utf-8")
    assert run(["study", "add", str(study), "--calibration", str(doubled)]) == 0
    assert iron() == pytest.approx(before / 2, rel=1e-4)
    assert (
        run(["kit", "make", str(study), "--rater", "A", "--session", "1", "--out", str(tmp_path / "a.kit")])
        == 0
    )
    capsys.readouterr()
    assert run(["study", "add", str(study), "--calibration", str(scans / "calibration.json")]) == 0
    assert "kits are dealt already" in capsys.readouterr().out
    assert iron() == pytest.approx(before / 2, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("reference", "mouse-1,L1,wart,1,2,0,0,0", "kind must be"),
        ("reference", "mouse-1,L1,lesion,1,-4,0,0,0", "diameter_mm must be positive"),
        ("reference", "mouse-1,L1,lesion,1,4,0,0,0\nmouse-1,L1,lesion,1,4,0,0,0", "stands twice"),
        ("icpms", "mouse-1,24 h,-5", "cannot be negative"),
        ("icpms", "mouse-1,24 h,5\nmouse-1,24 h,6", "stands twice"),
    ],
)
def test_a_reference_that_cannot_be_true_is_refused(
    study: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, text: str, told: str
) -> None:
    heads = {
        "reference": "subject,target,kind,malignant,diameter_mm,centre_x_mm,centre_y_mm,centre_z_mm",
        "icpms": "subject,visit,iron_ug_per_g",
    }
    table = tmp_path / f"{name}.csv"
    table.write_text(f"{heads[name]}\n{text}\n", encoding="utf-8")
    assert run(["study", "add", str(study), f"--{name}", str(table)]) == 1
    assert told in capsys.readouterr().err
