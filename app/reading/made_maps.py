"""The maps of one case: those that it has, and what follows from them and its echoes. Knows no window."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.voxels import FLAGS, rounded_up
from core.imaging.volume import Volume
from core.progress import Progress
from core.reading.derived import decay_errors, iron_per_r2star, t2star_ms
from core.study.kit_pictures import CaseImages
from widgets.colours import percentiles, some_values

# the kit's maps come first and are what the key goes through
OWN = ("r2star", "iron")
_FEWEST_ECHOES = 3
_HIDING = sum(FLAGS)


class MadeMaps:
    """Makes each map when it is first asked for, and keeps it.

    `own` are the maps by role: the study's, or those of a trial fit, whose flags nobody knows.
    """

    def __init__(self, images: CaseImages, own: Mapping[str, Volume], *, on_trial: bool = False) -> None:
        self._images, self._own, self._on_trial = images, own, on_trial
        self._made: dict[str, Volume] = {}
        self._ranges: dict[str, tuple[float, float]] = {}
        self._slope: float | None = None
        self._slope_known = False

    @property
    def roles(self) -> tuple[str, ...]:
        """The maps there are or can be made."""
        if "r2star" not in self._own:
            return tuple(role for role in OWN if role in self._own)
        enough = len(self._images.echoes.te_ms) >= _FEWEST_ECHOES
        error = ("r2star_se",) if enough or "r2star_se" in self._images.volumes else ()
        residual = ("residual",) if enough else ()
        return (*(role for role in OWN if role in self._own), "t2star", *error, *residual)

    def volume(self, role: str) -> Volume | None:
        """Return a map, NaN where flagged; None for one that `make_errors` has yet to make."""
        if role not in self._made and role in self.roles:
            if role in self._own:
                self._made[role] = self._masked(self._own[role])
            elif role == "t2star":
                rate = self._masked(self._own["r2star"])
                self._made[role] = Volume(t2star_ms(rate.data), rate.geometry)
            elif role == "r2star_se" and role in self._images.volumes and not self._on_trial:
                self._made[role] = self._masked(self._images.volumes[role])
        return self._made.get(role)

    def make_errors(self, progress: Progress) -> None:
        """Make the residual and the error of R2*: a second or more for a large case."""
        rate = self._masked(self._own["r2star"])
        residual, error = decay_errors(self._images.echoes, rate.data, progress)
        self._made["residual"] = Volume(residual, rate.geometry)
        self._made.setdefault("r2star_se", Volume(error, rate.geometry))

    def usual_range(self, role: str) -> tuple[float, float] | None:
        """Return the values of a map's first and last colour that it has by itself; None while it is made."""
        if role not in self._ranges:
            # the study's own map tells the range, so that a trial's colours compare with it
            own = self._images.volumes.get(role) if role in OWN else None
            volume = self.volume(role) if own is None else own
            if volume is None:
                return None
            values = some_values(volume.data)
            top = percentiles(values, 99.0)[0] if values.size else 1.0
            self._ranges[role] = 0.0, rounded_up(max(top, 1e-3))
        return self._ranges[role]

    @property
    def iron_slope(self) -> float | None:
        """Iron in ug/g over R2* in 1/s; None where the maps lie on no line."""
        if not self._slope_known:
            together = "r2star" in self._own and "iron" in self._own
            if together:
                self._slope = iron_per_r2star(self._own["r2star"].data, self._own["iron"].data)
            self._slope_known = True
        return self._slope

    @property
    def flags(self) -> np.ndarray | None:
        """The flags of the maps shown; a trial fit has others than the study's, and they are not kept."""
        if self._on_trial or "flags" not in self._images.volumes:
            return None
        return self._images.volumes["flags"].data

    @property
    def nbytes(self) -> int:
        """The memory that was taken beside the pictures."""
        given = {id(volume.data) for volume in (*self._own.values(), *self._images.volumes.values())}
        return sum(made.data.nbytes for made in self._made.values() if id(made.data) not in given)

    def _masked(self, volume: Volume) -> Volume:
        if self.flags is None:
            return volume
        hidden = (self.flags.astype(np.uint8) & _HIDING) != 0
        return Volume(np.where(hidden, np.float32(np.nan), volume.data), volume.geometry)
