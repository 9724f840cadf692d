"""`/dispatch`: the day list of a crew, checked again in the morning: a repair planned yesterday may be blocked today."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse

from geo_service.api import serializers, vocabulary
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep
from geo_service.api.schemas import verdicts
from geo_service.api.schemas.common import CalendarDay
from geo_service.coordination import advising
from geo_service.presentation.advice import describe_advice
from geo_service.store import repairs

router = APIRouter(prefix="/dispatch", tags=["dispatch"])

# A crew goes there all the same, for less than the repair: danger must not stay lying because works come.
LABELS = {"make_safe": "dispatch.make_safe", "recover": "dispatch.recover"}


@router.get("", response_model=verdicts.Dispatch)
def read(
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
    on: Annotated[CalendarDay | None, Query(description="day of the list; today without one")] = None,
    team: Annotated[
        str | None, Query(max_length=300, description="organisation that does the repair")
    ] = None,
) -> JSONResponse:
    """Repairs with that day in their plan, each judged as of now: `execute` is false while works block it and nobody accepted the risk."""
    on = on or day
    rows = repairs.planned_on(conn, on, team)
    if not rows:
        vocabulary.check(conn, team=team)
    advised = {
        one.repair_id: one.advice for one in advising.of_repairs(conn, [row["id"] for row in rows], day)
    }
    items: list[dict[str, Any]] = []
    for row in rows:
        advice = advised[row["id"]]
        label = LABELS.get(advice.verdict, "dispatch.not" if advice.blocked else "dispatch.go")
        items.append(
            {
                "repair": serializers.repair(row, crs),
                "execute": not advice.blocked,
                "label": translator.text(label),
                "advice": describe_advice(advice, translator),
            }
        )
    items.sort(key=lambda item: (not item["execute"], item["repair"]["number"]))
    return serializers.answer(
        {"on": on, "items": items, "total": len(items)}, headers=serializers.language_headers(translator)
    )
