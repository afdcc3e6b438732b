"""The window of the bare `ferroread`: open a kit, a study, images, or the demo."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMenuBar,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import LIGHT_THEME, Deed, make_actions
from app.core_words import in_words
from app.demo import demo_folder
from app.language import add_language_menu, told_of_language
from app.look import Look
from app.messages import told
from app.recent import forget, recent_kits
from app.settings import change_settings, load_settings
from app.theme import icon, theme
from app.workers import Job, Workers
from core.errors import AppError, DamagedError
from core.study.study_place import is_study
from widgets.parts import label, restyle, spoken
from widgets.recent_list import RecentList
from widgets.words import marked

_DEMO_RATER = "You"
_DEMO_SEED, _DEMO_ANIMALS = 7, 1
DEEDS = (
    Deed("open_kit", marked("Open a kit …"), ("Ctrl+O",), "File", "open"),
    Deed("open_images", marked("Images …"), ("Ctrl+I",), "File", "images"),
    Deed("open_study", marked("Open a study …"), ("Ctrl+Shift+O",), "File", "study"),
    Deed("new_study", marked("New study …"), ("Ctrl+N",), "File", "study"),
    Deed("open_demo", marked("Open the demo"), ("Ctrl+D",), "File", "demo"),
    Deed("write_protocol", marked("Write a protocol …"), ("Ctrl+P",), "File"),
    Deed("close", marked("Close"), ("Ctrl+Q", "Ctrl+W"), "File"),
    LIGHT_THEME,
)


class StartWindow(QWidget):
    """The doors. `kit_opened` hands over an open kit, and the window hides; for the others it stays."""

    kit_opened = Signal(object)  # Kit
    images_requested = Signal(object)  # tuple of Path: what was dropped, if anything
    protocol_requested = Signal()
    study_requested = Signal(object)  # Path
    new_study_requested = Signal()
    language_changed = Signal()  # kept already; whoever owns the window may make it anew

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("start_window")
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.workers = Workers(self)
        self.actions_by_name = make_actions(self, DEEDS)
        self.settings = load_settings()
        self.look = Look(
            self, self.actions_by_name, DEEDS, self.settings, lambda: change_settings(theme=theme())
        )
        self.kit_button = _tile(self.tr("Open a kit …"), "open", "open_kit")
        self.images_button = _tile(self.tr("Images …"), "images", "open_images")
        self.demo_button = _tile(self.tr("Open the demo"), "demo", "open_demo")
        self.study_button = _tile(self.tr("Open a study …"), "study", "open_study")
        self.new_study_button = _tile(self.tr("New study …"), "study", "new_study")
        self.recent = RecentList(self.tr("OPENED BEFORE"))
        self.text = label("", "quiet", name="start_text", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        spoken(self.bar, "start_progress", self.tr("Progress"))
        self.stop = QPushButton(self.tr("Cancel"))
        spoken(self.stop, "start_cancel", self.stop.text())
        self._lay_out()
        self.show_recent()
        self._show_work(False)
        deeds = {
            "open_kit": (self._on_choose_kit, self.kit_button),
            "open_images": (lambda: self.images_requested.emit(()), self.images_button),
            "open_demo": (self._on_demo, self.demo_button),
            "open_study": (self._on_choose_study, self.study_button),
            "new_study": (self.new_study_requested.emit, self.new_study_button),
        }
        for name, (deed, door) in deeds.items():
            self.actions_by_name[name].triggered.connect(lambda _=False, deed=deed: deed())
            door.clicked.connect(self.actions_by_name[name].trigger)
            self.look.changed.connect(lambda name=name, door=door: _draw(door, self.actions_by_name[name]))
        self.look.changed.connect(self.show_recent)
        self.actions_by_name["write_protocol"].triggered.connect(lambda _: self.protocol_requested.emit())
        self.actions_by_name["close"].triggered.connect(self.close)
        self.recent.chosen.connect(lambda path: self.open_kit(Path(path)))
        self.recent.forget_requested.connect(self._on_forget)
        self.stop.clicked.connect(self._on_cancel)
        self.workers.progressed.connect(self._on_progress)

    def open_kit(self, path: Path) -> None:
        """Open a kit folder, or say why it cannot be opened."""
        # databases and image files come with it: this window shall be there at once
        from core.study.kit import Kit

        try:
            kit = Kit.open(path)
        except AppError as error:
            self.say(told(error))
            if isinstance(error, DamagedError):
                from app.damaged_kit import DamagedKit

                DamagedKit(path, self).open()
            return
        self.hide()
        self.kit_opened.emit(kit)

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show one line below the doors."""
        restyle(self.text, role="warning" if warning else "quiet")
        self.text.setText(" ".join(text.split()))

    # ---- what was opened before

    def show_recent(self) -> None:
        """Offer the kits that were opened on this account."""
        text = self.tr("Kit {number}")
        self.recent.set_items([
            (kit.path, text.format(number=kit.number), icon("open")) for kit in recent_kits()
        ])  # fmt: skip

    def _on_forget(self) -> None:
        forget()
        self.show_recent()

    # ---- doors

    def _on_choose_kit(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Open a kit: the folder NAME.kit"))
        if chosen:
            self.open_kit(Path(chosen))

    def _on_choose_study(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Open a study: its folder"))
        if chosen:
            self.study_requested.emit(Path(chosen))

    def _on_demo(self) -> None:
        from app.demo.chain import Places

        kit = Places(demo_folder()).kit(_DEMO_RATER)
        if kit.is_dir():
            self.open_kit(kit)
            return
        self._show_work(True)
        self.say(self.tr("Making the demo study. This takes a minute, once."), warning=False)
        self.workers.start("demo", _make_demo, self._on_demo_made, self._on_demo_failed)

    def _on_demo_made(self, kit: Path) -> None:
        self._show_work(False)
        self.say("", warning=False)
        self.open_kit(kit)

    def _on_demo_failed(self, error: BaseException) -> None:
        self._show_work(False)
        self.say(told(error))

    def _on_cancel(self) -> None:
        self.workers.drop("demo")
        self._show_work(False)
        self.say(self.tr("Stopped; nothing half-made is left."), warning=False)

    def _on_progress(self, _: str, fraction: float, what: str) -> None:
        self.bar.setValue(round(1000 * fraction))
        made = self.tr("Making the demo study, once: {what}")
        self.say(made.format(what=in_words(what)), warning=False)

    def _on_language(self, code: str) -> None:
        change_settings(language=code)
        self.say(told_of_language(code), warning=False)
        self.language_changed.emit()

    def _show_work(self, working: bool) -> None:
        self.bar.setValue(0)
        for part in (self.bar, self.stop):
            part.setVisible(working)
        doors = (self.kit_button, self.images_button, self.study_button, self.new_study_button)
        for door in (*doors, self.demo_button, self.recent):
            door.setEnabled(not working)
        for deed in DEEDS[:-2]:
            self.actions_by_name[deed.name].setEnabled(not working)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 32, 40, 28)
        column.setSpacing(12)
        column.addWidget(label("FerroRead", "name"))
        column.addWidget(
            label(self.tr("Blinded reader studies of iron-oxide-nanoparticle MRI"), "quiet", wrap=True)
        )
        column.addSpacing(12)
        column.addWidget(self.kit_button)
        column.addWidget(
            label(self.tr("The folder NAME.kit that your coordinator gave you"), "quiet", wrap=True)
        )
        column.addWidget(self.recent)
        column.addSpacing(6)
        column.addWidget(self.images_button)
        scans = self.tr("Scans to look through and map; they can be dropped here")
        column.addWidget(label(scans, "quiet", wrap=True))
        column.addSpacing(6)
        studies = QHBoxLayout()
        studies.addWidget(self.study_button)
        studies.addWidget(self.new_study_button)
        column.addLayout(studies)
        coordinator = self.tr("For coordinators: build a study, deal kits, collect, analyse")
        column.addWidget(label(coordinator, "quiet", wrap=True))
        column.addSpacing(6)
        column.addWidget(self.demo_button)
        column.addWidget(label(self.tr("A simulated study to try everything on"), "quiet", wrap=True))
        column.addStretch(1)
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        column.addLayout(row)
        bar = QMenuBar()
        menu = bar.addMenu(self.tr("File"))
        menu.addActions([self.actions_by_name[deed.name] for deed in DEEDS[:-1]])
        look = bar.addMenu(self.tr("View"))
        look.addAction(self.actions_by_name["light_theme"])
        add_language_menu(look, load_settings().language, self._on_language)
        column.setMenuBar(bar)
        self.setFixedWidth(520)
        self.resize(520, 700)

    def open(self, paths: Sequence[Path]) -> None:
        """Open what was dropped or handed over: a kit, a study, or else images."""
        # a file manager that goes into folders hands over the file in it
        paths = [path.parent if path.name in ("kit.sqlite", "study.sqlite") else path for path in paths]
        if len(paths) == 1 and (paths[0].suffix == ".kit" or (paths[0] / "kit.sqlite").is_file()):
            self.open_kit(paths[0])
        elif len(paths) == 1 and is_study(paths[0]):
            self.study_requested.emit(paths[0])
        else:
            self.images_requested.emit(tuple(paths))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event) and self.kit_button.isEnabled():
            event.acceptProposedAction()
            # while the hand is still on its way
            import app.importing.window  # noqa: F401

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.open(local_paths(event))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.workers.close()
        event.accept()


def local_paths(event: QDropEvent) -> list[Path]:
    """Return the files and folders that are dragged."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]


def _draw(door: QPushButton, action: QAction) -> None:
    door.setIcon(action.icon())


def _make_demo(job: Job) -> Path:
    from app.demo.chain import Chain, Places
    from app.demo.show import fresh_folder

    with fresh_folder(demo_folder(), force=True) as places:
        chain = Chain(places, job, lambda text: None)
        chain.build_study(_DEMO_SEED, _DEMO_ANIMALS)
        chain.deal([_DEMO_RATER], _DEMO_SEED)
    return Places(demo_folder()).kit(_DEMO_RATER)


def _tile(text: str, picture: str, name: str) -> QPushButton:
    made = QPushButton(f"  {text}")
    made.setProperty("role", "tile")
    made.setIcon(icon(picture))
    made.setIconSize(QSize(20, 20))
    spoken(made, name, text)
    return made
