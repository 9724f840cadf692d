"""One import while it runs: where its records lie, what it counted, and whether it should stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service.domain.errors import GeoServiceError
from geo_service.intake.records import Source, Sweep
from geo_service.intake.report import Report
from geo_service.store import imports

Progress = Callable[[int, int | None], None]


class Interrupted(GeoServiceError):
    """The import was told to stop on the way; what is committed stays, and it can go on from there."""

    code = "interrupted"


@dataclass(slots=True)
class Underway:
    """`import_id` is None in a dry run; `before` is what an earlier attempt at the same import committed."""

    conn: sa.Connection
    source: Source
    today: date
    progress: Progress
    stopping: Callable[[], bool]
    report: Report
    accept_shrink: bool = False
    import_id: UUID | None = None
    before: Mapping[str, int] = field(default_factory=dict)
    sweep: Sweep = field(default_factory=lambda: Sweep(full=False))
    done: int = 0

    @property
    def dry(self) -> bool:
        """Whether everything is rolled back at the end."""
        return self.import_id is None

    def step(self) -> AbstractContextManager[object]:
        """One transaction; in a dry run a part of the one that is rolled back. Raises Interrupted when it is time to stop."""
        if self.stopping():
            raise Interrupted
        return self.conn.begin_nested() if self.dry else self.conn.begin()

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
