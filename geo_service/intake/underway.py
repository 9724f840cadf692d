"""One import while it runs: where its records lie, what it counted, and whether it should stop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.errors import GeoServiceError
from geo_service.intake.records import Source, Sweep
from geo_service.intake.report import Report
from geo_service.store import imports, locks

Progress = Callable[[int, int | None], None]


class Interrupted(GeoServiceError):
    """The import was told to stop on the way; what is committed stays, and it can go on from there."""

    code = "interrupted"


@dataclass(slots=True)
class Underway:
    """`import_id` is None in a dry run; `before` is what an earlier attempt at the same import committed. `clock` tells the day."""

    conn: sa.Connection
    source: Source
    clock: Callable[[], date]
    progress: Progress
    stopping: Callable[[], bool]
    report: Report
    accept_shrink: bool = False
    import_id: UUID | None = None
    before: Mapping[str, int] = field(default_factory=dict)
    sweep: Sweep = field(default_factory=lambda: Sweep(full=False))
    done: int = 0
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.today = self.clock()

    @property
    def dry(self) -> bool:
        """Whether every step is rolled back."""
        return self.import_id is None

    @contextmanager
    def step(self) -> Iterator[None]:
        """One transaction on the facts; in a dry run it is rolled back. Raises Interrupted when it is time to stop."""
        with self.staged() as transaction:
            yield
            if self.dry:
                transaction.rollback()

    @contextmanager
    def staged(self) -> Iterator[sa.Transaction]:
        """One transaction on the stage of this import alone, which a dry run keeps too. Raises Interrupted when it is time to stop."""
        if self.stopping():
            raise Interrupted
        with self.conn.begin() as transaction:
            yield transaction

    def take_lock(self) -> None:
        """Wait for the writers' turn; `today` is the day on which it came: an import may run across midnight."""
        locks.claims_writer(self.conn)
        self.today = self.clock()

    def note(self, records: int = 0) -> None:
        """Keep, with the facts of this transaction, that so many records more are done."""
        self.done += records
        if self.import_id is not None:
            committed = self.report.progress()
            for name, count in self.before.items():
                committed[name] = committed.get(name, 0) + count
            counts = {"read": self.report.read, "done": self.done, "total": self.source.total}
            imports.tell(self.conn, self.import_id, {**counts, **committed})

    def tell(self) -> None:
        """Tell whoever waits how far it is."""
        self.progress(self.done, self.report.read)
