"""`/building-projects/{id}/files`: what goes along at the handover of a building project; each look at a file is in the audit trail."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.api import serializers
from geo_service.api.context import ContextDep
from geo_service.api.deps import Reading, require, write_once
from geo_service.api.enclosures import CONTENT, FILES, MAX_BODY_BYTES, download, prepare
from geo_service.api.open311_forms import SentDep
from geo_service.api.schemas import answers
from geo_service.api.schemas.building_projects import ProjectFile
from geo_service.privacy import without_contacts
from geo_service.store import audit, building_projects, keys
from geo_service.store import project_files as store

router = APIRouter(prefix="/building-projects/{project_id}/files", tags=["projects"])
Reader = Annotated[keys.Principal, Depends(require("see attachments"))]
Writer = Annotated[keys.Principal, Depends(require("write projects"))]
UPLOADS = {"/api/v1/building-projects/*/files": MAX_BODY_BYTES}
"""How large a body may be that brings files, by path (bytes)."""
FORM = {"type": "object", "properties": {"file": FILES}, "required": ["file"]}
BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}}
MAX_TITLE = 100


@router.get("", response_model=answers.Page[ProjectFile])
def list_(project_id: UUID, conn: Reading, who: Reader) -> JSONResponse:
    """The files of a project, the first one first."""
    building_projects.get(conn, project_id)
    return serializers.answer(_page(conn, project_id))


@router.post("", status_code=201, response_model=answers.Page[ProjectFile], openapi_extra=BODY)
def add(project_id: UUID, who: Writer, request: Request, sent: SentDep, ctx: ContextDep) -> Response:
    """Add PDF files or photos, told apart by their content; the name of a file becomes its title, without contacts."""
    enclosures = prepare(sent.files)
    files = [(_title(file.name), one) for file, one in zip(sent.files, enclosures, strict=True)]
    sealed = store.seal(ctx.vault, files)  # before the turn to write, for which others wait

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        store.add(conn, project_id, sealed, who.name)
        return 201, _page(conn, project_id), {}

    digests = [[title, hashlib.sha256(one.content).hexdigest()] for title, one in files]
    return write_once(ctx, request, who, digests, change)


@router.get("/{file_id}", response_class=Response, responses=CONTENT)
def read(project_id: UUID, file_id: UUID, ctx: ContextDep, who: Reader) -> Response:
    """A file of a project: a PDF as it was sent, or a JPEG. Each look is on record."""
    with db.write(ctx.write_engine) as conn:
        row = store.get(conn, project_id, file_id)
        content = ctx.vault.open(row["sealed"])
        thing = f"building-projects:{project_id}"
        audit.record(conn, who.actor, "attachment_seen", thing, attachment=str(file_id))
    return download(content, row["kind"], row["title"])


@router.delete("/{file_id}", status_code=204)
def delete(project_id: UUID, file_id: UUID, request: Request, ctx: ContextDep, who: Writer) -> Response:
    """Take a file of a project away."""

    def change(conn: sa.Connection) -> tuple[int, None, dict[str, str]]:
        store.delete(conn, project_id, file_id)
        return 204, None, {}

    return write_once(ctx, request, who, None, change)


def _page(conn: sa.Connection, project_id: UUID) -> dict[str, Any]:
    items = [dict(row) for row in store.find(conn, project_id)]
    return {"items": items, "next": None, "total": len(items)}


def _title(name: str) -> str:
    """The name of a file without folders and ending, in letters that can be seen."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = "".join(letter for letter in (last.rpartition(".")[0] or last) if letter.isprintable())
    return without_contacts(stem.strip())[:MAX_TITLE] or "?"
