"""Iron of a region: the interval holds, what is shared does not average away, the rim does not count."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.relaxometry.calibration import fit_calibration
from core.relaxometry.comparison import compare_maps, compare_regions, voxel_means
from core.relaxometry.fit import R2StarMaps
from core.relaxometry.noise import NoiseEstimate
from core.relaxometry.roi_iron import (
    RestingRate,
    between_visits_sd,
    iron_time_course,
    region_mean,
    resting_rate,
    roi_iron,
)

SHAPE = (12, 30, 30)
GRID = Geometry.axial(SHAPE, (0.9, 0.4, 0.4), (-5.8, -5.8, -4.95))
RELAXIVITY = 200.0
TO_IRON = 55.845 / 1.05 / RELAXIVITY
X = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])


@pytest.fixture(scope="module")
def calibration():
    wiggle = np.array([0.5, -0.8, 0.3, 0.6, -1.0, 0.4])
    exact = fit_calibration(X, 10 + RELAXIVITY * X + wiggle, np.ones(6), field_t=3.0)
    return replace(exact, relaxivity=replace(exact.relaxivity, value=RELAXIVITY, se=4.0))


def ball(radius_mm, grid=GRID):
    places = grid.to_mm(np.moveaxis(np.indices(grid.shape), 0, -1))
    return np.linalg.norm(places, axis=-1) <= radius_mm


def maps_of(r2star, grid=GRID, field_t=3.0):
    data = np.asarray(r2star, dtype=np.float32)
    none = np.full(data.shape, np.nan, np.float32)
    noise = NoiseEstimate(1.0, "given", 0)
    flags = np.zeros(data.shape, np.uint8)
    return R2StarMaps(data, none, none, none, flags, grid, "nlls", noise, (1.0, 2.0), field_t)


def tumour(rng, mean, unevenness=0.0, noise=2.0, resting=28.0, radius_mm=4.0):
    """An R2* map with a tumour of given mean iron (ug/g) in muscle, and its mask; the rim is mixed."""
    mask = ball(radius_mm)
    texture = ndimage.gaussian_filter(rng.standard_normal(SHAPE), [1.0 / s for s in GRID.spacing_mm])
    texture = (texture - texture[mask].mean()) / texture[mask].std()
    iron = mean * (1 + unevenness * texture)
    share = np.clip(0.5 + (radius_mm - radius_at()) / 0.6, 0, 1)
    rate = share * (resting + iron / TO_IRON) + (1 - share) * 20.0
    return maps_of(rate + noise * rng.standard_normal(SHAPE)), mask


def radius_at():
    return np.linalg.norm(GRID.to_mm(np.moveaxis(np.indices(SHAPE), 0, -1)), axis=-1)


def test_a_quiet_region_gives_its_iron_and_its_dose(calibration):
    maps, mask = tumour(np.random.default_rng(0), 10.0, noise=1e-3)
    found = roi_iron(maps, mask, calibration, RestingRate(28.0))
    assert found.mean_ug_per_g == pytest.approx(10.0, rel=0.01)
    volume = mask.sum() * 0.9 * 0.4 * 0.4
    assert found.volume_mm3 == pytest.approx(volume)
    assert found.dose_ug == pytest.approx(found.mean_ug_per_g * volume * 1e-3 * 1.05)
    assert found.dose_interval_ug[0] < found.dose_ug < found.dose_interval_ug[1]


def test_the_rim_pulls_the_plain_mean_and_not_the_stated_one(calibration):
    maps, mask = tumour(np.random.default_rng(1), 15.0)
    found = roi_iron(maps, mask, calibration, RestingRate(28.0))
    plain = (maps.r2star_per_s[mask].mean() - 28.0) * TO_IRON
    assert plain < 0.95 * 15.0
    low, high = found.interval_ug_per_g
    assert low < 15.0 < high


def test_the_calibrations_error_does_not_average_away(calibration):
    rng = np.random.default_rng(2)
    rate = 28.0 + 20.0 / TO_IRON + 3.0 * rng.standard_normal(SHAPE)
    errors = [
        roi_iron(maps_of(rate), ball(radius), calibration, RestingRate(28.0)).se_ug_per_g
        for radius in (1.5, 3.0, 5.0)
    ]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] > 20.0 * 4.0 / RELAXIVITY


def test_r2star0s_error_and_the_visits_are_in_the_interval(calibration):
    maps, mask = tumour(np.random.default_rng(3), 8.0)
    bare = roi_iron(maps, mask, calibration, RestingRate(28.0))
    full = roi_iron(maps, mask, calibration, RestingRate(28.0, 1.0, 2.0))
    added = np.sqrt(full.se_ug_per_g**2 - bare.se_ug_per_g**2)
    # this visit deviates, and so did the baseline visit
    assert added == pytest.approx(np.sqrt(1.0 + 2 * 2.0**2) * TO_IRON, rel=1e-6)
    assert RestingRate(28.0, 1.0, 2.0, visits=0).total_se_per_s == pytest.approx(np.sqrt(5.0))
    assert "R2*_0 counts as exact" in bare.notes


def test_below_the_limit_is_said_so(calibration):
    maps, mask = tumour(np.random.default_rng(4), 0.1)
    found = roi_iron(maps, mask, calibration, RestingRate(28.0, 0.5, 0.5))
    assert found.below_limit
    assert found.detection_limit_ug_per_g > 3.29 * 0.5 * TO_IRON
    assert "below the limit of detection" in found.statement
    maps, mask = tumour(np.random.default_rng(4), 12.0)
    clear = roi_iron(maps, mask, calibration, RestingRate(28.0, 0.5, 0.5))
    assert not clear.below_limit
    assert "95 %" in clear.statement


def test_the_interval_covers_the_whole_tumour_and_not_its_core_alone(calibration):
    rng = np.random.default_rng(5)
    exact = replace(calibration, relaxivity=replace(calibration.relaxivity, se=1e-9))
    covered = 0
    for _ in range(60):
        maps, mask = tumour(rng, 12.0, unevenness=0.35)
        low, high = roi_iron(maps, mask, exact, RestingRate(28.0)).interval_ug_per_g
        covered += low <= 12.0 <= high
    # 95 % of 60, less three times the chance of so few
    assert covered >= 52


def test_noise_alone_is_not_taken_for_unevenness():
    rng = np.random.default_rng(6)
    found = region_mean(30 + 4.0 * rng.standard_normal(SHAPE), ball(4.0), GRID)
    assert found.noise_se == pytest.approx(4.0 / np.sqrt(found.voxels), rel=0.15)
    assert found.sampling_se < found.noise_se
    assert found.used == "core"


def test_regions_without_a_core_fall_back_and_say_so(calibration):
    rate = 28.0 + 30.0 + np.random.default_rng(7).standard_normal(SHAPE)
    flat = np.zeros(SHAPE, bool)
    flat[6, 10:18, 10:18] = True
    assert region_mean(rate, flat, GRID).used == "core in the plane"
    small = np.zeros(SHAPE, bool)
    small[6, 10:13, 10:13] = True
    found = roi_iron(maps_of(rate), small, calibration, RestingRate(28.0, 0.5))
    assert found.r2star.used == "median of all voxels"
    assert any("too small" in note for note in found.notes)
    one = np.zeros(SHAPE, bool)
    one[6, 10, 10] = True
    lone = roi_iron(maps_of(rate), one, calibration, RestingRate(28.0, 0.5))
    assert lone.below_limit
    assert np.isinf(lone.se_ug_per_g)


def test_voxels_without_a_value_are_left_out_and_counted(calibration):
    maps, mask = tumour(np.random.default_rng(8), 10.0)
    maps.r2star_per_s[6, 15, 14:17] = np.nan
    found = roi_iron(maps, mask, calibration, RestingRate(28.0, 0.5))
    assert found.r2star.left_out == 3
    assert any("3 voxels" in note for note in found.notes)
    with pytest.raises(InputError, match="no voxel"):
        roi_iron(maps_of(np.full(SHAPE, np.nan)), mask, calibration, RestingRate(28.0))


def test_what_does_not_fit_is_refused(calibration):
    maps, mask = tumour(np.random.default_rng(9), 10.0)
    with pytest.raises(InputError, match=r"3 T, the scan was made at 0\.064 T"):
        roi_iron(replace(maps, field_t=0.064), mask, calibration, RestingRate(28.0))
    with pytest.raises(InputError, match="empty"):
        roi_iron(maps, np.zeros(SHAPE, bool), calibration, RestingRate(28.0))
    with pytest.raises(InputError, match="differ in shape"):
        roi_iron(maps, np.ones((2, 2, 2), bool), calibration, RestingRate(28.0))
    with pytest.raises(InputError, match="density"):
        roi_iron(maps, mask, calibration, RestingRate(28.0), density_g_per_ml=0.0)
    with pytest.raises(InputError, match="R2"):
        RestingRate(float("nan"))


@settings(max_examples=15, deadline=None)
@given(st.floats(0.2, 5.0), st.floats(-20.0, 20.0))
def test_a_region_mean_scales_and_shifts_with_the_map(factor, offset):
    values = 50 + 5 * np.random.default_rng(10).standard_normal(SHAPE)
    plain, other = (region_mean(v, ball(3.0), GRID) for v in (values, factor * values + offset))
    assert other.value == pytest.approx(factor * plain.value + offset, rel=1e-9, abs=1e-9)
    assert other.se == pytest.approx(factor * plain.se, rel=1e-4)


def test_r2star0_from_a_baseline_region():
    rng = np.random.default_rng(11)
    found = resting_rate(28 + 2 * rng.standard_normal(SHAPE), ball(3.0), GRID, visit_sd_per_s=0.5)
    assert found.value_per_s == pytest.approx(28.0, abs=4 * found.se_per_s)
    assert found.visit_sd_per_s == 0.5
    whole = resting_rate(28 + 2 * rng.standard_normal(SHAPE), ball(3.0), GRID, rim=False)
    assert whole.se_per_s == pytest.approx(2.0 / np.sqrt(ball(3.0).sum()), rel=0.15)


def test_variation_between_visits_is_told_apart_from_the_measurements_own_error():
    rng = np.random.default_rng(12)
    rates = 28 + rng.normal(0, 3, (400, 1)) + rng.normal(0, 0.5, (400, 3)) + rng.normal(0, 0.3, (400, 3))
    rates[0, 0] = np.nan
    assert between_visits_sd(rates, 0.3) == pytest.approx(0.5, rel=0.1)
    assert between_visits_sd(rates, 5.0) == 0.0
    with pytest.raises(InputError, match="two visits"):
        between_visits_sd([[28.0], [29.0]])


def test_a_change_between_visits_loses_what_the_visits_share(calibration):
    resting = RestingRate(28.0, 3.0)
    rng = np.random.default_rng(13)
    irons = []
    for mean in (18.0, 9.0):
        maps, mask = tumour(rng, mean)
        irons.append(roi_iron(maps, mask, calibration, resting))
    course = iron_time_course([("24 h", 24.0, irons[1]), ("1 h", 1.0, irons[0])])
    assert [point.visit for point in course] == ["1 h", "24 h"]
    assert course[0].change_ug_per_g == 0.0
    change = course[1]
    assert change.change_ug_per_g == pytest.approx(-9.0, abs=0.5)
    assert change.change_interval_ug_per_g[0] < -9.0 < change.change_interval_ug_per_g[1]
    assert change.change_se_ug_per_g < 0.5 * irons[1].se_ug_per_g
    with pytest.raises(InputError, match="same time"):
        iron_time_course([("a", 1.0, irons[0]), ("b", 1.0, irons[1])])
    with pytest.raises(InputError, match="needs a visit"):
        iron_time_course([])


def test_a_coarser_grid_gets_the_means_of_the_finer():
    rng = np.random.default_rng(14)
    fine = Volume(rng.normal(10, 1, (8, 16, 16)).astype(np.float32), Geometry.axial((8, 16, 16), (1, 1, 1)))
    coarse = Geometry.axial((4, 8, 8), (2, 2, 2), (0.5, 0.5, 0.5))
    wanted = fine.data.reshape(4, 2, 8, 2, 8, 2).mean(axis=(1, 3, 5))
    inner = (slice(1, 3), slice(1, 7), slice(1, 7))
    got = voxel_means(fine, coarse, np.eye(4)).data
    assert got[inner] == pytest.approx(wanted[inner], abs=1e-4)


def test_two_fields_agree_but_for_what_is_added():
    rng = np.random.default_rng(15)
    coarse = Geometry.axial((6, 15, 15), (1.8, 0.8, 0.8), (-5.6, -5.6, -4.5))
    iron = ndimage.gaussian_filter(rng.normal(0, 20, SHAPE), 2.0) + 12
    fine = Volume(iron.astype(np.float32), GRID)
    low = voxel_means(fine, coarse, np.eye(4)).data + 1.5 + rng.normal(0, 0.4, coarse.shape)
    mask = ball(3.5, coarse)
    for first, second, sign in ((fine, Volume(low, coarse), 1), (Volume(low, coarse), fine, -1)):
        found = compare_maps(first, second, mask)
        assert found.bias == pytest.approx(sign * 1.5, abs=0.15)
        assert found.sd == pytest.approx(0.4, rel=0.2)
        assert found.limits[1] - found.limits[0] == pytest.approx(2 * 1.96 * found.sd)
        assert found.correlation > 0.8
        assert found.geometry is coarse
        assert found.voxels + found.left_out == mask.sum()
    with pytest.raises(InputError, match="the region has shape"):
        compare_maps(fine, Volume(low, coarse), ball(3.0))
    with pytest.raises(InputError, match="fewer than two"):
        compare_maps(fine, Volume(np.full(coarse.shape, np.nan), coarse), mask)


def test_a_shift_between_the_fields_is_undone_by_the_transform():
    rng = np.random.default_rng(16)
    iron = ndimage.gaussian_filter(rng.normal(0, 40, SHAPE), 2.0).astype(np.float32)
    shift = np.array([1.2, -0.8, 0.9])
    move = np.eye(4)
    move[:3, 3] = shift
    there = Volume(iron, GRID.moved(shift))
    found = compare_maps(Volume(iron, GRID), there, ball(3.0), transform_mm=move)
    assert np.abs(found.difference[ball(3.0)]).max() < 1e-3


def test_a_region_at_two_fields(calibration):
    resting = RestingRate(28.0, 0.5)
    one, two = (
        roi_iron(*tumour(np.random.default_rng(seed), mean), calibration, resting)
        for seed, mean in ((17, 10.0), (18, 10.0))
    )
    found = compare_regions(one, two)
    assert found.interval_ug_per_g[0] < 0 < found.interval_ug_per_g[1]
    assert found.se_ug_per_g == pytest.approx(np.hypot(one.se_ug_per_g, two.se_ug_per_g))
