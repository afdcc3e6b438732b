"""Regions of a map, and what `compare` makes of them."""

from __future__ import annotations

import json

import numpy as np
import pytest

from core.imaging.geometry import Geometry
from core.imaging.nifti import write_nifti
from core.imaging.volume import Volume
from core.relaxometry.calibration import fit_calibration
from tests.app.commands.coordinator import ran, refused

TE_MS = (2.0, 5.0, 8.0, 11.0, 14.0, 17.0)
GEOMETRY = Geometry.axial((3, 24, 24), (1.0, 0.5, 0.5))
RESTING, SLOPE, DENSITY = 30.0, 100.0, 1.05


def tumour():
    mask = np.zeros(GEOMETRY.shape, bool)
    mask[:, 6:18, 6:18] = True
    return mask


def scan(folder, iron_ug_per_g, field_t, seed):
    """A scan whose tumour holds so much iron, and its calibration."""
    folder.mkdir()
    rng = np.random.default_rng(seed)
    rate = np.where(tumour(), RESTING + SLOPE * iron_ug_per_g * DENSITY / 55.845, RESTING)
    for k, te in enumerate(TE_MS):
        clean = 2000 * np.exp(-te * 1e-3 * rate)
        noisy = np.hypot(clean + 10 * rng.normal(size=rate.shape), 10 * rng.normal(size=rate.shape))
        name = f"sub-1_echo-{k + 1}_part-mag_MEGRE"
        write_nifti(folder / f"{name}.nii.gz", Volume(noisy.astype(np.float32), GEOMETRY))
        sidecar = {"EchoTime": te * 1e-3, "MagneticFieldStrength": field_t, "ScanningSequence": "GR"}
        (folder / f"{name}.json").write_text(json.dumps(sidecar))
    iron = np.array([0.0, 0.1, 0.2, 0.4, 0.8])
    vials = fit_calibration(iron, 5 + SLOPE * iron + np.array([0.1, -0.1, 0.1, -0.1, 0.0]), field_t=field_t)
    vials.save(folder.parent / f"{folder.name}.json")
    return folder


@pytest.fixture
def mapped(tmp_path, capsys):
    mask = tmp_path / "tumour.nii.gz"
    write_nifti(mask, Volume(tumour().astype(np.uint8), GEOMETRY))

    def command(name, iron, field_t, seed=1):
        made = scan(tmp_path / name, iron, field_t, seed)
        out = tmp_path / f"{name}-maps"
        words = ["map", made, "--noise", "10", "--mask", "none", "--roi", f"tumour={mask}", "--out", out]
        told = ran(capsys, *words, "--calibration", tmp_path / f"{name}.json", "--r2star0", RESTING)
        return out, told

    return command


def test_a_region_tells_iron_dose_and_histograms(mapped):
    out, told = mapped("a", 12.0, 3.0)
    region = json.loads((out / "map.json").read_text())["rois"]["tumour"]
    low, high = region["iron"]["interval_ug_per_g"]
    assert low < 12.0 < high and high - low < 2.0
    grams = 432 * 0.25 * 1e-3 * DENSITY
    assert region["iron"]["dose_ug"] == pytest.approx(12.0 * grams, rel=0.05)
    rates, times = region["histograms"]
    assert sum(rates["counts"]) + rates["below"] + rates["above"] == 432
    assert times["median"] == pytest.approx(1000 / rates["median"], rel=0.02)
    assert "tumour: R2*" in told and "dose" in told


def test_iron_over_visits_is_told_with_the_change(mapped, tmp_path, capsys):
    early, late = mapped("early", 15.0, 3.0)[0], mapped("late", 6.0, 3.0, seed=2)[0]
    data = json.loads(ran(capsys, "compare", late, early, "--hours", "24,1", "--json"))
    assert [point["hours"] for point in data["course"]] == [1.0, 24.0]
    low, high = data["course"][1]["change_interval_ug_per_g"]
    assert low < -9.0 < high < -7.0
    assert "1 h" in ran(capsys, "compare", late, early, "--hours", "24,1")


def test_two_fields_are_compared(mapped, capsys):
    high, low = mapped("high", 9.0, 3.0)[0], mapped("low", 9.0, 0.064, seed=3)[0]
    data = json.loads(ran(capsys, "compare", high, low, "--json"))
    assert data["fields_t"] == [3.0, 0.064]
    assert data["difference"]["interval_ug_per_g"][0] < 0 < data["difference"]["interval_ug_per_g"][1]
    assert "second minus first" in ran(capsys, "compare", high, low)


def test_what_cannot_be_compared_is_refused(mapped, tmp_path, capsys):
    first, second = mapped("first", 9.0, 3.0)[0], mapped("second", 9.0, 3.0)[0]
    assert "two folders" in refused(capsys, "compare", first, status=2)
    assert "--hours" in refused(capsys, "compare", first, second, status=2)
    assert "one for each" in refused(capsys, "compare", first, second, "--hours", "1", status=2)
    assert "same time" in refused(capsys, "compare", first, second, "--hours", "1,1")
    assert "it has tumour" in refused(capsys, "compare", first, second, "--roi", "liver", "--hours", "1,2")
    assert "holds no maps" in refused(capsys, "compare", first, tmp_path, "--hours", "1,2")
    empty = tmp_path / "empty.nii.gz"
    write_nifti(empty, Volume(np.zeros(GEOMETRY.shape, np.uint8), GEOMETRY))
    words = ["map", tmp_path / "first", "--out", tmp_path / "x", "--roi"]
    assert "marks no voxel" in refused(capsys, *words, f"t={empty}")
    assert "a name of its own" in refused(
        capsys, *words, tmp_path / "tumour.nii.gz", "--roi", empty.with_name("tumour.nii.gz"), status=2
    )
