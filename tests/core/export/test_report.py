"""The report says what the tables say, needs no other file, and looks the same each time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from core.export.report.blocks import grid
from core.export.report.document import CHECKLISTS, write_report
from core.export.report.methods import methods
from core.export.report.printed import as_pdf
from core.export.report.scripts import StandIns
from core.export.tables import read_csv
from core.reading.conduct import Adjudication
from core.statistics.analysis import Analysis, analyse
from core.statistics.listings import Table
from core.statistics.mrmc import TWO_RATERS
from core.statistics.study_groups import FREE
from core.study.records import SessionFacts, StudyData

sys.path.insert(0, str(Path(__file__).parents[1] / "statistics"))
import small_study as small


def _session(rater: str) -> SessionFacts:
    return SessionFacts(
        rater, 1, f"kit-{rater}-1", "reading", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z",
        "2026-01-01T02:00:00Z", 10, 0, 8, None, None, "", None, "", 0,
    )  # fmt: skip


def _study() -> StudyData:
    """Two raters, of whom y read his second session sooner than he should."""
    soon = replace(
        _session("y"), session=2, washout_days=2.5, waited_days=3.0, washout_reason="the scanner moves."
    )
    return replace(small.whole_study(), sessions=(*map(_session, ("x", "y")), soon))


def _written(study: StudyData, out: Path) -> Analysis:
    analysis = analyse(study)
    out.mkdir()
    write_report(study, analysis, out, name="A <study> & more")
    return analysis


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    out = tmp_path_factory.mktemp("report") / "out"
    return out, _written(_study(), out)


class _Page(HTMLParser):
    """Collects text, and everything that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.fetched: list[str] = []
        self.pictures = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.pictures += tag == "img"
        self.fetched += [
            value
            for name in ("src", "href", "data")
            if (value := given.get(name)) and not value.startswith("#")
        ]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def page(written):
    found = _Page()
    found.feed((written[0] / "report.html").read_text(encoding="utf-8"))
    return found


def test_the_page_needs_no_other_file(page):
    assert page.pictures >= 6
    assert all(each.startswith("data:image/svg+xml;base64,") for each in page.fetched)
    assert len(page.fetched) == page.pictures


def test_names_are_text_and_no_markup(written):
    html = (written[0] / "report.html").read_text(encoding="utf-8")
    assert "A &lt;study&gt; &amp; more" in html
    assert "<study>" not in html


def test_kappas_aucs_and_iron_are_those_of_the_tables(written, page):
    text = " ".join(page.text)
    tables = written[1].tables
    kappas = [
        row["kappa"] for row in tables["agreement"].rows if row["coefficient"] == "kappa" and not row["visit"]
    ]
    shown = [each for each in kappas if np.isfinite(each) and each != round(each)]
    assert shown
    assert all(f"{each:.2f}" in text for each in shown)
    for row in tables["tables/table1a"].rows:
        assert f"{row['mri_mean_ug_per_g']:.2f}" in text


def test_methods_and_flow_tell_what_was_done(page):
    text = " ".join(" ".join(page.text).split())
    assert "4 subjects in 2 groups: MNP (2) and vehicle (2). 8 scans at 3 T and 0.064 T" in text
    assert f"version {small.PROTOCOL.version}" in text
    assert small.PROTOCOL.question("margin_conspicuity").choices[0].label in text
    assert "16 signed readings by 2 raters" in text
    assert text.index("interim look: 6 of 30 cases dealt are not signed") < text.index("R2* and iron")
    # ten dealt, eight signed
    assert re.search(r"x 1 reading 10 0 8 2 0 0 0", text)


def test_a_washout_that_was_overruled_is_told_with_its_reason(page):
    told = (
        "The washout of y's session 2 was overruled: 2.5 days had to pass, and 3 days had passed; reason: "
        "the scanner moves."
    )
    assert told in page.text


def test_the_methods_tell_fits_echoes_and_slopes_over_all_scans(written, page):
    assert "fitted by an unrecorded method to 3 echoes (5.00 to 15.00 ms)" in " ".join(page.text)
    analysis = written[1]
    at_3t = [scan_id for scan_id, made in analysis.made.items() if made.field_t == 3.0]
    facts = {"r2star0": "tumour at baseline", "density_g_per_ml": 1.05}
    made = {
        scan_id: replace(
            analysis.made[scan_id],
            te_ms=(2.0 + place, 10.0, 20.0) if place else (2.0, 18.0),
            fit_method="auto" if place else "nlls",
            iron=place < 3,
            facts={**facts, "iron_ug_per_g_per_r2star": 0.17 + place / 100, "r2star0_per_s": 20.0 + place},
        )
        for place, scan_id in enumerate(at_3t)
    }
    told = [getattr(block, "text", "") for block in methods(_study(), replace(analysis, made=made))]
    assert (
        "At 3 T R2* was fitted by least squares where every echo is far above the noise, else maximum "
        "likelihood (“auto”) (3 scans) and nlls (1 scan) to 2 to 3 echoes (2.00 – 5.00 to 18.00 – 20.00 ms); "
        "iron is R2* less R2*_0 (tumour at baseline: 20.0 – 22.0 1/s) by 0.17 – 0.19 ug/g per 1/s, wet "
        "tissue of 1.05 g/mL; 1 scan of 4 have no iron."
    ) in told


def _told(study: StudyData, **tables: list[dict]) -> str:
    """Return the methods of a study whose analysis has these rows."""
    made = {name: Table((), tuple(rows)) for name, rows in {"reads": [], **tables}.items()}
    analysis = SimpleNamespace(tables=made, made={})
    return " ".join(getattr(block, "text", "") for block in methods(study, analysis))


def test_methods_are_silent_on_what_was_not_done():
    study = small.whole_study()
    assert "Marks were matched" in _told(study) and "AUC" in _told(study)
    assert not any(word in _told(replace(study, targets=())) for word in ("Marks were matched", "AUC"))
    first = study.readings[0]
    guess, third = "After the last case raters said", "went to a third"
    conduct = replace(
        small.PROTOCOL.conduct, guess={"group": ("MNP", "vehicle")}, adjudication=Adjudication()
    )
    asked = replace(study, protocols={"": replace(small.PROTOCOL, conduct=conduct)})
    assert guess not in _told(asked) and third not in _told(asked)
    assert guess in _told(replace(asked, readings=(replace(first, guesses={"group": "MNP"}),)))
    assert third in _told(replace(asked, readings=(first, replace(first, adjudicates=True))))


def test_methods_tell_group_tests_progression_blinding_and_the_field():
    study, nan = small.whole_study(), float("nan")
    words = (
        "Groups were compared",
        "p was adjusted",
        "Kaplan-Meier",
        "log-rank",
        "Bang",
        "leave out each animal",
    )
    assert not any(word in _told(study) for word in words)
    told = _told(
        study,
        groups=[{"test": "ANOVA", "p": 0.1, "p_adjusted": nan},
                {"test": "Tukey HSD", "p": nan, "p_adjusted": 0.1}],
        survival=[{"quantity": FREE}, {"quantity": "log-rank test", "p": 0.2}],
        blinding=[{"index": "Bang", "value": 0.1}],
        iron_agreement=[{"method": "Deming, jackknife of 4 animals"}],
    )  # fmt: skip
    assert all(word in told for word in words)
    assert "(ANOVA)" in told and "(Tukey HSD)" in told
    assert "The field strength of a case was hidden." in told
    shown = replace(small.PROTOCOL, conduct=replace(small.PROTOCOL.conduct, shows_field=True))
    assert "The field strength of a case was shown." in _told(replace(study, protocols={"": shown}))


def test_iron_agreement_stands_beside_its_figure(written, page):
    text = " ".join(" ".join(page.text).replace("\N{NO-BREAK SPACE}", " ").split())
    rows = [row for row in written[1].tables["iron_agreement"].rows if row["rater"] == "mean of raters"]
    assert {row["comparison"] for row in rows} == {"MRI, ICP-MS", "between fields"}
    for row in rows:
        if np.isfinite(row["ci_low"]) and row["ci_low"] != round(row["ci_low"]):
            assert f"{row['value']:z.3f} {row['ci_low']:z.2f} to {row['ci_high']:z.2f}" in text
    assert text.index("MRI 3 T on ICP-MS") < text.index("Deming's line")


def test_a_warning_stands_once_under_its_table(written, page):
    reasons = [row["reason"] for row in written[1].tables["mrmc"].rows]
    assert sum(TWO_RATERS in reason for reason in reasons) > 1
    (told,) = [text for text in page.text if TWO_RATERS in text]
    assert re.fullmatch(f"[a-z]: {re.escape(TWO_RATERS)}", told)
    # what else stood beside it is told by itself
    assert any(reason.endswith(f"; {TWO_RATERS}") for reason in reasons)


def test_every_checklist_says_where_or_whose(written, page):
    text = page.text
    for name in CHECKLISTS:
        assert name in text
    chapters = set(text)
    rows = read_csv(Path(small.__file__).parents[3] / "core/export/report/checklists.csv")[1]
    for *_, where in rows:
        first = where.split(";")[0].split(":")[0].strip()
        known = first in chapters or first.startswith(("author", "not applicable", "the ")) or ".csv" in where
        assert known, where


def test_every_plot_is_there_in_three_forms(written):
    folder = written[0] / "plots"
    names = {path.stem for path in folder.iterdir()}
    assert names >= {"kappa", "agreement", "bland-altman", "iron", "roc", "groups", "cases"}
    for name in names:
        assert (folder / f"{name}.svg").read_text(encoding="utf-8").rstrip().endswith("</svg>")
        with Image.open(folder / f"{name}.png") as picture:
            assert picture.info["dpi"] == pytest.approx((300, 300), abs=0.5)
            # not a blank
            assert len(np.unique(np.asarray(picture.convert("L")))) > 20
        assert read_csv(folder / f"{name}.csv")[1]


def test_the_numbers_of_a_plot_are_those_of_the_analysis(written):
    columns, rows = read_csv(written[0] / "plots" / "iron.csv")
    iron = [float(row[columns.index("icpms_ug_per_g")]) for row in rows]
    assert sorted(set(iron)) == pytest.approx(sorted(1.1 * value for value in small.IRON.values()))


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_no_page_is_empty_and_no_word_leaves_it(written):
    words = subprocess.run(
        ["pdftotext", "-bbox", str(written[0] / "report.pdf"), "-"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    pages = words.split("<page ")[1:]
    assert len(pages) > 3
    for each in pages:
        boxes = [
            tuple(map(float, box))
            for box in re.findall(r'xMin="([\d.-]+)" yMin="[\d.-]+" xMax="([\d.]+)"', each)
        ]
        assert len(boxes) > 10
        assert min(low for low, _ in boxes) > 20
        assert max(high for _, high in boxes) < 595 - 20
    assert "Agreement" in words


def _pdf_text(folder: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", str(folder / "report.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
def test_names_in_other_scripts_are_numbered_where_they_cannot_be_set(tmp_path):
    long = "Gruppe " + "außerordentlich" * 12
    names = {"x": "דוד לוי", "y": "王芳 Jürgen"}
    study = small.whole_study()
    study = replace(
        study,
        readings=tuple(
            replace(each, group=long if each.group == "vehicle" else "Ομάδα Б", rater=names[each.rater])
            for each in study.readings
            if each.field_t == 3.0
        ),
    )
    _written(study, tmp_path / "out")
    told = _pdf_text(tmp_path / "out")
    assert "Texts in scripts that this PDF cannot set are numbered in it" in told
    assert "Ομάδα Б" in told and "] Jürgen" in told
    html = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    for name in ("דוד לוי", "王芳"):
        assert name not in told
        (number,) = re.findall(rf"<td>(\[text \d\])</td><td>{name}</td>", html)
        assert number in told
        # in plots their font lacks them as well
        assert number in (tmp_path / "out" / "plots" / "agreement.svg").read_text(encoding="utf-8")


def test_a_word_wider_than_the_page_breaks_and_leaves_the_other_columns_alone(tmp_path):
    columns = {name: name for name in "abcdefghijk"}
    rows = [{name: "R" * 300 if name in "ab" else "24 h" for name in columns} for _ in range(3)]
    as_pdf(tmp_path / "long.pdf", "long", [grid(columns, rows, compact=False)], {})
    assert (tmp_path / "long.pdf").read_bytes().startswith(b"%PDF")


def test_a_study_of_one_reading_has_a_report_too(tmp_path):
    study = small.study(small.whole_study().readings[0], icpms=(), targets=())
    analysis = _written(study, tmp_path / "out")
    assert analysis.counts["readings"] == 1
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "No two raters can be compared." in text
    assert "kappa with the standard error" not in text
    assert "There are no ICP-MS values." in text
    assert "One rater alone read" in text
    assert not any(name in text for name in ("Passing-Bablok, and", "were compared by Obuchowski"))


def test_the_same_study_gives_the_same_report(written, tmp_path):
    study = _study()
    again = tmp_path / "again"
    again.mkdir()
    write_report(study, written[1], again, name="A <study> & more")
    for path in sorted(written[0].rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(written[0])).read_bytes(), path.name


def test_a_small_p_is_not_0_and_nothing_is_minus_0():
    found = grid({"p": "p", "value": "value"}, [{"p": 2e-5, "value": -2e-5}, {"p": 0.0214, "value": 1.5}])
    assert found.rows == [["< 0.001", "0.000"], ["0.021", "1.500"]]


def test_reasons_are_letters_that_the_table_explains():
    rows = [{"n": n, "reason": reason} for n, reason in enumerate(("few", "", "odd", "few"))]
    found = grid({"n": "n", "reason": "note"}, rows)
    assert [row[-1] for row in found.rows] == ["a", "", "b", "a"]
    assert found.remarks == ["a: few", "b: odd"]
    both = grid({"n": "n", "reason": "note"}, [{"n": 1, "reason": ["few", "odd"]}, {"n": 2, "reason": "odd"}])
    assert ([row[-1] for row in both.rows], both.remarks) == (["a, b", "b"], ["a: few", "b: odd"])
    many = grid({"reason": "note"}, [{"reason": str(n)} for n in range(28)])
    assert [row[0] for row in many.rows[25:]] == ["z", "aa", "ab"]
    assert grid({"n": "n", "reason": "note"}, [{"n": 1}, {"n": 2}], compact=False).headings == ["n"]


def test_texts_that_cannot_be_set_are_numbered_and_the_same_each_time():
    stand_ins = StandIns()
    told = stand_ins.set("דוד לוי, 王芳; Jürgen Ωmega E\u0301va (王芳)")
    assert told == "[text 1], [text 2]; Jürgen Ωmega Éva ([text 2])"
    assert stand_ins.set("مُحَمَّد 5 mm") == "[text 3] 5 mm"
    assert stand_ins.set("नमस्ते") == "[text 4]"
    assert list(stand_ins.found) == ["דוד לוי", "王芳", "مُحَمَّد", "नमस्ते"]


def test_what_all_rows_share_stands_once():
    found = grid({"a": "A", "b": "B", "c": "C"}, [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}])
    assert (found.headings, found.rows, found.note) == (["A"], [["1"], ["2"]], "In all rows B: x.")
