"""Log lines go to stderr, so that stdout holds only the answer of a command."""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Write lines of `level` (a setting: debug, info, warning, error) and above."""
    structlog.configure(
        # a traceback as Python writes it: the values of local variables are addresses, keys and what citizens wrote
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.StackInfoRenderer(),
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        # stderr as it is when a line is written: whoever configured this may have lent us one that is closed by now
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
