"""NIfTI files, single or in pairs, with the JSON sidecars of BIDS and dcm2niix, to frames.

One 4D file with a list of echo times, or one file per echo and part: `EchoTime` in seconds in the sidecar
(https://bids-specification.readthedocs.io, MRI). Without it there is no echo time; nothing is guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError
from readers.field import field_strength
from readers.files import ImageFile, Opener
from readers.model import MAX_FRAMES, Facts, Frame, Layout, Part, Scale, Vector, printable
from readers.nifti_header import NiftiError, NiftiHeader, is_nifti, read_nifti_header
from readers.sidecars import Sidecar, applying, read_sidecar, stem

NAME = "NIfTI"

IDENTITY_BYTES = 1 << 16
# longer than any gradient echo: such a number is in ms, against the standard
LONGEST_TE_S = 0.5

_PARTS: dict[str, Part] = {
    **dict.fromkeys(("mag", "magnitude", "m"), "magnitude"),
    **dict.fromkeys(("phase", "ph", "p"), "phase"),
    **dict.fromkeys(("real", "r"), "real"),
    **dict.fromkeys(("imag", "imaginary", "i"), "imaginary"),
}
# what tells files of one acquisition apart: BIDS entities, and the endings of dcm2niix
_ECHO_OR_PART = re.compile(
    r"_echo-\d+|_part-(?P<entity>mag|phase|real|imag)|_e\d+(?=_|$)|_(?P<ending>ph|real|imaginary)(?=_|$)"
)
# the whole of the name, or a word of it, where neither of them is there
_PART_WORD = re.compile(r"(?:^|[_\-. ])(?P<word>mag|magnitude|phase|real|imag|imaginary)(?:$|[_\-. ])", re.I)


def recognises(file: ImageFile, head: bytes) -> bool:
    """Tell whether the first bytes are a NIfTI header, or that of its forerunner."""
    return is_nifti(head) or _is_analyze(file, head)


def _is_analyze(file: ImageFile, head: bytes) -> bool:
    return file.name.lower().endswith((".hdr", ".hdr.gz")) and head[:4] in (b"\x5c\1\0\0", b"\0\0\1\x5c")


def companions(files: Sequence[ImageFile]) -> set[ImageFile]:
    """Return the JSON sidecars among files: those that have a picture beside or below them."""
    sidecars = {file for file in files if file.name.endswith(".json")}
    if not sidecars:
        return set()
    pictures = (file for file in files if file.name.endswith((".nii", ".nii.gz", ".hdr", ".hdr.gz")))
    return applying(sidecars, pictures)


def scan(file: ImageFile, opener: Opener) -> list[Frame]:
    """Describe every slice of every volume of a NIfTI file without reading its values.

    Raises
    ------
    ImageReadError
        If the file is damaged, cut short or holds what is no volume of single values.
    """
    head, size = opener.longer_head(file)
    if not is_nifti(head):
        raise ImageReadError(
            file.shown, "is an Analyze header, which tells not left from right; convert it to NIfTI"
        )
    try:
        header = read_nifti_header(head)
    except NiftiError as error:
        raise ImageReadError(file.shown, str(error)) from error
    columns, rows, slices, volumes = header.shape
    if slices * volumes > MAX_FRAMES:
        raise ImageReadError(
            file.shown, f"claims {slices * volumes} slices; FerroRead reads up to {MAX_FRAMES} per file"
        )
    itemsize = int(header.dtype[-1])
    layout = Layout(rows, columns, header.dtype, 8 * itemsize)
    frame_bytes = columns * rows * itemsize
    values_in, size = (_values_of_pair(file, opener) if header.pair else file), None if header.pair else size
    if size is None:
        # what is packed is known to be whole only after unpacking
        size = opener.head(values_in)[1] or len(opener.read(values_in))
    present, needed = size - header.offset, frame_bytes * slices * volumes
    if present < needed:
        told = f"is cut short: {max(present, 0)} of {needed} bytes; copy it again"
        raise ImageReadError(values_in.shown, told)
    said = read_sidecar(file, opener)
    sidecar, remarks = said.values, [*said.remarks, *header.remarks]
    affine = header.affine
    part = _part(file, sidecar, remarks)
    te_ms, advice = _echo_times(file, sidecar, volumes)
    scale = _scale(header, part, sidecar, remarks)
    facts = _facts(file, said, remarks, advice)
    # the header and the first values: stable wherever the file lies
    uid = hashlib.sha256(head[:IDENTITY_BYTES]).hexdigest()
    several = volumes > 1 and not te_ms
    return [
        Frame(
            file=values_in,
            offset=header.offset + frame_bytes * (volume * slices + index),
            number=volume * slices + index,
            layout=layout,
            facts=facts,
            part=part,
            te_ms=te_ms[volume] if te_ms else None,
            position=_vector(affine[:3] @ (0, 0, index, 1)),
            column_step=_vector(affine[:3, 0]),
            row_step=_vector(affine[:3, 1]),
            between_mm=float(np.linalg.norm(affine[:3, 2])),
            thickness_mm=None,
            scale=scale,
            uid=uid,
            # volumes of one echo time are repetitions; volumes without any are echoes of unknown time
            splits=(None if several else volume,),
            echo_number=volume + 1 if several else None,
        )
        for volume in range(volumes)
        for index in range(slices)
    ]


def _values_of_pair(header: ImageFile, opener: Opener) -> ImageFile:
    """Return the file with the values of a pair's header."""
    for ending in (".img", ".img.gz", ".IMG"):
        values = header.sibling(f"{stem(header)}{ending}")
        if opener.exists(values):
            return values
    raise ImageReadError(
        header.shown, f"is half of a NIfTI pair; its values, {stem(header)}.img, are missing"
    )


def _part(file: ImageFile, sidecar: dict[str, Any], remarks: list[str]) -> Part:
    """Tell what the values are: by the sidecar, then by the name."""
    kinds = sidecar.get("ImageType")
    # dcm2niix repeats the part, in full, where the DICOM's third value is another word
    for kind in reversed(kinds) if isinstance(kinds, list) else ():
        part = _PARTS.get(str(kind).lower())
        if part:
            return part
    name = stem(file)
    for match in _ECHO_OR_PART.finditer(name):
        word = match["entity"] or match["ending"]
        if word:
            return _PARTS[word]
    found = _PART_WORD.search(name)
    if found:
        part = _PARTS[found["word"].lower()]
        remarks.append(f"taken as {part} by its name")
        return part
    remarks.append("nothing says which part it is; taken as magnitude")
    return "magnitude"


def _echo_times(file: ImageFile, sidecar: dict[str, Any], volumes: int) -> tuple[list[float], str]:
    """Return the echo time of each volume in ms; or none of them, and what to do."""
    given = sidecar.get("EchoTime", sidecar.get("EchoTimes"))
    values = given if isinstance(given, list) else [given]
    name = f"{stem(file)}.json"
    if given is None:
        what = "no echo time" if volumes == 1 else f"{volumes} volumes without echo times"
        return [], f"{what}; list them, in seconds, as EchoTime in {name}"
    numbers = [number for number in map(_finite, values) if number is not None]
    if not numbers or len(numbers) < len(values):
        return [], f"EchoTime in {name} is not a number or a list of numbers"
    if max(numbers) >= LONGEST_TE_S:
        return [], f"EchoTime in {name} has to be in seconds; {max(numbers):g} looks like milliseconds"
    if len(numbers) not in (1, volumes):
        return [], f"EchoTime in {name} lists {len(numbers)} times for {volumes} volumes"
    # seconds have no exact binary fraction; ms to a nanosecond do not show it
    times = [round(1e3 * number, 6) for number in numbers]
    return times * volumes if len(times) == 1 else times, ""


def _scale(header: NiftiHeader, part: Part, sidecar: dict[str, Any], remarks: list[str]) -> Scale:
    slope, intercept = header.slope, header.intercept
    if part != "phase":
        plain = slope == 1 and intercept == 0
        return Scale(slope, intercept, 1.0, "stored values" if plain else "rescaled values (scl_slope)")
    if str(sidecar.get("Units", "")).lower() in ("rad", "radian", "radians"):
        return Scale(slope, intercept, 1.0, "radians")
    remarks.append("the unit of the phase is not stated; it is taken from the range of its values")
    return Scale(slope, intercept, None, "phase of unknown unit")


def _facts(file: ImageFile, said: Sidecar, remarks: list[str], advice: str) -> Facts:
    sidecar = said.values
    field_t, source, told = field_strength(
        _number(sidecar, "MagneticFieldStrength"),
        _number(sidecar, "ImagingFrequency") or 0.0,
        _word(sidecar, "ImagedNucleus") or "1H",
    )
    return Facts(
        format=NAME,
        study=str(file.shown.parent),
        series=_ECHO_OR_PART.sub("", stem(file)),
        manufacturer=_word(sidecar, "Manufacturer"),
        model=_word(sidecar, "ManufacturersModelName"),
        description=_word(sidecar, "SeriesDescription"),
        sequence=_word(sidecar, "ScanningSequence").replace("_", "\\"),
        acquisition=_word(sidecar, "MRAcquisitionType"),
        field_t=field_t,
        field_source=source,
        protocol=(
            _word(sidecar, "ProtocolName"),
            _word(sidecar, "SequenceName"),
            _number(sidecar, "RepetitionTime"),
            _number(sidecar, "FlipAngle"),
        ),
        remarks=(*remarks, *told),
        stored_order=True,
        te_advice=advice,
        read_with=(file, *said.files),
    )


def _number(sidecar: dict[str, Any], key: str) -> float | None:
    return _finite(sidecar.get(key))


def _finite(value: object) -> float | None:
    """Return a JSON number that a float can hold, else None."""
    # JSON's whole numbers have no limit, a float's range has
    if not isinstance(value, (int, float)) or not abs(value) < 1e300:
        return None
    return float(value)


def _word(sidecar: dict[str, Any], key: str) -> str:
    value = sidecar.get(key)
    return printable(value.strip()[:64]) if isinstance(value, str) else ""


def _vector(values: NDArray[np.float64]) -> Vector:
    return float(values[0]), float(values[1]), float(values[2])
