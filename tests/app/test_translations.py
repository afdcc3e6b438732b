"""Every text of the windows is in every translation file, translated, with all that stands in for values."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

from app.language import LANGUAGES, TRANSLATIONS

ROOT = Path(__file__).parents[2]
OTHERS = sorted(set(LANGUAGES) - {"en"})
LOOKED_UP = (ast.Name, ast.Attribute, ast.Subscript)
HOW = "run `make translations`, translate what is unfinished, run it again (docs/translation.md)"


@dataclass(frozen=True, order=True)
class Text:
    """What lupdate knows of a text: the same words may be translated otherwise in another context."""

    context: str
    source: str
    comment: str = ""
    plural: bool = False


class Sources(ast.NodeVisitor):
    """Finds the texts of a module as lupdate does; `wrong` are calls that nobody could translate."""

    def __init__(self, path: Path) -> None:
        self.texts: set[Text] = set()
        self.wrong: list[str] = []
        self._path, self._classes = path, [""]
        self.visit(ast.parse(path.read_text(encoding="utf-8")))

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_Call(self, node: ast.Call) -> None:
        name = called(node)
        words = [argument.value if isinstance(argument, ast.Constant) else argument for argument in node.args]
        # pictures are translated too; and what a table holds is marked there, and looked up by its name
        says = name == "translate" and isinstance(words[0], str) and not isinstance(words[1], LOOKED_UP)
        if name in ("tr", "marked"):
            self._note(node, [self._classes[-1], *words])
        elif says:
            self._note(node, words)
        self.generic_visit(node)

    def _note(self, node: ast.Call, words: list[object]) -> None:
        context, source, comment, *number = [*words, ""] if len(words) == 2 else words
        if not all(isinstance(word, str) for word in (context, source, comment)) or node.keywords:
            self.wrong.append(f"{self._path}:{node.lineno}: not plain strings, in their places")
        elif number and called(node) != "tr":
            self.wrong.append(f"{self._path}:{node.lineno}: lupdate finds plural forms in self.tr(...) only")
        elif called(node) == "marked" and context:
            self.wrong.append(f"{self._path}:{node.lineno}: in a class texts are said with self.tr(...)")
        else:
            self.texts.add(Text(context, source, comment, bool(number)))


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def modules() -> Iterator[Path]:
    for folder in ("app", "widgets"):
        yield from sorted((ROOT / folder).rglob("*.py"))


@pytest.fixture(scope="module")
def texts() -> set[Text]:
    found = [Sources(path) for path in modules()]
    assert not [wrong for each in found for wrong in each.wrong]
    return set().union(*(each.texts for each in found))


def translations(language: str) -> dict[Text, list[str | None]]:
    """Read a .ts file: the forms of each text, None for what is not finished."""
    found: dict[Text, list[str | None]] = {}
    for context in ET.parse(TRANSLATIONS / f"ferroread_{language}.ts").getroot().findall("context"):
        for message in context.findall("message"):
            plural = message.get("numerus") == "yes"
            text = Text(
                context.findtext("name", ""), message.findtext("source", ""),
                message.findtext("comment", ""), plural,
            )  # fmt: skip
            given = message.find("translation")
            assert given is not None
            forms = [form.text for form in given.findall("numerusform")] if plural else [given.text]
            found[text] = forms if given.get("type") is None else [None]
    return found


def stand_ins(text: str) -> list[str]:
    """What is put in for a value: {name}, %n."""
    return sorted(re.findall(r"\{[^}]*\}|%n", text))


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_of_the_sources_is_in_the_file_and_no_other(texts, language):
    there = set(translations(language))
    assert sorted(texts - there) == [], HOW
    assert sorted(there - texts) == [], HOW


def test_english_has_the_plural_forms(texts):
    assert set(translations("en")) == {text for text in texts if text.plural}, HOW


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_text_is_translated(language):
    missing = [text for text, forms in translations(language).items() if not all(forms)]
    assert missing == [], HOW


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_translations_hold_what_stands_in_for_values_and_the_same_ends(language):
    for text, forms in translations(language).items():
        for form in filter(None, forms):
            assert stand_ins(form) == stand_ins(text.source), text
            # spaces, line ends and the … of what asks on are part of how a text is put on the screen
            for end in (r"^\s*", r"[\s…:]*$"):
                assert re.search(end, form).group() == re.search(end, text.source).group(), text


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_what_qt_reads_was_made_of_the_file(language):
    made = QTranslator()
    assert made.load(str(TRANSLATIONS / f"ferroread_{language}.qm")), HOW
    for text, forms in translations(language).items():
        # one of a thing, then several: the order of the forms in the languages that we have
        for number, form in zip((1, 2), forms, strict=False):
            got = made.translate(text.context, text.source, text.comment, number if text.plural else -1)
            assert got == form, HOW


def test_every_file_is_of_a_language_that_is_offered():
    kinds = {suffix: {path.stem for path in TRANSLATIONS.glob(f"*.{suffix}")} for suffix in ("ts", "qm")}
    assert kinds["ts"] == kinds["qm"] == {f"ferroread_{language}" for language in LANGUAGES}
