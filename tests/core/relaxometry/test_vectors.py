"""The 120 reference decays, every method and echo train, through the kernels as written."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from tests.core.relaxometry.interpreted import interpreter

ANSWERS = {
    "loglinear": "loglin",
    "weighted": "wls_s2",
    "arlo": "arlo_general_spacing",
    "nlls": "nlls",
}


@pytest.fixture(scope="module")
def fit_interpreted():
    with interpreter() as fit:
        yield fit


@pytest.fixture(scope="module")
def groups(shared_data):
    """The cases by echo train and noise."""
    path = shared_data / "r2star-vectors" / "r2star_vectors_computed.json"
    cases = json.loads(path.read_text())["cases"]
    assert len(cases) == 120

    def key(case):
        return case["protocol"], case["sigma"]

    return [list(group) for _, group in itertools.groupby(sorted(cases, key=key), key)]


def job(method, group, sigma=None):
    return {
        "method": method,
        "te_ms": group[0]["te_ms"],
        "signals": [case["signal"] for case in group],
        "sigma": group[0]["sigma"] if sigma is None else sigma,
    }


@pytest.mark.shared_data
def test_every_reference_decay(groups, fit_interpreted):
    wanted = [(method, group) for method in ANSWERS for group in groups if ANSWERS[method] in group[0]]
    fits = fit_interpreted([job(method, group) for method, group in wanted])
    checked = 0
    for (method, group), fit in zip(wanted, fits, strict=True):
        for case, value in zip(group, fit["r2star"], strict=True):
            # of noisy decays scipy's own tolerance is no better than 1e-3
            relative = 1e-3 if method == "nlls" and case["sigma"] else 1e-4
            where = (method, case["protocol"], case["true_r2s"], case["sigma"])
            assert value == pytest.approx(case[ANSWERS[method]], rel=relative), where
            checked += 1
    assert checked == 2 * 120 + 2 * 105


@pytest.mark.shared_data
def test_noise_free_decays_come_back(groups, fit_interpreted):
    # the noise that these methods are told of biases them only where an echo is near it
    clean = [group for group in groups if group[0]["sigma"] == 0]
    wanted = [(method, group) for method in ("auto", "likelihood", "moment", "complex") for group in clean]
    fits = fit_interpreted([job(method, group, 1e-3) for method, group in wanted])
    for (method, group), fit in zip(wanted, fits, strict=True):
        for case, value in zip(group, fit["r2star"], strict=True):
            if min(case["signal"]) > 1.0:
                assert value == pytest.approx(case["true_r2s"], rel=1e-3), (method, case["protocol"])


def test_two_echoes_are_the_ratio(fit_interpreted):
    te_ms, signals = [2.3, 4.6], [[1000.0, 800.0], [1000.0, 100.0]]
    methods = ("loglinear", "weighted", "nlls", "auto", "complex")
    fits = fit_interpreted([{"method": m, "te_ms": te_ms, "signals": signals, "sigma": 1.0} for m in methods])
    wanted = [np.log(1000 / 800) / 2.3e-3, np.log(10) / 2.3e-3]
    for fit in fits:
        np.testing.assert_allclose(fit["r2star"], wanted, rtol=1e-4)
        # no degree of freedom is left for a residual
        assert np.isnan(fit["residual"]).all()


def test_what_is_no_decay_is_flagged_and_never_zero(fit_interpreted):
    nothing = [
        [np.nan] * 4,
        [np.inf] * 4,
        [0.0] * 4,
        [-5.0, -3.0, -2.0, -1.0],
        [100.0, np.nan, 50.0, 25.0],
        [1.0, 1e3, 1e6, 1e9],
    ]
    methods = ("auto", "loglinear", "weighted", "arlo", "nlls", "moment", "likelihood", "offset")
    jobs = [{"method": m, "te_ms": [1.0, 2.0, 3.0, 4.0], "signals": nothing, "sigma": 1.0} for m in methods]
    for made, fit in zip(jobs, fit_interpreted(jobs), strict=True):
        for signal, value, flag in zip(nothing, fit["r2star"], fit["flags"], strict=True):
            assert (np.isnan(value) and flag & 2) or flag & 0b11100, (made["method"], signal, value, flag)
            assert value != 0, (made["method"], signal)


def test_constant_and_rising_signals_are_too_slow(fit_interpreted):
    signals = [[100.0] * 6, [100.0, 101.0, 102.0, 103.0, 104.0, 105.0]]
    te_ms = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    methods = ("auto", "loglinear", "weighted", "arlo", "nlls", "moment", "likelihood")
    jobs = [{"method": m, "te_ms": te_ms, "signals": signals, "sigma": 1.0} for m in methods]
    for made, fit in zip(jobs, fit_interpreted(jobs), strict=True):
        assert fit["r2star"][0] == pytest.approx(0.0, abs=0.1), made["method"]
        assert fit["r2star"][1] == pytest.approx(-9.76, abs=0.3), made["method"]
        assert all(flag & 16 for flag in fit["flags"]), made["method"]
