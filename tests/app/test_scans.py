"""The one multi-echo series of a folder, or one line that says why there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.scans import load_scan
from core.errors import InputError
from core.progress import Silent
from readers import inspect
from tests.readers.scanner import make_scan, write_classic


def unfit(folder: Path) -> Path:
    """Three series of one echo, a spin echo, one with a slice missing and one of phase alone."""
    for number in range(3):
        write_classic(folder / f"single-{number}", make_scan(number, echoes=1, series=number + 1))
    write_classic(folder / "spin", make_scan(3, series=4, sequence="SE"))
    write_classic(folder / "gap", make_scan(4, series=5))[3].unlink()
    write_classic(folder / "phase", make_scan(5, series=6, parts=("phase",)))
    return folder


def refused(folder: Path, series_id: str | None = None, te_ms: tuple[float, ...] | None = None) -> str:
    with pytest.raises(InputError) as error:
        load_scan(folder, series_id, None, Silent(), te_ms)
    return str(error.value)


def test_many_series_that_cannot_be_fitted_give_their_number_and_the_commonest_reasons(tmp_path) -> None:
    said = refused(unfit(tmp_path))
    assert "none of its 6 series can be fitted for R2*" in said
    assert "(3 of them: one echo; R2* needs at least two; 1 of them: " in said
    assert said.endswith("and 1 other reason); run ferroread inspect to see what stands against it")
    assert len(said) - len(str(tmp_path)) < 500


def test_a_series_that_was_chosen_tells_all_that_stands_against_it(tmp_path) -> None:
    unfit(tmp_path)
    chosen = next(info for info in inspect([tmp_path]).series if info.path == tmp_path / "spin")
    said = refused(tmp_path, chosen.id)
    assert f"its series {chosen.id} cannot be fitted for R2*" in said
    assert all(problem in said for problem in chosen.problems)


def test_an_unknown_series_is_told_which_there_are_whatever_echo_times_are_given(tmp_path) -> None:
    write_classic(tmp_path, make_scan(echoes=3))
    [known] = inspect([tmp_path]).series
    for te_ms in (None, (1.0, 2.0, 3.0)):
        assert f"has no series nowhere; it has {known.id}" in refused(tmp_path, "nowhere", te_ms)
