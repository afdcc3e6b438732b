"""What core and readers say, in the language of the windows.

They know no Qt and speak English, to the command line and to logs. What of it reaches a window is translated
at the border: a sentence is matched with the template that it was made from, the template is translated, and
what stood in for its values is put in again. What matches none stays as it is.
"""

from __future__ import annotations

import re
from functools import cache

from widgets.words import marked, said

TEMPLATES = (
    # core.reading: what is missing, what marks and edits are called, what the rules refuse
    marked("“{question}” is not answered"),
    marked("“{question}” is not answered for {mark}"),
    marked("the {kind} region is not drawn"),
    marked("the step “{step}” is not done"),
    marked("tumour"),
    marked("reference"),
    marked("reference tissue"),
    marked("noise"),
    marked("lesion"),
    marked("node"),
    marked("case"),
    marked("lesion {number}"),
    marked("node {number}"),
    marked("answer {value}"),
    marked("clear answer"),
    marked("mark {kind}"),
    marked("remove {kind}"),
    marked("move mark"),
    marked("draw {kind} region"),
    marked("change {kind} region"),
    marked("remove {kind} region"),
    # core.reading.contrast: where the noise is from
    marked("air SD/0.655 (one coil)"),
    marked("reference SD"),
    marked("difference image"),
    # app.messages
    marked("this is a bug in FerroRead ({kind_of_error} at {place}); the report could not be kept"),
    marked(
        "this is a bug in FerroRead ({kind_of_error} at {place}); nothing was changed. "
        "Please send {report} to us, it carries no identity"
    ),
)
# what in a template was itself made from one
_MADE = ("kind", "mark", "what", "missing", "reason")


def in_words(text: str) -> str:
    """Return a sentence of core or readers in the language of the windows."""
    for template, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            values = {
                name: "; ".join(in_words(part) for part in value.split("; ")) if name in _MADE else value
                for name, value in found.groupdict().items()
            }
            return said(template).format(**values)
    return text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each template with what matches sentences made from it, those that say most first."""
    made = []
    for template in TEMPLATES:
        parts = re.split(r"\{(\w+)\}", template)
        plain, names = parts[::2], parts[1::2]
        pattern = "".join(
            re.escape(text) + (f"(?P<{name}>.+)" if name else "")
            for text, name in zip(plain, [*names, ""], strict=True)
        )
        made.append((len("".join(plain)), template, re.compile(pattern, re.DOTALL)))
    return tuple(
        (template, pattern) for _, template, pattern in sorted(made, reverse=True, key=lambda each: each[0])
    )
