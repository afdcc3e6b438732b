"""The next case is there before it is opened, holds nothing of a later step, and costs the hand nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from app.reading import ahead
from app.reading.window import ReadingWindow
from app.workers import Workers
from core.imaging.volume import Volume
from core.reading.protocol import parse_protocol
from core.study import kit_pictures
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.store import Study
from tests.app.reading.conftest import opened, scan_images
from tests.app.reading.hand import CTRL, Hand
from tests.app.reading.test_reading_a_case import detect, quantify
from tests.signing import sign_as_rater

PATIENCE_MS = 30_000


PROTOCOL = """
id: open
version: "1"
title: All in one step, maps of every kind in its panes
steps:
  - id: look
    title: Look
    shows: [anatomy, echoes, r2star, flags, iron]
    hanging:
      layout: 2x2
      panes:
        - {picture: echoes, overlay: iron}
        - {picture: echoes, overlay: t2star, echo: 2}
        - {picture: anatomy, overlay: residual, window: [5, 95]}
        - {picture: r2star, overlay: r2star_se}
questions:
  - id: seen
    text: Seen
    scope: case
    step: look
    choices: [{value: 1, label: "no", anchor: "No."}, {value: 2, label: "yes", anchor: "Yes."}]
"""


def deal(folder: Path, protocol: str) -> Path:
    """A kit of three cases, with flags that hide a row of every slice."""
    with Study.create(folder / "study", "Open") as study:
        for number in range(3):
            images = scan_images(number)
            flags = np.zeros(images.echoes.geometry.shape, np.uint8)
            flags[:, 40] = 4
            images = replace(images, flags=Volume(flags, images.echoes.geometry))
            study.add_scan(f"mouse-{number}", "MNP", "24 h", images, [("/scans/a.dcm", "0" * 64)])
        deal_kit(study, "Rater A", 1, parse_protocol(protocol, "the test"), folder / "A.kit", seed="5")
    return folder / "A.kit"


@pytest.fixture(scope="module")
def open_kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit whose only step shows everything."""
    return deal(tmp_path_factory.mktemp("open"), PROTOCOL)


@pytest.fixture
def pictures_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files of pictures, in the order in which they are read."""
    read: list[str] = []
    whole = kit_pictures.check_picture
    monkeypatch.setattr(
        kit_pictures, "check_picture", lambda folder, name, sha: read.append(name) or whole(folder, name, sha)
    )
    return read


@pytest.fixture
def lanes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lanes of work begun by any window, in the order in which it was begun."""
    begun: list[str] = []
    start = Workers.start

    def noting_start(self: Workers, lane: str, *args: Any, **options: Any) -> None:
        begun.append(lane)
        start(self, lane, *args, **options)

    monkeypatch.setattr(Workers, "start", noting_start)
    return begun


def aliases(window: ReadingWindow) -> list[str]:
    return [case.alias for case in window.kit.cases()]


def wait_until_ready(qtbot, window: ReadingWindow) -> None:
    told = window.findChild(QLabel, "next_case")
    qtbot.waitUntil(lambda: told.text() == "Next case ready", timeout=PATIENCE_MS)


def wait_until_nothing_is_left_to_do(qtbot, window: ReadingWindow, lanes: list[str]) -> None:
    # the writing is prepared and the next case asked for in one go, when the open one has settled
    qtbot.waitUntil(lambda: "writing" in lanes and not window.workers.busy, timeout=PATIENCE_MS)


def test_the_next_case_is_open_as_soon_as_it_is_asked_for(qtbot, window, pictures_read) -> None:
    wait_until_ready(qtbot, window)
    read, (_, second, third) = len(pictures_read), aliases(window)
    Hand(window).key(Qt.Key.Key_Right, CTRL)
    # no event loop ran between key and this: nothing was waited for
    assert window.case.alias == second and window.case.ready
    assert len(pictures_read) == read
    assert window.findChild(QLabel, "next_case").text() == ""
    wait_until_ready(qtbot, window)
    assert {name.split("/")[1] for name in pictures_read[read:]} == {third}


def test_what_was_read_ahead_is_what_the_kit_holds(qtbot, window, kit_path, tmp_path) -> None:
    wait_until_ready(qtbot, window)
    Hand(window).key(Qt.Key.Key_Right, CTRL)
    with Kit.open(shutil.copytree(kit_path, tmp_path / "copy.kit")) as kit:
        held = kit.images(window.case.alias)
    np.testing.assert_array_equal(window.case.images.echoes.magnitude, held.echoes.magnitude)
    assert window.case.images.volumes.keys() == held.volumes.keys()
    np.testing.assert_array_equal(window.case.images.volumes["anatomy"].data, held.volumes["anatomy"].data)


def test_nothing_of_a_later_step_is_read_ahead(qtbot, window, pictures_read) -> None:
    """Not even when the open case has reached that step."""
    hand, first = Hand(window), window.case.alias
    wait_until_ready(qtbot, window)
    detect(hand)
    quantify(hand, qtbot)
    hand.key(Qt.Key.Key_Right, CTRL)
    wait_until_ready(qtbot, window)
    of_others = [name for name in pictures_read if f"/{first}/" not in name]
    assert {name.split("/")[1] for name in of_others} == set(aliases(window)) - {first}
    assert {Path(name).stem.split("-")[0] for name in of_others} == {"anatomy", "echoes"}
    of_first = {Path(name).stem for name in pictures_read if f"/{first}/" in name}
    assert {"r2star", "iron"} < of_first  # otherwise the line above could not fail


def test_closing_a_step_keeps_what_was_read_ahead(qtbot, window, pictures_read) -> None:
    hand, second = Hand(window), aliases(window)[1]
    wait_until_ready(qtbot, window)
    detect(hand)
    quantify(hand, qtbot)
    hand.key(Qt.Key.Key_Right, CTRL)
    assert window.case.ready
    assert len([name for name in pictures_read if f"/{second}/anatomy" in name]) == 1


def test_it_is_dropped_when_the_rater_goes_elsewhere(qtbot, window, pictures_read) -> None:
    wait_until_ready(qtbot, window)
    first, second, third = aliases(window)
    window.flow.open(third)
    assert window.case.ahead is None and not window.case.ready
    qtbot.waitUntil(lambda: window.case.ready)
    wait_until_ready(qtbot, window)
    # behind the last case comes the first that is not signed
    assert window.case.ahead.alias == first
    window.flow.open(second)
    qtbot.waitUntil(lambda: window.case.ready)
    assert [name for name in pictures_read if f"/{second}/anatomy" in name] == [
        f"images/{second}/anatomy.nii",
        f"images/{second}/anatomy.nii",
    ]


def test_signed_cases_are_passed_over(qtbot, open_kit, tmp_path) -> None:
    path = shutil.copytree(open_kit, tmp_path / "k.kit")
    with Kit.open(path) as kit:
        _, second, third = (case.alias for case in kit.cases())
        sign(kit, second)
    with opened(qtbot, path) as window:
        wait_until_ready(qtbot, window)
        assert window.case.ahead.alias == third


def sign(kit: Kit, alias: str) -> None:
    from core.reading.edits import SetAnswer

    kit.record(alias, SetAnswer("seen", None, None, 1))
    sign_as_rater(kit, alias)


def test_the_last_case_has_none_after_it(qtbot, open_kit, tmp_path, lanes) -> None:
    path = shutil.copytree(open_kit, tmp_path / "k.kit")
    with Kit.open(path) as kit:
        for alias in [case.alias for case in kit.cases()][1:]:
            sign(kit, alias)
    with opened(qtbot, path) as window:
        wait_until_nothing_is_left_to_do(qtbot, window, lanes)
        assert window.case.ahead is None
        assert window.findChild(QLabel, "next_case").text() == ""


def test_a_case_over_the_budget_is_read_when_it_is_opened(qtbot, window, pictures_read, monkeypatch) -> None:
    second = aliases(window)[1]
    monkeypatch.setattr(ahead, "BUDGET_BYTES", 2 * window.kit.image_bytes(second) - 1)
    told = window.findChild(QLabel, "next_case")
    qtbot.waitUntil(lambda: told.text() == "Next case not read ahead", timeout=PATIENCE_MS)
    assert "MB" in told.toolTip()
    assert not [name for name in pictures_read if f"/{second}/" in name]
    Hand(window).key(Qt.Key.Key_Right, CTRL)
    assert not window.case.ready
    qtbot.waitUntil(lambda: window.case.ready)


def test_what_is_wrong_with_the_next_case_is_said_when_it_is_opened(qtbot, kit_path, lanes) -> None:
    with Kit.open(kit_path) as kit:
        second = kit.cases()[1].alias
    (kit_path / "images" / second / "anatomy.nii").unlink()
    with opened(qtbot, kit_path) as window:
        text = window.findChild(QLabel, "message_text")
        wait_until_nothing_is_left_to_do(qtbot, window, lanes)
        assert "ahead" in lanes
        assert not text.isVisible() and window.case.ahead is None
        Hand(window).key(Qt.Key.Key_Right, CTRL)
        qtbot.waitUntil(text.isVisible)
        assert "is missing" in text.text()


@pytest.fixture
def both(qtbot, open_kit, tmp_path, monkeypatch) -> Iterator[tuple[ReadingWindow, ReadingWindow]]:
    """Two windows on the same kit, of which only the first reads ahead."""
    paths = [shutil.copytree(open_kit, tmp_path / f"{name}.kit") for name in ("with", "without")]
    with opened(qtbot, paths[0]) as reads_ahead:
        wait_until_ready(qtbot, reads_ahead)
        monkeypatch.setattr(ahead, "BUDGET_BYTES", 0)
        with opened(qtbot, paths[1]) as does_not:
            yield reads_ahead, does_not


def all_maps_shown(window: ReadingWindow) -> bool:
    return all(pane.view.overlay is not None for pane in window.views.panes)


def test_a_case_looks_the_same_read_ahead_or_not(qtbot, both) -> None:
    reads_ahead, does_not = both
    for window in both:
        window.flow.step(1)
    # the errors, which take longest to make, are there at once
    assert all_maps_shown(reads_ahead) and not does_not.case.ready
    qtbot.waitUntil(lambda: does_not.case.ready and all_maps_shown(does_not))
    for mine, other in zip(reads_ahead.views.panes, does_not.views.panes, strict=True):
        for pane in (mine, other):
            pane.view.clearFocus()  # only one of two windows has it, and shows that
        assert mine.view.grab().toImage() == other.view.grab().toImage()
    assert reads_ahead.maps.iron_error(1.0) == does_not.maps.iron_error(1.0)


def test_what_is_made_of_pictures_takes_no_more_than_they_do(qtbot, both) -> None:
    window, _ = both
    ready = window.case.ahead
    made = ready.prepared["maps"]
    # all that can be made: every map masked by the flags, and everything that follows
    assert all(made.volume(role) is not None for role in made.roles) and len(made.roles) == 5
    assert 0 < made.nbytes <= window.kit.image_bytes(ready.alias)


def test_3d_is_there_at_once_where_it_will_be_seen(qtbot, tmp_path) -> None:
    begin, end = PROTOCOL.index("    hanging:"), PROTOCOL.index("questions:")
    with opened(qtbot, deal(tmp_path, PROTOCOL[:begin] + PROTOCOL[end:])) as window:
        hand = Hand(window)
        hand.key("u")
        qtbot.waitUntil(lambda: window.volume.pane.view.grey is not None, timeout=PATIENCE_MS)
        window.flow.step(1)
        qtbot.waitUntil(lambda: window.case.ready and window.volume.pane.view.grey is not None)
        before = window.volume.pane.view.grey
        wait_until_ready(qtbot, window)
        window.flow.step(1)
        assert window.volume.pane.view.grey not in (None, before)


def test_reading_ahead_ends_with_the_window(qtbot, kit_path) -> None:
    with opened(qtbot, kit_path) as window:
        window.case.settled.emit()
    assert not window.workers.busy
