"""Several programs want the same kit and the same study all the time: one has it, and no change is lost.

Each opens them as often as it can, changes them, says what it was told is saved, and lets go.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from core.errors import StoreError
from core.reading.edits import SetAnswer
from core.study.collecting import collect
from core.study.kit import Kit
from core.study.records import IcpMs
from core.study.store import Study

ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from pathlib import Path
from tests.core.study.test_two_programs import take_turns

print("ready", flush=True)
sys.stdin.readline()
take_turns(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
"""
REFUSED = "is open in another program; close it there and try again"


def take_turns(folder: Path, turns: int, seconds: float) -> None:
    """Change kit and study in turn, so often and so long at least; print every record that is to last."""
    begun, longest_s, longest_turn_s, done, refused = monotonic(), 0.0, 0.0, 0, 0
    while done < turns or monotonic() - begun < seconds:
        before = monotonic()
        try:
            said = change_kit(folder) if done % 2 else change_study(folder)
            done += 1
            longest_turn_s = max(longest_turn_s, monotonic() - before)
            print(json.dumps(said), flush=True)
        except StoreError as error:
            if not str(error).endswith(REFUSED):
                raise
            refused += 1
            longest_s = max(longest_s, monotonic() - before)
    waits = {"refused_after_s": round(longest_s, 2), "turn_s": round(longest_turn_s, 2)}
    print(json.dumps({"done": done, "refused": refused, "longest": waits}), flush=True)


def change_kit(folder: Path) -> list[object]:
    with Kit.open(folder / "A1.kit") as kit:
        alias = kit.cases()[0].alias
        value = kit.reading(alias).answers.get(("margin_conspicuity", None))
        # what another wrote is the ground of what this one writes
        kit.record(alias, SetAnswer("margin_conspicuity", None, value, int(value or 0) % 5 + 1))
        head = kit.audit_records()[-1]
    return ["kit", head.sequence, head.sha256]


def change_study(folder: Path) -> list[object]:
    with Study.open(folder / "study") as study:
        (value,) = study.icpms()
        study.set_icpms([IcpMs(value.subject, value.visit, value.iron_ug_per_g + 1)])
        head = study.audit_records()[-1]
        try:
            collect(study, folder / "A1.kit")
        except StoreError as error:
            if not str(error).endswith(REFUSED):
                raise
    return ["study", head.sequence, head.sha256]


def lost_by(folder: Path, programs: int, turns: int, seconds: float) -> int:
    """Let so many programs run beside each other; return how many of their changes are not there."""
    command = [sys.executable, "-c", PROGRAM, str(folder), str(turns), str(seconds)]
    running = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(programs)
    ]
    for program in running:
        assert program.stdout and program.stdout.readline() == "ready\n"
    for program in running:
        assert program.stdin
        program.stdin.write("go\n")
        program.stdin.flush()
    said = [[json.loads(line) for line in str(program.communicate()[0]).splitlines()] for program in running]
    assert [program.returncode for program in running] == [0] * programs
    print(f"{programs} programs on a kit and a study:", *(lines[-1] for lines in said))
    told = {tuple(line) for lines in said for line in lines[:-1]}
    with Kit.open(folder / "A1.kit") as kit:
        kit.verify()
        records = {("kit", record.sequence, record.sha256) for record in kit.audit_records()}
        edits = [record.values["edit"] for record in kit.audit_records() if record.values["action"] == "edit"]
    # every program went on from what the one before had written
    assert [edit["after"] for edit in edits] == [number % 5 + 1 for number in range(len(edits))]
    with Study.open(folder / "study") as study:
        study.verify()
        records |= {("study", record.sequence, record.sha256) for record in study.audit_records()}
        (value,) = study.icpms()
    assert value.iron_ug_per_g == pytest.approx(9.6 + sum(of == "study" for of, _, _ in told))
    return len(told - records)


def test_programs_that_want_the_same_files_lose_nothing(study: Study, kit_path: Path) -> None:
    study.close()
    assert lost_by(kit_path.parent, programs=2, turns=6, seconds=0) == 0


@pytest.mark.soak
def test_two_programs_for_ten_minutes_lose_nothing(study: Study, kit_path: Path) -> None:
    study.close()
    assert lost_by(kit_path.parent, programs=2, turns=10, seconds=600) == 0
