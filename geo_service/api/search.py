"""`/search`: streets, stretches of them, addresses, buildings, sections, owners, works, and our own numbers, also when they are misspelt."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Reading, require
from geo_service.api.schemas import search as schemas
from geo_service.domain import queries
from geo_service.domain.permissions import can
from geo_service.store import keys, search, stretches

router = APIRouter(prefix="/search", tags=["reference"])
Reader = Annotated[keys.Principal, Depends(require("read"))]


@router.get("", response_model=schemas.Hits)
def read(
    conn: Reading,
    ctx: ContextDep,
    who: Reader,
    q: Annotated[str, Query(min_length=2, max_length=200, description="as people type it")],
) -> JSONResponse:
    """What these words mean, the likeliest first: an address before works for an address, works first for their number."""
    query = queries.read(q, ctx.settings.city_name)
    stretch = queries.stretch_in(q, ctx.settings.city_name)
    items = [search.stretch_hit(row) for row in stretches.find(conn, stretch)] if stretch else []
    if query.words:
        items += search.hits(conn, query, repairs=can(who, "read repairs"))
    return serializers.answer({"items": items})
