from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from app.reading.shades import PALETTE
from app.theme import icon
from tests.widgets.hands import click, double_click
from widgets.region_list import RegionEntry, RegionList

ENTRIES = (
    RegionEntry("a", "Tumour", "#e69f00"),
    RegionEntry("b", "Reference tissue", "#56b4e9", hidden=True),
    RegionEntry("c", "Noise", "#cc79a7", locked=True),
)


@pytest.fixture
def panel(qtbot) -> RegionList:
    made = RegionList(PALETTE)
    made.set_icons({name: icon(name) for name in ("seen", "hidden", "locked", "free")})
    qtbot.addWidget(made)
    made.resize(196, 220)
    made.set_regions(ENTRIES, "a")
    made.show()
    return made


def place(panel: RegionList, row: int, column: int):
    item = panel.tree.topLevelItem(row)
    rect = panel.tree.visualItemRect(item)
    return rect.translated(panel.tree.columnViewportPosition(column) + 12 - rect.left(), 0).adjusted(
        0, 0, 12 - rect.width(), 0
    ).center()  # fmt: skip


def test_a_click_chooses_a_region(qtbot, panel):
    with qtbot.waitSignal(panel.chosen) as said:
        click(panel.tree.viewport(), place(panel, 2, 0))
    assert said.args == ["c"]


def test_eye_and_lock_are_clicked(qtbot, panel):
    with qtbot.waitSignal(panel.hidden_wished) as said:
        click(panel.tree.viewport(), place(panel, 0, 1))
    assert said.args == ["a", True]
    with qtbot.waitSignal(panel.hidden_wished) as said:
        click(panel.tree.viewport(), place(panel, 1, 1))
    assert said.args == ["b", False]
    with qtbot.waitSignal(panel.locked_wished) as said:
        click(panel.tree.viewport(), place(panel, 2, 2))
    assert said.args == ["c", False]


@pytest.mark.parametrize("by", ("double click", "Enter"))
def test_a_region_is_renamed_in_its_row(qtbot, panel, by):
    if by == "Enter":
        panel.tree.setFocus()
        qtbot.keyClick(panel.tree, Qt.Key.Key_Return)
    else:
        double_click(panel.tree.viewport(), place(panel, 0, 0))
    editor = panel.tree.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "  left   flank ")
    with qtbot.waitSignal(panel.renamed) as said:
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert said.args == ["a", "left flank"]
    # it stays as it was until the owner of the list says so
    assert panel.tree.topLevelItem(0).text(0) == "Tumour"


def test_an_empty_name_is_no_name(qtbot, panel):
    double_click(panel.tree.viewport(), place(panel, 0, 0))
    editor = panel.tree.findChild(QLineEdit)
    editor.selectAll()
    qtbot.keyClicks(editor, "  ")
    with qtbot.assertNotEmitted(panel.renamed):
        qtbot.keyClick(editor, Qt.Key.Key_Return)


def test_delete_and_space_are_the_lists_own_keys(qtbot, panel):
    panel.tree.setFocus()
    qtbot.keyClick(panel.tree, Qt.Key.Key_Down)
    with qtbot.waitSignal(panel.hidden_wished) as said:
        qtbot.keyClick(panel.tree, Qt.Key.Key_Space)
    assert said.args == ["b", False]
    with qtbot.waitSignal(panel.removal_wished) as said:
        qtbot.keyClick(panel.tree, Qt.Key.Key_Delete)
    assert said.args == ["b"]


def test_the_menu_offers_colours_and_the_rest(qtbot, panel):
    menu = panel.menu_of(ENTRIES[2])
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Rename", "Hide", "Unlock", "Delete", "Colour"]
    teal = next(action for action in menu.actions()[-1].menu().actions() if action.text() == "Teal")
    with qtbot.waitSignal(panel.recoloured) as said:
        teal.trigger()
    assert said.args == ["c", "#44aa99"]


def test_a_row_is_told_to_those_who_do_not_see_it(panel):
    told = [panel.tree.topLevelItem(row).data(0, Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert told == ["Tumour", "Reference tissue, hidden", "Noise, locked"]


def test_an_empty_list_says_how_to_begin(panel):
    panel.set_regions((), None)
    assert panel.empty.isVisible()
    assert not panel.tree.isVisible()
