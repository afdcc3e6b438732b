"""The page before the signature: everything that was done, what is missing, and where it is given."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from core.imaging.region_numbers import region_numbers
from core.study.signing import MEANING
from tests.app.reading.conftest import LESION_MM, NODE_MM, TUMOUR_MM
from tests.app.reading.hand import CTRL, Hand
from tests.app.reading.test_reading_a_case import detect, quantify
from widgets.review_page import ReviewPage


@pytest.fixture
def hand(window) -> Hand:
    return Hand(window)


@pytest.fixture
def page(window) -> ReviewPage:
    return window.findChild(ReviewPage, "review_page")


def lines(page: ReviewPage) -> list[str]:
    return [label.text() for label in page.area.widget().findChildren(QLabel)]


def after(page: ReviewPage, text: str, times: int = 0) -> str:
    """What stands behind a line's words."""
    said = lines(page)
    places = [place for place, line in enumerate(said) if line == text]
    return said[places[times] + 1]


def test_before_signing_everything_stands_on_a_page(hand, page, qtbot):
    detect(hand)
    quantify(hand, qtbot)
    hand.key(Qt.Key.Key_Return, CTRL)
    assert page.isVisible() and not hand.right.isVisible()
    protocol, reading = hand.window.kit.protocol, hand.window.case.reading
    assert after(page, "Margin conspicuity of the tumour") == "4  good"
    assert after(page, "Confidence that this is a lesion") == "5  definitely"
    assert after(page, "Uptake pattern of the node") == "1  whole node dark"
    for question in protocol.questions:
        assert question.text in lines(page)
    for place, mark in enumerate(reading.marks.values()):
        depth = hand.right.plane.slice_of(mark.position_mm)
        assert after(page, "Place", place) == f"slice {depth + 1} of 8"
    volumes = hand.window.case.images.volumes
    for place, roi in enumerate(reading.rois.values()):
        size = after(page, "Size", place)
        assert float(size.split(" mm² ")[0]) == pytest.approx(roi.area_mm2, rel=0.01)
        assert float(size.split(", ")[1].split(" ")[0]) == pytest.approx(roi.volume_mm3, rel=0.01)
        found = region_numbers(volumes["r2star"], roi.coverage, roi.geometry)
        told = after(page, "R2*", place)
        assert told == "– 1/s" or float(told.split(" ")[0]) == pytest.approx(found.mean, rel=0.01)
    assert after(page, "Contrast").startswith("CNR ")
    assert MEANING in hand.text("review_meaning")
    assert "Everything that is asked is there" in hand.text("review_state")
    assert page.links == []
    hand.key(Qt.Key.Key_Return, CTRL)
    assert reading is not hand.window.case.reading and hand.window.case.reading.signed
    assert not page.isVisible() and hand.right.isVisible()


def test_signing_can_be_thought_over(hand, page, qtbot):
    detect(hand)
    quantify(hand, qtbot)
    for back in ("finish_back", "review_back", Qt.Key.Key_Escape):
        hand.press("finish_button")
        assert page.isVisible() and hand.child("finish_confirm").isVisible()
        page.area.setFocus()
        hand.press(back) if isinstance(back, str) else hand.key(back)
        assert not page.isVisible() and not hand.child("finish_confirm").isVisible()
        assert hand.child("finish_button").isVisible()
    assert not hand.window.case.reading.signed


def test_what_is_missing_is_a_link_that_leads_there(hand, page, qtbot):
    detect(hand)
    hand.finish()
    qtbot.waitUntil(lambda: "iron" in hand.window.case.images.volumes)
    hand.press("finish_button")
    assert page.isVisible()
    # the three regions; the page opens with the keys on the first
    assert len(page.links) == 3
    assert "3 things are missing" in hand.text("review_state")
    assert QApplication.focusWidget() is page.links[0]
    page.links[1].click()
    assert not page.isVisible()
    assert (hand.window.tools.regions.kind, hand.window.tools.tool) == ("reference", "polygon")


def test_the_page_can_be_looked_at_at_any_time_and_leads_to_questions(hand, page, qtbot):
    hand.key("n")
    hand.click_at(NODE_MM)
    hand.key("4")
    hand.key(Qt.Key.Key_F5)
    assert page.isVisible()
    # the pattern is answered; suspicion and the tumour's margin are not
    assert [link.accessibleName() for link in page.links] == [
        "Margin conspicuity of the tumour: not answered",
        "Suspicion that the node is malignant: not answered",
    ]
    # nothing is signed where the first of two steps is closed
    assert hand.text("review_meaning") == ""
    page.links[1].setFocus()
    hand.key(Qt.Key.Key_Return)
    assert not page.isVisible()
    assert hand.window.answers.current[0] == "node_suspicion"
    hand.key(Qt.Key.Key_F5)
    hand.key(Qt.Key.Key_F5)
    assert not page.isVisible()


def test_the_page_follows_what_is_answered_while_it_stands(hand, page):
    hand.key(Qt.Key.Key_F5)
    assert len(page.links) == 1
    hand.key("2")
    assert page.isVisible() and page.links == []
    assert after(page, "Margin conspicuity of the tumour") == "2  poor"


def test_missing_on_the_page_is_what_the_reading_says_is_missing(hand, page, qtbot):
    reading, protocol = lambda: hand.window.case.reading, hand.window.kit.protocol
    hand.key("l")
    for place in (LESION_MM, TUMOUR_MM):
        hand.click_at(place)
    for _ in range(3):
        hand.key(Qt.Key.Key_F5)
        step = protocol.steps[reading().step_index].id
        assert len(page.links) == len(reading().missing(protocol, step))
        hand.key(Qt.Key.Key_F5)
        hand.key("3")
    hand.key(Qt.Key.Key_F5)
    assert page.links == [] == list(reading().missing(protocol, step))


def test_another_case_shows_its_pictures(hand, page, qtbot):
    alias = hand.window.case.alias
    hand.key(Qt.Key.Key_F5)
    hand.key(Qt.Key.Key_Right, CTRL)
    qtbot.waitUntil(lambda: hand.window.case.ready and hand.window.case.alias != alias)
    assert not page.isVisible()


def test_note_query_and_rulers_stand_on_it(hand, page):
    from core.reading.edits import AddRuler
    from core.reading.reading import Ruler

    hand.key(Qt.Key.Key_F3)
    hand.key("half the tail is missing")
    hand.key(Qt.Key.Key_Return)
    hand.key(Qt.Key.Key_F4)
    hand.key(Qt.Key.Key_Escape)
    x, y, z = TUMOUR_MM
    hand.window.case.edit(AddRuler(Ruler("1" * 32, TUMOUR_MM, (x + 7.25, y, z))))
    hand.key(Qt.Key.Key_F5)
    assert after(page, "Note") == "half the tail is missing"
    assert after(page, "Query") == "flagged"
    assert after(page, "Ruler 1") == "7.25 mm"
