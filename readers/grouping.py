"""Frames to series: by geometry, part and echo time, never by the order or numbers of files."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from core.errors import InputError
from readers.files import ImageFile
from readers.model import PARTS, SHORTEST_TE_MS, Facts, Frame, Part, SeriesInfo
from readers.placing import SAME_TE_MS, Placed, echo_times, plural
from readers.scaling import DISPLAYED

# steps along rows and columns closer than this (in mm) belong to one grid
SAME_STEP_MM = 1e-3
# relative: headers of one magnet round its field in different ways, other magnets differ by more
SAME_FIELD = 0.05

Fingerprint = Callable[[Frame], bytes]


@dataclass
class _Group:
    """Frames of one acquisition on one grid, on the way to a series."""

    frames: list[Frame]
    split: str = ""
    remarks: list[str] = field(default_factory=list)

    @property
    def facts(self) -> Facts:
        return self.frames[0].facts

    def parts(self) -> set[Part]:
        return {frame.part for frame in self.frames}

    def echo_times(self) -> tuple[float, ...]:
        return echo_times(self.frames)


def group_frames(frames: Iterable[Frame], fingerprint: Fingerprint) -> list[SeriesInfo]:
    """Put frames together into series.

    Parameters
    ----------
    frames : iterable of Frame
        In any order.
    fingerprint : callable
        Gives a digest of a frame's stored pixels; called only where two frames claim one place.

    Returns
    -------
    list of SeriesInfo
        Sorted by place and series number.
    """
    frames = list(frames)
    gaps = _gaps_in_numbers(frames)
    groups = [
        stack
        for group in _by_series_and_grid(frames, gaps)
        for acquisition in _without_collisions(group, fingerprint)
        for stack in _stacks_apart(acquisition)
    ]
    groups = _pair_parts(_gather_echoes(groups))
    series = [_describe(group) for group in groups]
    return sorted(series, key=lambda info: (str(info.path), info.frames[0].facts.series_number, info.id))


def corrected(
    info: SeriesInfo, *, part: Part | None = None, te_ms: Sequence[float] | None = None
) -> SeriesInfo:
    """Return a series with what a person knows better than its files: what it shows, its echo times.

    Parameters
    ----------
    info : SeriesInfo
        One that `inspect` gave.
    part : {"magnitude", "phase"}, optional
        What all of its pictures show; see `takes_part`.
    te_ms : sequence of float, optional
        See `with_echo_times`.

    Raises
    ------
    InputError
        If the series cannot take them.
    """
    if part is not None and part != info.part[0]:
        if not takes_part(info):
            raise InputError(f"series {info.id}: its files say that it is {' and '.join(info.part)}")
        frames = [_shows(frame, part) for frame in info.frames]
        info = replace(_describe(_Group(frames)), id=info.id)
    return info if te_ms is None else with_echo_times(info, te_ms)


def _shows(frame: Frame, part: Part) -> Frame:
    """Return a frame that shows what a person says; what had been taken from its name is forgotten."""
    factor, kind = (None, "phase of unknown unit") if part == "phase" else (1.0, "values as in the file")
    kept = [remark for remark in frame.facts.remarks if "taken " not in remark]
    facts = replace(frame.facts, remarks=(*kept, f"taken as {part} by the user"))
    return replace(frame, part=part, scale=replace(frame.scale, factor=factor, kind=kind), facts=facts)


def takes_part(info: SeriesInfo) -> bool:
    """Tell whether a person may say what a series shows: where its name alone does, as for NIfTI files."""
    return len(info.part) == 1 and all(frame.facts.stored_order for frame in info.frames)


def numbered_echoes(info: SeriesInfo) -> int:
    """Return how many echo times `with_echo_times` wants; 0 where it cannot tell echoes apart."""
    numbers = {frame.echo_number for frame in info.frames}
    return 0 if None in numbers else len(numbers)


def with_echo_times(info: SeriesInfo, te_ms: Sequence[float]) -> SeriesInfo:
    """Return a series with the echo times that a person gave, where the files have none or a wrong one.

    Parameters
    ----------
    info : SeriesInfo
        One whose frames are numbered by echo: volumes of a NIfTI file, or echo numbers of DICOM.
    te_ms : sequence of float
        Echo times in ms in the order of those numbers.

    Raises
    ------
    InputError
        If they are not positive and rising, or not as many as there are echoes.
    """
    echoes = numbered_echoes(info)
    if echoes != len(te_ms):
        raise InputError(f"series {info.id}: {len(te_ms)} echo times were given for {echoes} numbered echoes")
    numbers = sorted({frame.echo_number for frame in info.frames if frame.echo_number is not None})
    if not all(0 < te < np.inf for te in te_ms) or any(b <= a for a, b in pairwise(te_ms)):
        raise InputError(
            f"echo times must be positive and rise, not {', '.join(f'{te:g}' for te in te_ms)} ms"
        )
    given = dict(zip(numbers, te_ms, strict=True))
    frames = [replace(frame, te_ms=float(given[frame.echo_number or 0])) for frame in info.frames]
    return replace(_describe(_Group(frames, remarks=["echo times given by the user"])), id=info.id)


def _gaps_in_numbers(frames: Iterable[Frame]) -> dict[str, str]:
    """Return for each series whose instance numbers leave some out what to say about it."""
    numbers: dict[str, dict[ImageFile, int]] = defaultdict(dict)
    for frame in frames:
        if frame.instance is not None:
            numbers[frame.facts.series][frame.file] = frame.instance
    gaps = {}
    for series, of_file in numbers.items():
        present = set(of_file.values())
        lacking = max(present) - min(present) + 1 - len(present)
        # numbers that repeat, or leave out more than are there, say nothing
        if 0 < lacking < len(present) == len(of_file):
            told = f"instance numbers {min(present)} to {max(present)} leave {lacking} out"
            gaps[series] = f"{told}: part of the series may be missing"
    return gaps


def _by_series_and_grid(frames: Iterable[Frame], gaps: Mapping[str, str]) -> list[_Group]:
    """Sort frames into groups of one series, one in-plane grid and one kind of picture."""
    buckets: dict[Hashable, list[_Group]] = defaultdict(list)
    # the same frames in the same order, whatever the order of the files
    for frame in sorted(frames, key=lambda frame: (frame.uid, frame.number, frame.file)):
        facts = frame.facts
        # without a position only the file itself tells which frames belong together
        lone = frame.file if frame.position is None else None
        other = frame.part == "other"
        key = (facts.format, facts.study, facts.series, frame.layout.rows, frame.layout.columns, lone, other)
        for group in buckets[key]:
            if _same_steps(group.frames[0], frame):
                group.frames.append(frame)
                break
        else:
            said = [gaps[facts.series]] if facts.series in gaps else []
            buckets[key].append(_Group([frame], remarks=said))
    return [group for bucket in buckets.values() for group in bucket]


def _same_steps(one: Frame, two: Frame) -> bool:
    if one.column_step == two.column_step and one.row_step == two.row_step:
        return True
    # what counts is how far apart the last column and row would lie
    columns, rows = one.layout.columns, one.layout.rows
    return all(
        abs(a - b) * count < max(SAME_STEP_MM, 1e-4 * count * abs(a))
        for first, second, count in (
            (one.column_step, two.column_step, columns),
            (one.row_step, two.row_step, rows),
        )
        for a, b in zip(first, second, strict=True)
    )


def _without_collisions(group: _Group, fingerprint: Fingerprint) -> list[_Group]:
    """Drop duplicates; where different frames claim one place, split by what tells them apart."""
    unique, dropped = _unique(group.frames, fingerprint)
    group = replace(group, frames=unique)
    if dropped:
        group.remarks.append(f"{dropped} duplicate {plural(dropped, 'picture')} counted once")
    if not _collisions(unique):
        return [group]
    for index in range(len(unique[0].splits)):
        apart: dict[Hashable, list[Frame]] = defaultdict(list)
        for frame in unique:
            apart[frame.splits[index]].append(frame)
        if len(apart) > 1 and not any(_collisions(frames) for frames in apart.values()):
            return [
                _Group(
                    frames,
                    split=f"{index}:{value}",
                    remarks=[*group.remarks, f"one of {len(apart)} repetitions"],
                )
                for value, frames in apart.items()
            ]
    return [group]


def _stacks_apart(group: _Group) -> list[_Group]:
    """Split parallel stacks that make no even grid together (Stack ID, PS3.3 C.7.6.16.2.2)."""
    stacks: dict[Hashable, list[Frame]] = defaultdict(list)
    for frame in group.frames:
        stacks[frame.stack].append(frame)
    if len(stacks) == 1:
        return [group]
    faults: list[str] = []
    if Placed(group.frames, group.echo_times(), faults, []).stack() is not None:
        return [group]
    remarks = [*group.remarks, f"one of {len(stacks)} stacks"]
    return [_Group(frames, f"{group.split} stack {name}", list(remarks)) for name, frames in stacks.items()]


def _unique(frames: Sequence[Frame], fingerprint: Fingerprint) -> tuple[list[Frame], int]:
    """Leave out frames whose place, echo time, part and pixels are those of another."""
    places: dict[Hashable, list[Frame]] = defaultdict(list)
    for frame in frames:
        places[_place(frame)].append(frame)
    kept: list[Frame] = []
    for rivals in places.values():
        if len(rivals) == 1 or rivals[0].position is None:
            kept.extend(rivals)
            continue
        # another echo number or split value, such as the repetition, makes it another picture however alike
        # the pixels: outside of a mask all echoes are zero
        first: dict[Hashable, Frame] = {}
        for frame in rivals:
            first.setdefault((frame.splits, frame.echo_number, frame.scale, fingerprint(frame)), frame)
        kept.extend(first.values())
    return kept, len(frames) - len(kept)


def _place(frame: Frame) -> Hashable:
    place = None if frame.position is None else tuple(round(value, 3) for value in frame.position)
    te = None if frame.te_ms is None else round(frame.te_ms, 3)
    return frame.part, te, place, frame.number if place is None else 0


def _collisions(frames: Sequence[Frame]) -> int:
    """Count the places that more than one frame claims."""
    return len(frames) - len({_place(frame) for frame in frames})


def _gather_echoes(groups: list[_Group]) -> list[_Group]:
    """Take single echoes that were stored as a series each for the one acquisition that they are."""
    families: dict[Hashable, list[_Group]] = defaultdict(list)
    for group in groups:
        facts, times = group.facts, group.echo_times()
        alone = len(times) == 1 and "other" not in group.parts() and group.frames[0].position is not None
        if alone and "GR" in facts.sequence and facts.study and None not in facts.protocol:
            places = frozenset(_place(replace(frame, te_ms=None)) for frame in group.frames)
            families[(facts.study, facts.frame_of_reference, facts.protocol, places)].append(group)
        else:
            families[id(group)].append(group)
    gathered = []
    for family in families.values():
        distinct = {group.echo_times() for group in family}
        if len(family) == 1 or len(distinct) < len(family):
            gathered.extend(family)
            continue
        family.sort(key=lambda group: group.echo_times())
        frames = [frame for group in family for frame in group.frames]
        remarks = [remark for group in family for remark in group.remarks]
        gathered.append(_Group(frames, remarks=[*remarks, f"echoes gathered from {len(family)} series"]))
    return gathered


def _pair_parts(groups: list[_Group]) -> list[_Group]:
    """Join magnitude with phase, and real with imaginary, of one acquisition stored as two series."""
    families: dict[Hashable, list[_Group]] = defaultdict(list)
    for group in sorted(groups, key=lambda one: (one.facts.series_number, one.facts.series, one.split)):
        families[_family(group)].append(group)
    return [joined for family in families.values() for joined in _joined(family)]


def _family(group: _Group) -> Hashable:
    """Return what parts of one acquisition have in common; comparing all with all would take too long."""
    if "other" in group.parts() or group.frames[0].position is None:
        return id(group)
    facts = group.facts
    place = frozenset(_positions(group))
    return facts.format, facts.study, facts.frame_of_reference, len(group.echo_times()), place


def _joined(waiting: list[_Group]) -> list[_Group]:
    joined: list[_Group] = []
    while waiting:
        group = waiting.pop(0)
        while True:
            partners = [other for other in waiting if _belong_together(group, other)]
            if not partners:
                break
            nearest = min(partners, key=lambda other: _distance(group, other))
            waiting.remove(nearest)
            remarks = list(dict.fromkeys([*group.remarks, *nearest.remarks]))
            first, second = (group, nearest) if "magnitude" in group.parts() else (nearest, group)
            group = _Group(first.frames + second.frames, split=first.split, remarks=remarks)
        joined.append(group)
    return joined


def _belong_together(one: _Group, two: _Group) -> bool:
    """Tell whether groups of one family are parts of one acquisition."""
    if one.parts() & two.parts() or not _same_steps(one.frames[0], two.frames[0]):
        return False
    acquired, others_acquired = _acquired(one), _acquired(two)
    if acquired and others_acquired and not acquired & others_acquired:
        return False
    return np.allclose(one.echo_times(), two.echo_times(), atol=SAME_TE_MS)


def _positions(group: _Group) -> set[Hashable]:
    return {_place(frame)[2] for frame in group.frames}  # type: ignore[index]


def _acquired(group: _Group) -> set[str]:
    return {frame.acquired for frame in group.frames if frame.acquired}


def _distance(one: _Group, two: _Group) -> tuple[bool, bool, int]:
    """Order candidates: scanners store the parts of one acquisition side by side."""
    different = one.facts.protocol != two.facts.protocol
    return one.split != two.split, different, abs(one.facts.series_number - two.facts.series_number)


def _describe(group: _Group) -> SeriesInfo:
    """Find the grid, the echoes and what is wrong, and give the series its name."""
    facts = group.facts
    remarks = [
        *dict.fromkeys(remark for frame in group.frames for remark in frame.facts.remarks),
        *group.remarks,
        *_doubts(group),
    ]
    te_ms = group.echo_times()
    parts = tuple(part for part in PARTS if part in group.parts())
    faults = _unfit(group, te_ms, parts)
    placed = Placed(group.frames, te_ms, faults, remarks)
    stack = placed.stack()
    return SeriesInfo(
        id=_identity(group),
        path=_common_path(sorted({frame.file.path for frame in group.frames})),
        manufacturer=facts.manufacturer,
        model=facts.model,
        field_t=facts.field_t,
        field_source=facts.field_source,
        part=parts,
        te_ms=te_ms,
        shape=placed.shape,
        spacing_mm=placed.spacing_mm,
        files=len({frame.file for frame in group.frames}),
        fit_for_r2star=stack is not None and not faults,
        problems=tuple(dict.fromkeys([*faults, *remarks])),
        description=facts.description,
        sequence=facts.sequence,
        acquisition=facts.acquisition,
        scaling="; ".join(_scaling(group.frames, part) for part in parts),
        stack=stack,
        frames=tuple(group.frames),
    )


def _scaling(frames: Sequence[Frame], part: Part) -> str:
    kinds = sorted({frame.scale.kind for frame in frames if frame.part == part})
    return f"{part}: {', '.join(kinds)}"


def _unfit(group: _Group, te_ms: tuple[float, ...], parts: tuple[Part, ...]) -> list[str]:
    """Return why the acquisition, whatever its grid, does not serve R2*."""
    facts = group.facts
    faults = []
    if facts.modality not in ("MR", ""):
        faults.append(f"modality {facts.modality}, not MR")
    if "magnitude" not in parts and not {"real", "imaginary"} <= set(parts):
        faults.append(f"holds {' and '.join(parts)} only, no magnitude")
    if "SE" in facts.sequence.split("\\"):
        faults.append("spin echo: its decay gives R2, not R2*")
    if not te_ms:
        faults.append(facts.te_advice or "no echo time in the header")
    elif len(te_ms) == 1:
        faults.append("one echo; R2* needs at least two")
    if te_ms and min(te_ms) <= 0:
        faults.append(f"an echo time of {min(te_ms):g} ms cannot be true")
    elif te_ms and max(te_ms) < SHORTEST_TE_MS:
        faults.append(f"echo times up to {max(te_ms):g} ms look like seconds; the header is wrong")
    if any(len({frame.scale.kind for frame in group.frames if frame.part == part}) > 1 for part in parts):
        faults.append(f"its pictures are scaled in different ways: {_scaling(group.frames, parts[0])}")
    if te_ms and any(frame.te_ms is None for frame in group.frames):
        faults.append("some pictures have no echo time in the header")
    return faults + _disagreements(group)


def _disagreements(group: _Group) -> list[str]:
    """Return what keeps files of one series from being of one scan."""
    fields = sorted({facts.field_t for facts in _stated(group) if facts.field_t})
    if fields and fields[-1] > fields[0] * (1 + SAME_FIELD):
        listed = ", ".join(f"{field:g} T" for field in fields)
        return [f"its files disagree about the field strength ({listed}); look which belong together"]
    return []


def _doubts(group: _Group) -> list[str]:
    """Return what may make its values mean something else than they seem to."""
    found = []
    if len({facts.subject for facts in _stated(group) if facts.subject}) > 1:
        found.append("its files name different subjects; look whether they belong together")
    if len({facts.manufacturer for facts in _stated(group) if facts.manufacturer}) > 1:
        found.append("its files name different manufacturers; look whether they belong together")
    if len({frame.scale.slope for frame in group.frames if frame.scale.kind == DISPLAYED}) > 1:
        found.append(
            "rescale slopes differ and no Philips scale slope is given: signals may not be comparable"
        )
    return found


def _stated(group: _Group) -> Collection[Facts]:
    """What its files say, once for all frames that say the same."""
    return {id(frame.facts): frame.facts for frame in group.frames}.values()


def _identity(group: _Group) -> str:
    """Return a short name that depends on the series alone, not on the order or place of its files."""
    first = min(group.frames, key=lambda frame: (PARTS.index(frame.part), frame.te_ms or 0.0, frame.uid))
    facts = first.facts
    steps = [f"{value:.3f}" for value in (*first.column_step, *first.row_step)]
    # only DICOM names its series; without a position even that may be one name for everything
    lone = (first.uid or first.file.name) if first.position is None or facts.stored_order else ""
    words = [facts.format, facts.series, group.split, lone, str(first.layout.rows), *steps]
    if first.part == "other":
        words.append("other")
    return hashlib.sha256("\n".join(words).encode(errors="surrogateescape")).hexdigest()[:8]


def _common_path(paths: Sequence[Path]) -> Path:
    return paths[0] if len(paths) == 1 else Path(os.path.commonpath(paths))
