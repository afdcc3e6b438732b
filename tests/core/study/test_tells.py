"""The coordinator learns what would tell visits apart before a rater does."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import Protocol
from core.study.as_dealt import centre_mm, dealt_grid
from core.study.dealing import deal_kit
from core.study.records import Scan, ScanImages
from core.study.store import Study
from core.study.tells import Looks, looks_of, tells
from tests.core.study.conftest import scan_images

PLAIN = Looks("10 x 64 x 64", "1 x 0.3 x 0.3", "2 4 8", "anatomy r2star")
SCANS = [
    Scan(f"{subject}-{visit}-{field}", subject, f"group {subject}", visit, field)
    for subject, visit, field in product("ab", ("baseline", "24 h"), (0.064, 3.0))
]


def test_scans_that_look_alike_tell_nothing() -> None:
    assert tells({scan.scan_id: PLAIN for scan in SCANS}, SCANS) == ()


def test_fields_may_differ_since_they_show_by_themselves() -> None:
    coarse = replace(PLAIN, matrix="5 x 32 x 32")
    assert tells({s.scan_id: coarse if s.field_t < 1 else PLAIN for s in SCANS}, SCANS) == ()


def test_what_differs_between_visits_or_groups_is_listed() -> None:
    looks = {scan.scan_id: PLAIN for scan in SCANS}
    for subject in "ab":
        looks[f"{subject}-24 h-3.0"] = replace(PLAIN, matrix="12 x 64 x 64")
    looks["a-baseline-0.064"] = looks["a-24 h-0.064"] = replace(PLAIN, pictures="r2star")
    assert tells(looks, SCANS) == (
        "0.064 T: groups differ in pictures: group a r2star (2); group b anatomy r2star (2)",
        "3 T: visits differ in matrix: 24 h 12 x 64 x 64 (2); baseline 10 x 64 x 64 (2)",
    )


def test_what_one_visit_has_more_often_tells_it_and_a_few_values_are_named() -> None:
    scans = [
        Scan(f"{subject}-{visit}", str(subject), "a group", visit, 3.0)
        for subject, visit in product(range(10), ("baseline", "24 h"))
    ]
    large = replace(PLAIN, matrix="10 x 96 x 96")
    looks = {
        scan.scan_id: large if (scan.subject == "0") == (scan.visit == "baseline") else PLAIN
        for scan in scans
    }
    assert tells(looks, scans) == (
        "3 T: visits differ in matrix: 24 h 10 x 96 x 96 (9), 10 x 64 x 64 (1); "
        "baseline 10 x 64 x 64 (9), 10 x 96 x 96 (1)",
    )
    own = {scan.scan_id: replace(PLAIN, orientation=scan.scan_id) for scan in scans}
    line, alone = tells(own, scans)
    assert line.count("(1)") == 8 and line.count(", ... (6)") == 2
    assert alone == (
        "3 T: 20 of 20 scans look like no other (orientation), so whoever has two raters' kits can lay them "
        "side by side"
    )


def test_scans_that_can_be_matched_between_kits_are_counted() -> None:
    looks = {scan.scan_id: PLAIN for scan in SCANS}
    looks["a-24 h-3.0"] = looks["b-24 h-3.0"] = replace(PLAIN, orientation="o")
    assert not [line for line in tells(looks, SCANS) if "no other" in line]
    looks["a-baseline-3.0"] = replace(PLAIN, orientation="p", matrix="1 x 1 x 1")
    looks["b-baseline-0.064"] = replace(PLAIN, gre3d="g")
    assert [line.split(",")[0] for line in tells(looks, SCANS) if "no other" in line] == [
        "0.064 T: 1 of 4 scans look like no other (gre3d)",
        "3 T: 2 of 4 scans look like no other (matrix",
    ]
    # one of two values twice each, and yet every scan alone
    both = {scan.scan_id: replace(PLAIN, slices=scan.subject, echoes=scan.visit) for scan in SCANS}
    assert next(line for line in tells(both, SCANS) if "no other" in line).startswith(
        "0.064 T: 4 of 4 scans look like no other (in several things together)"
    )


def test_dealing_reports_what_tells(study: Study, protocol: Protocol, tmp_path: Path) -> None:
    assert deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit").tells == ()
    images = scan_images(9)
    short = images.echoes
    assert images.r2star_per_s is not None
    other = replace(
        images,
        echoes=EchoSeries(short.magnitude[:2], short.te_ms[:2], short.geometry, None, 3.0),
        r2star_per_s=Volume(images.r2star_per_s.data, short.geometry),
    )
    study.add_scan("mouse-1", "vehicle", "1 h", other)
    told = deal_kit(study, "Cleo", 1, protocol, tmp_path / "c.kit").tells
    assert [line.split(":")[1].strip() for line in told] == [
        "visits differ in echo times", "groups differ in echo times",
        "visits differ in echoes", "groups differ in echoes",
        "1 of 5 scans look like no other (echo times, echoes), so whoever has two raters' kits can lay them "
        "side by side",
    ]  # fmt: skip


def test_everything_that_shows_without_anatomy_is_looked_at() -> None:
    grid = Geometry.axial((10, 64, 48), (2.0, 0.5, 0.25))
    anatomy = Geometry.axial((10, 128, 96), (2.0, 0.25, 0.125))
    roles = {"anatomy", "r2star"}

    def looks(te_ms=(2.0, 4.0), grid=grid, anatomy=anatomy, roles=roles, fractions=()) -> Looks:
        return looks_of(grid, te_ms, roles, {"anatomy": anatomy}, fractions)

    base = looks()
    assert (base.slices, base.field_of_view, base.echoes) == ("10", "20 x 32 x 12", "2")
    turned = grid.affine.copy()
    turned[:, 0] *= -1
    turned[:3, 3] -= grid.affine[:3, 0] * -9  # about the same middle
    changed = {
        "orientation": looks(grid=Geometry(grid.shape, turned)),
        "echo_times": looks((2.0, 4.0002)),
        "pictures": looks(roles={"r2star"}),
        "fractions": looks(fractions={"echoes"}),
        "anatomy": looks(anatomy=Geometry.axial((10, 128, 96), (2.0, 0.25, 0.1251), (-0.00475, 0, 0))),
        "anatomy_place": looks(anatomy=anatomy.moved((0.0, 0.001, 0.0))),
    }
    for name, other in changed.items():
        differing = [key for key, value in vars(other).items() if value != getattr(base, key)]
        assert differing == [name]
    away = (5.1, -3.7, 90.3)
    # where it lies in the scanner does not show in a kit
    assert looks(grid=grid.moved(away), anatomy=anatomy.moved(away)) == base


def late(images: ScanImages, what: str) -> ScanImages:
    """Change a scan in what no eye sees, as one visit's scans may differ."""
    echoes = images.echoes
    affine, te_ms, magnitude = echoes.geometry.affine.copy(), echoes.te_ms, echoes.magnitude
    if what == "spacing":
        affine[:3, :3] *= 1.0004
    if what == "orientation":
        angle = np.deg2rad(0.2)
        cos, sin = np.cos(angle), np.sin(angle)
        affine[:3, :3] = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]]) @ affine[:3, :3]
    if what == "echo times":
        te_ms = (2.0, 4.0, 8.0002)
    if what == "fractions":
        magnitude = magnitude * np.float32(0.37)
    if what == "noise":
        affine[:3, :3] *= 1 + 1e-7
        te_ms = (2.0, 4.0, 8.0000002)
    grid = Geometry(echoes.geometry.shape, affine)
    return ScanImages(echoes=EchoSeries(magnitude, te_ms, grid, None, 3.0), sigma=7.5, fit_method="nlls")


@pytest.mark.parametrize("what", ["noise", "spacing", "orientation", "echo times", "fractions"])
def test_what_a_kit_tells_to_its_last_digit_is_listed(protocol: Protocol, tmp_path: Path, what: str) -> None:
    with Study.create(tmp_path / "study", "S") as study:
        for number, (subject, visit) in enumerate(product("ab", ("baseline", "24 h"))):
            images = scan_images(number, (31.1 + number, -17.3, 400.7 * (number + 1)))
            study.add_scan(subject, f"group {subject}", visit, late(images, what if visit == "24 h" else ""))
        deal = deal_kit(study, "Ann", 1, protocol, tmp_path / "a.kit", repeat_fraction=0.5)
        visits = {entry.alias: entry.visit for entry in study.key_entries()}
    sizes = {path.stat().st_size for path in deal.path.rglob("echoes-*.nii")}
    assert len(sizes) == 1  # of one type, whatever the study stores
    shown: dict[str, set[tuple[str, float]]] = {}
    with contextlib.closing(sqlite3.connect(deal.path / "kit.sqlite")) as connection:
        sql = "SELECT cases.alias, grid, te_ms FROM cases JOIN images USING (alias) WHERE number = 3"
        for alias, grid, te_ms in connection.execute(sql):
            shown.setdefault(visits[alias], set()).add((grid, te_ms))
    told = [line for line in deal.tells if "visits differ" in line]
    if what == "noise":
        assert deal.tells == () and shown["baseline"] == shown["24 h"] and len(shown["24 h"]) == 1
    else:
        assert any(f"visits differ in {what}:" in line for line in told), deal.tells
        assert (shown["baseline"] == shown["24 h"]) == (what == "fractions")


def test_what_is_dealt_lies_where_it_was_scanned() -> None:
    """Rounding moves no voxel by a hundredth of its size, as far out as pictures go."""
    turn, _ = np.linalg.qr(np.random.default_rng(3).normal(size=(3, 3)))
    affine = np.eye(4)
    affine[:3, :3] = turn * (1.0, 0.0781254, 0.0781254)
    affine[:3, 3] = (31.0, -17.0, 400.0)
    grid = Geometry((40, 256, 256), affine)
    dealt = dealt_grid(grid, centre_mm(grid))
    corners = np.array(list(product((0, 39), (0, 255), (0, 255))))
    off = dealt.to_mm(corners) - (grid.to_mm(corners) - centre_mm(grid))
    assert 0 < np.abs(off).max() < 0.01 * 0.078
    # what is on the half goes the same way whatever the noise
    spacings = {
        dealt_grid(Geometry.axial((2, 2, 2), (1.0, 0.078125 + noise, 1.0)), (0, 0, 0)).spacing_mm
        for noise in (-1e-8, 0.0, 1e-8)
    }
    assert len(spacings) == 1
