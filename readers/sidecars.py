"""JSON files that tell what a NIfTI file's header cannot: beside it, and by BIDS in the folders above it.

A file higher up applies to all below it whose names have its words and more, and what stands nearer to the
picture goes before what stands further away (https://bids-specification.readthedocs.io, the inheritance
principle). Names are made from the picture's own, so that no folder has to be listed.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path, PurePosixPath
from typing import Any

from core.errors import ImageReadError
from readers.files import ImageFile, Opener

MAX_SIDECAR_BYTES = 1 << 20
# each entity doubles the names that may apply; BIDS allows a dozen, and real names have four
_MAX_ENTITIES = 8

_ENDING = re.compile(r"\.(nii|hdr|img)(\.gz)?$", re.I)
_ENTITY = re.compile(r"[a-zA-Z]+-[a-zA-Z0-9+]+")


@dataclass(frozen=True, eq=False)
class Sidecar:
    """What the JSON files of a picture say together.

    Parameters
    ----------
    values : dict
        The keys of all of them, the nearest file's before those of others.
    files : tuple of ImageFile
        The files that said it.
    remarks : tuple of str
        Which file is no use.
    """

    values: dict[str, Any]
    files: tuple[ImageFile, ...]
    remarks: tuple[str, ...]


def stem(file: ImageFile) -> str:
    """Return a picture's name without its ending."""
    return _ENDING.sub("", file.name)


def entities(name: str) -> list[str]:
    """Return the entities of a BIDS name without its ending, such as "sub-01"; none if it is no such name."""
    *words, _suffix = name.split("_")
    named = words and words[0].startswith("sub-") and all(map(_ENTITY.fullmatch, words))
    return words if named else []


def read_sidecar(file: ImageFile, opener: Opener) -> Sidecar:
    """Read the JSON files that apply to a picture, from the root of its data set down."""
    values: dict[str, Any] = {}
    files, remarks = [], []
    for folder in _folders(file):
        present = opener.names_in(file.path if file.member else None, folder)
        for name in _names(stem(file)):
            if name not in present:
                continue
            sidecar = _within(file, folder, name)
            found = _object(sidecar, opener)
            if found is None:
                remarks.append(f"the sidecar {name} is no JSON object and was not used")
            else:
                values |= found
                files.append(sidecar)
    return Sidecar(values, tuple(files), tuple(remarks))


def applying(sidecars: Iterable[ImageFile], pictures: Iterable[ImageFile]) -> set[ImageFile]:
    """Return those JSON files that apply to any of some pictures."""
    by_name: dict[str, list[ImageFile]] = defaultdict(list)
    for sidecar in sidecars:
        by_name[sidecar.name].append(sidecar)
    return {
        sidecar
        for picture in pictures
        for name in _names(stem(picture))
        for sidecar in by_name.get(name, ())
        if _above(sidecar, picture)
    }


def _above(sidecar: ImageFile, picture: ImageFile) -> bool:
    """Tell whether a file stands in one of the folders from the data set's root to the picture's own."""
    if sidecar.path != picture.path and (sidecar.member or picture.member):
        return False
    return (PurePosixPath(sidecar.member) if sidecar.member else sidecar.path).parent in _folders(picture)


@lru_cache(maxsize=4096)
def _names(name: str) -> tuple[str, ...]:
    """Return the names that sidecars of a picture may have: those that say least about it first."""
    words = entities(name)
    if not 0 < len(words) <= _MAX_ENTITIES:
        return (f"{name}.json",)
    suffix = name.rsplit("_", maxsplit=1)[-1]
    chosen = [some for count in range(len(words) + 1) for some in combinations(words, count)]
    return tuple("_".join([*some, f"{suffix}.json"]) for some in chosen)


def _folders(file: ImageFile) -> list[PurePosixPath | Path]:
    """Return the folders from the root of the data set, which holds the subject's, to the picture's own."""
    folder: PurePosixPath | Path = PurePosixPath(file.member).parent if file.member else file.path.parent
    words = entities(stem(file))
    above = [folder, *folder.parents]
    subject = next((place for place, path in enumerate(above) if words and path.name == words[0]), None)
    root = 0 if subject is None else min(subject + 1, len(above) - 1)
    return above[root::-1]


def _within(file: ImageFile, folder: PurePosixPath | Path, name: str) -> ImageFile:
    return ImageFile(file.path, str(folder / name)) if file.member else ImageFile(Path(folder) / name)


def _object(sidecar: ImageFile, opener: Opener) -> dict[str, Any] | None:
    """Return a JSON object; None where the file is anything else."""
    try:
        head, size = opener.longer_head(sidecar)
        # before it is read: what is larger is no sidecar, and may be a bomb
        if size is not None and size > MAX_SIDECAR_BYTES:
            return None
        data = head if size is not None and len(head) == size else opener.read(sidecar)
        found = json.loads(data) if len(data) <= MAX_SIDECAR_BYTES else None
    except (ImageReadError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
