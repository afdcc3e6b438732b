"""What stands in the pictures' place: the page before a signature, feedback, the guess."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget


def turn_to(stack: QStackedWidget, side: QWidget) -> None:
    """Show one side of a stack; the first one is that of the pictures."""
    # what is hidden would hand the keys to whatever comes next, a question for instance
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()
    stack.setCurrentWidget(side)
