"""The desktop knows a kit by its file, and the program that opens it."""

from __future__ import annotations

import configparser
from pathlib import Path
from xml.etree import ElementTree

from core.study.database import KIT
from core.study.kit import FILE_NAME

DESKTOP = Path(__file__).resolve().parents[2] / "resources" / "desktop"
SPACE = "{http://www.freedesktop.org/standards/shared-mime-info}"


def test_a_kit_is_known_by_its_id_and_its_name() -> None:
    (kind,) = ElementTree.parse(DESKTOP / "ferroread.xml").getroot()
    header, number = kind.iter(f"{SPACE}match")
    assert header.get("value") == "SQLite format 3" and int(number.get("offset", "")) == 68
    assert int(number.get("value", ""), 16) == KIT.application_id
    assert [glob.get("pattern") for glob in kind.iter(f"{SPACE}glob")] == [FILE_NAME]

    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read(DESKTOP / "ferroread.desktop", encoding="utf-8")
    told = entry["Desktop Entry"]
    assert told["MimeType"] == f"{kind.get('type')};" and told["Exec"].split() == ["ferroread", "%f"]
    assert (DESKTOP / f"{told['Icon']}.svg").is_file()
