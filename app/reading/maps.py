"""The maps that can be laid over a case's pictures: those of the kit, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.messages import told
from app.reading.case import CaseController, Plan, own_maps
from app.reading.made_maps import OWN, MadeMaps
from app.voxels import FLAGS
from app.workers import Job, Workers
from core.imaging.volume import Volume
from core.study.kit_pictures import CaseImages
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


class CaseMaps(QObject):
    """Holds each map of the open case once it was asked for; what takes long is made beside the window."""

    arrived = Signal()  # a map that was waited for is there
    failed = Signal(str)

    def __init__(self, case: CaseController, workers: Workers) -> None:
        super().__init__(case)
        self._case, self._workers = case, workers
        self._made: MadeMaps | None = None
        self._ranges: dict[str, tuple[float, float]] = {}
        self._asked = False

    def renew(self, *, fresh: bool) -> None:
        """Forget what was made, since the case's maps changed; with `fresh` their ranges too."""
        self._workers.drop(_LANE)
        self._asked = False
        if fresh:
            self._ranges = {}
        images = self._case.images
        ahead = self._case.prepared.get("maps")
        if ahead is not None and not self._case.on_trial:
            self._made = ahead
        else:
            on_trial = self._case.on_trial
            self._made = None if images is None else MadeMaps(images, self._case.maps, on_trial=on_trial)

    def plan_ahead(self, wanted: frozenset[str]) -> Plan:
        """Return what makes these maps of another case, as far as it has them."""
        protocol = self._case.kit.protocol

        def make(images: CaseImages, job: Job) -> MadeMaps:
            made = MadeMaps(images, own_maps(images))
            for role in wanted.intersection(made.roles):
                if made.volume(role) is None:
                    made.make_errors(job)
                if protocol.map_range(role) is None:
                    made.usual_range(role)
            made.iron_slope  # noqa: B018 - kept there
            return made

        return make

    @property
    def roles(self) -> tuple[str, ...]:
        """The maps there are or can be made."""
        return () if self._made is None else self._made.roles

    @property
    def usual(self) -> tuple[str, ...]:
        """The maps that the kit itself holds."""
        return tuple(role for role in OWN if role in self._case.maps)

    def volume(self, role: str) -> Volume | None:
        """Return a map, NaN where flagged; None while it is being made (`arrived` follows)."""
        if self._made is None or role not in self._made.roles:
            return None
        found = self._made.volume(role)
        if found is None:
            self._ask(self._made)
        return found

    def range(self, role: str) -> tuple[float, float]:
        """Return the values of a map's first and last colour."""
        if role not in self._ranges:
            found = self._case.kit.protocol.map_range(role) or (self._made and self._made.usual_range(role))
            if found is None:
                return 0.0, 1.0
            self._ranges[role] = found
        return self._ranges[role]

    def set_range(self, role: str, low: float, high: float) -> None:
        """Give a map other values for its first and last colour."""
        self._ranges[role] = (low, high)

    def flag_text(self, index: tuple[int, int, int]) -> str:
        """Say why a voxel shows no colour, "" where it is not flagged."""
        flags = None if self._made is None else self._made.flags
        bits = 0 if flags is None else int(flags[index])
        return next((said(text) for bit, text in FLAGS.items() if bits & bit), "")

    def iron_error(self, r2star_error: float) -> float | None:
        """Return the error of iron in ug/g that an error of R2* makes; None where the maps are on no line."""
        slope = None if self._made is None else self._made.iron_slope
        return None if slope is None else abs(slope) * r2star_error

    def _ask(self, made: MadeMaps) -> None:
        if not self._asked:
            self._asked = True
            self._workers.start(
                _LANE, made.make_errors, lambda _: self.arrived.emit(), lambda e: self.failed.emit(told(e))
            )
