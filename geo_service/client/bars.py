"""A progress bar: rich in a terminal, HTML in a notebook without further packages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn

Advance = Callable[[int], None]
NOTEBOOK_STEP_BYTES = 1024 * 1024
"""The bytes between two updates; a notebook stores each of them."""


@contextlib.contextmanager
def bar(name: str, visible: bool | None) -> Iterator[Advance]:
    """Yield a callback for the number of received bytes. `visible` None: in notebooks and terminals only."""
    console = Console(stderr=True)
    if visible is False or not (visible or console.is_terminal or console.is_jupyter):
        yield lambda _: None
    elif console.is_jupyter:
        with _in_notebook(name) as advance:
            yield advance
    else:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            task = progress.add_task(name, total=None)
            yield lambda size: progress.advance(task, size)


@contextlib.contextmanager
def _in_notebook(name: str) -> Iterator[Advance]:
    """A bar of unknown length, and the total at the end (rich would need ipywidgets)."""
    from IPython import display  # only there where a notebook runs

    read = reported = 0
    moving = "<progress></progress>"
    html: Callable[[str], Any] = display.HTML
    display_: Any = display.display(html(f"<small>{name} {moving}</small>"), display_id=True)  # type: ignore[no-untyped-call]

    def advance(size: int) -> None:
        nonlocal read, reported
        read += size
        if read - reported >= NOTEBOOK_STEP_BYTES:
            reported = read
            display_.update(html(f"<small>{name} {moving} {decimal(read)}</small>"))

    try:
        yield advance
    finally:
        display_.update(html(f"<small>{name} · {decimal(read)}</small>"))
