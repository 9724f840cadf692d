"""`/worklist`: what a crew still has to do, each repair judged as of now, and what changed about it since yesterday."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from geo_service.api import places, serializers, vocabulary
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep
from geo_service.api.schemas import worklist as schemas
from geo_service.coordination import advising
from geo_service.presentation.advice import describe_advice
from geo_service.store import listing, repairs

router = APIRouter(prefix="/worklist", tags=["dispatch"])

BRUSSELS = ZoneInfo("Europe/Brussels")
NEAREST_HOUSE_M = 60.0
"""A crew looks for a house number, also on a carriageway or beside a field: the nearest in this reach will do."""


@router.get("", response_model=schemas.Worklist)
def read(
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
    team: Annotated[
        str | None, Query(max_length=300, description="organisation that does the repair")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
) -> JSONResponse:
    """Repairs that are not finished: those with days first, in order of those days, then the oldest report."""
    page = repairs.unfinished(conn, team, limit)
    if not page.rows:
        vocabulary.check(conn, team=team)
    ids = [row["id"] for row in page.rows]
    advised = {one.repair_id: one.advice for one in advising.of_repairs(conn, ids, day)}
    since = datetime.combine(day - timedelta(days=1), time(), BRUSSELS)
    changed = repairs.advice_changes(conn, ids, since)
    houses = places.along(conn, [listing.read_geometry(row["geom"]) for row in page.rows], NEAREST_HOUSE_M)
    items: list[dict[str, Any]] = []
    for row, place in zip(page.rows, houses, strict=True):
        advice = describe_advice(advised[row["id"]], translator)
        items.append(
            {
                "repair": serializers.repair(row, crs),
                "place": place,
                "advice": {name: advice[name] for name in schemas.ShortAdvice.model_fields},
                "changed": changed.get(row["id"]),
            }
        )
    return serializers.answer(
        {"on": day, "items": items, "total": page.total},
        headers=serializers.language_headers(translator),
    )
