"""Gives Python its own import back, which PySide6 replaces by one of its own.

PySide6's reads the source of every module that is imported from then on, for `from __feature__ import`.
Nothing here asks for that, and a window that opens waits for it.
"""

from __future__ import annotations

import builtins
from importlib import import_module

# replaces it
import_module("PySide6.QtCore")
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
