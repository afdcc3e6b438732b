"""What a rater is asked, in which steps, and with which words: the study's protocol, read from YAML."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

import yaml

from core.errors import InputError
from core.imaging.roi import ROI_KINDS, RoiKind
from core.reading.fields import Fields
from core.reading.hanging import Hanging, parse_hanging

Scope = Literal["case", "lesion", "node"]
MarkKind = Literal["lesion", "node"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
MARK_KINDS: tuple[MarkKind, ...] = get_args(MarkKind)
# what a step can show; "echoes" is the multi-echo series, the others are single pictures
IMAGE_ROLES = ("anatomy", "echoes", "gre3d", "r2star", "r2star_se", "flags", "iron")
# those of them that are maps: their colours have a range in a unit
MAP_ROLES = ("r2star", "iron")
# the most a protocol may hold: a kit's text is read before anything vouches for it
_LARGEST_TEXT = 1_000_000


@dataclass(frozen=True)
class Choice:
    """One value an answer may take, its short label and the anchor text that says when to choose it."""

    value: int
    label: str
    anchor: str


@dataclass(frozen=True)
class Question:
    """One question; its scope says what it is about: the case, each lesion mark or each node mark."""

    id: str
    text: str
    scope: Scope
    choices: tuple[Choice, ...]
    required: bool
    step: str
    source: str = ""

    def choice(self, value: int) -> Choice | None:
        """Return the choice of this value, or None."""
        return next((choice for choice in self.choices if choice.value == value), None)


@dataclass(frozen=True)
class Step:
    """One step of reading: what it shows, of IMAGE_ROLES, and how that hangs when the step begins."""

    id: str
    title: str
    shows: tuple[str, ...]
    hanging: Hanging | None = None


@dataclass(frozen=True)
class Protocol:
    """The rules of a study's reading. `parse_protocol` makes one; `text` is the YAML it was made from."""

    id: str
    version: str
    title: str
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]
    roi_steps: tuple[tuple[RoiKind, str], ...]
    text: str = field(repr=False)
    washout_days: int = 28
    map_ranges: tuple[tuple[str, tuple[float, float]], ...] = ()

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text, in hexadecimal: what a signature names."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def required_rois(self) -> tuple[RoiKind, ...]:
        """The regions every case needs."""
        return tuple(kind for kind, _ in self.roi_steps)

    def question(self, question_id: str) -> Question:
        """Return a question by its id; InputError where there is none."""
        found = next((question for question in self.questions if question.id == question_id), None)
        if found is None:
            raise InputError(f"the protocol {self.id} has no question {question_id!r}")
        return found

    def asked_of(self, scope: Scope) -> tuple[Question, ...]:
        """Return the questions about the case, or about each mark of a kind, in the protocol's order."""
        return tuple(question for question in self.questions if question.scope == scope)

    def map_range(self, role: str) -> tuple[float, float] | None:
        """Return the values of a map's first and last colour, in 1/s or ug/g; None where they are left open.

        One range for all cases of a study, so that they compare by eye.
        """
        return next((ends for name, ends in self.map_ranges if name == role), None)

    def step_index(self, step_id: str) -> int:
        """Return the place of a step, from 0."""
        return next(index for index, step in enumerate(self.steps) if step.id == step_id)

    def mark_step(self, kind: MarkKind) -> int | None:
        """Return the last step in which marks of a kind are set: the first one that asks about them."""
        places = [self.step_index(question.step) for question in self.asked_of(kind)]
        return min(places) if places else None

    def roi_step(self, kind: RoiKind) -> int | None:
        """Return the step in which a region is finished, or None where the protocol does not ask for it."""
        return next((self.step_index(step) for region, step in self.roi_steps if region == kind), None)


def load_protocol(path: Path) -> Protocol:
    """Read a protocol from a YAML file.

    Raises
    ------
    InputError
        If the file cannot be read or is not a valid protocol; the message names line and fault.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a protocol in UTF-8 text") from error
    return parse_protocol(text, str(path))


def parse_protocol(text: str, where: str) -> Protocol:
    """Make a protocol from YAML text.

    Parameters
    ----------
    text : str
        The YAML.
    where : str
        What to call the text in a message (a path, or "the kit's protocol").

    Raises
    ------
    InputError
        If the text is not a valid protocol; the message names line and fault.
    """
    if len(text) > _LARGEST_TEXT:
        raise InputError(f"{where}: is far too long for a protocol")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "is not YAML"
        # what was never closed is mended where it was opened
        opened = getattr(error, "context_mark", None) if "end of stream" in problem else None
        mark = opened or getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise InputError(f"{where}{line}: {problem}") from error
    if node is None:
        raise InputError(f"{where}: is empty; a protocol has id, version, title, steps and questions")
    return _protocol(Fields(node, where), text)


def _protocol(fields: Fields, text: str) -> Protocol:
    steps = _steps(fields.many("steps"))
    ids = tuple(step.id for step in steps)
    rois = _rois(fields.many("rois"), ids) if fields.has("rois") else ()
    protocol = Protocol(
        id=fields.name("id"),
        version=fields.text("version"),
        title=fields.text("title"),
        steps=steps,
        questions=_questions(fields.many("questions"), ids),
        roi_steps=rois,
        text=text,
        washout_days=fields.number("washout_days") if fields.has("washout_days") else 28,
        map_ranges=_map_ranges(fields.one("maps")) if fields.has("maps") else (),
    )
    fields.done()
    if protocol.washout_days < 0:
        raise fields.fault("'washout_days' should not be negative")
    return protocol


def _steps(listed: list[Fields]) -> tuple[Step, ...]:
    steps: list[Step] = []
    reached: set[str] = set()
    for fields in listed:
        shows = fields.words("shows", IMAGE_ROLES)
        reached |= set(shows)
        hanging = parse_hanging(fields.one("hanging"), reached) if fields.has("hanging") else None
        step = Step(fields.name("id"), fields.text("title"), shows, hanging)
        fields.done()
        if any(step.id == other.id for other in steps):
            raise fields.fault(f"the step {step.id!r} stands twice")
        if not step.shows:
            raise fields.fault(f"the step {step.id!r} shows nothing")
        steps.append(step)
    if "echoes" not in steps[0].shows:
        # regions live on its grid, so the first step needs it
        raise listed[0].fault("the first step must show 'echoes', on whose grid regions are drawn")
    return tuple(steps)


def _map_ranges(fields: Fields) -> tuple[tuple[str, tuple[float, float]], ...]:
    ranges = tuple((role, fields.ends(role)) for role in MAP_ROLES if fields.has(role))
    fields.done()
    return ranges


def _rois(listed: list[Fields], steps: tuple[str, ...]) -> tuple[tuple[RoiKind, str], ...]:
    rois: list[tuple[RoiKind, str]] = []
    for fields in listed:
        name, step = fields.text("kind"), fields.text("step")
        fields.done()
        kind = next((kind for kind in ROI_KINDS if kind == name), None)
        if kind is None:
            raise fields.fault(f"{name!r} is not one of {', '.join(ROI_KINDS)}")
        if step not in steps:
            raise fields.fault(f"there is no step {step!r}")
        if any(kind == other for other, _ in rois):
            raise fields.fault(f"the region {kind!r} stands twice")
        rois.append((kind, step))
    return tuple(rois)


def _questions(listed: list[Fields], steps: tuple[str, ...]) -> tuple[Question, ...]:
    questions: list[Question] = []
    for fields in listed:
        question = _question(fields, steps)
        if any(question.id == other.id for other in questions):
            raise fields.fault(f"the question {question.id!r} stands twice")
        questions.append(question)
    return tuple(questions)


def _question(fields: Fields, steps: tuple[str, ...]) -> Question:
    name = fields.name("id")
    wanted, step = fields.text("scope"), fields.text("step")
    scope = next((scope for scope in SCOPES if scope == wanted), None)
    if scope is None:
        raise fields.fault(f"the scope of {name!r} should be one of {', '.join(SCOPES)}, not {wanted!r}")
    if step not in steps:
        raise fields.fault(f"the question {name!r} belongs to a step {step!r} that is not there")
    choices: list[Choice] = []
    for entry in fields.many("choices"):
        choice = Choice(entry.number("value"), entry.text("label"), entry.text("anchor"))
        entry.done()
        if not 0 <= choice.value <= 9:
            raise entry.fault(f"the value {choice.value} cannot be typed with one key; use 0 to 9")
        if any(choice.value == other.value for other in choices):
            raise entry.fault(f"the value {choice.value} stands twice")
        choices.append(choice)
    if len(choices) < 2:
        raise fields.fault(f"the question {name!r} needs at least two choices")
    question = Question(
        id=name,
        text=fields.text("text"),
        scope=scope,
        choices=tuple(choices),
        required=fields.yes("required", True),
        step=step,
        source=fields.text("source") if fields.has("source") else "",
    )
    fields.done()
    return question
