"""A scanner for tests: writes series whose volume, echo times, affine and values are known.

pydicom writes the files, so that our own parsing of them is tested against another's idea of DICOM.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filewriter import dcmwrite
from pydicom.sequence import Sequence
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    EnhancedMRImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MRImageStorage,
)

SYNTAXES = {
    "explicit": ExplicitVRLittleEndian,
    "implicit": ImplicitVRLittleEndian,
    "big endian": ExplicitVRBigEndian,
    "deflated": DeflatedExplicitVRLittleEndian,
}
PARTS = {"magnitude": "M", "phase": "P", "real": "R", "imaginary": "I"}


@dataclass
class Scan:
    """What the scanner measured: `stored` maps a part to integers (echo, slice, row, column)."""

    stored: dict[str, NDArray]
    te_ms: list[float]
    affine: NDArray
    """(slice, row, column) index -> LPS mm."""
    vendor: str = "Siemens"
    slope: float | None = None
    intercept: float | None = None
    philips_scale: float | None = None
    field_t: float | None = 3.0
    sequence: str = "GR"
    series: int = 4
    exported: int = 0
    """Another number gives other instance UIDs."""
    stacks: int = 1
    """Enhanced files: so many parallel stacks, each half a slice further off the raster."""
    overrides: dict[str, object] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[int, int, int]:
        return next(iter(self.stored.values())).shape[1:]

    def spacing(self) -> NDArray:
        return np.linalg.norm(self.affine[:3, :3], axis=0)

    def stack(self, index: int) -> int:
        return index * self.stacks // self.shape[0]

    def position(self, index: int) -> NDArray:
        return self.affine[:3, 3] + (index + 0.5 * self.stack(index)) * self.affine[:3, 0]

    def orientation(self) -> NDArray:
        """Direction of rising columns, then of rising rows: Image Orientation (Patient)."""
        unit = self.affine[:3, :3] / self.spacing()
        return np.concatenate([unit[:, 2], unit[:, 1]])

    def part_series(self, part: str) -> int:
        """Real and imaginary parts share a series; the phase has its own, as on a Siemens scanner."""
        return self.series + (part == "phase")


def make_scan(
    seed: int = 0,
    *,
    echoes: int = 3,
    shape: tuple[int, int, int] = (4, 5, 6),
    parts: tuple[str, ...] = ("magnitude",),
    rotation: NDArray | None = None,
    spacing: tuple[float, float, float] = (3.0, 1.5, 1.25),
    signed: bool = False,
    bits: int = 12,
    **rest: object,
) -> Scan:
    """Make a scan with random values; `rotation` has the directions of slice, row and column as columns."""
    rng = np.random.default_rng(seed)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else (0, 2**bits)
    dtype = np.int16 if signed else np.uint16
    stored = {part: rng.integers(low, high, (echoes, *shape)).astype(dtype) for part in parts}
    affine = np.eye(4)
    axial = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
    affine[:3, :3] = (axial if rotation is None else rotation) * spacing
    affine[:3, 3] = rng.uniform(-100, 100, 3).round(3)
    te_ms = [round(2.5 + 3.125 * echo, 3) for echo in range(echoes)]
    return Scan(stored, te_ms, affine, **rest)


def rotation_of(quaternion: tuple[float, float, float, float]) -> NDArray:
    """Return directions of slice, row and column, right-handed as DICOM has them: slice = column x row."""
    a, b, c, d = np.array(quaternion) / np.linalg.norm(quaternion)
    across = np.array([a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)])
    down = np.array([2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)])
    return np.stack([np.cross(across, down), down, across], axis=1)


def uid(*words: object) -> str:
    """Return a UID that depends on the words alone."""
    return "1.2.826.0.1.3680043.10.1." + str(abs(hash_of(words)))


def hash_of(words: tuple[object, ...]) -> int:
    number = 7
    for byte in repr(words).encode():
        number = (number * 1_000_003 + byte) % (10**18)
    return number


Touch = Callable[[Dataset, str, int, int], None]


@dataclass
class Style:
    """How the files come out."""

    syntax: str = "explicit"
    shuffle: int = 0
    repeat_instance_numbers: bool = False
    echo_numbers: str = "right"
    """right, missing, or all one."""
    legacy: bool = False
    """Legacy converted: what has no functional group of its own stands among the unassigned attributes."""
    files: str = "one"
    """Enhanced: one file for all, one per part, or one per part and echo."""
    root_te: bool = False
    """Enhanced, one file per echo: its echo time stands at the root, as in a classic file."""
    dimensions: bool = False
    """Enhanced: dimension indices that count stack, slice and echo."""
    touch: Touch | None = None
    """Called with each instance, or each frame's functional groups, its part, echo and slice."""


def write_classic(folder: Path, scan: Scan, style: Style | None = None) -> list[Path]:
    """Write one file per slice, echo and part, under names in random order."""
    style = style or Style()
    folder.mkdir(parents=True, exist_ok=True)
    places = [
        (part, echo, index)
        for part in scan.stored
        for echo in range(len(scan.te_ms))
        for index in range(scan.shape[0])
    ]
    names = [f"IM{number:04d}" for number in range(len(places))]
    random.Random(style.shuffle).shuffle(names)
    paths = []
    for number, ((part, echo, index), name) in enumerate(zip(places, names, strict=True)):
        dataset = classic_instance(scan, style, part, echo, index)
        dataset.InstanceNumber = 1 + (number % 3 if style.repeat_instance_numbers else number)
        paths.append(save(dataset, folder / name, style.syntax))
    return paths


def classic_instance(scan: Scan, style: Style, part: str, echo: int, index: int) -> Dataset:
    """Make one single-frame MR instance."""
    dataset = _common(scan, part)
    dataset.SOPClassUID = MRImageStorage
    dataset.SOPInstanceUID = uid("instance", scan.exported, scan.series, part, echo, index)
    dataset.ImageType = ["ORIGINAL", "PRIMARY", PARTS[part], "ND"]
    if scan.vendor == "GE MEDICAL SYSTEMS":
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "OTHER"]
        block = dataset.private_block(0x0043, "GEMS_PARM_01", create=True)
        block.add_new(0x2F, "SS", list(PARTS).index(part))
    dataset.EchoTime = scan.te_ms[echo]
    if style.echo_numbers != "missing":
        dataset.EchoNumbers = echo + 1 if style.echo_numbers == "right" else 1
    dataset.ScanningSequence = scan.sequence
    dataset.RepetitionTime = 500
    dataset.FlipAngle = 25
    dataset.ImagePositionPatient = [f"{value:.10g}" for value in scan.position(index)]
    dataset.ImageOrientationPatient = [f"{value:.12f}" for value in scan.orientation()]
    spacing = scan.spacing()
    dataset.PixelSpacing = [f"{spacing[1]:.10g}", f"{spacing[2]:.10g}"]
    dataset.SliceThickness = f"{spacing[0]:.10g}"
    _scale(dataset, scan, dataset)
    _pixels(dataset, scan.stored[part][echo, index][None], style.syntax)
    if style.touch:
        style.touch(dataset, part, echo, index)
    return _override(dataset, scan)


def write_enhanced(path: Path, scan: Scan, style: Style | None = None) -> Path:
    """Write Enhanced MR files; frames of all parts, echoes and slices in random order."""
    style = style or Style()
    path.parent.mkdir(parents=True, exist_ok=True)
    together: dict[tuple[object, ...], list[Place]] = {}
    for part in scan.stored:
        for echo in range(len(scan.te_ms)):
            key = {"one": (), "part": (part,), "echo": (part, echo)}[style.files]
            places = together.setdefault(key, [])
            places += [(part, echo, index) for index in range(scan.shape[0])]
    for number, (key, places) in enumerate(together.items()):
        random.Random(style.shuffle).shuffle(places)
        dataset = _enhanced(scan, style, places)
        dataset.SOPInstanceUID = uid("enhanced", scan.exported, scan.series, *key)
        dataset.InstanceNumber = number + 1
        name = path if not key else path.with_name("-".join([path.name, *map(str, key)]))
        save(_override(dataset, scan), name, style.syntax)
    return path


Place = tuple[str, int, int]


def _enhanced(scan: Scan, style: Style, places: list[Place]) -> Dataset:
    parts = {part for part, _, _ in places}
    dataset = _common(scan, places[0][0])
    dataset.SOPClassUID = EnhancedMRImageStorage
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "MIXED" if len(parts) > 1 else "M", "NONE"]
    dataset.EchoPulseSequence = "GRADIENT" if "GR" in scan.sequence else "SPIN"
    dataset.NumberOfFrames = len(places)
    if style.root_te:
        dataset.EchoTime = scan.te_ms[places[0][1]]
    if style.dimensions:
        dataset.DimensionIndexSequence = Sequence([_dimension(tag) for tag in DIMENSIONS])
    shared, spacing = Dataset(), scan.spacing()
    measures = Dataset()
    measures.PixelSpacing = [f"{spacing[1]:.10g}", f"{spacing[2]:.10g}"]
    measures.SliceThickness = f"{spacing[0]:.10g}"
    shared.PixelMeasuresSequence = Sequence([measures])
    orientation = Dataset()
    orientation.ImageOrientationPatient = [f"{value:.12f}" for value in scan.orientation()]
    shared.PlaneOrientationSequence = Sequence([orientation])
    dataset.SharedFunctionalGroupsSequence = Sequence([shared])
    dataset.PerFrameFunctionalGroupsSequence = Sequence([_frame(scan, style, *place) for place in places])
    stored = np.stack([scan.stored[part][echo, index] for part, echo, index in places])
    _pixels(dataset, stored, style.syntax)
    return dataset


# stack, position in it, echo time
DIMENSIONS = (0x00209056, 0x00209057, 0x00189082)


def _dimension(tag: int) -> Dataset:
    dimension = Dataset()
    dimension.DimensionIndexPointer = tag
    return dimension


def _frame(scan: Scan, style: Style, part: str, echo: int, index: int) -> Dataset:
    frame = Dataset()
    content, kind, times, place, values = Dataset(), Dataset(), Dataset(), Dataset(), Dataset()
    content.StackID = str(scan.stack(index) + 1)
    content.InStackPositionNumber = index + 1
    # numbers that say nothing, as some vendors write them
    content.DimensionIndexValues = [1, 1]
    if style.dimensions:
        content.DimensionIndexValues = [scan.stack(index) + 1, index + 1, echo + 1]
    frame.FrameContentSequence = Sequence([content])
    kind.FrameType = ["ORIGINAL", "PRIMARY", "NONE", "NONE"]
    kind.ComplexImageComponent = part.upper()
    frame.MRImageFrameTypeSequence = Sequence([kind])
    if style.root_te:
        pass
    elif style.legacy:
        times.EchoTime = scan.te_ms[echo]
        frame.UnassignedPerFrameConvertedAttributesSequence = Sequence([times])
    else:
        times.EffectiveEchoTime = scan.te_ms[echo]
        frame.MREchoSequence = Sequence([times])
    place.ImagePositionPatient = [f"{value:.10g}" for value in scan.position(index)]
    frame.PlanePositionSequence = Sequence([place])
    _scale(values, scan, frame)
    if "RescaleSlope" in values:
        frame.PixelValueTransformationSequence = Sequence([values])
    if style.touch:
        style.touch(frame, part, echo, index)
    return frame


def _common(scan: Scan, part: str) -> Dataset:
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.Modality = "MR"
    dataset.Manufacturer = scan.vendor
    dataset.ManufacturerModelName = "Probe"
    dataset.PatientName = "SECRET^NAME"
    dataset.PatientID = "SECRET-ID"
    dataset.StudyInstanceUID = uid("study")
    dataset.SeriesInstanceUID = uid("series", scan.part_series(part))
    dataset.FrameOfReferenceUID = uid("frame of reference")
    dataset.SeriesNumber = scan.part_series(part)
    dataset.SeriesDescription = "multi-echo"
    dataset.ProtocolName = "multi-echo"
    dataset.SequenceName = "fl2d"
    dataset.MRAcquisitionType = "2D"
    if scan.field_t is not None:
        dataset.MagneticFieldStrength = scan.field_t
    return dataset


def _scale(target: Dataset, scan: Scan, private: Dataset) -> None:
    """Write the rescale into `target`, and Philips' private scale slope where Philips writes it."""
    if scan.slope is not None:
        target.RescaleSlope = f"{scan.slope:.12g}"
        target.RescaleIntercept = f"{scan.intercept or 0:.12g}"
        target.RescaleType = "US"
    if scan.philips_scale is None:
        return
    if target is not private:
        # enhanced files: inside a private sequence of classic attributes, one per frame
        inner = Dataset()
        block = inner.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
        block.add_new(0x0E, "FL", scan.philips_scale)
        block = private.private_block(0x2005, "Philips MR Imaging DD 005", create=True)
        block.add_new(0x0F, "SQ", Sequence([inner]))
        return
    # another creator first, so that the block is not the one everybody expects
    private.private_block(0x2005, "SOMEBODY ELSE", create=True).add_new(0x0E, "FL", 77.0)
    block = private.private_block(0x2005, "Philips MR Imaging DD 001", create=True)
    block.add_new(0x0E, "FL", scan.philips_scale)


def _pixels(dataset: Dataset, stored: NDArray, syntax: str) -> None:
    dataset.Rows, dataset.Columns = stored.shape[1:]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = 16
    dataset.BitsStored = 16 if stored.dtype.kind == "i" else 12
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(stored.dtype.kind == "i")
    order = ">" if syntax == "big endian" else "<"
    dataset.PixelData = stored.astype(stored.dtype.newbyteorder(order)).tobytes()
    dataset["PixelData"].VR = "OW"


def _override(dataset: Dataset, scan: Scan) -> Dataset:
    for keyword, value in scan.overrides.items():
        if value is None:
            if keyword in dataset:
                del dataset[keyword]
        else:
            setattr(dataset, keyword, value)
    return dataset


def save(dataset: Dataset, path: Path, syntax: str = "explicit") -> Path:
    """Write a data set as a DICOM file."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = SYNTAXES[syntax]
    whole = FileDataset(path, dataset, file_meta=meta, preamble=b"\0" * 128)
    dcmwrite(path, whole, enforce_file_format=True)
    return path


def with_parts(scan: Scan, **stored: NDArray) -> Scan:
    """Return the scan with other stored values."""
    return replace(scan, stored=stored)
