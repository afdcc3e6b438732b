"""The kits that were opened on this account, to be found again without their folders being looked for.

A list of its own, not the settings: it has to hold a kit's path, which settings never do. It holds nothing
else of the kit, not even how far it is: others may share the account. Shown is its number here. Nothing but
kits is remembered: the paths of images and studies name subjects (docs/adr/0019).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from app.demo import demo_folder
from core.errors import InputError
from core.files import whole_file

if TYPE_CHECKING:  # with it come numbers and databases, which the start window does not wait for
    from core.study.kit import Kit

_MOST = 5


@dataclass(frozen=True)
class RecentKit:
    """A kit that was opened here."""

    path: str
    number: int  # of this account's kits, from 1: a name that tells nothing


def recent_path() -> Path:
    """Return where the list lies."""
    return user_state_path("ferroread", appauthor=False) / "recent.json"


def recent_kits() -> tuple[RecentKit, ...]:
    """Return the kits that are still there, the one that came to this account last first.

    Which of them was opened last, nothing tells.
    """
    kits = [RecentKit(path, number) for number, path in enumerate(_kept(), start=1)]
    return tuple(kit for kit in reversed(kits) if Path(kit.path).is_dir())[:_MOST]


def remember(kit: Kit) -> None:
    """Add a kit whose rater has chosen a password, and nobody else can open, to the list.

    A list that cannot be written is no reason to trouble anybody.
    """
    if kit.path.resolve().is_relative_to(demo_folder()) or not kit.enrolled:
        return  # the demo has a door of its own
    before, path = _kept(), str(kit.path.resolve())
    if path not in before:
        _keep([*before, path])


def forget() -> None:
    """Forget all of them."""
    _keep([])


def _kept() -> list[str]:
    try:
        kept = json.loads(recent_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [path for path in kept if isinstance(path, str)] if isinstance(kept, list) else []


def _keep(paths: list[str]) -> None:
    try:
        with whole_file(recent_path(), force=True) as draft:
            draft.touch(mode=0o600)
            draft.write_text(json.dumps(paths, indent=2) + "\n", encoding="utf-8")
    except (InputError, OSError):
        return
