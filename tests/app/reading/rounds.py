"""A kit that begins with training and ends with the guess."""

from __future__ import annotations

from pathlib import Path

from core.reading.protocol import parse_protocol
from core.study.dealing import deal_kit
from core.study.records import Target
from core.study.store import Study
from core.study.training_set import TrainingAnswer, set_training
from tests.app.reading.conftest import LESION_MM, scan_images

WHY_SHARP = "Nothing blurs the border of the body in this picture."
WHY_LESION = "A round dark spot of 2 mm, seen in three slices."
PROTOCOL = """
id: rounds
version: "1"
title: Training first, a guess at the end
steps:
  - {id: reading, title: Reading, shows: [echoes, anatomy]}
training: {pass: 0.75, rounds: 2}
guess:
  visit: [24 h, baseline]
  group: [MNP & magnet, vehicle, MNP]
questions:
  - id: quality
    text: Quality of the pictures
    scope: case
    step: reading
    choices:
      - {value: 1, label: poor, anchor: Hardly to be read.}
      - {value: 2, label: good, anchor: Nothing stands in the way.}
  - id: sure
    text: Confidence that this is a lesion
    scope: lesion
    step: reading
    choices:
      - {value: 1, label: unsure, anchor: It may be a vessel.}
      - {value: 2, label: sure, anchor: It is a lesion.}
"""


def deal_rounds(folder: Path, *, training: bool = True) -> Path:
    """Deal two cases, after two rounds of two training cases, in one of which a lesion is expected."""
    text = PROTOCOL
    if not training:
        text = "\n".join(line for line in text.splitlines() if not line.startswith("training"))
    with Study.create(folder / "study", "Iron in mice") as study:
        for number, subject in enumerate(("mouse-1", "trainer") if training else ("mouse-1",)):
            for visit, group in (("baseline", "MNP"), ("24 h", "MNP")):
                study.add_scan(subject, group, visit, scan_images(number))
        if training:
            study.set_targets([Target("trainer", "L1", "lesion", True, 2.0, LESION_MM)])
            answers = [
                TrainingAnswer("trainer", "quality", 2, text=WHY_SHARP),
                TrainingAnswer("trainer", "sure", 2, visit="24 h", target="L1", text=WHY_LESION),
            ]
            set_training(study, ["trainer"], answers)
        return deal_kit(
            study, "Rater A", 1, parse_protocol(text, "the test's"), folder / "A.kit", seed="5"
        ).path
