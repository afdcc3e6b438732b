"""The methods text of a report, filled from what was really done."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.export.report.blocks import Block, Heading, Paragraph, grid
from core.export.report.plots import field_name
from core.reading.protocol import Protocol
from core.statistics.analysis import Analysis, HowMade
from core.statistics.bootstrap import DRAWS, MOST_CLUSTERS
from core.statistics.linking import SMALL_MM, THRESHOLD
from core.statistics.order import visit_key
from core.statistics.study_groups import FREE
from core.study.records import StudyData
from core.version import program_version

# what a name of a fit does not say by itself; docs/relaxometry.md tells how
_FITS = {
    "": "an unrecorded method",
    "auto": "least squares where every echo is far above the noise, else maximum likelihood (“auto”),",
}


def methods(study: StudyData, analysis: Analysis) -> list[Block]:
    """Return the methods chapter: scans, iron, reading, statistics, program."""
    return [
        Heading("Methods"),
        Heading("Subjects and scans", 2),
        Paragraph(_scans(study)),
        Heading("R2* and iron", 2),
        Paragraph(_iron(analysis.made.values())),
        Heading("Reading", 2),
        *_reading(study),
        *_beside_reading(study),
        *_overruled(study),
        Heading("Statistics", 2),
        Paragraph(_statistics(study, analysis)),
    ]


def _scans(study: StudyData) -> str:
    subjects = {scan.subject: scan.group for scan in study.scans}
    per_group = Counter(subjects.values())
    groups = _listed(f"{group} ({count})" for group, count in sorted(per_group.items()))
    fields = _listed(field_name(f) for f in sorted({scan.field_t for scan in study.scans}, reverse=True))
    visits = _listed(sorted({scan.visit for scan in study.scans}, key=visit_key))
    kinds = Counter(target.kind for target in study.targets)
    targets = _listed(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(kinds.items()))
    text = (
        f"{_count(len(subjects), 'subject')} in {_count(len(per_group), 'group')}: {groups}. "
        f"{_count(len(study.scans), 'scan')} at {fields}; visits: {visits}. "
    )
    text += (
        f"The reference standard names {targets}. "
        if targets
        else "There is no reference standard of targets. "
    )
    samples = len(study.icpms)
    return text + (f"ICP-MS: {_count(samples, 'sample')}." if samples else "There are no ICP-MS values.")


def _iron(made: Iterable[HowMade]) -> str:
    """Say how R2* and iron were made, from the facts kept with the maps of every scan that was read."""
    fields: dict[float, list[HowMade]] = {}
    for scan in made:
        fields.setdefault(scan.field_t, []).append(scan)
    return " ".join(_iron_at(field, fields[field]) for field in sorted(fields, reverse=True))


def _iron_at(field_t: float, scans: Sequence[HowMade]) -> str:
    fits = Counter(scan.fit_method for scan in scans)
    counts = [len(scan.te_ms) for scan in scans]
    varies = len(set(counts)) > 1
    many = f"{min(counts)} to {max(counts)} echoes" if varies else _count(counts[0], "echo", "echoes")
    times = " to ".join(_span([scan.te_ms[end] for scan in scans], ".2f") for end in (0, -1))
    said = f"At {field_name(field_t)} R2* was fitted by {_of_scans(fits, _FITS)} to {many} ({times} ms)"
    with_iron = [scan.facts for scan in scans if scan.iron]
    if not with_iron:
        return f"{said}; no calibration fits this field, so there is no iron."
    where = Counter(str(facts.get("r2star0", "not recorded")) for facts in with_iron)
    zero = f"{_of_scans(where)}{_given(with_iron, 'r2star0_per_s', '.1f', '1/s', ': ')}"
    slope = _given(with_iron, "iron_ug_per_g_per_r2star", ".4g", "ug/g per 1/s") or "the study's calibration"
    density = _given(with_iron, "density_g_per_ml", "g", "g/mL") or "a density that is not recorded"
    said += f"; iron is R2* less R2*_0 ({zero}) by {slope}, wet tissue of {density}"
    without = len(scans) - len(with_iron)
    return f"{said}; {_count(without, 'scan')} of {len(scans)} have no iron." if without else f"{said}."


def _of_scans(counts: Counter[str], words: Mapping[str, str] | None = None) -> str:
    """Return what the scans have; where they differ, how many have which."""
    named = [((words or {}).get(name, name), count) for name, count in sorted(counts.items())]
    if len(named) == 1:
        return named[0][0]
    return _listed(f"{name.rstrip(',')} ({_count(count, 'scan')})" for name, count in named)


def _given(facts: Sequence[Mapping[str, object]], name: str, form: str, unit: str, before: str = "") -> str:
    """Return the range of a fact over scans with its unit; nothing where no scan has it."""
    values = [float(value) for each in facts if isinstance(value := each.get(name), (int, float))]
    return f"{before}{_span(values, form)} {unit}" if values else ""


def _span(values: Sequence[float], form: str) -> str:
    """Return the least and the most of some values, or one where they read alike."""
    ends = [format(end, form) for end in (min(values), max(values))]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} – {ends[1]}"


def _reading(study: StudyData) -> list[Block]:
    blocks: list[Block] = []
    for protocol in study.protocols.values():
        blocks.append(Paragraph(_protocol(protocol)))
        rows = [
            {"question": question.text, "about": question.about, "answers": _answers(question)}
            for question in protocol.questions
        ]
        headings = {"question": "question", "about": "about", "answers": "answers"}
        blocks.append(
            grid(headings, rows, f"Protocol {protocol.id} {protocol.version}, SHA-256 {protocol.sha256}")
        )
    return blocks


def _overruled(study: StudyData) -> list[Block]:
    """Tell the sessions that came sooner than the protocol asked, and why."""
    told = [
        f"The washout of {facts.rater}'s session {facts.session} was overruled: "
        f"{'no day' if not facts.washout_days else _count_of(facts.washout_days, 'day')} had to pass"
        + ("" if facts.waited_days is None else f", and {_count_of(facts.waited_days, 'day')} had passed")
        + f"; reason: {facts.washout_reason.rstrip('.')}."
        for facts in study.sessions
        if facts.washout_reason
    ]
    return [Paragraph(" ".join(told))] if told else []


def _protocol(protocol: Protocol) -> str:
    steps = _listed(step.title for step in protocol.steps)
    text = (
        "Raters read blinded to subject, group, visit and each other, every case under an alias and in an "
        f"order drawn for each rater and session, by the protocol “{protocol.title}”, version "
        f"{protocol.version}, in the steps {steps}; what a later step shows stayed encrypted until the "
        "earlier one was locked. "
    )
    text += f"Between sessions of a rater at least {_count(protocol.washout_days, 'day')} had to pass. "
    if protocol.conduct.training is not None:
        text += "Training cases with feedback came first. "
    text += f"The field strength of a case was {'shown' if protocol.conduct.shows_field else 'hidden'}. "
    return text.strip()


def _beside_reading(study: StudyData) -> list[Block]:
    """Tell of guesses and third readings where any were collected."""
    told = []
    if any(reading.guesses for reading in study.readings):
        told.append("After the last case raters said what they believed each case to be.")
    if any(reading.adjudicates for reading in study.readings):
        told.append("What two raters disagreed on by the protocol's rule went to a third.")
    return [Paragraph(" ".join(told))] if told else []


def _answers(question: Any) -> str:
    if question.type == "choice":
        return "; ".join(f"{choice.value} {choice.label}" for choice in question.choices)
    return "text" if question.type == "text" else f"number{', ' + question.unit if question.unit else ''}"


def _statistics(study: StudyData, analysis: Analysis) -> str:
    noise = sorted(
        {row["cnr_noise_method"] for row in analysis.tables["reads"].rows if row.get("cnr_noise_method")}
    )
    cnr = f"CNR is of the middle echo; its noise: {_listed(noise)}. " if noise else ""
    adjudicated = sum(reading.adjudicates for reading in study.readings)
    third = (
        f"{_count(adjudicated, 'reading')} by third raters are listed and compared with nobody's. "
        if adjudicated
        else ""
    )
    several_raters = len({reading.rater for reading in study.readings}) > 1
    with_icpms = (
        "Iron by MRI was compared with ICP-MS by Pearson, Spearman, ordinary least squares, Deming, "
        "Passing-Bablok, and bias with limits of agreement. "
        if study.icpms
        else ""
    )
    sessions = (
        "Every session of a rater is compared for itself; iron, CNR and volume of an animal are means of "
        "raters and sessions. "
        if len({reading.session for reading in study.readings}) > 1
        else ""
    )
    agreement = (
        "Agreement is Cohen's kappa with the standard error of Fleiss, Cohen and Everitt (1969), unweighted "
        "and with linear and quadratic weights for ordered scores; intervals take animals as clusters where "
        "there are several; beside it AC1, AC2, Krippendorff's alpha and ICC. Every coefficient of "
        "agreement also has a bootstrap interval (bias-corrected and accelerated, whole animals drawn "
        f"{DRAWS} times, quantiles expanded for their number; a jackknife of more than {MOST_CLUSTERS}). "
        "Regions are compared by Dice, Jaccard, voxel-wise kappa in a stated region and 95 % Hausdorff "
        "distance. "
        if several_raters or sessions or any(reading.repeat_of for reading in study.readings)
        else ""
    )
    alone = "" if several_raters else "One rater alone read, so raters were not compared. "
    return (
        f"{agreement}{_accuracy(study, several_raters)}{alone}{cnr}{third}Statistics compare first readings. "
        f"{sessions}{with_icpms}{_iron_intervals(analysis)}{_groups(analysis)}{_blinding(analysis)}"
        "Intervals are of 95 %. Everything was computed by "
        f"FerroRead {program_version()}; libraries and hashes are in analysis.json."
    )


def _accuracy(study: StudyData, several_raters: bool) -> str:
    """Tell how readings were compared with the reference standard, where there is one."""
    if not study.targets:
        return ""
    between = (
        "; several raters and fields were compared by Obuchowski and Rockette's method"
        if several_raters
        else ""
    )
    return (
        "Marks were matched to targets one to one within the target's radius, or 2 mm where that is less; "
        f"what was not marked scores 1. Scores of {THRESHOLD:g} and more call a lesion present and a node "
        f"malignant; lesions under {SMALL_MM:g} mm are small. AUC is empirical with DeLong's or Obuchowski's "
        f"clustered variance{between}. "
    )


def _rows(analysis: Analysis, name: str) -> Sequence[Mapping[str, Any]]:
    """Return the rows of a table, none where there is no such table."""
    return analysis.tables[name].rows if name in analysis.tables else ()


def _iron_intervals(analysis: Analysis) -> str:
    """Tell how intervals of iron agreement came about where animals gave several samples."""
    if not any("animals" in str(row.get("method")) for row in _rows(analysis, "iron_agreement")):
        return ""
    return (
        "Intervals of iron agreement leave out each animal in turn (jackknife, Student's t), as animals gave "
        "several samples. "
    )


def _groups(analysis: Analysis) -> str:
    """Tell the tests between groups and of time to progression that were done."""
    done = {row["test"] for row in _rows(analysis, "groups") if math.isfinite(row["p"])}
    pairs = {row["test"] for row in _rows(analysis, "groups") if math.isfinite(row["p_adjusted"])}
    told = ""
    if done:
        told = f"Groups were compared at each field and visit, an animal a unit ({'; '.join(sorted(done))}). "
    if pairs:
        told += f"For several pairs of groups p was adjusted ({'; '.join(sorted(pairs))}). "
    steps = _rows(analysis, "survival")
    if any(row["quantity"] == FREE for row in steps):
        told += "Time to progression is by Kaplan-Meier with log-log intervals. "
    if any(row["quantity"] == "log-rank test" and math.isfinite(row["p"]) for row in steps):
        told += "Groups' times were compared by the log-rank test. "
    return told


def _blinding(analysis: Analysis) -> str:
    """Tell by which indices guesses were judged."""
    found = sorted({row["index"] for row in _rows(analysis, "blinding") if math.isfinite(row["value"])})
    return f"Blinding was judged by the index of {_listed(found)}. " if found else ""


def _listed(words: Iterable[str]) -> str:
    found: Sequence[str] = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _count_of(number: float, one: str) -> str:
    """Return how many there are of what can be counted in parts."""
    return f"{number:.3g} {one if number == 1 else one + 's'}"
