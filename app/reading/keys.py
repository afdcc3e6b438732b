"""All keys and gestures as this person has them on one page (F1), to look at, to print, to keep as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF, QSize, Qt
from PySide6.QtGui import (
    QFont,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextLength,
    QTextTableFormat,
)
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.actions import GESTURES, READING, key_name, keys_of
from app.settings import Settings
from core.errors import InputError
from core.files import whole_file
from widgets.mouse import DRAGS, ROLLS, bindings, told
from widgets.parts import label, spoken
from widgets.words import said

# menus by columns; "" stands for mouse and views. A window scrolls down and never across
_WINDOW = (("Tools", "Regions"), ("View", "Edit", "Help"), ("", "Case"))
# on paper with each column's share of the page
_PAPER = ((("Tools", "Case"), 24), (("Regions", "Edit"), 26), (("View", "Help"), 20), (("",), 30))
# longer texts wrap where there is no room for them, and not to less than this
_SENTENCE_PX = 140
_MARGIN_MM = 14.0


class KeysDialog(QDialog):
    """Stays open beside the work; Esc closes it."""

    def __init__(self, parent: QWidget, settings: Settings) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys and mouse"))
        self.setObjectName("keys_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self.note = label("", "warning", name="keys_note", wrap=True)
        self.print_button = QPushButton(self.tr("Print…"))
        spoken(self.print_button, "keys_print", self.print_button.text(), self.tr("Print this page"))
        self.pdf_button = QPushButton(self.tr("Save as PDF…"))
        spoken(self.pdf_button, "keys_pdf", self.pdf_button.text(), self.tr("Keep this page as a file"))
        self.print_button.clicked.connect(self._on_print)
        self.pdf_button.clicked.connect(self._on_pdf)
        page = QWidget()
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 12, 0)
        columns.setSpacing(24)
        for menus in _WINDOW:
            column = QVBoxLayout()
            column.setSpacing(6)
            for menu in menus:
                column.addWidget(label(_title(menu).upper(), "title"))
                column.addLayout(_table(_rows(menu, settings)))
                column.addSpacing(12)
            column.addStretch(1)
            columns.addLayout(column, 1 if "" in menus else 0)
        # more keys than a small screen has room for are scrolled
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        foot = QHBoxLayout()
        foot.addWidget(self.note, 1)
        foot.addWidget(self.print_button)
        foot.addWidget(self.pdf_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 16)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        room = self.screen().availableSize() - QSize(60, 80)
        self.resize((page.sizeHint() + QSize(64, 96)).boundedTo(room))

    def _on_print(self) -> None:
        # only who prints waits for it
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageLayout(_layout())
        if QPrintDialog(printer, self).exec():
            draw_key_map(printer, self._settings)

    def _on_pdf(self) -> None:
        kind = self.tr("PDF (*.pdf)")
        chosen, _ = QFileDialog.getSaveFileName(self, self.tr("Save the keys as PDF"), "keys.pdf", kind)
        if chosen:
            self.note.setText(self.save(Path(chosen)))

    def save(self, path: Path) -> str:
        """Write the page as PDF; return why it could not be written, "" where it was."""
        try:
            # the system's dialog has asked whether a file may be replaced
            with whole_file(path, force=True) as draft:
                write_key_map(draft, self._settings)
        except (InputError, OSError):
            return self.tr("The file could not be written; choose another place")
        return ""


def key_map(settings: Settings) -> QTextDocument:
    """Return the page for paper: a heading, then every table, black on white whatever the theme."""
    document = QTextDocument()
    cursor = QTextCursor(document)
    name = QCoreApplication.translate("KeysDialog", "Keys and mouse")
    cursor.insertText(f"FerroRead: {name}", _letters(14, bold=True))
    shares = [QTextLength(QTextLength.Type.PercentageLength, share) for _, share in _PAPER]
    columns = cursor.insertTable(1, len(_PAPER), _frameless(shares))
    for place, (menus, _) in enumerate(_PAPER):
        inside = columns.cellAt(0, place).firstCursorPosition()
        for menu in menus:
            if menu != menus[0]:
                inside.insertText("\n", _letters(6, bold=False))
            inside.insertText(_title(menu), _letters(10, bold=True))
            rows = _rows(menu, settings)
            table = inside.insertTable(len(rows), 2, _frameless())
            for line, texts in enumerate(rows):
                for side, text in enumerate(texts):
                    cell = table.cellAt(line, side).firstCursorPosition()
                    # kept apart by spaces that do not break
                    cell.insertText(text if side else f"{text}\xa0\xa0", _letters(9, bold=not side))
            inside = columns.cellAt(0, place).lastCursorPosition()
    return document


def _letters(points: float, *, bold: bool) -> QTextCharFormat:
    letters = QTextCharFormat()
    letters.setFontPointSize(points)
    letters.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    letters.setForeground(Qt.GlobalColor.black)
    return letters


def _frameless(widths: Sequence[QTextLength] = ()) -> QTextTableFormat:
    table = QTextTableFormat()
    table.setBorder(0)
    table.setCellSpacing(0)
    table.setCellPadding(2)
    if widths:
        table.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table.setColumnWidthConstraints(list(widths))
    return table


def draw_key_map(paper: QPagedPaintDevice, settings: Settings) -> None:
    """Draw the page, on one sheet whatever its size."""
    document, painter = key_map(settings), QPainter(paper)
    room = paper.pageLayout().paintRectPixels(painter.device().logicalDpiX())
    document.documentLayout().setPaintDevice(paper)
    document.setDocumentMargin(0)
    document.setTextWidth(room.width())
    # as large as the sheet takes
    scale = min(1.0, room.height() / document.size().height())
    painter.scale(scale, scale)
    document.drawContents(painter)
    painter.end()


def write_key_map(path: Path, settings: Settings) -> None:
    """Write the page as PDF."""
    writer = QPdfWriter(str(path))
    writer.setPageLayout(_layout())
    draw_key_map(writer, settings)


def _layout() -> QPageLayout:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    across = QPageLayout.Orientation.Landscape
    return QPageLayout(QPageSize(QPageSize.PageSizeId.A4), across, margins, QPageLayout.Unit.Millimeter)


def _title(menu: str) -> str:
    return said(menu) if menu else QCoreApplication.translate("KeysDialog", "Mouse and views")


def _rows(menu: str, settings: Settings) -> list[tuple[str, str]]:
    if not menu:
        bound = bindings(settings.mouse_preset, settings.mouse)
        deeds = {**DRAGS, **ROLLS}
        mouse = [(told(put), said(deeds[deed])) for put, deed in bound.items() if deed != "nothing"]
        return [*mouse, *((said(keys), said(text)) for keys, text in GESTURES)]
    return [
        (", ".join(key_name(key) for key in keys_of(deed, settings.keys)), deed.said)
        for deed in READING
        if deed.menu == menu and keys_of(deed, settings.keys)
    ]


def _table(rows: list[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(2)
    for line, (keys, text) in enumerate(rows):
        grid.addWidget(label(keys, "keys"), line, 0, Qt.AlignmentFlag.AlignTop)
        told_ = label(text)
        if told_.sizeHint().width() > _SENTENCE_PX:
            told_.setWordWrap(True)
            told_.setMinimumWidth(_SENTENCE_PX)
        grid.addWidget(told_, line, 1)
    grid.setColumnStretch(1, 1)
    return grid
