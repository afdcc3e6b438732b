"""A scripted rater: drives the real reading window with mouse and keys, and judges by the pixels it shows.

The script says where to look (a radiologist would search); what is seen there, how sure and how sharp, comes
from the grey values of the painted window plus a seeded error of judgement, so that two raters agree as
people do: neither wholly nor by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QEventLoop, QPoint, QPointF, Qt, QTimer, SignalInstance
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.demo.script import CaseScript, Position, Spot
from app.reading.window import ReadingWindow
from core.errors import AppError
from widgets.slice_view import SliceView

# of a demo's raters; a person who opens a kit of the demo chooses their own
PASSWORD = "demo password"
_WAIT_S = 300
_LEFT = Qt.MouseButton.LeftButton
_CTRL = Qt.KeyboardModifier.ControlModifier
_PLAIN = Qt.KeyboardModifier.NoModifier

# contrast over spread from which a score is 2, 3, 4, 5; below the first a lesion is passed over
_CONFIDENCE = (0.55, 0.9, 1.3, 1.9)
_MARGIN = (1.5, 3.0, 5.0, 9.0)
# the sharper T2 picture counts less than the echoes, whose iron contrast is what the study asks about
_ANATOMY_WEIGHT = 1 / 3
# a lesion of this radius is judged by its contrast alone; smaller ones are harder to see, larger ones easier
_EASY_RADIUS_MM = 1.5
# error of judgement: spread of the factor by which a rater sees more or less than there is
_ERROR = 0.22
# an outline strays by this share of its radius, and by half of it as a whole
_STRAY = 0.07
# a node's tissue counts as bright above this share of the muscle's grey; the share of it that is bright
# tells the pattern: 2, 3, 4, 5
_BRIGHT = 0.95
_PATTERN = (0.05, 0.15, 0.3, 0.75)


@dataclass(frozen=True)
class _Seen:
    """Grey values in a spot and in the ring round it, 0 to 255."""

    inside: NDArray[np.float64]
    around: NDArray[np.float64]

    @property
    def contrast(self) -> float:
        """Difference of the medians over the spread of the surroundings."""
        spread = 1.4826 * np.median(np.abs(self.around - np.median(self.around))) + 3.0
        return float(abs(np.median(self.inside) - np.median(self.around)) / spread)

    def share_above(self, grey: float) -> float:
        """Share of the spot that is brighter than a grey value."""
        return float(np.mean(self.inside > grey))


class ScriptedRater:
    """Reads every case of a kit; `snapshot` is called with a name at moments worth a picture."""

    def __init__(
        self,
        window: ReadingWindow,
        scripts: Mapping[str, CaseScript],
        rng: np.random.Generator,
        snapshot: Callable[[str], None] = lambda name: None,
    ) -> None:
        self._window = window
        self._scripts = scripts
        self._rng = rng
        self._snapshot = snapshot
        self._left, self._right = window.views.views
        self._margin = 0

    def read_all(self, progress: Callable[[float, str], None] = lambda fraction, what: None) -> None:
        """Read and sign every case, in the kit's order."""
        aliases = [case.alias for case in self._window.kit.cases()]
        for number, alias in enumerate(aliases):
            progress(number / len(aliases), f"case {number + 1} of {len(aliases)}")
            self.read_case(alias)
            if number + 1 < len(aliases):
                self._finish()

    def read_case(self, alias: str) -> None:
        """Read the case that is open, and sign it."""
        self._window.door.touch()
        case = self._window.case
        self._wait(case.opened, lambda: case.ready and case.alias == alias, f"case {alias} to open")
        script = self._scripts[alias]
        seen = self._survey(script)
        for spot, score in seen:
            self._mark(spot, score)
        self._answer_margin(script)
        self._snapshot("detection")
        step = case.reading.step_index
        self._finish()
        self._wait(
            case.opened, lambda: case.ready and case.reading.step_index > step, f"the next step of {alias}"
        )
        self._draw_regions(script)
        self._snapshot("quantification")
        self._finish()
        self._wait(case.signed, lambda: case.reading.signed, f"{alias} to be signed")
        self._snapshot("signed")

    # ---- looking

    def _survey(self, script: CaseScript) -> list[tuple[Spot, tuple[int, ...]]]:
        """Look at every spot before anything is drawn over it; return those that are seen, with answers."""
        self._clean_pictures()
        self._show_later_echo()
        muscle = self._muscle_grey(script)
        found = []
        for spot in script.spots:
            self._scroll_to(spot.position_mm)
            if spot.kind == "node":
                found.append((spot, self._judge_node(spot, muscle)))
                continue
            anatomy = self._look(self._left, spot.position_mm, spot.radius_mm).contrast
            echo = self._look(self._right, spot.position_mm, spot.radius_mm).contrast
            size = min(spot.radius_mm / _EASY_RADIUS_MM, 1.5)
            confidence = self._score(size * max(_ANATOMY_WEIGHT * anatomy, echo), _CONFIDENCE)
            if confidence > 1:
                found.append((spot, (confidence,)))
        self._scroll_to(script.tumour_mm)
        tumour = self._look(self._right, script.tumour_mm, script.tumour_radius_mm)
        self._margin = self._score(tumour.contrast, _MARGIN)
        self._clean_pictures()
        return found

    def _muscle_grey(self, script: CaseScript) -> float:
        place = script.muscle_mm[0]
        self._scroll_to(place)
        return float(np.median(self._look(self._right, place, 0.6).inside))

    def _judge_node(self, spot: Spot, muscle: float) -> tuple[int, int]:
        seen = self._look(self._right, spot.position_mm, spot.radius_mm)
        pattern = 1 + int(np.searchsorted(_PATTERN, seen.share_above(_BRIGHT * muscle * self._error())))
        suspicion = int(np.clip(pattern + self._rng.choice((-1, 0, 0, 0, 1)), 1, 5))
        return pattern, suspicion

    def _score(self, contrast: float, steps: Sequence[float]) -> int:
        return 1 + int(np.searchsorted(steps, contrast * self._error()))

    def _error(self) -> float:
        return float(np.exp(self._rng.normal(0.0, _ERROR)))

    @staticmethod
    def _look(view: SliceView, position_mm: Position, radius_mm: float) -> _Seen:
        grey = _grey(view)
        middle, radius = view.exact_point_at(position_mm), radius_mm * view.px_per_mm
        rows, columns = np.ogrid[: grey.shape[0], : grey.shape[1]]
        distance = np.hypot(rows - middle.y(), columns - middle.x())
        return _Seen(
            grey[distance <= max(0.7 * radius, 2)],
            grey[(distance > 1.3 * radius) & (distance < 2.2 * radius)],
        )

    def _clean_pictures(self) -> None:
        """Turn cross-hair and texts off, or on again."""
        self._key(Qt.Key.Key_X)
        self._key(Qt.Key.Key_H)

    def _show_later_echo(self) -> None:
        """Go to an echo on which iron darkens the picture."""
        echoes = len(self._window.case.images.echoes.te_ms)
        for _ in range(echoes // 2):
            self._key(Qt.Key.Key_Right)

    # ---- the hand

    def _mark(self, spot: Spot, answers: Sequence[int]) -> None:
        self._key(Qt.Key.Key_N if spot.kind == "node" else Qt.Key.Key_L)
        self._scroll_to(spot.position_mm)
        aside = self._rng.normal(0.0, 0.15, 3) * (1, 1, 0)
        self._click(self._right, np.asarray(spot.position_mm) + aside)
        for value in answers:
            self._digit(value)

    def _answer_margin(self, script: CaseScript) -> None:
        self._scroll_to(script.tumour_mm)
        card = self._child("question-margin_conspicuity")
        QTest.mouseClick(card, _LEFT, _PLAIN, QPoint(12, 12))
        self._digit(self._margin)

    def _draw_regions(self, script: CaseScript) -> None:
        self._key(Qt.Key.Key_T)
        self._key(Qt.Key.Key_P)
        scale = 1 + self._rng.normal(0, _STRAY / 2)
        for number, outline in enumerate(script.tumour_outlines):
            self._scroll_to(tuple(outline[0]))
            if number == 0:
                # a slip of the hand, taken back
                self._outline(self._strayed(outline, 1.6 * scale))
                self._key(Qt.Key.Key_Z, _CTRL)
            self._outline(self._strayed(outline, scale))
        self._key(Qt.Key.Key_R)
        self._key(Qt.Key.Key_B)
        self._stroke(script.muscle_mm)
        self._key(Qt.Key.Key_A)
        self._key(Qt.Key.Key_P)
        self._scroll_to(tuple(script.air_mm[0]))
        self._outline(script.air_mm)
        self._key(Qt.Key.Key_Q)
        self._scroll_to(script.tumour_mm)
        self._click(self._right, script.tumour_mm)

    def _strayed(self, outline: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
        middle = outline.mean(axis=0)
        wobble = 1 + self._rng.normal(0, _STRAY, (len(outline), 1))
        return middle + (outline - middle) * scale * wobble

    def _outline(self, corners_mm: NDArray[np.float64]) -> None:
        for corner in corners_mm:
            self._click(self._right, corner)
        self._key(Qt.Key.Key_Return)

    def _stroke(self, path_mm: Sequence[Position]) -> None:
        self._scroll_to(path_mm[0])
        points = [self._right.point_at(place) for place in path_mm]
        QTest.mousePress(self._right, _LEFT, _PLAIN, points[0])
        for point in points[1:]:
            QTest.mouseMove(self._right, point)
        QTest.mouseRelease(self._right, _LEFT, _PLAIN, points[-1])

    def _scroll_to(self, position_mm: ArrayLike) -> None:
        """Roll the wheel over the right picture to the slice of the place; the left one follows."""
        view = self._right
        steps = view.plane.slice_of(tuple(np.asarray(position_mm))) - view.depth
        for _ in range(abs(steps)):
            _roll(view, -1 if steps > 0 else 1)
        QApplication.processEvents()

    def _click(self, view: SliceView, position_mm: ArrayLike) -> None:
        QTest.mouseClick(view, _LEFT, _PLAIN, view.point_at(np.asarray(position_mm)))

    def _digit(self, value: int) -> None:
        self._key(Qt.Key(Qt.Key.Key_0.value + value))

    def _key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = _PLAIN) -> None:
        QTest.keyClick(self._window, key, modifier)

    def _finish(self) -> None:
        """Lock the step, sign the case or go on to the next; what cannot be undone is confirmed."""
        button = self._child("finish_button")
        QTest.mouseClick(button, _LEFT)
        password, confirm = self._child("finish_password"), self._child("finish_confirm")
        if password.isVisible():
            QTest.keyClicks(password, PASSWORD)
        if confirm.isVisible():
            QTest.mouseClick(confirm, _LEFT)

    def _child(self, name: str) -> QWidget:
        child = self._window.findChild(QWidget, name)
        if child is None:
            raise AppError(
                f"the scripted rater finds no {name} in the window; this version cannot run the demo"
            )
        return child

    def _wait(self, signal: SignalInstance, reached: Callable[[], bool], what: str) -> None:
        if reached():
            return
        loop, deadline = QEventLoop(), QTimer()
        deadline.setSingleShot(True)
        deadline.timeout.connect(loop.quit)
        signal.connect(loop.quit)
        deadline.start(_WAIT_S * 1000)
        while not reached() and deadline.isActive():
            loop.exec()
        signal.disconnect(loop.quit)
        if not reached():
            said = self._child("message_text").property("text")
            raise AppError(
                f"the scripted rater waited {_WAIT_S} s for {what}; the window says: {said or 'nothing'}"
            )


def _grey(view: SliceView) -> NDArray[np.float64]:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    flat = np.frombuffer(image.constBits(), dtype=np.uint8)
    pixels = flat.reshape(image.height(), image.bytesPerLine())[:, : image.width()]
    return pixels.astype(np.float64)


def _roll(view: SliceView, notches: int) -> None:
    middle = QPointF(view.width() / 2, view.height() / 2)
    event = QWheelEvent(
        middle, view.mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, _PLAIN,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)
