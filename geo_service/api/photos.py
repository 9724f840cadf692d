"""`POST /repairs/{id}/photos`: photos of a defect, as a form uploads them. Reading them is behind the door of `personal`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request, Response

from geo_service.api.context import ContextDep
from geo_service.api.deps import TranslatorDep, require, write_once
from geo_service.api.open311_forms import MOST_FILES, SentDep
from geo_service.api.schemas import answers
from geo_service.domain.errors import FieldError, InvalidInput
from geo_service.i18n import Translator
from geo_service.open311 import photos as pictures
from geo_service.open311.photos import Photo
from geo_service.store import keys, photos, repairs

router = APIRouter(prefix="/repairs", tags=["repairs"])
Writer = Annotated[keys.Principal, Depends(require("write repairs"))]
UPLOADS = {"/api/v1/repairs/*/photos": pictures.MAX_BODY_BYTES}
"""How large a body may be that brings photos, by path (bytes)."""
FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": MOST_FILES}
FORM = {"type": "object", "properties": {"photo": FILES}, "required": ["photo"]}
BODY = {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}}


@router.post("/{repair_id}/photos", status_code=201, response_model=answers.NewPhotos, openapi_extra=BODY)
def create(
    repair_id: UUID, who: Writer, request: Request, sent: SentDep, ctx: ContextDep, translator: TranslatorDep
) -> Response:
    """Add photos, told apart by their content; kept is a new JPEG without what the camera wrote. The answer tells where it was taken."""
    stored, unfit = pictures.prepare(sent.files)
    if not stored:
        raise InvalidInput(unfit) if unfit else InvalidInput.one("photo", "missing.file")

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        repairs.get(conn, repair_id)
        room = photos.room(conn, repair_id)
        if not room:
            raise InvalidInput.one("photo", "photos_too_many.repair", limit=photos.MOST_OF_A_REPAIR)
        ids = photos.add(conn, ctx.vault, repair_id, stored[:room])
        full = FieldError("photo", "photos_too_many.repair", {"limit": photos.MOST_OF_A_REPAIR})
        left_out = [*unfit, *([full] if len(stored) > room else [])]
        return 201, _answer(repair_id, zip(ids, stored, strict=False), left_out, translator), {}

    digests = [hashlib.sha256(photo.content).hexdigest() for photo in stored]
    return write_once(ctx, request, who, digests, change)


def _answer(
    repair_id: UUID,
    kept: Iterable[tuple[UUID, Photo]],
    left_out: Sequence[FieldError],
    translator: Translator,
) -> dict[str, Any]:
    return {
        "photos": [_photo(repair_id, photo_id, photo) for photo_id, photo in kept],
        "left_out": [
            {
                "field": one.field,
                "code": one.code,
                "message": translator.rejection(one.reason, one.message, one.params),
            }
            for one in left_out
        ],
    }


def _photo(repair_id: UUID, photo_id: UUID, photo: Photo) -> dict[str, Any]:
    position = photo.position and {"type": "Point", "coordinates": list(photo.position)}
    url = f"/api/v1/repairs/{repair_id}/photos/{photo_id}"
    return {"id": photo_id, "width": photo.width, "height": photo.height, "url": url, "position": position}
