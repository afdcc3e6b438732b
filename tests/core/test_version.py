"""Which FerroRead this is: other code, other version."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from core.version import code_digest, program_version


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    (tmp_path / "core" / "fits").mkdir(parents=True)
    (tmp_path / "readers").mkdir()
    (tmp_path / "core" / "fits" / "one.py").write_bytes(b"RATE = 1\nTIME = 2\n")
    (tmp_path / "readers" / "two.py").write_bytes(b"")
    return tmp_path


def test_the_version_names_the_code() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", program_version())


def test_other_code_has_another_digest(copied: Path) -> None:
    made = {code_digest(copied)}
    (copied / "core" / "fits" / "one.py").write_bytes(b"RATE = 1\nTIME = 3\n")
    made.add(code_digest(copied))
    shutil.move(copied / "readers" / "two.py", copied / "readers" / "three.py")
    made.add(code_digest(copied))
    assert len(made) == 3


def test_the_same_code_has_the_same_digest_on_every_computer(copied: Path) -> None:
    made = code_digest(copied)
    (copied / "core" / "fits" / "one.py").write_bytes(b"RATE = 1\r\nTIME = 2\r\n")
    (copied / "core" / "fits" / "__pycache__").mkdir()
    (copied / "core" / "fits" / "__pycache__" / "one.pyc").write_bytes(b"compiled")
    assert code_digest(copied) == made
