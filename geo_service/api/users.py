"""`/users`: people who sign in, for administrators. A link is in the answer that made it, and nowhere else: so these writes take no
`Idempotency-Key`, whose answers are stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.accounts import people
from geo_service.api import serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import require
from geo_service.api.schemas import answers
from geo_service.api.schemas import users as schemas
from geo_service.domain.errors import InvalidInput
from geo_service.domain.users import User
from geo_service.store import keys, sessions, users

router = APIRouter(prefix="/users", tags=["people"])

Keeper = Annotated[keys.Principal, Depends(require("manage users"))]
PRIVATE = {"Cache-Control": "no-store"}


@router.get("", response_model=answers.Page[schemas.PersonSeen])
def list_(ctx: ContextDep, who: Keeper) -> JSONResponse:
    """All people, also those who are disabled, oldest first."""
    with db.read(ctx.session_engine) as conn:
        seen = sessions.last_seen(conn)
        items = [{**_view(user), "seen_at": seen.get(user.id)} for user in users.find(conn)]
    return serializers.answer({"items": items, "next": None, "total": len(items)}, headers=PRIVATE)


@router.post("", status_code=201, response_model=schemas.NewPerson)
def create(body: schemas.PersonIn, ctx: ContextDep, who: Keeper) -> JSONResponse:
    """Add a person. `link` works once, for a day, to choose a password, and is shown in this answer only."""
    if ctx.settings.oidc_issuer is not None:
        raise InvalidInput.one("email", "people_of_issuer", issuer=ctx.settings.oidc_issuer)
    with db.write(ctx.write_engine) as conn:
        user = people.add(conn, who.actor, **body.model_dump())
        link = people.create_link(conn, who.actor, user, ctx.settings.base_url)
    return serializers.answer({**_view(user), "link": link}, 201, PRIVATE)


@router.patch("/{user_id}", response_model=schemas.Person)
def change(user_id: UUID, body: schemas.PersonChange, ctx: ContextDep, who: Keeper) -> JSONResponse:
    """Give another role, department or owner group: the person is signed out everywhere. What is left out stays."""
    rights = body.model_dump(exclude_unset=True)
    with _person(ctx, user_id) as (conn, user):
        user = people.change_rights(conn, who.actor, user, rights)
    return serializers.answer(_view(user), headers=PRIVATE)


@router.post("/{user_id}/disable", response_model=schemas.Person)
def disable(user_id: UUID, ctx: ContextDep, who: Keeper) -> JSONResponse:
    """Let a person sign in no more; sessions and links end now."""
    with _person(ctx, user_id) as (conn, user):
        people.disable(conn, who.actor, user)
        user = users.get(conn, user_id)
    return serializers.answer(_view(user), headers=PRIVATE)


@router.post("/{user_id}/link", status_code=201, response_model=schemas.NewPerson)
def link(user_id: UUID, ctx: ContextDep, who: Keeper) -> JSONResponse:
    """Make a new one-time link, good for a day, for who forgot the password. Older links end."""
    with _person(ctx, user_id) as (conn, user):
        made = people.create_link(conn, who.actor, user, ctx.settings.base_url)
    return serializers.answer({**_view(user), "link": made}, 201, PRIVATE)


@contextmanager
def _person(ctx: Context, user_id: UUID) -> Iterator[tuple[sa.Connection, User]]:
    """A transaction, and the user whom it is about."""
    with db.write(ctx.write_engine) as conn:
        yield conn, users.get(conn, user_id)


def _view(user: User) -> dict[str, Any]:
    plain = ("id", "name", "email", "role", "department", "owner_group", "issuer", "disabled_at")
    return {name: getattr(user, name) for name in plain}
