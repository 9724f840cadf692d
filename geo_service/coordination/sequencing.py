"""The order of works in full: that of the advice, with what is over before the repair begins, and which trenches are opened twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.coordination import advising
from geo_service.domain import sequence
from geo_service.domain.advice import Advice
from geo_service.domain.conflicts import WorksParty
from geo_service.domain.geometry import hex_ewkb
from geo_service.domain.layers import Layer
from geo_service.domain.order import Order, Step
from geo_service.store import cities, surroundings
from geo_service.store.listing import Row

LEAST_SHARE = 0.2
"""Works that are over before the repair and took less of its ground than this are not worth a line."""


def of_repairs(conn: sa.Connection, repair_ids: Sequence[UUID], today: date) -> dict[UUID, Advice]:
    """The advice on each of these repairs with its order in full; finished and cancelled ones are left out."""
    advised = {one.repair_id: one for one in advising.of_repairs(conn, repair_ids, today)}
    grounds = surroundings.claimed_grounds(conn, list(advised))
    cases = [(one.advice, grounds[key], one.planned_from) for key, one in advised.items()]
    return dict(zip(advised, in_full(conn, cases, today), strict=True))


def in_full(
    conn: sa.Connection, cases: Sequence[tuple[Advice, BaseGeometry, date | None]], today: date
) -> list[Advice]:
    """Each advice with its order in full, from the ground that the repair takes (storage CRS) and its first planned day."""
    layers = cities.in_force(conn).layers
    rows = _jobs(conn, [ground for _, ground, _ in cases], today)
    full = []
    for n, (advice, _, begin) in enumerate(cases):
        works_ids = {one for step in (*advice.order.first, *advice.order.later) for one in step.works_ids}
        before = [
            sequence.before(_party(row), (row["works_id"],), row["shared_m2"])
            for row in rows.get(n, ())
            if begin is not None and row["works_id"] not in works_ids and _over_by(row, begin)
        ]
        meets = {row["works_id"]: frozenset(row["meets"] or ()) for row in rows.get(n, ())}
        full.append(replace(advice, order=_joined(advice.order, before, meets, layers.ranks)))
    return full


def _joined(
    order: Order, before: Sequence[Step], meets: Mapping[UUID, frozenset[UUID]], ranks: Mapping[Layer, int]
) -> Order:
    first = sorted(
        (*order.first, *before),
        key=lambda step: (ranks[step.works.layer], step.works.starts_on, step.works.source_id),
    )
    return replace(order, first=sequence.too_soon(sequence.weighed(first), meets, ranks))


def _over_by(row: Row, begin: date) -> bool:
    mainly = not row["umbrella"] and row["shared_m2"] >= LEAST_SHARE * row["ground_m2"]
    return bool(_party(row).free_from <= begin and mainly and not row["overdue"])


def _party(row: Row) -> WorksParty:
    return WorksParty(
        owner=row["owner"],
        owner_kind=row["owner_kind"],
        source=row["source"],
        source_id=row["source_id"],
        certainty=row["certainty"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        claimed_from=row["claimed_from"],
        claimed_until=row["claimed_until"],
        overdue=row["overdue"],
        umbrella=row["umbrella"],
        works_id=row["works_id"],
        title=row["title"],
        remark=row["remark"],
        layer=cast(Layer, row["layer"] or "unknown"),
    )


def _jobs(conn: sa.Connection, grounds: Sequence[BaseGeometry], today: date) -> dict[int, list[Row]]:
    if not grounds:
        return {}
    places = [{"n": n, "geom": hex_ewkb(one)} for n, one in enumerate(grounds)]
    rows = db.fetch(
        conn, "geo_service.coordination", "sequence_jobs", grounds=json.dumps(places), today=today
    )
    return {n: list(group) for n, group in groupby(rows, key=lambda row: row["n"])}
