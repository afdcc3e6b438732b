"""Colours, style sheet and icons of the windows, in the theme that is worn."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template
from typing import Any

import yaml
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from widgets.words import marked

_RESOURCES = Path(__file__).resolve().parents[1] / "resources"
# the first is worn where nothing else was chosen
THEMES = {"dark": marked("Dark"), "light": marked("Light")}

_PALETTE = (
    (QPalette.ColorRole.Window, "window"), (QPalette.ColorRole.WindowText, "text"),
    (QPalette.ColorRole.Base, "panel"), (QPalette.ColorRole.AlternateBase, "raised"),
    (QPalette.ColorRole.Text, "text"), (QPalette.ColorRole.Button, "raised"),
    (QPalette.ColorRole.ButtonText, "text"), (QPalette.ColorRole.Highlight, "chosen"),
    (QPalette.ColorRole.HighlightedText, "on_chosen"), (QPalette.ColorRole.PlaceholderText, "quiet"),
    (QPalette.ColorRole.ToolTipBase, "raised"), (QPalette.ColorRole.ToolTipText, "text"),
    (QPalette.ColorRole.Link, "accent"), (QPalette.ColorRole.Mid, "quiet"),
)  # fmt: skip
# what the style moves by itself, and for how long; the system's own hint holds where nothing is said
_STILL = "QWidget { widget-animation-duration: 0; }"
_EFFECTS = (
    Qt.UIEffect.UI_General, Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_AnimateTooltip, Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)  # fmt: skip


@cache
def colours(name: str) -> dict[str, str]:
    """Return a theme's colours by their use."""
    values: dict[str, str] = yaml.safe_load(
        (_RESOURCES / "themes" / f"{name}.yaml").read_text(encoding="utf-8")
    )
    return values


def theme() -> str:
    """Return the name of the theme that is worn."""
    worn = _told("theme")
    return worn if worn in THEMES else next(iter(THEMES))


def still() -> bool:
    """Return whether nothing moves by itself."""
    return bool(_told("still"))


def _told(what: str) -> Any:
    application = QGuiApplication.instance()
    return None if application is None else application.property(what)


def dress(application: QApplication, name: str | None = None, *, hold: bool | None = None) -> None:
    """Give the application and its open windows the look of a theme; with `hold` nothing moves by itself.

    What is not given stays. Windows learn of it as Qt tells them, by QEvent.StyleChange.
    """
    application.setProperty("theme", theme() if name is None else name)
    application.setProperty("still", still() if hold is None else hold)
    shades = colours(theme())
    if not application.styleSheet():
        application.setStyle("Fusion")
    # frames of windows and dialogs of the system, where it listens
    scheme = Qt.ColorScheme.Light if theme() == "light" else Qt.ColorScheme.Dark
    application.styleHints().setColorScheme(scheme)
    palette = QPalette()
    for role, shade in _PALETTE:
        palette.setColor(role, QColor(shades[shade]))
    disabled = QColor(shades["disabled"])
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, disabled)
    application.setPalette(palette)
    sheet = Template((_RESOURCES / "themes" / "base.qss").read_text(encoding="utf-8"))
    drawn = {name: f'"{(_RESOURCES / "icons" / f"{name}.svg").as_posix()}"' for name in ("arrow", "tick")}
    application.setStyleSheet(sheet.substitute(shades, **drawn) + (_STILL if still() else ""))
    _hold(application)


def _hold(application: QApplication) -> None:
    """Stop the cursor's blinking and what fades or slides in; or let move what the system lets move."""
    moving = application.property("moving")
    if moving is None:
        moving = (application.cursorFlashTime(), [e for e in _EFFECTS if application.isEffectEnabled(e)])
        application.setProperty("moving", moving)
    blinking_ms, effects = moving
    application.setCursorFlashTime(0 if still() else blinking_ms)
    for effect in effects:
        application.setEffectEnabled(effect, not still())


def icon(name: str) -> QIcon:
    """Return one of our drawings in the colours of the theme that is worn: normal, chosen and disabled."""
    return _icon(name, theme())


@cache
def _icon(name: str, worn: str) -> QIcon:
    return QIcon(_Drawing(name, worn))


class _Drawing(QIconEngine):
    """Draws an icon when it is first shown, for the pixels it is shown with: what Qt scales is blurred."""

    def __init__(self, name: str, worn: str) -> None:
        super().__init__()
        self._name, self._worn = name, worn
        self._drawn: dict[tuple[int, int, str], QPixmap] = {}

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the drawing, so many pixels of the screen wide and high."""
        shade = "text"
        if mode == QIcon.Mode.Disabled:
            shade = "disabled"
        elif mode == QIcon.Mode.Selected or state == QIcon.State.On:
            shade = "on_chosen"
        asked = size.width(), size.height(), shade
        if asked not in self._drawn:
            self._drawn[asked] = self._draw(size, colours(self._worn)[shade])
        return self._drawn[asked]

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the drawing where an item of a list has it."""
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self.pixmap(rect.size() * ratio, mode, state))

    def clone(self) -> QIconEngine:
        """Return the same drawing for another icon."""
        return _Drawing(self._name, self._worn)

    def _draw(self, size: QSize, colour: str) -> QPixmap:
        picture = QPixmap(size)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        QSvgRenderer(str(_RESOURCES / "icons" / f"{self._name}.svg")).render(painter)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(picture.rect(), QColor(colour))
        painter.end()
        return picture
