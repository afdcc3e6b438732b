"""The benchmark measures what it says: real decays, a roofline that reads everything, every method."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from app.bench import relaxometry
from app.bench.relaxometry import CASES, Case
from core.progress import Silent


def test_the_roofline_reads_every_echo_of_every_voxel() -> None:
    signal = np.random.default_rng(1).uniform(0, 1, (6, 101)).astype(np.float32)
    out = np.empty(101, np.float32)
    relaxometry.sum_of_echoes(signal, out)
    np.testing.assert_allclose(out, signal.sum(axis=0), rtol=1e-5)


def test_the_simulated_voxels_decay_as_stated() -> None:
    case = Case("slow", "nlls", snr=1000, rates=(50.0, 50.0), voxels=4000)
    series = relaxometry.simulated(case)
    te_s = np.asarray(series.te_ms) * 1e-3
    mean = series.magnitude.reshape(len(te_s), -1).mean(axis=1)
    np.testing.assert_allclose(mean, 1000 * relaxometry.SIGMA * np.exp(-50.0 * te_s), rtol=1e-3)


def test_a_run_tells_every_estimator_and_every_peer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaxometry, "ECHOES", 6)
    few = [dataclasses.replace(case, voxels=64) for case in CASES if case.method in ("weighted", "offset")]
    monkeypatch.setattr(relaxometry, "CASES", tuple(few))
    monkeypatch.setattr(relaxometry, "FEWER", 64)
    monkeypatch.setattr(relaxometry, "FEWEST", 4)
    monkeypatch.setattr(relaxometry, "RUNS", 1)
    found = relaxometry.measure(Silent())
    assert set(found["estimators"]) == {case.name for case in few}
    rates = [*found["estimators"].values(), *found["peers"].values()]
    assert all(rate["mvox_per_s"] > 0 for rate in rates)
    for told in (found, found["one_thread"]):
        shares = [rate["mvox_per_s"] / rate["share_of_roofline"] for rate in told["estimators"].values()]
        # of one run each, the roofline is the median of those that the shares are of
        assert np.median(shares) == pytest.approx(told["roofline_mvox_per_s"])
    assert "roofline" in relaxometry.told(found)
    assert all(name in relaxometry.told(found) for name in found["peers"])
