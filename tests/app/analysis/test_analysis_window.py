"""The analysis window, driven as a hand does, on a study small enough to work out by hand."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QListWidget, QPushButton, QTableView, QWidget

from app.analysis.window import TABS, AnalysisWindow
from app.theme import dress
from app.workers import Workers
from core.errors import InputError
from core.export.tables import read_csv
from core.statistics.analysis import analyse
from core.statistics.linking import MEASURES
from tests.core.statistics.small_study import study, whole_study
from tests.widgets.hands import pixels
from widgets.value_table import ValueTable

LEFT = Qt.MouseButton.LeftButton


class Looker:
    """What a person does with the window."""

    def __init__(self, qtbot, window: AnalysisWindow) -> None:
        self.qtbot, self.window = qtbot, window

    def part(self, name: str) -> QWidget:
        (found,) = self.window.findChildren(QWidget, name)
        return found

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: self.window.ready, timeout=400_000)

    def tab(self, name: str) -> None:
        bar = self.window.tabs.tabBar()
        names = [*self.window.pages, "cases"]
        self.qtbot.mouseClick(bar, LEFT, pos=bar.tabRect(names.index(name)).center())

    def press(self, name: str) -> None:
        button = self.part(name)
        assert isinstance(button, QPushButton) and button.isVisible() and button.isEnabled(), name
        self.qtbot.mouseClick(button, LEFT)
        self.wait()

    def tick(self, name: str, text: str) -> None:
        """Click on the box of a line, and wait for the results."""
        self.click_box(name, text)
        self.wait()

    def click_box(self, name: str, text: str) -> None:
        """Click on the box of a line."""
        made = self.part(f"filter_{name}")
        assert isinstance(made, QListWidget)
        (item,) = made.findItems(text, Qt.MatchFlag.MatchExactly)
        place = made.visualItemRect(item)
        self.qtbot.mouseClick(made.viewport(), LEFT, pos=QPoint(place.left() + 14, place.center().y()))

    def key(self, keys: str) -> None:
        QTest.keySequence(self.window, keys)
        self.wait()

    def rows(self, name: str) -> list[dict]:
        table = self.part(name)
        assert isinstance(table, ValueTable)
        return list(table.values.rows)

    @property
    def counts(self) -> str:
        return self.window.counts.text()

    @property
    def case(self) -> str:
        return self.window.case.title.text()


@pytest.fixture(scope="module")
def shared(lasting_qtbot, qapp, tmp_path_factory) -> Iterator[Looker]:
    folder = tmp_path_factory.mktemp("config")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.settings.user_config_path", lambda *_, **__: folder)
        if not qapp.styleSheet():
            dress(qapp)
        workers = Workers()
        window = AnalysisWindow(whole_study, workers)
        window.show()
        window.activateWindow()
        hand = Looker(lasting_qtbot, window)
        hand.wait()
        yield hand
        window.close()
        workers.close()


@pytest.fixture
def hand(shared: Looker) -> Looker:
    """The window with everything ticked."""
    if "left out by the filters: 0" not in shared.counts:
        shared.press("filter_everything")
    return shared


def test_everything_is_what_the_analysis_says(hand):
    tables = analyse(whole_study()).tables
    for tab, name in (("agreement", "agreement"), ("accuracy", "accuracy"), ("groups", "groups")):
        hand.tab(tab)
        assert repr(hand.rows(f"{tab}_table")) == repr(list(tables[name].rows))
    assert hand.counts.startswith("Readings: 16 by 2 readers; left out by the filters: 0")


def test_tables_plots_and_cases_follow_the_filters_and_n_is_told(hand):
    hand.tab("agreement")
    hand.tick("fields", "0.064 T")
    assert "Readings: 8 by 2 readers; left out by the filters: 8" in hand.counts
    assert {row["field_t"] for row in hand.rows("agreement_table")} <= {None, 3.0}
    assert {row["field_t"] for row in hand.rows("cases_table")} == {3.0}
    iron = hand.window.pages["iron"].figure.plot
    assert {row["field_t"] for row in iron.data.rows} == {3.0}
    hand.tick("raters", "y")
    assert "Readings: 4 by 1 readers; left out by the filters: 12" in hand.counts
    assert {row["second_rater"] for row in hand.rows("cases_table")} == {""}
    hand.tick("raters", "x")
    assert "Readings: 0" in hand.counts and hand.rows("cases_table") == []
    assert not hand.part("agreement_save_table").isEnabled()
    hand.press("filter_everything")
    assert "left out by the filters: 0" in hand.counts and len(hand.rows("cases_table")) == 8


def test_items_choose_what_tables_and_cases_compare(hand):
    items = hand.part("filter_items")
    for place in range(items.count()):
        if items.item(place).text() != "margin_conspicuity":
            items.item(place).setCheckState(Qt.CheckState.Unchecked)
    hand.wait()
    assert {row["item"] for row in hand.rows("agreement_table")} == {"margin_conspicuity"}


def test_a_click_on_a_point_opens_its_case_with_both_readers_regions(hand):
    hand.tab("iron")
    figure = hand.window.pages["iron"].figure
    hand.qtbot.waitUntil(lambda: figure.width() > 100 and not figure.visibleRegion().isEmpty())
    for row in figure.plot.data.rows[:2]:
        place = figure.point_at(row).toPoint()
        hand.qtbot.mouseClick(figure, LEFT, pos=place)
        hand.wait()
        assert hand.case == f"{row['subject']}, 24 h, {row['field_t']:g} T"
    view, reader = hand.window.case.view, hand.window.case.names
    assert [label.text() for label in reader] == ["x", "y"]
    # tumour, reference and air of each, in the colour of the one who drew it
    colours = [outline.colour for outline in view.outlines]
    assert len(colours) == 6 and len(set(colours)) == 2 and colours[:3] == [colours[0]] * 3
    # the tumour lies in slices 2 and 3 of 4; the middle echo is shown
    assert view.depth == 1 and view.caption.startswith("TE 10.0 ms")
    # orange and blue lines over a grey picture
    red, _, blue = pixels(view).astype(int).transpose(2, 0, 1)
    assert (red - blue > 60).sum() > 100 and (blue - red > 60).sum() > 100


def test_arrow_keys_and_enter_open_a_point_too(hand):
    hand.tab("iron")
    figure = hand.window.pages["iron"].figure
    figure.point_at(figure.plot.data.rows[0])
    figure.setFocus()
    QTest.keyClick(figure, Qt.Key.Key_Right)
    QTest.keyClick(figure, Qt.Key.Key_Right)
    QTest.keyClick(figure, Qt.Key.Key_Return)
    hand.wait()
    row = figure.plot.points[figure._current].row
    assert hand.case == f"{row['subject']}, 24 h, {row['field_t']:g} T"


def test_next_disagreement_goes_from_the_farthest_apart_on_and_comes_round(hand):
    hand.tab("cases")
    listed = [row for row in hand.rows("cases_table") if row["differing"]]
    met, apart = [], []
    hand.window.case.clear()
    for number in range(len(listed)):
        if number % 2:
            hand.press("case_next")
        else:
            hand.key("F")
        met.append(hand.case)
        apart.append(hand.window.case.pair.apart)
        assert f"disagreement {number + 1} of {len(listed)}" in hand.window.case.stand.text()
    assert len(set(met)) == len(listed) and apart == sorted(apart, reverse=True)
    assert sorted(apart) == pytest.approx(sorted(row["apart"] for row in listed))
    hand.key("F")
    assert hand.case == met[0]
    hand.key("Shift+F")
    assert hand.case == met[-1]
    answers = hand.rows("case_answers")
    marked = [row for row in answers if row["differs"]]
    assert marked and all(row["reader_0"] != row["reader_1"] for row in marked)
    same = [row for row in answers if not row["differs"] and row["asked"] not in MEASURES]
    assert all(row["reader_0"] == row["reader_1"] for row in same)


def test_the_question_of_every_answer_can_be_read_where_the_window_is_small(hand):
    hand.window.resize(1366, 768)
    hand.tab("cases")
    hand.key("F")
    table = hand.part("case_answers")
    assert hand.window.case.pair is not None and not table.horizontalScrollBar().isVisible()
    header = table.horizontalHeader()
    for row in range(table.model().rowCount()):
        asked = table.model().index(row, 1)
        inside = QRect(0, 0, header.sectionSize(1) - 12, 1000)
        needed = table.fontMetrics().boundingRect(inside, Qt.TextFlag.TextWordWrap, asked.data())
        assert needed.width() <= inside.width() and needed.height() <= table.rowHeight(row), asked.data()


def test_a_line_of_the_cases_opens_it_and_the_wheel_goes_through_its_slices(hand):
    hand.tab("cases")
    table = hand.part("cases_table")
    where: QRect = table.visualRect(table.model().index(3, 0))
    hand.qtbot.mouseClick(table.viewport(), LEFT, pos=where.center())
    hand.wait()
    row = hand.rows("cases_table")[3]
    assert hand.case == f"{row['subject']}, {row['visit']}, {row['field_t']:g} T"
    view = hand.window.case.view
    before = view.depth
    view.show_slice(before + 1)
    assert view.depth == before + 1


def test_the_names_of_rows_stay_while_the_numbers_scroll(hand):
    hand.tab("agreement")
    table = hand.part("agreement_table")
    bar = table.horizontalScrollBar()
    bar.setValue(bar.maximum())
    at = table.viewport().geometry().topLeft() + QPoint(6, 6)
    edge = table.childAt(at)
    frozen = edge.parent()
    assert isinstance(frozen, QTableView) and frozen is not table
    assert frozen.model().headerData(0, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole) == "Item"
    assert frozen.indexAt(QPoint(6, 6)).data() == table.values.words(0, 0)
    down = table.rowViewportPosition(2) + 6
    hand.qtbot.mouseClick(edge, LEFT, pos=QPoint(6, down))
    assert table.currentIndex().row() == 2
    head = frozen.horizontalHeader()
    hand.qtbot.mouseClick(head.viewport(), LEFT, pos=QPoint(6, 6))
    items = [table.model().index(row, 0).data() for row in range(table.model().rowCount())]
    assert items == sorted(items, reverse=head.sortIndicatorOrder() == Qt.SortOrder.DescendingOrder)
    bar.setValue(0)


def test_every_column_has_a_heading_and_keeps_its_own_name_in_its_tip(hand):
    for tab, page in hand.window.pages.items():
        table = hand.part(f"{tab}_table").values
        for choice in reversed(range(page.table_choice.count())):
            page.table_choice.setCurrentIndex(choice)
            assert len(table.columns) > 8
            for place, column in enumerate(table.columns):
                shown, tip = (
                    table.headerData(place, Qt.Orientation.Horizontal, role)
                    for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
                )
                assert tip.splitlines()[-1] == column
                assert "_" not in shown
    assert sum(page.table_choice.count() for page in hand.window.pages.values()) == sum(
        len(tables) for _, _, _, tables in TABS
    )


def test_an_analysis_under_way_is_cancelled_and_the_filters_go_back(hand):
    gate = threading.Event()
    hand.window.workers.start("test", lambda _: gate.wait(60), lambda _: None, lambda _: None)
    hand.click_box("fields", "3 T")
    assert not hand.window.ready and hand.part("analysis_cancel").isVisible()
    hand.press("analysis_cancel")
    gate.set()
    assert hand.window.ready and not hand.part("analysis_cancel").isVisible()
    assert hand.window.filters.part.fields == (3.0, 0.064)
    assert "left out by the filters: 0" in hand.counts
    assert hand.part("message_text").text() == "The analysis was stopped"


def test_a_failed_analysis_puts_the_filters_back_to_what_is_shown(hand, monkeypatch):
    def fails(*_):
        raise InputError("the disk is full")

    monkeypatch.setattr("app.analysis.window.results_of", fails)
    hand.tick("fields", "3 T")
    assert "The disk is full" in hand.part("message_text").text()
    assert hand.window.filters.part.fields == (3.0, 0.064)
    assert "left out by the filters: 0" in hand.counts


def test_an_analysis_is_waited_for_where_pictures_come_before_it_ends(hand, monkeypatch):
    pictures, results, begun = threading.Event(), threading.Event(), threading.Event()

    def fails(*_):
        begun.set()
        results.wait(60)
        raise InputError("the disk is full")

    monkeypatch.setattr("app.analysis.window.results_of", fails)
    hand.window.workers.start("test", lambda _: pictures.wait(60), lambda _: None, lambda _: None)
    hand.window.open_case(0)
    hand.click_box("fields", "3 T")
    pictures.set()
    # the one thread begins the analysis after the pictures, whose coming is then on its way
    hand.qtbot.waitUntil(begun.is_set)
    QGuiApplication.processEvents()
    waited = not hand.window.ready and hand.part("analysis_progress").isVisible()
    results.set()
    hand.qtbot.waitUntil(lambda: not hand.part("analysis_cancel").isVisible())
    assert waited
    assert hand.window.ready


def test_the_first_analysis_is_cancelled_and_begun_again(qtbot):
    gate, workers = threading.Event(), Workers()

    def read():
        gate.wait(60)
        return study(whole_study().readings[0])

    window = AnalysisWindow(read, workers)
    qtbot.addWidget(window)
    window.show()
    hand = Looker(qtbot, window)
    hand.press("analysis_cancel")
    gate.set()
    assert hand.counts == "There are no results to show"
    hand.press("analysis_again")
    assert hand.counts.startswith("Readings: 1 by 1 readers")
    assert not hand.part("analysis_again").isVisible()
    window.close()
    workers.close()


def test_ctrl_c_copies_a_table_with_headings_for_a_spreadsheet(hand):
    hand.tab("agreement")
    table = hand.part("agreement_table")
    table.clearSelection()
    table.setFocus()
    QTest.keySequence(table, "Ctrl+C")
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == list(table.values.columns)
    assert len(lines) == len(table.values.rows) + 1 and hand.window.messages.text.text() == "Copied"


def test_a_click_on_a_heading_sorts_by_numbers_with_gaps_last(hand):
    hand.tab("agreement")
    table = hand.part("agreement_table")
    column = table.values.columns.index("kappa")
    header = table.horizontalHeader()
    table.scrollTo(table.model().index(0, column))
    place = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    hand.qtbot.mouseClick(header.viewport(), LEFT, pos=place)
    shown = [table.model().index(row, column).data() for row in range(table.model().rowCount())]
    numbers = [float(text) for text in shown if text]
    assert len(set(numbers)) > 2
    assert numbers in (sorted(numbers), sorted(numbers, reverse=True))


def test_tables_and_plots_are_saved_and_nothing_is_written_over_unasked(hand, tmp_path: Path, monkeypatch):
    chosen: list[str] = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (chosen[0], ""))
    hand.tab("iron")
    chosen[:] = [str(tmp_path / "iron.csv")]
    hand.press("iron_save_table")
    columns, rows = read_csv(tmp_path / "iron.csv")
    shown = hand.window.pages["iron"].shown_table
    assert columns == list(shown.columns) and len(rows) == len(shown.rows)
    for kind in ("png", "svg"):
        chosen[:] = [str(tmp_path / f"iron.{kind}")]
        hand.press("iron_save_plot")
    assert QImage(str(tmp_path / "iron.png")).width() > 1500
    assert (tmp_path / "iron.svg").read_text(encoding="utf-8").count("<svg") == 1
    # the dialog did not ask about the name that gets its ending here
    chosen[:] = [str(tmp_path / "other")]
    (tmp_path / "other.csv").write_text("mine")
    hand.press("iron_save_table")
    assert "already exists" in hand.window.messages.text.text()
    assert (tmp_path / "other.csv").read_text() == "mine"


def test_a_study_without_readings_says_so(qtbot, qapp, monkeypatch, tmp_path):
    monkeypatch.setattr("app.settings.user_config_path", lambda *_, **__: tmp_path)

    def read():
        raise InputError("no signed reading was collected yet; take kits in with `ferroread study collect`")

    workers = Workers()
    window = AnalysisWindow(read, workers)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.ready)
    assert "No signed reading was collected yet" in window.messages.text.text()
    assert window.again.isVisible()
    for name in ("agreement_copy_plot", "agreement_save_table", "cases_copy", "cases_save", "case_next"):
        (button,) = window.findChildren(QPushButton, name)
        assert not button.isEnabled(), name
    assert not window.actions_by_name["next_disagreement"].isEnabled()
    window.close()
    workers.close()
