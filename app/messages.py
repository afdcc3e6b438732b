"""What is said when something went wrong, and when FerroRead itself is at fault."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import strftime

from platformdirs import user_log_path

from app.core_words import in_words
from core.errors import AppError
from core.version import program_version

# what shows a report to the person, the newest last
_SHOWING: list[Callable[[str, str], object]] = []


@contextmanager
def reports_shown(show: Callable[[str, str], object]) -> Iterator[None]:
    """Have reports of bugs shown, as their one line and their whole text, as long as the block lasts."""
    _SHOWING.append(show)
    try:
        yield
    finally:
        _SHOWING.remove(show)


def told(error: BaseException) -> str:
    """Return the one line for a window: what an AppError says, or that it is our fault."""
    if isinstance(error, AppError):
        return line_of(" ".join(str(error).split()))
    line = in_words(write_bug_report(error))
    for show in _SHOWING[-1:]:
        show(line, bug_report(error))
    return line


def line_of(said: str) -> str:
    """Return what core says as a line of a window: in its language, and begun with a capital."""
    text = in_words(said)
    # a path stays as it is
    return text if set("/\\.") & set(text.split(" ", 1)[0]) else text[:1].upper() + text[1:]


def bug_report(error: BaseException) -> str:
    """Return what a developer needs of an unexpected error: places in code, types, versions.

    Never its message or any value: those may carry an identity.
    """
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    lines = [f"FerroRead {program_version()}, Python {platform.python_version()}, {system}"]
    frames = traceback.extract_tb(error.__traceback__)
    lines += [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    lines.append(type(error).__name__ + (f" after {type(cause).__name__}" if cause else ""))
    return "\n".join(lines) + "\n"


def write_bug_report(error: BaseException) -> str:
    """Keep the report of an unexpected error as a file and return the one line for the person."""
    frames = traceback.extract_tb(error.__traceback__)
    last = f"{Path(frames[-1].filename).name}:{frames[-1].lineno} in {frames[-1].name}" if frames else "?"
    line = f"this is a bug in FerroRead ({type(error).__name__} at {last})"
    try:
        folder = user_log_path("ferroread", appauthor=False, ensure_exists=True)
        # faults come in swarms, and none takes the place of another
        begun = f"bug-{strftime('%Y%m%dT%H%M%S')}"
        report = folder / f"{begun}-{len(list(folder.glob(f'{begun}-*'))) + 1}.txt"
        report.write_text(bug_report(error), encoding="utf-8")
    except OSError:
        return f"{line}; the report could not be kept"
    return f"{line}; nothing was changed. Please send {_unnamed(report)} to us, it carries no identity"


def _unnamed(report: Path) -> str:
    """Return where a report lies, without the account's name: from the home folder on, or its name alone."""
    home = Path.home()
    return f"~/{report.relative_to(home).as_posix()}" if report.is_relative_to(home) else report.name
