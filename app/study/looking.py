"""Answers are looked at: that is recorded; before all are in, or with guesses at stake, it is asked first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from app.messages import told
from core.errors import AppError
from core.study.store import Study
from core.study.unblinding import Shown, guesses_at_stake, note_looking, unsigned_cases
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
    unsigned, guesses = unsigned_cases(study), guesses_at_stake(study)
    if not unsigned:
        if not guesses or _sure(parent, guesses):
            note_looking(study, shown)
            then()
        return
    asked = _asked(unsigned, shown)
    if guesses:
        asked = replace(asked, about=f"{asked.about}\n\n{guesses_told(guesses)}")
    dialog = PasswordDialog(asked, parent)

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


def guesses_told(count: int) -> str:
    """Return what becomes of guesses that are not collected before a look."""
    told = QCoreApplication.translate(
        "Looking",
        "Kits whose guesses are not collected yet: {count}. Collect them first, or they count as not blind.",
    )
    return told.format(count=count)


def _sure(parent: QWidget, guesses: int) -> bool:
    translate = QCoreApplication.translate
    go_on = translate("Looking", "Go on all the same?")
    buttons = QMessageBox.StandardButton
    title = translate("Looking", "Guesses are missing")
    asked = QMessageBox.question(
        parent, title, f"{guesses_told(guesses)} {go_on}", buttons.Yes | buttons.Cancel, buttons.Cancel
    )
    return asked == buttons.Yes


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
