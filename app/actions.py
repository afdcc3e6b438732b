"""Everything a rater can do, in one table: its words, key, icon and place in the menus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from app.theme import icon


@dataclass(frozen=True)
class Deed:
    """One action. `group`: of those in a group one is chosen at a time."""

    name: str
    text: str
    keys: tuple[str, ...]
    menu: str
    icon: str = ""
    tip: str = ""
    group: str = ""
    checkable: bool = False


READING = (
    Deed("next_case", "Next case", ("Ctrl+Right",), "Case", "next"),
    Deed("previous_case", "Previous case", ("Ctrl+Left",), "Case"),
    Deed("finish", "Lock the step or sign the case", ("Ctrl+Return",), "Case", "signed"),
    Deed("close", "Close", ("Ctrl+Q",), "Case", tip="Close; everything is saved already"),
    Deed("undo", "Undo", ("Ctrl+Z",), "Edit", "undo"),
    Deed("redo", "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit", "redo"),
    Deed("delete_mark", "Delete the selected finding", ("Delete",), "Edit", "delete"),
    Deed("clear_region", "Remove the active region", ("Ctrl+Backspace",), "Edit", "clear"),
    Deed("clear_answer", "Take the current answer back", ("Ctrl+Delete",), "Edit"),
    Deed("navigate", "Navigate", ("Q",), "Tools", "navigate", "Point: all views show the same place", "tool"),
    Deed("polygon", "Polygon", ("P",), "Tools", "polygon",
         "Outline by corners; double click, Enter or the first corner closes, Backspace takes a corner back, "
         "Esc drops it", "tool"),
    Deed("brush", "Brush", ("B",), "Tools", "brush", "Paint the region; [ and ] change the size", "tool"),
    Deed("eraser", "Eraser", ("E",), "Tools", "eraser",
         "Take from the region; [ and ] change its size", "tool"),
    Deed("lesion", "Mark a lesion", ("L",), "Tools", "lesion", "Click sets a mark, drag moves it", "tool"),
    Deed("node", "Mark a lymph node", ("N",), "Tools", "node", "Click sets a mark, drag moves it", "tool"),
    Deed("smaller", "Smaller brush", ("[",), "Tools"),
    Deed("larger", "Larger brush", ("]",), "Tools"),
    Deed("tumour", "Tumour", ("T",), "Tools", group="kind", tip="Draw the tumour"),
    Deed("reference", "Reference", ("R",), "Tools", group="kind", tip="Draw reference tissue"),
    Deed("noise", "Noise", ("A",), "Tools", group="kind", tip="Draw in air, for the noise"),
    Deed("fit", "Fit pictures", ("F",), "View", "fit"),
    Deed("reset_window", "Reset window", ("W",), "View", "window", "Window and level as at first"),
    Deed("next_map", "Next map", ("M",), "View", tip="No map, R2*, iron in turn"),
    Deed("trial", "Trial fit", ("G",), "View", checkable=True,
         tip="Refit with other echoes or another method, to look; the study's map is what is recorded"),
    Deed("next_echo", "Next echo", ("Right",), "View"),
    Deed("previous_echo", "Previous echo", ("Left",), "View"),
    Deed("crosshair", "Cross-hair", ("X",), "View", "crosshair", checkable=True),
    Deed("smooth", "Smooth pixels", ("I",), "View", "smooth",
         "Interpolate the picture; maps never are", checkable=True),
    Deed("texts", "Texts beside the pictures", ("H",), "View", "texts", checkable=True),
    Deed("layout_1x1", "One picture", ("Ctrl+1",), "View", "layout-1x1", group="layout"),
    Deed("layout_1x2", "Two pictures", ("Ctrl+2",), "View", "layout-1x2", group="layout"),
    Deed("layout_1+3", "One large and three small", ("Ctrl+3",), "View", "layout-1+3", group="layout"),
    Deed("layout_2x2", "Four pictures", ("Ctrl+4",), "View", "layout-2x2", group="layout"),
    Deed("enlarge", "Active picture alone, or as before", ("O",), "View"),
    Deed("next_plane", "Next plane", ("V",), "View", tip="As scanned, axial, coronal, sagittal in turn"),
    Deed("next_slab", "Next slab", ("S",), "View", tip="One slice, mean, MIP, MinIP in turn"),
    Deed("thicker", "Next thickness of the slab", ("Shift+S",), "View"),
    Deed("next_preset", "Next window preset", ("K",), "View"),
    Deed("invert", "Invert", ("J",), "View"),
    Deed("compare", "Compare by a divider", ("Y",), "View", tip="Nothing and the other pictures in turn"),
    Deed("volume", "3D in the active picture", ("U",), "View", tip="And back again"),
    Deed("cine_slices", "Play slices", ("C",), "View", checkable=True),
    Deed("cine_echoes", "Play echoes", ("D",), "View", checkable=True),
    Deed("next_pane", "Next picture", ("F6",), "View"),
    Deed("controls", "Mouse and keys…", ("F2",), "Help"),
    Deed("keys", "Keys", ("F1",), "Help", "keys"),
    *(Deed(f"answer_{value}", f"Answer {value}", (str(value),), "") for value in range(10)),
)  # fmt: skip

# not in the table of actions, since a view or a button answers them itself; the mouse is widgets.mouse's
GESTURES = (
    ("Page Up, Page Down", "Scroll through the slices"),
    ("Home, End", "First and last slice"),
    ("+ and −", "Zoom about the pointer"),
    ("3D: drag, click", "Turn; point, or look from a face of the cube"),
    ("3D: A P L R S I", "Look from a side; arrows turn, V MIP or volume"),
    ("3D: X Y Z", "Cuts; Page Up, Page Down move them"),
    ("0 to 9", "Answer the current question and go on"),
    ("Tab, Up, Down", "From question to question"),
    ("Enter, Backspace, Esc", "Close the outline, take its last corner back, drop it"),
)


def make_actions(owner: QWidget, deeds: tuple[Deed, ...] = READING) -> dict[str, QAction]:
    """Make the actions of a window, by name; their keys work wherever its focus is."""
    made: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for deed in deeds:
        action = QAction(deed.text, owner)
        action.setObjectName(f"action_{deed.name}")
        action.setCheckable(deed.checkable or bool(deed.group))
        if deed.icon:
            action.setIcon(icon(deed.icon))
        if deed.group:
            groups.setdefault(deed.group, QActionGroup(owner)).addAction(action)
        owner.addAction(action)
        made[deed.name] = action
    bind_keys(made, {}, deeds)
    return made


def keys_of(deed: Deed, changes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of an action: the one that was chosen for it, else the usual ones."""
    return tuple(key for key in (changes[deed.name],) if key) if deed.name in changes else deed.keys


def bind_keys(
    actions: Mapping[str, QAction], changes: Mapping[str, str], deeds: tuple[Deed, ...] = READING
) -> None:
    """Give each action its keys, and its tool tip their names."""
    for deed in deeds:
        action, keys = actions[deed.name], keys_of(deed, changes)
        told = ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
        tip = f"{deed.text} ({told})" if told else deed.text
        action.setToolTip(tip + (f"\n{deed.tip}" if deed.tip else ""))
        action.setShortcuts([QKeySequence(key) for key in keys])
