"""Says what a frozen FerroRead is made of: a bill of materials (SBOM), and the texts of the licences."""

from __future__ import annotations

import json
import platform
import re
import shutil
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_CLASSIFIER = "License :: "
# a licence field longer than a name is the licence's text
_LONGEST_NAME = 64


def locked(lock: Path) -> list[Distribution]:
    """Return the libraries that a lock names and this environment has; some are other systems' alone."""
    pinned = re.findall(r"^([A-Za-z0-9._-]+)==", lock.read_text(encoding="utf-8"), re.MULTILINE)
    found = []
    # a library that has other versions for other Pythons is pinned more than once
    for name in dict.fromkeys(pinned):
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            continue
    return found


def write_bill(
    folder: Path, program: Distribution, libraries: Iterable[Distribution], from_system: Iterable[str]
) -> None:
    """Write `ferroread.cdx.json` (CycloneDX 1.6) and `licences/` into a folder.

    `from_system` are the names of shared libraries that were taken from the system that froze it.
    """
    python = {"type": "platform", "name": "Python", "version": platform.python_version()}
    parts = [
        {**python, "licenses": [{"license": {"id": "PSF-2.0"}}]},
        *map(_component, libraries),
        *({"type": "file", "name": name} for name in sorted(set(from_system))),
    ]
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**_component(program), "type": "application"}},
        "components": parts,
    }
    (folder / "ferroread.cdx.json").write_text(json.dumps(bill, indent=1) + "\n", encoding="utf-8")
    for library in (program, *libraries):
        _copy_licences(library, folder / "licences" / library.name)


def _component(library: Distribution) -> dict[str, Any]:
    purl = f"pkg:pypi/{library.name.lower().replace('_', '-')}@{library.version}"
    return {
        "type": "library",
        "name": library.name,
        "version": library.version,
        "purl": purl,
        "licenses": _licences(library),
    }


def _licences(library: Distribution) -> list[dict[str, Any]]:
    """Return what a library says of its licence: an SPDX expression, else the names it gives."""
    said = library.metadata
    expression = said.get("License-Expression")
    if expression:
        return [{"expression": expression}]
    named = [
        kind.split(" :: ")[-1] for kind in said.get_all("Classifier", []) if kind.startswith(_CLASSIFIER)
    ]
    written = (said.get("License") or "").strip()
    if not named and written and len(written) <= _LONGEST_NAME:
        named = [written]
    return [{"license": {"name": name}} for name in named]


def _copy_licences(library: Distribution, folder: Path) -> None:
    for file in library.files or ():
        source = Path(str(library.locate_file(file)))
        in_metadata = any(part.endswith(".dist-info") for part in file.parts)
        if in_metadata and _LICENCE_FILE.search(file.name) and source.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / file.name)
