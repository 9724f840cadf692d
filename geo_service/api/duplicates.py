"""Duplicate reports: the decision of the workshop on a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response

from geo_service.api import report_serializers, serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, Today, require, write_once
from geo_service.api.schemas import answers
from geo_service.api.schemas.repairs import DuplicateIn
from geo_service.coordination import duplicates
from geo_service.store import duplicates as links
from geo_service.store import keys, repairs

router = APIRouter(prefix="/repairs", tags=["repairs"])
Writer = Annotated[keys.Principal, Depends(require("write repairs"))]
Decide = Callable[[sa.Connection, UUID, UUID | None, str, date], None]


@router.post("/{repair_id}/confirm-duplicate", response_model=answers.RepairInFull)
def confirm_duplicate(
    repair_id: UUID, body: DuplicateIn, request: Request, ctx: ContextDep, who: Writer, day: Today, crs: Crs
) -> Response:
    """This report is of the same defect as another: it is closed, and its reporter hears what becomes of the other one."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        return _decision(conn, duplicates.confirm, repair_id, body, who, day, crs)

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.post("/{repair_id}/refuse-duplicate", response_model=answers.RepairInFull)
def refuse_duplicate(
    repair_id: UUID, body: DuplicateIn, request: Request, ctx: ContextDep, who: Writer, day: Today, crs: Crs
) -> Response:
    """This report is a defect of its own: it is not suggested again, and open again if it was closed as a double."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        return _decision(conn, duplicates.refuse, repair_id, body, who, day, crs)

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


def _decision(
    conn: sa.Connection,
    decide: Decide,
    repair_id: UUID,
    body: DuplicateIn,
    who: keys.Principal,
    day: date,
    crs: int,
) -> tuple[int, Any, dict[str, str]]:
    decide(conn, repair_id, body.of, who.name, day)
    row = repairs.get(conn, repair_id)
    answer = serializers.repair(row, crs) | report_serializers.links(
        links.live(conn, repair_id), links.doubles(conn, repair_id)
    )
    return 200, answer, serializers.etag(row)
