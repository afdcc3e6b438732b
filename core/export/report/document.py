"""The report: chapters, tables and plots in one order, written as HTML, PDF and files of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG

from core.export.report.blocks import (
    Block,
    Grid,
    Heading,
    Paragraph,
    Picture,
    grid,
    interval,
    shown,
    unbroken,
)
from core.export.report.cases import typical_cases
from core.export.report.methods import methods
from core.export.report.plots import all_plots
from core.export.report.printed import as_html, as_pdf
from core.export.report.scripts import StandIns
from core.export.report.style import Plot, styled
from core.export.tables import PLAIN, Profile, write_csv
from core.statistics.analysis import Analysis
from core.statistics.listings import Row, Table
from core.statistics.mrmc import TWO_RATERS
from core.statistics.study_groups import FREE, LAST_SEEN
from core.statistics.study_tables import MEAN_OF_RATERS
from core.study.records import StudyData

TITLE = "Reader study"
_PLOT_DPI = 300
CHECKLISTS = ("GRRAS", "STARD 2015", "CLAIM 2020")


def write_report(
    study: StudyData, analysis: Analysis, out: Path, *, profile: Profile = PLAIN, name: str = ""
) -> None:
    """Write report.html, report.pdf and plots/ (SVG, PNG of 300 dpi, the numbers as CSV) into a folder.

    The same study gives the same bytes.

    Parameters
    ----------
    study : StudyData
    analysis : Analysis
        Of the same study.
    out : Path
        An existing folder.
    profile : Profile
        How the plots' CSV files are written.
    name : str
        The study's name, for the title.
    """
    title = f"{TITLE}: {name}" if name else TITLE
    stand_ins = StandIns()
    with styled():
        plots = {plot.name: plot for plot in all_plots(analysis.tables)}
        cases = typical_cases(study, analysis.tables["roi_agreement"])
        if cases is not None:
            plots[cases.name] = cases
        for plot in plots.values():
            stand_ins.in_figure(plot.figure)
            # laid out once for all its forms
            plot.figure.draw_without_rendering()
            plot.figure.set_layout_engine("none")
            plot.figure.set_dpi(_PLOT_DPI)
        # before the drawings: they leave a figure at their own resolution
        pixels = {
            plot.name: _saved(FigureCanvasAgg(plot.figure).print_png, {"Software": None})
            for plot in plots.values()
        }
        vectors = {
            plot.name: _saved(FigureCanvasSVG(plot.figure).print_svg, {"Date": None, "Creator": None})
            for plot in plots.values()
        }
    folder = out / "plots"
    folder.mkdir()
    for plot in plots.values():
        (folder / f"{plot.name}.svg").write_bytes(vectors[plot.name])
        (folder / f"{plot.name}.png").write_bytes(pixels[plot.name])
        write_csv(folder / f"{plot.name}.csv", plot.data.columns, plot.data.rows, profile=profile)
    blocks = report_blocks(study, analysis, plots)
    as_pdf(out / "report.pdf", title, blocks, pixels, stand_ins=stand_ins, whole="report.html")
    blocks += _stood_for(stand_ins)
    (out / "report.html").write_text(as_html(title, blocks, vectors), encoding="utf-8", newline="\n")


def _saved(printing: Callable[..., object], metadata: Mapping[str, str | None]) -> bytes:
    """Return what a canvas prints; `savefig` would draw the figure twice, for a layout that it has."""
    stream = io.BytesIO()
    printing(stream, metadata=dict(metadata))
    return stream.getvalue()


def report_blocks(study: StudyData, analysis: Analysis, plots: Mapping[str, Plot]) -> list[Block]:
    """Return the report's content; a chapter without anything to say says so."""
    tables = analysis.tables
    numbers = iter(range(1, len(plots) + 1))

    def picture(name: str) -> list[Block]:
        return [Picture(next(numbers), plots[name])] if name in plots else []

    return [
        *_interim(study),
        *methods(study, analysis),
        Heading("Reader flow"),
        *_flow(study, analysis),
        Heading("Agreement between raters"),
        *_agreement(tables["agreement"]),
        *picture("kappa"),
        *picture("agreement"),
        Heading("Regions", 2),
        *_regions(tables["roi_agreement_summary"]),
        *picture("cases"),
        Heading("Accuracy against the reference standard"),
        *_accuracy(tables["accuracy"]),
        *picture("roc"),
        Heading("Lesions and nodes found", 2),
        *_found(tables["detection"]),
        Heading("Fields compared over all raters", 2),
        *_fields(tables["mrmc"]),
        Heading("Iron"),
        *_table_1a(tables["tables/table1a"]),
        Heading("MRI against ICP-MS, and field against field", 2),
        *_iron_agreement(tables["iron_agreement"]),
        *picture("iron"),
        *picture("bland-altman"),
        Heading("Conspicuity and small lesions"),
        *_table_2(tables["tables/table2"]),
        Heading("Groups and time"),
        *_groups(tables["groups"]),
        *picture("groups"),
        *_table_1b(tables["tables/table1b"]),
        *picture("volume-change"),
        *_survival(tables["survival"]),
        *picture("survival"),
        Heading("Blinding"),
        *_blinding(tables["blinding"]),
        *picture("blinding"),
        Heading("Reporting checklists"),
        *_checklists(),
    ]


def _or(found: Grid, otherwise: str) -> list[Block]:
    return [found] if found.rows else [Paragraph(otherwise)]


def _interim(study: StudyData) -> list[Block]:
    dealt = sum(facts.cases for facts in study.sessions)
    missing = sum(max(0, facts.cases - facts.signed) for facts in study.sessions)
    text = f"This is an interim look: {missing} of {dealt} cases dealt are not signed and collected."
    return [Paragraph(text)] if missing else []


def _flow(study: StudyData, analysis: Analysis) -> list[Block]:
    ended = {(r.rater, r.session): 0 for r in study.readings}
    third = dict(ended)
    for reading in study.readings:
        ended[reading.rater, reading.session] += bool(reading.ended)
        third[reading.rater, reading.session] += reading.adjudicates
    rows: list[Row] = []
    for facts in study.sessions:
        key = (facts.rater, facts.session)
        row: Row = {
            name: getattr(facts, name)
            for name in ("rater", "session", "purpose", "cases", "repeats", "signed")
        }
        row |= {"ended": ended.get(key, 0), "adjudicates": third.get(key, 0), "after_key": facts.after_key}
        rows.append({**row, "not_signed": facts.cases - facts.signed})
    headings = {
        "rater": "rater", "session": "session", "purpose": "purpose", "cases": "cases dealt",
        "repeats": "repeats",
        "signed": "signed and collected", "not_signed": "not signed", "ended": "ended early",
        "adjudicates": "as third rater", "after_key": "after the key",
    }  # fmt: skip
    counts = analysis.counts
    text = (
        f"{counts['readings']} signed readings by {counts['raters']} raters were collected; "
        f"{counts['scans_not_read']} of {counts['scans']} scans were read by nobody. "
        f"{counts['ended_early']} readings were ended early and are left out of the statistics, "
        f"and counted there. {counts['unmatched_marks']} marks hit no target; "
        f"{counts['targets_without_centre']} of {counts['targets']} targets have no centre to match."
    )
    if counts["after_key"]:
        text += f" {counts['after_key']} readings were collected after the key had been shown."
    if counts["guessed_after_key"]:
        text += (
            f" The guesses of {counts['guessed_after_key']} readings were collected after the key had been "
            "shown, so the blinding indices do not tell how blinded those were."
        )
    return [
        Paragraph(text),
        *_or(grid(headings, rows, compact=False), "The study keeps no record of its sessions."),
    ]


def _agreement(table: Table) -> list[Block]:
    rows = [
        {**row, "field": _field(row["field_t"]), "interval": interval(row), "clustered":
         interval(row, "cluster_ci_low", "cluster_ci_high"), "reason": _reasons(row)}
        for row in table.rows
        if row["coefficient"] == "kappa" and not row["visit"]
    ]  # fmt: skip
    headings = {
        "item": "item", "raters": "raters", "comparison": "comparison", **_session(rows), "field": "field",
        "weights": "weights",
        "n": "n", "left_out": "left out", "kappa": "kappa", "interval": "95 % interval",
        "clustered": "by animal", "label": "Landis, Koch", "reason": "note",
    }  # fmt: skip
    note = "Per visit, and every other coefficient: agreement.csv."
    return _or(grid(headings, _spaced(rows), note, digits=2), "No two raters can be compared.")


def _regions(table: Table) -> list[Block]:
    rows = [
        {**row, "field": _field(row["field_t"])}
        for row in table.rows
        if not row["visit"] and row["quantity"] in ("dice", "hd95_mm", "volume_difference_percent")
    ]
    headings = {
        "roi": "region", "raters": "raters", "comparison": "comparison", **_session(rows), "field": "field",
        "quantity": "quantity", "n": "n", "left_out": "left out", "mean": "mean", "sd": "SD",
        "median": "median", "minimum": "least",
        "maximum": "most",
    }  # fmt: skip
    return _or(grid(headings, _spaced(rows), digits=2), "No two regions can be compared.")


def _accuracy(table: Table) -> list[Block]:
    rows = [
        {
            **row,
            "field": _field(row["field_t"]),
            "sensitivity": _with(row, "sensitivity"),
            "specificity": _with(row, "specificity"),
            "ppv": _with(row, "ppv"),
            "npv": _with(row, "npv"),
            "auc": _with(row, "auc"),
            "binormal_auc": _with(row, "binormal_auc"),
        }
        for row in table.rows
        if not row["visit"]
    ]
    headings = {
        "item": "item", "rater": "rater", **_session(rows), "field": "field", "n": "n",
        "positives": "positive", "left_out": "left out", "sensitivity": "sensitivity",
        "specificity": "specificity", "ppv": "PPV", "npv": "NPV", "auc": "AUC",
        "binormal_auc": "binormal AUC", "reason": "note",
    }  # fmt: skip
    note = "PPV and NPV hold at this study's share of positives. Per visit: accuracy.csv."
    return _or(grid(headings, rows, note), "There is no reference standard to judge by.")


def _found(table: Table) -> list[Block]:
    rows = [
        {**row, "field": _field(row["field_t"]), "visit": row["visit"] or "all", "interval": interval(row)}
        for row in table.rows
        if row["rater"] == "pooled"
    ]
    headings = {
        "kind": "kind", "size_class": "size", **_session(rows), "field": "field", "visit": "visit",
        "targets": "looked for", "detected": "found", "sensitivity": "share", "interval": "95 % interval",
        "false_marks_per_case": "false marks per case", "left_out": "left out", "reason": "note",
    }  # fmt: skip
    note = "All raters together; each rater: detection.csv."
    return _or(grid(headings, rows, note, digits=2), "Nothing was to be found.")


def _fields(table: Table) -> list[Block]:
    rows = [
        {**row, "interval": interval(row), "reason": _apart(row["reason"], TWO_RATERS)}
        for row in table.rows
        if not row.get("rater")
    ]
    headings = {
        "item": "item", "model": "model", "quantity": "quantity", "modality": "field",
        "other_modality": "against",
        "cases": "cases", "left_out": "left out", "value": "value", "interval": "95 % interval", "p": "p",
        "reason": "note",
    }  # fmt: skip
    return _or(grid(headings, rows), "There are no two fields that several raters read.")


def _table_1a(table: Table) -> list[Block]:
    rows = [
        {**row, "field": _field(row["field_t"]), **{
            kind: _spread(row, f"{kind}_mean_ug_per_g", f"{kind}_sd_ug_per_g") for kind in ("mri", "icpms")}}
        for row in table.rows
    ]  # fmt: skip
    headings = {
        "group": "group", "visit": "visit", "field": "field", "mri": "MRI, ug/g", "mri_n": "n",
        "mri_left_out": "left out", "mri_below_limit": "below limit", "icpms": "ICP-MS, ug/g", "icpms_n": "n",
        "icpms_left_out": "left out",
    }  # fmt: skip
    note = "Table 1a. Tumour iron, mean ± SD over animals. Below limit: not told from no iron (Currie 1968)."
    return _or(grid(headings, rows, note, compact=False), "No iron was measured.")


def _iron_agreement(table: Table) -> list[Block]:
    """Tell how iron agrees for the mean of raters, or for the one there is."""
    of_mean = [row for row in table.rows if row["rater"] == MEAN_OF_RATERS] or table.rows
    rows = [
        {**row, "pair": unbroken(f"{row['y']} on {row['x']}"), "interval": interval(row)} for row in of_mean
    ]
    headings = {
        "pair": "of", "statistic": "statistic", "rater": "rater", "n": "samples", "left_out": "left out",
        "value": "value", "interval": "95 % interval", "p": "p", "reason": "note",
    }  # fmt: skip
    note = "Bias and limits are of the first less the second. Every rater: iron_agreement.csv."
    return _or(grid(headings, rows, note), "There is nothing that iron by MRI could be compared with.")


def _table_2(table: Table) -> list[Block]:
    rows = [
        {
            **row,
            "field": _field(row["field_t"]),
            "cnr": _spread(row, "cnr_mean", "cnr_sd"),
            "margin": _spread(row, "margin_mean", "margin_sd"),
            "interval": interval(row, "small_sensitivity_ci_low", "small_sensitivity_ci_high"),
            "reason": row["small_reason"],
        }
        for row in table.rows
    ]
    headings = {
        "visit": "visit", "field": "field", "group": "group", "reads": "reads", "cnr": "CNR", "cnr_n": "n",
        "margin": "margin, 1-5", "margin_n": "n", "small_lesion_reads": "< 3 mm looked for",
        "small_lesions_detected": "found", "small_sensitivity": "share", "interval": "95 % interval",
        "reason": "note",
    }  # fmt: skip
    note = "Table 2. CNR and margin conspicuity, mean ± SD over readings; lesions under 3 mm."
    return _or(grid(headings, rows, note, digits=2, compact=False), "There is nothing to tell.")


def _table_1b(table: Table) -> list[Block]:
    rows = [
        {**row, "field": _field(row["field_t"]),
         "volume": _spread(row, "volume_mean_mm3", "volume_sd_mm3", 1),
         "change": _spread(row, "change_mean_percent", "change_sd_percent", 1)}
        for row in table.rows
    ]  # fmt: skip
    headings = {
        "group": "group", "visit": "visit", "field": "field", "volume": "volume, mm³", "n": "n",
        "change": "change, %", "change_n": "n", "CR": "CR", "PR": "PR", "SD": "SD", "PD": "PD",
    }  # fmt: skip
    rule = table.rows[0]["rule"] if table.rows else ""
    note = f"Table 1b. Tumour volume, mean ± SD. Rule: {rule}."
    return _or(grid(headings, rows, note, compact=False), "No volume was measured.")


def _groups(table: Table) -> list[Block]:
    rows = [
        {**row, "field": _field(row["field_t"]), "interval": interval(row)}
        for row in table.rows
        if row["item"] in ("iron_ug_per_g", "cnr")
    ]
    headings = {
        "item": "item", "field": "field", "visit": "visit", "test": "test", "groups": "groups", "n": "n",
        "left_out": "left out", "statistic": "statistic", "p": "p", "p_adjusted": "adjusted p",
        "difference": "difference", "interval": "95 % interval", "reason": "note",
    }  # fmt: skip
    note = "Every measure: groups.csv."
    return _or(grid(headings, _spaced(rows), note), "There are no groups to compare.")


def _survival(table: Table) -> list[Block]:
    rows = [
        {**row, "field": _field(row["field_t"]), "interval": interval(row, digits=0)}
        for row in table.rows
        if row["quantity"] not in (FREE, LAST_SEEN) and row["n"]
    ]
    headings = {
        "quantity": "quantity", "field": "field", "group": "groups", "n": "n", "events": "progressed",
        "value": "value", "interval": "95 % interval", "chi_square": "chi-square", "p": "p", "reason": "note",
    }  # fmt: skip
    return _or(
        grid(headings, rows, "Time to progression: survival.csv.", compact=False),
        "No animal's volume is known at two visits with a time in their names, so there is no progression.",
    )


def _blinding(table: Table) -> list[Block]:
    rows = [{**row, "interval": interval(row)} for row in table.rows]
    headings = {
        "rater": "rater", "session": "session", "of": "guessed", "index": "index", "arm": "arm", "n": "n",
        "right": "right", "wrong": "wrong", "do_not_know": "do not know", "value": "value",
        "interval": "95 % interval", "reason": "note",
    }  # fmt: skip
    return _or(
        grid(headings, rows), "The protocol asked for no guess, so how far raters were blinded is not known."
    )


def _stood_for(stand_ins: StandIns) -> list[Block]:
    """Tell what the numbered texts in plots and in the PDF stand for."""
    if not stand_ins.found:
        return []
    rows = [{"number": number, "text": text} for text, number in stand_ins.found.items()]
    note = "Plots and report.pdf have numbers for texts in scripts that they cannot set."
    headings = {"number": "there", "text": "text"}
    return [Heading("Texts in other scripts"), grid(headings, rows, note, compact=False)]


def _checklists() -> list[Block]:
    blocks: list[Block] = [
        Paragraph(
            "What each checklist asks for, in short, and where this report answers it; “author” marks what "
            "no program can know."
        )
    ]
    for name in CHECKLISTS:
        rows = [row for row in _checklist_rows() if row["checklist"] == name]
        blocks += [Heading(name, 2), grid({"item": "item", "asks": "asks for", "where": "where"}, rows)]
    return blocks


@cache
def _checklist_rows() -> tuple[dict[str, str], ...]:
    with (Path(__file__).parent / "checklists.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(csv.DictReader(stream))


# ---- cells

_WORDS = {
    "iron_ug_per_g": "tumour iron, ug/g",
    "cnr": "CNR",
    "dice": "Dice",
    "hd95_mm": "95 % Hausdorff distance, mm",
    "volume_difference_percent": "difference of volume, %",
}


def _field(field_t: float | None) -> str:
    return "all" if field_t is None else unbroken(f"{field_t:g} T")


def _session(rows: Sequence[Row]) -> dict[str, str]:
    """Return the column of sessions where there are several: rows of two would be alike but for numbers."""
    return {"session": "session"} if len({row["session"] for row in rows}) > 1 else {}


def _spread(row: Row, mean: str, sd: str, digits: int = 2) -> str:
    middle = shown(row.get(mean), digits)
    around = shown(row.get(sd), digits)
    return unbroken(f"{middle} ± {around}") if middle and around else middle


def _reasons(row: Row) -> list[str]:
    """Return why a kappa or its interval is missing, or the one by animal where the other is there."""
    clustered = row.get("cluster_reason", "")
    told = f"by animal: {clustered}" if clustered and clustered not in row["reason"] else ""
    return [text for text in (row["reason"], told) if text]


def _apart(reason: str, warning: str) -> list[str]:
    """Return a reason and a warning that may end it, each by itself."""
    before = reason.removesuffix(warning)
    return [text for text in (before.removesuffix("; "), reason[len(before) :]) if text]


def _with(row: Row, name: str) -> str:
    value, ends = shown(row.get(name), 2), interval(row, f"{name}_ci_low", f"{name}_ci_high")
    return f"{value} ({ends})" if value and ends else value


def _spaced(rows: Sequence[Row]) -> list[Row]:
    """Return rows with names as words, so that a narrow column can break them."""
    names = ("item", "quantity", "roi")
    return [
        {**row, **{n: _WORDS.get(row[n], str(row[n]).replace("_", " ")) for n in names if n in row}}
        for row in rows
    ]
