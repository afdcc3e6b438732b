"""How a study is conducted beside the questions: training first, a guess at the end, adjudication later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from core.reading.fields import Fields

# what a rater may be asked to guess of every case when all are signed
GuessOf = Literal["group", "visit"]
GUESSES: tuple[GuessOf, ...] = ("group", "visit")
_MOST_ROUNDS = 5


@dataclass(frozen=True)
class Training:
    """Cases with feedback that come first: the share of what is expected to be met, in so many rounds."""

    share: float = 0.8
    rounds: int = 2


@dataclass(frozen=True)
class Adjudication:
    """When two raters disagree so far that a third one reads the case.

    Parameters
    ----------
    ordinal : int
        The least difference of two answers on a scale; any difference counts where there are two choices.
    dice : float
        Regions of a kind with a Dice coefficient below this disagree.
    findings : bool
        Whether a free mark that the other rater has not set counts as well.
    shown : bool
        Whether the third rater sees both raters' answers, unnamed and in no order.
    """

    ordinal: int = 2
    dice: float = 0.7
    findings: bool = False
    shown: bool = False


@dataclass(frozen=True)
class Conduct:
    """What a protocol says of training, guess and adjudication; None where it asks for none.

    `guess` holds the choices of what is guessed, in the study's own words. `shows_field`: whether a kit
    tells the field strength of its cases.
    """

    training: Training | None = None
    guess: Mapping[GuessOf, tuple[str, ...]] = field(default_factory=dict)
    adjudication: Adjudication | None = None
    shows_field: bool = False


def parse_conduct(fields: Fields) -> Conduct:
    """Make the conduct of a study from its entries among a protocol's.

    Raises
    ------
    ProtocolError
        If an entry is not known or out of range; it names line and fault.
    """
    return Conduct(
        training=_training(fields.one("training")) if fields.has("training") else None,
        guess=_guess(fields.one("guess")) if fields.has("guess") else {},
        adjudication=_adjudication(fields.one("adjudication")) if fields.has("adjudication") else None,
        shows_field=fields.choice("field", ("hidden", "shown"), "hidden") == "shown",
    )


def _training(fields: Fields) -> Training:
    usual = Training()
    share = fields.real("pass", 0.0, 1.0) if fields.has("pass") else usual.share
    rounds = fields.number("rounds") if fields.has("rounds") else usual.rounds
    fields.done()
    if not 1 <= rounds <= _MOST_ROUNDS:
        raise fields.fault(f"'rounds' should be 1 to {_MOST_ROUNDS}")
    return Training(share, rounds)


def _guess(fields: Fields) -> Mapping[GuessOf, tuple[str, ...]]:
    found = {of: fields.texts(of) for of in GUESSES if fields.has(of)}
    fields.done()
    for of, choices in found.items():
        if len(choices) < 2:
            raise fields.fault(f"{of!r} needs two choices or more to be guessed among")
    return found


def _adjudication(fields: Fields) -> Adjudication:
    usual = Adjudication()
    ordinal = fields.number("ordinal") if fields.has("ordinal") else usual.ordinal
    dice = fields.real("dice", 0.0, 1.0) if fields.has("dice") else usual.dice
    findings = fields.yes("findings", usual.findings)
    shown = fields.choice("answers", ("hidden", "shown"), "hidden") == "shown"
    fields.done()
    if ordinal < 1:
        raise fields.fault("'ordinal' should be 1 or more")
    return Adjudication(ordinal, dice, findings, shown)
