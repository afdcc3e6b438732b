"""The pictures of a kit's case: what the reached steps show, out of files and seals into memory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import InputError, StoreError
from core.imaging.plain_nifti import HEADER_BYTES, plain_shape, plain_volume
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress
from core.reading.protocol import Protocol
from core.reading.reading import Reading
from core.study.database import Rows
from core.study.pictures import OWN_GRID, check_picture, sealed_about
from core.study.sealing import unseal


@dataclass(frozen=True, eq=False)
class CaseImages:
    """The pictures of a case that the reached steps show.

    `volumes` holds "anatomy", "gre3d", "r2star" and "r2star_se" (1/s), "flags" (bits), "iron" (ug Fe/g) as
    far as the case has them and the open step shows them; maps lie on the grid of `echoes`.
    """

    echoes: EchoSeries
    volumes: Mapping[str, Volume]


class KitPictures:
    """Reads the pictures of a kit's folder.

    Parameters
    ----------
    folder : Path
        The kit's.
    rows : Rows
        Asks the kit's file.
    protocol : Protocol
        Says what its steps show.
    released : callable of alias and step index to bytes
        Gives the key of a step that was reached; StoreError where it was not.
    """

    def __init__(
        self, folder: Path, rows: Rows, protocol: Protocol, released: Callable[[str, int], bytes]
    ) -> None:
        self._folder, self._rows, self._protocol, self._released = folder, rows, protocol, released

    def images(self, reading: Reading, progress: Progress) -> CaseImages:
        """Return what the reached steps of a case show; as `core.study.kit.Kit.images`."""
        alias, rows = reading.alias, self._shown(reading)
        te_ms = tuple(row["te_ms"] for row in rows if row["role"] == "echoes")
        if not te_ms:
            raise StoreError(f"case {alias} has no multi-echo series; ask the coordinator for an intact kit")
        magnitude = np.empty((len(te_ms), *reading.grid.shape), dtype=np.float32)
        echoes, volumes = iter(magnitude), dict[str, Volume]()
        for row in rows:
            if progress.cancelled():
                raise InputError("reading the pictures was stopped")
            role, volume = row["role"], self._picture(alias, row)
            if role not in OWN_GRID:
                volume = Volume(volume.data, reading.grid)
            if role == "echoes":
                next(echoes)[...] = volume.data
            else:
                volumes[role] = Volume(volume.data.astype(np.float32), volume.geometry)
        field_t = self._rows("SELECT field_t FROM cases WHERE alias = ?", alias)[0]["field_t"]
        return CaseImages(EchoSeries(magnitude, te_ms, reading.grid, field_t=field_t), volumes)

    def image_bytes(self, reading: Reading) -> int:
        """Return how much memory they take; as `core.study.kit.Kit.image_bytes`."""
        values = 0
        for row in self._shown(reading):
            try:
                values += math.prod(plain_shape(self._header(reading.alias, row)))
            except (OSError, ValueError, InputError) as error:
                raise StoreError(f"the picture {row['file']} is missing or cannot be read") from error
        return values * np.dtype(np.float32).itemsize

    def _shown(self, reading: Reading) -> Sequence[Mapping[str, Any]]:
        """Return the rows of what the reached steps of a case show, echoes in their order."""
        steps = self._protocol.steps[: reading.step_index + 1]
        shown = sorted({role for step in steps for role in step.shows})
        columns, marks = "role, number, file, sha256, te_ms, step_index", ", ".join("?" * len(shown))
        sql = f"SELECT {columns} FROM images WHERE alias = ? AND role IN ({marks}) ORDER BY number"
        return self._rows(sql, reading.alias, *shown)

    def _picture(self, alias: str, row: Mapping[str, Any]) -> Volume:
        try:
            return plain_volume(self._content(alias, row))
        except InputError as error:
            raise StoreError(
                f"the picture {row['file']} {error}; ask the coordinator for an intact kit"
            ) from error

    def _content(self, alias: str, row: Mapping[str, Any]) -> bytes:
        """Return the bytes of a picture; those of a later step come out of their seal, in memory alone."""
        content = check_picture(self._folder, row["file"], row["sha256"])
        if row["step_index"] == 0:
            return content
        key = self._released(alias, row["step_index"])
        return unseal(content, key, sealed_about(alias, row["role"], row["number"]))

    def _header(self, alias: str, row: Mapping[str, Any]) -> bytes:
        if row["step_index"]:
            return self._content(alias, row)[:HEADER_BYTES]
        with (self._folder / row["file"]).open("rb") as stream:
            return bytes(stream.read(HEADER_BYTES))
