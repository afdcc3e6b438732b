"""Open, then locked step by step, then signed: what is refused on the way, and with which words."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.reading import rules
from core.reading.edits import AddMark, MoveMark, SetAnswer, remove_mark, together
from core.reading.protocol import Protocol
from core.reading.reading import Mark, Reading
from core.reading.roi_edits import EditRoi

ORIGIN = (0.0, 0.0, 0.0)
LESION, NODE = Mark("m1", "lesion", ORIGIN), Mark("m2", "node", ORIGIN)


def region(reading: Reading, kind: str) -> EditRoi:
    mask = np.zeros(reading.grid.shape, bool)
    mask[1, 2:4, 2:4] = True
    return EditRoi.between(f"roi-{kind}", kind, None, mask)


@pytest.fixture
def detected(protocol: Protocol, reading: Reading) -> Reading:
    """A reading whose first step has all it needs."""
    for edit in (
        AddMark(LESION),
        AddMark(NODE),
        SetAnswer("detection_confidence", "m1", None, 5),
        SetAnswer("node_pattern", "m2", None, 1),
        SetAnswer("node_suspicion", "m2", None, 2),
        SetAnswer("margin_conspicuity", None, None, 3),
    ):
        reading = rules.apply_edit(protocol, reading, edit)
    return reading


@pytest.fixture
def complete(protocol: Protocol, detected: Reading) -> Reading:
    reading = rules.lock_step(protocol, detected)
    for kind in ("tumour", "reference", "noise"):
        reading = rules.apply_edit(protocol, reading, region(reading, kind))
    return reading


def test_a_complete_reading_can_be_signed_and_then_nothing_changes(
    protocol: Protocol, complete: Reading
) -> None:
    signed = rules.sign(protocol, complete)
    assert signed.signed and signed.missing(protocol) == ()
    with pytest.raises(InputError, match="signed and cannot change"):
        rules.apply_edit(protocol, signed, SetAnswer("margin_conspicuity", None, 3, 4))
    with pytest.raises(InputError, match="signed already"):
        rules.sign(protocol, signed)
    with pytest.raises(InputError, match="its steps are locked"):
        rules.lock_step(protocol, signed)


def test_what_is_missing_is_told_in_a_raters_words(protocol: Protocol, reading: Reading) -> None:
    reading = AddMark(NODE).apply(AddMark(LESION).apply(reading))
    assert reading.missing(protocol, "detection") == (
        "“Margin conspicuity of the tumour” is not answered",
        "“Confidence that this is a lesion” is not answered for lesion 1",
        "“Uptake pattern of the node” is not answered for node 1",
        "“Suspicion that the node is malignant” is not answered for node 1",
    )
    whole = reading.missing(protocol)
    assert "the reference tissue region is not drawn" in whole
    assert "the step “Quantification” is not done" in whole
    for word in ("m1", "m2", "margin_conspicuity", "roi"):
        assert not any(word in told for told in whole)


def test_neither_lock_nor_signature_while_something_is_missing(
    protocol: Protocol, reading: Reading, detected: Reading
) -> None:
    with pytest.raises(InputError, match="cannot be closed yet: “Margin"):
        rules.lock_step(protocol, reading)
    with pytest.raises(InputError, match=r"cannot be signed yet: .*tumour region is not drawn"):
        rules.sign(protocol, detected)
    with pytest.raises(InputError, match="the step “Quantification” is not done"):
        rules.sign(protocol, detected)


def test_an_empty_region_counts_as_not_drawn(protocol: Protocol, complete: Reading) -> None:
    drawn = complete.rois["roi-noise"]
    empty = EditRoi.between("roi-noise", "noise", drawn.mask, np.zeros_like(drawn.mask))
    reading = rules.apply_edit(protocol, complete, empty)
    assert reading.missing(protocol) == ("the noise region is not drawn",)


def test_a_region_of_less_than_a_voxel_counts_as_not_drawn(protocol: Protocol, complete: Reading) -> None:
    drawn = complete.rois["roi-noise"]
    for share, missing in ((127, ("the noise region is not drawn",)), (128, ())):
        sliver = np.zeros(drawn.mask.shape, np.uint8)
        sliver[1, 2, 2:4] = 127, share
        edit = EditRoi.between("roi-noise", "noise", drawn.mask, sliver)
        assert rules.apply_edit(protocol, complete, edit).missing(protocol) == missing


def test_the_last_step_is_signed_not_locked(protocol: Protocol, complete: Reading) -> None:
    with pytest.raises(InputError, match="last step; sign the case"):
        rules.lock_step(protocol, complete)


def test_what_belongs_to_a_locked_step_stays(protocol: Protocol, complete: Reading) -> None:
    for edit in (
        SetAnswer("margin_conspicuity", None, 3, 4),
        SetAnswer("detection_confidence", "m1", 5, 1),
        AddMark(Mark("m3", "lesion", ORIGIN)),
        remove_mark(complete, "m1"),
        MoveMark("m1", ORIGIN, (0.5, 0.0, 0.0)),
    ):
        with pytest.raises(InputError, match="step “Detection”, which is locked"):
            rules.apply_edit(protocol, complete, edit)


def test_an_answer_waits_for_its_step(protocol: Protocol, reading: Reading) -> None:
    from core.reading.protocol import parse_protocol

    later = parse_protocol(protocol.text.replace("    step: detection", "    step: quantification", 1), "x")
    with pytest.raises(InputError, match="“Quantification”, which is not open yet"):
        rules.apply_edit(later, reading, SetAnswer("margin_conspicuity", None, None, 3))


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (SetAnswer("margin_conspicuity", None, 3, 7), "answered with one of 1, 2, 3, 4, 5, not 7"),
        (SetAnswer("margin_conspicuity", "m1", None, 3), "about each case, not about lesion 1"),
        (SetAnswer("node_pattern", "m1", None, 3), "about each node, not about lesion 1"),
        (SetAnswer("node_pattern", None, None, 3), "about each node, not about this case"),
        (SetAnswer("node_pattern", "m9", None, 3), "what this answer is about is not there"),
        (SetAnswer("shoe_size", None, None, 3), "no question 'shoe_size'"),
        (MoveMark("m9", ORIGIN, ORIGIN), "the mark is not there"),
        (
            together(
                "x", AddMark(Mark("m8", "lesion", ORIGIN)), SetAnswer("detection_confidence", "m8", None, 9)
            ),
            "not 9",
        ),
    ],
)
def test_what_the_protocol_does_not_ask_is_refused(
    protocol: Protocol, detected: Reading, edit: SetAnswer, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        rules.apply_edit(protocol, detected, edit)


def test_a_kind_of_region_stands_once(protocol: Protocol, complete: Reading) -> None:
    second = EditRoi.between("other", "tumour", None, complete.rois["roi-tumour"].mask)
    with pytest.raises(InputError, match="has a tumour region already"):
        rules.apply_edit(protocol, complete, second)
    gone = EditRoi.between("roi-tumour", "tumour", complete.rois["roi-tumour"].mask, None)
    reading = rules.apply_edit(protocol, rules.apply_edit(protocol, complete, gone), second)
    assert [roi.roi_id for roi in reading.rois_of("tumour")] == ["other"]
