from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.export import tables
from core.export.tables import Profile, cell, excel_profile, number, read_columns, read_csv, write_csv

texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"))
floats = st.floats(allow_nan=False, allow_infinity=False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(texts, floats, st.integers())), st.sampled_from([Profile(), Profile(";", bom=True)])
)
def test_what_is_written_comes_back_bit_for_bit(tmp_path: Path, rows, profile):
    path = tmp_path / "t.csv"
    named = [dict(zip(("text", "real", "whole"), row, strict=True)) for row in rows]
    write_csv(path, ("text", "real", "whole"), named, profile=profile, force=True)
    if b";" in path.read_bytes().splitlines()[0] or profile.delimiter == ",":
        columns, cells = read_csv(path)
        assert columns == ["text", "real", "whole"]
        back = [(text, float(real), int(whole)) for text, real, whole in cells]
        assert back == list(rows)
        assert [math.copysign(1, real) for _, real, _ in back] == [math.copysign(1, row[1]) for row in rows]


SCRIPTS = (
    "Größe",
    "Ομάδα",
    "группа",
    "組",
    "그룹",
    "समूह",
    "مجموعة",
    "קבוצה",
    "กลุ่ม",
    "👩🏽‍⚕️",
    "e\u0301",
    "\u202e",
)
STARTS = ("=", "+", "-", "@", "\t", "\r", "'=", "''+", '"', "", " ")
MIDDLES = ("1+1", "cmd|' /C calc'!A0", 'say "hi"', "a,b;c\td", "two\nlines", "two\r\nlines", "'", "0", "-0")


@pytest.mark.parametrize(
    ("decimal", "delimiter"), [(",", ";"), (".", ","), (",", ";")], ids=["de", "en", "fr"]
)
def test_ten_thousand_awkward_rows_come_back_bit_for_bit_and_none_is_live(
    tmp_path, monkeypatch, decimal, delimiter
):
    """As this machine's Excel opens it, in the locale's own form."""
    monkeypatch.setattr(tables.locale, "localeconv", lambda: {"decimal_point": decimal})
    profile = excel_profile()
    assert profile.delimiter == delimiter
    rng = np.random.default_rng(11)
    bits = rng.integers(0, 2**64, 10_000, dtype=np.uint64).view(np.float64)
    reals = np.where(np.isfinite(bits), bits, -5e-324)
    rows = [
        {
            "text": "".join(str(rng.choice(part)) for part in (STARTS, MIDDLES, SCRIPTS)),
            "real": float(real),
            "whole": int(whole),
        }
        for real, whole in zip(reals, rng.integers(-(2**62), 2**62, 10_000), strict=True)
    ]
    path = tmp_path / "t.csv"
    write_csv(path, ("text", "real", "whole"), rows, profile=profile)
    cells = read_csv(path)[1]
    assert [(text, np.float64(real).tobytes(), int(whole)) for text, real, whole in cells] == [
        (row["text"], np.float64(row["real"]).tobytes(), row["whole"]) for row in rows
    ]
    with path.open(encoding="utf-8-sig", newline="") as stream:
        raw = list(csv.reader(stream, delimiter=delimiter))[1:]
    assert not [row[0] for row in raw if row[0].startswith(("=", "+", "-", "@", "\t", "\r"))]


@settings(max_examples=200, deadline=None)
@given(texts)
def test_no_text_cell_is_a_live_formula(text):
    assert cell(text)[:1] not in tuple("=+-@\t\r")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formula_like_text_gets_an_apostrophe_and_numbers_never(start):
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell(-1.5) == "-1.5"
    assert cell(np.float32(-1.5)) == "-1.5"
    assert cell("a=b") == "a=b"


def test_cells():
    assert [cell(v) for v in (None, math.nan, True, np.bool_(False), 3, np.int64(4), 1e-300)] == [
        "", "", "1", "0", "3", "4", "1e-300",
    ]  # fmt: skip
    with pytest.raises(TypeError):
        cell([1])


def test_rows_end_as_rfc_4180_says(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, ("a", "b"), [{"a": 'say "hi"', "b": "x,y\nz"}, {"a": "é"}])
    assert path.read_bytes() == 'a,b\r\n"say ""hi""","x,y\nz"\r\né,\r\n'.encode()


def test_a_column_that_is_not_in_the_header_is_a_mistake(tmp_path):
    with pytest.raises(ValueError, match="unknown columns"):
        write_csv(tmp_path / "t.csv", ("a",), [{"b": 1}])
    assert not list(tmp_path.iterdir())


def test_nothing_is_overwritten_without_force(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, ("a",), [{"a": 1}])
    with pytest.raises(InputError):
        write_csv(path, ("a",), [{"a": 2}])
    write_csv(path, ("a",), [{"a": 2}], force=True)
    assert read_csv(path)[1] == [["2"]]


@pytest.mark.parametrize(("decimal", "delimiter"), [(",", ";"), (".", ",")])
def test_excel_profile_follows_the_locale(monkeypatch, decimal, delimiter):
    monkeypatch.setattr(tables.locale, "localeconv", lambda: {"decimal_point": decimal})
    assert excel_profile() == Profile(delimiter, bom=True)


def test_excel_profile_leads_with_a_byte_order_mark_and_is_read_back(tmp_path):
    path = tmp_path / "t.csv"
    write_csv(path, ("a", "b"), [{"a": "x;y", "b": 0.5}], profile=Profile(";", bom=True))
    assert path.read_bytes().startswith(b"\xef\xbb\xbfa;b\r\n")
    assert read_csv(path) == (["a", "b"], [["x;y", "0.5"]])


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\xff\xfe\x00a", "is not UTF-8"),
        (b"a,b\0,c", "zero bytes"),
        (b"a,b\n1,2,3\n", "row 2 has 3 cells"),
        (b'a,b\n"1,2\n', "not a sound CSV"),
    ],
)
def test_broken_files_are_refused_in_one_line(tmp_path, content, why):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=why):
        read_csv(path)


def test_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_csv(tmp_path / "absent.csv")


def test_columns_by_name(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("R;unit ;x\n a;1;-2,5\n\nb;2;'=3\n")
    found = read_columns(path, ("rater", "unit"), ("x", "item"), {"rater": "R"})
    assert found == {"rater": ["a", "b"], "unit": ["1", "2"], "x": ["-2,5", "=3"]}
    with pytest.raises(InputError, match="'value' is missing"):
        read_columns(path, ("value",))
    with pytest.raises(InputError, match="'I' is missing"):
        read_columns(path, ("unit",), ("item",), {"item": "I"})
    path.write_text("a,a\n1,2\n")
    with pytest.raises(InputError, match="stands twice"):
        read_columns(path, ("a",))


def test_numbers_with_point_or_comma():
    assert (number("1.5"), number("-1,5"), number("2e-3")) == (1.5, -1.5, 0.002)
    for text in ("", "x", "nan", "inf", "1,000,000", "1.234,5"):
        with pytest.raises(ValueError, match=r".+"):
            number(text)


@pytest.mark.skipif(sys.platform == "win32", reason="locale names differ")
def test_asking_for_the_locale_leaves_it_as_it_was():
    before = tables.locale.setlocale(tables.locale.LC_NUMERIC)
    excel_profile()
    assert tables.locale.setlocale(tables.locale.LC_NUMERIC) == before
