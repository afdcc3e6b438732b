"""Answers are looked at: that is recorded, and before all are in it takes the password and a reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from app.messages import told
from core.errors import AppError
from core.study.store import Study
from core.study.unblinding import Shown, note_looking, unsigned_cases
from widgets.password_dialog import Asked, PasswordDialog


def look(parent: QWidget, study: Study, shown: Shown, then: Callable[[], None]) -> None:
    """Have it recorded that answers are shown, then go on with `then`; nothing happens where it is refused.

    Parameters
    ----------
    parent : QWidget
        Below which the password is asked for, where it is needed.
    study : Study
    shown : {"analysis", "results", "images"}
        As `core.study.unblinding.note_looking` has it.
    then : callable
        What shows them.

    Raises
    ------
    InputError
        As `note_looking`, where nothing is asked for.
    """
    unsigned = unsigned_cases(study)
    if not unsigned:
        note_looking(study, shown)
        then()
        return
    dialog = PasswordDialog(_asked(unsigned, shown), parent)

    def _on_given(password: str, _: str, reason: str) -> None:
        try:
            note_looking(study, shown, reason, password)
        except AppError as error:
            dialog.refuse(told(error))
            return
        dialog.accept()
        then()

    dialog.given.connect(_on_given)
    dialog.open()


def _asked(unsigned: int, shown: Shown) -> Asked:
    translate = QCoreApplication.translate
    if shown == "images":
        return _asked_of_images(unsigned)
    about = translate(
        "Looking",
        "Cases not signed and collected: {count}. To look at answers now unblinds the study. It takes the "
        "coordinator's password and a reason, which are recorded, and what is collected afterwards is marked "
        "in every export.",
    ).format(count=unsigned)
    return Asked(
        translate("Looking", "Look at answers before all are in?"), about,
        accept=translate("Looking", "Unblind and look"), leave=translate("Looking", "Cancel"), reason=True,
    )  # fmt: skip


def _asked_of_images(unsigned: int) -> Asked:
    translate = QCoreApplication.translate
    about = translate(
        "Looking",
        "Cases not signed and collected: {count}. The files name subjects beside aliases: they unblind the "
        "study as the key does. It takes the coordinator's password and a reason, which are recorded, and "
        "what is collected afterwards is marked in every export.",
    ).format(count=unsigned)
    return Asked(
        translate("Looking", "Write images before all are in?"), about,
        accept=translate("Looking", "Unblind and write"), leave=translate("Looking", "Cancel"), reason=True,
    )  # fmt: skip
