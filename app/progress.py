"""A progress line on a terminal."""

from __future__ import annotations

from typing import TextIO


class Terminal:
    """A Progress that rewrites one line of standard error, where that is a terminal."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._length = 0

    def report(self, fraction: float, what: str) -> None:
        """Show how far the work is."""
        if not self._live:
            return
        line = f"{100 * min(max(fraction, 0.0), 1.0):3.0f} %  {what}"[:100]
        self._stream.write("\r" + line.ljust(self._length))
        self._stream.flush()
        self._length = len(line)

    def cancelled(self) -> bool:
        """Ctrl-C raises KeyboardInterrupt instead."""
        return False

    def clear(self) -> None:
        """Wipe the line, so that what follows stands alone."""
        if self._live and self._length:
            self._stream.write("\r" + " " * self._length + "\r")
            self._stream.flush()
            self._length = 0
