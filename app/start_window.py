"""The window of the bare `ferroread`: open a kit, or the demo."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_data_path
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from app.messages import write_bug_report
from app.theme import icon
from app.workers import Job, Workers
from core.errors import AppError
from core.study.kit import Kit
from widgets.parts import label, restyle, spoken

_DEMO_RATER = "You"
_DEMO_SEED, _DEMO_ANIMALS = 7, 1


def demo_folder() -> Path:
    """Return where the demo that this window makes is kept."""
    return user_data_path("ferroread", appauthor=False) / "demo"


class StartWindow(QWidget):
    """Two doors. `kit_opened` hands over an open kit, and the window hides."""

    kit_opened = Signal(object)  # Kit

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("start_window")
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.workers = Workers(self)
        self.kit_button = _tile("Open a kit …", "open", "open_kit")
        self.demo_button = _tile("Open the demo", "demo", "open_demo")
        self.text = label("", "quiet", name="start_text", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        spoken(self.bar, "start_progress", "Progress")
        self.stop = QPushButton("Cancel")
        spoken(self.stop, "start_cancel", "Cancel")
        self._lay_out()
        self._show_work(False)
        self.kit_button.clicked.connect(self._on_choose_kit)
        self.demo_button.clicked.connect(self._on_demo)
        self.stop.clicked.connect(self._on_cancel)
        self.workers.progressed.connect(self._on_progress)

    def open_kit(self, path: Path) -> None:
        """Open a kit folder, or say why it cannot be opened."""
        try:
            kit = Kit.open(path)
        except AppError as error:
            self.say(str(error))
            return
        self.hide()
        self.kit_opened.emit(kit)

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show one line below the doors."""
        restyle(self.text, role="warning" if warning else "quiet")
        self.text.setText(" ".join(text.split()))

    def _on_choose_kit(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Open a kit: the folder NAME.kit")
        if chosen:
            self.open_kit(Path(chosen))

    def _on_demo(self) -> None:
        from app.demo.chain import Places

        kit = Places(demo_folder()).kit(_DEMO_RATER)
        if kit.is_dir():
            self.open_kit(kit)
            return
        self._show_work(True)
        self.say("Making the demo study. This takes a minute, once.", warning=False)
        self.workers.start("demo", _make_demo, self._on_demo_made, self._on_demo_failed)

    def _on_demo_made(self, kit: Path) -> None:
        self._show_work(False)
        self.say("", warning=False)
        self.open_kit(kit)

    def _on_demo_failed(self, error: BaseException) -> None:
        self._show_work(False)
        self.say(str(error) if isinstance(error, AppError) else write_bug_report(error))

    def _on_cancel(self) -> None:
        self.workers.drop("demo")
        self._show_work(False)
        self.say("Stopped; nothing half-made is left.", warning=False)

    def _on_progress(self, _: str, fraction: float, what: str) -> None:
        self.bar.setValue(round(1000 * fraction))
        self.say(f"Making the demo study, once: {what}", warning=False)

    def _show_work(self, working: bool) -> None:
        self.bar.setValue(0)
        for part in (self.bar, self.stop):
            part.setVisible(working)
        for door in (self.kit_button, self.demo_button):
            door.setEnabled(not working)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 32, 40, 28)
        column.setSpacing(12)
        column.addWidget(label("FerroRead", "name"))
        column.addWidget(label("Blinded reader studies of iron-oxide-nanoparticle MRI", "quiet", wrap=True))
        column.addSpacing(12)
        column.addWidget(self.kit_button)
        column.addWidget(label("The folder NAME.kit that your coordinator gave you", "quiet", wrap=True))
        column.addSpacing(6)
        column.addWidget(self.demo_button)
        column.addWidget(label("A simulated study to try everything on", "quiet", wrap=True))
        column.addStretch(1)
        column.addWidget(self.text)
        row = QHBoxLayout()
        row.addWidget(self.bar, 1)
        row.addWidget(self.stop)
        column.addLayout(row)
        self.setFixedWidth(520)
        self.resize(520, 420)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.open_kit(Path(event.mimeData().urls()[0].toLocalFile()))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.workers.close()
        event.accept()


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
