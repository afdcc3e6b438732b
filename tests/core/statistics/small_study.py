"""A study small enough to work out by hand: two raters, four animals, one or two visits, two fields."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.imaging.geometry import Geometry
from core.imaging.roi import Roi
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import load_protocol
from core.reading.reading import Mark
from core.study.records import IcpMs, Scan, ScanImages, SignedReading, StudyData, Target

GRID = Geometry.axial((4, 24, 24), (1.0, 0.5, 0.5))
PROTOCOL = load_protocol(Path(__file__).resolve().parents[3] / "resources/protocols/tumour-and-nodes.yaml")
# iron of the tumour in ug/g by animal; A and B got the agent, C and D the vehicle
IRON = {"A": 10.0, "B": 14.0, "C": 1.0, "D": 2.0}
GROUP = {"A": "MNP", "B": "MNP", "C": "vehicle", "D": "vehicle"}
FIELDS = (3.0, 0.064)
VISIT = "24 h"

TARGETS = (
    Target("A", "a1", "lesion", True, 2.0, (3.0, 3.0, 1.0)),
    Target("A", "a2", "lesion", True, 5.0, (9.0, 3.0, 2.0)),
    Target("B", "b1", "lesion", True, 2.5, (3.0, 3.0, 1.0)),
    Target("A", "an", "node", True, 4.0, (3.0, 9.0, 1.0)),
    Target("B", "bn", "node", False, 4.0, (3.0, 9.0, 1.0)),
    Target("C", "cn", "node", False, 4.0, (3.0, 9.0, 1.0)),
    Target("D", "tumour", "tumour", True, 6.0, (6.0, 6.0, 1.5)),
)


def box(rows: slice, columns: slice) -> np.ndarray:
    mask = np.zeros(GRID.shape, dtype=bool)
    mask[1:3, rows, columns] = True
    return mask


TUMOUR, REFERENCE, AIR = (
    box(slice(8, 16), slice(8, 16)),
    box(slice(18, 22), slice(8, 16)),
    box(slice(0, 4), slice(0, 8)),
)


def scan_of(subject: str, field_t: float) -> Scan:
    return Scan(f"{subject}-{field_t:g}", subject, GROUP[subject], VISIT, field_t)


def images_of(scan_id: str) -> ScanImages:
    """Tumour signal 60, reference 100, air with an SD of 6.55 so that sigma is 10; iron as IRON says."""
    subject = scan_of(scan_id[0], 3.0).subject
    air = np.resize([-1.0, 1.0], AIR.sum())
    picture = np.full(GRID.shape, 100.0)
    picture[TUMOUR] = 60.0
    picture[AIR] = 20 + air / air.std(ddof=1) * 10 * np.sqrt(2 - np.pi / 2)
    iron = np.where(TUMOUR, IRON[subject], 0.0).astype(np.float32)
    if scan_id.endswith("0.064"):
        iron[TUMOUR] *= 0.9
    volume = {name: Volume(data.astype(np.float32), GRID) for name, data in
              (("iron", iron), ("r2star", 20 + 5 * iron), ("se", np.full(GRID.shape, 1.0)))}  # fmt: skip
    echoes = EchoSeries(
        np.stack([picture * 1.5, picture, picture * 0.7]), (5.0, 10.0, 15.0), GRID, field_t=3.0
    )
    return ScanImages(
        echoes,
        r2star_per_s=volume["r2star"],
        iron_ug_per_g=volume["iron"],
        iron_se_ug_per_g=volume["se"],
        sigma=10.0,
    )


def reading(
    rater: str,
    scan: Scan,
    *,
    margin: int = 4,
    lesions: dict[tuple[float, float, float], int] | None = None,
    nodes: dict[tuple[float, float, float], int] | None = None,
    tumour: np.ndarray = TUMOUR,
    session: int = 1,
    repeat_of: str = "",
) -> SignedReading:
    """A signed reading; lesions and nodes by position with their confidence or suspicion."""
    answers: dict[tuple[str, str | None], int] = {("margin_conspicuity", None): margin}
    marks: dict[str, Mark] = {}
    for kind, question, found in (
        ("lesion", "detection_confidence", lesions or {}),
        ("node", "node_suspicion", nodes or {}),
    ):
        for place, (position, score) in enumerate(found.items()):
            mark = Mark(f"{kind}{place}", kind, position)
            marks[mark.mark_id] = mark
            answers[question, mark.mark_id] = score
    rois = {
        kind: Roi(f"{kind:0<32}", kind, mask, GRID)
        for kind, mask in (("tumour", tumour), ("reference", REFERENCE), ("noise", AIR))
    }
    name = f"{rater}{session}{scan.scan_id}{'r' if repeat_of else ''}"
    return SignedReading(
        rater, session, name, f"kit-{rater}-{session}", scan.scan_id, scan.subject, scan.group, scan.visit,
        scan.field_t, "2026-01-01T00:00:00Z", answers, marks, rois, dict.fromkeys(answers, 7.0), 60.0,
        PROTOCOL.sha256, repeat_of,
    )  # fmt: skip


def study(*readings: SignedReading, **changes: object) -> StudyData:
    data = StudyData(
        readings=readings,
        protocols={PROTOCOL.sha256: PROTOCOL},
        scans=tuple(scan_of(subject, field) for subject in IRON for field in FIELDS),
        targets=TARGETS,
        icpms=tuple(IcpMs(subject, VISIT, 1.1 * iron) for subject, iron in IRON.items()),
        images=images_of,
    )
    return replace(data, **changes)


def whole_study() -> StudyData:
    """Both raters have read every scan; x finds more than y, at 3 T more than at 0.064 T."""
    readings = []
    for field in FIELDS:
        strong = field == 3.0
        for rater in ("x", "y"):
            sure = rater == "x" and strong
            at_a = {(3.2, 3.0, 1.0): 5 if sure else 4, (9.0, 4.0, 2.0): 5}
            if not strong:
                del at_a[3.2, 3.0, 1.0]
            at_b = {(3.0, 2.5, 1.0): 3} if sure else {(11.0, 11.0, 3.0): 4}
            shifted = np.roll(TUMOUR, 1, axis=2) if rater == "y" else TUMOUR
            for subject, lesions, nodes, margin in (
                ("A", at_a, {(3.0, 9.0, 1.0): 5}, 4),
                ("B", at_b, {(3.0, 9.5, 1.0): 2 if sure else 4}, 5 if sure else 3),
                ("C", {}, {(3.0, 9.0, 1.0): 1}, 2),
                ("D", {(1.0, 1.0, 1.0): 2}, {}, 1),
            ):
                readings.append(
                    reading(
                        rater,
                        scan_of(subject, field),
                        margin=margin,
                        lesions=lesions,
                        nodes=nodes,
                        tumour=shifted,
                    )
                )
    return study(*readings)


def two_sessions() -> StudyData:
    """The whole study, read by both raters once more, with every suspicion of a node turned round."""
    first = whole_study().readings
    second = [
        replace(
            each,
            session=2,
            alias=f"{each.alias}-2",
            kit_id=f"kit-{each.rater}-2",
            answers={
                key: 6 - value if key[0] == "node_suspicion" else value for key, value in each.answers.items()
            },
        )
        for each in first
    ]
    return study(*first, *second)
