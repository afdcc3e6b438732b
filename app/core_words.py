"""What core and readers say, in the language of the windows.

They know no Qt and speak English, to the command line and to logs. What of it reaches a window is translated
at the border: a sentence is matched with the template that it was made from, the template is translated, and
what stood in it is put in again. What matches none stays as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from app.core_texts import TEMPLATES
from app.study_texts import STUDY_TEMPLATES
from widgets.words import marked, said

# what stands in a template under these names may itself be of core's words
_MADE = ("flags", "how", "kind", "listed", "map", "mark", "part", "reason", "scaling", "what", "where")
# what a value of these names looks like; others hold no ";", which joins sentences
_VALUES = {
    **dict.fromkeys(("alias", "count", "number"), r"\S+"),
    **dict.fromkeys(("flags", "folder", "path", "reason", "report", "scaling", "values", "where"), ".+?"),
    # what a path stands before is a sentence of its own
    "what": "(?:(?!: ).)+?",
    "listed": r"\d+(?: \([^()]*\))?",
    "name": "[^,;]+",
}
_AND = marked(" and ")
_STAND_IN = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class _Template:
    """A template with its longest part without a value."""

    text: str
    plain: str

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What matches its sentences; made when first needed: all of them take a tenth of a second."""
        plain, names = _STAND_IN.split(self.text)[::2], _STAND_IN.findall(self.text)
        pattern = re.escape(plain[0])
        for name, before, after in zip(names, plain, plain[1:], strict=False):
            # what is quoted ends where the quotation does
            value = "[^”]+" if before.endswith("“") else _VALUES.get(name, "[^;]+?")
            pattern += f"(?P<{name}>{value}){re.escape(after)}"
        return re.compile(pattern, re.DOTALL)


def in_words(text: str) -> str:
    """Return a sentence of core or readers, or several joined to a list, in the language of the windows."""
    strict = _matched(text) or _listed(text)
    return strict or _matched(text, loose=True) or text


def _matched(text: str, *, loose: bool = False) -> str:
    """Translate one sentence, "" if no template fits; only `loose` takes templates without any word."""
    fitting = _fitting(text, loose)
    if fitting is None:
        return ""
    template, values = fitting
    made = {name: in_words(value) if name in _MADE else value for name, value in values.items()}
    return said(template.text).format(**made)


@lru_cache(maxsize=1000)
def _fitting(text: str, loose: bool) -> tuple[_Template, dict[str, str]] | None:
    """Return the template that a sentence was made from, and what stood in it.

    What follows a hand asks for the same again and again.
    """
    for plain, template in _templates(loose):
        if plain in text:
            found = template.pattern.fullmatch(text)
            if found is not None:
                return template, found.groupdict()
    return None


def _listed(text: str) -> str:
    """Translate sentences joined to a list, "" if one of them fits no template."""
    for joint in ("; ", ", ", _AND):
        pieces, done = text.split(joint), []
        while pieces:
            # a sentence may hold the joint itself
            heads = ((count, _matched(joint.join(pieces[:count]))) for count in range(len(pieces), 0, -1))
            count, words = next((head for head in heads if head[1]), (0, ""))
            if not words:
                break
            done.append(words)
            pieces = pieces[count:]
        if not pieces:
            return said(joint).join(done)
    return ""


@cache
def _templates(loose: bool) -> tuple[tuple[str, _Template], ...]:
    """Return the templates of words, or those without any, behind their plain parts; the fullest first."""
    made = []
    for text in (*TEMPLATES, *STUDY_TEMPLATES):
        plain = _STAND_IN.split(text)[::2]
        letters = sum(map(str.isalpha, "".join(plain)))
        if bool(letters) != loose:
            made.append((letters, _Template(text, max(plain, key=len))))
    made.sort(key=lambda each: -each[0])
    return tuple((template.plain, template) for _, template in made)
