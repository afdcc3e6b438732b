"""What a study knows, as plain frozen records; the statistics are built on these."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.imaging.roi import Roi
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import Protocol
from core.reading.questions import AnswerKey, MarkKind, Value
from core.reading.reading import Mark, Ruler


@dataclass(frozen=True)
class Subject:
    """An animal or patient, and the arm of the study it belongs to."""

    subject: str
    group: str


@dataclass(frozen=True)
class Scan:
    """A subject's visit at one field: what becomes a case."""

    scan_id: str
    subject: str
    group: str
    visit: str
    field_t: float


@dataclass(frozen=True)
class Target:
    """A lesion or node of the reference standard; the centre in LPS mm of the subject's scans."""

    subject: str
    target: str
    kind: str  # "lesion" or "node"; other kinds, such as "tumour", are kept as they are given
    malignant: bool | None
    diameter_mm: float | None
    centre_mm: tuple[float, float, float] | None


@dataclass(frozen=True)
class IcpMs:
    """Iron of a subject's tumour at a visit, measured by ICP-MS, in ug Fe per g wet tissue."""

    subject: str
    visit: str
    iron_ug_per_g: float


@dataclass(frozen=True, eq=False)
class ScanImages:
    """The pictures of a scan in the scanner's own LPS, on disk under the study's maps/.

    `iron_ug_per_g` and its standard error are None where no calibration fits the field. Maps lie on the
    grid of `echoes`. `sigma` is the noise of the magnitude that the fit used, in scanner units.
    """

    echoes: EchoSeries
    anatomy: Volume | None = None
    gre3d: Volume | None = None
    r2star_per_s: Volume | None = None
    r2star_se_per_s: Volume | None = None
    flags: Volume | None = None
    iron_ug_per_g: Volume | None = None
    iron_se_ug_per_g: Volume | None = None
    sigma: float = float("nan")
    fit_method: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)  # R2*_0 and where it came from, calibration

    @property
    def pixels(self) -> str:
        """What exports call the pixels: "as scanned", "cropped" or "resampled" (`core.study.evening`)."""
        words = {"crop": "cropped", "resample": "resampled"}
        return words.get(str(self.facts.get("evened")), "as scanned")


@dataclass(frozen=True, eq=False)
class SignedReading:
    """A signed reading, unblinded: positions in the scan's own LPS mm, regions on the scan's own grid.

    Parameters
    ----------
    rater, session, alias, kit_id
        Who read, in which round, under which name the case stood, in which kit.
    scan_id, subject, group, visit, field_t
        What the case was.
    signed_utc : str
        When, ISO 8601 in UTC.
    answers, marks, rois, rulers
        As in `core.reading.reading.Reading`.
    answer_seconds : mapping of answer key to float
        Seconds of active reading of this case at the moment the answer was last given.
    seconds : float
        Seconds of active reading of the whole case.
    protocol_sha256 : str
        The protocol it was read by.
    repeat_of : str
        The alias in the same kit that shows the same scan first, or "" (for intra-rater agreement).
    ended : str
        What ended the reading early and why, in one line; "" where the case was read to its end.
    target_of : mapping of mark id to str
        The target that each prescribed mark stands for.
    prescribed : tuple of MarkKind
        Kinds of marks that the study set; a rater did not find them.
    adjudicates : bool
        Whether a third rater read the case because two had disagreed.
    guesses : mapping of "group" and "visit" to str or None
        What the rater believed the case to be, None where they did not know; empty where nobody asked.
    after_key : bool
        Whether it was collected after the key had been shown: nobody can vouch for its blinding.
    guess_after_key : bool
        Whether the guesses were: they come when all is signed, perhaps later than the reading itself.
    version : int
        1, or more where the rater has corrected what was signed before; the newest counts.
    correction : str
        Why; "" for version 1.
    """

    rater: str
    session: int
    alias: str
    kit_id: str
    scan_id: str
    subject: str
    group: str
    visit: str
    field_t: float
    signed_utc: str
    answers: Mapping[AnswerKey, Value]
    marks: Mapping[str, Mark]
    rois: Mapping[str, Roi]
    answer_seconds: Mapping[AnswerKey, float]
    seconds: float
    protocol_sha256: str
    repeat_of: str = ""
    rulers: Mapping[str, Ruler] = field(default_factory=dict)
    ended: str = ""
    target_of: Mapping[str, str] = field(default_factory=dict)
    prescribed: tuple[MarkKind, ...] = ()
    after_key: bool = False
    adjudicates: bool = False
    guesses: Mapping[str, str | None] = field(default_factory=dict)
    guess_after_key: bool = False
    version: int = 1
    correction: str = ""


@dataclass(frozen=True)
class KeyEntry:
    """One line of a study's key: which scan stands behind an alias of a kit."""

    rater: str
    session: int
    alias: str
    position: int
    subject: str
    group: str
    visit: str
    field_t: float


@dataclass(frozen=True)
class KitStatus:
    """How far a kit has come, as far as its collected readings tell.

    `folder` is what it was called when it was dealt; "" where an earlier version dealt it.
    """

    kit_id: str
    rater: str
    session: int
    dealt_utc: str
    cases: int
    collected: int
    purpose: str
    folder: str = ""


@dataclass(frozen=True)
class SessionFacts:
    """How blinded a session was, as far as its kit's collected records tell.

    Parameters
    ----------
    rater, session, kit_id
        Whose kit it is.
    purpose : str
        "reading", or "adjudication" of what two raters disagreed on.
    dealt_utc, first_utc, last_utc : str
        When it was dealt, and its first and last record of reading; "" where nothing was read.
    cases, repeats, signed : int
        Cases dealt, those of them that come again, and readings collected.
    washout_days, waited_days : float or None
        What was asked for, and what had passed when the kit was dealt; None where there was nothing to wait
        for, or it could not be told.
    washout_reason : str
        Why fewer days than the protocol's were asked for.
    interval_days : float or None
        What really lay between the rater's last record of the session before and the first of this one.
    clock : str
        What is wrong with the clock of the rater's computer; "" where nothing is.
    after_key : int
        Readings of which a version, the first or a correction, was collected after the key had been shown.
    """

    rater: str
    session: int
    kit_id: str
    purpose: str
    dealt_utc: str
    first_utc: str
    last_utc: str
    cases: int
    repeats: int
    signed: int
    washout_days: float | None
    waited_days: float | None
    washout_reason: str
    interval_days: float | None
    clock: str
    after_key: int


@dataclass(frozen=True)
class Disagreement:
    """What two raters disagree on in a case: their aliases of it, and what each said."""

    item: str
    first_alias: str
    second_alias: str
    first: str
    second: str


@dataclass(frozen=True)
class TrainingResult:
    """How much of what a training case expected a rater has met."""

    rater: str
    session: int
    round: int
    alias: str
    subject: str
    visit: str
    field_t: float
    met: int
    total: int


@dataclass(frozen=True, eq=False)
class StudyData:
    """Everything the statistics ask of a study, unblinded.

    Parameters
    ----------
    readings, scans, targets, icpms
        All signed readings, scans, targets of the reference standard and ICP-MS values.
    protocols : mapping of SHA-256 to Protocol
        The protocols that the readings name by `protocol_sha256`.
    images : callable
        Gives the pictures of a scan id; they are read when asked for, scan by scan.
    sessions : tuple of SessionFacts
        Of every kit that was dealt.
    training : tuple of TrainingResult
        Of every training case that was signed and collected.
    adjudicated : mapping of alias to tuple of Disagreement
        By the third rater's alias, why a case was sent to adjudication.
    inputs : mapping
        The hashes of all this, as `core.study.inputs.study_inputs` gives them.
    """

    readings: tuple[SignedReading, ...]
    protocols: Mapping[str, Protocol]
    scans: tuple[Scan, ...]
    targets: tuple[Target, ...]
    icpms: tuple[IcpMs, ...]
    images: Callable[[str], ScanImages]
    sessions: tuple[SessionFacts, ...] = ()
    training: tuple[TrainingResult, ...] = ()
    adjudicated: Mapping[str, tuple[Disagreement, ...]] = field(default_factory=dict)
    inputs: Mapping[str, object] = field(default_factory=dict)
