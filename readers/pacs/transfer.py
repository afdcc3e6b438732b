"""Instances from an archive into a folder: each whole or not at all, each once, and its hash kept.

The folder holds `.ferroread-transfer.jsonl`: a line per instance with file, size and SHA-256, written
before the file takes its name. What is there with the hash of its line is done; the rest is fetched. So a run
that was killed, cut or stopped is taken up by the same run, and needs no state but the folder.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any

from pydicom import dcmread
from pydicom.errors import InvalidDicomError

from core.errors import InputError
from core.files import sha256
from core.progress import Part, Progress, Silent
from readers.pacs.finding import instances_of
from readers.pacs.model import FoundSeries, Instance, Link, LinkLostError, PacsError

MANIFEST = ".ferroread-transfer.jsonl"
_PART = ".ferroread-part"
_HEADER = {"ferroread_transfer": 1}
_UID = re.compile(r"[0-9]+(\.[0-9]+)*")
# so often in a row is a connection that broke made anew without anything having come
_TRIES, _PAUSE_S = 3, 1.0
_LISTED = 0.1

Connect = Callable[[], Link]


@dataclass(frozen=True)
class Imported:
    """What an import did: instances asked for, fetched now, there already, and bytes fetched."""

    series: int
    instances: int
    fetched: int
    there: int
    bytes: int


def import_series(
    connect: Connect,
    series: Sequence[FoundSeries],
    folder: Path,
    progress: Progress | None = None,
    *,
    force: bool = False,
) -> Imported:
    """Bring series into a folder; what a run before has brought is checked by hash and stays.

    Parameters
    ----------
    connect : callable
        Opens the link; called again where it broke.
    series : sequence of FoundSeries
        What to bring.
    folder : Path
        A new or empty folder, or one that an import has begun.
    progress : Progress, optional
        Told how far it is; where it is cancelled, what came by then stays.
    force : bool
        Whether files that were changed after they came may be fetched again.

    Raises
    ------
    InputError
        If the folder holds other things, a file in it was changed, the disk is full, or it was cancelled.
    LinkLostError
        If the connection broke and could not be made anew; the same again goes on from there.
    PacsError
        If the archive refuses, or did not send everything.
    """
    progress = progress or Silent()
    wanted: list[Instance] = []
    refused, tries = "", 0
    with _Transfer(folder, progress, force=force) as transfer:
        while True:
            before = len(transfer.done)
            try:
                with closing(connect()) as link:
                    wanted = wanted or _listed(link, series, Part(progress, 0.0, _LISTED))
                    refused = link.fetch(transfer.missing(wanted), transfer.keep, progress.cancelled)
                break
            except LinkLostError as error:
                tries = 1 if len(transfer.done) > before else tries + 1
                if tries == _TRIES or progress.cancelled():
                    told = f"{error}; {len(transfer.done)} instances are there, and the same again goes on"
                    raise LinkLostError(told) from error
                time.sleep(_PAUSE_S)
    left = len(wanted) - len(transfer.done)
    if left and progress.cancelled():
        raise InputError(f"stopped: {left} of {len(wanted)} instances are missing; the same again goes on")
    if left or not wanted:
        told = refused or "the archive left them out"
        raise PacsError(
            f"{left} of {len(wanted)} instances did not come: {told}; the same again asks for them"
        )
    progress.report(1.0, "all instances are there")
    return Imported(
        len(series), len(wanted), transfer.fetched, len(wanted) - transfer.fetched, transfer.bytes
    )


def fetch_one(link: Link, series: FoundSeries, folder: Path) -> Path:
    """Bring the middle instance of a series into a folder, to be looked at; return its file.

    Raises
    ------
    PacsError
        If the archive refuses, does not answer, or the series is empty.
    """
    listed = instances_of(link, series)
    place = folder / "preview.dcm"
    if listed:
        chosen = listed[len(listed) // 2]
        link.fetch([chosen], lambda _, content: _write(place, content), lambda: False)
    if not place.exists():
        raise PacsError(f"{link.server.name}: the series holds nothing that can be looked at")
    return place


def _listed(link: Link, series: Sequence[FoundSeries], progress: Progress) -> list[Instance]:
    found: dict[str, Instance] = {}
    for count, each in enumerate(series):
        progress.report(count / len(series), "listing instances")
        found.update((instance.instance, instance) for instance in instances_of(link, each))
    return list(found.values())


class _Transfer:
    """The folder of an import: what is in it by the manifest, and what comes."""

    def __init__(self, folder: Path, progress: Progress, *, force: bool) -> None:
        self._folder, self._progress, self._force = folder, progress, force
        self._wanted: dict[str, Instance] = {}
        self.done: set[str] = set()
        self.fetched = self.bytes = 0

    def __enter__(self) -> _Transfer:
        manifest = self._folder / MANIFEST
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not manifest.exists() and any(self._folder.iterdir()):
                raise InputError(
                    f"{self._folder} holds files that no import has brought; choose another place"
                )
            self._kept = _read(manifest)
            # what a killed run was writing never took its name
            shutil.rmtree(self._folder / _PART, ignore_errors=True)
            (self._folder / _PART).mkdir(exist_ok=True)
            self._lines = manifest.open("a", encoding="utf-8")
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        # a line that was cut short by a kill ends here
        self._lines.write("\n" if self._kept else json.dumps(_HEADER) + "\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lines.close()
        shutil.rmtree(self._folder / _PART, ignore_errors=True)

    def missing(self, wanted: Sequence[Instance]) -> list[Instance]:
        """Return what is not there yet with the hash of its line."""
        self._wanted = {each.instance: each for each in wanted}
        changed = 0
        for count, each in enumerate(wanted):
            if each.instance in self.done:
                continue
            self._progress.report(_LISTED * count / len(wanted), "checking what is there")
            state = self._state(each)
            changed += state == "changed"
            if state == "there":
                self.done.add(each.instance)
        if changed and not self._force:
            raise InputError(
                f"{self._folder}: {changed} files were changed after they came; move them away, "
                "or add --force to fetch them again"
            )
        return [each for each in wanted if each.instance not in self.done]

    def keep(self, uid: str, content: bytes) -> None:
        """Write an instance aside, note its hash, and give it its name."""
        place = self._folder / _place(self._wanted[uid])
        _check(uid, content)
        line = {
            "instance": uid,
            "file": place.relative_to(self._folder).as_posix(),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        draft = self._folder / _PART / place.name
        try:
            _write(draft, content)
            self._lines.write(json.dumps(line) + "\n")
            self._lines.flush()
            place.parent.mkdir(exist_ok=True)
            draft.replace(place)
        except OSError as error:
            raise _unwritable(self._folder, error) from error
        self.done.add(uid)
        self.fetched += 1
        self.bytes += len(content)
        total = len(self._wanted)
        share = _LISTED + (1 - _LISTED) * len(self.done) / total
        self._progress.report(share, f"{len(self.done)} of {total} instances")

    def _state(self, each: Instance) -> str:
        """Return "there", "missing", or "changed" where somebody has put another file in its place."""
        line, place = self._kept.get(each.instance), self._folder / _place(each)
        if not place.is_file():
            return "missing"
        # a power cut leaves files short; nobody's work is lost when they come again
        if line is None or place.stat().st_size < line["bytes"]:
            return "missing"
        return "there" if sha256(place) == line["sha256"] else "changed"


def _read(manifest: Path) -> dict[str, dict[str, Any]]:
    """Return the last line of every instance; what a kill has cut short is none."""
    kept: dict[str, dict[str, Any]] = {}
    if not manifest.exists():
        return kept
    for text in manifest.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            line = json.loads(text)
            kept[line["instance"]] = {"bytes": int(line["bytes"]), "sha256": str(line["sha256"])}
        except (ValueError, KeyError, TypeError):
            continue
    return kept


def _place(each: Instance) -> Path:
    """Return where an instance lies: a UID as the archive gives it need not be fit for a name."""
    folder = hashlib.sha256(each.series.encode()).hexdigest()[:16]
    name = (
        each.instance if _UID.fullmatch(each.instance) else hashlib.sha256(each.instance.encode()).hexdigest()
    )
    return Path(folder) / f"{name[:64]}.dcm"


def _check(uid: str, content: bytes) -> None:
    """Raise PacsError where the bytes are not the instance that was asked for."""
    try:
        came = dcmread(BytesIO(content), stop_before_pixels=True, specific_tags=["SOPInstanceUID"])
    except (InvalidDicomError, EOFError, ValueError) as error:
        raise PacsError("the archive sent what is no DICOM file; ask who keeps it") from error
    if str(came.get("SOPInstanceUID", "")) != uid:
        raise PacsError("the archive sent another instance than the one asked for; ask who keeps it")


def _write(place: Path, content: bytes) -> None:
    place.write_bytes(content)


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"{folder}: it cannot be written ({error.strerror or error}); make room or choose another"
    )
