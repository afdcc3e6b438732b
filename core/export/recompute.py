"""Scripts that compute an analysis's main figures again: one for R, one for PSPP and SPSS."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.export.figures import AUC, KAPPA, LINE, TEST, Figure
from core.export.tables import Profile, cell
from core.statistics.listings import Table

_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# what the scripts, and the programs that run them, leave in the folder
WRITTEN = ("recomputed_by_r.csv", "pspp.list", "pspp.jnl")


def one_line(value: Any) -> Any:
    """Return a cell without line ends, which names of old studies may hold: PSPP reads line by line."""
    return _LINE_ENDS.sub("⏎", value) if isinstance(value, str) else value


def one_lined(figure: Figure) -> Figure:
    """Return a figure whose names are those of inputs/, in one line."""
    names = ("item", "first_rater", "second_rater", "visit")
    return replace(figure, **{name: one_line(getattr(figure, name)) for name in names})


def r_script() -> str:
    """Return the R script; it is the same for every study and reads figures.csv."""
    return (Path(__file__).parent / "recompute.R").read_text(encoding="utf-8")


def pspp_syntax(inputs: dict[str, Table], figures: Sequence[Figure], profile: Profile) -> str:
    """Return PSPP and SPSS syntax with one block a figure, run in the folder of the analysis.

    Every block shows the usual procedure (CROSSTABS, ROC, T-TEST, ONEWAY, REGRESSION), which prints three
    decimals, and prints the figure with all its digits, computed by AGGREGATE and COMPUTE, as a line
    "figure N: value".

    Parameters
    ----------
    inputs : mapping of "ratings", "scores", "animals", "iron" to Table
    figures : sequence of Figure
        In the order of figures.csv; the N of a line is its place there, from 1.
    profile : Profile
        How the CSV files were written.
    """
    blocks: dict[str, Callable[[Figure], list[str]]] = {KAPPA: _kappa, AUC: _auc, TEST: _test, LINE: _line}
    of_kind = {KAPPA: "ratings", AUC: "scores", TEST: "animals", LINE: "iron"}
    lines = [
        "* Computes the main figures of this analysis again from the files in inputs/.",
        "* In this folder: pspp recompute.sps, or in SPSS with this as the working folder.",
        "SET DECIMAL=DOT.",
    ]
    for number, figure in enumerate(figures, start=1):
        name = of_kind[figure.kind]
        said = " ".join(
            filter(None, (figure.statistic, figure.item, figure.first_rater, figure.second_rater,
                          figure.visit, "" if figure.field_t is None else f"{figure.field_t:g} T"))
        )  # fmt: skip
        lines += ["", f"* Figure {number}: {_plain(said)}."]
        lines += _load(name, inputs[name], profile)
        lines += blocks[figure.kind](figure)
        lines += _print(number)
    return "\n".join(lines) + "\n"


def _load(name: str, table: Table, profile: Profile) -> list[str]:
    texts = {"item", "rater", "unit", "subject", "group", "visit"}
    width = max(
        (len(cell(row.get(column)).encode()) for row in table.rows for column in texts & set(table.columns)),
        default=1,
    )
    kinds = [f"{_variable(c)} {f'A{max(width, 8)}' if c in texts else 'F20.10'}" for c in table.columns]
    return [
        f"GET DATA /TYPE=TXT /FILE='inputs/{name}.csv' /ENCODING='UTF8' /ARRANGEMENT=DELIMITED",
        f"  /DELIMITERS='{profile.delimiter}' /QUALIFIER='\"' /FIRSTCASE=2",
        f"  /VARIABLES={' '.join(kinds)}.",
    ]


def _variable(column: str) -> str:
    # a word of the language itself can be no variable's name in every program
    return "again" if column == "repeat" else column


def _kappa(figure: Figure) -> list[str]:
    codes = [int(code) for code in figure.categories.split(";")]
    steps = max(1, len(codes) - 1)
    names = {"unweighted": "(a NE b)", "linear": "ABS(a - b)", "quadratic": "(a - b)**2"}
    power = {"unweighted": 0, "linear": 1, "quadratic": 2}[figure.statistic]
    lost = [
        f"{(abs(i - j) / steps) ** power if i != j else 0!r} * p{i} * q{j}"
        for i in range(len(codes)) for j in range(len(codes)) if i != j
    ]  # fmt: skip
    recode = " ".join(f"({code}={place})" for place, code in enumerate(codes))
    return [
        f"SELECT IF (item = {_text(figure.item)} AND session = {figure.session} AND again = 0).",
        "SELECT IF (NOT MISSING(value)).",
        f"RECODE value {recode} INTO code.",
        f"IF (rater = {_text(figure.first_rater)}) a = code.",
        f"IF (rater = {_text(figure.second_rater)}) b = code.",
        "AGGREGATE OUTFILE=* /BREAK=unit /a=MAX(a) /b=MAX(b).",
        "SELECT IF (NOT MISSING(a) AND NOT MISSING(b)).",
        "CROSSTABS /TABLES=a BY b /STATISTICS=KAPPA.",
        f"COMPUTE lost = {names[figure.statistic]} / {steps**power}.",
        *[f"COMPUTE a{place} = (a = {place})." for place in range(len(codes))],
        *[f"COMPUTE b{place} = (b = {place})." for place in range(len(codes))],
        "COMPUTE every = 1.",
        "AGGREGATE OUTFILE=* /BREAK=every /lost=MEAN(lost)",
        *[f"  /p{place}=MEAN(a{place}) /q{place}=MEAN(b{place})" for place in range(len(codes))],
        "  .",
        "COMPUTE expected = 0.",
        *[f"COMPUTE expected = expected + {term}." for term in lost],
        "COMPUTE figure = 1 - lost / expected.",
    ]


def _auc(figure: Figure) -> list[str]:
    return [
        f"SELECT IF (item = {_text(figure.item)} AND rater = {_text(figure.first_rater)}"
        f" AND session = {figure.session}).",
        "SELECT IF (NOT MISSING(score)).",
        "ROC score BY positive (1).",
        "RANK VARIABLES=score /RANK INTO place /TIES=MEAN.",
        "COMPUTE other = 1 - positive.",
        "COMPUTE its_place = place * positive.",
        "COMPUTE every = 1.",
        "AGGREGATE OUTFILE=* /BREAK=every /places=SUM(its_place) /n1=SUM(positive) /n0=SUM(other).",
        "COMPUTE figure = (places - n1 * (n1 + 1) / 2) / (n1 * n0).",
    ]


def _test(figure: Figure) -> list[str]:
    value = figure.item
    lines = [
        f"SELECT IF (ABS(field_t - {figure.field_t!r}) < 1E-9 AND visit = {_text(figure.visit)}).",
        f"SELECT IF (NOT MISSING({value})).",
        "AUTORECODE VARIABLES=group /INTO arm.",
        f"ONEWAY {value} BY arm.",
    ]
    if figure.statistic == "ANOVA":
        return [
            *lines,
            "COMPUTE every = 1.",
            f"AGGREGATE OUTFILE=* MODE=ADDVARIABLES /BREAK=every /grand=MEAN({value}).",
            f"AGGREGATE OUTFILE=* /BREAK=arm /m=MEAN({value}) /s=SD({value}) /n=N({value})",
            "  /grand=FIRST(grand).",
            "COMPUTE between = n * (m - grand)**2.",
            "COMPUTE within = (n - 1) * s**2.",
            "COMPUTE every = 1.",
            "AGGREGATE OUTFILE=* /BREAK=every /between=SUM(between) /within=SUM(within) /n=SUM(n) /k=N(arm).",
            "COMPUTE figure = (between / (k - 1)) / (within / (n - k)).",
        ]
    spread = {
        "Student t": "SQRT(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2) * (1 / n1 + 1 / n2))",
        "Welch t": "SQRT(s1**2 / n1 + s2**2 / n2)",
    }[figure.statistic]
    return [
        *lines,
        f"T-TEST /GROUPS=arm(1,2) /VARIABLES={value}.",
        f"IF (arm = 1) v1 = {value}.",
        f"IF (arm = 2) v2 = {value}.",
        "COMPUTE every = 1.",
        "AGGREGATE OUTFILE=* /BREAK=every /m1=MEAN(v1) /s1=SD(v1) /n1=N(v1)",
        "  /m2=MEAN(v2) /s2=SD(v2) /n2=N(v2).",
        f"COMPUTE figure = (m1 - m2) / {spread}.",
    ]


def _line(figure: Figure) -> list[str]:
    slope = "sxy / sxx"
    return [
        f"SELECT IF (rater = {_text(figure.first_rater)} AND ABS(field_t - {figure.field_t!r}) < 1E-9).",
        "SELECT IF (NOT MISSING(iron_ug_per_g) AND NOT MISSING(icpms_ug_per_g)).",
        "REGRESSION /VARIABLES=icpms_ug_per_g /DEPENDENT=iron_ug_per_g /STATISTICS=COEFF R ANOVA.",
        "COMPUTE every = 1.",
        "AGGREGATE OUTFILE=* MODE=ADDVARIABLES /BREAK=every",
        "  /mx=MEAN(icpms_ug_per_g) /my=MEAN(iron_ug_per_g).",
        "COMPUTE xx = (icpms_ug_per_g - mx)**2.",
        "COMPUTE xy = (icpms_ug_per_g - mx) * (iron_ug_per_g - my).",
        "AGGREGATE OUTFILE=* /BREAK=every /sxx=SUM(xx) /sxy=SUM(xy) /mx=FIRST(mx) /my=FIRST(my).",
        f"COMPUTE figure = {slope if figure.statistic == 'slope' else f'my - {slope} * mx'}.",
    ]


def _print(number: int) -> list[str]:
    return [f"PRINT / 'figure {number}:' figure (E24.15).", "EXECUTE."]


def _text(value: str) -> str:
    """Return a text as the language quotes it, as its cell in the CSV file reads."""
    return "'" + cell(value).replace("'", "''") + "'"


def _plain(said: str) -> str:
    # a comment ends at a full stop at the end of a line
    return " ".join(said.split()).rstrip(".")
