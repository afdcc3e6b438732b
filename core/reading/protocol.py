"""What a rater is asked, in which steps, and with which words: the study's protocol, read from YAML."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal, get_args

import yaml

from core.errors import InputError
from core.imaging.roi import ROI_KINDS, RoiKind
from core.reading.asking import parse_questions
from core.reading.conduct import Conduct, parse_conduct
from core.reading.fields import Fields, ProtocolError
from core.reading.hanging import Hanging, parse_hanging
from core.reading.questions import (
    MARK_KINDS,
    PROPOSED,
    RECORDED,
    RESERVED,
    AnswerKey,
    Answers,
    Choice,
    MarkKind,
    Question,
)

MarkMode = Literal["free", "prescribed"]
MARK_MODES: tuple[MarkMode, ...] = get_args(MarkMode)
# what a step can show; "echoes" is the multi-echo series, the others are single pictures
IMAGE_ROLES = ("anatomy", "echoes", "gre3d", "r2star", "r2star_se", "flags", "iron")
# those of them that are maps: their colours have a range in a unit
MAP_ROLES = ("r2star", "iron")
# far more than any scanner's receivers
MOST_COILS = 256
# the most a protocol may hold: a kit's text is read before anything vouches for it
_LARGEST_TEXT = 1_000_000


@dataclass(frozen=True)
class Step:
    """One step of reading: what it shows, of IMAGE_ROLES, and how that hangs when the step begins."""

    id: str
    title: str
    shows: tuple[str, ...]
    hanging: Hanging | None = None


@dataclass(frozen=True)
class RoiRule:
    """A kind of region that every case needs: the step in which it is finished, one of it or many.

    With `propose`, choosing the kind shows a proposal that the rater takes, or draws another in its place.
    """

    kind: RoiKind
    step: str
    many: bool = False
    propose: bool = False


@dataclass(frozen=True)
class Ending:
    """Why the reading of a case ended early: the answer that ended it, and the reason that was given."""

    question: Question
    choice: Choice
    reason: str

    @property
    def told(self) -> str:
        """Question, answer and reason in one line."""
        reason = " ".join(self.reason.split())
        return self.coded + (f" ({reason})" if reason else "")

    @property
    def coded(self) -> str:
        """Question and answer in one line, without what the rater wrote."""
        return f"{self.question.text}: {self.choice.label}"


@dataclass(frozen=True)
class Protocol:
    """The rules of a study's reading. `parse_protocol` makes one; `text` is the YAML it was made from.

    `coils`: how many receive coils every picture joins by root sum of squares; the noise of air hangs on it.
    """

    id: str
    version: str
    title: str
    steps: tuple[Step, ...]
    questions: tuple[Question, ...]
    rois: tuple[RoiRule, ...]
    text: str = field(repr=False)
    washout_days: int = 28
    map_ranges: tuple[tuple[str, tuple[float, float]], ...] = ()
    prescribed: tuple[MarkKind, ...] = ()
    conduct: Conduct = field(default_factory=Conduct)
    coils: int = 1

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text, in hexadecimal: what a signature names."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def required_rois(self) -> tuple[RoiKind, ...]:
        """The regions every case needs."""
        return tuple(rule.kind for rule in self.rois)

    @property
    def region_kinds(self) -> tuple[RoiKind, ...]:
        """The kinds of regions that it asks for: required, asked about, or measured for its nodes."""
        asked = {question.roi_kind for question in self.questions} | set(self.required_rois)
        if any(question.scope == "node" and question.measure for question in self.questions):
            asked.add("node")
        return tuple(kind for kind in ROI_KINDS if kind in asked)

    def roi_rule(self, kind: RoiKind) -> RoiRule | None:
        """Return what the protocol asks of a kind of region; None where it is free."""
        return next((rule for rule in self.rois if rule.kind == kind), None)

    def question(self, question_id: str) -> Question:
        """Return a question by its id, note and query of every case among them; InputError where none is."""
        found = next((question for question in self.questions if question.id == question_id), None)
        found = found or RESERVED.get(question_id) or RECORDED.get(question_id)
        if found is None:
            raise InputError(f"the protocol {self.id} has no question {question_id!r}")
        return found

    def asked_of(self, scope: str) -> tuple[Question, ...]:
        """Return the questions of a scope in the protocol's order, whatever their conditions."""
        return tuple(question for question in self.questions if question.scope == scope)

    def condition_key(self, question: Question, about: str | None) -> AnswerKey | None:
        """Return the answer that a question's condition looks at; None where it is asked without one."""
        if question.when is None:
            return None
        other = self.question(question.when.question_id)
        return other.id, None if other.scope == "case" else about

    def is_asked(self, question: Question, about: str | None, answers: Answers) -> bool:
        """Tell whether a question is asked of the case, a mark or a region, as things were answered."""
        key = self.condition_key(question, about)
        if key is None or question.when is None:
            return True
        held = answers.get(key) in question.when.values
        return held and self.is_asked(self.question(key[0]), about, answers)

    def reasons(self, question: Question, choice: Choice) -> tuple[Question, ...]:
        """Return the questions that ask why a case ended early with this answer."""
        return tuple(
            other
            for other in self.questions
            if other.required and other.type == "text" and other.scope == "case" and other.when is not None
            if other.when.question_id == question.id and choice.value in other.when.values
        )

    def ending(self, answers: Answers) -> Ending | None:
        """Return what ended the reading of a case early, None where nothing has."""
        for question in self.asked_of("case"):
            value = answers.get((question.id, None))
            choice = None if value is None else question.choice(value)
            if choice is not None and choice.ends_case and self.is_asked(question, None, answers):
                given = [answers.get((why.id, None)) for why in self.reasons(question, choice)]
                return Ending(question, choice, "; ".join(str(text) for text in given if text is not None))
        return None

    def map_range(self, role: str) -> tuple[float, float] | None:
        """Return the values of a map's first and last colour, in 1/s or ug/g; None where they are left open.

        One range for all cases of a study, so that they compare by eye.
        """
        return next((ends for name, ends in self.map_ranges if name == role), None)

    def first_shown(self, role: str) -> int | None:
        """Return the place of the first step that shows a role, or None where none does."""
        return next((place for place, step in enumerate(self.steps) if role in step.shows), None)

    def step_index(self, step_id: str) -> int:
        """Return the place of a step, from 0."""
        return next(index for index, step in enumerate(self.steps) if step.id == step_id)

    def mark_step(self, kind: MarkKind) -> int | None:
        """Return the last step in which marks of a kind are set: the first one that asks about them."""
        places = [self.step_index(question.step) for question in self.asked_of(kind)]
        return min(places) if places else None

    def roi_step(self, kind: RoiKind) -> int | None:
        """Return the step in which a region is finished, or None where the protocol does not ask for it."""
        rule = self.roi_rule(kind)
        return None if rule is None else self.step_index(rule.step)

    def region_step(self, kind: RoiKind) -> int | None:
        """Return the last step in which regions of a kind come and go: the first one that asks about them."""
        places = [self.step_index(question.step) for question in self.questions if question.roi_kind == kind]
        return min(places) if places else None


def load_protocol(path: Path) -> Protocol:
    """Read a protocol from a YAML file.

    Raises
    ------
    InputError
        If the file cannot be read; a ProtocolError that names line and fault if it is not a valid protocol.
    """
    return parse_protocol(read_protocol(path), str(path))


def read_protocol(path: Path) -> str:
    """Return the text of a protocol file, whatever it says.

    Raises
    ------
    InputError
        If the file cannot be read, or is far longer than any protocol.
    """
    try:
        with path.open(encoding="utf-8") as stream:
            text = stream.read(_LARGEST_TEXT + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a protocol in UTF-8 text") from error
    if len(text) > _LARGEST_TEXT:
        raise InputError(f"{path}: is far too long for a protocol")
    return text


# a window asks for its study's protocol at every turn, and YAML takes some hundredths of a second
@lru_cache(maxsize=16)
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
    ProtocolError
        If the text is not a valid protocol; it names line and fault.
    """
    if len(text) > _LARGEST_TEXT:
        raise ProtocolError(where, None, "is far too long for a protocol")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except RecursionError:
        raise ProtocolError(where, None, "is nested far too deep for a protocol") from None
    except yaml.YAMLError as error:
        problem = getattr(error, "problem", None) or "is not YAML"
        # what was never closed is mended where it was opened
        opened = getattr(error, "context_mark", None) if "end of stream" in problem else None
        mark = opened or getattr(error, "problem_mark", None)
        raise ProtocolError(where, mark.line + 1 if mark else None, problem) from error
    if node is None:
        raise ProtocolError(where, None, "is empty; a protocol has id, version, title, steps and questions")
    return _protocol(Fields(node, where), text)


def _protocol(fields: Fields, text: str) -> Protocol:
    steps = _steps(fields.many("steps"))
    ids = tuple(step.id for step in steps)
    rois = _rois(fields.many("rois"), ids) if fields.has("rois") else ()
    roi_steps = {rule.kind: ids.index(rule.step) for rule in rois}
    protocol = Protocol(
        id=fields.name("id"),
        version=fields.text("version"),
        title=fields.text("title"),
        steps=steps,
        questions=parse_questions(fields.many("questions"), ids, roi_steps),
        rois=rois,
        text=text,
        washout_days=fields.number("washout_days") if fields.has("washout_days") else 28,
        map_ranges=_map_ranges(fields.one("maps")) if fields.has("maps") else (),
        prescribed=_prescribed(fields.one("marks")) if fields.has("marks") else (),
        conduct=parse_conduct(fields),
        coils=fields.whole("coils", 1, MOST_COILS) if fields.has("coils") else 1,
    )
    fields.done()
    if protocol.washout_days < 0:
        raise fields.fault("'washout_days' should not be negative")
    return protocol


def _prescribed(fields: Fields) -> tuple[MarkKind, ...]:
    kinds = tuple(kind for kind in MARK_KINDS if fields.choice(kind, MARK_MODES, "free") == "prescribed")
    fields.done()
    return kinds


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


def _rois(listed: list[Fields], steps: tuple[str, ...]) -> tuple[RoiRule, ...]:
    rules: list[RoiRule] = []
    for fields in listed:
        name, step, many = fields.text("kind"), fields.text("step"), fields.yes("many", False)
        propose = fields.yes("propose", False)
        fields.done()
        kind = next((kind for kind in ROI_KINDS if kind == name), None)
        if kind is None:
            raise fields.fault(f"{name!r} is not one of {', '.join(ROI_KINDS)}")
        if step not in steps:
            raise fields.fault(f"there is no step {step!r}")
        if any(kind == other.kind for other in rules):
            raise fields.fault(f"the region {kind!r} stands twice")
        if propose and kind not in PROPOSED:
            raise fields.fault(f"{kind!r} cannot be proposed; of regions only {' and '.join(PROPOSED)} can")
        rules.append(RoiRule(kind, step, many, propose))
    return tuple(rules)
