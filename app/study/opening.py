"""A study is opened by whoever is at the command line, and they are let in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.passwords import coordinator_password, own_password
from core.errors import InputError

if TYPE_CHECKING:
    from core.study.store import Study

# what the owner's password is needed for where a backup is put in place (`core.study.password`)
RESTORING = "to put a backup in place"


@contextmanager
def opened(path: Path, person: str = "") -> Iterator[Study]:
    """Open a study, and let in who was named with --as; what is not theirs to do is refused where it is done.

    Raises
    ------
    InputError
        If the study has no people, or nobody of that name and password.
    StoreError
        If it cannot be opened.
    """
    from core.study.store import Study

    with Study.open(path) as study:
        let_in(study, person)
        yield study


def let_in(study: Study, person: str) -> None:
    """Log in who was named with --as, nobody for ""; InputError where that is refused."""
    from core.study.log_in import log_in

    if not person:
        return
    if not study.has_people:
        raise InputError("this study has no people to log in as; leave --as out")
    told = log_in(study, person, own_password())
    if told.failures:
        print(
            f"{told.failures} wrong passwords for {person} since the last log-in, the last at "
            f"{told.failed_utc[:16].replace('T', ' ')} UTC",
            file=sys.stderr,
        )


def mind_guesses(study: Study, reason: str) -> None:
    """Tell of how many kits a look makes the guesses count as not blind; in a terminal, ask whether to go on.

    Nothing is said where the look is refused anyway: before every reading is in, and without a reason.

    Raises
    ------
    InputError
        If the answer is no; nothing was shown or recorded then.
    """
    from core.study.unblinding import guesses_at_stake, unsigned_cases

    count = guesses_at_stake(study)
    if not count or (unsigned_cases(study) and not reason.strip()):
        return
    missing = f"Kits whose guesses are not collected yet: {count}"
    told = f"{missing}. Collect them first, or they count as not blind."
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        print(f"Mind: {told}", file=sys.stderr)
        return
    print(f"{told} Go on all the same? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().casefold() not in ("y", "yes"):
        raise InputError("nothing was shown; collect the guesses first, with `ferroread study collect`")


def let_in_or_ask_owner(study: Study, person: str) -> None:
    """Log in who was named with --as; where the study has no people, ask for its owner's password."""
    from core.study.password import require_password

    let_in(study, person)
    if not study.has_people:
        require_password(study, coordinator_password(), RESTORING)
