"""`kit`: what is dealt carries no identity, from whatever scanner file it came."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pydicom
import pytest
from pydicom.datadict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from app.commands.kit import DEFAULT_PROTOCOL
from core.study.kit import Kit
from core.study.plan import set_plan
from core.study.records import Target
from core.study.store import Study
from tests.app.commands.coordinator import ran, refused, write_scan
from tests.core.study.conftest import read_case
from tests.core.study.test_dealing import everything_in
from tests.readers.scanner import make_scan, write_classic

# what reading the pixels depends on; everything else of these types is planted
_NEEDED = frozenset(
    (
        *("SpecificCharacterSet", "Modality", "TransferSyntaxUID", "SOPClassUID", "SOPInstanceUID"),
        *("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "ImageType", "ScanningSequence"),
        *("MRAcquisitionType", "PhotometricInterpretation", "EchoTime", "EchoNumbers", "PixelSpacing"),
        *("ImagePositionPatient", "ImageOrientationPatient", "SliceThickness", "MagneticFieldStrength"),
        *("ComplexImageComponent", "SOPClassesInStudy", "PixelDataProviderURL", "ExtendedOffsetTable"),
    )
)


# every canary begins with one of these, so that a search for them finds all
_BEGINNINGS = {
    "DA": "19471029",
    "TM": "233717.7",
    "DT": "19471029233717.6",
    "UI": "1.2.840.99999.77.8",
    "CS": "QQZK",
    "IS": "730194",
}
_SCANNER_UIDS = "1.2.826.0.1.3680043.10.1."  # tests.readers.scanner


class Canaries:
    """Strings found nowhere else, in the form each value representation asks for."""

    def __init__(self) -> None:
        self.planted: set[str] = set()

    def of(self, vr: str) -> str:
        number = "" if vr == "DA" else f"{len(self.planted):05d}"
        text = _BEGINNINGS.get(vr, "canary-") + number
        self.planted.add(text)
        return text

    @staticmethod
    def search() -> list[str]:
        return [*_BEGINNINGS.values(), "canary-", _SCANNER_UIDS]


def spoil(path: Path, canaries: Canaries) -> None:
    """Plant a canary in every attribute of a file that has room for one, private ones too."""
    dataset = pydicom.dcmread(path)
    for tag, (vr, *_, keyword) in DicomDictionary.items():
        group = tag >> 16
        if vr not in (
            "AE",
            "DA",
            "DT",
            "LO",
            "LT",
            "PN",
            "SH",
            "ST",
            "TM",
            "UC",
            "UI",
            "UT",
            "CS",
            "IS",
        ):
            continue
        if keyword in _NEEDED or tag in dataset or group in (0x0000, 0x0002, 0x0004, 0x0028, 0x5400, 0x7FE0):
            continue
        if group & 1 or 0x5000 <= group < 0x6100 or "Retired" in keyword or not keyword:
            continue
        dataset.add_new(tag, vr, canaries.of(vr))
    for keyword in ("PatientName", "PatientID", "SeriesDescription", "ProtocolName", "SequenceName",
                    "Manufacturer", "ManufacturerModelName", "InstitutionName", "OperatorsName"):  # fmt: skip
        setattr(dataset, keyword, canaries.of("LO"))
    private = dataset.private_block(0x0099, "CANARY CREATOR", create=True)
    for element in range(20):
        private.add_new(element, "LO", canaries.of("LO"))
    inner = Dataset()
    inner.PatientComments = canaries.of("LT")
    dataset.RequestAttributesSequence = Sequence([inner])
    dataset.preamble = canaries.of("LO").encode().ljust(128, b"\0")
    for uid in ("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "SOPInstanceUID"):
        assert str(dataset[uid].value).startswith(_SCANNER_UIDS)
        canaries.planted.add(str(dataset[uid].value))
    dataset.save_as(path)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A study of scans full of canaries, in folders, subjects, groups and visits that are canaries too."""
    folder = tmp_path_factory.mktemp("canary-root-folder")
    canaries = Canaries()
    rows = ["path,subject,group,visit,field_t"]
    for number in range(2):
        scan = write_scan(folder / f"canary-place-{number}-q", 0.1 * number, number)
        for series in scan.iterdir():
            for count, path in enumerate(sorted(series.iterdir())):
                renamed = path.rename(path.with_name(f"canary-file-{path.name}"))
                if count % 4 == 0:
                    spoil(renamed, canaries)
        rows.append(f"{scan.name},canary-subject-{number},canary-group-{number},canary-visit-{number},3")
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n")
    from app.cli import run

    study = folder / "canary-study"
    assert run(["study", "create", str(study), "--name", "canary-name"]) == 0
    assert (
        run(["study", "add", str(study), "--manifest", str(folder / "manifest.csv"), "--r2star0", "20"]) == 0
    )
    with Study.open(study) as opened:
        scan_ids = [scan.scan_id for scan in opened.scans()]
    assert len(canaries.planted) > 2000
    return study, [*canaries.search(), *scan_ids]


def test_none_of_two_thousand_canaries_comes_through(
    planted: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, canaries = planted
    kit_path = tmp_path / "r.kit"
    told = ran(capsys, "kit", "make", study, "--rater", "Ann", "--out", kit_path)
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
        words = repr((kit.cases(), kit.images(kit.cases()[0].alias).echoes.te_ms, kit.audit_records()))
    # below it stands for the coordinator what could tell visits apart, by their names
    told = told.partition("For you alone")[0] + ran(capsys, "kit", "verify", kit_path)
    held = everything_in(kit_path) + words.encode() + told.replace(str(tmp_path), "").encode()
    found = [text for text in canaries if text.encode() in held or text.encode("utf-16-le") in held]
    assert found == []


def test_the_search_finds_canaries_where_they_may_be(planted: tuple[Path, list[str]]) -> None:
    """The coordinator's study holds identities; the same search finds them there."""
    study, _ = planted
    held = b"".join(path.read_bytes() for path in study.glob("study.sqlite*"))
    for text in ("canary-subject-0", "canary-group-1", "canary-visit-0", "canary-place-1-q"):
        assert text.encode() in held


def test_making_a_kit_tells_what_was_dealt(
    planted: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, _ = planted
    out = tmp_path / "b.kit"
    make = ("kit", "make", study, "--rater", "Ben", "--out", out, "--seed", "4")
    found = json.loads(ran(capsys, *make, "--repeat-fraction", "0.5", "--json"))
    assert (found["cases"], found["repeats"], found["protocol"]) == (3, 1, "tumour-and-nodes")
    assert "a seed of 1 characters is found by trying" in found["warning"]
    assert "already" in refused(capsys, *make)
    assert not list(tmp_path.glob(".ferroread-*"))
    verified = json.loads(ran(capsys, "kit", "verify", out, "--json"))
    # without a password nobody is told whose it is and how far it was read
    assert verified == {"kit": str(out), "kit_id": found["kit_id"], "intact": True}


@pytest.mark.parametrize("seed", [(), ("--seed", "a seed of thirty-two characters.")])
def test_a_seed_that_nobody_guesses_is_not_warned_of(
    planted: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str], seed: tuple[str, ...]
) -> None:
    study, out = shutil.copytree(planted[0], tmp_path / "study"), tmp_path / "e.kit"
    told = ran(capsys, "kit", "make", study, "--rater", "Eve", "--out", out, *seed)
    assert "Mind" not in told


def test_a_rater_who_is_known_by_another_spelling_is_dealt_to_by_that_one(
    planted: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, out = shutil.copytree(planted[0], tmp_path / "study"), tmp_path / "e.kit"
    with Study.open(study) as opened:
        set_plan(opened, raters=["Eve O'Neill"])
    told = ran(capsys, "kit", "make", study, "--rater", "EVE O\u2019NEILL", "--out", out)
    assert "for Eve O'Neill, session 1" in told
    assert "Mind: EVE O\u2019NEILL is known to the study as Eve O'Neill" in told


def test_whether_a_case_goes_without_a_mark_outside_it_is_the_coordinators_to_say(
    planted: tuple[Path, list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study, out = shutil.copytree(planted[0], tmp_path / "study"), tmp_path / "n.kit"
    with Study.open(study) as opened:
        first, *others = opened.scans()
        opened.set_targets([Target(first.subject, "N7", "node", None, None, (999.0, 0.0, 0.0))])
    assert all(scan.subject != first.subject for scan in others)
    protocol = tmp_path / "nodes.yaml"
    shipped = DEFAULT_PROTOCOL.with_name("lymph-nodes.yaml").read_text(encoding="utf-8")
    protocol.write_text(f"{shipped}\nmarks: {{node: prescribed}}\n", encoding="utf-8")
    make = ("kit", "make", study, "--rater", "Dan", "--protocol", protocol, "--out", out)
    named = f"N7 of {first.subject}, {first.visit} at {first.field_t:g} T"
    assert named in refused(capsys, *make) and not out.exists()
    assert json.loads(ran(capsys, *make, "--leave-outside", "--json"))["outside"] == [named]
    assert json.loads(ran(capsys, "kit", "verify", out, "--json"))["intact"] is True


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--protocol", "none.yaml"), "cannot be read as a protocol"),
        (("--washout-days", "2"), "a shorter wait needs a reason"),
    ],
)
def test_a_kit_that_cannot_be_made_is_told_in_one_line(
    planted: tuple[Path, list[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    line: str,
) -> None:
    study, _ = planted
    make = ("kit", "make", study, "--rater", "Cleo", "--out", tmp_path / "c.kit")
    assert line in refused(capsys, *make, *words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--repeat-fraction", "2"), "between 0 and 0.5, not 2"),
        (("--repeat-fraction", "nan"), "between 0 and 0.5, not nan"),
        (("--share", "0"), "above 0 and up to 1, not 0"),
        (("--session", "0"), "between 1 and 1000, not 0"),
        (("--session", "9" * 23), "between 1 and 1000, not 9999"),
        (("--rater", " "), "needs a rater's name"),
        (("--rater", "Ann\udcff"), "letters that can be printed"),
        (("--rater", "A" * 65), "at most 64 letters"),
        (("--washout-days", "-1", "--reason", "pilot"), "between 0 and 36500, not -1"),
        (("--washout-days", "nan", "--reason", "pilot"), "between 0 and 36500, not nan"),
        (("--washout-days", "1e300", "--reason", "pilot"), "between 0 and 36500, not 1e+300"),
    ],
)
def test_a_value_that_cannot_be_is_wrong_usage(
    planted: tuple[Path, list[str]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    line: str,
) -> None:
    study, _ = planted
    make = ("kit", "make", study, "--rater", "Cleo", "--out", tmp_path / "c.kit")
    assert line in refused(capsys, *make, *words, status=2)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_kit_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "is not a kit" in refused(capsys, "kit", "verify", tmp_path)
    (tmp_path / "kit.sqlite").write_bytes(bytes(4096))
    assert "is not a FerroRead kit" in refused(capsys, "kit", "verify", tmp_path)


def test_scans_are_evened_out_before_the_first_kit(capsys, tmp_path: Path) -> None:
    visits = (("baseline", (4, 24, 24)), ("24h", (6, 24, 20)))
    lines = ["path,subject,group,visit,field_t"]
    for number, (visit, shape) in enumerate(visits):
        write_classic(tmp_path / visit, make_scan(number, echoes=6, shape=shape, spacing=(1.0, 0.5, 0.5)))
        lines.append(f"{visit},mouse-1,vehicle,{visit},3")
    (tmp_path / "scans.csv").write_text("\n".join(lines))
    study = tmp_path / "study"
    ran(capsys, "study", "create", study, "--name", "Mice")
    ran(capsys, "study", "add", study, "--manifest", tmp_path / "scans.csv")
    told = ran(capsys, "study", "status", study)
    assert "3 T: visits differ in matrix: 24h 6 x 24 x 20 (1); baseline 4 x 24 x 24 (1)" in told
    assert "`kit make --even-out crop` (or resample)" in told
    make = ["kit", "make", study, "--rater", "Ann"]
    made = json.loads(ran(capsys, *make, "--out", tmp_path / "a.kit", "--even-out", "crop", "--json"))
    assert made["tells"] == [] and made["evened"] == {
        "how": "crop", "scans": 2, "grids": ["3 T: 4 x 24 x 20 voxels of 1 x 0.5 x 0.5 mm"],
    }  # fmt: skip
    with Kit.open(tmp_path / "a.kit") as kit:
        assert {kit.reading(case.alias).grid.shape for case in kit.cases()} == {(4, 24, 20)}
    assert "tell" not in ran(capsys, "study", "status", study)
    ben = ["kit", "make", study, "--rater", "Ben", "--out", tmp_path / "b.kit"]
    assert "kits are dealt already" in refused(capsys, *ben, "--even-out", "resample")
    assert not (tmp_path / "b.kit").exists()
