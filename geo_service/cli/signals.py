"""Ctrl-C and SIGTERM during a command: it stops in good order and reports it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import typer

from geo_service.cli import terminal
from geo_service.i18n import Translator
from geo_service.intake.wait_policy import Interrupted

SIGNALLED = 128
"""The exit code after a signal, as in shells: 130 after Ctrl-C, 143 after SIGTERM."""


@contextmanager
def in_good_order(translator: Translator, *, as_json: bool) -> Iterator[Callable[[], bool]]:
    """Yield a function that says whether to stop. Interrupted ends the command with one line; a second
    Ctrl-C ends it at once.
    """
    received: list[int] = []
    notice = f"\n{translator.text('import.stops')}\n".encode()

    def stop(sign: int, _frame: FrameType | None) -> None:
        if received:
            raise KeyboardInterrupt
        received.append(sign)
        if sys.stderr.isatty():
            os.write(sys.stderr.fileno(), notice)  # a handler may come in the middle of a line of anybody's

    before = {sign: signal.signal(sign, stop) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(received)
    except Interrupted:
        terminal.tell(f"geo-service: {translator.text('import.stopped')}", as_json=as_json)
        raise typer.Exit(SIGNALLED + received[0]) from None
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
