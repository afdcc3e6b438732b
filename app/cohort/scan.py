"""The work of one scan of a cohort, as a worker does it: a function of its task, whoever calls it.

A scan's folder stands whole or not at all, and its map.json says what it was made from: whoever finds one
made from the same takes it as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from app.cohort.places import Place, below, content, description, fetched, place, send
from app.maps import REPORT, command, make_maps
from app.scans import find_series, hashes, load_series
from core.errors import AppError, InputError
from core.files import RESULT_LIST, sha256, whole_folder
from core.progress import Silent
from core.relaxometry.calibration import Calibration
from core.version import program_version

if TYPE_CHECKING:
    from readers import SeriesInfo

# of map's options what names no file
_OPTIONS = (
    "series", "te", "part", "method", "noise", "coils", "truncate", "registration", "r2star0", "density",
    "field", "correct_gradient", "slice_thickness", "agent",
)  # fmt: skip
_NO_FILES = ("auto", "none")
STAGE = ".cohort"


@dataclass(frozen=True)
class Task:
    """A scan to map: its name in the cohort, the options of `map` for it, and where its folder goes.

    `version` is the FerroRead that asks; a worker that has another refuses.
    """

    name: str
    args: argparse.Namespace
    out: Place
    force: bool = False
    version: str = field(default_factory=program_version)


@dataclass(frozen=True)
class Mapped:
    """What came of a task: a report as map.json has it, or the one line that says why there is none.

    It was `kept` if it was there already. `starved` is a worker's fault, not the scan's.
    """

    name: str
    report: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    kept: bool = False
    starved: bool = False


def map_scan(task: Task) -> Mapped:
    """Map a scan, or find that it was mapped; what stands against it comes back as its one line."""
    with _Hand() as hand:
        try:
            if task.version != program_version():
                raise InputError(
                    f"its worker has FerroRead {program_version()}, this is {task.version}; "
                    "give both the same"
                )
            return _taken_or_made(task, hand)
        except MemoryError:
            error = "it needs more memory than its worker has; give workers more"
            return Mapped(task.name, error=error, starved=True)
        except AppError as error:
            return Mapped(task.name, error=hand.named(" ".join(str(error).split())))
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            return Mapped(task.name, error=hand.named(f"{where}{error.strerror or type(error).__name__}"))


class _Hand:
    """Files at hand: what lies in a store is fetched into a private folder that goes with the task."""

    def __init__(self) -> None:
        self._gone = ExitStack()
        self._fetched: dict[str, str] = {}

    def __enter__(self) -> _Hand:
        return self

    def __exit__(self, *_: object) -> None:
        self._gone.close()

    def folder(self) -> Path:
        """Return a new private folder."""
        return Path(self._gone.enter_context(tempfile.TemporaryDirectory(dir=_scratch())))

    def path(self, given: Place) -> Path:
        """Return where a place can be read."""
        if isinstance(given, Path):
            return given
        folder = self.folder()
        self._fetched[str(folder)] = given
        return fetched(given, folder)

    def named(self, text: str) -> str:
        """Return a text with addresses in place of a worker's own paths."""
        for folder, address in self._fetched.items():
            # a file's message goes on with its name, which the address of a file ends with already
            text = text.replace(f"{folder}/{address.rsplit('/', 1)[-1]}", address).replace(folder, address)
        return text


def _scratch() -> str | None:
    """Return the worker's own folder, which Dask clears when a worker was killed; None outside of one."""
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:
        return None


def _taken_or_made(task: Task, hand: _Hand) -> Mapped:
    before = content(below(below(task.out, task.name), REPORT))
    sources, found = _sources(task.args)
    if before is not None:
        report = _report(before)
        changed = _changed(report, sources, task.version)
        if not changed and _whole(below(task.out, task.name)):
            return Mapped(task.name, report, kept=True)
        if changed and not task.force:
            raise InputError(
                f"{' and '.join(changed)} changed since it was mapped; add --force to map it anew"
            )
    return Mapped(task.name, _make(task, sources, found, hand, replaces=before is not None))


def _make(
    task: Task, sources: Mapping[str, str], found: SeriesInfo | None, hand: _Hand, *, replaces: bool
) -> dict[str, Any]:
    """Map the scan into its folder and return what map.json says."""
    args = at_hand(task.args, hand)
    calibration = None if args.calibration is None else Calibration.load(args.calibration)
    if found is None:
        found = find_series(args.path, args.series, args.field, Silent(), args.te, args.part)
    scan = load_series(found, args.path, args.field, Silent())
    made = make_maps(args, scan, calibration, Silent(), perf_counter())
    report = made.report
    # how long it took is no property of the maps: the same work leaves the same bytes
    del report["seconds"]
    report |= {"command": command(task.args, Path(task.name)), "made_from": dict(sources)}
    if isinstance(task.out, Path):
        with whole_folder(task.out / task.name, force=replaces, stage=task.out / STAGE) as draft:
            made.fill(draft)
    else:
        folder = hand.folder()
        made.fill(folder)
        send(folder, str(below(task.out, task.name)), last=REPORT)
    return report


def at_hand(given: argparse.Namespace, hand: _Hand) -> argparse.Namespace:
    """Return the options with every place as a path that can be read."""
    args = argparse.Namespace(**vars(given))
    for role, named in _places(given):
        if role.startswith("roi "):
            continue
        setattr(args, role, hand.path(named) if role != "mask" else str(hand.path(named)))
    args.roi = [f"{role.removeprefix('roi ')}={hand.path(named)}" for role, named in _regions(given)]
    return args


def _sources(args: argparse.Namespace) -> tuple[dict[str, str], SeriesInfo | None]:
    """Return hashes of all that the maps are made from: options, the series' files, every other file.

    With them comes the series, where it lies on a disk and so was looked for.
    """
    options = {name: getattr(args, name) for name in _OPTIONS}
    options["mask"] = args.mask if args.mask in _NO_FILES else "file"
    made, found = {"options": _hash(options)}, None
    for role, named in _places(args):
        if isinstance(named, str):
            made[role] = description(named)
        elif role == "path":
            found = find_series(named, args.series, args.field, Silent(), args.te, args.part)
            made[role] = _hash(hashes(found, named))
        elif role == "baseline":
            made[role] = _hash(hashes(find_series(named, None, args.field, Silent()), named))
        else:
            made[role] = sha256(named)
    return made, found


def _hash(values: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _places(args: argparse.Namespace) -> Iterator[tuple[str, Place]]:
    """Return every file and folder that the options name, by what it is to the scan."""
    for role in ("path", "baseline", "calibration"):
        if getattr(args, role) is not None:
            yield role, getattr(args, role)
    if args.mask not in _NO_FILES:
        yield "mask", place(args.mask)
    yield from _regions(args)


def _regions(args: argparse.Namespace) -> Iterator[tuple[str, Place]]:
    for word in args.roi:
        name, _, file = word.partition("=")
        yield f"roi {name}", place(file)


def _whole(folder: Place) -> bool:
    """Say whether no file of a result was lost or emptied since; in a store map.json alone says that."""
    if isinstance(folder, str):
        return True
    listed = folder / RESULT_LIST
    if not listed.is_file():
        return False
    files = [folder / name for name in listed.read_text(encoding="utf-8", errors="replace").splitlines()]
    return bool(files) and all(file.is_file() and file.stat().st_size for file in files)


def _report(text: bytes) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("made_from"), dict):
        raise InputError("other maps are in its place; choose another folder for the cohort")
    return found


def _changed(report: Mapping[str, Any], sources: Mapping[str, str], version: str) -> list[str]:
    """Say what is not as it was when the maps were made."""
    words = {"path": "the scan", "options": "options"}
    before = report["made_from"]
    changed = [
        words.get(role, f"the {role}")
        for role in sorted({*before, *sources})
        if before.get(role) != sources.get(role)
    ]
    return changed + (
        [f"FerroRead (it was {report.get('version')})"] if report.get("version") != version else []
    )
