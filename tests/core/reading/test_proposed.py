"""A proposed region is taken in one step, and it stays known whether it was changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError
from core.reading.edits import edit_from_dict
from core.reading.proposed import origin, take_proposed
from core.reading.protocol import parse_protocol
from core.reading.roi_edits import change_roi, draw_roi
from tests.core.reading.states import EMPTY, same

PROTOCOL = Path(__file__).parents[3] / "resources" / "protocols" / "roi-quantification.yaml"


def test_a_proposed_region_is_known_as_proposed_until_it_is_changed() -> None:
    coverage = np.zeros(EMPTY.grid.shape, np.uint8)
    coverage[0, 1, 1:3] = 255
    for kind in ("reference", "noise"):
        edit, roi_id = take_proposed(EMPTY, kind, coverage)
        taken = edit.apply(EMPTY)
        assert origin(taken.answers, taken.rois[roi_id]) == "as proposed"
        changed = change_roi(taken.rois[roi_id], coverage // 2).apply(taken)
        assert origin(changed.answers, changed.rois[roi_id]) == "changed"
        back = change_roi(changed.rois[roi_id], coverage).apply(changed)
        assert origin(back.answers, back.rois[roi_id]) == "as proposed"
        assert same(edit.inverse().apply(taken), EMPTY)
        assert same(edit_from_dict(edit.as_dict()).apply(EMPTY), taken)


def test_a_drawn_region_was_not_proposed() -> None:
    drawn = draw_roi(EMPTY, "reference", np.full(EMPTY.grid.shape, 255, np.uint8))
    reading = drawn.apply(EMPTY)
    assert origin(reading.answers, reading.rois[drawn.roi_id]) == ""
    tumour = draw_roi(reading, "tumour", np.full(EMPTY.grid.shape, 255, np.uint8))
    reading = tumour.apply(reading)
    assert origin(reading.answers, reading.rois[tumour.roi_id]) == ""
    with pytest.raises(InputError, match="nothing is proposed"):
        take_proposed(reading, "tumour", np.zeros(EMPTY.grid.shape, np.uint8))


def test_a_protocol_proposes_what_can_be_proposed() -> None:
    text = PROTOCOL.read_text(encoding="utf-8")
    asked = text.replace(
        "kind: reference, step: quantification", "kind: reference, step: quantification, propose: true"
    )
    assert parse_protocol(asked, "here").roi_rule("reference").propose
    assert not parse_protocol(text, "here").roi_rule("reference").propose
    wrong = text.replace(
        "kind: tumour, step: quantification", "kind: tumour, step: quantification, propose: true"
    )
    with pytest.raises(
        InputError, match="'tumour' cannot be proposed; of regions only reference and noise can"
    ):
        parse_protocol(wrong, "here")
