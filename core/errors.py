"""What can go wrong that a person can mend; every message says what, where and what to do."""

from __future__ import annotations

from pathlib import Path


class AppError(Exception):
    """An error of the input or the surroundings, shown to the person in one line; anything else is a bug."""


class InputError(AppError):
    """A value, table or file that FerroRead was given does not serve."""


class ImageReadError(AppError):
    """An image file cannot be read.

    Parameters
    ----------
    path : Path
        The file or folder at fault.
    reason : str
        What is wrong with it and what to do, without the path.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class StoreError(AppError):
    """A study or kit cannot be opened, read or written."""


class DamagedError(StoreError):
    """A study or kit is damaged; it is left as it is, and what is left of it can be looked for."""


class StoreVersionError(StoreError):
    """A study or kit was written by a version of FerroRead that this one does not understand."""
