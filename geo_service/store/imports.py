"""Imports: when, from where, what came of it, and each row that was left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from geo_service.domain.errors import NotFound
from geo_service.store.tables import import_rejections, imports

ANNOUNCED = {"announced": True}
"""The report of an import that waits for its turn; one that runs has none yet."""

_LOCK = sa.text("SELECT pg_advisory_lock(hashtextextended('import of ' || :source, 0))")
_UNLOCK = sa.text("SELECT pg_advisory_unlock(hashtextextended('import of ' || :source, 0))")


@contextmanager
def turn(conn: sa.Connection, source: str) -> Iterator[None]:
    """One import of a source at a time: a second one waits here. A killed process gives its turn back."""
    with conn.begin():
        conn.execute(_LOCK, {"source": source})
    try:
        yield
    finally:
        if not conn.invalidated:
            conn.rollback()
            with conn.begin():
                conn.execute(_UNLOCK, {"source": source})


def announce(conn: sa.Connection, source: str, origin: str | None) -> UUID:
    """Note an import that will begin when its turn comes; its id."""
    row = {"source": source, "origin": origin, "report": ANNOUNCED}
    announced: UUID = conn.execute(sa.insert(imports).values(row).returning(imports.c.id)).scalar_one()
    return announced


def start(conn: sa.Connection, source: str, origin: str | None, import_id: UUID | None = None) -> UUID:
    """Note that an import begins, under `import_id` if it was announced; its id. In its turn: what still runs was killed."""
    running = (imports.c.source == source, imports.c.status == "running", imports.c.report.is_(None))
    conn.execute(sa.update(imports).where(*running).values(status="failed", finished_at=sa.func.now()))
    row: dict[str, Any] = {"source": source, "origin": origin}
    if import_id is not None:
        row["id"] = import_id
    begin = insert(imports).values(row)
    begun = {**row, "started_at": sa.func.now(), "report": sa.null()}
    began = begin.on_conflict_do_update(index_elements=[imports.c.id], set_=begun).returning(imports.c.id)
    found: UUID = conn.execute(began).scalar_one()
    return found


def finish(
    conn: sa.Connection,
    import_id: UUID,
    status: str,
    report: Mapping[str, Any],
    rejections: Iterable[Mapping[str, Any]] = (),
) -> None:
    """Note how an import ended: `done` or `failed`, its counts, and the rows that were left out."""
    ended = sa.update(imports).where(imports.c.id == import_id)
    conn.execute(ended.values(status=status, finished_at=sa.func.now(), report=dict(report)))
    if rows := [{**one, "import_id": import_id} for one in rejections]:
        conn.execute(sa.insert(import_rejections), rows)


def get(conn: sa.Connection, import_id: UUID) -> Mapping[str, Any]:
    """One import. Raises NotFound."""
    row = conn.execute(sa.select(imports).where(imports.c.id == import_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"there is no import {import_id}")
    return dict(row)


def rejected(
    conn: sa.Connection, import_id: UUID, *, after: int = 0, limit: int = 1000
) -> Sequence[Mapping[str, Any]]:
    """The rows that an import left out, from the row `after` on: row, record_id, code, field, message."""
    left_out = sa.select(import_rejections).where(
        import_rejections.c.import_id == import_id, import_rejections.c.row > after
    )
    rows = conn.execute(left_out.order_by(import_rejections.c.row).limit(limit)).mappings()
    return [dict(row) for row in rows]


def last_done(conn: sa.Connection, source: str) -> Mapping[str, Any] | None:
    """The newest import of a source that ended well: how old its truth is."""
    select = sa.select(imports).where(imports.c.source == source, imports.c.status == "done")
    row = conn.execute(select.order_by(imports.c.finished_at.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else dict(row)
