"""What must hold after any history of writes by any number of writers, looked at when all is quiet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from geo_service.detection import run
from geo_service.domain.conflicts import GONE
from geo_service.store import locks
from geo_service.store.tables import alerts, conflict_events, conflicts, repairs
from tests.races.storm import Scheduled

# Written by hand from the facts, without claims, rules or the detection: planned repairs whose new surface confirmed or planned
# works will surely open (nearer than any clearance in use, later than the repair), and no conflict that says so.
UNSEEN = """
    SELECT r.id AS repair_id, w.id AS works_id
    FROM repairs r
    JOIN phases p ON p.opens_surface
    JOIN works w ON w.id = p.works_id AND w.deleted_at IS NULL AND w.certainty IN ('planned', 'confirmed')
    WHERE r.status = 'scheduled' AND r.deleted_at IS NULL AND upper(p.during) > upper(r.planned)
      AND ST_DWithin(p.geom, r.geom, 1)
      AND NOT EXISTS (
          SELECT FROM conflicts c
          WHERE c.repair_id = r.id AND w.id = ANY(c.works_ids) AND c.rule_id IN ('wasted_repair', 'repair_during_works')
            AND c.status NOT IN ('expired', 'withdrawn'))"""

NO_REASON = """
    SELECT id FROM conflicts c WHERE status = 'accepted_risk' AND NOT EXISTS (
        SELECT FROM conflict_events e WHERE e.conflict_id = c.id AND e.kind = 'accepted_risk' AND length(e.details ->> 'reason') > 0)"""


def problems(conn: sa.Connection, today: date, scheduled: Sequence[Scheduled] = ()) -> list[str]:
    """Everything that is not as it should be; recomputes everything in the transaction of `conn`."""
    return [*_feed(conn), *_unseen(conn), *_without_record(conn, scheduled), *_recomputed(conn, today)]


def _feed(conn: sa.Connection) -> Iterator[str]:
    places = list(conn.scalars(sa.select(alerts.c.seq).order_by(alerts.c.seq)))
    if places != list(range(1, len(places) + 1)):
        yield f"the feed has gaps or doubles among its {len(places)} places"


def _unseen(conn: sa.Connection) -> Iterator[str]:
    for row in conn.execute(sa.text(UNSEEN)):
        yield f"repair {row.repair_id} is scheduled and works {row.works_id} will open it: no conflict"


def _without_record(conn: sa.Connection, scheduled: Sequence[Scheduled]) -> Iterator[str]:
    """Holds that do not say what stands, repairs that the guard let through although nothing has changed since in a conflict that
    holds them, and risks taken without a reason."""
    holding = _holding(conn)
    over = ("done", "cancelled")
    going = conn.execute(
        sa.select(repairs.c.id, repairs.c.held, repairs.c.status).where(repairs.c.status.not_in(over))
    )
    newest = {one.repair_id: one for one in sorted(scheduled, key=lambda one: one.version)}
    for repair_id, held, status in going:
        events = holding.get(repair_id, [])
        if held != bool(events):
            yield f"repair {repair_id} is {'' if held else 'not '}held, and its conflicts say otherwise"
        last = newest.get(repair_id)
        passed = status == "scheduled" and last is not None and not last.overridden
        if passed and any(event <= last.mark for event in events):
            yield f"repair {repair_id} was scheduled under a conflict that held it"
    for id_ in conn.scalars(sa.text(NO_REASON)):
        yield f"conflict {id_} is an accepted risk, and nobody says why"


def _holding(conn: sa.Connection) -> dict[UUID, list[int]]:
    """By repair: the newest entry in the audit trail of each conflict that holds it."""
    last = sa.select(sa.func.max(conflict_events.c.id)).where(conflict_events.c.conflict_id == conflicts.c.id)
    standing = sa.and_(
        conflicts.c.blocking,
        sa.not_(conflicts.c.shadow),
        conflicts.c.status.not_in((*GONE, "accepted_risk")),
    )
    found: dict[UUID, list[int]] = {}
    for repair_id, event in conn.execute(
        sa.select(conflicts.c.repair_id, last.scalar_subquery()).where(standing)
    ):
        found.setdefault(repair_id, []).append(event)
    return found


def _recomputed(conn: sa.Connection, today: date) -> Iterator[str]:
    locks.claims_writer(conn)
    stored = _findings(conn)
    events = run.refresh(conn, run.EVERYTHING, today)
    if events:
        yield f"a full run has {len(events)} news: {events[0]}"
    for what, before, after in zip(("claim", "conflict"), stored, _findings(conn), strict=True):
        for key in before.keys() | after.keys():
            if before.get(key) != after.get(key):
                yield f"{what} {key}: stored {before.get(key)}, recomputed {after.get(key)}"


def _findings(conn: sa.Connection) -> tuple[dict[str, str], dict[str, str]]:
    """Claims and live conflicts as they stand, as text by id."""
    claimed = conn.execute(sa.text("SELECT CAST(id AS text), CAST(c AS text) FROM claims c"))
    live = conn.execute(
        sa.text(f"SELECT CAST(id AS text), CAST(c AS text) FROM conflicts c WHERE status NOT IN {GONE}")
    )
    return dict(map(tuple, claimed)), dict(map(tuple, live))
