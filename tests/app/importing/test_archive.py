"""An archive in the import window, by hand: found, looked at, brought, stopped, gone on; nobody is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from app.importing.archive import ArchiveDialog
from app.importing.window import ImportWindow
from app.pacs_servers import keep_server
from core.errors import InputError
from readers.pacs import Server
from tests.readers.pacs.orthanc import PASSWORD, Orthanc, needs_orthanc, running_orthanc
from tests.readers.pacs.proxy import Proxy
from tests.readers.scanner import make_scan, write_classic

PATIENT, NAME = "CANARY-ID-17", "CANARY^NAME"


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    needs_orthanc()
    folder = tmp_path_factory.mktemp("orthanc")
    with running_orthanc(folder) as running:
        for number in (4, 5):
            scan = make_scan(number, echoes=1, shape=(20, 5, 6), series=number)
            scan.overrides |= {"PatientID": PATIENT, "PatientName": NAME}
            for file in write_classic(folder / "scan", scan):
                running.put(file.read_bytes())
        yield running


@pytest.fixture
def archives(orthanc: Orthanc, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Orthanc:
    """An account that knows the archive as ward, and keeps its password nowhere."""
    monkeypatch.setattr("app.pacs_servers.user_config_path", lambda *_, **__: tmp_path / "config")
    monkeypatch.setattr("app.pacs_servers.kept_secret", lambda _: "")
    keep_server(orthanc.web())
    return orthanc


def press(qtbot, button: QWidget) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def opened(window: ImportWindow, qtbot) -> ArchiveDialog:
    press(qtbot, window.findChild(QWidget, "import_archive"))
    dialog = window.findChild(ArchiveDialog)
    qtbot.waitUntil(dialog.isVisible)
    return dialog


def found(window: ImportWindow, dialog: ArchiveDialog, qtbot) -> None:
    """Type who is looked for and press Find, as a hand does."""
    qtbot.keyClicks(dialog.secret, PASSWORD)
    qtbot.keyClicks(dialog.filters["patient_id"], PATIENT)
    press(qtbot, dialog.find)
    qtbot.waitUntil(lambda: not window.workers.busy)
    assert [row.cells[0] for row in dialog.series.words.rows] == [PATIENT, PATIENT]


def answered(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(folder), ""))


def named_nowhere_but_in_the_table(dialog: ArchiveDialog) -> bool:
    titles = [widget.windowTitle() for widget in QApplication.topLevelWidgets()]
    said = [dialog.status.text(), dialog.work.text(), dialog.messages.text.text(), *titles]
    return "CANARY" not in " ".join(said)


def test_a_series_is_found_looked_at_and_imported(
    archives: Orthanc, window: ImportWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    dialog = opened(window, qtbot)
    assert dialog.windowTitle() == "From an archive: ward"
    found(window, dialog, qtbot)
    assert dialog.picture.volume is not None and dialog.picture.volume.data.shape == (1, 5, 6)
    assert dialog.status.text() == "2 series" and named_nowhere_but_in_the_table(dialog)
    answered(monkeypatch, tmp_path / "in")
    with qtbot.waitSignal(dialog.imported):
        press(qtbot, dialog.one)
    qtbot.waitUntil(lambda: not window.workers.busy)
    (entry,) = window.finding.entries.values()
    assert entry.info.files == 20 and window.finding.skipped == ()
    assert "CANARY" not in window.windowTitle()


def test_an_import_is_stopped_and_goes_on(
    archives: Orthanc, window: ImportWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    out = tmp_path / "in"
    with Proxy(archives.http, 20_000, breaks=False) as proxy:
        keep_server(archives.web(port=proxy.port), force=True)
        dialog = opened(window, qtbot)
        found(window, dialog, qtbot)
        answered(monkeypatch, out)
        press(qtbot, dialog.all)
        qtbot.waitUntil(proxy.reached.is_set)
        assert not dialog.all.isEnabled() and dialog.cancel.isEnabled()
        assert named_nowhere_but_in_the_table(dialog)
        press(qtbot, dialog.cancel)
        assert dialog.all.isEnabled() and not dialog.bar.isVisible()
    press(qtbot, dialog.close_button)
    qtbot.waitUntil(lambda: window.findChild(ArchiveDialog) is None)
    before = len(list(out.rglob("*.dcm")))
    assert before < 40
    keep_server(archives.web(), force=True)
    dialog = opened(window, qtbot)
    found(window, dialog, qtbot)
    with qtbot.waitSignal(dialog.imported):
        press(qtbot, dialog.all)
    qtbot.waitUntil(lambda: not window.workers.busy)
    assert len(list(out.rglob("*.dcm"))) == 40
    assert sum(entry.info.files for entry in window.finding.entries.values()) == 40


def test_what_goes_wrong_is_said_in_the_dialogue(archives: Orthanc, window: ImportWindow, qtbot) -> None:
    dialog = opened(window, qtbot)
    press(qtbot, dialog.find)
    qtbot.waitUntil(lambda: not window.workers.busy)
    assert "asks for a log-in" in dialog.messages.text.text()
    qtbot.keyClicks(dialog.secret, "wrong")
    qtbot.keyClicks(dialog.filters["patient_id"], PATIENT)
    qtbot.keyClick(dialog.filters["patient_id"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not window.workers.busy)
    assert "the log-in was refused" in dialog.messages.text.text()


def test_without_archives_the_dialogue_says_how_to_add_one(
    window: ImportWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot
) -> None:
    monkeypatch.setattr("app.pacs_servers.user_config_path", lambda *_, **__: tmp_path / "config")
    dialog = opened(window, qtbot)
    assert "pacs add" in dialog.picture.waiting_for
    assert not dialog.find.isEnabled() and not dialog.all.isEnabled()


def test_a_damaged_list_of_archives_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.pacs_servers.user_config_path", lambda *_, **__: tmp_path)
    (tmp_path / "pacs.json").write_text('[{"name": "w", "port": "104"}]')
    with pytest.raises(InputError, match="list of archives is damaged"):
        keep_server(Server("other", "https://x/"))
