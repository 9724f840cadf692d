"""`/audit`: who did what, when. For administrators; nobody changes it."""

from __future__ import annotations

import csv
import io
import json
import zoneinfo
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse, StreamingResponse

from geo_service import db
from geo_service.api import serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import require
from geo_service.api.schemas import accounts as schemas
from geo_service.api.schemas import answers
from geo_service.api.schemas.common import CalendarDay
from geo_service.domain.errors import InvalidInput
from geo_service.presentation.spreadsheets import BYTE_ORDER_MARK, harmless_row
from geo_service.settings import Settings
from geo_service.store import audit, keys

router = APIRouter(prefix="/audit", tags=["people"])

Reader = Annotated[keys.Principal, Depends(require("read audit"))]
CSV_COLUMNS = ("at", "who", "user_id", "action", "thing", "facts", "id")
Word = Annotated[str | None, Query(max_length=300)]


def read_filter(
    ctx: ContextDep,
    who: Word = None,
    action: audit.Action | None = None,
    thing: Word = None,
    from_: Annotated[CalendarDay | None, Query(alias="from")] = None,
    to: Annotated[CalendarDay | None, Query(description="first day that is not wanted")] = None,
) -> audit.Filter:
    """`who` and `thing` are exact; `from` and `to` are half-open days of the city's time zone."""
    if from_ is not None and to is not None and to <= from_:
        raise InvalidInput.one("to", "ends_before_start.from")
    return audit.Filter(who, action, thing, _midnight(from_, ctx.settings), _midnight(to, ctx.settings))


AuditFilterDep = Annotated[audit.Filter, Depends(read_filter)]


@router.get("", response_model=answers.Page[schemas.AuditEntry])
def list_(
    ctx: ContextDep,
    who_asks: Reader,
    only: AuditFilterDep,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """The audit trail, newest first. `who` and `thing` are exact; `from` and `to` are half-open days of the city's time zone."""
    with db.read(ctx.session_engine) as conn:
        page = audit.find(conn, only, limit=limit, before=cursor)
    return serializers.answer(
        serializers.list_page(page, map(dict, page.rows)), headers={"Cache-Control": "no-store"}
    )


@router.get(".csv", response_class=StreamingResponse)
def export(ctx: ContextDep, who_asks: Reader, only: AuditFilterDep) -> StreamingResponse:
    """The same as a table for a spreadsheet, whole. That it was taken out is a row of the trail too."""
    filters = {name: str(value) for name, value in asdict(only).items() if value is not None}
    with db.write(ctx.write_engine) as conn:
        actor = audit.Actor(who_asks.name, who_asks.user_id)
        audit.record(conn, actor, "audit_exported", "audit:all", filters=filters)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": 'attachment; filename="audit.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(_lines(ctx, only), media_type="text/csv; charset=utf-8", headers=headers)


def _lines(ctx: Context, only: audit.Filter) -> Iterator[str]:
    """The table in pieces of a page, so that no connection waits for its reader."""
    yield BYTE_ORDER_MARK + ",".join(CSV_COLUMNS) + "\r\n"
    before: UUID | None = None
    while True:
        with db.read(ctx.session_engine) as conn:
            page = audit.find(conn, only, limit=1000, before=before)
        lines = io.StringIO()
        cells = ({**row, "at": row["at"].isoformat(), "facts": json.dumps(row["facts"], ensure_ascii=False)} for row in page.rows)  # fmt: skip
        csv.DictWriter(lines, CSV_COLUMNS, extrasaction="ignore").writerows(map(harmless_row, cells))
        yield lines.getvalue()
        if page.next is None:
            return
        before = page.next


def _midnight(day: date | None, settings: Settings) -> datetime | None:
    zone = zoneinfo.ZoneInfo(settings.timezone)
    return None if day is None else datetime.combine(day, time(), zone)
