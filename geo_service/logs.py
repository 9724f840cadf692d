"""Log lines go to stderr, so that stdout holds only the answer of a command: as text for people, or as one JSON object a line for programs.

Lines of the libraries (uvicorn, procrastinate, psycopg) take the same form. What opens a door is masked in each of them.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
import psycopg_pool
import structlog
from structlog.contextvars import bound_contextvars, get_contextvars
from structlog.typing import EventDict, Processor

from geo_service.domain.errors import DatabaseUnreachable

Form = Literal["text", "json"]

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,48}")
"""Short enough to stand in the name of a database session, which has 63 bytes."""
MASK = "***"
AWAY = (psycopg_pool.PoolTimeout, DatabaseUnreachable)
AWAY_STATES = ("08", "53", "57P")
"""What a database that is down, restarts or refuses looks like: classes of SQLSTATE."""
SECRET_NAMES = re.compile(r"password|secret|token|authorization|cookie|api_key|personal_key", re.IGNORECASE)
SECRET_TEXTS = (
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), rf"\1{MASK}@"),  # the password in an address
    (re.compile(r"\b(gs|whsec)_[\w-]{8,}={0,2}"), rf"\1_{MASK}"),  # API keys, secrets of webhooks
    (re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE), rf"\1 {MASK}"),
    (re.compile(r"((?:password|token|secret)=)[^\s&'\"\\]+", re.IGNORECASE), rf"\1{MASK}"),
)


def configure(level: str, form: Form = "text") -> None:
    """Write lines of `level` (a setting: debug, info, warning, error) and above."""
    least = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[*_facts(form), *_words(form)],
        wrapper_class=structlog.make_filtering_bound_logger(least),
        # stderr as it is when a line is written: whoever configured this may have lent us one that is closed by now
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )
    handler = _CurrentStderr()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_facts(form),
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_words(form)],
        )
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _CurrentStderr)] + [handler]
    root.setLevel(max(least, logging.WARNING))  # of libraries only warnings are of use
    logging.getLogger("uvicorn").setLevel(least)
    # says again for each connection what whoever waits for one says
    logging.getLogger("psycopg.pool").setLevel(max(least, logging.ERROR))


@contextmanager
def request(request_id: str | None) -> Iterator[None]:
    """Name the request that caused what is done in this block: in each log line, and in the database. None: nobody's."""
    if request_id is None:
        yield
        return
    with bound_contextvars(request_id=request_id):
        yield


def request_id() -> str | None:
    """The id of the request that caused what is being done."""
    current: str | None = get_contextvars().get("request_id")
    return current


def mask(text: str) -> str:
    """A text without passwords, keys and tokens."""
    for pattern, harmless in SECRET_TEXTS:
        text = pattern.sub(harmless, text)
    return text


class _CurrentStderr(logging.StreamHandler):  # type: ignore[type-arg]
    """Writes to stderr as it is when a line is written."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


def _facts(form: Form) -> list[Processor]:
    """What is known of a line."""
    text = form == "text"
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.StackInfoRenderer(),
        structlog.dev.set_exc_info,
        _brief,
        structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S" if text else "iso", utc=not text),
    ]


def _words(form: Form) -> list[Processor]:
    """How a line is written. A traceback is as Python writes it: the values of local variables are addresses, keys and what citizens wrote."""
    if form == "text":
        plain = structlog.dev.plain_traceback
        return [_mask_values, structlog.dev.ConsoleRenderer(exception_formatter=plain), _mask_line]
    return [
        structlog.processors.format_exc_info,
        _mask_values,
        structlog.processors.JSONRenderer(default=str),
        _mask_line,
    ]


def _brief(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """One line for a database that is away, however deep the library that met it: PostgreSQL's own log says more."""
    exc_info = line.get("exc_info")
    error = (
        sys.exc_info()[1] if exc_info is True else exc_info[1] if isinstance(exc_info, tuple) else exc_info
    )
    while isinstance(error, BaseException):
        if _is_away(error):
            del line["exc_info"]
            reason = next(iter(str(error).strip().splitlines()), "")
            return {**line, "error": reason or type(error).__name__}
        error = error.__cause__
    return line


def _is_away(error: BaseException) -> bool:
    if isinstance(error, psycopg.OperationalError):
        return error.sqlstate is None or error.sqlstate.startswith(AWAY_STATES)
    return isinstance(error, AWAY)


def _mask_values(_logger: Any, _method: str, line: EventDict) -> EventDict:
    """Before colours stand beside the words; fields whose name says that they open a door as a whole."""
    for name, value in line.items():
        if isinstance(value, str):
            line[name] = MASK if SECRET_NAMES.search(name) else mask(value)
        elif isinstance(value, MutableMapping):
            line[name] = _mask_values(_logger, _method, dict(value))
    return line


def _mask_line(_logger: Any, _method: str, line: Any) -> str:
    """Also what stands in a traceback, or in the words of a library."""
    return mask(str(line))
