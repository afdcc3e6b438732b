"""A damaged kit: it is left as it is; its rater looks at what is left, and saves it for the coordinator.

Children by object name: "damaged_about", "damaged_password", "damaged_show", "damaged_table", "damaged_note",
"damaged_save", "damaged_close".
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.messages import told
from core.errors import AppError
from core.study.rescue import Rescued, raters_rescue, rescue
from widgets.parts import label, restyle, spoken
from widgets.password_dialog import secret_line
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("Case"), 120), Column(marked("Answers"), 90, number=True),
    Column(marked("Regions"), 90, number=True), Column(marked("Signature"), 0),
)  # fmt: skip


class DamagedKit(QDialog):
    """Nothing is written into the kit, and nothing of it is shown before its password is given."""

    def __init__(self, kit: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("damaged_kit")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("A damaged kit"))
        self._kit = kit
        self._found: Rescued | None = None
        self.password = secret_line("damaged_password", self.tr("Your password"))
        self.show_button = self._button("damaged_show", self.tr("Show what is left"))
        self.table = TextTable("damaged_table", self.tr("What is left"), _TABLE)
        self.note = label("", "quiet", name="damaged_note", wrap=True)
        self.save_button = self._button("damaged_save", self.tr("Save what is left …"))
        self.close_button = self._button("damaged_close", self.tr("Close"))
        self.save_button.setEnabled(False)
        self._lay_out()
        self.show_button.clicked.connect(self._on_show)
        self.password.returnPressed.connect(self._on_show)
        self.save_button.clicked.connect(self._on_save)
        self.close_button.clicked.connect(self.close)

    def _on_show(self) -> None:
        given = self.password.text()
        self.password.clear()
        try:
            self._found = raters_rescue(self._kit, rescue(self._kit), given)
        except AppError as error:
            self._say(told(error), warning=True)
            return
        self._show(self._found)

    def _show(self, found: Rescued) -> None:
        counted: dict[str, list[int]] = {str(row["alias"]): [0, 0] for row in found.tables["cases"]}
        for place, aliases in enumerate(
            ([row["alias"] for row in found.tables["answers"]], [each.alias for each in found.regions])
        ):
            for alias in aliases:
                counted.setdefault(str(alias), [0, 0])[place] += 1
        holds = {case.alias: case.holds for case in found.signed}
        words = {True: self.tr("signed, and it holds"), False: self.tr("signed, but it does not hold"),
                 None: self.tr("not signed")}  # fmt: skip
        rows = [
            Row(alias, (alias, *map(str, counts), words[holds.get(alias)]))
            for alias, counts in counted.items()
        ]
        self.table.set_rows(rows)
        if found.damaged:
            text = self.tr("Not whole: {parts}").format(parts=", ".join(found.damaged))
        else:
            text = self.tr("All that was read is whole")
        self._say(text, warning=bool(found.damaged))
        self.save_button.setEnabled(True)

    def _on_save(self) -> None:
        # image files come with it
        from core.export.rescued import write_rescued

        title = self.tr("Name a new folder for what is left")
        chosen, _ = QFileDialog.getSaveFileName(self, title, str(self._kit.parent / "rescued"))
        if not chosen or self._found is None:
            return
        try:
            write_rescued(Path(chosen), self._kit, self._found)
        except AppError as error:
            self._say(told(error), warning=True)
            return
        text = self.tr("Saved in {folder}, with a copy of the kit's file. Give both to the coordinator")
        self._say(text.format(folder=Path(chosen).name), warning=False)

    def _say(self, text: str, *, warning: bool) -> None:
        restyle(self.note, role="warning" if warning else "quiet")
        self.note.setText(text)

    def _button(self, name: str, text: str) -> QPushButton:
        made = QPushButton(text)
        made.setAutoDefault(False)
        spoken(made, name, text.removesuffix(" …"))
        return made

    def _lay_out(self) -> None:
        about = self.tr(
            "The kit's file is damaged. It is left as it is, as evidence, and cannot be read on. Give the "
            "kit to the coordinator. With your password you see what is left of your work, and save it."
        )
        row = QHBoxLayout()
        row.addWidget(label(self.password.accessibleName()))
        row.addWidget(self.password, 1)
        row.addWidget(self.show_button)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.save_button)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(10)
        column.addWidget(label(self.windowTitle(), "heading"))
        column.addWidget(label(about, "quiet", name="damaged_about", wrap=True))
        column.addLayout(row)
        column.addWidget(self.table, 1)
        column.addLayout(foot)
        self.resize(QSize(620, 460))
