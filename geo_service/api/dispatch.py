"""`/dispatch`: the day list of a crew, checked again in the morning: a repair planned yesterday may be blocked today."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from geo_service.api import serializers
from geo_service.api.computations import TURN_OF_PAPER
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep
from geo_service.api.openapi import PDF
from geo_service.api.schemas import dispatch as schemas
from geo_service.api.schemas.common import CalendarDay
from geo_service.coordination import dispatch
from geo_service.domain.dispatch import DayList, Stop
from geo_service.i18n import Translator
from geo_service.presentation import dispatch as paper
from geo_service.presentation.advice import describe_advice

router = APIRouter(prefix="/dispatch", tags=["dispatch"])


@router.get("", response_model=schemas.Dispatch, responses=PDF, dependencies=TURN_OF_PAPER)
def read(
    ctx: ContextDep,
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
    on: Annotated[CalendarDay | None, Query(description="day of the list; today without one")] = None,
    team: Annotated[
        str | None, Query(max_length=300, description="crew, or organisation that does the repair")
    ] = None,
    format: Annotated[Literal["json", "pdf"], Query(description="`pdf` is for paper, A4")] = "json",
) -> Response:
    """Repairs with that day in their plan, crew by crew in driving order, each judged as of now: `execute` is false while works block it
    and nobody accepted the risk.
    """
    days = dispatch.day_list(conn, on or day, day, ctx.settings.feed_hours, team)
    language = serializers.language_headers(translator)
    if format == "pdf":
        disposition = f'inline; filename="{paper.file_name(days, translator)}"'
        headers = {**language, "Content-Disposition": disposition}
        return Response(paper.document(days, translator), media_type="application/pdf", headers=headers)
    return serializers.answer(_answer(days, crs, translator), headers=language)


def _answer(days: DayList, crs: int, translator: Translator) -> dict[str, Any]:
    items = [_item(stop, crs, translator) for stop in days.stops]
    tours = [
        {
            "team": tour.team and tour.team.id,
            "name": tour.team and tour.team.name,
            "stops": sum(stop.number is not None for stop in tour.stops),
            "drive_m": tour.drive_m,
        }
        for tour in days.tours
    ]
    age = days.data_at and max(0, round((days.computed_at - days.data_at).total_seconds()))
    return {
        "on": days.on,
        "items": items,
        "tours": tours,
        "distance": {"kind": "straight_line", "factor": days.drive_factor},
        "computed_at": days.computed_at,
        "data_age_seconds": age,
        "total": len(items),
    }


def _item(stop: Stop, crs: int, translator: Translator) -> dict[str, Any]:
    return {
        "repair": serializers.repair(stop.repair, crs),
        "execute": not stop.advice.blocked,
        "instruction": stop.instruction,
        "label": translator.text(f"dispatch.{stop.instruction}"),
        "stop": stop.number,
        "drive_m": stop.drive_m,
        "place": stop.place,
        "changed": stop.change,
        "advice": describe_advice(stop.advice, translator),
    }
