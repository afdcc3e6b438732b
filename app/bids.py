"""Maps as a BIDS derivative data set (https://bids-specification.readthedocs.io, derivatives).

One data set takes the maps of many subjects: a run adds its files and leaves the others alone. What BIDS has
no suffix for (iron, flags, residuals) is named in .bidsignore, so that a validator accepts the rest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from app.cli import finite
from app.commands import UsageError
from core.errors import InputError
from core.files import refuse_existing, whole_file
from core.imaging.nifti import write_nifti
from core.imaging.volume import Volume
from core.version import program_version
from readers.files import ImageFile
from readers.sidecars import entities, stem

BIDS_VERSION = "1.10.0"
_NAME = re.compile(r"sub-[a-zA-Z0-9+]+(_[a-z]+-[a-zA-Z0-9+]+)*")
# what tells the pictures of one scan apart, and is no more in its maps
_OF_ONE_PICTURE = ("echo-", "part-")

# map -> BIDS ending, unit, description
_KINDS = {
    "r2star_per_s": ("R2starmap", "1/s", "Transverse relaxation rate R2* of the gradient echo"),
    "r2star_se_per_s": ("desc-standarderror_R2starmap", "1/s", "Standard error of R2*"),
    "s0": ("S0map", "arbitrary", "Signal at an echo time of zero"),
    "residual": ("residual", "arbitrary", "Root mean square of what the fit leaves of the signal"),
    "flags": (
        "flags",
        "1",
        "Bits: 1 outside mask, 2 fit failed, 4 below noise floor, 8 too fast, 16 too slow",
    ),
    "echoes_used": ("echoesused", "1", "How many echoes the fit used"),
    "off_resonance_hz": ("offresonance", "Hz", "Off-resonance frequency"),
    "iron_ug_per_g": ("ironmap", "ug/g", "Iron per wet weight of tissue"),
    "iron_mmol_per_l": ("desc-molar_ironmap", "mmol/L", "Iron concentration"),
    "iron_se_ug_per_g": ("desc-standarderror_ironmap", "ug/g", "Standard error of iron"),
    "registration_check_before": (
        "desc-before_registrationcheck",
        "arbitrary",
        "Baseline and scan as scanned",
    ),
    "registration_check": ("registrationcheck", "arbitrary", "Baseline as it was laid on the scan"),
}
_UNKNOWN_TO_BIDS = ("residual", "flags", "echoesused", "offresonance", "ironmap", "registrationcheck")


def derivative_name(given: str, inputs: Iterable[str]) -> str:
    """Return the entities that name a scan's maps, such as "sub-01_ses-2".

    Parameters
    ----------
    given : str
        What the user calls it; "" to take it from the names of the files that were read.
    inputs : iterable of str
        Their names.

    Raises
    ------
    UsageError
        If `given` is no such name, or the files have none in common.
    """
    if given:
        if not _NAME.fullmatch(given):
            raise UsageError(f"--bids: {given!r} is no BIDS name; give one such as sub-01_ses-2")
        return given
    pictures = [ImageFile(Path(name)) for name in inputs if re.search(r"\.(nii|hdr|img)(\.gz)?$", name, re.I)]
    named = [entities(stem(picture)) for picture in pictures]
    common = [word for word in named[0] if all(word in words for words in named)] if named else []
    common = [word for word in common if not word.startswith(_OF_ONE_PICTURE)]
    if not common:
        raise UsageError("--bids: the files have no BIDS names; say whose they are, as --bids sub-01_ses-2")
    return "_".join(common)


def write_derivative(
    root: Path, name: str, maps: Mapping[str, Volume], report: Mapping[str, Any], *, force: bool
) -> list[Path]:
    """Write maps into the derivative data set `root`, which is made where it is not there.

    Parameters
    ----------
    root : Path
        The data set's folder.
    name : str
        As of `derivative_name`.
    maps : mapping of str to Volume
        By the names that the maps have without BIDS.
    report : mapping
        What map.json would say; it goes into the sidecar of the R2* map.
    force : bool
        Whether earlier maps of the same name may be replaced.

    Returns
    -------
    list of Path
        The files written, each whole.

    Raises
    ------
    InputError
        If `root` is another data set, or maps of this name are there and may not be replaced.
    """
    _refuse_others(root)
    folder = root / folder_of(name)
    endings = {f"{name}_{_KINDS[kind][0]}": (kind, volume) for kind, volume in maps.items()}
    paths = [folder / f"{ending}{suffix}" for ending in endings for suffix in (".nii.gz", ".json")]
    for path in paths:
        refuse_existing(path, force=force)
    _describe(root)
    for ending, (kind, volume) in endings.items():
        with whole_file(folder / f"{ending}.nii.gz", force=force) as draft:
            write_nifti(draft, volume)
        said = _sidecar(kind, report)
        with whole_file(folder / f"{ending}.json", force=force) as draft:
            draft.write_text(_json(said), encoding="utf-8")
    return paths


def folder_of(name: str) -> PurePosixPath:
    """Return the folder of a scan's maps inside the data set."""
    words = name.split("_")
    sessions = [word for word in words[1:2] if word.startswith("ses-")]
    return PurePosixPath(words[0], *sessions, "anat")


def _sidecar(kind: str, report: Mapping[str, Any]) -> dict[str, Any]:
    _, unit, description = _KINDS[kind]
    said: dict[str, Any] = {"Description": description, "Units": unit}
    if kind == "r2star_per_s":
        said["EchoTime"] = [te / 1e3 for te in report["te_ms"]]
        said["MagneticFieldStrength"] = report["field_t"]
        said["EstimationAlgorithm"] = report["method"]
        said["FerroRead"] = dict(report)
    return said


def _describe(root: Path) -> None:
    """Write what makes a folder a derivative data set, where it is not one yet."""
    made_by = {"Name": "FerroRead", "Version": program_version()}
    about = {"Name": "R2* and iron maps", "BIDSVersion": BIDS_VERSION, "DatasetType": "derivative"}
    ignored = "".join(f"*_{suffix}.*\n" for suffix in _UNKNOWN_TO_BIDS)
    for name, text in (
        (".bidsignore", ignored),
        ("dataset_description.json", _json({**about, "GeneratedBy": [made_by]})),
    ):
        if not (root / name).exists():
            with whole_file(root / name) as draft:
                draft.write_text(text, encoding="utf-8")


def _refuse_others(root: Path) -> None:
    """Raise InputError where a folder holds anything but a data set of ours."""
    if not root.exists() or (root.is_dir() and not any(root.iterdir())):
        return
    try:
        about = json.loads((root / "dataset_description.json").read_text(encoding="utf-8"))
        makers = [maker.get("Name") for maker in about["GeneratedBy"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        makers = []
    if "FerroRead" not in makers:
        raise InputError(
            f"{root} holds something else than maps of FerroRead; "
            "name a folder of its own, as derivatives/ferroread"
        )


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(finite(dict(value)), indent=2, ensure_ascii=False) + "\n"
