"""Code of others that was installed beside FerroRead: found by entry points, loaded where it is asked for.

A plug-in is code, and does what whoever installed it lets it do; docs/plug-ins.md says what it is given. One
that is broken is told in one line and left out; it takes nothing else down.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

Kind = Literal["formats", "fit_methods", "protocols", "exports"]
KINDS: tuple[Kind, ...] = ("formats", "fit_methods", "protocols", "exports")

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlugIn:
    """A plug-in by its entry point; `made` is what that leads to, `broken` why it cannot be used."""

    kind: Kind
    name: str
    package: str
    version: str
    made: Any = None
    broken: str = ""

    @property
    def source(self) -> str:
        """What results call it: package and version."""
        return f"{self.package} {self.version}"

    def failed(self, error: BaseException) -> str:
        """Return the one line for a plug-in that failed at work; what it said itself may hold anything."""
        return (
            f"the plug-in {self.name} of {self.source} failed ({type(error).__name__}); "
            "update or uninstall it, or ask its author"
        )


@cache
def installed(kind: Kind) -> tuple[PlugIn, ...]:
    """Load the plug-ins of a kind, by their names; those that cannot be loaded are marked as broken.

    Of several with one name none is taken: which it would be is chance.
    """
    # it takes a tenth of a window's start
    from importlib.metadata import entry_points  # noqa: PLC0415

    found = sorted(entry_points(group=f"ferroread.{kind}"), key=lambda entry: entry.name)
    names = [entry.name for entry in found]
    made = []
    for entry in found:
        package = "" if entry.dist is None else entry.dist.name
        version = "" if entry.dist is None else entry.dist.version
        told = PlugIn(kind, entry.name, package, version)
        broken, loaded = "", None
        if names.count(entry.name) > 1:
            broken = "several plug-ins have this name"
        else:
            try:
                loaded = entry.load()
            except (Exception, SystemExit) as error:  # an import may do anything
                broken = f"it cannot be imported ({type(error).__name__})"
        made.append(PlugIn(kind, entry.name, told.package, told.version, loaded, broken))
    return tuple(made)


@cache
def usable(kind: Kind, fits: Callable[[PlugIn], str]) -> dict[str, PlugIn]:
    """Return the plug-ins of a kind that can be used, and say of each other in one line why it cannot.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    fits : callable
        Tells what is wrong with a plug-in that was loaded; "" where it serves.
    """
    found = {}
    for each in installed(kind):
        broken = each.broken or fits(each)
        if broken:
            _LOG.warning(
                "the plug-in %s of %s is left out: %s; update or uninstall it",
                *(each.name, each.source, broken),
            )
        else:
            found[each.name] = each
    return found


def forget() -> None:
    """Look for plug-ins anew when they are next asked for."""
    installed.cache_clear()
    usable.cache_clear()
