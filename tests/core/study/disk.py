"""A disk that fails as it is told to, and knows what a power cut leaves, under the program's own SQLite.

It is a VFS (sqlite.org/vfs.html) that hands everything on to SQLite's own and keeps a log. It is put into the
very library that Python's sqlite3 uses, so what is tested is the program as it runs: APSW, which is made for
such, brings a SQLite of its own, and our SQL would have to be run there a second time.
"""

from __future__ import annotations

import ctypes
import random
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from ctypes import CFUNCTYPE, POINTER, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

What = Literal["open", "delete", "write", "truncate", "sync", "said"]
# what a disk writes whole, or not at all
SECTOR = 512
# sqlite3.h: databases, their journals and logs; what else SQLite opens is scratch
_KEPT = 0x00000100 | 0x00000800 | 0x00080000


@dataclass(frozen=True)
class Deed:
    """What SQLite asks of a disk, or the program says between.

    `at`: the offset of a write, the size to cut to, whether a removal waits for the disk.
    """

    what: What
    path: str = ""
    at: int = 0
    content: bytes = b""
    said: Any = None


_File = POINTER(c_void_p)  # its first member points to its methods
_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, _File, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_WRITE = CFUNCTYPE(c_int, _File, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, _File, c_int64)
_SYNC = CFUNCTYPE(c_int, _File, c_int)


class _Vfs(ctypes.Structure):
    """The sqlite3_vfs of sqlite3.h."""

    _fields_ = (
        *((name, c_int) for name in ("version", "file_bytes", "longest_path")),
        *((name, c_void_p) for name in ("next", "name", "data", "open", "delete")),
        ("others", c_void_p * 14),
    )


class _Methods(ctypes.Structure):
    """The sqlite3_io_methods of sqlite3.h."""

    _fields_ = (
        ("version", c_int),
        *((name, c_void_p) for name in ("close", "read", "write", "truncate", "sync")),
        ("others", c_void_p * 13),
    )


def _sqlite() -> ctypes.CDLL:
    """Return the library that Python's sqlite3 has loaded; OSError where it is not one of its own."""
    name = {"win32": "sqlite3.dll", "darwin": "libsqlite3.dylib"}.get(sys.platform, "libsqlite3.so.0")
    library = ctypes.CDLL(name)
    library.sqlite3_vfs_find.restype = c_void_p
    return library


class Disk:
    """Lies under everything that sqlite3 opens until the end of its `with`.

    `deeds` is what was done, in order; `fault` is asked before everything that is to be done, and gives what
    SQLite is told instead: one of its codes, 0 where nothing goes wrong.
    """

    def __init__(self) -> None:
        self.deeds: list[Deed] = []
        self.fault: Callable[[Deed], int] = lambda deed: 0
        self._paths: dict[int, str] = {}
        self._originals: dict[str, _Methods] = {}
        self._ours: dict[int, _Methods] = {}
        self._callbacks = {
            "open": _OPEN(self._open), "delete": _DELETE(self._delete), "write": _WRITE(self._write),
            "truncate": _TRUNCATE(self._truncate), "sync": _SYNC(self._sync),
        }  # fmt: skip

    def say(self, said: object) -> None:
        """Note what the program says."""
        self.deeds.append(Deed("said", said=said))

    def __enter__(self) -> Disk:
        self._library = _sqlite()
        self._under = _Vfs.from_address(self._library.sqlite3_vfs_find(None))
        self._vfs = _Vfs.from_buffer_copy(self._under)
        self._name = ctypes.create_string_buffer(b"disk of a test")
        self._vfs.name, self._vfs.next = ctypes.addressof(self._name), None
        for name in ("open", "delete"):
            setattr(self._vfs, name, ctypes.cast(self._callbacks[name], c_void_p).value)
        self._library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1)
        return self

    def __exit__(self, *_: object) -> None:
        self._library.sqlite3_vfs_unregister(ctypes.byref(self._vfs))
        self._library.sqlite3_vfs_register(ctypes.byref(self._under), 1)

    def _done(self, deed: Deed, do: Callable[[], int]) -> int:
        code = self.fault(deed) or do()
        if code == 0:
            self.deeds.append(deed)
        return code

    def _open(self, vfs: int, name: int | None, file: Any, flags: int, told: int) -> int:
        def do() -> int:
            return int(_OPEN(self._under.open)(vfs, name, file, flags, told))

        if name is None or not flags & _KEPT:
            return do()
        path = ctypes.string_at(name).decode()
        file[0] = None  # a file that could not be opened has no methods
        code = self._done(Deed("open", path), do)
        if code == 0:
            place = ctypes.addressof(file.contents)
            self._paths[place], self._originals[path] = path, _Methods.from_address(file[0])
            file[0] = ctypes.addressof(self._methods(file[0]))
        return code

    def _methods(self, original: int) -> _Methods:
        """Return a file's methods with ours among them; they live as long as this disk."""
        if original not in self._ours:
            ours = _Methods.from_buffer_copy(_Methods.from_address(original))
            for name in ("write", "truncate", "sync"):
                setattr(ours, name, ctypes.cast(self._callbacks[name], c_void_p).value)
            self._ours[original] = ours
        return self._ours[original]

    def _file(self, file: Any) -> tuple[str, _Methods]:
        path = self._paths[ctypes.addressof(file.contents)]
        return path, self._originals[path]

    def _delete(self, vfs: int, name: bytes, waits: int) -> int:
        deed = Deed("delete", name.decode(), waits)
        return self._done(deed, lambda: int(_DELETE(self._under.delete)(vfs, name, waits)))

    def _write(self, file: Any, content: int, size: int, at: int) -> int:
        path, under = self._file(file)
        deed = Deed("write", path, at, ctypes.string_at(content, size))
        return self._done(deed, lambda: int(_WRITE(under.write)(file, content, size, at)))

    def _truncate(self, file: Any, size: int) -> int:
        path, under = self._file(file)
        return self._done(Deed("truncate", path, size), lambda: int(_TRUNCATE(under.truncate)(file, size)))

    def _sync(self, file: Any, flags: int) -> int:
        path, under = self._file(file)
        return self._done(Deed("sync", path), lambda: int(_SYNC(under.sync)(file, flags)))


def reaches_sqlite() -> bool:
    """Tell whether Python's sqlite3 can be given a disk here: it may hold its SQLite within itself."""
    asked: list[Deed] = []

    def listen(deed: Deed) -> int:
        asked.append(deed)
        return 0

    try:
        with Disk() as disk:
            disk.fault = listen
            sqlite3.connect(Path("no folder of ours") / "x").close()
    except (OSError, sqlite3.Error):
        pass
    return bool(asked)


def left_by_a_cut(
    before: Mapping[str, bytes], deeds: Sequence[Deed], kept: float, chance: random.Random
) -> dict[str, bytes]:
    """Return the files that are there after the power was cut behind the last of `deeds`.

    What a file's last sync waited for is on disk. Of what came later every sector is with the chance `kept`,
    whatever its order; a file that is new, and was not synced, may not be there at all.
    """
    files = {path: bytearray(content) for path, content in before.items()}
    pending: list[Deed] = []
    for deed in deeds:
        if deed.what == "sync":
            for each in (each for each in pending if each.path == deed.path):
                _apply(files, each)
            pending = [each for each in pending if each.path != deed.path]
        elif deed.what == "delete" and deed.at:
            files.pop(deed.path, None)
            pending = [each for each in pending if each.path != deed.path]
        elif deed.what != "said":
            pending.append(deed)
    for deed in pending:
        if deed.what == "write":
            for part in _sectors(deed):
                if deed.path in files and chance.random() < kept:
                    _apply(files, part)
        elif chance.random() < kept:
            _apply(files, deed)
    return {path: bytes(content) for path, content in files.items()}


def _apply(files: dict[str, bytearray], deed: Deed) -> None:
    if deed.what == "delete":
        files.pop(deed.path, None)
        return
    content = files.setdefault(deed.path, bytearray())
    if deed.what == "truncate":
        del content[deed.at :]
    elif deed.what == "write":
        content.extend(bytes(max(0, deed.at - len(content))))
        content[deed.at : deed.at + len(deed.content)] = deed.content


def _sectors(deed: Deed) -> list[Deed]:
    ends = range((deed.at // SECTOR + 1) * SECTOR, deed.at + len(deed.content), SECTOR)
    places = [deed.at, *ends, deed.at + len(deed.content)]
    return [
        Deed("write", deed.path, start, deed.content[start - deed.at : end - deed.at])
        for start, end in pairwise(places)
    ]
