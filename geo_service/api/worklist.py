"""`/worklist`: what a crew still has to do, each repair judged as of now, and what changed about it since yesterday."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep
from geo_service.api.schemas import worklist as schemas
from geo_service.coordination import dispatch
from geo_service.domain.dispatch import Stop
from geo_service.domain.errors import InvalidInput
from geo_service.i18n import Translator
from geo_service.ogc import sorting
from geo_service.presentation.advice import describe_advice
from geo_service.store import cities, repairs, vocabulary, worklist
from geo_service.store.listing import Row

router = APIRouter(prefix="/worklist", tags=["dispatch"])


@router.get("", response_model=schemas.Worklist)
def read(
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
    team: Annotated[
        str | None, Query(max_length=300, description="crew, or organisation that does the repair")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    cursor: Annotated[str | None, Query(max_length=300, description="`next` of the page before")] = None,
) -> JSONResponse:
    """Repairs that are not finished: those with days first, in order of those days, then the oldest report.

    A page goes on where the one before ended, whatever became of the repair that stood there. One that gets other days meanwhile may stand on two pages, or none.
    """
    page = worklist.page(conn, team, limit, _place(cursor) if cursor else None)
    if not page.rows:
        vocabulary.check(conn, team=team)
    city = cities.in_force(conn)
    stops = dispatch.stops_of(conn, page.rows, day, city.time_zone)
    is_part = team or cursor or page.next  # a stop has the number that it has in the whole way of its crew
    way = dispatch.stops_of(conn, repairs.planned_on(conn, day), day, city.time_zone) if is_part else stops
    numbers = dispatch.numbers_on(conn, way, day)
    items = [_item(stop, numbers.get(stop.repair["id"]), crs, translator) for stop in stops]
    teams = [{"id": crew.id, "name": crew.name} for crew in city.teams]
    return serializers.answer(
        {
            "on": day,
            "items": items,
            "teams": teams,
            "next": page.next and _bookmark(page.rows[-1]),
            "total": page.total,
        },
        headers=serializers.language_headers(translator),
    )


def _bookmark(row: Row) -> str:
    place = worklist.place_of(row)
    begins_on = str(place.begins_on) if place.begins_on else None
    return sorting.bookmark([begins_on, place.reported_at.isoformat(), str(place.id)])


def _place(cursor: str) -> worklist.Place:
    """Read what `_bookmark` wrote. Raises InvalidInput about `cursor`."""
    begins_on, reported_at, repair_id = sorting.values_of(cursor, 3)
    try:
        begins = None if begins_on is None else date.fromisoformat(begins_on)
        return worklist.Place(begins, datetime.fromisoformat(reported_at or ""), UUID(repair_id or ""))
    except ValueError:
        raise InvalidInput.one("cursor", "cursor_malformed") from None


def _item(stop: Stop, number: int | None, crs: int, translator: Translator) -> dict[str, Any]:
    advice = describe_advice(stop.advice, translator)
    return {
        "repair": serializers.repair(stop.repair, crs),
        "place": stop.place,
        "stop": number,
        "advice": {name: advice[name] for name in schemas.ShortAdvice.model_fields},
        "changed": stop.change,
    }
