"""The order of works in full: that of the advice, with what is over before the repair begins, and which trenches are opened twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa
from shapely.geometry.base import BaseGeometry

from geo_service import db
from geo_service.coordination import advising
from geo_service.domain import sequence
from geo_service.domain.advice import Advice
from geo_service.domain.conflicts import WorksParty
from geo_service.domain.geometry import hex_ewkb
from geo_service.domain.layers import Layer, LayerTable
from geo_service.domain.order import Order, Step
from geo_service.store import cities, conflicts, freshness, surroundings
from geo_service.store.listing import Row

LEAST_SHARE = 0.2
"""Works that are over before the repair and took less of its ground than this are not worth a line."""


@dataclass(frozen=True, slots=True)
class _Job:
    """Works that open a piece of ground: what they share of it, and which of the others they meet there."""

    party: WorksParty
    works_id: UUID
    shared_m2: float
    ground_m2: float
    meets: frozenset[UUID]


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
    jobs = _jobs(conn, [ground for _, ground, _ in cases], layers, today)
    full = []
    for n, (advice, _, begin) in enumerate(cases):
        works_ids = {one for step in (*advice.order.first, *advice.order.later) for one in step.works_ids}
        here = jobs.get(n, ())
        past = [
            sequence.over_before(job.party, (job.works_id,), job.shared_m2, layers.ranks, advice.scope)
            for job in here
            if begin is not None and job.works_id not in works_ids and _over_by(job, begin)
        ]
        meets = {job.works_id: job.meets for job in here}
        full.append(replace(advice, order=_join(advice.order, past, meets, layers.ranks)))
    return full


def _join(
    order: Order, past: Sequence[Step], meets: Mapping[UUID, frozenset[UUID]], ranks: Mapping[Layer, int]
) -> Order:
    first = sorted(
        (*order.first, *(step for step in past if step.role == "before")),
        key=lambda step: (ranks[step.works.layer], step.works.starts_on, step.works.source_id),
    )
    early = [step for step in past if step.role == "early"]
    in_order = sequence.too_soon(sequence.weighed(first), meets, ranks)
    return replace(order, first=in_order, later=(*order.later, *early))


def _over_by(job: _Job, begin: date) -> bool:
    mainly = not job.party.umbrella and job.shared_m2 >= LEAST_SHARE * job.ground_m2
    return job.party.free_from <= begin and mainly and not job.party.overdue


def _jobs(
    conn: sa.Connection, grounds: Sequence[BaseGeometry], layers: LayerTable, today: date
) -> dict[int, list[_Job]]:
    if not grounds:
        return {}
    places = [{"n": n, "geom": hex_ewkb(one)} for n, one in enumerate(grounds)]
    rows = db.fetch(
        conn, "geo_service.coordination", "sequence_jobs", grounds=json.dumps(places), today=today
    )
    works = conflicts.works_brief(conn, (row["works_id"] for row in rows))
    ages = freshness.ages_days(conn, (one["source"] for one in works.values()), today)
    return {
        n: [_job(row, works[row["works_id"]], ages, layers) for row in group]
        for n, group in groupby(rows, key=lambda row: row["n"])
    }


def _job(row: Row, works: Row, ages: Mapping[str, int], layers: LayerTable) -> _Job:
    party = WorksParty.from_row(works, row["claim"], layers, ages.get(works["source"]))
    return _Job(party, row["works_id"], row["shared_m2"], row["ground_m2"], frozenset(row["meets"] or ()))
