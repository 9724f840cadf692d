"""`POST /conflicts/{id}/attachments`, or of a case: a remark with files. `/attachments/{id}`: the door before them; each look is in the audit trail."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from geo_service import db
from geo_service.api.cases import with_conflicts
from geo_service.api.context import ContextDep
from geo_service.api.deps import Crs, Today, actor_of, expected_version, require, write_once
from geo_service.api.enclosures import CONTENT, FILES, MAX_BODY_BYTES, download, prepare
from geo_service.api.open311_forms import SentDep
from geo_service.api.schemas import findings
from geo_service.api.schemas.cases import CaseWithConflicts
from geo_service.api.schemas.steps import CommentIn
from geo_service.api.steps import with_trail
from geo_service.coordination import attachments
from geo_service.open311 import forms
from geo_service.store import attachments as store
from geo_service.store import audit, keys

router = APIRouter(tags=["conflicts"])
Sender = Annotated[keys.Principal, Depends(require("attach files"))]
Reader = Annotated[keys.Principal, Depends(require("see attachments"))]
UPLOADS = {f"/api/v1/{things}/*/attachments": MAX_BODY_BYTES for things in ("conflicts", "cases")}
"""How large a body may be that brings files, by path (bytes)."""
FORM = {
    "type": "object",
    "properties": {"text": {"type": "string", "maxLength": 4_000}, "file": FILES},
    "required": ["text", "file"],
}
BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}}


class RemarkRequest:
    """A request to leave a remark with files: read at which version, by whom."""

    def __init__(
        self,
        who: Sender,
        request: Request,
        sent: SentDep,
        ctx: ContextDep,
        day: Today,
        crs: Crs,
        if_match: Annotated[str | None, Header()] = None,
    ) -> None:
        self.who, self.request, self.ctx, self.day, self.crs = who, request, ctx, day, crs
        version, text = expected_version(if_match), _text(sent.fields)
        self.remark = attachments.Remark(text, prepare(sent.files), actor_of(who), version, day)

    def take(self, change: Callable[[sa.Connection], tuple[Any, dict[str, str]]]) -> Response:
        """Store it once, and answer with what it was left on as that is then."""
        digests = [hashlib.sha256(one.content).hexdigest() for one in self.remark.enclosures]
        return write_once(
            self.ctx, self.request, self.who, [self.remark.text, *digests], lambda conn: (201, *change(conn))
        )


RemarkDep = Annotated[RemarkRequest, Depends()]


@router.post(
    "/conflicts/{conflict_id}/attachments",
    status_code=201,
    response_model=findings.ConflictWithTrail,
    openapi_extra=BODY,
)
def attach(conflict_id: UUID, sent: RemarkDep) -> Response:
    """Leave a remark with PDF files or photos, told apart by their content; a photo is kept without what the camera wrote in it."""

    def change(conn: sa.Connection) -> tuple[Any, dict[str, str]]:
        attachments.attach(conn, sent.ctx.vault, conflict_id, sent.remark)
        return with_trail(conn, conflict_id, sent.crs)

    return sent.take(change)


@router.post(
    "/cases/{case_id}/attachments", status_code=201, response_model=CaseWithConflicts, openapi_extra=BODY
)
def attach_to_case(case_id: UUID, sent: RemarkDep) -> Response:
    """The same on every conflict of a case; the files are kept once."""

    def change(conn: sa.Connection) -> tuple[Any, dict[str, str]]:
        attachments.attach_to_case(conn, sent.ctx.vault, case_id, sent.remark)
        return with_conflicts(conn, case_id, sent.day, sent.crs, None)

    return sent.take(change)


def _text(fields: forms.Form) -> str:
    """The words beside the files, as a remark takes them. Raises RequestValidationError."""
    try:
        return CommentIn(text=(fields.get("text") or [""])[0].strip()).text
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        ) from None


@router.get("/attachments/{attachment_id}", response_class=Response, responses=CONTENT)
def read(attachment_id: UUID, ctx: ContextDep, who: Reader) -> Response:
    """A file of a remark: a PDF as it was sent, or a JPEG. Each look is on record."""
    with db.write(ctx.write_engine) as conn:
        row = store.get(conn, attachment_id)
        content = ctx.vault.open(row["sealed"])
        thing, number = f"conflict:{row['conflict_id']}", f"A-{row['number']}"
        audit.record(conn, who.actor, "attachment_seen", thing, attachment=number)
    return download(content, row["kind"], number)
