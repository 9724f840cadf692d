"""The protection register: ground that somebody laid anew, and that nobody may open for some years (sperperiode).

One row per piece of ground that is protected. `counts` says whether it is a re-lay by the city's measure: over `relay_least_m` long and
`relay_least_width_share` of the width of the section under it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from geo_service.domain.parameters import Parameters
from geo_service.store import listing, owners
from geo_service.store.tables import (
    claims,
    organisations,
    owner_groups,
    parameters,
    pavement_sections,
    repairs,
    works,
)

DEFAULTS = Parameters()
SECTION = listing.sole(
    sa.select(pavement_sections.c.id, pavement_sections.c.street, pavement_sections.c.geom)
    .where(
        pavement_sections.c.kind != "carriageway",
        sa.func.ST_Intersects(pavement_sections.c.geom, claims.c.geom),
    )
    .order_by(
        sa.func.ST_Area(sa.func.ST_Intersection(pavement_sections.c.geom, claims.c.geom)).desc(),
        pavement_sections.c.id,
    )
    .limit(1),
    claims,
    "section",
)
"""The footpath section that takes most of the ground."""
GROUND_OWNER = sa.func.coalesce(works.c.owner_id, repairs.c.owner_id)
KINDS = ("investment", "protection", "guarantee")
"""The claims that may hold a term. A guarantee holds one only until what a version before 0.1.0 stored is computed anew."""
DAYS = sa.func.daterange(claims.c.starts, claims.c.moratorium_until)


def rows() -> sa.Select[Any]:
    """Return the register: `id` first, the geometry last."""
    length, width = _strip(claims.c.geom)
    _, section_width = _strip(SECTION.c.geom)
    wide = sa.or_(
        SECTION.c.id.is_(None), width >= _parameter("relay_least_width_share") * section_width * 0.999
    )
    number = "H-" + sa.cast(repairs.c.number, sa.Text)
    return (
        sa.select(
            claims.c.origin_id.label("id"),
            sa.case((claims.c.repair_id.is_not(None), "repair"), else_="works").label("kind"),
            claims.c.repair_id,
            claims.c.works_id,
            sa.func.coalesce(number, works.c.source_id).label("number"),
            organisations.c.name.label("owner"),
            owner_groups.c.id.label("owner_group"),
            claims.c.starts.label("laid_on"),
            claims.c.moratorium_until.label("until"),
            SECTION.c.street,
            sa.cast(sa.func.round(sa.cast(length, sa.Numeric), 1), sa.Double).label("length_m"),
            sa.cast(sa.func.round(sa.cast(width, sa.Numeric), 2), sa.Double).label("width_m"),
            sa.and_(length > _parameter("relay_least_m"), wide).label("counts"),
            listing.geometry_column(claims.c.geom),
        )
        .outerjoin(repairs, repairs.c.id == claims.c.repair_id)
        .outerjoin(works, works.c.id == claims.c.works_id)
        .join(organisations, organisations.c.id == GROUND_OWNER)
        .join(owner_groups, owner_groups.c.id == organisations.c.owner_group_id)
        .outerjoin(SECTION, sa.true())
        .where(claims.c.moratorium_until.is_not(None), claims.c.kind.in_(KINDS))
    )


def visible(party: str | None) -> sa.ColumnElement[bool]:
    """Everything for the city; for a partner what it laid itself."""
    return sa.true() if party is None else owner_groups.c.id == party


def find(
    conn: sa.Connection,
    window: listing.Window,
    *,
    owner: str | None = None,
    kind: str | None = None,
    counts: bool | None = None,
    street: str | None = None,
    party: str | None = None,
) -> listing.Page:
    """Return one page of the register; `owner` is as in `owners`, the days of `window` those on which ground is protected."""
    select = rows().where(
        visible(party),
        *listing.in_bbox(claims.c.geom, window.bbox),
        *listing.in_days(DAYS, window),
        owners.owned_by(GROUND_OWNER, owner),
        by_kind(kind),
        by_measure(counts),
        by_street(street),
    )
    return listing.page(conn, select, claims.c.origin_id, window)


def by_kind(kind: str | None) -> sa.ColumnElement[bool]:
    """Condition that a `repair` or `works` laid it."""
    if kind is None:
        return sa.true()
    return claims.c.repair_id.is_not(None) if kind == "repair" else claims.c.works_id.is_not(None)


def by_street(street: str | None) -> sa.ColumnElement[bool]:
    """Condition that it lies in this street."""
    return sa.true() if street is None else listing.same_name(SECTION.c.street, street)


def by_measure(counts: bool | None) -> sa.ColumnElement[bool]:
    """Condition that it is, or is not, a re-lay by the city's measure."""
    if counts is None:
        return sa.true()
    [column] = (one for one in rows().selected_columns if one.name == "counts")
    element = column.element if isinstance(column, sa.Label) else column
    return element if counts else sa.not_(element)


def _strip(geom: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """Length and width (m) of the rectangle with the area and the outline of one part: P/2 = length + width, A = length × width."""
    parts = sa.func.ST_NumGeometries(geom)
    half = sa.func.ST_Perimeter(geom) / parts / 2
    root = sa.func.sqrt(sa.func.greatest(0, half * half - 4 * sa.func.ST_Area(geom) / parts))
    return (half + root) / 2, (half - root) / 2


def _parameter(name: str) -> sa.ColumnElement[float]:
    stored = sa.select(parameters.c.value).where(parameters.c.name == name).scalar_subquery()
    return sa.func.coalesce(stored, getattr(DEFAULTS, name))
