"""The margin's width: edges of known blur come back, however they lie, are drawn and are sampled."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.special import ndtr

from core.errors import InputError
from core.imaging.geometry import Geometry
from core.imaging.regions.outline import ellipse_outline, polygon
from core.reading.margin import SECTORS, Margin, region_margin
from tests.core.imaging.regions.grids import flipped, moved, oblique, swapped, turned
from tests.naive_regions import samples

SIGMA_PER_WIDTH = 1 / 2.5631031310892007
NOISE = 5.0
CNR = 10


class Scene:
    """A dark disc of radius and margin in mm, somewhere between the voxels of an axial slice."""

    def __init__(self, radius_mm, width_mm, *, spacing=(1.0, 1.0), seed=0, noise=NOISE, contrast=CNR * NOISE):
        rng = np.random.default_rng(seed)
        sides = [int(2 * radius_mm / side + 30) for side in spacing]
        self.grid = Geometry.axial((3, *sides), (2.0, *spacing), (-30.0, 12.0, 5.0))
        self.middle = self.grid.to_mm([1, *(np.array(sides) / 2 + rng.uniform(-0.5, 0.5, 2))])
        index = np.stack(np.meshgrid(*[np.arange(n) for n in self.grid.shape], indexing="ij"), axis=-1)
        self.places = self.grid.to_mm(index) - self.middle
        self.away = np.hypot(self.places[..., 0], self.places[..., 1]) - radius_mm
        sigma = np.broadcast_to(width_mm, self.away.shape) * SIGMA_PER_WIDTH
        self.picture = 200 - contrast * ndtr(-self.away / sigma) + rng.normal(0, noise, self.away.shape)
        self.radius = radius_mm

    def drawn(self, scale=1.0, shift=(0.0, 0.0)):
        """A rater's outline in the middle slice: scaled, and shifted in mm."""
        corners = self.corners(scale, shift)
        return polygon(self.grid, corners).on(self.grid.shape)

    def corners(self, scale=1.0, shift=(0.0, 0.0)):
        r = scale * self.radius
        return ellipse_outline(self.middle + np.array([*shift, 0.0]), (r, 0, 0), (0, r, 0))

    def margin(self, **drawn) -> Margin:
        found = region_margin(self.picture, self.drawn(**drawn), self.grid)
        assert found is not None and found.slice_index == 1
        return found


@pytest.mark.parametrize("radius", [3.0, 5.0, 10.0, 20.0])
@pytest.mark.parametrize("width", [1.0, 1.5, 2.5])
def test_known_margins_come_back_at_a_cnr_of_ten(radius: float, width: float) -> None:
    """Six voxels across and more: within 10 % on average, and each no further off than its error says."""
    drawn = ({}, {"scale": 1.1}, {"shift": (0.5, -0.3)})
    wholes = [Scene(radius, width, seed=seed).margin(**drawn[seed % 3]).whole for seed in range(18)]
    told = [whole for whole in wholes if not whole.reason]
    assert len(told) >= 15
    widths, errors = (
        np.array([getattr(whole, name) for whole in told]) for name in ("width_mm", "width_se_mm")
    )
    assert widths.mean() == pytest.approx(width, rel=0.1)
    assert np.abs(widths - width).max() < 4 * np.median(errors)
    assert widths.std() == pytest.approx(np.median(errors), rel=0.6)
    contrast = np.mean([whole.contrast for whole in told])
    assert contrast == pytest.approx(-CNR * NOISE, rel=0.05)


@pytest.mark.parametrize("width", [2.5, 4.0, 8.0])
@pytest.mark.parametrize("radius", [10.0, 20.0])
def test_margins_of_larger_lesions_are_each_right(radius: float, width: float) -> None:
    for seed in range(4):
        found = Scene(radius, width, seed=seed).margin()
        assert found.whole.width_mm == pytest.approx(width, rel=0.1)
        assert [edge.reason for edge in found.sectors] == [""] * SECTORS


@pytest.mark.parametrize("radius", [3.0, 4.7, 9.0, 16.0])
@pytest.mark.parametrize("spacing", [(1.0, 1.0), (0.5, 1.0), (1.0, 0.6)])
def test_sampling_widens_no_margin(radius: float, spacing: tuple[float, float]) -> None:
    """Without noise, wherever the voxels lie: what is left is the outline's and the model's."""
    for width in (1.0, 1.5, 2.2):
        found = [Scene(radius, width, spacing=spacing, seed=seed, noise=0.01).margin() for seed in range(4)]
        widths = [edge.width_mm for margin in found for edge in margin.sectors if not edge.reason]
        # six voxels across, a sector may hold none deep inside
        assert len(widths) >= 0.85 * 4 * SECTORS
        assert np.array(widths) == pytest.approx(width, rel=0.15)
        assert np.mean(widths) == pytest.approx(width, rel=0.03)


def test_flipped_turned_and_oblique_copies_have_the_same_margin() -> None:
    scene = Scene(7.0, 2.0, spacing=(0.8, 1.0), seed=3)
    region, picture, grid = scene.drawn(shift=(0.4, 0.1)), scene.picture, scene.grid
    wanted = region_margin(picture, region, grid)
    assert [edge.direction for edge in wanted.sectors] == ["A", "LA", "L", "LP", "P", "RP", "R", "RA"]
    copies = [(np.flip(picture, axis), np.flip(region, axis), flipped(grid, axis)) for axis in range(3)]
    copies.append((picture.swapaxes(1, 2), np.ascontiguousarray(region.swapaxes(1, 2)), swapped(grid)))
    for other, covered, geometry in copies:
        found = region_margin(other, np.ascontiguousarray(covered), geometry)
        assert [edge.direction for edge in found.sectors] == [edge.direction for edge in wanted.sectors]
        for one, two in zip((*found.sectors, found.whole), (*wanted.sectors, wanted.whole), strict=True):
            assert one.width_mm == pytest.approx(two.width_mm, rel=0.02)
            assert one.contrast == pytest.approx(two.contrast, rel=0.01)
    motion = turned(20, (0.3, 1.0, 0.2))
    tilted = oblique(grid, motion)
    again = polygon(tilted, moved(scene.corners(shift=(0.4, 0.1)), motion)).on(grid.shape)
    found = region_margin(picture, again, tilted)
    assert found.whole.width_mm == pytest.approx(wanted.whole.width_mm, rel=0.03)


def turned_in_plane(grid: Geometry, degrees: float) -> Geometry:
    """The same picture of a patient who lies turned about the axis of slices."""
    return oblique(grid, turned(degrees, (0.0, 0.0, 1.0)))


@pytest.mark.parametrize(
    ("radius", "width", "spread"), [(3.0, 1.0, 0.06), (3.0, 2.0, 0.06), (10.0, 1.5, 0.03)]
)
def test_how_the_patient_lies_changes_the_whole_margin_little_at_a_cnr_of_ten(radius, width, spread) -> None:
    """The sectors turn with the patient, and with them which voxels are told together; noise is the same."""
    for seed in range(3):
        scene = Scene(radius, width, seed=seed)
        found = [
            region_margin(scene.picture, scene.drawn(), turned_in_plane(scene.grid, degrees))
            for degrees in (0, 10, 22.5, 37, 45, 61, 90, 130)
        ]
        widths = np.array([margin.whole.width_mm for margin in found])
        assert np.ptp(widths) < spread * widths.mean()
        # far less than what noise leaves uncertain, and that is told
        assert np.ptp(widths) < 0.7 * np.mean([margin.whole.width_se_mm for margin in found])


def test_a_sagittal_slice_names_head_and_back() -> None:
    scene = Scene(7.0, 2.0)
    # slices go to the left, rows to the back, columns to the head
    sagittal = Geometry(scene.grid.shape, scene.grid.affine[[2, 1, 0, 3]])
    found = region_margin(scene.picture, scene.drawn(), sagittal)
    assert {edge.direction[0] for edge in found.sectors} == {"H", "F", "A", "P"} or found.sectors[
        0
    ].direction == "H"


def test_a_disc_blurred_by_a_gaussian_in_the_plane() -> None:
    """As a scanner blurs, not along the radius: the width is that of the blur."""
    fine, sigma, radius = 8, 1.2, 6.0
    n = 40
    points = samples((n, n), fine) - (n / 2 + 0.3, n / 2 - 0.2)
    sharp = (np.hypot(points[..., 0], points[..., 1]) > radius).reshape(n, n, fine, fine).swapaxes(1, 2)
    sharp = sharp.reshape(n * fine, n * fine).astype(float)
    blurred = gaussian_filter(sharp, sigma * fine)
    # the point in the middle of each voxel, between four of the fine ones
    at = fine // 2 - 1
    point = sum(blurred[at + a :: fine, at + b :: fine][:n, :n] for a in (0, 1) for b in (0, 1)) / 4
    grid = Geometry.axial((1, n, n), (1.0, 1.0, 1.0))
    middle = grid.to_mm([0, n / 2 + 0.3, n / 2 - 0.2])
    region = polygon(grid, ellipse_outline(middle, (radius, 0, 0), (0, radius, 0))).on(grid.shape)
    picture = point[None] + np.random.default_rng(1).normal(0, 0.01, (1, n, n))
    found = region_margin(picture, region, grid)
    assert found.whole.width_mm == pytest.approx(sigma / SIGMA_PER_WIDTH, rel=0.05)


def test_a_sharp_edge_is_as_wide_as_its_voxels_make_it() -> None:
    scene = Scene(12.0, 1.0)
    covered = scene.drawn()
    picture = 100.0 + 50 * (covered / 255.0)
    found = region_margin(picture, covered, scene.grid)
    assert found.whole.width_mm == pytest.approx(found.sharp_mm, rel=0.25)
    assert found.whole.contrast == pytest.approx(50, rel=0.02)


def test_an_edge_sharper_than_its_voxels_counts_as_what_they_make_of_it() -> None:
    """A mask of whole voxels, as a picture: how sharp it is lies between the voxels."""
    scene = Scene(9.0, 1.0)
    picture = 100 + 100.0 * (scene.away > 0) + np.random.default_rng(5).normal(0, 5, scene.away.shape)
    found = region_margin(picture, scene.drawn(), scene.grid)
    assert [edge.reason for edge in found.sectors].count("") >= 6
    assert 0.2 < found.whole.width_mm <= 1.1 * found.sharp_mm


def test_one_side_can_be_blurred_and_the_other_sharp() -> None:
    width = 1.5
    scene = Scene(12.0, width)
    blurred = np.where(scene.places[..., 0] > 0, 5.0, width)
    scene = Scene(12.0, blurred)
    of = {edge.direction: edge.width_mm for edge in scene.margin().sectors}
    assert [of[side] for side in ("R", "RA", "RP")] == pytest.approx([width] * 3, rel=0.3)
    assert [of[side] for side in ("L", "LA", "LP")] == pytest.approx([5.0] * 3, rel=0.3)


def test_a_vessel_beside_the_lesion_hardly_matters() -> None:
    scene = Scene(10.0, 2.5)
    before = scene.margin()
    vessel = np.hypot(scene.places[..., 0] - 13.5, scene.places[..., 1]) < 1.2
    scene.picture[vessel] += 200
    after = scene.margin()
    assert after.whole.width_mm == pytest.approx(before.whole.width_mm, rel=0.05)
    (left,) = (edge for edge in after.sectors if edge.direction == "L")
    assert left.width_mm == pytest.approx(2.5, rel=0.3)


def reasons(margin: Margin) -> dict[str, str]:
    return {edge.direction: edge.reason for edge in margin.sectors}


def test_where_there_is_no_contrast_no_width_is_told() -> None:
    for seed in range(5):
        found = Scene(8.0, 2.0, contrast=0.0, seed=seed).margin()
        assert list(reasons(found).values()).count("no contrast") >= 7
        assert found.whole.reason == "no contrast"
        assert np.isnan([found.whole.width_mm, found.whole.width_se_mm, found.whole.contrast]).all()


def test_a_sector_tells_what_is_in_its_way() -> None:
    scene = Scene(8.0, 2.0)
    region = scene.drawn()
    other = np.zeros_like(region)
    other[1][scene.places[1, ..., 0] > 8.5] = 255
    found = region_margin(scene.picture, region, scene.grid, others=[other])
    assert reasons(found)["L"] == "another region is in the way"
    assert reasons(found)["R"] == reasons(found)["A"] == ""
    beside = scene.picture.copy()
    beside[scene.places[..., 1] < -8.5] = np.nan
    found = region_margin(beside, region, scene.grid)
    assert reasons(found)["A"] == "too near to the picture's edge" and reasons(found)["P"] == ""


def test_a_picture_that_ends_at_the_lesion() -> None:
    scene = Scene(8.0, 2.0)
    region = scene.drawn()
    first = int(np.flatnonzero(region[1].any(axis=1))[0])
    grid = Geometry((3, region.shape[1] - first, region.shape[2]), scene.grid.affine)
    found = region_margin(scene.picture[:, first:], np.ascontiguousarray(region[:, first:]), grid)
    assert reasons(found)["A"] == "too near to the picture's edge"
    assert reasons(found)["P"] == "" and found.sectors[4].width_mm == pytest.approx(2.0, rel=0.4)


def test_a_margin_wider_than_the_lesion_and_an_outline_beside_it() -> None:
    assert Scene(3.0, 8.0).margin().whole.reason == "the profile is too short"
    astray = Scene(20.0, 1.5).margin(scale=1.35)
    assert set(reasons(astray).values()) <= {"no edge near the outline", "no contrast"}


def test_the_edge_s_place_beside_the_outline_is_told() -> None:
    found = Scene(15.0, 2.0).margin(scale=13 / 15)
    assert found.whole.offset_mm == pytest.approx(2.0, abs=0.2)


def test_a_slice_can_be_chosen_and_nothing_has_no_margin() -> None:
    scene = Scene(8.0, 2.0)
    region = scene.drawn()
    region[2] = region[1] // 2
    assert region_margin(scene.picture, region, scene.grid).slice_index == 1
    assert region_margin(scene.picture, region, scene.grid, slice_index=0) is None
    assert region_margin(scene.picture, np.zeros_like(region), scene.grid) is None
    with pytest.raises(InputError, match="no slice 3"):
        region_margin(scene.picture, region, scene.grid, slice_index=3)
    with pytest.raises(InputError, match="one shape"):
        region_margin(scene.picture[:2], region, scene.grid)
