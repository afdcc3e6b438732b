"""Makes the picture of a VolumeView: a coarse one at once, the full one piece by piece when the hand rests.

Nobody waits longer than for one coarse picture or one piece; both are kept as large as this machine can make
in that time.
"""

from __future__ import annotations

from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRectF, QSize, QSizeF, QTimer
from PySide6.QtGui import QColor, QImage, QPainter

from core.errors import AppError

if TYPE_CHECKING:  # vtk comes with it: imported when the first picture is made
    from widgets.volume_scene import Box, VolumeScene
    from widgets.volume_view import VolumeView

# a hand that rests so long is taken to have arrived
_REST_MS = 150
_COARSE_MS, _PIECE_MS = 100.0, 60.0
_FIRST_COARSE_PX, _LEAST_COARSE_PX = 200 * 200, 96 * 96
# Mesa's software renderer hands out squares of 64 to its threads
_FIRST_PIECE, _PIECE_STEP, _MOST_PIECE = 128, 64, 1024


class VolumePictures:
    """See the module. Graphics memory is held from the first picture until `release`."""

    def __init__(self, view: VolumeView) -> None:
        self._view = view
        self.image: QImage | None = None  # as it is by now: as fine as the screen, or coarse
        self.covers = QRectF()  # of the view; a fraction of a pixel more or less than all of it
        self.failure = ""  # why there can be none on this machine
        self._scene: VolumeScene | None = None
        self._changed = True  # the scene does not show what the view has
        self._coarse_due = False
        self._pieces: list[Box] | None = None
        self._coarse_px, self._piece = float(_FIRST_COARSE_PX), _FIRST_PIECE
        self._slowest_ms = 0.0  # of the whole pieces of one picture
        self._timer = QTimer(view)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._go_on)

    def release(self) -> None:
        """Give the graphics memory back; it is taken again when a picture is needed."""
        self._timer.stop()
        self.image, self._pieces = None, None
        if self._scene is not None:
            self._scene.close()
            self._scene = None

    def renew(self, *, from_elsewhere: bool = False) -> None:
        """Make a new picture: something in it is another.

        A change `from_elsewhere` waits until the hand rests: it draws or windows in another view, and must
        not be held up by a picture of this one.
        """
        self._changed = True
        self.redraw(_REST_MS if from_elsewhere else 0)

    def redraw(self, after_ms: int = 0) -> None:
        """Make a new picture: it is seen from elsewhere, or in another size."""
        view = self._view
        self._coarse_due, self._pieces = True, None
        if view.grey is None or self.failure:
            self.image = None
            self._timer.stop()
            view.update()
        elif view.isVisible():
            self._timer.start(after_ms)

    def _go_on(self) -> None:
        """Do the next piece of work: the coarse picture, then the full one piece by piece."""
        view = self._view
        if view.grey is None or not view.isVisible() or min(view.extent_px) < 8:
            return
        if self._coarse_due:
            self._paint_coarse()
            return
        if self._pieces is None:
            self._pieces = self._cut_up()
        elif self._pieces:
            self._paint_piece(self._pieces.pop(0))
        if self._pieces:
            self._timer.start(0)
        else:
            view.settled.emit()

    def _paint_coarse(self) -> None:
        view = self._view
        scene, fresh = self._ready_scene(), self._changed
        if scene is None:
            return
        self._tell(scene)
        full = view.width() * view.height() * view.devicePixelRatioF() ** 2
        scale = view.devicePixelRatioF() * min(1.0, (self._coarse_px / full) ** 0.5)
        width, height = max(round(view.width() * scale), 1), max(round(view.height() * scale), 1)
        begun = perf_counter()
        words = scene.picture(view.camera, view.extent_px, scale, (0, 0, width, height), coarse=True)
        if not fresh:
            # what is fresh must be sent to the graphics first, and says nothing of the next picture
            quicker = _COARSE_MS / max(1000 * (perf_counter() - begun), 1.0)
            self._coarse_px = max(min(self._coarse_px * min(max(quicker, 0.5), 1.5), full), _LEAST_COARSE_PX)
        self.image = QImage(words.data, width, height, 4 * width, QImage.Format.Format_RGBX8888).copy()
        self.covers = QRectF(0, 0, width / scale, height / scale)
        self._coarse_due = False
        view.update()
        self._timer.start(_REST_MS)

    def _ready_scene(self) -> VolumeScene | None:
        if self._scene is None and not self.failure:
            try:
                from widgets.volume_scene import VolumeScene  # noqa: PLC0415 - imports vtk

                self._scene = VolumeScene()
                self._changed = True
            except (ImportError, AppError) as error:
                known = isinstance(error, AppError)
                no_vtk = QCoreApplication.translate(
                    "VolumeView", "No 3D here: the package vtk cannot be loaded"
                )
                self.failure = str(error) if known else no_vtk
                self.redraw()
        return self._scene

    def _tell(self, scene: VolumeScene) -> None:
        view = self._view
        if self._changed:
            scene.set_volume(view.grey)
            scene.set_look(*view.levels(), brightest=view.mode == "mip")
            scene.set_cuts(tuple(view.cuts.values()))
            scene.set_surfaces(view.surfaces)
            self._changed = False

    def _cut_up(self) -> list[Box]:
        """Lay the coarse picture out at full size; return the pieces where anything is seen, middle first."""
        view = self._view
        ratio = view.devicePixelRatioF()
        size = QSize(ceil(view.width() * ratio), ceil(view.height() * ratio))
        full = QImage(size, QImage.Format.Format_RGB32)
        full.fill(QColor(0, 0, 0))
        painter = QPainter(full)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.image is not None:
            painter.drawImage(QRectF(QPointF(), self.covers.size() * ratio), self.image)
        painter.end()
        self.image, self.covers = full, QRectF(QPointF(), QSizeF(size) / ratio)
        if self._scene is None:
            return []
        seen = view.camera.project(self._scene.bounds_mm(), view.extent_px)[:, :2] * ratio
        (left, top), (right, bottom) = np.floor(seen.min(axis=0)) - 2, np.ceil(seen.max(axis=0)) + 2
        left, top = int(max(left, 0)), int(max(top, 0))
        right, bottom = int(min(right, size.width())), int(min(bottom, size.height()))
        side = self._piece = self._next_piece()
        boxes = [
            (x, y, min(side, right - x), min(side, bottom - y))
            for y in range(top, bottom, side)
            for x in range(left, right, side)
        ]
        middle = np.array([size.width(), size.height()]) / 2
        return sorted(boxes, key=lambda box: float(np.hypot(*(np.add(box[:2], side / 2) - middle))))

    def _next_piece(self) -> int:
        """Return the side of a piece for which the slowest one of the last picture would take its time."""
        grown = (_PIECE_MS / self._slowest_ms) ** 0.5 if self._slowest_ms else 1.0
        self._slowest_ms = 0.0
        steps = round(self._piece * min(max(grown, 0.5), 2.0) / _PIECE_STEP)
        return min(max(steps, 1) * _PIECE_STEP, _MOST_PIECE)

    def _paint_piece(self, box: Box) -> None:
        view = self._view
        if self._scene is None or self.image is None:
            return
        x, y, width, height = box
        ratio, begun = view.devicePixelRatioF(), perf_counter()
        words = self._scene.picture(view.camera, view.extent_px, ratio, box, coarse=False)
        took = 1000 * (perf_counter() - begun)
        if width * height >= self._piece**2:
            self._slowest_ms = max(self._slowest_ms, took)
        painter = QPainter(self.image)
        piece = QImage(words.data, width, height, 4 * width, QImage.Format.Format_RGBX8888)
        painter.drawImage(QPoint(x, y), piece)
        painter.end()
        view.update(QRectF(x / ratio, y / ratio, width / ratio, height / ratio).toAlignedRect())
