"""What the formats find in files, before and after it is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from core.imaging.geometry import Geometry
from core.imaging.volume import FieldSource
from readers.files import ImageFile

Part = Literal["magnitude", "phase", "real", "imaginary", "other"]
PARTS: tuple[Part, ...] = ("magnitude", "phase", "real", "imaginary", "other")

# an echo train that ends earlier is one written in seconds
SHORTEST_TE_MS = 0.5
# of one file: the longest time series have a third of it, and each frame costs time before its pixels do
MAX_FRAMES = 100_000

# a place or a step beyond this is damage, and its squares would overflow
FARTHEST_MM = 1e7

Vector = tuple[float, float, float]


def printable(text: str) -> str:
    """Return text from a file as it may be shown: no line breaks, nothing that steers a terminal."""
    return text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text).strip()


@dataclass(frozen=True, slots=True)
class Layout:
    """How the picture elements of a file lie in its bytes.

    Parameters
    ----------
    rows, columns : int
        Size of one frame.
    dtype : str
        numpy's name of the stored type with its byte order, for example "<u2".
    bits_stored : int
        The low bits that count; the rest may hold anything (PS3.5 section 8.1.1).
    codec : str
        Empty for plain values; else the transfer syntax to be decoded by the guarded child.
    """

    rows: int
    columns: int
    dtype: str
    bits_stored: int
    codec: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """Stored values to values: value = (stored x slope + intercept) x factor.

    `factor` holds Philips' 1/(RS SS) for magnitudes, and what turns phase into radians; None where the
    header does not tell the unit of the phase, and the values' range has to.
    """

    slope: float = 1.0
    intercept: float = 0.0
    factor: float | None = 1.0
    kind: str = "stored values"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file says about the acquisition it belongs to.

    `subject` (a hash), `study`, `series` and `frame_of_reference` are identifiers for telling apart only;
    they go nowhere else.
    `protocol` holds what has to agree before echoes from several series are taken for one acquisition.
    `stored_order`: slices keep the order of the file, as users of volume formats expect, instead of rising
    along the normal. `te_advice`: what is wrong where there are no echo times, and what to do. `read_with`:
    the other files that say this: a pair's header, sidecars, parameters. `plug_in`: package and
    version of the plug-in that read it, where it was one.
    """

    format: str
    subject: str = ""
    study: str = ""
    series: str = ""
    frame_of_reference: str = ""
    series_number: int = 0
    modality: str = "MR"
    manufacturer: str = ""
    model: str = ""
    description: str = ""
    sequence: str = ""
    acquisition: str = ""
    field_t: float | None = None
    field_source: FieldSource = "unknown"
    protocol: tuple[Any, ...] = ()
    remarks: tuple[str, ...] = ()
    stored_order: bool = False
    te_advice: str = ""
    read_with: tuple[ImageFile, ...] = ()
    plug_in: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of one slice: where its bytes are and what it shows.

    Parameters
    ----------
    file : ImageFile
        Where the bytes are.
    offset : int
        First byte of the frame in the file; of no meaning where the layout has a codec.
    number : int
        Index of the frame in its file, from 0.
    layout : Layout
        How the bytes are to be understood.
    facts : Facts
        What the file says about the acquisition.
    part : Part
        Magnitude, phase, real, imaginary or other.
    te_ms : float or None
        Echo time in ms; None where the header has none.
    position : tuple of float, or None
        LPS mm of the centre of the first voxel; None where the header has none.
    column_step, row_step : tuple of float
        LPS mm from one column, row to the next.
    between_mm, thickness_mm : float or None
        Distance and thickness of slices as the header states them.
    scale : Scale
        How stored values become values.
    uid : str
        Identity of the instance.
    splits : tuple
        What tells acquisitions of one series apart where frames collide: repetition, b-value, ...
    echo_number : int or None
        Only ever used to say that echo times are missing; never to sort.
    acquired : str
        When it was acquired, as the header has it: the parts of one acquisition have it in common.
    stack : str
        Name of the stack of slices that it belongs to, where the header has one.
    instance : int or None
        Number of the instance in its series; only ever used to say that some are missing.
    """

    file: ImageFile
    offset: int
    number: int
    layout: Layout
    facts: Facts
    part: Part
    te_ms: float | None
    position: Vector | None
    column_step: Vector
    row_step: Vector
    between_mm: float | None
    thickness_mm: float | None
    scale: Scale
    uid: str
    splits: tuple[Any, ...] = ()
    echo_number: int | None = None
    acquired: str = ""
    stack: str = ""
    instance: int | None = None


@dataclass(frozen=True, eq=False)
class Stack:
    """Frames in their places: which frame shows which slice of which echo of which part."""

    frames: dict[Part, list[list[Frame]]]
    """part -> echo -> slice."""
    geometry: Geometry


@dataclass(frozen=True)
class SeriesInfo:
    """One series as it will be used: a grid, its echoes and parts, and what is wrong with it.

    Parameters
    ----------
    id : str
        Short and stable: a hash of the series' own identifiers, independent of file order and place.
    path : Path
        The file, archive or folder that holds all of it.
    manufacturer, model : str
        As the header has them.
    field_t : float or None
        Static field in tesla.
    field_source : {"header", "inferred", "user", "unknown"}
        "inferred": from the imaging frequency.
    part : tuple of str
        Which of magnitude, phase, real, imaginary, other there are.
    te_ms : tuple of float
        Echo times in ms, rising; empty where the header has none.
    shape : tuple of int
        (slices, rows, columns).
    spacing_mm : tuple of float
        (slice, row, column).
    files : int
        How many files it is made of, duplicates not counted.
    fit_for_r2star : bool
        Whether `load_echoes` will give it.
    problems : tuple of str
        What is wrong or had to be assumed, one sentence each.
    description : str
        The scanner's name of the series.
    sequence : str
        "GR" gradient echo, "SE" spin echo, other codes of Scanning Sequence (0018,0020), or "".
    acquisition : str
        "2D", "3D" or "".
    scaling : str
        How stored values become signal, in words.
    stack : Stack or None
        Where the pixels are; None where there is no way to put them on a grid.
    frames : tuple of Frame
        All of its frames, on a grid or not.
    """

    id: str
    path: Path
    manufacturer: str
    model: str
    field_t: float | None
    field_source: FieldSource
    part: tuple[Part, ...]
    te_ms: tuple[float, ...]
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]
    files: int
    fit_for_r2star: bool
    problems: tuple[str, ...]
    description: str = ""
    sequence: str = ""
    acquisition: str = ""
    scaling: str = ""
    stack: Stack | None = field(default=None, repr=False, compare=False)
    frames: tuple[Frame, ...] = field(default=(), repr=False, compare=False)

    @property
    def subjects(self) -> frozenset[str]:
        """Hashes of the identities that its files name: to tell subjects apart, and for nothing else."""
        return frozenset(frame.facts.subject for frame in self.frames if frame.facts.subject)

    @property
    def plug_in(self) -> str:
        """Package and version of the plug-in that read it; "" where FerroRead did."""
        return next((frame.facts.plug_in for frame in self.frames if frame.facts.plug_in), "")

    def as_json(self) -> dict[str, Any]:
        """Return the series as `inspect --json` prints it."""
        return {
            "id": self.id,
            "path": str(self.path),
            "manufacturer": self.manufacturer,
            "model": self.model,
            "field_t": self.field_t,
            "field_source": self.field_source,
            "part": list(self.part),
            "te_ms": list(self.te_ms),
            "shape": list(self.shape),
            "spacing_mm": list(self.spacing_mm),
            "files": self.files,
            "fit_for_r2star": self.fit_for_r2star,
            "problems": list(self.problems),
            "description": self.description,
            "sequence": self.sequence,
            "acquisition": self.acquisition,
            "scaling": self.scaling,
            "plug_in": self.plug_in,
        }


@dataclass(frozen=True)
class Skipped:
    """A file or folder that holds no picture FerroRead can use, and why."""

    path: Path
    reason: str

    def as_json(self) -> dict[str, Any]:
        """Return it as `inspect --json` prints it."""
        return {"path": str(self.path), "reason": self.reason}


@dataclass(frozen=True)
class Inspection:
    """Everything that was found in some files, folders and archives."""

    series: tuple[SeriesInfo, ...]
    skipped: tuple[Skipped, ...]

    def as_json(self) -> dict[str, Any]:
        """Return it as `inspect --json` prints it."""
        return {
            "series": [series.as_json() for series in self.series],
            "skipped": [skipped.as_json() for skipped in self.skipped],
        }
