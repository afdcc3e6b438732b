"""Places of files: paths, and addresses of object stores (`s3://...`) that fsspec reaches.

Who may ask a store is fsspec's own configuration; an address never holds a log-in, and of what a store's
package complains only the kind is told: its words may quote what nobody else shall read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote
from urllib.request import url2pathname

from core.errors import AppError, InputError
from core.files import whole_file

Place = Path | str  # an address is a str, anything on a disk a Path
_SIGN = "://"
_CHAIN = "::"
# where one address of a chain ends and the next begins
_LINK = re.compile(r"::(?=[a-z][a-z0-9+.-]*://)", re.IGNORECASE)
_WEB = ("http", "https")
# a log-in in front of a host, and one whose password holds a slash; a port and Amazon's names for buckets
# are none
_LOGIN = re.compile(r"://[^/\\]*:[^/\\]*@")
_LIKE_LOGIN = re.compile(r"(?!arn:aws[^@]*\Z)[^/]*:(?!\d*(/[^@]*)?\Z)")
_QUERY = re.compile(r"\?.*=", re.DOTALL)


def place(text: str) -> Place:
    """Return what a person named: an address as it is, a path or file:// as a path."""
    if _SIGN not in text:
        return Path(text)
    if text.startswith("file://") and _CHAIN not in text:
        return Path(url2pathname(text.removeprefix("file://")))
    return text


def beside(folder: Place, text: str) -> Place:
    """Return a place named in a file of `folder`: relative names are relative to it."""
    named = place(text)
    if isinstance(named, str) or named.is_absolute():
        return named
    return folder / named if isinstance(folder, Path) else below(folder, named.as_posix())


def below(folder: Place, name: str) -> Place:
    """Return the place called `name` in a folder."""
    if isinstance(folder, Path):
        return folder / name
    first, chain, rest = folder.partition(_CHAIN)
    return f"{first.rstrip('/')}/{name}{chain}{rest}"


def folder_of(file: Place) -> Place:
    """Return the folder that a file is in."""
    if isinstance(file, Path):
        return file.parent
    first, chain, rest = file.partition(_CHAIN)
    return f"{first.rsplit('/', 1)[0]}{chain}{rest}"


def check(given: Place) -> None:
    """Refuse an address that holds a log-in, or whose store needs a package that is not here.

    Raises
    ------
    InputError
        In one line that repeats no secret.
    """
    if isinstance(given, Path):
        return
    refuse_secret(given)
    for part in given.split(_CHAIN):
        scheme, sign, _ = part.partition(_SIGN)
        if sign:
            _check_package(scheme)


def refuse_secret(text: str) -> None:
    """Raise InputError, which repeats no secret, where an address in a text holds one."""
    if holds_secret(text):
        raise InputError(
            f"{without_secret(text)}: given with a log-in or a query; "
            "leave these to fsspec's own configuration"
        )


def holds_secret(text: str) -> bool:
    """Say whether an address in a text holds a log-in or a signed query, or what may be one."""
    text = unquote(text)
    if _SIGN not in text:
        return False
    if _LOGIN.search(text):
        return True
    for part in text.split(_CHAIN):
        for before, rest in pairwise(part.split(_SIGN)):
            if _LIKE_LOGIN.match(rest) or _QUERY.search(rest):
                return True
            if before.lower().endswith(_WEB) and ("?" in rest or "#" in rest or "@" in rest.split("/")[0]):
                return True
    return False


def without_secret(text: str) -> str:
    """Return a text as it is, or, where it holds a secret, what is left of its addresses without it."""
    if not holds_secret(text):
        return text
    return _CHAIN.join(_bare(part) for part in _LINK.split(unquote(text)))


def _bare(address: str) -> str:
    """Return scheme, host and path; of what cannot be told from a log-in nothing."""
    scheme, sign, rest = address.partition(_SIGN)
    front, *query = re.split(r"[?#]", rest, maxsplit=1)
    kept = front.rpartition("@")[2]
    if _LIKE_LOGIN.match(kept) or (":" in kept and "@" in "".join(query)):
        kept = ""
    return f"{scheme}{sign}{kept}"


def fetched(address: str, folder: Path) -> Path:
    """Bring a file, or a folder with all below it, into a folder; a file comes with the sidecars beside it.

    Raises
    ------
    InputError
        If it is not there or does not come.
    """
    with _asked(address) as (store, path):
        files, name = _files(store, path)
        for inside, file in files.items():
            target = folder / inside
            target.parent.mkdir(parents=True, exist_ok=True)
            store.get_file(file["name"], str(target))
    return folder / name


def description(address: str) -> str:
    """Return a hash of what the store says of the files at an address, without fetching them.

    Size, time of change, and where the store has them entity tags and checksums are among it.
    """
    with _asked(address) as (store, path):
        files, _ = _files(store, path)
        said = {inside: {**file, "name": ""} for inside, file in files.items()}
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()


def content(given: Place) -> bytes | None:
    """Return what a file holds; None if there is none."""
    if isinstance(given, Path):
        return given.read_bytes() if given.is_file() else None
    with _asked(given) as (store, path):
        return bytes(store.cat_file(path)) if store.isfile(path) else None


def write(given: Place, data: bytes) -> None:
    """Put a file there, or another in its place; it appears whole or not at all."""
    if isinstance(given, Path):
        with whole_file(given, force=True) as draft:
            draft.write_bytes(data)
        return
    with _asked(given) as (store, path):
        store.makedirs(store._parent(path), exist_ok=True)
        with store.transaction, store.open(path, "wb") as stream:
            stream.write(data)


def send(folder: Path, address: str, last: str) -> None:
    """Put every file of a folder to an address, the one called `last` at the end: it says that all are there.

    One that is there from before goes first.
    """
    with _asked(address) as (store, path):
        marker = f"{path}/{last}"
        if store.exists(marker):
            store.rm_file(marker)
        store.makedirs(path, exist_ok=True)
        for file in sorted(folder.iterdir(), key=lambda file: (file.name == last, file.name)):
            store.put_file(str(file), f"{path}/{file.name}")


def _check_package(scheme: str) -> None:
    from fsspec import get_filesystem_class
    from fsspec.registry import known_implementations

    try:
        get_filesystem_class(scheme)
    except ImportError as error:
        package = known_implementations[scheme]["class"].split(".")[0]
        if package == "fsspec":
            # one of fsspec's own that needs another package, and says which
            raise InputError(f"{scheme} addresses: {error}") from error
        raise InputError(
            f"{scheme} addresses need the package {package}; install it beside FerroRead, on workers as well"
        ) from error
    except ValueError as error:
        raise InputError(f"{scheme} is no kind of address that fsspec knows; check the spelling") from error


@contextmanager
def _asked(address: str) -> Iterator[tuple[Any, str]]:
    """Give the store and the path of an address; what goes wrong is told in one line."""
    from fsspec.core import url_to_fs

    check(address)
    try:
        store, path = url_to_fs(address)
        # another process may have put something there
        store.invalidate_cache()
        yield store, path
    except AppError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"{address}: there is no such file or folder") from error
    except PermissionError as error:
        raise InputError(
            f"{address}: access was refused; see who asks in fsspec's own configuration"
        ) from error
    except Exception as error:  # each store's package has errors of its own
        raise InputError(
            f"{address}: the store failed ({type(error).__name__}); check the address and try again"
        ) from error


def _files(store: Any, path: str) -> tuple[dict[str, Mapping[str, Any]], str]:
    """Return what the store says of a file and its sidecars, or of all files of a folder, by name.

    With them comes the name of what was asked for: the file's, "" for the folder itself.
    """
    from readers.files import ImageFile
    from readers.sidecars import stem

    info = store.info(path)
    if info["type"] == "directory":
        found = store.find(path, detail=True).values()
        root, name = info["name"], ""
    else:
        root, _, name = path.rpartition("/")
        begins = f"{stem(ImageFile(Path(name)))}."
        listed = store.ls(root, detail=True)
        found = [
            each
            for each in listed
            if each["type"] == "file" and PurePosixPath(each["name"]).name.startswith((begins, name))
        ]
    files = {each["name"].removeprefix(root).strip("/"): each for each in found}
    if not files:
        raise FileNotFoundError(path)
    if any(".." in PurePosixPath(inside).parts for inside in files):
        raise InputError("a store holds a name that leads out of its folder; rename it")
    return files, name
