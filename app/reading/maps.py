"""The maps that can be laid over a case's pictures: those of the kit, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.messages import told
from app.reading.case import CaseController
from app.voxels import FLAGS, rounded_up
from app.workers import Workers
from core.imaging.volume import Volume
from core.reading.derived import decay_errors, iron_per_r2star, t2star_ms
from widgets.words import marked, said

_LANE = "derived"


@dataclass(frozen=True)
class MapKind:
    """How a map is named, as marked, and coloured."""

    title: str
    unit: str
    colours: str

    @property
    def said(self) -> str:
        """Its name for the person."""
        return said(self.title)

    @property
    def said_unit(self) -> str:
        """Its unit for the person: what has none is named by a word."""
        return said(self.unit)


MAPS = {
    "r2star": MapKind("R2*", "1/s", "ember"),
    "iron": MapKind(marked("Iron"), "µg/g", "lagoon"),
    "t2star": MapKind("T2*", "ms", "dusk"),
    "r2star_se": MapKind(marked("R2* error"), "1/s", "moss"),
    "residual": MapKind(marked("Residual"), marked("signal"), "moss"),
}
# the kit's maps come first and are what the key goes through
_OWN = ("r2star", "iron")
_FEWEST_ECHOES = 3
_HIDING = sum(FLAGS)


class CaseMaps(QObject):
    """Holds each map of the open case once it was asked for; what takes long is made beside the window."""

    arrived = Signal()  # a map that was waited for is there
    failed = Signal(str)

    def __init__(self, case: CaseController, workers: Workers) -> None:
        super().__init__(case)
        self._case, self._workers = case, workers
        self._made: dict[str, Volume] = {}
        self._ranges: dict[str, tuple[float, float]] = {}
        self._asked = False
        self._slope: float | None = None

    def renew(self, *, fresh: bool) -> None:
        """Forget what was made, since the case's maps changed; with `fresh` their ranges too."""
        self._workers.drop(_LANE)
        self._made, self._asked = {}, False
        if fresh:
            self._ranges = {}
        own = self._case.maps
        together = "r2star" in own and "iron" in own
        self._slope = iron_per_r2star(own["r2star"].data, own["iron"].data) if together else None

    @property
    def roles(self) -> tuple[str, ...]:
        """The maps there are or can be made."""
        own, images = self._case.maps, self._case.images
        if images is None or "r2star" not in own:
            return tuple(role for role in _OWN if role in own)
        enough = len(images.echoes.te_ms) >= _FEWEST_ECHOES
        error = ("r2star_se",) if enough or "r2star_se" in images.volumes else ()
        residual = ("residual",) if enough else ()
        return (*(role for role in _OWN if role in own), "t2star", *error, *residual)

    @property
    def usual(self) -> tuple[str, ...]:
        """The maps that the kit itself holds."""
        return tuple(role for role in _OWN if role in self._case.maps)

    def volume(self, role: str) -> Volume | None:
        """Return a map, NaN where flagged; None while it is being made (`arrived` follows)."""
        images, own = self._case.images, self._case.maps
        if images is None or role not in self.roles:
            return None
        if role not in self._made:
            if role in own:
                self._made[role] = self._masked(own[role])
            elif role == "t2star":
                rate = self._masked(own["r2star"])
                self._made[role] = Volume(t2star_ms(rate.data), rate.geometry)
            elif role == "r2star_se" and role in images.volumes and not self._case.on_trial:
                self._made[role] = self._masked(images.volumes[role])
            else:
                self._ask()
        return self._made.get(role)

    def range(self, role: str) -> tuple[float, float]:
        """Return the values of a map's first and last colour."""
        if role not in self._ranges:
            given = self._case.kit.protocol.map_range(role)
            images = self._case.images
            own = images.volumes.get(role) if images is not None else None
            volume = own if own is not None and role in _OWN else self.volume(role)
            if given is None and volume is None:
                return 0.0, 1.0
            self._ranges[role] = given or _usual_range(volume)
        return self._ranges[role]

    def set_range(self, role: str, low: float, high: float) -> None:
        """Give a map other values for its first and last colour."""
        self._ranges[role] = (low, high)

    def flag_text(self, index: tuple[int, int, int]) -> str:
        """Say why a voxel shows no colour, "" where it is not flagged."""
        flags = self._flags()
        bits = 0 if flags is None else int(flags[index])
        return next((said(text) for bit, text in FLAGS.items() if bits & bit), "")

    def iron_error(self, r2star_error: float) -> float | None:
        """Return the error of iron in ug/g that an error of R2* makes; None where the maps are on no line."""
        return None if self._slope is None else abs(self._slope) * r2star_error

    def _flags(self) -> np.ndarray | None:
        images = self._case.images
        # a trial fit has other flags than the study's, and they are not kept
        if images is None or self._case.on_trial or "flags" not in images.volumes:
            return None
        return images.volumes["flags"].data

    def _masked(self, volume: Volume) -> Volume:
        flags = self._flags()
        if flags is None:
            return volume
        hidden = (flags.astype(np.uint8) & _HIDING) != 0
        return Volume(np.where(hidden, np.float32(np.nan), volume.data), volume.geometry)

    def _ask(self) -> None:
        images, own = self._case.images, self._case.maps
        if self._asked or images is None:
            return
        self._asked = True
        rate = self._masked(own["r2star"])
        self._workers.start(
            _LANE,
            lambda _: decay_errors(images.echoes, rate.data),
            lambda found: self._on_made(rate, *found),
            lambda error: self.failed.emit(told(error)),
        )

    def _on_made(self, rate: Volume, residual: np.ndarray, error: np.ndarray) -> None:
        self._made["residual"] = Volume(residual, rate.geometry)
        self._made.setdefault("r2star_se", Volume(error, rate.geometry))
        self.arrived.emit()


def _usual_range(volume: Volume | None) -> tuple[float, float]:
    """Return the range of a map's colours where the protocol leaves it open."""
    values = np.empty(0) if volume is None else volume.data[np.isfinite(volume.data)]
    top = float(np.percentile(values, 99.0)) if values.size else 1.0
    return 0.0, rounded_up(max(top, 1e-3))
