"""Colours, style sheet and icons of the windows; made once, when a program starts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

import yaml
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from core.imaging.roi import ROI_COLOURS

_RESOURCES = Path(__file__).resolve().parents[1] / "resources"

# the kinds of regions that the window draws
REGION_COLOURS = {kind: ROI_COLOURS[kind] for kind in ("tumour", "reference", "noise")}
# Okabe and Ito 2008, "Color universal design": told apart with every kind of colour vision
MARK_COLOURS = {"lesion": "#f0e442", "node": "#2fcf9f"}


@cache
def colours(name: str = "dark") -> dict[str, str]:
    """Return the theme's colours by their use."""
    values: dict[str, str] = yaml.safe_load(
        (_RESOURCES / "themes" / f"{name}.yaml").read_text(encoding="utf-8")
    )
    return values


def dress(application: QApplication) -> None:
    """Give the application our look."""
    shades = colours()
    application.setStyle("Fusion")
    palette = QPalette()
    for role, shade in (
        (QPalette.ColorRole.Window, "window"), (QPalette.ColorRole.WindowText, "text"),
        (QPalette.ColorRole.Base, "panel"), (QPalette.ColorRole.AlternateBase, "raised"),
        (QPalette.ColorRole.Text, "text"), (QPalette.ColorRole.Button, "raised"),
        (QPalette.ColorRole.ButtonText, "text"), (QPalette.ColorRole.Highlight, "accent_dark"),
        (QPalette.ColorRole.HighlightedText, "text"), (QPalette.ColorRole.PlaceholderText, "quiet"),
        (QPalette.ColorRole.ToolTipBase, "raised"), (QPalette.ColorRole.ToolTipText, "text"),
        (QPalette.ColorRole.Link, "accent"), (QPalette.ColorRole.Mid, "quiet"),
    ):  # fmt: skip
        palette.setColor(role, QColor(shades[shade]))
    application.setPalette(palette)
    sheet = Template((_RESOURCES / "themes" / "base.qss").read_text(encoding="utf-8"))
    drawn = {name: f'"{(_RESOURCES / "icons" / f"{name}.svg").as_posix()}"' for name in ("arrow", "tick")}
    application.setStyleSheet(sheet.substitute(shades, **drawn))


@cache
def icon(name: str) -> QIcon:
    """Return one of our drawings in the theme's colours: normal, chosen and disabled."""
    shades = colours()
    made = QIcon()
    for mode, state, shade in (
        (QIcon.Mode.Normal, QIcon.State.Off, "text"),
        (QIcon.Mode.Normal, QIcon.State.On, "on_accent"),
        (QIcon.Mode.Disabled, QIcon.State.Off, "disabled"),
    ):
        for ratio in (1, 2, 3):
            made.addPixmap(_drawn(name, shades[shade], 20, ratio), mode, state)
    return made


def _drawn(name: str, colour: str, side: int, ratio: int) -> QPixmap:
    text = (_RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    picture = QPixmap(QSize(side, side) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(text.encode())).render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
