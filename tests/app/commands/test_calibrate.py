"""`ferroread calibrate` from phantom scans, tables and ICP-MS; what its calibration does to a map."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from app.cli import run
from core.imaging.geometry import Geometry
from core.relaxometry.calibration import Calibration
from tests.app.commands.coordinator import ran, refused
from tests.core.relaxometry.vials import TE_MS, make_phantom
from tests.readers.scanner import make_scan, with_parts, write_classic

SLOPE, INTERCEPT = 200.0, 8.0
IRON = np.array([0.0, 0.1, 0.2, 0.3, 0.45, 0.6])
GRID = np.array([[x, y] for y in (-9.0, 9.0) for x in (-15.0, 0.0, 15.0)])


def write_phantom(
    folder: Path, *, seed=0, iron=IRON, centres=GRID, field=3.0, slope=SLOPE, spoiled=None
) -> np.ndarray:
    """Write a phantom as DICOM; return the vials' centres in LPS mm."""
    rng = np.random.default_rng(seed)
    made = make_phantom(
        rng, INTERCEPT + slope * iron, centres=centres, snr=100.0, bubbles=False, tilt=0.0, shape=(3, 80, 80),
        spoiled=spoiled,
    )  # fmt: skip
    scan = make_scan(
        seed, echoes=len(TE_MS), shape=(3, 80, 80), spacing=(2.0, 0.6, 0.6), series=seed + 1,
        overrides={"MagneticFieldStrength": field},
    )  # fmt: skip
    scan.te_ms[:] = TE_MS
    write_classic(folder, with_parts(scan, magnitude=made.series.magnitude.round().astype(np.uint16)))
    return Geometry((3, 80, 80), scan.affine).to_mm(made.series.geometry.to_index(made.centres_mm))


def write_list(path: Path, iron=IRON, centres=None, fields=None) -> Path:
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        places = [] if centres is None else ["centre_x_mm", "centre_y_mm", "centre_z_mm"]
        writer.writerow(["vial", "iron_mmol_per_l", *([] if fields is None else ["field_t"]), *places])
        for k, value in enumerate(iron):
            place = [] if centres is None else [f"{mm:.2f}" for mm in centres[k]]
            writer.writerow([f"V{k + 1}", value, *([] if fields is None else [fields[k]]), *place])
    return path


@pytest.fixture(scope="module")
def scene(tmp_path_factory):
    """A phantom whose vials are listed in the order of its rows, and its list with and without centres."""
    root = tmp_path_factory.mktemp("phantom")
    centres = write_phantom(root / "scan")
    write_list(root / "named.csv")
    write_list(root / "placed.csv", centres=centres)
    return root


def calibrated(capsys, *words) -> dict:
    return json.loads(ran(capsys, "calibrate", *words, "--json"))


def relaxivity(data) -> float:
    return data["relaxivity_per_s_per_mmol_per_l"]["value"]


# --- a phantom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("listing", ["named.csv", "placed.csv"])
def test_a_phantom_gives_its_relaxivity(scene, capsys, tmp_path, listing):
    out = tmp_path / "c.json"
    data = calibrated(
        capsys, scene / "scan", "--concentrations", scene / listing, "--agent", "FeO", "--matrix", "agar",
        "--temperature", 21.5, "--date", "2026-03-01", "--out", out,
    )  # fmt: skip
    assert relaxivity(data) == pytest.approx(SLOPE, rel=0.02)
    assert data["intercept_per_s"]["value"] == pytest.approx(INTERCEPT, abs=1.0)
    kept = Calibration.load(out)
    assert (kept.field_t, kept.agent, kept.matrix, kept.temperature_c) == (3.0, "FeO", "agar", 21.5)
    assert kept.te_ms == pytest.approx(TE_MS) and kept.method == "auto" and kept.date == "2026-03-01"
    assert listing in kept.sources and len(kept.sources) == 1 + 3 * len(TE_MS)
    assert all(len(digest) == 64 for digest in kept.sources.values())
    assert [point.vial for point in kept.points] == [f"V{k}" for k in range(1, 7)]
    assert [vial["vial"] for vial in data["vials"]] == [f"V{k}" for k in range(1, 7)]


def test_the_vials_are_shown_with_place_rate_and_number(scene, capsys):
    text = ran(capsys, "calibrate", scene / "scan", "--concentrations", scene / "named.csv")
    rows = [line.split() for line in text.splitlines()[1:7]]
    assert [row[:3] for row in rows] == [[str(k + 1), f"V{k + 1}", f"{IRON[k]:g}"] for k in range(6)]
    assert float(rows[5][3]) == pytest.approx(128, rel=0.03)


def test_lists_of_several_fields_are_read_by_the_scans_field(scene, capsys, tmp_path):
    both = write_list(
        tmp_path / "both.csv", np.tile(IRON, 2) + np.repeat([5.0, 0.0], 6), fields=[0.064] * 6 + [3] * 6
    )
    assert relaxivity(calibrated(capsys, scene / "scan", "--concentrations", both)) == pytest.approx(
        SLOPE, rel=0.02
    )
    low = write_list(tmp_path / "low.csv", fields=[0.064] * 6)
    assert "0.064 T" in refused(capsys, "calibrate", scene / "scan", "--concentrations", low)


def test_without_yes_and_a_person_nothing_is_guessed(scene, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    wrong = write_list(tmp_path / "wrong.csv", IRON[::-1])
    said = refused(
        capsys, "calibrate", scene / "scan", "--concentrations", wrong, "--out", tmp_path / "c.json"
    )
    assert "R2* would fall" in said and "--yes" in said and "V1 (0.6 mmol/L) = 1 at" in said
    assert not (tmp_path / "c.json").exists()
    shuffled = write_list(tmp_path / "shuffled.csv", IRON[[1, 0, 3, 2, 5, 4]])
    assert "not certain" in refused(capsys, "calibrate", scene / "scan", "--concentrations", shuffled)
    assert relaxivity(calibrated(capsys, scene / "scan", "--concentrations", shuffled, "--yes")) > 0


def test_a_slanted_arrangement_needs_yes_or_centres(tmp_path, capsys):
    slanted = np.array([[-18.0 + 7.2 * k, -9.0 + 3.0 * k] for k in range(6)])
    centres = write_phantom(tmp_path / "scan", seed=5, centres=slanted)
    words = [tmp_path / "scan", "--concentrations"]
    named, placed = write_list(tmp_path / "a.csv"), write_list(tmp_path / "b.csv", centres=centres)
    assert "rows cannot be told apart" in refused(capsys, "calibrate", *words, named)
    for more in ([named, "--order", "columns"], [placed]):
        assert relaxivity(calibrated(capsys, *words, *more)) == pytest.approx(SLOPE, rel=0.02)


class Person(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize("answer, done", [("y\n", True), ("n\n", False), ("", False)])
def test_a_person_is_shown_the_vials_and_asked(scene, capsys, monkeypatch, tmp_path, answer, done):
    screen = Person()
    monkeypatch.setattr(sys, "stdin", Person(answer))
    monkeypatch.setattr(sys, "stderr", screen)
    words = [
        "calibrate",
        scene / "scan",
        "--concentrations",
        scene / "named.csv",
        "--out",
        tmp_path / "c.json",
    ]
    assert run([str(word) for word in words]) == (0 if done else 1)
    assert "V6" in screen.getvalue() and "Is this right?" in screen.getvalue()
    assert (tmp_path / "c.json").exists() == done


def test_the_preview_shows_every_vial_even_where_the_order_is_refused(scene, capsys, tmp_path):
    seven = write_list(tmp_path / "seven.csv", np.append(IRON, 0.9))
    picture = tmp_path / "p.png"
    said = refused(capsys, "calibrate", scene / "scan", "--concentrations", seven, "--preview", picture)
    assert "6 vials were found, 7 are listed" in said
    pixels = sitk.GetArrayFromImage(sitk.ReadImage(str(picture)))
    assert pixels.shape == (640, 640, 3)
    # a green ring round each vial, and its number inside
    assert np.count_nonzero((pixels == (80, 255, 120)).all(axis=-1)) > 6 * 200
    with picture.with_suffix(".csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["number"] for row in rows] == list("123456")
    assert "already exists" in refused(
        capsys, "calibrate", scene / "scan", "--concentrations", seven, "--preview", picture
    )


def test_a_vial_with_air_in_every_slice_is_left_out_and_said_so(tmp_path, capsys):
    centres = write_phantom(tmp_path / "scan", spoiled=3)
    placed = write_list(tmp_path / "placed.csv", centres=centres)
    data = calibrated(capsys, tmp_path / "scan", "--concentrations", placed)
    assert [point["vial"] for point in data["points"] if not point["used"]] == ["V4"]
    assert "air bubble" in data["points"][3]["reason"]
    assert relaxivity(data) == pytest.approx(SLOPE, rel=0.02)
    # without centres it has to be confirmed that this is a vial
    words = ["calibrate", tmp_path / "scan", "--concentrations", write_list(tmp_path / "named.csv")]
    assert "air bubble" in refused(capsys, *words)
    assert relaxivity(json.loads(ran(capsys, *words, "--yes", "--json"))) == pytest.approx(SLOPE, rel=0.02)


def test_a_listed_vial_without_signal_is_left_out_by_name(tmp_path, capsys):
    iron = np.append(IRON[:5], 60.0)
    centres = write_phantom(tmp_path / "scan", seed=2, iron=iron)
    listing = write_list(tmp_path / "list.csv", iron, centres)
    data = calibrated(capsys, tmp_path / "scan", "--concentrations", listing)
    assert relaxivity(data) == pytest.approx(SLOPE, rel=0.02)
    lost = data["points"][-1]
    assert (lost["vial"], lost["used"], lost["r2star_per_s"]) == ("V6", False, None) and "not found" in lost[
        "reason"
    ]
    assert "left out: V6" in ran(capsys, "calibrate", tmp_path / "scan", "--concentrations", listing)


def test_several_phantoms_are_pooled(scene, capsys, tmp_path):
    write_phantom(tmp_path / "later", seed=3)
    single = calibrated(capsys, scene / "scan", "--concentrations", scene / "named.csv")
    pooled = calibrated(capsys, scene / "scan", tmp_path / "later", "--concentrations", scene / "named.csv")
    assert len(pooled["points"]) == 12 and {p["phantom"] for p in pooled["points"]} == {"scan", "later"}
    assert relaxivity(pooled) == pytest.approx(SLOPE, rel=0.02)
    assert (
        pooled["relaxivity_per_s_per_mmol_per_l"]["se"]
        < 1.2 * single["relaxivity_per_s_per_mmol_per_l"]["se"]
    )
    assert len(pooled["sources"]) == 1 + 2 * 3 * len(TE_MS)
    write_phantom(tmp_path / "other", seed=4, slope=1.2 * SLOPE)
    both = [scene / "scan", tmp_path / "other", "--concentrations", scene / "named.csv"]
    assert "differ" in calibrated(capsys, *both)["notes"][0]
    assert "mind: " in ran(capsys, "calibrate", *both)
    write_phantom(tmp_path / "weak", seed=6, field=1.5)
    mixed = [scene / "scan", tmp_path / "weak", "--concentrations", scene / "named.csv"]
    assert "one field only" in refused(capsys, "calibrate", *mixed)


# --- tables and samples --------------------------------------------------------------------------------


def write_table(path: Path, rows: list[str]) -> Path:
    path.write_text("\n".join(rows) + "\n")
    return path


def plain_table(path: Path, *, sd=True) -> Path:
    rng = np.random.default_rng(1)
    rates = INTERCEPT + SLOPE * IRON + 0.5 * rng.standard_normal(6)
    header = "iron_mmol_per_l,r2star_per_s" + (",r2star_sd_per_s" if sd else "")
    return write_table(
        path, [header, *(f"{x},{y}" + (",0.5" if sd else "") for x, y in zip(IRON, rates, strict=True))]
    )


def test_a_table_gives_the_contracts_json_and_residuals(tmp_path, capsys):
    residuals = tmp_path / "r.csv"
    data = calibrated(
        capsys, "--table", plain_table(tmp_path / "t.csv"), "--field", 3, "--residuals", residuals
    )
    assert set(data) >= {
        "field_t", "agent", "matrix", "relaxivity_per_s_per_mmol_per_l", "intercept_per_s", "r_squared",
        "residual_sd_per_s", "detection_limit_mmol_per_l", "points",
    }  # fmt: skip
    assert set(data["relaxivity_per_s_per_mmol_per_l"]) == {"value", "se", "ci95"}
    assert list(data["sources"]) == ["t.csv"]
    with residuals.open() as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["residual_per_s"]) for row in rows] == [p["residual_per_s"] for p in data["points"]]
    assert all(float(row["band95_per_s"]) > 0 for row in rows)


def test_nothing_that_is_read_is_written_over_and_nothing_is_half_done(tmp_path, capsys):
    table = tmp_path / "table.csv"
    text = "iron_mmol_per_l,r2star_per_s\n0,8\n0.2,48\n0.4,88\n"
    table.write_text(text)
    words = ("calibrate", "--table", table, "--field", 3, "--force", "--out")
    assert "is read by this command" in refused(capsys, *words, table)
    assert "one name" in refused(capsys, *words, tmp_path / "a", "--residuals", tmp_path / "a", status=2)
    assert "is no folder" in refused(capsys, *words, tmp_path / "c.json", "--residuals", table / "r.csv")
    assert table.read_text() == text and list(tmp_path.iterdir()) == [table]


def test_numbers_that_give_no_line_give_no_calibration(tmp_path, capsys):
    table = tmp_path / "table.csv"
    table.write_text("iron_mmol_per_l,r2star_per_s\n1e308,1e308\n1e307,2\n0,1\n")
    told = refused(capsys, "calibrate", "--table", table, "--field", 3, "--out", tmp_path / "c.json")
    assert "no line goes through these vials" in told and "Warning" not in told
    assert not (tmp_path / "c.json").exists()


def test_tables_of_several_dates_are_pooled(tmp_path, capsys):
    tables = [plain_table(tmp_path / "may.csv"), plain_table(tmp_path / "june.csv")]
    data = calibrated(capsys, "--table", tables[0], "--table", tables[1], "--field", 3)
    assert [p["phantom"] for p in data["points"]] == ["may.csv"] * 6 + ["june.csv"] * 6


def test_pipetting_makes_it_a_line_with_errors_in_both(tmp_path, capsys):
    words = ["--table", plain_table(tmp_path / "t.csv"), "--field", 3]
    assert calibrated(capsys, *words)["errors"] == "r2star"
    both = calibrated(capsys, *words, "--pipetting", 5)
    assert both["errors"] == "both" and both["points"][5]["iron_sd_mmol_per_l"] == pytest.approx(0.03)
    assert "--pipetting" in refused(capsys, "calibrate", *words, "--errors", "both")
    bare = ["--table", plain_table(tmp_path / "bare.csv", sd=False), "--field", 3, "--pipetting", 5]
    assert "SDs of R2*" in refused(capsys, "calibrate", *bare)


def test_samples_with_icpms_calibrate_in_tissue(tmp_path, capsys):
    """ug/g x density / molar mass is mmol/L; R2* above the tissue's own has no intercept."""
    rng = np.random.default_rng(4)
    iron = rng.uniform(0, 30, 20)
    rates = 30 + SLOPE * iron * 1.05 / 55.845 + rng.standard_normal(20)
    rows = [f"M{k},24 h,{x},{y},1,0.1,30" for k, (x, y) in enumerate(zip(iron, rates, strict=True))]
    header = "subject,visit,iron_ug_per_g,r2star_per_s,r2star_sd_per_s,iron_sd_ug_per_g,r2star0_per_s"
    data = calibrated(capsys, "--icpms", write_table(tmp_path / "i.csv", [header, *rows]), "--field", 3)
    assert relaxivity(data) == pytest.approx(SLOPE, rel=0.02)
    assert abs(data["intercept_per_s"]["value"]) < 2
    assert (data["matrix"], data["errors"], data["points"][0]["vial"]) == ("tissue", "both", "M0, 24 h")


@pytest.mark.parametrize("words, reason, status", [
    (["scan", "--table", "t.csv"], "add --concentrations", 2),
    (["--concentrations", "named.csv"], "needs a phantom scan", 2),
    (["scan", *["--concentrations", "named.csv"] * 3], "once for each", 2),
    (["scan", "--concentrations", "named.csv", "--preview", "p.jpg"], "ends in .png", 2),
    (["scan", "--concentrations", "bad.csv"], "line 2: iron_mmol_per_l is 'much'", 1),
    (["scan", "--concentrations", "half.csv"], "for every vial or for none", 1),
    (["scan", "--concentrations", "missing.csv"], "missing.csv", 1),
    (["--table", "t.csv"], "--field", 2),
    (["--table", "t.csv", "--field", "3", "--pipetting", "-1"], "0 or more", 2),
    (["--icpms", "t.csv", "--field", "3"], "iron_ug_per_g", 1),
    (["--icpms", "i.csv", "--field", "3", "--density", "0"], "--density", 2),
    (["--icpms", "i.csv", "--field", "3", "--density", "inf"], "--density", 2),
    (["--table", "t.csv", "--field", "-3"], "--field must be positive", 2),
    (["--table", "t.csv", "--field", "3", "--temperature", "nan"], "--temperature", 2),
])  # fmt: skip
def test_what_does_not_serve_is_refused(scene, capsys, monkeypatch, words, reason, status):
    monkeypatch.chdir(scene)
    plain_table(scene / "t.csv")
    write_table(scene / "bad.csv", ["vial,iron_mmol_per_l", "V1,much"])
    rows = ["V1,0,1,2,3", "V2,1,,,"]
    write_table(scene / "half.csv", ["vial,iron_mmol_per_l,centre_x_mm,centre_y_mm,centre_z_mm", *rows])
    write_table(scene / "i.csv", ["iron_ug_per_g,r2star_per_s", "1,30", "2,40", "5,70"])
    assert reason in refused(capsys, "calibrate", *words, status=status)


# --- what maps say of it -------------------------------------------------------------------------------


def test_maps_tell_another_agent_and_refuse_another_field(scene, capsys, tmp_path):
    out = tmp_path / "c.json"
    words = [
        "calibrate",
        scene / "scan",
        "--concentrations",
        scene / "named.csv",
        "--agent",
        "FeO",
        "--out",
        out,
    ]
    ran(capsys, *words)
    mapped = ["map", scene / "scan", "--calibration", out, "--r2star0", 8, "--out"]
    text = ran(capsys, *mapped, tmp_path / "m1", "--agent", "Resovist")
    assert "the calibration is of FeO, the agent here is Resovist" in text
    report = json.loads((tmp_path / "m1" / "map.json").read_text())
    assert "Resovist" in report["warnings"][0] and "Resovist" in report["command"]
    ran(capsys, *mapped, tmp_path / "m2", "--agent", "FeO", "--field", 2.89362)
    assert json.loads((tmp_path / "m2" / "map.json").read_text())["warnings"] == []
    assert "header says 3 T" in refused(capsys, *mapped, tmp_path / "m3", "--field", 1.5)


def test_a_vial_that_is_listed_twice_is_refused_with_its_line(scene, capsys, tmp_path):
    listed = (scene / "named.csv").read_text().splitlines()
    twice = tmp_path / "twice.csv"
    twice.write_text("\n".join([*listed, listed[1]]) + "\n")
    words = ("calibrate", scene / "scan", "--concentrations", twice, "--yes", "--out", tmp_path / "c.json")
    said = refused(capsys, *words)
    assert f"twice.csv line {len(listed) + 1}: vial V1 stands twice" in said
    assert not (tmp_path / "c.json").exists()
