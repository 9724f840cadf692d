"""What a request says of its works on the day that it is asked: whom, which repairs, in front of which houses, on which days, and until when to answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from shapely import union_all

from geo_service import working_days
from geo_service.domain.parameters import Parameters
from geo_service.domain.requests import lead_of
from geo_service.store import surroundings
from geo_service.store.listing import Row


def of_works(conn: sa.Connection, works: Row, today: date, parameters: Parameters) -> dict[str, Any]:
    """Return the columns of a request about `works` (as `store.requests.requestable_works` returns it) that is asked today."""
    return {
        **{name: works[name] for name in ("owner_group_id", "repair_ids", "starts_on", "ends_on")},
        **_houses(conn, works["repair_ids"], parameters),
        "due_on": deadline(works["category"], works["starts_on"], today, parameters),
    }


def deadline(category: str | None, starts_on: date, today: date, parameters: Parameters) -> date:
    """Return the last day to answer: the day before works of this category must be registered, or else some working days from now."""
    count, in_working_days = lead_of(category, parameters)
    registered = (
        working_days.shift(starts_on, -count) if in_working_days else starts_on - timedelta(days=count)
    )
    before = working_days.shift(registered, -1)
    soon = working_days.shift(today, int(parameters.answer_within_days))
    return before if before > today else min(soon, max(today, working_days.shift(starts_on, -1)))


def _houses(conn: sa.Connection, repair_ids: Sequence[UUID], parameters: Parameters) -> dict[str, Any]:
    """The houses in front of which the repairs lie; null where there are none."""
    grounds = list(surroundings.claimed_grounds(conn, repair_ids).values())
    [fronts] = surroundings.frontages(conn, [union_all(grounds)], parameters) if grounds else [[]]
    first = fronts[0] if fronts else {}
    return {name: first.get(name) for name in ("street", "number_from", "number_to")}
