"""What a window says: every text in it that a person reads, or has read out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QAction
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QTableView, QWidget

_SAID = (
    "text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle", "title",
    "currentText", "waiting_for",
)  # fmt: skip
_TOLD = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
_SPOKEN = (
    QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help,
)  # fmt: skip
_OPEN, _CLOSE = "⟦", "⟧"
# units, and names that are the same in every language
_NAMES = {"mm", "mm²", "mm³", "ms", "µg", "TE", "MIP", "MinIP"} | {
    "FerroRead", "ITK", "SNAP", "Slicer", "English", "Deutsch",
}  # fmt: skip


def texts(window: QWidget) -> Iterator[tuple[str, str]]:
    """Return every text with the name of what says it, hidden parts and menus included."""
    for part in (window, *window.findChildren(QWidget), *window.findChildren(QAction)):
        name = part.objectName() or type(part).__name__
        for what in _SAID:
            said = part.property(what) if part.property(what) is not None else getattr(part, what, None)
            said = said() if callable(said) else said
            if isinstance(said, str) and said.strip():
                yield name, said
        if isinstance(part, (QComboBox, QAbstractItemView)) and part.model() is not None:
            yield from ((name, said) for said in _items(part.model(), table=isinstance(part, QTableView)))


def read_out(widget: QWidget) -> set[str]:
    """Return what a screen reader finds in a widget; what is invisible is passed by with all in it."""
    return set(_found(QAccessible.queryAccessibleInterface(widget)))


def _found(part: QAccessibleInterface | None) -> Iterator[str]:
    if part is None or part.state().invisible:
        return
    yield from (text for text in map(part.text, _SPOKEN) if text.strip())
    for place in range(part.childCount()):
        yield from _found(part.child(place))


def _items(model: QAbstractItemModel, *, table: bool) -> Iterator[str]:
    columns = range(model.columnCount() if table else 1)
    cells = [model.index(row, column) for row in range(model.rowCount()) for column in columns]
    found = [model.data(cell, role) for cell in cells for role in _TOLD]
    if table:
        found += [model.headerData(column, Qt.Orientation.Horizontal, _TOLD[0]) for column in columns]
    return (said for said in found if isinstance(said, str) and said.strip())


def bracketed(text: str) -> str:
    """Translate into a language in which everything stands in brackets."""
    return f"{_OPEN}{text}{_CLOSE}"


def untranslated(said: Iterable[tuple[str, str]], data: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the texts that hold words outside of brackets; `data` are words that no program translates."""
    given = sorted({word for text in data for word in (text, text.upper()) if text}, key=len, reverse=True)
    return [(name, text) for name, text in said if _words(text, given)]


def _words(text: str, given: list[str]) -> set[str]:
    for word in given:
        text = text.replace(word, "")
    while (without := re.sub(f"{_OPEN}[^{_OPEN}{_CLOSE}]*{_CLOSE}", "", text)) != text:
        text = without
    return {word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in _NAMES}
