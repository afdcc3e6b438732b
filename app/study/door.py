"""Who is at a study's window: the log-in at opening, and the lock, by hand or when nobody is there."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QGuiApplication, QWindow
from PySide6.QtWidgets import QMainWindow, QWidget
from shiboken6 import isValid

from app.curtain import IDLE_S, Curtain, IdleWatch, hide_dialogs, show_again
from app.messages import told
from core.errors import AppError
from core.study.log_in import change_password, log_in, note_lock
from core.study.people import people_of
from core.study.store import Study
from widgets.log_in_form import LogInForm
from widgets.password_dialog import Asked, PasswordDialog


class StudyDoor(QObject):
    """Covers the window of a study that has people until one of them has logged in.

    What was typed and is not saved yet, and work under way, stay as they are behind the curtain.
    """

    entered = Signal(str)  # what is to be said, or ""
    left = Signal()  # nobody logged in, and the window is to be closed

    def __init__(
        self, window: QMainWindow, study: Study, kept: Collection[QAction] = (), *, idle_s: float = IDLE_S
    ) -> None:
        super().__init__(window)
        # what can be done while it is locked, and what could be done before
        self._kept, self._disabled = kept, list[QAction]()
        self._window, self._study = window, study
        self.form = LogInForm(self.tr("Close the study"))
        self._curtain = Curtain(window.takeCentralWidget(), self.form)
        window.setCentralWidget(self._curtain)
        self._hidden: list[QWidget] = []
        # windows that were opened beside: they, and their dialogs, show the study too
        self.beside: list[QWidget] = []
        self._watch = IdleWatch(self, idle_s)
        self._watch.idle.connect(self._on_idle)
        QGuiApplication.instance().focusWindowChanged.connect(self._on_focus_window)  # type: ignore[union-attr]
        self.form.given.connect(self._on_given)
        self.form.left.connect(self.left)

    @property
    def closed(self) -> bool:
        """Whether the curtain hides everything."""
        return self._curtain.drawn

    def ask(self) -> None:
        """Let nobody see anything before they have said who they are, where the study has people."""
        if not self._study.has_people or self._study.person is not None or self.closed:
            return
        names = sorted(person.name for person in people_of(self._study) if not person.retired)
        self._close()
        self._curtain.text.hide()
        self.form.ask(self.tr("Whoever works at this study logs in. What they do is recorded."), names)

    def lock(self, *, idle: bool = False) -> None:
        """Cover the window until whoever is here has given the password again."""
        person = self._study.person
        if person is None or self.closed:
            return
        # what cannot be recorded is locked all the same
        with suppress(AppError):
            note_lock(self._study, idle=idle)
        self._close()
        self._curtain.text.show()
        about = self.tr("{name} is logged in. Only that password opens the window again.")
        self.form.ask(about.format(name=person.name), [person.name], self.tr("Locked"))

    def _on_idle(self) -> None:
        self.lock(idle=True)
        self._watch.begin()

    def leave(self) -> None:
        """Wait for nobody any more: the window is closed."""
        self._watch.end()

    def watch(self, window: QWindow) -> None:
        """Lock when nothing has come through this window of the system for a while."""
        self._watch.watch(window)

    def _on_focus_window(self, window: QWindow | None) -> None:
        if window is not None:
            self._watch.watch(window)

    def _on_given(self, name: str, password: str) -> None:
        try:
            known = log_in(self._study, name, password)
        except AppError as error:
            self.form.refuse(told(error))
            return
        self.form.password.clear()
        person = self._study.person
        if person is not None and not person.own:
            self._ask_for_own(password)
            return
        self._open(self._curtain.told(known))

    def _ask_for_own(self, given: str) -> None:
        """Have a password that was given replaced, before anything is shown."""
        about = self.tr("Your password was given to you. Choose one that nobody else knows.")
        asked = Asked(
            self.tr("Choose your password"), about, self.tr("Choose it"), self.tr("Cancel"),
            old=False, new=True,
        )  # fmt: skip
        dialog = PasswordDialog(asked, self._window)

        def choose(_: str, new: str, __: str) -> None:
            try:
                change_password(self._study, new, given)
            except AppError as error:
                dialog.refuse(told(error))
                return
            dialog.accept()
            self._open("")

        def leave() -> None:
            self._study.log_out()
            self.form.take_keys()

        dialog.given.connect(choose)
        dialog.left.connect(leave)
        dialog.open()

    def _close(self) -> None:
        beside = [each for each in filter(isValid, self.beside) if each.isVisible()]
        dialogs = hide_dialogs([self._window, *beside])
        for window in beside:
            window.hide()
        self._hidden = [*beside, *dialogs]
        actions = (action for action in self._window.findChildren(QAction) if action.menu() is None)
        self._disabled = [each for each in actions if each.isEnabled() and each not in self._kept]
        for each in self._disabled:
            each.setEnabled(False)
        self._curtain.draw()

    def _open(self, said: str) -> None:
        self._curtain.lift()
        for action in self._disabled:
            action.setEnabled(True)
        show_again(self._hidden)
        self._hidden = []
        self._watch.begin()
        self.entered.emit(said)
