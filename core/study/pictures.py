"""The pictures of scans and cases as NIfTI files with their hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import StoreError
from core.files import sha256
from core.imaging.geometry import Geometry
from core.imaging.nifti import nifti_bytes, read_nifti
from core.imaging.volume import EchoSeries, Volume
from core.study.records import ScanImages
from core.study.sealing import seal

# role in files and tables -> field of ScanImages; all but the first two lie on the grid of the echoes
VOLUMES = {
    "anatomy": "anatomy",
    "gre3d": "gre3d",
    "r2star": "r2star_per_s",
    "r2star_se": "r2star_se_per_s",
    "flags": "flags",
    "iron": "iron_ug_per_g",
    "iron_se": "iron_se_ug_per_g",
}
OWN_GRID = ("anatomy", "gre3d")


@dataclass(frozen=True)
class Picture:
    """A file of pictures: role, number (echoes from 1, else 0), name, hash and echo time."""

    role: str
    number: int
    file: str
    sha256: str
    te_ms: float | None


def write_pictures(
    folder: Path,
    pictures: Iterable[tuple[str, int, float | None, Volume]],
    *,
    key: bytes | None = None,
    about: str = "",
    dealt: bool = False,
) -> list[Picture]:
    """Write volumes, given as (role, number, te_ms, volume), into a folder; files are named by role.

    Parameters
    ----------
    folder : Path
    pictures : iterable of tuple
    key : bytes, optional
        Under which they are sealed before anything of them is written.
    about : str
        What they belong to; they open for the same only.
    dealt : bool
        They go into a kit: values stay of their type, and every file gets random bytes of its own beside
        pixels and geometry, so that neither size, bytes nor hash tells anything of its pixels.

    Returns
    -------
    list of Picture
        `file` is the bare name.
    """
    written = []
    for role, number, te_ms, volume in pictures:
        name = f"{role}-{number:02d}" if number else role
        content = nifti_bytes(volume, secrets.token_hex(16)) if dealt else nifti_bytes(_compact(volume))
        if key is None:
            name += ".nii"
        else:
            content, name = seal(content, key, sealed_about(about, role, number)), f"{name}.sealed"
        (folder / name).write_bytes(content)
        written.append(Picture(role, number, name, hashlib.sha256(content).hexdigest(), te_ms))
    return written


def sealed_about(alias: str, role: str, number: int) -> str:
    """Return what a sealed picture is about: it opens as nothing else."""
    return f"{alias} {role} {number}"


def volumes_of(images: ScanImages) -> list[tuple[str, int, float | None, Volume]]:
    """Return the pictures of a scan, the phase left out, as `write_pictures` takes them."""
    echoes = images.echoes
    listed: list[tuple[str, int, float | None, Volume]] = [
        ("echoes", number, te_ms, Volume(echoes.magnitude[number - 1], echoes.geometry))
        for number, te_ms in enumerate(echoes.te_ms, start=1)
    ]
    for role, name in VOLUMES.items():
        volume = getattr(images, name)
        if volume is not None:
            listed.append((role, 0, None, volume))
    return listed


def read_scan(
    folder: Path, pictures: Sequence[Picture], grid: Geometry, field_t: float, facts: Mapping[str, Any]
) -> ScanImages:
    """Read a scan's pictures back; files are relative to `folder`.

    Raises
    ------
    StoreError
        If one is missing or was altered.
    """
    roles = {picture.role for picture in pictures}
    if "echoes" not in roles or roles - {"echoes", *VOLUMES}:
        raise StoreError(f"{folder}: the list of its pictures is damaged; restore the study from a backup")
    found: dict[str, Volume] = {}
    echoes: list[tuple[float, np.ndarray[Any, Any]]] = []
    for picture in sorted(pictures, key=lambda picture: picture.number):
        path = folder / picture.file
        if not path.is_file() or sha256(path) != picture.sha256:
            raise StoreError(f"{path} is missing or was altered; restore it from a backup")
        volume = read_nifti(path)
        if picture.role == "echoes":
            echoes.append((picture.te_ms or 0.0, volume.data))
        else:
            geometry = volume.geometry if picture.role in OWN_GRID else grid
            found[VOLUMES[picture.role]] = Volume(volume.data, geometry)
    magnitude = np.stack([data for _, data in echoes]).astype(np.float32)
    series = EchoSeries(magnitude, tuple(te for te, _ in echoes), grid, None, field_t)
    return ScanImages(
        echoes=series,
        sigma=float(facts.get("sigma") or "nan"),
        fit_method=str(facts.get("method", "")),
        facts=dict(facts),
        **found,
    )


def check_picture(folder: Path, name: str, sha256: str) -> bytes:
    """Return the bytes of a picture's file, compared with its hash: what was compared is what is shown.

    Raises
    ------
    StoreError
        If it is missing, altered, or its name leads out of the kit.
    """
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise StoreError(f"the picture {name} does not lie in the kit")
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise StoreError(f"the picture {name} is missing or cannot be read") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise StoreError(f"the picture {name} was altered; ask the coordinator for an intact kit")
    return content


def _compact(volume: Volume) -> Volume:
    """Keep whole numbers as uint16 where they fit: a third of a study's bytes, and nothing lost."""
    data = volume.data
    if data.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            small = data.astype(np.uint16)
        return Volume(small, volume.geometry) if np.array_equal(small, data) else volume
    return volume
