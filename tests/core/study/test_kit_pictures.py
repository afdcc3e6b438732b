"""The pictures of a kit: those of the reached steps alone, whole, and no file from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError, StoreError
from core.progress import Silent
from core.study.kit import Kit
from core.study.kit_pictures import CaseImages
from tests.core.study.conftest import read_case
from tests.core.study.test_kit import without_triggers


def test_a_step_shows_only_its_own_pictures(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        first = kit.images(alias)
        assert set(first.volumes) == {"anatomy"}
        assert first.echoes.te_ms == (2.0, 4.0, 8.0) and first.echoes.field_t is None
        read_case(kit, alias, sign=False)
        second = kit.images(alias)
    assert set(second.volumes) == {"anatomy", "r2star"}
    assert second.volumes["r2star"].geometry is second.echoes.geometry
    assert np.isnan(second.volumes["r2star"].data[0, 0, 0])


def test_reading_pictures_can_be_stopped(kit_path: Path) -> None:
    class Stopped(Silent):
        def cancelled(self) -> bool:
            return True

    with Kit.open(kit_path) as kit, pytest.raises(InputError, match="stopped"):
        kit.images(kit.cases()[0].alias, Stopped())


def taken(images: CaseImages) -> int:
    return images.echoes.magnitude.nbytes + sum(volume.data.nbytes for volume in images.volumes.values())


def test_how_much_memory_pictures_take_is_known_before_they_are_read(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias = kit.cases()[0].alias
        assert kit.image_bytes(alias) == taken(kit.images(alias))
        read_case(kit, alias, sign=False)
        assert kit.image_bytes(alias) == taken(kit.images(alias))
        next(kit_path.glob(f"images/{alias}/anatomy.nii")).write_bytes(b"no picture")
        with pytest.raises(StoreError, match="is missing or cannot be read"):
            kit.image_bytes(alias)


def test_an_altered_or_missing_picture_is_not_shown(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        alias, other = (case.alias for case in kit.cases()[:2])
        picture = kit_path / "images" / alias / "anatomy.nii"
        data = bytearray(picture.read_bytes())
        data[-1] ^= 1
        picture.write_bytes(data)
        with pytest.raises(StoreError, match=f"{alias}/anatomy.nii was altered"):
            kit.images(alias)
        (kit_path / "images" / other / "echoes-01.nii").unlink()
        with pytest.raises(StoreError, match=f"{other}/echoes-01.nii is missing"):
            kit.images(other)


def spoiled_picture(kit_path: Path) -> None:
    picture = next(kit_path.glob("images/*/r2star.sealed"))
    data = bytearray(picture.read_bytes())
    data[400] ^= 8
    picture.write_bytes(data)


def lost_picture(kit_path: Path) -> None:
    next(kit_path.glob("images/*/echoes-02.nii")).unlink()


@pytest.mark.parametrize(
    ("spoil", "named"),
    [(spoiled_picture, r"r2star\.sealed was altered"), (lost_picture, r"echoes-02\.nii is missing")],
)
def test_verifying_looks_at_every_picture(kit_path: Path, spoil: Callable[[Path], None], named: str) -> None:
    spoil(kit_path)
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match=named):
        kit.verify()


@pytest.mark.parametrize("name", ["../../secret.nii", "/etc/hostname"])
def test_a_picture_outside_the_kit_is_not_read(kit_path: Path, name: str) -> None:
    without_triggers(kit_path, f"UPDATE images SET file = '{name}' WHERE role = 'anatomy'")
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="does not lie in the kit"):
        kit.images(kit.cases()[0].alias)


def test_a_case_without_its_series_is_told(kit_path: Path) -> None:
    without_triggers(kit_path, "DELETE FROM images WHERE role = 'echoes'")
    with Kit.open(kit_path) as kit, pytest.raises(StoreError, match="has no multi-echo series"):
        kit.images(kit.cases()[0].alias)
