"""The program's log: what was run and how it ended, line by line as JSON; nobody's name and nobody's path."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextlib import closing
from time import gmtime, strftime

from platformdirs import user_log_path

FILE_NAME = "ferroread.jsonl"
_LARGEST_BYTES, _KEPT = 2**20, 5


def write_line(what: str, values: Mapping[str, str | int | float]) -> None:
    """Add a line to the log; where it cannot be written, the program goes on.

    Parameters
    ----------
    what : str
        A word of the program's own: "ended", "bug".
    values : mapping
        Words and numbers of the program's own, nothing that anybody has typed.
    """
    # sockets and more come with it: no window shall wait for that
    from app.log_file import LogFile

    line = {"at": strftime("%Y-%m-%dT%H:%M:%SZ", gmtime()), "what": what}
    try:
        folder = user_log_path("ferroread", appauthor=False, ensure_exists=True)
        handler = LogFile(folder / FILE_NAME, maxBytes=_LARGEST_BYTES, backupCount=_KEPT, encoding="utf-8")
        with closing(handler):
            text = json.dumps({**line, **values})
            handler.emit(logging.LogRecord("ferroread", logging.INFO, "", 0, text, None, None))
    except OSError:
        return
