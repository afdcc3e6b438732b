"""Fits that are tried while one looks: other echoes, another method, with or without a mask.

A trial never becomes the study's map. Its iron follows from its R2* by the straight line on which the case's
own maps lie, since a kit holds neither calibration nor R2*_0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.imaging.volume import EchoSeries, Volume
from core.relaxometry.fit import fit_r2star, part_of
from core.relaxometry.mask import auto_mask
from core.relaxometry.noise import NoiseEstimate, estimate_sigma

# how far iron may lie off the line through R2*, as a share of its own range: rounding to float32 and no more
_OFF_LINE = 1e-4
# slices are fitted together up to so many voxels: enough for two threads, few enough to stop soon
_PIECE_VOXELS = 1 << 17


class TrialBench:
    """A case made ready for trial fits; for one thread.

    Parameters
    ----------
    series : EchoSeries
        The echoes.
    r2star, iron : Volume or None
        The case's own maps in 1/s and ug/g, for the line from R2* to iron.
    """

    def __init__(self, series: EchoSeries, r2star: Volume | None = None, iron: Volume | None = None) -> None:
        self.series = series
        self.line = None if r2star is None or iron is None else line_between(r2star.data, iron.data)

    @cached_property
    def noise(self) -> NoiseEstimate:
        """Noise of the whole series: a trial of fewer echoes knows no less of it."""
        return estimate_sigma(self.series)

    @cached_property
    def mask(self) -> NDArray[np.bool_]:
        """Tissue, as the study's maps have it."""
        return auto_mask(self.series, self.noise)

    def fit(
        self, slices: tuple[int, int], method: str, echoes: tuple[int, int], *, masked: bool
    ) -> NDArray[np.float32]:
        """Return R2* in 1/s, shape (slice, row, column), of a run of slices.

        Parameters
        ----------
        slices, echoes : tuple of int
            The first, from 0, and the one after the last.
        method : str
            One of core.relaxometry.fit.METHODS.
        masked : bool
            Whether to leave out the air.

        Raises
        ------
        InputError
            If the method cannot serve these echoes.
        """
        part = part_of(self.series, echoes=slice(*echoes), slices=slice(*slices))
        mask = self.mask[slice(*slices)] if masked else None
        return fit_r2star(part, method=method, sigma=self.noise, mask=mask).r2star_per_s

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Cut the volume into runs of slices for `fit`."""
        slices, rows, columns = self.series.geometry.shape
        step = max(1, _PIECE_VOXELS // (rows * columns))
        for first in range(0, slices, step):
            yield first, min(first + step, slices)

    def maps(self, r2star: NDArray[np.float32]) -> dict[str, Volume]:
        """Return the volumes by role: "r2star", and "iron" where the case's own maps lie on a line."""
        made = {"r2star": Volume(r2star, self.series.geometry)}
        if self.line is not None:
            slope, start = self.line
            iron = (slope * (r2star - start)).astype(np.float32)
            made["iron"] = replace(made["r2star"], data=iron)
        return made


def line_between(r2star: NDArray[Any], iron: NDArray[Any]) -> tuple[float, float] | None:
    """Return (slope, R2*_0) of iron = slope (R2* - R2*_0), or None where the maps lie on no such line.

    So it is where iron was computed with one relaxivity and one R2*_0; with a baseline map that differs from
    voxel to voxel it is not.

    Parameters
    ----------
    r2star, iron : array, same shape
        In 1/s and ug/g; NaN where there is no value.
    """
    known = np.isfinite(r2star) & np.isfinite(iron)
    x, y = r2star[known].astype(np.float64), iron[known].astype(np.float64)
    if x.size < 3 or not np.ptp(x) > 0 or not np.ptp(y) > 0:
        return None
    slope, intercept = np.polyfit(x, y, 1)
    if np.abs(slope * x + intercept - y).max() > _OFF_LINE * np.ptp(y):
        return None
    return float(slope), float(-intercept / slope)
