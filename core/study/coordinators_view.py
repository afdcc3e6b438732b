"""What a coordinator may do with a rater's kit: with the password, on record, and seeing nothing unsigned."""

from __future__ import annotations

from pathlib import Path

from core.errors import InputError
from core.files import sha256
from core.study import tables as t
from core.study.audit import append
from core.study.kit import Kit
from core.study.kit_trails import Trail, unsigned_records
from core.study.password import require_password
from core.study.people import require
from core.study.rescue import Rescued, evidence, signed_part
from core.study.store import Study
from core.study.unblinding import note_looking, unsigned_cases


def coordinators_trail(study: Study, kit: Kit, reason: str, password: str) -> Trail:
    """Return a kit's trail for the coordinator; what its rater has not signed is withheld.

    Before all readings are in it unblinds the study, as looking at results does.

    Raises
    ------
    InputError
        If the kit is of another study, or the password is not the coordinator's; the study records its use.
        Before all readings are in, if no reason is given.
    StoreError
        At the first record that is broken.
    """
    require(study, "kit_trail")
    _refuse_other(study, kit.path, kit.study_id)
    # first: who does not know it has seen nothing, and a look marks what is collected after it
    if not unsigned_cases(study):
        require_password(study, password, "to read the trail of a kit")
    note_looking(study, "trail", reason, password)
    records = kit.audit_records()
    return Trail(tuple(records), unsigned_records(records))


def coordinators_rescue(study: Study, kit: Path, found: Rescued, reason: str, password: str) -> Rescued:
    """Return what the coordinator may see of a damaged kit: what was signed.

    The kit may be too damaged to tell whose it is. So it is the study that records reason and file. Signed
    answers are seen: it is a look, and before all readings are in it unblinds the study.

    Raises
    ------
    InputError
        If the kit is of another study, no reason is given, or the password is not the coordinator's.
    """
    require(study, "rescue")
    _refuse_other(study, kit, found.study_id or study.study_id)
    if not reason.strip():
        raise InputError("a kit is rescued without its rater only with a reason, which is kept; add --reason")
    require_password(study, password, "to rescue a kit without its rater")
    unsigned = unsigned_cases(study)
    with study.database.transaction() as connection:
        values = {"reason": reason.strip(), "sha256": sha256(evidence(kit)[0])}
        append(connection, t.audit, "rescue", kit=found.kit_id, **values)
        if unsigned:
            append(connection, t.audit, "key", reason=reason.strip(), shown="rescue", unsigned=unsigned)
        else:
            append(connection, t.audit, "look", shown="rescue")
    return signed_part(found)


def reset_kit(study: Study, kit: Kit, reason: str, password: str) -> None:
    """Let the rater of a kit choose a password anew, because theirs is forgotten.

    A new key comes with it. What was signed with the one before stays verifiable with that. The study records
    it first, with the kit's newest record: a kit whose key was replaced otherwise is not collected.

    Raises
    ------
    InputError
        If the kit is of another study, nobody chose a password for it yet, no reason is given, or the
        password is not the coordinator's.
    StoreError
        If the kit is damaged.
    """
    require(study, "reset_kit")
    _refuse_other(study, kit.path, kit.study_id)
    if not reason.strip():
        raise InputError("a kit's password is given up only with a reason, which is kept; add --reason")
    if not kit.enrolled:
        raise InputError("no password was chosen for this kit yet; open it to choose one")
    require_password(study, password, "to let a kit's password be chosen anew")
    newest = kit.audit_records()[-1]
    with study.database.transaction() as connection:
        told = {"reason": reason.strip(), "kit_head": [newest.sequence, newest.sha256]}
        append(connection, t.audit, "reset_kit", kit=kit.kit_id, **told)
    kit.let_choose_anew(reason.strip())


def _refuse_other(study: Study, kit: Path, study_id: str) -> None:
    if study_id != study.study_id:
        raise InputError(f"{kit} belongs to another study; give that one")
