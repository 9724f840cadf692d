"""Which rows a person may see: the one answer for lists, single reads, files, tiles, cases, the feed and its deliveries.

`party` is the owner group to which a partner is confined; None for the city, which sees every owner. Each condition has a twin for fixed
statements, `visible_*.sql` beside this module, and a test holds the two to each other.

What was deleted is hidden from all. A conflict in the shadow is found by a rule that is tried: it is in no list, and the city reads it by
its id. A conflict is gone once its facts no longer conflict (withdrawn) or its days are over (expired). One that people settled is not: works
and repair still meet, it is opened again when they change, and a desk may reopen it. So it stays in lists, files, cases and on the map, with
its status.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from geo_service.domain.conflicts import GONE
from geo_service.store.tables import conflicts, organisations, repairs, requests, works

Condition = sa.ColumnElement[bool]


def of_works(party: str | None) -> Condition:
    """Works, in a select that joins their organisation: those of a partner's own owner group."""
    own = sa.true() if party is None else organisations.c.owner_group_id == party
    return sa.and_(works.c.deleted_at.is_(None), own)


def of_repairs(party: str | None) -> Condition:
    """Repairs: none for a partner."""
    return sa.and_(repairs.c.deleted_at.is_(None), sa.true() if party is None else sa.false())


def of_conflicts(party: str | None) -> Condition:
    """Conflicts, whatever their status: for a partner those that touch its works."""
    return sa.and_(sa.not_(conflicts.c.shadow), touching(party))


def of_one_conflict(party: str | None) -> Condition:
    """A conflict that somebody reads by its id: for the city also one in the shadow."""
    return sa.true() if party is None else of_conflicts(party)


def of_requests(party: str | None) -> Condition:
    """Requests: for a partner those that it is asked itself."""
    return sa.true() if party is None else requests.c.owner_group_id == party


def touching(party: str | None) -> Condition:
    """Conflicts with a side of this owner group; all of them for the city. The feed shows what was told of them, in the shadow or not."""
    sides: tuple[Any, ...] = (conflicts.c.a, conflicts.c.b)
    return sa.true() if party is None else sa.or_(*(side["owner_group"].astext == party for side in sides))


def in_status(status: str | None) -> Condition:
    """Conflicts in this status; without one, those that are not gone (`conflict_is_live.sql`)."""
    return conflicts.c.status == status if status else conflicts.c.status.not_in(GONE)
