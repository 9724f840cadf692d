"""The state of one import while it runs: its connection, its counts, and its request to stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service.intake.pipeline.import_log import ImportLog
from geo_service.intake.pipeline.report import Report
from geo_service.intake.records import Coverage, Source
from geo_service.intake.wait_policy import Interrupted
from geo_service.store import locks

Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class ImportRun:
    """The state of one import. `clock` returns the day; `import_log` stores the progress."""

    conn: sa.Connection
    source: Source
    clock: Callable[[], date]
    progress: Progress
    stopping: Callable[[], bool]
    report: Report
    import_log: ImportLog
    accept_shrink: bool = False
    coverage: Coverage = field(default_factory=lambda: Coverage(full=False))
    done: int = 0
    gone_ids: list[UUID] = field(default_factory=list)
    """Works or repairs that are absent from a complete read."""
    renumbered_ids: set[UUID] = field(default_factory=set)
    """Those of `gone_ids` that this import suggests to be present under another id."""
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = self.clock()

    @property
    def dry(self) -> bool:
        """Whether every step is rolled back."""
        return self.import_log.import_id is None

    @contextmanager
    def step(self) -> Iterator[None]:
        """One transaction on works and repairs; a dry run rolls it back. Raises Interrupted when the import
        must stop.
        """
        with self.staged() as transaction:
            yield
            if self.dry:
                transaction.rollback()

    @contextmanager
    def staged(self) -> Iterator[sa.Transaction]:
        """One transaction on the stage of this import, which a dry run commits too. Raises Interrupted when
        the import must stop.
        """
        if self.stopping():
            raise Interrupted
        with self.conn.begin() as transaction:
            yield transaction

    def take_lock(self) -> None:
        """Wait for the writers' lock, then set `today`, because an import may run across midnight."""
        locks.claims_writer(self.conn)
        self.today = self.clock()

    def note(self, records: int = 0) -> None:
        """Store, in the current transaction, that `records` more records are done."""
        self.done += records
        self.import_log.store_progress(self.report, self.done, self.source.total)

    def report_progress(self) -> None:
        """Report the progress to the caller."""
        self.progress(self.done, self.report.read)
