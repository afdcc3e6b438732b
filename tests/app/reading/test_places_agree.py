"""One place of the patient is one place in every series, and has the value that SimpleITK finds there."""

from __future__ import annotations

import numpy as np
import pytest
import SimpleITK as sitk

from app.voxels import value_at
from core.imaging.geometry import Geometry
from core.imaging.volume import Volume
from tests.app.reading.test_stamp import tilted
from widgets.plane import Plane
from widgets.sections import ParallelPlanes, section
from widgets.slice_view import SliceView


def grid(shape: tuple[int, int, int], spacing: tuple[float, float, float], turn: np.ndarray) -> Geometry:
    """A grid round (1, 2, 3) mm whose slice, row and column axes are the columns of `turn`."""
    affine = np.eye(4)
    affine[:3, :3] = turn * spacing
    affine[:3, 3] = (1.0, 2.0, 3.0) - affine[:3, :3] @ ((np.asarray(shape) - 1) / 2)
    return Geometry(shape, affine)


AXIAL = np.array([[0, 0, 1], [0, 1, 0], [1, 0, 0]], float)
SAGITTAL = np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]], float)
GRIDS = {
    "axial": grid((12, 40, 36), (1.5, 0.5, 0.55), AXIAL),
    "finer": grid((30, 61, 70), (0.7, 0.31, 0.29), AXIAL),
    # moved, so that no voxel's centre lies on a border of the others: such a place belongs to either side
    "sagittal": grid((20, 33, 44), (1.1, 0.6, 0.5), SAGITTAL).moved((0.013, 0.021, 0.017)),
    "tilted": grid((16, 40, 40), (1.2, 0.5, 0.5), tilted(3) @ AXIAL),
}


def volume(name: str) -> Volume:
    draw = np.random.default_rng(len(name))
    return Volume(draw.integers(0, 30_000, GRIDS[name].shape).astype(np.float32), GRIDS[name])


def image(of: Volume) -> sitk.Image:
    """The same picture as SimpleITK has it: index (column, row, slice)."""
    made = sitk.GetImageFromArray(of.data)
    geometry = of.geometry
    made.SetSpacing(geometry.spacing_mm[::-1])
    made.SetDirection(geometry.directions[:, ::-1].reshape(-1).tolist())
    made.SetOrigin(geometry.affine[:3, 3].tolist())
    return made


def resampled(moving: Volume, onto: Volume) -> np.ndarray:
    """The values of one picture at the voxel centres of another; -1 outside."""
    nearest = sitk.sitkNearestNeighbor
    return sitk.GetArrayFromImage(sitk.Resample(image(moving), image(onto), sitk.Transform(), nearest, -1.0))


PAIRS = [(one, other) for one in GRIDS for other in GRIDS if one != other]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_the_value_under_the_probe_is_what_simpleitk_resamples(one, other):
    moving, onto = volume(one), volume(other)
    wanted = resampled(moving, onto)
    draw = np.random.default_rng(8)
    differ = 0
    for index in zip(*(draw.integers(0, n, 400) for n in onto.geometry.shape), strict=True):
        found = value_at(moving, tuple(onto.geometry.to_mm(index)))
        differ += (-1.0 if found is None else found) != wanted[index]
    assert differ == 0


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_a_map_laid_over_another_series_has_simpleitks_values(one, other):
    moving, onto = volume(one), volume(other)
    wanted = resampled(moving, onto)
    plane = Plane(onto.geometry)
    depth = plane.count // 2 + 1
    laid = section(moving, ParallelPlanes(plane), depth)
    assert laid is not None
    rows, columns = plane.pixels
    height, width = plane.pixel_mm
    down, right = ((np.arange(n) + 0.5) * mm for n, mm in ((rows, height), (columns, width)))
    # look each pixel's centre up in the section, which has its own pixels where the stacks are parallel
    row = np.floor((down - laid.top) / laid.height * laid.values.shape[0]).astype(int)
    column = np.floor((right - laid.left) / laid.width * laid.values.shape[1]).astype(int)
    inside = np.ix_(
        (row >= 0) & (row < laid.values.shape[0]), (column >= 0) & (column < laid.values.shape[1])
    )
    found = np.full((rows, columns), -1.0)
    picked = laid.values[np.ix_(row[inside[0].ravel()], column[inside[1].ravel()])]
    found[inside] = np.where(np.isnan(picked), -1.0, picked)
    truth = plane.picture(wanted, depth)
    assert np.array_equal(found, truth)
    assert np.mean(truth >= 0) > 0.3


def test_linked_views_agree_within_half_a_voxel(qtbot):
    views = []
    for name in GRIDS:
        for axis in range(3):
            made = SliceView()
            qtbot.addWidget(made)
            made.resize(300, 260)
            made.set_picture(volume(name), "", axis)
            views.append(made)
    for place in np.random.default_rng(2).uniform((-5, -4, -3), (7, 8, 9), (40, 3)):
        for made in views:
            made.show_position(place)
            # what the cross-hair points at in the slice shown, and how far that is from the place
            there = np.asarray(made.position_at(made.exact_point_at(place)))
            away = made.volume.geometry.to_index(there) - made.volume.geometry.to_index(place)
            assert np.abs(away).max() <= 0.5 + 1e-6
            assert np.abs(np.delete(away, made.plane.slice_axis)).max() < 1e-6
