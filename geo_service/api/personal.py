"""The door before personal data of citizens: who reported a repair, what they said since, and their photos. Each look is in the audit trail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse

from geo_service import db
from geo_service.api import report_serializers, serializers
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import require
from geo_service.api.schemas import answers
from geo_service.store import audit, keys, photos, repairs, reporters

router = APIRouter(prefix="/repairs", tags=["repairs"])
ReporterReader = Annotated[keys.Principal, Depends(require("see reporter"))]
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
}
NOT_STORED = {"Cache-Control": "no-store"}
T = TypeVar("T")


@router.get("/{repair_id}/reporter", response_model=answers.Reporter)
def reporter(repair_id: UUID, ctx: ContextDep, who: ReporterReader) -> JSONResponse:
    """Who reported a repair, its texts as they were written, what citizens added since, and their photos. Each look is on record."""

    def read(conn: sa.Connection) -> dict[str, Any]:
        repairs.get(conn, repair_id)
        return {
            "reporter": reporters.find(conn, ctx.vault, repair_id),
            "messages": [
                report_serializers.message(row) for row in reporters.messages(conn, ctx.vault, repair_id)
            ],
            "photos": [report_serializers.photo(row) for row in photos.find(conn, repair_id)],
        }

    return serializers.answer(
        _on_record(ctx, who, "reporter_seen", f"repair:{repair_id}", read), headers=NOT_STORED
    )


@router.get("/{repair_id}/photos/{photo_id}", response_class=Response, responses=PICTURE)
def photo(repair_id: UUID, photo_id: UUID, ctx: ContextDep, who: ReporterReader) -> Response:
    """A photo of the report: a JPEG of at most 1,920 pixels, without what the camera wrote in it. Each look is on record."""
    headers = {
        **NOT_STORED,
        "Content-Disposition": f'inline; filename="{photo_id}.jpg"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }

    def read(conn: sa.Connection) -> bytes:
        return photos.content(conn, ctx.vault, repair_id, photo_id)

    content = _on_record(ctx, who, "photo_seen", f"repair:{repair_id}", read, photo=str(photo_id))
    return Response(content, media_type="image/jpeg", headers=headers)


def _on_record(
    ctx: Context,
    who: keys.Principal,
    action: audit.Action,
    thing: str,
    read: Callable[[sa.Connection], T],
    **facts: Any,
) -> T:
    """Read personal data, and record that in the same transaction: without the record nothing is shown."""
    with db.write(ctx.write_engine) as conn:
        rows = read(conn)
        audit.record(conn, who.actor, action, thing, **facts)
        return rows
