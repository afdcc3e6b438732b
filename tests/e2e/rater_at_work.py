"""A rater reads a kit from the start window to the last guess, on a real display, and is listened to.

Run by tests/e2e/test_canary_sweep.py:  rater_at_work.py KIT OUT [WORD NUMBER]
Writes every text that a widget shows or says to OUT/texts.txt, what the clipboard holds to OUT/clipboard.txt
and pictures of the whole screen to OUT/*.png. At some moments it prints a line and waits for one: then its
memory can be looked at. With WORD and NUMBER it reads nothing and plants them everywhere instead.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QAction, QClipboard, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QMenu,
    QTableView,
    QTreeView,
    QWidget,
)

from app.actions import READING
from app.demo.rater import PASSWORD, ScriptedRater
from app.demo.script import CaseScript, Spot
from app.importing.window import ImportWindow
from app.protocols.window import ProtocolWindow
from app.reading.window import ReadingWindow
from app.recent import recent_path
from app.start_window import StartWindow
from app.startup import application
from app.study.new_study import NewStudyDialog
from core.study.kit import Kit
from core.study.rater_key import Cost
from tests.e2e.other_windows import look_at_bug, look_at_damaged, look_at_trail, wait_until
from widgets.password_dialog import PasswordDialog

WORDS = (
    "windowTitle", "text", "toolTip", "statusTip", "whatsThis", "accessibleName", "objectName", "title",
    "accessibleDescription", "placeholderText", "windowFilePath", "plainText", "currentText", "iconText",
)  # fmt: skip
ROLES = (
    Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.StatusTipRole,
    Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole, Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.UserRole,
)  # fmt: skip
SPOKEN = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)
# what ends the case or the window, or waits for a hand
NOT_PRESSED = {"close", "finish", "next_case", "previous_case", "keys", "controls"}


class Listener:
    """Keeps all that the program says, wherever it says it."""

    def __init__(self, out: Path) -> None:
        self.out, self.texts, self.clipboard, self.shots = out, set[str](), set[str](), 0

    def listen(self, *, picture: bool = False) -> None:
        QApplication.processEvents()
        for widget in QApplication.allWidgets():
            self._hear(widget)
        for top in QApplication.topLevelWidgets():
            for action in top.findChildren(QAction):
                self.texts.update(str(action.property(word)) for word in WORDS)
        clipboard = QApplication.clipboard()
        for mode in (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection):
            held = clipboard.mimeData(mode)
            self.clipboard.update(bytes(held.data(kind)).decode(errors="replace") for kind in held.formats())
        self.texts.update(QApplication.arguments())
        if picture:
            self.shots += 1
            # letters twice as large are read better
            shot = QApplication.primaryScreen().grabWindow(0).toImage()
            larger = shot.scaledToWidth(2 * shot.width(), Qt.TransformationMode.SmoothTransformation)
            larger.convertToFormat(QImage.Format.Format_Grayscale8).save(
                str(self.out / f"{self.shots:02d}.png")
            )

    def _hear(self, widget: QWidget) -> None:
        self.texts.update(str(widget.property(word)) for word in WORDS)
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is not None:
            self.texts.update(spoken.text(kind) for kind in SPOKEN)
        if isinstance(widget, QComboBox):
            self.texts.update(widget.itemText(place) for place in range(widget.count()))
            self.texts.update(str(widget.itemData(place)) for place in range(widget.count()))
        model = widget.model() if isinstance(widget, QAbstractItemView) else None
        if model is not None:
            columns = model.columnCount() if isinstance(widget, (QTableView, QTreeView)) else 1
            cells = [(row, column) for row in range(model.rowCount()) for column in range(columns)]
            self.texts.update(str(model.index(*cell).data(role)) for cell in cells for role in ROLES)

    def write(self) -> None:
        (self.out / "texts.txt").write_text("\n".join(sorted(self.texts)), encoding="utf-8")
        (self.out / "clipboard.txt").write_text("\n".join(sorted(self.clipboard)), encoding="utf-8")


def look_at_memory(moment: str) -> None:
    """Stand still until whoever started this has looked."""
    print("memory", moment, os.getpid(), flush=True)
    sys.stdin.readline()


def tour(window: ReadingWindow, listener: Listener) -> None:
    """Open every dialog and page, and do everything in the menus that only looks."""
    for name in ("keys", "controls"):
        window.actions_by_name[name].trigger()
        listener.listen(picture=True)
        for dialog in window.findChildren(QDialog):
            dialog.close()
    for menu in window.menuBar().findChildren(QMenu):
        menu.popup(window.mapToGlobal(window.rect().center()))
        listener.listen(picture=menu.title().startswith("V"))
        menu.close()
    for pane in window.views.panes[:2]:
        pane.menu.popup(window.mapToGlobal(window.rect().center()))
        listener.listen(picture=True)
        pane.menu.close()
    for deed in READING:
        action = window.actions_by_name[deed.name]
        if (
            deed.menu in ("View", "Case", "Help", "Tools", "Edit")
            and deed.name not in NOT_PRESSED
            and action.isEnabled()
        ):
            action.trigger()
            listener.listen(picture=deed.name in ("review", "layout_2x2", "volume", "trial", "compare"))
            if deed.checkable and action.isChecked():
                action.trigger()
            if deed.name in ("review", "volume"):
                action.trigger()  # and back again
    look_at_bug(window, lambda: listener.listen(picture=True))


def read(path: Path, listener: Listener) -> None:
    start, opened = StartWindow(), list[ReadingWindow]()
    start.kit_opened.connect(lambda kit: opened.append(ReadingWindow(kit)))
    start.show()
    listener.listen(picture=True)
    start.open_kit(path)
    window = opened[0]
    window.show()
    window.activateWindow()
    # everybody knows this password: a guess of it need not be dear
    window.kit.enrol(PASSWORD, cost=Cost(iterations=1, lanes=1, memory_kib=64))
    go_in(window, listener)
    look_at_memory("opened")
    read_cases(window, listener)
    if window.kit.guesses_due():
        guess(window, listener)
    look_at_trail(window, PASSWORD, lambda: listener.listen(picture=True))
    look_at_memory("guessed")
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    again = StartWindow()
    again.show()
    assert recent_path().is_file()
    listener.listen(picture=True)
    look_around(path, listener)
    look_at_damaged(path, PASSWORD, lambda: listener.listen(picture=True))
    look_at_memory("closed")
    again.close()


def go_in(window: ReadingWindow, listener: Listener) -> None:
    """Pass the door."""
    window.door.ask()
    (asked,) = (each for each in window.findChildren(PasswordDialog) if each.isVisible())
    listener.listen(picture=True)
    QTest.keyClicks(asked.old, PASSWORD)
    QTest.mouseClick(asked.accept_button, Qt.MouseButton.LeftButton)
    assert not window.door.closed
    # no window manager gives the keys back to the window below
    window.activateWindow()
    wait_until(window.isActiveWindow)


def look_around(path: Path, listener: Listener) -> None:
    """Open what else can be opened on a rater's account; the kit's pictures in the window of images."""
    images = ImportWindow()
    others = (images, ProtocolWindow(), NewStudyDialog())
    for each in others:
        each.show()
    images.open([path / "images"])
    wait_until(lambda: images.finding.entries or images.finding.skipped)
    listener.listen(picture=True)
    for each in others:
        each.close()


class ConspicuityRater(ScriptedRater):
    """Reads by the protocol `tumour-conspicuity`: a lesion is marked, rated and measured."""

    def read_case(self, alias: str) -> None:
        """Read the case that is open, and sign it."""
        self._window.door.touch()
        case = self._window.case
        self._wait(case.opened, lambda: case.ready and case.alias == alias, f"case {alias} to open")
        (spot,) = (spot for spot in self._scripts[alias].spots if spot.kind == "lesion")
        self._mark(spot, (4, 3))
        QTest.keyClicks(self._window, "7")
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
        QTest.mouseClick(self._child("question-image_quality"), Qt.MouseButton.LeftButton, pos=QPoint(12, 12))
        self._digit(3)
        self._snapshot("reading")
        self._finish()
        self._wait(case.signed, lambda: case.reading.signed, f"{alias} to be signed")
        self._snapshot("signed")


def read_cases(window: ReadingWindow, listener: Listener) -> None:
    """Read case after case; a training case tells what was expected, the last one is looked at all over."""
    script = case_script(window.kit)
    aliases = [case.alias for case in window.kit.cases()]
    kind = ScriptedRater if window.kit.protocol.id == "tumour-and-nodes" else ConspicuityRater
    rater = kind(
        window, dict.fromkeys(aliases, script), np.random.default_rng(1),
        lambda name: listener.listen(picture=True),
    )  # fmt: skip
    for alias in aliases:
        write_note(window, alias, listener)
        rater.read_case(alias)
        if window.feedback_page.isVisible():
            listener.listen(picture=True)
            QTest.keyClick(window.feedback_page.go_on, Qt.Key.Key_Return)
        elif alias != aliases[-1] and window.case.alias == alias:
            QTest.mouseClick(window.findChild(QWidget, "finish_button"), Qt.MouseButton.LeftButton)
    window.guessing.hide()
    look_at_memory("signed")
    tour(window, listener)


def write_note(window: ReadingWindow, alias: str, listener: Listener) -> None:
    """Leave a note and a flag on a case, as far as it takes any."""
    wait_until(lambda: window.case.ready and window.case.alias == alias)
    for name in ("note", "query"):
        window.actions_by_name[name].trigger()
        field = QApplication.focusWidget()
        if field is not None:
            QTest.keyClicks(field, "seen twice")
        listener.listen(picture=name == "note")
        window.views.focus()


def guess(window: ReadingWindow, listener: Listener) -> None:
    """Guess of every case that it is the first choice, and confirm."""
    page = window.guess_page
    window.guessing.show()
    while not page.confirm.isEnabled():
        before = page.table.currentRow(), page.table.currentColumn()
        QTest.keyClick(page.table, Qt.Key.Key_1)
        listener.listen(picture=before[0] == 0)
    QTest.mouseClick(page.confirm, Qt.MouseButton.LeftButton)
    wait_until(lambda: not window.kit.guesses_due())
    listener.listen(picture=True)


def case_script(kit: Kit) -> CaseScript:
    """The same places in every case: what is there does not matter here."""
    grid = kit.reading(kit.cases()[0].alias).grid

    def at(row: float, column: float) -> tuple[float, float, float]:
        x, y, z = grid.to_mm((7, row, column)).tolist()
        return x, y, z

    def square(row: float, column: float, size: float) -> np.ndarray:
        corners = ((0, 0), (0, size), (size, size), (size, 0))
        return np.array([at(row + r, column + c) for r, c in corners])

    spots = (Spot("node", at(40, 40), 1.0), Spot("lesion", at(30, 48), 1.0))
    muscle, air = (at(60, 40), at(60, 44)), square(2, 2, 10)
    return CaseScript(at(50, 50), 2.0, (square(45, 45, 8),), muscle, air, spots)


def leak(word: str, number: float, listener: Listener) -> None:
    """Put a word wherever a program could leave one, so that it is known to be found there."""
    window = QLabel(word)
    font = window.font()
    font.setPointSize(14)
    window.setFont(font)
    window.setWindowTitle(f"title {word}")
    window.setToolTip(f"tip {word}")
    window.setAccessibleName(f"name {word}")
    window.resize(600, 100)
    window.show()
    QApplication.clipboard().setText(word)
    logging.warning("log %s", word)
    Path(tempfile.gettempdir(), "left").write_text(word, encoding="utf-16")
    recent_path().parent.mkdir(parents=True, exist_ok=True)
    recent_path().write_text(word, encoding="utf-8")
    held = np.full(100_000, number)
    listener.listen(picture=True)
    look_at_memory("planted")
    assert held[0] == number


def main() -> None:
    path, out = Path(sys.argv[1]), Path(sys.argv[2])
    running, listener = application(), Listener(out)
    assert running.platformName() == "xcb"
    if len(sys.argv) > 3:
        leak(sys.argv[3], float(sys.argv[4]), listener)
    else:
        read(path, listener)
    listener.write()


if __name__ == "__main__":
    main()
