"""The few data elements of a DICOM file that FerroRead needs, read without trusting a single length.

pydicom decodes whatever is compressed; its headers are complete, and thirty times slower. This parser walks
over the bytes once, keeps the wanted elements, skips the rest by their lengths, and never allocates
what a file merely claims. PS3.5 section 7 (data set), 7.5 (sequences) and annex A (transfer syntaxes).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

IMPLICIT = "1.2.840.10008.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
DEFLATED = "1.2.840.10008.1.2.1.99"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
NATIVE = (IMPLICIT, EXPLICIT, DEFLATED, BIG_ENDIAN)

UNDEFINED = 0xFFFFFFFF
MAX_DEPTH = 64
MAX_ELEMENTS = 2_000_000
# every wanted value is a number, a code or a name
MAX_VALUE_BYTES = 1 << 16

PIXEL_DATA = 0x7FE00010
FLOAT_PIXEL_DATA = 0x7FE00008
DOUBLE_PIXEL_DATA = 0x7FE00009
DIRECTORY_RECORDS = 0x00041220
REFERENCED_FILE = 0x00041500
DIMENSION_VALUES = 0x00209157
DIMENSION_POINTER = 0x00209165
DIMENSIONS = 0x00209222
GRID_FRAME_OFFSETS = 0x3004000C
SHARED_GROUPS = 0x52009229
PER_FRAME_GROUPS = 0x52009230

_ITEM, _ITEM_END, _SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD

# tag -> value representation, which implicit files do not state (PS3.6)
WANTED: dict[int, bytes] = {
    DIRECTORY_RECORDS: b"SQ",
    REFERENCED_FILE: b"CS",
    0x00080005: b"CS",  # Specific Character Set
    0x00080008: b"CS",  # Image Type
    0x00080016: b"UI",  # SOP Class UID
    0x00080018: b"UI",  # SOP Instance UID
    0x0008002A: b"DT",  # Acquisition DateTime
    0x00080032: b"TM",  # Acquisition Time
    0x00080060: b"CS",  # Modality
    0x00080070: b"LO",  # Manufacturer
    0x0008103E: b"LO",  # Series Description
    0x00081090: b"LO",  # Manufacturer's Model Name
    0x00089007: b"CS",  # Frame Type
    0x00089208: b"CS",  # Complex Image Component
    0x00100020: b"LO",  # Patient ID
    0x00180020: b"CS",  # Scanning Sequence
    0x00180023: b"CS",  # MR Acquisition Type
    0x00180024: b"SH",  # Sequence Name
    0x00180050: b"DS",  # Slice Thickness
    0x00180080: b"DS",  # Repetition Time
    0x00180081: b"DS",  # Echo Time
    0x00180082: b"DS",  # Inversion Time
    0x00180084: b"DS",  # Imaging Frequency
    0x00180085: b"SH",  # Imaged Nucleus
    0x00180086: b"IS",  # Echo Number(s)
    0x00180087: b"DS",  # Magnetic Field Strength
    0x00180088: b"DS",  # Spacing Between Slices
    0x00181030: b"LO",  # Protocol Name
    0x00181060: b"DS",  # Trigger Time
    0x00181314: b"DS",  # Flip Angle
    0x00189008: b"CS",  # Echo Pulse Sequence
    0x00189082: b"FD",  # Effective Echo Time
    0x00189087: b"FD",  # Diffusion b-value
    0x00189098: b"FD",  # Transmitter Frequency
    0x00189100: b"CS",  # Resonant Nucleus
    0x00189006: b"SQ",  # MR Imaging Modifier
    0x00189112: b"SQ",  # MR Timing and Related Parameters
    0x00189114: b"SQ",  # MR Echo
    0x00189115: b"SQ",  # MR Modifier
    0x00189117: b"SQ",  # MR Diffusion
    0x00189226: b"SQ",  # MR Image Frame Type
    0x0020000D: b"UI",  # Study Instance UID
    0x0020000E: b"UI",  # Series Instance UID
    0x00200011: b"IS",  # Series Number
    0x00200012: b"IS",  # Acquisition Number
    0x00200013: b"IS",  # Instance Number
    0x00200032: b"DS",  # Image Position (Patient)
    0x00200037: b"DS",  # Image Orientation (Patient)
    0x00200052: b"UI",  # Frame of Reference UID
    0x00200100: b"IS",  # Temporal Position Identifier
    0x00209056: b"SH",  # Stack ID
    0x00209111: b"SQ",  # Frame Content
    0x00209113: b"SQ",  # Plane Position
    0x00209116: b"SQ",  # Plane Orientation
    0x00209128: b"UL",  # Temporal Position Index
    DIMENSION_VALUES: b"UL",
    DIMENSION_POINTER: b"AT",
    DIMENSIONS: b"SQ",
    0x00209170: b"SQ",  # Unassigned Shared Converted Attributes
    0x00209171: b"SQ",  # Unassigned Per-Frame Converted Attributes
    0x00280002: b"US",  # Samples per Pixel
    0x00280004: b"CS",  # Photometric Interpretation
    0x00280008: b"IS",  # Number of Frames
    0x00280010: b"US",  # Rows
    0x00280011: b"US",  # Columns
    0x00280030: b"DS",  # Pixel Spacing
    0x00280100: b"US",  # Bits Allocated
    0x00280101: b"US",  # Bits Stored
    0x00280102: b"US",  # High Bit
    0x00280103: b"US",  # Pixel Representation
    0x00281052: b"DS",  # Rescale Intercept
    0x00281053: b"DS",  # Rescale Slope
    0x00281054: b"LO",  # Rescale Type
    0x00289110: b"SQ",  # Pixel Measures
    0x00289145: b"SQ",  # Pixel Value Transformation
    GRID_FRAME_OFFSETS: b"DS",
    SHARED_GROUPS: b"SQ",
    PER_FRAME_GROUPS: b"SQ",
}
# private groups: creators, and the elements of a block whose low byte is listed
_PRIVATE: dict[int, dict[int, bytes]] = {
    0x2005: {0x0E: b"FL", 0x0F: b"SQ"},  # Philips scale slope; its sequence of classic attributes per frame
    0x0019: {0x9C: b"LO", 0x9E: b"LO"},  # GE pulse sequence name, internal pulse sequence name
    0x0043: {0x2F: b"SS"},  # GE raw data type: 0 magnitude, 1 phase, 2 real, 3 imaginary
}

_LONG = frozenset((b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR", b"UT", b"UV"))
_SHORT = frozenset(
    (
        *(b"AE", b"AS", b"AT", b"CS", b"DA", b"DS", b"DT", b"FD", b"FL", b"IS", b"LO", b"LT"),
        *(b"PN", b"SH", b"SL", b"SS", b"ST", b"TM", b"UI", b"UL", b"US"),
    )
)
_PIXELS = (PIXEL_DATA, FLOAT_PIXEL_DATA, DOUBLE_PIXEL_DATA)
_SEQUENCES = (b"SQ", b"", b"UN")
_BINARY = {b"US": "H", b"SS": "h", b"UL": "I", b"SL": "i", b"FL": "f", b"FD": "d"}


_TOO_MANY = f"holds more than {MAX_ELEMENTS} elements; no scanner writes that"
_CUT_SHORT = "is cut short: its header ends too early; copy it again"


class DicomError(Exception):
    """The bytes are not a DICOM data set, or a damaged one; the message is for the person."""


class NeedMoreError(Exception):
    """The header goes on beyond the bytes that were given."""


@dataclass(slots=True)
class Element:
    """One data element: its value representation and its bytes, or the items of a sequence."""

    vr: bytes
    value: bytes
    items: Sequence[Elements] = ()

    def key(self) -> tuple[bytes, bytes]:
        """Return what makes two elements say the same."""
        return self.vr, self.value


Elements: TypeAlias = dict[int, Element]
# a sequence that is not there
NOTHING = Element(b"SQ", b"")


@dataclass(slots=True)
class Header:
    """A file's wanted elements, and where its pixel data are.

    Parameters
    ----------
    elements : dict
        Tag to element, the File Meta Information not included.
    syntax : str
        Transfer syntax UID, as stated or found.
    sop_class : str
        Media Storage SOP Class UID.
    big_endian : bool
        Byte order of binary values.
    pixel_tag : int
        Tag of the pixel data, 0 if there are none.
    pixel_offset, pixel_length : int
        Their first byte and length; the length is UNDEFINED for fragments.
    """

    elements: Elements
    syntax: str
    sop_class: str
    big_endian: bool
    pixel_tag: int = 0
    pixel_offset: int = 0
    pixel_length: int = 0


@dataclass(slots=True)
class Trail:
    """What a pass over a header may take over at one go, and where it went step by step.

    Parameters
    ----------
    runs : dict
        The first eight bytes of a run of root elements to all of its bytes, and what they say.
    marks : list
        Tag and first byte of every root element that was read by itself; at the end the pixels', as tag 0.
    used, missed : bool
        Whether a run was taken over; whether one began as a known run does and went on differently.
    """

    runs: dict[bytes, tuple[bytes, Elements]]
    marks: list[tuple[int, int]] = field(default_factory=list)
    used: bool = False
    missed: bool = False


class _Walk:
    """One pass over the bytes of a data set."""

    def __init__(self, data: bytes, *, whole: bool, explicit: bool, big_endian: bool) -> None:
        self.data = data
        self.whole = whole
        self.explicit = explicit
        order = ">" if big_endian else "<"
        self.tag_at = struct.Struct(order + "HH").unpack_from
        self.head_at = struct.Struct(order + "HH2sH").unpack_from
        self.long_at = struct.Struct(order + "I").unpack_from
        self.count = 0
        self.trail: Trail | None = None
        self.pixel_tag = self.pixel_offset = self.pixel_length = 0

    def cut(self) -> Exception:
        """Return what to raise where the bytes end too early."""
        return DicomError(_CUT_SHORT) if self.whole else NeedMoreError()

    def elements(  # noqa: PLR0912, PLR0915 - the one hot loop
        self, position: int, end: int, depth: int, explicit: bool
    ) -> tuple[Elements, int]:
        """Read elements until `end`, the end of the item, or the pixel data."""
        data, head_at, long_at, wanted = self.data, self.head_at, self.long_at, WANTED.get
        found: Elements = {}
        left = MAX_ELEMENTS - self.count
        last = end - 8
        trail = self.trail if depth == 0 else None
        while position <= last:
            begin = position
            if trail is not None and (run := trail.runs.get(data[begin : begin + 8])) is not None:
                if data.startswith(run[0], begin):
                    found.update(run[1])
                    position += len(run[0])
                    trail.used = True
                    continue
                trail.missed = True
            left -= 1
            if left < 0:
                raise DicomError(_TOO_MANY)
            group, element, vr, length = head_at(data, position)
            tag = group << 16 | element
            if group == 0xFFFE:
                if depth == 0:
                    raise DicomError("is damaged: a delimiter stands outside of any sequence")
                # the delimiter of the sequence around an item without an end is not ours
                position += 8 if tag == _ITEM_END else 0
                break
            if explicit and vr in _SHORT:
                position += 8
            elif explicit and vr.isupper():
                if position + 12 > end:
                    raise self.cut()
                length = long_at(data, position + 8)[0]
                position += 12
            else:
                # implicit, or one of the elements that some writers leave without a representation
                vr = b""
                length = long_at(data, position + 4)[0]
                position += 8
            kind = wanted(tag)
            if kind is None:
                if depth == 0 and tag in _PIXELS:
                    self.pixel_tag, self.pixel_offset, self.pixel_length = tag, position, length
                    if trail is not None:
                        trail.marks.append((0, begin))
                    break
                if group in _PRIVATE:
                    kind = b"LO" if 0x10 <= element <= 0xFF else _PRIVATE[group].get(element & 0xFF)
            if trail is not None:
                trail.marks.append((tag, begin))
            if length == UNDEFINED or (kind == b"SQ" and vr in _SEQUENCES):
                self.count = MAX_ELEMENTS - left
                items, position = self.sequence(
                    position, length, end, depth + 1, explicit and vr != b"UN", keep=kind is not None
                )
                left = MAX_ELEMENTS - self.count
                if kind is not None:
                    found[tag] = Element(b"SQ", b"", items)
                continue
            if kind is not None and length <= MAX_VALUE_BYTES:
                known = vr and vr != b"UN"
                found[tag] = Element(vr if known else kind, data[position : position + length])
            position += length
        else:
            # fewer than eight zeros at the end are the padding of some storage block
            if position > end or (depth == 0 and not self.whole) or data[position:end].strip(b"\0"):
                raise self.cut()
        self.count = MAX_ELEMENTS - left
        return found, position

    def sequence(
        self, position: int, length: int, end: int, depth: int, explicit: bool, *, keep: bool
    ) -> tuple[list[Elements], int]:
        """Read the items of a sequence; `length` may be UNDEFINED."""
        if depth > MAX_DEPTH:
            raise DicomError(f"nests sequences deeper than {MAX_DEPTH}; no scanner writes that")
        stop = end if length == UNDEFINED else position + length
        if stop > end:
            raise self.cut()
        items: list[Elements] = []
        while position < stop:
            if position + 8 > stop:
                raise self.cut()
            self.count += 1
            if self.count > MAX_ELEMENTS:
                raise DicomError(_TOO_MANY)
            group, element = self.tag_at(self.data, position)
            tag = group << 16 | element
            size = self.long_at(self.data, position + 4)[0]
            position += 8
            if tag == _SEQUENCE_END:
                return items, position
            if tag != _ITEM:
                raise DicomError("is damaged: a sequence holds something that is not an item; copy it again")
            item_end = stop if size == UNDEFINED else position + size
            if item_end > stop:
                raise self.cut()
            if not keep and size != UNDEFINED:
                position = item_end
                continue
            item, position = self.elements(position, item_end, depth, explicit)
            if size != UNDEFINED:
                position = item_end
            if keep:
                items.append(item)
        if length == UNDEFINED:
            raise self.cut()
        return items, position


def read_header(
    data: bytes, *, whole: bool, inflate: Callable[[bytes], bytes], trail: Trail | None = None
) -> tuple[Header, bytes]:
    """Read the wanted elements of a DICOM file.

    Parameters
    ----------
    data : bytes
        The file, or its beginning.
    whole : bool
        Whether `data` is the whole file.
    inflate : callable
        Turns the bytes of a deflated data set into plain ones, within limits.
    trail : Trail, optional
        Used for explicit little endian files that are not deflated.

    Returns
    -------
    Header
        What was found.
    bytes
        What the header's offsets count in: `data` itself, or for a deflated file the inflated data set.

    Raises
    ------
    DicomError
        If the bytes are no DICOM, or damaged.
    NeedMoreError
        If `whole` is false and the header does not end within `data`.
    """
    meta, position = _read_meta(data, whole)
    syntax = text(meta.get(0x00020010))
    if syntax == DEFLATED:
        if not whole:
            raise NeedMoreError()
        data, position = inflate(data[position:]), 0
    explicit, big_endian = _encoding(data, position, syntax)
    if not syntax:
        syntax = (BIG_ENDIAN if big_endian else EXPLICIT) if explicit else IMPLICIT
    walk = _Walk(data, whole=whole, explicit=explicit, big_endian=big_endian)
    if explicit and not big_endian and syntax != DEFLATED:
        walk.trail = trail
    try:
        elements, _ = walk.elements(position, len(data), 0, explicit)
    except struct.error as error:
        raise walk.cut() from error
    header = Header(elements, syntax, text(meta.get(0x00020002)), big_endian)
    header.pixel_tag, header.pixel_offset = walk.pixel_tag, walk.pixel_offset
    header.pixel_length = walk.pixel_length
    return header, data


def looks_like_dicom(head: bytes) -> bool:
    """Tell whether the first bytes may begin a DICOM file, with or without the preamble of PS3.10 7.1."""
    if head[128:132] == b"DICM":
        return True
    if len(head) < 8:
        return False
    little, big = struct.unpack_from("<HHI", head), struct.unpack_from(">HHI", head)
    # a bare data set begins with the meta information or with group 8, and with a short element
    return any(
        group in (2, 8) and element < 0x2000 and (head[4:6] in _SHORT or length < 1024)
        for group, element, length in (little, big)
    )


def _read_meta(data: bytes, whole: bool) -> tuple[Elements, int]:
    """Read the File Meta Information (PS3.10 section 7.1), explicit and little endian but for mistakes."""
    if not looks_like_dicom(data):
        raise DicomError("is not DICOM")
    position = 132 if data[128:132] == b"DICM" else 0
    meta: Elements = {}
    while position + 12 <= len(data) and data[position : position + 2] == b"\x02\x00":
        element = struct.unpack_from("<H", data, position + 2)[0]
        vr = data[position + 4 : position + 6]
        if vr in _SHORT:
            length, position = struct.unpack_from("<H", data, position + 6)[0], position + 8
        elif vr in _LONG:
            length, position = struct.unpack_from("<I", data, position + 8)[0], position + 12
        else:
            length, position = struct.unpack_from("<I", data, position + 4)[0], position + 8
        if length <= MAX_VALUE_BYTES:
            meta[0x00020000 | element] = Element(vr, data[position : position + length])
        position += length
    # a beginning may end inside of the meta information
    if position + (8 if whole else 12) > len(data):
        raise DicomError(_CUT_SHORT) if whole else NeedMoreError()
    return meta, position


def _encoding(data: bytes, position: int, syntax: str) -> tuple[bool, bool]:
    """Return whether the data set is (explicit, big endian): by the look of its first element first."""
    explicit = data[position + 4 : position + 6] in _SHORT | _LONG
    if syntax:
        return explicit, syntax == BIG_ENDIAN
    return explicit, data[position] == 0 and data[position + 1] != 0


def text(element: Element | None) -> str:
    """Return an element's first value as plain text, "" if there is none."""
    if element is None:
        return ""
    return element.value.partition(b"\\")[0].decode("latin-1").strip(" \0")


def texts(element: Element | None) -> list[str]:
    """Return an element's values as text of the default repertoire, without padding."""
    if element is None or not element.value:
        return []
    return [value.strip(" \0") for value in element.value.decode("latin-1").split("\\")]


def numbers(element: Element | None, *, big_endian: bool) -> list[float]:
    """Return an element's numbers; none at all if one of them is not a number."""
    if element is None or not element.value:
        return []
    value, code = element.value, _BINARY.get(element.vr)
    try:
        if code is None:
            return [float(number) for number in value.strip(b" \0").split(b"\\")]
        count = len(value) // struct.calcsize(code)
        order = ">" if big_endian else "<"
        return [float(number) for number in struct.unpack_from(f"{order}{count}{code}", value)]
    except (ValueError, struct.error):
        return []


def tags(element: Element | None, *, big_endian: bool) -> list[int]:
    """Return an element's values where they are tags (AT)."""
    value = b"" if element is None else element.value
    words = struct.unpack_from(f"{'>' if big_endian else '<'}{len(value) // 4 * 2}H", value)
    return [group << 16 | low for group, low in zip(words[::2], words[1::2], strict=True)]


def fragments_end(data: bytes, position: int) -> int:
    """Return where the fragments of compressed pixels end with their delimiter; 0 if some are missing.

    PS3.5 annex A.4.
    """
    while position + 8 <= len(data):
        group, element, length = struct.unpack_from("<HHI", data, position)
        tag = group << 16 | element
        if tag == _SEQUENCE_END:
            return position + 8
        if tag != _ITEM or length == UNDEFINED:
            return 0
        position += 8 + length
    return 0


def rest_is_whole(data: bytes, position: int, *, big_endian: bool) -> bool:
    """Tell whether what stands behind the pixels, mostly padding, is there to its end."""
    explicit = data[position + 4 : position + 6] in _SHORT | _LONG
    walk = _Walk(data, whole=True, explicit=explicit, big_endian=big_endian)
    try:
        walk.elements(position, len(data), 0, explicit)
    except (DicomError, struct.error):
        return False
    return True
