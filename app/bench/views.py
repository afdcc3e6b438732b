"""How long the reading window takes from an input event to the painted frame, beside bare pyqtgraph.

The window is the rater's own, painted off screen by software. Every figure is taken in turns with the others,
since a shared machine changes from one second to the next. A frame counts as painted when the window's
picture is whole. Beside the time that passed stands the processor's time in the window's thread: of a machine
that others use, it tells more.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time, sleep, thread_time
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.bench import regions, starting
from core.errors import AppError
from core.imaging.geometry import Geometry
from core.imaging.volume import EchoSeries, Volume
from core.progress import Progress
from core.reading.protocol import parse_protocol

if TYPE_CHECKING:
    from app.reading.window import ReadingWindow
    from widgets.slice_view import SliceView

# (slices, rows, columns) and mm
ECHOES, ECHO_SPACING = (24, 512, 512), (1.0, 0.1, 0.1)
VOLUME, VOLUME_SPACING = (200, 512, 512), (0.12, 0.1, 0.1)
TE_MS = (3.0, 8.0, 15.0)
WIDE = (4, 1024, 1024)
BRUSH_PX, CORNERS, REGION_PX = 20, 12, 60  # diameter of the brush; a region's corners and radius
USUAL_CASE, USUAL_TE_MS = (24, 256, 256), tuple(2.5 * n for n in range(1, 9))
TURNS, FRAMES = 10, 25
BRUSH = f"brush of {BRUSH_PX} px, 1024 x 1024"
CASES = 8  # opened one after the other
SIZE = (1366, 768)
_WAIT_S = 60.0
Times = NDArray[np.float64]  # (frame, 2): ms that passed, ms of the processor
_PROTOCOL = """\
id: bench
version: "1"
title: For measuring
steps: [{id: look, title: Look, shows: [anatomy, echoes, gre3d, r2star, iron]}]
questions:
  - id: seen
    text: Seen
    scope: case
    step: look
    choices: [{value: 1, label: "no", anchor: "No."}, {value: 2, label: "yes", anchor: "Yes."}]
"""


def measure(progress: Progress) -> dict[str, Any]:
    """Measure frames, the way to the next case and the start of the window.

    Returns
    -------
    dict
        "frames_ms": per kind of frame, those of drawing with the numbers that follow it, "median" and "p95"
        of the time that passed, "cpu_median" and "cpu_p95" of the processor's; "to_pyqtgraph": scrolling as
        a share of pyqtgraph's, p95 by p95, for both; "next_case_ms", "next_case_ahead_ms": to the next case's
        picture, read when it is opened and read ahead; "start_s", "start_window_s", "bare_start_s": from a
        command to the picture of the first case, of the start window, of bare pyqtgraph; beside each, as
        "..._cpu_ms" and "..._cpu_s", the processor's time; "numbers_of_a_million_ms", "interpolation_s": of a
        region, see app.bench.regions; "load": of the machine, before and after.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    found: dict[str, Any] = {"load": [_load()]}
    with TemporaryDirectory() as folder:
        progress.report(0.0, "making pictures")
        large, usual = Path(folder) / "large", Path(folder) / "usual"
        make_kit(large, [_scan(ECHOES, ECHO_SPACING, 1, volume=True)])
        make_kit(usual, [_scan(USUAL_CASE, ECHO_SPACING, seed, USUAL_TE_MS) for seed in range(3)])
        progress.report(0.3, "measuring frames")
        with opened(large / "bench.kit") as window:
            # the decay's fit is compiled beside the window, once after installation
            _wait(lambda: not window.workers.busy)
            found |= measure_frames(window, progress)
        progress.report(0.7, "measuring the brush")
        make_kit(Path(folder) / "wide", [_scan(WIDE, ECHO_SPACING, 1)])
        with opened(Path(folder) / "wide" / "bench.kit") as window:
            _wait(lambda: not window.workers.busy)
            found["frames_ms"][BRUSH] = _told_of(np.concatenate([_paint(window) for _ in range(TURNS)]))
        progress.report(0.75, "measuring regions")
        found |= regions.measure()
        progress.report(0.8, "measuring the next case and the start")
        with opened(usual / "bench.kit") as window:
            found |= _next_case(window)
        found |= starting.measure(usual / "bench.kit", Path(folder) / "bytecode")
    found["load"].append(_load())
    return found


def measure_frames(window: ReadingWindow, progress: Progress) -> dict[str, Any]:
    """Measure every kind of frame in turns; see `measure`."""
    kinds: dict[str, Callable[[], Times]] = {
        "scroll with a map": lambda: _scroll(window, "1x1"),
        "bare pyqtgraph": lambda: _bare(window),
        "scroll, four linked views": lambda: _scroll(window, "2x2"),
        "window drag": lambda: _drag_window(window),
        "crosshair, three reformats": lambda: _crosshair(window),
        "polygon corner, live numbers": lambda: _drag_corner(window),
    }
    times: dict[str, list[Times]] = {name: [] for name in kinds}
    for turn in range(TURNS):
        for name, frames in kinds.items():
            progress.report(0.3 + 0.4 * turn / TURNS, f"measuring {name}")
            times[name].append(frames())
    frames_ms = {name: _told_of(np.concatenate(turns)) for name, turns in times.items()}
    ours, bare = frames_ms["scroll with a map"], frames_ms["bare pyqtgraph"]
    share = {name: ours[name] / bare[name] for name in ("median", "p95", "cpu_median", "cpu_p95")}
    return {"frames_ms": frames_ms, "to_pyqtgraph": share}


def _told_of(times: Times) -> dict[str, float]:
    passed, used = times.T
    return {
        "median": float(np.median(passed)),
        "p95": float(np.percentile(passed, 95)),
        "cpu_median": float(np.median(used)),
        "cpu_p95": float(np.percentile(used, 95)),
    }


# ---- kinds of frames


def _scroll(window: ReadingWindow, layout: str) -> Times:
    view = _hang(window, layout)
    steps = cycle([-1] * 8 + [1] * 8)
    return _frames(lambda: _roll(view, next(steps)) for _ in range(FRAMES))


def _drag_window(window: ReadingWindow) -> Times:
    from PySide6.QtCore import QEvent, Qt

    view = _hang(window, "1x1")
    right, none = Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
    x, y = view.width() / 2, view.height() / 2
    _mouse(view, QEvent.Type.MouseButtonPress, x, y, right, right)
    moves = cycle([3, 5, 4, -5, -4, -3])
    places = np.cumsum([next(moves) for _ in range(FRAMES)])
    found = _frames(
        (
            lambda step=step: _mouse(view, QEvent.Type.MouseMove, x + step, y + step / 2, none, right)
            for step in places
        ),
    )
    _mouse(view, QEvent.Type.MouseButtonRelease, x, y, right, none)
    window.views.reset_windows()
    return found


def _crosshair(window: ReadingWindow) -> Times:
    from PySide6.QtCore import QEvent, Qt

    views = window.views
    _hang(window, "2x2")
    for pane, plane in zip(views.panes[1:], ("axial", "coronal", "sagittal"), strict=True):
        views.wish(pane, "picture", "gre3d")
        views.wish(pane, "overlay", "")
        views.wish(pane, "plane", plane)
    views.fit()
    settle()
    view, left = views.panes[2].view, Qt.MouseButton.LeftButton
    none = Qt.MouseButton.NoButton
    places = np.random.default_rng(4).uniform(0.35, 0.65, (FRAMES, 2)) * (view.width(), view.height())
    _mouse(view, QEvent.Type.MouseButtonPress, *places[0], left, left)
    settle()
    found = _frames(
        (lambda at=at: _mouse(view, QEvent.Type.MouseMove, at[0], at[1], none, left) for at in places[1:]),
    )
    _mouse(view, QEvent.Type.MouseButtonRelease, *places[-1], left, none)
    return found


def _drag_corner(window: ReadingWindow) -> Times:
    """Drag a corner of an outline while the numbers of its region follow; undo all of it."""
    from PySide6.QtCore import QEvent, QPointF, Qt

    view, left, none = _hang(window, "1x1"), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    tools = window.tools
    tools.choose_tool("polygon")
    tools.choose_kind("tumour")
    middle = view.exact_point_at(view.cursor_mm)
    step = view.px_per_mm * ECHO_SPACING[2]
    angles = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    corners = [middle + step * REGION_PX * QPointF(np.cos(angle), np.sin(angle)) for angle in angles]
    for corner in corners:
        _mouse(view, QEvent.Type.MouseButtonPress, corner.x(), corner.y(), left, left)
        _mouse(view, QEvent.Type.MouseButtonRelease, corner.x(), corner.y(), left, none)
    tools.close_outline()
    settle()
    x, y = corners[0].x(), corners[0].y()
    _mouse(view, QEvent.Type.MouseButtonPress, x, y, left, left)
    places = [(x + n % 9 * step, y + n % 7 * step) for n in range(1, FRAMES + 1)]
    found = _frames(
        lambda at=at: _mouse(view, QEvent.Type.MouseMove, at[0], at[1], none, left) for at in places
    )
    _mouse(view, QEvent.Type.MouseButtonRelease, *places[-1], left, none)
    _check(window, edits=2)
    return found


def _paint(window: ReadingWindow) -> Times:
    """Paint a stroke while the numbers of its region follow; undo it."""
    from PySide6.QtCore import QEvent, Qt

    view, left, none = _hang(window, "1x1"), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    tools = window.tools
    tools.set_option("brush_mm", BRUSH_PX / 2 * ECHO_SPACING[2])
    tools.choose_tool("brush")
    tools.choose_kind("tumour")
    middle, step = view.exact_point_at(view.cursor_mm), view.px_per_mm * ECHO_SPACING[2]
    places = [(middle.x() + 8 * n * step, middle.y() + 30 * np.sin(n / 4) * step) for n in range(FRAMES)]
    _mouse(view, QEvent.Type.MouseButtonPress, *places[0], left, left)
    settle()
    found = _frames(
        lambda at=at: _mouse(view, QEvent.Type.MouseMove, at[0], at[1], none, left) for at in places[1:]
    )
    _mouse(view, QEvent.Type.MouseButtonRelease, *places[-1], left, none)
    _check(window, edits=1)
    return found


def _check(window: ReadingWindow, *, edits: int) -> None:
    """Undo what was drawn; a bench that drew nothing measured nothing."""
    reading = window.case.reading
    if reading is None or not reading.rois:
        raise AppError("nothing was drawn in the reading window; nothing was measured")
    for _ in range(edits):
        window.case.undo()
    window.tools.choose_tool("navigate")
    settle()


def _bare(window: ReadingWindow) -> Times:
    """Scroll the same two layers at the same size in pyqtgraph, its range fixed, nothing autoscaled."""
    import pyqtgraph as pg

    view = _hang(window, "1x1")
    images = window.case.images
    if images is None:
        raise AppError("the pictures went away while they were measured")
    grey, iron = images.echoes.magnitude[0], images.volumes["iron"].data
    widget = pg.GraphicsLayoutWidget()
    widget.resize(view.size())
    box = widget.addViewBox(lockAspect=True, enableMenu=False)
    base, over = pg.ImageItem(axisOrder="row-major"), pg.ImageItem(axisOrder="row-major")
    table = np.zeros((256, 4), np.uint8)
    table[:, 0], table[:, 3] = np.arange(256), 150
    for item in (base, over):
        box.addItem(item)
    widget.show()
    depths = cycle([*range(8, 16), *range(16, 8, -1)])
    low, high = view.centre - view.width_of_window / 2, view.centre + view.width_of_window / 2

    def step() -> None:
        depth = next(depths)
        base.setImage(grey[depth], autoLevels=False, levels=(low, high))
        over.setImage(iron[depth], autoLevels=False, levels=(0.0, 60.0), lut=table)

    step()
    box.autoRange()
    box.disableAutoRange()
    settle()
    found = _frames(step for _ in range(FRAMES))
    widget.close()
    widget.deleteLater()
    settle()
    return found


def _hang(window: ReadingWindow, layout: str) -> SliceView:
    """Show echoes with iron in the first pane, and other echoes and volumes in the others."""
    views = window.views
    first, *others = views.panes
    views.active = first
    views.set_layout(layout)
    wanted = [("echoes", "iron", 0), ("echoes", "", 1), ("anatomy", "", 0), ("gre3d", "", 0)]
    for pane, (picture, overlay, echo) in zip((first, *others), wanted, strict=True):
        views.wish(pane, "picture", picture)
        views.wish(pane, "plane", "as_scanned")
        views.wish(pane, "overlay", overlay)
        views.show_echo(echo, pane)
    views.fit()
    grid = window.case.images.echoes.geometry  # type: ignore[union-attr]
    views.show_position(tuple(grid.to_mm([n // 2 for n in grid.shape])))
    settle()
    return first.view


# ---- events and time


def _frames(inputs: Iterator[Callable[[], object]]) -> Times:
    """Return how long each input takes until the frame is painted, and of this the processor, in ms."""
    from PySide6.QtWidgets import QApplication

    found = []
    for give in inputs:
        start, used = perf_counter(), thread_time()
        give()
        # paints what the input left to paint, and hands it to the screen
        QApplication.processEvents()
        found.append((perf_counter() - start, thread_time() - used))
        settle()
    return np.array(found) * 1e3


def settle() -> None:
    from PySide6.QtWidgets import QApplication

    for _ in range(3):
        QApplication.processEvents()


def _roll(view: SliceView, notches: int) -> None:
    from PySide6.QtCore import QPoint, QPointF, Qt
    from PySide6.QtGui import QWheelEvent
    from PySide6.QtWidgets import QApplication

    middle = QPointF(view.width() / 2, view.height() / 2)
    event = QWheelEvent(
        middle, view.mapToGlobal(middle), QPoint(), QPoint(0, 120 * notches), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view, event)


def _mouse(view: SliceView, kind: Any, x: float, y: float, button: Any, buttons: Any) -> None:
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    point, keys = QPointF(x, y), Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(view, QMouseEvent(kind, point, view.mapToGlobal(point), button, buttons, keys))


def _wait(reached: Callable[[], bool]) -> None:
    from PySide6.QtWidgets import QApplication

    end = perf_counter() + _WAIT_S
    while not reached():
        if perf_counter() > end:
            raise AppError(f"the reading window was not ready after {_WAIT_S:g} s; nothing was measured")
        QApplication.processEvents()
        # lets the threads work, as an idle event loop does
        sleep(0.0005)


def _next_case(window: ReadingWindow) -> dict[str, float]:
    """Open cases that were read ahead, and others that there was no time to read ahead."""
    found = {}
    for name, ahead in (("next_case_ahead", True), ("next_case", False)):
        times = []
        for _ in range(CASES):
            if ahead:
                _wait(lambda: window.case.ahead is not None and not window.workers.busy)
            following = window.flow.next_open
            if following is None:
                raise AppError("there is no case to go on to; nothing was measured")
            start, used = perf_counter(), process_time()
            window.flow.open(following.alias)
            _wait(lambda: window.case.ready)
            settle()
            times.append((perf_counter() - start, process_time() - used))
        passed, worked = np.median(times, axis=0) * 1e3
        found |= {f"{name}_ms": float(passed), f"{name}_cpu_ms": float(worked)}
    return found


def _load() -> float | None:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None


# ---- what is looked at


@contextmanager
def opened(kit: Path) -> Iterator[ReadingWindow]:
    """Open the reading window on a kit and wait for its first case."""
    from app.startup import application

    application()
    from app.reading.window import ReadingWindow
    from app.settings import Settings
    from app.waste import spare_imports
    from core.study.kit import Kit

    spare_imports()
    window = ReadingWindow(Kit.open(kit), Settings())
    try:
        window.resize(*SIZE)
        window.show()
        _wait(lambda: window.case.ready)
        settle()
        yield window
    finally:
        window.close()


def make_kit(folder: Path, scans: list[Any]) -> None:
    """Make `bench.kit` in a new folder, each scan a case."""
    from core.study.dealing import deal_kit
    from core.study.store import Study

    folder.mkdir()
    with Study.create(folder / "study", "For measuring") as study:
        for number, images in enumerate(scans):
            study.add_scan(f"{number}", "none", "none", images, [(f"{number}", "0" * 64)])
        deal_kit(study, "Nobody", 1, parse_protocol(_PROTOCOL, "the bench"), folder / "bench.kit", seed="1")


def _scan(
    shape: tuple[int, int, int],
    spacing: tuple[float, float, float],
    seed: int,
    te_ms: tuple[float, ...] = TE_MS,
    *,
    volume: bool = False,
) -> Any:
    """Return noise with a body in it: what is drawn does not change how long it takes."""
    from core.study.records import ScanImages

    draw = np.random.default_rng(seed)

    def picture(size: tuple[int, int, int], step: tuple[float, float, float], level: float) -> Volume:
        z, y, x = np.ogrid[: size[0], : size[1], : size[2]]
        body = ((y / size[1] - 0.5) ** 2 + (x / size[2] - 0.5) ** 2 < 0.16) & (z >= 0)
        data = draw.integers(0, 60, size, dtype=np.uint16)
        data[np.broadcast_to(body, size)] += np.uint16(level)
        centre = [-(n - 1) / 2 * mm for n, mm in zip(size[::-1], step[::-1], strict=True)]
        grid = Geometry.axial(size, step, (centre[0], centre[1], centre[2]))
        return Volume(data.astype(np.float32), grid)

    echoes = [picture(shape, spacing, 900 * np.exp(-te / 20)) for te in te_ms]
    rate = echoes[0].data / 10
    rate[rate < 10] = np.nan
    return ScanImages(
        echoes=EchoSeries(np.stack([echo.data for echo in echoes]), te_ms, echoes[0].geometry, None, 3.0),
        anatomy=picture(shape, spacing, 700),
        gre3d=picture(VOLUME, VOLUME_SPACING, 600) if volume else None,
        r2star_per_s=Volume(rate, echoes[0].geometry),
        iron_ug_per_g=Volume(rate * np.float32(0.3), echoes[0].geometry),
        sigma=20.0,
        fit_method="none",
    )


def told(found: dict[str, Any]) -> str:
    """Return the result as lines for a person."""
    columns = ("median", "p95", "cpu_median", "cpu_p95")
    lines = [f"{'ms from input to painted frame':30}" + "".join(f"{name:>12}" for name in columns)]
    rows = {**found["frames_ms"], "scroll / bare pyqtgraph": found["to_pyqtgraph"]}
    lines += [f"{name:30}" + "".join(f"{row[each]:12.2f}" for each in columns) for name, row in rows.items()]
    lines += [
        "",
        *(_pair(name, found, *keys) for name, keys in _SINGLE.items()),
        *regions.told(found),
        f"load {found['load']}",
    ]
    return "\n".join(lines)


_SINGLE = {
    "next case, read ahead": ("next_case_ahead", "ms"),
    "next case": ("next_case", "ms"),
    "start to the first case": ("start", "s"),
    "start window": ("start_window", "s"),
    "start of bare pyqtgraph": ("bare_start", "s"),
}


def _pair(name: str, found: dict[str, Any], key: str, unit: str) -> str:
    digits = 2 if unit == "s" else 0
    passed, worked = found[f"{key}_{unit}"], found[f"{key}_cpu_{unit}"]
    return f"{name:30}{passed:9.{digits}f} {unit:2} (processor {worked:.{digits}f} {unit})"
