"""Taking signed readings in: a kit comes from outside and is believed in nothing until it is checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from core.errors import InputError, StoreError
from core.imaging.coverage import coverage_sha256
from core.reading.reading import Reading
from core.study import tables as t
from core.study.audit import Record, append, utc_now
from core.study.kit import Kit
from core.study.kit_state import outlines_text, packed_coverage
from core.study.people import require
from core.study.rater_key import fingerprint
from core.study.store import Study
from core.study.study_verifying import dealt_with_keys
from core.study.unblinding import collected_blind, key_was_shown
from core.study.witness import resets


@dataclass(frozen=True)
class Collected:
    """What one kit gave: readings taken now, taken before, and not yet signed; training counts apart.

    `corrected`: readings taken now that correct an earlier one. `key`: the beginning of the public key that
    signed, for coordinator and rater to compare. `guess_awaited`: the guess that the protocol asks for was
    not given yet.
    """

    kit_id: str
    path: Path
    rater: str
    session: int
    taken: int
    known: int
    unsigned: int
    training: int = 0
    corrected: int = 0
    key: str = ""
    guess_awaited: bool = False


def collect(study: Study, path: Path) -> Collected:
    """Take the signed readings of a kit into the study, all or none.

    Cases not signed yet are left in the kit; collecting again takes only what is new.

    Parameters
    ----------
    study : Study
        The study that dealt the kit.
    path : Path
        The kit's folder.

    Raises
    ------
    InputError
        If the kit belongs to another study.
    StoreError
        If the kit is open elsewhere, damaged or altered, or its history is not the one collected before; if
        the study was altered.
    """
    require(study, "collect")
    study.refuse_altered()
    with Kit.open(path, to_read=False) as kit:
        versions = verify_dealt(study, kit)
        records = kit.audit_records()
        with study.database.transaction() as connection:
            _refuse_unknown_resets(connection, kit, records)
            _take_records(connection, kit, records)
            known = set(connection.execute(sa.select(t.readings.c.alias)).scalars())
            cases = kit.cases()
            practice = {case.alias for case in cases if case.training}
            signed = [case.alias for case in cases if (case.alias, 1) in versions]
            new = [alias for alias in signed if alias not in known]
            late, corrected = _signed_late(connection, kit, records), 0
            for alias in signed:
                corrected += _take_versions(connection, kit, alias, versions, late)
                if alias in practice and alias in new:
                    told = kit.feedback(alias)
                    row = {"met": sum(each.met for each in told), "total": len(told)}
                    connection.execute(t.training_results.insert().values(alias=alias, **row))
            _take_guesses(connection, kit)
            enrolled = (r.values["public_key"] for r in reversed(records) if r.values["action"] == "enrol")
            key = next(enrolled, "")
            append(connection, t.audit, "collect", kit=kit.kit_id, taken=sorted(new), corrected=corrected,
                   kit_head=[records[-1].sequence, records[-1].sha256], public_key=key)  # fmt: skip
        taken, read = set(new) - practice, set(signed) - practice
        left = len(cases) - len(practice) - len(read)
        return Collected(
            kit.kit_id, path, kit.rater, kit.session, len(taken), len(read - taken), left,
            sum(1 for alias in signed if alias in practice), corrected, fingerprint(key) if key else "",
            bool(kit.protocol.conduct.guess) and not kit.guesses(),
        )  # fmt: skip


def verify_dealt(study: Study, kit: Kit) -> Mapping[tuple[str, int], Reading]:
    """Check a kit whole, and that the study has dealt it so; return what `Kit.verify` does.

    Raises
    ------
    InputError
        If it is another study's, or this one does not know it.
    StoreError
        If it is damaged or altered, or its cases, pictures or protocol are others.
    """
    if kit.study_id != study.study_id:
        raise InputError(f"{kit.path} belongs to another study; collect it there")
    with study.database.transaction() as connection:
        row = connection.execute(sa.select(t.kits).where(t.kits.c.kit_id == kit.kit_id)).mappings().first()
    if row is None:
        raise InputError(f"{kit.path} was not dealt by this study, or the study is an older copy")
    versions = kit.verify()
    if kit.audit_records()[0].sha256 != row["deal_sha256"]:
        raise StoreError(
            f"{kit.path}: audit record 1 is not the one with which the kit was dealt; its cases, pictures or "
            "protocol are others"
        )
    _refuse_keyless(study, kit, {alias for alias, _ in versions})
    return versions


def _refuse_keyless(study: Study, kit: Kit, aliases: Collection[str]) -> None:
    """Raise StoreError where something was signed without a key since there are keys; a kit cannot tell."""
    keyless = [alias for alias in aliases if any(not each.ed25519 for each in kit.signatures(alias))]
    if keyless and kit.kit_id in dealt_with_keys(study.audit_records()):
        raise StoreError(
            f"{kit.path}: the signature of case {min(keyless)} was not made with the rater's key; "
            "the kit was altered"
        )


def _refuse_unknown_resets(connection: sa.Connection, kit: Kit, records: list[Record]) -> None:
    """Raise StoreError where another key came into a kit without the coordinator, who records it first."""
    allowed = resets(connection, kit.kit_id)
    for record in records:
        if record.values["action"] == "retire_key" and [record.sequence - 1, record.previous] not in allowed:
            raise StoreError(
                f"{kit.path}: audit record {record.sequence} retires the rater's key, and this study knows "
                "nothing of it; the kit was altered, or the study is an older copy"
            )


def _take_records(connection: sa.Connection, kit: Kit, records: list[Record]) -> None:
    """Keep the kit's audit trail; what was collected before must be its beginning."""
    statement = sa.select(t.kit_audit.c.sequence, t.kit_audit.c.sha256)
    kept = connection.execute(statement.where(t.kit_audit.c.kit_id == kit.kit_id))
    before = {row.sequence: row.sha256 for row in kept}
    now = {record.sequence: record.sha256 for record in records}
    for sequence, sha256 in sorted(before.items()):
        if now.get(sequence) != sha256:
            what = "is missing" if sequence not in now else "differs"
            raise StoreError(
                f"{kit.path}: audit record {sequence} was collected before and now {what}; "
                "this is an older copy of the kit or it was altered"
            )
    for record in records:
        if record.sequence not in before:
            connection.execute(t.kit_audit.insert().values(kit_id=kit.kit_id, **vars(record)))


def _signed_late(
    connection: sa.Connection, kit: Kit, records: Sequence[Record]
) -> frozenset[tuple[str, int]]:
    """Return the signatures, alias and version, that no collecting had taken before the key was shown."""
    if not key_was_shown(connection):
        return frozenset()
    blind = collected_blind(connection).get(kit.kit_id, 0)
    later = [record.values for record in records if record.sequence > blind]
    # from before cases were corrected, a record tells no version
    signed = ((each["alias"], each.get("version", 1)) for each in later if each["action"] == "sign")
    return frozenset(signed)


def _take_versions(
    connection: sa.Connection,
    kit: Kit,
    alias: str,
    versions: Mapping[tuple[str, int], Reading],
    late: frozenset[tuple[str, int]],
) -> int:
    """Take the signatures of a case that are not there yet; return how many of them are corrections."""
    first = connection.execute(sa.select(t.readings.c.alias).where(t.readings.c.alias == alias)).first()
    later = t.later_readings.c
    known = set(connection.execute(sa.select(later.version).where(later.alias == alias)).scalars())
    known |= set() if first is None else {1}
    corrected = 0
    for signature in kit.signatures(alias):
        version = signature.version
        if version in known:
            continue
        around = {"collected_utc": utc_now(), "after_key": (alias, version) in late}
        row = {name: getattr(signature, name) for name in ("record", "sha256", "ed25519")}
        if version == 1:
            connection.execute(t.readings.insert().values(alias=alias, **row, **around))
            regions, place = t.reading_rois, dict[str, Any](alias=alias)
        else:
            reason = signature.values["content"]["correction"]
            place = {"alias": alias, "version": version}
            connection.execute(t.later_readings.insert().values(**place, **row, **around, reason=reason))
            regions, corrected = t.later_rois, corrected + 1
        for roi in versions[alias, version].rois.values():
            connection.execute(
                regions.insert().values(
                    **place, roi=roi.roi_id, kind=roi.kind,
                    coverage=packed_coverage(roi.coverage), sha256=coverage_sha256(roi.coverage),
                    outlines=outlines_text(roi.outlines),
                )
            )  # fmt: skip
    return corrected


def _take_guesses(connection: sa.Connection, kit: Kit) -> None:
    known = sa.select(t.kit_guesses.c.alias).join(t.kit_cases).where(t.kit_cases.c.kit_id == kit.kit_id)
    if connection.execute(known).first() is None:
        for alias, of, choice in kit.guesses():
            connection.execute(t.kit_guesses.insert().values(alias=alias, of=of, choice=choice))
