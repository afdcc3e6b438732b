"""Scans that differ by their frames are evened out before kits are dealt: geometry, values and record."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import Protocol
from core.relaxometry.calibration import Calibration, fit_calibration
from core.relaxometry.fit import fit_r2star
from core.relaxometry.iron import IRON_MOLAR_MASS, TISSUE_DENSITY
from core.relaxometry.mask import auto_mask
from core.study.dealing import deal_kit
from core.study.evening import even_out
from core.study.kit import Kit
from core.study.records import ScanImages, Target
from core.study.store import Study
from core.study.tells import tells

SLOPE = 0.5  # ug/g per 1/s
TE_MS = (2.0, 4.0, 8.0, 12.0)
SPACING, FINE = (1.0, 0.5, 0.5), (0.8, 0.4, 0.5)


def scanned(seed: int, shape: tuple[int, int, int], spacing_mm=SPACING) -> ScanImages:
    """Decaying tissue with noise, as whole numbers, somewhere in the scanner."""
    rng = np.random.default_rng(seed)
    grid = Geometry.axial(shape, spacing_mm, (30.0 + seed, -17.0, 400.0))
    signal = 800 * np.exp(-np.asarray(TE_MS)[:, None, None, None] * rng.uniform(0.02, 0.15, shape))
    magnitude = np.rint(np.hypot(signal + rng.normal(0, 6, signal.shape), rng.normal(0, 6, signal.shape)))
    echoes = EchoSeries(magnitude.astype(np.float32), TE_MS, grid, None, 3.0)
    plain, (thick, tall, wide) = (shape[0], 2 * shape[1], 2 * shape[2]), spacing_mm
    own = Geometry.axial(plain, (thick, tall / 2, wide / 2), (30.0 + seed, -17.0, 400.0))
    anatomy = Volume(rng.integers(0, 900, plain).astype(np.float32), own)
    fit = fit_r2star(echoes, mask=auto_mask(echoes))
    return ScanImages(
        echoes,
        anatomy,
        r2star_per_s=Volume(fit.r2star_per_s, grid),
        r2star_se_per_s=Volume(fit.se_per_s, grid),
        flags=Volume(fit.flags, grid),
        iron_ug_per_g=Volume((fit.r2star_per_s - 20) * np.float32(SLOPE), grid),
        iron_se_ug_per_g=Volume(fit.se_per_s, grid),
        sigma=fit.sigma,
        fit_method=fit.method,
        facts={"r2star0_per_s": 20.0, "r2star0_se_per_s": 1.0, "iron_ug_per_g_per_r2star": SLOPE},
    )


def make(folder: Path, second: ScanImages) -> Study:
    """A subject's baseline of 6 x 14 x 12 voxels, and another visit."""
    study = Study.create(folder / "study", "Iron in mice")
    study.add_scan("mouse-1", "vehicle", "baseline", scanned(1, (6, 14, 12)))
    study.add_scan("mouse-1", "vehicle", "24 h", second)
    return study


def of_visit(study: Study, visit: str) -> ScanImages:
    return study.images(next(scan.scan_id for scan in study.scans() if scan.visit == visit))


def as_itk(volume: Volume) -> sitk.Image:
    image = sitk.GetImageFromArray(volume.data.astype(np.float64))
    affine = volume.geometry.affine
    image.SetSpacing([float(each) for each in volume.geometry.spacing_mm[::-1]])
    image.SetOrigin(affine[:3, 3].tolist())
    image.SetDirection(volume.geometry.directions[:, ::-1].ravel().tolist())
    return image


def by_itk(volume: Volume, grid: Geometry) -> np.ndarray:
    wanted = as_itk(Volume(np.zeros(grid.shape, np.float32), grid))
    moved = sitk.Resample(as_itk(volume), wanted, sitk.Transform(), sitk.sitkLinear, np.nan)
    return sitk.GetArrayFromImage(moved)


def test_a_crop_leaves_nothing_to_tell_and_every_voxel_as_it_was(tmp_path):
    with make(tmp_path, scanned(2, (4, 16, 12))) as study:
        before = {visit: of_visit(study, visit) for visit in ("baseline", "24 h")}
        assert tells(study.looks(), study.scans())
        told = even_out(study, "crop")
        assert (told.scans, told.grids) == (2, ("3 T: 4 x 14 x 12 voxels of 1 x 0.5 x 0.5 mm",))
        # where the anatomy lies beside the echoes is how the patient was scanned: it stays, and stays listed
        assert all("anatomy place" in line for line in tells(study.looks(), study.scans()))
        for visit, was in before.items():
            now = of_visit(study, visit)
            for name in ("r2star_per_s", "flags", "iron_ug_per_g", "anatomy"):
                old, new = getattr(was, name), getattr(now, name)
                np.testing.assert_array_equal(new.data, by_place(old, new.geometry))
            echo = Volume(was.echoes.magnitude[2], was.echoes.geometry)
            np.testing.assert_array_equal(now.echoes.magnitude[2], by_itk(echo, now.echoes.geometry))
            assert now.facts["evened"] == "crop"
            assert now.facts["as_scanned"]["shape"] == list(was.echoes.geometry.shape)


def by_place(volume: Volume, grid: Geometry) -> np.ndarray:
    """The values at the places of another grid, which must be voxels of the picture."""
    index = volume.geometry.to_index(grid.to_mm(np.moveaxis(np.indices(grid.shape), 0, -1)))
    assert np.allclose(index, index.round(), atol=1e-6)
    return volume.data[tuple(np.moveaxis(index.round().astype(int), -1, 0))]


def test_resampled_echoes_are_simpleitks_and_maps_are_fitted_to_them(tmp_path):
    with make(tmp_path, scanned(2, (9, 20, 16), FINE)) as study:
        study.set_calibration(calibration(IRON_MOLAR_MASS / (TISSUE_DENSITY * SLOPE)))
        before = of_visit(study, "24 h")
        told = even_out(study, "resample")
        assert told.grids == ("3 T: 6 x 14 x 12 voxels of 1 x 0.5 x 0.5 mm",)
        # where the anatomy lies beside the echoes is how the patient was scanned: it stays, and stays listed
        assert all("anatomy place" in line for line in tells(study.looks(), study.scans()))
        now, same = of_visit(study, "24 h"), of_visit(study, "baseline")
        grid = now.echoes.geometry
        np.testing.assert_allclose(grid.spacing_mm, SPACING)
        for number in range(len(TE_MS)):
            wanted = by_itk(Volume(before.echoes.magnitude[number], before.echoes.geometry), grid)
            assert np.isfinite(wanted).all()
            # a scanner's whole numbers stay whole
            np.testing.assert_allclose(now.echoes.magnitude[number], wanted, atol=0.51)
        assert before.anatomy is not None and now.anatomy is not None
        np.testing.assert_allclose(now.anatomy.data, by_itk(before.anatomy, now.anatomy.geometry), atol=0.51)
        fit = fit_r2star(now.echoes, mask=auto_mask(now.echoes))
        assert now.r2star_per_s is not None and now.iron_ug_per_g is not None
        np.testing.assert_array_equal(now.r2star_per_s.data, fit.r2star_per_s)
        iron = (fit.r2star_per_s - 20) * SLOPE
        np.testing.assert_allclose(now.iron_ug_per_g.data, iron, rtol=1e-4, atol=1e-3)
        assert now.sigma == pytest.approx(fit.sigma) and now.sigma != pytest.approx(before.sigma)
        # what had the common voxels already is as it was
        was = scanned(1, (6, 14, 12))
        np.testing.assert_array_equal(same.echoes.magnitude, was.echoes.magnitude)


def calibration(relaxivity: float) -> Calibration:
    iron = np.array([0.0, 0.5, 1.0, 2.0])
    return fit_calibration(iron, 20 + relaxivity * iron, field_t=3.0, agent="x", matrix="agar")


def test_targets_stay_inside_and_what_would_cut_one_off_is_refused(tmp_path, protocol: Protocol):
    with make(tmp_path, scanned(2, (4, 14, 12))) as study:
        high = (33.0, -14.0, 405.0)  # in the last slice of the baseline
        study.set_targets([Target("mouse-1", "L1", "lesion", True, 1.0, high)])
        even_out(study, "crop")
        assert of_visit(study, "baseline").echoes.geometry.holds(high)
    with make(tmp_path / "other", scanned(2, (4, 14, 12))) as study:
        low = (33.0, -14.0, 400.0)
        lesion = Target("mouse-1", "L1", "lesion", True, 1.0, high)
        study.set_targets([lesion, Target("mouse-1", "L2", "node", None, 1.0, low)])
        before = {scan.scan_id: study.images(scan.scan_id).echoes.geometry for scan in study.scans()}
        for how in ("crop", "resample"):
            with pytest.raises(InputError, match=r"3 T, echoes: .* cut off L1 of mouse-1, baseline, L2"):
                even_out(study, how)
        assert all(study.grids()[each].same_grid(grid) for each, grid in before.items())
        assert not list((study.path / "maps").rglob("evened-*"))


def test_it_is_done_before_the_first_kit_once_and_on_record(tmp_path, protocol: Protocol):
    with make(tmp_path, scanned(2, (4, 16, 12))) as study:
        with pytest.raises(InputError, match="3 T, echoes: voxels differ"):
            study.add_scan("mouse-2", "MNP", "24 h", scanned(4, (9, 20, 16), FINE))
            even_out(study, "crop")
        even_out(study, "resample")
        deal_kit(study, "Ann", 1, protocol, tmp_path / "a.kit")
        even_out(study, "resample")
        with pytest.raises(InputError, match="kits are dealt already"):
            even_out(study, "crop")
        study.verify()
        rows = study.database.rows("SELECT content FROM audit WHERE content LIKE '%\"even_out\"%'")
        records = [json.loads(row["content"]) for row in rows]
        assert len(records) == 3 and {record["how"] for record in records} == {"resample"}
        for record in records:
            # what was scanned is still there, and named
            folder = study.path / "maps" / record["scan"]
            assert all((folder / name).is_file() for name, _ in (*record["before"], *record["after"]))
            assert {name for name, _ in record["before"]}.isdisjoint(name for name, _ in record["after"])


def test_a_stop_leaves_the_study_as_it_was(tmp_path):
    class Stop:
        reported = 0

        def report(self, fraction: float, what: str) -> None:
            self.reported += 1

        def cancelled(self) -> bool:
            return self.reported == 1

    with make(tmp_path, scanned(2, (4, 16, 12))) as study:
        before = study.looks()
        with pytest.raises(InputError, match="stopped; the study is as it was"):
            even_out(study, "crop", Stop())
        assert study.looks() == before and not list((study.path / "maps").rglob("evened-*"))


@pytest.mark.parametrize(("how", "pixels"), [("crop", "cropped"), ("resample", "resampled")])
def test_what_is_dealt_is_what_is_measured(tmp_path, protocol: Protocol, how, pixels):
    with make(tmp_path, scanned(2, (5, 16, 12))) as study:
        assert {study.images(scan.scan_id).pixels for scan in study.scans()} == {"as scanned"}
        even_out(study, how)
        with Kit.open(deal_kit(study, "Ann", 1, protocol, tmp_path / "a.kit").path) as kit:
            shown = {case.alias: kit.images(case.alias).echoes for case in kit.cases()}
        rows = study.database.rows("SELECT alias, scan_id FROM kit_cases")
        for alias, scan_id in ((row["alias"], row["scan_id"]) for row in rows):
            assert shown[alias].geometry.shape == (5, 14, 12)
            images = study.images(scan_id)
            np.testing.assert_array_equal(shown[alias].magnitude, images.echoes.magnitude)
            assert images.pixels == pixels
