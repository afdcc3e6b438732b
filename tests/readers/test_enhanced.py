"""Frames of enhanced files are told apart by their dimension indices where nothing else does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset

from readers import inspect, load_echoes, with_echo_times
from tests.readers.scanner import Scan, Style, make_scan, write_classic, write_enhanced


def loaded(folder: Path) -> list[np.ndarray]:
    infos = inspect([folder]).series
    assert all(info.fit_for_r2star for info in infos), [info.problems for info in infos]
    found = [load_echoes(info) for info in infos]
    return [echoes.magnitude for echoes in sorted(found, key=lambda echoes: echoes.geometry.affine[2, 3])]


def test_stacks_without_a_name_are_told_apart_by_their_index(tmp_path: Path) -> None:
    scan = make_scan(shape=(6, 5, 6))
    scan.stacks = 2

    def touch(frame: Dataset, _part: str, _echo: int, _index: int) -> None:
        del frame.FrameContentSequence[0].StackID

    write_enhanced(tmp_path / "whole", scan, Style(shuffle=3, dimensions=True, touch=touch))
    first, second = loaded(tmp_path)
    np.testing.assert_array_equal(np.concatenate([first, second], axis=1), scan.stored["magnitude"])


def test_interleaved_stacks_make_one_volume(tmp_path: Path) -> None:
    scan = make_scan(shape=(6, 5, 6))

    def touch(frame: Dataset, _part: str, _echo: int, index: int) -> None:
        content = frame.FrameContentSequence[0]
        content.StackID, content.InStackPositionNumber = str(1 + index % 2), 1 + index // 2

    write_enhanced(tmp_path / "whole", scan, Style(shuffle=3, touch=touch))
    (magnitude,) = loaded(tmp_path)
    np.testing.assert_array_equal(magnitude, scan.stored["magnitude"])


def repeated(scan: Scan, folder: Path) -> None:
    """Write the first half of a scan's slices and, in the same places, the second half."""
    half = scan.shape[0] // 2

    def touch(frame: Dataset, _part: str, echo: int, index: int) -> None:
        place = frame.PlanePositionSequence[0]
        place.ImagePositionPatient = [f"{value:.10g}" for value in scan.position(index % half)]
        # the third dimension is one that no vendor's header says otherwise
        frame.FrameContentSequence[0].DimensionIndexValues = [1, 1 + index % half, 1 + index // half]
        frame.FrameContentSequence[0].StackID = "1"

    style = Style(dimensions=True, touch=touch)
    scan.overrides = {
        "DimensionIndexSequence": [pointer(tag) for tag in (0x00209056, 0x00209057, 0x00189345)]
    }
    write_enhanced(folder / "whole", scan, style)


def pointer(tag: int) -> Dataset:
    dimension = Dataset()
    dimension.DimensionIndexPointer = tag
    return dimension


def test_repetitions_are_told_apart_by_a_dimension_of_their_own(tmp_path: Path) -> None:
    scan = make_scan(shape=(6, 5, 6))
    repeated(scan, tmp_path)
    halves = {magnitude.tobytes() for magnitude in loaded(tmp_path)}
    stored = scan.stored["magnitude"].astype(np.float32)
    assert halves == {stored[:, :3].tobytes(), stored[:, 3:].tobytes()}


def test_echoes_without_times_are_numbered_by_their_index(tmp_path: Path) -> None:
    scan = make_scan()

    def touch(frame: Dataset, _part: str, _echo: int, _index: int) -> None:
        del frame.MREchoSequence

    write_enhanced(tmp_path / "whole", scan, Style(shuffle=3, dimensions=True, touch=touch))
    (info,) = inspect([tmp_path]).series
    assert not info.fit_for_r2star
    assert "no echo time in the header" in info.problems
    mended = with_echo_times(info, scan.te_ms)
    np.testing.assert_array_equal(load_echoes(mended).magnitude, scan.stored["magnitude"])


def test_gaps_in_instance_numbers_are_said(tmp_path: Path) -> None:
    scan = make_scan()
    paths = write_classic(tmp_path, scan)
    # the last slice of every echo: the positions alone cannot tell
    for path in paths[3::4]:
        path.unlink()
    (info,) = inspect([tmp_path]).series
    assert "instance numbers 1 to 11 leave 2 out: part of the series may be missing" in info.problems
    assert info.shape == (3, 5, 6)


def test_field_maps_of_ge_are_no_magnitudes(tmp_path: Path) -> None:
    scan = make_scan(vendor="GE MEDICAL SYSTEMS")

    def touch(dataset: Dataset, _part: str, _echo: int, _index: int) -> None:
        dataset.private_block(0x0019, "GEMS_ACQU_01", create=True).add_new(0x9E, "LO", "B0map")

    write_classic(tmp_path, scan, Style(touch=touch))
    (info,) = inspect([tmp_path]).series
    assert info.part == ("other",)
    assert not info.fit_for_r2star
