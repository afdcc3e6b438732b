"""What a study that was put back from a backup does not know, in sentences for its coordinator."""

from __future__ import annotations

from core.study.backups import newest_restoring
from core.study.store import Study


def forgotten(study: Study) -> list[str]:
    """Return what to mind of a study that was put back from a backup; nothing where it knows all.

    Parameters
    ----------
    study : Study
    """
    lines = [
        f"session {kit.session} of {kit.rater} was dealt after the backup was made: its kit cannot be "
        "collected, and no washout after it can be told"
        for kit in study.lost_kits()
    ]
    named, retired = study.lost_people()
    if named:
        names = ", ".join(named)
        lines.append(f"{names}: named after the backup was made, and not known here; name them again")
    if retired:
        lines.append(f"{', '.join(retired)}: retired after the backup was made; retire them again")
    if study.may_have_forgotten():
        lines.append(
            "witness.jsonl was missing from the study's folder, or damaged: kits may have been dealt, people "
            "named or retired, and the key shown, that nothing here tells of"
        )
    return lines


def forgotten_now(study: Study) -> list[str]:
    """Return what to mind when a study was put back just now: `forgotten`, and how that came about.

    Parameters
    ----------
    study : Study
    """
    restoring, lines = newest_restoring(study), forgotten(study)
    if not restoring["recognised"]:
        lines.append("nothing in the folder tells whether the backup is of this study: look at its scans")
    if any(study.lost_people()) and restoring["asked"] == "nobody":
        lines.append("nobody was asked for a password: no backup knows the people, or an owner's password")
    if study.has_people:
        lines.append(
            "people are as they were when the backup was made: name and retire again whoever was named and "
            "retired since, and passwords are those of then"
        )
    return lines
