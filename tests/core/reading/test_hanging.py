"""How pictures hang is believed only when every word of it can be shown."""

from __future__ import annotations

import pytest

from core.errors import InputError
from core.reading.hanging import LAYOUTS, HangingPane
from core.reading.protocol import Protocol, parse_protocol

TEXT = """\
id: small
version: "2"
title: A small protocol
steps:
  - id: look
    title: Look
    shows: [anatomy, echoes, gre3d]
    hanging:
      layout: 1+3
      panes:
        - {picture: gre3d, plane: coronal, zoom: 2, window: [1, 99.5]}
        - {picture: echoes, echo: 3}
        - {picture: volume}
  - id: measure
    title: Measure
    shows: [r2star]
    hanging: {layout: 1x1, panes: [{picture: echoes, overlay: t2star}]}
questions:
  - id: sure
    text: Is it there?
    scope: lesion
    step: look
    choices:
      - {value: 1, label: "no", anchor: "It is not there."}
      - {value: 2, label: "yes", anchor: "It is there."}
"""


def test_each_step_hangs_as_it_says() -> None:
    first, second = (step.hanging for step in parse_protocol(TEXT, "x").steps)
    assert first is not None and second is not None
    assert first.layout == "1+3"
    assert first.panes == (
        HangingPane("gre3d", "coronal", window=(1.0, 99.5), zoom=2.0),
        HangingPane("echoes", echo=3),
        HangingPane("volume"),
    )
    # what an earlier step shows stays open
    assert second.panes == (HangingPane("echoes", overlay="t2star"),)


def test_a_step_need_not_say_how_it_hangs() -> None:
    plain = TEXT.replace("    hanging: {layout: 1x1, panes: [{picture: echoes, overlay: t2star}]}\n", "")
    assert parse_protocol(plain, "x").steps[1].hanging is None


def test_the_studys_protocol_hangs_both_steps(protocol: Protocol) -> None:
    for step in protocol.steps:
        assert step.hanging is not None
        assert len(step.hanging.panes) == LAYOUTS[step.hanging.layout]


@pytest.mark.parametrize(
    ("old", "new", "line", "fault"),
    [
        ("layout: 1+3", "layout: 3x3", 9, "'layout' should be one of 1x1, 1x2, 1+3, 2x2"),
        ("layout: 1+3", "grid: 1+3", 9, "'layout' is missing"),
        ("layout: 1+3", "layout: 1x2", 9, "the layout 1x2 has 2 panes, not 3"),
        ("layout: 1+3", "layout: 1+3\n      colour: red", 10, "'colour' is not known here"),
        ("picture: volume", "picture: heart", 13, "'picture' should be one of anatomy"),
        ("picture: volume", "picture: iron", 13, "the picture 'iron' is not shown in this step"),
        (", gre3d]", "]", 11, "'gre3d' is not shown in this step"),
        ("plane: coronal", "plane: top", 11, "'plane' should be one of as_scanned, axial"),
        ("zoom: 2", "zoom: 0", 11, "'zoom' should be a number from 0.25 to 20"),
        ("zoom: 2", "zoom: true", 11, "'zoom' should be a number"),
        ("zoom: 2", "zoom: .nan", 11, "'zoom' should be a number"),
        ("window: [1, 99.5]", "window: [-1, 99]", 11, "two percentiles from 0 to 100"),
        ("window: [1, 99.5]", "window: [99, 1]", 11, "two numbers, [lowest, highest]"),
        ("echo: 3", "echo: 0", 12, "'echo' counts from 1"),
        ("echo: 3", "echo: late", 12, "'echo' should be a whole number"),
        ("picture: volume", "picture: anatomy, echo: 2", 13, "'echo' counts from 1 and belongs to"),
        ("picture: volume", "picture: anatomy, overlay: iron", 13, "the overlay 'iron' needs 'iron'"),
        ("overlay: t2star", "overlay: heart", 17, "'overlay' should be one of r2star"),
        ("picture: volume", "picture: volume, window: [1, 99]", 13, "'window' is for grey pictures"),
        ("picture: volume", "picture: volume, glow: 1", 13, "'glow' is not known here"),
    ],
)
def test_a_fault_is_named_with_its_line(old: str, new: str, line: int, fault: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError) as caught:
        parse_protocol(TEXT.replace(old, new, 1), "p.yaml")
    message = str(caught.value)
    assert message.startswith(f"p.yaml line {line}: "), message
    assert fault in message and "\n" not in message
