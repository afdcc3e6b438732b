"""Vials in a phantom's picture: found wherever they stand, measured without what spoils them."""

from __future__ import annotations

import numpy as np
import pytest

from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.relaxometry.calibration import fit_calibration
from core.relaxometry.fit import part_of
from core.relaxometry.phantom import FoundVial, find_vials, measure_vials, phantom_noise, reading_order
from core.relaxometry.simulate import phantom, physics
from tests.core.relaxometry.vials import TE_MS, MadePhantom, make_phantom

SLOPE, INTERCEPT = 200.0, 8.0


def offsets(made: MadePhantom, found: tuple[FoundVial, ...]):
    """In-plane distances in mm, (vial made, vial found)."""
    places = np.array([vial.centre_mm for vial in found]).reshape(-1, 3)
    return np.linalg.norm(made.centres_mm[:, None, :2] - places[None, :, :2], axis=-1)


def all_found(made: MadePhantom, found: tuple[FoundVial, ...]) -> bool:
    """Whether the vials, and nothing else, were found whole."""
    whole = tuple(vial for vial in found if not vial.dented)
    away = offsets(made, whole)
    return len(whole) == len(made.r2star_per_s) and bool((away.min(axis=1) < 1.0).all())


def random_phantom(seed: int, **changes) -> MadePhantom:
    """5 to 12 vials anywhere, in air or in a bath, SNR 20 to 100, half of them tilted by up to 12 degrees."""
    rng = np.random.default_rng(seed)
    rates = rng.permutation(INTERCEPT + np.sort(rng.uniform(0, 200, int(rng.integers(5, 13)))))
    options = {
        "snr": float(rng.choice([20.0, 50.0, 100.0])),
        "bath": bool(rng.random() < 0.4),
        "shading": float(rng.uniform(0, 0.5)),
        "tilt": float(rng.choice([0.0, 0.2])),
    }
    return make_phantom(rng, rates, **(options | changes))


def calibrated(made: MadePhantom, iron, **options):
    """The line of the found vials; one that was not found counts for nothing, as `calibrate` has it."""
    vials = measure_vials(made.series, find_vials(made.series))
    away = offsets(made, vials)
    found = away.min(axis=1) < made.radius_mm
    chosen = [vials[k] for k in away.argmin(axis=1)]
    return fit_calibration(
        iron,
        [vial.r2star_per_s for vial in chosen],
        [vial.r2star_se_per_s for vial in chosen],
        left_out=[vial.problem if seen else "not found" for vial, seen in zip(chosen, found, strict=True)],
        field_t=3.0,
        scatter="add",
        **options,
    )


# --- finding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(16))
def test_all_vials_of_a_random_arrangement_are_found_and_nothing_else(seed):
    made = random_phantom(1000 + seed)
    assert all_found(made, find_vials(made.series))


@pytest.mark.soak
def test_all_vials_of_200_random_arrangements_are_found():
    missed = [seed for seed in range(200) if not all_found(m := random_phantom(seed), find_vials(m.series))]
    assert missed == []


@pytest.mark.parametrize("radius", [2.2, 4.5])
def test_thin_and_wide_vials_are_found_with_their_radius(radius):
    made = make_phantom(np.random.default_rng(1), np.linspace(8, 150, 6), radius=radius, bubbles=False)
    found = find_vials(made.series)
    assert all_found(made, found)
    assert [vial.radius_mm for vial in found] == pytest.approx([radius] * 6, abs=0.5)


def test_one_slice_is_enough():
    made = random_phantom(3, bath=False, tilt=0.0, bubbles=False)
    assert all_found(made, find_vials(part_of(made.series, slices=slice(2, 3))))


def test_vials_in_rows_wall_to_wall_are_told_apart():
    centres = np.array([[x, y] for y in (-7.2, 0.0, 7.2) for x in (-10.8, -3.6, 3.6, 10.8)])
    made = make_phantom(np.random.default_rng(2), np.linspace(8, 200, 12), centres=centres)
    assert all_found(made, find_vials(made.series))


def test_a_vial_that_the_picture_cuts_is_left_out():
    centres = np.array([[-22.5, 0.0], [-10.0, 0.0], [0.0, 10.0], [10.0, 0.0], [0.0, -10.0]])
    made = make_phantom(np.random.default_rng(2), np.linspace(8, 100, 5), centres=centres, bubbles=False)
    found = find_vials(made.series)
    assert len(found) == 4 and offsets(made, found)[0].min() > 5


@pytest.mark.parametrize("bath", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_a_vial_with_air_in_every_slice_is_found_but_does_not_count(seed, bath):
    made = make_phantom(np.random.default_rng(seed), np.linspace(8, 150, 6), bath=bath, spoiled=2)
    found = find_vials(made.series)
    whole = [vial for vial in found if not vial.dented]
    assert len(whole) == 5 and all(vial.problem == "" for vial in whole)
    near = offsets(made, found)[2]
    spoiled = measure_vials(made.series, [found[near.argmin()]])[0]
    assert near.min() < 0.5 * made.radius_mm
    assert spoiled.dented and "air bubble" in spoiled.problem
    assert spoiled.radius_mm == pytest.approx(made.radius_mm, rel=0.25)


def test_air_noise_and_an_empty_picture_hold_no_vial():
    rng = np.random.default_rng(1)
    geometry = Geometry.axial((3, 40, 40), (2.0, 0.6, 0.6))
    shape = (8, 3, 40, 40)
    noise = np.hypot(rng.standard_normal(shape), rng.standard_normal(shape)).astype(np.float32)
    for data in (noise, np.zeros(shape, np.float32), np.full(shape, np.nan, np.float32)):
        assert find_vials(EchoSeries(data, TE_MS, geometry)) == ()


def test_a_slow_bath_is_not_taken_for_noise():
    made = random_phantom(1, bath=True, snr=50.0)
    assert phantom_noise(made.series).sigma == pytest.approx(20.0, rel=0.5)


# --- measuring -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("bath", [False, True])
def test_bubbles_walls_and_shading_do_not_reach_the_median(bath):
    made = random_phantom(5, bath=bath, snr=100.0, shading=0.5)
    vials = measure_vials(made.series, find_vials(made.series))
    nearest = offsets(made, vials).argmin(axis=1)
    for vial, rate in zip((vials[k] for k in nearest), made.r2star_per_s, strict=True):
        assert vial.r2star_per_s == pytest.approx(rate, abs=5 * vial.r2star_se_per_s + 0.01 * rate)
        assert vial.problem == "" and vial.voxels >= 20


def test_the_standard_error_is_the_spread_of_repeated_scans():
    rates = np.array([20.0, 60.0, 120.0, 180.0, 220.0])
    centres = np.array([[-12.0, -12.0], [12.0, -12.0], [0.0, 0.0], [-12.0, 12.0], [12.0, 12.0]])
    medians, errors = [], []
    for seed in range(24):
        rng = np.random.default_rng(seed)
        made = make_phantom(rng, rates, centres=centres, bubbles=False, tilt=0.0, shape=(1, 80, 80))
        vials = measure_vials(made.series, find_vials(made.series))
        order = offsets(made, vials).argmin(axis=1)
        medians.append([vials[k].r2star_per_s for k in order])
        errors.append([vials[k].r2star_se_per_s for k in order])
    ratio = np.std(medians, axis=0, ddof=1) / np.mean(errors, axis=0)
    assert np.sqrt(np.mean(ratio**2)) == pytest.approx(1.0, abs=0.25)


def test_a_vial_faster_than_the_echoes_resolve_is_said_so_and_does_not_count():
    iron = np.array([0.0, 0.1, 0.2, 0.4, 0.6, 6.0])
    made = make_phantom(np.random.default_rng(3), INTERCEPT + SLOPE * iron, bubbles=False)
    found = calibrated(made, iron)
    assert not found.points[-1].used and "faster" in found.points[-1].reason
    assert found.relaxivity.value == pytest.approx(SLOPE, rel=0.02)


def test_no_vials_take_no_fit():
    assert measure_vials(random_phantom(1).series, ()) == ()


# --- which is which ------------------------------------------------------------------------------------

GRID = Geometry.axial((1, 80, 80), (2.0, 0.5, 0.5), (-19.75, -19.75, 0.0))


def ring(count, turn=0.0, radius=12.0):
    angles = turn + 2 * np.pi * np.arange(count) / count
    # clockwise from the top as the picture is seen: rows grow to the back, columns to the left
    return [(float(radius * np.sin(a)), float(-radius * np.cos(a)), 0.0) for a in angles]


def test_rows_and_columns_are_read_as_text_is():
    places = [(x + 0.5 * (y > 0), y, 0.0) for y in (-8.0, 8.0) for x in (-8.0, 0.0, 8.0)]
    assert reading_order(places, [3.0] * 6, GRID).order == (0, 1, 2, 3, 4, 5)
    assert reading_order(places, [3.0] * 6, GRID, "columns").order == (0, 3, 1, 4, 2, 5)
    shuffled = [places[k] for k in (4, 2, 0, 5, 1, 3)]
    assert reading_order(shuffled, [3.0] * 6, GRID).order == (2, 4, 1, 5, 0, 3)
    assert not reading_order(places, [3.0] * 6, GRID).ambiguous


@pytest.mark.parametrize("turn", [0.0, 0.05, -0.05, 0.3])
def test_a_ring_is_read_round_from_the_top(turn):
    places = ring(8, turn)
    assert reading_order(places, [2.5] * 8, GRID, "clockwise").order == tuple(range(8))
    back = reading_order(places, [2.5] * 8, GRID, "counterclockwise")
    first = 7 if turn == 0.3 and back.order[0] == 7 else 0
    assert back.order == tuple((first - k) % 8 for k in range(8))
    assert not reading_order(places, [2.5] * 8, GRID, "clockwise").ambiguous


def test_what_could_be_read_in_two_ways_is_ambiguous():
    slanted = [(-12.0 + 4 * k, -10.0 + 2.2 * k, 0.0) for k in range(6)]
    assert reading_order(slanted, [3.0] * 6, GRID).ambiguous
    with_one_in_the_middle = [*ring(7), (0.0, 0.0, 0.0)]
    assert reading_order(with_one_in_the_middle, [2.5] * 8, GRID, "clockwise").ambiguous
    # the first vial a little before the top: first, or last?
    assert reading_order(ring(8, -0.2), [2.5] * 8, GRID, "clockwise").ambiguous


# --- the whole way: phantom to relaxivity ----------------------------------------------------------------


@pytest.mark.parametrize("field_t", physics.FIELDS_T)
def test_the_digital_study_gives_its_relaxivity_back(field_t):
    made = phantom(field_t, 7)
    vials = measure_vials(made.echoes, find_vials(made.echoes))
    assert len(vials) == len(made.vials)
    true = np.array([vial.centre_mm for vial in made.vials])
    places = np.array([vial.centre_mm for vial in vials])
    nearest = np.linalg.norm(true[:, None] - places[None], axis=-1).argmin(axis=1)
    line = fit_calibration(
        [vial.iron_mmol_per_l for vial in made.vials],
        [vials[k].r2star_per_s for k in nearest],
        [vials[k].r2star_se_per_s for k in nearest],
        field_t=field_t,
        scatter="add",
    )
    low, high = line.relaxivity.ci95
    assert low <= physics.r2star_relaxivity(field_t) <= high
    assert line.relaxivity.value == pytest.approx(physics.r2star_relaxivity(field_t), rel=0.03)


def relaxivities(count: int, pipetting: float = 0.0, start: int = 0):
    """(relative error, interval holds) of phantoms of SNR 50 with 5 to 12 vials of 0 to 1 mmol/L."""
    results = []
    for seed in range(start, start + count):
        rng = np.random.default_rng(seed)
        number = int(rng.integers(5, 13))
        iron = np.linspace(0.0, 1.0, number)
        rates = INTERCEPT + SLOPE * iron * (1 + pipetting * rng.standard_normal(number))
        made = make_phantom(rng, rates, snr=50.0, shape=(3, 80, 80), bath=bool(seed % 3 == 0))
        found = calibrated(made, iron)
        low, high = found.relaxivity.ci95
        results.append((found.relaxivity.value / SLOPE - 1, low <= SLOPE <= high))
    return np.array(results)


def test_relaxivity_at_snr_50():
    results = relaxivities(12)
    assert np.abs(results[:, 0]).max() < 0.02
    assert results[:, 1].sum() >= 9


@pytest.mark.soak
@pytest.mark.parametrize("pipetting", [0.0, 0.01])
def test_relaxivity_and_its_interval_in_1000_phantoms(pipetting):
    results = relaxivities(1000, pipetting)
    errors = np.abs(results[:, 0])
    print(f"median {np.median(errors):.4f}, 95 % {np.quantile(errors, 0.95):.4f}, worst {errors.max():.4f}")
    print(f"covered {results[:, 1].mean():.4f}")
    assert np.quantile(errors, 0.95) < 0.02
    assert 0.93 <= results[:, 1].mean() <= 0.97


def saturation_pull(seed: int, shortfall: float) -> float:
    """How much a strongest vial of too little R2* changes the slope that the others give."""
    rng = np.random.default_rng(seed)
    iron = np.linspace(0.0, 1.0, int(rng.integers(5, 13)))
    rates = INTERCEPT + SLOPE * iron
    rates[-1] *= 1 - shortfall
    made = make_phantom(rng, rates, snr=50.0, shape=(3, 80, 80))
    with_it = calibrated(made, iron).relaxivity.value
    reasons = measure_vials(made.series, find_vials(made.series))
    nearest = offsets(made, reasons).argmin(axis=1)[:-1]
    without = fit_calibration(
        iron[:-1],
        [reasons[k].r2star_per_s for k in nearest],
        [reasons[k].r2star_se_per_s for k in nearest],
        field_t=3.0,
        scatter="add",
    )
    return with_it / without.relaxivity.value - 1


@pytest.mark.parametrize("seed, shortfall", [(0, 0.02), (1, 0.05), (2, 0.1), (3, 0.5)])
def test_a_saturated_vial_hardly_pulls_the_slope(seed, shortfall):
    assert abs(saturation_pull(seed, shortfall)) < 0.03


@pytest.mark.soak
def test_a_saturated_vial_never_pulls_the_slope_by_more_than_3_percent():
    shortfalls = np.tile([0.01, 0.02, 0.03, 0.04, 0.06, 0.1, 0.2, 0.4, 0.7, 0.9], 20)
    pulls = [saturation_pull(seed, shortfall) for seed, shortfall in enumerate(shortfalls)]
    print(f"largest pull {np.abs(pulls).max():.4f}")
    assert np.abs(pulls).max() < 0.03
