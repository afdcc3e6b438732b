"""Who works at the study: people by name and role, each with a password of their own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit

from app.messages import told
from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page, button, minute
from core.errors import AppError
from core.study.log_in import (
    Listed,
    add_person,
    change_password,
    give_password,
    listed_people,
    log_in,
    retire_person,
)
from core.study.people import ROLES, refusal
from widgets.parts import spoken
from widgets.password_dialog import Asked, PasswordDialog
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked, said

_TABLE = (
    Column(marked("Name"), 240), Column(marked("Role"), 140), Column(marked("Last log-in (UTC)"), 170),
    Column(marked("Wrong passwords since"), 170, number=True), Column(marked("State"), 0),
)  # fmt: skip
ROLE_NAMES = {
    "coordinator": marked("Coordinator"), "physicist": marked("Physicist"),
    "statistician": marked("Statistician"), "rater": marked("Reader"),
}  # fmt: skip
_STATES = {"retired": marked("retired"), "given": marked("has to choose a password")}
_TITLE = marked("People")
_ABOUT = marked(
    "Name whoever works at the study. From the first one on, a coordinator, everybody logs in, does what "
    "their role may, and stands in the audit trail. Readers log in to their kits."
)


class PeoplePage(Page):
    """A line per person; nobody is ever deleted."""

    step = "people"
    operation = "list_people"
    title = _TITLE
    about = _ABOUT
    lock_requested = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._people: dict[str, Listed] = {}
        self.name = QLineEdit()
        self.name.setFixedWidth(240)
        self.name.setPlaceholderText(self.tr("Name of a person"))
        spoken(self.name, "people_name", self.tr("Name of a person"))
        self.role = QComboBox()
        spoken(self.role, "people_role", self.tr("Role"))
        for role in ROLES:
            self.role.addItem(said(ROLE_NAMES[role]), role)
        self.add = button("people_add", self.tr("Add …"), self.tr("Name this person (Enter)"), main=True)
        self.retire = button("people_retire", self.tr("Retire …"), self.tr("Let the chosen one in no more"))
        tip = self.tr("The chosen person has forgotten their password: give another, to be changed at once")
        self.give = button("people_give", self.tr("Give a password …"), tip)
        self.own = button("people_own", self.tr("Change your password …"))
        self.lock = button("people_lock", self.tr("Lock now"), self.tr("Cover this window (Ctrl+Shift+L)"))
        self.table = TextTable("people_table", self.tr("People of the study"), _TABLE)
        self.row_of(self.name, self.role, self.add)
        self.row_of(self.retire, self.give, self.own, self.lock)
        self.body.addWidget(self.table, 1)
        self.name.returnPressed.connect(self.add.click)
        self.add.clicked.connect(self._on_add)
        self.retire.clicked.connect(self._on_retire)
        self.give.clicked.connect(self._on_give)
        self.own.clicked.connect(self._on_own)
        self.lock.clicked.connect(self.lock_requested)

    def show_holdings(self, held: Holdings) -> None:
        """Show who works and worked here, and what of this page is for whoever is logged in."""
        study = self.desk.study
        people = listed_people(study)
        self._people = {f"{each.role} {each.name}": each for each in people}
        self.table.set_rows([_row(key, each) for key, each in self._people.items()])
        may = held.has_password and not refusal(study, "people")
        for part in (self.name, self.role, self.add):
            part.setEnabled(may)
        if not study.has_people:
            self.role.setCurrentIndex(self.role.findData("coordinator"))
            self.role.setEnabled(False)
        for part in (self.retire, self.give):
            part.setEnabled(may and study.has_people)
        for part in (self.own, self.lock):
            part.setEnabled(study.person is not None)

    def _on_add(self) -> None:
        study, name, role = self.desk.study, self.name.text(), self.role.currentData()
        first = not study.has_people
        if first:
            about = self.tr(
                "{name} becomes the first coordinator. The study's password is asked for once more, and does "
                "nothing from then on: log in with the new one, which nobody else may know."
            )
        else:
            about = self.tr(
                "Tell {name} the new password. It lets in to choose another one, and for nothing else."
            )
        asked = Asked(
            self.tr("Name a person"), about.format(name=name), self.tr("Add"), self.tr("Cancel"), new=True,
            whose=self.tr("The study's password") if first else "",
        )  # fmt: skip

        def add(old: str, new: str) -> None:
            add_person(study, name, role, new, old)
            if first:
                # on a server they come with a log-in of their own
                with suppress(AppError):
                    log_in(study, name, new)
            self.name.clear()

        self._ask(asked, add, self.tr("{name} works at the study from now on").format(name=name))

    def _on_retire(self) -> None:
        person = self._chosen()
        if person is None:
            return
        about = self.tr(
            "{name} will be let in no more. What was done stays on record, and the name is not used again."
        )
        asked = Asked(
            self.tr("Retire a person"), about.format(name=person.name), self.tr("Retire"), self.tr("Cancel")
        )
        done = self.tr("{name} works at the study no more").format(name=person.name)
        self._ask(asked, lambda old, _: retire_person(self.desk.study, person.name, old), done)

    def _on_give(self) -> None:
        person = self._chosen()
        if person is None:
            return
        about = self.tr(
            "Make sure that it is {name} who asks. The new password lets in to choose another one, and for "
            "nothing else; that you gave it is recorded."
        )
        asked = Asked(
            self.tr("Give a password"), about.format(name=person.name), self.tr("Give it"),
            self.tr("Cancel"), new=True,
        )  # fmt: skip
        done = self.tr("{name} logs in with it and chooses another").format(name=person.name)
        self._ask(asked, lambda old, new: give_password(self.desk.study, person.name, new, old), done)

    def _on_own(self) -> None:
        about = self.tr("Eight characters or more, which nobody else knows.")
        asked = Asked(
            self.tr("Change your password"), about, self.tr("Change it"), self.tr("Cancel"), new=True
        )
        done = self.tr("Your password is changed")
        self._ask(asked, lambda old, new: change_password(self.desk.study, new, old), done)

    def _chosen(self) -> Listed | None:
        index = self.table.currentIndex()
        person = self._people[self.table.words.rows[index.row()].key] if index.isValid() else None
        if person is None:
            self.desk.say(self.tr("Choose a person in the table first"))
        elif person.role == "rater":
            self.desk.say(self.tr("A reader logs in to a kit, whose password is seen to on the page Readers"))
            person = None
        return person

    def _ask(self, asked: Asked, deed: Callable[[str, str], object], done: str) -> None:
        """Ask for passwords, and do something with them."""
        dialog = PasswordDialog(asked, self)

        def _on_given(old: str, new: str, _: str) -> None:
            try:
                deed(old, new)
            except AppError as error:
                dialog.refuse(told(error))
                return
            dialog.accept()
            self.desk.changed.emit()
            self.desk.say(done, warning=False)

        dialog.given.connect(_on_given)
        dialog.open()


def _row(key: str, person: Listed) -> Row:
    failures = str(person.failures) if person.failures else ""
    state = said(_STATES[person.state]) if person.state else ""
    cells = (person.name, said(ROLE_NAMES[person.role]), minute(person.since), failures, state)
    return Row(key, cells, quiet=person.state == "retired")
