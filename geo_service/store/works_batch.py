"""Store batches of works with their phases, by a fixed number of statements, however large the batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from shapely import set_srid, to_wkb

from geo_service import db
from geo_service.domain.crs import STORAGE
from geo_service.domain.layers import LayerTable
from geo_service.domain.works import Works
from geo_service.privacy import public
from geo_service.store import cities, organisations

PACKAGE = "geo_service.store"

Outcome = Literal["created", "changed", "unchanged"]

_WORKS_COLUMNS = (
    "n", "source", "source_id", "owner_id", "title", "description", "reference", "kind", "category", "utilities", "specification",
    "consequences", "certainty", "source_status", "working_days", "building_id", "layer", "remark",
)  # fmt: skip
_PHASE_COLUMNS = ("n", "source_key", "geom", "during", "opens_surface", "surfaces")


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
    db.execute(conn, PACKAGE, "works_outcome")
    db.execute(conn, PACKAGE, "works_changes", **days)
    db.execute(conn, PACKAGE, "works_store", **days)
    db.execute(conn, PACKAGE, "phases_remove")
    db.execute(conn, PACKAGE, "phases_store")
    return [WorksResult(**row) for row in db.fetch(conn, PACKAGE, "works_outcomes")]


def _works_row(n: int, one: Works, owner_id: UUID, layers: LayerTable) -> tuple[Any, ...]:
    return (
        n, one.source, one.source_id, owner_id, public(one.title), public(one.description), one.reference, one.kind, one.category,
        _texts(one.utilities), _texts(one.specification), _texts(one.consequences), one.certainty, one.source_status, one.working_days,
        one.building_id, _layer(one, layers), public(one.remark),
    )  # fmt: skip


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
        yield n, phase.source_key, ground, during, phase.opens_surface, _texts(phase.surfaces)


def _texts(texts: tuple[str, ...]) -> list[str] | str:
    return list(texts) or "{}"
