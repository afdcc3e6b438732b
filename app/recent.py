"""The kits that were opened on this account, to be found again without their folders being looked for.

A list of its own, not the settings: it has to hold a kit's path, which settings never do. Shown of a kit are
its number here, its session and how far it is; nobody is named. Nothing but kits is remembered: the paths of
images and studies name subjects (docs/adr/0019).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platformdirs import user_state_path

from app.demo import demo_folder
from app.settings import rater_key
from core.errors import InputError
from core.files import whole_file

if TYPE_CHECKING:  # with it come numbers and databases, which the start window does not wait for
    from core.study.kit import Kit

_MOST = 5


@dataclass(frozen=True)
class RecentKit:
    """A kit that was opened here, as it was when it was last closed."""

    path: str
    number: int  # of this account's kits, from 1: a name that tells nothing
    session: int
    signed: int
    cases: int
    rater: str  # app.settings.rater_key


def recent_path() -> Path:
    """Return where the list lies."""
    return user_state_path("ferroread", appauthor=False) / "recent.json"


def recent_kits() -> tuple[RecentKit, ...]:
    """Return the kits that are still there, the last one first."""
    return tuple(kit for kit in _kept() if Path(kit.path).is_dir())[:_MOST]


def remember(kit: Kit) -> None:
    """Put an open kit first, as it is now; a list that cannot be written is no reason to trouble anybody."""
    if kit.path.resolve().is_relative_to(demo_folder()):
        return  # it has a door of its own
    before, path = _kept(), str(kit.path.resolve())
    known = next((each.number for each in before if each.path == path), None)
    number = known or max((each.number for each in before), default=0) + 1
    cases = [case for case in kit.cases() if not case.training]
    signed = sum(case.status == "signed" for case in cases)
    now = RecentKit(path, number, kit.session, signed, len(cases), rater_key(kit.rater))
    _keep((now, *(each for each in before if each.path != path)))


def forget() -> None:
    """Forget all of them."""
    _keep(())


def several_raters(kits: tuple[RecentKit, ...]) -> bool:
    """Tell whether the kits are of more than one rater."""
    return len({kit.rater for kit in kits}) > 1


def _kept() -> tuple[RecentKit, ...]:
    try:
        kept = json.loads(recent_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    made = [_made(each) for each in kept] if isinstance(kept, list) else []
    return tuple(kit for kit in made if kit is not None)


def _made(values: Any) -> RecentKit | None:
    """Return what an entry says, None where it is damaged or of another kind."""
    kinds = {entry.name: {"str": str, "int": int}[str(entry.type)] for entry in fields(RecentKit)}
    if not isinstance(values, dict) or values.keys() != kinds.keys():
        return None
    right = all(type(values[name]) is kind for name, kind in kinds.items())
    return RecentKit(**values) if right else None


def _keep(kits: tuple[RecentKit, ...]) -> None:
    try:
        with whole_file(recent_path(), force=True) as draft:
            draft.touch(mode=0o600)
            draft.write_text(json.dumps([asdict(kit) for kit in kits], indent=2) + "\n", encoding="utf-8")
    except (InputError, OSError):
        return
