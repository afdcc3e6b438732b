"""A folder nobody has looked at: found, put right, looked at, mapped and saved, by hand."""

from __future__ import annotations

import json
import shutil
import threading

import nibabel as nib
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QProgressBar, QPushButton, QToolButton, QWidget

from app import settings
from app.cli import run
from app.importing import finding, mapping
from app.importing import window as import_window
from core.imaging.nifti import read_nifti
from core.relaxometry.fit import Flag
from readers import inspect
from tests.app.commands.coordinator import R2STAR0, RELAXIVITY, write_scan
from tests.app.commands.test_map_corrections import decay
from tests.app.importing.conftest import drop
from tests.readers.scanner import make_scan, write_classic
from tests.readers.test_nifti_input import write as nib_write
from tests.threads import our_threads
from tests.widgets.hands import click, hover
from widgets.preview_pane import PreviewPane
from widgets.text_table import TextTable

IRON = 0.3
RATE = R2STAR0 + RELAXIVITY * IRON


def type_into(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


def states(window):
    return [row.cells[1] for row in window.series.words.rows]


def test_a_folder_that_is_dropped_is_inspected_mapped_and_shown(tmp_path, opened, qtbot):
    window = opened(write_scan(tmp_path / "scan", IRON, seed=1))
    assert len(window.finding.entries) == 3
    assert states(window).count("ready") == 1
    maps = window.mapping.made.maps
    assert np.nanmedian(maps.r2star_per_s) == pytest.approx(RATE, rel=0.02)
    picture, shown = window.preview.views
    # no colour where a value means nothing
    trusted = np.where(maps.flags == 0, maps.r2star_per_s, np.float32(np.nan))
    np.testing.assert_array_equal(shown.overlay.volume.data, trusted)
    assert picture.volume.data.shape == maps.r2star_per_s.shape
    assert window.colour_bar.isVisible()
    assert "R2*: median" in window.form.result.text()
    # the value under the pointer is that of the voxel under the pointer
    voxel = (2, 12, 9)
    for view in (picture, shown):
        view.show_position(maps.geometry.to_mm(voxel))
        hover(view, QPointF(view.point_at(maps.geometry.to_mm(voxel))))
        assert f"R2* {maps.r2star_per_s[voxel]:.1f} ± {maps.se_per_s[voxel]:.3g} 1/s" in window.probe.text()
    picture.show_position(maps.geometry.to_mm((2, 1, 1)))
    hover(picture, QPointF(picture.point_at(maps.geometry.to_mm((2, 1, 1)))))
    assert window.probe.text().endswith("R2* –    outside the mask")


def test_each_series_says_what_stands_against_it(tmp_path, opened, qtbot):
    window = opened(write_scan(tmp_path / "scan", IRON, seed=2))
    window.series.setFocus()
    told = {}
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_Down):
        qtbot.keyClick(window.series, key, Qt.KeyboardModifier.ControlModifier if key == Qt.Key.Key_Home else
                       Qt.KeyboardModifier.NoModifier)  # fmt: skip
        qtbot.waitUntil(lambda: not window.workers.busy)
        entry = window.finding.entries[window._chosen]
        told[entry.info.sequence, entry.info.acquisition] = (
            window.maps.view.waiting_for,
            window.form.map.isEnabled(),
            [text.text() for text in window.form.findChildren(QWidget, "problem-0")],
        )
    waits, can_map, problems = told["SE", "2D"]
    assert "spin echo" in waits and not can_map
    assert any("spin echo" in text.lower() for text in problems)
    assert sum(can_map for _, can_map, _ in told.values()) == 1


def test_echo_times_that_are_typed_make_a_series_ready_and_its_map_that_of_the_command(
    tmp_path, opened, qtbot, capsys, monkeypatch
):
    decay(tmp_path / "in", "gre.nii")
    window = opened(tmp_path / "in")
    assert states(window) != ["ready"]
    assert "none in the files, type 4" in window.form.notes["times"].text()
    assert window.pictures.slider.maximum() == 3
    type_into(qtbot, window.form.times, "5, 10, 20")
    assert "3 echo times were given for 4" in window.messages.text.text()
    assert window.form.times.text() == ""
    type_into(qtbot, window.form.times, "5, 10, 20, 40")
    assert states(window) == ["ready"]
    qtbot.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.mapping.made is not None, timeout=60_000)
    out = tmp_path / "maps"
    monkeypatch.setattr(import_window.QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    click(window.form.save, window.form.save.rect().center())
    qtbot.waitUntil(lambda: "written to" in window.messages.text.text())
    report = json.loads((out / "map.json").read_text())
    assert report["te_ms"] == [5, 10, 20, 40]
    words = list(report["command"])
    words[words.index("--out") + 1] = str(tmp_path / "by command")
    assert run(words) == 0
    for path in sorted(out.glob("*.nii.gz")):
        mine, theirs = read_nifti(path), read_nifti(tmp_path / "by command" / path.name)
        np.testing.assert_array_equal(mine.data, theirs.data)
    # what is there is not written over
    click(window.form.save, window.form.save.rect().center())
    qtbot.waitUntil(lambda: "already exists" in window.messages.text.text())
    assert "--force" not in window.messages.text.text()


def test_a_field_is_given_where_the_header_has_none(tmp_path, opened, qtbot):
    decay(tmp_path, "gre.nii")
    window = opened(tmp_path)
    assert "not in the header" in window.form.notes["field"].text()
    type_into(qtbot, window.form.field, "-3")
    assert "positive" in window.messages.text.text()
    type_into(qtbot, window.form.field, "0,064")
    assert window.series.words.rows[0].cells[3] == "0.064 T, yours"
    assert not any("field" in problem for problem in window.finding.entries["0"].problems)
    type_into(qtbot, window.form.field, "")
    assert window.series.words.rows[0].cells[3] == "not known"


def test_a_field_of_the_header_cannot_be_overruled(tmp_path, opened):
    write_classic(tmp_path / "scan", make_scan(3, echoes=1, field_t=3.0))
    window = opened(tmp_path)
    assert window.form.field.isReadOnly()
    assert window.form.notes["field"].text() == "T, from the header"
    assert window.form.field.accessibleDescription() == "T, from the header"


def test_what_a_file_shows_is_chosen_where_only_its_name_tells(tmp_path, opened, qtbot):
    decay(tmp_path, "phase.nii")
    window = opened(tmp_path)
    type_into(qtbot, window.form.times, "5 10 20 40")
    assert "holds phase only" in states(window)[0]
    window.form.part.setFocus()
    qtbot.keyClick(window.form.part, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: states(window) == ["ready"])
    qtbot.waitUntil(lambda: not window.workers.busy)
    assert window.pictures.choice.currentText() == "Magnitude"


def test_letters_are_not_shown_where_left_and_right_are_unknown(tmp_path, opened, qtbot):
    told = opened(write_scan(tmp_path / "scan", IRON, seed=15))
    assert told.pictures.view.show_texts
    nib.save(nib.Nifti1Image(np.ones((6, 5, 4, 3), np.float32), None), tmp_path / "lost.nii")
    window = opened(tmp_path / "lost.nii")
    assert any("left and right" in problem for problem in window.finding.entries["0"].problems)
    assert not window.pictures.view.show_texts
    # the key brings back what is known, and no letters
    for _ in range(2):
        qtbot.keyClick(window, Qt.Key.Key_H)
    assert not window.pictures.view.show_texts


def test_a_series_that_is_left_out_is_not_mapped_until_it_is_used_again(tmp_path, opened, qtbot):
    window = opened(write_scan(tmp_path / "scan", IRON, seed=4))
    click(window.form.left_out, window.form.left_out.rect().center())
    assert "left out by you" in states(window)
    assert not window.form.map.isEnabled()
    assert window.preview.views[1].volume is None
    click(window.form.left_out, window.form.left_out.rect().center())
    assert "ready" in states(window)
    click(window.form.map, window.form.map.rect().center())
    qtbot.waitUntil(lambda: window.mapping.made is not None, timeout=60_000)


def test_the_list_is_copied_as_a_table_with_what_inspect_says(tmp_path, opened, qtbot):
    folder = write_scan(tmp_path / "scan", IRON, seed=5)
    (folder / "=note.txt").write_text("no picture")
    window = opened(folder)
    window.series.setFocus()
    qtbot.keyClick(window.series, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    header, *rows = [line.split("\t") for line in QGuiApplication.clipboard().text().split("\n")]
    found = [series.as_json() for series in inspect([folder]).series]
    assert header[:-1] == list(found[0])
    assert [row[0] for row in rows] == [series["id"] for series in found]
    assert [row[header.index("problems")] for row in rows] == ["; ".join(s["problems"]) for s in found]
    click(window.show_skipped, window.show_skipped.rect().center())
    assert window.skipped.words.rows[0].cells[0] == "=note.txt"
    click(window.findChild(QToolButton, "copy_list"), QPointF(8, 8))
    path, reason = QGuiApplication.clipboard().text().split("\n")[1].split("\t")
    assert path.endswith("=note.txt") and "no image file" in reason


@pytest.mark.parametrize("names", [[], ["a.txt", "b.csv"]])
def test_a_folder_without_pictures_says_so_and_what_to_do(tmp_path, opened, names):
    for name in names:
        (tmp_path / name).write_text("words")
    window = opened(tmp_path)
    told = window.messages.text.text()
    assert ("choose the folder that holds the images" if not names else "no image file") in told
    assert len(window.skipped.words.rows) == len(names)
    assert window.lists.currentWidget() is (window.skipped if names else window.series)
    assert not window.form.map.isVisible()


def test_a_file_that_is_gone_since_it_was_listed_is_told_in_one_line(tmp_path, opened, qtbot):
    folder = write_scan(tmp_path / "scan", IRON, seed=6)
    window = opened(folder)
    shutil.rmtree(folder / "rare")
    window.series.choose(next(k for k, e in window.finding.entries.items() if e.info.sequence == "SE"))
    qtbot.waitUntil(lambda: "cannot be opened" in window.messages.text.text())
    assert window.pictures.view.waiting_for == "These pictures cannot be shown"


# ---- in the middle of it


@pytest.fixture
def held(monkeypatch):
    """Looking through a folder called "slow" takes until it is cancelled or let go."""
    go_on = threading.Event()
    real = finding.inspect

    def slow(paths, progress):
        while "slow" in str(paths[0]) and not go_on.wait(0.01):
            progress.report(0.3, "reading headers")
            if progress.cancelled():
                break
        return real(paths, progress)

    monkeypatch.setattr(finding, "inspect", slow)
    yield go_on
    go_on.set()


def test_a_first_picture_is_there_before_the_folder_is_done(tmp_path, window, qtbot, held):
    scan = make_scan(7, shape=(3, 8, 8))
    write_classic(tmp_path / "slow", scan)
    drop(window, [tmp_path / "slow"])
    qtbot.waitUntil(lambda: window.pictures.view.volume is not None)
    shown = window.pictures.view.volume.data[0]
    assert any(np.array_equal(shown, picture) for echo in scan.stored["magnitude"] for picture in echo)
    assert window.finding.entries == {}
    qtbot.waitUntil(lambda: window.work.text() == "Reading headers …")
    held.set()
    qtbot.waitUntil(lambda: len(window.finding.entries) == 1)
    qtbot.waitUntil(lambda: not window.workers.busy, timeout=60_000)


def test_looking_can_be_cancelled_and_begun_again(tmp_path, window, qtbot, held):
    write_classic(tmp_path / "slow", make_scan(8, echoes=1))
    drop(window, [tmp_path / "slow"])
    qtbot.waitUntil(window.stop.isVisible)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert "Stopped" in window.messages.text.text()
    assert not window.stop.isVisible() and not window.workers.busy
    held.set()
    drop(window, [tmp_path / "slow"])
    qtbot.waitUntil(lambda: len(window.finding.entries) == 1)


def test_a_series_whose_reading_was_stopped_is_read_when_it_is_chosen_again(
    tmp_path, opened, qtbot, monkeypatch
):
    write_classic(tmp_path / "scan", make_scan(17, echoes=1))
    window = opened(tmp_path)
    real, begun, go_on = mapping.load_pictures, threading.Event(), threading.Event()

    def slow(entry, part, progress):
        begun.set()
        while not progress.cancelled() and not go_on.wait(0.01):
            pass
        return real(entry, part, progress)

    monkeypatch.setattr(mapping, "load_pictures", slow)
    drop(window, [tmp_path])
    qtbot.waitUntil(begun.is_set)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert "choose the series again" in window.pictures.view.waiting_for
    go_on.set()
    place = window.series.visualRect(window.series.words.index(0, 0)).center()
    click(window.series.viewport(), place)
    qtbot.waitUntil(lambda: window.pictures.view.volume is not None)


def test_a_second_folder_takes_the_place_of_the_first(tmp_path, window, qtbot, held):
    write_classic(tmp_path / "slow", make_scan(9, echoes=1))
    write_classic(tmp_path / "quick", make_scan(10, echoes=1, shape=(2, 7, 9)))
    drop(window, [tmp_path / "slow"])
    qtbot.waitUntil(window.stop.isVisible)
    drop(window, [tmp_path / "quick"])
    qtbot.waitUntil(lambda: not window.workers.busy)
    assert [entry.info.shape for entry in window.finding.entries.values()] == [(2, 7, 9)]
    assert window.pictures.view.volume.data.shape == (2, 7, 9)


def test_closing_in_the_middle_leaves_no_thread(tmp_path, window, qtbot, held):
    write_classic(tmp_path / "slow", make_scan(11, echoes=1))
    before = our_threads()
    drop(window, [tmp_path / "slow"])
    qtbot.waitUntil(window.stop.isVisible)
    window.close()
    assert our_threads() <= before
    assert window.finding.entries == {}


# ---- who may know what, and how the window is walked


def test_title_and_settings_hold_nothing_of_what_is_looked_at(tmp_path, qtbot, qapp, monkeypatch):
    kept = tmp_path / "config" / "settings.json"
    monkeypatch.setattr(settings, "settings_path", lambda: kept)
    folder = tmp_path / "CanaryFolder"
    write_classic(folder, make_scan(12, echoes=1, overrides={"SeriesDescription": "CanarySeries"}))
    made = import_window.ImportWindow()
    qtbot.addWidget(made)
    made.show()
    drop(made, [folder])
    qtbot.waitUntil(lambda: not made.workers.busy)
    assert "CanarySeries" in made.form.title.text()
    assert "Canary" not in made.windowTitle() + made.accessibleName() + qapp.applicationDisplayName()
    made.close()
    assert not kept.exists()


def controls(window):
    kinds = (
        QPushButton, QToolButton, TextTable,
        PreviewPane, QProgressBar,
    )  # fmt: skip
    found = [part for kind in kinds for part in window.findChildren(kind)]
    form = window.form
    found += [form.field, form.times, form.part, window.colour_bar.low, window.colour_bar.high]
    for pane in (window.pictures, window.maps):
        found += [pane.view, pane.choice, pane.slider]
    return found


def test_every_control_is_named_for_those_who_listen(tmp_path, opened):
    window = opened(write_scan(tmp_path / "scan", IRON, seed=13))
    nameless = [part for part in controls(window) if not part.accessibleName().strip()]
    # the menu bar's own button for what does not fit
    assert [part.objectName() for part in nameless if part.objectName() != "qt_menubar_ext_button"] == []


def test_the_window_is_walked_by_keyboard_alone(tmp_path, opened, qtbot, qapp):
    window = opened(write_scan(tmp_path / "scan", IRON, seed=14))
    window.series.setFocus()
    met = []
    for _ in range(40):
        met.append(qapp.focusWidget().objectName())
        qtbot.keyClick(qapp.focusWidget(), Qt.Key.Key_Tab)
        if qapp.focusWidget() is window.series:
            break
    assert met[0] == "import_series"
    wanted = ["series_times", "series_map", "series_save", "series_left_out", "pictures_choice"]
    wanted += ["pictures_slider", "pictures_view", "maps_choice", "maps_slider", "maps_view"]
    wanted += ["colour_bar_high", "colour_bar_low", "import_folder", "import_files", "show_series"]
    assert [name for name in met if name in wanted] == wanted


def test_what_is_typed_and_not_confirmed_counts_when_the_map_is_asked_for(tmp_path, opened, qtbot):
    decay(tmp_path, "gre.nii")
    window = opened(tmp_path)
    type_into(qtbot, window.form.times, "5 10 20 40")
    box = window.form.times
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "6 10 20 40")
    qtbot.keyClick(box, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.mapping.made is not None, timeout=60_000)
    assert window.mapping.made.report["te_ms"] == [6, 10, 20, 40]
    # what cannot be is refused, and the map of what holds stays
    made = window.mapping.made
    box.selectAll()
    qtbot.keyClicks(box, "6 10")
    qtbot.keyClick(box, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert "2 echo times were given for 4" in window.messages.text.text()
    assert box.text() == "6, 10, 20, 40"
    assert window.mapping.made is made and not window.workers.busy


def test_a_series_put_right_while_it_is_fitted_waits_for_a_new_map(tmp_path, opened, qtbot):
    decay(tmp_path, "gre.nii")
    window = opened(tmp_path)
    type_into(qtbot, window.form.times, "5 10 20 40")
    qtbot.waitUntil(lambda: not window.workers.busy)
    click(window.form.map, window.form.map.rect().center())
    type_into(qtbot, window.form.field, "7")
    assert not window.stop.isVisible()
    qtbot.waitUntil(lambda: not window.workers.busy)
    assert window.mapping.made is None
    assert window.maps.view.waiting_for == "Press Map R2* (Ctrl+M)"


def test_names_of_any_length_and_kind_are_shown_whole(tmp_path, opened, qtbot):
    folder = tmp_path / ("sub-0123456789_" * 8)
    write_classic(folder / "in", make_scan(16, echoes=1, overrides={"SeriesDescription": "W" * 60}))
    (folder / "ünïcode Ωmega 小鼠.txt").write_text("words")
    window = opened(folder)
    assert window.form.title.width() <= window.form.width()
    assert window.form._body.sizeHint().width() <= 360
    assert window.skipped.words.rows[0].cells[0] == "ünïcode Ωmega 小鼠.txt"


def test_what_the_echoes_cannot_resolve_has_no_colour_and_the_probe_says_why(tmp_path, opened, qtbot):
    te = np.array([5, 10, 20, 40]) * 1e-3
    rates = np.full((12, 12, 3, 1), 60.0)
    rates[:6] = 0.0
    noise = np.random.default_rng(0).normal(0, 2, (12, 12, 3, 4))
    nib_write(tmp_path / "gre.nii", (1000 * np.exp(-rates * te) + noise).astype(np.float32))
    window = opened(tmp_path)
    type_into(qtbot, window.form.times, "5 10 20 40")
    click(window.form.map, window.form.map.rect().center())
    qtbot.waitUntil(lambda: window.mapping.made is not None, timeout=60_000)
    maps = window.mapping.made.maps
    slow = (maps.flags & Flag.TOO_SLOW > 0) & np.isfinite(maps.r2star_per_s)
    assert slow.any()
    assert np.isnan(window.maps.view.overlay.volume.data[slow]).all()
    place = maps.geometry.to_mm(np.argwhere(slow)[0])
    window.pictures.view.show_position(place)
    hover(window.pictures.view, QPointF(window.pictures.view.point_at(place)))
    assert window.probe.text().endswith("slower than the echoes can resolve")
