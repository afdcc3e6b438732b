"""What two raters said, shown to the third who adjudicates, as soon as the kit tells it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.core_words import in_words
from app.messages import told
from app.reading.case import CaseController
from core.errors import AppError
from core.study.kit_state import Opinion
from widgets.opinions_panel import OpinionsPanel, OpinionTold


class OpinionsController(QObject):
    """Fills the panel above the questions. When it may be seen is the kit's to say: `Kit.opinions`."""

    def __init__(self, case: CaseController, panel: OpinionsPanel) -> None:
        super().__init__(case)
        self._case, self._panel = case, panel
        case.opening.connect(lambda _: panel.set_opinions(()))
        # not before the step's pictures are there: one looks first
        case.opened.connect(self._on_opened)

    def _on_opened(self, alias: str) -> None:
        if self._case.kit.purpose != "adjudication":
            return
        try:
            opinions = self._case.kit.opinions(alias)
        except AppError as error:
            self._case.refused.emit(told(error))
            return
        self._panel.set_opinions(tuple(map(self._told, opinions)))

    def _told(self, opinion: Opinion) -> OpinionTold:
        """Say an opinion in the window's words; those of the protocol stay as they are."""
        name, _, finding = opinion.item.partition(", ")
        question = next((each for each in self._case.kit.protocol.questions if each.id == name), None)
        if question is None:
            return self._told_of_other(opinion)
        about = question.text
        if finding:
            about = self.tr("{question} ({finding} as one reader counts)")
            about = about.format(question=question.text, finding=in_words(finding))
        return OpinionTold(about, self._both(*map(self._answer, (opinion.first, opinion.second))))

    def _told_of_other(self, opinion: Opinion) -> OpinionTold:
        """Say what is no question's: a region, a finding, the end of the case."""
        if opinion.item == "ended early":
            about = self.tr("Whether the case can be read to its end")
            ends = (self.tr("yes") if end == "no" else end for end in (opinion.first, opinion.second))
            return OpinionTold(about, self._both(*ends))
        if opinion.item.endswith(" found"):
            finding = in_words(opinion.item.removesuffix(" found"))
            about = self.tr("{finding} as one reader counts").format(finding=_capital(finding))
            return OpinionTold(about, self.tr("Only one of two readers has marked it"))
        overlap = self.tr("The regions of both overlap by a Dice coefficient of {dice}")
        dice = opinion.first.removeprefix("Dice ")
        kind = in_words(opinion.item.removesuffix(" region"))
        return OpinionTold(self.tr("Region: {kind}").format(kind=kind), overlap.format(dice=dice))

    def _answer(self, said: str) -> str:
        return self.tr("not answered") if said == "not answered" else said

    def _both(self, first: str, second: str) -> str:
        text = self.tr("One reader: {first} – another: {second}")
        return text.format(first=first, second=second)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
