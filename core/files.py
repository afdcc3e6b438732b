"""Files that appear whole or not at all, and never over what somebody else put there.

A folder of results holds a list of its files (`RESULT_LIST`): by it a later run knows that the folder is an
earlier result, and what in it is not.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import InputError

RESULT_LIST = ".ferroread-result"
# what file managers leave in every folder that was looked at
_OF_NOBODY = frozenset({RESULT_LIST, ".DS_Store", "Thumbs.db", "desktop.ini"})
_STAGE = ".ferroread-"
_ALL = "*"
# a stage that nothing has touched for so long is of a run that was killed
_STALE_SECONDS = 24 * 3600.0


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
        If `path` exists and `force` is not set, it is a folder, its folder cannot be written, or the disk is
        full.
    """
    _refuse_folder(path)
    refuse_existing(path, force=force)
    folder = _made(path.parent)
    with _staged(folder) as stage, _disk_full_names(path):
        draft = stage / path.name
        yield draft
        _sync(draft)
        # asked again: somebody may have written there while we worked
        refuse_existing(path, force=force)
        draft.replace(path)
        _sync_folder(folder)


@contextmanager
def whole_folder(
    path: Path,
    *,
    force: bool = False,
    result: bool = True,
    later: Iterable[str] = (),
    stage: Path | None = None,
) -> Iterator[Path]:
    """Give a temporary folder to fill; it takes the name `path` only when the block ends well.

    An existing empty folder counts as absent. With `force` the old folder is set aside, and removed only
    after the new one stands in its place.

    Parameters
    ----------
    path : Path
        Where the folder shall appear.
    force : bool
        Whether an earlier result may be replaced: a folder that holds what such a run wrote, and no more.
    result : bool
        Whether a later run may replace it; a study or a kit may not. What cannot be made anew is on disk,
        every file of it, when it takes its name.
    later : iterable of str
        What scripts in the folder write into it afterwards: part of the result too.
    stage : Path, optional
        A folder on the same disk to build it in, where that of `path` holds too many to be looked through
        and what stands there is taken for good later: it is on disk, too, when it takes its name.

    Raises
    ------
    InputError
        If `path` is a file, or a folder that is not empty and may not be replaced, or the disk is full.
    """
    refuse_existing(path, force=force, replaceable=result)
    if path.is_file():
        raise InputError(f"{path} is a file; choose another place for the folder")
    parent = _made(path.parent)
    with _staged(parent if stage is None else _made(stage)) as building, _disk_full_names(path):
        draft = building / path.name
        draft.mkdir()
        yield draft
        refuse_existing(path, force=force, replaceable=result)
        if path.is_file():
            raise InputError(f"{path} is a file; choose another place for the folder")
        if result:
            list_result(draft, later=later)
        if not result or stage is not None:
            _sync_all(draft)
        old = building / "old"
        if path.exists():
            path.replace(old)
        draft.replace(path)
        _sync_folder(parent)


def refuse_existing(path: Path, *, force: bool, replaceable: bool = True) -> None:
    """Raise InputError where writing `path` would overwrite what may not be (see `whole_folder`)."""
    if path.is_dir():
        if not any(path.iterdir()):
            return
        if force:
            _refuse_others_work(path)
    elif not path.exists():
        return
    if not force:
        advice = " or add --force to replace it" if replaceable else ""
        raise InputError(f"{path} already exists; choose another place{advice}")


def list_result(folder: Path, *, unfinished: bool = False, later: Iterable[str] = ()) -> None:
    """Write the list that makes a folder an earlier result, to be replaced when somebody says so.

    An `unfinished` one, built in its place, may be replaced with all that is in it. `later` are names of
    files that the folder's own scripts may write.
    """
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    names += later
    names = [_ALL] if unfinished else names
    (folder / RESULT_LIST).write_text("\n".join(names) + "\n", encoding="utf-8")


def _refuse_others_work(folder: Path) -> None:
    try:
        own = set((folder / RESULT_LIST).read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{folder} holds files that are not an earlier result; choose another place"
        ) from error
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not ({name, _ALL} & own or path.name in _OF_NOBODY or path.is_dir()):
            raise InputError(
                f"{folder} holds {name}, which no earlier run wrote; move it away or choose another place"
            )


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@contextmanager
def _staged(folder: Path) -> Iterator[Path]:
    sweep(folder)
    try:
        stage = Path(tempfile.mkdtemp(prefix=_STAGE, dir=folder))
    except OSError as error:
        raise InputError(f"{folder} cannot be written ({error.strerror}); choose another place") from error
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def _disk_full_names(path: Path) -> Iterator[None]:
    """Say what could not be written: the system names no file when the disk is full."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        raise InputError(
            f"{path} was not written ({error.strerror}); make room or choose another place"
        ) from error


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path} is a folder; give the file a name")


def sweep(folder: Path, *, idle_s: float = _STALE_SECONDS) -> None:
    """Remove what killed runs left in a folder: their files never took their names.

    Parameters
    ----------
    folder : Path
        Where files and folders were being written.
    idle_s : float
        For how many seconds nothing may have touched what goes; 0 where no other run can be under way.
    """
    for stage in folder.glob(f"{_STAGE}*"):
        try:
            touched = max(path.stat().st_mtime for path in (stage, *stage.rglob("*")))
            # killed between two renames, it holds the only earlier result
            if time.time() - touched >= idle_s and not (stage / "old").exists():
                shutil.rmtree(stage)
        except OSError:
            continue  # another's, or in use; the next run sees it again


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder} cannot be made ({error.strerror}); choose another place") from error
    return folder


def _sync(path: Path) -> None:
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())


def _sync_all(folder: Path) -> None:
    for path in folder.rglob("*"):
        (_sync_folder if path.is_dir() else _sync)(path)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk; Windows keeps them without being asked."""
    if sys.platform == "win32":
        return
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
