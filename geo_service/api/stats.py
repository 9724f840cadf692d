"""`/stats`: the numbers behind the helicopter view."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.deps import RepairReader, Today
from geo_service.api.replica_reads import ReadingAnywhere
from geo_service.api.schemas import answers, reference, verdicts
from geo_service.api.schemas import stats as schemas
from geo_service.api.schemas.common import Day
from geo_service.store import reliabilities, rules
from geo_service.store import stats as store

router = APIRouter(prefix="/stats", tags=["stats"])


@router.get("/avoided", response_model=verdicts.Avoided)
def avoided(conn: ReadingAnywhere, who: RepairReader) -> JSONResponse:
    """What coordination has spared, per year: repairs done after the works that held them, at the cost that was at risk; repairs that
    a utility took along, by what they cost; trenches that two owners shared."""
    years = store.avoided(conn)
    total = round(sum(year["avoided_cost_eur"] for year in years), 2)
    return serializers.answer({"avoided_cost_eur": total, "years": years})


@router.get("/avoided/{year}", response_model=schemas.AvoidedItems)
def avoided_items(conn: ReadingAnywhere, who: RepairReader, year: int) -> JSONResponse:
    """The conflicts behind one year of `/stats/avoided`."""
    items = store.avoided_items(conn, year)
    total = round(sum(item["avoided_cost_eur"] for item in items), 2)
    return serializers.answer({"items": items, "avoided_cost_eur": total})


@router.get("/overview", response_model=schemas.Overview)
def overview(conn: ReadingAnywhere, who: RepairReader, day: Today) -> JSONResponse:
    """What is at stake, what was avoided this year, what waits for an answer or for works, what can be combined and recovered."""
    return serializers.answer(store.overview(conn, day))


@router.get("/weeks", response_model=schemas.Board)
def weeks(
    conn: ReadingAnywhere,
    who: RepairReader,
    day: Today,
    from_on: Annotated[
        Day | None, Query(alias="from", description="a day of the first week; by default today")
    ] = None,
    count: Annotated[int, Query(alias="weeks", ge=1, le=52)] = 12,
    group: Literal["street", "owner"] = "street",
) -> JSONResponse:
    """Works, repairs and cases week by week, by street or by owner, and how many streets are open at once."""
    first = from_on or day
    span = store.Weeks(first - timedelta(days=first.weekday()), count)
    body = {
        "from_on": span.from_on,
        "until_on": span.until_on,
        "group": group,
        "lanes": store.lanes(conn, span, day, by_owner=group == "owner"),
        "open_streets": store.open_streets(conn, span),
        "open_streets_most": int(rules.load_parameters(conn).open_streets_most),
    }
    return serializers.answer(body)


@router.get("/owners", response_model=schemas.OwnerRecords)
def owners(conn: ReadingAnywhere, who: RepairReader, day: Today) -> JSONResponse:
    """How each utility keeps its days and answers: facts about organisations, never about persons."""
    slips = {row["owner_group"]: row for row in reliabilities.find(conn) if row["certainty"] == "planned"}
    items = [
        {**row, **_slip(slips.get(row["owner_group"], slips.get(None)))} for row in store.owners(conn, day)
    ]
    return serializers.answer({"items": items})


def _slip(row: Any) -> dict[str, Any]:
    return {"slip_days": row and row["slack_after_days"], "slip_origin": row and row["origin"]}


@router.get("/silent-works", response_model=answers.Page[reference.SilentWorks])
def silent_works(
    conn: ReadingAnywhere, who: RepairReader, day: Today, limit: Annotated[int, Query(ge=1, le=1000)] = 200
) -> JSONResponse:
    """Works whose start passed without any sign, the longest silent first: somebody has to ask their owner."""
    rows = store.silent_works(conn, day, limit)
    total = rows[0]["total"] if rows else 0
    return serializers.answer({"items": rows, "next": None, "total": total})
