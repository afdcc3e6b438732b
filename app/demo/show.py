"""Runs the demo: the study, two scripted raters in the real window, the analysis, and what it shows."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from app.commands import Outcome
from app.demo.chain import RATERS, Chain, Places
from core.files import list_result, refuse_existing
from core.progress import Progress

# what is printed of the results: the table, its columns, and which of its rows
_SHOWN = {
    "tables/table1a.csv": (
        ("group", "visit", "field_t", "mri_mean_ug_per_g", "mri_n", "icpms_mean_ug_per_g", "icpms_n"),
        {},
    ),
    "tables/table2.csv": (
        ("visit", "field_t", "reads", "cnr_mean", "margin_mean", "small_lesion_reads", "small_sensitivity"),
        {"group": "all"},
    ),
    "agreement.csv": (
        ("item", "n", "weights", "p_observed", "kappa", "se", "ci_low", "ci_high"),
        {"coefficient": "kappa", "comparison": "between raters", "field_t": "", "visit": ""},
    ),
}
# moments of the first rater's first cases that become pictures
_PICTURED_CASES = 2


def run_demo(
    places: Places,
    seed: int,
    animals_per_group: int,
    fields_t: Sequence[float],
    tell: Callable[[str], None],
    progress: Progress,
) -> None:
    """Run the whole chain into `places`; everything is real but the raters.

    Raises
    ------
    AppError
        If a part of the chain fails; nothing is left behind.
    """
    chain = Chain(places, progress, tell)
    chain.build_study(seed, animals_per_group, fields_t)
    chain.deal(RATERS, seed)
    for number, rater in enumerate(RATERS):
        tell(f"{rater} reads {places.kit(rater).name} in the reading window (scripted)")
        read_kit(places, rater, np.random.default_rng([seed, number]), progress, pictured=number == 0)
    chain.analyse(RATERS)


def read_kit(
    places: Places, rater: str, rng: np.random.Generator, progress: Progress, *, pictured: bool
) -> None:
    """Let a scripted rater read a kit of the demo study."""
    from app.demo.rater import PASSWORD, ScriptedRater
    from app.demo.script import scripts
    from app.reading.window import ReadingWindow
    from app.settings import Settings
    from app.startup import application
    from core.study.kit import Kit
    from core.study.rater_key import Cost
    from core.study.store import Study

    application()
    with Study.open(places.study) as study:
        key = [entry for entry in study.key_entries() if entry.rater == rater]
    kit = Kit.open(places.kit(rater))
    # everybody knows this password: a guess of it need not be dear
    kit.enrol(PASSWORD, cost=Cost(iterations=1, lanes=1, memory_kib=64))
    window = ReadingWindow(kit, Settings())
    # off screen there is no screen to fit
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    try:
        snapshot = Snapshots(window, places.screenshots) if pictured else lambda name: None
        scripted = ScriptedRater(window, scripts(places.scans, key, rng), rng, snapshot)
        scripted.read_all(lambda fraction, what: progress.report(fraction, f"{rater}, {what}"))
    finally:
        window.close()


class Snapshots:
    """Keeps pictures of a window's first cases."""

    def __init__(self, window: object, folder: Path) -> None:
        self._window = window
        self._folder = folder
        self._taken: dict[str, int] = {}

    def __call__(self, name: str) -> None:
        """Keep a picture of this moment."""
        from PySide6.QtWidgets import QApplication

        number = self._taken.get(name, 0) + 1
        if number > _PICTURED_CASES:
            return
        self._taken[name] = number
        self._folder.mkdir(parents=True, exist_ok=True)
        # what was just answered still has its place in the layout to take
        QApplication.processEvents()
        self._window.grab().save(str(self._folder / f"{number}-{name}.png"))  # type: ignore[attr-defined]


@contextmanager
def fresh_folder(out: Path, *, force: bool) -> Iterator[Places]:
    """Give a folder for a new demo; an earlier one is replaced with `force`, a failed one is removed.

    The earlier one stands beside it as NAME.earlier until the new one is whole, and comes back if it fails.
    """
    places = Places(out.resolve())
    root = places.root
    earlier = root.with_name(f"{root.name}.earlier")
    refuse_existing(root, force=force)
    if root.is_dir():
        if earlier.exists():
            shutil.rmtree(root)  # what a killed run left; the one before it is worth more
        else:
            root.replace(earlier)
    root.mkdir(parents=True)
    list_result(root, unfinished=True)
    try:
        yield places
        list_result(root)
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        if earlier.is_dir():
            earlier.replace(root)
        raise
    shutil.rmtree(earlier, ignore_errors=True)


def outcome(places: Places, out: Path) -> Outcome:
    """Say what the demo found, and where to look."""
    tables = {
        name: [{column: row[column] for column in columns} for row in _rows(places.results / name, only)]
        for name, (columns, only) in _SHOWN.items()
    }
    parts = [f"{name}\n{_aligned(rows)}" for name, rows in tables.items()]
    look = [
        f"{out / 'screenshots'}: the reading window as the first rater saw it",
        f"{out / 'results'}: every table as CSV; {out / 'results' / 'agreement.csv'} holds the kappas",
        f"{out / 'scans' / 'truth'}: what was drawn, to compare",
    ]
    parts.append("Look at\n" + "\n".join(f"  {line}" for line in look))
    data = {
        "out": str(out),
        "tables": tables,
        "screenshots": sorted(
            str(path.relative_to(places.root)) for path in places.screenshots.glob("*.png")
        ),
    }
    return Outcome(data, "\n\n".join(parts))


def _rows(path: Path, only: Mapping[str, str]) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if all(row[name] == only[name] for name in only)]


def _aligned(rows: list[dict[str, str]]) -> str:
    cells = [list(rows[0]), *([_short(cell) for cell in row.values()] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    lines = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in cells]
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _short(cell: str) -> str:
    try:
        return f"{float(cell):.4g}" if "." in cell else cell
    except ValueError:
        return cell
