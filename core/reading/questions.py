"""What a protocol asks, about what and on which condition, and which answers serve."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from core.errors import InputError
from core.imaging.roi import ROI_KINDS, ROI_WORDS, RoiKind

Value = int | float | str
AnswerKey = tuple[
    str, str | None
]  # question id, and the id of the mark or region it is about, None: the case
Answers = Mapping[AnswerKey, Value]

MarkKind = Literal["lesion", "node"]
MARK_KINDS: tuple[MarkKind, ...] = get_args(MarkKind)
# what a question can be about; "node" is the mark, so a region of that kind has a scope of its own
REGION_SCOPES: Mapping[str, RoiKind] = MappingProxyType(
    {f"{kind}_region" if kind in MARK_KINDS else kind: kind for kind in ROI_KINDS}
)
SCOPES: tuple[str, ...] = ("case", *MARK_KINDS, *REGION_SCOPES)

QuestionType = Literal["choice", "number", "text"]
QUESTION_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
# what a window may propose for a number
QUESTION_MEASURES = ("long_axis", "short_axis", "ruler", "area", "volume", "sphere_diameter")

# the drawings that a choice may show; each is resources/pictures/NAME.svg
CHOICE_PICTURES = (
    "margin_complete", "margin_gap", "margin_protrusion",
    "node_dark", "node_hilum", "node_patchy", "node_focal", "node_bright",
    "liver_as_liver", "liver_partial", "liver_scar", "liver_mixed", "liver_ring", "liver_none",
)  # fmt: skip

LARGEST_NUMBER = 1e9
MOST_DECIMALS = 6
LONGEST_TEXT = 4000
_NUMBER = re.compile(r"[+-]?\d{1,12}([.,]\d{1,12})?")


@dataclass(frozen=True)
class Choice:
    """One value an answer may take, its short label and the anchor text that says when to choose it.

    `ends_case`: this answer ends the reading of the case; nothing else is asked of it but the reason.
    `picture`: a drawing of CHOICE_PICTURES that stands beside the words, or "".
    """

    value: int
    label: str
    anchor: str
    ends_case: bool = False
    picture: str = ""


@dataclass(frozen=True)
class Condition:
    """What another question must be answered with: the one of the same mark or region, or of the case."""

    question_id: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Question:
    """One question.

    Parameters
    ----------
    id, text : str
        Its name in files, and what the rater reads.
    scope : str
        What it is about, of SCOPES: the case, each mark of a kind, or each region of a kind.
    choices : tuple of Choice
        Of a question of type "choice", in the protocol's order; empty for the other types.
    required : bool
        Whether a case can be signed without its answer.
    step : str
        The step in which it is answered; "" for what may be answered in any.
    source : str
        Where the scale comes from.
    type : {"choice", "number", "text"}
    unit : str
        Of a number, "" where it has none.
    least, most : float
        Ends of a number's range; `most` of a text is its longest length.
    decimals : int
        The most digits of a number behind the point.
    measure : str
        What the window may propose for a number, of QUESTION_MEASURES, or "".
    when : Condition or None
        The question is asked only where this holds.
    """

    id: str
    text: str
    scope: str
    choices: tuple[Choice, ...]
    required: bool
    step: str
    source: str = ""
    type: QuestionType = "choice"
    unit: str = ""
    least: float = -LARGEST_NUMBER
    most: float = LARGEST_NUMBER
    decimals: int = 0
    measure: str = ""
    when: Condition | None = None

    @property
    def roi_kind(self) -> RoiKind | None:
        """The kind of region it is about, None where it is about the case or a mark."""
        return REGION_SCOPES.get(self.scope)

    @property
    def about(self) -> str:
        """What it is about, as a rater says it: "case", "lesion", "reference tissue"."""
        kind = self.roi_kind
        return self.scope if kind is None else f"{ROI_WORDS[kind]} region"

    def choice(self, value: Value) -> Choice | None:
        """Return the choice of this value, or None."""
        return next((choice for choice in self.choices if same_value(choice.value, value)), None)

    def refusal(self, value: Value) -> str:
        """Say in a rater's words why a value does not serve as an answer; "" where it does."""
        if self.type == "choice":
            if self.choice(value) is not None:
                return ""
            values = ", ".join(str(choice.value) for choice in self.choices)
            return f"“{self.text}” is answered with one of {values}, not {_shown(value)}"
        return self._number_refusal(value) if self.type == "number" else self._text_refusal(value)

    def _number_refusal(self, value: Value) -> str:
        if isinstance(value, (str, bool)) or (isinstance(value, float) and not math.isfinite(value)):
            return f"“{self.text}” is answered with a number, not {_shown(value)}"
        if not self.least <= value <= self.most:
            most = f"{self.most:g} {self.unit}".strip()
            return f"“{self.text}” lies between {self.least:g} and {most}, not {_shown(value)}"
        if round(value, self.decimals) != value:
            step = f"{10**-self.decimals:.{self.decimals}f}"
            return f"“{self.text}” is given in steps of {step}, not {_shown(value)}"
        return ""

    def _text_refusal(self, value: Value) -> str:
        if not isinstance(value, str):
            return f"“{self.text}” is answered with text"
        if len(value) > self.most:
            return f"“{self.text}” is answered with at most {self.most:g} characters, not {len(value)}"
        if len(value) < self.least or value != value.strip():
            return f"“{self.text}” needs a text without spaces at its ends"
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in value):
            return f"“{self.text}” holds signs that cannot be printed"
        return ""

    def parse(self, typed: str) -> Value:
        """Return what a person typed as a value, with point or comma for decimals.

        Raises
        ------
        InputError
            If it does not serve as an answer; the message is for the rater.
        """
        typed = typed.strip()
        value: Value = typed
        if self.type != "text":
            if not _NUMBER.fullmatch(typed):
                raise InputError(f"“{self.text}” is answered with a number, not {_shown(typed)}")
            text = typed.replace(",", ".")
            # a number is kept as it was given: 2 stays whole, 2.3 stays 2.3
            value = float(text) if "." in text else int(text)
        refusal = self.refusal(value)
        if refusal:
            raise InputError(refusal)
        return value


# What every case has beside the protocol's questions, in every step and never required.
NOTE = Question("note", "Note", "case", (), False, "", type="text", least=1, most=LONGEST_TEXT)
# a case is flagged for a query where this is answered; an empty text is a flag without words
QUERY = Question("query", "Query", "case", (), False, "", type="text", least=0, most=LONGEST_TEXT)
RESERVED: Mapping[str, Question] = MappingProxyType({"note": NOTE, "query": QUERY})
# Asked nowhere, but recorded of a region that was proposed: the SHA-256 of the coverage proposed.
PROPOSED: Mapping[RoiKind, Question] = MappingProxyType(
    {
        "reference": Question(
            "proposed_reference", "Proposed", "reference", (), False, "", type="text", least=64, most=64
        ),
        "noise": Question("proposed_air", "Proposed", "noise", (), False, "", type="text", least=64, most=64),
    }
)
RECORDED: Mapping[str, Question] = MappingProxyType({each.id: each for each in PROPOSED.values()})


def region_scope(kind: RoiKind) -> str:
    """Return the scope of questions about regions of a kind."""
    return next(scope for scope, other in REGION_SCOPES.items() if other == kind)


def same_value(one: Value | None, other: Value | None) -> bool:
    """Tell whether two answers are the same: 2 and 2.0 were given differently and are not."""
    return type(one) is type(other) and one == other


def _shown(value: Value) -> str:
    text = str(value) if not isinstance(value, str) else f"“{value}”"
    return text if len(text) <= 40 else f"{text[:40]}…"
