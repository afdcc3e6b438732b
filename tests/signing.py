"""A rater's password in tests, kept so that a guess of it costs next to nothing."""

from __future__ import annotations

from core.reading.reading import Reading
from core.study.kit import Kit
from core.study.rater_key import Cost

RATERS_PASSWORD = "quiet mountain"
CHEAP = Cost(iterations=1, lanes=1, memory_kib=8)


def enrol(kit: Kit) -> Kit:
    """Choose the password, where none was chosen yet."""
    if not kit.enrolled:
        kit.enrol(RATERS_PASSWORD, cost=CHEAP)
    return kit


def sign_as_rater(kit: Kit, alias: str) -> Reading:
    """Sign a case as its rater."""
    return enrol(kit).sign(alias, RATERS_PASSWORD)
