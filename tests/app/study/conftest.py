"""A coordinator's window, driven as a hand does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QTableView, QWidget

from app.commands.kit import DEFAULT_PROTOCOL
from app.study.window import StudyWindow
from app.theme import dress
from core.reading.protocol import load_protocol
from core.study.kit import Kit
from core.study.plan import set_plan
from core.study.store import Study
from tests.app.commands.coordinator import VISITS, write_scan, write_tables
from tests.core.study.conftest import read_case
from widgets.password_dialog import PasswordDialog

LEFT = Qt.MouseButton.LeftButton
PASSWORD = "correct horse"


class Coordinator:
    """What a person does with the window: goes to a page, presses, types; waits for work to end."""

    def __init__(self, qtbot, window: StudyWindow, chosen: list[str]) -> None:
        self.qtbot, self.window, self._chosen = qtbot, window, chosen

    def go(self, step: str) -> None:
        """Click on a step's line."""
        steps = self.window.steps
        item = next(
            item for item in (steps.item(row) for row in range(steps.count()))
            if item.data(Qt.ItemDataRole.UserRole) == step
        )  # fmt: skip
        steps.scrollToItem(item)
        self.qtbot.mouseClick(steps.viewport(), LEFT, pos=steps.visualItemRect(item).center())
        assert self.window.step == step

    def press(self, name: str, *paths: Path | str) -> None:
        """Press a button, and answer with paths where the system's dialog asks for them."""
        self._chosen[:] = [str(path) for path in paths]
        button = self.window.findChild(QPushButton, name)
        assert button.isVisible() and button.isEnabled(), name
        self.qtbot.mouseClick(button, LEFT)
        self.wait()

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.window.desk.busy, timeout=60_000)

    @property
    def asked(self) -> PasswordDialog:
        """The dialog that asks for the coordinator's password."""
        (found,) = (each for each in self.window.findChildren(PasswordDialog) if each.isVisible())
        return found

    def give_password(self, password: str, reason: str) -> None:
        """Answer it."""
        asked = self.asked
        for field, text in ((asked.reason, reason), (asked.old, password)):
            field.clear()
            self.qtbot.keyClicks(field, text)
        self.qtbot.mouseClick(asked.accept_button, LEFT)

    def type(self, name: str, text: str) -> None:
        """Write a text into a field in place of what stands there."""
        field = self.window.findChild(QWidget, name)
        field.setFocus()
        QTest.keySequence(field, "Ctrl+A")
        self.qtbot.keyClicks(field, text)

    def type_in_cell(self, table: QTableView, row: int, column: int, text: str) -> None:
        """Double-click a cell and write into it."""
        index = table.model().index(row, column)
        table.scrollTo(index)
        place = table.visualRect(index).center()
        self.qtbot.mouseClick(table.viewport(), LEFT, pos=place)
        self.qtbot.mouseDClick(table.viewport(), LEFT, pos=place)
        editor = table.viewport().findChild(QLineEdit)
        QTest.keySequence(editor, "Ctrl+A")
        self.qtbot.keyClicks(editor, text)
        with self.qtbot.waitSignal(table.cell_given):
            self.qtbot.keyClick(editor, Qt.Key.Key_Return)

    def enabled(self, name: str) -> bool:
        return self.window.findChild(QPushButton, name).isEnabled()

    @property
    def stand(self) -> str:
        """What the page says is missing or comes next."""
        return self.window.pages[self.window.step].stand_text.text()

    @property
    def message(self) -> str:
        return self.window.messages.text.text()

    def cells(self, name: str) -> list[tuple[str, ...]]:
        """Every line of a table."""
        return [row.cells for row in self.window.findChild(QTableView, name).words.rows]


@pytest.fixture(scope="session")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two visits of a subject as DICOM, with their tables."""
    folder = tmp_path_factory.mktemp("window")
    for number, (subject, _, visit, iron) in enumerate(VISITS):
        write_scan(folder / "scans" / subject / visit.replace(" ", ""), iron, 10 * number)
    write_tables(folder)
    return folder


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is chosen in the system's dialogs for files."""
    paths: list[str] = []
    one = lambda *_, **__: (paths[0] if paths else "", "")  # noqa: E731
    monkeypatch.setattr(QFileDialog, "getOpenFileName", one)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", one)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_, **__: (list(paths), ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: paths[0] if paths else "")
    return paths


@pytest.fixture
def opened(
    qtbot, qapp, language: str, chosen: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Study], Coordinator]]:
    """Show a study in its window."""
    monkeypatch.setattr("app.settings.user_config_path", lambda *_, **__: tmp_path / "config")
    if not qapp.styleSheet():
        dress(qapp)
    windows: list[StudyWindow] = []

    def show(study: Study) -> Coordinator:
        window = StudyWindow(study)
        windows.append(window)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        return Coordinator(qtbot, window, chosen)

    yield show
    for window in windows:
        window.close()


@pytest.fixture
def empty(opened, tmp_path: Path) -> Coordinator:
    """A new study."""
    return opened(Study.create(tmp_path / "study", "Iron in mice"))


@pytest.fixture(scope="session")
def built(scans: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with its scans and tables, made once."""
    from app.cli import run

    path = tmp_path_factory.mktemp("built") / "study"
    assert run(["study", "create", str(path), "--name", "Iron in mice"]) == 0
    tables = ["--manifest", scans / "manifest.csv", "--reference", scans / "reference.csv"]
    tables += ["--icpms", scans / "icpms.csv", "--calibration", scans / "calibration.json"]
    assert run(["study", "add", str(path), *map(str, tables)]) == 0
    return path


@pytest.fixture
def filled(opened, built: Path, tmp_path: Path) -> Coordinator:
    """The study with its scans, before anything is dealt."""
    return opened(Study.open(shutil.copytree(built, tmp_path / "study")))


@pytest.fixture(scope="session")
def dealt(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the study and a kit that was dealt to Ann, made once."""
    from app.cli import run

    folder = tmp_path_factory.mktemp("dealt")
    shutil.copytree(built, folder / "study")
    with Study.open(folder / "study") as study:
        set_plan(study, raters=["Ann"], protocol=load_protocol(DEFAULT_PROTOCOL))
    made = ["kit", "make", str(folder / "study"), "--rater", "Ann", "--session", "1"]
    assert run([*made, "--out", str(folder / "ann.kit")]) == 0
    return folder


@pytest.fixture
def anns(opened, dealt: Path, tmp_path: Path) -> tuple[Coordinator, Path]:
    """The study after a kit was dealt to Ann, and the kit."""
    shutil.copytree(dealt, tmp_path, dirs_exist_ok=True)
    return opened(Study.open(tmp_path / "study")), tmp_path / "ann.kit"


def read_kit(path: Path, cases: int | None = None) -> None:
    """Read and sign the cases of a kit as its rater, or the first of them."""
    with Kit.open(path) as kit:
        for case in kit.cases()[:cases]:
            read_case(kit, case.alias)
