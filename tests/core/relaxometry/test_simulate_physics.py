"""The signal equations and constants of the digital study."""

import numpy as np
import pytest

from core.errors import InputError
from core.relaxometry.simulate import physics


def test_iron_per_gram_and_per_litre_are_each_others_inverse():
    # 17.8 ug/g x 1.05 g/mL / 55.845 g/mol = 0.33468 mmol/L
    assert physics.iron_mmol_per_l(17.8) == pytest.approx(0.33468, rel=1e-4)
    amounts = np.linspace(0, 60, 7)
    assert np.allclose(physics.iron_ug_per_g(physics.iron_mmol_per_l(amounts)), amounts)


def test_the_agents_magnetisation_grows_with_the_field_and_saturates():
    weak, weaker = physics.magnetisation_share(0.002), physics.magnetisation_share(0.001)
    assert weak / weaker == pytest.approx(2, rel=1e-2)
    assert physics.magnetisation_share(0.064) < physics.magnetisation_share(3.0) < 1
    assert physics.magnetisation_share(300.0) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("field_t", physics.FIELDS_T)
def test_relaxivity_lies_between_free_and_wholly_packed_iron(field_t):
    share = physics.magnetisation_share(field_t)
    # static dephasing of 1 mmol/L: 2 pi / (3 sqrt 3) gamma B_edge, B_edge = mu_0 M / 3
    magnetisation = 90.0 * share * 55.845e-3
    packed = 1.2092 * 2.6752e8 * 4e-7 * np.pi * magnetisation / 3
    free = physics.FREE_R2STAR_PER_S_PER_MMOL_PER_L * share**2
    assert physics.r2star_relaxivity(field_t) == pytest.approx(0.4 * packed + 0.6 * free, rel=1e-3)
    assert physics.r2_relaxivity(field_t) < physics.r2star_relaxivity(field_t) / 5


def test_iron_darkens_more_at_3_t_than_at_64_mt():
    assert 1.3 < physics.r2star_relaxivity(3.0) / physics.r2star_relaxivity(0.064) < 2.5


@pytest.mark.parametrize("field_t", physics.FIELDS_T)
@pytest.mark.parametrize("tissue", physics.TISSUES.values(), ids=list(physics.TISSUES))
def test_every_tissue_obeys_the_order_of_its_rates(tissue, field_t):
    t1_ms, t2_ms = (times[physics.field_index(field_t)] for times in (tissue.t1_ms, tissue.t2_ms))
    assert 0 < t2_ms <= t1_ms
    assert physics.r2star_per_s(tissue, field_t) > 1e3 / t2_ms
    with_iron = physics.r2star_per_s(tissue, field_t, 0.2) - physics.r2star_per_s(tissue, field_t)
    assert with_iron == pytest.approx(0.2 * physics.r2star_relaxivity(field_t))


def test_muscle_t1_at_64_mt_follows_bottomley():
    # 0.000455 x 2725000^0.4203 s
    assert physics.TISSUES["muscle"].t1_ms[1] == pytest.approx(231, abs=1)


def test_a_gradient_echo_fully_relaxed_after_90_degrees_shows_the_proton_density():
    muscle = physics.TISSUES["muscle"]
    assert physics.gradient_echo_s0(muscle, 3.0, 0.0, 1e6, 90.0) == pytest.approx(muscle.proton_density)
    # at the Ernst angle the signal is largest
    ernst = np.degrees(np.arccos(np.exp(-600 / 898)))
    best = physics.gradient_echo_s0(muscle, 3.0, 0.0, 600.0, ernst)
    assert all(physics.gradient_echo_s0(muscle, 3.0, 0.0, 600.0, ernst + off) < best for off in (-5, 5))


def test_iron_brightens_by_t1_and_darkens_by_t2():
    tumour = physics.TISSUES["tumour"]
    assert physics.gradient_echo_s0(tumour, 3.0, 0.3, 600.0, 30.0) > physics.gradient_echo_s0(
        tumour, 3.0, 0.0, 600.0, 30.0
    )
    dark, bright = (physics.spin_echo_signal(tumour, 3.0, iron, 2500.0, 45.0) for iron in (0.3, 0.0))
    assert 0.4 < dark / bright < 0.9


def test_a_field_without_constants_is_refused():
    with pytest.raises(InputError, match=r"3 and 0\.064 T, not 1\.5 T"):
        physics.field_index(1.5)
