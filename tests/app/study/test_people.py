"""People at a study's window: who gets in, what each role finds, and what a lock keeps."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QMessageBox, QWidget

from app.protocols.window import ProtocolWindow
from app.study.damaged import DamagedStudy
from app.study.door import StudyDoor
from app.trail_dialog import TrailDialog
from core.study.backups import back_up, restore
from core.study.log_in import add_person, change_password, log_in, retire_person
from core.study.password import set_password
from core.study.store import Study
from tests.app.study.conftest import LEFT, PASSWORD, Coordinator
from tests.shown import read_out
from tests.signing import CHEAP
from widgets.log_in_form import LogInForm
from widgets.password_dialog import PasswordDialog

ANNA, PETRA, STINE = "Anna Berg", "Petra Lind", "Stine Holm"
# the system's own dialog, before a fixture answers for it
CHOOSE_FILE = QFileDialog.getSaveFileName
OWN, GIVEN = "blue old lantern", "green tall heron"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with a coordinator, a physicist, and a statistician whose password was given."""
    path = tmp_path_factory.mktemp("people") / "study"
    with Study.create(path, "Iron in mice") as study:
        set_password(study, PASSWORD, cost=CHEAP)
        add_person(study, ANNA, "coordinator", OWN, PASSWORD, cost=CHEAP)
        log_in(study, ANNA, OWN)
        add_person(study, STINE, "statistician", GIVEN, OWN, cost=CHEAP)
        add_person(study, PETRA, "physicist", GIVEN, OWN, cost=CHEAP)
        log_in(study, PETRA, GIVEN)
        change_password(study, OWN, GIVEN, cost=CHEAP)
    return path


@pytest.fixture
def show(opened: Callable[[Study], Coordinator], made: Path, tmp_path: Path) -> Callable[[], Coordinator]:
    """Open the window of the study, as often as it is closed."""
    path = shutil.copytree(made, tmp_path / "study")
    return lambda: opened(Study.open(path))


def enter(hand: Coordinator, name: str, password: str) -> None:
    """Fill the log-in page in and press Enter."""
    form = hand.window.door.form
    names = form.findChild(QComboBox, "log_in_name")
    if names.isEnabled():
        names.setCurrentText(name)
    hand.type("log_in_password", password)
    hand.qtbot.keyClick(form.password, Qt.Key.Key_Return)


def actions(study: Study) -> list[str]:
    with study.database.transaction() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM audit ORDER BY sequence").scalars()
        return [row.split('"')[3] for row in rows]


def give(hand: Coordinator, *, old: str = "", new: str = "") -> None:
    asked = hand.asked
    for field, text in ((asked.old, old), (asked.new, new), (asked.again, new)):
        if field.isVisible():
            field.clear()
            hand.qtbot.keyClicks(field, text)
    hand.qtbot.mouseClick(asked.accept_button, LEFT)


def test_the_owner_names_a_coordinator_who_names_others(empty: Coordinator):
    study = empty.window.desk.study
    empty.go("people")
    assert "first set the study's password" in empty.stand and not empty.enabled("people_add")
    set_password(study, PASSWORD, cost=CHEAP)
    empty.window.refresh()
    assert empty.stand.startswith("The study has one owner") and not empty.enabled("people_lock")
    empty.type("people_name", ANNA)
    empty.press("people_add")
    give(empty, old="a wrong one", new=OWN)
    assert "this is not it" in empty.asked.wrong.text()
    give(empty, old=PASSWORD, new=OWN)
    assert study.person is not None and study.person.name == ANNA
    assert empty.cells("people_table")[0][:2] == (ANNA, "Coordinator")
    empty.window.findChild(QComboBox, "people_role").setCurrentText("Statistician")
    empty.type("people_name", STINE)
    empty.press("people_add")
    give(empty, old=OWN, new=GIVEN)
    assert [row[0::4] for row in empty.cells("people_table")] == [
        (ANNA, ""), (STINE, "has to choose a password"),
    ]  # fmt: skip
    table = empty.window.pages["people"].table
    table.choose(f"coordinator {ANNA}")
    empty.press("people_retire")
    give(empty, old=OWN)
    assert "is the last coordinator and stays" in empty.asked.wrong.text()
    empty.qtbot.mouseClick(empty.asked.leave_button, LEFT)
    table.choose(f"statistician {STINE}")
    empty.press("people_retire")
    give(empty, old=OWN)
    assert empty.cells("people_table")[1][4] == "retired"


def test_nothing_is_seen_before_somebody_has_logged_in(show):
    hand = show()
    assert hand.window.door.closed and hand.window.grab() is not None
    assert not any(action.isEnabled() for name, action in hand.window.actions_by_name.items()
                   if name in ("next", "trail", "lock"))  # fmt: skip
    assert hand.cells("people_table") == []
    QTest.keyClick(hand.window.windowHandle(), Qt.Key.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert hand.window.step == "scans"
    enter(hand, ANNA, "a wrong one")
    assert "not the password of that person" in hand.window.door.form.wrong.text()
    assert hand.window.door.closed
    enter(hand, ANNA, OWN)
    assert not hand.window.door.closed
    assert hand.message == "1 wrong password since your last log-in, the last at " + hand.message[-21:]
    assert hand.window.actions_by_name["trail"].isEnabled()


@pytest.mark.parametrize(
    ("name", "password", "pages"),
    [
        (STINE, GIVEN, {"precision", "analyse", "people"}),
        (PETRA, OWN, {"scans", "series", "targets", "iron", "precision", "people"}),
    ],
)
def test_pages_that_a_role_may_not_use_say_why(show, name: str, password: str, pages: set[str]):
    hand = show()
    enter(hand, name, password)
    if password == GIVEN:
        assert hand.window.door.closed
        give(hand, new="yet another one")
    assert not hand.window.door.closed
    window = hand.window
    assert {step for step, page in window.pages.items() if page.content.isEnabled()} == pages
    assert window.step in pages
    hand.go("deal")
    assert hand.stand.startswith("Dealing kits takes a coordinator; ") and name in hand.stand
    assert not hand.enabled("deal_deal") and not window.actions_by_name["trail"].isEnabled()
    hand.go("people")
    assert not hand.enabled("people_add") and hand.enabled("people_own")
    study = window.desk.study
    window.close()
    assert study.person is None


def test_a_lock_keeps_what_was_typed_and_lets_no_key_through(qtbot, show):
    hand = show()
    enter(hand, ANNA, OWN)
    window, study = hand.window, hand.window.desk.study
    window.actions_by_name["trail"].trigger()
    trail = window.findChild(TrailDialog)
    hand.go("raters")
    hand.type("raters_name", "Ann")
    assert "Ann" in read_out(window)
    window.actions_by_name["lock"].trigger()
    assert window.door.closed and actions(study)[-1] == "locked" and not trail.isVisible()
    # work that ends behind the curtain tells nothing either
    window.say("Kits collected: 2")
    told = {"Locked. Everything is as you left it."} | read_out(window.door.form)
    assert read_out(window.centralWidget()) == told
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_Return)
    assert "plan" not in actions(study)
    enter(hand, ANNA, "a wrong one")
    assert window.door.closed
    enter(hand, ANNA, OWN)
    assert not window.door.closed and trail.isVisible()
    name = window.findChild(QWidget, "raters_name")
    assert name.text() == "Ann" and window.step == "raters" and window.focusWidget() is name
    assert "Ann" in read_out(window)
    trail.close()


def test_a_lock_hides_the_dialogs_of_windows_beside_and_lets_none_of_them_write(
    qtbot, show, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", CHOOSE_FILE)
    of_others = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    hand = show()
    enter(hand, ANNA, OWN)
    window = hand.window
    hand.go("protocol")
    hand.press("protocol_edit")
    windows = (each for each in QApplication.topLevelWidgets() if isinstance(each, ProtocolWindow))
    (beside,) = (each for each in windows if each.isVisible())
    told = QMessageBox(QMessageBox.Icon.Information, "", "mouse-1", parent=beside)
    told.show()

    def lock_when_asked() -> None:
        (saving,) = beside.findChildren(QFileDialog)
        assert saving.isVisible()
        window.actions_by_name["lock"].trigger()
        left_open.append(saving.isVisible())
        saving.reject()

    left_open: list[bool] = []
    QTimer.singleShot(0, lock_when_asked)
    beside.actions_by_name["save_as"].trigger()  # goes on when the dialog has been answered
    assert window.door.closed and left_open == [False] and list(tmp_path.glob("*.yaml")) == []
    shown = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each not in of_others]
    assert shown == [window] and "mouse-1" not in set().union(*map(read_out, shown))
    enter(hand, ANNA, OWN)
    assert beside.isVisible() and told.isVisible() and not beside.findChildren(QFileDialog)
    told.close()
    beside.close()


def test_a_window_that_nobody_touches_locks(qtbot, show):
    hand = show()
    enter(hand, ANNA, OWN)
    idle = StudyDoor(hand.window, hand.window.desk.study, idle_s=0.01)
    idle.watch(hand.window.windowHandle())
    qtbot.waitUntil(lambda: idle.closed)
    assert actions(hand.window.desk.study)[-1] == "idle"


def test_a_closed_window_locks_nobody_out(show):
    window = show().window
    (waiting,) = window.door.findChildren(QTimer)
    window.door.watch(window.windowHandle())
    assert waiting.isActive()
    window.close()
    window.door.watch(window.windowHandle())
    assert not waiting.isActive()


def backed_up(show, folder: Path) -> Path:
    """A study with a backup, which no window has open."""
    show().window.close()
    with Study.open(folder / "study") as study:
        back_up(study, "demand")
    return folder / "study"


def asked_to_restore(qtbot, path: Path) -> DamagedStudy:
    """Leave nothing of a study's file, and press what puts its backup in place."""
    (path / "study.sqlite").write_bytes(b"nothing of it is left")
    dialog = DamagedStudy(path)
    qtbot.addWidget(dialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    dialog.show()
    qtbot.mouseClick(dialog.restore_button, LEFT)
    return dialog


def test_a_coordinator_puts_a_backup_in_the_place_of_a_damaged_study(qtbot, show, tmp_path: Path):
    path = backed_up(show, tmp_path)
    dialog = asked_to_restore(qtbot, path)
    form = dialog.findChild(LogInForm)
    for name, password, told in (
        (ANNA, "a wrong one", "not the password of that person"),
        (PETRA, OWN, "takes a coordinator; Petra Lind is here as a physicist"),
    ):
        form.name.setEditText(name)
        qtbot.keyClicks(form.password, password)
        qtbot.mouseClick(form.enter, LEFT)
        assert told in form.wrong.text() and form.password.text() == ""
    form.name.setEditText(ANNA)
    qtbot.keyClicks(form.password, OWN)
    with qtbot.assertNotEmitted(dialog.restored):
        qtbot.mouseClick(form.enter, LEFT)
    assert "\u2022 People are as they were when the backup was made" in dialog.minded.toPlainText()
    with qtbot.waitSignal(dialog.restored):
        qtbot.mouseClick(dialog.open_button, LEFT)
    assert not dialog.isVisible()
    with Study.open(path) as study:
        assert "restore" in actions(study)


def test_who_was_named_and_retired_since_the_backup_is_told_where_it_is_put_in_place_and_on_the_page(
    qtbot, show, tmp_path: Path
):
    path = tmp_path / "study"
    show().window.close()
    with Study.open(path) as study:
        log_in(study, ANNA, OWN)
        kept = back_up(study, "demand").path
        retire_person(study, PETRA, OWN)
        add_person(study, "Nils Frandsen", "physicist", GIVEN, OWN, cost=CHEAP)
    restore(path, kept, lambda study: log_in(study, ANNA, OWN))
    hand = show()
    enter(hand, ANNA, OWN)
    hand.go("people")
    assert "not known here: Nils Frandsen. " in hand.stand and hand.stand.endswith(f"in again: {PETRA}")
    hand.window.pages["people"].table.choose(f"physicist {PETRA}")
    hand.press("people_retire")
    give(hand, old=OWN)
    assert hand.stand.endswith("not known here: Nils Frandsen")


def test_what_a_log_in_is_asked_for_stands_clear_of_the_buttons(qtbot, show, tmp_path: Path):
    path = backed_up(show, tmp_path)
    dialog = asked_to_restore(qtbot, path)
    form = dialog.findChild(LogInForm)
    form.name.setEditText("Nobody")
    qtbot.mouseClick(form.enter, LEFT)
    assert form.wrong.isVisible() and dialog.rect().contains(form.geometry())
    assert not any(part.isVisible() for part in (dialog.table, dialog.restore_button, dialog.close_button))
    qtbot.mouseClick(form.leave, LEFT)
    assert dialog.table.isVisible() and dialog.restore_button.isEnabled() and not form.isVisible()


def test_a_backup_from_before_people_is_put_in_place_by_the_owner(qtbot, tmp_path: Path):
    path = tmp_path / "study"
    with Study.create(path, "Iron in mice") as study:
        set_password(study, PASSWORD, cost=CHEAP)
        back_up(study, "demand")
        add_person(study, ANNA, "coordinator", OWN, PASSWORD, cost=CHEAP)
    damaged = asked_to_restore(qtbot, path)
    asked = damaged.findChild(PasswordDialog)
    qtbot.keyClicks(asked.old, "a wrong one")
    qtbot.mouseClick(asked.accept_button, LEFT)
    assert "this is not it" in asked.wrong.text() and asked.old.text() == ""
    qtbot.keyClicks(asked.old, PASSWORD)
    qtbot.mouseClick(asked.accept_button, LEFT)
    assert f"{ANNA}: named after the backup was made" in damaged.minded.toPlainText()
    assert damaged.heading.text() == damaged.windowTitle() == "A study from a backup"
    with qtbot.waitSignal(damaged.restored):
        # however it is closed
        qtbot.keyClick(damaged, Qt.Key.Key_Escape)
    with Study.open(path) as put_back:
        assert put_back.lost_people() == ([ANNA], [])
