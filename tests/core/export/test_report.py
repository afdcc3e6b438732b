"""The report says what the tables say, needs no other file, and looks the same each time."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.export.report.blocks import grid
from core.export.report.document import CHECKLISTS, write_report
from core.export.report.methods import methods
from core.export.report.printed import as_pdf
from core.export.tables import read_csv
from core.statistics.analysis import Analysis, analyse
from core.study.records import SessionFacts, StudyData

sys.path.insert(0, str(Path(__file__).parents[1] / "statistics"))
import small_study as small


def _session(rater: str) -> SessionFacts:
    return SessionFacts(
        rater, 1, f"kit-{rater}-1", "reading", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z",
        "2026-01-01T02:00:00Z", 10, 0, 8, None, None, "", None, "", 0,
    )  # fmt: skip


def _written(study: StudyData, out: Path) -> Analysis:
    analysis = analyse(study)
    out.mkdir()
    write_report(study, analysis, out, name="A <study> & more")
    return analysis


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    study = replace(small.whole_study(), sessions=tuple(map(_session, ("x", "y"))))
    out = tmp_path_factory.mktemp("report") / "out"
    return out, _written(study, out)


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
    assert text.index("interim look: 4 of 20 cases dealt are not signed") < text.index("R2* and iron")
    # ten dealt, eight signed
    assert re.search(r"x 1 reading 10 0 8 2 0 0 0", text)


def test_the_methods_say_what_auto_means(page):
    text = " ".join(page.text)
    assert "fitted by an unrecorded method to 3 echoes" in text
    study = small.study(small.whole_study().readings[0])
    study = replace(study, images=lambda scan: replace(small.images_of(scan), fit_method="auto"))
    (told,) = [
        block.text for block in methods(study, analyse(study)) if "fitted by" in getattr(block, "text", "")
    ]
    assert "least squares where every echo is far above the noise, else maximum likelihood" in told


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


def test_the_pdf_has_names_in_other_scripts_and_of_any_length(tmp_path):
    long = "Gruppe " + "außerordentlich" * 12
    study = small.whole_study()
    study = replace(
        study,
        readings=tuple(
            replace(each, group=long if each.group == "vehicle" else "Ομάδα Б", rater=f"Jürgen {each.rater}")
            for each in study.readings
        ),
    )
    _written(study, tmp_path / "out")
    assert (tmp_path / "out" / "report.pdf").read_bytes().startswith(b"%PDF")


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
    study = replace(small.whole_study(), sessions=tuple(map(_session, ("x", "y"))))
    again = tmp_path / "again"
    again.mkdir()
    write_report(study, written[1], again, name="A <study> & more")
    for path in sorted(written[0].rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (again / path.relative_to(written[0])).read_bytes(), path.name


def test_a_small_p_is_not_0_and_nothing_is_minus_0():
    found = grid({"p": "p", "value": "value"}, [{"p": 2e-5, "value": -2e-5}, {"p": 0.0214, "value": 1.5}])
    assert found.rows == [["< 0.001", "0.000"], ["0.021", "1.500"]]


def test_what_all_rows_share_stands_once():
    found = grid({"a": "A", "b": "B", "c": "C"}, [{"a": 1, "b": "x"}, {"a": 2, "b": "x"}])
    assert (found.headings, found.rows, found.note) == (["A"], [["1"], ["2"]], "In all rows B: x.")
