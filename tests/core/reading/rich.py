"""A protocol that asks in every way there is."""

from __future__ import annotations

from core.reading.protocol import Protocol, parse_protocol

TEXT = """\
id: rich
version: "1"
title: Everything that can be asked
steps:
  - {id: look, title: Look, shows: [anatomy, echoes]}
  - {id: measure, title: Measure, shows: [anatomy, echoes, r2star]}
marks: {lesion: free, node: free}
rois:
  - {kind: tumour, step: measure, many: true}
  - {kind: reference, step: measure}
questions:
  - id: quality
    text: Image quality
    scope: case
    step: look
    choices:
      - {value: 1, label: not diagnostic, anchor: "Nothing can be said.", ends_case: true}
      - {value: 2, label: poor, anchor: "Something can be said."}
      - {value: 3, label: good, anchor: "All can be said."}
  - id: why
    text: Why it cannot be read
    scope: case
    step: look
    type: text
    most: 80
    when: {question: quality, is: [1]}
  - id: artefact
    text: Artefacts
    scope: case
    step: look
    when: {question: quality, is: [2, 3]}
    choices:
      - {value: 1, label: none, anchor: "None is seen."}
      - {value: 2, label: some, anchor: "Some are seen."}
  - id: artefact_source
    text: Where the artefacts come from
    scope: case
    step: look
    type: text
    when: {question: artefact, is: [2]}
  - id: sure
    text: Confidence
    scope: lesion
    step: look
    choices:
      - {value: 1, label: "no", anchor: "It is none."}
      - {value: 5, label: "yes", anchor: "It is one."}
  - id: size
    text: Longest diameter
    scope: lesion
    step: look
    type: number
    unit: mm
    least: 0.1
    most: 50
    decimals: 1
    measure: long_axis
    when: {question: sure, is: [5]}
  - id: counted
    text: Vessels
    scope: node
    step: look
    type: number
    required: false
  - id: rim
    text: Rim of the tumour
    scope: tumour
    step: measure
    choices:
      - {value: 1, label: sharp, anchor: "Sharp all round."}
      - {value: 2, label: blurred, anchor: "Blurred somewhere."}
  - id: rim_where
    text: Where the rim is blurred
    scope: tumour
    step: measure
    type: text
    when: {question: rim, is: [2]}
"""


def rich(*changes: tuple[str, str]) -> Protocol:
    """Return the protocol with some of its text replaced."""
    text = TEXT
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return parse_protocol(text, "rich.yaml")
