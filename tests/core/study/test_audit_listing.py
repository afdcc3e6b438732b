"""A trail as rows: who did what, and what of it is chosen."""

from __future__ import annotations

from pathlib import Path

from core.study.audit import Record, digest
from core.study.audit_listing import chosen, is_withheld, listed, told
from core.study.kit import Kit
from core.study.store import Study
from tests.core.study.conftest import read_case


def test_rows_say_who_and_are_chosen_by_who_what_when_and_about(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        one, other, *_ = (case.alias for case in kit.cases())
        read_case(kit, one)
        read_case(kit, other, sign=False)
        rows = listed(kit.audit_records(), kit.rater)
    numbers = [row["sequence"] for row in rows]
    assert numbers == list(range(1, len(rows) + 1))
    assert [row["who"] for row in rows] == ["coordinator", *["Rater A"] * (len(rows) - 1)]
    assert [row["action"] for row in chosen(rows, who="coordinator")] == ["deal"]
    locks = chosen(rows, action="lock")
    assert [row["case"] for row in locks] == [one, other]
    assert chosen(rows, action="lock", about=other.lower()) == locks[1:]
    assert {row["case"] for row in chosen(rows, about="Margin_Conspicuity")} == {one, other}
    day = rows[0]["at"][:10]
    assert chosen(rows, since=day, until=day[:7]) == chosen(rows, since=day[:4]) == rows
    assert chosen(rows, since="2999") == chosen(rows, until="1999-12-31") == []
    assert "kind: tumour" in "".join(map(told, rows))


def test_a_studys_rows_are_found_by_subject(study: Study) -> None:
    rows = listed(study.audit_records())
    assert {row["who"] for row in rows} == {"coordinator"}
    assert [row["action"] for row in chosen(rows, action="add_scan", about="mouse-2")] == ["add_scan"] * 2
    assert {row["case"] for row in listed(study.audit_records(), case="mouse-1")} == {"mouse-1"}


def test_what_is_withheld_or_unreadable_is_a_row_all_the_same() -> None:
    records = [
        Record(1, '{"action":"wrong_password","at":"2026-11-26T10:00:00.000Z","what":"sign"}', "", "a"),
        Record(2, '{"action":"edit","alias":"ABC","at":"2026-11-26T11:00:00.000Z"}', "", "b"),
        Record(3, '{"action":"ed', "", "c"),
    ]
    first, second, third = listed(records, "Rater A", withheld=(2,))
    assert (first["who"], told(first)) == ("", "what: sign") and not is_withheld(first)
    assert is_withheld(second) and (second["action"], second["case"]) == ("edit", "ABC")
    assert (third["action"], third["at"], third["detail"]) == ("unreadable", "", "{}")


def test_a_list_of_records_is_told_without_brackets_and_hashes() -> None:
    lost = '{"action":"retire_person","at":"2026-11-26T10:00:00.000Z","clock":["r",1.0],"person":"Anna Berg"}'
    records = [
        Record(1, f'{{"action":"older_copy","key_shown":false,"lost":[{lost}]}}', "", "a"),
        Record(2, f'{{"action":"enrol","kept_sha256":"{"0" * 64}","number":1}}', "", "b"),
    ]
    older, enrolled = map(told, listed(records))
    assert older == "key_shown: False; lost: action retire_person person Anna Berg"
    assert enrolled == "number: 1"


def test_no_hash_lets_what_is_withheld_be_found_by_trying(kit_path: Path) -> None:
    with Kit.open(kit_path) as kit:
        read_case(kit, kit.cases()[0].alias)
        records = kit.audit_records()
    answer = next(record for record in records if '"after":4' in record.content)
    rows = listed(records, "Rater A", withheld=(answer.sequence + 2, answer.sequence))
    told = [row["sha256"] for row in rows if row["sha256"]]
    assert told == [record.sha256 for record in records[: answer.sequence - 1]]
    # what the listing tells of a record beside its answer is enough to try answers with
    tried = (answer.content.replace('"after":4', f'"after":{value}') for value in range(1, 6))
    found = {digest(f"{answer.sequence}\n{answer.previous}\n{content}") for content in tried}
    assert answer.sha256 in found and not found & set(told)
