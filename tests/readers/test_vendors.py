"""Series of every vendor's style come back exactly, and what was done to them is named."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from readers import inspect, load_echoes
from tests.readers.scanner import write_classic
from tests.readers.vendors import CLASSIC, FAULTS, VENDORS, Case

# the soak has a thousand series of every vendor come back, and each fault named in a hundred
EACH_VENDOR, EACH_FAULT = 12, 5
quick = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}


def assert_comes_back(case: Case, folder: Path) -> None:
    fit = [info for info in inspect([folder]).series if info.fit_for_r2star]
    assert len(fit) == 1, [(info.part, info.te_ms, info.problems) for info in inspect([folder]).series]
    (info,) = fit
    assert case.said in " ".join(info.problems)
    echoes = load_echoes(info)
    assert echoes.te_ms == tuple(case.scan.te_ms)
    assert echoes.field_t == pytest.approx(case.field_t, abs=1e-4)
    # as exact as the decimal strings of the header are
    np.testing.assert_allclose(echoes.geometry.affine, case.scan.affine, atol=1e-7)
    np.testing.assert_allclose(echoes.magnitude, case.signal.astype(np.float32), rtol=case.alike)
    assert (echoes.phase is None) == (case.phase is None)
    if case.phase is not None and echoes.phase is not None:
        np.testing.assert_allclose(echoes.phase, case.phase, atol=1e-6)


def round_trip(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case.write(Path(folder))
        assert_comes_back(case, Path(folder))


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_series_of_every_vendor_come_back(vendor: str) -> None:
    @settings(max_examples=EACH_VENDOR, **quick)
    @given(case=VENDORS[vendor]())
    def check(case: Case) -> None:
        round_trip(case)

    check()


@pytest.mark.soak
@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_a_thousand_series_of_every_vendor_come_back(vendor: str) -> None:
    @settings(max_examples=1000, **quick)
    @given(case=VENDORS[vendor]())
    def check(case: Case) -> None:
        round_trip(case)

    check()


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_faults_are_named(fault: str) -> None:
    name_in(fault, EACH_FAULT)


@pytest.mark.soak
@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_faults_are_named_in_a_hundred_series(fault: str) -> None:
    name_in(fault, 100)


def name_in(fault: str, examples: int) -> None:
    """Plant a fault in so many series, and see it named in each."""
    plant, told = FAULTS[fault]

    @settings(max_examples=examples, **quick)
    @given(data=st.data(), vendor=st.sampled_from(sorted(CLASSIC)))
    def check(data: st.DataObject, vendor: str) -> None:
        case = data.draw(CLASSIC[vendor](slices=4))
        with tempfile.TemporaryDirectory() as folder:
            plant(case, write_classic(Path(folder), case.scan, case.style))
            if fault == "copied":
                assert_comes_back(case, Path(folder))
            assert told in everything_said(Path(folder))

    check()


def everything_said(folder: Path) -> str:
    """Return all that is said of a folder; what is faulty in it does not fit."""
    try:
        inspection = inspect([folder])
    except InputError as error:
        return str(error)
    skipped = "; ".join(item.reason for item in inspection.skipped)
    fit = [info for info in inspection.series if info.fit_for_r2star]
    if not any("counted once" in " ".join(info.problems) for info in fit):
        # without a file of one part, the other may still do
        assert all("left out" in " ".join(info.problems) for info in fit)
    return "; ".join([skipped, *(problem for info in inspection.series for problem in info.problems)])
