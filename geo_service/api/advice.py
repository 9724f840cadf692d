"""`/advice`: may I repair this?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from shapely.geometry.base import BaseGeometry

from geo_service.api import serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Crs, Reading, RepairReader, Today, TranslatorDep
from geo_service.api.schemas import verdicts
from geo_service.api.schemas.repairs import AdviceIn
from geo_service.coordination import advising, sequencing
from geo_service.detection.run import WhatIfRepair
from geo_service.domain import geometry
from geo_service.domain.errors import InvalidInput, InvalidTransition
from geo_service.domain.parameters import Parameters
from geo_service.i18n import Translator
from geo_service.presentation import places
from geo_service.presentation.advice import describe_advice
from geo_service.presentation.utility import request_text
from geo_service.store import (
    conflicts,
    freshness,
    ground,
    listing,
    organisations,
    renumberings,
    repairs,
    rules,
    surroundings,
)

router = APIRouter(prefix="/advice", tags=["advice"])


@router.post("", response_model=verdicts.AskedAdvice)
def ask(
    body: AdviceIn,
    ctx: ContextDep,
    conn: Reading,
    who: RepairReader,
    day: Today,
    crs: Crs,
    translator: TranslatorDep,
) -> JSONResponse:
    """What if this were repaired here, then? Nothing is stored."""
    city = organisations.group_of(conn, ctx.settings.city_organisation)
    question = question_of(body, city, ctx.settings.region_bbox, crs, day)
    parameters = rules.load_parameters(conn)
    advice_, conflict_rows, works, claimed = advising.of_what_if(
        conn, question, body.urgency, day, parameters
    )
    place = ground.sections_at(conn, question.geometry.representative_point(), limit=1)
    [advice_] = sequencing.in_full(conn, [(advice_, claimed, body.starts_on)], day)
    answer = describe_advice(advice_, translator)
    return serializers.answer(
        {
            **answer,
            **_add_surroundings(conn, answer, claimed, place, set(works), day, translator, parameters),
            "conflicts": [serializers.conflict(row, works, crs) for row in conflict_rows],
            "reported": [serializers.reported(row) for row in surroundings.reported(conn, claimed, place)],
            "section": serializers.ground(place[0], crs) if place else None,
            "warning": None if place else translator.text("check.nowhere"),
            **age(conn, ctx),
        },
        headers=serializers.language_headers(translator),
    )


def question_of(body: AdviceIn, city: str, region: geometry.Bbox, crs: int, day: date) -> WhatIfRepair:
    """The question that a body asks of the detection; `city` is the owner group of repairs. Raises InvalidInput."""
    shape = geometry.read_geojson(
        body.geometry, field="geometry", crs=crs, region=region, largest_m2=geometry.MAX_REPAIR_M2
    )
    if body.starts_on and (body.ends_on or body.starts_on) < day:
        raise InvalidInput.one("starts_on", "in_the_past", today=day, day=body.starts_on)
    ends_on = body.ends_on or (body.starts_on and body.starts_on + timedelta(days=1))
    return WhatIfRepair(shape, body.scope, city, body.starts_on, ends_on, category=body.category)


def stored_advice(
    ctx: Context, conn: sa.Connection, repair_id: UUID, day: date, crs: int, translator: Translator
) -> dict[str, Any]:
    """The same for a stored repair, from its stored conflicts. Raises NotFound, or InvalidTransition for one that is finished."""
    row = repairs.get(conn, repair_id)
    parameters = rules.load_parameters(conn)
    renumberings.check_speaks(conn, repair_id)
    advised = advising.of_repairs(conn, [repair_id], day, parameters)
    if not advised:
        raise InvalidTransition("repair_settled", status=row["status"], number=str(repair_id))
    conflict_rows = conflicts.find(conn, listing.Window(limit=1000), repair=repair_id).rows
    briefs = conflicts.briefs(conn, conflict_rows)
    claimed = surroundings.claimed_ground(conn, repair_id)
    [advice_] = sequencing.in_full(conn, [(advised[0].advice, claimed, advised[0].planned_from)], day)
    answer = describe_advice(advice_, translator)
    place = ground.sections_at(conn, claimed.representative_point(), limit=1)
    return {
        **answer,
        **_add_surroundings(conn, answer, claimed, place, set(briefs), day, translator, parameters),
        "conflicts": [serializers.conflict(each, briefs, crs) for each in conflict_rows],
        **age(conn, ctx),
    }


def _add_surroundings(
    conn: sa.Connection,
    answer: dict[str, Any],
    claimed: BaseGeometry,
    place: Sequence[listing.Row],
    reported_ids: set[UUID],
    day: date,
    translator: Translator,
    parameters: Parameters,
) -> dict[str, Any]:
    """Around the ground that the repair takes (storage CRS; `place`: the section there): the houses in front of which it is, works in the
    ring that no rule tells, and what to ask whom."""
    [front] = surroundings.frontages(conn, [claimed], parameters)
    fronts = [places.frontage(one, translator) for one in front]
    return {
        "nearby": places.nearby(
            surroundings.nearby(conn, claimed, day, parameters, reported_ids), translator
        ),
        "frontage": fronts,
        "request_text": request_text(answer, fronts, next(iter(place), None), translator),
    }


def age(conn: sa.Connection, ctx: Context) -> dict[str, Any]:
    """When this was computed, and how old the oldest feed behind it is (null: no feed yet)."""
    now = datetime.now(UTC)
    oldest = freshness.oldest_success(conn, ctx.settings.feed_hours)
    return {"computed_at": now, "data_age_seconds": oldest and max(0, round((now - oldest).total_seconds()))}
