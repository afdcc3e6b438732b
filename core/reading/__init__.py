"""One rater's work on one case: protocol, marks, regions, rulers, answers, and the rules they obey.

For a window, in short:

    reading.asked(protocol)               every question asked as things stand, with what it is about
    reading.missing(protocol, step)       what is still missing, in a rater's words
    question.parse(typed), .refusal(value)    what a person typed as an answer, or why it is none
    set_answer, AddMark, MoveMark, remove_mark, AddRuler, MoveRuler, remove_ruler    (edits)
    draw_roi, change_roi, remove_roi, label_roi                                      (roi_edits)
    together(name, *edits)                several edits undone as one
    rules.completed(protocol, reading, edit)    the edit with what follows from it; this is what is committed
    rules.to_sign(protocol, reading)      whether the open step is finished by signing
    protocol.ending(answers)              what ended the case early, and why

No edit changes a reading: `edit.apply(reading)` gives the one after it, `edit.inverse()` takes it back.
"""
