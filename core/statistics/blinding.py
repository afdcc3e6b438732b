"""Blinding indices: how far raters' guesses of arm or visit go beyond chance, with intervals.

Sources: James et al., Stat Med 1996;15:1421 (one index of all arms; 1 where all answer "don't know", 0.5
where guesses are random, 0 where all guess right); Bang, Ni and Davis, Control Clin Trials 2004;25:143 (one
index per arm; 1 where all guess right, 0 where guesses are random, -1 where all guess wrong).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InputError
from core.statistics.estimate import Estimate, not_estimable, with_interval

JAMES = "James 1996, delta method"
BANG = "Bang 2004"


@dataclass(frozen=True, eq=False)
class GuessTable:
    """Counts of guesses.

    Parameters
    ----------
    arms : tuple of str
        In the order of rows and columns.
    counts : int array, shape (arms + 1, arms)
        Rows are guesses, the last one "don't know"; columns are what was assigned.
    """

    arms: tuple[str, ...]
    counts: NDArray[np.int64]


def guess_table(counts: ArrayLike, arms: Sequence[str]) -> GuessTable:
    """Make a table of guesses from counts.

    Raises
    ------
    InputError
        If there are fewer than two arms, or the counts are not whole numbers of the right shape.
    """
    table = np.asarray(counts)
    if len(arms) < 2:
        raise InputError("a guess needs two arms or more")
    if table.shape != (len(arms) + 1, len(arms)) or (table < 0).any() or (table != np.floor(table)).any():
        raise InputError("the table of guesses needs a row per arm and one for “don't know”, in whole counts")
    return GuessTable(tuple(arms), table.astype(np.int64))


def count_guesses(
    guessed: Sequence[Hashable | None], assigned: Sequence[Hashable], arms: Sequence[str]
) -> GuessTable:
    """Count guesses, None for "don't know", against what was assigned."""
    counts = np.zeros((len(arms) + 1, len(arms)), dtype=np.int64)
    row = {arm: place for place, arm in enumerate(arms)}
    for guess, arm in zip(guessed, assigned, strict=True):
        counts[len(arms) if guess is None else row[str(guess)], row[str(arm)]] += 1
    return GuessTable(tuple(arms), counts)


def james_index(table: GuessTable) -> Estimate:
    """Return James's index over all arms.

    BI = (1 + P_DK + (1 - P_DK) K) / 2 with K = (P_o - P_e) / P_e, where P_o is the weighted disagreement of
    guess and arm among those who guessed, and P_e what their margins alone would give. Weights: 0 for a
    right guess, 0.5 for a wrong one, 1 for "don't know". The variance is the multinomial delta method's.

    Returns
    -------
    Estimate
        Not estimable where nobody guessed two different arms, or all who guessed were in one.
    """
    total = int(table.counts.sum())
    if total == 0:
        return not_estimable("nobody was asked", method=JAMES)
    shares = table.counts / total
    if not shares[:-1].any():
        return Estimate(
            1.0, n=total, method=JAMES, reason="interval not estimable: nobody guessed, all said “don't know”"
        )
    value, gradient = _james(shares)
    if not math.isfinite(value):
        return not_estimable("all guesses fall into one arm", n=total, method=JAMES)
    mean = float((gradient * shares).sum())
    variance = float((gradient**2 * shares).sum() - mean**2) / total
    return with_interval(value, math.sqrt(max(variance, 0.0)), n=total, method=JAMES, low=0.0, high=1.0)


def bang_index(table: GuessTable, arm: str) -> Estimate:
    """Return Bang's index of one arm.

    BI = (right - wrong) / n for two arms. For k arms a wrong guess counts 1 / (k - 1), so that random guesses
    give 0 as well; the source has two. The variance is that of a multinomial share.
    """
    place = table.arms.index(arm)
    column = table.counts[:, place]
    total = int(column.sum())
    if total == 0:
        return not_estimable(f"nobody of {arm} was guessed", method=BANG)
    weights = np.full(len(column), -1.0 / (len(table.arms) - 1))
    weights[place], weights[-1] = 1.0, 0.0
    shares = column / total
    value = float((weights * shares).sum())
    variance = float((weights**2 * shares).sum() - value**2) / total
    return with_interval(value, math.sqrt(max(variance, 0.0)), n=total, method=BANG, low=-1.0, high=1.0)


def _james(shares: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Return the index and its derivative by every share of the table.

    With q the share that guessed, o the shares of wrong guesses, r and c the margins of guesses and of arms
    among those who guessed: P_o / P_e = q o / e with e = sum over different arms of r_j c_k, since 0.5
    cancels. So BI = (2 - q + q (q o / e - 1)) / 2 = 1 - q + q^2 o / (2 e).
    """
    guessed = shares[:-1]
    off = ~np.eye(len(guessed), dtype=bool)
    rows, columns = guessed.sum(axis=1), guessed.sum(axis=0)
    share, wrong = float(guessed.sum()), float(guessed[off].sum())
    expected = float(rows.sum() * columns.sum() - (rows * columns).sum())
    if expected <= 0:
        return math.nan, np.zeros_like(shares)
    value = 1.0 - share + share**2 * wrong / (2.0 * expected)
    # by a cell (j, k): its guess margin meets all other arms' margins, and its arm margin all other guesses'
    by_expected = (columns.sum() - columns)[:, None] + (rows.sum() - rows)[None, :]
    by_cell = -1.0 + share * wrong / expected + share**2 / (2.0 * expected) * off
    by_cell = by_cell - share**2 * wrong / (2.0 * expected**2) * by_expected
    return value, np.vstack([by_cell, np.zeros(len(guessed))])
