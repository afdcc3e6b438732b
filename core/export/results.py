"""An analysis as a folder of files: tables, what they mean, and what other programs need to check them."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from core.export.dictionary import dictionary_table
from core.export.figures import figures_table, imrmc_text, main_figures
from core.export.recompute import WRITTEN, one_line, one_lined, pspp_syntax, r_script
from core.export.report.document import write_report
from core.export.report.plots import BAND_DRAWS, BAND_SEED, DOTS_SEED
from core.export.spss import write_sav
from core.export.tables import PLAIN, Profile, write_csv
from core.files import refuse_existing, whole_folder
from core.progress import Progress
from core.statistics.analysis import Analysis, analyse
from core.statistics.bootstrap import DRAWS, SEED
from core.statistics.listings import Table
from core.statistics.study_accuracy import CASES, NODES
from core.study.audit import Record, canonical
from core.study.records import StudyData
from core.version import program_version

# the libraries whose versions may change a digit
_LIBRARIES = (
    "numpy", "scipy", "statsmodels", "pandas", "SimpleITK", "numba", "matplotlib", "reportlab", "pyreadstat",
)  # fmt: skip
# all else is computed without chance
_SEEDS = {
    "bootstrap intervals of agreement": {"seed": SEED, "replicates": DRAWS, "generator": "PCG64"},
    "bands of ROC curves": {"seed": BAND_SEED, "replicates": BAND_DRAWS, "generator": "PCG64"},
    "dots beside each other in plots/groups": {"seed": DOTS_SEED, "generator": "PCG64"},
}
_INPUTS = ("ratings", "scores", "animals", "iron")


def analyse_study(
    study: StudyData,
    out: Path,
    *,
    name: str = "",
    profile: Profile = PLAIN,
    report: bool = True,
    force: bool = False,
    progress: Progress | None = None,
    anchor: Callable[[], Record] | None = None,
) -> Analysis:
    """Analyse a study and write every table under `out`, which appears whole or not at all.

    Parameters
    ----------
    study : StudyData
        As `Study.data()` gives it.
    out : Path
        The folder to make.
    name : str
        The study's name, for the report's title.
    profile : Profile
        How the CSV files are written (`core.export.tables.excel_profile` for a double click).
    report : bool
        Whether report.html, report.pdf and plots/ are made: they take longer than the tables.
    force : bool
        Whether the folder of an earlier analysis may be replaced.
    anchor : callable, optional
        Records the export in the study's audit trail and returns that record, which audit-head.json anchors:
        `study verify --anchor` finds a trail that was cut since.

    Raises
    ------
    InputError
        If nothing was collected yet, or `out` exists and `force` is not set.
    """
    # before the work, not after it
    refuse_existing(out, force=force)
    analysis = analyse(study, progress)
    # on record before anything is written: whatever lies about has its record
    head = anchor() if anchor else None
    write_analysis(study, analysis, out, name=name, profile=profile, report=report, force=force, head=head)
    return analysis


def write_analysis(
    study: StudyData,
    analysis: Analysis,
    out: Path,
    *,
    name: str = "",
    profile: Profile = PLAIN,
    report: bool = True,
    force: bool = False,
    head: Record | None = None,
) -> None:
    """Write an analysis into the new folder `out`.

    The tables as CSV with dictionary.csv, figures.csv and the scripts that compute the figures again
    (recompute.R, recompute.sps), report.html and report.pdf with plots/, study.sav, imrmc.imrmc and
    imrmc-nodes.imrmc where there are two fields, and analysis.json: everything in one, with versions, seeds,
    the hash of every input of the study and the SHA-256 of every other file. But for `created_utc` in
    analysis.json and the date in study.sav the same study gives the same bytes. Beside them audit-head.json
    anchors the record of the export.
    """
    protocols = tuple(study.protocols.values())
    figures = main_figures(analysis.tables, protocols)
    figures = [one_lined(figure) for figure in figures]
    inputs = {name: _one_lined(analysis.tables[f"inputs/{name}"]) for name in _INPUTS}
    tables = {**analysis.tables, "figures": figures_table(figures)}
    tables |= {f"inputs/{name}": table for name, table in inputs.items()}
    tables["dictionary"] = dictionary_table(tables, protocols)
    with whole_folder(out, force=force, later=WRITTEN) as draft:
        for table_name, table in tables.items():
            write_csv(draft / f"{table_name}.csv", table.columns, table.rows, profile=profile)
        write_sav(draft / "study.sav", tables["reads"], protocols, title="FerroRead")
        texts = {"recompute.R": r_script(), "recompute.sps": pspp_syntax(inputs, figures, profile)}
        for file_name, item in (("imrmc.imrmc", CASES), ("imrmc-nodes.imrmc", NODES)):
            text = imrmc_text(inputs["scores"], item)
            if text is not None:
                texts[file_name] = text
        for file_name, text in texts.items():
            (draft / file_name).write_text(text, encoding="utf-8", newline="\n")
        if report:
            write_report(study, analysis, draft, profile=profile, name=name)
        hashes = {
            path.relative_to(draft).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(draft.rglob("*"))
            if path.is_file()
        }
        told = json.dumps(_everything(study, analysis, tables, hashes), indent=1, allow_nan=False)
        (draft / "analysis.json").write_text(told + "\n", encoding="utf-8", newline="\n")
        if head is not None:
            values = {"sequence": head.sequence, "sha256": head.sha256, "at": head.values["at"]}
            (draft / "audit-head.json").write_text(canonical(values) + "\n", encoding="utf-8")


def _one_lined(table: Table) -> Table:
    rows = ({name: one_line(value) for name, value in row.items()} for row in table.rows)
    return Table(table.columns, tuple(rows))


def _everything(
    study: StudyData, analysis: Analysis, tables: Mapping[str, Table], hashes: Mapping[str, str]
) -> dict[str, Any]:
    read = [
        {"rater": each.rater, "session": each.session, "kit_id": each.kit_id, "alias": each.alias,
         "signed_utc": each.signed_utc, "protocol_sha256": each.protocol_sha256}
        for each in study.readings
    ]  # fmt: skip
    return {
        "created_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "ferroread": program_version(),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "libraries": {name: version(name) for name in _LIBRARIES},
        "seeds": _SEEDS,
        "inputs": study.inputs,
        "protocols": {
            sha256: {"id": protocol.id, "version": protocol.version, "text": protocol.text}
            for sha256, protocol in study.protocols.items()
        },
        "readings": read,
        "counts": dict(analysis.counts),
        "tables": {name: [_plain(row) for row in table.rows] for name, table in tables.items()},
        "sha256": dict(hashes),
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as JSON has it: what is not there is null."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else _python(value)
        for name, value in row.items()
    }


def _python(value: Any) -> Any:
    # NumPy's numbers are none of JSON's
    return value.item() if hasattr(value, "item") else value
