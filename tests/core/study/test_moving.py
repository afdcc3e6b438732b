"""A study moves to a server and back, and is the same there; where it cannot, nothing has moved."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import AppError, InputError, StoreError
from core.export.results import analyse_study
from core.reading.protocol import Protocol
from core.study import tables as t
from core.study.audit import append
from core.study.backups import back_up, restore
from core.study.collecting import collect
from core.study.copying import copy_rows
from core.study.database import STUDY, Database
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.moving import move
from core.study.store import Study
from tests.core.study.conftest import read_case
from tests.server import Cluster

# what no analysis writes twice the same: its own moment, and what covers that
_MOMENT = re.compile(r'"created_utc": "[^"]+"|"study.sav": "[0-9a-f]{64}"')


def collected(study: Study, kit_path: Path, protocol: Protocol, cases: int = 2) -> None:
    """Have two raters read, the second differently, and take it in."""
    other = kit_path.with_name("B1.kit")
    deal_kit(study, "Rater B", 1, protocol, other, seed="6")
    for confidence, path in ((4, kit_path), (2, other)):
        with Kit.open(path) as kit:
            for case in kit.cases()[:cases]:
                read_case(kit, case.alias, confidence)
        collect(study, path)


def exported(study: Path, out: Path, *, report: bool) -> dict[str, bytes]:
    """Analyse a study; return every file by name, without the moments at which they were made."""
    with Study.open(study) as opened:
        analyse_study(
            opened.data(), out, name=opened.name, report=report, anchor=lambda: opened.note_export("it")
        )
    files = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    files["analysis.json"] = _MOMENT.sub("", files["analysis.json"].decode()).encode()
    sav = files.pop("study.sav")
    # its header: product, layout, cases, bias; date and time of day lie in bytes 92 to 108
    files["study.sav"] = sav[:92] + sav[109:]
    # the record of this very export
    assert json.loads(files.pop("audit-head.json"))["sequence"] > 1
    return files


def there_and_back(server: Cluster, study: Study, tmp_path: Path, name: str, *, report: bool) -> None:
    study.close()
    before = exported(study.path, tmp_path / "before", report=report)
    there = move(study.path, tmp_path / "there", server.database(name))
    beside = [path for path in there.path.rglob("*") if path.is_file() and path.name != "study.server"]
    assert there.rows > 50 and there.files == len(beside) > 10
    on_server = exported(there.path, tmp_path / "on-server", report=report)
    back = move(there.path, tmp_path / "back")
    after = exported(back.path, tmp_path / "after", report=report)
    assert before.keys() == on_server.keys() == after.keys()
    for file, content in before.items():
        assert on_server[file] == content, file
        assert after[file] == content, file
    assert len(before) > 20
    with Study.open(back.path) as opened:
        opened.verify()
        assert [r.values["to"] for r in opened.audit_records() if r.values["action"] == "move"] == [
            "server",
            "file",
        ]
    # neither of the old ones can be gone on with by mistake
    for old in (study.path, there.path):
        with pytest.raises(StoreError, match="is not a study"):
            Study.open(old)
    assert (there.kept.name, back.kept.name) == ("study.sqlite.moved", "study.server.moved")


def test_exports_of_a_file_and_a_server_are_the_same_bytes(
    server: Cluster, study: Study, kit_path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    collected(study, kit_path, protocol)
    # on a server small records fill the room that large ones leave on earlier pages
    with study.database.transaction() as connection:
        for number in range(40):
            append(connection, t.audit, "noted", what="x" * (5000 if number % 3 == 0 else 20))
    there_and_back(server, study, tmp_path, "exports", report=False)


@pytest.mark.soak
def test_whole_exports_of_a_file_and_a_server_are_the_same_bytes(
    server: Cluster, study: Study, kit_path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    collected(study, kit_path, protocol, cases=4)
    there_and_back(server, study, tmp_path, "whole_exports", report=True)


def test_a_study_that_was_altered_does_not_move(server: Cluster, study: Study, tmp_path: Path) -> None:
    study.close()
    url = server.database("altered")
    hidden = study.path.with_name("whole")
    shutil.copytree(study.path, hidden)
    with closing(sqlite3.connect(study.path / "study.sqlite")) as connection:
        connection.execute("UPDATE targets SET malignant = 0")
        connection.commit()
    with pytest.raises(StoreError, match="targets were altered"):
        move(study.path, tmp_path / "there", url)
    assert not (tmp_path / "there").exists() and (study.path / "study.sqlite").is_file()
    # the server was left empty
    assert move(hidden, tmp_path / "there", url).rows > 20


def test_a_study_does_not_move_onto_another(server: Cluster, study: Study, tmp_path: Path) -> None:
    url = server.database("taken")
    Study.create(tmp_path / "other", "Other", url).close()
    study.close()
    with pytest.raises(StoreError, match="holds a study already; give each study its own database"):
        move(study.path, tmp_path / "there", url)
    with pytest.raises(InputError, match="in the study's own folder"):
        move(study.path, study.path / "there", url)
    with Study.open(study.path) as opened, Study.open(tmp_path / "other") as other:
        assert (opened.name, other.name) == ("Iron in mice", "Other")


def test_moving_can_be_stopped(server: Cluster, study: Study, tmp_path: Path) -> None:
    class Stopped:
        def report(self, fraction: float, what: str) -> None:
            pass

        def cancelled(self) -> bool:
            return True

    study.close()
    with pytest.raises(InputError, match="nothing was moved"):
        move(study.path, tmp_path / "there", server.database("stopped"), progress=Stopped())
    assert not (tmp_path / "there").exists()
    Study.open(study.path).close()


def test_what_was_not_copied_whole_is_not_moved(
    server: Cluster, study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study.close()
    (study.path / "study.sqlite.moved").touch()
    with pytest.raises(StoreError, match="is there already; put it away"):
        move(study.path, tmp_path / "there", server.database("moved_before"))
    monkeypatch.setattr(shutil, "copy2", lambda source, target: target.touch())
    with pytest.raises(StoreError, match="was not written whole"):
        move(study.path, tmp_path / "here", server.database("not_whole"))
    assert not (tmp_path / "here").exists()


def test_a_table_that_was_not_copied_whole_is_told(study: Study, tmp_path: Path) -> None:
    place = tmp_path / "copy.sqlite"
    with closing(Database.create(place, STUDY)) as copy:
        with copy.transaction() as target:
            target.exec_driver_sql(
                "CREATE TRIGGER lost BEFORE INSERT ON icpms BEGIN SELECT RAISE(IGNORE); END"
            )
        with (
            pytest.raises(StoreError, match=r"icpms was not copied whole \(1 rows, 0 copied\)"),
            study.database.transaction() as source,
            copy.transaction() as target,
        ):
            copy_rows(source, target)


def test_a_copy_that_differs_is_not_moved(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(source: sa.Connection, target: sa.Connection) -> int:
        rows = copy_rows(source, target)
        target.execute(t.icpms.update().values(iron_ug_per_g=1.0))
        return rows

    monkeypatch.setattr("core.study.moving.copy_rows", otherwise)
    study.close()
    with pytest.raises(StoreError, match="its icpms were altered"):
        move(study.path, tmp_path / "there")
    assert not (tmp_path / "there").exists() and (study.path / "study.sqlite").is_file()


def test_a_study_on_a_server_is_copied_to_a_file_before_kits_are_taken_in(
    server: Cluster, study: Study, kit_path: Path, protocol: Protocol, tmp_path: Path
) -> None:
    study.close()
    there = move(study.path, tmp_path / "there", server.database("backed_up"))
    with Study.open(there.path) as opened:
        collected(opened, kit_path, protocol, cases=1)
        made = back_up(opened, "demand")
        readings = [each.alias for each in opened.signed_readings()]
    with pytest.raises(AppError, match="has its database on a server"):
        restore(there.path, made.path)
    # the copy is a study's file, whole
    shutil.copytree(there.path / "maps", tmp_path / "again" / "maps")
    shutil.copy2(made.path, tmp_path / "again" / "study.sqlite")
    with Study.open(tmp_path / "again") as again:
        again.verify()
        assert [each.alias for each in again.signed_readings()] == readings and len(readings) == 2
