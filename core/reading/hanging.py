"""How a step's pictures hang when it begins: the layout and what each of its panes shows."""

from __future__ import annotations

from dataclasses import dataclass

from core.reading.fields import Fields

# layout -> how many panes it has
LAYOUTS = {"1x1": 1, "1x2": 2, "1+3": 4, "2x2": 4}
PLANES = ("as_scanned", "axial", "coronal", "sagittal")
# what a pane can show; "volume" is the 3D view of the pictures
PICTURES = ("anatomy", "echoes", "gre3d", "r2star", "iron", "volume")
# map -> the picture that a step must show for it
OVERLAYS = {
    "r2star": "r2star",
    "iron": "iron",
    "t2star": "r2star",
    "r2star_se": "r2star",
    "residual": "r2star",
}
_ZOOMS = (0.25, 20.0)


@dataclass(frozen=True)
class HangingPane:
    """What one pane shows.

    Parameters
    ----------
    picture : str
        One of PICTURES.
    plane : str
        One of PLANES.
    echo : int, optional
        Which echo, from 1, the last one where a case has fewer. If not given: the one that was shown in the
        pane's step before, the first when a case begins.
    overlay : str
        One of OVERLAYS, or "" for none.
    window : tuple of float, optional
        Percentiles of the series that are shown black and white; its usual window if not given.
    zoom : float
        1 shows the whole picture as large as it goes.
    """

    picture: str
    plane: str = "as_scanned"
    echo: int | None = None
    overlay: str = ""
    window: tuple[float, float] | None = None
    zoom: float = 1.0


@dataclass(frozen=True)
class Hanging:
    """A layout of LAYOUTS and its panes: from left to right, then down; in 1+3 the large one first."""

    layout: str
    panes: tuple[HangingPane, ...]


def parse_hanging(fields: Fields, reached: set[str]) -> Hanging:
    """Make a hanging from its entry in a protocol's step.

    Parameters
    ----------
    fields : Fields
        The entry.
    reached : set of str
        What this step and the ones before it show.

    Raises
    ------
    InputError
        If an entry is not known, or shows what the step does not; the message names line and fault.
    """
    layout = fields.choice("layout", tuple(LAYOUTS))
    panes = tuple(_pane(each, reached) for each in fields.many("panes"))
    fields.done()
    if len(panes) > LAYOUTS[layout]:
        raise fields.fault(f"the layout {layout} has {LAYOUTS[layout]} panes, not {len(panes)}")
    return Hanging(layout, panes)


def _pane(fields: Fields, reached: set[str]) -> HangingPane:
    picture = fields.choice("picture", PICTURES)
    overlay = fields.choice("overlay", tuple(OVERLAYS)) if fields.has("overlay") else ""
    window = fields.ends("window") if fields.has("window") else None
    pane = HangingPane(
        picture,
        fields.choice("plane", PLANES, PLANES[0]),
        fields.number("echo") if fields.has("echo") else None,
        overlay,
        window,
        fields.real("zoom", *_ZOOMS) if fields.has("zoom") else 1.0,
    )
    needed = "gre3d" if picture == "volume" else picture
    if needed not in reached:
        raise fields.fault(f"the picture {picture!r} is not shown in this step; add {needed!r} to 'shows'")
    if overlay and OVERLAYS[overlay] not in reached:
        raise fields.fault(f"the overlay {overlay!r} needs {OVERLAYS[overlay]!r} among what the step shows")
    if pane.echo is not None and (picture != "echoes" or pane.echo < 1):
        raise fields.fault("'echo' counts from 1 and belongs to the picture 'echoes'")
    if window is not None and not 0 <= window[0] < window[1] <= 100:
        raise fields.fault("'window' should be two percentiles from 0 to 100, [black, white]")
    if window is not None and picture in (*OVERLAYS, "volume"):
        raise fields.fault("'window' is for grey pictures; a map's colours have their range under 'maps'")
    fields.done()
    return pane
