"""A forgotten password: the coordinator lets another be chosen, and what was signed before stays signed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from core.errors import InputError, StoreError
from core.study.backups import back_up, backups
from core.study.collecting import collect
from core.study.coordinators_view import reset_kit
from core.study.kit import Kit
from core.study.kit_trails import raters_trail
from core.study.password import set_password
from core.study.rescue import raters_rescue, remains, rescue
from core.study.store import Study
from tests.core.study.conftest import read_case
from tests.signing import CHEAP, RATERS_PASSWORD, enrol

COORDINATORS, ANOTHER = "correct horse", "another mountain"


@pytest.fixture
def forgotten(study: Study, kit_path: Path) -> Path:
    """A kit with one case signed, whose rater has forgotten the password."""
    set_password(study, COORDINATORS, cost=CHEAP)
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    return kit_path


def read_on(path: Path) -> str:
    """Choose another password, sign another case with it; return the new key's beginning."""
    with Kit.open(path) as kit:
        assert not kit.enrolled and kit.key_fingerprint == ""
        alias = kit.cases()[1].alias
        read_case(kit, alias, sign=False)
        with pytest.raises(InputError, match="no password was chosen"):
            kit.sign(alias, RATERS_PASSWORD)
        kit.enrol(ANOTHER, cost=CHEAP)
        with pytest.raises(InputError, match="not the password"):
            kit.sign(alias, RATERS_PASSWORD)
        kit.sign(alias, ANOTHER)
        kit.verify()
        return kit.key_fingerprint


def test_another_password_is_chosen_and_both_keys_vouch(study: Study, forgotten: Path) -> None:
    collect(study, forgotten)
    with Kit.open(forgotten) as kit:
        before = kit.key_fingerprint
        reset_kit(study, kit, "forgotten on holiday", COORDINATORS)
    key = read_on(forgotten)
    assert key != before
    told = collect(study, forgotten)
    assert (told.taken, told.known, told.key) == (1, 1, key)
    study.verify()
    with Kit.open(forgotten) as kit:
        retired = [r.values for r in kit.audit_records() if r.values["action"] == "retire_key"]
    assert [values["reason"] for values in retired] == ["forgotten on holiday"]
    reset = [r.values for r in study.audit_records() if r.values["action"] == "reset_kit"]
    assert [values["reason"] for values in reset] == ["forgotten on holiday"]
    # either key is found in what is left of the kit, and vouches for what it signed
    found = remains(forgotten)
    assert [case.holds for case in found.signed] == [True, True] and found.key == key
    assert found.damaged == ()


def test_a_study_that_is_put_back_still_knows_of_a_reset(study: Study, forgotten: Path) -> None:
    back_up(study, "demand")
    with Kit.open(forgotten) as kit:
        reset_kit(study, kit, "forgotten", COORDINATORS)
    read_on(forgotten)
    study.close()
    shutil.copyfile(backups(study.path)[0].path, study.path / "study.sqlite")
    with Study.open(study.path) as opened:
        assert collect(opened, forgotten).taken == 2
        opened.verify()


def test_a_key_that_was_replaced_without_the_coordinator_is_not_collected(
    study: Study, forgotten: Path
) -> None:
    with Kit.open(forgotten) as kit:
        kit.let_choose_anew("nobody knows")
    read_on(forgotten)
    with pytest.raises(StoreError, match="retires the rater's key, and this study knows nothing of it"):
        collect(study, forgotten)
    assert not study.signed_readings()


def test_a_kit_that_was_reset_shows_nothing_until_its_rater_has_chosen_anew(
    study: Study, forgotten: Path
) -> None:
    with Kit.open(forgotten) as kit:
        read_case(kit, kit.cases()[1].alias, sign=False)
        reset_kit(study, kit, "forgotten", COORDINATORS)
        assert kit.retired is not None and kit.retired.reason == "forgotten"
        for password in ("", RATERS_PASSWORD):
            with pytest.raises(InputError, match="until its rater has chosen another"):
                raters_trail(kit, password)
        kit.enrol(ANOTHER, cost=CHEAP)
        assert kit.retired is None
        assert list(raters_trail(kit, ANOTHER).records) == kit.audit_records()


def test_a_password_that_was_given_up_rescues_nothing(study: Study, forgotten: Path) -> None:
    with Kit.open(forgotten) as kit:
        reset_kit(study, kit, "somebody else knows it", COORDINATORS)
    next((forgotten / "images").rglob("*.nii")).unlink()
    with pytest.raises(InputError, match="let the coordinator rescue it"):
        raters_rescue(forgotten, rescue(forgotten), RATERS_PASSWORD)


def test_a_permission_is_for_one_kit_as_it_was(study: Study, forgotten: Path) -> None:
    with Kit.open(forgotten) as kit:
        reset_kit(study, kit, "forgotten", COORDINATORS)
        enrol(kit)
        kit.let_choose_anew("once more, by somebody")
    with pytest.raises(StoreError, match="knows nothing of it"):
        collect(study, forgotten)


def test_a_reset_is_refused_without_password_reason_or_key(
    study: Study, forgotten: Path, tmp_path: Path
) -> None:
    with Kit.open(forgotten) as kit:
        with pytest.raises(InputError, match="only with a reason"):
            reset_kit(study, kit, " ", COORDINATORS)
        other = Study.create(tmp_path / "other", "Another")
        with other, pytest.raises(InputError, match="belongs to another study"):
            reset_kit(other, kit, "forgotten", COORDINATORS)
        with pytest.raises(InputError, match="this is not it"):
            reset_kit(study, kit, "forgotten", "wrong horse")
        assert kit.enrolled
        reset_kit(study, kit, "forgotten", COORDINATORS)
        with pytest.raises(InputError, match="no password was chosen"):
            reset_kit(study, kit, "forgotten", COORDINATORS)
        with pytest.raises(InputError, match="no password was chosen"):
            kit.let_choose_anew("forgotten")


def test_a_key_is_not_retired_without_a_reason(forgotten: Path) -> None:
    with Kit.open(forgotten) as kit:
        kit.let_choose_anew(" ")
        with pytest.raises(StoreError, match="the rater's key was not retired by this program"):
            kit.verify()


def test_a_kit_that_nobody_chose_a_password_for_shows_its_trail(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        trail = raters_trail(kit, "")
    assert [record.values["action"] for record in trail.records] == ["deal", "export"]
    assert not trail.withheld
