"""Names of files, and texts that fit into an object's fields."""

from core.export.coded import fitting, identifier, person, question_code, unit_code
from core.export.names import Names, safe_name
from core.reading.questions import Question


def test_names_of_files_serve_on_every_system():
    assert safe_name("Mäuschen 7/β") == "Mäuschen_7_β"
    assert safe_name("../../etc") == "etc"
    assert safe_name("aux.1") == "aux.1_"
    assert safe_name("...") == "_"
    assert len(safe_name("山" * 200).encode()) <= 80


def test_no_name_comes_twice_even_where_letters_have_no_size():
    names = Names()
    assert [names.free(text) for text in ("A/b", "a b", "A_B", "c")] == ["A_b", "a_b-2", "A_B-3", "c"]


def test_texts_fit_in_bytes_and_hold_no_backslash():
    assert fitting("a\\b\n c") == "a/b c"
    assert len(fitting("山" * 100).encode()) <= 64
    assert fitting("x" * 64) == "x" * 64 and fitting("x" * 65).endswith("…")
    assert person("Ade=le^K") == "Ade le K^"


def test_subjects_that_differ_have_identifiers_that_differ():
    assert identifier("M7") == "M7"
    long = {identifier("x" * 70 + end) for end in "ab"}
    assert len(long) == 2 and all(len(text) <= 64 for text in long)
    assert identifier("a\\b") != identifier("a/b")


def test_codes_of_long_ids_fit_and_differ():
    def code(question_id):
        return question_code(Question(question_id, "Text", "case", (), False, ""))

    assert code("size_mm").value == "size_mm"
    long = {code("a_question_with_a_long_id_" + end).value for end in "ab"}
    assert len(long) == 2 and all(len(value) <= 16 for value in long)


def test_units_are_those_of_ucum_where_they_are_known():
    for written, unit in (("mm³", "mm3"), ("1/s", "/s"), ("µg/g", "ug/g"), ("", "1")):
        code = unit_code(written)
        assert (code.value, code.scheme_designator) == (unit, "UCUM")
    assert unit_code("kPa").scheme_designator == "99FERROREAD"
