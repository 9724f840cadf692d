"""`/renumberings`: one record under two ids of its publisher. An import suggests it, and a person decides."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Reading, RepairReader, Today, require, write_once
from geo_service.api.schemas import answers
from geo_service.api.schemas.renumberings import Renumbering, RenumberingsIn
from geo_service.coordination import renumberings
from geo_service.domain.errors import NotAllowed
from geo_service.domain.permissions import PERMISSIONS, RENUMBER_ACTIONS, can
from geo_service.domain.renumbering import RenumberingStatus, Target
from geo_service.store import keys, listing
from geo_service.store import renumberings as store
from geo_service.store.listing import Row

router = APIRouter(prefix="/renumberings", tags=["imports"])
Decider = Annotated[keys.Principal, Depends(require("import"))]
Decide = Callable[[sa.Connection, Sequence[UUID], str, date], list[Row]]
SourceName = Annotated[str | None, Query(max_length=300)]


@router.get("", response_model=answers.Page[Renumbering])
def list_(
    conn: Reading,
    who: RepairReader,
    status: RenumberingStatus | None = None,
    source: SourceName = None,
    target: Target | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """Records that may be, or are, others under a new id, in the order in which they were suggested."""
    window = listing.Window(limit, cursor)
    page = store.find(conn, window, status=status, source=source, target=target)
    return serializers.answer(serializers.list_page(page, map(dict, page.rows)))


@router.post("/confirm", response_model=answers.Page[Renumbering])
def confirm_all(
    body: RenumberingsIn, request: Request, ctx: ContextDep, who: Decider, day: Today
) -> Response:
    """All that is suggested of a source, or these suggestions, are right: one step for a list that got new ids."""
    return _decision(ctx, request, who, body.model_dump(mode="json"), renumberings.confirm, body.chosen, day)


@router.post("/refuse", response_model=answers.Page[Renumbering])
def refuse_all(body: RenumberingsIn, request: Request, ctx: ContextDep, who: Decider, day: Today) -> Response:
    """All that is suggested of a source, or these suggestions, are wrong: the records are two each."""
    return _decision(ctx, request, who, body.model_dump(mode="json"), renumberings.refuse, body.chosen, day)


@router.post("/{renumbering_id}/confirm", response_model=answers.Page[Renumbering])
def confirm(renumbering_id: UUID, request: Request, ctx: ContextDep, who: Decider, day: Today) -> Response:
    """The record under the new id is the one that vanished: that lives on with its history, under the new id."""
    return _decision(ctx, request, who, {}, renumberings.confirm, lambda _: [renumbering_id], day)


@router.post("/{renumbering_id}/refuse", response_model=answers.Page[Renumbering])
def refuse(renumbering_id: UUID, request: Request, ctx: ContextDep, who: Decider, day: Today) -> Response:
    """They are two records; the pair is not suggested again."""
    return _decision(ctx, request, who, {}, renumberings.refuse, lambda _: [renumbering_id], day)


def _decision(
    ctx: Context,
    request: Request,
    who: keys.Principal,
    body: Any,
    decide: Decide,
    chosen: Callable[[sa.Connection], Sequence[UUID]],
    day: date,
) -> Response:
    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        ids = chosen(conn)
        for row in store.get(conn, ids):
            _check_role(who, row["target"])
        rows = decide(conn, ids, who.name, day)
        return 200, serializers.list_page(listing.Page(rows, None, len(rows)), map(dict, rows)), {}

    return write_once(ctx, request, who, body, change)


def _check_role(who: keys.Principal, target: Target) -> None:
    action = RENUMBER_ACTIONS[target]
    if not can(who, action):
        may = PERMISSIONS[action]
        raise NotAllowed("role_may_not_renumber", role=who.role, target=target, roles=list(may))
