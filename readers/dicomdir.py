"""DICOMDIR, the table of contents of a medium (PS3.10 section 8, PS3.3 annex F), and what of it is gone.

The files themselves are found by looking into the folder; the table only tells which of them are missing.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from readers.elements import DIRECTORY_RECORDS, REFERENCED_FILE, Header, texts
from readers.files import ImageFile, Opener, inside
from readers.model import printable

SOP_CLASS = "1.2.840.10008.1.3.10"

# looked up one by one; no medium holds more
_MAX_NAMES = 100_000
_TOLD = 3
# eight parts of eight letters by the standard (PS3.10 section 8.2.1)
_LONGEST_NAME = 255


def contents(file: ImageFile, header: Header, opener: Opener) -> str:
    """Return what is to be said about a DICOMDIR: what it names that is missing, or lies outside its folder.

    Parameters
    ----------
    file : ImageFile
        The DICOMDIR.
    header : Header
        Its elements.
    opener : Opener
        Tells which files there are.
    """
    records = header.elements.get(DIRECTORY_RECORDS)
    names = [texts(record.get(REFERENCED_FILE)) for record in (records.items if records else ())]
    # records of patients, studies and series name no file
    names = [parts for parts in names if any(parts)]
    told = "is a DICOMDIR, a table of contents"
    if not names:
        return f"{told} that names no file; the files beside it are read by themselves"
    if len(names) > _MAX_NAMES:
        return f"{told} of {len(names)} files, which is more than any medium holds; it is not followed"
    outside = [parts for parts in names if not _stays_inside(parts)]
    missing = [parts for parts in names if _stays_inside(parts) and not _present(file, parts, opener)]
    faults = []
    if outside:
        faults.append(f"{_listed(outside)} lead out of its folder and are not read")
    if missing:
        faults.append(f"{_listed(missing)} are missing")
    if not faults:
        return f"{told}; the {len(names)} files it names are read by themselves"
    return f"{told}; of the {len(names)} files it names {', '.join(faults)}"


def _stays_inside(parts: list[str]) -> bool:
    plain = all(part and part not in (".", "..") and "/" not in part for part in parts)
    return plain and inside("/".join(parts))


def _present(file: ImageFile, parts: list[str], opener: Opener) -> bool:
    """Tell whether a named file lies below the DICOMDIR, in whichever case a mounted disc shows it."""
    name = "/".join(parts)
    if len(name) > _LONGEST_NAME or not name.isprintable():
        return False
    for spelled in (name, name.lower(), name.upper()):
        if file.member:
            named = ImageFile(file.path, str(PurePosixPath(file.member).parent / spelled))
        else:
            named = ImageFile(file.path.parent / spelled)
        if opener.exists(named):
            return bool(file.member) or _below(file.path.parent, named.path)
    return False


def _below(folder: Path, path: Path) -> bool:
    """Tell whether a path, its links followed, stays below a folder."""
    return path.resolve().is_relative_to(folder.resolve())


def _listed(names: list[list[str]]) -> str:
    listed = ", ".join(printable("/".join(parts)[:80]) for parts in names[:_TOLD])
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return f"{len(names)} ({listed}{more})"
