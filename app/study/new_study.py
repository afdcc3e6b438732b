"""A new study: its name, its folder, and the coordinator's password."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import told
from core.errors import AppError
from core.study.password import SHORTEST, set_password
from core.study.store import Study
from widgets.parts import label, spoken


class NewStudyDialog(QDialog):
    """`made` says where the new study lies; it is closed again."""

    made = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("new_study")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("New study"))
        self.name = _line("new_study_name", self.tr("Name of the study"))
        self.place = _line("new_study_place", self.tr("New folder"))
        self.choose = QPushButton(self.tr("Choose …"))
        spoken(self.choose, "new_study_choose", self.tr("Choose the folder"))
        self.password = _line("new_study_password", self.tr("Coordinator's password"), secret=True)
        self.again = _line("new_study_again", self.tr("Password once more"), secret=True)
        self.wrong = label("", "warning", name="new_study_wrong", wrap=True)
        self.make = QPushButton(self.tr("Make the study"))
        self.make.setProperty("role", "main")
        self.make.setDefault(True)
        spoken(self.make, "new_study_make", self.make.text())
        self.cancel = QPushButton(self.tr("Cancel"))
        spoken(self.cancel, "new_study_cancel", self.cancel.text())
        self._lay_out()
        self.choose.clicked.connect(self._on_choose)
        self.make.clicked.connect(self._on_make)
        self.cancel.clicked.connect(self.reject)
        self.choose.setAutoDefault(False)

    def _on_choose(self) -> None:
        usual = Path.home() / (re.sub(r"\W+", "-", self.name.text()).strip("-").lower() or "study")
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Name a new folder for the study"), str(usual))
        if chosen:
            self.place.setText(chosen)

    def _on_make(self) -> None:
        try:
            self._refuse()
            path = Path(self.place.text().strip()).expanduser()
            with Study.create(path, self.name.text()) as study:
                if self.password.text():
                    set_password(study, self.password.text())
        except AppError as error:
            self.wrong.setText(told(error))
            return
        self.accept()
        self.made.emit(path)

    def _refuse(self) -> None:
        """Say what is missing before anything is made."""
        if not self.name.text().strip():
            raise _NotYetError(self.tr("Give the study a name"))
        if not self.place.text().strip():
            raise _NotYetError(self.tr("Choose a new folder for the study"))
        if self.password.text() != self.again.text():
            raise _NotYetError(self.tr("The two passwords differ; type them again"))
        if 0 < len(self.password.text()) < SHORTEST:
            text = self.tr("The password needs {count} characters or more")
            raise _NotYetError(text.format(count=SHORTEST))

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setVerticalSpacing(8)
        place = QHBoxLayout()
        place.setSpacing(8)
        place.addWidget(self.place, 1)
        place.addWidget(self.choose)
        form.addRow(label(self.name.accessibleName()), self.name)
        form.addRow(label(self.place.accessibleName()), place)
        form.addRow(label(self.password.accessibleName()), self.password)
        form.addRow(label(self.again.accessibleName()), self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        about = self.tr(
            "A study lies on a disk of this computer, not on a network drive. The password is asked for "
            "before blinding is lifted or a washout cut short; it can be set later."
        )
        column.addWidget(label(about, "quiet", wrap=True))
        column.addLayout(form)
        column.addWidget(self.wrong)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.make)
        column.addLayout(row)
        self.setMinimumWidth(560)


class _NotYetError(AppError):
    """Something is not filled in."""


def _line(name: str, text: str, *, secret: bool = False) -> QLineEdit:
    made = QLineEdit()
    if secret:
        made.setEchoMode(QLineEdit.EchoMode.Password)
    spoken(made, name, text)
    return made
