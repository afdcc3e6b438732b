from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from app.theme import icon
from tests.widgets.hands import click
from widgets.findings import Finding, FindingsList
from widgets.worklist import Worklist, WorklistModel, WorklistRow

ROWS = (
    WorklistRow(1, "K7Q2", "signed"),
    WorklistRow(2, "M3TX", "begun"),
    WorklistRow(3, "P9AD", "untouched"),
)


def worklist(qtbot) -> Worklist:
    made = Worklist()
    made.model.set_icons({"signed": icon("done"), "begun": icon("current"), "untouched": icon("todo")})
    qtbot.addWidget(made)
    made.resize(200, 300)
    made.set_rows(ROWS)
    made.show()
    return made


def test_the_model_keeps_qts_rules(qtbot):
    model = WorklistModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_icons({})
    model.set_rows(ROWS)
    model.set_icons({"signed": icon("done")})
    model.set_rows((*ROWS[:2], WorklistRow(3, "P9AD", "signed")))
    model.set_rows(())


def test_a_row_shows_alias_and_state_and_nothing_else(qtbot):
    made = worklist(qtbot)
    index = made.model.index(1)
    assert made.model.data(index) == "2.  M3TX"
    assert made.model.data(index, Qt.ItemDataRole.AccessibleTextRole) == "Case M3TX, begun"


def test_progress_counts_the_signed_cases(qtbot):
    made = worklist(qtbot)
    assert made.count.text() == "1 of 3 signed"
    assert (made.progress.value(), made.progress.maximum()) == (1, 3)


def test_a_click_or_enter_chooses_a_case(qtbot):
    made = worklist(qtbot)
    with qtbot.waitSignal(made.case_chosen) as said:
        click(made.view.viewport(), made.view.visualRect(made.model.index(2)).center())
    assert said.args == ["P9AD"]
    made.set_current("K7Q2")
    qtbot.keyClick(made.view, Qt.Key.Key_Down)
    with qtbot.waitSignal(made.case_chosen) as said:
        qtbot.keyClick(made.view, Qt.Key.Key_Return)
    assert said.args == ["M3TX"]


def test_the_selection_stays_when_a_state_changes(qtbot):
    made = worklist(qtbot)
    made.set_current("M3TX")
    made.set_rows((ROWS[0], WorklistRow(2, "M3TX", "signed"), ROWS[2]))
    assert made.view.currentIndex().row() == 1
    assert made.count.text() == "2 of 3 signed"


def test_a_finding_is_chosen_by_a_click(qtbot):
    made = FindingsList()
    qtbot.addWidget(made)
    made.resize(200, 200)
    made.show()
    made.set_findings((), None)
    assert made.empty.isVisible()
    made.set_findings(
        (Finding("a", "Lesion 1", "", "#ff0"), Finding("b", "Node 1", "2 of 2 to answer", "#0f0")), "b"
    )
    assert not made.empty.isVisible()
    assert made.list.currentRow() == 1
    with qtbot.waitSignal(made.finding_chosen) as said:
        click(made.list.viewport(), made.list.visualItemRect(made.list.item(0)).center())
    assert said.args == ["a"]
