"""`/worklist`: what a crew still has to do, each repair judged as of now, and what changed about it since yesterday."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep
from geo_service.api.schemas import worklist as schemas
from geo_service.coordination import dispatch
from geo_service.domain.dispatch import Stop
from geo_service.i18n import Translator
from geo_service.presentation.advice import describe_advice
from geo_service.store import cities, repairs, vocabulary

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
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """Repairs that are not finished: those with days first, in order of those days, then the oldest report."""
    page = repairs.unfinished(conn, team, limit, cursor)
    if not page.rows:
        vocabulary.check(conn, team=team)
    city = cities.in_force(conn)
    stops = dispatch.stops_of(conn, page.rows, day, city.time_zone)
    numbers = dispatch.numbers_on(conn, stops, day)
    items = [_item(stop, numbers.get(stop.repair["id"]), crs, translator) for stop in stops]
    teams = [{"id": crew.id, "name": crew.name} for crew in city.teams]
    return serializers.answer(
        {"on": day, "items": items, "teams": teams, "next": page.next, "total": page.total},
        headers=serializers.language_headers(translator),
    )


def _item(stop: Stop, number: int | None, crs: int, translator: Translator) -> dict[str, Any]:
    advice = describe_advice(stop.advice, translator)
    return {
        "repair": serializers.repair(stop.repair, crs),
        "place": stop.place,
        "stop": number,
        "advice": {name: advice[name] for name in schemas.ShortAdvice.model_fields},
        "changed": stop.change,
    }
