"""What every page of the study window has: its name, what it is for, and how its step stands."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.study.desk import Desk
from app.study.holdings import Holdings, Stand
from widgets.parts import label, restyle, spoken
from widgets.words import said

_ROLES = {"done": "good", "todo": "active", "waiting": "warning"}


class Page(QWidget):
    """A heading, one line on what is missing or comes next, and below whatever the step needs.

    `about` and `title` are as marked; `operation`, one of `core.study.people`, is what it is for. A page
    shows what the study holds when `show_holdings` is called.
    """

    step = ""
    operation = ""
    title = ""
    about = ""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName(f"page_{self.step}")
        self.desk = desk
        self.stand_text = label("", "active", name=f"{self.step}_stand", wrap=True)
        # what a role may not use is disabled; why not stays readable above it
        self.content = QWidget()
        self.body = QVBoxLayout(self.content)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(10)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 16, 22, 12)
        column.setSpacing(6)
        column.addWidget(label(said(self.title), "heading", name=f"{self.step}_heading"))
        column.addWidget(label(said(self.about), "quiet", name=f"{self.step}_about", wrap=True))
        column.addWidget(self.stand_text)
        column.addSpacing(6)
        column.addWidget(self.content, 1)

    def show_stand(self, stand: Stand) -> None:
        """Say how the step stands."""
        self.stand_text.setText(stand.text)
        restyle(self.stand_text, role=_ROLES[stand.state])

    def show_holdings(self, held: Holdings) -> None:
        """Show what the study holds now; each page in its own way."""

    def drop_paths(self, paths: Sequence[object]) -> bool:
        """Take files that were dropped; tells whether the page has a use for them."""
        return False

    def row_of(self, *parts: QWidget, stretch: bool = True) -> QHBoxLayout:
        """Lay parts beside each other below what is there."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for part in parts:
            row.addWidget(part)
        if stretch:
            row.addStretch(1)
        self.body.addLayout(row)
        return row


def minute(utc: str) -> str:
    """Return a time to the minute, as the study has it in UTC."""
    return utc[:16].replace("T", " ")


def button(name: str, text: str, tip: str = "", *, main: bool = False) -> QPushButton:
    """Make a button of a page; the main one is what comes next."""
    made = QPushButton(text)
    if main:
        made.setProperty("role", "main")
    spoken(made, name, text.removesuffix(" …"), tip)
    return made


def new_kit(study: Path) -> str:
    """Return a place for a kit whose name tells neither reader nor session: others may see it."""
    return str(study / "kits" / f"{secrets.token_hex(4)}.kit")
