"""A protocol is believed only when every line of it is understood."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from core.errors import InputError
from core.reading.protocol import MARK_KINDS, Protocol, load_protocol, parse_protocol

SOUND = """\
id: small
version: "2"
title: A small protocol
steps:
  - {id: look, title: Look, shows: [echoes]}
  - {id: measure, title: Measure, shows: [echoes, iron]}
rois:
  - {kind: tumour, step: measure}
questions:
  - id: sure
    text: Is it there?
    scope: lesion
    step: look
    choices:
      - {value: 1, label: "no", anchor: "It is not there."}
      - {value: 2, label: "yes", anchor: "It is there."}
"""


def test_the_studys_protocol_asks_what_the_study_needs(protocol: Protocol) -> None:
    scopes = {question.id: question.scope for question in protocol.questions}
    assert scopes == {
        "margin_conspicuity": "case",
        "detection_confidence": "lesion",
        "node_pattern": "node",
        "node_suspicion": "node",
    }
    assert set(protocol.required_rois) == {"tumour", "reference", "noise"}
    for question in protocol.questions:
        assert [choice.value for choice in question.choices] == [1, 2, 3, 4, 5]
        assert question.required and question.source
        assert all(choice.anchor and choice.label for choice in question.choices)
    assert "r2star" not in protocol.steps[0].shows and "iron" not in protocol.steps[0].shows
    assert {"r2star", "iron"} <= set(protocol.steps[1].shows)


def test_a_dark_node_speaks_for_benign_and_a_bright_one_for_malignant(protocol: Protocol) -> None:
    choices = {choice.value: choice.anchor for choice in protocol.question("node_pattern").choices}
    assert "low signal" in choices[1] and "benign" in choices[1]
    assert "high signal" in choices[5] and "malignant" in choices[5]


def test_a_protocol_is_named_by_the_hash_of_its_text() -> None:
    protocol = parse_protocol(SOUND, "x")
    assert protocol.text == SOUND
    assert protocol.sha256 == hashlib.sha256(SOUND.encode()).hexdigest()
    assert parse_protocol(SOUND + "# note\n", "x").sha256 != protocol.sha256


def test_a_map_has_the_range_that_the_protocol_gives_it(protocol: Protocol) -> None:
    ranged = parse_protocol(SOUND + "maps: {iron: [-5, 62.5]}\n", "x")
    assert ranged.map_range("iron") == (-5.0, 62.5)
    assert ranged.map_range("r2star") is None
    assert parse_protocol(SOUND, "x").map_range("iron") is None
    assert protocol.map_range("r2star") and protocol.map_range("iron")


def test_steps_of_marks_and_regions_are_found() -> None:
    protocol = parse_protocol(SOUND, "x")
    assert protocol.mark_step("lesion") == 0 and protocol.mark_step("node") is None
    assert protocol.roi_step("tumour") == 1 and protocol.roi_step("noise") is None
    assert protocol.washout_days == 28 and protocol.coils == 1
    assert [q.id for kind in MARK_KINDS for q in protocol.asked_of(kind)] == ["sure"]
    with pytest.raises(InputError, match="no question 'size'"):
        protocol.question("size")


def test_another_number_of_coils_is_another_protocol() -> None:
    several = parse_protocol(SOUND + "coils: 8\n", "x")
    assert several.coils == 8
    assert several.sha256 != parse_protocol(SOUND, "x").sha256


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        ("id: small", "id: [small]", 1, "'id' should be text"),
        ("id: small", "id: a b", 1, "short name of letters"),
        ("id: small\n", "", 1, "'id' is missing"),
        ('version: "2"', "version: 2", 2, "'version' should be text"),
        ("title: A small", "titel: A small", 1, "'title' is missing"),
        ("title: A small protocol", "title: A\ntitle: B", 4, "'title' stands twice"),
        ("title: A small protocol", "title: A\nwashout_days: -1", 1, "should not be negative"),
        ("title: A small protocol", "title: A\nwashout_days: soon", 4, "should be a whole number"),
        ("title: A small protocol", "title: A\ncoils: 0", 4, "a whole number from 1 to 256"),
        ("title: A small protocol", "title: A\ncoils: 257", 4, "a whole number from 1 to 256"),
        ("title: A small protocol", "title: A\ncoils: 2.5", 4, "should be a whole number"),
        ("title: A small protocol", "title: A\ncoils: eight", 4, "should be a whole number"),
        ("title: A small protocol", "title: A\ncoils: true", 4, "should be a whole number"),
        ("title: A small protocol", "title: A\ncolour: red", 4, "'colour' is not known here"),
        (
            "title: A small protocol",
            "title: A\nmaps: {iron: [0, 60, 70]}",
            4,
            "two numbers, [lowest, highest]",
        ),
        ("title: A small protocol", "title: A\nmaps: {iron: [60, 0]}", 4, "two numbers, [lowest, highest]"),
        ("title: A small protocol", "title: A\nmaps: {iron: [0, .inf]}", 4, "two numbers, [lowest, highest]"),
        ("title: A small protocol", "title: A\nmaps: {iron: [.nan, 1]}", 4, "two numbers, [lowest, highest]"),
        ("title: A small protocol", "title: A\nmaps: {iron: [true, 2]}", 4, "two numbers, [lowest, highest]"),
        ("title: A small protocol", "title: A\nmaps: {iron: 60}", 4, "two numbers, [lowest, highest]"),
        ("title: A small protocol", "title: A\nmaps: [iron]", 4, "a set of named entries"),
        ("title: A small protocol", "title: A\nmaps: {heart: [0, 1]}", 4, "'heart' is not known here"),
        ("shows: [echoes]", "shows: [echoes, heart]", 5, "'heart' is not one of"),
        ("shows: [echoes]", "shows: [echoes, echoes]", 5, "'echoes' stands twice"),
        ("shows: [echoes]", "shows: []", 5, "shows nothing"),
        ("shows: [echoes]", "shows: echoes", 5, "should be a list"),
        ("shows: [echoes]", "shows: [anatomy]", 5, "the first step must show 'echoes'"),
        ("id: measure", "id: look", 6, "the step 'look' stands twice"),
        ("kind: tumour", "kind: liver", 8, "'liver' is not one of"),
        ("step: measure}", "step: think}", 8, "there is no step 'think'"),
        (
            "- {kind: tumour, step: measure}",
            "- {kind: tumour, step: look}\n  - {kind: tumour, step: look}",
            9,
            "stands twice",
        ),
        ("scope: lesion", "scope: liver", 10, "should be one of case, lesion, node"),
        ("step: look\n    ch", "step: lock\n    ch", 10, "a step 'lock' that is not there"),
        ("value: 2", "value: 1", 16, "the value 1 stands twice"),
        ("value: 2", "value: 12", 16, "cannot be typed with one key"),
        ("value: 2", "value: two", 16, "'value' should be a whole number"),
        ('      - {value: 2, label: "yes", anchor: "It is there."}\n', "", 10, "at least two choices"),
        ('anchor: "It is there."', 'anchor: ""', 16, "'anchor' should be text"),
        ('anchor: "It is there."', "", 16, "'anchor' is missing"),
        ("questions:", "questions: none\nmore:", 9, "'questions' should be a list"),
        ("text: Is it there?", "text: Is it there?\n    required: maybe", 12, "should be true or false"),
        ("  - id: sure", "  - sure", 11, "mapping values are not allowed"),
        ("id: small", "id: 'small", 1, "unexpected end of stream"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int, fault: str) -> None:
    assert SOUND.count(old) >= 1
    with pytest.raises(InputError) as caught:
        parse_protocol(SOUND.replace(old, new, 1), "p.yaml")
    message = str(caught.value)
    assert message.startswith(f"p.yaml line {line}: "), message
    assert fault in message and "\n" not in message


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n- b\n", "just words", "id: {a: 1}", "\0"])
def test_what_is_no_protocol_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_protocol(text, "p.yaml")
    assert "\n" not in str(caught.value) and str(caught.value).startswith("p.yaml")


def test_a_question_that_stands_twice_is_refused() -> None:
    head, questions = SOUND.split("questions:\n")
    with pytest.raises(InputError, match="the question 'sure' stands twice"):
        parse_protocol(f"{head}questions:\n{questions}{questions}", "p.yaml")


def test_a_text_that_grows_when_it_is_read_is_refused() -> None:
    bomb = "a: &a [x, x]\nb: &b [*a, *a]\n" + "".join(
        f"{chr(99 + n)}: &{chr(99 + n)} [*{chr(98 + n)}, *{chr(98 + n)}]\n" for n in range(20)
    )
    with pytest.raises(InputError):
        parse_protocol(bomb, "p.yaml")
    with pytest.raises(InputError, match="too long"):
        parse_protocol("#" * 1_000_001, "p.yaml")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        load_protocol(tmp_path / "none.yaml")
    binary = tmp_path / "p.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        load_protocol(binary)


def test_a_text_nested_without_end_is_refused_in_one_line():
    with pytest.raises(InputError, match="nested far too deep"):
        parse_protocol("[" * 5000, "the test")
