"""The methods text of a report, filled from what was really done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.export.report.blocks import Block, Heading, Paragraph, grid
from core.export.report.plots import field_name
from core.reading.protocol import Protocol
from core.statistics.analysis import Analysis
from core.statistics.bootstrap import DRAWS, MOST_CLUSTERS
from core.statistics.linking import SMALL_MM, THRESHOLD
from core.statistics.order import visit_key
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
        Paragraph(_iron(study)),
        Heading("Reading", 2),
        *_reading(study),
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


def _iron(study: StudyData) -> str:
    """Say how R2* and iron were made, from the facts kept with the maps of every field's first read scan."""
    first: dict[float, str] = {}
    for reading in study.readings:
        first.setdefault(reading.field_t, reading.scan_id)
    told = []
    for field in sorted(first, reverse=True):
        images = study.images(first[field])
        echoes = images.echoes.te_ms
        facts: Mapping[str, Any] = images.facts
        said = (
            f"At {field_name(field)} R2* was fitted by {_FITS.get(images.fit_method, images.fit_method)} to "
            f"{_count(len(echoes), 'echo', 'echoes')} ({echoes[0]:.2f} to {echoes[-1]:.2f} ms)"
        )
        if images.iron_ug_per_g is None:
            told.append(f"{said}; no calibration fits this field, so there is no iron.")
            continue
        slope = facts.get("iron_ug_per_g_per_r2star")
        by = f"{slope:.4g} ug/g per 1/s" if isinstance(slope, float) else "the study's calibration"
        told.append(
            f"{said}; iron is R2* less R2*_0 ({facts.get('r2star0', 'not recorded')}) by {by}, wet tissue of "
            f"{facts.get('density_g_per_ml', 'unrecorded')} g/mL."
        )
    return " ".join(told)


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
    if protocol.conduct.guess:
        text += "After the last case raters said which group and visit they believed each case to be. "
    if protocol.conduct.adjudication is not None:
        text += "What two raters disagreed on by the protocol's rule went to a third. "
    return text.strip()


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
    between = (
        "several raters and fields were compared by Obuchowski and Rockette's method. "
        if several_raters
        else "One rater alone read, so raters were not compared. "
    )
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
    return (
        f"{agreement}Marks were matched to targets one to one within the target's radius, or 2 mm where that "
        "is less; what was not marked "
        f"scores 1. Scores of {THRESHOLD:g} and more call a lesion present and a node malignant; lesions "
        f"under {SMALL_MM:g} mm are small. AUC is empirical with DeLong's or Obuchowski's clustered "
        f"variance{'; ' if several_raters else '. '}{between}"
        f"{cnr}{third}Statistics compare first readings. {sessions}{with_icpms}"
        f"Intervals are of 95 %. Everything was computed by FerroRead {program_version()}; libraries and "
        "hashes are in analysis.json."
    )


def _listed(words: Iterable[str]) -> str:
    found: Sequence[str] = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} and {found[-1]}" if found else ""


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
