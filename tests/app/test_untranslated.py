"""No text of a window stands in the sources without a way to translate it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WINDOWS = (
    *(ROOT / "widgets").glob("*.py"),
    *(ROOT / "app" / "analysis").glob("*.py"),
    *(ROOT / "app" / "reading").glob("*.py"),
    *(ROOT / "app" / "importing").glob("*.py"),
    *(ROOT / "app" / "protocols").glob("*.py"),
    *(ROOT / "app" / "study" / "pages").glob("*.py"),
    *(
        ROOT / "app" / "study" / f"{name}.py"
        for name in ("desk", "holdings", "looking", "new_study", "text_dialog", "window")
    ),
    *(path for path in (ROOT / "app").glob("*.py") if "PySide6" in path.read_text(encoding="utf-8")),
)
TRANSLATING = ("tr", "translate", "marked")
# read like texts and are none: names of lanes and states, and what is looked for in what others say
NOT_SHOWN = {
    "app/importing/entries.py": {
        "not ready", "the field is not", "give it with --field", "type it below", "7, or type them below",
        " EchoTime in ",
    },
    "app/importing/archive.py": {", or add --force to fetch them again"},
    "app/importing/finding.py": {"first picture"},
    "app/importing/layout.py": {"not ready"},
    "app/importing/mapping.py": {" or add --force to replace it"},
    "app/importing/pictures.py": {"left and right are unknown", "fitting R2*"},
    "app/reading/opinions.py": {"ended early", "not answered"},
    "app/reading/trial.py": {"trial slice", "trial volume", "trial made ready"},
    "app/study/pages/series.py": {"looking for pictures"},
    "widgets/decay_plot.py": {"TE (ms)"},
    "widgets/volume_grey.py": {"the 3D picture was stopped"},
    # said before there is a window
    "app/startup.py": {"this machine has no fonts; install one, for instance the package fonts-dejavu-core"},
}  # fmt: skip


def texts(path: Path) -> set[str]:
    """Return the strings that read like a text and are not given to what translates, 7 for each value."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            known |= {id(word) for word in node.args} if name in TRANSLATING else set()
        elif isinstance(node, ast.Expr):
            known.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            known |= {
                id(part) for part in ast.walk(node) if part is not node and not isinstance(part, ast.Call)
            }
    found = set()
    for node in ast.walk(tree):
        if id(node) not in known and isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        elif id(node) not in known and isinstance(node, ast.JoinedStr):
            parts = (part.value if isinstance(part, ast.Constant) else "7" for part in node.values)
            found.add("".join(map(str, parts)))
    return {text for text in found if re.search(r"[A-Za-z]{2,}[,;:.]? [a-z(]{2}", text)}


@pytest.mark.parametrize("path", WINDOWS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_text_can_be_translated(path):
    left = texts(path) - NOT_SHOWN.get(path.relative_to(ROOT).as_posix(), set())
    assert not left, "mark these for translation as docs/translation.md tells, then run `make translations`"
