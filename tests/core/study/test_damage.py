"""A kit comes from outside: whatever its bytes are, collection takes what was signed, or says why not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.errors import AppError, StoreError
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.store import Study
from tests.core.study.conftest import read_case
from tests.core.study.test_kit import without_triggers

SIGNED = {("detection_confidence", "a" * 32): 4, ("margin_conspicuity", None): 3}
PAGE = 4096


def mutate(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    how = rng.choice(("bit", "bits", "cut", "blank", "swap"))
    if how in ("bit", "bits"):
        for _ in range(1 if how == "bit" else rng.randint(2, 30)):
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    elif how == "cut":
        del changed[rng.randrange(len(changed)) :]
    elif how == "blank":
        start = rng.randrange(len(changed))
        end = min(len(changed), start + rng.randint(1, PAGE))
        changed[start:end] = bytes(end - start)
    else:
        one, other = (rng.randrange(len(changed) // PAGE) * PAGE for _ in range(2))
        first, second = bytes(changed[one : one + PAGE]), bytes(changed[other : other + PAGE])
        changed[one : one + PAGE], changed[other : other + PAGE] = second, first
    return bytes(changed)


def collect_mutated(study: Study, kit_path: Path, seed: int, count: int) -> None:
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    whole = (kit_path / "kit.sqlite").read_bytes()
    rng = random.Random(seed)
    taken = 0
    for number in range(count):
        for file in kit_path.glob("kit.sqlite*"):
            file.unlink()
        (kit_path / "kit.sqlite").write_bytes(mutate(whole, rng))
        try:
            taken += collect(study, kit_path).taken
        except AppError as error:
            assert "\n" not in str(error), (number, str(error))
        readings = study.signed_readings()
        assert len(readings) == taken <= 1
        # a flip that changed nothing signed may pass; what is in the study is what was signed
        assert all(dict(reading.answers) == SIGNED for reading in readings)
    study.verify()
    print(f"{count} mutated kits: 0 crashes, 0 partial imports")


@pytest.mark.parametrize("seed", range(4))
def test_mutated_kits_are_taken_right_or_refused_in_one_line(study: Study, kit_path: Path, seed: int) -> None:
    collect_mutated(study, kit_path, seed, 15)


@pytest.mark.parametrize(
    "change",
    [
        "seals SET wrapped = 'letters'",
        "released SET step_key = 'letters'",
        "cases SET grid = 7",
        "answers SET value = 3",
        "signatures SET record = x'ff'",
        "images SET sha256 = 7, file = 7",
        "kit SET session = 'one'",
        "audit SET content = 7",
        "rois SET coverage = 'letters'",
        "marks SET x_mm = 'left'",
    ],
)
def test_values_of_another_type_are_damage(study: Study, kit_path: Path, change: str) -> None:
    """SQLite keeps in a column whatever it is given, and one flipped bit makes text of bytes."""
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
    without_triggers(kit_path, f"UPDATE {change}")
    with pytest.raises(StoreError) as caught:
        collect(study, kit_path)
    assert "\n" not in str(caught.value)
    assert study.signed_readings() == ()


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 110))
def test_ten_thousand_mutated_kits(study: Study, kit_path: Path, seed: int) -> None:
    collect_mutated(study, kit_path, seed, 1000)
