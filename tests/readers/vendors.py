"""How each vendor writes a multi-echo series, for `scanner` to write; and faults to plant in one.

Each style yields a Case: what was measured, how to write it, and what has to come back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pydicom
from hypothesis import strategies as st
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.readers.scanner import Scan, Style, make_scan, rotation_of, write_classic, write_enhanced

# exact in a header's decimal string as well as in binary
slopes = st.integers(1, 999).map(lambda number: number / 128)
intercepts = st.integers(-5000, 5000).map(lambda number: number / 64)
quaternions = st.tuples(*[st.floats(-1, 1) for _ in range(4)]).filter(lambda q: np.linalg.norm(q) > 0.1)
syntaxes = st.sampled_from(["explicit", "implicit", "big endian", "deflated"])


@dataclass
class Case:
    """A series to be written and read back.

    `signal` and `phase` are what the vendor's formulas give, (echo, slice, row, column), in float64.
    """

    scan: Scan
    style: Style
    enhanced: bool
    signal: NDArray
    phase: NDArray | None = None
    said: str = ""
    """What a problem has to say though nothing is wrong."""
    field_t: float | None = 3.0
    beside: Scan | None = None
    """Another series in the same folder, which is none for R2*."""
    alike: float = 0.0
    """Relative difference that float32 arithmetic may leave; 0 means equal to the bit."""

    def write(self, folder: Path) -> None:
        if self.enhanced:
            write_enhanced(folder / "whole", self.scan, self.style)
        else:
            write_classic(folder, self.scan, self.style)
        if self.beside is not None:
            write_classic(folder / "beside", self.beside, replace(self.style, touch=None))


def _scan(draw: st.DrawFn, parts: tuple[str, ...] = ("magnitude",), slices: int = 1, **rest: object) -> Scan:
    """Draw a scan on any grid: oblique, flipped, thick or thin slices, one to four of them."""
    return make_scan(
        draw(st.integers(0, 2**16)),
        echoes=draw(st.integers(2, 3)),
        shape=draw(st.tuples(st.integers(slices, 4), st.integers(1, 4), st.integers(1, 4))),
        parts=parts,
        rotation=rotation_of(draw(quaternions)),
        spacing=draw(st.tuples(*[st.sampled_from([0.15, 0.5, 1.0, 3.3]) for _ in range(3)])),
        **rest,
    )


def _style(draw: st.DrawFn, **rest: object) -> Style:
    return Style(
        syntax=draw(syntaxes),
        shuffle=draw(st.integers(0, 1000)),
        repeat_instance_numbers=draw(st.booleans()),
        echo_numbers=draw(st.sampled_from(["right", "missing", "all one"])),
        **rest,
    )


def _rescaled(scan: Scan, part: str = "magnitude") -> NDArray:
    return scan.stored[part] * (scan.slope or 1.0) + (scan.intercept or 0.0)


def _twelve_bits(stored: NDArray) -> NDArray:
    return (stored / 2048.0 - 1) * np.pi


def _type(**of_part: str) -> Callable[[Dataset, str, int, int], None]:
    def touch(dataset: Dataset, part: str, _echo: int, _index: int) -> None:
        dataset.ImageType = of_part[part].split("/")

    return touch


@st.composite
def siemens(draw: st.DrawFn, slices: int = 1) -> Case:
    """Magnitude and phase in a series each, phase in 12 bits, rescaled to -4096..4094 or not."""
    scan = _scan(draw, ("magnitude", "phase"), slices)
    rescaled = draw(st.booleans())

    def touch(dataset: Dataset, part: str, _echo: int, _index: int) -> None:
        if part == "phase" and rescaled:
            dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = "2", "-4096", "US"

    phase = _twelve_bits(scan.stored["phase"])
    return Case(scan, _style(draw, touch=touch), False, scan.stored["magnitude"].astype(float), phase)


@st.composite
def siemens_xa(draw: st.DrawFn) -> Case:
    """Enhanced, one file or one per part or echo, with dimension indices."""
    scan = _scan(draw, ("magnitude", "phase"))
    files = draw(st.sampled_from(["part", "echo"]))
    style = _style(draw, files=files, dimensions=True)
    phase = _twelve_bits(scan.stored["phase"])
    return Case(scan, style, True, scan.stored["magnitude"].astype(float), phase)


def _misleading_map(dataset: Dataset, *_place: object) -> None:
    """Write a real-world value map, which on Philips is not the way to the signal."""
    mapping = Dataset()
    mapping.RealWorldValueSlope, mapping.RealWorldValueIntercept = 777.0, -7.0
    dataset.RealWorldValueMappingSequence = Sequence([mapping])


@st.composite
def philips(draw: st.DrawFn, slices: int = 1) -> Case:
    """Classic or enhanced; with a scale slope floating-point values, without it displayed ones."""
    scale = draw(st.sampled_from([None, 0.0078125, 0.3359375]))
    scan = _scan(
        draw, slices=slices, vendor=draw(st.sampled_from(["Philips", "Philips Medical Systems"])),
        slope=draw(slopes), intercept=draw(intercepts), philips_scale=scale,
    )  # fmt: skip
    signal = _rescaled(scan) / (scan.slope * scale) if scale else _rescaled(scan)
    enhanced = draw(st.booleans())
    types = _type(magnitude="ORIGINAL/PRIMARY/M_FFE/M/FFE")

    def touch(dataset: Dataset, part: str, echo: int, index: int) -> None:
        _misleading_map(dataset)
        if not enhanced:
            types(dataset, part, echo, index)

    return Case(scan, _style(draw, touch=touch), enhanced, signal, alike=2e-7)


@st.composite
def philips_phase(draw: st.DrawFn) -> Case:
    """Magnitude and phase in one series, the phase in thousandths of a radian."""
    scan = _scan(draw, ("magnitude", "phase"), vendor="Philips", slope=0.5, intercept=0.0, philips_scale=0.25)
    slope, intercept = 2000 * np.pi / 4095, -1000 * np.pi

    def touch(dataset: Dataset, part: str, _echo: int, _index: int) -> None:
        dataset.SeriesInstanceUID, dataset.SeriesNumber = "1.2.826.0.1.3680043.10.1.7", 7
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "M_FFE" if part == "magnitude" else "PHASE MAP", "M"]
        if part == "phase":
            dataset.RescaleSlope, dataset.RescaleIntercept = f"{slope:.14g}", f"{intercept:.14g}"
            dataset.RescaleType = "milliradials"

    phase = (scan.stored["phase"] * slope + intercept) / 1000
    signal = scan.stored["magnitude"] / 0.25
    return Case(scan, _style(draw, touch=touch), False, signal, phase, alike=2e-7)


@st.composite
def ge_complex(draw: st.DrawFn, slices: int = 1) -> Case:
    """Real and imaginary parts, told by a private element alone."""
    scan = _scan(
        draw, ("real", "imaginary"), slices, signed=True, bits=16, vendor="GE MEDICAL SYSTEMS",
        slope=draw(st.sampled_from([None, 0.5])),
    )  # fmt: skip
    real, imaginary = _rescaled(scan, "real"), _rescaled(scan, "imaginary")
    # the enhanced header has words for it
    enhanced = draw(st.booleans())
    signal, phase = np.hypot(real, imaginary), np.arctan2(imaginary, real)
    return Case(scan, _style(draw), enhanced, signal, phase, alike=3e-7)


@st.composite
def ge_field_map(draw: st.DrawFn) -> Case:
    """Magnitudes with a field map in Hz beside them, in the same series."""
    scan = _scan(draw, vendor="GE MEDICAL SYSTEMS")
    stored = {"magnitude": scan.stored["magnitude"][:1] + 1}
    field_map = replace(
        scan, stored=stored, te_ms=scan.te_ms[:1], exported=5, overrides={"RescaleType": "Hz"}
    )
    return Case(scan, _style(draw), False, scan.stored["magnitude"].astype(float), beside=field_map)


@st.composite
def canon(draw: st.DrawFn, slices: int = 1) -> Case:
    """Signed values, rescaled; classic or enhanced."""
    scan = _scan(
        draw, slices=slices, signed=True, bits=12, vendor=draw(st.sampled_from(["CANON_MEC", "TOSHIBA_MEC"])),
        slope=draw(slopes), intercept=draw(intercepts),
    )  # fmt: skip
    return Case(scan, _style(draw), draw(st.booleans()), _rescaled(scan))


@st.composite
def united_imaging(draw: st.DrawFn, slices: int = 1) -> Case:
    """The frequency in Hz, and no field: it is inferred and said."""
    scan = _scan(
        draw, slices=slices, vendor="UIH", slope=draw(slopes), intercept=draw(intercepts), field_t=None,
        overrides={"ImagingFrequency": "127732436"},
    )  # fmt: skip
    style = _style(draw, touch=_type(magnitude="ORIGINAL/PRIMARY/M/NORM/DIS2D"))
    return Case(scan, style, False, _rescaled(scan), said="inferred from the frequency")


@st.composite
def hyperfine(draw: st.DrawFn) -> Case:
    """Enhanced, a file per echo with its echo time at the root, 0.064 T and no field in the header."""
    scan = _scan(draw, vendor="Hyperfine Research", field_t=None, overrides={"ImagingFrequency": "2.7249586"})
    style = _style(draw, files="echo", root_te=True)
    signal = scan.stored["magnitude"].astype(float)
    return Case(scan, style, True, signal, said="inferred from the frequency", field_t=0.064)


@st.composite
def mr_solutions(draw: st.DrawFn, slices: int = 1) -> Case:
    """Echo times in seconds."""
    scan = _scan(draw, slices=slices, vendor="MR Solutions Ltd")
    times = list(scan.te_ms)

    def touch(dataset: Dataset, _part: str, echo: int, _index: int) -> None:
        dataset.EchoTime = f"{times[echo] / 1000:.10g}"

    style = _style(draw, touch=touch)
    return Case(scan, style, False, scan.stored["magnitude"].astype(float), said="in seconds")


@st.composite
def agilent(draw: st.DrawFn, slices: int = 1) -> Case:
    """An image type of one word, 16 bits that are all used."""
    scan = _scan(draw, slices=slices, bits=16, vendor="Agilent Technologies", overrides={"BitsStored": 16})
    scan.overrides |= {"HighBit": 15, "ImageType": "ORIGINAL"}
    return Case(scan, _style(draw), False, scan.stored["magnitude"].astype(float))


@st.composite
def bruker(draw: st.DrawFn) -> Case:
    """ParaVision's own DICOM: every picture has its own slope; classic or enhanced."""
    scan = _scan(draw, signed=True, bits=16, vendor="Bruker BioSpin MRI GmbH")
    echoes, count = scan.stored["magnitude"].shape[:2]
    own = 0.5 + np.arange(echoes * count).reshape(echoes, count) / 64
    enhanced = draw(st.booleans())

    def touch(dataset: Dataset, _part: str, echo: int, index: int) -> None:
        target = dataset
        if enhanced:
            target = Dataset()
            dataset.PixelValueTransformationSequence = Sequence([target])
        target.RescaleSlope, target.RescaleIntercept = f"{own[echo, index]:.10g}", "0"
        target.RescaleType = "US"

    signal = scan.stored["magnitude"] * own[:, :, None, None]
    return Case(scan, _style(draw, touch=touch), enhanced, signal)


@st.composite
def legacy_converted(draw: st.DrawFn) -> Case:
    """Enhanced files made of classic ones, their echo times among the unassigned attributes."""
    scan = _scan(draw, vendor=draw(st.sampled_from(["Siemens", "GE MEDICAL SYSTEMS", "Hitachi"])))
    return Case(scan, _style(draw, legacy=True), True, scan.stored["magnitude"].astype(float))


VENDORS: dict[str, Callable[[], st.SearchStrategy[Case]]] = {
    "Siemens": siemens,
    "Siemens XA": siemens_xa,
    "Philips": philips,
    "Philips phase": philips_phase,
    "GE complex": ge_complex,
    "GE field map": ge_field_map,
    "Canon": canon,
    "United Imaging": united_imaging,
    "Hyperfine": hyperfine,
    "MR Solutions": mr_solutions,
    "Agilent": agilent,
    "Bruker": bruker,
    "legacy converted": legacy_converted,
}
# those that can be told to have four slices and are written classic, for faults to be planted in
CLASSIC: dict[str, Callable[..., st.SearchStrategy[Case]]] = {
    "Siemens": siemens,
    "Philips": philips,
    "GE complex": ge_complex,
    "Canon": canon,
    "United Imaging": united_imaging,
    "Agilent": agilent,
}


def _edit(path: Path, change: Callable[[Dataset], None]) -> None:
    dataset = pydicom.dcmread(path)
    change(dataset)
    dataset.save_as(path)


def _of_slice(case: Case, paths: list[Path], index: int) -> list[Path]:
    """Return the files of one slice; the scanner writes slices innermost."""
    return paths[index :: case.scan.shape[0]]


def gap(case: Case, paths: list[Path]) -> None:
    for path in _of_slice(case, paths, 1):
        path.unlink()


def lost(_case: Case, paths: list[Path]) -> None:
    paths[1].unlink()


def copied(_case: Case, paths: list[Path]) -> None:
    for number, path in enumerate(paths[::2]):
        path.with_name(f"copy{number}").write_bytes(path.read_bytes())


def changed_copy(_case: Case, paths: list[Path]) -> None:
    def change(dataset: Dataset) -> None:
        pixels = bytearray(dataset.PixelData)
        pixels[0] ^= 1
        pixels[1] ^= 1
        dataset.PixelData = bytes(pixels)

    copy = paths[0].with_name("copy")
    copy.write_bytes(paths[0].read_bytes())
    _edit(copy, change)


def uneven(case: Case, paths: list[Path]) -> None:
    moved = case.scan.position(1) + 0.3 * case.scan.affine[:3, 0]
    for path in _of_slice(case, paths, 1):
        _edit(path, lambda dataset: setattr(dataset, "ImagePositionPatient", [f"{v:.10g}" for v in moved]))


def _echo_times(case: Case, paths: list[Path], told: Callable[[int], object]) -> None:
    slices, echoes = case.scan.shape[0], len(case.scan.te_ms)
    for number, path in enumerate(paths):
        te = told(number // slices % echoes)
        _edit(path, lambda dataset, te=te: setattr(dataset, "EchoTime", te))


def no_echo_times(case: Case, paths: list[Path]) -> None:
    _echo_times(case, paths, lambda _echo: "")


def zero_echo_time(case: Case, paths: list[Path]) -> None:
    _echo_times(case, paths, lambda echo: case.scan.te_ms[echo] if echo else 0)


def one_echo_time(case: Case, paths: list[Path]) -> None:
    _echo_times(case, paths, lambda _echo: case.scan.te_ms[0])


def seconds(case: Case, paths: list[Path]) -> None:
    _echo_times(case, paths, lambda echo: f"{case.scan.te_ms[echo] / 1000:.8g}")


def cut_short(_case: Case, paths: list[Path]) -> None:
    paths[0].write_bytes(paths[0].read_bytes()[:-3])


def mosaic(_case: Case, paths: list[Path]) -> None:
    for path in paths:
        _edit(path, lambda dataset: setattr(dataset, "ImageType", ["ORIGINAL", "PRIMARY", "M", "MOSAIC"]))


# fault -> what has to be said of it
FAULTS: dict[str, tuple[Callable[[Case, list[Path]], None], str]] = {
    "gap": (gap, "missing between slice 1 and 2"),
    "lost": (lost, "is incomplete"),
    "copied": (copied, "counted once"),
    "changed copy": (changed_copy, "several different pictures"),
    "uneven": (uneven, "unevenly spaced"),
    "no echo times": (no_echo_times, "no echo time"),
    "zero echo time": (zero_echo_time, "an echo time of 0 ms cannot be true"),
    # one shortest echo time for all of them, as GE gives it
    "one echo time": (one_echo_time, "one echo"),
    "seconds": (seconds, "look like seconds"),
    "cut short": (cut_short, "is cut short"),
    "mosaic": (mosaic, "Siemens mosaic"),
}
