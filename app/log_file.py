"""The file of the program's log, apart from `app.logs`: what it needs is imported with it."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler


class LogFile(RotatingFileHandler):
    """Says that it could not write to who asked, not on standard error."""

    def handleError(self, record: logging.LogRecord) -> None:
        # called where the error is being handled
        error = sys.exception()
        if error is not None:
            raise error
