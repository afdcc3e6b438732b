from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

from app import messages
from app.startup import errors_shown
from core.errors import InputError


class Bell(QObject):
    rung = Signal(object)


def ring(error: Exception) -> None:
    raise error


def test_an_error_in_a_slot_is_shown_in_one_line(qapp, monkeypatch, tmp_path):
    monkeypatch.setattr(messages, "user_log_path", lambda *_, **__: tmp_path)
    shown, bell, before = [], Bell(), sys.excepthook
    bell.rung.connect(ring)
    with errors_shown(shown.append):
        bell.rung.emit(InputError("the file is empty;\nchoose another"))
        bell.rung.emit(RuntimeError("Mrs Smith"))
    assert shown[0] == "The file is empty; choose another"
    assert "bug in FerroRead (RuntimeError" in shown[1]
    assert "Smith" not in shown[1]
    assert sys.excepthook is before
