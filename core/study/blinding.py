"""Aliases and the order of cases: drawn once per rater and session from a recorded seed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from core.errors import InputError

# no vowels and nothing that is mistaken for something else: an alias is neither a word nor misread
_LETTERS = "CDFGHJKMNPQRTVWX234679"
_LENGTH = 5
# a case and its repeat stand at least this share of the session apart
_REPEAT_DISTANCE = 0.25


@dataclass(frozen=True)
class Drawn:
    """One case of a kit: its alias, its place from 1, its scan, and the alias it repeats or "".

    `training_round` is 0 for the study's own cases, from 1 for those of training.
    """

    alias: str
    position: int
    scan_id: str
    repeat_of: str = ""
    training_round: int = 0


def new_seed() -> str:
    """Return a seed nobody can guess: with the seed and the scan list, the order can be drawn again."""
    return secrets.token_hex(16)


def draw(
    scan_ids: Sequence[str],
    *,
    seed: str,
    rater: str,
    session: int,
    repeat_fraction: float = 0.0,
    share: float = 1.0,
    taken: Collection[str] = (),
    after: int = 0,
) -> tuple[Drawn, ...]:
    """Draw the order of cases and their aliases.

    Parameters
    ----------
    scan_ids : sequence of str
        All scans to be read, in an order that is the same at every call.
    seed : str
        Kept in the study; the same seed, rater and session give the same draw.
    rater, session
        Each rater and each session gets a draw of its own.
    repeat_fraction : float
        Share of the scans read, from 0 to 0.5, that come a second time under another alias, a quarter of
        the session or more after the first.
    share : float
        Share of the scans, above 0 and up to 1, that are read at all, one at least: a second session may
        repeat some of the first.
    taken : collection of str
        Aliases that must not come again.
    after : int
        How many cases stand before these.

    Returns
    -------
    tuple of Drawn
        In reading order.

    Raises
    ------
    InputError
        If there is no scan, or a share is out of range.
    """
    if not scan_ids:
        raise InputError("the study has no scans to read; add them with `ferroread study add`")
    if not 0 <= repeat_fraction <= 0.5:
        raise InputError(f"the share of repeats must lie between 0 and 0.5, not {repeat_fraction}")
    if not 0 < share <= 1:
        raise InputError(f"the share of scans to be read must lie above 0 and up to 1, not {share}")
    rng = _generator(seed, rater, session)
    read = max(1, round(share * len(scan_ids)))
    order = [scan_ids[index] for index in rng.permutation(len(scan_ids))[:read]]
    repeated = rng.permutation(order[: (len(order) + 1) // 2])[: round(repeat_fraction * len(order))].tolist()
    for scan_id in repeated:
        # first showings stand in the first half; the repeat goes at least a quarter behind
        earliest = order.index(scan_id) + 1 + int(_REPEAT_DISTANCE * len(order))
        order.insert(int(rng.integers(max(earliest, len(order) // 2), len(order) + 1)), scan_id)
    used = set(taken)
    drawn: list[Drawn] = []
    first: dict[str, str] = {}
    for position, scan_id in enumerate(order, start=after + 1):
        alias = _alias(rng, used)
        used.add(alias)
        drawn.append(Drawn(alias, position, scan_id, first.get(scan_id, "")))
        first.setdefault(scan_id, alias)
    return tuple(drawn)


def draw_training(
    scan_ids: Sequence[str],
    *,
    seed: str,
    rater: str,
    session: int,
    rounds: int,
    taken: Collection[str] = (),
) -> tuple[Drawn, ...]:
    """Draw the cases of training: all scans in every round, under new aliases and in a new order.

    Raises
    ------
    InputError
        If there is no scan to train with.
    """
    if not scan_ids:
        raise InputError(
            "the protocol begins with training, and the study has no scans for it; "
            "say whose they are with `study training`"
        )
    rng = _generator(seed, rater, session, "training")
    used = set(taken)
    drawn: list[Drawn] = []
    for number in range(1, rounds + 1):
        for index in rng.permutation(len(scan_ids)):
            alias = _alias(rng, used)
            used.add(alias)
            drawn.append(Drawn(alias, len(drawn) + 1, scan_ids[index], training_round=number))
    return tuple(drawn)


def _generator(seed: str, rater: str, session: int, purpose: str = "") -> np.random.Generator:
    text = f"{len(seed)}:{seed}{len(rater)}:{rater}{session}{purpose}"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))


def _alias(rng: np.random.Generator, used: Collection[str]) -> str:
    while True:
        alias = "".join(_LETTERS[index] for index in rng.integers(0, len(_LETTERS), _LENGTH))
        if alias not in used:
            return alias
