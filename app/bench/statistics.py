"""How long every table of an analysis takes on 100,000 answers, and the bootstraps of a smaller study.

The study is drawn: two raters, two fields, two visits, animals with lesions and nodes. Pictures play no
part; each reading has its numbers as if they had been measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np

from app.workers import fit_threads
from core.progress import Progress
from core.reading.protocol import load_protocol
from core.reading.reading import Mark
from core.statistics.analysis import table_makers
from core.statistics.linking import LinkedReading, Measures, link
from core.statistics.listings import Table
from core.statistics.study_agreement import agreement_table
from core.study.records import IcpMs, Scan, SignedReading, StudyData, Target

ANSWERS = 100_000
DRAWN = 20_000
LIMIT_S = 2.0
_RATERS = ("Rater A", "Rater B")
_FIELDS = (3.0, 0.064)
_VISITS = ("baseline", "24 h")
_GROUPS = ("vehicle", "MNP", "MNP + magnet")
_LESIONS, _NODES = 8, 4
_PROTOCOL = Path(__file__).resolve().parents[2] / "resources" / "protocols" / "tumour-and-nodes.yaml"


def measure(progress: Progress) -> dict[str, Any]:
    """Measure every table in s, and agreement with all its bootstraps on one thread and on two.

    Returns
    -------
    dict
        "answers"; "tables": by name "seconds" and "cpu_seconds"; "slowest"; "bootstrap": "animals",
        "coefficients", "seconds" by number of threads, "same": whether both gave the same intervals.
    """
    study, linked, numbers = drawn_study(ANSWERS)
    makers = table_makers(study, linked, numbers)
    made: dict[str, Table] = {}
    times: dict[str, dict[str, float]] = {}
    for done, (name, make) in enumerate(makers.items()):
        progress.report(done / (len(makers) + 1), name)
        start, used = perf_counter(), process_time()
        made[name] = make(made)
        times[name] = {"seconds": perf_counter() - start, "cpu_seconds": process_time() - used}
    progress.report(len(makers) / (len(makers) + 1), "bootstrap")
    return {
        "answers": sum(len(case.reading.answers) for case in linked),
        "tables": times,
        "slowest": max(times, key=lambda name: times[name]["seconds"]),
        "bootstrap": _bootstraps(),
    }


def told(found: dict[str, Any]) -> str:
    """Return the result for a person."""
    lines = [f"{found['answers']} answers, limit {LIMIT_S:g} s a table"]
    for name, times in sorted(found["tables"].items(), key=lambda entry: -entry[1]["seconds"]):
        lines.append(f"{name:30}{times['seconds']:9.2f} s (processor {times['cpu_seconds']:.2f} s)")
    drawn = found["bootstrap"]
    draws = ", ".join(f"{n} thread(s) {s:.1f} s" for n, s in drawn["seconds"].items())
    same = "the same intervals" if drawn["same"] else "different intervals"
    what = f"agreement, {drawn['coefficients']} bootstraps of {drawn['animals']} animals"
    return "\n".join([*lines, f"{what}: {draws}; {same}"])


def drawn_study(answers: int) -> tuple[StudyData, list[LinkedReading], dict[int, Measures]]:
    """Draw a study with at least so many answers; seeded."""
    rng = np.random.default_rng(1)
    protocol = load_protocol(_PROTOCOL)
    targets: list[Target] = []
    scans: list[Scan] = []
    readings: list[SignedReading] = []
    icpms: list[IcpMs] = []
    given = number = 0
    while given < answers:
        number += 1
        subject, group = f"M{number:04d}", _GROUPS[number % len(_GROUPS)]
        own = _targets(rng, subject)
        targets += own
        for visit in _VISITS:
            icpms.append(IcpMs(subject, visit, float(rng.gamma(4, 2))))
            for field_t in _FIELDS:
                scan = Scan(f"{subject}-{visit}-{field_t:g}", subject, group, visit, field_t)
                scans.append(scan)
                readings += [_reading(rng, rater, scan, own, protocol.sha256) for rater in _RATERS]
        given = sum(len(reading.answers) for reading in readings) if number % 20 == 0 else given
    data = StudyData(
        tuple(readings), {protocol.sha256: protocol}, tuple(scans), tuple(targets), tuple(icpms), _no_images
    )
    linked = link(readings, targets)
    return data, linked, {place: _measures(rng) for place in range(len(linked))}


def _no_images(scan_id: str) -> Any:
    raise AssertionError(f"the bench has no pictures of {scan_id}")


def _targets(rng: np.random.Generator, subject: str) -> list[Target]:
    # a third of the animals has no lesion, so that there are cases to call clean
    lesions = 0 if rng.random() < 1 / 3 else _LESIONS
    kinds = ["lesion"] * lesions + ["node"] * _NODES
    found = []
    for place, kind in enumerate(kinds):
        centre = (10.0 * place, float(rng.uniform(0, 50)), float(rng.uniform(0, 20)))
        malignant = kind == "lesion" or bool(rng.random() < 0.5)
        found.append(
            Target(subject, f"{kind[0]}{place}", kind, malignant, float(rng.uniform(1.6, 5)), centre)
        )
    return found


def _reading(
    rng: np.random.Generator, rater: str, scan: Scan, targets: list[Target], protocol: str
) -> SignedReading:
    marks: dict[str, Mark] = {}
    answers: dict[tuple[str, str | None], int] = {("margin_conspicuity", None): int(rng.integers(1, 6))}

    def mark(kind: Any, place: tuple[float, ...], scores: dict[str, int]) -> None:
        mark_id = f"m{len(marks)}"
        marks[mark_id] = Mark(mark_id, kind, (place[0], place[1], place[2]))
        answers.update({(question, mark_id): score for question, score in scores.items()})

    for target in targets:
        sure = int(np.clip(rng.normal(3.5 if target.malignant else 2.0, 1.2), 1, 5))
        place = target.centre_mm or (0.0, 0.0, 0.0)
        if target.kind == "node":
            pattern = int(np.clip(sure + rng.integers(-1, 2), 1, 5))
            mark("node", place, {"node_suspicion": sure, "node_pattern": pattern})
        elif rng.random() < 0.8:
            mark("lesion", place, {"detection_confidence": sure})
    for _ in range(int(rng.integers(0, 3))):
        mark(
            "lesion",
            (-50.0, float(rng.uniform(0, 50)), 0.0),
            {"detection_confidence": int(rng.integers(1, 4))},
        )
    alias = f"{rater[-1]}-{scan.scan_id}"
    return SignedReading(
        rater, 1, alias, f"kit-{rater}", scan.scan_id, scan.subject, scan.group, scan.visit, scan.field_t,
        "2026-01-01T00:00:00Z", answers, marks, {}, dict.fromkeys(answers, 5.0), 60.0, protocol,
    )  # fmt: skip


@dataclass(frozen=True)
class _Numbers(Measures):
    """Numbers of a reading that were drawn, not measured."""

    drawn: Mapping[str, float] = field(default_factory=dict)

    def number(self, item: str) -> float:
        """Return one of `linking.MEASURES`."""
        return self.drawn[item]

    def iron_of_tumour(self) -> float:
        """Return the tumour's mean iron in ug/g."""
        return self.number("iron_ug_per_g")


def _measures(rng: np.random.Generator) -> Measures:
    iron = float(rng.gamma(4, 2))
    drawn = {"tumour_volume_mm3": rng.gamma(9, 30), "r2star_per_s": 30 + 6 * iron, "iron_ug_per_g": iron}
    return _Numbers({}, {}, {}, 1.0, None, 10.0, drawn={**drawn, "cnr": rng.normal(5, 1)})


def _bootstraps() -> dict[str, Any]:
    # of so many animals each is still drawn, not only left out once
    study, linked, numbers = drawn_study(DRAWN)
    seconds, found = {}, []
    for threads in (1, 2):
        with fit_threads(threads):
            start = perf_counter()
            found.append(agreement_table(linked, numbers, tuple(study.protocols.values())))
            seconds[str(threads)] = perf_counter() - start
    limits = [[row.get("bootstrap_ci_low") for row in table.rows] for table in found]
    animals = len({case.reading.subject for case in linked})
    return {
        "animals": animals,
        "coefficients": len(found[0].rows),
        "seconds": seconds,
        "same": np.array_equal(*np.array(limits, dtype=np.float64), equal_nan=True),
    }
