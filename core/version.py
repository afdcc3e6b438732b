"""Which FerroRead this is."""

from functools import cache
from hashlib import sha256
from pathlib import Path


@cache
def program_version() -> str:
    """Return the version and the code that computes: 0.1.0+ and eight digits.

    The digits are the beginning of a SHA-256 over the sources of core and readers, so that two programs
    whose own code may give other numbers have other versions, whether they were installed, frozen or checked
    out. Libraries (numpy, SimpleITK) and the windows and commands in app are not in it.
    """
    # it takes a tenth of a window's start, and is asked for when something is signed or written
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415

    try:
        number = version("ferroread")
    except PackageNotFoundError:
        number = "0.1.0"
    return f"{number}+{code_digest(Path(__file__).parents[1])[:8]}"


def code_digest(folder: Path) -> str:
    """Return a SHA-256 over the sources of core and readers in a folder, however their lines end."""
    found = {
        path.relative_to(folder).as_posix(): path
        for room in ("core", "readers")
        for path in (folder / room).rglob("*.py")
    }
    digest = sha256()
    for name, path in sorted(found.items()):
        content = path.read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(content)}\n".encode() + content)
    return digest.hexdigest()
