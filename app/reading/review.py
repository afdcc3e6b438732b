"""The page before the signature: what was answered, marked and measured, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QStackedWidget

from app.core_words import in_words
from app.reading.answers import AnswersController, required_now
from app.reading.case import CaseController
from app.reading.numbers import NumbersController, figure, with_sd
from app.reading.pages import turn_to
from app.reading.shades import MARK_COLOURS
from app.reading.tools import ToolsController
from core.imaging.region_numbers import region_numbers
from core.imaging.roi import ROI_COLOURS, ROI_WORDS, Roi, RoiKind
from core.reading.questions import NOTE, QUERY, Question, Value
from core.reading.reading import Mark, Reading
from core.reading.rules import to_sign
from core.study.signing import MEANING
from widgets.finish_panel import FinishPanel
from widgets.question_cards import QuestionKey
from widgets.review_page import Review, ReviewLine, ReviewPage, ReviewSection


class ReviewController(QObject):
    """Shows the page in the pictures' place: before a signature, and when it is asked for."""

    def __init__(
        self,
        case: CaseController,
        answers: AnswersController,
        tools: ToolsController,
        numbers: NumbersController,
        finish: FinishPanel,
        page: ReviewPage,
        stack: QStackedWidget,
    ) -> None:
        super().__init__(case)
        self._case, self._answers, self._tools, self._numbers = case, answers, tools, numbers
        self._finish, self._page, self._stack = finish, page, stack
        finish.asked.connect(self._on_asked)
        finish.refused.connect(self._on_refused)
        page.left.connect(self.hide)
        page.link_followed.connect(self._on_link)
        case.opening.connect(lambda _: self.hide())
        case.changed.connect(self._on_changed)

    @property
    def shown(self) -> bool:
        """Whether the page stands in the pictures' place."""
        return self._stack.currentWidget() is self._page

    def toggle(self) -> None:
        """Show the page, or the pictures again."""
        self.hide() if self.shown else self.show()

    def show(self) -> None:
        """Show the page as the case stands."""
        reading = self._case.reading
        if reading is not None and self._case.ready:
            self._page.set_review(self._review(reading))
            turn_to(self._stack, self._page)
            (self._page.links[0] if self._page.links else self._page.area).setFocus()

    def hide(self) -> None:
        """Show the pictures again; what was asked before a signature is taken back."""
        if self.shown:
            turn_to(self._stack, self._stack.widget(0))
            self._finish.take_back()
            self._answers.done_typing.emit()

    def _on_asked(self, asking: bool) -> None:
        reading = self._case.reading
        if not asking:
            self.hide()
        elif reading is not None and to_sign(self._case.kit.protocol, reading):
            self.show()

    def _on_refused(self) -> None:
        reading = self._case.reading
        if reading is not None and to_sign(self._case.kit.protocol, reading):
            self.show()

    def _on_changed(self, reading: Reading) -> None:
        if reading.signed:
            self.hide()
        elif self.shown:
            self._page.set_review(self._review(reading))

    def _on_link(self, link: object) -> None:
        self.hide()
        if isinstance(link, tuple):
            self._answers.enter(link)
        else:
            self._tools.choose_kind(link)

    # ---- what it says

    def _review(self, reading: Reading) -> Review:
        sections = [self._case_section(reading)]
        sections += [self._mark_section(reading, mark) for mark in reading.marks.values()]
        sections += [self._region_section(reading, roi) for roi in reading.rois.values()]
        sections += self._missing_regions(reading)
        lines = [line for section in sections for line in section.lines]
        missing = sum(line.link is not None for line in lines)
        protocol = self._case.kit.protocol
        state = self.tr("Everything that is asked is there.")
        if missing:
            state = self.tr("%n thing(s) missing. Choose one to go there.", "", missing)
        elif reading.signed:
            state = self.tr("This case is signed.")
        elif not to_sign(protocol, reading):
            state = self.tr("Everything that this step asks is there.")
        # nothing is signed where a step is only closed
        signature = self.tr("Your signature means: {meaning}").format(meaning=in_words(MEANING))
        last = reading.signed or to_sign(protocol, reading)
        ending = protocol.ending(reading.answers)
        if ending is not None and not missing:
            state = self.tr("Ended early. {why}").format(why=ending.told)
        return Review(
            self.tr("Case {alias}").format(alias=reading.alias),
            state, not missing, tuple(section for section in sections if section.lines),
            signature if last else "",
        )  # fmt: skip

    def _case_section(self, reading: Reading) -> ReviewSection:
        lines = [*self._answered(reading, None), *self._rulers(reading, None)]
        if self._numbers.recorded:
            lines.append(ReviewLine(self.tr("Contrast"), self._numbers.recorded))
        for question, title in ((NOTE, self.tr("Note")), (QUERY, self.tr("Query"))):
            value = reading.answers.get((question.id, None))
            if value is not None:
                lines.append(ReviewLine(title, str(value) or self.tr("flagged")))
        return ReviewSection(self.tr("This case"), "", tuple(lines))

    def _mark_section(self, reading: Reading, mark: Mark) -> ReviewSection:
        depth = round(float(reading.grid.to_index(mark.position_mm)[0]))
        place = self.tr("slice {number} of {all}").format(number=depth + 1, all=reading.grid.shape[0])
        lines = [ReviewLine(self.tr("Place"), place)]
        lines += [*self._answered(reading, mark.mark_id), *self._rulers(reading, mark.mark_id)]
        name = in_words(reading.mark_name(mark.mark_id))
        return ReviewSection(name, MARK_COLOURS[mark.kind], tuple(lines))

    def _region_section(self, reading: Reading, roi: Roi) -> ReviewSection:
        lines = [ReviewLine(self.tr("Size"), self._size(roi))]
        volumes = self._case.images.volumes if self._case.images is not None else {}
        for role, title, unit in (("r2star", "R2*", "1/s"), ("iron", self.tr("Iron"), "µg/g")):
            if role in volumes and not roi.empty:
                found = region_numbers(volumes[role], roi.coverage, roi.geometry)
                lines.append(ReviewLine(title, f"{with_sd(found.mean, found.sd)} {unit}"))
        lines += self._answered(reading, roi.roi_id)
        return ReviewSection(in_words(roi.name), roi.colour, tuple(lines))

    def _size(self, roi: Roi) -> str:
        told = self.tr("{area} mm² where it is largest, {volume} mm³")
        return told.format(area=figure(roi.area_mm2), volume=figure(roi.volume_mm3))

    def _missing_regions(self, reading: Reading) -> Iterator[ReviewSection]:
        protocol = self._case.kit.protocol
        if reading.signed or protocol.ending(reading.answers) is not None:
            return
        for kind in protocol.required_rois:
            place = protocol.roi_step(kind)
            if place == reading.step_index and not any(roi.counts for roi in reading.rois_of(kind)):
                yield self._missing_region(kind)

    def _missing_region(self, kind: RoiKind) -> ReviewSection:
        line = ReviewLine(self.tr("Region"), self.tr("not drawn"), kind)
        return ReviewSection(in_words(ROI_WORDS[kind]), ROI_COLOURS[kind], (line,))

    def _answered(self, reading: Reading, about: str | None) -> Iterator[ReviewLine]:
        protocol = self._case.kit.protocol
        required = required_now(protocol, reading)
        for question, asked_about in reading.asked(protocol):
            key: QuestionKey = (question.id, about)
            if asked_about != about or protocol.step_index(question.step) > reading.step_index:
                continue
            value = reading.answers.get(key)
            if value is not None:
                yield ReviewLine(question.text, told_answer(question, value))
            elif key in required:
                yield ReviewLine(question.text, self.tr("not answered"), key)

    def _rulers(self, reading: Reading, about: str | None) -> Iterator[ReviewLine]:
        for ruler in reading.rulers.values():
            if ruler.about == about:
                name = in_words(reading.name_of(ruler.ruler_id))
                yield ReviewLine(name[:1].upper() + name[1:], f"{figure(ruler.length_mm)} mm")


def told_answer(question: Question, value: Value) -> str:
    """Return an answer as it is read out: "4  good", "7.2 mm"."""
    choice = question.choice(value) if question.type == "choice" else None
    return f"{value}  {choice.label}" if choice is not None else f"{value} {question.unit}".strip()
