"""The report's plots, each from the tables of the analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from core.export.report.style import DASHES, FAINT, INK, Plot, Point, kinds, panels
from core.statistics.accuracy import roc_points
from core.statistics.listings import Row, Table
from core.statistics.order import visit_key
from core.statistics.study_groups import FREE, LAST_SEEN
from core.statistics.study_tables import MEAN_OF_RATERS

Tables = Mapping[str, Table]
ALL_FIELDS = "all fields"
BAND_DRAWS, BAND_SEED = 500, 1
DOTS_SEED = 0
_MOST_TICKS = 6
# the numbers at risk: from the axis to the first line, under its own words; line to line; a name's letters
_RISK_TOP_PT, _RISK_LINE_PT, _LONGEST_NAME = 33, 11, 20
_GRID = np.linspace(0, 1, 101)
_DOTTED = (
    ("iron_ug_per_g", "tumour iron, ug/g"),
    ("cnr", "CNR"),
    ("tumour_volume_mm3", "tumour volume, mm³"),
)


def all_plots(tables: Tables) -> list[Plot]:
    """Return every plot that these tables have something for, in the report's order."""
    makers = (
        kappa_plot, heat_maps, limits_plot, roc_plot, iron_plot, dot_plots, waterfall, survival_plot,
        blinding_plot,
    )  # fmt: skip
    return [plot for maker in makers if (plot := maker(tables)) is not None]


def field_name(field_t: float | None) -> str:
    """Return how a field is called in words."""
    return ALL_FIELDS if field_t is None else f"{field_t:g} T"


def kappa_plot(tables: Tables) -> Plot | None:
    """Kappa between raters by item and field, with its interval."""
    rows = [
        row
        for row in tables["agreement"].rows
        if row["coefficient"] == "kappa" and row["comparison"] == "between raters" and not row["visit"]
    ]
    weighted = {row["item"] for row in rows if row["weights"] == "linear"}
    wanted = [
        row for row in rows
        if row["weights"] == ("linear" if row["item"] in weighted else "unweighted")
        and math.isfinite(row["kappa"])
    ]  # fmt: skip
    if not wanted:
        return None
    names = list(dict.fromkeys(_kappa_name(row, wanted) for row in wanted))
    fields = list(dict.fromkeys(row["field_t"] for row in wanted))
    looks = kinds([field_name(field) for field in fields])
    figure, (axes,) = panels(1, height=0.9 + 0.42 * len(names))
    columns = ("item", "raters", "session", "field_t", "weights", "kappa", "ci_low", "ci_high")
    data: list[Row] = []
    for place, field in enumerate(fields):
        for row in (row for row in wanted if row["field_t"] == field):
            clustered = math.isfinite(row.get("cluster_ci_low", math.nan))
            low, high = (row[f"cluster_ci_{end}" if clustered else f"ci_{end}"] for end in ("low", "high"))
            height = names.index(_kappa_name(row, wanted)) + 0.22 * (place - (len(fields) - 1) / 2)
            look = looks[field_name(field)]
            if math.isfinite(low):
                axes.plot([low, high], [height, height], color=look["color"], linewidth=1.2)
            axes.plot(row["kappa"], height, linestyle="", markersize=4.5, label=field_name(field), **look)
            data.append({**{name: row[name] for name in columns[:6]}, "ci_low": low, "ci_high": high})
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.axvline(0, color=FAINT, linewidth=0.7)
    axes.set_xlim(min(-0.05, *(row["ci_low"] for row in data if math.isfinite(row["ci_low"])), 0), 1.02)
    axes.set_xlabel("kappa")
    _shared_legend(figure, [axes], list(looks))
    caption = (
        "Agreement between raters: kappa with its 95 % interval (animals as clusters where there are "
        "several), linear weights for ordered scores, unweighted otherwise. 0 is chance."
    )
    return Plot("kappa", caption, figure, Table(columns, tuple(data)))


def _kappa_name(row: Row, rows: Sequence[Row]) -> str:
    several = len({(other["raters"], other["session"]) for other in rows}) > 1
    name = str(row["item"]).replace("_", " ")
    return f"{name}\n{row['raters']}, session {row['session']}" if several else name


def heat_maps(tables: Tables) -> Plot | None:
    """How often two raters gave which two scores, a panel for each item and pair."""
    found: list[tuple[str, int, tuple[str, str], NDArray[np.int64], list[float]]] = []
    kappas = {row["item"] for row in tables["agreement"].rows if row["coefficient"] == "kappa"}
    first = [row for row in tables["inputs/ratings"].rows if not row["repeat"] and row["item"] in kappas]
    for item, session in dict.fromkeys((row["item"], row["session"]) for row in first):
        of_item = [
            row
            for row in first
            if (row["item"], row["session"]) == (item, session) and row["value"] is not None
        ]
        codes = sorted({row["value"] for row in of_item})
        for one, other in combinations(sorted({row["rater"] for row in of_item}), 2):
            given: list[dict[Any, float]] = [
                {r["unit"]: r["value"] for r in of_item if r["rater"] == who} for who in (one, other)
            ]
            counts = np.zeros((len(codes), len(codes)), dtype=np.int64)
            for unit in given[0].keys() & given[1].keys():
                counts[codes.index(given[0][unit]), codes.index(given[1][unit])] += 1
            if counts.any():
                found.append((item, session, (one, other), counts, codes))
    if not found:
        return None
    figure, axes = panels(len(found), height=2.3, across=3)
    data: list[Row] = []
    several = len({session for _, session, *_ in found}) > 1
    for panel, (item, session, pair, counts, codes) in zip(axes, found, strict=True):
        panel.imshow(counts, cmap="Greys", vmin=0, vmax=max(1, counts.max()) * 1.3)
        for (i, j), count in np.ndenumerate(counts):
            panel.text(j, i, str(count), ha="center", va="center", fontsize=7,
                       color="white" if count > 0.75 * counts.max() else INK)  # fmt: skip
            row = {"item": item, "session": session, "first_rater": pair[0], "second_rater": pair[1]}
            data.append({**row, "first": codes[i], "second": codes[j], "n": int(count)})
        labels = [f"{code:g}" for code in codes]
        panel.set_xticks(range(len(codes)), labels)
        panel.set_yticks(range(len(codes)), labels)
        title = item.replace("_", " ") + (f"\nsession {session}" if several else "")
        panel.set(title=title, xlabel=pair[1], ylabel=pair[0])
        panel.spines[:].set_visible(False)
    columns = ("item", "session", "first_rater", "second_rater", "first", "second", "n")
    caption = "How often two raters gave which scores, first readings. On the diagonal they agree."
    return Plot("agreement", caption, figure, Table(columns, tuple(data)))


def _iron_rows(tables: Tables) -> dict[float, list[Row]]:
    """Return the iron of the mean of raters, or of the one rater, beside ICP-MS, by field."""
    rows = tables["inputs/iron"].rows
    raters = {row["rater"] for row in rows}
    who = MEAN_OF_RATERS if MEAN_OF_RATERS in raters else next(iter(raters), "")
    found: dict[float, list[Row]] = {}
    for row in rows:
        both = row["icpms_ug_per_g"] is not None and math.isfinite(row["iron_ug_per_g"])
        if row["rater"] == who and both:
            found.setdefault(row["field_t"], []).append(row)
    return found


def _statistic(tables: Tables, field_t: float, name: str) -> float:
    rows = [
        row for row in tables["iron_agreement"].rows
        if row["comparison"] == "MRI, ICP-MS" and row["field_t"] == field_t and row["statistic"] == name
    ]  # fmt: skip
    of_mean = [row for row in rows if row["rater"] == MEAN_OF_RATERS] or rows
    return float(of_mean[0]["value"]) if of_mean else math.nan


def limits_plot(tables: Tables) -> Plot | None:
    """Bland-Altman: iron by MRI minus ICP-MS over their mean, per field."""
    found = _iron_rows(tables)
    if not found:
        return None
    figure, axes = panels(len(found))
    points: list[Point] = []
    for panel, (field, rows) in zip(axes, found.items(), strict=True):
        for row in rows:
            mean = (row["iron_ug_per_g"] + row["icpms_ug_per_g"]) / 2
            difference = row["iron_ug_per_g"] - row["icpms_ug_per_g"]
            panel.plot(mean, difference, "o", color=kinds(["x"])["x"]["color"], markersize=3.5)
            told = {"field_t": field, "subject": row["subject"], "visit": row["visit"]}
            told |= {"mean": mean, "difference": difference}
            points.append(Point(panel, mean, difference, told))
        lines = (("bias, ug/g", "bias", ()), ("lower limit of agreement, ug/g", "lower limit", (4, 2)),
                 ("upper limit of agreement, ug/g", "upper limit", (4, 2)))  # fmt: skip
        for name, short, dashes in lines:
            value = _statistic(tables, field, name)
            if math.isfinite(value):
                panel.axhline(value, color=INK, linewidth=0.9, dashes=dashes or (1, 0))
                panel.annotate(f"{short} {value:.2f}", (1, value), xycoords=("axes fraction", "data"),
                               ha="right", va="bottom", fontsize=6.5)  # fmt: skip
        panel.margins(y=0.2)
        panel.set(title=field_name(field), xlabel="mean of MRI and ICP-MS, ug/g", ylabel="MRI - ICP-MS, ug/g")
    columns = ("field_t", "subject", "visit", "mean", "difference")
    caption = "Tumour iron by MRI against ICP-MS: difference over mean, bias and 95 % limits of agreement."
    data = Table(columns, tuple(point.row for point in points))
    return Plot("bland-altman", caption, figure, data, tuple(points))


def iron_plot(tables: Tables) -> Plot | None:
    """Iron by MRI on iron by ICP-MS, per field, with Deming's line and the line of equality."""
    found = _iron_rows(tables)
    if not found:
        return None
    figure, axes = panels(len(found), height=2.7)
    looks = kinds(sorted({row["visit"] for rows in found.values() for row in rows}, key=visit_key))
    points: list[Point] = []
    for panel, (field, rows) in zip(axes, found.items(), strict=True):
        most = max(max(row["iron_ug_per_g"], row["icpms_ug_per_g"]) for row in rows) * 1.05
        for row in rows:
            panel.plot(row["icpms_ug_per_g"], row["iron_ug_per_g"], linestyle="", markersize=3.8,
                       label=row["visit"], **looks[row["visit"]])  # fmt: skip
            names = ("subject", "visit", "icpms_ug_per_g", "iron_ug_per_g")
            told = {"field_t": field, **{name: row[name] for name in names}}
            points.append(Point(panel, row["icpms_ug_per_g"], row["iron_ug_per_g"], told))
        panel.axline((0, 0), slope=1, color=FAINT, linewidth=0.8, dashes=(2, 2))
        slope, start = (_statistic(tables, field, f"Deming {name}") for name in ("slope", "intercept, ug/g"))
        if math.isfinite(slope):
            panel.axline((0, start), slope=slope, color=INK, linewidth=1)
            panel.text(0.03, 0.97, f"Deming: {start:.2f} + {slope:.2f} x", transform=panel.transAxes,
                       va="top", fontsize=7)  # fmt: skip
        panel.set(title=field_name(field), xlabel="ICP-MS, ug/g", ylabel="MRI, ug/g")
        low = min(0.0, *(row["iron_ug_per_g"] for row in rows))
        panel.set_xlim(-0.03 * most, most)
        panel.set_ylim(low - 0.03 * most, most)
    _shared_legend(figure, axes, list(looks))
    columns = ("field_t", "subject", "visit", "icpms_ug_per_g", "iron_ug_per_g")
    caption = (
        "Tumour iron by MRI (mean of raters, by the study's calibration of each field) on iron by ICP-MS. "
        "Solid: Deming's line; dotted: equality."
    )
    data = Table(columns, tuple(point.row for point in points))
    return Plot("iron", caption, figure, data, tuple(points))


def roc_plot(tables: Tables) -> Plot | None:
    """ROC curves of cases and of nodes by field and session, a curve per rater with a band.

    The band is of animals drawn anew.
    """
    rows = [row for row in tables["inputs/scores"].rows if math.isfinite(row["score"])]
    parts: dict[tuple[str, float, int], list[Row]] = {}
    for row in rows:
        parts.setdefault((row["item"], row["field_t"], row["session"]), []).append(row)
    items = list(dict.fromkeys(item for item, _, _ in parts))
    order = sorted(parts, key=lambda key: (items.index(key[0]), -key[1], key[2]))
    found = [(*key, parts[key]) for key in order if len({bool(row["positive"]) for row in parts[key]}) == 2]
    if not found:
        return None
    figure, axes = panels(len(found), height=3.0)
    data: list[Row] = []
    several = len({session for _, _, session, _ in found}) > 1
    for panel, (item, field, session, part) in zip(axes, found, strict=True):
        raters = sorted({row["rater"] for row in part})
        looks = kinds(raters)
        for place, rater in enumerate(raters):
            of_rater = [row for row in part if row["rater"] == rater]
            points, band = _roc(of_rater)
            colour = looks[rater]["color"]
            if band is not None:
                panel.fill_between(_GRID, band[0], band[1], color=colour, alpha=0.15, linewidth=0)
            auc = _area(points)
            panel.plot(points[:, 0], points[:, 1], color=colour, dashes=DASHES[place % len(DASHES)] or (1, 0),
                       linewidth=1.3, label=f"{rater}, AUC {auc:.2f}")  # fmt: skip
            cells: Row = {"item": item, "field_t": field, "session": session, "rater": rater}
            data += [{**cells, "false_positive_share": x, "sensitivity": y} for x, y in points.tolist()]
        panel.plot([0, 1], [0, 1], color=FAINT, linewidth=0.7, dashes=(2, 2))
        title = f"{item}, {field_name(field)}" + (f", session {session}" if several else "")
        panel.set(title=title, xlabel="1 - specificity", ylabel="sensitivity",
                  aspect="equal", xlim=(-0.01, 1.01), ylim=(-0.01, 1.01))  # fmt: skip
        _legend(panel, "lower right")
    columns = ("item", "field_t", "session", "rater", "false_positive_share", "sensitivity")
    caption = (
        f"ROC curves against the reference standard. Bands: 95 % of the curves of {BAND_DRAWS} samples of "
        f"animals drawn anew (seed {BAND_SEED}), at each false-positive share."
    )
    return Plot("roc", caption, figure, Table(columns, tuple(data)))


def _roc(rows: Sequence[Row]) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return the curve's points (false-positive share, sensitivity), and the band over `_GRID`."""
    score = np.array([row["score"] for row in rows], dtype=np.float64)
    truth = np.array([bool(row["positive"]) for row in rows])
    animals = np.unique([row["subject"] for row in rows], return_inverse=True)[1]
    points = _rising(roc_points(score, truth)[:, 1:])
    members = [np.flatnonzero(animals == animal) for animal in range(animals.max() + 1)]
    if len(members) < 3:
        return points, None
    rng = np.random.default_rng(BAND_SEED)
    curves = []
    for _ in range(BAND_DRAWS):
        drawn = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        if len(set(truth[drawn].tolist())) == 2:
            again = _rising(roc_points(score[drawn], truth[drawn])[:, 1:])
            curves.append(np.interp(_GRID, again[:, 0], again[:, 1]))
    if len(curves) < 0.9 * BAND_DRAWS:
        return points, None
    return points, np.quantile(curves, [0.025, 0.975], axis=0)


def _rising(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return points[np.lexsort((points[:, 1], points[:, 0]))]


def _area(points: NDArray[np.float64]) -> float:
    return float(np.trapezoid(points[:, 1], points[:, 0]))


def dot_plots(tables: Tables) -> Plot | None:
    """Iron, CNR and volume of every animal by group and visit, per field, with the group's mean."""
    rows = tables["inputs/animals"].rows
    found = [
        (name, label, field)
        for field in sorted({row["field_t"] for row in rows}, reverse=True)
        for name, label in _DOTTED
        if any(math.isfinite(row[name]) for row in rows if row["field_t"] == field)
    ]
    if not found:
        return None
    groups = sorted({row["group"] for row in rows}, key=str.lower)
    visits = sorted({row["visit"] for row in rows}, key=visit_key)
    looks = kinds(groups)
    rng = np.random.default_rng(DOTS_SEED)  # dots beside each other, not over each other
    figure, axes = panels(len(found), height=2.3, across=3)
    columns = ("item", "field_t", "group", "visit", "subject", "value")
    points: list[Point] = []
    for panel, (name, label, field) in zip(axes, found, strict=True):
        for place, group in enumerate(groups):
            for number, visit in enumerate(visits):
                part = [
                    row for row in rows
                    if (row["field_t"], row["group"], row["visit"]) == (field, group, visit)
                    and math.isfinite(row[name])
                ]  # fmt: skip
                if not part:
                    continue
                centre = number + 0.24 * (place - (len(groups) - 1) / 2)
                values = [row[name] for row in part]
                beside = centre + rng.uniform(-0.05, 0.05, len(values))
                panel.plot(
                    beside, values, linestyle="", markersize=2.6, alpha=0.8, label=group, **looks[group]
                )
                mean = float(np.mean(values))
                panel.plot([centre - 0.1, centre + 0.1], [mean, mean], color=INK, linewidth=1.4)
                points += [
                    Point(panel, x, row[name],
                          {"item": name, **{key: row[key] for key in columns[1:5]}, "value": row[name]})
                    for x, row in zip(beside.tolist(), part, strict=True)
                ]  # fmt: skip
        panel.set_xticks(range(len(visits)), visits)
        panel.set(title=field_name(field), ylabel=label)
    _shared_legend(figure, axes, groups)
    caption = "Every animal (mean of raters) by group and visit; the bar is the group's mean."
    data = Table(columns, tuple(point.row for point in points))
    return Plot("groups", caption, figure, data, tuple(points))


def waterfall(tables: Tables) -> Plot | None:
    """Change of tumour volume of every animal from the first visit to the last, per field."""
    changes: dict[float, list[tuple[float, str, str]]] = {}
    volumes: dict[tuple[float, str, str], dict[str, float]] = {}
    for row in tables["inputs/animals"].rows:
        if math.isfinite(row["tumour_volume_mm3"]):
            key = (row["field_t"], row["group"], row["subject"])
            volumes.setdefault(key, {})[row["visit"]] = row["tumour_volume_mm3"]
    for (field, group, subject), visits in volumes.items():
        ordered = sorted(visits, key=visit_key)
        if len(ordered) > 1 and visits[ordered[0]] > 0:
            change = 100 * (visits[ordered[-1]] / visits[ordered[0]] - 1)
            changes.setdefault(field, []).append((change, group, subject))
    if not changes:
        return None
    groups = sorted({group for rows in changes.values() for _, group, _ in rows}, key=str.lower)
    looks = kinds(groups)
    hatches = ("", "///", "...", "xx", "\\\\\\", "++")
    figure, axes = panels(len(changes))
    data: list[Row] = []
    for panel, field in zip(axes, sorted(changes, reverse=True), strict=True):
        for place, (change, group, subject) in enumerate(sorted(changes[field], reverse=True)):
            number = groups.index(group)
            panel.bar(place, change, color=looks[group]["color"], hatch=hatches[number % len(hatches)],
                      edgecolor="white", linewidth=0.3, label=group)  # fmt: skip
            data.append({"field_t": field, "subject": subject, "group": group, "change_percent": change})
        panel.axhline(0, color=INK, linewidth=0.7)
        panel.set_xticks([])
        panel.set(title=field_name(field), xlabel="animals", ylabel="change of volume, %")
    _shared_legend(figure, axes, groups)
    caption = "Change of tumour volume from the first visit to the last, every animal, largest growth first."
    columns = ("field_t", "subject", "group", "change_percent")
    return Plot("volume-change", caption, figure, Table(columns, tuple(data)))


def survival_plot(tables: Tables) -> Plot | None:
    """Share free of progression over time by group, per field, with who was at risk and seen last when."""
    steps = [row for row in tables["survival"].rows if row["quantity"] in (FREE, LAST_SEEN)]
    fields = sorted({row["field_t"] for row in steps}, reverse=True)
    if not fields:
        return None
    groups = sorted({row["group"] for row in steps}, key=str.lower)
    looks = kinds(groups)
    figure, axes = panels(len(fields), height=2.5 + len(groups) * _RISK_LINE_PT / 72)
    for panel, field in zip(axes, fields, strict=True):
        of_field = [row for row in steps if row["field_t"] == field]
        for place, group in enumerate(groups):
            part = [row for row in of_field if row["group"] == group]
            if part:
                _survival_curve(panel, part, group, looks[group]["color"], DASHES[place % len(DASHES)])
        shown = [group for group in groups if any(row["group"] == group for row in of_field)]
        hours = sorted({0.0, *(row["time_h"] for row in of_field)})
        ticks: list[float] = []
        for hour in hours:
            # numbers that touch would read as one
            if not ticks or hour - ticks[-1] >= hours[-1] / _MOST_TICKS:
                ticks.append(hour)
        panel.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        panel.set(title=field_name(field), xlabel="hours since the first visit",
                  ylabel="free of progression", ylim=(-0.02, 1.04))  # fmt: skip
        for line, group in enumerate(shown):
            numbers = {tick: _at_risk(of_field, group, tick) for tick in ticks}
            _risk_row(panel, line, group, looks[group]["color"], numbers)
    _shared_legend(figure, axes, groups)
    caption = (
        "Time to progression by the stated rule (Kaplan-Meier); bands: log-log 95 % intervals; strokes: "
        "animals seen for the last time without progression. Under each hour: animals at risk then."
    )
    return Plot("survival", caption, figure, Table(tables["survival"].columns, tuple(steps)))


def _survival_curve(
    panel: Axes, rows: Sequence[Row], group: str, colour: str, dashes: tuple[float, ...]
) -> None:
    """Draw a group's steps up to the last time that an animal was seen."""
    free = [row for row in rows if row["quantity"] == FREE]
    times = [0.0, *(row["time_h"] for row in free)]
    shares = [1.0, *(row["value"] for row in free)]
    bounds = [(1.0, 1.0), *((row["ci_low"], row["ci_high"]) for row in free)]
    last_seen = [row["time_h"] for row in rows if row["quantity"] == LAST_SEEN]
    marks = [shares[int(np.searchsorted(times, time, side="right")) - 1] for time in last_seen]
    if last_seen and last_seen[-1] > times[-1]:
        times, shares, bounds = [*times, last_seen[-1]], [*shares, shares[-1]], [*bounds, bounds[-1]]
    panel.step(times, shares, where="post", color=colour, label=group, dashes=dashes or (1, 0))
    panel.plot(last_seen, marks, linestyle="", marker="|", markersize=7, color=colour)
    low, high = np.array(bounds, dtype=np.float64).T
    panel.fill_between(times, low, high, step="post", color=colour, alpha=0.12, linewidth=0)


def _risk_row(panel: Axes, line: int, group: str, colour: str, numbers: Mapping[float, int]) -> None:
    """Write a group's name and how many were at risk at each tick, in a line of its own under the axis."""
    below: dict[str, Any] = {
        "xycoords": panel.get_xaxis_transform(),
        "textcoords": "offset points",
        "va": "top",
    }
    down = -_RISK_TOP_PT - line * _RISK_LINE_PT
    # the legend has long names whole
    name = group if len(group) <= _LONGEST_NAME else f"{group[: _LONGEST_NAME - 1]}…"
    panel.annotate(name, (0, 0), (-10, down), **{**below, "xycoords": "axes fraction"}, ha="right",
                   color=colour, fontsize=7, fontweight="bold")  # fmt: skip
    for tick, number in numbers.items():
        panel.annotate(f"{number}", (tick, 0), (0, down), **below, ha="center", color=INK, fontsize=7)


def _at_risk(rows: Sequence[Row], group: str, hour: float) -> int:
    """Return how many of a group had neither progressed nor been seen for the last time before an hour."""
    return max((row["at_risk"] for row in rows if row["group"] == group and row["time_h"] >= hour), default=0)


def blinding_plot(tables: Tables) -> Plot | None:
    """The blinding indices with their intervals."""
    rows = [row for row in tables["blinding"].rows if math.isfinite(row["value"])]
    if not rows:
        return None
    names = [
        f"{row['rater']}, session {row['session']}, {row['of']}: {row['index']} {row.get('arm') or ''}"
        for row in rows
    ]
    figure, (axes,) = panels(1, height=0.8 + 0.2 * len(rows))
    for place, row in enumerate(rows):
        if math.isfinite(row["ci_low"]):
            axes.plot([row["ci_low"], row["ci_high"]], [place, place], color=INK, linewidth=1)
        axes.plot(row["value"], place, "o", color=INK, markersize=4)
    axes.set_yticks(range(len(rows)), names, fontsize=7)
    axes.invert_yaxis()
    axes.axvline(0, color=FAINT, linewidth=0.7)
    axes.set_xlim(-1.05, 1.05)
    axes.set_xlabel("index")
    caption = (
        "What raters guessed. Bang: 0 is chance, 1 is all guessed right. James: 1 is all said they did not "
        "know, 0.5 is chance, 0 is all guessed right."
    )
    return Plot("blinding", caption, figure, Table(tables["blinding"].columns, tuple(rows)))


def _legend(axes: Axes, place: str) -> None:
    """Name the lines of one panel inside it."""
    if len(axes.get_legend_handles_labels()[1]) > 1:
        where: Any = place
        axes.legend(loc=where, handlelength=1.8, borderaxespad=0.2)


def _shared_legend(figure: Figure, axes: Sequence[Axes], names: Sequence[str]) -> None:
    """Name what all panels share above them, in the order of `names`, each once."""
    handles: dict[str, Any] = {}
    for panel in axes:
        found, labels = panel.get_legend_handles_labels()
        handles |= dict(zip(labels, found, strict=True))
    shown = [name for name in names if name in handles]
    if len(shown) > 1:
        lines = [handles[name] for name in shown]
        figure.legend(handles=lines, labels=shown, loc="outside upper center", ncols=len(shown),
                      handlelength=1.8)  # fmt: skip
