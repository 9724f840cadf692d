"""Filters that a list, its files and the command line share: what a list hides, a file hides."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.errors import InvalidInput
from geo_service.store import listing
from geo_service.store.tables import (
    buildings,
    claims,
    conflicts,
    organisations,
    pavement_sections,
    phases,
    repairs,
    rules,
    streets,
    works,
)

Condition = sa.ColumnElement[bool]
Filter = Callable[[Any], Condition]
"""The condition for a value; for None the one without a value."""
SPOT_M = 0.5
"""How far a hole reaches that is reported as a point (the default of `spot_radius_m`)."""


def equal_to(column: sa.ColumnElement[Any]) -> Filter:
    """The filter on a column by its value."""
    return lambda value: sa.true() if value is None else column == value


def named_as(column: sa.ColumnElement[Any]) -> Filter:
    """The filter on a column by its name, whatever its capitals."""
    return lambda value: sa.true() if value is None else listing.same_name(column, value)


def works_named(q: str | None) -> Condition:
    """Works, in a select that joins their organisation: `q` is part of a text, of their number or of the owner's name."""
    if not q:
        return sa.true()
    texts = (works.c.title, works.c.description, works.c.reference, works.c.source_id, organisations.c.name)
    return sa.or_(*(text.icontains(q, autoescape=True) for text in texts))


def repairs_named(q: str | None) -> Condition:
    """Repairs: `q` is part of the description, or a number (H-1121)."""
    if not q:
        return sa.true()
    number = re.fullmatch(r"[Hh]-?(\d{1,15})", q.strip())
    numbered = repairs.c.number == int(number[1]) if number else sa.false()
    return sa.or_(repairs.c.description.icontains(q, autoescape=True), numbered)


def conflicts_numbered(q: str | None) -> Condition:
    """Conflicts: `q` is a number (C-83). Raises InvalidInput about any other text."""
    if not q:
        return sa.true()
    number = re.fullmatch(r"[Cc]-?(\d{1,15})", q.strip())
    if number is None:
        raise InvalidInput.one("q", "number_of_conflict", given=q[:40])
    return conflicts.c.number == int(number[1])


def buildings_named(q: str | None) -> Condition:
    """Buildings with all words of `q` in their name, or in their address, in any order. `ground.spelling` finds the words that are meant."""
    words = (q or "").replace(",", " ").split()
    if not words:
        return sa.true()
    named = sa.and_(*(buildings.c.name.icontains(word, autoescape=True) for word in words))
    return sa.or_(named, sa.and_(*map(_in_address, words)))


def _in_address(word: str) -> Condition:
    """Part of the street; what begins with a digit is the house number, so 10 is also 10A and 10/2 but never 104."""
    digits = re.match(r"\d+", word)
    if not digits:
        return buildings.c.street.icontains(word.rstrip("."), autoescape=True)
    number = buildings.c.house_number
    same_digits = sa.func.substring(number, r"^\d+") == digits[0]
    return sa.and_(number.istartswith(word, autoescape=True), same_digits)


def phases_in_street(street: str | None) -> Condition:
    """Phases in this street: they touch a section of it, or a claim of their works names it."""
    return _in_street(phases.c.geom, claims.c.works_id == phases.c.works_id, street)


def repairs_in_street(street: str | None) -> Condition:
    """Repairs in this street, as `phases_in_street`."""
    return _in_street(repairs.c.geom, claims.c.repair_id == repairs.c.id, street)


def conflicts_in_street(street: str | None) -> Condition:
    """Conflicts of which a side names this street, as cases have it, or that are about the street itself."""
    if street is None:
        return sa.true()
    sides: tuple[Any, ...] = (conflicts.c.a, conflicts.c.b)
    named = (_one_named(_elements(side["sides"]), street) for side in sides)
    own = sa.select(streets.c.id).where(listing.same_name(streets.c.name, street)).correlate(None)
    return sa.or_(*named, conflicts.c.street_id.in_(own))


def conflicts_of_works(works_id: UUID | None) -> Condition:
    """Conflicts of which these works are a side, or a record of the dig that is."""
    return sa.true() if works_id is None else conflicts.c.works_ids.contains([works_id])


def conflicts_of_department(department: str | None) -> Condition:
    """Conflicts that a department follows up, or of which their rule tells it. As `conflict_of_department.sql` says it to fixed statements."""
    if department is None:
        return sa.true()
    same_rule = sa.and_(rules.c.id == conflicts.c.rule_id, rules.c.version == conflicts.c.rule_version)
    hears = sa.select(rules.c.id).where(same_rule, rules.c.departments.contains([department]))
    return sa.or_(conflicts.c.department == department, hears.exists())


def works_in_conflict(status: str | None) -> Condition:
    """Works that meet something in a conflict of this status."""
    return _in_conflict(conflicts.c.works_ids.contains(pg.array([works.c.id])), status)


def repairs_in_conflict(status: str | None) -> Condition:
    """Repairs that meet something in a conflict of this status."""
    return _in_conflict(conflicts.c.repair_id == repairs.c.id, status)


def _in_conflict(touching: Condition, status: str | None) -> Condition:
    if status is None:
        return sa.true()
    met = sa.select(conflicts.c.id).where(touching, conflicts.c.status == status, sa.not_(conflicts.c.shadow))
    return met.exists()


def _in_street(geometry: sa.ColumnElement[Any], own: Condition, street: str | None) -> Condition:
    if street is None:
        return sa.true()
    section = pavement_sections.c
    touched = sa.select(section.id).where(
        listing.same_name(section.street, street), sa.func.ST_DWithin(section.geom, geometry, SPOT_M)
    )
    claimed = sa.select(claims.c.id).where(own, _one_named(sa.func.unnest(claims.c.sides), street))
    return sa.or_(touched.exists(), claimed.exists())


def _elements(texts: sa.ColumnElement[Any]) -> sa.sql.functions.FunctionElement[Any]:
    array = sa.func.nullif(texts, sa.cast("null", pg.JSONB))
    return sa.func.jsonb_array_elements_text(sa.func.coalesce(array, sa.cast("[]", pg.JSONB)))


def _one_named(sides: sa.sql.functions.FunctionElement[Any], street: str) -> Condition:
    """Whether one of these sides (`street/side`) is of this street."""
    side = sides.column_valued("side")
    return sa.exists(sa.select(side).where(listing.same_name(sa.func.split_part(side, "/", 1), street)))
