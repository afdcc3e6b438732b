"""`ferroread compare`: a region's iron over visits, or at two fields."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from app.commands import Outcome, UsageError, add_json
from app.text_tables import interval_text, text_table
from core.progress import Progress
from core.relaxometry.calibration import same_field
from core.relaxometry.comparison import compare_regions
from core.relaxometry.roi_iron import RoiIron, iron_time_course


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("maps", type=Path, nargs="+", help="folders that `map --roi` wrote")
    parser.add_argument("--roi", help="name of the region, where a folder has several")
    parser.add_argument("--hours", help="after the agent, one per folder: 1,24 gives the course over time")
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    from app.regions import iron_of

    if len(args.maps) < 2:
        raise UsageError("name two folders or more")
    found = [iron_of(folder, args.roi) for folder in args.maps]
    fields = [field for field, _, _ in found]
    irons = [iron for _, _, iron in found]
    if args.hours is not None:
        return _course(args, fields, irons)
    if len(found) != 2:
        raise UsageError("more than two folders make a course over time; add --hours")
    if same_field(*fields):
        raise UsageError("both are of one field; add --hours for a course over time")
    return _fields(fields, irons)


def _course(args: argparse.Namespace, fields: list[float], irons: list[RoiIron]) -> Outcome:
    try:
        hours = [float(word) for word in args.hours.split(",")]
    except ValueError as error:
        raise UsageError(f"--hours {args.hours}: give numbers, as 1,24") from error
    if len(hours) != len(irons):
        raise UsageError(f"--hours names {len(hours)} times for {len(irons)} folders; give one for each")
    if not all(same_field(fields[0], field) for field in fields):
        raise UsageError("the scans are of several fields; a course is of one")
    points = iron_time_course([(f"{hour:g} h", hour, iron) for hour, iron in zip(hours, irons, strict=True)])
    rows = [
        {
            "visit": point.visit,
            "iron": point.iron.statement,
            "change": f"{point.change_ug_per_g:+.3g}",
            "interval": interval_text(*point.change_interval_ug_per_g),
        }
        for point in points
    ]
    headings = {"visit": "after", "iron": "iron", "change": "change, ug/g", "interval": "95 %"}
    return Outcome(
        {"field_t": fields[0], "course": [asdict(point) for point in points]}, text_table(headings, rows)
    )


def _fields(fields: list[float], irons: list[RoiIron]) -> Outcome:
    difference = compare_regions(*irons)
    low, high = difference.interval_ug_per_g
    lines = [f"{field:g} T: {iron.statement}" for field, iron in zip(fields, irons, strict=True)]
    lines.append(
        f"second minus first: {difference.difference_ug_per_g:+.3g} ug/g (95 % {low:.3g} to {high:.3g})"
    )
    data = {"fields_t": fields, "iron": [asdict(iron) for iron in irons], "difference": asdict(difference)}
    return Outcome(data, "\n".join(lines))
