"""What is said when something went wrong, and when FerroRead itself is at fault."""

from __future__ import annotations

import traceback
from pathlib import Path
from time import strftime

from platformdirs import user_log_path

from app.core_words import in_words
from core.errors import AppError


def told(error: BaseException) -> str:
    """Return the one line for a window: what an AppError says, or that it is our fault."""
    if isinstance(error, AppError):
        text = in_words(" ".join(str(error).split()))
        # a path stays as it is
        return text if set("/\\.") & set(text.split(" ", 1)[0]) else text[:1].upper() + text[1:]
    return in_words(write_bug_report(error))


def write_bug_report(error: BaseException) -> str:
    """Keep what a developer needs of an unexpected error and return the one line for the person.

    The report holds the places in our code and the error's type, never its message or any value:
    those may carry an identity.
    """
    frames = traceback.extract_tb(error.__traceback__)
    lines = [f"{Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    cause = error.__cause__ or error.__context__
    lines.append(type(error).__name__ + (f" after {type(cause).__name__}" if cause else ""))
    last = lines[-2] if frames else "?"
    line = f"this is a bug in FerroRead ({type(error).__name__} at {last})"
    try:
        folder = user_log_path("ferroread", appauthor=False, ensure_exists=True)
        report = folder / f"bug-{strftime('%Y%m%dT%H%M%S')}.txt"
        report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except OSError:
        return f"{line}; the report could not be kept"
    return f"{line}; nothing was changed. Please send {report} to us, it carries no identity"
