"""The protocol editor: text on the left, on the right the form as the rater will see it.

To drive it from a script or a test:

    window = ProtocolWindow(); window.show(); window.open(path)
    window.text                     the CodeEdit; type into it
    window.form, window.answers     the rater's own form and what answers it
    window.verdict                  what is wrong, with its line, or which protocol it is

Children by object name: "protocol_text", "protocol_verdict", "protocol_go", "protocol_warning",
"protocol_step", "protocol_forget", "answer_form", "message_text".
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.actions import LIGHT_THEME, Deed, make_actions
from app.core_words import in_words
from app.language import add_language_menu, told_of_language
from app.look import Look
from app.messages import told
from app.protocols.preview import PreviewCase
from app.reading.answers import AnswersController
from app.settings import change_settings, load_settings
from app.theme import theme
from core.errors import AppError
from core.files import whole_file
from core.reading.fields import ProtocolError
from core.reading.protocol import Protocol, parse_protocol, read_protocol
from widgets.answer_form import AnswerForm
from widgets.code_edit import CodeEdit
from widgets.findings import FindingsList
from widgets.message_bar import MessageBar
from widgets.parts import frame, label, restyle, spoken
from widgets.words import marked

DEEDS = (
    Deed("open", marked("Open …"), ("Ctrl+O",), "File"),
    Deed("save", marked("Save"), ("Ctrl+S",), "File"),
    Deed("save_as", marked("Save as …"), ("Ctrl+Shift+S",), "File"),
    Deed("close", marked("Close"), ("Ctrl+Q", "Ctrl+W"), "File"),
    LIGHT_THEME,
)
SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "protocols"
# checked when the hand rests so long
_CHECK_AFTER_MS = 150
# as wide as in the reading window
_FORM_PX = 316


class ProtocolWindow(QMainWindow):
    """See the module."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("protocol_window")
        self.path: Path | None = None
        self.protocol: Protocol | None = None
        # the text as it was read or written last, and what it called itself
        self._kept = ""
        self._kept_name = ("", "")
        self._make_widgets()
        self.actions_by_name = make_actions(self, DEEDS)
        self.case = PreviewCase(self)
        self.answers = AnswersController(self.case, self.form, FindingsList(self))
        settings = load_settings()
        self.look = Look(self, self.actions_by_name, DEEDS, settings, _keep_theme)
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(_CHECK_AFTER_MS)
        self._connect()
        self._lay_out()
        self._fill_menus(settings.language)
        self.resize(1180, 720)
        self._take("", None)

    def _make_widgets(self) -> None:
        self.text = CodeEdit()
        spoken(self.text, "protocol_text", self.tr("Text of the protocol"), " ")
        self.verdict = label("", name="protocol_verdict", wrap=True)
        self.go = QPushButton()
        self.go.setProperty("role", "link")
        spoken(self.go, "protocol_go", self.tr("Go to the line"))
        self.warning = label("", "warning", name="protocol_warning", wrap=True)
        self.step = QComboBox()
        spoken(self.step, "protocol_step", self.tr("Step"), self.tr("The step that the form is in"))
        self.forget = QPushButton(self.tr("Answer anew"))
        spoken(self.forget, "protocol_forget", self.forget.text(), self.tr("Take all answers back"))
        self.form = AnswerForm()
        self.messages = MessageBar()

    def _connect(self) -> None:
        deeds = {
            "open": self._on_open, "save": self.save, "save_as": self._on_save_as, "close": self.close,
        }  # fmt: skip
        for name, deed in deeds.items():
            self.actions_by_name[name].triggered.connect(lambda _=False, deed=deed: deed())
        self.text.edited.connect(self._check.start)
        self._check.timeout.connect(self.check)
        self.go.clicked.connect(self._on_go)
        self.step.currentIndexChanged.connect(lambda _: self._show_form())
        self.forget.clicked.connect(self.case.forget)
        self.case.refused.connect(self.say)
        self.answers.done_typing.connect(self.form.setFocus)

    # ---- files

    def open(self, path: Path) -> None:
        """Read a protocol into the window, or say why it cannot be read."""
        try:
            text = read_protocol(path)
        except AppError as error:
            self.say(told(error))
            return
        self._take(text, path)

    def start_from(self, path: Path) -> None:
        """Begin with the text of another protocol; it is saved under a name of its own."""
        if self._may_go():
            self._take(read_protocol(path), None)

    def save(self) -> bool:
        """Write the text where it came from; asks where it has no place yet, or another was written there."""
        if self.path is None:
            return self._on_save_as()
        return self._write(self.path) if self._may_replace(self.path) else False

    def _on_open(self) -> None:
        kind = self.tr("Protocols (*.yaml *.yml)")
        chosen, _ = QFileDialog.getOpenFileName(self, self.tr("Open a protocol"), "", kind)
        if chosen and self._may_go():
            self.open(Path(chosen))

    def _on_save_as(self) -> bool:
        # the system's dialog asks before it gives the name of a file that is there
        proposed = f"{self.protocol.id}.yaml" if self.protocol is not None else "protocol.yaml"
        kind = self.tr("Protocols (*.yaml *.yml)")
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the protocol"), proposed, kind)
        return self._write(Path(chosen)) if chosen else False

    def _may_replace(self, path: Path) -> bool:
        """Ask where the file is not any more what was read or written here."""
        try:
            there = read_protocol(path) if path.exists() else self._kept
        except AppError:
            there = ""
        if there == self._kept:
            return True
        text = self.tr("This file was changed elsewhere since it was read. Write over it?")
        return self._asked(text, QMessageBox.StandardButton.Save) == QMessageBox.StandardButton.Save

    def _write(self, path: Path) -> bool:
        text = self.text.toPlainText()
        try:
            # whether a file may be replaced was asked before
            with whole_file(path, force=True) as draft:
                draft.write_text(text, encoding="utf-8", newline="\n")
        except AppError as error:
            self.say(told(error))
            return False
        except OSError:
            self.say(self.tr("The file could not be written; choose another place"))
            return False
        self.path = path
        self._keep(text)
        self.messages.say(self.tr("Saved"), warning=False)
        return True

    def _keep(self, text: str) -> None:
        """Note that this text stands in the file."""
        self._kept = text
        self.text.document().setModified(False)
        self.check()
        self._kept_name = (self.protocol.id, self.protocol.version) if self.protocol else ("", "")

    def _take(self, text: str, path: Path | None) -> None:
        self.path, self.protocol = path, None
        self.messages.clear()
        self.text.setPlainText(text)
        self._keep(text)

    def _may_go(self) -> bool:
        """Ask what becomes of changes that are not saved."""
        if not self.text.document().isModified():
            return True
        buttons = QMessageBox.StandardButton
        answer = self._asked(self.tr("The text was changed. Save it?"), buttons.Save | buttons.Discard)
        return self.save() if answer == buttons.Save else answer == buttons.Discard

    def _asked(self, text: str, buttons: QMessageBox.StandardButton) -> QMessageBox.StandardButton:
        cancel = QMessageBox.StandardButton.Cancel
        return QMessageBox.question(self, self.tr("Protocol"), text, buttons | cancel, cancel)

    # ---- what it says

    def check(self) -> None:
        """Read the text as a kit would, mark what is wrong, and show the form where nothing is."""
        self._check.stop()
        text = self.text.toPlainText()
        try:
            self.protocol = parse_protocol(text, "")
        except ProtocolError as error:
            self._show_verdict(error)
        else:
            self._show_verdict(None)
            self._show_steps(self.protocol)
            self._show_form()
        name = self.path.name if self.path is not None else self.tr("New protocol")
        self.setWindowTitle(f"{name}[*]")
        self.setWindowModified(self.text.document().isModified())

    def _show_verdict(self, fault: ProtocolError | None) -> None:
        line = None if fault is None else fault.line
        self.text.mark_faulty(line)
        if fault is not None:
            self.verdict.setText(in_words(fault.fault))
        elif self.protocol is not None:
            valid = self.tr("Valid: {id}, version {version}")
            self.verdict.setText(valid.format(id=self.protocol.id, version=self.protocol.version))
        restyle(self.verdict, role="good" if fault is None else "warning")
        self.go.setText(self.tr("Line {number}").format(number=line))
        self.go.setVisible(line is not None)
        # the last form that could be shown stays to be compared
        self.form.setEnabled(fault is None)
        self._show_warning()

    def _show_warning(self) -> None:
        changed = self.text.toPlainText() != self._kept
        same = self.protocol is not None and (self.protocol.id, self.protocol.version) == self._kept_name
        text = ""
        if changed and same and self.protocol is not None:
            text = self.tr("Changed, and still version {version}: raise it before raters read by it")
            text = text.format(version=self.protocol.version)
        self.warning.setText(text)
        self.warning.setVisible(bool(text))

    def _show_steps(self, protocol: Protocol) -> None:
        titles = [step.title for step in protocol.steps]
        if titles != [self.step.itemText(place) for place in range(self.step.count())]:
            chosen = max(min(self.step.currentIndex(), len(titles) - 1), 0)
            self.step.blockSignals(True)
            self.step.clear()
            self.step.addItems(titles)
            self.step.setCurrentIndex(chosen)
            self.step.blockSignals(False)

    def _show_form(self) -> None:
        if self.protocol is not None:
            self.case.show(self.protocol, max(self.step.currentIndex(), 0))

    def _on_go(self) -> None:
        if self.text.faulty_line is not None:
            self.text.go_to(self.text.faulty_line)

    def say(self, text: str) -> None:
        """Show one line below the form."""
        self.messages.say(text)

    # ---- layout, keys and the end

    def _lay_out(self) -> None:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.text, 1)
        foot = frame("foot")
        told_ = QHBoxLayout()
        told_.addWidget(self.go, 0, Qt.AlignmentFlag.AlignTop)
        told_.addWidget(self.verdict, 1)
        row = QVBoxLayout(foot)
        row.setContentsMargins(12, 8, 12, 8)
        row.addLayout(told_)
        row.addWidget(self.warning)
        column.addWidget(foot)
        right = frame("panel")
        right.setFixedWidth(_FORM_PX)
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 12, 6)
        head.setSpacing(8)
        head.addWidget(self.step, 1)
        head.addWidget(self.forget)
        form = QVBoxLayout(right)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(0)
        form.addLayout(head)
        form.addWidget(self.form, 1)
        form.addWidget(self.messages)
        body = QSplitter()
        body.addWidget(left)
        body.addWidget(right)
        body.setStretchFactor(0, 1)
        body.setChildrenCollapsible(False)
        self.setCentralWidget(body)
        self.setMinimumSize(760, 480)

    def _fill_menus(self, language: str) -> None:
        menu = self.menuBar().addMenu(self.tr("File"))
        new = menu.addMenu(self.tr("New from"))
        new.setObjectName("protocol_new")
        for path in shipped():
            action = new.addAction(path.stem)
            action.triggered.connect(lambda _=False, path=path: self.start_from(path))
        menu.addActions([self.actions_by_name[name] for name in ("open", "save", "save_as", "close")])
        view = self.menuBar().addMenu(self.tr("View"))
        view.addAction(self.actions_by_name["light_theme"])
        add_language_menu(view, language, self._on_language)

    def _on_language(self, code: str) -> None:
        change_settings(language=code)
        self.messages.say(told_of_language(code), warning=False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that no focused child wanted: the form is answered as in the reading window."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.answers.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.answers.pass_on()
        elif event.text() == "=":
            self.answers.take_proposal()
        elif event.text() and event.text() in "0123456789":
            self.answers.answer(int(event.text()))
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_go():
            event.accept()
        else:
            event.ignore()


def shipped() -> tuple[Path, ...]:
    """Return the protocols that come with the program, by name."""
    return tuple(sorted(SHIPPED.glob("*.yaml")))


def _keep_theme() -> None:
    change_settings(theme=theme())
