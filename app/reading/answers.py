"""Which question is current, what a key means for it, and where it goes on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from app.core_words import in_words
from app.reading.case import CaseController
from app.reading.shades import MARK_COLOURS
from core.imaging.roi import Roi
from core.reading.edits import set_answer
from core.reading.measuring import measured
from core.reading.protocol import Protocol
from core.reading.questions import NOTE, QUERY, RESERVED, Question, Value, same_value
from core.reading.reading import Mark, Position, Reading
from widgets.answer_form import AnswerForm, FormSection
from widgets.findings import Finding, FindingsList
from widgets.question_cards import FormQuestion, QuestionKey


class AnswersController(QObject):
    """Fills the form and the findings list from the reading and turns answers into edits.

    `case` is a CaseController, or what stands in for one where nothing is kept (app.protocols.preview).
    """

    mark_selected = Signal(object)  # mark id or None
    jump_requested = Signal(object)  # LPS mm of the mark or region
    counted = Signal(int, int)  # required answers of the open step: given, all
    done_typing = Signal()  # the keys may go back to the pictures

    def __init__(self, case: CaseController, form: AnswerForm, findings: FindingsList) -> None:
        super().__init__(case)
        self._case, self._form, self._findings = case, form, findings
        self.current: QuestionKey | None = None
        self.selected: str | None = None
        self._required: list[QuestionKey] = []
        case.changed.connect(self._on_changed)
        case.opening.connect(self._on_opening)
        case.leaving.connect(self.settle)
        form.answer_given.connect(self._on_given)
        form.question_entered.connect(self.enter)
        form.stepped.connect(self.step)
        form.passed.connect(self._pass)
        form.left.connect(self.done_typing)
        form.refused.connect(lambda told: case.refused.emit(in_words(told)))
        form.proposal_taken.connect(self.take_proposal)
        findings.finding_chosen.connect(self.select)

    # ---- what keys mean

    def answer(self, value: int) -> None:
        """Answer the current question and go on to the next one that is open; a number begins with it."""
        if self.current is None:
            return
        if self._question(self.current).type == "choice":
            self._on_given(self.current, value)
        else:
            self._form.type_in(str(value))

    def pass_on(self) -> None:
        """Keep what was typed and go on; a text that is still to be written is begun."""
        if self.current is not None and self._wanted(self.current) and self._form.focus_text():
            return
        if self._form.settle():
            self._pass()

    def take_proposal(self) -> None:
        """Answer the current question with what was measured."""
        reading, key = self._case.reading, self.current
        found = None if reading is None or key is None else measured(reading, self._question(key), key[1])
        if key is None or found is None:
            self._case.refused.emit(self.tr("Nothing is measured that would answer this question"))
            return
        self._on_given(key, found.value)
        if same_value(self._case.reading.answers.get(key), found.value):
            self._pass()

    def clear(self) -> None:
        """Take the current question's answer back."""
        if self.current is not None and self._answered(self.current):
            self._on_given(self.current, None)

    def step(self, by: int) -> None:
        """Go to the question after or before."""
        keys = list(self._form.cards)
        if keys:
            place = keys.index(self.current) + by if self.current is not None and self.current in keys else 0
            self.enter(keys[min(max(place, 0), len(keys) - 1)])

    def enter(self, key: QuestionKey) -> None:
        """Make a question the current one; one about a mark or a region shows its place."""
        if key != self.current:
            self._form.settle()
            self.current = key
            self._show_current()
            reading = self._case.reading
            if reading is not None and key[1] in reading.rois:
                self.jump_requested.emit(_middle(reading.rois[key[1]]))
        if key[1] is not None and key[1] != self.selected:
            self._choose(key[1], jump=True)

    def write(self, question: Question) -> None:
        """Begin to write the note on the case, or flag it for a query."""
        key = (question.id, None)
        if key not in self._form.cards:
            return
        if question is QUERY and not self._answered(key) and self._case.writable:
            self._on_given(key, "")
        self.enter(key)
        self._form.focus_text()

    def settle(self) -> None:
        """Keep what was typed and not given yet, before the case or its step is left."""
        self._form.settle()

    # ---- findings

    def select(self, mark_id: str | None, *, jump: bool = True) -> None:
        """Choose a mark, show its place, and go to its first open question."""
        self._choose(mark_id, jump=jump)
        if mark_id is not None and (self.current is None or self.current[1] != mark_id):
            mine = [key for key in self._form.cards if key[1] == mark_id]
            if mine:
                self.enter(next((key for key in mine if not self._answered(key)), mine[0]))

    def step_finding(self, by: int) -> None:
        """Choose the next or the previous mark, the first one after the last."""
        reading = self._case.reading
        marks = [] if reading is None else [mark.mark_id for mark in self._ordered(reading)]
        if not marks:
            self._case.refused.emit(self.tr("There is no finding yet"))
        elif self.selected in marks:
            self.select(marks[(marks.index(self.selected) + by) % len(marks)])
        else:
            self.select(marks[0 if by > 0 else -1])

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

    # ---- answers

    def _on_given(self, key: QuestionKey, value: Value | None) -> None:
        reading = self._case.reading
        if reading is None:
            return
        question = self._question(key)
        refusal = "" if value is None else question.refusal(value)
        if refusal:
            self._case.refused.emit(in_words(refusal))
        elif (
            same_value(reading.answers.get(key), value)
            or self._case.edit(set_answer(reading, *key, value))
        ) and question.type == "choice" and value is not None:  # fmt: skip
            self._go_on(key)

    def _pass(self) -> None:
        """Go on from the current question, which keeps no key any more."""
        if self.current is None:
            return
        self._go_on(self.current)
        if not self._form.types_text:
            self.done_typing.emit()

    def _go_on(self, key: QuestionKey) -> None:
        """Go to the next question that must be answered, else to the next one that can be."""
        keys = list(self._form.cards)
        place = keys.index(key) if key in keys else 0
        following = [*keys[place + 1 :], *keys[:place]]
        optional = (other for other in keys[place + 1 :] if self._optional(other))
        self.enter(next((other for other in following if self._wanted(other)), next(optional, key)))
        if self._wanted(self.current):
            self._form.focus_text()

    def _question(self, key: QuestionKey) -> Question:
        return self._case.kit.protocol.question(key[0])

    def _answered(self, key: QuestionKey) -> bool:
        return self._case.reading is not None and key in self._case.reading.answers

    def _wanted(self, key: QuestionKey | None) -> bool:
        return key in self._required and not self._answered(key)

    def _optional(self, key: QuestionKey) -> bool:
        question = self._question(key)
        return question.id not in RESERVED and not self._answered(key) and not self._locked(question)

    def _locked(self, question: Question) -> bool:
        reading, protocol = self._case.reading, self._case.kit.protocol
        if reading is None or not self._case.writable:
            return True
        return bool(question.step) and protocol.step_index(question.step) != reading.step_index

    def _left_behind(self, key: QuestionKey) -> bool:
        """Whether the step of an open case has gone on past a question."""
        reading = self._case.reading
        return reading is not None and not reading.signed and self._locked(self._question(key))

    # ---- what is shown

    def _on_opening(self) -> None:
        if self._case.images is None:
            self.current, self.selected = None, None
            self._form.set_sections(())
            self._findings.set_findings((), None)
            self.counted.emit(0, 0)

    def _on_changed(self, reading: Reading) -> None:
        self._required = required_now(self._case.kit.protocol, reading)
        if self.selected is not None and self.selected not in reading.marks:
            self._choose(None, jump=False)
        before = set(self._form.cards)
        self._form.set_sections(self._sections(reading))
        self._show_findings()
        wanted = [key for key in self._form.cards if self._wanted(key)]
        come = [key for key in wanted if key not in before]
        if self.current not in self._form.cards or self._left_behind(self.current):
            self.current = next(iter(wanted), None)
        elif come and not self._wanted(self.current) and not self._form.types_text:
            # what was drawn just now asks its questions
            self.current = come[0]
        self._show_current()
        self.counted.emit(sum(map(self._answered, self._required)), len(self._required))

    def _show_current(self) -> None:
        reading = self._case.reading
        self._form.set_current(self.current)
        if reading is None or self.current is None:
            return
        question = self._question(self.current)
        found = None if self._locked(question) else measured(reading, question, self.current[1])
        told = ""
        if found is not None and not same_value(reading.answers.get(self.current), found.value):
            told = self.tr("=  {value} {unit}   {what}")
            told = told.format(value=found.value, unit=question.unit, what=in_words(found.what))
        self._form.set_proposal(told)

    def _sections(self, reading: Reading) -> tuple[FormSection, ...]:
        protocol = self._case.kit.protocol
        sections = [self._section(None, self.tr("This case"), "", protocol.asked_of("case"))]
        for mark in self._ordered(reading):
            name = in_words(reading.mark_name(mark.mark_id))
            asked = protocol.asked_of(mark.kind)
            sections.append(self._section(mark.mark_id, name, MARK_COLOURS[mark.kind], asked))
        for roi in reading.rois.values():
            asked = protocol.asked_of(reading.scope_of(roi.roi_id) or "")
            sections.append(self._section(roi.roi_id, in_words(roi.name), roi.colour, asked))
        own = tuple(replace(question, text=in_words(question.text)) for question in (NOTE, QUERY))
        sections.append(self._section(None, self.tr("Note and query"), "", own))
        return tuple(sections)

    def _section(
        self, about: str | None, title: str, colour: str, questions: tuple[Question, ...]
    ) -> FormSection:
        """Make a section of the questions of the steps reached so far."""
        reading, protocol = self._case.reading, self._case.kit.protocol
        asked = [] if reading is None else [
            FormQuestion(
                (question.id, about), question, reading.answers.get((question.id, about)),
                self._locked(question), (question.id, about) in self._required,
            )
            for question in questions
            if (not question.step or protocol.step_index(question.step) <= reading.step_index)
            and protocol.is_asked(question, about, reading.answers)
        ]  # fmt: skip
        wanted = [each.key for each in asked if each.wanted]
        done = sum(map(self._answered, wanted))
        note = self.tr("{done} of {all}").format(done=done, all=len(wanted)) if wanted else ""
        return FormSection(about, title, colour, tuple(asked), note)

    def _ordered(self, reading: Reading) -> tuple[Mark, ...]:
        return reading.marks_of("lesion") + reading.marks_of("node")

    def _show_findings(self) -> None:
        reading = self._case.reading
        if reading is None:
            return
        findings = []
        for mark in self._ordered(reading):
            keys = [key for key in self._required if key[1] == mark.mark_id]
            left = sum(map(self._wanted, keys))
            note = self.tr("{left} of {all} to answer").format(left=left, all=len(keys)) if left else ""
            name = in_words(reading.mark_name(mark.mark_id))
            name = name[:1].upper() + name[1:]
            if mark.prescribed:
                name = self.tr("{finding} (given)").format(finding=name)
            findings.append(Finding(mark.mark_id, name, note, MARK_COLOURS[mark.kind]))
        self._findings.set_findings(tuple(findings), self.selected)


def required_now(protocol: Protocol, reading: Reading) -> list[QuestionKey]:
    """Return what must be answered before the open step is finished, answered or not."""
    if reading.signed:
        return []
    ending = protocol.ending(reading.answers)
    if ending is not None:
        return [(ending.question.id, None)] + [
            (question.id, None) for question in protocol.reasons(ending.question, ending.choice)
        ]
    step = protocol.steps[reading.step_index].id
    return [
        (question.id, about)
        for question, about in reading.asked(protocol)
        if question.required and question.step == step
    ]


def _middle(roi: Roi) -> Position:
    """Return the middle of a region in the slice where it is largest, in LPS mm."""
    shares = roi.coverage.sum(axis=(1, 2), dtype=np.int64)
    depth = int(np.argmax(shares))
    rows, columns = np.nonzero(roi.coverage[depth])
    if not rows.size:
        depth, rows, columns = (np.array([size / 2]) for size in roi.coverage.shape)
    x, y, z = roi.geometry.to_mm((float(depth), float(rows.mean()), float(columns.mean())))
    return float(x), float(y), float(z)
