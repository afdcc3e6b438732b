"""What every column of the exported tables means: label, level of measurement, unit, labels of values."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, cast

from core.reading.protocol import Protocol
from core.reading.questions import Question
from core.statistics.listings import Table

Level = Literal["nominal", "ordinal", "scale"]
COLUMNS = ("table", "column", "level", "unit", "meaning", "values")
YES_NO = {0.0: "no", 1.0: "yes"}
_YES_NO_COLUMNS = frozenset({"after_key", "adjudicates", "malignant", "marked", "positive", "repeat"})


@dataclass(frozen=True)
class Variable:
    """One column: what it means, how it is measured, in which unit, and what its codes stand for."""

    meaning: str
    level: Level
    unit: str = ""
    values: Mapping[float, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Meaning and unit in one line."""
        return f"{self.meaning} ({self.unit})" if self.unit else self.meaning


@cache
def _fixed() -> Mapping[str, Variable]:
    with (Path(__file__).parent / "columns.csv").open(encoding="utf-8", newline="") as stream:
        return {
            row["column"]: Variable(
                row["meaning"],
                cast(Level, row["level"]),
                row["unit"],
                YES_NO if row["column"] in _YES_NO_COLUMNS else {},
            )
            for row in csv.DictReader(stream)
        }


def variables(columns: Iterable[str], protocols: Iterable[Protocol]) -> dict[str, Variable]:
    """Return what each column of reads.csv means; a question's is what its protocol asks.

    Of other tables too, without protocols: no question has a column there.

    Raises
    ------
    KeyError
        If a column is neither a question nor described in columns.csv: a fault of ours.
    """
    questions = {question.id: question for protocol in protocols for question in protocol.questions}
    fixed = _fixed()
    return {name: _asked(questions[name]) if name in questions else fixed[name] for name in columns}


def _asked(question: Question) -> Variable:
    if question.type == "choice":
        return Variable(question.text, "ordinal", "", {float(c.value): c.label for c in question.choices})
    return Variable(question.text, "scale" if question.type == "number" else "nominal", question.unit)


def dictionary_table(tables: Mapping[str, Table], protocols: Iterable[Protocol]) -> Table:
    """Return the data dictionary: one row per table and column."""
    protocols = tuple(protocols)
    rows = [
        {
            "table": name,
            "column": column,
            "level": variable.level,
            "unit": variable.unit,
            "meaning": variable.meaning,
            "values": "; ".join(f"{code:g} = {label}" for code, label in variable.values.items()),
        }
        for name, table in tables.items()
        for column, variable in variables(table.columns, protocols if name == "reads" else ()).items()
    ]
    return Table(COLUMNS, tuple(rows))
