"""Where the parts of the reading window lie, and the order in which Tab goes through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from app.actions import MENUS, READING
from app.language import add_language_menu
from app.reading.region_actions import kind_of
from core.imaging.roi import RoiKind
from widgets.foot_line import FootLine
from widgets.parts import frame, in_tab_order, spoken
from widgets.words import said

if TYPE_CHECKING:
    from app.reading.window import ReadingWindow

_KINDS = tuple(deed.name for deed in READING if deed.group == "kind")
_BAR = (
    ("navigate", "polygon", "freehand", "ellipse", "brush", "eraser", "lesion", "node", "ruler"),
    _KINDS,
    ("undo", "redo", "delete_mark"),
    ("layout_1x1", "layout_1x2", "layout_1+3", "layout_2x2"),
    ("fit", "reset_window", "crosshair", "smooth", "texts"),
    ("keys",),
)


class Places(QObject):
    """Puts the parts that the window has made into their places."""

    def __init__(self, window: ReadingWindow) -> None:
        super().__init__(window)
        self.window = window
        self.buttons: dict[str, QToolButton] = {}

    def lay_out(self) -> None:
        """Fill the window from the outside in: what is put into a place later is dressed once more there."""
        window = self.window
        window.setCentralWidget(window.door.curtain)
        column = QVBoxLayout(window.ground)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar, lists, answers = frame("bar"), frame("panel"), frame("panel")
        column.addWidget(bar)
        body = QHBoxLayout()
        body.setSpacing(0)
        column.addLayout(body, 1)
        body.addWidget(lists)
        body.addWidget(frame("upright"))
        body.addWidget(window.stack, 1)
        body.addWidget(frame("upright"))
        body.addWidget(answers)
        self._fill_bar(bar)
        self._fill_lists(lists)
        self._fill_middle()
        for page in (window.review_page, window.feedback_page, window.guess_page):
            window.stack.addWidget(page)
        self._fill_questions(answers)
        kept = (window.delivered, window.saved) if window.kit.server else (window.saved,)
        column.addWidget(FootLine(window.hint, window.next_case, window.probe, *kept))
        self._fill_menus()
        self.order()

    def _fill_middle(self) -> None:
        window = self.window
        window.stack.addWidget(window.middle)
        middle = QVBoxLayout(window.middle)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        shown = QHBoxLayout()
        shown.setSpacing(0)
        middle.addLayout(shown, 1)
        shown.addWidget(window.grid, 1)
        shown.addWidget(window.colour_bar)
        window.colour_bar.put_on_top(self._button("trial"))
        window.colour_bar.hide()
        middle.addWidget(frame("line"))
        middle.addWidget(window.numbers_panel)

    def _fill_lists(self, aside: QFrame) -> None:
        window = self.window
        lists = QVBoxLayout(aside)
        lists.setContentsMargins(0, 0, 0, 0)
        lists.setSpacing(0)
        for part, share in ((window.worklist, 3), (window.findings, 2), (window.region_list, 2)):
            lists.addWidget(part, share)
            lists.addWidget(frame("line"))
        lists.addWidget(window.options_strip)
        aside.setFixedWidth(196)

    def _fill_questions(self, answers: QFrame) -> None:
        window = self.window
        right = QVBoxLayout(answers)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        head = QWidget()
        right.addWidget(head)
        title = QHBoxLayout(head)
        title.setContentsMargins(14, 10, 16, 2)
        title.addWidget(window.step_title, 1)
        title.addWidget(window.step_count)
        for part in (window.opinions_panel, window.form, window.messages, frame("line"), window.finish):
            right.addWidget(part)
        right.setStretchFactor(window.form, 1)
        answers.setFixedWidth(316)

    def order(self) -> None:
        """Let Tab go through everything as one reads: bar, lists, options, pictures, colours, questions."""
        window = self.window
        bar = (self.buttons[name] for group in _BAR for name in group)
        panes = (control for pane in window.views.panes for control in pane.controls())
        colours, finish = window.colour_bar, window.finish
        in_tab_order((
            *bar, window.worklist.filter, window.worklist.view, window.findings.list, window.region_list.tree,
            *window.options_strip.fields.values(), *panes,
            self.buttons["trial"], *window.trial_panel.controls(), colours.high, colours.low,
            window.opinions_panel.area, *window.form.stops(), window.messages.dismiss, finish.password,
            finish.button, finish.back, finish.confirm,
        ))  # fmt: skip

    def _fill_bar(self, bar: QFrame) -> None:
        window = self.window
        row = QHBoxLayout(bar)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(2)
        for number, group in enumerate(_BAR):
            if number:
                row.addSpacing(6)
                row.addWidget(frame("upright"))
                row.addSpacing(6)
            for name in group:
                button, action = self._button(name), window.actions_by_name[name]
                if action.isCheckable() and action.actionGroup() is None:
                    button.setProperty("role", "toggle")
                if name in _KINDS:
                    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
                row.addWidget(button)
        row.addStretch(1)

    def show_kinds(self, kinds: tuple[RoiKind, ...]) -> None:
        """Show the buttons of these kinds of region alone."""
        for name in _KINDS:
            self.buttons[name].setVisible(kind_of(name) in kinds)

    def _button(self, name: str) -> QToolButton:
        window = self.window
        button, action = QToolButton(), window.actions_by_name[name]
        self.buttons[name] = button
        button.setDefaultAction(action)
        button.setIconSize(QSize(20, 20))
        spoken(button, f"tool_{name}", action.toolTip().split("\n")[0], action.toolTip())
        return button

    def _fill_menus(self) -> None:
        window = self.window
        for menu_name in MENUS:
            menu = window.menuBar().addMenu(said(menu_name))
            for deed in READING:
                if deed.menu == menu_name:
                    menu.addAction(window.actions_by_name[deed.name])
            if menu_name == "View":
                menu.addSeparator()
                add_language_menu(menu, window.settings.language, window.choose_language)
