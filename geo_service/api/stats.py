"""`/stats`: the numbers behind the helicopter view."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.api import serializers
from geo_service.api.deps import Reading, RepairReader
from geo_service.api.schemas import verdicts

router = APIRouter(prefix="/stats", tags=["stats"])


@router.get("/avoided", response_model=verdicts.Avoided)
def avoided(conn: Reading, who: RepairReader) -> JSONResponse:
    """What coordination has spared, per year: repairs done after the works that held them, at the cost that was at risk; repairs that
    a utility took along, by what they cost; trenches that two owners shared."""
    years = db.fetch(conn, "geo_service.store", "stats_avoided")
    total = round(sum(year["avoided_cost_eur"] for year in years), 2)
    return serializers.answer({"avoided_cost_eur": total, "years": years})
