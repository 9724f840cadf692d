"""`/works/{id}/contacts` and `/building-projects/{id}/contacts`: the door before the people to call. Each look is in the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
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
from geo_service.api.schemas.contacts import ContactList, ContactsIn
from geo_service.domain.contacts import MOST_OF_ONE
from geo_service.domain.errors import VersionMismatch
from geo_service.store import audit, building_projects, contacts, keys, works

router = APIRouter()
Reader = Annotated[keys.Principal, Depends(require("see contacts"))]
WorksWriter = Annotated[keys.Principal, Depends(require("write contacts"))]
ProjectWriter = Annotated[keys.Principal, Depends(require("write projects"))]
IfMatch = Annotated[str | None, Header()]


@dataclass(frozen=True, slots=True)
class Door:
    """The people to call about one kind of thing: where they stand, the thing as the audit trail names it, and how to get it."""

    book: contacts.AddressBook
    kind: str
    get: Callable[[sa.Connection, UUID], Any]


OF_WORKS = Door(contacts.OF_WORKS, "works", works.get)
OF_PROJECTS = Door(contacts.OF_PROJECTS, "building-projects", building_projects.get)


@router.get("/works/{works_id}/contacts", response_model=ContactList, tags=["works"])
def read(works_id: UUID, ctx: ContextDep, who: Reader) -> JSONResponse:
    """Whom to call about works. Each look is on record."""
    return _read(ctx, OF_WORKS, works_id, who)


@router.put("/works/{works_id}/contacts", status_code=204, tags=["works"])
def write(
    works_id: UUID,
    body: ContactsIn,
    request: Request,
    ctx: ContextDep,
    who: WorksWriter,
    if_match: IfMatch = None,
) -> Response:
    """Say whom to call about works, in the place of those who were named before. The answer names nobody: what is kept for an
    `Idempotency-Key` is not sealed.
    """
    return _write(ctx, request, OF_WORKS, works_id, who, body, if_match)


@router.get("/building-projects/{project_id}/contacts", response_model=ContactList, tags=["projects"])
def read_of_project(project_id: UUID, ctx: ContextDep, who: Reader) -> JSONResponse:
    """Whom to call about a building project, each with its role. Each look is on record."""
    return _read(ctx, OF_PROJECTS, project_id, who)


@router.put("/building-projects/{project_id}/contacts", status_code=204, tags=["projects"])
def write_of_project(
    project_id: UUID,
    body: ContactsIn,
    request: Request,
    ctx: ContextDep,
    who: ProjectWriter,
    if_match: IfMatch = None,
) -> Response:
    """Say whom to call about a building project, in the place of those who were named before. The answer names nobody."""
    return _write(ctx, request, OF_PROJECTS, project_id, who, body, if_match)


def _read(ctx: Context, door: Door, thing_id: UUID, who: keys.Principal) -> JSONResponse:
    with db.write(ctx.write_engine) as conn:
        door.get(conn, thing_id)
        body, headers = _contacts(conn, ctx, door, thing_id)
        audit.record(conn, who.actor, "contacts_seen", f"{door.kind}:{thing_id}")
    return serializers.answer(body, headers=headers)


def _write(
    ctx: Context,
    request: Request,
    door: Door,
    thing_id: UUID,
    who: keys.Principal,
    body: ContactsIn,
    if_match: str | None,
) -> Response:
    version = expected_version(if_match)
    people = [one.contact() for one in body.contacts[:MOST_OF_ONE]]
    for place, one in enumerate(people):
        one.check(f"contacts[{place}]")

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        door.get(conn, thing_id)
        before = contacts.find(conn, door.book, thing_id)
        if (before["version"] if before else 0) != version:
            raise VersionMismatch("contacts_changed", version=before["version"] if before else 0)
        contacts.keep(conn, ctx.vault, door.book, thing_id, people, who.name)
        return 204, None, _contacts(conn, ctx, door, thing_id)[1]

    return write_once(ctx, request, who, body.model_dump(mode="json"), change)


def _contacts(
    conn: sa.Connection, ctx: Context, door: Door, thing_id: UUID
) -> tuple[dict[str, Any], dict[str, str]]:
    row = contacts.find(conn, door.book, thing_id)
    body = {
        "contacts": [asdict(one) for one in contacts.opened(ctx.vault, row)],
        "changed_by": row and row["changed_by"],
        "updated_at": row and row["updated_at"],
    }
    return body, {**NOT_STORED, "ETag": f'"{row["version"] if row else 0}"'}
