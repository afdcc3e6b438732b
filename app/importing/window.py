"""The import window: connects what the controllers beside it do; `layout` says where everything lies.

To drive it from a script or a test:

    window = ImportWindow(); window.show(); window.open([folder])
    wait until not window.workers.busy
    window.finding.entries                          key -> Entry, in the order of the list
    window.series.choose(key)                       as a click on its line
    window.mapping.made                             the maps of the chosen series

Children by object name: "import_series", "import_skipped" (tables), "import_folder", "import_files",
"import_archive" (opens app.importing.archive),
"import_stop", "show_series", "show_skipped", "copy_list", "series_field", "series_times", "series_part",
"series_left_out", "series_map", "series_save", "pictures_view", "pictures_choice", "pictures_slider",
"maps_view", "maps_choice", "maps_slider", "probe", "message_text". Titles, settings and logs hold nothing of
what is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog

from app.core_words import in_words
from app.importing.entries import series_text, skipped_rows, skipped_text
from app.importing.finding import FIND, FindingController
from app.importing.layout import DEEDS, ImportLayout
from app.importing.mapping import MAP, PICTURES, SAVE, MappingController
from app.importing.pictures import Pictures
from app.importing.preview import PreviewController
from app.look import Look
from app.settings import Settings, change_settings, load_settings
from app.start_window import local_paths
from app.theme import theme
from app.workers import Workers
from widgets.words import marked, said

if TYPE_CHECKING:  # numba comes with it: imported by the first fit
    from app.maps import Made

_EMPTY = marked("Drop a folder, files or a zip here, or choose a folder (Ctrl+O)")
_NO_MAP = marked("The R2* map will be here")
_WRITING = marked("Writing maps")
# what is done sooner needs no bar, which would only flicker
_PATIENCE_MS = 150
# longer than any fit: then it is being compiled
_SLOW_MS = 2500


class ImportWindow(ImportLayout):
    """See the module."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        # a rater's choices are kept by the reading window, all but the theme
        self._keeps_theme = settings is None
        self.settings = load_settings() if settings is None else settings
        self.setAcceptDrops(True)
        self.workers = Workers(self)
        self.finding = FindingController(self.workers, self)
        self.mapping = MappingController(self.workers, self)
        self.preview = PreviewController((self.pictures, self.maps), self.colour_bar, self)
        self._chosen, self._refused = "", False
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(_SLOW_MS)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self.look = Look(self, self.actions_by_name, DEEDS, self.settings, self._keep_theme)
        self._connect()
        self.draw_icons()
        self._show_list()
        self._show_work("")
        self.status.setText(self.tr("Scans as the scanner wrote them: DICOM, NIfTI, ParaVision, zip"))
        self.preview.clear(said(_EMPTY), said(_NO_MAP))

    def _keep_theme(self) -> None:
        if self._keeps_theme:
            change_settings(theme=theme())

    def open(self, paths: Sequence[Path]) -> None:
        """Look through files, folders and zip archives."""
        self.finding.open(tuple(paths))

    # ---- what is found

    def _on_opening(self) -> None:
        self._chosen = ""
        self.messages.clear()
        self.mapping.choose(None)
        self.preview.clear(self.tr("Looking for pictures …"), said(_NO_MAP))
        self.form.show_card(None)
        self._show_list()
        self._show_work(self.tr("Looking for pictures"))

    def _on_found(self) -> None:
        entries = list(self.finding.entries.values())
        ready = [entry for entry in entries if entry.ready]
        self._show_work("")
        self._show_list()
        self.make_room()
        self.series.choose((ready or entries)[0].key)
        self.series.setFocus()
        if len(ready) == 1:
            self.mapping.map()

    def _on_nothing_found(self, why: str) -> None:
        self._show_work("")
        self._show_list()
        self.preview.clear(said(_EMPTY), said(_NO_MAP))
        self.status.setText(self.tr("No picture found"))
        self.show_list_of_skipped(bool(self.finding.skipped))
        self.make_room()
        self.say(why)

    def _show_list(self) -> None:
        entries, skipped = list(self.finding.entries.values()), self.finding.skipped
        roots = self.finding.roots
        self.series.set_rows([entry.row(roots) for entry in entries], self._series_text)
        self.skipped.set_rows(skipped_rows(skipped, roots), lambda: skipped_text(skipped))
        self.show_series.setText(self.tr("Series  {count}").format(count=len(entries)))
        self.show_skipped.setText(self.tr("Skipped  {count}").format(count=len(skipped)))
        self.actions_by_name["copy_list"].setEnabled(bool(entries or skipped))
        self.show_list_of_skipped(False)
        self._show_count()

    def _series_text(self) -> str:
        return series_text(list(self.finding.entries.values()))

    def _show_count(self) -> None:
        entries = self.finding.entries.values()
        files = sum(entry.info.files for entry in entries)
        ready = sum(entry.ready for entry in entries)
        if not entries:
            return
        told = self.tr("{series} in {files}, {ready} ready for R2*").format(
            series=self.tr("%n series", "", len(entries)),
            files=self.tr("%n file(s)", "", files),
            ready=ready or self.tr("none"),
        )
        if not ready:
            told = self.tr("{found}; what stands against each is said below the list").format(found=told)
        elif ready > 1:
            told = self.tr("{found}: choose one and press Map R2*").format(found=told)
        self.status.setText(told)

    # ---- the chosen series

    def _on_chosen(self, key: str) -> None:
        if key == self._chosen:
            return
        self._chosen = key
        entry = self.finding.entries[key]
        self.form.show_card(entry.card(self.finding.roots))
        self.form.show_result("", can_save=False)
        self.preview.clear(self.tr("Reading pictures …"), self._waits_for_map())
        self.mapping.choose(entry)
        self._enable()

    def _give(self, what: str, text: str) -> None:
        """Take over what was typed, or show again what holds."""
        if not self.finding.give(self._chosen, what, text):
            self._refused = True
            self.form.show_card(self.finding.entries[self._chosen].card(self.finding.roots))

    def _map(self) -> None:
        """Map the chosen series, with what was typed a moment ago and not yet confirmed."""
        self._refused = False
        self.form.commit()
        if not self._refused:
            self.mapping.map()

    def _on_put_right(self, key: str) -> None:
        entry = self.finding.entries[key]
        self.series.set_row(entry.row(self.finding.roots))
        self._show_count()
        if key != self._chosen:
            return
        self._show_work("")
        self.form.show_card(entry.card(self.finding.roots))
        self.form.show_result("", can_save=False)
        self.preview.wait_for_map(self._waits_for_map())
        self.mapping.put_right(entry)
        self._enable()

    def _on_pictures(self, pictures: Pictures) -> None:
        self._show_work("")
        entry = self.finding.entries[self._chosen]
        offered = tuple(pictures.parts) if pictures.series is not None else entry.info.part
        self.preview.show_pictures(pictures, offered)

    def _on_part(self, part: str) -> None:
        self.preview.clear(self.tr("Reading pictures …"), self._waits_for_map())
        self.mapping.choose(self.finding.entries[self._chosen], part)  # type: ignore[arg-type]

    def _leave_out(self, left_out: bool) -> None:
        if self._chosen:
            self.finding.put(replace(self.finding.entries[self._chosen], left_out=left_out))

    def _waits_for_map(self) -> str:
        entry = self.finding.entries.get(self._chosen)
        if entry is None:
            return said(_NO_MAP)
        if entry.left_out:
            return self.tr("Left out by you")
        if not entry.ready:
            told = self.tr("This series cannot be fitted for R2*:")
            return "\n".join([told, *entry.problems[:3]])
        return self.tr("Press Map R2* (Ctrl+M)")

    def _on_mapping(self) -> None:
        self.messages.clear()
        self.preview.wait_for_map(self.tr("Fitting R2* …"))
        self.form.show_result("", can_save=False)
        self._show_work(self.tr("Fitting R2*"))
        self._slow.start()

    def _on_mapped(self, made: Made) -> None:
        self._show_work("")
        self.messages.clear()
        self.preview.show_maps(made)
        self.form.show_result("\n".join(in_words(line) for line in made.lines()), can_save=True)
        self._enable()

    def _on_saved(self, where: str) -> None:
        self._show_work("")
        self.say(self.tr("Maps and map.json written to {where}").format(where=where), warning=False)

    def _on_refused(self, text: str) -> None:
        self._show_work("")
        if self.mapping.made is None:
            self.preview.wait_for_map(self._waits_for_map())
        if self.pictures.view.volume is None:
            self.preview.clear(self.tr("These pictures cannot be shown"), self._waits_for_map())
        self.say(text)

    def _enable(self) -> None:
        entry = self.finding.entries.get(self._chosen)
        self.actions_by_name["map"].setEnabled(entry is not None and entry.ready)
        self.actions_by_name["leave_out"].setEnabled(entry is not None)
        self.actions_by_name["save_maps"].setEnabled(self.mapping.made is not None)

    # ---- work under way

    def _on_progress(self, lane: str, fraction: float, what: str) -> None:
        if lane in (FIND, PICTURES, MAP, SAVE):
            told = in_words(what)
            self._show_work(told[:1].upper() + told[1:], fraction)

    def _show_work(self, what: str, fraction: float = 0.0) -> None:
        self.bar.setValue(round(1000 * fraction))
        self.work.setText(f"{what} …" if what else "")
        # what is being written is not left half-way
        self.actions_by_name["stop"].setEnabled(bool(what) and what != said(_WRITING))
        if not what:
            self._patience.stop()
            self._show_bar(False)
        elif not self.bar.isVisible() and not self._patience.isActive():
            self._patience.start()
        if not what or fraction > 0:
            self._slow.stop()

    def _show_bar(self, shown: bool) -> None:
        for part in (self.bar, self.work):
            part.setVisible(shown)
        self.stop.setVisible(shown and self.actions_by_name["stop"].isEnabled())

    def _on_slow(self) -> None:
        self.say(self.tr("Preparing the fit: some seconds, once after installation"), warning=False)

    def _stop(self) -> None:
        looking = not self.finding.entries
        self.finding.stop()
        self.mapping.stop()
        self._show_work("")
        if looking:
            self.status.setText(self.tr("Stopped before everything was looked at"))
            self.preview.clear(said(_EMPTY), said(_NO_MAP))
        elif self.pictures.view.volume is None:
            self.preview.clear(self.tr("Stopped; choose the series again"), self._waits_for_map())
            self._chosen = ""
        else:
            self.preview.wait_for_map(self._waits_for_map())
        self.say(self.tr("Stopped; nothing was changed"), warning=False)

    def say(self, text: str, *, warning: bool = True) -> None:
        """Show one line in the message bar."""
        self.messages.say(text, warning=warning)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.messages.clear()
        else:
            super().keyPressEvent(event)

    # ---- choosing and saving

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A folder of images"))
        if chosen:
            self.open([Path(chosen)])

    def _choose_files(self) -> None:
        chosen, _ = QFileDialog.getOpenFileNames(self, self.tr("Image files, or a zip"))
        if chosen:
            self.open([Path(path) for path in chosen])

    def _open_archive(self) -> None:
        from app.importing.archive import ArchiveDialog

        dialog = ArchiveDialog(self.workers, self)
        dialog.imported.connect(lambda folder: self.open([folder]))
        dialog.open()

    def _save(self) -> None:
        if self.mapping.made is None:
            return
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Name a new folder for the maps"), str(Path.home() / "maps")
        )
        if chosen:
            self._show_work(said(_WRITING))
            self.mapping.save(Path(chosen))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.open(local_paths(event))

    def closeEvent(self, event: QCloseEvent) -> None:
        # what cannot be stopped at once shall not leave a dead window before anybody
        self.hide()
        self.workers.close()
        event.accept()

    # ---- wiring

    def _connect(self) -> None:
        finding, mapping, form = self.finding, self.mapping, self.form
        finding.opening.connect(self._on_opening)
        finding.first_seen.connect(self.preview.show_first)
        finding.found.connect(self._on_found)
        finding.nothing_found.connect(self._on_nothing_found)
        finding.changed.connect(self._on_put_right)
        finding.refused.connect(self.say)
        mapping.reading.connect(lambda: self._show_work(self.tr("Reading pictures")))
        mapping.pictured.connect(self._on_pictures)
        mapping.mapping.connect(self._on_mapping)
        mapping.mapped.connect(self._on_mapped)
        mapping.saved.connect(self._on_saved)
        mapping.refused.connect(self._on_refused)
        self.preview.part_requested.connect(self._on_part)
        self.preview.probed.connect(self.probe.setText)
        self.series.row_chosen.connect(self._on_chosen)
        for table in (self.series, self.skipped):
            table.copied.connect(lambda: self.say(self.tr("Copied, for a spreadsheet"), warning=False))
        form.field_given.connect(lambda text: self._give("field", text))
        form.times_given.connect(lambda text: self._give("times", text))
        form.part_given.connect(lambda text: self._give("part", text))
        form.left_out_changed.connect(self._leave_out)
        form.map_requested.connect(self._map)
        form.save_requested.connect(self._save)
        self.workers.progressed.connect(self._on_progress)
        self._slow.timeout.connect(self._on_slow)
        self._patience.timeout.connect(lambda: self._show_bar(True))
        self.stop.clicked.connect(self._stop)
        self.look.changed.connect(self.draw_icons)
        self.show_series.clicked.connect(lambda: self.show_list_of_skipped(False))
        self.show_skipped.clicked.connect(lambda: self.show_list_of_skipped(True))
        deeds = {
            "open_folder": self._choose_folder, "open_files": self._choose_files, "save_maps": self._save,
            "open_archive": self._open_archive,
            "copy_list": lambda: self.lists.currentWidget().copy(), "close": self.close,
            "map": self._map, "leave_out": self.form.left_out.toggle, "stop": self._stop,
            "fit": self.preview.fit, "reset_window": self.preview.reset_windows,
        }  # fmt: skip
        for name, deed in deeds.items():
            self.actions_by_name[name].triggered.connect(lambda _=False, deed=deed: deed())
        looks = {
            "crosshair": (self.preview.set_crosshair, self.settings.show_crosshair),
            "smooth": (self.preview.set_smooth, self.settings.smooth),
            "texts": (self.preview.set_texts, self.settings.show_texts),
        }
        for name, (show, shown) in looks.items():
            self.actions_by_name[name].toggled.connect(show)
            self.actions_by_name[name].setChecked(shown)
            show(shown)
        self._enable()
