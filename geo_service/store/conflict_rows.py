"""The flat rows of the published conflicts: both sides, the figures, and where the conflict lies."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store import listing
from geo_service.store.tables import conflicts, organisations, owner_groups, repairs, streets, works

SIDE = {
    "owner_group": sa.Text,
    "works_id": sa.Text,
    "certainty": sa.Text,
    "starts_on": sa.Date,
    "ends_on": sa.Date,
    "stated_starts_on": sa.Date,
    "stated_ends_on": sa.Date,
    "umbrella": sa.Boolean,
    "overdue": sa.Boolean,
}
"""Of each side, `a_…` and `b_…`: the days with their slack, and as the source states them."""
FIGURES = {
    "distance_m": sa.Double,
    "overlap_m2": sa.Double,
    "overlap_share": sa.Double,
    "gap_days": sa.Integer,
    "overlap_days": sa.Integer,
    "probability": sa.Double,
    "cost_at_risk_eur": sa.Double,
    "lost_m2": sa.Double,
    "lost_share": sa.Double,
    "saving_eur": sa.Double,
}


def select(section: sa.FromClause) -> sa.Select[Any]:
    """Return `id` first, then the fields of both sides and the figures, and the geometry (storage CRS) as `geom`.

    `section` gives the footpath section (id, code, street) of the repair.
    """
    sides = {name: owner_groups.alias(f"owner_{name}") for name in ("a", "b")}
    rows = sa.select(
        conflicts.c.id,
        listing.number_column("C", conflicts.c.number),
        conflicts.c.rule_id.label("rule"),
        conflicts.c.rule_version,
        conflicts.c.severity,
        conflicts.c.status,
        conflicts.c.opportunity,
        conflicts.c.blocking,
        *(column for name in sides for column in _side_columns(name, sides[name])),
        sa.cast(conflicts.c.works_ids, pg.ARRAY(sa.Text)).label("works_ids"),
        conflicts.c.repair_id,
        conflicts.c.building_id,
        section.c.id.label("section_id"),
        section.c.code.label("section"),
        sa.func.coalesce(section.c.street, streets.c.name).label("street"),
        *(conflicts.c.facts[name].astext.cast(type_).label(name) for name, type_ in FIGURES.items()),
        conflicts.c.created_at,
        conflicts.c.updated_at,
        listing.geometry_column(conflicts.c.geom),
    )
    rows = rows.outerjoin(repairs, repairs.c.id == conflicts.c.repair_id).outerjoin(section, sa.true())
    rows = rows.outerjoin(streets, streets.c.id == conflicts.c.street_id)
    for name, group in sides.items():
        rows = rows.outerjoin(group, group.c.id == conflicts.c[name]["owner_group"].astext)
    return rows


def _side_columns(name: str, group: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    side = conflicts.c[name]
    columns = [side[key].astext.cast(type_).label(f"{name}_{key}") for key, type_ in SIDE.items()]
    of_works = (
        sa.select(organisations.c.name)
        .join(works, works.c.owner_id == organisations.c.id)
        .where(works.c.id == side["works_id"].astext.cast(sa.Uuid))
        .scalar_subquery()
    )
    owner = sa.func.coalesce(of_works, group.c.name).label(f"{name}_owner")
    one = sa.func.jsonb_array_elements_text(side["works_ids"]).column_valued()
    dig = sa.cast(sa.func.array(sa.select(one).scalar_subquery()), pg.ARRAY(sa.Text)).label(f"{name}_dig")
    return [conflicts.c[f"{name}_kind"], owner, *columns, dig]
