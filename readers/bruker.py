"""Bruker ParaVision reconstructions (2dseq with its visu_pars) to frames: 5.1, 6, 7 and 360.

visu_pars describes every frame by itself: size, orientation, position, scale, and the frame groups (echoes,
slices, parts) that count them. method and acqp tell only what visu_pars of 5.1 lacks. Positions and
orientations are those of the DICOM patient (LPS).
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError
from readers.field import field_strength
from readers.files import ImageFile, Opener
from readers.model import FARTHEST_MM, MAX_FRAMES, Facts, Frame, Layout, Part, Scale, Vector, printable

NAME = "Bruker ParaVision"

MAX_PARAMETER_BYTES = 16 << 20

_WORDS = {
    "_8BIT_UNSGN_INT": "u1",
    "_16BIT_SGN_INT": "i2",
    "_32BIT_SGN_INT": "i4",
    "_32BIT_FLOAT": "f4",
}
_PARTS: dict[str, Part] = {
    "MAGNITUDE_IMAGE": "magnitude",
    "PHASE_IMAGE": "phase",
    "REAL_IMAGE": "real",
    "IMAGINARY_IMAGE": "imaginary",
}
# ParaVision's methods whose echoes are gradient echoes, and spin echoes
_GRADIENT = ("FLASH", "MGE", "FISP", "GEFC", "SNAP", "UTE", "ZTE", "FCFLASH", "SWI")
_SPIN = ("RARE", "MSME", "SPINECHO", "SE", "TURBORARE", "HASTE", "MDEFT")
_EXPERIMENT = frozenset(("acqp", "method"))
_RECONSTRUCTION = frozenset(("visu_pars", "reco"))

T = TypeVar("T")

_RECORD = re.compile(r"^##\$(\w+)=", re.M)
_END = re.compile(r"^##END=", re.M)
_REPEATED = re.compile(r"@(\d+)\*\(([^()]*)\)")


def recognises(file: ImageFile, _head: bytes) -> bool:
    """Tell whether a file is a reconstruction, or stands for an experiment that has none."""
    return file.name == "2dseq" or file.name in _EXPERIMENT


def companions(files: Sequence[ImageFile]) -> set[ImageFile]:
    """Return the files that belong to experiments and are no pictures themselves.

    An experiment without any reconstruction keeps one of its files, so that it is named.
    """
    if not {file.name for file in files} & {"2dseq", *_EXPERIMENT, *_RECONSTRUCTION}:
        return set()
    folders: dict[tuple[object, PurePosixPath], list[ImageFile]] = {}
    for file in files:
        folders.setdefault(_folder(file), []).append(file)
    belonging: set[ImageFile] = set()
    experiments = {
        place for place, inside in folders.items() if any(file.name in _EXPERIMENT for file in inside)
    }
    reconstructed = set()
    for place, inside in folders.items():
        names = {file.name for file in inside}
        if "2dseq" in names or names & _RECONSTRUCTION:
            belonging |= {file for file in inside if file.name != "2dseq"}
        if "2dseq" in names:
            reconstructed.add((place[0], place[1].parent.parent))
    for place in experiments:
        marks = sorted(file for file in folders[place] if file.name in _EXPERIMENT)
        belonging |= set(folders[place]) - ({marks[0]} if place not in reconstructed else set())
    return belonging


def _folder(file: ImageFile) -> tuple[object, PurePosixPath]:
    if file.member:
        return file.path, PurePosixPath(file.member).parent
    return None, PurePosixPath(file.path.parent.as_posix())


def scan(file: ImageFile, opener: Opener) -> list[Frame]:
    """Describe every slice of every frame of a reconstruction without reading its values.

    Raises
    ------
    ImageReadError
        If the experiment is incomplete, or holds what is no picture of signal.
    """
    if file.name != "2dseq":
        experiment = file.shown.parent
        raise ImageReadError(experiment, "is a Bruker experiment without a reconstruction (pdata/*/2dseq)")
    visu_file = file.sibling("visu_pars")
    if not opener.exists(visu_file):
        raise ImageReadError(file.shown, "is a Bruker ParaVision reconstruction without its visu_pars")
    visu = _Parameters(visu_file, opener)
    if not visu.complete:
        # a slope or a place that was cut off would be taken for one that is not needed
        raise ImageReadError(
            visu_file.shown, "is cut short: its last line, ##END=, is missing; copy it again"
        )
    return _Reconstruction(file, visu, opener).frames()


class _Parameters:
    """A JCAMP-DX parameter file, read leniently: what is asked for is looked up, the rest ignored."""

    def __init__(self, file: ImageFile, opener: Opener) -> None:
        size = opener.head(file)[1]
        data = opener.read(file) if (size or 0) <= MAX_PARAMETER_BYTES else b""
        if max(size or 0, len(data)) > MAX_PARAMETER_BYTES:
            raise ImageReadError(file.shown, "is larger than any parameter file of ParaVision")
        text = data.decode("latin-1")
        self.complete = _END.search(text) is not None
        begins = [(match[1], match.start(), match.end()) for match in _RECORD.finditer(text)]
        self._records: dict[str, str] = {}
        for index, (name, _, begin) in enumerate(begins):
            end = begins[index + 1][1] if index + 1 < len(begins) else len(text)
            lines = text[begin:end].splitlines()
            self._records[name] = "\n".join(line for line in lines if not line.startswith(("$$", "##")))

    def _value(self, name: str) -> str:
        record = self._records.get(name, "").strip()
        # the sizes of an array come first, in brackets of their own
        sizes = re.match(r"\(\s*\d+(?:\s*,\s*\d+)*\s*\)", record)
        return record[sizes.end() :].strip() if sizes else record

    def words(self, name: str) -> list[str]:
        value = self._value(name)
        return re.findall(r"<([^>]*)>", value) or value.split()

    def word(self, name: str) -> str:
        words = self.words(name)
        return printable(words[0].strip()) if words else ""

    def numbers(self, name: str) -> list[float]:
        numbers: list[float] = []
        try:
            # ParaVision 6 and later write @3*(0) for 0 0 0
            position, value = 0, self._value(name)
            for match in _REPEATED.finditer(value):
                numbers += [float(word) for word in value[position : match.start()].split()]
                repeated = [float(word) for word in match[2].split()]
                if int(match[1]) * len(repeated) > MAX_FRAMES:
                    return []
                numbers += repeated * int(match[1])
                position = match.end()
            numbers += [float(word) for word in value[position:].split()]
        except ValueError:
            return []
        return numbers if all(map(math.isfinite, numbers)) else []

    def number(self, name: str) -> float | None:
        numbers = self.numbers(name)
        return numbers[0] if numbers else None

    def whole(self, name: str) -> int | None:
        number = self.number(name)
        return None if number is None else int(number)

    def structs(self, name: str) -> list[list[str]]:
        """Return an array of structures, each as its fields."""
        return [
            [entry.strip().strip("<>") for entry in fields.split(",")]
            for fields in re.findall(r"\(([^()]*)\)", self._value(name))
        ]


@dataclass(slots=True)
class _Group:
    kind: str
    length: int
    stride: int
    parameters: list[str]


class _FrameGroups:
    """What the frames count: the first group runs fastest (VisuFGOrderDesc, VisuGroupDepVals)."""

    def __init__(self, visu: _Parameters, count: int) -> None:
        depending = [fields[0] for fields in visu.structs("VisuGroupDepVals") if fields]
        self.groups: list[_Group] = []
        stride = 1
        for fields in visu.structs("VisuFGOrderDesc"):
            if len(fields) < 5 or not fields[0].isdigit() or not all(word.isdigit() for word in fields[-2:]):
                continue
            first, number = int(fields[-2]), int(fields[-1])
            self.groups.append(_Group(fields[1], int(fields[0]), stride, depending[first : first + number]))
            stride *= max(int(fields[0]), 1)
        if stride != count:
            self.groups = []

    def pick(self, name: str, values: Sequence[T], number: int, width: int = 1) -> Sequence[T]:
        """Return the values of one frame: by the groups that a parameter depends on, else by frame."""
        if len(values) == width:
            return values
        index = self._index(name, number)
        index = number if index is None else index
        return values[index * width : (index + 1) * width]

    def _index(self, name: str, number: int) -> int | None:
        index, stride, found = 0, 1, False
        for group in self.groups:
            if name in group.parameters:
                index += number // group.stride % group.length * stride
                stride *= group.length
                found = True
        return index if found else None

    def others(self, number: int) -> tuple[tuple[str, int], ...]:
        """Return where a frame stands in the groups that are neither echo, slice nor part."""
        known = ("FG_ECHO", "FG_SLICE", "FG_COMPLEX")
        return tuple(
            (group.kind, number // group.stride % group.length)
            for group in self.groups
            if group.kind not in known
        )

    def echo(self, number: int) -> int | None:
        return next(
            (number // group.stride % group.length + 1 for group in self.groups if group.kind == "FG_ECHO"),
            None,
        )


class _Reconstruction:
    """One 2dseq as its visu_pars describes it."""

    def __init__(self, file: ImageFile, visu: _Parameters, opener: Opener) -> None:
        self.file, self.visu = file, visu
        self.columns, self.rows, self.slices = self._shape()
        self.layout = self._layout()
        self.count = visu.whole("VisuCoreFrameCount") or 0
        if not 1 <= self.count * self.slices <= MAX_FRAMES:
            raise ImageReadError(file.shown, f"claims {self.count} frames; its visu_pars is damaged")
        self.frame_bytes = self.columns * self.rows * int(self.layout.dtype[-1])
        size = opener.head(file)[1]
        present, needed = size or len(opener.read(file)), self.frame_bytes * self.slices * self.count
        if present < needed:
            raise ImageReadError(
                file.shown, f"is cut short: {present} of {needed} bytes; the scan was not finished"
            )
        self.facts = _facts(file, visu, opener)
        self.groups = _FrameGroups(visu, self.count)
        self.steps = self._steps()
        self.reverse = self.slices > 1 and visu.word("VisuCoreDiskSliceOrder") == "disk_reverse_slice_order"

    def _shape(self) -> tuple[int, int, int]:
        sizes = [int(size) for size in self.visu.numbers("VisuCoreSize")]
        kinds = set(self.visu.words("VisuCoreDimDesc"))
        if kinds - {"spatial"}:
            raise ImageReadError(self.file.shown, "is Bruker spectroscopy, no picture")
        if len(sizes) not in (2, 3) or min(sizes) < 1 or max(sizes) > 65536:
            raise ImageReadError(self.file.shown, "is no Bruker picture of two or three dimensions")
        columns, rows, slices = [*sizes, 1][:3]
        return columns, rows, slices

    def _layout(self) -> Layout:
        word = self.visu.word("VisuCoreWordType")
        code = _WORDS.get(word)
        if code is None:
            raise ImageReadError(
                self.file.shown, f"holds values of type {word or '?'}, which ParaVision does not know"
            )
        order = ">" if self.visu.word("VisuCoreByteOrder") == "bigEndian" else "<"
        return Layout(self.rows, self.columns, order + code, 8 * int(code[-1]))

    def _steps(self) -> list[float]:
        """Return the size of a voxel along columns, rows and slices in mm."""
        extent = self.visu.numbers("VisuCoreExtent")
        sizes = (self.columns, self.rows, self.slices)
        unit = 10.0 if self.visu.word("VisuCoreUnits") == "cm" else 1.0
        steps = [unit * length / size for length, size in zip(extent, sizes, strict=False) if length > 0]
        steps = [step for step in steps if step < FARTHEST_MM]
        return steps if len(steps) >= (3 if self.slices > 1 else 2) else []

    def frames(self) -> list[Frame]:
        """Describe every plane of every frame."""
        return [
            self._plane(self._frame(number), number, index)
            for number in range(self.count)
            for index in range(self.slices)
        ]

    def _frame(self, number: int) -> Frame:
        pick, visu = self.groups.pick, self.visu
        kinds = pick("VisuCoreFrameType", visu.words("VisuCoreFrameType"), number)
        part = _PARTS.get(kinds[0] if kinds else "MAGNITUDE_IMAGE", "other")
        times = pick("VisuAcqEchoTime", visu.numbers("VisuAcqEchoTime"), number)
        thickness = visu.number("VisuCoreFrameThickness")
        return Frame(
            file=self.file,
            offset=0,
            number=number,
            layout=self.layout,
            facts=self.facts,
            part=part,
            te_ms=round(times[0], 6) if times else None,
            position=None,
            column_step=(1.0, 0.0, 0.0),
            row_step=(0.0, 1.0, 0.0),
            between_mm=self.steps[2] if self.slices > 1 and self.steps else None,
            thickness_mm=thickness if thickness and 0 < thickness < FARTHEST_MM else None,
            scale=self._scale(number, part),
            uid=self.facts.series,
            splits=(self.groups.others(number),),
            echo_number=self.groups.echo(number),
            acquired=visu.word("VisuAcqDate"),
        )

    def _scale(self, number: int, part: Part) -> Scale:
        slopes = self.groups.pick("VisuCoreDataSlope", self.visu.numbers("VisuCoreDataSlope"), number)
        offsets = self.groups.pick("VisuCoreDataOffs", self.visu.numbers("VisuCoreDataOffs"), number)
        # ParaVision writes both for every frame; without them echoes would be compared on unlike scales
        if not slopes or not offsets or not slopes[0] or not math.isfinite(slopes[0] + offsets[0]):
            raise ImageReadError(
                self.file.shown, f"has no slope or offset for frame {number + 1}; its visu_pars is damaged"
            )
        # ParaVision gives phase in radians
        kind = "radians" if part == "phase" else "rescaled values (ParaVision)"
        return Scale(slopes[0], offsets[0], 1.0, kind)

    def _plane(self, frame: Frame, number: int, index: int) -> Frame:
        """Put one plane of a frame in its place."""
        stored = number * self.slices + index
        frame = replace(frame, number=stored, offset=stored * self.frame_bytes)
        pick, visu = self.groups.pick, self.visu
        directions = pick("VisuCoreOrientation", visu.numbers("VisuCoreOrientation"), number, width=9)
        position = pick("VisuCorePosition", visu.numbers("VisuCorePosition"), number, width=3)
        if len(directions) != 9 or len(position) != 3 or not self.steps:
            return frame
        if not all(abs(value) < FARTHEST_MM for value in (*directions, *position)):
            return frame
        axes = np.reshape(directions, (3, 3))
        if np.abs(axes @ axes.T - np.eye(3)).max() > 1e-2:
            return frame
        place = self.slices - 1 - index if self.reverse else index
        away = place * self.steps[2] * axes[2] if self.slices > 1 else 0.0
        return replace(
            frame,
            position=_vector(np.add(position, away)),
            column_step=_vector(axes[0] * self.steps[0]),
            row_step=_vector(axes[1] * self.steps[1]),
        )


def _vector(values: NDArray[np.float64]) -> Vector:
    return float(values[0]), float(values[1]), float(values[2])


def _facts(file: ImageFile, visu: _Parameters, opener: Opener) -> Facts:
    field_t, source, told = field_strength(
        visu.number("VisuMagneticFieldStrength"),
        visu.number("VisuAcqImagingFrequency") or 0.0,
        visu.word("VisuAcqImagedNucleus") or "1H",
    )
    remarks = list(told)
    if (
        visu.word("VisuCoreDiskSliceOrder") == "disk_reverse_slice_order"
        and len(visu.numbers("VisuCoreSize")) == 2
    ):
        remarks.append(
            "its slices are marked as stored in reverse, which ParaVision defines for volumes only"
        )
    acqp = _above(file, "acqp", opener)
    if acqp is not None and _Parameters(acqp, opener).word("ACQ_completed") == "No":
        remarks.append("the acquisition was stopped before its end")
    method = _above(file, "method", opener)
    return Facts(
        format=NAME,
        study=visu.word("VisuStudyUid"),
        series=visu.word("VisuUid") or str(file.shown),
        frame_of_reference=visu.word("VisuStudyUid"),
        series_number=visu.whole("VisuSeriesNumber") or 0,
        manufacturer="Bruker BioSpin",
        model=visu.word("VisuStation"),
        description=visu.word("VisuAcquisitionProtocol"),
        sequence=_sequence(visu, method, opener),
        acquisition=f"{len(visu.numbers('VisuCoreSize'))}D",
        field_t=field_t,
        field_source=source,
        protocol=(
            visu.word("VisuAcquisitionProtocol"),
            visu.word("VisuAcqSequenceName"),
            visu.number("VisuAcqRepetitionTime"),
            visu.number("VisuAcqFlipAngle"),
        ),
        remarks=tuple(remarks),
        stored_order=True,
        read_with=tuple(beside for beside in (file.sibling("visu_pars"), acqp, method) if beside),
    )


def _sequence(visu: _Parameters, method: ImageFile | None, opener: Opener) -> str:
    """Tell gradient from spin echoes: by what ParaVision 6 states, else by the method's name."""
    stated = visu.word("VisuAcqEchoSequenceType")
    if stated:
        return {"GradientEcho": "GR", "SpinEcho": "SE", "Both": "SE\\GR"}.get(stated, "")
    named = [visu.word("VisuAcqSequenceName").partition(" ")[0]]
    if method is not None:
        named.append(_Parameters(method, opener).word("Method"))
    for name in (name.upper().rpartition(":")[2] for name in named):
        if name in _GRADIENT:
            return "GR"
        if name in _SPIN:
            return "SE"
    return ""


def _above(file: ImageFile, name: str, opener: Opener) -> ImageFile | None:
    """Return the experiment's file of this name, three folders up; None if it is gone."""
    parents = PurePosixPath(file.member).parents if file.member else file.path.parents
    if len(parents) < 3:
        return None
    place = parents[2] / name
    found = ImageFile(file.path, str(place)) if file.member else ImageFile(Path(place))
    return found if opener.exists(found) else None
