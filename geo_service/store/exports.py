"""What leaves as a file: one flat row per phase, repair, conflict, building or pavement section. Never who reported it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store import listing, visibility
from geo_service.store.tables import (
    buildings,
    conflicts,
    organisations,
    owner_groups,
    pavement_sections,
    phases,
    repairs,
    streets,
    works,
)

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
SPOT_M = 0.5
"""How far a hole reaches that is reported as a point (the default of `spot_radius_m`)."""


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """Which rows: ground and days as lists have them, equal values by name, and what a partner is confined to."""

    window: listing.Window
    equal: Mapping[str, Any]
    party: str | None = None


def works_rows(asked: ExportQuery) -> sa.Select[Any]:
    """One row per phase; its works are `id`."""
    select = (
        sa.select(
            works.c.id, phases.c.id.label("phase_id"), works.c.source, works.c.source_id, *_owner_columns(), works.c.title,
            works.c.reference, works.c.kind, works.c.category, works.c.utilities, works.c.certainty, works.c.source_status, works.c.remark,
            sa.func.lower(phases.c.during, type_=sa.Date).label("starts_on"),
            sa.func.upper(phases.c.during, type_=sa.Date).label("ends_on"),
            phases.c.opens_surface, phases.c.surfaces, works.c.vanished_at, works.c.updated_at,
            listing.geometry_column(phases.c.geom),
        )
        .join(phases, phases.c.works_id == works.c.id)
        .join(organisations, organisations.c.id == works.c.owner_id)
        .join(owner_groups, owner_groups.c.id == organisations.c.owner_group_id)
        .where(visibility.of_works(asked.party), *listing.in_bbox(phases.c.geom, asked.window.bbox))
        .where(*listing.in_days(phases.c.during, asked.window))
        .order_by(works.c.id, phases.c.id)
    )  # fmt: skip
    columns = {"status": works.c.certainty, "kind": works.c.kind, "source": works.c.source}
    return _narrowed(select, asked, columns)


def repairs_rows(asked: ExportQuery) -> sa.Select[Any]:
    """One row per repair, with the footpath section that it lies on."""
    section = _section_under(repairs)
    select = (
        sa.select(
            repairs.c.id, _number("H", repairs.c.number), repairs.c.source, repairs.c.source_id, *_owner_columns(),
            repairs.c.category, repairs.c.scope, repairs.c.urgency, repairs.c.status, repairs.c.description, repairs.c.reported_at,
            sa.func.lower(repairs.c.planned, type_=sa.Date).label("starts_on"),
            sa.func.upper(repairs.c.planned, type_=sa.Date).label("ends_on"),
            repairs.c.latest_on, repairs.c.remark, repairs.c.finished_on, repairs.c.area_m2, repairs.c.cost_eur, repairs.c.verdict,
            repairs.c.verdict_until.label("until"), repairs.c.held, repairs.c.updated_at,
            section.c.id.label("section_id"), section.c.code.label("section"), section.c.street,
            listing.geometry_column(repairs.c.geom),
        )
        .join(organisations, organisations.c.id == repairs.c.owner_id)
        .join(owner_groups, owner_groups.c.id == organisations.c.owner_group_id)
        .outerjoin(section, sa.true())
        .where(visibility.of_repairs(asked.party), *listing.in_bbox(repairs.c.geom, asked.window.bbox))
        .where(*listing.in_days(repairs.c.planned, asked.window))
        .order_by(repairs.c.id)
    )  # fmt: skip
    columns = {name: repairs.c[name] for name in ("status", "category", "scope", "urgency")}
    return _narrowed(select, asked, columns)


def conflicts_rows(asked: ExportQuery) -> sa.Select[Any]:
    """One row per conflict, with both sides, its figures and the section of its repair; those that are gone only when their status is asked for.

    `works_ids` are all works that meet, `a_dig` and `b_dig` those of each side: a dig may have several records.
    """
    section = _section_under(repairs)
    sides = {name: owner_groups.alias(f"owner_{name}") for name in ("a", "b")}
    select = sa.select(
        conflicts.c.id,
        _number("C", conflicts.c.number),
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
    select = select.outerjoin(repairs, repairs.c.id == conflicts.c.repair_id).outerjoin(section, sa.true())
    select = select.outerjoin(streets, streets.c.id == conflicts.c.street_id)
    select = select.where(visibility.of_conflicts(asked.party), *listing.in_bbox(conflicts.c.geom, asked.window.bbox))  # fmt: skip
    for name, group in sides.items():
        side = conflicts.c[name]
        select = select.outerjoin(group, group.c.id == side["owner_group"].astext)
        days = sa.func.daterange(*(side[day].astext.cast(sa.Date) for day in ("starts_on", "ends_on")))
        select = select.where(*listing.in_days(days, asked.window))
    select = select.where(visibility.in_status(asked.equal.get("status")))
    owner = asked.equal.get("owner")
    if owner is not None:
        select = select.where(sa.or_(*(_is_group(group, owner) for group in sides.values())))
    columns = {"rule": conflicts.c.rule_id, **{n: conflicts.c[n] for n in ("severity", "opportunity")}}
    return _narrowed(select.order_by(conflicts.c.id), asked, columns, owned=False)


def buildings_rows(asked: ExportQuery) -> sa.Select[Any]:
    """One row per building."""
    return _ground_rows(buildings, asked, ("function", "street"))


def pavements_rows(asked: ExportQuery) -> sa.Select[Any]:
    """One row per pavement section."""
    return _ground_rows(pavement_sections, asked, ("kind", "street"))


ROWS: Mapping[str, Callable[[ExportQuery], sa.Select[Any]]] = {
    "works": works_rows,
    "repairs": repairs_rows,
    "conflicts": conflicts_rows,
    "buildings": buildings_rows,
    "pavements": pavements_rows,
}


def _ground_rows(table: sa.Table, asked: ExportQuery, names: tuple[str, ...]) -> sa.Select[Any]:
    plain = [column for column in table.c if column.name != "geom"]
    select = sa.select(*plain, listing.geometry_column(table.c.geom)).order_by(table.c.id)
    select = select.where(*listing.in_bbox(table.c.geom, asked.window.bbox))
    return _narrowed(select, asked, {name: table.c[name] for name in names}, owned=False)


def _owner_columns() -> tuple[sa.ColumnElement[Any], ...]:
    return organisations.c.name.label("owner"), owner_groups.c.id.label("owner_group")


def _side_columns(name: str, group: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    side = conflicts.c[name]
    told = [side[key].astext.cast(type_).label(f"{name}_{key}") for key, type_ in SIDE.items()]
    of_works = (
        sa.select(organisations.c.name)
        .join(works, works.c.owner_id == organisations.c.id)
        .where(works.c.id == side["works_id"].astext.cast(sa.Uuid))
        .scalar_subquery()
    )
    owner = sa.func.coalesce(of_works, group.c.name).label(f"{name}_owner")
    one = sa.func.jsonb_array_elements_text(side["works_ids"]).column_valued()
    dig = sa.cast(sa.func.array(sa.select(one).scalar_subquery()), pg.ARRAY(sa.Text)).label(f"{name}_dig")
    return [conflicts.c[f"{name}_kind"], owner, *told, dig]


def _section_under(table: sa.Table) -> sa.FromClause:
    """The footpath section (id, code, street) that takes most of the ground of a row; the first by id of equals."""
    section = pavement_sections.c
    ground = sa.func.ST_Buffer(table.c.geom, SPOT_M)
    return (
        sa.select(section.id, section.code, section.street)
        .where(section.kind != "carriageway", sa.func.ST_Intersects(section.geom, ground))
        .order_by(sa.func.ST_Area(sa.func.ST_Intersection(section.geom, ground)).desc(), section.id)
        .limit(1)
        .correlate(table)
        .lateral("section")
    )


def _number(letter: str, column: sa.ColumnElement[int]) -> sa.ColumnElement[str]:
    return (f"{letter}-" + sa.cast(column, sa.Text)).label("number")


def _is_group(group: sa.FromClause, wanted: str) -> sa.ColumnElement[bool]:
    return sa.or_(group.c.id == wanted, sa.func.lower(group.c.name) == wanted.lower())


def _narrowed(
    select: sa.Select[Any],
    asked: ExportQuery,
    columns: Mapping[str, sa.ColumnElement[Any]],
    *,
    owned: bool = True,
) -> sa.Select[Any]:
    """`owner` is a group's id or the name of a group or organisation; names of people and streets have no capitals here."""
    for name, column in columns.items():
        value = asked.equal.get(name)
        if value is not None:
            select = select.where(listing.same_name(column, value) if name == "street" else column == value)
    owner = asked.equal.get("owner")
    if owned and owner is not None:
        named = sa.func.lower(organisations.c.name) == owner.lower()
        select = select.where(sa.or_(named, _is_group(owner_groups, owner)))
    return select
