"""Exports of plug-ins: from a folder that was written to a folder of their own in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from core.plug_ins import PlugIn, usable

FOLDER = "plug-ins"


def write_added(folder: Path) -> Iterator[tuple[PlugIn, str]]:
    """Have each installed export write into its own folder below `folder`; give it and what went wrong.

    A plug-in is called as `export(source, out)`: the folder of what was exported, to be read, and an empty
    folder. It is given no study, no key and no password.
    """
    for plug_in in usable("exports", _fits).values():
        out = folder / FOLDER / plug_in.name
        out.mkdir(parents=True)
        try:
            plug_in.made(folder, out)
        except Exception as error:  # whatever a plug-in does, it is told as its own
            shutil.rmtree(out)
            yield plug_in, plug_in.failed(error)
        else:
            yield plug_in, ""


def _fits(plug_in: PlugIn) -> str:
    if not plug_in.name.isidentifier():
        return "its name is none for a folder"
    return "" if callable(plug_in.made) else "it is no function"
