"""Imports: who asked for them, how far they are, what came of them, and each row that was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, Protocol
from uuid import UUID

import sqlalchemy as sa
from psycopg.types.json import Jsonb
from sqlalchemy.dialects.postgresql import insert

from geo_service import db
from geo_service.domain.errors import NotFound
from geo_service.store.listing import Row
from geo_service.store.tables import import_rejections, imports

INTERRUPTED = {"error": "interrupted"}
"""The report of an import whose process was killed and that nobody took up again."""

PACKAGE = "geo_service.store"
_REJECTION_COLUMNS = ("import_id", "row", "record_id", "code", "field", "message", "params", "line")


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """An import that was asked for. `origin` is what may be shown of it: a file's name, an address without secrets."""

    source: str
    origin: str | None
    mapping: str | None = None
    accept_shrink: bool = False
    asked_by: str | None = None
    asked_by_id: str | None = None


class LeftOut(Protocol):
    """A row that an import left out, and why."""

    @property
    def row(self) -> int: ...
    @property
    def id(self) -> str | None: ...
    @property
    def code(self) -> str: ...
    @property
    def field(self) -> str | None: ...
    @property
    def message(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...
    @property
    def line(self) -> int | None: ...


@contextmanager
def turn(conn: sa.Connection, source: str, meanwhile: Callable[[], None]) -> Iterator[None]:
    """One import of a source at a time: while another one has the turn, `meanwhile` is called again and again, which sleeps a little; what it
    raises ends the waiting. A killed process gives its turn back.
    """
    while not _lock(conn, source):
        meanwhile()
    try:
        yield
    finally:
        if not conn.invalidated:
            conn.rollback()
            with conn.begin():
                db.execute(conn, PACKAGE, "unlock_import", source=source)


def _lock(conn: sa.Connection, source: str) -> bool:
    with conn.begin():
        return bool(db.fetch(conn, PACKAGE, "lock_import", source=source)[0]["locked"])


def queue(conn: sa.Connection, request: ImportRequest) -> UUID:
    """Note an import that a worker will run; its id. The job is the caller's, in the same transaction."""
    row = {**asdict(request), "status": "queued", "queued_at": sa.func.now()}
    queued: UUID = conn.execute(sa.insert(imports).values(row).returning(imports.c.id)).scalar_one()
    return queued


def start(
    conn: sa.Connection,
    source: str,
    origin: str | None,
    import_id: UUID | None = None,
    *,
    mapping: str | None = None,
    accept_shrink: bool = False,
) -> tuple[UUID, Mapping[str, Any]]:
    """Note that an import begins, under `import_id` if it was queued (with its mapping); its id, and the progress it made before it was killed.

    In its turn: another import of the source that is said to run was killed.
    """
    killed = sa.update(imports).where(
        imports.c.source == source,
        imports.c.status == "running",
        imports.c.id.is_distinct_from(import_id),
    )
    conn.execute(killed.values(status="failed", finished_at=sa.func.now(), report=INTERRUPTED))
    row: dict[str, Any] = {"source": source, "origin": origin, "status": "running"}
    row |= {"mapping": mapping, "accept_shrink": accept_shrink}
    if import_id is not None:
        row["id"] = import_id
    begin = insert(imports).values(row)
    again = {"source": source, "status": "running", "started_at": sa.func.now(), "finished_at": None, "report": sa.null()}  # fmt: skip
    began = begin.on_conflict_do_update(index_elements=[imports.c.id], set_=again)
    stored = conn.execute(began.returning(imports.c.id, imports.c.progress)).one()
    return stored.id, stored.progress or {}


def note_progress(conn: sa.Connection, import_id: UUID, progress: Mapping[str, Any]) -> None:
    """Note how far an import is, in the transaction of what it did."""
    conn.execute(sa.update(imports).where(imports.c.id == import_id).values(progress=dict(progress)))


def put_back(conn: sa.Connection, import_id: UUID) -> None:
    """An import that stopped on the way, with its process, waits to go on."""
    conn.execute(sa.update(imports).where(imports.c.id == import_id).values(status="queued"))


def cancel(conn: sa.Connection, import_id: UUID, who: str) -> None:
    """Note who does not want it any more."""
    conn.execute(sa.update(imports).where(imports.c.id == import_id).values(cancelled_by=who))


def finish(
    conn: sa.Connection,
    import_id: UUID,
    status: str,
    report: Mapping[str, Any],
    rejections: Iterable[LeftOut] = (),
) -> None:
    """Note how an import ended: `done` or `failed`, its counts, and the rows that were left out: read one by one, as they may be many."""
    ended = sa.update(imports).where(imports.c.id == import_id)
    conn.execute(ended.values(status=status, finished_at=sa.func.now(), report=dict(report)))
    rows = (
        (import_id, one.row, one.id, one.code, one.field, one.message, Jsonb(dict(one.params)), one.line)
        for one in rejections
    )
    db.copy(conn, "import_rejections", _REJECTION_COLUMNS, rows)


def get(conn: sa.Connection, import_id: UUID) -> Row:
    """One import. Raises NotFound."""
    row = conn.execute(sa.select(imports).where(imports.c.id == import_id)).mappings().one_or_none()
    if row is None:
        raise NotFound("no_import", given=str(import_id))
    return row


def find(
    conn: sa.Connection,
    *,
    source: str | None = None,
    status: str | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> tuple[list[Row], int]:
    """The newest imports first, those asked for before the import `before`; and how many there are in all."""
    wanted = [
        column == value
        for column, value in ((imports.c.source, source), (imports.c.status, status))
        if value is not None
    ]
    total = conn.scalar(sa.select(sa.func.count()).select_from(imports).where(*wanted)) or 0
    if before is not None:
        wanted.append(imports.c.id < before)
    rows = conn.execute(sa.select(imports).where(*wanted).order_by(imports.c.id.desc()).limit(limit))
    return list(rows.mappings()), total


def rejected(conn: sa.Connection, import_id: UUID, *, after: int = 0, limit: int = 1000) -> Sequence[Row]:
    """The rows that an import left out, from the row `after` on: row, record_id, code, field, message, params, line."""
    left_out = sa.select(import_rejections).where(
        import_rejections.c.import_id == import_id, import_rejections.c.row > after
    )
    return list(conn.execute(left_out.order_by(import_rejections.c.row).limit(limit)).mappings())


def under_way(conn: sa.Connection) -> Sequence[Row]:
    """All imports that are said to run, the newest first."""
    select = sa.select(imports).where(imports.c.status == "running").order_by(imports.c.started_at.desc())
    return list(conn.execute(select).mappings())


def last_done(conn: sa.Connection, source: str) -> Row | None:
    """The newest import of a source that ended well: how old its truth is."""
    select = sa.select(imports).where(imports.c.source == source, imports.c.status == "done")
    return conn.execute(select.order_by(imports.c.finished_at.desc()).limit(1)).mappings().one_or_none()
