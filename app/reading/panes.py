"""What one pane shows, and the words, as marked, by which a person chooses it."""

from __future__ import annotations

from dataclasses import dataclass

from core.imaging.geometry import Geometry
from core.reading.hanging import HangingPane
from widgets.plane import Orientation, SlabKind, axis_across
from widgets.words import marked

PICTURE_NAMES = {
    "anatomy": marked("T2 anatomy"), "echoes": marked("GRE echoes"), "gre3d": marked("3D GRE"),
}  # fmt: skip
LAST_ECHO = "last_echo"
PLANE_NAMES = (
    ("as_scanned", marked("As scanned")),
    ("axial", marked("Axial")),
    ("coronal", marked("Coronal")),
    ("sagittal", marked("Sagittal")),
)
SLABS: tuple[tuple[SlabKind | str, str], ...] = (
    ("", marked("One slice")),
    ("mean", marked("Mean")),
    ("max", marked("Highest (MIP)")),
    ("min", marked("Lowest (MinIP)")),
)
SLAB_MM = (2.0, 3.0, 5.0, 10.0, 20.0)


@dataclass
class PaneState:
    """What one pane shows; `picture` may be the name of a widget that is shown in place of slices."""

    picture: str = ""
    plane: str = "as_scanned"
    echo: int = 0
    overlay: str = ""
    slab_kind: str = ""
    slab_mm: float = 5.0
    compare: str = ""
    inverted: bool = False
    hung: bool = False  # by the protocol: where a case has no such picture, the pane says so

    def shows_echoes(self) -> bool:
        """Whether the echo of this pane can be seen in it."""
        return self.picture == "echoes" or self.compare == "echoes"


def state_of(pane: HangingPane, echoes: int, echo: int) -> PaneState:
    """Return what a protocol lets a pane show, the `echo` shown so far where it names none."""
    wanted = echo if pane.echo is None else min(pane.echo, echoes) - 1
    return PaneState(pane.picture, pane.plane, wanted, pane.overlay, hung=True)


def axis_of(geometry: Geometry, plane: str) -> int:
    """Return the index axis across which a picture is cut; as it was scanned this is the slice axis."""
    orientations: dict[str, Orientation] = {"axial": "axial", "coronal": "coronal", "sagittal": "sagittal"}
    return axis_across(geometry, orientations[plane]) if plane in orientations else 0


def following(values: tuple[object, ...], now: object) -> object:
    """Return the value after this one, the first after the last or where it is none of them."""
    place = values.index(now) if now in values else -1
    return values[(place + 1) % len(values)]
