"""A damaged study: it is left as it is, and a backup can be put in its place.

Children by object name: "restore_table", "restore_note", "restore_restore", "restore_close"; where something
is to be minded of the backup that was put in place, "restore_minded" and "restore_open".
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import line_of, told
from app.study.opening import RESTORING
from core.errors import AppError
from core.study.backups import backups, restore
from core.study.forgotten import forgotten_now
from core.study.log_in import log_in
from core.study.password import require_password
from core.study.people import LogInNeededError, OwnerNeededError
from core.study.store import Study
from core.study.study_place import BACKUPS, SERVER_FILE
from widgets.log_in_form import LogInForm
from widgets.parts import label, restyle, spoken
from widgets.password_dialog import Asked, PasswordDialog
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked, said

_TABLE = (
    Column(marked("Records"), 100, number=True), Column(marked("Made for"), 160), Column(marked("File"), 0),
)  # fmt: skip
_WHY = {"collect": marked("collecting"), "demand": marked("by request")}


class DamagedStudy(QDialog):
    """`restored` says that a backup stands in the study's place, and what is to be minded of it was shown."""

    restored = Signal()

    def __init__(self, study: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("damaged_study")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("A damaged study"))
        self.heading = label(self.windowTitle(), "heading")
        self._study = study
        self._backups = {str(each.path): each for each in reversed(backups(study))}
        self.table = TextTable("restore_table", self.tr("Backups, the newest first"), _TABLE)
        self.note = label("", "quiet", name="restore_note", wrap=True)
        self.restore_button = QPushButton(self.tr("Put the chosen one in its place"))
        self.restore_button.setProperty("role", "main")
        spoken(self.restore_button, "restore_restore", self.restore_button.text())
        minded = self.tr("The backup stands in the study's place. To be minded")
        self.minded_title = label(minded, "title", wrap=True)
        self.minded = QPlainTextEdit()
        self.minded.setReadOnly(True)
        spoken(self.minded, "restore_minded", minded)
        self.open_button = QPushButton(self.tr("Open the study"))
        self.open_button.setProperty("role", "main")
        spoken(self.open_button, "restore_open", self.open_button.text())
        self.close_button = QPushButton(self.tr("Close"))
        spoken(self.close_button, "restore_close", self.close_button.text())
        self.form = LogInForm(self.tr("Cancel"))
        self._restored = False
        self.about, self.table_title = self._texts()
        self._choosing = (
            self.about, self.table_title, self.table, self.note, self.restore_button, self.close_button,
        )  # fmt: skip
        self._minding = (self.minded_title, self.minded, self.open_button)
        self._lay_out()
        self._show_only(*self._choosing)
        rows = [
            Row(name, (str(each.sequence), said(_WHY.get(each.why, each.why)), each.path.name))
            for name, each in self._backups.items()
        ]
        self.table.set_rows(rows)
        self.restore_button.setEnabled(bool(rows))
        if rows:
            self.table.choose(rows[0].key)
        elif (study / SERVER_FILE).is_file():
            self._say(self.tr("Its database is on a server: have who keeps that put back a backup of it"))
        else:
            text = self.tr("There is no backup of it in its folder: copy one from another disk to {path}")
            self._say(text.format(path=study / BACKUPS))
        self.restore_button.clicked.connect(self._on_restore)
        self.close_button.clicked.connect(self.close)
        self.open_button.clicked.connect(self.close)
        self.form.given.connect(self._on_given)
        self.form.left.connect(self._on_left)

    def _on_restore(self) -> None:
        index = self.table.currentIndex()
        if not index.isValid():
            self._say(self.tr("Choose a backup in the table first"))
            return
        try:
            restore(self._study, self._chosen())
        except LogInNeededError:
            self._ask_who()
            return
        except OwnerNeededError as error:
            self._ask_owner(told(error))
            return
        except AppError as error:
            self._say(told(error))
            return
        self._end()

    def _ask_who(self) -> None:
        """Have a coordinator of a study with people log in first, who has to type the name, too."""
        self._show_only(self.form)
        about = self.tr("A coordinator of the study puts the backup of {count} records in its place.")
        self.form.ask(about.format(count=self._chosen_row().cells[0]), ())

    def _ask_owner(self, about: str) -> None:
        """Have the study's owner type the password, where no backup knows its people."""
        asked = Asked(
            self.tr("Put a backup in place"), about, self.restore_button.text(), self.tr("Cancel"),
            whose=self.tr("Coordinator's password"),
        )  # fmt: skip
        dialog = PasswordDialog(asked, self)
        # it goes with this window, which closes from inside its signal
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)

        def _on_password(password: str, _: str, __: str) -> None:
            try:
                restore(
                    self._study, self._chosen(), lambda study: require_password(study, password, RESTORING)
                )
            except AppError as error:
                dialog.refuse(told(error))
                return
            dialog.accept()
            self._end()

        dialog.given.connect(_on_password)
        dialog.open()

    def _on_given(self, name: str, password: str) -> None:
        try:
            restore(self._study, self._chosen(), lambda study: log_in(study, name, password))
        except AppError as error:
            self.form.refuse(told(error))
            return
        self._end()

    def _on_left(self) -> None:
        self._show_only(*self._choosing)

    def _chosen(self) -> Path:
        return self._backups[self._chosen_row().key].path

    def _chosen_row(self) -> Row:
        return self.table.words.rows[self.table.currentIndex().row()]

    def _end(self) -> None:
        """Show what is to be minded of a study that was put back; where nothing is, it opens at once."""
        self._restored = True
        lines: list[str] = []
        # why it cannot be opened is said by whoever opens it next
        with suppress(AppError), Study.open(self._study) as study:
            lines = forgotten_now(study)
        if not lines:
            self.close()
            return
        self.minded.setPlainText("\n\n".join(f"\u2022 {line_of(line)}" for line in lines))
        self.setWindowTitle(self.tr("A study from a backup"))
        self.heading.setText(self.windowTitle())
        self._show_only(*self._minding)
        self.open_button.setFocus()

    def reject(self) -> None:
        """Close; a study that was put back opens, however this window is closed."""
        if self._restored:
            self._restored = False
            self.restored.emit()
        super().reject()

    def _show_only(self, *parts: QWidget) -> None:
        for part in (*self._choosing, *self._minding, self.form):
            part.setVisible(part in parts)

    def _say(self, text: str) -> None:
        restyle(self.note, role="warning")
        self.note.setText(text)

    def _texts(self) -> tuple[QLabel, QLabel]:
        about = self.tr(
            "The study's file is damaged or missing. A backup can be put in its place, after it was checked "
            "whole; a damaged file is not changed and kept beside it, and that it was restored is recorded. "
            "Collect the kits again that came back since."
        )
        return label(about, "quiet", wrap=True), label(self.table.accessibleName(), "title")

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addStretch()
        foot.addWidget(self.open_button)
        foot.addWidget(self.restore_button)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(self.heading)
        for part in (self.about, self.table_title, self.minded_title):
            column.addWidget(part)
        column.addWidget(self.table, 1)
        column.addWidget(self.minded, 1)
        column.addWidget(self.form, 1, Qt.AlignmentFlag.AlignCenter)
        column.addLayout(foot)
        self.resize(QSize(640, 420))
