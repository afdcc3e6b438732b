"""Files as the formats get them: on disk, inside zip archives, gzipped; never more than a limit of bytes.

Nothing is unpacked to disk, so no name in an archive can lead outside; such names are refused all the same.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from types import TracebackType

from core.errors import ImageReadError

# most headers end in the first few KiB; with Siemens' private parts, which take 100, nearly all in the second
FIRST_BYTES = 1 << 14
HEAD_BYTES = 1 << 18
MAX_FILE_BYTES = 4 << 30
MAX_INFLATED_BYTES = 512 << 20
MAX_INFLATION = 100
# a mask or an empty slice deflates a thousandfold; only what also gets large is a bomb
FREE_INFLATION_BYTES = 32 << 20
MAX_MEMBERS = 100_000
# the table of contents of so many members with long names; ten times as many would take minutes to list
MAX_DIRECTORY_BYTES = 16 << 20

# lists that are kept beside pictures, and what is being written
OWN_FILES = ".ferroread-"

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")


@dataclass(frozen=True, slots=True, order=True)
class ImageFile:
    """A file on disk, or a member of a zip archive on disk.

    Parameters
    ----------
    path : Path
        The file on disk.
    member : str
        Name inside the archive `path`; empty for a file of its own.
    """

    path: Path
    member: str = ""

    @property
    def shown(self) -> Path:
        """The path to show: the member's as if the archive were a folder."""
        return self.path / self.member if self.member else self.path

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.member).name if self.member else self.path.name

    def sibling(self, name: str) -> ImageFile:
        """Return the file `name` beside this one, whether it exists or not."""
        if self.member:
            return ImageFile(self.path, str(PurePosixPath(self.member).with_name(name)))
        return ImageFile(self.path.with_name(name))


class Opener:
    """Reads image files, keeping the archive that was read last open.

    Use it as a context manager.
    """

    def __init__(self) -> None:
        self._archive: zipfile.ZipFile | None = None
        self._archive_path: Path | None = None
        self._last_head: tuple[ImageFile, bytes, int | None] | None = None
        self._names: dict[PurePosixPath | Path, frozenset[str]] = {}
        self._names_of: dict[Path, dict[str, frozenset[str]]] = {}
        self._head_bytes = FIRST_BYTES
        self._scratch = bytearray()

    def __enter__(self) -> Opener:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the archive that is open."""
        if self._archive is not None:
            self._archive.close()
        self._archive = self._archive_path = None

    def head(self, file: ImageFile) -> tuple[bytes, int | None]:
        """Return the first bytes of a file, inflated, and its whole size; None where only reading tells.

        Raises
        ------
        ImageReadError
            If the file cannot be opened or is a bomb.
        """
        if self._last_head is None or self._last_head[0] != file:
            self._last_head = (file, *self._read_head(file))
        return self._last_head[1:]

    def longer_head(self, file: ImageFile) -> tuple[bytes, int | None]:
        """Return more of a file whose `head` was too short, and from now on of every file: they are alike."""
        if self._head_bytes < HEAD_BYTES:
            self._head_bytes, self._last_head = HEAD_BYTES, None
        return self.head(file)

    def _read_head(self, file: ImageFile) -> tuple[bytes, int | None]:
        if file.member:
            return self._member(file, self._head_bytes), None
        with _opened(file) as descriptor:
            size = os.fstat(descriptor).st_size
            data = os.read(descriptor, self._head_bytes)
        if data[:2] == _GZIP:
            return inflated(file, data, wbits=31, limit=HEAD_BYTES, partial=True), None
        return data, size

    def read(self, file: ImageFile) -> bytes:
        """Return all bytes of a file, inflated.

        Raises
        ------
        ImageReadError
            If the file cannot be read, is cut short or inflates beyond the limits.
        """
        if file.member:
            return self._member(file, None)
        with _opened(file) as descriptor, os.fdopen(os.dup(descriptor), "rb") as stream:
            if os.fstat(descriptor).st_size > MAX_FILE_BYTES:
                raise ImageReadError(file.shown, f"is larger than {MAX_FILE_BYTES >> 30} GiB; split it")
            data = stream.read()
        if data[:2] == _GZIP:
            return inflated(file, data, wbits=31)
        return data

    @contextmanager
    def pieces(self, file: ImageFile) -> Iterator[Callable[[int, int], memoryview]]:
        """Give a function of (offset, size) for pieces of a file, inflated.

        A piece is valid until the next one is asked for; it is shorter where the file ends.

        Raises
        ------
        ImageReadError
            If the file cannot be read, is cut short or inflates beyond the limits.
        """
        if not file.member:
            with _opened(file) as descriptor, io.FileIO(descriptor, closefd=False) as stream:
                if self._piece(file, stream, 0, 2) != _GZIP:
                    yield partial(self._piece, file, stream)
                    return
        whole = memoryview(self.read(file))
        yield lambda offset, size: whole[offset : offset + size]

    def _piece(self, file: ImageFile, stream: io.FileIO, offset: int, size: int) -> memoryview:
        # one piece of memory for all pieces: it stays in the processor's cache
        if len(self._scratch) < size:
            self._scratch = bytearray(size)
        piece, count = memoryview(self._scratch)[:size], 0
        try:
            stream.seek(offset)
            while count < size and (more := stream.readinto(piece[count:])):
                count += more
        except OSError as error:
            raise ImageReadError(file.shown, f"cannot be read ({error.strerror or error})") from error
        return piece[:count]

    def exists(self, file: ImageFile) -> bool:
        """Tell whether there is such a file or member."""
        if not file.member:
            return file.path.is_file()
        try:
            self._opened_archive(file.path).getinfo(file.member)
        except KeyError:
            return False
        return True

    def names_in(self, archive: Path | None, folder: PurePosixPath | Path) -> frozenset[str]:
        """Return the names of what is in a folder, on disk or of an archive; none if there is no such folder.

        They are looked up once, for as long as the opener is open.
        """
        if archive is not None:
            return self._names_of_archive(archive).get(str(folder), frozenset())
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(path.name for path in Path(folder).iterdir())
            except OSError:
                self._names[folder] = frozenset()
        return self._names[folder]

    def _names_of_archive(self, archive: Path) -> dict[str, frozenset[str]]:
        if archive not in self._names_of:
            found: dict[str, set[str]] = defaultdict(set)
            for member in map(PurePosixPath, self._opened_archive(archive).namelist()):
                found[str(member.parent)].add(member.name)
            self._names_of[archive] = {folder: frozenset(names) for folder, names in found.items()}
        return self._names_of[archive]

    def members(self, path: Path) -> list[zipfile.ZipInfo]:
        """Return the members of a zip archive that are files.

        Raises
        ------
        ImageReadError
            If the archive is damaged or holds too many members.
        """
        members = [member for member in self._opened_archive(path).infolist() if not member.is_dir()]
        if len(members) > MAX_MEMBERS:
            raise ImageReadError(path, _TOO_MANY)
        # no member gives more than it claims, so that the claims bound what all of them become
        claimed, packed = sum(member.file_size for member in members), path.stat().st_size
        if claimed > max(MAX_INFLATED_BYTES, MAX_INFLATION * packed):
            raise ImageReadError(path, _BOMB)
        return members

    def _opened_archive(self, path: Path) -> zipfile.ZipFile:
        if self._archive is None or self._archive_path != path:
            self.close()
            try:
                if _directory_bytes(path) > MAX_DIRECTORY_BYTES:
                    raise ImageReadError(path, _TOO_MANY)
                self._archive = zipfile.ZipFile(path)
            except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
                raise ImageReadError(path, "is a damaged zip archive; copy it again") from error
            except OSError as error:
                raise ImageReadError(path, f"cannot be opened ({error.strerror or error})") from error
            self._archive_path = path
        return self._archive

    def _member(self, file: ImageFile, limit: int | None) -> bytes:
        try:
            archive = self._opened_archive(file.path)
            member = archive.getinfo(file.member)
            if member.flag_bits & 1:
                raise ImageReadError(file.shown, "is encrypted; unpack the archive with its password first")
            # the others may ask for gigabytes before they give a byte
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ImageReadError(file.shown, "is packed in an unusual way; unpack the archive first")
            with archive.open(member) as stream:
                # the directory's sizes are claims; only what comes out counts
                most = limit or most_inflated(member.compress_size)
                data = stream.read(most if limit else most + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, KeyError) as error:
            raise ImageReadError(file.shown, "cannot be unpacked; the archive is damaged") from error
        except OSError as error:
            raise ImageReadError(file.shown, f"cannot be read ({error.strerror or error})") from error
        if limit is None and len(data) > most:
            raise ImageReadError(file.shown, _BOMB)
        if data[:2] == _GZIP:
            return inflated(file, data, wbits=31, limit=limit, partial=limit is not None)
        return data


_BOMB = f"inflates beyond {MAX_INFLATED_BYTES >> 20} MiB or {MAX_INFLATION} times its size; unpack it first"


_TOO_MANY = f"holds more than {MAX_MEMBERS} files; unpack it and read the folders"
_ZIP_END, _ZIP64_PLACE, _ZIP64_END = b"PK\x05\x06", b"PK\x06\x07", b"PK\x06\x06"


def _directory_bytes(path: Path) -> int:
    """Return the size that a zip archive states for its table of contents (APPNOTE 4.3.14 to 4.3.16)."""
    with path.open("rb") as stream:
        end = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, end - (1 << 16) - 22))
        tail = stream.read()
        at = tail.rfind(_ZIP_END)
        if at < 0:
            return 0
        place = tail[at - 20 : at] if at >= 20 else b""
        if place[:4] == _ZIP64_PLACE:
            stream.seek(min(struct.unpack_from("<Q", place, 8)[0], end))
            record = stream.read(56)
            if record[:4] == _ZIP64_END:
                return int(struct.unpack_from("<Q", record, 40)[0])
        return int(struct.unpack_from("<I", tail, at + 12)[0])


def most_inflated(packed: int) -> int:
    """Return how many bytes so many packed ones may become."""
    return min(MAX_INFLATED_BYTES, max(FREE_INFLATION_BYTES, MAX_INFLATION * packed))


def inflated(
    file: ImageFile, data: bytes, *, wbits: int, limit: int | None = None, partial: bool = False
) -> bytes:
    """Inflate deflated bytes, at most to the limits for hostile files.

    Parameters
    ----------
    file : ImageFile
        For the message.
    data : bytes
        What is to be inflated.
    wbits : int
        31 for gzip, -15 for a bare deflate stream, as zlib has it.
    limit : int, optional
        Stop quietly after this many bytes.
    partial : bool
        Whether `data` may end early.

    Raises
    ------
    ImageReadError
        If the stream is damaged or cut short, or inflates beyond the limits.
    """
    most = limit or most_inflated(len(data))
    parts: list[bytes] = []
    length = 0
    try:
        # gzip allows several streams one after the other
        while data:
            engine = zlib.decompressobj(wbits)
            part = engine.decompress(data, most - length + 1)
            parts.append(part)
            length += len(part)
            if length > most:
                break
            if not engine.eof and not partial:
                raise ImageReadError(file.shown, "is cut short or damaged; copy it again")
            data = engine.unused_data.lstrip(b"\0") if wbits == 31 else b""
    except zlib.error as error:
        raise ImageReadError(file.shown, "cannot be inflated; it is damaged, copy it again") from error
    if length > most and limit is None:
        raise ImageReadError(file.shown, _BOMB)
    return b"".join(parts)[:most]


class _opened:  # noqa: N801 - used like the function open
    """A file descriptor of a regular file, closed at the end of the block."""

    def __init__(self, file: ImageFile) -> None:
        self._file = file

    def __enter__(self) -> int:
        path = self._file.path
        try:
            # without O_NONBLOCK, opening a pipe that nobody writes to would hang for ever
            flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
            self._descriptor = os.open(path, flags)
        except OSError as error:
            raise ImageReadError(path, f"cannot be opened ({error.strerror or error})") from error
        if not stat.S_ISREG(os.fstat(self._descriptor).st_mode):
            os.close(self._descriptor)
            raise ImageReadError(path, "is not a regular file")
        return self._descriptor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)


def is_archive(head: bytes) -> bool:
    """Tell whether the first bytes are those of a zip archive."""
    return head.startswith(_ZIP)


def inside(name: str) -> bool:
    """Tell whether the name of an archive's member stays inside the archive."""
    path = PurePosixPath(name.replace("\\", "/"))
    return not path.is_absolute() and ".." not in path.parts and ":" not in path.parts[0]


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder but FerroRead's own lists, sorted, without following folders' links."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if not name.startswith(OWN_FILES):
                yield Path(place, name)
