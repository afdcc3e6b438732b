"""One module per command; app.cli says what each offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.errors import InputError


class UsageError(InputError):
    """The words of a command contradict each other or cannot be: wrong usage, status 2."""


@dataclass(frozen=True)
class Outcome:
    """What a command found: `data` for --json, `text` for a person.

    `error` is the one line of a command that failed and yet has something to print.
    """

    data: dict[str, Any] = field(default_factory=dict)
    text: str = ""
    error: str = ""


def add_json(parser: Any) -> None:
    """Give a command the --json switch."""
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
