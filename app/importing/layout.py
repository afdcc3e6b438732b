"""What the import window is made of and where it lies; it does nothing by itself."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.actions import LIGHT_THEME, Deed, make_actions
from app.importing.entries import SERIES_COLUMNS, SKIPPED_COLUMNS
from app.theme import icon
from widgets.colour_bar import ColourBar
from widgets.message_bar import MessageBar
from widgets.parts import frame, label, spoken
from widgets.preview_pane import PreviewPane
from widgets.series_form import SeriesForm
from widgets.text_table import TextTable
from widgets.words import marked, said

MENUS = (marked("File"), marked("Series"), marked("View"))
DEEDS = (
    Deed("open_folder", marked("Choose a folder …"), ("Ctrl+O",), "File", "open"),
    Deed("open_files", marked("Choose files or a zip …"), ("Ctrl+Shift+O",), "File"),
    Deed("open_archive", marked("From an archive …"), ("Ctrl+R",), "File",
         tip=marked("Find series in a picture archive (PACS) and import them")),
    Deed("copy_list", marked("Copy the list"), ("Ctrl+Shift+C",), "File",
         tip=marked("As cells between tabs, for a spreadsheet")),
    Deed("save_maps", marked("Save maps …"), ("Ctrl+S",), "File"),
    Deed("close", marked("Close"), ("Ctrl+W", "Ctrl+Q"), "File"),
    Deed("map", marked("Map R2*"), ("Ctrl+M",), "Series"),
    Deed("leave_out", marked("Leave out"), ("Ctrl+L",), "Series",
         tip=marked("Leave the chosen series out, or use it again")),
    Deed("stop", marked("Cancel what is under way"), ("Esc",), "Series"),
    Deed("fit", marked("Fit pictures"), ("F",), "View", "fit"),
    Deed("reset_window", marked("Reset window"), ("W",), "View", "window",
         marked("Window and level as at first")),
    Deed("crosshair", marked("Cross-hair"), ("X",), "View", "crosshair", checkable=True),
    Deed("smooth", marked("Smooth pixels"), ("I",), "View", "smooth",
         marked("Interpolate the pictures; maps never are"), checkable=True),
    Deed("texts", marked("Texts on the pictures"), ("H",), "View", "texts", checkable=True),
    LIGHT_THEME,
)  # fmt: skip
_FOOT_PX = 24
# of the list: with its tabs, and at most, unless a hand makes it higher
_TABS_PX, _LIST_PX = 44, 236


class ImportLayout(QMainWindow):
    """The widgets under the names by which the window knows them, and its actions."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("import_window")
        self.setWindowTitle(self.tr("Images"))
        self._make_widgets()
        self.actions_by_name = make_actions(self, DEEDS)
        self._lay_out()
        self.setMinimumSize(1180, 640)
        usual, there = QSize(1366, 768), self.screen().availableSize()
        self.resize(there.boundedTo(usual) if there.width() >= self.minimumWidth() else usual)

    def draw_icons(self) -> None:
        """Draw what is no action in the colours of the theme."""
        self.series.words.set_icons({"ready": icon("done"), "not ready": icon("todo")})

    def make_room(self) -> None:
        """Give the list the height that it needs, and the pictures the rest."""
        table = self.lists.currentWidget()
        height = min(_TABS_PX + table.height_of_all(), _LIST_PX)
        self.tops.setSizes([height, self.tops.height() - height])

    def show_list_of_skipped(self, shown: bool) -> None:
        """Show what was skipped in place of the series, or the series again."""
        self.lists.setCurrentWidget(self.skipped if shown else self.series)
        (self.show_skipped if shown else self.show_series).setChecked(True)

    def _make_widgets(self) -> None:
        self.status = label("", "", name="import_status")
        self.work = label("", "quiet", name="import_work")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedWidth(160)
        spoken(self.bar, "import_progress", self.tr("Progress"))
        self.stop = QPushButton(self.tr("Cancel"))
        spoken(self.stop, "import_stop", self.stop.text(), self.tr("Stop what is under way (Esc)"))
        self.series = TextTable("import_series", self.tr("Series found"), SERIES_COLUMNS)
        self.skipped = TextTable("import_skipped", self.tr("Files skipped, and why"), SKIPPED_COLUMNS)
        # the end of a path tells more than its middle
        self.skipped.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.lists = QStackedWidget()
        self.form = SeriesForm()
        self.pictures = PreviewPane(
            "pictures", self.tr("Pictures of the series"), self.tr("Which pictures"), self.tr("Echo")
        )
        self.maps = PreviewPane("maps", self.tr("Map"), self.tr("Which map"), self.tr("Opacity of the map"))
        self.colour_bar = ColourBar()
        self.probe = label("", "", name="probe")
        self.ground = QWidget()
        self.ground.setProperty("role", "ground")
        self.shown = QWidget()
        self.messages = MessageBar()
        self.form.put_above_buttons(self.messages)
        self.show_series = _tab("show_series", self.tr("Show the series found"))
        self.show_skipped = _tab("show_skipped", self.tr("Show what was skipped, and why"))

    def _lay_out(self) -> None:
        tops = self.tops = QSplitter(Qt.Orientation.Vertical)
        tops.setChildrenCollapsible(False)
        tops.setHandleWidth(2)
        tops.addWidget(self._list_part())
        tops.addWidget(self._series_part())
        tops.setSizes([_LIST_PX, 500])
        tops.setStretchFactor(1, 1)
        foot = frame("foot")
        foot.setFixedHeight(_FOOT_PX)
        row = QHBoxLayout(foot)
        row.setContentsMargins(12, 0, 12, 0)
        row.addStretch(1)
        row.addWidget(self.probe)
        column = QVBoxLayout(self.ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tool_bar())
        column.addWidget(tops, 1)
        column.addWidget(foot)
        self.setCentralWidget(self.ground)
        for menu_name in MENUS:
            menu = self.menuBar().addMenu(said(menu_name))
            for deed in DEEDS:
                if deed.menu == menu_name:
                    menu.addAction(self.actions_by_name[deed.name])

    def _tool_bar(self) -> QFrame:
        bar = frame("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(10, 6, 10, 6)
        row.setSpacing(8)
        for name, text, deed in (
            ("import_folder", self.tr("Folder …"), "open_folder"),
            ("import_files", self.tr("Files or zip …"), "open_files"),
            ("import_archive", self.tr("Archive …"), "open_archive"),
        ):  # fmt: skip
            button, action = QPushButton(text), self.actions_by_name[deed]
            spoken(button, name, action.text(), action.toolTip())
            button.clicked.connect(action.trigger)
            row.addWidget(button)
        row.addSpacing(6)
        row.addWidget(self.status, 1)
        row.addWidget(self.work)
        row.addWidget(self.bar)
        row.addWidget(self.stop)
        return bar

    def _list_part(self) -> QFrame:
        part = frame("panel")
        group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(10, 5, 10, 3)
        for tab in (self.show_series, self.show_skipped):
            group.addButton(tab)
            row.addWidget(tab)
        row.addStretch(1)
        copy = QToolButton()
        copy.setDefaultAction(self.actions_by_name["copy_list"])
        action = self.actions_by_name["copy_list"]
        spoken(copy, "copy_list", action.text(), action.toolTip())
        row.addWidget(copy)
        for table in (self.series, self.skipped):
            self.lists.addWidget(table)
        column = QVBoxLayout(part)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.lists, 1)
        part.setMinimumHeight(100)
        return part

    def _series_part(self) -> QWidget:
        panes = QSplitter(Qt.Orientation.Horizontal)
        panes.setChildrenCollapsible(False)
        panes.setHandleWidth(2)
        for pane in (self.pictures, self.maps):
            panes.addWidget(pane)
        panes.setSizes([1000, 1000])
        row = QHBoxLayout(self.shown)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(panes, 1)
        row.addWidget(self.colour_bar)
        aside = frame("panel")
        inner = QVBoxLayout(aside)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.form)
        aside.setFixedWidth(360)
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(aside)
        line.addWidget(frame("upright"))
        line.addWidget(self.shown, 1)
        return whole


def _tab(name: str, text: str) -> QToolButton:
    made = QToolButton()
    made.setCheckable(True)
    spoken(made, name, text)
    return made
