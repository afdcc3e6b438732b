"""The benchmark measures what it says: real decays, a roofline that reads everything, every method."""

from __future__ import annotations

import numpy as np
import pytest

from app.bench import relaxometry
from core.progress import Silent
from core.relaxometry.fit import fit_r2star


def test_the_roofline_reads_every_echo_of_every_voxel() -> None:
    signal = np.random.default_rng(1).uniform(0, 1, (relaxometry.ECHOES, 101)).astype(np.float32)
    out = np.empty(101, np.float32)
    relaxometry.sum_of_echoes(signal, out, 2)
    np.testing.assert_allclose(out, signal.sum(axis=0), rtol=1e-5)


def test_the_simulated_voxels_decay_as_stated() -> None:
    series = relaxometry.simulated(1000, (2, 16, 16))
    found = fit_r2star(series, method="nlls", sigma=relaxometry.SIGMA).r2star_per_s
    assert np.median(found) == pytest.approx(np.mean(relaxometry.RATES), rel=0.2)


def test_a_run_tells_every_estimator_and_every_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxometry, "VOXELS", (1, 8, 8))
    monkeypatch.setattr(relaxometry, "CASES", {"loglinear": 100, "nlls": 100})
    monkeypatch.setattr(relaxometry, "FEWEST", 4)
    monkeypatch.setattr(relaxometry, "RUNS", 1)
    found = relaxometry.measure(Silent())
    assert set(found["estimators"]) == {"loglinear", "nlls"}
    rates = [*found["estimators"].values(), *found["peers"].values()]
    assert all(rate["mvox_per_s"] > 0 for rate in rates)
    for rate in found["estimators"].values():
        share = rate["mvox_per_s"] / found["roofline_mvox_per_s"]
        assert rate["share_of_roofline"] == pytest.approx(share)
