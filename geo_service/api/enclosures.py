"""The files that a form brings, told apart by their content: PDF files as they came, photos encoded anew; and how one goes out again."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from urllib.parse import quote

from fastapi import Response

from geo_service.domain.attachments import MAX_PDF_BYTES, MOST_OF_A_REMARK, AttachmentKind, Enclosure, is_pdf
from geo_service.domain.errors import FieldError, InvalidInput
from geo_service.open311 import photos
from geo_service.open311.photos import File

MAX_BODY_BYTES = MOST_OF_A_REMARK * max(MAX_PDF_BYTES, photos.MAX_BYTES) + 1024 * 1024
"""How large a body may be that brings files (bytes)."""
FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": MOST_OF_A_REMARK}
TYPES: dict[AttachmentKind, tuple[str, str]] = {
    "pdf": ("application/pdf", "pdf"),
    "photo": ("image/jpeg", "jpg"),
}
BINARY = {"schema": {"type": "string", "format": "binary"}}
CONTENT: dict[int | str, dict[str, Any]] = {200: {"content": {kind: BINARY for kind, _ in TYPES.values()}}}
"""What a file comes back as, for the documentation."""


def prepare(files: Sequence[File]) -> list[Enclosure]:
    """Return the files as they are stored, told apart by their content. Raises InvalidInput: all or nothing is kept."""
    if not files:
        raise InvalidInput.one("file", "missing.file")
    if len(files) > MOST_OF_A_REMARK:
        raise InvalidInput.one("file", "attachments_too_many", limit=MOST_OF_A_REMARK)
    return [_enclosure(file) for file in files]


def _enclosure(file: File) -> Enclosure:
    content = file.content.read(max(MAX_PDF_BYTES, photos.MAX_BYTES) + 1)
    if is_pdf(content):
        if len(content) > MAX_PDF_BYTES:
            raise InvalidInput.one("file", "attachment_too_large", limit=MAX_PDF_BYTES)
        return Enclosure("pdf", content)
    pictures, unfit = photos.prepare([File(file.name, BytesIO(content))])
    if unfit:
        raise InvalidInput([_remark(unfit[0])])
    return Enclosure("photo", pictures[0].content)


def _remark(unfit: FieldError) -> FieldError:
    """What is neither a photo nor a PDF is told so; other remarks on a photo stay."""
    if unfit.reason == "photo_not_readable":
        return FieldError("file", "attachment_unknown", {"known": f"PDF, {', '.join(photos.FORMATS)}"})
    return FieldError("file", unfit.reason, unfit.params)


def download(content: bytes, kind: AttachmentKind, name: str) -> Response:
    """Return a file for whoever asked: kept nowhere on the way, and never run by a browser. `name` is without its ending (RFC 6266)."""
    media_type, ending = TYPES[kind]
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; {_file_name(f'{name}.{ending}')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=media_type, headers=headers)


def _file_name(name: str) -> str:
    """A plain name as it is; any other in UTF-8 (RFC 8187)."""
    plain = name.isascii() and name.replace("-", "").replace(".", "").isalnum()
    return f'filename="{name}"' if plain else f"filename*=UTF-8''{quote(name, safe='')}"
