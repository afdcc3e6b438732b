"""The contrast that a rater is shown is the one that the analysis records, whatever coils a study has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDoubleSpinBox, QLabel

from app.reading.figures import figure
from core.export.results import analyse_study
from core.export.tables import read_csv
from core.reading.protocol import parse_protocol
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.records import ScanImages
from core.study.store import Study
from tests.app.reading.conftest import (
    AIR_MM,
    ECHO_GRID,
    MUSCLE_MM,
    NOISE,
    TE_MS,
    TUMOUR_MM,
    animal,
    opened,
    scan_images,
)
from tests.app.reading.hand import CTRL, Hand
from tests.signing import sign_as_rater

TEXT = """
id: contrast
version: "1"
title: Contrast
coils: {coils}
steps:
  - {{id: reading, title: Reading, shows: [echoes]}}
questions:
  - {{id: remark, text: Remark, scope: case, step: reading, type: text, required: false}}
"""
MIDDLE = len(TE_MS) // 2


def joined(coils: int) -> ScanImages:
    """The animal through coils of equal sensitivity, joined by root sum of squares."""
    draw = np.random.default_rng(coils)
    signal, r2star = animal(ECHO_GRID)
    clean = np.stack([signal * np.exp(-te * r2star / 1000) for te in TE_MS]) / np.sqrt(coils)
    power = np.zeros(clean.shape)
    for _ in range(coils):
        real, imaginary = draw.normal(0, NOISE, (2, *clean.shape))
        power += (clean + real) ** 2 + imaginary**2
    images = scan_images(1)
    magnitude = np.rint(np.sqrt(power)).astype(np.float32)
    return replace(images, echoes=replace(images.echoes, magnitude=magnitude))


@pytest.fixture
def dealt_by(tmp_path: Path) -> Callable[..., Path]:
    """Deal a kit of one case: pictures of so many coils, by a protocol that says so many."""

    def deal(coils: int, said: int) -> Path:
        with Study.create(tmp_path / "study", "Iron in mice") as study:
            study.add_scan("mouse", "MNP", "24 h", joined(coils))
            protocol = parse_protocol(TEXT.format(coils=said), "the test's")
            return deal_kit(study, "Rater A", 1, protocol, tmp_path / "A.kit", seed="5").path

    return deal


def draw_regions(hand: Hand) -> None:
    """Paint tumour, reference tissue and air, and turn to the echo that an analysis takes."""
    for key, place in (("t", TUMOUR_MM), ("r", MUSCLE_MM), ("a", AIR_MM)):
        hand.key(key)
        hand.key("b")
        hand.child("option_brush_mm", QDoubleSpinBox).setValue(4.0)
        hand.drag_along([place])
    hand.right.setFocus()
    for _ in range(MIDDLE):
        hand.key(Qt.Key.Key_Right)


def recorded(kit: Path, out: Path) -> dict[str, str]:
    """Sign the case, collect the kit, analyse the study: the line of `reads.csv`."""
    with Kit.open(kit) as opened_kit:
        sign_as_rater(opened_kit, opened_kit.cases()[0].alias)
    with Study.open(kit.parent / "study") as study:
        collect(study, kit)
        analyse_study(study.data(), out, report=False)
    columns, (row,) = read_csv(out / "reads.csv")
    return dict(zip(columns, row, strict=True))


@pytest.mark.parametrize(
    ("coils", "method"), [(1, "air SD/0.655 (one coil)"), (8, "air SD/0.701 (8 coils, sum of squares)")]
)
def test_the_contrast_shown_is_the_one_recorded(qtbot, language, dealt_by, tmp_path, coils, method):
    path = dealt_by(coils, coils)
    with opened(qtbot, path) as window:
        hand = Hand(window)
        draw_regions(hand)
        shown = hand.text("number-cnr")
        # the picture has the coils that the protocol says: nothing to doubt
        assert hand.child("number-cnr").property("role") != "warning"
        assert hand.text("message_text") == ""
    row = recorded(path, tmp_path / "results")
    assert float(row["cnr_te_ms"]) == TE_MS[MIDDLE]
    assert row["cnr_noise_method"] == method
    assert shown.startswith(f"CNR at {TE_MS[MIDDLE]:g} ms: {figure(float(row['cnr']))} by {method}")


def test_air_of_other_coils_than_the_protocol_says_is_doubted(qtbot, language, dealt_by):
    with opened(qtbot, dealt_by(1, 8)) as window:
        hand = Hand(window)
        draw_regions(hand)
        contrast = hand.child("number-cnr")
        assert "8 coils" in contrast.text()
        assert contrast.property("role") == "warning" and "air's mean" in contrast.toolTip()
        assert "less noise than its SD" in hand.text("message_text")


def test_a_rater_is_not_asked_for_coils(qtbot, language, dealt_by):
    with opened(qtbot, dealt_by(1, 1)) as window:
        hand = Hand(window)
        hand.key("a")
        options = [field.objectName() for field in window.findChildren(QDoubleSpinBox)]
        assert "option_margin_mm" in options and "option_coils" not in options


def test_of_several_regions_and_another_echo_the_contrast_that_is_recorded_is_said(
    qtbot, language, dealt_by, tmp_path
):
    path = dealt_by(1, 1)
    with opened(qtbot, path) as window:
        hand = Hand(window)
        draw_regions(hand)
        one = hand.text("number-cnr")
        assert "recorded" not in one
        hand.key("t")
        hand.key("b")
        hand.key("n", CTRL)
        # a second tumour, half of it in muscle: alone it has another contrast than both together
        hand.drag_along([(TUMOUR_MM[0] + 3.6, *TUMOUR_MM[1:])])
        assert len(window.case.reading.rois_of("tumour")) == 2
        hand.right.setFocus()
        hand.key(Qt.Key.Key_Left)
        shown = hand.text("number-cnr")
        hand.key(Qt.Key.Key_F5)
        page = [label.text() for label in hand.child("review_page").findChildren(QLabel)]
    cnr = figure(float(recorded(path, tmp_path / "results")["cnr"]))
    of_shown = f"; chosen regions at {TE_MS[MIDDLE - 1]:g} ms: "
    assert shown.startswith(f"CNR recorded: {cnr} at {TE_MS[MIDDLE]:g} ms{of_shown}")
    assert shown.split(of_shown)[1].split(" ")[0] != cnr
    # what is signed is what is recorded
    assert page[page.index("Contrast") + 1].startswith(f"CNR at {TE_MS[MIDDLE]:g} ms: {cnr} by ")
