"""The change feed: all alerts in one gap-free order, and the deliveries that follow from it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry
from sqlalchemy.dialects import postgresql as pg

from geo_service import db
from geo_service.alerts import jobs
from geo_service.domain.crs import WGS84
from geo_service.store import feed_epoch, listing, visibility
from geo_service.store.tables import alerts, conflicts, fact_clock, repairs

PACKAGE = "geo_service.alerts"

AlertType = Literal[
    "conflict.opened",
    "conflict.reopened",
    "conflict.changed",
    "conflict.withdrawn",
    "conflict.expired",
    "conflict.status_changed",
    "conflict.assigned",
    "conflict.commented",
    "conflict.reminded",
    "conflict.escalated",
    "repair.held",
    "repair.hold_moved",
    "repair.released",
    "repair.message_added",
    "advice.changed",
    "request.asked",
    "request.answered",
    "request.no_answer",
    "request.withdrawn",
    "feed.stopped",
    "feed.resumed",
    "feed.shrank",
]
BESIDE_STREET_M = 12.0
"""From the centre line of a street to its façades, for who wants to hear of that street."""
BESIDE_BUILDING_M = 20.0
"""As the ring that informs about what is near, for who wants to hear of a building."""
ALERT_TYPES: tuple[str, ...] = get_args(AlertType)


@dataclass(frozen=True, slots=True)
class AlertDraft:
    """One alert for people or systems.

    `data` holds codes and figures only: no sentences (each reader has a language), nothing about a citizen.
    Days, instants and UUIDs in it become ISO text.
    """

    type: AlertType
    departments: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    conflict_id: UUID | None = None
    repair_id: UUID | None = None


def append(conn: sa.Connection, drafts: Sequence[AlertDraft]) -> list[int]:
    """Append `drafts` to the feed in this order, and queue their deliveries; return their places in the feed.

    All of it belongs to the caller's transaction. The caller holds `store.locks.claims_writer`: without it
    two writers claim one place, and the second gets an IntegrityError.
    """
    if not drafts:
        return []
    rows = [
        {
            "type": draft.type,
            "departments": list(draft.departments),
            "data": dict(draft.data),
            "conflict_id": draft.conflict_id,
            "repair_id": draft.repair_id,
        }
        for draft in drafts
    ]
    added = db.fetch(
        conn,
        PACKAGE,
        "feed_append",
        prepare=True,
        drafts=json.dumps(rows, default=_plain),
        beside_street_m=BESIDE_STREET_M,
        beside_building_m=BESIDE_BUILDING_M,
    )
    calls = [(row["subscription_id"], row["seq"]) for row in added if row["channel"] == "webhook"]
    jobs.queue_deliveries(conn, calls)
    readers = {row["subscription_id"] for row in added if row["channel"] == "email" and row["at_once"]}
    jobs.queue_bundles(conn, sorted(readers))
    return sorted({row["seq"] for row in added})


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Which alerts a reader wants; what is left out lets everything pass. `area` is in the storage CRS, `owners` are owner groups."""

    types: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    area: BaseGeometry | None = None


ALL = AlertFilter()


def after(
    conn: sa.Connection, seq: int, limit: int, *, party: str | None = None, only: AlertFilter = ALL
) -> list[sa.RowMapping]:
    """At most `limit` alerts after place `seq` (0: from the first one), in the order of the feed.

    With `party`, an owner group, only those about conflicts that touch its works.
    """
    page = _select(party, only).where(alerts.c.seq > seq).order_by(alerts.c.seq).limit(limit)
    return list(conn.execute(page).mappings())


def clock(conn: sa.Connection) -> int:
    """Another number each time that facts may have changed, also where nobody is told anything."""
    return int(conn.scalar(sa.select(fact_clock.c.ticks)) or 0)


def newest(
    conn: sa.Connection, limit: int, *, party: str | None = None, only: AlertFilter = ALL
) -> list[sa.RowMapping]:
    """The newest alerts, the last one first, each with the number of its repair and its place (`lon`, `lat`)."""
    page = _select(party, only, everything=True).order_by(alerts.c.seq.desc()).limit(limit)
    place = sa.func.ST_Transform(sa.func.ST_PointOnSurface(_ground()), WGS84)
    located = page.add_columns(
        repairs.c.number.label("repair_number"),
        sa.func.ST_X(place).label("lon"),
        sa.func.ST_Y(place).label("lat"),
    )
    return list(conn.execute(located).mappings())


def _select(party: str | None, only: AlertFilter, *, everything: bool = False) -> sa.Select[Any]:
    """`everything`: with conflict and repair, whether they are asked for or not."""
    select = sa.select(alerts, feed_epoch.COLUMN)
    if everything or party is not None or only.owners or only.area is not None:
        select = select.outerjoin(conflicts, conflicts.c.id == alerts.c.conflict_id)
        select = select.outerjoin(repairs, repairs.c.id == alerts.c.repair_id)
    if party is not None:
        select = select.where(alerts.c.conflict_id.is_not(None), visibility.touching(party))
    if only.types:
        select = select.where(alerts.c.type.in_(only.types))
    if only.departments:
        select = select.where(alerts.c.departments.op("&&")(sa.cast(only.departments, pg.ARRAY(sa.Text))))
    if only.owners:
        sides: tuple[Any, ...] = (conflicts.c.a, conflicts.c.b)
        select = select.where(sa.or_(*(side["owner_group"].astext.in_(only.owners) for side in sides)))
    if only.area is not None:
        select = select.where(sa.func.ST_Intersects(_ground(), listing.geometry_param(only.area)))
    return select


def _ground() -> sa.ColumnElement[Any]:
    return sa.func.coalesce(conflicts.c.geom, repairs.c.geom)


def last(conn: sa.Connection) -> int:
    """The place of the newest alert; 0 while there is none."""
    return conn.scalar(sa.select(sa.func.coalesce(sa.func.max(alerts.c.seq), 0))) or 0


def _plain(value: object) -> str:
    if isinstance(value, date):  # an instant too
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"an alert cannot hold {value!r}")
