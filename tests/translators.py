"""Translators for tests that no person reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication


class Pseudo(QTranslator):
    """Answers every text that is asked for with `change(text)`."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, text: str, comment: str | None = None, n: int = -1) -> str:
        return self._change(text)


@contextmanager
def speaking(application: QApplication, change: Callable[[str], str]) -> Iterator[None]:
    """Have every text changed while the block lasts."""
    translator = Pseudo(change)
    application.installTranslator(translator)
    try:
        yield
    finally:
        application.removeTranslator(translator)
