"""The coordinator learns what would tell visits apart before a rater does."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

from core.imaging.volume import EchoSeries, Volume
from core.reading.protocol import Protocol
from core.study.dealing import deal_kit
from core.study.records import Scan
from core.study.store import Study
from core.study.tells import Looks, tells
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
    assert len(told) == 2 and "visits differ in echo times" in told[0] and "groups" in told[1]
