"""The regions of a case: which is active, hidden, locked; to be chosen, renamed, recoloured, deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from widgets.parts import label, patch_icon, spoken
from widgets.words import said

_NAME, _SEEN, _LOCKED = range(3)
_KEY = Qt.ItemDataRole.UserRole
_ICON_PX = 18
_OWN_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Delete)


@dataclass(frozen=True)
class RegionEntry:
    """One region for the list; the colour as #rrggbb."""

    key: str
    name: str
    colour: str
    hidden: bool = False
    locked: bool = False


class RegionList(QWidget):
    """Says what is wished of a region, by its key; nothing changes but by `set_regions`.

    `palette` names colours as they are marked.
    """

    chosen = Signal(str)
    renamed = Signal(str, str)
    recoloured = Signal(str, str)
    hidden_wished = Signal(str, bool)
    locked_wished = Signal(str, bool)
    removal_wished = Signal(str)

    def __init__(self, palette: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._palette = palette
        self._icons: Mapping[str, QIcon] = {}
        self._entries: dict[str, RegionEntry] = {}
        self.tree = _Tree(self._on_key)
        title = self.tr("Regions")
        spoken(self.tree, "regions", title, " ")
        self.empty = label(self.tr("None yet. Choose a tool and draw in a picture."), "quiet", wrap=True)
        column = QVBoxLayout(self)
        # the names of the usual regions find room beside eye and lock
        column.setContentsMargins(4, 8, 0, 4)
        column.setSpacing(6)
        head = label(title.upper(), "title")
        for part in (head, self.empty):
            part.setContentsMargins(4, 0, 4, 0)
        column.addWidget(head)
        column.addWidget(self.empty)
        column.addWidget(self.tree, 1)
        column.addStretch(0)
        self.tree.itemClicked.connect(self._on_clicked)
        self.tree.itemDoubleClicked.connect(self._on_double_clicked)
        self.tree.itemChanged.connect(self._on_edited)
        self.tree.customContextMenuRequested.connect(self._on_menu)

    def set_regions(self, entries: tuple[RegionEntry, ...], active: str | None) -> None:
        """Show these regions; `active` is the one that tools change."""
        self._entries = {entry.key: entry for entry in entries}
        self.empty.setVisible(not entries)
        self.tree.setVisible(bool(entries))
        self.tree.blockSignals(True)
        self.tree.clear()
        for entry in entries:
            item = self._item(entry)
            self.tree.addTopLevelItem(item)
            if entry.key == active:
                self.tree.setCurrentItem(item)
        if active not in self._entries:
            self.tree.setCurrentItem(None)
        self.tree.blockSignals(False)

    def set_icons(self, icons: Mapping[str, QIcon]) -> None:
        """Draw eye and lock by these icons: "seen", "hidden", "locked" and "free"."""
        self._icons = icons
        for row, entry in enumerate(self._entries.values()):
            self._draw(self.tree.topLevelItem(row), entry)

    def _draw(self, item: QTreeWidgetItem, entry: RegionEntry) -> None:
        if self._icons:
            item.setIcon(_SEEN, self._icons["hidden" if entry.hidden else "seen"])
            item.setIcon(_LOCKED, self._icons["locked" if entry.locked else "free"])

    def _item(self, entry: RegionEntry) -> QTreeWidgetItem:
        item = QTreeWidgetItem([entry.name])
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(_NAME, _KEY, entry.key)
        item.setIcon(_NAME, patch_icon(entry.colour))
        self._draw(item, entry)
        # the name first: a long one finds no room in the list
        told = self.tr("Click: go there. Double click or Enter: rename. Right click: more")
        item.setToolTip(_NAME, f"{entry.name}\n{told}")
        item.setToolTip(_SEEN, self.tr("Show") if entry.hidden else self.tr("Hide"))
        item.setToolTip(_LOCKED, self.tr("Unlock") if entry.locked else self.tr("Lock"))
        spoken_as = [entry.name]
        if entry.hidden:
            spoken_as.append(self.tr("hidden"))
        if entry.locked:
            spoken_as.append(self.tr("locked"))
        item.setData(_NAME, Qt.ItemDataRole.AccessibleTextRole, ", ".join(spoken_as))
        return item

    # ---- the hand

    def _on_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        entry = self._entry(item)
        if column == _SEEN:
            self.hidden_wished.emit(entry.key, not entry.hidden)
        elif column == _LOCKED:
            self.locked_wished.emit(entry.key, not entry.locked)
        else:
            self.chosen.emit(entry.key)

    def _on_double_clicked(self, item: QTreeWidgetItem, column: int) -> None:
        if column == _NAME:
            self.tree.editItem(item, _NAME)

    def _on_edited(self, item: QTreeWidgetItem, column: int) -> None:
        entry, name = self._entry(item), " ".join(item.text(_NAME).split())
        if column == _NAME and name and name != entry.name:
            self.renamed.emit(entry.key, name)
        # what is shown follows what was done, and that may be refused
        self.tree.blockSignals(True)
        item.setText(_NAME, self._entries[entry.key].name)
        self.tree.blockSignals(False)

    def _on_key(self, key: Qt.Key) -> None:
        item = self.tree.currentItem()
        if item is None:
            return
        entry = self._entry(item)
        if key == Qt.Key.Key_Delete:
            self.removal_wished.emit(entry.key)
        elif key == Qt.Key.Key_Space:
            self.hidden_wished.emit(entry.key, not entry.hidden)
        else:
            self.tree.editItem(item, _NAME)

    def _on_menu(self, place: QPoint) -> None:
        item = self.tree.itemAt(place)
        if item is not None:
            self.menu_of(self._entry(item)).popup(self.tree.viewport().mapToGlobal(place))

    def menu_of(self, entry: RegionEntry) -> QMenu:
        """Return the menu of one region."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        key = entry.key
        deeds: tuple[tuple[str, Callable[[], object]], ...] = (
            (self.tr("Rename"), lambda: self.tree.editItem(self.tree.currentItem(), _NAME)),
            (
                self.tr("Show") if entry.hidden else self.tr("Hide"),
                lambda: self.hidden_wished.emit(key, not entry.hidden),
            ),
            (
                self.tr("Unlock") if entry.locked else self.tr("Lock"),
                lambda: self.locked_wished.emit(key, not entry.locked),
            ),
            (self.tr("Delete"), lambda: self.removal_wished.emit(key)),
        )
        for text, deed in deeds:
            menu.addAction(text).triggered.connect(lambda _=False, deed=deed: deed())
        colours = menu.addMenu(self.tr("Colour"))
        for colour, name in self._palette.items():
            choice = colours.addAction(patch_icon(colour), said(name))
            choice.triggered.connect(lambda _=False, colour=colour: self.recoloured.emit(key, colour))
        return menu

    def _entry(self, item: QTreeWidgetItem) -> RegionEntry:
        return self._entries[item.data(_NAME, _KEY)]


class _Tree(QTreeWidget):
    """A list of three columns; Enter, Space and Delete are its own while it has the focus."""

    def __init__(self, on_key: Callable[[Qt.Key], None]) -> None:
        super().__init__()
        self._on_key = on_key
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_ICON_PX + 6)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_SEEN, _LOCKED):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, _ICON_PX + 6)

    def event(self, event: QEvent) -> bool:
        """Keep keys that the window's actions have as well."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
            and not event.modifiers()
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == self.State.EditingState:
            # a line being edited hands its Enter on
            event.accept()
        elif event.key() in _OWN_KEYS and not event.modifiers():
            self._on_key(Qt.Key(event.key()))
        else:
            super().keyPressEvent(event)
