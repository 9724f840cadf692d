"""`/audit`: who did what, when. For administrators; nobody changes it."""

from __future__ import annotations

import zoneinfo
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import require
from geo_service.api.schemas import accounts as schemas
from geo_service.api.schemas import answers
from geo_service.api.schemas.common import CalendarDay
from geo_service.domain.errors import InvalidInput
from geo_service.settings import Settings
from geo_service.store import audit, keys

router = APIRouter(prefix="/audit", tags=["people"])

Reader = Annotated[keys.Principal, Depends(require("read audit"))]
Word = Annotated[str | None, Query(max_length=300)]


@router.get("", response_model=answers.Page[schemas.AuditEntry])
def list_(
    ctx: ContextDep,
    who_asks: Reader,
    who: Word = None,
    action: audit.Action | None = None,
    thing: Word = None,
    from_: Annotated[CalendarDay | None, Query(alias="from")] = None,
    to: Annotated[CalendarDay | None, Query(description="first day that is not wanted")] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """The audit trail, newest first. `who` and `thing` are exact; `from` and `to` are half-open days of the city's time zone."""
    if from_ is not None and to is not None and to <= from_:
        raise InvalidInput.one("to", "ends_before_start.from")
    wanted = audit.Filter(who, action, thing, _midnight(from_, ctx.settings), _midnight(to, ctx.settings))
    with db.read(ctx.session_engine) as conn:
        page = audit.find(conn, wanted, limit=limit, before=cursor)
    return serializers.answer(
        serializers.list_page(page, map(dict, page.rows)), headers={"Cache-Control": "no-store"}
    )


def _midnight(day: date | None, settings: Settings) -> datetime | None:
    zone = zoneinfo.ZoneInfo(settings.timezone)
    return None if day is None else datetime.combine(day, time(), zone)
