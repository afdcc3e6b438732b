"""What the digital scanners see, and that the truth beside it is true."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import binary_erosion

from core.errors import InputError
from core.relaxometry.calibration import fit_calibration
from core.relaxometry.fit import fit_r2star
from core.relaxometry.simulate import SCANNERS, VISITS, draw_study, phantom, physics, read_vials, scan

FIELDS = (3.0, 0.064)
ACCURACY = {3.0: 0.10, 0.064: 0.25}


@pytest.fixture(scope="module")
def plan():
    return draw_study(7, 1, FIELDS)


@pytest.fixture(scope="module")
def scans(plan):
    """Scans by (group, visit, field), each made once."""
    names = {subject.group: subject.subject for subject in plan.subjects}
    made = {}

    def get(group, visit, field_t):
        key = (group, visit, field_t)
        if key not in made:
            made[key] = scan(plan, names[group], visit, field_t)
        return made[key]

    return get


def animal(plan, group):
    return next(subject for subject in plan.subjects if subject.group == group)


@pytest.mark.parametrize("field_t", FIELDS)
def test_a_scan_has_the_sequences_of_its_scanner(scans, field_t):
    made = scans("MNP + magnet", "1 h", field_t)
    wanted = SCANNERS[field_t]
    assert made.echoes.field_t == field_t
    assert made.echoes.te_ms == wanted.echoes.te_ms
    assert 8 <= len(made.echoes.te_ms) <= 12
    assert np.allclose(np.diff(made.echoes.te_ms), np.diff(made.echoes.te_ms)[0])
    assert made.echoes.magnitude.shape[1:] == wanted.echoes.shape
    # the anatomy is finer within the slice, so that views must be linked by millimetres
    assert made.anatomy.geometry.spacing_mm[1] < made.echoes.geometry.spacing_mm[1]
    assert made.gre3d.geometry.spacing_mm == pytest.approx(wanted.gre3d.spacing_mm)
    for data in (made.echoes.magnitude, made.anatomy.data, made.gre3d.data):
        assert np.array_equal(data, np.rint(data))
        assert data.min() >= 0
        assert data.max() <= 4095
    assert made.echoes.phase is not None
    assert np.abs(made.echoes.phase).max() <= np.pi + 1e-6


def test_a_scan_comes_out_the_same_alone_and_again(plan, scans):
    first = scans("MNP + magnet", "1 h", 0.064)
    again = scan(plan, first.subject, "1 h", 0.064)
    alone = scan(draw_study(7, 1, (0.064,)), first.subject, "1 h", 0.064)
    for other in (again, alone):
        assert np.array_equal(first.echoes.magnitude, other.echoes.magnitude)
        assert np.array_equal(first.echoes.phase, other.echoes.phase)
        assert np.array_equal(first.anatomy.data, other.anatomy.data)
        assert np.array_equal(first.gre3d.data, other.gre3d.data)
        assert np.array_equal(first.echoes.geometry.affine, other.echoes.geometry.affine)


def test_visits_have_noise_of_their_own(scans):
    before, after = (scans("vehicle", visit, 0.064).echoes.magnitude for visit in VISITS[:2])
    assert not np.array_equal(before, after)


@pytest.mark.parametrize("field_t", FIELDS)
def test_air_holds_rayleigh_noise_of_the_stated_snr(scans, field_t):
    made = scans("vehicle", "baseline", field_t)
    air = made.echoes.magnitude[:, :, :6, :6]
    sigma = np.sqrt((air**2).mean() / 2)
    # Rayleigh: mean over sigma is sqrt(pi/2); the stored whole units blur it a little
    assert air.mean() / sigma == pytest.approx(np.sqrt(np.pi / 2), rel=0.02)
    muscle = made.echoes.magnitude[0][made.truth.masks["muscle"]]
    # shading and gain lower muscle's signal against the coil's best spot
    assert 0.6 < np.median(muscle) / sigma / SCANNERS[field_t].echoes.snr < 1.05


@pytest.mark.parametrize("field_t", FIELDS)
def test_true_r2star_is_what_the_true_iron_makes_of_tissue(scans, field_t):
    made = scans("MNP + magnet", "1 h", field_t)
    rate, iron = made.truth.r2star_per_s.data, made.truth.iron_ug_per_g.data
    # inside, where nothing else shares the voxels
    tumour = binary_erosion(made.truth.masks["T1"], np.ones((1, 3, 3)), iterations=2)
    slope, own = np.polyfit(physics.iron_mmol_per_l(iron[tumour]), rate[tumour], 1)
    assert slope == pytest.approx(physics.r2star_relaxivity(field_t), rel=0.1)
    assert own == pytest.approx(float(physics.r2star_per_s(physics.TISSUES["tumour"], field_t)), abs=5)
    assert np.isnan(rate[0, 0, 0])
    assert np.isnan(iron[0, 0, 0])


@pytest.mark.parametrize("field_t", FIELDS)
def test_the_tumours_true_iron_has_the_mean_that_was_drawn(plan, scans, field_t):
    for group in ("MNP", "MNP + magnet"):
        made = scans(group, "1 h", field_t)
        drawn = animal(plan, group).tumour_iron_ug_per_g["1 h"]
        mean = made.truth.iron_ug_per_g.data[made.truth.masks["T1"]].mean()
        # voxels at the rim hold other tissue too, which may be liver full of iron
        assert 0.88 * drawn < mean < 1.06 * drawn


@pytest.mark.parametrize("field_t", FIELDS)
def test_tumours_are_where_the_plan_puts_them(plan, scans, field_t):
    made = scans("MNP", "24 h", field_t)
    grid = made.echoes.geometry
    for target in animal(plan, "MNP").targets:
        mask = made.truth.masks[target.target_id]
        middle = grid.to_mm(np.argwhere(mask).mean(axis=0))
        assert np.linalg.norm(middle - target.centre_mm) < 0.9
        volume = mask.sum() * grid.voxel_volume_mm3
        assert volume == pytest.approx(np.pi / 6 * target.diameter_mm**3, rel=0.35)


def late(made, mask):
    """Mean of the middle echo over the first, so that gain and shading cancel."""
    echoes = made.echoes.magnitude
    return float(echoes[5][mask].mean() / echoes[0][mask].mean())


@pytest.mark.parametrize("field_t", FIELDS)
def test_tumour_and_liver_darken_with_the_agent_and_only_with_it(scans, field_t):
    for group, ratio in (("MNP + magnet", 0.75), ("vehicle", None)):
        before, after = scans(group, "baseline", field_t), scans(group, "1 h", field_t)
        for name in ("T1", "liver"):
            change = late(after, after.truth.masks[name]) / late(before, before.truth.masks[name])
            assert (change == pytest.approx(1, abs=0.05)) if ratio is None else (change < ratio)


def test_a_spin_echo_darkens_less_than_a_gradient_echo(scans):
    before, after = (scans("MNP + magnet", visit, 3.0) for visit in VISITS[:2])

    def of_muscle(made, data, geometry):
        grid = made.echoes.geometry
        spots = {
            name: geometry.to_index(grid.to_mm(np.argwhere(made.truth.masks[name])))
            for name in ("T1", "muscle")
        }
        means = {name: data[tuple(np.rint(index).astype(int).T)].mean() for name, index in spots.items()}
        return means["T1"] / means["muscle"]

    spin = [of_muscle(made, made.anatomy.data, made.anatomy.geometry) for made in (before, after)]
    gradient = [of_muscle(made, made.echoes.magnitude[6], made.echoes.geometry) for made in (before, after)]
    assert 0.5 < spin[1] / spin[0] < 0.95
    assert gradient[1] / gradient[0] < 0.8 * spin[1] / spin[0]


@pytest.mark.parametrize(
    ("pattern", "lowest", "highest"), [("benign", 0.0, 0.1), ("whole", 0.9, 1.0), ("focal", 0.1, 0.7)]
)
def test_nodes_keep_or_lose_their_signal_by_their_pattern(pattern, lowest, highest):
    drawn = draw_study(1, 1, (3.0,))
    subject = animal(drawn, "MNP")
    nodes = tuple(replace(t, pattern=pattern) for t in subject.targets if t.kind == "node")
    changed = replace(subject, targets=(subject.tumour, *nodes))
    made = scan(replace(drawn, subjects=(changed,)), subject.subject, "24 h", 3.0)
    kept = [np.mean(made.truth.iron_ug_per_g.data[made.truth.masks[n.target_id]] < 5.0) for n in nodes]
    assert lowest <= np.mean(kept) <= highest


def test_without_agent_a_malignant_node_looks_as_a_benign_one(scans):
    made = scans("vehicle", "24 h", 3.0)
    for name in ("N1", "N2"):
        assert made.truth.iron_ug_per_g.data[made.truth.masks[name]].max() == 0


def test_phase_turns_evenly_from_echo_to_echo(scans):
    made = scans("vehicle", "baseline", 3.0)
    muscle = made.truth.masks["muscle"]
    phase = np.exp(1j * made.echoes.phase[:, muscle].astype(float))
    steps = np.angle(phase[1:] * phase[:-1].conj())
    assert np.abs(np.angle(np.exp(1j * (steps[0] - steps[1])))).mean() < 0.1
    # and differs over the animal, as B0 does
    assert np.abs(steps[0]).std() > 0.02


def test_some_scans_are_oblique_and_some_are_not(scans):
    grids = [
        scans(group, visit, 0.064).echoes.geometry for group in ("MNP", "MNP + magnet") for visit in VISITS
    ]
    straight = [np.allclose(grid.directions[:, 0], [0, 0, 1]) for grid in grids]
    assert 0 < sum(straight) < len(straight)


@pytest.mark.parametrize("field_t", FIELDS)
def test_the_phantom_gives_the_relaxivity_back(field_t):
    made = phantom(field_t, 7)
    readings = read_vials(made)
    rates = [reading.r2star_per_s for reading in readings]
    assert rates == sorted(rates)
    line = fit_calibration(
        [reading.vial.iron_mmol_per_l for reading in readings],
        rates,
        [reading.r2star_sd_per_s for reading in readings],
        field_t=field_t,
    )
    assert line.relaxivity.value == pytest.approx(physics.r2star_relaxivity(field_t), rel=0.03)
    assert line.intercept.value == pytest.approx(
        float(physics.r2star_per_s(physics.TISSUES["vial"], field_t)), abs=1
    )
    assert all(made.masks[vial.name].sum() > 100 for vial in made.vials)


def iron_from_maps(scanned, visit, field_t):
    """Mean iron of the tumour's true mask, as a physicist gets it: fit, minus baseline, over relaxivity."""
    rates = {}
    for when in ("baseline", visit):
        made = scanned(when)
        tumour = made.truth.masks["T1"]
        rates[when] = float(np.nanmean(fit_r2star(made.echoes, mask=tumour).r2star_per_s[tumour]))
    change = rates[visit] - rates["baseline"]
    return float(physics.iron_ug_per_g(change / physics.r2star_relaxivity(field_t)))


@pytest.mark.parametrize("field_t", FIELDS)
def test_maps_find_the_iron_that_was_drawn(plan, scans, field_t):
    for group in ("MNP", "MNP + magnet"):
        drawn = animal(plan, group).tumour_iron_ug_per_g["1 h"]
        found = iron_from_maps(lambda when, of=group: scans(of, when, field_t), "1 h", field_t)
        assert found == pytest.approx(drawn, rel=ACCURACY[field_t])


@pytest.mark.soak
@pytest.mark.parametrize("field_t", FIELDS)
def test_maps_find_the_mean_iron_of_every_group_at_full_size(field_t):
    full = draw_study(11, 10, FIELDS)
    for group in ("MNP", "MNP + magnet"):
        animals = [subject for subject in full.subjects if subject.group == group]
        for visit in VISITS[1:]:
            found = np.mean(
                [
                    iron_from_maps(
                        lambda when, of=each: scan(full, of.subject, when, field_t), visit, field_t
                    )
                    for each in animals
                ]
            )
            drawn = np.mean([subject.tumour_iron_ug_per_g[visit] for subject in animals])
            assert found == pytest.approx(drawn, rel=ACCURACY[field_t])


def test_an_unknown_visit_is_refused(plan):
    with pytest.raises(InputError, match="no visit 48 h"):
        scan(plan, "M01", "48 h", 3.0)
