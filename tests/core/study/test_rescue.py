"""Of a damaged kit all that can be read is read, signed is told from unsigned, and the kit stays as it is."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from core.errors import InputError, StoreError, StoreVersionError
from core.study.kit import Kit
from core.study.rescue import Rescued, raters_rescue, remains, rescue
from tests.core.study.conftest import Computers, read_case
from tests.core.study.test_damage import PAGE, mutate
from tests.core.study.test_kit import without_triggers
from tests.signing import RATERS_PASSWORD


@pytest.fixture
def read(kit_path: Path) -> Path:
    """A kit with a signed case and one under way."""
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
        read_case(kit, kit.cases()[1].alias, sign=False)
    return kit_path


def signed_answers(found: Rescued) -> list[tuple[object, object]]:
    holding = [case for case in found.signed if case.holds]
    return [(answer["question"], answer["value"]) for case in holding for answer in case.content["answers"]]


def test_a_kit_that_is_whole_is_read_whole(read: Path) -> None:
    found = remains(read)
    assert found.damaged == () and found.trail_broken_at is None
    with Kit.open(read) as kit:
        assert list(found.records) == kit.audit_records()
        assert found.key == kit.key_fingerprint
        regions = {(alias, roi.roi_id): roi.coverage for alias in (c.alias for c in kit.cases())
                   for roi in kit.reading(alias).rois.values()}  # fmt: skip
    assert len(found.tables["answers"]) == 4 and len(found.regions) == 6
    assert signed_answers(found) == [("detection_confidence", 4), ("margin_conspicuity", 3)]
    for region in found.regions:
        assert np.array_equal(region.volume.data, regions[region.alias, region.roi])
    # of the case under way nobody has vouched
    assert [region.signed for region in found.regions].count(True) == 3


def test_a_page_that_is_lost_takes_no_more_than_itself(read: Path) -> None:
    whole = remains(read)
    file = read / "kit.sqlite"
    before, unread, kept = file.read_bytes(), 0, []
    # the first page tells where everything lies
    for page in range(1, len(before) // PAGE):
        content = bytearray(before)
        content[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
        file.write_bytes(content)
        try:
            found = remains(read)
        except StoreError:
            unread += 1
            continue
        assert file.read_bytes() == content and [each.name for each in read.glob("kit.sqlite?*")] == []
        assert set(found.records) <= set(whole.records)
        assert {(r.alias, r.roi) for r in found.regions} <= {(r.alias, r.roi) for r in whole.regions}
        assert set(signed_answers(found)) <= set(signed_answers(whole))
        kept.append(len(found.records) + len(found.regions) + len(found.tables["answers"]))
    everything = len(whole.records) + len(whole.regions) + len(whole.tables["answers"])
    # without a page of the schema nothing is read; most others hold nothing of what was read
    assert unread < len(kept) and sorted(kept)[len(kept) // 2] == everything and min(kept) > 0


def test_what_was_altered_is_not_taken_for_signed(read: Path) -> None:
    without_triggers(read, "UPDATE signatures SET record = replace(record, '3', '4')",
                     "UPDATE audit SET content = '{}' WHERE sequence = 5")  # fmt: skip
    found = remains(read)
    assert [case.holds for case in found.signed] == [False] and signed_answers(found) == []
    assert not any(region.signed for region in found.regions)
    assert found.trail_broken_at == 5


def test_a_key_that_was_altered_lets_nobody_in(read: Path) -> None:
    assert raters_rescue(read, remains(read), RATERS_PASSWORD).keys
    without_triggers(
        read, "UPDATE rater_keys SET public_key = substr(public_key, 2) || substr(public_key, 1, 1)"
    )
    with pytest.raises(InputError, match="not the password"):
        raters_rescue(read, remains(read), RATERS_PASSWORD)
    without_triggers(read, "UPDATE rater_keys SET cost = '{}'")
    found = remains(read)
    assert found.keys == () and found.damaged == ("rater_keys",)
    with pytest.raises(InputError, match="can no longer be checked"):
        raters_rescue(read, found, RATERS_PASSWORD)


def test_what_is_no_database_any_more_says_so(read: Path, tmp_path: Path) -> None:
    (read / "kit.sqlite").write_bytes(b"\x5a" * 9000)
    with pytest.raises(StoreError, match="nothing of this kit can be read; keep it as it is"):
        remains(read)
    with pytest.raises(StoreError, match="is not a kit"):
        remains(tmp_path)


@pytest.mark.parametrize("lost", [1, PAGE])
def test_of_a_kit_that_was_cut_is_read_what_is_left(read: Path, lost: int) -> None:
    whole, file = remains(read), read / "kit.sqlite"
    left = file.read_bytes()[:-lost]
    file.write_bytes(left)
    found = remains(read)
    assert signed_answers(found) == signed_answers(whole)
    assert found.tables["answers"] == whole.tables["answers"] and found.key == whole.key
    assert set(found.records) & set(whole.records)
    # the end of what was cut is told: a record that is missing or altered, or a table that is not whole
    assert found.trail_broken_at is not None or "audit" in found.damaged
    assert file.read_bytes() == left


def tampered(read: Path) -> Path:
    """A kit of which one record was altered: it opens, and does not hold."""
    without_triggers(read, "UPDATE audit SET content = '{}' WHERE sequence = 5")
    return read


def test_a_kit_that_is_whole_is_not_rescued(read: Path) -> None:
    """Else a password could be tried on it without a record and without a wait."""
    with pytest.raises(InputError, match=r"is whole.*ferroread read"):
        rescue(read)
    with Kit.open(read), pytest.raises(StoreError, match="open in another program"):
        rescue(read)
    assert rescue(tampered(read)).trail_broken_at == 5
    without_triggers(read, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreVersionError, match="newer FerroRead"):
        rescue(read)


def test_a_kit_whose_picture_is_lost_is_not_whole(read: Path) -> None:
    next(path for path in (read / "images").rglob("*") if path.is_file()).unlink()
    assert rescue(read).damaged == ()


def test_wrong_passwords_on_a_damaged_kit_are_recorded_beside_it_and_make_the_next_wait(
    read: Path, computers: Computers
) -> None:
    found, before = rescue(tampered(read)), (read / "kit.sqlite").read_bytes()
    for _ in range(3):
        with pytest.raises(InputError, match="not the password"):
            raters_rescue(read, found, "somebody else's")
    for password in ("somebody else's", RATERS_PASSWORD):
        with pytest.raises(InputError, match="wait 5 seconds"):
            raters_rescue(read, found, password)
    computers.wait(1 / 1440)
    assert raters_rescue(read, found, RATERS_PASSWORD).keys
    tries = [json.loads(line)["action"] for line in (read / "rescue.jsonl").read_text().splitlines()]
    assert tries == ["wrong_password"] * 3 + ["rescue"]
    with pytest.raises(InputError, match="not the password"):
        raters_rescue(read, found, "somebody else's")
    assert (read / "kit.sqlite").read_bytes() == before


def test_what_was_tried_before_the_damage_counts(read: Path, computers: Computers) -> None:
    with Kit.open(read) as kit:
        for _ in range(3):
            with pytest.raises(InputError):
                kit.log_in("somebody else's")
    found = rescue(tampered(read))
    with pytest.raises(InputError, match="wait 5 seconds"):
        raters_rescue(read, found, RATERS_PASSWORD)
    # lines that are none, and a try that does not tell when, count for nothing
    (read / "rescue.jsonl").write_bytes(b'\xff\n[1]\n{"action":"rescue"}\n{"action":"wrong_password"}\n' * 4)
    assert raters_rescue(read, found, RATERS_PASSWORD).keys


def test_a_try_that_cannot_be_recorded_is_none(read: Path) -> None:
    found = rescue(tampered(read))
    (read / "rescue.jsonl").mkdir()
    with pytest.raises(StoreError, match="copy the whole folder to a disk that can"):
        raters_rescue(read, found, RATERS_PASSWORD)


def damage(read: Path, seed: int, tries: int) -> None:
    """Damage a kit in every way; whatever is read and said to be signed was signed."""
    signed = set(signed_answers(remains(read)))
    file, rng, nothing = read / "kit.sqlite", random.Random(seed), 0
    before = file.read_bytes()
    for _ in range(tries):
        file.write_bytes(mutate(before, rng))
        try:
            found = remains(read)
        except StoreError:
            nothing += 1
            continue
        assert set(signed_answers(found)) <= signed
    print(
        f"{tries} damaged kits: {tries - nothing} read in part or whole, 0 crashes, nothing taken for signed"
    )


def test_no_damage_ends_the_rescue(read: Path) -> None:
    damage(read, 4, 60)


@pytest.mark.soak
def test_no_damage_of_a_thousand_ends_the_rescue(read: Path) -> None:
    damage(read, 5, 1000)
