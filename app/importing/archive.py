"""The dialogue for archives: find series, look at one picture of them, bring them into a folder.

What is found names patients, so it stands in the table alone: title, messages and progress name the archive's
alias and counts. Children by object name: "archive_server", "archive_secret", "archive_patient_id",
"archive_patient_name", "archive_dates", "archive_study_description", "archive_modality",
"archive_series_description", "archive_find", "archive_series" (table),
"archive_picture", "archive_one", "archive_all", "archive_cancel", "archive_close", "archive_message".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.core_words import in_words
from app.messages import told
from app.workers import Job, Workers
from core.errors import AppError, InputError
from core.imaging.volume import Volume
from widgets.colours import usual_window
from widgets.message_bar import MessageBar
from widgets.parts import label, spoken
from widgets.slice_view import SliceView
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

if TYPE_CHECKING:  # what speaks to archives is imported by who opens the dialogue
    from readers.pacs import Filters, FoundSeries, Imported, Server

FIND, PICTURE, BRING = "archive_find", "archive_picture", "archive_bring"
_COLUMNS = (
    Column(marked("Patient"), 140),
    Column(marked("Name"), 180),
    Column(marked("Date"), 90),
    Column(marked("Study"), 170),
    Column(marked("No."), 50, number=True),
    Column(marked("Modality"), 80),
    Column(marked("Series"), 0),
    Column(marked("Instances"), 90, number=True),
)


class ArchiveDialog(QDialog):
    """`imported` says the folder that was filled, whole."""

    imported = Signal(object)  # Path

    def __init__(self, workers: Workers, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("archive_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workers = workers
        self._found: list[FoundSeries] = []
        self._servers: dict[str, Server] = {}
        self._make_widgets()
        self._lay_out()
        self._connect()
        self._load_servers()
        self._show_work("")

    # ---- archives

    def _load_servers(self) -> None:
        from app.pacs_servers import load_servers

        try:
            self._servers = load_servers()
        except AppError as error:
            self.messages.say(told(error))
        self.server.addItems(list(self._servers))
        self._on_server()

    def _on_server(self) -> None:
        server = self._servers.get(self.server.currentText())
        self._drop_all()
        name = "" if server is None else server.name
        self.setWindowTitle(self.tr("From an archive: {name}").format(name=name) if name else self._title())
        asks = server is not None and server.login != "none"
        self.form.setRowVisible(self.secret, asks)
        self.secret.clear()
        self._show_found([])

    def _title(self) -> str:
        return self.tr("From an archive")

    def _link(self) -> tuple[Server, Callable[[], str]]:
        """Return the chosen archive and what gives its secret: for a thread that may wait for a keyring."""
        from app.pacs_servers import kept_secret

        server, typed = self._servers[self.server.currentText()], self.secret.text()
        asks = self.tr("{name} asks for a log-in; type its password or token").format(name=server.name)

        def secret() -> str:
            given = typed or kept_secret(server)
            if server.login != "none" and not given:
                raise InputError(asks)
            return given

        return server, secret

    # ---- finding

    def _filters(self) -> Filters:
        from readers.pacs import Filters

        typed = {name: box.text().strip() for name, box in self.filters.items()}
        return Filters(**{each.name: typed.get(each.name, "") for each in fields(Filters)})

    def _find(self) -> None:
        from readers.pacs import find_series, open_link

        if not self._servers:
            return
        (server, secret), filters = self._link(), self._filters()
        self.messages.clear()
        self._show_found([])

        def find(job: Job) -> list[FoundSeries]:
            link = open_link(server, secret())
            try:
                return find_series(link, filters, job)
            finally:
                link.close()

        self._show_work(self.tr("Asking"))
        self._workers.start(FIND, find, self._on_found, self._on_failed)

    def _on_found(self, found: list[FoundSeries]) -> None:
        self._show_work("")
        self._show_found(found)
        count = self.tr("%n series", "", len(found))
        self.status.setText(count if found else self.tr("Nothing matches"))
        if found:
            self.series.choose("0")
            self.series.setFocus()

    def _show_found(self, found: list[FoundSeries]) -> None:
        self._found = found
        self.status.setText("")
        self.series.set_rows([_row(str(number), each) for number, each in enumerate(found)])
        waits = self.tr("One picture of the chosen series will be here")
        none = self.tr("No archive was added yet: see ferroread pacs add --help")
        self.picture.wait_for(waits if self._servers else none)
        self._enable()

    # ---- looking

    def _on_chosen(self, key: str) -> None:
        from readers.pacs import fetch_one, open_link

        if self._bringing:
            return
        (server, secret), series = self._link(), self._found[int(key)]
        self.picture.wait_for(self.tr("Reading a picture …"))
        self._enable()

        def look(job: Job) -> Volume | None:
            with TemporaryDirectory(prefix="ferroread-") as folder:
                link = open_link(server, secret())
                try:
                    place = fetch_one(link, series, Path(folder))
                finally:
                    link.close()
                return _pictures_in(place, job)

        self._workers.start(PICTURE, look, self._on_picture, self._on_no_picture)

    def _on_picture(self, volume: Volume | None) -> None:
        if volume is None:
            self.picture.wait_for(self.tr("These pictures cannot be shown"))
            return
        self.picture.set_picture(volume, self.tr("one instance of the series"))
        self.picture.set_window(*usual_window(volume.data))
        self.picture.fit()

    def _on_no_picture(self, error: BaseException) -> None:
        self.picture.wait_for(told(error))

    # ---- bringing

    def _bring(self, series: list[FoundSeries]) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self,
            self.tr("Name a folder for the images; one that an import has begun is gone on with"),
            str(Path.home() / "scans"),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.bring(series, Path(chosen))

    def bring(self, series: list[FoundSeries], folder: Path) -> None:
        """Bring series into a folder; what is there already stays."""
        from readers.pacs import import_series, open_link

        server, secret = self._link()
        self.messages.clear()

        def work(job: Job) -> Imported:
            given = secret()
            return import_series(lambda: open_link(server, given), series, folder, job)

        self._workers.drop(PICTURE)
        self._bringing = True
        self._show_work(self.tr("Importing"))
        self._workers.start(BRING, work, lambda done: self._on_brought(folder, done), self._on_failed)

    def _on_brought(self, folder: Path, _done: Imported) -> None:
        self._bringing = False
        self._show_work("")
        self.imported.emit(folder)
        self.accept()

    def _on_failed(self, error: BaseException) -> None:
        self._bringing = False
        self._show_work("")
        if isinstance(error, InputError):
            # a window has no such switch
            error = InputError(str(error).replace(", or add --force to fetch them again", ""))
        self.messages.say(told(error))

    def _cancel(self) -> None:
        brought = self._bringing
        self._drop_all()
        if brought:
            self.messages.say(
                self.tr("Stopped; what came stays, and the same folder goes on from there"), warning=False
            )

    def _drop_all(self) -> None:
        for lane in (FIND, PICTURE, BRING):
            self._workers.drop(lane)
        self._bringing = False
        self._show_work("")

    # ---- showing

    def _on_progress(self, lane: str, fraction: float, what: str) -> None:
        if lane in (FIND, BRING):
            words = in_words(what)
            self._show_work(words[:1].upper() + words[1:], fraction)

    def _show_work(self, what: str, fraction: float = 0.0) -> None:
        self.bar.setValue(round(1000 * fraction))
        self.work.setText(f"{what} …" if what else "")
        for part in (self.bar, self.work):
            part.setVisible(bool(what))
        self.cancel.setEnabled(bool(what))
        self._enable()

    def _enable(self) -> None:
        idle = not self._bringing
        chosen = self.series.currentIndex().isValid()
        self.find.setEnabled(idle and bool(self._servers))
        self.server.setEnabled(idle and bool(self._servers))
        self.one.setEnabled(idle and chosen and bool(self._found))
        self.all.setEnabled(idle and bool(self._found))

    def reject(self) -> None:
        self._drop_all()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._drop_all()
        super().closeEvent(event)

    # ---- wiring

    def _connect(self) -> None:
        self.server.currentIndexChanged.connect(lambda _: self._on_server())
        self.find.clicked.connect(self._find)
        for box in (*self.filters.values(), self.secret):
            box.returnPressed.connect(self._find)
        self.series.row_chosen.connect(self._on_chosen)
        self.one.clicked.connect(lambda: self._bring([self._found[self.series.currentIndex().row()]]))
        self.all.clicked.connect(lambda: self._bring(self._found))
        self.cancel.clicked.connect(self._cancel)
        self.close_button.clicked.connect(self.reject)
        self._workers.progressed.connect(self._on_progress)

    def _make_widgets(self) -> None:
        self._bringing = False
        self.server = QComboBox()
        spoken(self.server, "archive_server", self.tr("Archive"))
        self.secret = _field("archive_secret", self.tr("Password or token"))
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret.setPlaceholderText(self.tr("as the keyring has it"))
        names = {
            "patient_id": self.tr("Patient ID"),
            "patient_name": self.tr("Name"),
            "dates": self.tr("Study date"),
            "study_description": self.tr("Study"),
            "modality": self.tr("Modality"),
            "series_description": self.tr("Series"),
        }
        self.filters = {name: _field(f"archive_{name}", text) for name, text in names.items()}
        self.filters["modality"].setText("MR")
        self.filters["patient_name"].setPlaceholderText("OKAFOR^JUNIPER")
        self.filters["dates"].setPlaceholderText("20260101-20260131")
        self.find = _button("archive_find", self.tr("Find"), self.tr("* and ? stand for any letters"))
        self.status = label("", "quiet", name="archive_status")
        self.series = TextTable("archive_series", self.tr("Series found in the archive"), _COLUMNS)
        self.picture = SliceView()
        spoken(self.picture, "archive_picture", self.tr("One picture of the series"), " ")
        self.messages = MessageBar()
        self.work = label("", "quiet", name="archive_work")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(160)
        spoken(self.bar, "archive_progress", self.tr("Progress"))
        self.cancel = _button("archive_cancel", self.tr("Cancel"), self.tr("Stop what is under way"))
        self.one = _button("archive_one", self.tr("Import this series …"))
        self.all = _button("archive_all", self.tr("Import all found …"))
        self.one.setProperty("role", "main")
        self.close_button = _button("archive_close", self.tr("Close"))

    def _lay_out(self) -> None:
        self.form = QFormLayout()
        self.form.addRow(self.tr("Archive"), self.server)
        for box in (self.secret, *self.filters.values()):
            self.form.addRow(box.accessibleName(), box)
        row = QHBoxLayout()
        row.addWidget(self.find)
        row.addWidget(self.status, 1)
        aside = QWidget()
        aside.setFixedWidth(360)
        left = QVBoxLayout(aside)
        left.setContentsMargins(0, 0, 8, 0)
        left.addLayout(self.form)
        left.addLayout(row)
        left.addWidget(self.picture, 1)
        halves = QHBoxLayout()
        halves.addWidget(aside)
        halves.addWidget(self.series, 1)
        foot = QHBoxLayout()
        for part in (self.work, self.bar, self.cancel):
            foot.addWidget(part)
        foot.addStretch(1)
        for part in (self.close_button, self.one, self.all):
            foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addLayout(halves, 1)
        column.addWidget(self.messages)
        column.addLayout(foot)
        self.resize(1240, 700)


def _row(key: str, found: FoundSeries) -> Row:
    of = found.of
    count = "" if found.instances is None else str(found.instances)
    return Row(
        key,
        (
            of.patient_id, of.patient_name, of.date, of.description,
            found.number, found.modality, found.description, count,
        ),
    )  # fmt: skip


def _pictures_in(place: Path, job: Job) -> Volume | None:
    """Return what a file shows; None where it holds no picture."""
    from readers import inspect, load_part
    from readers.inspection import NothingFoundError

    try:
        (info, *_) = inspect([place], job).series
    except NothingFoundError:
        return None
    pictures = load_part(info, info.part[0], progress=job)
    return Volume(pictures.data[0], pictures.geometry)


def _field(name: str, text: str) -> QLineEdit:
    made = QLineEdit()
    spoken(made, name, text)
    return made


def _button(name: str, text: str, tip: str = "") -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    spoken(made, name, text, tip)
    return made
