"""How the windows look to this person: the theme, and whether anything moves by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.actions import Deed, draw_icons
from app.settings import Settings
from app.theme import dress, still, theme


class Look(QObject):
    """Keeps a window true to the look, whichever window it was chosen in.

    The window has an action `light_theme`; `changed` asks for what else it drew in the theme's colours.
    `keep` keeps `settings` after they were changed here.
    """

    changed = Signal()

    def __init__(
        self,
        window: QWidget,
        actions: Mapping[str, QAction],
        deeds: tuple[Deed, ...],
        settings: Settings,
        keep: Callable[[], None],
    ) -> None:
        super().__init__(window)
        self._actions, self._deeds, self._settings, self._keep = actions, deeds, settings, keep
        self._switch = actions["light_theme"]
        self._switch.setChecked(theme() == "light")
        self._switch.triggered.connect(lambda light: self.wear("light" if light else "dark"))
        window.installEventFilter(self)

    def wear(self, name: str) -> None:
        """Choose another theme, for all windows and from now on."""
        dress(QApplication.instance(), name)
        self._keep()

    def hold_still(self, on: bool) -> None:
        """Let nothing move by itself, or what the system lets move."""
        dress(QApplication.instance(), hold=on)
        self._keep()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self._settings.theme, self._settings.still = theme(), still()
            self._switch.setChecked(theme() == "light")
            draw_icons(self._actions, self._deeds)
            self.changed.emit()
        return super().eventFilter(watched, event)
