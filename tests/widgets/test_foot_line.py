"""What matters in the line below everything is never cut."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from widgets.foot_line import FootLine
from widgets.parts import YieldingLabel


def test_what_is_spare_gives_way_first_then_the_hint_and_never_what_is_under_the_pointer(qtbot):
    hint, spare, probe, saved = YieldingLabel(), QLabel(), QLabel(), QLabel()
    line = FootLine(hint, spare, probe, saved)
    qtbot.addWidget(line)
    for part, text in ((hint, "paint with the brush"), (spare, "next case ready"), (saved, "Saved 11:22:33")):
        part.setText(text)
    line.resize(700, 24)
    line.show()

    def whole(part: QLabel) -> bool:
        return part.isVisible() and part.width() >= part.sizeHint().width()

    qtbot.waitUntil(lambda: all(whole(part) for part in (hint, spare, saved)))
    for letters, hint_whole in ((60, True), (76, False)):
        probe.setText("0" * letters)
        line.setFixedWidth(probe.sizeHint().width() + saved.sizeHint().width() + 78 + 18)
        wide = hint.sizeHint().width() + 4 if hint_whole else 40
        line.setFixedWidth(line.width() + wide)
        qtbot.waitUntil(lambda: not spare.isVisible() and whole(probe) and whole(saved))
        qtbot.waitUntil(lambda hint_whole=hint_whole: whole(hint) == hint_whole)
    line.setFixedWidth(line.width() + 400)
    qtbot.waitUntil(lambda: whole(spare) and whole(hint))
