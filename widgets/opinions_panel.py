"""What two readers said of a case before, unnamed: a few lines above the questions."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from widgets.parts import frame, label, spoken

# the questions below keep most of the room; what is more than this share of the window's height is scrolled
_MOST = 0.25


@dataclass(frozen=True)
class OpinionTold:
    """A thing the two disagree on, and what both said of it."""

    about: str
    said: str


class OpinionsPanel(QWidget):
    """Shown while there is something to tell. It only tells: what is answered is answered below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = QScrollArea()
        about = self.tr("What two readers said")
        tip = self.tr(
            "Two readers have read this case before you and differ here; in no order, without names"
        )
        spoken(self.area, "opinions", about, tip)
        self.area.setProperty("role", "panel")
        self.area.setWidgetResizable(True)
        # by Tab alone, and for as long as it is there: the arrows scroll it
        self.area.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # always there, as beside the questions, so that texts do not wrap anew
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._inside = QWidget()
        self._lines = QVBoxLayout(self._inside)
        self._lines.setContentsMargins(14, 2, 4, 8)
        self._lines.setSpacing(2)
        self.area.setWidget(self._inside)
        self._inside.installEventFilter(self)
        self._opinions: list[QFrame] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = label(about.upper(), "title")
        title.setContentsMargins(14, 6, 14, 2)
        for part in (title, self.area, frame("line")):
            column.addWidget(part)
        self.hide()

    def set_opinions(self, told: tuple[OpinionTold, ...]) -> None:
        """Show these, or for none nothing at all."""
        for opinion in self._opinions:
            self._lines.removeWidget(opinion)
            opinion.hide()
            opinion.deleteLater()
        self._opinions = [self._opinion(number, each) for number, each in enumerate(told)]
        for opinion in self._opinions:
            self._lines.addWidget(opinion)
            # now, or it would count as hidden when the room is measured
            opinion.show()
        self.area.setAccessibleDescription("\n".join(f"{each.about}: {each.said}" for each in told))
        self.area.verticalScrollBar().setValue(0)
        self.setVisible(bool(told))
        self._fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Measure again when the lines are laid out anew, or the window has become another size."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._fit()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)

    def _opinion(self, number: int, told: OpinionTold) -> QFrame:
        made = QFrame()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(0)
        about = label(told.about, "quiet", name=f"opinion-{number}-about", wrap=True)
        said = label(told.said, name=f"opinion-{number}-said", wrap=True)
        column.addWidget(about)
        column.addWidget(said)
        return made

    def _fit(self) -> None:
        """Be as high as what is told, up to a bound."""
        needed = self._inside.heightForWidth(self.area.viewport().width())
        self.area.setFixedHeight(min(max(needed, 0), int(_MOST * self.window().height())))
