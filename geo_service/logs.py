"""Log lines: on stderr, so that what a command answers on stdout stays clean."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Write lines of `level` (a setting: debug, info, warning, error) and above."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # stderr as it is when a line is written: whoever configured this may have lent us one that is closed by now
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
