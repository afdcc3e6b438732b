"""What is kept of a bug, to be read before anybody sends it; FerroRead itself sends nothing.

Children by object name: "bug_line", "bug_text", "bug_copy", "bug_save", "bug_close", "bug_note".
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSize, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
)

from app.messages import told
from core.errors import AppError
from core.files import whole_file
from widgets.parts import label, spoken

_SIZE = QSize(640, 420)


def show_report(line: str, text: str) -> None:
    """Show a report, from whatever thread; one that is shown already stays alone: faults come in swarms."""
    QTimer.singleShot(0, QCoreApplication.instance(), lambda: _show(line, text))


def _show(line: str, text: str) -> None:
    if not any(isinstance(window, BugWindow) for window in QApplication.topLevelWidgets()):
        BugWindow(line, text).show()


class BugWindow(QDialog):
    """One line on what happened, and all of the report."""

    def __init__(self, line: str, text: str) -> None:
        super().__init__(QApplication.activeWindow())
        self.setObjectName("bug_window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setProperty("role", "fixed")
        spoken(self.text, "bug_text", self.tr("Report"), " ")
        self.note = label("", "quiet", name="bug_note", wrap=True)
        about = self.tr(
            "This is the whole report. It holds places in the program and versions, no names, answers or "
            "pictures. Nothing is sent by itself: whoever wants to help sends it by hand."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(label(self.windowTitle(), "heading"))
        column.addWidget(label(line[:1].upper() + line[1:], "warning", name="bug_line", wrap=True))
        column.addWidget(label(about, "quiet", wrap=True))
        column.addWidget(self.text, 1)
        column.addWidget(self.note)
        row = QHBoxLayout()
        row.addStretch(1)
        for name, words, deed in (
            ("bug_copy", self.tr("Copy"), self._on_copy),
            ("bug_save", self.tr("Save as …"), self._on_save),
            ("bug_close", self.tr("Close"), self.close),
        ):
            made = QPushButton(words)
            made.setAutoDefault(False)
            spoken(made, name, words.removesuffix(" …"))
            made.clicked.connect(lambda _=False, deed=deed: deed())
            row.addWidget(made)
        column.addLayout(row)
        self.resize(_SIZE)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.note.setText(self.tr("The report is copied"))

    def _on_save(self) -> None:
        kind = self.tr("Text (*.txt)")
        name, _ = QFileDialog.getSaveFileName(self, self.tr("Save the report"), "ferroread-report.txt", kind)
        if not name:
            return
        try:
            # the system's dialog has asked before it let an existing file be chosen
            with whole_file(Path(name), force=True) as draft:
                draft.write_text(self.text.toPlainText(), encoding="utf-8")
        except AppError as error:
            self.note.setText(told(error))
            return
        self.note.setText(self.tr("Saved as {file}").format(file=Path(name).name))
