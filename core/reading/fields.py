"""Asks a YAML mapping for its entries, and names the line of whatever is wrong with one."""

from __future__ import annotations

import re
from typing import Any

import yaml

from core.errors import InputError


class ProtocolError(InputError):
    """What is wrong with a protocol: `where` it was read from, the `line` from 1, and the `fault` itself."""

    def __init__(self, where: str, line: int | None, fault: str) -> None:
        super().__init__(f"{where}{f' line {line}' if line else ''}: {fault}")
        self.line, self.fault = line, fault


class Fields:
    """A YAML mapping whose entries are asked for by name and kind; every complaint names the line."""

    def __init__(self, node: yaml.Node, where: str) -> None:
        self.where, self.line = where, node.start_mark.line + 1
        if not isinstance(node, yaml.MappingNode):
            raise self.fault("this should be a set of named entries")
        self._entries: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if name in self._entries:
                raise self._fault_at(key, f"{name!r} stands twice")
            self._entries[name] = value
        self._asked: set[str] = set()

    def fault(self, message: str) -> ProtocolError:
        """Return an error that names the line where the mapping begins."""
        return ProtocolError(self.where, self.line, message)

    def _fault_at(self, node: yaml.Node, message: str) -> ProtocolError:
        return ProtocolError(self.where, node.start_mark.line + 1, message)

    def has(self, name: str) -> bool:
        """Tell whether an entry is there; a name that was asked for is a known one."""
        self._asked.add(name)
        return name in self._entries

    def _node(self, name: str) -> yaml.Node:
        if not self.has(name):
            raise self.fault(f"{name!r} is missing")
        return self._entries[name]

    def value(self, name: str, kind: type, called: str) -> Any:
        """Return an entry of exactly this type, or say that it should be `called`."""
        node = self._node(name)
        value = None
        if isinstance(node, yaml.ScalarNode):
            try:
                value = _built(node)
            except (yaml.YAMLError, ValueError):
                value = None
        if type(value) is not kind or value == "":
            raise self._fault_at(node, f"{name!r} should be {called}")
        return value

    def text(self, name: str) -> str:
        """Return a text that is not empty."""
        return str(self.value(name, str, "text (in quotes, where it looks like a number)")).strip()

    def name(self, name: str) -> str:
        """Return a short name of letters, digits, - and _."""
        text = self.text(name)
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", text):
            raise self.fault(f"{name!r} should be a short name of letters, digits, - and _, not {text!r}")
        return text

    def number(self, name: str) -> int:
        """Return a whole number."""
        return int(self.value(name, int, "a whole number"))

    def whole(self, name: str, lowest: int, highest: int) -> int:
        """Return a whole number between two ends."""
        number = self.number(name)
        if not lowest <= number <= highest:
            fault = f"{name!r} should be a whole number from {lowest} to {highest}"
            raise self._fault_at(self._node(name), fault)
        return number

    def numbers(self, name: str) -> tuple[int, ...]:
        """Return a list of whole numbers that is not empty, none of them twice."""
        node = self._node(name)
        try:
            values = yaml.safe_load(yaml.serialize(node))
        except (yaml.YAMLError, ValueError):
            values = None
        if not isinstance(values, list) or not values or any(type(value) is not int for value in values):
            raise self._fault_at(node, f"{name!r} should be a list of whole numbers")
        if len(set(values)) < len(values):
            raise self._fault_at(node, f"{name!r} holds a number twice")
        return tuple(values)

    def yes(self, name: str, default: bool) -> bool:
        """Return true or false, the default where the entry is missing."""
        return bool(self.value(name, bool, "true or false")) if self.has(name) else default

    def ends(self, name: str) -> tuple[float, float]:
        """Return two numbers, the lower first."""
        node = self._node(name)
        try:
            values = _built(node)
        except (yaml.YAMLError, ValueError):
            values = None
        if isinstance(values, list) and len(values) == 2 and {type(v) for v in values} <= {int, float}:
            low, high = values
            # far beyond any map, and small enough for whole numbers to become floats; false for NaN
            if -1e9 < low < high < 1e9:
                return float(low), float(high)
        raise self._fault_at(node, f"{name!r} should be two numbers, [lowest, highest]")

    def real(self, name: str, lowest: float, highest: float) -> float:
        """Return a number between two ends."""
        node = self._node(name)
        try:
            value = _built(node) if isinstance(node, yaml.ScalarNode) else None
        except (yaml.YAMLError, ValueError):
            value = None
        # a bool is an int to Python, and no number to a person
        if not isinstance(value, (int, float)) or isinstance(value, bool) or not lowest <= value <= highest:
            raise self._fault_at(node, f"{name!r} should be a number from {lowest:g} to {highest:g}")
        return float(value)

    def choice(self, name: str, allowed: tuple[str, ...], default: str = "") -> str:
        """Return one of the words allowed, the default, if there is one, where the entry is missing."""
        if default and not self.has(name):
            return default
        # YAML reads 1x1 as text but a lone number as a number: what was written counts
        node = self._node(name)
        text = str(node.value) if isinstance(node, yaml.ScalarNode) else ""
        if text not in allowed:
            raise self._fault_at(node, f"{name!r} should be one of {', '.join(allowed)}")
        return text

    def one(self, name: str) -> Fields:
        """Return a mapping."""
        return Fields(self._node(name), self.where)

    def many(self, name: str) -> list[Fields]:
        """Return a list of mappings that is not empty."""
        node = self._node(name)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self._fault_at(node, f"{name!r} should be a list")
        return [Fields(item, self.where) for item in node.value]

    def words(self, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Return a list of words allowed, none of them twice."""
        node = self._node(name)
        if not isinstance(node, yaml.SequenceNode):
            raise self._fault_at(node, f"{name!r} should be a list")
        words = tuple(str(item.value) for item in node.value)
        for word in words:
            if word not in allowed:
                raise self._fault_at(node, f"{word!r} is not one of {', '.join(allowed)}")
            if words.count(word) > 1:
                raise self._fault_at(node, f"{word!r} stands twice")
        return words

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, none of them twice."""
        node = self._node(name)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self._fault_at(node, f"{name!r} should be a list")
        texts = tuple(str(item.value).strip() for item in node.value)
        for text in texts:
            if not text or texts.count(text) > 1:
                raise self._fault_at(
                    node, f"{text!r} stands twice" if text else f"{name!r} holds an empty text"
                )
        return texts

    def done(self) -> None:
        """Complain of the first entry that nobody asked for."""
        for name, node in self._entries.items():
            if name not in self._asked:
                known = ", ".join(sorted(self._asked))
                raise self._fault_at(node, f"{name!r} is not known here; known are {known}")


def _built(node: yaml.Node) -> Any:
    """Return what a node stands for, built as yaml.safe_load would."""
    return yaml.constructor.SafeConstructor().construct_document(node)
