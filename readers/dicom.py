"""DICOM files to frames: classic single-frame, Enhanced and legacy converted multi-frame (PS3.3 A.4, A.36).

Everything is read from the instance or frame itself. Echo numbers, instance numbers and the order of files
serve nothing but messages: vendors repeat or leave them out.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any

import numpy as np

from core.errors import ImageReadError
from readers import dicomdir
from readers import elements as dcm
from readers.dicom_facts import shared_facts, writes_seconds
from readers.dicom_values import Values
from readers.elements import DicomError, Elements, Header, NeedMoreError, numbers, text
from readers.files import ImageFile, Opener, inflated, most_inflated
from readers.model import (
    FARTHEST_MM,
    MAX_FRAMES,
    SHORTEST_TE_MS,
    Facts,
    Frame,
    Layout,
    Part,
    Vector,
    printable,
)
from readers.scaling import dicom_scale
from readers.stretches import Stretches

# directions in one file: localisers have three, radial scans some dozens
_MAX_GRIDS = 500
_PHILIPS_SCALE_CREATOR = "Philips MR Imaging DD 001"

_COMPONENTS: dict[str, Part] = {
    "MAGNITUDE": "magnitude",
    "PHASE": "phase",
    "REAL": "real",
    "IMAGINARY": "imaginary",
}
_IMAGE_TYPES: dict[str, Part] = {
    **_COMPONENTS,
    **dict.fromkeys(("M", "M_FFE", "M_SE", "M_IR"), "magnitude"),
    **dict.fromkeys(("P", "PHASE MAP", "PHASE_MAP", "P_FFE"), "phase"),
    **dict.fromkeys(("R", "R_FFE"), "real"),
    **dict.fromkeys(("I", "I_FFE"), "imaginary"),
}
_DERIVED = frozenset(("ADC", "FA", "TRACEW", "B0", "MIP", "MNIP", "MPR"))
# with DERIVED a map of T2*; with ORIGINAL the enhanced header's word for a T2*-weighted picture
_WEIGHTING_OR_MAP = frozenset(("T2_STAR", "R2_STAR"))
_STACK_ID, _EFFECTIVE_ECHO_TIME = 0x00209056, 0x00189082
# dimensions whose values the frames state themselves: part, position in the stack or in mm, repetition, ...
_SAID_OTHERWISE = frozenset(
    (
        *(_STACK_ID, _EFFECTIVE_ECHO_TIME, 0x00089007, 0x00089208, 0x00180081, 0x00189087, 0x00200032),
        *(0x00200100, 0x00209057, 0x00209128),
    )
)
# so many further dimensions may tell acquisitions apart
_OTHER_DIMENSIONS = 3
_NO_INDEX: list[float | None] = [None] * _OTHER_DIMENSIONS
# GE's field maps: Hz and magnitudes in one series, and nothing that tells which is which
_GE_FIELD_MAPS = frozenset(("B0MAP", "B0RF", "3DB0MAP"))
_GE_RAW_TYPES: tuple[Part, ...] = ("magnitude", "phase", "real", "imaginary")

_STRETCHES = Stretches()


def recognises(_file: ImageFile, head: bytes) -> bool:
    """Tell whether the first bytes may begin a DICOM file."""
    return dcm.looks_like_dicom(head)


def scan(file: ImageFile, opener: Opener) -> list[Frame]:
    """Describe every frame of a DICOM file without reading its pixels.

    Raises
    ------
    ImageReadError
        If the file holds no picture that serves, is damaged or cut short; the reason says which.
    """
    try:
        header, data, size = open_header(file, opener)
    except DicomError as error:
        raise ImageReadError(file.shown, str(error)) from error
    values = Values([header.elements], big_endian=header.big_endian)
    alike = _said_before(_sayings(header))
    if alike and (frame := _another(alike[0], file, header, values)) is not None:
        _check_length(file, header, frame.layout, 1, data, size)
        _check_end(file, header, data, size, opener)
        return [frame]
    is_contents = header.sop_class == dicomdir.SOP_CLASS
    reason = dicomdir.contents(file, header, opener) if is_contents else _refusal(header)
    if reason:
        raise ImageReadError(file.shown, reason)
    count = int(values.number(0x00280008) or 1)
    if not 1 <= count <= MAX_FRAMES:
        raise ImageReadError(file.shown, f"claims {count} frames; FerroRead reads up to {MAX_FRAMES}")
    layout = _layout(file, header, values)
    _check_length(file, header, layout, count, data, size)
    _check_end(file, header, data, size, opener)
    groups = _functional_groups(file, header, count)
    dimensions = _dimensions(header)
    frame_bytes = layout.rows * layout.columns * int(layout.dtype[-1])
    frames = []
    facts: Facts | None = None
    for number, layers in enumerate(groups):
        of_frame = Values(layers, big_endian=header.big_endian)
        # one Facts for the whole file: what differs between frames stands in the frames
        facts = facts or shared_facts(of_frame)
        offset = header.pixel_offset + number * frame_bytes
        frame = _frame(file, offset, number, layout, facts, of_frame)
        frames.append(_indexed(frame, of_frame, dimensions) if dimensions else frame)
    if len({(frame.column_step, frame.row_step) for frame in frames}) > _MAX_GRIDS:
        raise ImageReadError(
            file.shown, f"turns its frames in more than {_MAX_GRIDS} directions; no scan does"
        )
    if count > 1 and len(header.elements.get(dcm.PER_FRAME_GROUPS, dcm.NOTHING).items) == 0:
        frames = _stepped(frames, values.numbers(dcm.GRID_FRAME_OFFSETS))
    if (
        count == 1
        and frames[0].position is not None
        and not any(found.items for found in header.elements.values())
    ):
        alike.append(frames[0])
    return frames


def _stepped(frames: list[Frame], offsets_mm: list[float]) -> list[Frame]:
    """Place frames whose file has one position, the first frame's, by their distances from it.

    Dose grids state them (PS3.3 C.8.8.3.2); where they do not begin with 0 they are meant otherwise. Without
    them nothing is known of the other frames, so none is placed.
    """
    first, position = frames[0], frames[0].position
    usable = len(offsets_mm) == len(frames) and offsets_mm[0] == 0
    usable = usable and all(abs(offset) < FARTHEST_MM for offset in offsets_mm)
    if position is None or not usable:
        return [replace(frame, position=None) for frame in frames]
    normal = np.cross(first.column_step, first.row_step)
    normal /= np.linalg.norm(normal)
    x, y, z = (
        float(start) + np.asarray(offsets_mm) * step for start, step in zip(position, normal, strict=True)
    )
    return [
        replace(frame, position=(float(x[k]), float(y[k]), float(z[k]))) for k, frame in enumerate(frames)
    ]


# what differs from picture to picture of a series
_OF_ONE_PICTURE = frozenset(
    (
        *(0x00080018, 0x0008002A, 0x00080032, 0x00180081, 0x00180086, 0x00181060),
        *(0x00200012, 0x00200013, 0x00200032, 0x00200100),
    )
)


def _sayings(header: Header) -> tuple[object, ...]:
    """Return what a header says but for what differs from picture to picture and what sequences hold."""
    said = [
        (tag, found.vr, found.value, len(found.items))
        for tag, found in header.elements.items()
        if tag not in _OF_ONE_PICTURE
    ]
    return header.syntax, header.sop_class, header.big_endian, header.pixel_tag, *said


@lru_cache(maxsize=64)
def _said_before(_sayings: tuple[object, ...]) -> list[Frame]:
    """Return the frame of a file that said the same, once it is there: new for every saying, then kept."""
    return []


def _another(like: Frame, file: ImageFile, header: Header, values: Values) -> Frame | None:
    """Describe a picture whose header says the same as another's; None where it has no position."""
    position = values.numbers(0x00200032)
    if len(position) != 3 or not all(abs(value) < FARTHEST_MM for value in position):
        return None
    return replace(
        like,
        file=file,
        offset=header.pixel_offset,
        position=(position[0], position[1], position[2]),
        **_of_one_picture(values, like.facts),
    )


def open_header(file: ImageFile, opener: Opener) -> tuple[Header, bytes, int]:
    """Read a file's header from its beginning, or from all of it where that is needed.

    Returns
    -------
    Header
        The wanted elements.
    bytes
        The beginning of what the offsets count in, or all of it.
    int
        How many bytes the offsets may reach.
    """
    inflate = partial(inflated, file, wbits=-15)
    for beginning in (opener.head, opener.longer_head):
        head, size = beginning(file)
        if size is None:
            break
        try:
            header, data = _STRETCHES.read_header(head, whole=len(head) >= size, inflate=inflate)
        except NeedMoreError:
            continue
        # fragments have to be walked to the end to know that none is missing
        if header.pixel_length != dcm.UNDEFINED and header.syntax != dcm.DEFLATED:
            return header, data, size
        break
    header, data = dcm.read_header(opener.read(file), whole=True, inflate=inflate)
    return header, data, len(data)


def data_set(file: ImageFile, opener: Opener) -> bytes:
    """Return what the offsets of a file's frames count in: its bytes, inflated if it is deflated."""
    try:
        return dcm.read_header(opener.read(file), whole=True, inflate=partial(inflated, file, wbits=-15))[1]
    except DicomError as error:
        raise ImageReadError(file.shown, str(error)) from error


def _refusal(header: Header) -> str:
    """Return why a file is no picture that serves, or ""."""
    values = Values([header.elements], big_endian=header.big_endian)
    modality = printable(values.text(0x00080060)) or "unknown"
    if not header.pixel_tag:
        return f"holds no picture (DICOM of modality {modality})"
    kinds = {kind.upper() for kind in values.texts(0x00080008)}
    if "MOSAIC" in kinds:
        return "is a Siemens mosaic, all slices in one picture; export single slices or enhanced DICOM"
    if "VFRAME" in kinds:
        return "is a United Imaging VFRAME mosaic, all slices in one picture; export single slices"
    if (values.whole(0x00280002) or 1) != 1 or values.text(0x00280004).startswith(("RGB", "YBR", "PALETTE")):
        return "is a colour picture (screenshot or overlay), not signal"
    if values.whole(0x00280100) == 1:
        return "is a mask of single bits, not signal"
    return ""


def _layout(file: ImageFile, header: Header, values: Values) -> Layout:
    rows, columns = values.whole(0x00280010) or 0, values.whole(0x00280011) or 0
    if rows < 1 or columns < 1:
        raise ImageReadError(file.shown, "does not say how many rows and columns it has; it is damaged")
    if header.pixel_tag == dcm.FLOAT_PIXEL_DATA:
        allocated, code = 32, "f4"
    elif header.pixel_tag == dcm.DOUBLE_PIXEL_DATA:
        allocated, code = 64, "f8"
    else:
        allocated = values.whole(0x00280100) or 0
        code = f"{'i' if values.whole(0x00280103) == 1 else 'u'}{allocated // 8}"
    stored = values.whole(0x00280101) or allocated
    if allocated not in (8, 16, 32, 64) or not 1 <= stored <= allocated:
        raise ImageReadError(
            file.shown, f"stores {stored} of {allocated} bits per value, which DICOM does not know"
        )
    order = ">" if header.big_endian else "<"
    native = header.syntax in dcm.NATIVE
    # bytes swapped in pairs, and bits that do not begin at the lowest go to pydicom
    plain = allocated >= 16 or (allocated == 8 and not header.big_endian)
    aligned = code[0] == "f" or (values.whole(0x00280102) or stored - 1) == stored - 1
    if header.syntax == dcm.DEFLATED and plain and aligned:
        codec = dcm.DEFLATED
    else:
        codec = "" if native and plain and aligned else header.syntax
    return Layout(rows, columns, order + code, stored if code[0] != "f" else allocated, codec)


def _check_length(
    file: ImageFile, header: Header, layout: Layout, count: int, data: bytes, size: int
) -> None:
    """Refuse a file whose pixels are not all there, or that claims to unpack to more than can be."""
    needed = count * layout.rows * layout.columns * int(layout.dtype[-1])
    if header.pixel_length == dcm.UNDEFINED:
        if header.syntax in dcm.NATIVE:
            raise ImageReadError(file.shown, "has compressed fragments but says that it is not compressed")
        if not dcm.fragments_end(data, header.pixel_offset):
            raise ImageReadError(file.shown, "is cut short: compressed pixels are missing; copy it again")
        if needed > most_inflated(size):
            raise ImageReadError(file.shown, f"claims {needed >> 20} MiB of pixels in {size} bytes: a bomb")
        return
    if header.syntax not in dcm.NATIVE:
        raise ImageReadError(file.shown, "says that it is compressed but has no fragments; it is damaged")
    stated = max(needed, header.pixel_length)
    present = min(header.pixel_length, size - header.pixel_offset)
    if present < stated:
        raise ImageReadError(
            file.shown, f"is cut short: {present} of {stated} bytes of pixels; copy it again"
        )


def _check_end(file: ImageFile, header: Header, data: bytes, size: int, opener: Opener) -> None:
    """Refuse a file that is cut short behind its pixels: nobody knows what else it lost."""
    if header.pixel_length == dcm.UNDEFINED:
        end = dcm.fragments_end(data, header.pixel_offset)
    else:
        end = header.pixel_offset + header.pixel_length
    if end == size:
        return
    data = data if len(data) == size else opener.read(file)
    if not dcm.rest_is_whole(data, end, big_endian=header.big_endian):
        raise ImageReadError(file.shown, "is cut short or damaged behind its pixels; copy it again")


def _functional_groups(file: ImageFile, header: Header, count: int) -> list[list[Elements]]:
    """Return for each frame its elements, the shared ones and the file's (PS3.3 C.7.6.16)."""
    root = header.elements
    shared = [_flat(item) for item in root.get(dcm.SHARED_GROUPS, dcm.NOTHING).items[:1]]
    frames = root.get(dcm.PER_FRAME_GROUPS, dcm.NOTHING).items
    if not frames:
        return [[*shared, root]] * count
    if len(frames) != count:
        raise ImageReadError(
            file.shown, f"has {count} frames but describes {len(frames)}; it is damaged, export it again"
        )
    return [[_flat(item), *shared, root] for item in frames]


def _flat(item: Elements) -> Elements:
    """Merge the functional groups of one frame; only Philips' scale slope is taken from private groups."""
    merged: Elements = {}
    for tag, group in item.items():
        if group.vr != b"SQ" or not group.items:
            continue
        if tag >> 16 == 0x2005:
            merged.update({k: v for k, v in group.items[0].items() if k >> 16 == 0x2005})
        else:
            merged.update(group.items[0])
    return merged


def _frame(file: ImageFile, offset: int, number: int, layout: Layout, facts: Facts, values: Values) -> Frame:
    part = _part(values, facts)
    position, column_step, row_step = _place(values)
    between, thickness = values.number(0x00180088), values.number(0x00180050)
    return Frame(
        file=file,
        offset=offset,
        number=number,
        layout=layout,
        facts=facts,
        part=part,
        position=position,
        column_step=column_step,
        row_step=row_step,
        between_mm=between if between and 0 < between < FARTHEST_MM else None,
        thickness_mm=thickness if thickness and 0 < thickness < FARTHEST_MM else None,
        scale=dicom_scale(
            part,
            facts.manufacturer,
            layout,
            slope=values.number(0x00281053),
            intercept=values.number(0x00281052),
            rescale_type=values.text(0x00281054),
            philips_scale=_philips_scale(values),
        ),
        stack=values.text(0x00209056),
        **_of_one_picture(values, facts),
    )


def _dimensions(header: Header) -> list[int]:
    """Return what the index values of frames count: tags, in order (PS3.3 C.7.6.17)."""
    items = header.elements.get(dcm.DIMENSIONS, dcm.NOTHING).items
    pointers = [dcm.tags(item.get(dcm.DIMENSION_POINTER), big_endian=header.big_endian) for item in items]
    return [tag[0] if tag else 0 for tag in pointers]


def _indexed(frame: Frame, values: Values, dimensions: list[int]) -> Frame:
    """Take from a frame's dimension indices what nothing else says: stack, echo, repetition."""
    indices = values.numbers(dcm.DIMENSION_VALUES)
    if len(indices) != len(dimensions):
        return frame
    at = dict(zip(dimensions, indices, strict=True))
    unknown = [index for tag, index in at.items() if tag not in _SAID_OTHERWISE]
    stack, echo = at.get(_STACK_ID), at.get(_EFFECTIVE_ECHO_TIME)
    return replace(
        frame,
        stack=frame.stack or ("" if stack is None else f"{stack:g}"),
        echo_number=int(echo) if frame.echo_number is None and echo is not None else frame.echo_number,
        splits=(*frame.splits[:-_OTHER_DIMENSIONS], *(unknown + _NO_INDEX)[:_OTHER_DIMENSIONS]),
    )


def _of_one_picture(values: Values, facts: Facts) -> dict[str, Any]:
    """Return what differs from picture to picture of a series; its elements stand in _OF_ONE_PICTURE."""
    return {
        "te_ms": _echo_time(values, facts),
        "uid": values.text(0x00080018),
        "splits": (
            values.number(0x00209128) or values.number(0x00200100),  # repetition
            values.number(0x00200012),  # acquisition
            values.number(0x00180082),  # inversion time
            values.number(0x00189087),  # b-value
            values.number(0x00181314),  # flip angle
            values.number(0x00181060),  # trigger time
        ),
        "echo_number": values.whole(0x00180086),
        "instance": values.whole(0x00200013),
        "acquired": values.text(0x0008002A) or values.text(0x00080032),
    }


def _echo_time(values: Values, facts: Facts) -> float | None:
    """Return the echo time in ms: Effective Echo Time (0018,9082) before Echo Time (0018,0081)."""
    te = values.number(0x00189082)
    if te is None:
        te = values.number(0x00180081)
    if te is not None and writes_seconds(facts.manufacturer) and te < SHORTEST_TE_MS:
        te *= 1e3
    # floats of the enhanced header: 194.39999999999998 is 194.4
    return None if te is None else round(te, 6)


def _part(values: Values, facts: Facts) -> Part:
    """Tell what a frame shows, from its own type before the file's (PS3.3 C.8.13.3.1)."""
    kinds = [kind.upper() for kind in (values.texts(0x00089007) or values.texts(0x00080008))]
    derived = _DERIVED | _WEIGHTING_OR_MAP if "DERIVED" in kinds else _DERIVED
    if values.text(0x00281054).upper() == "HZ" or any(
        kind in derived or ("MAP" in kind and kind not in _IMAGE_TYPES) for kind in kinds
    ):
        return "other"
    if facts.manufacturer.upper().startswith("GE"):
        names = (text(values.private(0x0019, low, "GEMS_ACQU_01")) for low in (0x9C, 0x9E))
        if any(name.upper() in _GE_FIELD_MAPS for name in names):
            return "other"
        raw = numbers(values.private(0x0043, 0x2F, "GEMS_PARM_01"), big_endian=values.big_endian)
        if raw and raw[0] in (0, 1, 2, 3):
            return _GE_RAW_TYPES[int(raw[0])]
    component = _COMPONENTS.get(values.text(0x00089208).upper())
    if component:
        return component
    return next((_IMAGE_TYPES[kind] for kind in kinds[2:] or kinds if kind in _IMAGE_TYPES), "magnitude")


def _philips_scale(values: Values) -> float | None:
    scale = values.private(0x2005, 0x0E, _PHILIPS_SCALE_CREATOR)
    found = numbers(scale, big_endian=values.big_endian)
    return found[0] if found and math.isfinite(found[0]) and found[0] > 0 else None


def _place(values: Values) -> tuple[Vector | None, Vector, Vector]:
    """Return position and steps along columns and rows in LPS mm (PS3.3 C.7.6.2.1.1)."""
    position = values.numbers(0x00200032)
    cosines = values.numbers(0x00200037)
    spacing = values.numbers(0x00280030)
    known = len(spacing) == 2 and all(0 < size < FARTHEST_MM for size in spacing)
    down, across = (spacing[0], spacing[1]) if known else (1.0, 1.0)
    usable = len(position) == 3 and len(cosines) == 6
    usable = usable and all(abs(value) < FARTHEST_MM for value in position + cosines)
    if usable:
        row, column = cosines[:3], cosines[3:]
        squares = (_dot(row, column), _dot(row, row) - 1, _dot(column, column) - 1)
        usable = max(map(abs, squares)) < 1e-2
    if not usable or not known:
        return None, (across, 0.0, 0.0), (0.0, down, 0.0)
    # directions that were rounded to few digits are not quite of length 1
    across, down = across / math.sqrt(_dot(row, row)), down / math.sqrt(_dot(column, column))
    return (
        (position[0], position[1], position[2]),
        (row[0] * across, row[1] * across, row[2] * across),
        (column[0] * down, column[1] * down, column[2] * down),
    )


def _dot(first: list[float], second: list[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))
