from __future__ import annotations

import json

import pytest

from app.cli import run

FIVE = "10,3,1,0,0\n2,9,4,1,0\n0,3,12,3,1\n0,1,3,11,2\n0,0,0,2,12\n"


@pytest.fixture
def call(capsys, tmp_path):
    """Run the command on a file of this text; give status, JSON or text, and the error line."""

    def command(text: str, *options: str, table: bool = False, as_json: bool = True):
        path = tmp_path / "input.csv"
        path.write_text(text, encoding="utf-8")
        words = [
            "agreement",
            *(["--table"] if table else []),
            str(path),
            *options,
            *(["--json"] if as_json else []),
        ]
        status = run(words)
        told = capsys.readouterr()
        return status, json.loads(told.out) if as_json and told.out else told.out, told.err

    return command


CLUSTERS = "rater,unit,value,cluster"


def long(*rows: str, header: str = "rater,unit,value") -> str:
    return "\n".join([header, *rows]) + "\n"


def test_table_of_the_reference_data(call):
    status, data, _ = call(FIVE, table=True)
    assert status == 0
    told = {row["weights"]: (round(row["kappa"], 4), round(row["se"], 4)) for row in data["kappa"]}
    assert told == {"unweighted": (0.5919, 0.0662), "linear": (0.7516, 0.0466), "quadratic": (0.8671, 0.0329)}
    assert {row["label"] for row in data["kappa"]} == {"moderate", ""}
    assert data["kappa"][0]["n"] == 80


def test_table_as_text_shows_values_intervals_and_what_was_left_out(call):
    status, text, _ = call(FIVE, table=True, as_json=False)
    assert status == 0
    assert "0.5919  0.0662  0.4621 to 0.7217  moderate" in text
    assert "answers left out: none" in text


def test_nominal_table_has_unweighted_kappa_only(call):
    _, data, _ = call(FIVE, "--scale", "nominal", table=True)
    assert [row["weights"] for row in data["kappa"]] == ["unweighted"]
    assert "icc" not in data


def test_list_gives_what_the_table_gives(call):
    rows, unit = [], 0
    for a, line in enumerate(FIVE.split(), start=1):
        for b, count in enumerate(line.split(","), start=1):
            for _ in range(int(count)):
                rows += [f"x,{unit},{a}", f"y,{unit},{b}"]
                unit += 1
    _, listed, _ = call(long(*rows), "--categories", "1,2,3,4,5")
    _, table, _ = call(FIVE, table=True)
    for name in ("kappa", "alpha", "ac1", "icc"):
        for one, other in zip(listed[name], table[name], strict=True):
            assert one[name] == pytest.approx(other[name])


def test_items_columns_and_declared_categories(call):
    text = long(
        "a,1,low,q1", "b,1,low,q1", "a,2,high,q1", "b,2,low,q1", "a,3,high,q1", "b,3,high,q1",
        "a,1,low,q2", "b,1,high,q2", "a,2,high,q2", "b,2,high,q2",
        header="R,U,V,I",
    )  # fmt: skip
    names = ("--columns", "rater=R,unit=U,value=V,item=I")
    status, data, _ = call(text, *names, "--scale", "ordinal", "--categories", "low,middle,high")
    assert status == 0
    assert {row["item"] for row in data["kappa"]} == {"q1", "q2"}
    assert {row["categories"] for row in data["kappa"]} == {3}
    first = next(row for row in data["kappa"] if row["item"] == "q1" and row["weights"] == "unweighted")
    # po = 2/3, pe = (1/3)(2/3) + (2/3)(1/3) = 4/9
    assert first["kappa"] == pytest.approx(0.4)


def test_scale_follows_the_values(call):
    text = call(long("a,1,x", "b,1,y", "a,2,x", "b,2,x"))[1]
    assert text["scale"] == "nominal"
    measured = call(long("a,1,1.5", "b,1,1.6", "a,2,2.5", "b,2,2.4", "a,3,4.0", "b,3,4.4"))[1]
    assert measured["scale"] == "interval"
    assert "kappa" not in measured
    assert [row["form"] for row in measured["icc"]][:2] == ["ICC(1,1)", "ICC(2,1)"]


def test_reference_icc_through_the_command(call, shared_data):
    rows = (shared_data / "statistics/data/shrout_fleiss_1979.csv").read_text().split()[1:]
    text = long(*(f"J{j},{i},{v}" for i, row in enumerate(rows) for j, v in enumerate(row.split(","))))
    _, data, _ = call(text, "--scale", "interval")
    assert [round(row["icc"], 2) for row in data["icc"]] == [0.17, 0.29, 0.71, 0.44, 0.62, 0.91]


def test_what_was_left_out_is_counted(call):
    text = long(
        "a,1,1",
        "a,1,1",
        "b,1,2",
        "a,2,2",
        "a,2,3",
        "b,2,2",
        "a,3,",
        "b,3,1",
        "a,4,2",
        "b,4,2",
        "a,5,1",
        "b,5,1",
    )
    status, data, _ = call(text)
    assert status == 0
    assert data["items"][0]["left_out"] == {"missing": 1, "repeated": 1, "contradictory": 2}
    assert (data["kappa"][0]["n"], data["kappa"][0]["left_out"]) == (3, 2)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (["a,1,1"], None),
        (["a,1,1", "b,1,1"], "fewer than two units"),
        (["a,1,1", "b,1,1", "a,2,1", "b,2,1"], "same category"),
        (["a,1,1", "b,2,1", "a,3,2", "b,4,2"], "fewer than two units"),
        (["a,1,", "b,1,", "a,2,", "b,2,"], "fewer than two units"),
    ],
)
def test_degenerate_lists_are_not_estimable_and_say_why(call, rows, why):
    status, data, _ = call(long(*rows))
    assert status == 0
    for name in ("kappa", "ac1", "ac2", "alpha", "icc"):
        for row in data.get(name, []):
            if row[name] is None:
                assert row["reason"].startswith("not estimable: ")
    if why:
        assert data["kappa"][0]["kappa"] is None
        assert why in data["kappa"][0]["reason"]
    else:
        assert "kappa" not in data
        assert data["alpha"][0]["alpha"] is None


def test_gap_in_the_categories_is_said(call):
    _, data, _ = call(long("a,1,1", "b,1,2", "a,2,4", "b,2,4"))
    assert "1, 2, 4" in data["items"][0]["note"]
    _, data, _ = call(long("a,1,1", "b,1,2", "a,2,4", "b,2,4"), "--categories", "1,2,3,4")
    assert data["items"][0]["note"] == ""


@pytest.mark.parametrize(
    ("text", "options", "why"),
    [
        ("rater,unit\na,1\n", (), "'value' is missing"),
        ("rater,unit,value\n", (), "no ratings"),
        ("rater,unit,value\n,1,2\n", (), "row 2 has no rater"),
        (long("a,1,x", "b,1,y"), ("--scale", "ordinal"), "--categories"),
        (long("a,1,x", "b,1,y"), ("--scale", "interval"), "not a number"),
        (long("a,1,1", "b,1,1", "a,2,inf", "b,2,2"), (), "row 4: the value 'inf' is not a finite number"),
        (long("a,1,1,x", "b,1,1,y", header=CLUSTERS), (), "row 3: the unit '1' stands before in another"),
        (long("a,1,1,x", "b,1,1,", header=CLUSTERS), (), "row 3 has no cluster"),
        (long("a,1,1", "b,1,9"), ("--categories", "1,2,3"), "not among the categories"),
        (long(*(f"a,{i},{i}" for i in range(150))), ("--scale", "ordinal"), "--scale interval"),
    ],
)
def test_wrong_input_ends_with_one_clear_line(call, text, options, why):
    status, _, error = call(text, *options)
    assert status == 1
    assert why in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--categories", "1,1"), "each category once"),
        (("--columns", "person=a"), "rater=NAME"),
        (("--columns", "rater=unit,unit=unit"), "two things"),
    ],
)
def test_wrong_usage_ends_with_status_2(call, options, why):
    status, _, error = call(long("a,1,1"), *options)
    assert (status, error.count("\n")) == (2, 1)
    assert why in error


@pytest.mark.parametrize(
    "text", ["1,1e20\n3,4\n", "1,2\n3,4\n5,6\n", "a,b\nc,d\n", "1,-2\n3,4\n", "1.5,2\n3,4\n"]
)
def test_wrong_tables_end_with_one_clear_line(call, text):
    status, _, error = call(text, table=True)
    assert status == 1
    assert "input.csv" in error
    assert error.count("\n") == 1


def test_one_source_is_needed(capsys):
    assert run(["agreement"]) == 2
    assert "--table FILE" in capsys.readouterr().err


def test_one_cluster_says_why_there_is_no_clustered_interval(call):
    text = long(*(f"{who},{i},{(i + (who == 'b') * (i % 3 == 0)) % 2},x" for who in "ab" for i in range(9)),
                header=CLUSTERS)  # fmt: skip
    row = call(text, "--scale", "nominal")[1]["kappa"][0]
    assert (row["ci_low"], row["cluster_ci_low"]) == (pytest.approx(row["ci_low"]), None)
    assert "one cluster" in row["cluster_reason"]
    assert f"clustered {row['cluster_reason']}" in call(text, "--scale", "nominal", as_json=False)[1]


def test_infinity_among_words_is_a_word(call):
    status, data, _ = call(long("a,1,inf", "b,1,inf", "a,2,cyst", "b,2,cyst"))
    assert (status, data["scale"]) == (0, "nominal")
