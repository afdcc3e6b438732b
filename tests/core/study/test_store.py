"""The coordinator's study keeps what it is given, and tells its key only against a reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import AppError, InputError, StoreError
from core.imaging.volume import Volume
from core.relaxometry.calibration import fit_calibration
from core.study.records import IcpMs, Target
from core.study.store import Study
from tests.core.study.conftest import scan_images


def actions(study: Study) -> list[str]:
    from core.study import tables
    from core.study.audit import checked

    with study.database.transaction() as connection:
        return [str(record.values["action"]) for record in checked(connection, tables.audit)]


def test_a_scan_comes_back_as_it_was_given(study: Study) -> None:
    scan = study.add_scan("mouse-3", "vehicle", "1 h", scan_images(99))
    given, kept = scan_images(99), study.images(scan.scan_id)
    np.testing.assert_array_equal(kept.echoes.magnitude, given.echoes.magnitude)
    assert kept.echoes.te_ms == given.echoes.te_ms and kept.echoes.field_t == 3.0
    assert kept.echoes.geometry.same_grid(given.echoes.geometry, tolerance_mm=1e-9)
    assert given.anatomy is not None and kept.anatomy is not None
    assert given.r2star_per_s is not None and kept.r2star_per_s is not None
    np.testing.assert_array_equal(kept.anatomy.data, given.anatomy.data)
    assert kept.anatomy.geometry.same_grid(given.anatomy.geometry)
    np.testing.assert_array_equal(kept.r2star_per_s.data, given.r2star_per_s.data)
    assert kept.gre3d is None and kept.iron_ug_per_g is None
    assert (kept.sigma, kept.fit_method) == (7.5, "nlls")
    assert scan in study.scans()


def test_a_study_is_the_same_after_reopening(study: Study) -> None:
    before = (study.study_id, study.name, study.scans(), study.targets(), study.icpms(), study.subjects())
    study.close()
    with Study.open(study.path) as again:
        assert before == (
            again.study_id, again.name, again.scans(), again.targets(), again.icpms(), again.subjects(),
        )  # fmt: skip
        again.verify()
    assert [scan.visit for scan in before[2]] == ["24 h", "baseline", "24 h", "baseline"]
    assert before[3] == (Target("mouse-1", "L1", "lesion", True, 2.5, (33.0, -15.0, 401.0)),)


def test_a_scan_is_added_once_and_a_subject_stays_in_its_group(study: Study) -> None:
    folders = sorted((study.path / "maps").iterdir())
    with pytest.raises(InputError, match="mouse-1, baseline, 3 T is in the study already"):
        study.add_scan("mouse-1", "vehicle", "baseline", scan_images(1))
    with pytest.raises(InputError, match="is in group 'vehicle' already, not in 'MNP'"):
        study.add_scan("mouse-1", "MNP", "1 h", scan_images(1))
    with pytest.raises(InputError, match="needs subject, group and visit"):
        study.add_scan("mouse-9", "", "1 h", scan_images(1))
    unknown = scan_images(1)
    with pytest.raises(InputError, match="the field of mouse-9, 1 h is not known"):
        study.add_scan(
            "mouse-9", "MNP", "1 h", replace(unknown, echoes=replace(unknown.echoes, field_t=None))
        )
    assert sorted((study.path / "maps").iterdir()) == folders


def test_pictures_of_a_scan_that_could_not_be_noted_are_taken_away(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.study import store

    folders = sorted((study.path / "maps").iterdir())

    def fail(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(store, "append", fail)
    with pytest.raises(StoreError, match="full"):
        study.add_scan("mouse-9", "MNP", "1 h", scan_images(1))
    assert sorted((study.path / "maps").iterdir()) == folders
    assert len(study.scans()) == 4 and len(study.subjects()) == 2


def test_an_altered_picture_is_named(study: Study) -> None:
    scan_id = study.scans()[0].scan_id
    picture = study.path / "maps" / scan_id / "r2star.nii"
    data = bytearray(picture.read_bytes())
    data[-1] ^= 1
    picture.write_bytes(data)
    with pytest.raises(StoreError, match=r"r2star\.nii is missing or was altered"):
        study.images(scan_id)
    with pytest.raises(InputError, match="no scan"):
        study.images("nothing")


def test_the_reference_standard_can_be_corrected_and_that_is_recorded(study: Study) -> None:
    mended = Target("mouse-1", "L1", "lesion", False, None, None)
    study.set_targets([mended, Target("mouse-2", "N1", "node", None, 4.0, (0.0, 1.0, 2.0))])
    assert study.targets()[0] == mended and len(study.targets()) == 2
    study.set_icpms([IcpMs("mouse-2", "24 h", 10.5)])
    assert study.icpms() == (IcpMs("mouse-2", "24 h", 10.5),)
    assert actions(study).count("set_target") == 3 and actions(study).count("set_icpms") == 2
    with pytest.raises(InputError, match="no subject 'mouse-8'"):
        study.set_targets([replace(mended, target="L2"), replace(mended, subject="mouse-8")])
    assert len(study.targets()) == 2


def test_iron_maps_and_calibrations_are_kept(study: Study) -> None:
    calibration = fit_calibration([0.0, 0.5, 1.0, 2.0], [20.0, 70.5, 119.5, 220.0], field_t=3.0, agent="MNP")
    study.set_calibration(calibration)
    study.set_calibration(calibration)
    assert [found.relaxivity.value for found in study.calibrations()] == [calibration.relaxivity.value]
    scan_id = study.scans()[0].scan_id
    grid = study.images(scan_id).echoes.geometry
    for value in (1.5, 2.5):
        iron = Volume(np.full(grid.shape, value, np.float32), grid)
        study.set_iron(scan_id, iron, iron, {"r2star0": "baseline"})
    kept = study.images(scan_id)
    assert kept.iron_ug_per_g is not None and float(kept.iron_ug_per_g.data.mean()) == 2.5
    assert kept.facts["r2star0"] == "baseline" and kept.sigma == 7.5


def test_a_study_without_kits_has_no_key(tmp_path: Path) -> None:
    with Study.create(tmp_path / "s", "  New study ") as study:
        assert study.key_entries() == () and study.kits() == () and study.signed_readings() == ()
        assert study.name == "New study"
    assert sorted(p.name for p in study.path.iterdir()) == ["kits", "maps", "study.sqlite", "witness.jsonl"]


def test_a_place_or_name_that_does_not_serve_is_refused(tmp_path: Path, study: Study) -> None:
    with pytest.raises(InputError, match="needs a name"):
        Study.create(tmp_path / "new", " ")
    with pytest.raises(InputError, match="already exists"):
        Study.create(study.path, "again")
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(StoreError, match="is not a study; make one"):
            Study.open(path)
    with pytest.raises(StoreError, match="open in another program"):
        Study.open(study.path)


def test_a_study_whose_one_row_is_lost_is_told(study: Study) -> None:
    import sqlite3

    study.close()
    connection = sqlite3.connect(study.path / "study.sqlite", isolation_level=None)
    connection.execute("DROP TRIGGER study_delete")
    connection.execute("DELETE FROM study")
    connection.close()
    for _ in range(2):  # the failed attempt lets go of the file
        with pytest.raises(StoreError, match="holds no study"):
            Study.open(study.path)


def test_a_change_of_the_studys_history_is_found(study: Study) -> None:
    import sqlite3

    study.close()
    file = study.path / "study.sqlite"
    connection = sqlite3.connect(file, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="cannot be changed"):
        connection.execute("UPDATE audit SET content = replace(content, 'mouse-1', 'mouse-2')")
    connection.execute("DROP TRIGGER audit_update")
    connection.execute("UPDATE audit SET content = replace(content, 'mouse-1', 'mouse-2')")
    connection.close()
    with pytest.raises(AppError, match="audit record 2 was altered"):
        Study.open(study.path)


def test_icpms_of_a_visit_that_was_not_scanned_is_refused(study: Study) -> None:
    before = study.icpms()
    with pytest.raises(InputError, match="visit '24h', and its scans are of 24 h, baseline"):
        study.set_icpms([IcpMs("mouse-1", "24 h", 3.0), IcpMs("mouse-2", "24h", 9.0)])
    assert study.icpms() == before


@pytest.mark.parametrize("name", ["Iron\nin mice", "Iron\rin mice", "Iron\x1b[2J"])
def test_a_name_of_several_lines_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="one line of letters"):
        Study.create(tmp_path / "new", name)
    assert not (tmp_path / "new").exists()
