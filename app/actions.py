"""Everything a rater can do, in one table: its words, key, icon and place in the menus."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from app.theme import icon
from widgets.words import marked, said


@dataclass(frozen=True)
class Deed:
    """One action. `group`: of those in a group one is chosen at a time.

    `text`, `tip` and `menu` are as marked; `said` and `told` are the first two in the window's language.
    """

    name: str
    text: str
    keys: tuple[str, ...]
    menu: str
    icon: str = ""
    tip: str = ""
    group: str = ""
    checkable: bool = False
    value: int = 0  # of those that answer

    @property
    def changes(self) -> bool:
        """Whether it belongs to changing a case, which is over once that is signed."""
        return (
            (self.group in ("tool", "kind") and self.name != "navigate")
            or (self.menu == "Regions" and self.name not in _ONLY_LOOKS)
            or self.name in ("delete_mark", "clear_answer", "remove_ruler")
        )

    @property
    def said(self) -> str:
        """Its words for the person."""
        return said(self.text).format(value=self.value)

    @property
    def told(self) -> str:
        """What is told of it besides."""
        return said(self.tip) if self.tip else ""


LIGHT_THEME = Deed("light_theme", marked("Light theme"), ("F9",), "View", checkable=True)
_ONLY_LOOKS = ("next_region", "previous_region", "hide_region", "axes", "margin")
# what a held key does again and again; nothing else does, least of all what answers or signs
_REPEAT = (
    "undo", "redo", "smaller", "larger", "next_finding", "previous_finding", "next_region", "previous_region",
    "next_echo", "previous_echo",
)  # fmt: skip
# in the order of the menu bar
MENUS = (
    marked("Case"), marked("Edit"), marked("Tools"), marked("Regions"), marked("View"), marked("Help"),
)  # fmt: skip
READING = (
    Deed("next_case", marked("Next case"), ("Ctrl+Right",), "Case", "next"),
    Deed("previous_case", marked("Previous case"), ("Ctrl+Left",), "Case"),
    Deed("finish", marked("Lock the step or sign the case"), ("Ctrl+Return",), "Case", "signed"),
    Deed("review", marked("What was answered"), ("F5",), "Case",
         tip=marked("Everything answered, marked and measured, and what is missing")),
    Deed("correct", marked("Correct a signed case…"), ("Ctrl+E",), "Case",
         tip=marked("It opens again, with a reason; what was signed stays readable")),
    Deed("password", marked("Change the password…"), ("Ctrl+Shift+W",), "Case"),
    Deed("trail", marked("Audit trail…"), ("Ctrl+Shift+H",), "Case",
         tip=marked("What was done in this kit, when; the password is asked for")),
    Deed("next_finding", marked("Next finding"), ("Ctrl+Down",), "Case"),
    Deed("previous_finding", marked("Previous finding"), ("Ctrl+Up",), "Case"),
    Deed("close", marked("Close"), ("Ctrl+Q",), "Case", tip=marked("Close; everything is saved already")),
    Deed("undo", marked("Undo"), ("Ctrl+Z",), "Edit", "undo"),
    Deed("redo", marked("Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "Edit", "redo"),
    Deed("delete_mark", marked("Delete the selected finding"), ("Delete",), "Edit", "delete"),
    Deed("clear_answer", marked("Take the current answer back"), ("Ctrl+Delete",), "Edit"),
    Deed("take_proposal", marked("Take the measured value over"), ("=",), "Edit"),
    Deed("note", marked("Note on the case"), ("F3",), "Edit"),
    Deed("query", marked("Flag the case for a query"), ("F4",), "Edit",
         tip=marked("What the coordinator should look at; words are optional")),
    Deed("navigate", marked("Navigate"), ("Q",), "Tools", "navigate",
         marked("Point: all views show the same place"), "tool"),
    Deed("polygon", marked("Polygon"), ("P",), "Tools", "polygon",
         marked("Outline by corners; double click, Enter or the first corner closes, "
                "Backspace takes a corner back, Esc drops it"), "tool"),
    Deed("freehand", marked("Freehand"), ("Shift+P",), "Tools", "freehand",
         marked("Draw round the region with the button held"), "tool"),
    Deed("ellipse", marked("Ellipse"), ("Shift+E",), "Tools", "ellipse",
         marked("Draw the ellipse from corner to corner; its four ends can be dragged"), "tool"),
    Deed("level_trace", marked("Level trace"), ("Shift+L",), "Tools", "level_trace",
         marked("The line of equal brightness under the pointer; click takes it"), "tool"),
    Deed("live_wire", marked("Live wire"), ("Shift+W",), "Tools", "live_wire",
         marked("Click along an edge, the way between is found; the first click, Enter or a double click "
                "closes, Backspace takes a click back"), "tool"),
    Deed("brush", marked("Brush"), ("B",), "Tools", "brush",
         marked("Paint the region; [ and ] or the wheel with Shift change the size"), "tool"),
    Deed("eraser", marked("Eraser"), ("E",), "Tools", "eraser",
         marked("Take from the region; [ and ] or the wheel with Shift change the size"), "tool"),
    Deed("threshold_brush", marked("Threshold brush"), ("Shift+T",), "Tools", "threshold_brush",
         marked("Paint only what looks like where the brush is set down"), "tool"),
    Deed("grow", marked("Grow from a click"), ("Shift+G",), "Tools", "grow",
         marked("Press in the region; up and down with the button held widens and narrows the range"),
         "tool"),
    Deed("solid", marked("Through slices"), ("Shift+B",), "Tools", checkable=True,
         tip=marked("Brushes are balls, growing, filling and margins go through slices")),
    Deed("lesion", marked("Mark a lesion"), ("L",), "Tools", "lesion",
         marked("Click sets a mark, drag moves it"), "tool"),
    Deed("node", marked("Mark a lymph node"), ("N",), "Tools", "node",
         marked("Click sets a mark, drag moves it"), "tool"),
    Deed("ruler", marked("Ruler"), ("Z",), "Tools", "ruler",
         marked("Draw from one edge to the other; the ends can be dragged"), "tool"),
    Deed("remove_ruler", marked("Delete the chosen ruler"), ("Shift+Delete",), "Tools"),
    Deed("smaller", marked("Smaller brush"), ("[",), "Tools"),
    Deed("larger", marked("Larger brush"), ("]",), "Tools"),
    Deed("tumour", marked("Tumour"), ("T",), "Regions", group="kind", tip=marked("Draw the tumour")),
    Deed("reference", marked("Reference"), ("R",), "Regions", group="kind",
         tip=marked("Draw reference tissue")),
    Deed("noise", marked("Noise"), ("A",), "Regions", group="kind", tip=marked("Draw in air, for the noise")),
    Deed("kind_node", marked("Node"), ("Shift+N",), "Regions", group="kind", tip=marked("Draw a lymph node")),
    Deed("kind_ring", marked("Ring"), ("Shift+C",), "Regions", group="kind",
         tip=marked("Draw what surrounds a tumour")),
    Deed("kind_ablation", marked("Ablation zone"), ("Shift+D",), "Regions", group="kind",
         tip=marked("Draw what was ablated")),
    Deed("kind_other", marked("Other"), ("Shift+U",), "Regions", group="kind",
         tip=marked("Draw anything else")),
    Deed("another_region", marked("One more region"), ("Ctrl+N",), "Regions",
         tip=marked("The next drawing begins one more region of the kind")),
    Deed("fill", marked("Fill holes"), ("Shift+F",), "Regions"),
    Deed("interpolate", marked("Interpolate between slices"), ("Shift+I",), "Regions"),
    Deed("copy_next", marked("Copy to the next slice"), ("Ctrl+PgDown",), "Regions"),
    Deed("copy_previous", marked("Copy to the previous slice"), ("Ctrl+PgUp",), "Regions"),
    Deed("grow_margin", marked("Grow by the distance"), ("Ctrl+Shift+Up",), "Regions"),
    Deed("shrink_margin", marked("Shrink by the distance"), ("Ctrl+Shift+Down",), "Regions"),
    Deed("ring", marked("Ring as wide as the distance"), ("Shift+O",), "Regions"),
    Deed("propose_reference", marked("Propose reference tissue"), ("Shift+R",), "Regions",
         tip=marked("Shown dashed; Enter or the same key takes it, Esc refuses it")),
    Deed("propose_air", marked("Propose air"), ("Shift+A",), "Regions",
         tip=marked("Shown dashed; Enter or the same key takes it, Esc refuses it")),
    Deed("margin", marked("Edge width"), ("Shift+M",), "Regions", checkable=True,
         tip=marked("10 to 90 % of the contrast, in sectors; the figures in mm stand beside the outline")),
    Deed("axes", marked("Long and short axis"), ("Shift+X",), "Regions", checkable=True),
    Deed("next_region", marked("Next region"), (".",), "Regions", tip=marked("And show its place")),
    Deed("previous_region", marked("Previous region"), (",",), "Regions", tip=marked("And show its place")),
    Deed("hide_region", marked("Hide or show the active region"), ("Shift+H",), "Regions"),
    Deed("lock_region", marked("Lock or unlock the active region"), ("Ctrl+L",), "Regions"),
    Deed("clear_region", marked("Remove the active region"), ("Ctrl+Backspace",), "Regions", "clear"),
    Deed("fit", marked("Fit pictures"), ("F",), "View", "fit"),
    Deed("reset_window", marked("Reset window"), ("W",), "View", "window",
         marked("Window and level as at first")),
    Deed("next_map", marked("Next map"), ("M",), "View", tip=marked("No map, R2*, iron in turn")),
    Deed("trial", marked("Trial fit"), ("G",), "View", checkable=True,
         tip=marked("Refit with other echoes or another method, to look; "
                    "the study's map is what is recorded")),
    Deed("next_echo", marked("Next echo"), ("Right",), "View"),
    Deed("previous_echo", marked("Previous echo"), ("Left",), "View"),
    Deed("crosshair", marked("Cross-hair"), ("X",), "View", "crosshair", checkable=True),
    Deed("smooth", marked("Smooth pixels"), ("I",), "View", "smooth",
         marked("Interpolate the picture; maps never are"), checkable=True),
    Deed("texts", marked("Texts beside the pictures"), ("H",), "View", "texts", checkable=True),
    Deed("layout_1x1", marked("One picture"), ("Ctrl+1",), "View", "layout-1x1", group="layout"),
    Deed("layout_1x2", marked("Two pictures"), ("Ctrl+2",), "View", "layout-1x2", group="layout"),
    Deed("layout_1+3", marked("One large and three small"), ("Ctrl+3",), "View", "layout-1+3",
         group="layout"),
    Deed("layout_2x2", marked("Four pictures"), ("Ctrl+4",), "View", "layout-2x2", group="layout"),
    Deed("enlarge", marked("Active picture alone, or as before"), ("O",), "View"),
    Deed("next_plane", marked("Next plane"), ("V",), "View",
         tip=marked("As scanned, axial, coronal, sagittal in turn")),
    Deed("next_slab", marked("Next slab"), ("S",), "View", tip=marked("One slice, mean, MIP, MinIP in turn")),
    Deed("thicker", marked("Next thickness of the slab"), ("Shift+S",), "View"),
    Deed("next_preset", marked("Next window preset"), ("K",), "View"),
    Deed("invert", marked("Invert"), ("J",), "View"),
    Deed("compare", marked("Compare by a divider"), ("Y",), "View",
         tip=marked("Nothing and the other pictures in turn")),
    Deed("volume", marked("3D in the active picture"), ("U",), "View", tip=marked("And back again")),
    Deed("cine_slices", marked("Play slices"), ("C",), "View", checkable=True),
    Deed("cine_echoes", marked("Play echoes"), ("D",), "View", checkable=True),
    Deed("next_pane", marked("Next picture"), ("F6",), "View"),
    LIGHT_THEME,
    Deed("controls", marked("Settings…"), ("F2",), "Help", tip=marked("Look, mouse and keys")),
    Deed("keys", marked("Keys"), ("F1",), "Help", "keys"),
    *(
        Deed(f"answer_{value}", marked("Answer {value}"), (str(value),), "", value=value)
        for value in range(10)
    ),
)  # fmt: skip

# not in the table of actions, since a view or a button answers them itself; the mouse is widgets.mouse's
GESTURES = (
    (marked("Page Up, Page Down"), marked("Scroll through the slices")),
    (marked("Home, End"), marked("First and last slice")),
    (marked("+ and −"), marked("Zoom about the pointer")),
    (marked("Shift + arrows, Space"), marked("Move the cross-hair, use the tool there")),
    (marked("3D: drag, click"), marked("Turn; point, or look from a face of the cube")),
    (marked("3D: A P L R S I"), marked("Look from a side; arrows turn, V MIP or volume")),
    (marked("3D: X Y Z"), marked("Cuts; Page Up, Page Down move them")),
    (marked("0 to 9"), marked("Answer the current question and go on")),
    (marked("Enter"), marked("To the next question")),
    (marked("Tab, Up, Down"), marked("From question to question")),
    (marked("Enter, Backspace, Esc"), marked("Close the outline, take its last corner back, drop it")),
)


def make_actions(owner: QWidget, deeds: tuple[Deed, ...] = READING) -> dict[str, QAction]:
    """Make the actions of a window, by name; their keys work wherever its focus is."""
    made: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for deed in deeds:
        action = QAction(deed.said, owner)
        action.setObjectName(f"action_{deed.name}")
        action.setCheckable(deed.checkable or bool(deed.group))
        action.setAutoRepeat(deed.name in _REPEAT)
        if deed.group:
            groups.setdefault(deed.group, QActionGroup(owner)).addAction(action)
        owner.addAction(action)
        made[deed.name] = action
    draw_icons(made, deeds)
    bind_keys(made, {}, deeds)
    return made


def draw_icons(actions: Mapping[str, QAction], deeds: tuple[Deed, ...]) -> None:
    """Give each action its icon in the colours of the theme that is worn."""
    for deed in deeds:
        if deed.icon:
            actions[deed.name].setIcon(icon(deed.icon))


def keys_of(deed: Deed, changes: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys of an action: the one that was chosen for it, else the usual ones."""
    return tuple(key for key in (changes[deed.name],) if key) if deed.name in changes else deed.keys


def sequence(key: str) -> QKeySequence:
    """Return the key of a table or of the settings: there it stands as Qt writes it on every system."""
    return QKeySequence.fromString(key, QKeySequence.SequenceFormat.PortableText)


def key_name(key: str) -> str:
    """Return what a key is called here: "Ctrl+Z" is "Strg+Z" on a German keyboard."""
    return sequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def bind_keys(
    actions: Mapping[str, QAction], changes: Mapping[str, str], deeds: tuple[Deed, ...] = READING
) -> None:
    """Give each action its keys, and its tool tip their names."""
    for deed in deeds:
        action, keys = actions[deed.name], keys_of(deed, changes)
        told = ", ".join(key_name(key) for key in keys)
        tip = f"{deed.said} ({told})" if told else deed.said
        action.setToolTip(tip + (f"\n{deed.told}" if deed.told else ""))
        action.setShortcuts([sequence(key) for key in keys])
