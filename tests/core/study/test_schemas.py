"""Files of every schema that there was are opened: brought up to date, a copy kept, nothing of them lost."""

from __future__ import annotations

import gzip
import tarfile
from pathlib import Path

import pytest

from core.errors import StoreError
from core.study.collecting import collect
from core.study.database import KIT, STUDY, Kind
from core.study.kit import Kit
from core.study.log_in import log_in
from core.study.store import Study
from core.study.study_verifying import dealt_with_keys
from core.study.witness import FILE_NAME
from tests.core.study.test_kit import without_triggers
from tests.signing import RATERS_PASSWORD, enrol

SCHEMAS = Path(__file__).parent / "schemas"
REVISIONS = {"kit": ("0002", "0003"), "study": ("0002", "0003", "0004")}
# who works at the study of the newest schema
COORDINATOR, COORDINATORS_PASSWORD = "Anna Berg", "blue old lantern"


def unpacked(kind: Kind, revision: str, folder: Path) -> Path:
    """Put a file of a schema into a folder of its own."""
    folder.mkdir()
    content = (SCHEMAS / f"{kind.name}-{revision}.sqlite.gz").read_bytes()
    (folder / f"{kind.name}.sqlite").write_bytes(gzip.decompress(content))
    return folder


@pytest.mark.parametrize("kind", [KIT, STUDY], ids=lambda kind: kind.name)
def test_the_present_schema_is_among_the_files(kind: Kind) -> None:
    assert kind.head == REVISIONS[kind.name][-1]
    assert {path.name for path in SCHEMAS.glob(f"{kind.name}-*")} == {
        f"{kind.name}-{revision}.sqlite.gz" for revision in REVISIONS[kind.name]
    }


@pytest.mark.parametrize("revision", REVISIONS["kit"])
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


@pytest.mark.parametrize("revision", REVISIONS["study"])
def test_a_study_of_every_schema_is_worked_on(tmp_path: Path, revision: str) -> None:
    path = unpacked(STUDY, revision, tmp_path / "study")
    with Study.open(path) as study:
        assert (study.name, len(study.scans()), len(study.targets())) == ("Small", 2, 1)
        assert [kit.rater for kit in study.kits()] == ["Rater A"]
        assert study.has_people == (revision >= "0004")
        if study.has_people:
            log_in(study, COORDINATOR, COORDINATORS_PASSWORD)
        study.set_targets(study.targets())
        assert study.audit_records()[-1].values["action"] in ("set_target", "tables")
    with Study.open(path) as study:
        # that an earlier version wrote no witness is not held against it; one that did misses it here
        assert (path / FILE_NAME).is_file() and study.may_have_forgotten() == (revision >= "0004")
    kept = path / f"study.sqlite.schema-{revision}"
    assert kept.is_file() == (revision != STUDY.head)
    if kept.is_file():
        # a file of that schema that is put back is no reason to lose what was kept before
        kept.write_bytes(before := kept.read_bytes() + b"0")
        again = unpacked(STUDY, revision, tmp_path / "again") / kept.stem
        again.replace(path / kept.stem)
        Study.open(path).close()
        assert kept.read_bytes() == before and kept.with_name(f"{kept.name}-2").is_file()


@pytest.mark.parametrize(("revision", "kits"), [("0002", 0), ("0003", 1)])
def test_a_study_of_every_schema_tells_which_kits_were_dealt_when_raters_had_keys(
    tmp_path: Path, revision: str, kits: int
) -> None:
    with Study.open(unpacked(STUDY, revision, tmp_path / "study")) as study:
        study.set_targets(study.targets())  # from here on the tables are noted
        assert len(study.kits()) == 1 and len(dealt_with_keys(study.audit_records())) == kits


@pytest.fixture
def signed_before(tmp_path: Path) -> Path:
    """A study and `A1.kit` of the second schema: two cases signed without a key, one of them collected."""
    with tarfile.open(SCHEMAS / "signed-0002.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    return tmp_path


def test_what_was_signed_before_raters_had_keys_is_collected_and_corrected(signed_before: Path) -> None:
    with Kit.open(signed_before / "A1.kit") as kit:
        assert len(kit.verify()) == 2
    with Study.open(signed_before / "study") as study:
        study.verify()
        assert len(study.signed_readings()) == 1
        told = collect(study, signed_before / "A1.kit")
        assert (told.taken, told.known, told.key) == (1, 1, "")
        with Kit.open(signed_before / "A1.kit") as kit:
            alias = kit.cases()[0].alias
            enrol(kit).correct(alias, "another lesion", RATERS_PASSWORD)
            kit.sign(alias, RATERS_PASSWORD)
            assert len(kit.verify()) == 3
        assert collect(study, signed_before / "A1.kit").corrected == 1
        study.verify()


@pytest.mark.parametrize(
    "change",
    ["record = replace(record, '\"value\":3', '\"value\":4')", "ed25519 = zeroblob(64)"],
)
def test_what_was_signed_before_raters_had_keys_is_held_to_its_hash(signed_before: Path, change: str) -> None:
    with Kit.open(signed_before / "A1.kit"):
        pass  # brought to this schema
    without_triggers(signed_before / "A1.kit", f"UPDATE signatures SET {change}")
    with Kit.open(signed_before / "A1.kit") as kit, pytest.raises(StoreError, match="was altered"):
        kit.verify()
