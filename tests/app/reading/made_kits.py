"""A small kit of drawn animals, written as the coordinator's program writes kits."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from core.study import kit_tables as t
from core.study.audit import append
from core.study.database import KIT, Database
from core.study.kit import FILE_NAME
from core.study.kit_state import grid_text
from core.study.pictures import write_pictures

PROTOCOL = Path(__file__).resolve().parents[3] / "resources" / "protocols" / "tumour-and-nodes.yaml"
TE_MS = (2.5, 5.0, 7.5, 10.0, 14.0, 18.0)
TUMOUR_MM = (6.0, -4.0, 0.25)
NODE_MM = (-7.0, 5.0, 0.25)
LESION_MM = (-2.0, -8.0, 1.25)


def grids(size: int = 96) -> tuple[Geometry, Geometry]:
    """The multi-echo grid and a finer one for the anatomy, round the same middle."""
    field_mm = 32.0
    echoes, fine = field_mm / size, field_mm / 160
    first = -field_mm / 2
    return (
        Geometry.axial(
            (8, size, size), (1.0, echoes, echoes), (first + echoes / 2, first + echoes / 2, -3.75)
        ),
        Geometry.axial((10, 160, 160), (0.8, fine, fine), (first + fine / 2, first + fine / 2, -3.6)),
    )


def animal(grid: Geometry, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Signal without decay, and R2* in 1/s, of a body with a tumour, a lesion and a node."""
    index = np.stack(np.meshgrid(*[np.arange(n) for n in grid.shape], indexing="ij"), axis=-1)
    x, y, z = np.moveaxis(grid.to_mm(index), -1, 0)
    body = (x / 13) ** 2 + (y / 11) ** 2 < 1
    signal, r2star = np.where(body, 700.0, 0.0), np.where(body, 30.0, 0.0)
    signal += np.where(body, 60 * np.sin(x) * np.sin(1.3 * y), 0.0)

    def ball(middle: tuple[float, float, float], radius: float) -> np.ndarray:
        return (x - middle[0]) ** 2 + (y - middle[1]) ** 2 + (z - middle[2]) ** 2 < radius**2

    for middle, radius, level, decay in (
        (TUMOUR_MM, 3.6, 900.0, 140.0 + 20 * seed),
        (LESION_MM, 1.1, 880.0, 110.0),
        (NODE_MM, 1.6, 760.0, 210.0),
    ):
        inside = ball(middle, radius)
        signal[inside], r2star[inside] = level, decay
    return signal, r2star


def pictures(seed: int, size: int = 96) -> list[tuple[str, int, float | None, Volume]]:
    """Echoes, anatomy and maps of one case."""
    draw = np.random.default_rng(seed)
    grid, fine = grids(size)
    signal, r2star = animal(grid, seed)

    def noisy(clean: np.ndarray) -> np.ndarray:
        real, other = (draw.normal(0, 14, clean.shape) for _ in range(2))
        return np.rint(np.hypot(clean + real, other)).astype(np.float32)

    listed: list[tuple[str, int, float | None, Volume]] = [
        ("echoes", number, te, Volume(noisy(signal * np.exp(-te * r2star / 1000)), grid))
        for number, te in enumerate(TE_MS, start=1)
    ]
    anatomy, decay = animal(fine, seed)
    listed.append(("anatomy", 0, None, Volume(noisy(anatomy * np.exp(-0.006 * decay)), fine)))
    measured = np.where(signal > 0, r2star + draw.normal(0, 6, grid.shape), np.nan).astype(np.float32)
    listed.append(("r2star", 0, None, Volume(measured, grid)))
    listed.append(("iron", 0, None, Volume(np.maximum(measured - 30, 0) * np.float32(0.09), grid)))
    return listed


def write_kit(folder: Path, aliases: tuple[str, ...] = ("K7Q2", "M3TX", "P9AD"), size: int = 96) -> Path:
    """Write a kit that nobody has read in."""
    (folder / "images").mkdir(parents=True)
    database = Database.create(folder / FILE_NAME, KIT)
    protocol = PROTOCOL.read_text(encoding="utf-8")
    with database.transaction() as connection:
        connection.execute(
            t.kit.insert().values(
                kit_id="1" * 32, study_id="2" * 32, rater="R1", session=1, protocol=protocol
            )
        )
        for position, alias in enumerate(aliases, start=1):
            (folder / "images" / alias).mkdir()
            grid = grid_text(grids(size)[0])
            connection.execute(
                t.cases.insert().values(
                    alias=alias, position=position, grid=grid, step_index=0, status="open", seconds=0.0
                )
            )
            for made in write_pictures(folder / "images" / alias, pictures(position, size)):
                file = f"images/{alias}/{made.file}"
                connection.execute(
                    t.images.insert().values(
                        alias=alias, role=made.role, number=made.number, file=file, sha256=made.sha256,
                        te_ms=made.te_ms,
                    )
                )  # fmt: skip
        append(connection, t.audit, "dealt", kit="1" * 32)
    database.close()
    return folder


def copy_kit(source: Path, target: Path) -> Path:
    """Return a fresh copy of a kit."""
    shutil.copytree(source, target)
    return target
