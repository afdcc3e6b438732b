"""Files of every schema that there was are opened: brought up to date, a copy kept, nothing of them lost."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from core.study.database import KIT, STUDY, Kind
from core.study.kit import Kit
from core.study.store import Study
from core.study.witness import FILE_NAME
from tests.signing import enrol

SCHEMAS = Path(__file__).parent / "schemas"
REVISIONS = ("0002", "0003")


def unpacked(kind: Kind, revision: str, folder: Path) -> Path:
    """Put a file of a schema into a folder of its own."""
    folder.mkdir()
    content = (SCHEMAS / f"{kind.name}-{revision}.sqlite.gz").read_bytes()
    (folder / f"{kind.name}.sqlite").write_bytes(gzip.decompress(content))
    return folder


@pytest.mark.parametrize("kind", [KIT, STUDY], ids=lambda kind: kind.name)
def test_the_present_schema_is_among_the_files(kind: Kind) -> None:
    assert kind.head == REVISIONS[-1]
    assert {path.name for path in SCHEMAS.glob(f"{kind.name}-*")} == {
        f"{kind.name}-{revision}.sqlite.gz" for revision in REVISIONS
    }


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_kit_of_every_schema_is_read_on(tmp_path: Path, revision: str) -> None:
    path = unpacked(KIT, revision, tmp_path / "a.kit")
    before = (path / "kit.sqlite").read_bytes()
    with Kit.open(path) as kit:
        alias = kit.cases()[0].alias
        assert dict(kit.reading(alias).answers) == {("margin", None): 2}
        assert kit.reading(alias).step_index == 1
        assert [record.values["action"] for record in kit.audit_records()] == ["deal", "edit", "lock"]
        enrol(kit)
        kit.sign(alias, "quiet mountain")
        assert len(kit.signatures(alias)) == 1
    kept = path / f"kit.sqlite.schema-{revision}"
    assert kept.is_file() == (revision != KIT.head)
    if kept.is_file():
        assert len(kept.read_bytes()) == len(before)


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_study_of_every_schema_is_worked_on(tmp_path: Path, revision: str) -> None:
    path = unpacked(STUDY, revision, tmp_path / "study")
    with Study.open(path) as study:
        assert (study.name, len(study.scans()), len(study.targets())) == ("Small", 2, 1)
        assert [kit.rater for kit in study.kits()] == ["Rater A"]
        study.set_targets(study.targets())
        assert study.audit_records()[-1].values["action"] in ("set_target", "tables")
    with Study.open(path) as study:
        # that an earlier version wrote no witness is not held against it
        assert (path / FILE_NAME).is_file() and not study.may_have_forgotten()
    assert (path / f"study.sqlite.schema-{revision}").is_file() == (revision != STUDY.head)
