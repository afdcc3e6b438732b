"""Typical cases as pictures: the scan in grey with both raters' outlines over each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from core.export.report.plots import field_name
from core.export.report.style import COLOURS, DASHES, Plot, panels
from core.reading.contrast import contrast_echo
from core.statistics.linking import union
from core.statistics.listings import Row, Table
from core.study.records import SignedReading, StudyData

_MARGIN = 1.5  # half a picture's side, in diameters of the regions


def typical_cases(study: StudyData, pairs: Table) -> Plot | None:
    """Show for each field the case whose Dice of the tumour is nearest the median of its field.

    Parameters
    ----------
    study : StudyData
        Its pictures are read for the chosen cases alone.
    pairs : Table
        roi_agreement of the analysis.
    """
    chosen = [pair for row in _nearest_median(pairs) if (pair := _readings(study, row)) is not None]
    if not chosen:
        return None
    figure, axes = panels(len(chosen), height=3.2)
    data: list[Row] = []
    for panel, (row, readings) in zip(axes, chosen, strict=True):
        images = study.images(readings[0].scan_id)
        regions = [union(reading.rois.values(), "tumour") for reading in readings]
        drawn = [region for region in regions if region is not None]
        place = int(np.argmax(sum(region.sum((1, 2)) for region in drawn)))
        echo = contrast_echo(images.echoes.te_ms)
        picture = images.echoes.magnitude[echo][place]
        rows, columns = _around([region[place] for region in drawn], picture.shape)
        low, high = np.percentile(picture[rows, columns], [1, 99])
        _, high_mm, wide_mm = images.echoes.geometry.spacing_mm
        panel.imshow(picture, cmap="gray", vmin=low, vmax=max(high, low + 1e-6), aspect=high_mm / wide_mm,
                     interpolation="nearest")  # fmt: skip
        for number, (reading, region) in enumerate(zip(readings, regions, strict=True)):
            colour = COLOURS[4 + number % 2]
            if region is not None and region[place].max() >= 0.5:
                panel.contour(region[place], levels=[0.5], colors=[colour], linewidths=1.4,
                              linestyles=["solid" if not number else (0, DASHES[1])])  # fmt: skip
            panel.plot([], [], color=colour, dashes=DASHES[number] or (1, 0), label=reading.rater)
        panel.set_xlim(columns.start - 0.5, columns.stop - 0.5)
        panel.set_ylim(rows.stop - 0.5, rows.start - 0.5)
        panel.set_axis_off()
        title = f"{field_name(row['field_t'])}, {row['visit']}, {row['group']}: Dice {row['dice']:.2f}"
        panel.set_title(f"{title}\nTE {images.echoes.te_ms[echo]:.1f} ms, slice {place + 1}")
        # white and colours are read on any tissue
        panel.legend(loc="lower left", labelcolor="white", handlelength=1.8, frameon=True, facecolor="black",
                     edgecolor="none", framealpha=0.75)  # fmt: skip
        names = ("field_t", "subject", "visit", "group", "raters", "dice")
        data.append({**{name: row[name] for name in names}, "slice": place + 1})
    columns_told = ("field_t", "subject", "visit", "group", "raters", "dice", "slice")
    caption = (
        "Typical cases: of each field the case whose Dice is nearest the median, in the slice with most "
        "tumour, with both raters' outlines."
    )
    return Plot("cases", caption, figure, Table(columns_told, tuple(data)))


def _nearest_median(pairs: Table) -> list[Row]:
    rows = [
        row for row in pairs.rows
        if row["roi"] == "tumour" and row["comparison"] == "between raters" and math.isfinite(row["dice"])
    ]  # fmt: skip
    found = []
    for field in sorted({row["field_t"] for row in rows}, reverse=True):
        of_field = [row for row in rows if row["field_t"] == field]
        middle = float(np.median([row["dice"] for row in of_field]))
        found.append(min(of_field, key=lambda row: abs(row["dice"] - middle)))
    return found


def _readings(study: StudyData, row: Row) -> tuple[Row, list[SignedReading]] | None:
    """Return the two readings that a row compares; a name may be part of another or hold commas."""
    found = [
        reading for reading in study.readings
        if (reading.subject, reading.visit, reading.field_t, reading.session)
        == (row["subject"], row["visit"], row["field_t"], row["session"])
        and not reading.repeat_of and not reading.adjudicates
    ]  # fmt: skip
    pairs = permutations(found, 2)
    return next(
        ((row, [one, other]) for one, other in pairs if f"{one.rater}, {other.rater}" == row["raters"]), None
    )


def _around(regions: Sequence[NDArray[np.floating]], shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return rows and columns of a square around all regions, cut at the picture's edges."""
    inside = np.argwhere(np.maximum.reduce(list(regions)) > 0)
    if not len(inside):
        return slice(0, shape[0]), slice(0, shape[1])
    middle = inside.mean(0)
    half = max(8.0, _MARGIN * float(np.ptp(inside, axis=0).max() + 1))
    found = [
        slice(max(0, int(centre - half)), min(size, int(centre + half) + 1))
        for centre, size in zip(middle, shape, strict=True)
    ]
    return found[0], found[1]
