"""What the analysis window shows of a part of a study, made beside the window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.export.dictionary import variables
from core.export.report.plots import all_plots
from core.export.report.scripts import StandIns
from core.export.report.style import Plot, styled
from core.progress import Progress
from core.statistics.analysis import Measured, tabulate
from core.statistics.filtering import Part, of_items, part_of, whole
from core.statistics.listings import Table
from core.statistics.side_by_side import Pair, pairs_of


@dataclass(frozen=True, eq=False)
class Results:
    """Tables and plots by name, the cases with two raters beside each other, and how many there are of what.

    `left_out` are readings that the filters leave out.
    """

    tables: Mapping[str, Table]
    plots: Mapping[str, Plot]
    pairs: tuple[Pair, ...]
    counts: Mapping[str, int]
    left_out: int


def first_results(found: Measured, progress: Progress) -> tuple[Part, Results]:
    """Return everything there is to choose from, and the results of all of it."""
    tables = dict(tabulate(found, progress).tables)
    return whole(found, tables), _results(found, found, tables, None)


def results_of(found: Measured, part: Part, progress: Progress) -> Results:
    """Return the results of a part of what was measured; of no reading there are none."""
    kept = part_of(found, part)
    if not kept.linked:
        return Results({}, {}, (), kept.counts, len(found.linked))
    return _results(found, kept, of_items(tabulate(kept, progress).tables, part), part.items)


def _results(
    found: Measured, kept: Measured, tables: Mapping[str, Table], items: tuple[str, ...] | None
) -> Results:
    with styled():
        plots = {plot.name: _settable(plot) for plot in all_plots(tables)}
    left_out = len(found.linked) - len(kept.linked)
    return Results(tables, plots, pairs_of(kept, items), kept.counts, left_out)


def _settable(plot: Plot) -> Plot:
    """Return a plot with numbers for texts that its font lacks; the caption has them as they are."""
    stand_ins = StandIns()
    stand_ins.in_figure(plot.figure)
    told = (f"{number} {text}" for text, number in stand_ins.found.items())
    return replace(plot, caption=" ".join((plot.caption, *told)))


def meanings(table: Table) -> dict[str, str]:
    """Return what each column of a table of numbers means, as the data dictionary has it."""
    return {name: variable.label for name, variable in variables(table.columns, ()).items()}
