"""One plug-in of each kind, as somebody outside FerroRead would write them (docs/plug-ins.md)."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.errors import ImageReadError
from readers.files import ImageFile, Opener
from readers.formats import Format
from readers.model import Facts, Frame, Layout, Scale

_MAGIC = b"EXAMPLE1 "


def recognises(_file: ImageFile, head: bytes) -> bool:
    """Tell whether a file is one line of JSON after a word, and then the pictures."""
    return head.startswith(_MAGIC)


def scan(file: ImageFile, opener: Opener) -> list[Frame]:
    """Say where each picture lies: echo after echo, slice after slice, uint16 with the low byte first."""
    head, _ = opener.head(file)
    end = head.find(b"\n")
    if end < 0:
        raise ImageReadError(file.shown, "has no first line; it is no example file")
    told = json.loads(head[len(_MAGIC) : end])
    slices, rows, columns = told["shape"]
    layout = Layout(rows, columns, "<u2", 16)
    facts = Facts("example", series=file.name, field_t=told["field_t"], field_source="header", sequence="GR")
    frames = []
    for echo, te_ms in enumerate(told["te_ms"]):
        for index in range(slices):
            number = echo * slices + index
            frames.append(
                Frame(
                    file=file,
                    offset=end + 1 + 2 * rows * columns * number,
                    number=number,
                    layout=layout,
                    facts=facts,
                    part="magnitude",
                    te_ms=te_ms,
                    position=(0.0, 0.0, 2.0 * index),
                    column_step=(1.0, 0.0, 0.0),
                    row_step=(0.0, 1.0, 0.0),
                    between_mm=2.0,
                    thickness_mm=2.0,
                    scale=Scale(),
                    uid=f"{file.name} {number}",
                )
            )
    return frames


EXAMPLE_FORMAT = Format("example", recognises, scan)


def two_point(
    magnitude: NDArray[np.float32], te_ms: NDArray[np.float64], sigma: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Fit R2* to the first and the last echo alone."""
    first, last = magnitude[0].astype(float), magnitude[-1].astype(float)
    span_s = 1e-3 * (te_ms[-1] - te_ms[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where((first > 0) & (last > 0), np.log(first / last) / span_s, np.nan)
        error = sigma * np.sqrt(1 / first**2 + 1 / last**2) / span_s
        s0 = first * np.exp(1e-3 * te_ms[0] * rate)
    return rate, error, s0


PROTOCOL = """
id: one-question
version: "1"
title: One question
steps:
  - {id: only, title: Only, shows: [echoes]}
questions:
  - id: seen
    text: Is anything to be seen?
    scope: case
    step: only
    choices:
      - {value: 1, label: "no", anchor: Nothing stands out}
      - {value: 2, label: "yes", anchor: Something stands out}
"""


def write_listing(source: Path, out: Path) -> None:
    """Write the SHA-256 of every DICOM file of an export."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(source).as_posix()}"
        for path in sorted(source.glob("dicom/**/*.dcm"))
    ]
    (out / "sha256.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
