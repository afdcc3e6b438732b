"""The analysis of a study: from signed readings to every table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import InputError
from core.progress import Part, Progress, Silent
from core.statistics.linking import NO_MEASURES, LinkedReading, Measures, link, measure
from core.statistics.listings import (
    Table,
    answers_table,
    margins_table,
    measurements_table,
    reads_table,
    rois_table,
)
from core.statistics.study_accuracy import accuracy_table, detection_table, froc_table, mrmc_table
from core.statistics.study_agreement import (
    agreement_table,
    check_stopped,
    consensus_table,
    roi_agreement_table,
    roi_summary_table,
)
from core.statistics.study_blinding import (
    adjudication_table,
    blinding_table,
    guesses_table,
    sessions_table,
    training_table,
)
from core.statistics.study_comparisons import comparisons_table
from core.statistics.study_groups import groups_table, survival_table, table_1b, table_3
from core.statistics.study_inputs import animals_table, iron_table, ratings_table, scores_table
from core.statistics.study_tables import iron_agreement_table, iron_reads, table_1a, table_2
from core.study.records import ScanImages, StudyData


@dataclass(frozen=True, eq=False)
class HowMade:
    """How the maps of a scan were made, as far as its pictures tell."""

    field_t: float
    te_ms: tuple[float, ...]
    fit_method: str
    iron: bool
    facts: Mapping[str, object]

    @classmethod
    def of(cls, images: ScanImages, field_t: float) -> HowMade:
        """Return what a scan's pictures and the facts kept with them tell."""
        has_iron = images.iron_ug_per_g is not None
        return cls(field_t, tuple(images.echoes.te_ms), images.fit_method, has_iron, images.facts)


@dataclass(frozen=True, eq=False)
class Analysis:
    """All tables by the file they are written to, without ".csv", and what they were made from.

    `made` has every scan that was read, by its id.
    """

    tables: Mapping[str, Table]
    counts: Mapping[str, int]
    made: Mapping[str, HowMade]


@dataclass(frozen=True, eq=False)
class Measured:
    """A study's readings beside the reference standard: everything that tables are made from.

    Parameters
    ----------
    study : StudyData
    linked : tuple of LinkedReading
        All its readings, those that are compared first.
    measures : mapping of place in `linked` to Measures
    made : mapping of scan id to HowMade
        Of every scan that was read.
    """

    study: StudyData
    linked: tuple[LinkedReading, ...]
    measures: Mapping[int, Measures]
    made: Mapping[str, HowMade]

    @property
    def counts(self) -> dict[str, int]:
        """How many readings, raters, scans and targets there are, and what is left out of them."""
        return _counts(self.study, self.linked)


def analyse(study: StudyData, progress: Progress | None = None) -> Analysis:
    """Compute every table of a study.

    Parameters
    ----------
    study : StudyData
        Signed readings with everything they are compared with. Pictures are read scan by scan.
    progress : Progress, optional
        Told after every scan; cancelled() stops with InputError.

    Raises
    ------
    InputError
        If no reading was collected yet.
    StoreError
        If a picture is missing or damaged.
    """
    return tabulate(measure_all(study, progress), progress)


def measure_all(study: StudyData, progress: Progress | None = None) -> Measured:
    """Link every reading to the reference standard and measure its regions, as `analyse` does."""
    if not study.readings:
        raise InputError("no signed reading was collected yet; take kits in with `ferroread study collect`")
    # those that are compared first, so that their places are the same in both
    everything = link(sorted(study.readings, key=lambda each: each.adjudicates), study.targets)
    measures, made = _measures(study, everything, progress or Silent())
    return Measured(study, tuple(everything), measures, made)


def tabulate(found: Measured, progress: Progress | None = None) -> Analysis:
    """Compute every table from what was measured, as `analyse` does."""
    step = Part(progress or Silent())
    tables: dict[str, Table] = {}
    makers = table_makers(found.study, found.linked, found.measures, step)
    for done, (name, make) in enumerate(makers.items()):
        check_stopped(step)
        step.low, step.high = (0.7 + 0.3 * place / len(makers) for place in (done, done + 1))
        step.report(0.0, name.removeprefix("tables/"))
        tables[name] = make(tables)
    return Analysis(tables, found.counts, found.made)


def table_makers(
    study: StudyData,
    everything: Sequence[LinkedReading],
    measures: Mapping[int, Measures],
    progress: Progress | None = None,
) -> dict[str, Callable[[Mapping[str, Table]], Table]]:
    """Return what makes each table, by its name, in an order in which it can be made.

    Each takes the tables made before it; some are told from others.

    Parameters
    ----------
    study : StudyData
    everything : sequence of LinkedReading
        All readings, those that are compared first.
    measures : mapping of place in `everything` to Measures
    progress : Progress, optional
        Told after every item of agreement, with its bootstraps; cancelled() stops with InputError.
    """
    linked, protocols = compared(everything), tuple(study.protocols.values())
    iron = iron_reads(linked, measures)
    return {
        "answers": lambda _: answers_table(everything, measures, study.protocols),
        "measurements": lambda _: measurements_table(everything, study.protocols),
        "reads": lambda _: reads_table(everything, measures, protocols),
        "rois": lambda _: rois_table(everything, measures),
        "margins": lambda _: margins_table(everything, measures),
        "agreement": lambda _: agreement_table(linked, measures, protocols, progress),
        "roi_agreement": lambda _: roi_agreement_table(linked),
        "roi_agreement_summary": lambda made: roi_summary_table(made["roi_agreement"]),
        "roi_consensus": lambda _: consensus_table(linked),
        "sessions": lambda _: sessions_table(study.sessions),
        "training": lambda _: training_table(study.training),
        "guesses": lambda _: guesses_table(linked),
        "adjudication": lambda _: adjudication_table(everything, study.adjudicated),
        "blinding": lambda _: blinding_table(linked),
        "accuracy": lambda _: accuracy_table(linked),
        "detection": lambda _: detection_table(linked),
        "froc": lambda _: froc_table(linked),
        "mrmc": lambda _: mrmc_table(linked),
        "comparisons": lambda _: comparisons_table(linked),
        "iron_agreement": lambda _: iron_agreement_table(iron, study.icpms),
        "tables/table1a": lambda _: table_1a(iron, study.icpms, study.scans, linked, measures),
        "groups": lambda _: groups_table(linked, measures),
        "survival": lambda _: survival_table(linked, measures),
        "tables/table1b": lambda _: table_1b(linked, measures),
        "tables/table2": lambda _: table_2(linked, measures),
        "tables/table3": lambda made: table_3(made["agreement"], made["accuracy"]),
        "inputs/ratings": lambda _: ratings_table(linked, measures, protocols),
        "inputs/scores": lambda _: scores_table(linked),
        "inputs/animals": lambda _: animals_table(linked, measures),
        "inputs/iron": lambda _: iron_table(iron, study.icpms),
    }


def compared(linked: Sequence[LinkedReading]) -> list[LinkedReading]:
    """Return the readings that statistics compare.

    A third rater has seen only what two disagreed on: such a reading is listed, and compared with nobody's.
    """
    return [case for case in linked if not case.reading.adjudicates]


def _measures(
    study: StudyData, linked: Sequence[LinkedReading], progress: Progress
) -> tuple[dict[int, Measures], dict[str, HowMade]]:
    """Measure all readings of a scan while its pictures are at hand."""
    places: dict[str, list[int]] = {}
    for place, case in enumerate(linked):
        places.setdefault(case.reading.scan_id, []).append(place)
    found: dict[int, Measures] = {}
    made: dict[str, HowMade] = {}
    for done, (scan_id, readings) in enumerate(places.items()):
        check_stopped(progress)
        progress.report(0.7 * done / len(places), "regions")
        images = study.images(scan_id)
        made[scan_id] = HowMade.of(images, linked[readings[0]].reading.field_t)
        for place in readings:
            case = linked[place]
            coils = study.protocols[case.reading.protocol_sha256].coils
            found[place] = NO_MEASURES if case.ended else measure(case.reading, images, coils=coils)
    return found, made


def _counts(study: StudyData, linked: Sequence[LinkedReading]) -> dict[str, int]:
    read = {case.reading.scan_id for case in linked}
    return {
        "readings": len(linked),
        "raters": len({case.reading.rater for case in linked}),
        "scans": len(study.scans),
        "scans_not_read": len({scan.scan_id for scan in study.scans} - read),
        "targets": len(study.targets),
        "targets_without_centre": sum(
            t.kind in ("lesion", "node") and t.centre_mm is None for t in study.targets
        ),
        "unmatched_marks": sum(len(case.unmatched) for case in linked),
        "ended_early": sum(case.ended for case in linked),
        "after_key": sum(case.reading.after_key for case in linked),
        "guessed_after_key": sum(case.reading.guess_after_key for case in linked),
    }
