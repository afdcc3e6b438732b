"""A manifest tells what is wrong with a line before anything is made of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.study.manifest import Line, checked

GOOD = {"path": "scan", "subject": "M1", "group": "MNP", "visit": "24 h", "field_t": "3"}


@pytest.mark.parametrize("column", ["subject", "group", "visit"])
@pytest.mark.parametrize("name", ["a\nb", "a\tb", "a\u2028b", "a\x00b", "a" * 65])
def test_a_name_that_no_table_can_hold_in_a_line_is_a_fault_of_its_column(column, name):
    ((_, fault),) = checked([Line({**GOOD, column: name}, Path())])
    assert fault.startswith(f"{column} must be one line of at most 64 characters")


@pytest.mark.parametrize("name", ["a" * 64, "Ομάδα Б", "קבוצה\u200f א", "a\u00a0b"])
def test_every_other_name_is_taken(name):
    assert checked([Line({**GOOD, "group": name}, Path())])[0][1] == ""
