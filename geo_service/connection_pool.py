"""The pool of connections behind each engine."""

from __future__ import annotations

from typing import Any

from sqlalchemy.pool import ConnectionPoolEntry, QueuePool


class ClosingPool(QueuePool):
    """A pool that closes what comes back after it was disposed.

    SQLAlchemy leaves such a connection, which a thread was still using, to the garbage collector; until then PostgreSQL keeps its session.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._over = False

    def dispose(self) -> None:
        """Close all connections, also those that are still in use once they come back."""
        self._over = True
        super().dispose()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        if self._over:
            record.close()
        else:
            super()._do_return_conn(record)
