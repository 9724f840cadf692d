"""The filters on ground and days that all lists and files share, as people write them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from geo_service.domain.errors import InvalidInput
from geo_service.store import bbox_query
from geo_service.store.listing import Window


def read(
    crs: int,
    bbox: str | None,
    active_on: date | None,
    from_on: date | None,
    until_on: date | None,
    *,
    limit: int = 1,
    cursor: UUID | None = None,
) -> Window:
    """The window of these filters: `bbox` in `crs`; `active_on` is one day, the other two are half-open.

    Raises InvalidInput about `bbox` or `to`.
    """
    if active_on is not None:
        from_on, until_on = active_on, None if active_on == date.max else active_on + timedelta(days=1)
    if from_on is not None and until_on is not None and until_on <= from_on:
        raise InvalidInput.one("to", "ends_before_start.from")
    area = None if bbox is None else bbox_query.read(bbox, crs)
    return Window(limit, cursor, area, from_on, until_on)
