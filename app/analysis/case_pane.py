"""One case with two readers: the picture with both readers' regions over each other, answers side by side."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from core.export.report.style import COLOURS
from core.imaging.volume import Volume
from core.reading.contrast import contrast_echo
from core.statistics.linking import union
from core.statistics.side_by_side import Line, Pair
from core.study.records import ScanImages, SignedReading
from widgets.outlines import Outline, Pin
from widgets.parts import label, patch_icon, spoken
from widgets.slice_view import SliceView
from widgets.value_table import ValueTable

# those of the report's typical cases
_COLOURS = (COLOURS[4], COLOURS[5])
_DIFFERS = "≠"


class CasePane(QWidget):
    """Asks for the cases that differ by `next_requested` and `previous_requested`."""

    next_requested = Signal()
    previous_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("case_pane")
        self.pair: Pair | None = None
        self.title = label("", "heading", name="case_title", wrap=True)
        self.stand = label("", "quiet", name="case_stand", wrap=True)
        self.patches = [QLabel(), QLabel()]
        self.names = [label("", name=f"case_reader_{number}") for number in (1, 2)]
        self.view = SliceView()
        spoken(self.view, "case_view", self.tr("Picture of the case"), " ")
        self.view.show_cursor = False
        self.answers = ValueTable("case_answers", self.tr("Both readers' answers"))
        self.previous = QPushButton(self.tr("Previous"))
        self.next = QPushButton(self.tr("Next disagreement"))
        self.next.setProperty("role", "main")
        spoken(self.previous, "case_previous", self.tr("Previous disagreement"),
               self.tr("The disagreement before (Shift+F)"))  # fmt: skip
        spoken(self.next, "case_next", self.next.text(),
               self.tr("The case whose answers differ next, the farthest apart first (F)"))  # fmt: skip
        self.previous.clicked.connect(self.previous_requested)
        self.next.clicked.connect(self.next_requested)
        self._lay_out()
        self.clear()

    def clear(self) -> None:
        """Show no case."""
        self.pair = None
        self.title.setText(self.tr("No case chosen"))
        self.stand.setText(self.tr("Click a point in a plot or a line under Cases, or press F"))
        for part in (*self.patches, *self.names):
            part.hide()
        self.view.set_picture(None)
        self.view.set_outlines(())
        self.view.set_pins(())
        self.answers.show_values((), ())

    def show_pair(self, pair: Pair, stand: str) -> None:
        """Show who read what, and wait for the pictures; `stand` is a line about it."""
        self.pair = pair
        reading = pair.first
        self.title.setText(f"{reading.subject}, {reading.visit}, {reading.field_t:g} T")
        about = [reading.group]
        if np.isfinite(pair.dice):
            about.append(self.tr("Dice of the tumour {value}").format(value=f"{pair.dice:.2f}"))
        self.stand.setText(" · ".join((*about, stand)) if stand else " · ".join(about))
        readings = _readings(pair)
        for place, (patch, name) in enumerate(zip(self.patches, self.names, strict=True)):
            there = place < len(readings)
            patch.setVisible(there)
            name.setVisible(there)
            if there:
                name.setText(readings[place].rater)
                patch.setPixmap(patch_icon(_COLOURS[place]).pixmap(20, 20))
        self.view.set_outlines(())
        self.view.set_pins(())
        self.view.wait_for(self.tr("Reading the pictures …"))
        self._show_answers(pair, [each.rater for each in readings])

    def show_images(self, pair: Pair, images: ScanImages) -> None:
        """Show the middle echo in the slice with most tumour, and both readers' regions and marks."""
        echo = contrast_echo(images.echoes.te_ms)
        geometry = images.echoes.geometry
        data = images.echoes.magnitude[echo]
        self.view.set_picture(Volume(data, geometry), f"TE {images.echoes.te_ms[echo]:.1f} ms")
        low, high = np.percentile(data[np.isfinite(data)], [1, 99.5])
        self.view.set_window(float(low + high) / 2, float(max(high - low, 1e-6)))
        self.view.set_outlines(
            tuple(
                Outline(f"{place}/{roi.roi_id}", roi.geometry, roi.coverage, _COLOURS[place],
                        polygons=roi.outlines)
                for place, reading in enumerate(_readings(pair))
                for roi in reading.rois.values()
            )
        )  # fmt: skip
        self.view.set_pins(
            tuple(
                Pin(f"{place}/{mark.mark_id}", mark.position_mm, mark.kind, _COLOURS[place])
                for place, reading in enumerate(_readings(pair))
                for mark in reading.marks.values()
            )
        )
        middle = [(size - 1) / 2 for size in geometry.shape]
        middle[0] = _fullest_slice(pair, geometry.shape[0])
        self.view.show_position(geometry.to_mm(np.array(middle)))

    def _show_answers(self, pair: Pair, raters: list[str]) -> None:
        readers = [f"reader_{place}" for place, _ in enumerate(raters)]
        rows = [
            {"differs": _DIFFERS if line.differs else "", "asked": _asked(line),
             "reader_0": line.first, "reader_1": line.second}
            for line in pair.lines
        ]  # fmt: skip
        self.answers.show_values(
            ("differs", "asked", *readers), rows, headings=(_DIFFERS, self.tr("Question"), *raters),
            wrapped=range(1, 2 + len(raters)),
            strong=frozenset(place for place, line in enumerate(pair.lines) if line.differs),
        )  # fmt: skip

    def _lay_out(self) -> None:
        legend = QHBoxLayout()
        legend.setSpacing(6)
        for patch, name in zip(self.patches, self.names, strict=True):
            legend.addWidget(patch)
            legend.addWidget(name)
            legend.addSpacing(8)
        legend.addStretch(1)
        flip = QHBoxLayout()
        flip.addWidget(self.previous)
        flip.addWidget(self.next, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        split.addWidget(self.answers)
        split.setSizes([340, 240])
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.stand)
        column.addLayout(legend)
        column.addWidget(split, 1)
        column.addLayout(flip)


def _readings(pair: Pair) -> tuple[SignedReading, ...]:
    return (pair.first,) if pair.second is None else (pair.first, pair.second)


def _asked(line: Line) -> str:
    return f"{line.about}: {line.text}" if line.about else line.text


def _fullest_slice(pair: Pair, slices: int) -> float:
    """Return the slice with most tumour of both readers, else most of any region, else the middle one."""
    for kinds in (("tumour",), ("node", "ablation", "ring", "other", "reference")):
        drawn = [
            region.sum((1, 2), dtype=np.int64)
            for reading in _readings(pair)
            for kind in kinds
            if (region := union(reading.rois.values(), kind)) is not None
        ]
        if drawn:
            return float(np.argmax(np.sum(drawn, axis=0)))
    return (slices - 1) / 2
