"""The calibration line: weights, errors, saturation, limits, and what is kept of it."""

from __future__ import annotations

import json

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.relaxometry.calibration import Calibration, fit_calibration

IRON = np.array([0.0, 0.04, 0.08, 0.16, 0.24, 0.32, 0.44, 0.60])
SLOPE, INTERCEPT = 200.0, 6.0


def straight(iron=IRON):
    return INTERCEPT + SLOPE * np.asarray(iron)


def noisy(rng, iron=IRON, sd=0.4):
    return straight(iron) + sd * rng.standard_normal(np.shape(iron))


def pull(calibration, without):
    return calibration.relaxivity.value / without.relaxivity.value - 1


# --- the line ------------------------------------------------------------------------------------------


def test_points_on_a_line_give_it_exactly():
    found = fit_calibration(IRON, straight(), field_t=3.0)
    assert found.relaxivity.value == pytest.approx(SLOPE, rel=1e-12)
    assert found.intercept.value == pytest.approx(INTERCEPT, rel=1e-10)
    assert found.r_squared == pytest.approx(1.0)
    assert found.detection_limit_mmol_per_l < 1e-9
    assert all(point.used for point in found.points)


@given(st.integers(0, 10**6), st.floats(0.1, 20.0), st.floats(0.1, 20.0))
def test_units_of_iron_and_of_rates_scale_what_they_should(seed, iron_unit, rate_unit):
    rng = np.random.default_rng(seed)
    y, sd = noisy(rng), rng.uniform(0.2, 1.0, IRON.size)
    for scatter in ("scale", "add"):
        plain = fit_calibration(IRON, y, sd, field_t=3.0, scatter=scatter)
        scaled = fit_calibration(
            IRON * iron_unit, y * rate_unit, sd * rate_unit, field_t=3.0, scatter=scatter
        )
        ratio = rate_unit / iron_unit
        assert scaled.relaxivity.value == pytest.approx(plain.relaxivity.value * ratio, rel=1e-6)
        assert scaled.relaxivity.se == pytest.approx(plain.relaxivity.se * ratio, rel=1e-4)
        limit = plain.detection_limit_mmol_per_l * iron_unit
        assert scaled.detection_limit_mmol_per_l == pytest.approx(limit, rel=1e-4)


@pytest.mark.parametrize("weighted", [False, True])
def test_agrees_with_statsmodels(weighted):
    rng = np.random.default_rng(4)
    y, sd = noisy(rng), rng.uniform(0.1, 2.0, IRON.size)
    found = fit_calibration(IRON, y, sd if weighted else None, field_t=3.0)
    weights = 1 / sd**2 if weighted else np.ones(IRON.size)
    theirs = sm.WLS(y, sm.add_constant(IRON), weights=weights).fit()
    low, high = theirs.conf_int()[1]
    assert found.intercept.value == pytest.approx(theirs.params[0], rel=1e-9)
    assert found.relaxivity.value == pytest.approx(theirs.params[1], rel=1e-9)
    assert found.relaxivity.se == pytest.approx(theirs.bse[1], rel=1e-9)
    assert found.relaxivity.ci95 == pytest.approx((low, high), rel=1e-9)
    assert found.covariance == pytest.approx(theirs.cov_params()[0, 1], rel=1e-9)
    assert found.r_squared == pytest.approx(theirs.rsquared, rel=1e-9)
    if not weighted:
        assert found.residual_sd_per_s == pytest.approx(np.sqrt(theirs.mse_resid), rel=1e-9)


def test_pearsons_data_with_yorks_weights_give_the_published_line():
    # York et al. 2004 (doi 10.1119/1.1632486), table II: slope -0.480533407, intercept 5.47991022
    x = np.array([0.0, 0.9, 1.8, 2.6, 3.3, 4.4, 5.2, 6.1, 6.5, 7.4])
    y = np.array([5.9, 5.4, 4.4, 4.6, 3.5, 3.7, 2.8, 2.8, 2.4, 1.5])
    weight_x = np.array([1000, 1000, 500, 800, 200, 80, 60, 20, 1.8, 1])
    weight_y = np.array([1, 1.8, 4, 8, 20, 20, 70, 70, 100, 500])
    # mirrored, since iron never lowers R2*
    found = fit_calibration(7.4 - x, y, weight_y**-0.5, iron_sd_mmol_per_l=weight_x**-0.5, field_t=3.0)
    assert found.relaxivity.value == pytest.approx(0.480533407, rel=1e-7)
    assert found.intercept.value == pytest.approx(5.47991022 - 7.4 * 0.480533407, rel=1e-6)


# --- limits --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vial", range(IRON.size))
def test_one_tiny_sd_does_not_make_the_limit_tiny(vial):
    rng = np.random.default_rng(3)
    y, sd = noisy(rng), np.full(IRON.size, 0.4)
    fair = fit_calibration(IRON, y, sd, field_t=3.0).detection_limit_mmol_per_l
    sd[vial] = 1e-4
    found = fit_calibration(IRON, y, sd, field_t=3.0)
    assert 0.5 * fair < found.detection_limit_mmol_per_l < 2 * fair
    assert found.quantification_limit_mmol_per_l == pytest.approx(found.detection_limit_mmol_per_l * 10 / 3.3)


def test_a_vial_at_the_detection_limit_is_told_from_a_blank():
    """3.3 SD of a blank above it: a straight test at 5 % finds about 19 of 20."""
    rng = np.random.default_rng(5)
    iron = np.repeat(IRON, 6)
    found = fit_calibration(iron, noisy(rng, iron), np.full(iron.size, 0.4), field_t=3.0)
    assert found.detection_limit_mmol_per_l == pytest.approx(3.3 * 0.4 / SLOPE, rel=0.25)
    rates = straight(found.detection_limit_mmol_per_l) + 0.4 * rng.standard_normal(4000)
    assert 0.9 < np.mean(rates > INTERCEPT + 1.645 * 0.4) < 0.99


# --- intervals -----------------------------------------------------------------------------------------


def coverage(count, scatter_per_s, pipetting):
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(count):
        true = straight(IRON * (1 + pipetting * rng.standard_normal(IRON.size)))
        sd = 0.05 + 0.001 * true
        y = true + np.hypot(sd, scatter_per_s) * rng.standard_normal(IRON.size)
        low, high = fit_calibration(IRON, y, sd, field_t=3.0, scatter="add").relaxivity.ci95
        inside += low <= SLOPE <= high
    return inside / count


@pytest.mark.parametrize("scatter_per_s, pipetting", [(0.0, 0.0), (0.4, 0.0), (0.4, 0.01), (0.0, 0.01)])
def test_intervals_hold_whether_or_not_vials_differ_beyond_their_sd(scatter_per_s, pipetting):
    assert coverage(150, scatter_per_s, pipetting) > 0.88


def test_scatter_between_vials_is_found():
    rng = np.random.default_rng(2)
    iron = np.repeat(IRON, 5)
    sd = np.full(iron.size, 0.1)
    found = fit_calibration(iron, noisy(rng, iron, 0.8), sd, field_t=3.0, scatter="add")
    assert found.between_vials_sd_per_s == pytest.approx(0.8, rel=0.3)
    assert fit_calibration(iron, straight(iron), sd, field_t=3.0, scatter="add").between_vials_sd_per_s == 0


# --- saturation ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("shortfall", [0.01, 0.02, 0.03, 0.05, 0.1, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("saturated", [1, 2, 3])
def test_saturated_vials_never_pull_the_slope_by_more_than_3_percent(shortfall, saturated):
    rng = np.random.default_rng(6)
    for _ in range(5):
        sd = 0.05 + 0.001 * straight()
        y = straight() + sd * rng.standard_normal(IRON.size)
        clean = fit_calibration(
            IRON[:-saturated], y[:-saturated], sd[:-saturated], field_t=3.0, scatter="add"
        )
        y[-saturated:] *= 1 - shortfall * np.arange(1, saturated + 1) / saturated
        found = fit_calibration(IRON, y, sd, field_t=3.0, scatter="add")
        assert abs(pull(found, clean)) < 0.03
        if shortfall >= 0.1:
            assert not found.points[-1].used and found.points[-1].reason.startswith("saturated")


def test_a_plateau_of_many_vials_is_cut_where_it_begins():
    iron = np.arange(0, 1.2, 0.1)
    y = np.minimum(straight(iron), straight(0.5)) + 0.1 * np.random.default_rng(1).standard_normal(iron.size)
    found = fit_calibration(iron, y, np.full(iron.size, 0.1), field_t=3.0)
    assert [point.used for point in found.points] == [bool(x < 0.55) for x in iron]


def test_straight_vials_are_hardly_ever_left_out():
    rng = np.random.default_rng(8)
    left_out = [
        not all(p.used for p in fit_calibration(IRON, noisy(rng), np.full(8, 0.4), field_t=3.0).points)
        for _ in range(100)
    ]
    assert np.mean(left_out) <= 0.06


def test_too_few_vials_tell_no_saturation():
    found = fit_calibration([0.0, 0.2, 0.4], [6.0, 46.0, 60.0], field_t=3.0)
    assert all(point.used for point in found.points)


def test_a_vial_left_out_for_a_reason_does_not_count():
    reasons = [""] * 7 + ["faster than the echoes resolve"]
    y = straight()
    y[-1] = np.nan
    found = fit_calibration(IRON, y, np.where(np.isnan(y), np.nan, 0.1), field_t=3.0, left_out=reasons)
    assert found.relaxivity.value == pytest.approx(SLOPE)
    assert found.points[-1].reason == "faster than the echoes resolve" and not found.points[-1].used
    assert Calibration.from_json(json.loads(json.dumps(found.as_json()))).points[-1].reason == reasons[-1]


# --- pooling -------------------------------------------------------------------------------------------


def pooled(second_slope):
    rng = np.random.default_rng(9)
    y = np.concatenate([noisy(rng), INTERCEPT + second_slope * IRON + 0.4 * rng.standard_normal(IRON.size)])
    names = ["May"] * IRON.size + ["June"] * IRON.size
    sd = np.full(y.size, 0.4)
    return fit_calibration(np.tile(IRON, 2), y, sd, field_t=3.0, phantoms=names)


def test_phantoms_that_agree_are_pooled_to_a_narrower_interval():
    found = pooled(SLOPE)
    single = fit_calibration(IRON, noisy(np.random.default_rng(9)), np.full(8, 0.4), field_t=3.0)
    assert found.notes == ()
    assert found.relaxivity.se < single.relaxivity.se
    assert {point.phantom for point in found.points} == {"May", "June"}


def test_phantoms_that_differ_get_a_note_which_every_map_carries():
    found = pooled(1.06 * SLOPE)
    assert "differ" in found.notes[0]
    assert found.notes[0] in found.warnings(())


# --- what is kept, and for which scans -------------------------------------------------------------------


def test_what_is_saved_comes_back(tmp_path):
    sd = np.full(IRON.size, 0.4)
    found = fit_calibration(
        IRON, noisy(np.random.default_rng(1)), sd, field_t=0.064, agent="A", scatter="add"
    )
    found.save(tmp_path / "c.json")
    assert Calibration.load(tmp_path / "c.json").as_json() == found.as_json()


def test_files_of_earlier_versions_can_be_read():
    old = fit_calibration(IRON, noisy(np.random.default_rng(1)), field_t=3.0).as_json()
    for name in ("scatter", "between_vials_sd_per_s", "notes"):
        del old[name]
    for point in old["points"]:
        for name in ("vial", "fitted_per_s", "standardised_residual"):
            del point[name]
    assert Calibration.from_json(old).relaxivity.value == pytest.approx(SLOPE, rel=0.05)


@pytest.mark.parametrize("field_t, scan_t, fits", [
    (0.064, 0.0632, True), (7.0, 7.054, True), (3.0, 2.89362, True),
    (3.0, 1.5, False), (3.0, 3.2, False), (0.064, 0.05, False),
])  # fmt: skip
def test_serves_scans_of_its_own_field_only(field_t, scan_t, fits):
    found = fit_calibration(IRON, straight(), field_t=field_t)
    if fits:
        found.check_field(scan_t)
    else:
        with pytest.raises(InputError, match="calibrate with a phantom"):
            found.check_field(scan_t)


def test_another_agent_or_range_of_echoes_is_told():
    from dataclasses import replace

    found = replace(
        fit_calibration(IRON, straight(), field_t=3.0, agent="Ferumoxytol"), te_ms=(2.0, 4.0, 20.0)
    )
    assert found.warnings((2.0, 20.0), "ferumoxytol ") == ()
    assert "Resovist" in found.warnings((2.0, 20.0), "Resovist")[0]
    for te_ms in ((1.0, 20.0), (4.0, 20.0), (2.0, 10.0), (2.0, 40.0)):
        assert "2 to 20 ms" in found.warnings(te_ms)[0]


def test_residuals_are_what_a_plot_needs():
    rng = np.random.default_rng(2)
    y, sd = noisy(rng), np.full(IRON.size, 0.4)
    found = fit_calibration(IRON, y, sd, field_t=3.0, scatter="add")
    for point in found.points:
        assert point.fitted_per_s + point.residual_per_s == pytest.approx(point.r2star_per_s)
    assert np.std([point.standardised_residual for point in found.points]) == pytest.approx(1.0, abs=0.4)
    line, half = found.band([0.0, 0.3])
    assert line[0] == pytest.approx(found.intercept.value)
    assert half[0] == pytest.approx(found.intercept.ci95[1] - found.intercept.value)
    assert half[1] < half[0]


@pytest.mark.parametrize("change, reason", [
    ({"iron": [0.1, 0.1, 0.1]}, "two different"),
    ({"iron": [-0.1, 0.2, 0.3]}, "0 or more"),
    ({"iron": [0.1, 0.2]}, "same length"),
    ({"r2star": [1.0, np.nan, 3.0]}, "finite"),
    ({"r2star": [3.0, 2.0, 1.0]}, "does not rise"),
    ({"sd": [0.1, 0.0, 0.1]}, "positive"),
    ({"iron_sd": [0.1, 0.1, 0.1]}, "SDs of R2"),
    ({"field_t": np.nan}, "field strength"),
])  # fmt: skip
def test_what_does_not_serve_is_refused(change, reason):
    given_values = {
        "iron": [0.1, 0.2, 0.3],
        "r2star": [1.0, 2.0, 3.0],
        "sd": None,
        "iron_sd": None,
        "field_t": 3.0,
    }
    given_values |= change
    with pytest.raises(InputError, match=reason):
        fit_calibration(
            given_values["iron"], given_values["r2star"], given_values["sd"],
            iron_sd_mmol_per_l=given_values["iron_sd"], field_t=given_values["field_t"],
        )  # fmt: skip
