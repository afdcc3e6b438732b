"""The analysis of a study as a command's outcome: files under a folder, the main tables as text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.commands import Outcome
from app.study.opening import mind_guesses, opened
from app.text_tables import interval_text, text_table
from core.files import refuse_existing
from core.progress import Progress

if TYPE_CHECKING:
    from core.study.store import Study
    from core.study.unblinding import Shown


def analyse_to(
    study_path: Path,
    out: Path,
    *,
    person: str = "",
    excel: bool,
    force: bool,
    progress: Progress,
    reason: str = "",
    password: Callable[[], str] = str,
) -> Outcome:
    """Analyse a study into `out` and say the main results; that answers are seen is recorded first.

    `person` logs in, where the study has people; `reason` and what `password` gives are needed before every
    reading is in.

    Raises
    ------
    InputError
        If nothing was collected yet, `out` exists and `force` is not set, or `note_looking` refuses.
    StoreError
        If the study cannot be opened.
    """
    refuse_existing(out, force=force)
    with opened(study_path, person) as study:
        note_asked(study, "analysis", reason, password)
        return analyse_open(study, out, excel=excel, force=force, progress=progress)


def note_asked(study: Study, shown: Shown, reason: str, password: Callable[[], str]) -> None:
    """Record that answers are seen, as `note_looking`; the password is asked for where it is needed.

    Guesses that would count as not blind by it are told of before (`mind_guesses`).
    """
    from core.study.unblinding import note_looking, unsigned_cases

    anything = shown == "images" or any(kit.collected for kit in study.kits())
    if anything:
        mind_guesses(study, reason)
    needed = reason.strip() and anything and unsigned_cases(study)
    note_looking(study, shown, reason, password() if needed else "")


def analyse_open(study: Study, out: Path, *, excel: bool, force: bool, progress: Progress) -> Outcome:
    """Do the same for a study that is open, of which it is recorded that answers are seen."""
    from core.export.results import analyse_study
    from core.export.tables import PLAIN, excel_profile
    from core.files import RESULT_LIST

    profile = excel_profile() if excel else PLAIN
    analysis = analyse_study(
        study.data(), out, name=study.name, profile=profile, force=force, progress=progress,
        anchor=lambda: study.note_export("analysis"),
    )  # fmt: skip
    tables = analysis.tables
    counts = dict(analysis.counts)
    told = {name: [dict(row) for row in tables[f"tables/{name}"].rows] for name in ("table1a", "table2")}
    kappas = [
        row for row in tables["agreement"].rows if row["coefficient"] == "kappa" and row["field_t"] is None
    ]
    data = {
        "out": str(out),
        "files": sorted(
            path.relative_to(out).as_posix()
            for path in out.rglob("*")
            if path.is_file() and path.name != RESULT_LIST
        ),
        "counts": counts,
        "kappa": kappas,
        **told,
    }
    parts = [
        f"Table 1a: tumour iron, ug/g, from MRI and by ICP-MS\n{_table_1a(told['table1a'])}",
        f"Table 2: CNR, margin conspicuity, lesions under 3 mm\n{_table_2(told['table2'])}",
        f"Agreement of raters\n{_kappas(kappas)}",
        *_guessed([dict(row) for row in tables["blinding"].rows]),
        f"{counts['readings']} readings by {counts['raters']} raters; {counts['scans_not_read']} of "
        f"{counts['scans']} scans not read; {counts['unmatched_marks']} marks hit no target; "
        f"{counts['targets_without_centre']} of {counts['targets']} targets have no centre to match",
        f"All tables are in {out}",
    ]
    if counts["after_key"]:
        marked = f"{counts['after_key']} of {counts['readings']} readings"
        parts.insert(0, f"Mind: {marked} were collected after the key had been shown (column after_key)")
    if counts["guessed_after_key"]:
        parts.insert(
            0,
            f"Mind: the guesses of {counts['guessed_after_key']} readings were collected after the key had "
            "been shown (after_key in guesses.csv): the blinding indices do not tell how blinded they were",
        )
    return Outcome(data, "\n\n".join(parts))


def _table_1a(rows: list[dict[str, Any]]) -> str:
    headings = {
        "group": "group",
        "visit": "visit",
        "field_t": "field, T",
        "mri": "MRI mean ± SD",
        "mri_n": "n",
    }
    headings |= {"mri_left_out": "left out", "mri_below_limit": "below limit"}
    headings |= {"icpms": "ICP-MS mean ± SD", "icpms_n": "n "}
    shown = [
        {**row, **{k: _spread(row, f"{k}_mean_ug_per_g", f"{k}_sd_ug_per_g") for k in ("mri", "icpms")}}
        for row in rows
    ]
    return _fields(headings, shown)


def _table_2(rows: list[dict[str, Any]]) -> str:
    headings = {"visit": "visit", "field_t": "field, T", "group": "group", "reads": "reads", "cnr": "CNR"}
    headings |= {
        "margin": "margin, 1-5",
        "small_lesion_reads": "lesions < 3 mm",
        "small_lesions_detected": "found",
    }
    headings |= {"share": "share", "interval": "95 % interval"}
    shown = [
        {
            **row,
            "cnr": _spread(row, "cnr_mean", "cnr_sd"),
            "margin": _spread(row, "margin_mean", "margin_sd"),
            "share": f"{row['small_sensitivity']:.2f}" if row["small_lesion_reads"] else "",
            "interval": interval_text(row["small_sensitivity_ci_low"], row["small_sensitivity_ci_high"], 2),
        }
        for row in rows
        if row["group"] == "all"
    ]
    return _fields(headings, shown)


def _kappas(rows: list[dict[str, Any]]) -> str:
    headings = {
        "item": "item",
        "raters": "raters",
        "comparison": "comparison",
        "weights": "weights",
        "n": "n",
    }
    headings |= {
        "left_out": "left out",
        "kappa": "kappa",
        "se": "SE",
        "interval": "95 % interval",
        "reason": "note",
    }
    shown = [{**row, "interval": interval_text(row["ci_low"], row["ci_high"], 3)} for row in rows]
    return text_table(headings, shown, 3)


def _guessed(rows: list[dict[str, Any]]) -> list[str]:
    """Tell how far raters guessed what was blinded; nothing where no protocol asked."""
    if not rows:
        return []
    headings = {name: name for name in ("rater", "of", "index", "arm", "n")}
    headings |= {
        "do_not_know": "don't know",
        "value": "index ",
        "interval": "95 % interval",
        "reason": "note",
    }
    shown = [{**row, "interval": interval_text(row["ci_low"], row["ci_high"], 3)} for row in rows]
    scale = "James: 1 nobody guesses, 0.5 chance, 0 all right; Bang: 0 chance, 1 all right, -1 all wrong"
    return [f"Blinding, from what raters guessed ({scale})\n{text_table(headings, shown, 3)}"]


def _spread(row: dict[str, Any], mean: str, sd: str) -> str:
    if row[mean] != row[mean]:
        return ""
    return f"{row[mean]:.2f}" if row[sd] != row[sd] else f"{row[mean]:.2f} ± {row[sd]:.2f}"


def _fields(headings: dict[str, str], rows: list[dict[str, Any]]) -> str:
    return text_table(headings, [{**row, "field_t": f"{row['field_t']:g}"} for row in rows])
