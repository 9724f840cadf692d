"""The bar of a command that takes long: on stderr, and on a terminal only."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from geo_service.cli import terminal


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar on the screen. It counts things: rows, records, nights."""

    progress: Progress
    task: TaskID

    def advance(self, count: int) -> None:
        """So many more are done."""
        self.progress.advance(self.task, count)

    def move_to(self, count: int, total: int | None) -> None:
        """So many are done; `total` is None while nobody knows how many there are."""
        self.progress.update(self.task, completed=count, total=total)


@contextmanager
def bar(title: str, total: int | None = None, *, visible: bool = True) -> Iterator[Bar]:
    """Show a bar until the block ends."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    disable = not (visible and terminal.err.is_terminal)
    with Progress(*columns, console=terminal.err, disable=disable, transient=True) as progress:
        yield Bar(progress, progress.add_task(title, total=total))
