"""Which question is current, what a key means for it, and where it goes on."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.shades import MARK_COLOURS
from core.reading.edits import SetAnswer
from core.reading.questions import Question
from core.reading.reading import Mark, Reading
from widgets.answer_form import AnswerForm, FormQuestion, FormSection, QuestionKey
from widgets.findings import Finding, FindingsList


class AnswersController(QObject):
    """Fills the form and the findings list from the reading and turns choices into edits."""

    mark_selected = Signal(object)  # mark id or None
    jump_requested = Signal(object)  # LPS mm of the mark

    def __init__(self, case: CaseController, form: AnswerForm, findings: FindingsList) -> None:
        super().__init__(case)
        self._case, self._form, self._findings = case, form, findings
        self.current: QuestionKey | None = None
        self.selected: str | None = None
        case.changed.connect(self._on_changed)
        case.opening.connect(self._on_opening)
        form.answer_chosen.connect(self._on_chosen)
        form.question_entered.connect(self.enter)
        form.stepped.connect(self.step)
        findings.finding_chosen.connect(self.select)

    def answer(self, value: int) -> None:
        """Answer the current question and go on to the next one that is open."""
        if self.current is not None:
            self._on_chosen(self.current, value)

    def clear(self) -> None:
        """Take the current question's answer back."""
        reading = self._case.reading
        if reading is not None and self.current is not None and self.current in reading.answers:
            self._case.edit(SetAnswer(*self.current, reading.answers[self.current], None))

    def step(self, by: int) -> None:
        """Go to the question after or before."""
        keys = list(self._form.cards)
        if keys:
            place = keys.index(self.current) + by if self.current is not None and self.current in keys else 0
            self.enter(keys[min(max(place, 0), len(keys) - 1)])

    def enter(self, key: QuestionKey) -> None:
        """Make a question the current one; one about a mark shows the mark."""
        changed = key != self.current
        self.current = key
        if key[1] is not None and key[1] != self.selected:
            self._choose(key[1], jump=True)
        if changed:
            self._form.set_current(key)

    def select(self, mark_id: str | None, *, jump: bool = True) -> None:
        """Choose a mark, show its place, and go to its first open question."""
        self._choose(mark_id, jump=jump)
        if mark_id is not None and (self.current is None or self.current[1] != mark_id):
            mine = [key for key in self._form.cards if key[1] == mark_id]
            if mine:
                self.enter(next((key for key in mine if not self._answered(key)), mine[0]))

    def enter_first_open(self) -> None:
        """Go to the first question that still needs an answer, if there is one."""
        open_keys = [key for key in self._form.cards if self._wanted(key)]
        if open_keys:
            self.enter(open_keys[0])

    def _choose(self, mark_id: str | None, *, jump: bool) -> None:
        reading = self._case.reading
        if mark_id is not None and (reading is None or mark_id not in reading.marks):
            return
        self.selected = mark_id
        self._show_findings()
        self.mark_selected.emit(mark_id)
        if jump and mark_id is not None and reading is not None:
            self.jump_requested.emit(reading.marks[mark_id].position_mm)

    def _on_chosen(self, key: QuestionKey, value: int) -> None:
        reading = self._case.reading
        if reading is None:
            return
        question = self._case.kit.protocol.question(key[0])
        if question.choice(value) is None:
            low, high = question.choices[0].value, question.choices[-1].value
            told = self.tr("“{question}” is answered with {low} to {high}")
            self._case.refused.emit(told.format(question=question.text, low=low, high=high))
            return
        before = reading.answers.get(key)
        if before == value or self._case.edit(SetAnswer(*key, before, value)):
            self._go_on(key)

    def _go_on(self, key: QuestionKey) -> None:
        keys = list(self._form.cards)
        place = keys.index(key) if key in keys else 0
        following = [*keys[place + 1 :], *keys[:place]]
        wanted = next((other for other in following if self._wanted(other)), key)
        self.enter(wanted)

    def _answered(self, key: QuestionKey) -> bool:
        return self._case.reading is not None and key in self._case.reading.answers

    def _wanted(self, key: QuestionKey) -> bool:
        question = self._case.kit.protocol.question(key[0])
        return not self._answered(key) and not self._locked(question) and question.required

    def _closed(self, key: QuestionKey) -> bool:
        """Whether the step of an open case has gone on past a question."""
        reading = self._case.reading
        return (
            reading is not None
            and not reading.signed
            and self._locked(self._case.kit.protocol.question(key[0]))
        )

    def _locked(self, question: Question) -> bool:
        reading, protocol = self._case.reading, self._case.kit.protocol
        return reading is None or reading.signed or protocol.step_index(question.step) != reading.step_index

    def _on_opening(self) -> None:
        if self._case.images is None:
            self.current, self.selected = None, None
            self._form.set_sections(())
            self._findings.set_findings((), None)

    def _on_changed(self, reading: Reading) -> None:
        if self.selected is not None and self.selected not in reading.marks:
            self._choose(None, jump=False)
        self._form.set_sections(self._sections(reading))
        self._show_findings()
        if self.current not in self._form.cards or self._closed(self.current):
            self.current = next((key for key in self._form.cards if self._wanted(key)), None)
        self._form.set_current(self.current)

    def _sections(self, reading: Reading) -> tuple[FormSection, ...]:
        protocol = self._case.kit.protocol
        sections = [FormSection(None, self.tr("This case"), "", self._asked(protocol.asked_of("case"), None))]
        for mark in self._ordered(reading):
            name = in_words(reading.mark_name(mark.mark_id))
            questions = self._asked(protocol.asked_of(mark.kind), mark.mark_id)
            sections.append(FormSection(mark.mark_id, name, MARK_COLOURS[mark.kind], questions))
        return tuple(sections)

    def _asked(self, questions: tuple[Question, ...], mark_id: str | None) -> tuple[FormQuestion, ...]:
        """Return the questions of the steps reached so far."""
        reading, protocol = self._case.reading, self._case.kit.protocol
        if reading is None:
            return ()
        return tuple(
            FormQuestion(
                (question.id, mark_id),
                question,
                reading.answers.get((question.id, mark_id)),
                self._locked(question),
            )
            for question in questions
            if protocol.step_index(question.step) <= reading.step_index
            and protocol.is_asked(question, mark_id, reading.answers)
        )

    def _ordered(self, reading: Reading) -> tuple[Mark, ...]:
        return reading.marks_of("lesion") + reading.marks_of("node")

    def _show_findings(self) -> None:
        reading = self._case.reading
        if reading is None:
            return
        findings = []
        for mark in self._ordered(reading):
            keys = [(question.id, mark.mark_id) for question in self._case.kit.protocol.asked_of(mark.kind)]
            left = sum(self._wanted(key) for key in keys)
            note = self.tr("{left} of {all} to answer").format(left=left, all=len(keys)) if left else ""
            name = in_words(reading.mark_name(mark.mark_id))
            findings.append(Finding(mark.mark_id, name[:1].upper() + name[1:], note, MARK_COLOURS[mark.kind]))
        self._findings.set_findings(tuple(findings), self.selected)
