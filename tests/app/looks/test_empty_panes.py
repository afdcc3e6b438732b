"""Empty panes say what they wait for, in every state; what is written keeps off the pictures."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import pytest

from core.reading.protocol import load_protocol, parse_protocol
from core.study.dealing import deal_kit
from core.study.store import Study
from tests.app.reading.conftest import PROTOCOL, opened, scan_images
from widgets.image_pane import ImagePane

HANGING = """\
    hanging:
      layout: 2x2
      panes:
        - {picture: anatomy}
        - {picture: echoes}
        - {picture: gre3d, plane: coronal}
        - {picture: volume}
"""


@pytest.fixture
def bare_kit(tmp_path):
    """Echoes alone, where the protocol hangs anatomy, a 3D GRE and 3D too."""
    text = re.sub(r"    hanging:\n(?:      .*\n)+", "", load_protocol(PROTOCOL).text)
    shows = "shows: [anatomy, echoes, gre3d]\n"
    assert shows in text
    protocol = parse_protocol(text.replace(shows, shows + HANGING, 1), "test")
    with Study.create(tmp_path / "study", "Iron in mice") as study:
        for number in range(2):
            images = replace(scan_images(number), anatomy=None)
            study.add_scan(f"mouse-{number}", "MNP", "24 h", images, [("/scans/a.dcm", "0" * 64)])
        deal_kit(study, "Rater A", 1, protocol, tmp_path / "A.kit", seed="5")
    return tmp_path / "A.kit"


def told(window) -> list[str]:
    """What the four panes say in place of a picture, to the eye and to a screen reader."""
    shown = [pane.controls()[-1] for pane in window.views.panes]
    for view in shown:
        assert view.accessibleDescription() in ("", view.waiting_for)
    return [view.accessibleDescription() for view in shown]


def test_a_case_without_what_the_protocol_hangs_says_so_and_another_can_be_chosen(qtbot, bare_kit):
    with opened(qtbot, bare_kit) as window:
        qtbot.waitUntil(lambda: not window.workers.busy)
        first, second, third, fourth = told(window)
        assert "T2 anatomy" in first and "3D GRE" in third and second == ""
        assert fourth.startswith("Waits for a 3D GRE")
        left = window.findChild(ImagePane, "left")
        assert left.picture.currentText() == "T2 anatomy"
        left.picture.setCurrentIndex(left.picture.findData("echoes"))
        assert left.view.volume is not None and told(window)[0] == ""


def test_a_case_being_read_and_one_that_cannot_be_read_say_so(qtbot, bare_kit, tmp_path):
    kit = shutil.copytree(bare_kit, tmp_path / "B.kit")
    with opened(qtbot, kit) as window:
        other = next(row.alias for row in window.worklist.model.rows if row.alias != window.case.alias)
        shutil.rmtree(kit / "images" / other)
        window.flow.open(other)
        if not window.case.ready:
            assert all(f"Reading the pictures of case {other}" in text for text in told(window))
        qtbot.waitUntil(lambda: bool(window.messages.text.text()))
        assert all(f"case {other} could not be read" in text for text in told(window))
