"""Who is at the window: the password at opening and after a while of nothing, and what else it is for."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QWidget

from app.core_words import in_words
from app.curtain import IDLE_S, Curtain, IdleWatch, hide_dialogs, show_again
from app.messages import told
from app.passwords import RATER
from app.reading.case import CaseController
from core.errors import AppError
from core.study.kit_trails import raters_trail
from core.study.signing import MEANING
from widgets.password_dialog import Asked, PasswordDialog

if TYPE_CHECKING:
    from app.trail_dialog import TrailDialog


class DoorController(QObject):
    """Puts a curtain, to be placed in the window, between the ground and whoever has not given the password.

    What was under way stays as it is behind it: an open outline, a half-written note, the place in the case.
    """

    shut = Signal()  # everything is hidden now
    entered = Signal(str)  # what is to be said to the rater, or ""
    left = Signal()  # the rater gave no password and goes

    def __init__(self, case: CaseController, ground: QWidget, *, idle_s: float = IDLE_S) -> None:
        super().__init__(case)
        self._case = case
        self.curtain = Curtain(ground)
        self._dialog: PasswordDialog | None = None
        self._trail: TrailDialog | None = None
        self._hidden: list[QWidget] = []  # settings and the like, until the curtain is lifted
        self._watch = IdleWatch(self, idle_s)
        self._watch.idle.connect(self._on_idle)
        # what a trail showed of a case may be closed from its signature on
        case.signed.connect(lambda _: self._close_trail())

    @property
    def closed(self) -> bool:
        """Whether the curtain hides everything."""
        return self.curtain.drawn

    def watch(self, window: QWindow) -> None:
        """Close when nothing has come through this window of the system for a while."""
        self._watch.watch(window)

    def ask(self) -> None:
        """Let nobody see anything before they have said who they are."""
        kit, given = self._case.kit, os.environ.get(RATER, "")
        if given:
            # scripts; a wrong one is an error as any other
            kit.log_in(given) if kit.enrolled else kit.enrol(given)
            return
        self._close()
        self._ask_to_enter() if kit.enrolled else self._ask_to_enrol()

    def correct(self) -> None:
        """Ask why a signed case has to be corrected, and open it again."""
        about = self.tr(
            "What was signed stays readable, and every export tells that it was corrected and why. The case "
            "opens at its last step; sign it again when it is right."
        )
        asked = Asked(
            self.tr("Correct a signed case"), about, self.tr("Open it again"), self.tr("Leave it as it is"),
            reason=True,
        )  # fmt: skip
        self._show(asked, lambda old, new, reason: self._case.correct(reason, old))

    def change_password(self) -> None:
        """Ask for the password and another one."""
        about = self.tr("The key that signs stays the same; it is kept under the new password from now on.")
        asked = Asked(
            self.tr("Change the password"), about, self.tr("Change it"), self.tr("Cancel"), new=True
        )
        self._show(asked, lambda old, new, _: self._case.kit.set_password(old, new))

    def show_trail(self) -> None:
        """Ask for the password and show what was done in this kit, as far as its rater may see it.

        One such window is enough: one that is open comes to the front.
        """
        if self._trail is not None:
            self._trail.activateWindow()
            return
        about = self.tr("All that was done in this kit, in its order. That you looked is recorded too.")
        asked = Asked(self.tr("Audit trail"), about, self.tr("Show it"), self.tr("Cancel"))

        def show(old: str, _: str, __: str) -> None:
            # few look at it: the window does not wait for it when it is opened
            from app.trail_dialog import TrailDialog

            trail, kit = raters_trail(self._case.kit, old), self._case.kit
            shown = TrailDialog(trail.records, kit.rater, trail.withheld, self.curtain.window())
            shown.finished.connect(self._forget_trail)
            shown.show()
            shown.windowHandle().installEventFilter(self._watch)
            self._trail = shown

        self._show(asked, show)

    def touch(self) -> None:
        """Note that somebody is there: for a script's hand, whose events pass by the system's window."""
        self._watch.touch()

    def leave(self) -> None:
        """Wait for nobody any more: the window is closed."""
        self._watch.end()

    def _on_idle(self) -> None:
        if self.closed or not self._case.kit.enrolled:
            self._watch.begin()
            return
        if self._dialog is not None:
            self._dialog.close()
        try:
            self._case.kit.note_idle()
        except AppError as error:
            self._case.refused.emit(told(error))
        self._close()
        self._ask_to_enter()

    def _close(self) -> None:
        self._case.clock.stop()
        self._close_trail()
        self._hidden = hide_dialogs([self.curtain.window()])
        self.curtain.draw()
        self.shut.emit()

    def _open(self, said: str) -> None:
        self.curtain.lift()
        show_again(self._hidden)
        self._hidden = []
        self._watch.begin()
        self._case.clock.start()
        self.entered.emit(said)

    def _ask_to_enter(self) -> None:
        # neither reader nor session is named: who opens another's kit on a shared account learns nothing
        about = self.tr("Only the password of this kit's reader opens it.")
        asked = Asked(self.tr("Log in"), about, self.tr("Log in"), self.tr("Close the kit"))
        kit = self._case.kit
        self._show(asked, lambda old, new, _: self._open(self.curtain.told(kit.log_in(old))), door=True)

    def _ask_to_enrol(self) -> None:
        kit = self._case.kit
        about = self.tr(
            "This kit is {name}'s, session {session}. Choose a password that nobody else knows: it opens the "
            "kit and signs. A signature with it means: {meaning} Nobody can tell you the password if it is "
            "forgotten."
        )
        told_of = about.format(name=kit.rater, session=kit.session, meaning=in_words(MEANING))
        retired = kit.retired
        if retired is not None:
            reset = self.tr(
                "The coordinator had its password reset on {time} UTC: “{reason}”. If you did not ask for "
                "that, tell the coordinator before you go on."
            )
            at = retired.at_utc[:16].replace("T", " ")
            told_of = "\n\n".join((reset.format(time=at, reason=retired.reason), told_of))
        asked = Asked(
            self.tr("Choose your password"), told_of, self.tr("Choose it"), self.tr("Close the kit"),
            old=False, new=True,
        )  # fmt: skip

        def enrol(_: str, new: str, __: str) -> None:
            kit.enrol(new)
            said = self.tr("Your key begins with {key}. Tell it to the coordinator if you are asked.")
            self._open(said.format(key=kit.key_fingerprint))

        self._show(asked, enrol, door=True)

    def _show(self, asked: Asked, deed: Callable[[str, str, str], object], *, door: bool = False) -> None:
        dialog = self._dialog = PasswordDialog(asked, self.curtain.window())

        def give(old: str, new: str, reason: str) -> None:
            try:
                deed(old, new, reason)
            except AppError as error:
                dialog.refuse(told(error))
                return
            dialog.accept()

        dialog.given.connect(give)
        if door:
            dialog.left.connect(self.left)
        dialog.destroyed.connect(self._forget)
        dialog.open()

    def _forget(self) -> None:
        self._dialog = None

    def _close_trail(self) -> None:
        if self._trail is not None:
            self._trail.close()

    def _forget_trail(self) -> None:
        self._trail = None
