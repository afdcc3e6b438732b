"""`protocol check`: names line and fault, and changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import run
from core.reading.protocol import load_protocol

SHIPPED = Path(__file__).parents[3] / "resources" / "protocols"
SOUND = (SHIPPED / "lymph-nodes.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_shipped_is_valid(path, capsys):
    assert run(["protocol", "check", str(path), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    protocol = load_protocol(path)
    assert told["valid"] is True
    assert (told["id"], told["version"], told["sha256"]) == (protocol.id, protocol.version, protocol.sha256)
    assert told["questions"] == [question.id for question in protocol.questions]


def test_a_person_is_told_in_one_line(capsys):
    assert run(["protocol", "check", str(SHIPPED / "lymph-nodes.yaml")]) == 0
    assert "valid; lymph-nodes, version 1.0: 1 step, 6 questions" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wrong", "right", "fault"),
    [
        ("scope: node", "scope: nod", "the scope of 'node_pattern' should be one of"),
        ("measure: short_axis", "measure: shortest", "'measure' should be one of"),
        ("picture: node_dark", "picture: node_black", "'picture' should be one of"),
        ("is: [1]", "is: [7]", "wants 7, which is no choice of 'image_quality'"),
        ("least: 0.1", "least: 200", "'least' should be less than 'most'"),
        ("title: Lymph nodes under", "titel: Lymph nodes under", "'title' is missing"),
        ("steps:", "steps: {", "expected the node content"),
    ],
)
def test_line_and_fault_are_named(tmp_path, capsys, wrong, right, fault):
    path = tmp_path / "broken.yaml"
    text = SOUND.replace(wrong, right, 1)
    path.write_text(text, encoding="utf-8")
    assert run(["protocol", "check", str(path), "--json"]) == 1
    said = capsys.readouterr()
    told = json.loads(said.out)
    assert told["valid"] is False and fault in told["fault"]
    assert said.err == f"ferroread: {path} line {told['line']}: {told['fault']}\n"
    # the fault is in the entry that the line belongs to
    changed = next(number for number, line in enumerate(text.splitlines(), 1) if right in line)
    assert -1 <= changed - told["line"] <= 25
    assert path.read_text(encoding="utf-8") == text


def test_an_empty_file_and_none_at_all(tmp_path, capsys):
    empty = tmp_path / "empty.yaml"
    empty.write_text("")
    assert run(["protocol", "check", str(empty), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["line"] is None
    for way in ("check", "edit"):
        assert run(["protocol", way, str(tmp_path / "none.yaml")]) == 1
        assert "cannot be read as a protocol" in capsys.readouterr().err
