"""Text in the pixels of a scan: where it is likely, and the coordinator's decision on it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.study.manifest import Boxes, places_text
from app.study.pages.series import ROLE_NAMES
from core.imaging.burned_in import TextBox
from widgets.box_picture import Box, BoxPicture
from widgets.parts import Slider, label, spoken
from widgets.words import said


class TextDialog(QDialog):
    """`decided` says what goes into the manifest's column `burned_in`: "none", or "mask" with its places."""

    decided = Signal(str)

    def __init__(
        self,
        name: str,
        pictures: Mapping[str, NDArray[np.float32]],
        boxes: Boxes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("text_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # no title names a scan
        self.setWindowTitle(self.tr("Text in the pictures"))
        self._pictures = dict(pictures)
        self.boxes = {role: list(boxes.get(role, ())) for role in pictures}
        self.role = QComboBox()
        spoken(self.role, "text_role", self.tr("Series"))
        for role in pictures:
            self.role.addItem(said(ROLE_NAMES[role]), role)
        self.slice = Slider()
        spoken(self.slice, "text_slice", self.tr("Slice"))
        self.slice_text = label("", "quiet", name="text_slice_text")
        self.picture = BoxPicture("text_picture", self.tr("Slice with boxes"))
        self.places = label("", "quiet", name="text_places", wrap=True)
        self.none = QPushButton(self.tr("There is no text"))
        spoken(self.none, "text_none", self.none.text(), self.tr("The pictures stay as they are"))
        self.mask = QPushButton(self.tr("Mask the boxes"))
        self.mask.setProperty("role", "main")
        spoken(self.mask, "text_mask", self.mask.text(), self.tr("What lies in the boxes gets black"))
        self.cancel = QPushButton(self.tr("Decide later"))
        spoken(self.cancel, "text_cancel", self.cancel.text())
        self._lay_out(name)
        self.role.currentIndexChanged.connect(lambda _: self._show_role())
        self.slice.valueChanged.connect(lambda _: self._show_slice())
        self.picture.boxes_changed.connect(self._on_boxes)
        self.none.clicked.connect(lambda: self._decide("none"))
        self.mask.clicked.connect(lambda: self._decide(f"mask {places_text(self.boxes)}"))
        self.cancel.clicked.connect(self.reject)
        marked_first = next((place for place, role in enumerate(pictures) if self.boxes[role]), 0)
        self.role.setCurrentIndex(marked_first)
        self._show_role()

    def _chosen(self) -> str:
        return str(self.role.currentData())

    def _show_role(self) -> None:
        slices = len(self._pictures[self._chosen()])
        first = next((box.slices[0] for box in self.boxes[self._chosen()]), slices // 2)
        self.slice.setRange(0, slices - 1)
        self.slice.setValue(first)
        self._show_slice()

    def _show_slice(self) -> None:
        data, number = self._pictures[self._chosen()], self.slice.value()
        low, high = np.nanpercentile(data, (0.5, 99.8))
        grey = np.nan_to_num((data[number] - low) / max(high - low, 1e-9))
        here = [_box(box) for box in self.boxes[self._chosen()] if number in box.slices]
        self.picture.show_slice((np.clip(grey, 0, 1) * 255).astype(np.uint8), here)
        text = self.tr("Slice {number} of {count}")
        self.slice_text.setText(text.format(number=number + 1, count=len(data)))
        self._tell()

    def _on_boxes(self, boxes: tuple[Box, ...]) -> None:
        """What the hand drew holds for every slice: a name stands in all of them."""
        number, slices = self.slice.value(), tuple(range(len(self._pictures[self._chosen()])))
        elsewhere = [box for box in self.boxes[self._chosen()] if number not in box.slices]
        before = {_box(box): box for box in self.boxes[self._chosen()] if number in box.slices}
        self.boxes[self._chosen()] = [*elsewhere, *(before.get(box, TextBox(*box, slices)) for box in boxes)]
        self._tell()

    def _tell(self) -> None:
        words = self.tr("slices {first} to {last}, rows {top} to {bottom}, columns {left} to {right}")
        here = [
            words.format(
                first=box.slices[0] + 1, last=box.slices[-1] + 1, top=box.top + 1, bottom=box.bottom,
                left=box.left + 1, right=box.right,
            )
            for box in self.boxes[self._chosen()]
        ]  # fmt: skip
        self.places.setText("; ".join(here) or self.tr("No box in this series"))
        self.mask.setEnabled(any(self.boxes.values()))

    def _decide(self, decision: str) -> None:
        self.accept()
        self.decided.emit(decision)

    def _lay_out(self, name: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        about = self.tr(
            "{scan}: look through every series. Boxes are where text is likely; drag to add one, click one "
            "and press Delete to take it away, move it with the arrow keys. What you decide is recorded."
        ).format(scan=name)
        column.addWidget(label(about, name="text_about", wrap=True))
        row = QHBoxLayout()
        row.addWidget(self.role)
        row.addWidget(self.slice, 1)
        row.addWidget(self.slice_text)
        column.addLayout(row)
        column.addWidget(self.picture, 1)
        column.addWidget(self.places)
        row = QHBoxLayout()
        row.addStretch(1)
        for part in (self.cancel, self.none, self.mask):
            part.setAutoDefault(False)
            row.addWidget(part)
        column.addLayout(row)
        self.resize(720, 680)


def _box(box: TextBox) -> Box:
    return box.top, box.left, box.bottom, box.right
