"""A person at the reading window: what is clicked, typed and rolled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.reading.window import ReadingWindow
from tests.signing import RATERS_PASSWORD, enrol
from tests.widgets.hands import LEFT, click, double_click, drag, hover, roll, send
from widgets.slice_view import SliceView

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Position = Sequence[float]


class Hand:
    """Works on a window through its widgets only."""

    PRESS = QMouseEvent.Type.MouseButtonPress
    RELEASE = QMouseEvent.Type.MouseButtonRelease
    DOUBLE = QMouseEvent.Type.MouseButtonDblClick

    def __init__(self, window: ReadingWindow) -> None:
        self.window = window
        self.left: SliceView = window.findChild(SliceView, "left_view")
        self.right: SliceView = window.findChild(SliceView, "right_view")

    def key(self, key: Qt.Key | str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key wherever the focus is."""
        if (key, modifiers) == (Qt.Key.Key_Return, CTRL):
            self.type_password()
        target = QApplication.focusWidget() or self.window
        if isinstance(key, str):
            QTest.keyClicks(target, key, modifiers)
        else:
            QTest.keyClick(target, key, modifiers)

    def child(self, name: str, kind: type = QWidget) -> QWidget:
        found = self.window.findChild(kind, name)
        assert found is not None, name
        return found

    def choose(self, name: str) -> None:
        """Choose an action in a menu."""
        self.window.actions_by_name[name].trigger()

    def press(self, name: str) -> None:
        QTest.mouseClick(self.child(name), Qt.MouseButton.LeftButton)

    def text(self, name: str) -> str:
        return self.child(name, QLabel).text()

    def number(self, kind: str, column: str) -> float:
        return float(self.text(f"number-{kind}-{column}").split(" ")[0])

    def go_to(self, position: Position, view: SliceView | None = None) -> None:
        """Roll the wheel until a view shows the slice of a place."""
        view = view or self.right
        for _ in range(100):
            steps = view.plane.slice_of(position) - view.depth
            if steps == 0:
                return
            roll(view, -1 if steps > 0 else 1)

    def click_at(self, position: Position, view: SliceView | None = None) -> None:
        view = view or self.right
        self.go_to(position, view)
        click(view, view.exact_point_at(position))

    def double_click_at(self, position: Position, view: SliceView | None = None) -> None:
        view = view or self.right
        double_click(view, view.exact_point_at(position))

    def hover_at(self, position: Position, view: SliceView | None = None) -> None:
        view = view or self.right
        hover(view, view.exact_point_at(position))

    def drag_along(self, path: Sequence[Position], view: SliceView | None = None) -> None:
        view = view or self.right
        self.go_to(path[0], view)
        drag(view, [view.exact_point_at(position) for position in path])

    def click_px(self, view: SliceView, point: QPointF) -> None:
        click(view, point)

    def hold(self, view: SliceView, points: Sequence[QPointF]) -> None:
        """Press on the first point and move over the others; the button stays down."""
        send(view, self.PRESS, points[0], LEFT, LEFT)
        for point in points[1:]:
            self.hold_on(view, point)

    def hold_on(self, view: SliceView, point: QPointF) -> None:
        """Move with the button still down."""
        send(view, QMouseEvent.Type.MouseMove, point, Qt.MouseButton.NoButton, LEFT)

    def let_go(self, view: SliceView, point: QPointF) -> None:
        send(view, self.RELEASE, point, LEFT, Qt.MouseButton.NoButton)

    def outline(
        self, middle: Position, radius: float, view: SliceView | None = None, corners: int = 12
    ) -> None:
        """Click the corners of a ring; it is left open."""
        for corner in ring(middle, radius, corners):
            self.click_at(corner, view)

    def finish(self) -> None:
        """Press the finish button, and confirm, with the password where it is asked for."""
        self.press("finish_button")
        self.type_password()
        if self.child("finish_confirm").isVisible():
            self.press("finish_confirm")

    def type_password(self) -> None:
        """Type the rater's password where it is asked for; it is chosen now where none was yet."""
        if self.child("finish_password").isVisible():
            enrol(self.window.kit)
            self.child("finish_password").setFocus()
            QTest.keyClicks(self.child("finish_password"), RATERS_PASSWORD)


def ring(middle: Position, radius: float, corners: int = 12) -> np.ndarray:
    angles = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    flat = np.stack([np.cos(angles), np.sin(angles), np.zeros(corners)], axis=1)
    return np.asarray(middle) + radius * flat


def middle_of(view: SliceView) -> QPointF:
    return QPointF(view.width() / 2, view.height() / 2)
