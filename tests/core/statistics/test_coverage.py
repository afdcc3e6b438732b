"""Do 95 % intervals hold the truth in 95 % of samples? docs/statistics.md reports the long (soak) runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import norm

from core.statistics.accuracy import auc, clustered_proportion, proportion
from core.statistics.agreement import clustered_kappa, cohen_kappa, cross_table
from core.statistics.binormal import binormal_roc
from core.statistics.bootstrap import bootstrap_sums
from core.statistics.estimate import Estimate
from core.statistics.multirater import gwet_ac, rating_counts
from core.statistics.quantitation import bland_altman, concordance, deming, passing_bablok, pearson
from core.statistics.reliability import icc, krippendorff_alpha
from core.statistics.sums import chance_sums, icc_sums, kappa_sums

N = 60
CUTS = norm.ppf([0.15, 0.4, 0.65, 0.85])
RHO = 0.8
# each animal gives this many units in the clustered samples
PER_ANIMAL = 4
# the demo study's: 60 lesions of 30 animals
FEW_ANIMALS, LESIONS_EACH = 30, 2
INTRA = 0.5
Sample = Callable[[np.random.Generator, int], tuple[np.ndarray, ...]]


@dataclass(frozen=True)
class Count:
    """How many of the intervals held the truth."""

    held: int
    intervals: int
    samples: int

    @property
    def share(self) -> float:
        return self.held / self.intervals

    def __str__(self) -> str:
        missing = self.samples - self.intervals
        return (
            f"{self.held} of {self.intervals} held ({self.share:.4f}), {missing} samples without an interval"
        )


def covered(make: Callable[[np.random.Generator], Estimate], truth: float, samples: int, seed: int) -> Count:
    rng = np.random.default_rng(seed)
    found = [make(rng) for _ in range(samples)]
    held = [e.ci_low <= truth <= e.ci_high for e in found if np.isfinite(e.ci_low)]
    # an interval that is missing has not held the truth, but must be rare for the share to mean anything
    assert len(held) > 0.98 * samples
    return Count(int(np.sum(held)), len(held), samples)


def two_raters(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Five-point scores of two raters from one trait, each with error."""
    trait = rng.normal(0, np.sqrt(RHO), n)
    return tuple(np.digitize(trait + rng.normal(0, np.sqrt(1 - RHO), n), CUTS) for _ in range(2))


def clustered_raters(
    rng: np.random.Generator, animals: int, each: int = PER_ANIMAL
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same with traits and disagreements shared within an animal."""
    owner = np.repeat(np.arange(animals), each)

    def shared(scale: float) -> np.ndarray:
        of_animal = rng.normal(0, scale * np.sqrt(INTRA), animals)[owner]
        return of_animal + rng.normal(0, scale * np.sqrt(1 - INTRA), len(owner))

    trait = shared(np.sqrt(RHO))
    return (*(np.digitize(trait + shared(np.sqrt(1 - RHO)), CUTS) for _ in range(2)), owner)


def binormal(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    positive = np.arange(n) < n // 2
    return rng.normal(0, 1, n) + 1.2 * positive, positive


def clustered_binormal(rng: np.random.Generator, animals: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    owner = np.repeat(np.arange(animals), PER_ANIMAL)
    positive = owner % 2 == 0
    score = rng.normal(0, np.sqrt(INTRA), animals)[owner] + rng.normal(0, np.sqrt(1 - INTRA), len(owner))
    return score + 1.2 * positive, positive, owner


def clustered_hits(rng: np.random.Generator, animals: int) -> tuple[np.ndarray, np.ndarray]:
    """Detections with a probability of 0.7 and an intra-cluster correlation of 0.5 (beta-binomial)."""
    a = (1 - INTRA) / INTRA
    chance = rng.beta(0.7 * a, 0.3 * a, animals)
    owner = np.repeat(np.arange(animals), PER_ANIMAL)
    return rng.random(len(owner)) < chance[owner], owner


def lines(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    truth = rng.uniform(2, 20, n)
    return truth + rng.normal(0, 1, n), 0.9 * truth + rng.normal(0, 1, n)


def rated(rng: np.random.Generator, n: int) -> np.ndarray:
    return rng.normal(0, np.sqrt(RHO), (n, 1)) + rng.normal(0, np.sqrt(1 - RHO), (n, 2))


def long_run(value: Callable[[np.random.Generator], float]) -> float:
    """The truth a coefficient estimates, from one sample so long that its error does not matter."""
    return value(np.random.default_rng(123))


def kappa_of(weights: str):
    truth = long_run(
        lambda rng: cohen_kappa(cross_table(*two_raters(rng, 4_000_000), 5), weights).estimate.value
    )
    return lambda rng: cohen_kappa(cross_table(*two_raters(rng, N), 5), weights).estimate, truth


def clustered_kappa_of(weights: str, clustered: bool):
    def value(rng: np.random.Generator) -> float:
        first, second, _ = clustered_raters(rng, 1_000_000)
        return cohen_kappa(cross_table(first, second, 5), weights).estimate.value

    def make(rng: np.random.Generator) -> Estimate:
        first, second, owner = clustered_raters(rng, N)
        if clustered:
            return clustered_kappa(first, second, 5, weights, clusters=owner)
        return cohen_kappa(cross_table(first, second, 5), weights).estimate

    return make, long_run(value)


def ac1():
    def coefficient(rng: np.random.Generator, n: int) -> Estimate:
        return gwet_ac(rating_counts(np.column_stack(two_raters(rng, n)), 5))

    return lambda rng: coefficient(rng, N), long_run(lambda rng: coefficient(rng, 2_000_000).value)


def alpha():
    def coefficient(rng: np.random.Generator, n: int) -> Estimate:
        return krippendorff_alpha(np.column_stack(two_raters(rng, n)), "nominal")

    return lambda rng: coefficient(rng, N), long_run(lambda rng: coefficient(rng, 1_000_000).value)


def shared_within_animals(
    rng: np.random.Generator, animals: int, each: int = PER_ANIMAL
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of two raters; the unit's trait and each rater's error are shared within an animal by half."""
    owner = np.repeat(np.arange(animals), each)

    def shared(scale: float, raters: int) -> np.ndarray:
        of_animal = rng.normal(0, scale * np.sqrt(INTRA), (animals, raters))[owner]
        return of_animal + rng.normal(0, scale * np.sqrt(1 - INTRA), (len(owner), raters))

    return shared(np.sqrt(RHO), 1) + shared(np.sqrt(1 - RHO), 2), owner


def icc_booted(animals: int, each: int):
    def make(rng: np.random.Generator) -> Estimate:
        values, owner = shared_within_animals(rng, animals, each)
        return bootstrap_sums(icc_sums(values, owner)["ICC(2,1)"], clustered=True)

    return make, RHO


def booted(weights: str, animals: int = N, each: int = PER_ANIMAL):
    """The bootstrap of a kappa: of units, and of animals."""

    def of_units(rng: np.random.Generator) -> Estimate:
        return bootstrap_sums(kappa_sums(*two_raters(rng, N), 5, weights, np.arange(N)), clustered=False)

    def of_animals(rng: np.random.Generator) -> Estimate:
        first, second, owner = clustered_raters(rng, animals, each)
        return bootstrap_sums(kappa_sums(first, second, 5, weights, owner), clustered=True)

    return of_units, of_animals


def ac1_booted(rng: np.random.Generator) -> Estimate:
    first, second, owner = clustered_raters(rng, N)
    codes = np.column_stack([first, second])
    return bootstrap_sums(chance_sums(codes, 5, "gwet", "unweighted", owner), clustered=True)


def coarse(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The binormal scores in five categories."""
    scores, positive = binormal(rng, n)
    return np.digitize(scores, [-0.5, 0.3, 0.9, 1.6]), positive


AREA = float(norm.cdf(1.2 / np.sqrt(2)))
CASES: dict[str, Callable[[], tuple[Callable[[np.random.Generator], Estimate], float]]] = {
    "kappa unweighted": lambda: kappa_of("unweighted"),
    "kappa linear": lambda: kappa_of("linear"),
    "kappa quadratic": lambda: kappa_of("quadratic"),
    "AC1": ac1,
    "alpha nominal": alpha,
    "AUC": lambda: (lambda rng: auc(*binormal(rng, N)), AREA),
    "sensitivity": lambda: (lambda rng: proportion(int(rng.binomial(N, 0.7)), N), 0.7),
    "ICC(1,1)": lambda: (lambda rng: icc(rated(rng, N))[0].estimate, RHO),
    "ICC(2,1)": lambda: (lambda rng: icc(rated(rng, N))[1].estimate, RHO),
    "ICC(3,1)": lambda: (lambda rng: icc(rated(rng, N))[2].estimate, RHO),
    "Deming slope": lambda: (lambda rng: deming(*lines(rng, N)).slope, 0.9),
    "Passing-Bablok slope": lambda: (lambda rng: passing_bablok(*lines(rng, N)).slope, 0.9),
    "Pearson": lambda: (lambda rng: pearson(*rated(rng, N).T).estimate, RHO),
    "CCC": lambda: (lambda rng: concordance(*rated(rng, N).T), RHO),
    # the difference of two ratings with error variance 0.2 each has SD sqrt(0.4)
    "Bland-Altman bias": lambda: (lambda rng: bland_altman(*rated(rng, N).T).bias, 0.0),
    "Bland-Altman upper limit": lambda: (
        lambda rng: bland_altman(*rated(rng, N).T).upper,
        1.96 * np.sqrt(0.4),
    ),
    "kappa clustered": lambda: clustered_kappa_of("unweighted", clustered=True),
    "quadratic kappa clustered": lambda: clustered_kappa_of("quadratic", clustered=True),
    "AUC clustered": lambda: (
        lambda rng: auc(*clustered_binormal(rng, N)),
        AREA,
    ),
    "binormal AUC": lambda: (lambda rng: binormal_roc(*coarse(rng, N)).auc, AREA),
    "kappa quadratic, bootstrap": lambda: (booted("quadratic")[0], kappa_of("quadratic")[1]),
    "kappa unweighted clustered, bootstrap": lambda: (
        booted("unweighted")[1],
        clustered_kappa_of("unweighted", clustered=True)[1],
    ),
    "kappa quadratic clustered, bootstrap": lambda: (
        booted("quadratic")[1],
        clustered_kappa_of("quadratic", clustered=True)[1],
    ),
    "AC1 clustered, bootstrap": lambda: (ac1_booted, ac1()[1]),
    "ICC(2,1) clustered, bootstrap": lambda: icc_booted(N, PER_ANIMAL),
    "kappa unweighted, 30 animals, bootstrap": lambda: (
        booted("unweighted", FEW_ANIMALS, LESIONS_EACH)[1],
        clustered_kappa_of("unweighted", clustered=True)[1],
    ),
    "kappa quadratic, 30 animals, bootstrap": lambda: (
        booted("quadratic", FEW_ANIMALS, LESIONS_EACH)[1],
        clustered_kappa_of("quadratic", clustered=True)[1],
    ),
    "ICC(2,1), 30 animals, bootstrap": lambda: icc_booted(FEW_ANIMALS, LESIONS_EACH),
    "sensitivity clustered": lambda: (lambda rng: clustered_proportion(*clustered_hits(rng, N)), 0.7),
}
NAIVE: dict[str, Callable[[], tuple[Callable[[np.random.Generator], Estimate], float]]] = {
    "kappa": lambda: clustered_kappa_of("unweighted", clustered=False),
    "ICC(2,1)": lambda: (lambda rng: icc(shared_within_animals(rng, N)[0])[1].estimate, RHO),
    "quadratic kappa": lambda: clustered_kappa_of("quadratic", clustered=False),
    "AUC": lambda: (lambda rng: auc(*clustered_binormal(rng, N)[:2]), AREA),
    "sensitivity": lambda: (
        lambda rng: proportion(int(clustered_hits(rng, N)[0].sum()), N * PER_ANIMAL),
        0.7,
    ),
}


@pytest.mark.soak
@pytest.mark.parametrize("name", CASES)
def test_intervals_hold_in_93_to_97_of_100_samples(name, record_property):
    make, truth = CASES[name]()
    count = covered(make, truth, 4000, seed=17)
    record_property("coverage", str(count))
    print(f"\n{name}: {count}")
    # the normal interval of a quadratic kappa falls short at this size: docs/statistics.md says so
    assert (0.92 if name == "kappa quadratic" else 0.93) <= count.share <= 0.97


@pytest.mark.soak
@pytest.mark.parametrize("name", NAIVE)
def test_intervals_that_ignore_the_animal_fail(name):
    make, truth = NAIVE[name]()
    count = covered(make, truth, 2000, seed=18)
    print(f"\n{name}, animals ignored: {count}")
    assert count.share < 0.93


@pytest.mark.parametrize("name", ["AUC", "ICC(2,1)", "Deming slope", "sensitivity clustered"])
def test_intervals_hold_roughly_in_a_short_run(name):
    make, truth = CASES[name]()
    assert 0.90 <= covered(make, truth, 300, seed=19).share <= 0.99
