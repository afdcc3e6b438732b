"""An analysis as a folder of files."""

from __future__ import annotations

from pathlib import Path

from core.export.tables import PLAIN, Profile, write_csv
from core.files import refuse_existing, whole_folder
from core.progress import Progress
from core.statistics.analysis import Analysis, analyse
from core.study.records import StudyData


def analyse_study(
    study: StudyData,
    out: Path,
    *,
    profile: Profile = PLAIN,
    force: bool = False,
    progress: Progress | None = None,
) -> Analysis:
    """Analyse a study and write every table under `out`, which appears whole or not at all.

    Parameters
    ----------
    study : StudyData
        As `Study.data()` gives it.
    out : Path
        The folder to make.
    profile : Profile
        How the CSV files are written (`core.export.tables.excel_profile` for a double click).
    force : bool
        Whether the folder of an earlier analysis may be replaced.

    Raises
    ------
    InputError
        If nothing was collected yet, or `out` exists and `force` is not set.
    """
    # before the work, not after it
    refuse_existing(out, force=force)
    analysis = analyse(study, progress)
    write_analysis(analysis, out, profile=profile, force=force)
    return analysis


def write_analysis(analysis: Analysis, out: Path, *, profile: Profile = PLAIN, force: bool = False) -> None:
    """Write the tables of an analysis as CSV files into the new folder `out`."""
    with whole_folder(out, force=force) as draft:
        for name, table in analysis.tables.items():
            write_csv(draft / f"{name}.csv", table.columns, table.rows, profile=profile)
