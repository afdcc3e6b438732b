"""People of a study: who gets in, who stands in the trail, and what each role may do."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.commands import kit as kit_command
from app.commands import study as study_command
from core.errors import InputError
from core.study.adjudicating import deal_adjudication, disagreements
from core.study.audit_listing import listed
from core.study.backups import back_up, restore
from core.study.collecting import collect
from core.study.coordinators_view import coordinators_rescue, coordinators_trail, reset_kit
from core.study.dealing import deal_kit
from core.study.evening import even_out
from core.study.kit import Kit
from core.study.log_in import (
    add_person,
    change_password,
    give_password,
    listed_people,
    log_in,
    note_lock,
    retire_person,
)
from core.study.password import has_password, require_password, set_password
from core.study.people import OPERATIONS, ROLES, Person, Role, people_of, require
from core.study.plan import set_plan
from core.study.serving import collect_served, serve
from core.study.store import Study
from core.study.training_set import set_training
from core.study.unblinding import note_looking, show_key
from tests.core.study.conftest import PASSWORD, Computers, scan_images
from tests.signing import CHEAP

ANNA, PETRA, STINE = "Anna Berg", "Petra Lind", "Stine Holm"
WHO: dict[Role, str] = {"coordinator": ANNA, "physicist": PETRA, "statistician": STINE}
OWN, GIVEN = "blue old lantern", "green tall heron"


@pytest.fixture(scope="module")
def peopled(dealt: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the study, which has a person of each role, and its kit."""
    folder = tmp_path_factory.mktemp("peopled")
    shutil.copytree(dealt, folder, dirs_exist_ok=True)
    with Study.open(folder / "study") as study:
        set_password(study, PASSWORD, cost=CHEAP)
        add_person(study, ANNA, "coordinator", OWN, PASSWORD, cost=CHEAP)
        log_in(study, ANNA, OWN)
        for role in ("physicist", "statistician"):
            add_person(study, WHO[role], role, GIVEN, OWN, cost=CHEAP)
        for name in (PETRA, STINE):
            log_in(study, name, GIVEN)
            change_password(study, OWN, GIVEN, cost=CHEAP)
    return folder


@pytest.fixture
def place(peopled: Path, tmp_path: Path) -> Path:
    return shutil.copytree(peopled, tmp_path / "peopled")


@pytest.fixture
def study(place: Path) -> Iterator[Study]:
    with Study.open(place / "study") as opened:
        yield opened


def actions(study: Study) -> list[dict[str, Any]]:
    """What the trail says, without the hashes of tables."""
    with study.database.transaction() as connection:
        rows = connection.exec_driver_sql("SELECT content FROM audit ORDER BY sequence").scalars()
        found = [json.loads(content) for content in rows]
    return [values for values in found if values["action"] != "tables"]


# ---- what each role may do


def _kit(study: Study) -> Path:
    return study.path.with_name("A1.kit")


def _with_kit(deed: Callable[[Kit], object]) -> Callable[[Study], object]:
    def done(study: Study) -> object:
        with Kit.open(_kit(study), to_read=False) as kit:
            return deed(kit)

    return done


def _trail(study: Study) -> object:
    return _with_kit(lambda kit: coordinators_trail(study, kit, "a fault", OWN))(study)


def _reset(study: Study) -> object:
    return _with_kit(lambda kit: reset_kit(study, kit, "forgotten", OWN))(study)


# each operation as it is done; what is wrong with it besides who does it is no matter here
DEEDS: dict[str, tuple[Callable[[Study, Any], object], ...]] = {
    "scans": (lambda study, _: study.add_scan("", "g", "v", scan_images(7)),),
    "targets": (lambda study, _: study.set_targets(study.targets()),),
    "iron": (
        lambda study, _: study.set_icpms(study.icpms()),
        lambda study, _: study.set_calibration(None),
        lambda study, _: study.set_iron("none", None, None, {}),
    ),
    "plan": (lambda study, _: set_plan(study, raters=["Rater B"]),),
    "training": (lambda study, _: set_training(study, ["mouse-1"], ()),),
    "even_out": (lambda study, _: even_out(study, "crop"),),
    "deal": (
        lambda study, protocol: deal_kit(study, "Rater B", 0, protocol, study.path.with_name("B.kit")),
        lambda study, _: disagreements(study, 1, ("Rater A", "Rater B")),
        lambda study, _: deal_adjudication(study, "Rater C", 1, study.path.with_name("C.kit")),
    ),
    "serve": (lambda study, _: serve(study, _kit(study), "r_1"),),
    "collect": (lambda study, _: collect(study, _kit(study)), lambda study, _: collect_served(study)),
    "key": (lambda study, _: show_key(study, "why", OWN), lambda study, _: study.key_entries()),
    "look": (lambda study, _: note_looking(study, "images", "why", OWN),),
    "answers": (
        lambda study, _: study.signed_readings(),
        lambda study, _: study.data(),
        lambda study, _: study.note_export("analysis"),
    ),
    "trail": (lambda study, _: study.audit_records(), lambda study, _: study.note_export("audit")),
    "kit_trail": (lambda study, _: _trail(study),),
    "reset_kit": (lambda study, _: _reset(study),),
    "rescue": (lambda study, _: coordinators_rescue(study, _kit(study), None, "broken", OWN),),
    # these two open the study themselves: tried below
    "restore": (lambda study, _: require(study, "restore"),),
    "move": (lambda study, _: require(study, "move"),),
    "people": (
        lambda study, _: add_person(study, "Nils", "physicist", GIVEN, OWN, cost=CHEAP),
        lambda study, _: give_password(study, STINE, GIVEN, OWN, cost=CHEAP),
        lambda study, _: retire_person(study, PETRA, OWN),
    ),
    "images": (lambda study, _: study.images(study.scans()[0].scan_id),),
    "precision": (lambda study, _: require(study, "precision"),),
    "status": (lambda study, _: require(study, "status"),),
    "own_password": (lambda study, _: require_password(study, OWN, "to try it"),),
    "back_up": (lambda study, _: back_up(study, "demand"),),
    "verify": (lambda study, _: study.verify(),),
    "list_people": (lambda study, _: listed_people(study),),
}


def refused(deed: Callable[[], object]) -> str:
    """Do something and return why the person may not, "" where they may and whatever else came of it."""
    try:
        deed()
    except Exception as error:  # a deed may fail in its own way
        told = str(error)
        return told if "is here as" in told or "log in as one of them" in told else ""
    return ""


def test_every_operation_is_tried_below() -> None:
    assert DEEDS.keys() == OPERATIONS.keys()


@pytest.fixture(scope="module")
def tried(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """A study in which everything is tried by everybody."""
    folder = shutil.copytree(peopled, tmp_path_factory.mktemp("tried") / "peopled")
    with Study.open(folder / "study") as opened:
        yield opened


@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_each_role_does_what_the_table_says_and_nothing_else(
    tried: Study, protocol: Any, operation: str, role: Role | None
) -> None:
    asked = OPERATIONS[operation]
    may = asked.open or role in asked.roles
    for deed in DEEDS[operation]:
        tried.let_in(None if role is None else Person(WHO[role], role, own=True, retired=False))
        why = refused(lambda deed=deed: deed(tried, protocol))
        assert bool(why) != may, why
        if may:
            continue
        newest = actions(tried)[-1]
        assert (newest["action"], newest["what"]) == ("refused", operation)
        if role is not None:
            assert newest["actor"] == WHO[role] and f"{WHO[role]} is here as a {role}" in why
            assert all(f"a {each}" in why for each in asked.roles)


def actions_with_a_study(parser: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, Any]]:
    """Yield every command below a parser that takes a study."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                yield from actions_with_a_study(below, f"{name} {word}")
        elif action.dest == "study":
            yield name, parser


# a command that is added has to be put here, beside the operation that it does
COMMANDS = {
    "study create": None,  # nobody is named yet
    "study add": "scans", "study open": None, "study status": "status", "study collect": "collect",
    "study training": "training", "study password": "own_password", "study verify": "verify",
    "study audit": "trail", "study backup": "back_up", "study restore": "restore", "study move": "move",
    "study key": "key", "study analyse": "look", "study results": "look", "study export": "look",
    "study people list": "list_people", "study people add": "people", "study people retire": "people",
    "study people password": "own_password",
    "kit make": "deal", "kit adjudicate": "deal", "kit serve": "serve", "kit audit": "kit_trail",
    "kit reset": "reset_kit", "kit rescue": "rescue",
}  # fmt: skip


def test_every_command_that_takes_a_study_has_its_operation_and_tells_who() -> None:
    found = {}
    for name, command in (("study", study_command), ("kit", kit_command)):
        parser = argparse.ArgumentParser()
        command.configure(parser)
        found |= dict(actions_with_a_study(parser, name))
    assert found.keys() == COMMANDS.keys()
    assert {operation for operation in COMMANDS.values() if operation} <= OPERATIONS.keys()
    for name, parser in found.items():
        takes_name = any("--as" in action.option_strings for action in parser._actions)
        assert takes_name == (name != "study create"), name


# ---- who is in


def test_the_first_person_is_a_coordinator_whom_the_owner_names(dealt: Path, tmp_path: Path) -> None:
    shutil.copytree(dealt / "study", tmp_path / "study")
    with Study.open(tmp_path / "study") as study:
        with pytest.raises(InputError, match="the study has none"):
            add_person(study, ANNA, "coordinator", OWN, "", cost=CHEAP)
        set_password(study, PASSWORD, cost=CHEAP)
        for given, role, told in (
            (PASSWORD, "physicist", "the first person of a study is its coordinator"),
            ("a wrong one", "coordinator", "this is not it"),
        ):
            with pytest.raises(InputError, match=told):
                add_person(study, ANNA, role, OWN, given, cost=CHEAP)
        study.set_targets(study.targets())  # one owner, who need not say who they are
        assert people_of(study) == () and "actor" not in actions(study)[-1]
        add_person(study, f" {ANNA} ", "coordinator", OWN, PASSWORD, cost=CHEAP)
        assert [(each.name, each.own) for each in people_of(study)] == [(ANNA, True)]
        with pytest.raises(InputError, match="log in as one of them with --as NAME"):
            study.set_targets(study.targets())
        with pytest.raises(InputError, match="log in as one of them"):
            require_password(study, PASSWORD, "to try it")
        log_in(study, "anna  BERG", OWN)
        # the owner's password is of no use any more
        with pytest.raises(InputError, match="your password is needed to show the key, and this is not it"):
            show_key(study, "why", PASSWORD)
        with pytest.raises(InputError, match="have passwords of their own"):
            set_password(study, "another horse", PASSWORD)
        assert has_password(study) and show_key(study, "why", OWN).unsigned == 4


def test_whoever_is_logged_in_stands_in_every_record(place: Path) -> None:
    with Study.open(place / "study") as study:
        before = len(actions(study))
        log_in(study, PETRA, OWN)
        study.set_targets(study.targets())
        note_lock(study, idle=True)
        note_lock(study, idle=False)
        made = actions(study)[before:]
        assert [(values["action"], values["actor"]) for values in made] == [
            (action, PETRA) for action in ("log_in", "set_target", "idle", "locked")
        ]
    with Study.open(place / "study") as study:
        assert (actions(study)[-1]["action"], actions(study)[-1]["actor"]) == ("log_out", PETRA)
        log_in(study, ANNA, OWN)
        rows = listed(study.audit_records())
        who = {row["who"] for row in rows}
        assert {ANNA, PETRA, STINE, "coordinator"} <= who
        named = next(row["sequence"] for row in rows if row["action"] == "add_person")
        # nobody is taken for another: what came before was the owner's, what nobody did since the program's
        assert all(row["who"] == "coordinator" for row in rows if row["sequence"] <= named)
        assert not any(row["who"] == "coordinator" for row in rows if row["sequence"] > named)
        study.verify()


def test_wrong_passwords_wait_by_person_and_are_told(study: Study, computers: Computers) -> None:
    for _ in range(3):
        with pytest.raises(InputError, match="not the password of that person"):
            log_in(study, STINE, "a wrong one")
    with pytest.raises(InputError, match="wait 5 seconds"):
        log_in(study, STINE, OWN)
    assert log_in(study, PETRA, OWN).failures == 0  # nobody waits for another
    assert [(each.name, each.failures) for each in listed_people(study)][:3] == [
        (ANNA, 0), (PETRA, 0), (STINE, 3),
    ]  # fmt: skip
    computers.wait(6 / 86_400)
    told = log_in(study, STINE, OWN)
    assert told.failures == 3 and told.failed_utc > told.before_utc
    assert log_in(study, STINE, OWN).failures == 0
    tried = [values for values in actions(study) if values["action"] == "wrong_password"]
    assert [values["person"] for values in tried[-3:]] == [STINE] * 3


def test_nobody_is_let_in_under_a_name_that_is_not_there(study: Study) -> None:
    with pytest.raises(InputError, match="nobody of that name works"):
        log_in(study, "Nobody", OWN)
    assert study.person is None
    newest = actions(study)[-1]
    assert (newest["action"], newest["what"], newest["person"]) == ("refused", "log_in", "Nobody")


def test_a_password_that_was_given_lets_in_to_choose_another_and_nothing_else(study: Study) -> None:
    log_in(study, ANNA, OWN)
    give_password(study, STINE, GIVEN, OWN, cost=CHEAP)
    with pytest.raises(InputError, match="of your own is changed with the one you have"):
        give_password(study, ANNA, GIVEN, OWN)
    with pytest.raises(InputError, match="not the password of that person"):
        log_in(study, STINE, OWN)
    log_in(study, STINE, GIVEN)
    with pytest.raises(InputError, match="your password was given to you; choose one"):
        study.signed_readings()
    for new, told in ((GIVEN, "the new password is the old one"), ("short", "needs 8 characters")):
        with pytest.raises(InputError, match=told):
            change_password(study, new, GIVEN)
    change_password(study, "yet another one", GIVEN, cost=CHEAP)
    assert study.signed_readings() == ()
    log_in(study, STINE, "yet another one")


def test_a_study_without_people_has_no_password_of_ones_own(tmp_path: Path) -> None:
    with (
        Study.create(tmp_path / "alone", "Alone") as alone,
        pytest.raises(InputError, match="this study has no people"),
    ):
        change_password(alone, "long enough", "of before", cost=CHEAP)


def test_a_person_is_retired_and_stays_on_record(study: Study) -> None:
    log_in(study, ANNA, OWN)
    with pytest.raises(InputError, match="Anna Berg is the last coordinator and stays"):
        retire_person(study, ANNA, OWN)
    with pytest.raises(InputError, match="this is not it"):
        retire_person(study, PETRA, "a wrong one")
    retire_person(study, PETRA, OWN)
    for deed in (
        lambda: log_in(study, PETRA, OWN),
        lambda: retire_person(study, PETRA, OWN),
        lambda: give_password(study, PETRA, GIVEN, OWN),
    ):
        with pytest.raises(InputError, match="nobody of that name works"):
            deed()
    # typed otherwise, and with a Cyrillic letter
    for name, told in (
        ("petra LIND", "works or worked at this study already"),
        ("\u0420etra Lind", "alphabets"),
    ):
        with pytest.raises(InputError, match=told):
            add_person(study, name, "physicist", GIVEN, OWN)
    assert [(each.name, each.role, each.state) for each in listed_people(study)] == [
        (ANNA, "coordinator", ""), (PETRA, "physicist", "retired"), (STINE, "statistician", ""),
        ("Rater A", "rater", ""),
    ]  # fmt: skip
    add_person(study, "Nils", "coordinator", GIVEN, OWN, cost=CHEAP)
    with pytest.raises(InputError, match="is logged in; another coordinator retires this person"):
        retire_person(study, ANNA, OWN)
    with pytest.raises(InputError, match="is a role; give the person's own name"):
        add_person(study, "Coordinator", "physicist", GIVEN, OWN)


@pytest.mark.parametrize(
    ("name", "role", "new", "told"),
    [
        ("", "physicist", GIVEN, "needs a name"),
        ("x" * 65, "physicist", GIVEN, "at most 64 letters"),
        ("\u2800", "physicist", GIVEN, "needs a name"),
        ("Nils", "king", GIVEN, "a role is one of coordinator, physicist, statistician"),
        ("Nils", "physicist", "short", "needs 8 characters"),
        (STINE.upper(), "physicist", GIVEN, "already; give another name"),
    ],
)
def test_who_cannot_be_named(study: Study, name: str, role: Any, new: str, told: str) -> None:
    log_in(study, ANNA, OWN)
    with pytest.raises(InputError, match=told):
        add_person(study, name, role, new, OWN)
    assert len(people_of(study)) == 3


def test_people_cannot_be_changed_or_removed_in_the_file_by_an_ordinary_hand(study: Study) -> None:
    for statement in ("UPDATE people SET role = 'coordinator'", "DELETE FROM people"):
        with (
            pytest.raises(Exception, match="people cannot be changed"),
            study.database.transaction() as connection,
        ):
            connection.exec_driver_sql(statement)


# ---- backups


def test_a_backup_is_put_in_place_by_a_coordinator_of_the_study_or_of_the_backup(place: Path) -> None:
    path = place / "study"
    with Study.open(path) as study:
        made = back_up(study, "demand")
    with pytest.raises(InputError, match="log in as one of them"):
        restore(path, made.path)
    with pytest.raises(InputError, match="Petra Lind is here as a physicist"):
        restore(path, made.path, lambda study: log_in(study, PETRA, OWN))
    restore(path, made.path, lambda study: log_in(study, ANNA, OWN))
    with Study.open(path) as study:
        put_back = next(values for values in actions(study) if values["action"] == "restore")
        assert put_back["actor"] == ANNA
        study.verify()
    (path / "study.sqlite").write_bytes(b"nothing of it is left")
    with pytest.raises(InputError, match="log in as one of them"):
        restore(path, made.path)
    restore(path, made.path, lambda study: log_in(study, ANNA, OWN))
    with Study.open(path) as study:
        assert [v["actor"] for v in actions(study) if v["action"] in ("log_in", "restore")][-2:] == [
            ANNA,
            ANNA,
        ]
        study.verify()
