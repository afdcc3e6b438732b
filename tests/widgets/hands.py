"""What a hand does with mouse and wheel, as events."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

NONE = Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


def roll(widget: QWidget, notches: int, keys: Qt.KeyboardModifier = NONE, at: QPointF | None = None) -> None:
    """Turn the wheel; positive notches roll away from the hand."""
    place = at if at is not None else QPointF(widget.rect().center())
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def drag(widget: QWidget, path: Iterable[QPointF | QPoint], button: Qt.MouseButton = LEFT) -> None:
    """Press on the first point, move over the others with fractions of a pixel kept, release on the last."""
    points = [QPointF(point) for point in path]
    send(widget, QMouseEvent.Type.MouseButtonPress, points[0], button, button)
    for point in points[1:]:
        send(widget, QMouseEvent.Type.MouseMove, point, Qt.MouseButton.NoButton, button)
    send(widget, QMouseEvent.Type.MouseButtonRelease, points[-1], button, Qt.MouseButton.NoButton)


def click(widget: QWidget, point: QPointF | QPoint, button: Qt.MouseButton = LEFT) -> None:
    """Press and release."""
    drag(widget, [point], button)


def double_click(widget: QWidget, point: QPointF | QPoint) -> None:
    """Click, then the second press as Qt reports it."""
    click(widget, point)
    send(widget, QMouseEvent.Type.MouseButtonDblClick, QPointF(point), LEFT, LEFT)
    send(widget, QMouseEvent.Type.MouseButtonRelease, QPointF(point), LEFT, Qt.MouseButton.NoButton)


def hover(widget: QWidget, point: QPointF | QPoint) -> None:
    """Move the pointer with no button down."""
    none = Qt.MouseButton.NoButton
    send(widget, QMouseEvent.Type.MouseMove, QPointF(point), none, none)


def send(
    widget: QWidget, kind: QMouseEvent.Type, point: QPointF, button: Qt.MouseButton, buttons: Qt.MouseButton
) -> None:
    """Send one mouse event."""
    QApplication.sendEvent(widget, QMouseEvent(kind, point, widget.mapToGlobal(point), button, buttons, NONE))


def pixels(widget: QWidget) -> np.ndarray:
    """What the widget shows, shape (rows, columns, 3), RGB."""
    image = widget.grab().toImage()
    rows, columns = image.height(), image.width()
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(rows, image.bytesPerLine())
    return flat[:, : 4 * columns].reshape(rows, columns, 4)[:, :, 2::-1].copy()
