"""Before answers or the key are shown, a coordinator is told of guesses that would count as not blind."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox

from app.commands.kit import DEFAULT_PROTOCOL
from app.study.looking import look
from core.reading.protocol import parse_protocol
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.password import set_password
from core.study.unblinding import guesses_at_stake
from tests.app.study.conftest import PASSWORD, Coordinator, read_kit
from tests.signing import CHEAP

Answers = list[QMessageBox.StandardButton]
YES, CANCEL = QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel
MISSING = "Kits whose guesses are not collected yet: 1. Collect them first, or they count as not blind."


@pytest.fixture
def kit(filled: Coordinator, tmp_path: Path) -> Path:
    """A kit whose rater is asked for a guess."""
    asking = parse_protocol(
        f"{DEFAULT_PROTOCOL.read_text(encoding='utf-8')}\nguess: {{visit: [baseline, 24 h]}}\n", "test"
    )
    study = filled.window.desk.study
    set_password(study, PASSWORD, cost=CHEAP)
    path = deal_kit(study, "Ann", 1, asking, tmp_path / "kit-1.kit").path
    filled.window.refresh()
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], Answers]:
    """What was asked, and the answers that a hand will give."""
    told: list[str] = []
    answers: Answers = []

    def question(_parent: object, _title: str, text: str, *_: object) -> QMessageBox.StandardButton:
        told.append(text)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    return told, answers


def test_guesses_that_are_missing_when_all_is_in_are_asked_about_until_the_first_look(
    filled: Coordinator, kit: Path, asked: tuple[list[str], Answers]
) -> None:
    (told, answers), study = asked, filled.window.desk.study
    read_kit(kit)
    filled.go("collect")
    filled.press("collect_collect", kit)
    assert filled.cells("collect_table")[0][-1] == "the guess is still to come"
    for step in ("progress", "collect", "unblind", "analyse"):
        filled.go(step)
        assert filled.stand.startswith("Kits whose guesses are not collected yet: 1")
    answers += [CANCEL, CANCEL]
    filled.press("analyse_look")
    filled.go("unblind")
    filled.type("unblind_password", PASSWORD)
    filled.type("unblind_reason", "to publish")
    filled.press("unblind_show")
    assert told == [f"{MISSING} Go on all the same?", f"{MISSING} Show the key all the same?"]
    assert filled.cells("unblind_table") == [] and guesses_at_stake(study) == 1
    seen: list[str] = []
    answers += [YES]
    look(filled.window, study, "results", lambda: seen.append("once"))
    look(filled.window, study, "results", lambda: seen.append("again"))
    assert seen == ["once", "again"] and len(told) == 3


def test_guesses_that_are_in_are_not_asked_about(
    filled: Coordinator, kit: Path, asked: tuple[list[str], Answers]
) -> None:
    read_kit(kit)
    with Kit.open(kit) as opened:
        opened.guess({case.alias: {"visit": None} for case in opened.cases()})
    filled.go("collect")
    filled.press("collect_collect", kit)
    assert filled.cells("collect_table")[0][-1] == "complete"
    assert filled.stand == "Everything that was dealt is collected"
    seen: list[str] = []
    look(filled.window, filled.window.desk.study, "analysis", lambda: seen.append("seen"))
    assert seen == ["seen"] and asked[0] == []


def test_the_question_before_all_is_in_tells_of_guesses_too(filled: Coordinator, kit: Path) -> None:
    read_kit(kit, 1)
    filled.go("collect")
    filled.press("collect_collect", kit)
    filled.go("analyse")
    filled.press("analyse_look")
    told = [part.text() for part in filled.asked.findChildren(QLabel)]
    assert any(text.endswith(MISSING) for text in told)
    filled.asked.reject()
