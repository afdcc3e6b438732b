"""What a signature stands for: the whole content of a reading, in one canonical text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.errors import StoreError
from core.imaging.coverage import coverage_sha256
from core.reading.questions import AnswerKey
from core.reading.reading import Reading
from core.reading.roi_edits import outlines_list
from core.study.audit import Record, canonical, digest, from_json, utc_now
from core.study.rater_key import signed_by
from core.version import program_version

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MEANING = (
    "I have read this case on my own, by the protocol, from the pictures under this alias; "
    "what is answered, marked, drawn and measured in it is mine and final."
)


# what is signed since raters have keys, and was not before
_SINCE_KEYS = frozenset({"version", "correction", "protocol_version", "display"})


@dataclass(frozen=True)
class Signature:
    """A signature as it is stored: the canonical text of the record, its SHA-256, and the rater's seal on it.

    `version` is 1 for the first of a case, and counts on with every correction. One from before raters had
    keys has no seal.
    """

    record: str
    sha256: str
    ed25519: bytes
    version: int = 1

    @property
    def values(self) -> dict[str, Any]:
        """What the record says: rater, at, meaning, content, content_sha256, audit_head, public_key."""
        found = from_json(self.record)
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Circumstances:
    """What surrounds a reading and is signed with it."""

    kit_id: str
    rater: str
    session: int
    protocol_sha256: str
    image_sha256: Mapping[str, str]  # file name in the kit -> SHA-256
    seconds: float
    answer_seconds: Mapping[AnswerKey, float]
    protocol_version: str = ""
    version: int = 1
    correction: str = ""  # why the version before was not right
    display: Mapping[str, Any] = field(default_factory=dict)  # layout, windows and maps as they were shown


def content_of(reading: Reading, around: Circumstances, program: str) -> dict[str, Any]:
    """Return the plain values that a signature covers; the same reading gives the same text."""
    return {
        "alias": reading.alias,
        "kit": around.kit_id,
        "rater": around.rater,
        "session": around.session,
        "version": around.version,
        "correction": around.correction,
        "protocol_sha256": around.protocol_sha256,
        "protocol_version": around.protocol_version,
        "program": program,
        "display": dict(around.display),
        "images": dict(around.image_sha256),
        "seconds": round(around.seconds, 3),
        "answers": [
            {
                "question": question,
                "about": about,
                "value": value,
                "seconds": round(around.answer_seconds.get((question, about), 0.0), 3),
            }
            for (question, about), value in sorted(
                reading.answers.items(), key=lambda item: (item[0][0], item[0][1] or "")
            )
        ],
        "marks": [
            {
                "mark": mark.mark_id, "kind": mark.kind, "position_mm": list(mark.position_mm),
                "prescribed": mark.prescribed,
            }
            for mark in reading.marks.values()
        ],
        "rois": [
            {
                "roi": roi.roi_id, "kind": roi.kind, **vars(roi.label),
                "coverage_sha256": coverage_sha256(roi.coverage),
                "outlines_sha256": digest(canonical(outlines_list(roi.outlines))),
            }
            for roi in reading.rois.values()
        ],
        "rulers": [
            {
                "ruler": ruler.ruler_id, "start_mm": list(ruler.start_mm), "end_mm": list(ruler.end_mm),
                "about": ruler.about, "step_index": ruler.step_index,
            }
            for ruler in reading.rulers.values()
        ],
    }  # fmt: skip


def make_signature(
    reading: Reading, around: Circumstances, head: Record | None, key: Ed25519PrivateKey
) -> Signature:
    """Sign a reading: who, when (UTC), what it means, what it covers, and where the audit chain stood.

    The key signs the record's canonical text with Ed25519 (RFC 8032).
    """
    content = content_of(reading, around, program_version())
    record = canonical(
        {
            "rater": around.rater,
            "at": utc_now(),
            "meaning": MEANING,
            "content": content,
            "content_sha256": digest(canonical(content)),
            # a chain alone does not notice a cut tail; this anchors its head
            "audit_head": [head.sequence, head.sha256] if head else [0, ""],
            "public_key": key.public_key().public_bytes_raw().hex(),
        }
    )
    return Signature(record, digest(record), key.sign(record.encode()), around.version)


def before_keys(deal: Record, sign: Record, *, chosen: bool) -> bool:
    """Tell whether a trail's record of a signature is from before raters had keys.

    A kit that was dealt since says so in its first record, which the study knows by its SHA-256; of those
    that were dealt when that was not said yet, only the study can tell
    (`core.study.study_verifying.dealt_with_keys`).

    Parameters
    ----------
    deal, sign : Record
        The first record of the trail, and the one of the signature.
    chosen : bool
        Whether a password was chosen before it.
    """
    return not chosen and "keyed" not in deal.values and "version" not in sign.values


def check_seal(signature: Signature, public_key: str | None, case: str) -> dict[str, Any]:
    """Return what a signature's record says, if the rater's key has signed it.

    Parameters
    ----------
    signature : Signature
    public_key : str or None
        The key that it must be signed with; None for a signature that is from before raters had keys
        (`before_keys`), which only its SHA-256 in the trail binds.
    case : str
        What to call it.

    Raises
    ------
    StoreError
        If the record was altered, or was signed with another key or with none.
    """
    if digest(signature.record) != signature.sha256:
        raise StoreError(f"{case} was altered")
    try:
        values = signature.values
        whole = digest(canonical(values["content"])) == values["content_sha256"]
        key = values["public_key"] if public_key is not None else values.get("public_key")
        newer = _SINCE_KEYS & values["content"].keys()
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{case} is not a signature") from error
    if not whole or key != public_key:
        raise StoreError(f"{case} was altered")
    if public_key is None:
        if newer or signature.ed25519 or signature.version != 1:
            raise StoreError(f"{case} was altered")
    elif not signed_by(public_key, signature.ed25519, signature.record):
        raise StoreError(f"{case} was not made with the rater's key")
    return values


def check_signature(
    signature: Signature,
    reading: Reading,
    around: Circumstances,
    public_key: str | None,
    *,
    newest: bool = True,
) -> None:
    """Compare a signature with the reading it stands for.

    Parameters
    ----------
    signature, reading, around
        What was signed, what is there, and what surrounds it.
    public_key : str or None
        The key that the rater enrolled with; None as for `check_seal`.
    newest : bool
        Whether it is the last of its case; seconds of an older one are known from it alone.

    Raises
    ------
    StoreError
        If the record was altered, or the reading is not what was signed.
    """
    case = f"the signature of case {reading.alias}"
    values = check_seal(signature, public_key, case)
    try:
        signed, rater = values["content"], values["rater"]
        program = str(signed["program"])
        # how it was shown is known from the signature alone
        around = replace(around, display={} if public_key is None else dict(signed["display"]))
        if not newest:
            seconds = {(a["question"], a["about"]): float(a["seconds"]) for a in signed["answers"]}
            around = replace(around, seconds=float(signed["seconds"]), answer_seconds=seconds)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{case} is not a signature") from error
    if rater != around.rater:
        raise StoreError(f"{case} was altered")
    found = content_of(reading, around, program)
    for name, value in found.items():
        if public_key is None and name in _SINCE_KEYS:
            continue
        if canonical(signed.get(name)) != canonical(value):
            raise StoreError(f"case {reading.alias} was changed after it was signed ({name} differ)")
