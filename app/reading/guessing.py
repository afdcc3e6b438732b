"""The guess: asked when all cases are signed, kept as each is made, given for good when confirmed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget

from app.messages import told
from app.reading.case import CaseController
from app.reading.flow import FlowController
from app.reading.pages import turn_to
from core.errors import AppError
from core.reading.conduct import GuessOf
from widgets.guess_page import GuessPage
from widgets.words import marked, said

_TITLES: dict[GuessOf, str] = {"group": marked("Group"), "visit": marked("Visit")}


class GuessController(QObject):
    """Shows the page in the pictures' place, and writes to the kit what is given on it."""

    done = Signal()  # the pictures are shown again

    def __init__(
        self, case: CaseController, flow: FlowController, page: GuessPage, stack: QStackedWidget
    ) -> None:
        super().__init__(case)
        self._case, self._flow, self._page, self._stack = case, flow, page, stack
        self._asked = False
        flow.guess_requested.connect(self.show)
        case.opening.connect(lambda _: self.hide())
        page.left.connect(self.hide)
        page.given.connect(self._on_given)
        page.confirmed.connect(self._on_confirmed)

    def show(self) -> None:
        """Show the page as it was left."""
        kit = self._case.kit
        if not self._asked:
            self._asked = True
            choices = kit.protocol.conduct.guess
            self._page.set_asked(
                self._flow.study_cases(),
                {of: (said(_TITLES[of]), choices[of]) for of in choices},
            )
        self._page.set_guesses(dict(kit.guess_drafts()))
        turn_to(self._stack, self._page)
        self._page.begin()

    def hide(self) -> None:
        """Show the pictures again."""
        if self._stack.currentWidget() is self._page:
            turn_to(self._stack, self._stack.widget(0))
            self.done.emit()

    def _on_given(self, alias: str, of: GuessOf, choice: str | None) -> None:
        kit = self._case.kit
        drafts = kit.guess_drafts()
        complete = len(drafts) == len(self._flow.study_cases()) * len(kit.protocol.conduct.guess)
        if drafts.get((alias, of), "") == choice or self._try(lambda: kit.draft_guess(alias, of, choice)):
            self._page.set_guesses(dict(kit.guess_drafts()))
            # who changes one at the end looks at it where it stands
            if not complete:
                self._page.advance()

    def _on_confirmed(self) -> None:
        kit, given = self._case.kit, dict[str, dict[GuessOf, str | None]]()
        for (alias, of), choice in kit.guess_drafts().items():
            given.setdefault(alias, {})[of] = choice
        if self._try(lambda: kit.guess(given)):
            self.hide()
            self._flow.tell()

    def _try(self, work: Callable[[], None]) -> bool:
        try:
            work()
        except AppError as error:
            self._case.refused.emit(told(error))
            return False
        self._case.saved.emit()
        return True
