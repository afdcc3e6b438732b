"""Every tumour's iron lies within its stated interval as often as that says, in the digital study.

R2*_0 is taken as a study takes it: from the inner part of the tumour's ball at the baseline visit.
"""

import numpy as np
import pytest

from core.relaxometry.calibration import fit_calibration
from core.relaxometry.fit import fit_r2star
from core.relaxometry.mask import auto_mask
from core.relaxometry.noise import estimate_sigma
from core.relaxometry.roi_iron import resting_rate, roi_iron
from core.relaxometry.simulate import draw_study, phantom, read_vials, scan
from core.relaxometry.simulate.anatomy import VISIT_R2PRIME_SD_PER_S

FIELDS = (3.0, 0.064)
INNER_SHARE = 0.7


def calibrated(field_t, seed):
    readings = read_vials(phantom(field_t, seed))
    columns = ([r.vial.iron_mmol_per_l for r in readings], [r.r2star_per_s for r in readings])
    return fit_calibration(*columns, [r.r2star_sd_per_s for r in readings], field_t=field_t)


def mapped(made):
    noise = estimate_sigma(made.echoes)
    return fit_r2star(made.echoes, sigma=noise, mask=auto_mask(made.echoes, noise))


def study_irons(plan, field_t, visits):
    """(true iron, RoiIron) of every tumour at the visits."""
    calibration = calibrated(field_t, plan.seed)
    for animal in plan.subjects:
        tumour = animal.tumour
        before = scan(plan, animal.subject, "baseline", field_t)
        grid = before.echoes.geometry
        places = grid.to_mm(np.moveaxis(np.indices(grid.shape), 0, -1))
        inner = np.linalg.norm(places - tumour.centre_mm, axis=-1) <= INNER_SHARE * tumour.radius_mm
        sd = VISIT_R2PRIME_SD_PER_S * field_t / 3.0
        resting = resting_rate(mapped(before).r2star_per_s, inner, grid, rim=False, visit_sd_per_s=sd)
        for visit in visits:
            made = scan(plan, animal.subject, visit, field_t)
            found = roi_iron(mapped(made), made.truth.masks[tumour.target_id], calibration, resting)
            yield animal.tumour_iron_ug_per_g[visit], found


def test_tumours_of_a_small_study_at_the_low_field():
    found = list(study_irons(draw_study(3, 1, FIELDS), 0.064, ("1 h",)))
    assert len(found) == 3
    for true, iron in found:
        # one in 2,000 lies further out
        assert abs(iron.mean_ug_per_g - true) < 3.5 * iron.se_ug_per_g
        assert iron.below_limit == (true == 0)
        assert iron.se_ug_per_g < 0.15 * true + 0.5


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("field_t", FIELDS)
def test_every_tumours_iron_is_within_its_interval_as_often_as_it_says(field_t):
    true, low, high, below, mean = (
        np.array(column)
        for column in zip(
            *(
                (true, *iron.interval_ug_per_g, iron.below_limit, iron.mean_ug_per_g)
                for seed in (1, 2, 3, 4)
                for true, iron in study_irons(draw_study(seed, 10, FIELDS), field_t, ("1 h", "24 h"))
            ),
            strict=True,
        )
    )
    inside = (low <= true) & (true <= high)
    coverage, exposed = inside.mean(), true > 0
    ratio = mean[exposed].sum() / true[exposed].sum()
    print(f"{field_t:g} T: {true.size} tumours, {coverage:.4f} within their intervals")
    print(f"with iron {inside[exposed].mean():.4f}, measured/true {ratio:.4f}")
    print(f"without {inside[~exposed].mean():.4f}, said below the limit {below[~exposed].mean():.3f}")
    chance = 2 * np.sqrt(0.95 * 0.05 / true.size)
    assert 0.93 - chance <= coverage <= 0.97 + chance
    assert ratio == pytest.approx(1.0, abs=0.02)
    # no iron: told as none; Currie's limit leaves 5 in 100 at the limit itself undetected, hardly one at none
    assert below[~exposed].mean() > 0.97
