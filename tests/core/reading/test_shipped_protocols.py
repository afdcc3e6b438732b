"""The protocols that come with the program: what each asks, from where, and that no text changes unseen."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from core.reading.protocol import Protocol, load_protocol
from core.reading.questions import CHOICE_PICTURES

FOLDER = Path(__file__).parents[3] / "resources" / "protocols"
FILES = sorted(FOLDER.glob("*.yaml"))
# Every version that ever left the house. A text that changes gets another version and a line of its own:
# answers are compared by the words they were asked with.
RELEASED = {
    ("ablative-margin", "1.0"): "5f36738d818ffe02d445422a909bf2a3692a87e0d835c078ddeee7643b7e390d",
    ("liver-lesions", "1.0"): "024a0db3956f2e6c513959677abc94f8c738528a532e84b630463b0711089fe1",
    ("lymph-nodes", "1.0"): "5500292081943ea08098e23d6d8907a09485f4202a93b9e707fe07919283dd54",
    ("roi-quantification", "1.0"): "bb9ee0b651304bd3b8ea87c13a89f4e8c0ca3be455e1b4b5efba9fbc0c114f47",
    ("tumour-and-nodes", "1.2"): "2d63426eef5879276ff167fd56d3846c671aaa9c79b9a9e5cfa5f677f07d3ebb",
    ("tumour-and-nodes", "1.3"): "e32ab0cf2b7659333faf43689475663384d628bfdf8e7fde72e9728f298a1988",
    ("tumour-conspicuity", "1.0"): "6781fe980d49acd567415a7c4416fbce147cd90c930fe84353d972af9ad8e55c",
}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def shipped(request: pytest.FixtureRequest) -> Protocol:
    return load_protocol(request.param)


def named(name: str) -> Protocol:
    return load_protocol(FOLDER / f"{name}.yaml")


def test_a_text_that_changed_has_another_version(shipped):
    assert RELEASED.get((shipped.id, shipped.version)) == shipped.sha256, (
        "the text of a released version changed: raise the version, and add the new one to RELEASED"
    )


def test_the_hash_is_that_of_the_file(shipped):
    assert hashlib.sha256((FOLDER / f"{shipped.id}.yaml").read_bytes()).hexdigest() == shipped.sha256


def test_every_scale_has_its_source_and_an_anchor_for_every_value(shipped):
    for question in shipped.questions:
        if question.when is None or question.type != "text":
            assert question.source, question.id
        assert all(len(choice.anchor) > 10 for choice in question.choices)
        assert len({choice.label for choice in question.choices}) == len(question.choices)


def test_a_case_that_cannot_be_judged_ends_with_the_reason(shipped):
    if shipped.id == "tumour-and-nodes":
        # the study's own reads every case to its end
        assert shipped.ending({}) is None
        return
    answers = {("image_quality", None): 1, ("quality_reason", None): "motion"}
    ending = shipped.ending(answers)
    assert ending.reason == "motion" and ending.choice.label == "not assessable"
    assert shipped.ending({("image_quality", None): 2}) is None


def test_pictures_stand_beside_what_is_seen_as_a_pattern():
    for name, question, pictures in (
        (
            "lymph-nodes",
            "node_pattern",
            ("node_dark", "node_hilum", "node_patchy", "node_focal", "node_bright"),
        ),
        ("ablative-margin", "ablative_margin", ("margin_complete", "margin_gap", "margin_protrusion")),
    ):
        assert tuple(choice.picture for choice in named(name).question(question).choices) == pictures
    assert len(named("liver-lesions").question("enhancement_pattern").choices) == 6
    used = {
        choice.picture
        for path in FILES
        for question in load_protocol(path).questions
        for choice in question.choices
    }
    assert used - {""} == set(CHOICE_PICTURES)


def test_a_lesion_that_is_none_is_not_measured():
    protocol = named("tumour-conspicuity")
    for confidence, asked in ((1, False), (2, True), (5, True)):
        answers = {("detection_confidence", "m"): confidence}
        for name in ("margin_conspicuity", "size_mm"):
            assert protocol.is_asked(protocol.question(name), "m", answers) == asked


def test_the_thickness_is_asked_of_an_unbroken_rim_alone():
    protocol = named("ablative-margin")
    thickness = protocol.question("least_thickness_mm")
    assert [c.label for c in protocol.question("ablative_margin").choices] == ["AM(+)", "AM(0)", "AM(-)"]
    for value, asked in ((1, True), (2, False), (3, False)):
        assert protocol.is_asked(thickness, "m", {("ablative_margin", "m"): value}) == asked
    assert thickness.measure == "ruler" and thickness.unit == "mm"


def test_regions_are_drawn_and_asked_about_where_they_are_quantified():
    protocol = named("roi-quantification")
    assert set(protocol.required_rois) == {"tumour", "reference", "noise"}
    assert {question.scope for question in protocol.questions} == {"case", "tumour", "reference", "noise"}
