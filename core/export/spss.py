"""The readings as an SPSS file: variable and value labels, levels of measurement, reasons for gaps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat

from core.export.dictionary import Variable, variables
from core.files import whole_file
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS, Question
from core.statistics.listings import Row, Table

# user-missing codes: why a number is not there; no score and no measure is as low
ENDED_EARLY, NOT_ASKED, NOT_GIVEN = -9997.0, -9998.0, -9999.0
_RESERVED = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
MISSING = {
    ENDED_EARLY: "the case was ended early",
    NOT_ASKED: "not asked here",
    NOT_GIVEN: "no answer or no value",
}


def write_sav(
    path: Path, reads: Table, protocols: Sequence[Protocol], *, title: str, force: bool = False
) -> None:
    """Write reads.csv's rows, one per reading and target, as an SPSS system file.

    Numbers that are not there carry a user-missing code that says why (`MISSING`); texts are empty. Variable
    labels are in English, value labels as the protocol has them.

    Parameters
    ----------
    reads : Table
        As `core.statistics.listings.reads_table` gives it.
    protocols : sequence of Protocol
        Those that the readings name; an earlier one's words go before a later one's.
    title : str
        The file's label.

    Raises
    ------
    InputError
        If the file exists and `force` is not set, or cannot be written.
    """
    known = variables(reads.columns, protocols)
    names = _variable_names(known)
    questions = {question.id: question for protocol in protocols for question in protocol.questions}
    columns = {
        name: [_coded(row, name, questions.get(name)) for row in reads.rows]
        if _numeric(reads, name, variable)
        else ["" if row.get(name) is None else str(row[name]) for row in reads.rows]
        for name, variable in known.items()
    }
    numbers = [name for name in columns if _numeric(reads, name, known[name])]
    with whole_file(path, force=force) as draft:
        pyreadstat.write_sav(
            pd.DataFrame(columns).rename(columns=names),
            draft,
            file_label=title[:64],
            column_labels={names[name]: variable.label[:256] for name, variable in known.items()},
            variable_value_labels={names[name]: {**known[name].values, **MISSING} for name in numbers},
            missing_ranges={names[name]: list(MISSING) for name in numbers},
            variable_measure={names[name]: variable.level for name, variable in known.items()},
        )


def _variable_names(columns: Iterable[str]) -> dict[str, str]:
    """Return columns' names as SPSS takes them: no hyphen or word of its language, none twice in any case."""
    found: dict[str, str] = {}
    taken = set(_RESERVED)
    for column in columns:
        name = plain = column.replace("-", "_")
        while name.upper() in taken:
            name = f"{plain[:60]}_{1 + len(taken)}" if name.endswith("_") else f"{plain[:63]}_"
        taken.add(name.upper())
        found[column] = name
    return found


def _numeric(table: Table, name: str, variable: Variable) -> bool:
    """Tell whether a column holds numbers: by its values, and where it has none, by its level."""
    given = [row[name] for row in table.rows if row.get(name) not in (None, "")]
    if not given:
        return variable.level == "scale" or bool(variable.values)
    return not any(isinstance(value, str) for value in given)


def _coded(row: Row, name: str, question: Question | None) -> float:
    value: Any = row.get(name)
    if value not in (None, "") and not math.isnan(value):
        return float(value)
    if row.get("ended"):
        return ENDED_EARLY
    if question is not None and question.scope in MARK_KINDS:
        return NOT_GIVEN if row.get("mark") and row.get("target_kind") == question.scope else NOT_ASKED
    return NOT_GIVEN
