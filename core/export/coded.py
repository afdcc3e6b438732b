"""Codes of what exported objects say, of the standard or else of 99FERROREAD; and texts that fit.

PS3.3 8.8 (coded entries), PS3.16 CID 7150 and 7151 (segments), 7469 (measurements), PS3.5 6.2 (lengths).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

from highdicom.coding_schemes import CodingSchemeIdentificationItem
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from core.imaging.roi import ROI_WORDS, RoiKind
from core.reading.questions import Choice, MarkKind, Question

SCHEME = "99FERROREAD"
_LONGEST_CODE, _LONGEST_TEXT = 16, 64


def fitting(text: str, longest: int = _LONGEST_TEXT) -> str:
    """Return a text as a Long String or a shorter one: one line without backslashes, cut with an ellipsis.

    The standard counts characters and many programs count bytes; it fits by both.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text.replace("\\", "/")).split())
    if len(line.encode()) <= longest:
        return line
    return line.encode()[: longest - len("…".encode())].decode(errors="ignore") + "…"


def person(name: str) -> str:
    """Return a name as a Person Name of one component; the caret at its end says that it is one."""
    return f"{fitting(name.replace('=', ' ').replace('^', ' '), _LONGEST_TEXT - 1)}^"


def identifier(text: str) -> str:
    """Return a text as an identifier of at most 64 characters; texts that differ stay different."""
    fit = fitting(text)
    return fit if fit == text else f"{fitting(text, 50)} {_digest(text)}"


def own_code(value: str, meaning: str) -> Code:
    """Return a code of 99FERROREAD."""
    return Code(_short(value, _LONGEST_CODE), SCHEME, fitting(meaning) or value[:_LONGEST_TEXT])


def question_code(question: Question) -> Code:
    """Return what a protocol asks as a code: its id, and its text as the meaning."""
    return own_code(question.id, question.text)


def choice_code(question: Question, choice: Choice) -> Code:
    """Return an answer as a code: the question's id, "=" and the value; the label is the meaning."""
    value = f"={choice.value}"
    code = _short(question.id, _LONGEST_CODE - len(value)) + value
    return Code(code, SCHEME, fitting(f"{choice.value}: {choice.label}"))


def unit_code(unit: str) -> Code:
    """Return a unit that a protocol names: of UCUM where it is one that we know, else a code of ours."""
    written = _UNITS.get(unit.strip().replace("µ", "u").replace("μ", "u"))
    return ucum(written) if written else own_code(f"unit {unit}", unit)


def ucum(unit: str) -> Code:
    """Return a unit of UCUM by its code."""
    return Code(unit, "UCUM", _UCUM[unit])


def scheme_identification() -> CodingSchemeIdentificationItem:
    """Return what says whose codes 99FERROREAD are (PS3.3 C.12.1.1.1, Coding Scheme Identification)."""
    return CodingSchemeIdentificationItem(
        designator=SCHEME, name="FerroRead and the study's protocol", responsible_organization="FerroRead"
    )


def _short(text: str, longest: int) -> str:
    """Return a text of at most so many characters; texts that differ stay different."""
    return (
        text
        if len(text) <= longest and text.isascii()
        else f"{_ascii(text)[: longest - 5]}-{_digest(text)[:4]}"
    )


def _ascii(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "_" for c in text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


_UCUM = MappingProxyType(
    {
        "1": "no units", "%": "percent", "mm": "millimeter", "mm2": "square millimeter",
        "mm3": "cubic millimeter", "cm": "centimeter", "ms": "millisecond", "s": "second",
        "/s": "per second", "ug/g": "microgram per gram", "mmol/L": "millimole per liter",
        "ug": "microgram", "mL": "milliliter", "h": "hour", "d": "day",
    }
)  # fmt: skip
# how protocols write them -> how UCUM does
_UNITS = MappingProxyType(
    {unit: unit for unit in _UCUM}
    | {
        "": "1",
        "mm²": "mm2",
        "mm³": "mm3",
        "mm^2": "mm2",
        "mm^3": "mm3",
        "1/s": "/s",
        "ml": "mL",
        "mmol/l": "mmol/L",
    }
)

# what is measured
VOLUME = codes.SCT.Volume
LENGTH = codes.SCT.Length
SIGNAL = codes.DCM.MRSignalIntensity
R2STAR = codes.DCM.R2Star
IRON = own_code("iron", "Iron concentration in tissue")
CNR = own_code("cnr", "Contrast-to-noise ratio")
MEAN = codes.SCT.Mean
SD = codes.SCT.StandardDeviation
STANDARD_ERROR = own_code("se", "Standard error")
# what is told about a case besides answers
ANCHOR = own_code("anchor", "Anchor text")
PROTOCOL = own_code("protocol", "Protocol")
ENDED = own_code("ended", "Reading ended early")
CORRECTED = own_code("corrected", "What was signed was corrected")
PIXELS = own_code("pixels", "Pixels that were read and measured")
CASE = own_code("case", "The case as a whole")

_ABNORMAL = codes.SCT.MorphologicallyAbnormalStructure
_PLACE = codes.SCT.SpatialAndRelationalConcept
# what a region stands for: category (CID 7150) and type (CID 7151)
REGION_CODES: Mapping[RoiKind, tuple[Code, Code]] = MappingProxyType(
    {
        "tumour": (_ABNORMAL, codes.SCT.Neoplasm),
        "node": (codes.SCT.AnatomicalStructure, codes.SCT.LymphNode),
        "reference": (_PLACE, codes.NCIt.ReferenceRegion),
        "noise": (_PLACE, codes.DCM.Background),
        "ring": (_PLACE, own_code("ring", "Ring around a region")),
        "ablation": (_ABNORMAL, own_code("ablation", ROI_WORDS["ablation"].capitalize())),
        "other": (_PLACE, codes.NCIt.ImagingRegionOfInterest),
    }
)
MARK_CODES: Mapping[MarkKind, Code] = MappingProxyType(
    {"lesion": codes.SCT.Lesion, "node": codes.SCT.LymphNode}
)
