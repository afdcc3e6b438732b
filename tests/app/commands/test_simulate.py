"""`ferroread simulate`, as a person calls it."""

import contextlib
import io
import json

import pytest

from app.cli import run
from core.files import list_result

SMALLEST = ["--animals-per-group", "1", "--fields", "0.064"]


@pytest.fixture(scope="module")
def called(tmp_path_factory):
    """A study at the field whose files are few, in place of an older folder; and what the command said."""
    out = tmp_path_factory.mktemp("command") / "study"
    (out / "truth").mkdir(parents=True)
    (out / "truth" / "iron.csv").write_text("of an earlier study")
    (out / "old.txt").write_text("old")
    list_result(out)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert run(["simulate", "--seed", "3", *SMALLEST, "--force", "--json", "--out", str(out)]) == 0
    return out, json.loads(said.getvalue())


def test_the_files_of_the_contract_are_there(called):
    simulated, _ = called
    for name in ("dicom", "truth", "phantom", "manifest.csv", "reference.csv", "icpms.csv", "vials.csv"):
        assert (simulated / name).exists()
    assert len((simulated / "manifest.csv").read_text().splitlines()) == 1 + 3 * 3
    header = (simulated / "reference.csv").read_text().splitlines()[0]
    assert header == "subject,target,kind,malignant,diameter_mm,centre_x_mm,centre_y_mm,centre_z_mm"
    assert (simulated / "icpms.csv").read_text().splitlines()[0] == "subject,visit,iron_ug_per_g"


def test_force_replaces_the_whole_folder_and_json_tells_what_was_written(called):
    simulated, said = called
    assert not (simulated / "old.txt").exists()
    assert (said["seed"], said["subjects"], said["scans"]) == (3, 3, 9)
    assert said["files"] == len(list(simulated.rglob("*.dcm")))
    assert said["bytes"] == sum(path.stat().st_size for path in simulated.rglob("*.dcm"))


def test_an_existing_study_is_not_overwritten(called, capsys):
    simulated, _ = called
    before = (simulated / "manifest.csv").stat().st_mtime_ns
    assert run(["simulate", *SMALLEST, "--out", str(simulated)]) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "--force" in error
    assert (simulated / "manifest.csv").stat().st_mtime_ns == before


def test_a_folder_that_is_no_simulated_study_is_kept_even_with_force(tmp_path, capsys):
    (tmp_path / "manifest.csv").write_text("mine")
    assert run(["simulate", *SMALLEST, "--force", "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.csv"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fields", "1.5"], "not 1.5 T"),
        (["--fields", "3,3"], "each field once"),
        (["--animals-per-group", "0"], "1 to 999 animals"),
        (["--seed", "-1"], "seed"),
    ],
)
def test_a_value_that_cannot_be_is_wrong_usage(tmp_path, capsys, arguments, message):
    assert run(["simulate", *SMALLEST, *arguments, "--out", str(tmp_path / "study")]) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert not list(tmp_path.iterdir())


def test_what_is_no_list_of_fields_is_wrong_usage(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        run(["simulate", "--fields", "high", "--out", str(tmp_path / "study")])
    assert stopped.value.code == 2
    assert "no list of fields" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
