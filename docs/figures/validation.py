"""Writes docs/validation.md: what the demo study at full size gives back of its design.

ferroread demo --animals-per-group 10 --out DEMO
python docs/figures/validation.py DEMO
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from core.relaxometry.simulate import physics
from core.relaxometry.simulate.plan import (
    GROUPS,
    ICPMS_IRON_UG_PER_G,
    LESIONS_PER_ANIMAL,
    TUMOUR_IRON_UG_PER_G,
    VISITS,
)
from core.relaxometry.simulate.scanner import SCANNERS
from core.statistics.linking import contrast_echo

MEASURED = ("cnr", "margin")
ROOT = Path(__file__).resolve().parents[2]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def number(text: str) -> float:
    return float(text) if text else math.nan


def designed_cnr(field_t: float, iron_ug_per_g: float) -> float:
    """Contrast of tumour and muscle over the noise at the analysis's echo, at the coil's best spot."""
    sequence = SCANNERS[field_t].echoes
    te_ms = sequence.te_ms[contrast_echo(sequence.te_ms)]

    def signal(name: str, iron: float, te: float) -> float:
        tissue, mmol = physics.TISSUES[name], physics.iron_mmol_per_l(iron)
        base = physics.gradient_echo_s0(tissue, field_t, mmol, sequence.tr_ms, sequence.flip_deg)
        return float(base * np.exp(-1e-3 * te * physics.r2star_per_s(tissue, field_t, mmol)))

    sigma = signal("muscle", 0.0, sequence.te_ms[0]) / sequence.snr
    return abs(signal("tumour", iron_ug_per_g, te_ms) - signal("muscle", 0.0, te_ms)) / sigma


def table_1a(rows: list[dict[str, str]]) -> list[str]:
    """Design beside result; the sampling error of a mean is its SD over the root of n."""
    heads = ("group", "visit", "field", "design mean (SD)", "found mean (SD)", "n", "difference",
             "95 % sampling error", "within", "ICP-MS design", "ICP-MS found")  # fmt: skip
    lines = heading(heads)
    for row in rows:
        cell = (row["group"], row["visit"])
        mean, sd, n = number(row["mri_mean_ug_per_g"]), number(row["mri_sd_ug_per_g"]), int(row["mri_n"])
        wanted, spread = TUMOUR_IRON_UG_PER_G.get(cell, (0.0, 0.0))
        error = 1.96 * max(spread, sd if math.isfinite(sd) else 0.0) / math.sqrt(max(n, 1))
        icpms = ICPMS_IRON_UG_PER_G.get(cell)
        chemistry, of_chemistry = number(row["icpms_mean_ug_per_g"]), number(row["icpms_sd_ug_per_g"])
        cells = [row["group"], row["visit"], f"{float(row['field_t']):g} T", f"{wanted:.1f} ({spread:.1f})"]
        cells += [f"{mean:.2f} ({sd:.2f})", str(n), f"{mean - wanted:+.2f}", f"{error:.2f}"]
        cells += ["yes" if abs(mean - wanted) <= error else "no"]
        cells += [f"{icpms[0]:.1f} ({icpms[1]:.1f})" if icpms else "0"]
        cells += [f"{chemistry:.2f} ({of_chemistry:.2f})" if math.isfinite(chemistry) else ""]
        lines.append(line(cells))
    return lines


def heading(names: tuple[str, ...]) -> list[str]:
    return [line(names), "|" + "---|" * len(names)]


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def table_2(rows: list[dict[str, str]], animals: int, raters: int) -> list[str]:
    small = animals * LESIONS_PER_ANIMAL // 3 * len(GROUPS) * raters
    heads = ("visit", "field", "group", "reads", "CNR, design", "CNR found (SD)", "margin (SD)",
             "small lesions, design", "read", "found", "sensitivity (95 %)")  # fmt: skip
    lines = heading(heads)
    for row in rows:
        share = 1 if row["group"] == "all" else len(GROUPS)
        groups = GROUPS if row["group"] == "all" else (row["group"],)
        irons = [TUMOUR_IRON_UG_PER_G.get((group, row["visit"]), (0.0, 0.0))[0] for group in groups]
        field_t = float(row["field_t"])
        design = float(np.mean([designed_cnr(field_t, iron) for iron in irons]))
        low, high = (number(row[f"small_sensitivity_ci_{side}"]) for side in ("low", "high"))
        cells = [row["visit"], f"{field_t:g} T", row["group"], row["reads"], f"{design:.1f}"]
        cells += [f"{number(row[f'{name}_mean']):.1f} ({number(row[f'{name}_sd']):.1f})" for name in MEASURED]
        cells += [str(small // share), row["small_lesion_reads"], row["small_lesions_detected"]]
        cells += [f"{number(row['small_sensitivity']):.2f} ({low:.2f} to {high:.2f})"]
        lines.append(line(cells))
    return lines


def main(demo: Path) -> None:
    results = demo / "results"
    first = rows_of(results / "tables" / "table1a.csv")
    second = rows_of(results / "tables" / "table2.csv")
    reads = rows_of(results / "reads.csv")
    animals = len({row["subject"] for row in reads}) // len(GROUPS)
    raters = len({row["rater"] for row in reads})
    lesions = animals * LESIONS_PER_ANIMAL * len(GROUPS)
    text = (ROOT / "docs" / "figures" / "validation.txt").read_text(encoding="utf-8")
    facts = {"animals": animals, "raters": raters, "lesions": lesions, "visits": len(VISITS)}
    filled = text.format(
        **facts, table1a="\n".join(table_1a(first)), table2="\n".join(table_2(second, animals, raters))
    )
    (ROOT / "docs" / "validation.md").write_text(filled, encoding="utf-8")
    print(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
