"""A reading beside the reference standard: its marks tied to targets, its regions turned to numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.imaging.coverage import Coverage
from core.imaging.region_numbers import RegionNumbers, region_numbers, weighted_values
from core.imaging.roi import ROI_KINDS, Roi, RoiKind
from core.reading.contrast import Contrast, cnr_air, cnr_reference, contrast_echo
from core.reading.margin import Margin, region_margin
from core.reading.questions import MARK_KINDS, Question, Value
from core.reading.reading import Mark
from core.statistics.matching import match_marks, reach
from core.study.records import ScanImages, SignedReading, Target

# The questions of resources/protocols that the study's accuracy and tables are about. A protocol without
# one of them leaves out the parts that need it.
DETECTION = "detection_confidence"
SUSPICION = "node_suspicion"
MARGIN = "margin_conspicuity"
# what a target that nobody marked counts as on the scales above: "definitely not"
UNMARKED = 1
# a lesion below this diameter is small (the study's table 2)
SMALL_MM = 3.0
# scores from here up call a lesion present, a node malignant
THRESHOLD = 3.0


@dataclass(frozen=True, eq=False)
class LinkedReading:
    """A signed reading with its marks tied to the subject's targets.

    Parameters
    ----------
    reading : SignedReading
    targets : tuple of Target
        All targets of the subject, matched or not.
    mark_of : mapping of target name to Mark
        The mark that hit each target.
    distance_mm : mapping of target name to float
        How far from the centre it lay.
    unmatched : tuple of Mark
        Marks that hit nothing: false positives.
    unplaced : int
        Lesions and nodes of the reference without a centre; nothing can be matched to them.
    """

    reading: SignedReading
    targets: tuple[Target, ...]
    mark_of: Mapping[str, Mark]
    distance_mm: Mapping[str, float]
    unmatched: tuple[Mark, ...]
    unplaced: int

    @property
    def ended(self) -> bool:
        """Whether the reading was ended early: it says nothing about the case, not even "nothing seen"."""
        return bool(self.reading.ended)

    def searched(self, kind: str) -> bool:
        """Tell whether the rater looked for marks of a kind: the study set none, the case was not ended."""
        return not self.ended and kind not in self.reading.prescribed

    def answer(self, question: str, target: Target | None = None) -> Value | None:
        """Return the answer about the case, or about the mark of a target; None where there is none."""
        if target is None:
            return self.reading.answers.get((question, None))
        mark = self.mark_of.get(target.target)
        return None if mark is None else self.reading.answers.get((question, mark.mark_id))

    def number(self, question: str, target: Target | None = None) -> float:
        """Return the same as a number; NaN where there is none, it is text, or the case ended early."""
        return math.nan if self.ended else as_number(self.answer(question, target))

    def answer_of_case(self, question: Question) -> Value | None:
        """Return the answer about the case, or about its region where there is one alone of the kind."""
        if question.roi_kind is None:
            return self.answer(question.id)
        regions = [roi.roi_id for roi in self.reading.rois.values() if roi.kind == question.roi_kind]
        return self.reading.answers.get((question.id, regions[0])) if len(regions) == 1 else None

    def score(self, question: str, target: Target) -> float:
        """Return the answer about a target as a score: unmarked is 1, unanswered or unplaced NaN.

        NaN as well where the case ended early, and for a target that the study would have set and did not.
        """
        if target.centre_mm is None or self.ended:
            return math.nan
        if target.target not in self.mark_of:
            return float(UNMARKED) if self.searched(target.kind) else math.nan
        return self.number(question, target)

    def case_score(self) -> float:
        """Return the highest detection confidence of the case, matched or not; 1 where nothing was marked.

        NaN where the rater did not search: a lesion that the study has set tells that there is one.
        """
        if not self.searched("lesion"):
            return math.nan
        marks = (mark for mark in self.reading.marks.values() if mark.kind == "lesion")
        scores = [as_number(self.reading.answers.get((DETECTION, mark.mark_id))) for mark in marks]
        return max((score for score in scores if not math.isnan(score)), default=float(UNMARKED))

    def mark_name(self, mark: Mark) -> str:
        """Return what the rater called a mark: "lesion 2"."""
        alike = [other.mark_id for other in self.reading.marks.values() if other.kind == mark.kind]
        return f"{mark.kind} {alike.index(mark.mark_id) + 1}"


def link(readings: Iterable[SignedReading], targets: Iterable[Target]) -> list[LinkedReading]:
    """Match every reading's marks to the targets of its subject, lesions to lesions and nodes to nodes.

    One to one, as many as can be and then as near as can be, within `matching.reach` of the centre. A mark
    that the study set belongs to the target it was made from.
    """
    of_subject: dict[str, list[Target]] = {}
    for target in targets:
        of_subject.setdefault(target.subject, []).append(target)
    return [_linked(reading, tuple(of_subject.get(reading.subject, ()))) for reading in readings]


def _linked(reading: SignedReading, targets: tuple[Target, ...]) -> LinkedReading:
    mark_of: dict[str, Mark] = {}
    distance: dict[str, float] = {}
    unmatched: list[Mark] = []
    for mark_id, target_name in reading.target_of.items():
        mark_of[target_name], distance[target_name] = reading.marks[mark_id], 0.0
    for kind in MARK_KINDS:
        if kind in reading.prescribed:
            continue
        marks = [mark for mark in reading.marks.values() if mark.kind == kind]
        placed = [target for target in targets if target.kind == kind and target.centre_mm is not None]
        centres = [target.centre_mm or () for target in placed]
        sizes = [target.diameter_mm or 0.0 for target in placed]
        found = match_marks([mark.position_mm for mark in marks], centres, reach(sizes))
        for (m, t), away in zip(found.pairs, found.distances_mm, strict=True):
            mark_of[placed[t].target], distance[placed[t].target] = marks[m], away
        unmatched += [marks[m] for m in found.unmatched_marks]
    lost = sum(target.kind in MARK_KINDS and target.centre_mm is None for target in targets)
    return LinkedReading(reading, targets, mark_of, distance, tuple(unmatched), lost)


@dataclass(frozen=True)
class Measures:
    """Numbers of a reading's regions on its scan; NaN where a region or map is missing.

    `signal`, `r2star` and `iron` hold the numbers of each kind of region; `contrast` and the tumour's
    `margin` are of the echo at `contrast_te_ms`. `pixels` says whether the scan was dealt as it was scanned,
    cropped or resampled.
    """

    signal: Mapping[str, RegionNumbers]
    r2star: Mapping[str, RegionNumbers]
    iron: Mapping[str, RegionNumbers]
    iron_limit_ug_per_g: float
    contrast: Contrast | None
    contrast_te_ms: float
    margin: Margin | None = None
    pixels: str = ""

    def iron_of_tumour(self) -> float:
        """Return the tumour's mean iron in ug/g."""
        found = self.iron.get("tumour")
        return math.nan if found is None else found.mean

    def number(self, item: str) -> float:
        """Return one of `MEASURES`."""
        tumour = {"tumour_volume_mm3": self.signal, "r2star_per_s": self.r2star, "iron_ug_per_g": self.iron}
        if item == "cnr":
            return math.nan if self.contrast is None else self.contrast.cnr
        found = tumour[item].get("tumour")
        if found is None:
            return math.nan
        return found.volume_mm3 if item == "tumour_volume_mm3" else found.mean


# of a case that was ended early
NO_MEASURES = Measures({}, {}, {}, math.nan, None, math.nan)

# what is measured in every case, with its unit
MEASURES: Mapping[str, str] = {
    "tumour_volume_mm3": "mm3",
    "r2star_per_s": "1/s",
    "iron_ug_per_g": "ug/g",
    "cnr": "1",
}


def as_number(answer: Value | None) -> float:
    """Return an answer as a number, NaN where there is none or it is text."""
    return math.nan if answer is None or isinstance(answer, str) else float(answer)


def union(rois: Iterable[Roi], kind: str) -> Coverage | None:
    """Return all regions of a kind as one coverage, or None where nothing lies in them.

    A voxel that several regions share is covered as far as the one that covers most of it.
    """
    coverages = [roi.coverage for roi in rois if roi.kind == kind and not roi.empty]
    return np.maximum.reduce(coverages) if coverages else None


def measure(reading: SignedReading, images: ScanImages, *, coils: int) -> Measures:
    """Compute the numbers of a reading's regions from its scan's pictures and maps.

    CNR with the noise of the air region as sigma, or, where none was drawn, the reference tissue's SD;
    its noise method says which. `coils`: receive coils that the pictures join by sum of squares, as the
    protocol says.
    """
    geometry = images.echoes.geometry
    regions = {kind: union(reading.rois.values(), kind) for kind in ROI_KINDS}
    drawn = {kind: region for kind, region in regions.items() if region is not None}
    echo = contrast_echo(images.echoes.te_ms)
    picture = images.echoes.magnitude[echo]

    def numbers(data: NDArray[np.generic] | None) -> dict[str, RegionNumbers]:
        if data is None:
            return {}
        return {kind: region_numbers(data, region, geometry) for kind, region in drawn.items()}

    tumour, reference, air = regions["tumour"], regions["reference"], regions["noise"]
    contrast = None
    if tumour is not None and reference is not None:
        if air is not None and np.count_nonzero(air) > 1:
            contrast = cnr_air(picture, tumour, reference, air, coils=coils)
        else:
            contrast = cnr_reference(picture, tumour, reference)
    return Measures(
        signal=numbers(picture),
        r2star=numbers(None if images.r2star_per_s is None else images.r2star_per_s.data),
        iron=numbers(None if images.iron_ug_per_g is None else images.iron_ug_per_g.data),
        iron_limit_ug_per_g=_limit(images, tumour),
        contrast=contrast,
        contrast_te_ms=images.echoes.te_ms[echo],
        margin=None if tumour is None else region_margin(picture, tumour, geometry, others=_beside(regions)),
        pixels=images.pixels,
    )


def _beside(regions: Mapping[RoiKind, Coverage | None]) -> list[Coverage]:
    """Return the regions that are no surroundings of a tumour."""
    beside: tuple[RoiKind, ...] = ("node", "ablation")
    return [region for kind in beside if (region := regions[kind]) is not None]


def _limit(images: ScanImages, tumour: Coverage | None) -> float:
    """Return 3.29 standard errors of the tumour's mean iron: below, it is not told from none (Currie 1968).

    The fit's error differs from voxel to voxel and averages out; that of R2*_0 is shared by all and does
    not.
    """
    if images.iron_se_ug_per_g is None or images.iron_ug_per_g is None or tumour is None:
        return math.nan
    errors, weights = weighted_values(images.iron_se_ug_per_g.data, tumour)
    known = np.isfinite(errors)
    if not known.any():
        return math.nan
    shares = weights[known] / weights[known].sum()
    shared = _ug_per_g_per_s(images, tumour) * _number(images.facts.get("r2star0_se_per_s"))
    return float(3.29 * np.sqrt(((shares * errors[known]) ** 2).sum() + shared**2))


def _ug_per_g_per_s(images: ScanImages, tumour: Coverage) -> float:
    """Return how much iron one 1/s of R2* stands for on this scan: the maps are tied by a line."""
    if images.r2star_per_s is None or images.iron_ug_per_g is None:
        return 0.0
    rate = weighted_values(images.r2star_per_s.data, tumour)[0]
    iron = weighted_values(images.iron_ug_per_g.data, tumour)[0]
    both = np.isfinite(rate) & np.isfinite(iron)
    spread = float(rate[both].std()) if both.any() else 0.0
    return float(iron[both].std()) / spread if spread > 0 else 0.0


def _number(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) else 0.0
