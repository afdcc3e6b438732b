"""What so many cases and raters can tell: half widths of 95 % intervals, before anything is read."""

from __future__ import annotations

from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QSpinBox

from app.study.desk import Desk
from app.study.holdings import Holdings
from app.study.pages.page import Page
from core.statistics.power import auc_half_width, kappa_half_width
from widgets.parts import label, spoken
from widgets.text_table import Column, Row, TextTable
from widgets.words import marked

_TABLE = (
    Column(marked("If it is"), 210), Column(marked("then with so many"), 340),
    Column(marked("95 % interval ±"), 140, number=True), Column(marked("Source"), 0),
)  # fmt: skip
KAPPAS, AREAS = (0.4, 0.6, 0.8), (0.7, 0.8, 0.9)
_TITLE = marked("Precision")
_ABOUT = marked(
    "How near a kappa or an AUC will be known with so many cases and readers. Cases of one subject tell "
    "less than as many of different subjects: count subjects where scans of one are much alike."
)


class PrecisionPage(Page):
    """Numbers to be turned, and what comes of them."""

    step = "precision"
    operation = "precision"
    title = _TITLE
    about = _ABOUT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._proposed = (0, 0)
        self.cases = _count("precision_cases", self.tr("Cases"), 4, 5000, 30)
        self.raters = _count("precision_raters", self.tr("Readers"), 1, 20, 2)
        self.categories = _count("precision_categories", self.tr("Choices of the scale"), 2, 10, 5)
        self.share = QDoubleSpinBox()
        self.share.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.share.setRange(0.05, 0.95)
        self.share.setSingleStep(0.05)
        self.share.setValue(0.5)
        spoken(self.share, "precision_share", self.tr("Share of positive cases"))
        self.table = TextTable("precision_table", self.tr("Precision to be expected"), _TABLE)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        fields = (self.cases, self.raters, self.categories, self.share)
        for place, part in enumerate(fields):
            grid.addWidget(label(part.accessibleName(), "title"), 0, place)
            grid.addWidget(part, 1, place)
            part.valueChanged.connect(lambda _: self._show())
        grid.setColumnStretch(len(fields), 1)
        self.body.addLayout(grid)
        self.body.addWidget(self.table, 1)

    def show_holdings(self, held: Holdings) -> None:
        """Begin with the cases and raters that the study has."""
        now = (max(len(held.scans), self.cases.minimum()), max(len(held.plan.raters), 1))
        by_hand = self._proposed not in ((0, 0), (self.cases.value(), self.raters.value()))
        if held.scans and not by_hand:
            self._proposed = now
            self.cases.setValue(now[0])
            self.raters.setValue(now[1])
        self._show()

    def _show(self) -> None:
        if not self.isVisible():
            return
        n, raters, categories = self.cases.value(), self.raters.value(), self.categories.value()
        positives = min(max(round(n * self.share.value()), 2), n - 2)
        pair = self.tr("{cases} cases, two readers").format(cases=n)
        margins = [1 / categories] * categories
        weights = "linear" if categories > 2 else "unweighted"
        plain, linear = self.tr("kappa {value:.1f}"), self.tr("kappa {value:.1f}, linear weights")
        weighted = linear if categories > 2 else plain
        rows = []
        for kappa in KAPPAS:
            width = kappa_half_width(kappa, n, margins, weights)
            cells = (weighted.format(value=kappa), pair, f"{width:.2f}", "Fleiss, Cohen, Everitt 1969")
            rows.append(Row(f"kappa {kappa}", cells))
        with_truth = self.tr("{positives} positive, {negatives} negative, {raters} reader(s)").format(
            positives=positives, negatives=n - positives, raters=raters
        )
        for area in AREAS:
            width = auc_half_width(area, positives, n - positives, raters=raters)
            source = "Hanley, McNeil 1982" if raters == 1 else "Hanley, McNeil 1982; Hillis 2005"
            cells = (self.tr("AUC {value:.1f}").format(value=area), with_truth, f"{width:.2f}", source)
            rows.append(Row(f"auc {area}", cells))
        self.table.set_rows(rows)

    def showEvent(self, event: object) -> None:
        """What was turned elsewhere is worked out when it is looked at."""
        super().showEvent(event)
        self._show()


def _count(name: str, text: str, least: int, most: int, value: int) -> QSpinBox:
    made = QSpinBox()
    made.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    made.setRange(least, most)
    made.setValue(value)
    spoken(made, name, text)
    return made
