"""Files that appear whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import InputError


@contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """Give a temporary path to write to; it takes the name `path` only when the block ends well.

    Parameters
    ----------
    path : Path
        Where the file shall appear; its folder is made if missing.
    force : bool
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        If `path` exists and `force` is not set, or its folder cannot be written.
    """
    refuse_existing(path, force=force)
    folder = _made(path.parent)
    with _staged(folder) as stage:
        draft = stage / path.name
        yield draft
        _sync(draft)
        # asked again: somebody may have written there while we worked
        refuse_existing(path, force=force)
        draft.replace(path)


@contextmanager
def whole_folder(path: Path, *, force: bool = False, mark: str = "") -> Iterator[Path]:
    """Give a temporary folder to fill; it takes the name `path` only when the block ends well.

    An existing empty folder counts as absent. With `force` the old folder is set aside, and removed only
    after the new one stands in its place.

    Parameters
    ----------
    path : Path
        Where the folder shall appear.
    force : bool
        Whether an earlier result may be replaced.
    mark : str
        Name of a file that every such result holds; without it a folder is somebody's own work, which
        `force` does not touch.

    Raises
    ------
    InputError
        If `path` is a file, or a folder that is not empty and may not be replaced.
    """
    refuse_existing(path, force=force, mark=mark)
    if path.is_file():
        raise InputError(f"{path} is a file; choose another place for the folder")
    parent = _made(path.parent)
    with _staged(parent) as stage:
        draft = stage / path.name
        draft.mkdir()
        yield draft
        refuse_existing(path, force=force, mark=mark)
        if path.is_file():
            raise InputError(f"{path} is a file; choose another place for the folder")
        old = stage / "old"
        if path.exists():
            path.replace(old)
        draft.replace(path)


def refuse_existing(path: Path, *, force: bool, mark: str = "") -> None:
    """Raise InputError where writing `path` would overwrite what may not be (see `whole_folder`)."""
    if path.is_dir():
        if not any(path.iterdir()):
            return
        if force and not (mark and (path / mark).exists()):
            raise InputError(f"{path} holds files that are not an earlier result; choose another place")
    elif not path.exists():
        return
    if not force:
        raise InputError(f"{path} already exists; choose another place or add --force to replace it")


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    try:
        stage = Path(tempfile.mkdtemp(prefix=".ferroread-", dir=folder))
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); choose another place") from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made ({error.strerror}); choose another place") from error
    return folder


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
