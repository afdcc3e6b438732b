"""What the mouse does over a picture: presets after programs that hands already know, and changes to them.

An input is a button or the wheel, with Shift or Ctrl before it: "right", "shift+left", "ctrl+wheel". One with
a key that is not bound does what it does without the key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt

from widgets.words import marked, said

DRAGS = {
    "tool": marked("The chosen tool"),
    "window": marked("Window (across) and level (up and down)"),
    "pan": marked("Move the picture"),
    "zoom": marked("Zoom"),
    "scroll": marked("Scroll through the slices"),
    "nothing": marked("Nothing"),
}
ROLLS = {
    "scroll": marked("Scroll through the slices"),
    "zoom": marked("Zoom about the pointer"),
    "echo": marked("Next or previous echo"),
    "size_or_echo": marked("Size of the brush; without one, the echo"),
    "size_or_scroll": marked("Size of the brush; without one, scroll"),
    "nothing": marked("Nothing"),
}
_BUTTONS = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
_KEYS = ("", "shift+", "ctrl+")
_INPUT_NAMES = {
    "left": marked("left button"),
    "middle": marked("middle button"),
    "right": marked("right button"),
    "wheel": marked("wheel"),
    "shift": marked("Shift"),
    "ctrl": marked("Ctrl"),
}
DRAG_INPUTS = tuple(f"{key}{button}" for key in _KEYS for button in _BUTTONS.values())
WHEEL_INPUTS = tuple(f"{key}wheel" for key in _KEYS)


@dataclass(frozen=True)
class Preset:
    """A named set of bindings; the title as marked."""

    title: str
    bindings: Mapping[str, str]


# the left button draws and marks in all of them: without it nothing could be read
PRESETS = {
    "pacs": Preset(marked("Radiology PACS"), {
        "left": "tool", "middle": "pan", "right": "window",
        "shift+left": "pan", "ctrl+left": "zoom", "shift+right": "scroll",
        "wheel": "scroll", "ctrl+wheel": "zoom", "shift+wheel": "size_or_echo",
    }),
    "itk-snap": Preset("ITK-SNAP", {
        "left": "tool", "middle": "pan", "right": "zoom",
        "shift+right": "window", "ctrl+right": "window",
        "wheel": "size_or_scroll", "ctrl+wheel": "zoom", "shift+wheel": "echo",
    }),
    "slicer": Preset("3D Slicer", {
        "left": "tool", "middle": "pan", "right": "zoom",
        "shift+left": "pan", "ctrl+left": "window",
        "wheel": "scroll", "ctrl+wheel": "zoom", "shift+wheel": "size_or_echo",
    }),
}  # fmt: skip
USUAL = "pacs"


def bindings(preset: str, changes: Mapping[str, str]) -> dict[str, str]:
    """Return what each input does: the preset's choice unless it was changed; nonsense is left out."""
    chosen = dict(PRESETS.get(preset, PRESETS[USUAL]).bindings)
    for put, deed in changes.items():
        if (put in DRAG_INPUTS and deed in DRAGS) or (put in WHEEL_INPUTS and deed in ROLLS):
            chosen[put] = deed
    return chosen


def deed_of(bound: Mapping[str, str], button: Qt.MouseButton, keys: Qt.KeyboardModifier) -> str:
    """Return what a button does with the keys held."""
    return _looked_up(bound, _BUTTONS.get(button, ""), keys)


def wheel_deed(bound: Mapping[str, str], keys: Qt.KeyboardModifier) -> str:
    """Return what the wheel does with the keys held."""
    return _looked_up(bound, "wheel", keys)


def _looked_up(bound: Mapping[str, str], name: str, keys: Qt.KeyboardModifier) -> str:
    for key, prefix in (
        (Qt.KeyboardModifier.ControlModifier, "ctrl+"),
        (Qt.KeyboardModifier.ShiftModifier, "shift+"),
    ):
        if keys & key and f"{prefix}{name}" in bound:
            return bound[f"{prefix}{name}"]
    return bound.get(name, "nothing")


def told(put: str) -> str:
    """Name an input for a person: "Shift + left button"."""
    text = " + ".join(said(_INPUT_NAMES[part]) for part in put.split("+"))
    return text[:1].upper() + text[1:]
