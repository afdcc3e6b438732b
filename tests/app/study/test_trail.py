"""The coordinator looks through the study's trail, and saves what is chosen of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton

from app.trail_dialog import TrailDialog
from core.export.tables import read_csv
from core.study.plan import set_plan
from tests.app.study.conftest import LEFT, Coordinator


def test_a_trail_is_narrowed_and_saved_as_it_is_shown(empty: Coordinator, tmp_path: Path) -> None:
    hand, study = empty, empty.window.desk.study
    set_plan(study, raters=["Rater A"])
    hand.qtbot.keyClick(
        hand.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    trail = hand.window.findChild(TrailDialog)
    actions = lambda: [row.cells[3] for row in trail.table.words.rows]  # noqa: E731
    assert actions() == [record.values["action"] for record in study.audit_records()]
    assert {"create", "plan"} < set(actions())
    trail.what.setCurrentText("plan")
    assert actions() == ["plan"] and "1 of" in trail.findChild(QLabel, "trail_count").text()
    for name, path in (("csv", tmp_path / "trail.csv"), ("pdf", tmp_path / "trail.pdf")):
        hand._chosen[:] = [str(path)]
        hand.qtbot.mouseClick(trail.findChild(QPushButton, "trail_save"), LEFT)
        assert f"Saved as trail.{name}" in trail.note.text()
    columns, rows = read_csv(tmp_path / "trail.csv")
    assert [row[columns.index("action")] for row in rows] == ["plan"]
    assert (tmp_path / "trail.pdf").read_bytes().startswith(b"%PDF")
    # that it was written out is on record, each time
    assert [record.values["action"] for record in study.audit_records()][-2:] == ["export", "export"]
    trail.what.setCurrentIndex(0)
    since = trail.findChild(QLineEdit, "trail_since")
    hand.qtbot.keyClicks(since, "x2999-")
    assert since.text() == "2999-" and actions() == []
    assert not trail.findChild(QPushButton, "trail_save").isEnabled()
    since.clear()
    hand.qtbot.keyClicks(trail.findChild(QLineEdit, "trail_about"), "rater a")
    assert actions() == ["plan"]
    trail.close()
