from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester

from app.theme import icon
from tests.widgets.hands import click
from widgets.text_table import Column, Row, TextTable, TextTableModel

COLUMNS = (Column("Name", 120), Column("Files", 60, number=True), Column("State", 0))
ROWS = (
    Row("a", ("first", "12", "ready"), "all of it", "ready"),
    Row("b", ("second", "1", "one echo")),
    Row("c", ("third", "3", "left out"), quiet=True),
)


def table(qtbot) -> TextTable:
    made = TextTable("table", "What was found", COLUMNS)
    made.words.set_icons({"ready": icon("done")})
    qtbot.addWidget(made)
    made.resize(500, 160)
    made.set_rows(ROWS, lambda: "Name\tFiles\nfirst\t12")
    made.show()
    return made


def test_the_model_keeps_qts_rules(qtbot):
    made = table(qtbot)
    model = TextTableModel(COLUMNS, made)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(ROWS)
    model.set_row(Row("a", ("first", "13", "ready")))
    model.set_rows(())


def test_a_cell_is_told_with_its_heading(qtbot):
    made = table(qtbot)
    words = made.words
    index = words.index(0, 1)
    assert words.data(index) == "12"
    assert words.data(index, Qt.ItemDataRole.AccessibleTextRole) == "Files: 12"
    assert words.data(index, Qt.ItemDataRole.ToolTipRole) == "all of it"
    assert words.data(index, Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert words.data(words.index(0, 0), Qt.ItemDataRole.DecorationRole) is not None
    assert words.data(words.index(1, 0), Qt.ItemDataRole.DecorationRole) is None
    greys = [words.data(words.index(row, 0), Qt.ItemDataRole.ForegroundRole) for row in range(3)]
    assert [grey is not None for grey in greys] == [False, False, True]


def test_a_row_is_chosen_by_click_and_by_key(qtbot):
    made = table(qtbot)
    with qtbot.waitSignal(made.row_chosen) as said:
        click(made.viewport(), made.visualRect(made.words.index(1, 2)).center())
    assert said.args == ["b"]
    with qtbot.waitSignal(made.row_chosen) as said:
        qtbot.keyClick(made, Qt.Key.Key_Down)
    assert said.args == ["c"]


def test_the_choice_stays_when_a_row_is_put_right(qtbot):
    made = table(qtbot)
    made.choose("b")
    with qtbot.assertNotEmitted(made.row_chosen):
        made.set_row(Row("b", ("second", "1", "ready")))
    assert made.currentIndex().row() == 1
    assert [row.cells[2] for row in made.words.rows] == ["ready", "ready", "left out"]


def test_the_whole_table_is_copied_not_a_cell(qtbot):
    made = table(qtbot)
    made.choose("b")
    with qtbot.waitSignal(made.copied):
        qtbot.keyClick(made, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Name\tFiles\nfirst\t12"


def test_tab_leaves_the_table(qtbot):
    made = table(qtbot)
    made.setFocus()
    made.choose("a")
    qtbot.keyClick(made, Qt.Key.Key_Tab)
    assert made.currentIndex().row() == 0
    assert made.currentIndex().column() == 0
