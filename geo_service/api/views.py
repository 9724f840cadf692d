"""`/views`: views of lists that a department shares. Those of one person stand in its preferences."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Reading, require, write_once
from geo_service.api.identity import SignedIn
from geo_service.api.schemas import answers
from geo_service.api.schemas import views as schemas
from geo_service.domain.permissions import can
from geo_service.domain.views import View
from geo_service.store import department_views, keys

router = APIRouter(prefix="/views", tags=["people"])
Sharer = Annotated[keys.Principal, Depends(require("share views"))]


@router.get("", response_model=answers.Page[schemas.DepartmentView])
def list_(conn: Reading, who: SignedIn) -> JSONResponse:
    """The views of one's department; who may share views sees those of every department."""
    may_share = can(who, "share views")
    rows = (
        department_views.find(conn, None if may_share else who.department)
        if may_share or who.department
        else []
    )
    return serializers.answer({"items": [dict(row) for row in rows], "next": None, "total": len(rows)})


@router.post("", status_code=201, response_model=schemas.DepartmentView)
def keep(body: schemas.ViewIn, request: Request, ctx: ContextDep, who: Sharer) -> Response:
    """Share a view with a department. One that has this name on this screen is replaced."""

    def change(conn: sa.Connection) -> tuple[int, dict[str, Any], dict[str, str]]:
        row = department_views.keep(conn, View(body.department, body.screen, body.name, body.search))
        return 201, dict(row), {}

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


@router.delete("/{view_id}", status_code=204)
def drop(view_id: UUID, request: Request, ctx: ContextDep, who: Sharer) -> Response:
    """Share a view no longer."""

    def change(conn: sa.Connection) -> tuple[int, None, dict[str, str]]:
        department_views.drop(conn, view_id)
        return 204, None, {}

    return write_once(ctx, request, who, None, change)
