"""The bench of the views measures frames that are painted, in the rater's own window."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.bench import regions, starting, views
from core.progress import Silent


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> None:
    monkeypatch.setattr(views, "ECHOES", (20, 24, 24))
    monkeypatch.setattr(views, "VOLUME", (16, 24, 24))
    monkeypatch.setattr(views, "REGION_PX", 6)
    monkeypatch.setattr(views, "FRAMES", 6)
    monkeypatch.setattr(views, "TURNS", 2)


class Paints(QObject):
    """Counts what is painted, by the name of the widget."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.counted[watched.objectName()] += 1
        return False


@pytest.mark.soak
def test_every_kind_of_frame_is_painted_and_told(
    small: None, monkeypatch, tmp_path, qapp: QApplication
) -> None:
    views.make_kit(tmp_path / "k", [views._scan(views.ECHOES, views.ECHO_SPACING, 1, volume=True)])
    with views.opened(tmp_path / "k" / "bench.kit") as window:
        paints = Paints()
        kinds = {
            "left_view": lambda: views._scroll(window, "1x1"),
            "fourth_view": lambda: views._scroll(window, "2x2"),
            "third_view": lambda: views._crosshair(window),
        }
        for name, frames in kinds.items():
            view = next(pane.view for pane in window.views.panes if pane.view.objectName() == name)
            view.installEventFilter(paints)
            paints.counted.clear()
            times = frames()
            assert paints.counted[name] >= len(times) >= views.FRAMES - 1
            view.removeEventFilter(paints)
        found = views.measure_frames(window, Silent())
        found["frames_ms"][views.BRUSH] = views._told_of(views._paint(window))
        # what was drawn to be measured is undone
        assert not window.case.reading.rois
    for each in found["frames_ms"].values():
        assert 0 < each["median"] <= each["p95"] and 0 <= each["cpu_median"] <= each["cpu_p95"]
    ours, bare = (found["frames_ms"][name] for name in ("scroll with a map", "bare pyqtgraph"))
    assert found["to_pyqtgraph"]["p95"] == pytest.approx(ours["p95"] / bare["p95"])
    singles = {f"{key}{cpu}_{unit}": 1.0 for key, unit in views._SINGLE.values() for cpu in ("", "_cpu")}
    monkeypatch.setattr(regions, "_MILLION", (2, 250, 250))
    monkeypatch.setattr(regions, "_BETWEEN", (3, 512, 512))
    monkeypatch.setattr(regions, "TURNS", 2)
    cores = regions.measure()
    assert min(cores.values()) > 0
    told = views.told({**found, **singles, **cores, "load": [0.0, 0.0]})
    assert "numbers of 10^6 voxels" in told and "interpolation" in told
    assert all(name in told for name in (*found["frames_ms"], *views._SINGLE))


def test_scrolling_goes_through_other_slices_with_every_frame(small: None, tmp_path, monkeypatch) -> None:
    views.make_kit(tmp_path / "k", [views._scan(views.ECHOES, views.ECHO_SPACING, 1)])
    with views.opened(tmp_path / "k" / "bench.kit") as window:
        seen = []
        give = views._roll
        monkeypatch.setattr(views, "_roll", lambda view, by: (give(view, by), seen.append(view.depth)))
        views._scroll(window, "1x1")
    assert np.all(np.diff(seen) != 0) and len(seen) == views.FRAMES


@pytest.mark.soak
def test_the_next_case_and_the_start_are_those_of_the_window(
    small: None, tmp_path, monkeypatch, capsys
) -> None:
    monkeypatch.setattr(views, "CASES", 2)
    scans = [views._scan((4, 24, 24), views.ECHO_SPACING, seed) for seed in range(3)]
    views.make_kit(tmp_path / "k", scans)
    with views.opened(tmp_path / "k" / "bench.kit") as window:
        found = views._next_case(window)
        assert window.case.ready
    assert found.keys() == {f"next_case{ahead}{cpu}_ms" for ahead in ("", "_ahead") for cpu in ("", "_cpu")}
    assert all(value > 0 for value in found.values())
    starting.show_case(str(tmp_path / "k" / "bench.kit"))
    word, seconds = capsys.readouterr().out.split()
    assert word == "ready" and float(seconds) > 0
