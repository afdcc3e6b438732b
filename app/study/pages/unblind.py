"""The coordinator's password, and the key: alias to identity, given with a reason and recorded."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QLineEdit, QMessageBox

from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.looking import guesses_told
from app.study.pages.page import Page, button
from core.study.log_in import change_password
from core.study.password import set_password
from core.study.unblinding import Key, guesses_at_stake, show_key
from widgets.parts import label, spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Reader"), 180), Column(marked("Session"), 80, number=True), Column(marked("Alias"), 100),
    Column(marked("Place"), 70, number=True), Column(marked("Subject"), 140), Column(marked("Group"), 160),
    Column(marked("Visit"), 110), Column(marked("Field, T"), 0),
)  # fmt: skip
_TITLE = marked("Unblind")
_ABOUT = marked(
    "The key says which scan stands behind each alias. It is given with the coordinator's password and a "
    "reason, and that is recorded. The analysis does not need it: it unblinds the study by itself."
)


class UnblindPage(Page):
    """A form for password and reason, and the key as long as the page is open."""

    step = "unblind"
    operation = "key"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._uncollected = 0
        self.password = _secret("unblind_password", self.tr("Coordinator's password"))
        self.reason = QLineEdit()
        spoken(self.reason, "unblind_reason", self.tr("Reason, which is recorded"))
        self.show_key = button("unblind_show", self.tr("Show the key"), main=True)
        self.new = _secret("unblind_new", self.tr("New password"))
        self.again = _secret("unblind_again", self.tr("New password once more"))
        tip = self.tr("Eight characters or more; the old one is asked for where there is one")
        self.set = button("unblind_set", self.tr("Set the password"), tip)
        self.table = TextTable("unblind_table", self.tr("Key of the study"), _TABLE)
        self._lay_out()
        self.show_key.clicked.connect(self._on_show)
        self.reason.returnPressed.connect(self._on_show)
        self.set.clicked.connect(self._on_set)

    def show_holdings(self, held: Holdings) -> None:
        """Say whether there is a key, and a password for it."""
        self._uncollected = held.uncollected
        for part in (self.reason, self.show_key):
            part.setEnabled(bool(held.kits) and held.has_password)
        self.password.setEnabled(held.has_password)
        self.set.setText(self.tr("Change the password") if held.has_password else self.tr("Set the password"))
        self.table.setEnabled(bool(held.kits))

    def hideEvent(self, event: object) -> None:
        """Nothing of the key stays when the page or the window is left; a lock only covers it."""
        if self.isHidden() or self.window().isHidden():
            self.table.set_rows((), str)
        super().hideEvent(event)

    def _on_show(self) -> None:
        guesses = guesses_at_stake(self.desk.study)
        if (self._uncollected or guesses) and not self._sure(guesses):
            return
        study, reason, password = self.desk.study, self.reason.text(), self.password.text()
        self.password.clear()
        self.desk.run(self.tr("Showing the key"), lambda _: show_key(study, reason, password), self._on_key)

    def _sure(self, guesses: int) -> bool:
        told = [guesses_told(guesses)] if guesses else []
        if self._uncollected:
            unsigned = self.tr(
                "Cases not signed and collected: {count}. Whoever has seen the key can unblind their "
                "readers, and what is collected afterwards is marked in every export."
            )
            told.insert(0, unsigned.format(count=self._uncollected))
        text = " ".join((*told, self.tr("Show the key all the same?")))
        buttons = QMessageBox.StandardButton
        asked = QMessageBox.question(
            self, self.tr("Unblind"), text, buttons.Yes | buttons.Cancel, buttons.Cancel
        )
        return asked == buttons.Yes

    def _on_key(self, key: Key) -> None:
        rows = [
            Row(
                entry.alias,
                (
                    entry.rater, str(entry.session), entry.alias, str(entry.position), entry.subject,
                    entry.group, entry.visit, f"{entry.field_t:g}",
                ),
            )
            for entry in key.entries
        ]  # fmt: skip
        self.reason.clear()
        self.table.set_rows(rows)
        text = self.tr("The key was shown, and that is recorded")
        self.desk.say(key.warning or text, warning=bool(key.warning))

    def _on_set(self) -> None:
        new, again, before = (part.text() for part in (self.new, self.again, self.password))
        for part in (self.new, self.again, self.password):
            part.clear()
        if new != again:
            self.desk.say(self.tr("The two new passwords differ; nothing was changed"))
        elif self.desk.try_to(lambda: self._set(new, before)):
            self.desk.say(self.tr("The coordinator's password is set"), warning=False)

    def _set(self, new: str, before: str) -> None:
        study = self.desk.study
        if study.has_people:
            change_password(study, new, before)
        else:
            set_password(study, new, before)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        fields = (
            (self.password, self.reason, self.show_key),
            (self.new, self.again, self.set),
        )
        for line, (first, second, deed) in enumerate(fields):
            grid.addWidget(label(first.accessibleName(), "title"), 2 * line, 0)
            grid.addWidget(label(second.accessibleName(), "title"), 2 * line, 1)
            grid.addWidget(first, 2 * line + 1, 0)
            grid.addWidget(second, 2 * line + 1, 1)
            grid.addWidget(deed, 2 * line + 1, 2)
        grid.setColumnStretch(1, 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.table, 1)


def _secret(name: str, text: str) -> QLineEdit:
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setFixedWidth(240)
    spoken(made, name, text)
    return made
