"""`/works/{id}/contacts`: the door before the people to call about works. Each look is in the audit trail."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.api import serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import expected_version, require, write_once
from geo_service.api.personal import NOT_STORED
from geo_service.api.schemas.contacts import ContactsIn, ContactsOfWorks
from geo_service.domain.contacts import MOST_OF_WORKS
from geo_service.domain.errors import VersionMismatch
from geo_service.store import audit, contacts, keys, works

router = APIRouter(prefix="/works", tags=["works"])
Reader = Annotated[keys.Principal, Depends(require("see contacts"))]
Writer = Annotated[keys.Principal, Depends(require("write contacts"))]


@router.get("/{works_id}/contacts", response_model=ContactsOfWorks)
def read(works_id: UUID, ctx: ContextDep, who: Reader) -> JSONResponse:
    """Whom to call about works. Each look is on record."""
    with db.write(ctx.write_engine) as conn:
        works.get(conn, works_id)
        body, headers = _contacts(conn, ctx, works_id)
        audit.record(conn, who.actor, "contacts_seen", f"works:{works_id}")
    return serializers.answer(body, headers=headers)


@router.put("/{works_id}/contacts", status_code=204)
def write(
    works_id: UUID,
    body: ContactsIn,
    request: Request,
    ctx: ContextDep,
    who: Writer,
    if_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Say whom to call about works, in the place of those who were named before. The answer names nobody: what is kept for an
    `Idempotency-Key` is not sealed.
    """
    version = expected_version(if_match)
    people = [one.contact() for one in body.contacts[:MOST_OF_WORKS]]
    for place, one in enumerate(people):
        one.check(f"contacts[{place}]")

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        works.get(conn, works_id)
        before = contacts.find(conn, works_id)
        if (before["version"] if before else 0) != version:
            raise VersionMismatch("contacts_changed", version=before["version"] if before else 0)
        contacts.keep(conn, ctx.vault, works_id, people, who.name)
        return 204, None, _contacts(conn, ctx, works_id)[1]

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


def _contacts(conn: sa.Connection, ctx: Context, works_id: UUID) -> tuple[dict[str, Any], dict[str, str]]:
    row = contacts.find(conn, works_id)
    body = {
        "contacts": [asdict(one) for one in contacts.opened(ctx.vault, row)],
        "changed_by": row and row["changed_by"],
        "updated_at": row and row["updated_at"],
    }
    return body, {**NOT_STORED, "ETag": f'"{row["version"] if row else 0}"'}
