"""`/keys`: API keys of machines, for administrators. A key is in the answer that made it, and nowhere else: so these writes take no
`Idempotency-Key`, whose answers are stored.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.accounts import machines
from geo_service.api import serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import require
from geo_service.api.schemas import answers
from geo_service.api.schemas import keys as schemas
from geo_service.store import keys
from geo_service.store.listing import Row

router = APIRouter(prefix="/keys", tags=["people"])

Keeper = Annotated[keys.Principal, Depends(require("manage keys"))]
PRIVATE = {"Cache-Control": "no-store"}


@router.get("", response_model=answers.Page[schemas.Key])
def list_(ctx: ContextDep, who: Keeper) -> JSONResponse:
    """All keys, without the keys themselves, oldest first. `state` says which ones expire soon."""
    with db.read(ctx.session_engine) as conn:
        items = [_view(row, ctx) for row in keys.find(conn)]
    return serializers.answer({"items": items, "next": None, "total": len(items)}, headers=PRIVATE)


@router.post("", status_code=201, response_model=schemas.NewKey)
def create(body: schemas.KeyIn, ctx: ContextDep, who: Keeper) -> JSONResponse:
    """Make a key for a machine. `key` is shown in this answer only."""
    with db.write(ctx.write_engine) as conn:
        key = machines.create(conn, who.actor, ctx.settings, **body.model_dump())
        return _shown_once(keys.of_secret(conn, key), key, ctx)


@router.post("/{key_id}/rotate", status_code=201, response_model=schemas.NewKey)
def rotate(key_id: UUID, body: schemas.Rotation, ctx: ContextDep, who: Keeper) -> JSONResponse:
    """Make a key that replaces this one, with the same role and scopes. The old one works until the overlap is over."""
    with db.write(ctx.write_engine) as conn:
        key = machines.rotate(conn, who.actor, ctx.settings, key_id, body.overlap_days)
        return _shown_once(keys.of_secret(conn, key), key, ctx)


@router.delete("/{key_id}", status_code=204)
def revoke(key_id: UUID, ctx: ContextDep, who: Keeper) -> Response:
    """End a key now; its streams end within seconds."""
    with db.write(ctx.write_engine) as conn:
        machines.revoke(conn, who.actor, key_id)
    return Response(status_code=204)


def _shown_once(row: Row, key: str, ctx: Context) -> JSONResponse:
    return serializers.answer({**_view(row, ctx), "key": key}, 201, PRIVATE)


def _view(row: Row, ctx: Context) -> dict[str, Any]:
    plain = ("id", "name", "role", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at")
    return {
        **{name: row[name] for name in plain},
        "owner_group": row["owner_group_id"],
        "machine_id": row["machine_id"] or row["id"],
        "state": machines.state(row, ctx.settings, datetime.now(UTC)),
    }
