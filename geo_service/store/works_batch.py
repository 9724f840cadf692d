"""Store batches of works with their phases, by a fixed number of statements, however large the batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from shapely import set_srid, to_wkb
from sqlalchemy.dialects.postgresql import insert

from geo_service import db
from geo_service.domain.crs import STORAGE
from geo_service.domain.layers import LayerTable
from geo_service.domain.works import CODES, Works
from geo_service.privacy import public
from geo_service.store import cities, organisations
from geo_service.store.tables import phases, works

PACKAGE = "geo_service.store"

Outcome = Literal["created", "changed", "unchanged"]

_RECORD = tuple(
    one.name for one in fields(Works) if one.name not in ("source", "source_id", "owner", "phases")
)
"""What a source says of works, under the names of the columns: a new field of the record needs nothing here."""
_WORKS_COLUMNS = ("n", "source", "source_id", "owner_id", *_RECORD, "layer")
_PHASE_COLUMNS = ("n", "source_key", "geom", "during", "opens_surface", "surfaces", "done")

_incoming = sa.table(
    "incoming_works",
    sa.column("n"),
    sa.column("outcome"),
    *(sa.column(one.name, one.type) for one in works.c),
)
_incoming_phases = sa.table(
    "incoming_phases", sa.column("n"), sa.column("fate"), sa.column("during", phases.c.during.type)
)


def _outcome() -> sa.Update:
    """What the batch means for works that were stored already: changed or unchanged; the others stay `created`.

    Works that had vanished or were deleted come back: changed.
    """
    new = {**_incoming.c, "building_id": sa.func.coalesce(_incoming.c.building_id, works.c.building_id)}
    compared = ("owner_id", *_RECORD)
    stored, incoming = (sa.tuple_(*(side[name] for name in compared)) for side in (works.c, new))
    other_phases = sa.exists().where(_incoming_phases.c.n == _incoming.c.n, _incoming_phases.c.fate != "same")
    back = sa.or_(works.c.vanished_at.is_not(None), works.c.deleted_at.is_not(None))
    differs = sa.or_(stored.is_distinct_from(incoming), back, other_phases)
    return (
        sa.update(_incoming)
        .where(works.c.id == _incoming.c.id)
        .values(outcome=sa.case((differs, "changed"), else_="unchanged"))
    )


def _store() -> sa.Insert:
    """Write the works that are new or changed. A building that they are about stays until another one is named.

    Works that become done were finished on the last day they planned, or today (`observed_on`) if that is earlier.
    """
    last = (
        sa.select(sa.func.max(sa.func.upper(_incoming_phases.c.during, type_=sa.Date)))
        .where(_incoming_phases.c.n == _incoming.c.n, _incoming_phases.c.fate != "gone")
        .scalar_subquery()
    )
    today = sa.bindparam("observed_on", type_=sa.Date)
    finished = sa.case((_incoming.c.certainty == "done", sa.func.least(sa.cast(today, sa.Date), last)))
    columns = ("id", *_WORKS_COLUMNS[1:])
    rows = (
        sa.select(*(_incoming.c[name] for name in columns), finished.label("finished_on"))
        .where(_incoming.c.outcome != "unchanged")
        .order_by(_incoming.c.n)
    )
    statement = insert(works).from_select([*columns, "finished_on"], rows)
    new = statement.excluded
    still_done = sa.and_(new.certainty == "done", works.c.certainty == "done")
    return statement.on_conflict_do_update(
        index_elements=[works.c.source, works.c.source_id],
        set_={
            **{name: new[name] for name in ("owner_id", *_RECORD, "layer")},
            "building_id": sa.func.coalesce(new.building_id, works.c.building_id),
            "finished_on": sa.case(
                (still_done, sa.func.coalesce(works.c.finished_on, new.finished_on)), else_=new.finished_on
            ),
            "vanished_at": None,
            "deleted_at": None,
            "version": works.c.version + 1,
            "updated_at": sa.func.now(),
        },
    )


_OUTCOME, _STORE = _outcome(), _store()


@dataclass(frozen=True, slots=True)
class WorksResult:
    """Works of a batch, and whether they were created, changed or unchanged."""

    id: UUID
    source: str
    source_id: str
    outcome: Outcome


def save(
    conn: sa.Connection,
    batch: Sequence[Works],
    *,
    observed_on: date,
    keeps_past: bool = False,
    unread: Iterable[tuple[str, str]] = (),
) -> list[WorksResult]:
    """Store works by (source, source_id), each at most once in a batch; the answer is in input order.

    What differs from the stored works is written to `source_changes` under the day `observed_on`. Works that vanished or
    were deleted come back. Phases that are not handed in leave the store, except: with `keeps_past` (the source shows no
    past) openings that are over, and those named in `unread` by (source_id, phase's source_key), whose record could not
    be read this time. Claims and conflicts are the caller's (`coordination.changes`), as is the writers' lock.
    """
    if not batch:
        return []
    hand_in(conn, batch)
    return take_in(conn, observed_on=observed_on, keeps_past=keeps_past, unread=unread)


def hand_in(conn: sa.Connection, batch: Sequence[Works]) -> None:
    """The first half of `save`, which needs no writers' lock yet: lay the batch out beside the stored works, for this transaction."""
    owners = organisations.ensure(conn, {one.owner for one in batch})
    db.execute(conn, PACKAGE, "incoming")
    layers = cities.in_force(conn).layers
    rows = (_works_row(n, one, owners[one.owner], layers) for n, one in enumerate(batch))
    db.copy(conn, "incoming_works", _WORKS_COLUMNS, rows)
    db.copy(conn, "incoming_phases", _PHASE_COLUMNS, _phase_rows(batch))


def take_in(
    conn: sa.Connection,
    *,
    observed_on: date,
    keeps_past: bool = False,
    unread: Iterable[tuple[str, str]] = (),
) -> list[WorksResult]:
    """The second half of `save`: store what was handed in."""
    days: dict[str, Any] = {"observed_on": observed_on}
    pairs = list(unread)
    unread_ids, unread_keys = [id_ for id_, _ in pairs], [key for _, key in pairs]
    kept: dict[str, Any] = {"unread_ids": unread_ids, "unread_keys": unread_keys}
    db.execute(conn, PACKAGE, "works_match")
    db.execute(conn, PACKAGE, "phases_own")
    db.execute(conn, PACKAGE, "phases_match", **days, **kept)
    db.execute(conn, PACKAGE, "phases_gone", **days, **kept, keeps_past=keeps_past)
    conn.execute(_OUTCOME)
    db.execute(conn, PACKAGE, "works_changes", **days)
    conn.execute(_STORE, days)
    db.execute(conn, PACKAGE, "phases_remove")
    db.execute(conn, PACKAGE, "phases_store", **days)
    return [WorksResult(**row) for row in db.fetch(conn, PACKAGE, "works_outcomes")]


def _works_row(n: int, one: Works, owner_id: UUID, layers: LayerTable) -> tuple[Any, ...]:
    record = (_column(name, getattr(one, name)) for name in _RECORD)
    return n, one.source, one.source_id, owner_id, *record, _layer(one, layers)


def _column(name: str, value: Any) -> Any:
    """The value of a column; telephone numbers and addresses are taken out of what people write."""
    if isinstance(value, tuple):
        return _texts(value)
    return public(value) if isinstance(value, str) and name not in CODES else value


def _layer(one: Works, layers: LayerTable) -> str:
    texts = (*one.specification, one.title, one.description)
    return layers.layer_of(one.owner, one.utilities, texts, one.reference)


def _phase_rows(batch: Sequence[Works]) -> Iterator[tuple[Any, ...]]:
    """The rows of all phases; their geometry is written out as one array."""
    placed = [(n, phase) for n, one in enumerate(batch) for phase in one.phases]
    grounds = to_wkb(
        set_srid(np.array([phase.geometry for _, phase in placed], object), STORAGE),
        hex=True,
        include_srid=True,
    )
    for (n, phase), ground in zip(placed, grounds, strict=True):
        assert phase.period.ends_on is not None
        # as text: psycopg's own ranges and empty arrays take longer to write than all other columns together
        during = f"[{phase.period.starts_on},{phase.period.ends_on})"
        yield n, phase.source_key, ground, during, phase.opens_surface, _texts(phase.surfaces), phase.done


def _texts(texts: tuple[str, ...]) -> list[str] | str:
    return list(texts) or "{}"
