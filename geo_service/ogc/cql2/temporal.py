"""The temporal predicates of CQL2 over instants and closed intervals (Allen's relations by their ends)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa

Sql = sa.ColumnElement[Any]


class Span(NamedTuple):
    """First and last instant; of an instant, twice itself."""

    first: Sql
    last: Sql


Relation = Callable[[Span, Span], Sql]

FOREVER = sa.DateTime(timezone=True)
BEGINNING: Sql = sa.cast(sa.literal("-infinity", sa.Text), FOREVER)
END: Sql = sa.cast(sa.literal("infinity", sa.Text), FOREVER)

RELATIONS: Mapping[str, Relation] = {
    "t_after": lambda a, b: a.first > b.last,
    "t_before": lambda a, b: a.last < b.first,
    "t_contains": lambda a, b: sa.and_(a.first < b.first, a.last > b.last),
    "t_disjoint": lambda a, b: sa.or_(a.last < b.first, a.first > b.last),
    "t_during": lambda a, b: sa.and_(a.first > b.first, a.last < b.last),
    "t_equals": lambda a, b: sa.and_(a.first == b.first, a.last == b.last),
    "t_finishedby": lambda a, b: sa.and_(a.first < b.first, a.last == b.last),
    "t_finishes": lambda a, b: sa.and_(a.first > b.first, a.last == b.last),
    "t_intersects": lambda a, b: sa.and_(a.first <= b.last, a.last >= b.first),
    "t_meets": lambda a, b: a.last == b.first,
    "t_metby": lambda a, b: a.first == b.last,
    "t_overlappedby": lambda a, b: sa.and_(a.first > b.first, a.first < b.last, a.last > b.last),
    "t_overlaps": lambda a, b: sa.and_(a.first < b.first, a.last > b.first, a.last < b.last),
    "t_startedby": lambda a, b: sa.and_(a.first == b.first, a.last > b.last),
    "t_starts": lambda a, b: sa.and_(a.first == b.first, a.last < b.last),
}
