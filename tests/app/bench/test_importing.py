"""The benchmark measures what it says: everybody gets the same pictures out of the same files."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import readers
from app.bench import importing
from app.bench.importing import beside, te_ms, write_series
from core.progress import Silent

SMALL = (3, 4, 16, 20)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_series(tmp_path / "series", SMALL)
    return tmp_path / "series"


def test_the_files_are_one_series_fit_for_r2star(folder: Path) -> None:
    (series,) = readers.inspect([folder]).series
    assert series.fit_for_r2star
    assert series.te_ms == tuple(te_ms(echo) for echo in range(3))
    assert (series.files, series.shape, series.field_t) == (12, (4, 16, 20), 3.0)
    assert not series.problems


def test_pydicom_and_ferroread_give_the_same_pictures_and_no_two_are_alike(folder: Path) -> None:
    ours = importing.with_ferroread(folder)
    np.testing.assert_array_equal(ours, importing.with_pydicom(folder))
    assert len(np.unique(ours.reshape(12, -1), axis=0)) == 12


def _sorted(pictures: NDArray) -> NDArray:
    rows = pictures.reshape(-1, 16 * 20)
    return rows[np.lexsort(rows.T)]


def test_simpleitk_reads_every_picture(folder: Path) -> None:
    ours = importing.with_ferroread(folder)
    np.testing.assert_array_equal(_sorted(ours), _sorted(importing.with_simpleitk(folder)))


@pytest.mark.skipif(shutil.which("dcm2niix") is None, reason="dcm2niix is not installed")
def test_dcm2niix_gives_the_same_echoes(folder: Path, tmp_path: Path) -> None:
    ours = importing.with_ferroread(folder)
    theirs = importing.with_dcm2niix(folder, tmp_path / "nifti")
    # NIfTI counts columns first, and its rows from the other side
    np.testing.assert_array_equal(ours, np.transpose(theirs, (0, 3, 2, 1))[:, :, ::-1])


def test_a_ratio_is_ours_to_theirs_in_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr(importing, "SERIES", SMALL)
    monkeypatch.setattr(importing, "RUNS", 3)
    monkeypatch.setattr(importing, "perf_counter", lambda: next(clock))

    def taking(ticks: int) -> Callable[[], object]:
        return lambda: [next(clock) for _ in range(ticks)]

    cleaned: list[int] = []
    found = beside(taking(3), {"slow": taking(7), "quick": taking(1)}, lambda: cleaned.append(1))
    assert found["seconds"] == {"ferroread": 4, "slow": 8, "quick": 2}
    assert found["ratios"] == {"slow": 0.5, "quick": 2}
    assert len(cleaned) == 2 * (3 + 1)


@pytest.mark.soak
def test_a_run_tells_ratios_first_and_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "SERIES", SMALL)
    monkeypatch.setattr(importing, "LISTED", SMALL)
    monkeypatch.setattr(importing, "COMPRESSED", (2, 3, 16, 16))
    monkeypatch.setattr(importing, "RUNS", 1)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    found = importing.measure(Silent())
    assert next(iter(found)) == "ratios"
    assert found["files"] == found["listed"]["files"] == 12
    assert set(found["seconds"]) == {"ferroread", "bytes alone", "pydicom", "simpleitk"}
    assert set(found["compressed"]) == {"deflated", "RLE"}
    assert found["missing"] == ["dcm2niix"]
    assert found["first_picture_ms"] > 0
    table = importing.told(found)
    assert "dcm2niix is not installed" in table
    assert all(name in table for name in ("FerroRead", "pydicom headers", "deflated", "first picture"))
