"""Questions of every type are read as they are written, and what cannot be asked is named with its line."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.imaging.roi import ROI_KINDS
from core.reading.protocol import parse_protocol
from core.reading.questions import MARK_KINDS, REGION_SCOPES, SCOPES, region_scope
from tests.core.reading.rich import TEXT, rich


def line_of(text: str, after: str = "questions:") -> int:
    """The line on which a text stands first, counted from 1."""
    start = TEXT.index(text, TEXT.index(after))
    return TEXT[:start].count("\n") + 1


def test_questions_are_what_the_text_says() -> None:
    protocol = rich()
    size = protocol.question("size")
    assert (size.type, size.unit, size.least, size.most, size.decimals) == ("number", "mm", 0.1, 50, 1)
    assert size.measure == "long_axis" and size.required and size.choices == ()
    assert size.when is not None and (size.when.question_id, size.when.values) == ("sure", (5,))
    why = protocol.question("why")
    assert (why.type, why.most) == ("text", 80)
    assert [choice.ends_case for choice in protocol.question("quality").choices] == [True, False, False]
    assert protocol.question("rim").roi_kind == "tumour" and protocol.question("rim").about == "tumour region"
    assert protocol.question("sure").roi_kind is None and protocol.question("sure").about == "lesion"
    counted = protocol.question("counted")
    assert not counted.required and counted.decimals == 0 and counted.unit == ""
    assert [(rule.kind, rule.many) for rule in protocol.rois] == [("tumour", True), ("reference", False)]
    assert protocol.required_rois == ("tumour", "reference") and protocol.roi_rule("noise") is None


def test_every_kind_of_region_can_be_asked_about_and_no_scope_means_two_things() -> None:
    assert len(set(SCOPES)) == len(SCOPES) == 1 + len(MARK_KINDS) + len(ROI_KINDS)
    assert {REGION_SCOPES[region_scope(kind)] for kind in ROI_KINDS} == set(ROI_KINDS)
    about_nodes = rich(
        ("scope: tumour\n    step: measure\n    choices", "scope: node_region\n    step: look\n    choices"),
        ("    when: {question: rim, is: [2]}\n", ""),
    )
    assert about_nodes.question("rim").roi_kind == "node"


def test_note_and_query_are_asked_of_every_case_and_never_required() -> None:
    protocol = rich()
    for name in ("note", "query"):
        question = protocol.question(name)
        assert (question.scope, question.type, question.required) == ("case", "text", False)
        assert question not in protocol.questions


def test_marks_are_free_unless_the_protocol_prescribes_them() -> None:
    assert rich().prescribed == ()
    assert rich(("node: free", "node: prescribed")).prescribed == ("node",)
    assert rich(("marks: {lesion: free, node: free}\n", "")).prescribed == ()


# what is changed in the text below
WHEN, SURE = "{question: sure, is: [5]}", "{question: sure"
RIM = "scope: tumour\n    step: measure\n    choices"
ENDS = "step: look\n    choices:\n      - {value: 1, label: not"
SHARP, POOR = 'label: sharp, anchor: "Sharp all round."', 'label: poor, anchor: "Something can be said."'


@pytest.mark.parametrize(
    ("old", "new", "named", "fault"),
    [
        ("marks: {lesion: free", "marks: {lesion: some", "marks:", "should be one of free, prescribed"),
        ("marks: {lesion: free", "marks: {liver: free", "marks:", "'liver' is not known here"),
        ("many: true", "many: often", "{kind: tumour", "'many' should be true or false"),
        ("type: number\n    unit: mm", "type: length\n    unit: mm", "type: number", "choice, number, text"),
        ("least: 0.1", "least: 70", "size\n", "70 is not less than 50"),
        ("least: 0.1", "least: little", "least: 0.1", "should be a number from"),
        ("least: 0.1", "least: .nan", "least: 0.1", "should be a number from"),
        ("decimals: 1", "decimals: 7", "size\n", "'decimals' should be 0 to 6, not 7"),
        ("decimals: 1", "decimals: 0.5", "decimals: 1", "should be a whole number"),
        ("unit: mm", "unit: 3", "unit: mm", "'unit' should be text"),
        ("measure: long_axis", "measure: weight", "measure: long", "'measure' should be one of long_axis"),
        ("unit: mm", "unit: mm\n    choices: []", "least: 0.1", "'choices' is not known here"),
        ("most: 80", "most: 0", "why\n", "should be 1 to 4000 characters, not 0"),
        ("most: 80", "most: 5000", "why\n", "should be 1 to 4000 characters, not 5000"),
        ("most: 80", "decimals: 2", "most: 80", "'decimals' is not known here"),
        ("scope: tumour", "scope: liver", "rim\n", "one of case, lesion, node, tumour, node_region"),
        ("id: counted", "id: note", "counted\n", "'note' is kept for the note that every case has"),
        ("id: counted", "id: query", "counted\n", "'query' is kept for the query that every case has"),
        (WHEN, "{question: sure}", SURE, "'is' is missing"),
        (WHEN, "{question: sure, is: 5}", SURE, "a list of whole numbers"),
        (WHEN, "{question: sure, is: []}", SURE, "a list of whole numbers"),
        (WHEN, "{question: sure, is: [yes]}", SURE, "a list of whole numbers"),
        (WHEN, "{question: sure, is: [5, 5]}", SURE, "holds a number twice"),
        (WHEN, "{question: sure, is: [4]}", "size\n", "wants 4, which is no choice of 'sure'"),
        (WHEN, "{question: shoe, is: [5]}", "size\n", "there is no question 'shoe'"),
        (WHEN, "{question: counted, is: [5]}", "size\n", "looks at 'counted', about each node"),
        (WHEN, "{question: why, is: [5]}", "size\n", "wants 5, which is no choice of 'why'"),
        (WHEN, "{question: sure, is: [5], or: [1]}", SURE, "'or' is not known"),
        ("when: {question: quality, is: [2, 3]}", "when: {question: artefact, is: [1]}", "artefact\n",
         "the condition of 'artefact' runs in a circle: artefact on artefact"),
        (ENDS, ENDS.replace("look", "measure"), "why\n",
         "looks at 'quality', which is asked in a later step"),
        (RIM, RIM.replace("measure", "look"), "rim\n",
         "is about each tumour region, which is finished in a later step"),
        (SHARP, "label: sharp, ends_case: true, anchor: x", "label: sharp",
         "only a question about the case can end it; 'rim' is about each tumour"),
        (POOR, "label: poor, ends_case: true, anchor: x", "quality\n",
         "the answer 2 of 'quality' ends the case, so a required question of type text"),
        ("most: 80\n", "most: 80\n    required: false\n", "quality\n", "must ask why, when 'quality' is 1"),
        ("ends_case: true", "ends_case: 1", "ends_case", "'ends_case' should be true or false"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_line(old: str, new: str, named: str, fault: str) -> None:
    assert TEXT.count(old) >= 1
    line = line_of(named, "title:")
    with pytest.raises(InputError) as caught:
        parse_protocol(TEXT.replace(old, new, 1), "p.yaml")
    message = str(caught.value)
    assert fault in message and "\n" not in message, message
    assert message.startswith(f"p.yaml line {line}: "), message


def test_a_circle_of_conditions_is_named_at_its_first_question() -> None:
    text = TEXT.replace("when: {question: quality, is: [2, 3]}", "when: {question: third, is: [1]}").replace(
        "  - id: sure",
        "  - id: third\n    text: Third\n    scope: case\n    step: look\n"
        "    when: {question: artefact, is: [1]}\n    choices:\n"
        "      - {value: 1, label: a, anchor: a}\n      - {value: 2, label: b, anchor: b}\n  - id: sure",
    )
    with pytest.raises(
        InputError, match=r"'artefact' runs in a circle: artefact on third on artefact"
    ) as caught:
        parse_protocol(text, "p.yaml")
    assert str(caught.value).startswith(f"p.yaml line {line_of('artefact' + chr(10))}: ")
