"""DICOM files to an archive: what `study export` wrote, or any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.errors import InvalidDicomError

from core.errors import InputError
from core.progress import Progress, Silent
from readers.files import files_below
from readers.pacs.model import Link


@dataclass(frozen=True)
class Sent:
    """What was sent, what the archive did not take and why, and how many files were no DICOM."""

    sent: tuple[Path, ...]
    refused: tuple[tuple[Path, str], ...]
    others: int


def send_files(
    link: Link, paths: Sequence[Path], progress: Progress | None = None, *, modalities: Sequence[str] = ()
) -> Sent:
    """Send every DICOM file in and below `paths`; sent again, an instance is the same instance.

    Parameters
    ----------
    link : Link
        To the archive.
    paths : sequence of Path
        Files and folders.
    progress : Progress, optional
        Told how far it is, asked whether to stop.
    modalities : sequence of str
        Only these, as SEG, SR; all if empty.

    Raises
    ------
    InputError
        If a path is not there, nothing in them is to be sent, or `progress` was cancelled.
    PacsError
        If the archive refuses altogether or does not answer.
    """
    progress = progress or Silent()
    files, others = _to_be_sent(paths, modalities)
    sent: list[Path] = []
    refused: list[tuple[Path, str]] = []
    for count, path in enumerate(files):
        if progress.cancelled():
            raise InputError(
                f"stopped: {count} of {len(files)} instances were sent; the same again sends all"
            )
        progress.report(count / len(files), f"{count} of {len(files)} instances")
        reason = link.store(path)
        if reason:
            refused.append((path, reason))
        else:
            sent.append(path)
    return Sent(tuple(sent), tuple(refused), others)


def _to_be_sent(paths: Sequence[Path], modalities: Sequence[str]) -> tuple[list[Path], int]:
    found: list[Path] = []
    others = 0
    wanted = {name.upper() for name in modalities}
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist; check the name")
        for file in files_below(path) if path.is_dir() else [path]:
            try:
                header = pydicom.dcmread(
                    file, stop_before_pixels=True, specific_tags=["Modality", "SOPClassUID"]
                )
            except (InvalidDicomError, EOFError, OSError):
                others += 1
                continue
            if "SOPClassUID" in header and (not wanted or header.get("Modality") in wanted):
                found.append(file)
    if not found:
        raise InputError(
            f"{paths[0]}: nothing in it is to be sent; name the folder that `study export` wrote"
        )
    return found, others
