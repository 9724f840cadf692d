"""Bring the works on the ground of a repair together and ask `domain.sequence` for their order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from uuid import UUID

import sqlalchemy as sa

from geo_service import sql
from geo_service.domain.layers import layer_of
from geo_service.domain.sequence import Job, Order, Renewal, sequence
from geo_service.store import rules
from geo_service.store.listing import Row

REACH_M = 2.0
"""As far as works beside a footpath still take its edge (rule `wasted_repair`)."""


def of_repairs(
    conn: sa.Connection, repair_ids: Sequence[UUID], today: date
) -> dict[UUID, tuple[Renewal, Order]]:
    """Each of these repairs and the order of the works on its ground; finished and cancelled ones are left out."""
    parameters = rules.load_parameters(conn)
    asked = {"repair_ids": list(repair_ids), "today": today, "reach_m": REACH_M}
    rows = conn.execute(sql.load("geo_service.coordination", "sequence_jobs"), asked).mappings()
    found = {}
    for repair_id, group in groupby(rows, key=lambda row: row["repair_id"]):
        named = list(group)
        jobs = [_job(row) for row in named if row["works_id"]]
        renewal = _renewal(named[0])
        found[repair_id] = (renewal, sequence(renewal, jobs, parameters, today))
    return found


def _renewal(row: Row) -> Renewal:
    return Renewal(
        row["planned_from"], row["planned_until"], row["area_m2"], row["value_eur"], row["life_days"]
    )


def _job(row: Row) -> Job:
    return Job(
        works_id=row["works_id"],
        owner=row["owner"],
        source=row["source"],
        source_id=row["source_id"],
        title=row["title"],
        layer=layer_of(
            row["owner"], row["utilities"], [*row["specification"], row["title"], row["description"]]
        ),
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        claimed_from=row["claimed_from"],
        claimed_until=row["claimed_until"],
        certainty=row["certainty"],
        probability=row["probability"],
        shared_m2=row["shared_m2"],
        overdue=row["overdue"],
        umbrella=row["umbrella"],
        total_m2=row["total_m2"],
        meets=frozenset(row["meets"] or ()),
    )
