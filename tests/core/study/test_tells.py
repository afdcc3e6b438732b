"""The coordinator learns what would tell visits apart before a rater does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import Protocol
from core.study.dealing import deal_kit
from core.study.records import Scan
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
    ]  # fmt: skip


def test_everything_that_shows_without_anatomy_is_looked_at() -> None:
    grid = Geometry.axial((10, 64, 48), (2.0, 0.5, 0.25))
    base = looks_of(grid, [2.0, 4.0], {"anatomy", "r2star"}, {"anatomy": (10, 128, 96)})
    assert (base.slices, base.field_of_view, base.echoes) == ("10", "20 x 32 x 12", "2")
    turned = grid.affine.copy()
    turned[:, 0] *= -1
    changed = {
        "orientation": looks_of(
            Geometry(grid.shape, turned), [2.0, 4.0], {"anatomy", "r2star"}, {"anatomy": (10, 128, 96)}
        ),
        "anatomy": looks_of(grid, [2.0, 4.0], {"anatomy", "r2star"}, {"anatomy": (10, 96, 96)}),
        "echo_times": looks_of(grid, [2.0, 4.1], {"anatomy", "r2star"}, {"anatomy": (10, 128, 96)}),
        "pictures": looks_of(grid, [2.0, 4.0], {"r2star"}, {"anatomy": (10, 128, 96)}),
    }
    for name, other in changed.items():
        differing = [key for key, value in vars(other).items() if value != getattr(base, key)]
        assert differing == [name]
    moved = looks_of(
        grid.moved((5.0, -3.0, 90.0)), [2.0, 4.0], {"anatomy", "r2star"}, {"anatomy": (10, 128, 96)}
    )
    assert moved == base  # where it lies in the scanner does not show in a kit
