"""How the steps of a study stand."""

from __future__ import annotations

import shutil
from pathlib import Path

from app.study.holdings import holdings_of, stand_of
from core.reading.protocol import Protocol
from core.study.backups import back_up, backups
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.log_in import add_person, log_in
from core.study.password import set_password
from core.study.store import Study
from tests.app.study.conftest import PASSWORD, read_kit
from tests.core.study.conftest import dealt, protocol, study  # noqa: F401 - fixtures
from tests.signing import CHEAP


def test_a_lost_kit_is_told_until_another_one_is_collected_instead(
    study: Study,  # noqa: F811
    protocol: Protocol,  # noqa: F811
    tmp_path: Path,
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    back_up(study, "demand")
    deal_kit(study, "Rater B", 1, protocol, tmp_path / "lost.kit")
    study.close()
    shutil.copyfile(backups(study.path)[0].path, study.path / "study.sqlite")
    with Study.open(study.path) as opened:
        out = tmp_path / "again.kit"
        deal_kit(
            opened, "rater b", 1, protocol, out, washout_days=0, reason="the disk broke", password=PASSWORD
        )
        assert holdings_of(opened, ()).lost == ("Rater B (1)",)
        read_kit(out)
        collect(opened, out)
        assert holdings_of(opened, ()).lost == ()


def test_people_are_looked_over_where_the_witness_was_missing(study: Study) -> None:  # noqa: F811
    set_password(study, PASSWORD, cost=CHEAP)
    add_person(study, "Anna Weber", "coordinator", PASSWORD, PASSWORD, cost=CHEAP)
    log_in(study, "Anna Weber", PASSWORD)
    assert stand_of("people", holdings_of(study, ())).state == "done"
    study.close()
    (study.path / "witness.jsonl").unlink()
    with Study.open(study.path) as opened:
        log_in(opened, "Anna Weber", PASSWORD)
        assert stand_of("people", holdings_of(opened, ())).state == "todo"
