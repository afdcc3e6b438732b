"""One case of a kit as it is dealt: pictures moved and sealed, marks set, what training expects."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.reading.protocol import Protocol
from core.reading.questions import MARK_KINDS
from core.reading.reading import Mark
from core.reading.training import Expected
from core.study.as_dealt import centre_mm, dealt_grid, dealt_te_ms
from core.study.blinding import Drawn
from core.study.kit_state import Opinion
from core.study.pictures import Picture, volumes_of, write_pictures
from core.study.records import Disagreement, Scan, Target
from core.study.sealing import new_key
from core.study.store import Study

_MOST_NAMED = 5
# ug/g: in what steps a kit's iron is dealt; floats of the most iron there is are spaced no wider
_IRON_STEP = 2.0**-10


@dataclass(frozen=True)
class DealtCase:
    """A case as it is written into a kit.

    Parameters
    ----------
    drawn : Drawn
        Alias, place and scan.
    shift_mm : tuple of float
        What was added to the scan's LPS mm.
    grid : Geometry
        The grid of the multi-echo series in the kit.
    field_t : float or None
        The field where the protocol shows it.
    pictures : list of Picture
        The files.
    keys : mapping of int to bytes
        The key of every step whose pictures are sealed; a training case has one more, of its feedback.
    marks : tuple of (Mark, target)
        Set by the study, each with the target it stands for.
    expected : tuple of Expected
        What a training case expects, positions as in the kit.
    disagreements : tuple of Disagreement
        Why the case goes to a third rater, for the study.
    opinions : tuple of Opinion
        What of that the third rater sees at the last step, where the protocol shows it.
    """

    drawn: Drawn
    shift_mm: tuple[float, float, float]
    grid: Geometry
    field_t: float | None
    pictures: list[Picture]
    keys: Mapping[int, bytes]
    marks: tuple[tuple[Mark, str], ...] = ()
    expected: tuple[Expected, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    opinions: tuple[Opinion, ...] = ()


def write_case(
    study: Study,
    drawn: Drawn,
    protocol: Protocol,
    draft: Path,
    added_iron: Mapping[str, float],
    types: Mapping[str, np.dtype[Any]],
) -> DealtCase:
    """Write the pictures of a case that the protocol shows, those of later steps sealed, never in clear.

    Parameters
    ----------
    study : Study
    drawn : Drawn
        Which scan, under which alias.
    protocol : Protocol
    draft : Path
        The kit's folder.
    added_iron : mapping of scan id to float
        As `added_iron_of` gives it.
    types : mapping of role to dtype
        Of what type the pictures are written (`dealt_types`).
    """
    images = study.images(drawn.scan_id)
    grid = images.echoes.geometry
    # the scanner's origin could tell which visit a case is: every case is centred on 0
    centre = centre_mm(grid)
    shift = (-float(centre[0]), -float(centre[1]), -float(centre[2]))
    folder = draft / "images" / drawn.alias
    folder.mkdir(parents=True)
    keys: dict[int, bytes] = {}
    pictures: list[Picture] = []
    for role, number, te_ms, volume in volumes_of(images):
        step = protocol.first_shown(role)
        if step is None:
            continue
        data = _shown(role, volume, added_iron.get(drawn.scan_id, 0.0)).astype(types[role])
        te = None if te_ms is None else dealt_te_ms(te_ms)
        shown = (role, number, te, Volume(data, dealt_grid(volume.geometry, centre)))
        key = keys.setdefault(step, new_key()) if step else None
        pictures += write_pictures(folder, [shown], key=key, about=drawn.alias, dealt=True)
    field_t = images.echoes.field_t if protocol.conduct.shows_field else None
    if drawn.training_round:
        keys[len(protocol.steps)] = new_key()
    return DealtCase(drawn, shift, dealt_grid(grid, centre), field_t, pictures, keys)


def dealt_types(study: Study, scan_ids: Collection[str]) -> dict[str, np.dtype[Any]]:
    """Return by role of what type all cases of a kit are written: a file's size must not tell scans apart."""
    # a kit's iron maps count from another R2*_0: what was whole is not any more
    return study.common_types(scan_ids) | {"iron": np.dtype(np.float32)}


def with_marks(case: DealtCase, targets: Sequence[Target], seed: str) -> DealtCase:
    """Set a subject's targets in a case: their places and nothing else, in an order that tells nothing."""
    text = f"{len(seed)}:{seed}{case.drawn.alias}"
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest(), "big"))
    marks = []
    for target in [targets[place] for place in rng.permutation(len(targets))]:
        x, y, z = np.add(target.centre_mm or (), case.shift_mm).tolist()
        kind = next(kind for kind in MARK_KINDS if kind == target.kind)
        marks.append((Mark(rng.bytes(16).hex(), kind, (x, y, z), prescribed=True), target.target))
    return replace(case, marks=tuple(marks))


def targets_inside(
    study: Study, scans: Sequence[Scan], targets: Mapping[str, Sequence[Target]]
) -> tuple[dict[str, list[Target]], list[str]]:
    """Return by scan the targets inside its multi-echo series, and what is said of those outside."""
    grids = study.grids()
    inside: dict[str, list[Target]] = {}
    outside = []
    for scan in scans:
        inside[scan.scan_id] = []
        for target in targets.get(scan.subject, []):
            if grids[scan.scan_id].holds(target.centre_mm or ()):
                inside[scan.scan_id].append(target)
            else:
                outside.append(f"{target.target} of {scan.subject}, {scan.visit} at {scan.field_t:g} T")
    return inside, outside


def refuse_outside(outside: Sequence[str], inside: int) -> None:
    """Raise InputError where targets lie outside; it names the first few, or says what is likely.

    `inside`: how many lie inside their scans.
    """
    if len(outside) > 1 and not inside:
        raise InputError(
            f"none of the {len(outside)} prescribed centres lies in its scan, so they are of another frame "
            "or unit; give them in LPS mm as the scans' headers have it"
        )
    if not outside:
        return
    named = "; ".join(outside[:_MOST_NAMED])
    more = len(outside) - _MOST_NAMED
    raise InputError(
        f"prescribed, but outside the multi-echo series: {named}{f'; and {more} more' if more > 0 else ''}; "
        "correct the reference standard, or leave such marks out of those cases with --leave-outside"
    )


def with_expected(case: DealtCase, expected: Sequence[Expected]) -> DealtCase:
    """Give a training case what it expects; positions come in the scan's own LPS mm."""

    def moved(each: Expected) -> Expected:
        if each.position_mm is None:
            return each
        x, y, z = np.add(each.position_mm, case.shift_mm).tolist()
        return replace(each, position_mm=(x, y, z))

    return replace(case, expected=tuple(moved(each) for each in expected))


def with_opinions(case: DealtCase, opinions: Sequence[Opinion], protocol: Protocol) -> DealtCase:
    """Give a case what two raters said of it, to be told at the protocol's last step."""
    last = len(protocol.steps) - 1
    keys = {last: new_key(), **case.keys} if last and opinions else case.keys
    return replace(case, opinions=tuple(opinions), keys=keys)


def added_iron_of(study: Study) -> dict[str, float]:
    """Return by scan what is added to its iron map, in ug/g, before a rater sees it.

    A study takes R2*_0 from each subject's own baseline. Whoever has R2* and iron of a case can work R2*_0
    out, and so tell which cases are one subject's; and a voxel of exactly 0 would tell a baseline visit. So
    a kit's maps all count from one R2*_0 per field, a round number near the subjects' mean. What is
    reported comes from the study's own maps.
    """
    starts: dict[float, dict[str, float]] = {}
    slopes: dict[str, tuple[float, float, float]] = {}
    for scan in study.scans():
        facts = study.images(scan.scan_id).facts
        if "r2star0_per_s" in facts and "iron_ug_per_g_per_r2star" in facts:
            start, slope = float(str(facts["r2star0_per_s"])), float(str(facts["iron_ug_per_g_per_r2star"]))
            starts.setdefault(scan.field_t, {})[scan.subject] = start
            slopes[scan.scan_id] = (scan.field_t, start, slope)
    common = {field: round(float(np.mean(list(each.values()))), 1) for field, each in starts.items()}
    return {scan_id: (start - common[field]) * slope for scan_id, (field, start, slope) in slopes.items()}


def prescribed_targets(study: Study, protocol: Protocol) -> dict[str, list[Target]]:
    """Return by subject the targets that raters are to judge."""
    targets = [target for target in study.targets() if target.kind in protocol.prescribed]
    for kind in protocol.prescribed:
        if not any(target.kind == kind for target in targets):
            raise InputError(
                f"the protocol prescribes each {kind}, and the reference standard has none; "
                "give it with `study add --reference`"
            )
    found: dict[str, list[Target]] = {}
    for target in targets:
        if target.centre_mm is None:
            raise InputError(
                f"the protocol prescribes each {target.kind}, and {target.target} of {target.subject} has no "
                "centre; complete the reference standard"
            )
        found.setdefault(target.subject, []).append(target)
    return found


def _shown(role: str, volume: Volume, added_iron: float) -> NDArray[Any]:
    if role != "iron":
        return volume.data
    moved = volume.data.astype(np.float64) + added_iron
    # near 0 a sum of two floats keeps the spacing of the larger, by which one subject's cases were told;
    # in steps of one width for all, and never exactly 0, nothing of it is left
    return np.asarray((np.floor(moved / _IRON_STEP) + 0.5) * _IRON_STEP, dtype=np.float32)
