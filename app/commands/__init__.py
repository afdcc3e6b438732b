"""One module per command; app.cli says what each offers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import InputError

if TYPE_CHECKING:
    from core.study.audit import Record


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


def add_listing(parser: Any) -> None:
    """Give a command what the listing of an audit trail takes."""
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="CSV to write; NAME.pdf: to print"
    )
    parser.add_argument(
        "--action", nargs="+", default=[], metavar="ACTION", help="only these: edit, sign, ..."
    )
    parser.add_argument("--case", default="", metavar="ALIAS", help="only of this case, or of this subject")
    parser.add_argument("--who", default="", metavar="NAME", help="only by this person: coordinator, a rater")
    parser.add_argument(
        "--from", default="", dest="since", metavar="DAY", help="only from this day on, in UTC"
    )
    parser.add_argument("--to", default="", dest="until", metavar="DAY", help="only up to this day")
    parser.add_argument("--force", action="store_true", help="replace the file if it is there")
    add_json(parser)


def write_listing(
    args: Any, records: Sequence[Record], who: str = "", withheld: Collection[int] = ()
) -> Outcome:
    """Write an audit trail that was checked, as far as it was asked for; `who` logs in where it was made."""
    from core.export.trail import write_rows
    from core.study.audit_listing import COORDINATOR, chosen, listed

    rows = listed(records, who or COORDINATOR, actions=args.action, case=args.case, withheld=withheld)
    rows = chosen(rows, who=args.who, since=args.since, until=args.until)
    write_rows(args.out, rows, records, withheld=bool(withheld), force=args.force)
    head = "" if withheld else records[-1].sha256
    data = {"out": str(args.out), "records": len(rows), "of": len(records), "head": head}
    return Outcome(
        data, f"{args.out}: {len(rows)} of {len(records)} audit records; each follows from the one before"
    )


def add_person(parser: Any) -> None:
    """Give a command that works at a study the --as switch."""
    parser.add_argument(
        "--as", dest="person", default="", metavar="NAME",
        help="who you are, where the study has people; asks for your password",
    )  # fmt: skip


def add_json(parser: Any) -> None:
    """Give a command the --json switch."""
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
