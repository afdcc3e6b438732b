"""A study's regions, maps and reports as files for other programs, as a command's outcome."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands import Outcome
from app.study.analysing import note_asked
from app.study.opening import opened
from core.files import refuse_existing
from core.progress import Progress

if TYPE_CHECKING:
    from core.export.images import Wanted
    from core.study.store import Study


def export_to(
    study_path: Path,
    out: Path,
    *,
    person: str = "",
    wanted: Wanted,
    force: bool,
    progress: Progress,
    reason: str = "",
    password: Callable[[], str] = str,
) -> Outcome:
    """Write a study's images and objects into `out` and say what was written; that is recorded first.

    `person` logs in, where the study has people; `reason` and what `password` gives are needed before every
    reading is in.

    Raises
    ------
    InputError
        If `out` exists and `force` is not set, `note_looking` refuses, or it was stopped.
    StoreError
        If the study cannot be opened, or a picture is damaged.
    """

    # what is refused anyway unblinds nobody
    refuse_existing(out, force=force)
    with opened(study_path, person) as study:
        note_asked(study, "images", reason, password)
        return export_open(study, out, wanted=wanted, force=force, progress=progress)


def export_open(
    study: Study, out: Path, *, wanted: Wanted | None = None, force: bool, progress: Progress
) -> Outcome:
    """Do the same for a study that is open, of which it is recorded; all kinds of files if none is wanted."""
    from core.export.images import INDEX, export_images
    from core.study.unblinding import early_warning

    warning = early_warning(study)
    written = export_images(
        study.data(), study.study_id, study.name, out, wanted=wanted, force=force, progress=progress
    )
    data = {
        "out": str(out),
        "files": written.counts,
        "left_out": written.left_out,
        "failed": written.failed,
        "warning": warning,
    }
    lines = [
        ", ".join(f"{count} × {what}" for what, count in written.counts.items()) or "the study has no scans",
        *(f"not written as DICOM: {reason}" for reason in written.left_out),
        *written.failed,
        f"All files are in {out}, listed in {INDEX}",
        *([f"Mind: {warning}"] if warning else []),
    ]
    return Outcome(data, "\n".join(lines))
