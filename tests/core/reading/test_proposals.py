"""Proposed reference tissue and air: in the digital study, on phantoms with faults, and on real scans."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries
from core.reading.air import air_noise
from core.reading.proposals import FEWEST_AIR, propose_air, propose_reference
from core.relaxometry.simulate import draw_study, scan
from readers import inspect, load_echoes
from tests.core.imaging.regions.grids import flipped

SIGMA = 4.0
TE_MS = (2.0, 6.0, 10.0, 14.0)
SHAPE = (6, 80, 90)
GRID = Geometry.axial(SHAPE, (2.0, 0.5, 0.5))
ROW, COLUMN = np.indices(SHAPE[1:])
BODY = np.broadcast_to(np.hypot((ROW - 40) / 25, (COLUMN - 45) / 28) < 1, SHAPE)
LESION = np.broadcast_to(np.hypot(ROW - 40, COLUMN - 58) < 5, SHAPE) & (np.arange(6) == 3)[:, None, None]
VESSEL = np.broadcast_to(np.hypot(ROW - 40, COLUMN - 48) < 2.5, SHAPE)


def phantom(*, coils: int = 1, sigma: float = SIGMA, seed: int = 0, ghost: float = 0.0) -> EchoSeries:
    """A body of even tissue with a lesion and a vessel; ghosts along rows, if asked for."""
    rng = np.random.default_rng(seed)
    first = np.select([LESION, VESSEL, BODY], [60.0, 260.0, 150.0], 0.0)
    decay = np.exp(-40e-3 * np.array(TE_MS))[:, None, None, None]
    signal = decay * first
    signal = signal + ghost * np.roll(signal, 36, axis=2)
    parts = rng.normal(0, sigma, (2, coils, len(TE_MS), *SHAPE))
    parts[0] += signal / np.sqrt(coils)
    return EchoSeries(np.sqrt((parts**2).sum(axis=(0, 1))).astype(np.float32), TE_MS, GRID, field_t=3.0)


@pytest.mark.parametrize("coils", [1, 8])
def test_proposed_air_tells_the_noise(coils: int) -> None:
    for seed in range(4):
        series = phantom(coils=coils, seed=seed)
        found = propose_air(series, 3, avoid=[LESION], coils=coils)
        assert found.reason == "" and found.coverage is not None
        assert not (found.coverage > 0)[BODY].any()
        for echo in series.magnitude:
            noise = air_noise(echo, found.coverage, coils=coils)
            assert noise.sigma == pytest.approx(SIGMA, rel=0.03)
            assert noise.warning == ""
    assert found.coverage[3].any()


def test_the_number_of_coils_is_told_from_the_air_where_nobody_states_it() -> None:
    series = phantom(coils=8)
    found = propose_air(series, 3)
    assert air_noise(series.magnitude[0], found.coverage, coils=8).sigma == pytest.approx(SIGMA, rel=0.03)


def test_ghosts_are_kept_out_of_the_air() -> None:
    """Copies of the body along the columns, weaker than the noise: the rows of the body stay, or none."""
    series = phantom(ghost=0.02)
    found = propose_air(series, 3)
    ghosted = np.roll(BODY, 36, axis=1) & ~BODY
    assert np.count_nonzero((found.coverage > 0) & ghosted) <= 0.02 * np.count_nonzero(found.coverage)
    assert air_noise(series.magnitude[0], found.coverage).sigma == pytest.approx(SIGMA, rel=0.03)


def test_borders_filled_with_zeros_are_no_air() -> None:
    series = phantom()
    magnitude = series.magnitude.copy()
    magnitude[:, :, :6], magnitude[..., -5:] = 0, 0
    found = propose_air(EchoSeries(magnitude, TE_MS, GRID), 3)
    air = found.coverage > 0
    assert air.any() and not air[:, :8].any() and not air[..., -7:].any()
    assert air_noise(magnitude[0], found.coverage).sigma == pytest.approx(SIGMA, rel=0.03)


def test_where_there_is_no_air_the_reason_is_told() -> None:
    masked = np.where(BODY, phantom().magnitude, 0).astype(np.float32)
    found = propose_air(EchoSeries(masked, TE_MS, GRID), 3)
    assert found.coverage is None and "set to zero (" in found.reason
    filled = propose_air(
        EchoSeries(phantom().magnitude[..., 25:55, 25:65], TE_MS, Geometry.axial((6, 30, 40), (2, 1, 1))), 3
    )
    assert filled.coverage is None and filled.reason


def test_proposed_tissue_is_even_and_clear_of_all_else() -> None:
    series = phantom()
    found = propose_reference(series, LESION)
    assert found.reason == "" and found.coverage is not None
    tissue = found.coverage > 0
    assert np.flatnonzero(tissue.any(axis=(1, 2))).tolist() == [3]
    assert not tissue[LESION | VESSEL | ~BODY].any()
    assert 12 <= tissue.sum() <= 80
    assert series.magnitude[0][tissue].mean() == pytest.approx(150 * np.exp(-0.08), rel=0.05)
    # as deep beneath the surface as the lesion, and beside it
    row, column = np.argwhere(tissue[3]).mean(axis=0)
    assert np.hypot(row - 40, column - 58) < 20


def test_what_is_to_be_avoided_is_avoided() -> None:
    series = phantom()
    first = propose_reference(series, LESION).coverage > 0
    second = propose_reference(series, LESION, avoid=[first])
    assert second.coverage is not None and not (second.coverage > 0)[first].any()


def test_no_even_tissue_no_proposal() -> None:
    rough = phantom().magnitude * np.random.default_rng(3).lognormal(0, 0.5, SHAPE).astype(np.float32)
    found = propose_reference(EchoSeries(rough, TE_MS, GRID), LESION)
    assert found.coverage is None and "even enough" in found.reason
    with pytest.raises(InputError, match="draw the lesion first"):
        propose_reference(phantom(), np.zeros(SHAPE, bool))
    with pytest.raises(InputError, match="shape"):
        propose_air(phantom(), 3, avoid=[LESION[:2]])
    with pytest.raises(InputError, match="no slice"):
        propose_air(phantom(), 6)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_flipped_scans_get_the_flipped_regions(axis: int) -> None:
    series = phantom()
    other = EchoSeries(np.flip(series.magnitude, axis + 1), TE_MS, flipped(GRID, axis), field_t=3.0)
    lesion = np.ascontiguousarray(np.flip(LESION, axis))
    wanted, found = propose_reference(series, LESION), propose_reference(other, lesion)
    np.testing.assert_array_equal(np.flip(found.coverage, axis), wanted.coverage)
    k = 2 if axis == 0 else 3
    noise = air_noise(other.magnitude[0], propose_air(other, k, avoid=[lesion]).coverage)
    assert noise.sigma == pytest.approx(SIGMA, rel=0.03)


def test_a_scan_with_rows_for_columns() -> None:
    series = phantom()
    affine = GRID.affine[:, [0, 2, 1, 3]]
    turned = EchoSeries(series.magnitude.swapaxes(2, 3), TE_MS, Geometry((6, 90, 80), affine), field_t=3.0)
    found = propose_reference(turned, np.ascontiguousarray(LESION.swapaxes(1, 2)))
    np.testing.assert_array_equal(found.coverage.swapaxes(1, 2), propose_reference(series, LESION).coverage)


@pytest.fixture(scope="module", params=[3.0, 0.064])
def digital(request):
    plan = draw_study(7, 1, (3.0, 0.064))
    subject = plan.subjects[0]
    return subject, scan(plan, subject.subject, "24 h", request.param)


def test_the_digital_study(digital) -> None:
    subject, made = digital
    organs = ("muscle", "liver", "kidney", "spleen")
    targets = [mask for name, mask in made.truth.masks.items() if name not in organs]
    tumour = made.truth.masks[subject.tumour.target_id]
    tissue = np.isfinite(made.truth.r2star_per_s.data)
    air = propose_air(made.echoes, int(tumour.sum(axis=(1, 2)).argmax()), avoid=targets)
    assert air.coverage is not None and not (air.coverage > 0)[tissue].any()
    assert np.count_nonzero(air.coverage) >= FEWEST_AIR
    # all that is away from the body gives the truth
    far = ~binary_dilation(tissue, np.ones((1, 3, 3)), iterations=4)
    true = np.sqrt(np.mean(np.square(made.echoes.magnitude[:, far], dtype=float)) / 2)
    assert air_noise(made.echoes.magnitude[0], air.coverage).sigma == pytest.approx(true, rel=0.03)
    found = propose_reference(made.echoes, tumour, avoid=targets)
    if found.coverage is None:
        assert found.reason and made.field_t < 1
        return
    reference = found.coverage > 0
    assert not any((reference & mask).any() for mask in (*targets, air.coverage > 0, ~tissue))
    if made.field_t < 1:
        # voxels of half a millimetre are too large for the muscle of a mouse
        return
    organ = np.logical_or.reduce([made.truth.masks[name] for name in organs])
    assert np.count_nonzero(reference & organ) >= 0.85 * np.count_nonzero(reference)


def test_a_real_scan(shared_data) -> None:
    """Siemens Prisma, phantom in air: what is proposed as air lies outside, and its mean and SD agree."""
    (info,) = inspect([shared_data / "siemens-6echo-gre-mag-phase"]).series
    series = load_echoes(info)
    found = propose_air(series, series.geometry.shape[0] // 2)
    if found.coverage is None:
        assert found.reason
        return
    air = found.coverage > 0
    bright = series.magnitude[0] > 0.2 * np.quantile(series.magnitude[0], 0.99)
    assert not (air & bright).any()
