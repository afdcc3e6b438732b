"""`doctor`: what this computer offers FerroRead, and what would get in its way; nothing of any study."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path, user_log_path

from app.commands import Outcome, add_json
from app.text_tables import text_table
from core.errors import StoreError
from core.progress import Progress
from core.version import program_version

_LIBRARIES = (
    "PySide6-Essentials",
    "vtk",
    "SimpleITK",
    "pydicom",
    "numpy",
    "numba",
    "SQLAlchemy",
    "cryptography",
)
_LEAST_FREE = 2 * 2**30
_OPENGL_S = 60.0


def configure(parser: argparse.ArgumentParser) -> None:
    add_json(parser)


def run(args: argparse.Namespace, progress: Progress) -> Outcome:
    checks: dict[str, Callable[[], tuple[bool, str]]] = {
        "FerroRead": lambda: (True, program_version()),
        "system": lambda: (
            True,
            f"{platform.system()} {platform.release()}, Python {sys.version.split()[0]}",
        ),
        **{name: _library(name) for name in _LIBRARIES},
        "SQLite": _sqlite,
        "file locks": _locks,
        "free space": _space,
        "kernel cache": lambda: _writable(
            Path(os.environ.get("NUMBA_CACHE_DIR", user_cache_path("ferroread")))
        ),
        "log folder": lambda: _writable(user_log_path("ferroread", appauthor=False)),
        "OpenGL": _opengl,
        **_plug_ins(),
    }
    found: list[dict[str, Any]] = []
    for number, (name, check) in enumerate(checks.items()):
        progress.report(number / len(checks), name)
        good, told = check()
        found.append({"what": name, "good": good, "found": told})
    bad = [each["what"] for each in found if not each["good"]]
    rows = [{**each, "good": "ok" if each["good"] else "look here"} for each in found]
    table = text_table({"what": "what", "good": "", "found": "found"}, rows)
    error = f"{', '.join(bad)}: see above; FerroRead may not work well here" if bad else ""
    return Outcome({"checks": found, "good": not bad}, table, error)


def _plug_ins() -> dict[str, Callable[[], tuple[bool, str]]]:
    """What was installed beside FerroRead, with its versions; one that cannot be loaded is told."""
    from core.plug_ins import KINDS, installed

    found = [each for kind in KINDS for each in installed(kind)]
    return {
        f"plug-in {each.name} ({each.kind.replace('_', ' ')})": lambda each=each: (
            not each.broken,
            f"{each.source}: {each.broken}" if each.broken else each.source,
        )
        for each in found
    }


def _usual_cache() -> Path:
    return user_cache_path("ferroread", appauthor=False) / "kernels"


def _library(name: str) -> Callable[[], tuple[bool, str]]:
    def check() -> tuple[bool, str]:
        try:
            return True, version(name)
        except PackageNotFoundError:
            return False, "not installed"

    return check


def _sqlite() -> tuple[bool, str]:
    from core.study.database import OLDEST_SQLITE

    told = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < (3, 51, 3):
        # https://sqlite.org/wal.html#walresetbug
        told += "; before 3.51.3 two connections can harm a log, so every file is held by one alone"
    return sqlite3.sqlite_version_info >= OLDEST_SQLITE, told


def _locks() -> tuple[bool, str]:
    """Try what keeps a second program out, where studies are likely to lie."""
    from core.study.database import KIT, Database

    try:
        with tempfile.TemporaryDirectory(prefix="ferroread-", dir=Path.home()) as folder:
            database = Database.create(Path(folder) / "kit.sqlite", KIT)
            try:
                Database.open(Path(folder) / "kit.sqlite", KIT).close()
            except StoreError:
                return True, "a second program is kept out"
            finally:
                database.close()
    except (OSError, StoreError) as error:
        return False, getattr(error, "strerror", None) or "the home folder cannot hold a kit"
    return False, "a second program is let in: do not keep kits and studies on this drive"


def _space() -> tuple[bool, str]:
    place = user_data_path("ferroread", appauthor=False)
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return free >= _LEAST_FREE, f"{free / 2**30:.1f} GiB for the account's data"


def _writable(folder: Path) -> tuple[bool, str]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True, "can be written"
    except OSError as error:
        return False, error.strerror or "cannot be written"


def _opengl() -> tuple[bool, str]:
    try:
        version = _opengl_version()
    except TimeoutError:
        return False, "does not answer; 3D will not be shown"
    return (True, version) if version else (False, "cannot draw; 3D will not be shown")


def _opengl_version() -> str:
    """Draw in a program of its own, as a driver that is broken ends that one alone; "" where it did.

    Raises
    ------
    TimeoutError
        If it neither draws nor ends.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    drawing = context.Process(target=_draw, args=(theirs,), daemon=True)
    drawing.start()
    theirs.close()
    try:
        if not ours.poll(_OPENGL_S):
            raise TimeoutError
        return str(ours.recv())
    except EOFError:
        return ""
    finally:
        drawing.kill()
        drawing.join()
        ours.close()


def _draw(answer: Connection[str, str]) -> None:
    """Draw a window that nobody sees, and answer with OpenGL's version."""
    # what drivers print on their own is no message for anybody
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - makes the window one of OpenGL
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetSize(8, 8)
    window.Render()
    lines = window.ReportCapabilities().splitlines()
    answer.send(next((line.split(":", 1)[1].strip() for line in lines if "OpenGL version" in line), ""))
