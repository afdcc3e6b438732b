"""Writes docs/validation.md: what the demo study at full size gives back of its design.

ferroread demo --animals-per-group 10 --out DEMO
python docs/figures/validation.py DEMO [SEED]
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import binary_erosion

from core.errors import InputError
from core.relaxometry.simulate import physics
from core.relaxometry.simulate.plan import (
    GROUPS,
    ICPMS_IRON_UG_PER_G,
    LESIONS_PER_ANIMAL,
    TUMOUR_IRON_UG_PER_G,
    VISITS,
    StudyPlan,
    SubjectPlan,
    draw_study,
)
from core.relaxometry.simulate.scanner import SCANNERS, scan
from core.statistics.linking import contrast_echo

# of `ferroread demo`
SEED = 7
FIELDS_T = (3.0, 0.064)
# SD of air's magnitude over the noise of one channel
RAYLEIGH_SD = math.sqrt(2 - math.pi / 2)
# over the same
RAYLEIGH_MEDIAN = math.sqrt(2 * math.log(2))
# what R2*_0 is the median of: the inner part of the reference standard's ball
INNER = 0.7
ROOT = Path(__file__).resolve().parents[2]

Row = dict[str, str]


@dataclass(frozen=True)
class Truth:
    """One simulated scan in the true tumour and all muscle: mean signals, noise, and R2* in 1/s.

    `rim_per_s` is the true mean of the whole tumour less the true median of its inner part.
    """

    tumour: float
    muscle: float
    sigma: float
    voxels: int
    r2star_per_s: float
    rim_per_s: float

    @property
    def cnr(self) -> float:
        return abs(self.tumour - self.muscle) / self.sigma


@dataclass(frozen=True)
class Read:
    """The same as a rater's regions have it."""

    subject: str
    tumour: float
    reference: float
    sigma: float
    voxels: int
    cnr: float
    r2star_per_s: float
    iron_mean: float
    iron_median: float


def rows_of(path: Path) -> list[Row]:
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


def true_regions(plan: StudyPlan, subject: SubjectPlan, visit: str, field_t: float) -> Truth:
    """Scan an animal again, bit for bit, and measure where the tumour and all muscle truly are."""
    made = scan(plan, subject.subject, visit, field_t)
    picture = made.echoes.magnitude[contrast_echo(made.echoes.te_ms)].astype(np.float64)
    r2star, masks = made.truth.r2star_per_s.data, made.truth.masks
    tumour = masks[subject.tumour.target_id]
    # clear of voxels that the animal fills in part
    air = binary_erosion(np.isnan(r2star), np.ones((1, 3, 3)), iterations=3, border_value=1)
    grid = made.echoes.geometry
    points = grid.to_mm(np.moveaxis(np.indices(grid.shape), 0, -1))
    away = np.linalg.norm(points - np.array(subject.tumour.centre_mm), axis=-1)
    inner = r2star[away <= INNER * subject.tumour.radius_mm]
    whole = float(r2star[tumour].mean())
    return Truth(
        float(picture[tumour].mean()),
        float(picture[masks["muscle"]].mean()),
        float(np.median(picture[air])) / RAYLEIGH_MEDIAN,
        int(tumour.sum()),
        whole,
        whole - float(np.nanmedian(inner)),
    )


def reads_of(results: Path) -> dict[tuple[str, float, str], list[Read]]:
    """Every first reading by visit, field and group, one per rater."""
    regions: dict[tuple[str, str], dict[str, Row]] = {}
    for row in rows_of(results / "rois.csv"):
        regions.setdefault((row["rater"], row["alias"]), {})[row["roi"]] = row
    found: dict[tuple[str, float, str], list[Read]] = {}
    seen: set[tuple[str, str]] = set()
    for row in rows_of(results / "reads.csv"):
        name = (row["rater"], row["alias"])
        if row["repeat_of"] or name in seen:
            continue
        seen.add(name)
        tumour, reference, noise = (regions[name][kind] for kind in ("tumour", "reference", "noise"))
        read = Read(
            row["subject"],
            number(tumour["signal_mean"]),
            number(reference["signal_mean"]),
            number(noise["signal_sd"]) / RAYLEIGH_SD,
            int(tumour["voxels"]),
            number(row["cnr"]),
            number(tumour["r2star_per_s_mean"]),
            number(tumour["iron_ug_per_g_mean"]),
            number(tumour["iron_ug_per_g_median"]),
        )
        found.setdefault((row["visit"], float(row["field_t"]), row["group"]), []).append(read)
    return found


def table_1a(rows: list[Row]) -> list[str]:
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
        cells += [f"{mean:.3f} ({sd:.3f})", str(n), f"{mean - wanted:+.3f}", f"{error:.3f}"]
        cells += ["yes" if abs(mean - wanted) <= error else "**no**"]
        cells += [f"{icpms[0]:.1f} ({icpms[1]:.1f})" if icpms else "0"]
        cells += [f"{chemistry:.2f} ({of_chemistry:.2f})" if math.isfinite(chemistry) else ""]
        lines.append(line(cells))
    return lines


def heading(names: tuple[str, ...]) -> list[str]:
    return [line(names), "|" + "---|" * len(names)]


def line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def table_2(rows: list[Row], animals: int, raters: int) -> list[str]:
    small = animals * LESIONS_PER_ANIMAL // 3 * len(GROUPS) * raters
    heads = ("visit", "field", "group", "reads", "CNR (SD)", "margin (SD)",
             "small lesions, design", "read", "found", "sensitivity (95 %)")  # fmt: skip
    lines = heading(heads)
    for row in rows:
        share = 1 if row["group"] == "all" else len(GROUPS)
        low, high = (number(row[f"small_sensitivity_ci_{side}"]) for side in ("low", "high"))
        cells = [row["visit"], f"{float(row['field_t']):g} T", row["group"], row["reads"]]
        cells += [f"{number(row[f'{n}_mean']):.1f} ({number(row[f'{n}_sd']):.1f})" for n in ("cnr", "margin")]
        cells += [str(small // share), row["small_lesion_reads"], row["small_lesions_detected"]]
        cells += [f"{number(row['small_sensitivity']):.2f} ({low:.2f} to {high:.2f})"]
        lines.append(line(cells))
    return lines


def contrast_table(
    plan: StudyPlan,
    truths: dict[tuple[str, str, float], Truth],
    reads: dict[tuple[str, float, str], list[Read]],
) -> list[str]:
    """CNR as designed, in the true regions, and found; what each step changes, animals as units."""
    heads = ("visit", "field", "group", "design", "true regions", "found", "difference ± 95 %", "within",
             "outline", "reference", "noise")  # fmt: skip
    lines = heading(heads)
    for visit in VISITS:
        for field_t in FIELDS_T:
            for group in GROUPS:
                own = reads[visit, field_t, group]
                irons = [s.tumour_iron_ug_per_g[visit] for s in plan.subjects if s.group == group]
                steps = np.array([_steps(read, truths[read.subject, visit, field_t]) for read in own])
                subjects = [read.subject for read in own]
                by_animal = np.array(
                    [steps[[s == name for s in subjects]].mean(0) for name in sorted(set(subjects))]
                )
                mean = by_animal.mean(0)
                error = 1.96 * by_animal[:, 1].std(ddof=1) / math.sqrt(len(by_animal))
                design = float(np.mean([designed_cnr(field_t, iron) for iron in irons]))
                cells = [visit, f"{field_t:g} T", group, f"{design:.1f}", f"{mean[0]:.1f}"]
                cells += [f"{mean[0] + mean[1]:.1f}", f"{mean[1]:+.2f} ± {error:.2f}"]
                cells += ["yes" if abs(mean[1]) <= error else "**no**"]
                cells += [f"{step:+.2f}" for step in mean[2:]]
                lines.append(line(cells))
    return lines


def _steps(read: Read, truth: Truth) -> tuple[float, ...]:
    """CNR of the true regions, the found one less it, and less it with one region at a time the rater's."""
    outline = abs(read.tumour - truth.muscle) / truth.sigma
    reference = abs(truth.tumour - read.reference) / truth.sigma
    noise = abs(truth.tumour - truth.muscle) / read.sigma
    return truth.cnr, *(value - truth.cnr for value in (read.cnr, outline, reference, noise))


def facts_of(
    truths: dict[tuple[str, str, float], Truth], reads: dict[tuple[str, float, str], list[Read]]
) -> Iterator[tuple[str, str]]:
    """What the page says of its figures."""
    pairs = [
        (read, truths[read.subject, visit, field_t], visit, field_t)
        for (visit, field_t, _), found in reads.items()
        for read in found
    ]
    low = [(read, truth) for read, truth, visit, field_t in pairs if visit == VISITS[0] and field_t < 1]
    slope = physics.r2star_relaxivity(FIELDS_T[1]) * physics.iron_mmol_per_l(1.0)
    yield "baseline_mean", f"{np.mean([read.iron_mean for read, _ in low]):.3f}"
    yield "baseline_median", f"{np.mean([read.iron_median for read, _ in low]):.3f}"
    yield "rim", f"{np.mean([truth.rim_per_s for _, truth in low]) / slope:.3f}"
    fit = np.mean([read.r2star_per_s - truth.r2star_per_s for read, truth in low])
    yield "fit_per_s", f"{fit:+.2f}"
    yield "rate_per_s", f"{np.mean([truth.r2star_per_s for _, truth in low]):.1f}"
    yield "fit", f"{fit / slope:.3f}"
    yield "volume", f"{100 * np.mean([read.voxels / truth.voxels for read, truth, *_ in pairs]):.0f}"
    yield "brighter", f"{100 * np.mean([read.reference / truth.muscle - 1 for read, truth, *_ in pairs]):.1f}"
    yield "noise", f"{100 * np.mean([read.sigma / truth.sigma - 1 for read, truth, *_ in pairs]):+.1f}"
    for field_t, name in zip(FIELDS_T, ("high", "low"), strict=True):
        shares = [r.tumour / t.tumour - 1 for r, t, visit, f in pairs if f == field_t and visit == VISITS[0]]
        yield f"core_{name}", f"{100 * np.mean(shares):.1f}"


def main(demo: Path, seed: int) -> None:
    results = demo / "results"
    first = rows_of(results / "tables" / "table1a.csv")
    second = rows_of(results / "tables" / "table2.csv")
    reads = reads_of(results)
    group_of = {read.subject: group for (_, _, group), found in reads.items() for read in found}
    animals = len(group_of) // len(GROUPS)
    plan = draw_study(seed, animals, FIELDS_T)
    if {subject.subject: subject.group for subject in plan.subjects} != group_of:
        raise InputError(f"{demo}: is not the demo of seed {seed} with {animals} animals a group")
    truths = {
        (subject.subject, visit, field_t): true_regions(plan, subject, visit, field_t)
        for subject in plan.subjects
        for visit in VISITS
        for field_t in FIELDS_T
    }
    raters = len({row["rater"] for row in rows_of(results / "reads.csv")})
    lesions = animals * LESIONS_PER_ANIMAL * len(GROUPS)
    facts = {"animals": animals, "raters": raters, "lesions": lesions, "visits": len(VISITS)}
    facts |= {"treated": animals * LESIONS_PER_ANIMAL * (len(GROUPS) - 1), "seed": seed}
    text = (ROOT / "docs" / "figures" / "validation.txt").read_text(encoding="utf-8")
    filled = text.format(
        **facts,
        **dict(facts_of(truths, reads)),
        table1a="\n".join(table_1a(first)),
        table2="\n".join(table_2(second, animals, raters)),
        contrast="\n".join(contrast_table(plan, truths, reads)),
    )
    (ROOT / "docs" / "validation.md").write_text(filled, encoding="utf-8")
    print(json.dumps(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else SEED)
