"""The collections of OGC API – Features: rows of `collections.py`, one for each thing with an id of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from geo_service.domain.permissions import Action
from geo_service.store import listing, visibility
from geo_service.store.collections import COLLECTIONS, Collection, owner_columns
from geo_service.store.tables import (
    claims,
    holds,
    organisations,
    owner_groups,
    phases,
    repairs,
    requests,
    streets,
    works,
)
from geo_service.store.visibility import Condition

Shape = Literal["any", "polygon", "line"]


@dataclass(frozen=True, slots=True)
class FeatureType:
    """What is published under one id: `select` gives the fields, `key` and `geometry` are the feature's own (storage CRS).

    `days` is a daterange. Where a feature has parts (the phases of works), box and days are looked for in `parts`, a select of the
    keys of what has them: so that the index of the parts is used. `version` counts the changes of what clients may change.
    """

    id: str
    select: sa.Select[Any]
    key: sa.ColumnElement[Any]
    geometry: sa.ColumnElement[Any]
    visible: Callable[[str | None], Condition]
    days: sa.ColumnElement[Any] | None = None
    shape: Shape = "polygon"
    action: Action = "read"
    live: Condition | None = None
    parts: sa.Select[Any] | None = None
    part_geometry: sa.ColumnElement[Any] | None = None
    version: sa.ColumnElement[int] | None = None

    @property
    def fields(self) -> Mapping[str, sa.ColumnElement[Any]]:
        """The fields by name, in their order, without id and geometry."""
        return {
            column.name: column
            for column in self.select.selected_columns
            if column.name not in ("id", "geom")
        }

    def at(
        self,
        ground: Callable[[sa.ColumnElement[Any]], list[Condition]],
        days: Callable[[sa.ColumnElement[Any]], list[Condition]],
    ) -> list[Condition]:
        """These conditions on the geometry and on the days; of a feature with parts, one part meets all of them."""
        geometry = self.geometry if self.part_geometry is None else self.part_geometry
        there = [*ground(geometry), *([] if self.days is None else days(self.days))]
        return there if self.parts is None or not there else [self.key.in_(self.parts.where(*there))]


def _of(collection: Collection, shape: Shape = "polygon", **more: Any) -> FeatureType:
    """A collection whose rows are features already."""
    return FeatureType(
        collection.id,
        collection.select,
        collection.order[-1],
        collection.geometry,
        collection.visible,
        collection.days,
        shape,
        **more,
    )


def _phases() -> FeatureType:
    """One feature per phase, with the fields of its works."""
    rows = COLLECTIONS["works"]
    fields = [
        column for column in rows.select.selected_columns if column.name not in ("id", "phase_id", "geom")
    ]
    select = rows.select.with_only_columns(
        phases.c.id, works.c.id.label("works_id"), *fields, listing.geometry_column(phases.c.geom)
    )
    return FeatureType("phases", select, phases.c.id, phases.c.geom, rows.visible, rows.days, shape="any")


def _works() -> FeatureType:
    """One feature per works: the ground of all its phases, from the first day to the last of those that are not over (works_days.sql)."""
    first_day = sa.func.min(sa.func.lower(phases.c.during, type_=sa.Date))
    last_day = sa.func.max(sa.func.upper(phases.c.during, type_=sa.Date))
    own = (
        sa.select(
            sa.func.ST_UnaryUnion(sa.func.ST_Collect(phases.c.geom)).label("outline"),
            sa.func.coalesce(first_day.filter(~phases.c.done), first_day).label("starts_on"),
            sa.func.coalesce(last_day.filter(~phases.c.done), last_day).label("ends_on"),
            sa.func.count().label("phases"),
            sa.func.bool_or(phases.c.opens_surface, type_=sa.Boolean).label("opens_surface"),
        )
        .where(phases.c.works_id == works.c.id)
        .correlate(works)
        .lateral("own")
    )
    plain = COLLECTIONS["works"].select.selected_columns
    left_out = ("phase_id", "starts_on", "ends_on", "opens_surface", "surfaces", "geom")
    fields = [column for column in plain if column.name not in left_out]
    select = (
        sa.select(
            *fields, own.c.starts_on, own.c.ends_on, own.c.phases, own.c.opens_surface,
            listing.geometry_column(own.c.outline),
        )
        .select_from(works)
        .join(organisations, organisations.c.id == works.c.owner_id)
        .join(owner_groups, owner_groups.c.id == organisations.c.owner_group_id)
        .join(own, sa.true())
    )  # fmt: skip
    return FeatureType(
        "works",
        select,
        works.c.id,
        own.c.outline,
        visibility.of_works,
        phases.c.during,
        shape="any",
        live=own.c.phases > 0,
        parts=sa.select(phases.c.works_id),
        part_geometry=phases.c.geom,
        version=works.c.version,
    )


def _protections() -> FeatureType:
    """One feature per piece of protected ground: the register, with the days on which it is protected."""
    rows = COLLECTIONS["protections"]
    return FeatureType(
        rows.id, rows.select, claims.c.origin_id, rows.geometry, rows.visible, rows.days, shape="any"
    )


def _holds() -> FeatureType:
    """One feature per repair that waits for works, from its report to the day on which it is free."""
    reported_on = sa.cast(repairs.c.reported_at, sa.Date)
    select = (
        sa.select(
            holds.c.repair_id.label("id"), (sa.literal("H-") + sa.cast(repairs.c.number, sa.Text)).label("number"),
            repairs.c.category, repairs.c.scope, repairs.c.urgency, repairs.c.verdict, holds.c.until, holds.c.updated_at,
            listing.geometry_column(repairs.c.geom),
        )
        .join(repairs, repairs.c.id == holds.c.repair_id)
    )  # fmt: skip
    return FeatureType(
        "holds",
        select,
        holds.c.repair_id,
        repairs.c.geom,
        visibility.of_repairs,
        sa.func.daterange(reported_on, sa.func.greatest(holds.c.until, reported_on)),
        shape="any",
        action="read repairs",
        live=holds.c.released_on.is_(None),
    )


def _requests() -> FeatureType:
    """One feature per request to a utility: the ground and the days of the works that it is about. Who asked and what was written stays out."""
    ground = (
        sa.select(sa.func.ST_UnaryUnion(sa.func.ST_Collect(phases.c.geom)).label("outline"))
        .where(phases.c.works_id == requests.c.works_id)
        .correlate(requests)
        .lateral("ground")
    )
    names = (
        "works_id", "state", "street", "number_from", "number_to", "width_m", "starts_on", "ends_on", "due_on", "late", "withdrawal",
        "answered_at", "updated_at",
    )  # fmt: skip
    select = (
        sa.select(
            requests.c.id, (sa.literal("R-") + sa.cast(requests.c.number, sa.Text)).label("number"),
            works.c.source_id, works.c.title, *owner_columns(), *(requests.c[name] for name in names),
            listing.geometry_column(ground.c.outline),
        )
        .join(works, works.c.id == requests.c.works_id)
        .join(organisations, organisations.c.id == works.c.owner_id)
        .join(owner_groups, owner_groups.c.id == organisations.c.owner_group_id)
        .join(ground, sa.true())
    )  # fmt: skip
    return FeatureType(
        "requests",
        select,
        requests.c.id,
        ground.c.outline,
        visibility.of_requests,
        sa.func.daterange(requests.c.starts_on, requests.c.ends_on),
        shape="any",
        live=ground.c.outline.is_not(None),
    )


def _streets() -> FeatureType:
    """Centre lines with names."""
    return FeatureType(
        "streets",
        sa.select(streets.c.id, streets.c.source, streets.c.name, listing.geometry_column(streets.c.geom)),
        streets.c.id,
        streets.c.geom,
        lambda party: sa.true(),
        shape="line",
    )


FEATURES: Mapping[str, FeatureType] = {
    one.id: one
    for one in (
        _works(),
        _phases(),
        _of(COLLECTIONS["repairs"], "any", action="read repairs", version=repairs.c.version),
        _of(COLLECTIONS["conflicts"], "any", live=visibility.in_status(None)),
        _holds(),
        _requests(),
        _protections(),
        _of(COLLECTIONS["buildings"]),
        _of(COLLECTIONS["pavements"]),
        _streets(),
    )
}
