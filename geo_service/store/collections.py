"""The published collections: id, flat rows with their fields, filters and visibility. Never who reported a repair."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from geo_service.store import conditions, conflict_rows, duplicates, listing, owners, protections, visibility
from geo_service.store.conditions import Filter
from geo_service.store.conflicts import DAYS as CONFLICT_DAYS
from geo_service.store.tables import (
    buildings,
    claims,
    conflicts,
    organisations,
    owner_groups,
    pavement_sections,
    phases,
    repairs,
    works,
)
from geo_service.store.visibility import Condition

Fields = Mapping[str, sa.types.TypeEngine[Any]]


@dataclass(frozen=True, slots=True)
class Collection:
    """What is published under one id: a flat row per feature.

    `select` gives all rows: `id` first, then the fields, and the geometry (storage CRS) as `geom`. `visible` takes the owner group of a
    partner, or None. `days` is a daterange that shares a day with the period that is asked for. `order` ends in a unique column.
    """

    id: str
    select: sa.Select[Any]
    visible: Callable[[str | None], Condition]
    geometry: sa.ColumnElement[Any]
    order: tuple[sa.ColumnElement[Any], ...]
    days: sa.ColumnElement[Any] | None = None
    filters: Mapping[str, Filter] = field(default_factory=dict)

    @property
    def fields(self) -> Fields:
        """Names and types of the fields, in their order, without the geometry."""
        return {column.name: column.type for column in self.select.selected_columns if column.name != "geom"}


def owner_columns() -> tuple[sa.ColumnElement[Any], ...]:
    """The name of the owner and its owner group, of a select that joins both."""
    return organisations.c.name.label("owner"), owner_groups.c.id.label("owner_group")


def _section_under(table: sa.Table) -> sa.FromClause:
    """The footpath section (id, code, street) that takes most of the ground of a row; the first by id of equals."""
    section = pavement_sections.c
    ground = sa.func.ST_Buffer(table.c.geom, conditions.SPOT_M)
    best = (
        sa.select(section.id, section.code, section.street)
        .where(section.kind != "carriageway", sa.func.ST_Intersects(section.geom, ground))
        .order_by(sa.func.ST_Area(sa.func.ST_Intersection(section.geom, ground)).desc(), section.id)
        .limit(1)
    )
    return listing.sole(best, table, "section")


def _owned_by(organisation_id: sa.ColumnElement[Any]) -> Filter:
    return lambda owner: owners.owned_by(organisation_id, owner)


def _works() -> Collection:
    """One row per phase; its works are `id`."""
    select = (
        sa.select(
            works.c.id, phases.c.id.label("phase_id"), works.c.source, works.c.source_id, *owner_columns(), works.c.title,
            works.c.reference, works.c.kind, works.c.category, works.c.utilities, works.c.certainty, works.c.source_status, works.c.remark,
            sa.func.lower(phases.c.during, type_=sa.Date).label("starts_on"),
            sa.func.upper(phases.c.during, type_=sa.Date).label("ends_on"),
            phases.c.opens_surface, phases.c.surfaces, works.c.vanished_at, works.c.updated_at,
            listing.geometry_column(phases.c.geom),
        )
        .join(phases, phases.c.works_id == works.c.id)
        .join(organisations, organisations.c.id == works.c.owner_id)
        .join(owner_groups, owner_groups.c.id == organisations.c.owner_group_id)
    )  # fmt: skip
    equal = {
        "status": works.c.certainty,
        "kind": works.c.kind,
        "source": works.c.source,
        "building": works.c.building_id,
    }
    return Collection(
        "works",
        select,
        visibility.of_works,
        phases.c.geom,
        (works.c.id, phases.c.id),
        phases.c.during,
        {
            "owner": _owned_by(works.c.owner_id),
            **{name: conditions.equal_to(column) for name, column in equal.items()},
            "q": conditions.works_named,
            "street": conditions.phases_in_street,
            "conflict": conditions.works_in_conflict,
        },
    )


def _repairs() -> Collection:
    """One row per repair, with the footpath section that it lies on."""
    section = _section_under(repairs)
    select = (
        sa.select(
            repairs.c.id, listing.number_column("H", repairs.c.number), repairs.c.source, repairs.c.source_id, *owner_columns(),
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
    )  # fmt: skip
    names = ("status", "category", "scope", "urgency", "held")
    return Collection(
        "repairs",
        select,
        visibility.of_repairs,
        repairs.c.geom,
        (repairs.c.id,),
        repairs.c.planned,
        {
            "owner": _owned_by(repairs.c.owner_id),
            **{name: conditions.equal_to(repairs.c[name]) for name in names},
            "duplicate": duplicates.linked_as,
            "q": conditions.repairs_named,
            "street": conditions.repairs_in_street,
            "conflict": conditions.repairs_in_conflict,
        },
    )


def _conflicts() -> Collection:
    """One row per conflict, with both sides, its figures and the section of its repair; those that are gone only when their status is asked for.

    `works_ids` are all works that meet, `a_dig` and `b_dig` those of each side: a dig may have several records.
    """
    equal = {
        "rule": conflicts.c.rule_id,
        "severity": conflicts.c.severity,
        "opportunity": conflicts.c.opportunity,
        "repair": conflicts.c.repair_id,
        "building": conflicts.c.building_id,
    }
    return Collection(
        "conflicts",
        conflict_rows.select(_section_under(repairs)),
        visibility.of_conflicts,
        conflicts.c.geom,
        (conflicts.c.id,),
        CONFLICT_DAYS,
        {
            "owner": owners.on_either_side,
            "status": visibility.in_status,
            **{name: conditions.equal_to(column) for name, column in equal.items()},
            "works": conditions.conflicts_of_works,
            "q": conditions.conflicts_numbered,
            "street": conditions.conflicts_in_street,
            "department": conditions.conflicts_of_department,
        },
    )


def _ground(id_: str, table: sa.Table, name: str, more: Mapping[str, Filter]) -> Collection:
    """One row per building, or per pavement section: reference data that everybody sees."""
    plain = [column for column in table.c if column.name != "geom"]
    return Collection(
        id_,
        sa.select(*plain, listing.geometry_column(table.c.geom)),
        lambda party: sa.true(),
        table.c.geom,
        (table.c.id,),
        filters={
            name: conditions.equal_to(table.c[name]),
            "street": conditions.named_as(table.c.street),
            **more,
        },
    )


def _protections() -> Collection:
    """One row per piece of protected ground."""
    return Collection(
        "protections",
        protections.rows(),
        protections.visible,
        claims.c.geom,
        (claims.c.origin_id, claims.c.kind),
        protections.DAYS,
        {
            "owner": _owned_by(protections.GROUND_OWNER),
            "kind": protections.by_kind,
            "counts": protections.by_measure,
            "street": protections.by_street,
        },
    )


COLLECTIONS: Mapping[str, Collection] = {
    one.id: one
    for one in (
        _works(),
        _repairs(),
        _conflicts(),
        _protections(),
        _ground("buildings", buildings, "function", {"q": conditions.buildings_named}),
        _ground(
            "pavements", pavement_sections, "kind", {"code": conditions.named_as(pavement_sections.c.code)}
        ),
    )
}
