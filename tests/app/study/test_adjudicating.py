"""Two raters disagree: a third one's kit is dealt from the window, and no answer is told."""

from __future__ import annotations

from pathlib import Path

from app.protocols.window import SHIPPED
from core.study.kit import Kit
from tests.app.study.conftest import Coordinator
from tests.app.study.test_study_window import deal
from tests.core.study.conftest import read_case


def test_a_third_reader_gets_what_two_disagree_on(filled: Coordinator, tmp_path: Path):
    text = (SHIPPED / "tumour-and-nodes.yaml").read_text(encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(f"{text}\nadjudication: {{ordinal: 1}}\n", encoding="utf-8")
    filled.go("raters")
    for rater in ("Ann", "Ben"):
        filled.type("raters_name", rater)
        filled.press("raters_add")
    filled.go("protocol")
    filled.press("protocol_file", own)
    filled.press("protocol_use")
    kits = deal(filled, tmp_path / "kits", "ann", "ben")
    filled.go("adjudicate")
    assert "First collect two readers" in filled.stand and not filled.enabled("adjudicate_deal")
    for path, confidence in zip(kits, (4, 1), strict=True):
        with Kit.open(path) as kit:
            for case in kit.cases():
                read_case(kit, case.alias, confidence)
    filled.go("collect")
    filled.press("collect_collect", tmp_path / "kits")
    filled.go("adjudicate")
    assert "First name a third reader" in filled.stand
    filled.go("raters")
    filled.type("raters_name", "Cleo")
    filled.press("raters_add")
    filled.go("adjudicate")
    filled.press("adjudicate_deal", tmp_path / "cleo.kit")
    assert filled.cells("adjudicate_table")[0][:3] == ("Cleo", "1", "2"), filled.message
    assert filled.stand == "A third reader has a kit"
