"""`/protections`: ground that nobody may open for some years, and what may be opened all the same."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import (
    Crs,
    Reading,
    Today,
    WindowDep,
    actor_of,
    confined_to,
    expected_version,
    require,
    write_once,
)
from geo_service.api.identity import SignedIn
from geo_service.api.list_filters import ProtectionsFilter
from geo_service.api.schemas import answers, findings
from geo_service.api.schemas.protections import ExceptionIn, Protection
from geo_service.api.steps import with_trail
from geo_service.coordination import steps
from geo_service.store import keys, vocabulary
from geo_service.store import protections as store

router = APIRouter(tags=["conflicts"])


@router.get("/protections", response_model=answers.Page[Protection])
def list_(
    conn: Reading,
    who: SignedIn,
    window: WindowDep,
    crs: Crs,
    equal: ProtectionsFilter,
) -> JSONResponse:
    """The protection register; a partner sees what it laid itself."""
    page = store.find(conn, window, **equal, party=confined_to(who))
    if not page.total:
        vocabulary.check(conn, party=equal["owner"])
    return serializers.answer(
        serializers.list_page(page, (serializers.ground(row, crs) for row in page.rows))
    )


@router.post("/conflicts/{conflict_id}/exempt", response_model=findings.ConflictWithTrail)
def exempt(
    conflict_id: UUID,
    body: ExceptionIn,
    request: Request,
    ctx: ContextDep,
    who: Annotated[keys.Principal, Depends(require("exempt"))],
    day: Today,
    crs: Crs,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Let works open protected ground all the same, for a reason, on record."""
    version = expected_version(if_match)
    actor = actor_of(who)

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        steps.exempt(conn, conflict_id, body.reason, body.note, actor, version, day)
        return (200, *with_trail(conn, conflict_id, crs))

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)
