"""What core and readers say reaches a window in its language, however it was put together."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import pytest

from app.core_texts import TEMPLATES
from app.core_words import in_words
from app.language import speak
from app.study_texts import STUDY_TEMPLATES
from core.study.records import Scan
from core.study.tells import Looks, tells
from tests.translators import speaking

ROOT = Path(__file__).parents[2]
# what speaks to a person in a window; what the others say stays English
_RATERS_WORDS = (
    *(
        "air",
        "contrast",
        "edit_base",
        "edits",
        "margin",
        "measuring",
        "proposals",
        "proposed",
        "questions",
        "reading",
        "roi_edits",
        "rules",
        "tool_edits",
    ),
    # the coordinator's, in the protocol editor
    *("asking", "fields", "hanging", "protocol"),
)
SPEAKERS = (
    *(ROOT / "readers").glob("*.py"),
    *(ROOT / "core" / "reading" / f"{name}.py" for name in _RATERS_WORDS),
    *(
        ROOT / "core" / "study" / f"{name}.py"
        for name in (
            *(
                "adjudicating",
                "blinding",
                "clock",
                "database",
                "dealing",
                "dealt_case",
                "dealt_kit",
                "evening",
                "forgotten",
            ),
            *(
                "log_in",
                "names",
                "password",
                "people",
                "pictures",
                "plan",
                "store",
                "training_set",
                "unblinding",
                "washout",
            ),
            *("served_kit", "server_address", "study_database", "study_place"),
        )
    ),
    *(ROOT / "core" / "study").glob("kit*.py"),
    *(ROOT / "core" / "relaxometry" / f"{name}.py" for name in ("engine", "fit")),
    *(ROOT / "core" / "imaging" / f"{name}.py" for name in ("coverage", "region_numbers", "roi")),
    ROOT / "core" / "imaging" / "common_grid.py",
    ROOT / "core" / "imaging" / "plain_nifti.py",
    *(ROOT / "core" / "imaging" / "regions").glob("*.py"),
    ROOT / "core" / "files.py",
    *(ROOT / "readers" / "pacs").glob("*.py"),
)
# look like sentences and are none, or are put into one that is known whole
NOT_SAID = (
    "as proposed",
    "it is no readers.formats.Format",  # to the log
    "Bearer 7",
    "it does not answer, or its certificate is not trusted; check the network, host and port",
    "it does not answer; check the network, host and port",
    "it does not know this AE title as a place to send to; ask who keeps it",
    "its certificate is not trusted, or it asks for one of yours; add the server anew",
    "7: 7 files were changed after they came; move them away, or add --force to fetch them again",
    "Bruker ParaVision",
    "Bruker BioSpin",
    "SELECT version_num FROM alembic_version",
    "SELECT * FROM audit 7 ORDER BY sequence",
    "|mean tumour - mean reference| / sigma",
    "several echo numbers but one echo time (7 ms); the true ones are lost",
    " or add --force to replace it",
    " and 7 more",
    ", and 7 more 7",
    "the field is not in the header; give it with --field",
    "7 stack 7",
    "no decoder answers so",
    " (7 ms)",
    "end of stream",
    "not answered",
    "7 of 7, 7",
    "7 of 7, 7 at 7 T",
    "7 T: 7 voxels of 7 mm",
    "the study's protocol",
    # open to every role, so never refused
    "backing the study up",
    "changing one's own password",
    "checking the study",
    "listing who works at the study",
    "looking at scans",
    "planning the precision",
    "seeing how far the study is",
)


def sentences(path: Path) -> set[str]:
    """Return the strings of a module that read like sentences, with 7 for each value."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, (ast.JoinedStr, ast.Expr))
        for part in ast.walk(node)
        if part is not node and not isinstance(getattr(node, "value", None), ast.Call)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in inner:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif isinstance(node, ast.JoinedStr):
            text = ""
            for part in node.values:
                if isinstance(part, ast.Constant):
                    text += part.value
                # what follows a word without a space is a part that may be missing
                elif not text[-1:].isalnum():
                    text += "7"
            found.add(text)
    return {text for text in found if re.search(r"[a-z]{2,} [a-z(\d]|\d [a-z]{2,}", text)}


def without_words(text: str) -> str:
    """Translate into nothing but what stands in for values."""
    return " ".join(re.findall(r"\{\w+\}", text)) or "-"


@pytest.mark.parametrize("path", SPEAKERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_sentence_is_known(path, qapp):
    with speaking(qapp, without_words):
        left = {text for text in sentences(path) - set(NOT_SAID) if re.search("[a-z]", in_words(text))}
    assert not left, "add these to app/core_texts.py, then run `make translations` (docs/translation.md)"


def test_no_sentence_is_kept_that_nobody_says_any_more():
    said = []
    for folder in ("app", "core", "readers"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name not in ("core_texts.py", "study_texts.py"):
                text = path.read_text(encoding="utf-8")
                constants = (
                    node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)
                )
                said += [text.replace("_", " ").lower(), *(str(value).lower() for value in constants)]
    everything = "\n".join(said)
    parts = {
        text: max(re.split(r"\{\w+\}", text), key=len).strip(" :;,.()").lower()
        for text in (*TEMPLATES, *STUDY_TEMPLATES)
    }
    # the import window says of the field what can be done there
    del parts["the field is not in the header; type it below"]
    assert [text for text, part in parts.items() if part not in everything] == []


@pytest.mark.parametrize("path", SPEAKERS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_english_stays_as_it_was_said(path, qapp):
    speak(qapp, "en")
    for text in sentences(path):
        assert in_words(text) == text


@pytest.fixture
def german(qapp):
    speak(qapp, "de")
    yield
    speak(qapp, "en")


@pytest.mark.parametrize(
    ("english", "german_words"),
    [
        ("case K7 cannot be signed yet: “Grade: which?” is not answered; the tumour region is not drawn",
         "Fall K7 lässt sich noch nicht signieren: „Grade: which?“ ist nicht beantwortet; "
         "die Tumor-ROI ist nicht eingezeichnet"),
        ("“A” is not answered; “B” is not answered for lesion 2",
         "„A“ ist nicht beantwortet; „B“ ist für Läsion 2 nicht beantwortet"),
        ("the tumour region is not drawn; the noise region is not drawn",
         "die Tumor-ROI ist nicht eingezeichnet; die Luft-ROI ist nicht eingezeichnet"),
        ("/a b/x.kit: the noise region of case K7 was altered; ask the coordinator for an intact copy",
         "/a b/x.kit: die Luft-ROI von Fall K7 wurde verändert; "
         "bitten Sie die Studienkoordination um eine unversehrte Kopie"),
        ("C:\\scans\\1.dcm: is cut short: 5 of 10 bytes of pixels; copy it again",
         "C:\\scans\\1.dcm: ist abgeschnitten: 5 von 10 Byte Pixel; kopieren Sie es neu"),
        ("/in: no picture in 20 files (12 of them: is empty; 8 of them: is not a regular file)",
         "/in: kein Bild in 20 Dateien (12 davon: ist leer; 8 davon: ist keine gewöhnliche Datei)"),
        ("magnitude is incomplete: echo 2 of 6 (5 ms) lacks 3 of 8 slices, and 2 more echoes; it is left out",
         "Magnitude ist unvollständig: Echo 2 von 6 (5 ms) fehlen 3 von 8 Schichten, und 2 weitere Echos; "
         "wird ausgelassen"),
        ("3 places have several echo numbers but one echo time (5 ms); the true ones are lost",
         "3 Stellen haben mehrere Echonummern, aber eine Echozeit (5 ms); die wahren sind verloren"),
        ("holds real and imaginary only, no magnitude",
         "enthält nur Realteil und Imaginärteil, keine Magnitude"),
        ("/a/x.kit/kit.sqlite: this is not the content of a FerroRead kit, or it is damaged",
         "/a/x.kit/kit.sqlite: das ist nicht der Inhalt eines FerroRead-Kit oder er ist beschädigt"),
        ("magnitude: stored values; phase: radians", "Magnitude: gespeicherte Werte; Phase: Radiant"),
        ("2 volumes without echo times; list them, in seconds, as EchoTime in x.json, or type them below",
         "2 Volumen ohne Echozeiten; nennen Sie sie, in Sekunden, als EchoTime in x.json, "
         "oder geben Sie sie unten ein"),
        ("flags: outside mask 12, failed 3, below noise 0", "Flags: außerhalb der Maske 12, gescheitert 3, "
         "unter dem Rauschen 0"),
    ],
)  # fmt: skip
def test_what_was_put_together_is_translated_part_by_part(german, english, german_words):
    assert in_words(english) == german_words


def test_what_nobody_knows_stays_as_it_is(german):
    assert in_words("the flux capacitor is cold: warm it; then try again") == (
        "the flux capacitor is cold: warm it; then try again"
    )


@pytest.mark.parametrize("language", ["de"], indirect=True)
def test_whatever_tells_visits_apart_has_its_german(language):
    for part in Looks.__annotations__:
        line = f"3 T: visits differ in {part.replace('_', ' ')}: baseline 1 (2); 24 h 2 (2)"
        told = in_words(line)
        assert "unterscheiden sich" in told and part.replace("_", " ") not in told


def test_scans_that_look_like_no_other_have_their_german(german):
    looks = {scan: replace(Looks("1", "1", "1", ""), orientation=scan, gre3d=scan) for scan in ("a", "b")}
    (line,) = tells(looks, [Scan(scan, scan, "group", "visit", 3.0) for scan in looks])
    assert in_words(line).startswith("3 T: 2 von 2 Scans gleichen keinem anderen (")
    assert "orientation" not in in_words(line)
