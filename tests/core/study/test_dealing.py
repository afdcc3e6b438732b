"""A kit holds no identity: not hidden in it, absent from it."""

from __future__ import annotations

import contextlib
import getpass
import json
import re
import socket
import sqlite3
import zlib
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from core.errors import InputError, StoreError
from core.imaging.nifti import read_nifti
from core.reading.protocol import Protocol, parse_protocol
from core.statistics.linking import link
from core.statistics.study_agreement import agreement_table
from core.study import dealing, dealt_kit
from core.study.collecting import collect
from core.study.dealing import deal_kit
from core.study.kit import Kit
from core.study.password import set_password
from core.study.store import Study
from tests.core.study.conftest import PASSWORD, Computers, read_case, scan_images
from tests.signing import CHEAP


def everything_in(folder: Path) -> bytes:
    """Every byte a rater can reach: names, files, and what is packed inside the database."""
    parts = []
    for path in sorted(folder.rglob("*")):
        parts.append(str(path.relative_to(folder)).encode())
        if path.is_file():
            parts.append(path.read_bytes())
    connection = sqlite3.connect(folder / "kit.sqlite")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in connection.execute(f"SELECT * FROM {name}"):
            for value in row:
                parts.append(value if isinstance(value, bytes) else str(value).encode())
                with contextlib.suppress(zlib.error):
                    parts.append(zlib.decompress(parts[-1]))
    connection.close()
    return b"\n".join(parts)


def test_no_identity_no_machine_and_no_place_is_in_a_kit(study: Study, kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    held = everything_in(kit_path)
    identities = [
        study.name,
        "vehicle",
        "MNP with magnet",
        "baseline",
        "24 h",
        "/scans",
        "a.dcm",
        str(study.path),
    ]
    identities += [subject.subject for subject in study.subjects()]
    identities += [scan.scan_id for scan in study.scans()]
    # the short names of test machines ("root", "vm") stand in any bytes
    machine = [socket.gethostname(), getpass.getuser(), str(Path.home()), str(kit_path.parent)]
    identities += [name for name in machine if len(name) > 4]
    for identity in identities:
        for encoding in ("utf-8", "utf-16-le"):
            assert identity.encode(encoding) not in held, identity
    assert b"Rater A" in held  # the search finds what is there


def test_a_kits_pictures_carry_nothing_but_pixels_and_grid(kit_path: Path) -> None:
    for path in kit_path.rglob("*.nii"):
        header = nib.Nifti1Image.from_filename(path).header
        for field in ("aux_file", "intent_name", "db_name"):
            assert bytes(header[field]).strip(b"\0") == b"", field
        assert len(header.extensions) == 0 and float(header["toffset"]) == 0


def test_no_position_no_time_and_no_row_tells_the_order_of_acquisition(study: Study, kit_path: Path) -> None:
    files = list(kit_path.rglob("*"))
    assert len({path.stat().st_mtime_ns for path in (*files, kit_path)}) == 1
    for path in kit_path.glob("images/*/echoes-01.nii"):
        grid = read_nifti(path).geometry
        np.testing.assert_allclose(grid.to_mm((np.asarray(grid.shape) - 1) / 2), 0, atol=1e-4)
    connection = sqlite3.connect(kit_path / "kit.sqlite")
    aliases = [row[0] for row in connection.execute("SELECT alias FROM cases")]
    stored = [row[0] for row in connection.execute("SELECT alias FROM images")]
    told = json.loads(connection.execute("SELECT content FROM audit").fetchone()[0])
    connection.close()
    assert aliases == sorted(aliases) and stored == sorted(stored)
    assert [case[0] for case in told["cases"]] == aliases
    assert told["images"] == sorted(told["images"])


def test_pictures_of_a_case_keep_their_place_to_each_other(study: Study, kit_path: Path) -> None:
    entry = study.key_entries()[0]
    scan_id = next(s.scan_id for s in study.scans() if (s.subject, s.visit) == (entry.subject, entry.visit))
    original = study.images(scan_id)
    assert original.anatomy is not None
    with Kit.open(kit_path) as kit:
        shown = kit.images(entry.alias)
    between = original.anatomy.geometry.to_mm((0, 0, 0)) - original.echoes.geometry.to_mm((0, 0, 0))
    moved = shown.volumes["anatomy"].geometry.to_mm((0, 0, 0)) - shown.echoes.geometry.to_mm((0, 0, 0))
    np.testing.assert_allclose(moved, between, atol=1e-4)
    np.testing.assert_array_equal(shown.echoes.magnitude, original.echoes.magnitude)
    np.testing.assert_array_equal(shown.volumes["anatomy"].data, original.anatomy.data)


def test_input_in_another_order_with_other_dates_gives_the_same_kit(
    protocol: Protocol, tmp_path: Path
) -> None:
    """What the rater meets depends on the seed and the pictures, not on when or in which order they came."""
    met = []
    for name, order in (("one", [0, 1, 2, 3]), ("two", [2, 0, 3, 1])):
        with Study.create(tmp_path / name, name) as study:
            for number in order:
                images = scan_images(number, origin_mm=(number * 10.0, 0.0, len(name) * 7.0))
                study.add_scan(f"m{number // 2}", "g", f"v{number % 2}", images, [(f"/{name}", "0" * 64)])
            path = deal_kit(study, "Rater A", 1, protocol, tmp_path / f"{name}.kit", seed="77").path
        with Kit.open(path) as kit:
            cases = kit.cases()
            pictures = [kit.images(case.alias).echoes.magnitude for case in cases]
        met.append(([(case.alias, case.position) for case in cases], pictures))
    assert met[0][0] == met[1][0]
    for one, two in zip(met[0][1], met[1][1], strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_second_session_has_new_aliases_and_a_new_order(
    study: Study, protocol: Protocol, kit_path: Path, tmp_path: Path
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    second = deal_kit(
        study, "Rater A", 2, protocol, tmp_path / "A2.kit", seed="5", washout_days=0, reason="pilot",
        password=PASSWORD,
    )  # fmt: skip
    other = deal_kit(study, "Rater B", 1, protocol, tmp_path / "B1.kit", seed="5")
    assert (second.cases, other.cases) == (4, 4)
    key = study.key_entries()
    aliases = [entry.alias for entry in key]
    assert len(aliases) == len(set(aliases)) == 12


def test_a_kit_is_dealt_once_per_rater_and_session(study: Study, protocol: Protocol, tmp_path: Path) -> None:
    for rater in ("Rater A", " rater  a "):
        with pytest.raises(InputError, match="Rater A has a kit for session 1 already"):
            deal_kit(study, rater, 1, protocol, tmp_path / "again.kit")
    assert not (tmp_path / "again.kit").exists()


@pytest.mark.parametrize(("rater", "session"), [("", 1), ("  ", 1), ("Ann", 0)])
def test_a_kit_needs_a_rater_and_a_session(
    study: Study, protocol: Protocol, tmp_path: Path, rater: str, session: int
) -> None:
    with pytest.raises(InputError, match="needs a rater's name and a session"):
        deal_kit(study, rater, session, protocol, tmp_path / "x.kit")


def test_a_folder_that_is_there_is_not_touched(study: Study, protocol: Protocol, tmp_path: Path) -> None:
    taken = tmp_path / "mine"
    taken.mkdir()
    (taken / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="already exists"):
        deal_kit(study, "Ben", 1, protocol, taken)
    assert [path.name for path in taken.iterdir()] == ["notes.txt"]
    assert len(study.kits()) == 1


def test_a_kit_that_cannot_be_noted_is_taken_away(
    study: Study, protocol: Protocol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the disk is full")

    monkeypatch.setattr(dealing, "_note", fail)
    with pytest.raises(StoreError, match="full"):
        deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit")
    assert not (tmp_path / "b.kit").exists() and len(study.kits()) == 1


def test_times_that_cannot_be_made_equal_stop_the_deal(
    study: Study, protocol: Protocol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "not permitted")

    monkeypatch.setattr(dealt_kit.os, "utime", refuse)
    with pytest.raises(StoreError, match="times of the kit's files cannot be set"):
        deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit")
    assert not (tmp_path / "b.kit").exists() and len(study.kits()) == 1


def test_stopping_leaves_nothing_behind(study: Study, protocol: Protocol, tmp_path: Path) -> None:
    class Impatient:
        def report(self, fraction: float, what: str) -> None:
            self.enough = fraction > 0.4

        def cancelled(self) -> bool:
            return getattr(self, "enough", False)

    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match="was stopped"):
        deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit", progress=Impatient())
    assert sorted(tmp_path.iterdir()) == before and len(study.kits()) == 1


def test_only_what_the_protocol_shows_is_dealt(study: Study, protocol: Protocol, tmp_path: Path) -> None:
    text = re.sub(r"shows: .*", "shows: [echoes]", protocol.text)
    text = re.sub(r"    hanging:\n(?:      .*\n)+", "", text)
    plain = parse_protocol(text, "test")
    path = deal_kit(study, "Ben", 1, plain, tmp_path / "b.kit").path
    assert {file.name[:6] for file in path.rglob("*.nii")} == {"echoes"}


def test_repeats_stand_under_their_own_alias(study: Study, protocol: Protocol, tmp_path: Path) -> None:
    deal = deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit", repeat_fraction=0.5, seed="3")
    assert (deal.cases, deal.repeats) == (6, 2)
    with Kit.open(deal.path) as kit:
        for case in kit.cases():
            read_case(kit, case.alias)
    collect(study, deal.path)
    readings = {reading.alias: reading for reading in study.signed_readings()}
    repeats = [reading for reading in readings.values() if reading.repeat_of]
    assert len(repeats) == 2
    for reading in repeats:
        assert readings[reading.repeat_of].scan_id == reading.scan_id


def test_no_two_files_of_kits_are_alike(study: Study, protocol: Protocol, tmp_path: Path) -> None:
    """What finds duplicate files, or counts equal hashes, must not find what was dealt twice."""
    paths = [
        deal_kit(study, rater, 1, protocol, tmp_path / f"{rater}.kit", repeat_fraction=0.5).path
        for rater in ("Ben", "Cleo")
    ]
    files = [file.read_bytes() for path in paths for file in path.rglob("images/*/*") if file.is_file()]
    assert len(set(files)) == len(files) == 2 * 6 * 5
    hashes = []
    for path in paths:
        with contextlib.closing(sqlite3.connect(path / "kit.sqlite")) as connection:
            hashes += connection.execute("SELECT sha256 FROM images").fetchall()
    assert len(set(hashes)) == len(hashes) == len(files)
    scan_ids = {(scan.subject, scan.visit): scan.scan_id for scan in study.scans()}
    scans = {entry.alias: scan_ids[entry.subject, entry.visit] for entry in study.key_entries()}
    with Kit.open(paths[0]) as kit:
        shown = {case.alias: kit.images(case.alias).echoes.magnitude.tobytes() for case in kit.cases()}
        kit.verify()
    # the pixels are those of the study, and so the repeats' are the same
    for alias, pixels in shown.items():
        assert pixels == study.images(scans[alias]).echoes.magnitude.tobytes()


def test_a_signed_case_of_a_kit_with_repeats_is_not_opened_again(
    study: Study, protocol: Protocol, tmp_path: Path
) -> None:
    """Whoever could look at the first answers would not have to answer the second time."""
    path = deal_kit(study, "Ben", 1, protocol, tmp_path / "b.kit", repeat_fraction=0.5).path
    with Kit.open(path) as kit:
        first, other = (case.alias for case in kit.cases()[:2])
        read_case(kit, first)
        for look in (kit.reading, kit.images, kit.image_bytes):
            with pytest.raises(
                InputError, match=f"case {first} is signed; in this session no case is opened"
            ):
                look(first)
        kit.add_seconds(first, 3.0)
        assert kit.images(other) and not kit.reading(other).signed
    with Kit.open(path) as kit, pytest.raises(InputError, match="no case is opened again"):
        kit.images(first)
    assert collect(study, path).taken == 1


def test_a_later_session_may_read_some_of_the_cases_again(
    study: Study, protocol: Protocol, kit_path: Path, tmp_path: Path
) -> None:
    set_password(study, PASSWORD, cost=CHEAP)
    terms = {"washout_days": 0, "reason": "pilot", "password": PASSWORD}
    deal = deal_kit(study, "Rater A", 2, protocol, tmp_path / "A2.kit", share=0.5, **terms)
    assert deal.cases == 2
    key = [entry for entry in study.key_entries() if entry.session == 2]
    scans = [(entry.subject, entry.visit, entry.field_t) for entry in key]
    assert len(set(scans)) == 2 and {entry.position for entry in key} == {1, 2}


@pytest.mark.parametrize("as_before", [False, True], ids=["one spelling", "spelled as a study before"])
def test_repeats_and_second_sessions_reach_the_analysis_as_agreement_with_oneself(
    study: Study,
    protocol: Protocol,
    tmp_path: Path,
    computers: Computers,
    monkeypatch: pytest.MonkeyPatch,
    as_before: bool,
) -> None:
    if as_before:
        monkeypatch.setattr("core.study.dealing.rater_named", lambda _, name: name)
    for name, session, terms in (("Ben", 1, {"repeat_fraction": 0.5}), ("BEN", 2, {"share": 0.5})):
        deal = deal_kit(study, name, session, protocol, tmp_path / f"{session}.kit", **terms)
        path = deal.path
        assert deal.rater == (name if as_before else "Ben")
        assert ("known to the study as Ben" in deal.spelling) == (session == 2 and not as_before)
        computers.wait(1)
        with Kit.open(path) as kit:
            for case in kit.cases():
                read_case(kit, case.alias)
        collect(study, path)
        computers.wait(30)
    data = study.data()
    table = agreement_table(link(data.readings, data.targets), {}, tuple(data.protocols.values()))
    rows = [
        row
        for row in table.rows
        if row["item"] == "margin_conspicuity" and row["coefficient"] == "kappa" and row["field_t"] is None
    ]
    told = {(row["comparison"], row["raters"], row["n"]) for row in rows}
    assert told == {
        ("within rater, repeat", "Ben (first), Ben (repeat)", 2),
        ("within rater, sessions", "Ben (1), Ben (2)", 2),
    }
    assert {each.rater for each in (*data.sessions, *study.key_entries())} == {"Rater A", "Ben"}


def test_a_kit_lies_among_the_studys_files_in_its_kits_alone(study: Study, protocol: Protocol) -> None:
    for place in ("b.kit", "maps/b.kit", "kits/../b.kit"):
        with pytest.raises(InputError, match="lies in the study's own folder"):
            deal_kit(study, "Ben", 1, protocol, study.path / place)
        assert not (study.path / place).exists()
    assert deal_kit(study, "Ben", 1, protocol, study.path / "kits" / "b.kit").path.is_dir()
