"""Read a GeoReport form over HTTP: URL-encoded, or multipart with photos, which are streamed to disk."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from geo_service.api.middleware import TooLarge
from geo_service.open311 import forms
from geo_service.open311.photos import File

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_FILES = 50
"""The most files of a form; those beyond `photos.MOST` are dropped with a remark each."""


@dataclass(frozen=True, slots=True)
class FormSubmission:
    """Fields by name, and the uploaded files, which stay open until the answer is sent."""

    fields: forms.Form
    files: Sequence[File] = ()


async def sent_form(request: Request) -> AsyncIterator[FormSubmission]:
    """Raises HTTPException 413 for too large a body, 415 for another kind of body, 400 for what is no form."""
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if kind == FORM:
        yield FormSubmission(forms.read(await _body(request)))
        return
    if kind != MULTIPART:
        raise HTTPException(415, f"Content-Type: must be {FORM} or {MULTIPART}")
    async with request.form(max_files=MOST_FILES, max_fields=forms.MAX_FIELDS) as form:
        fields: dict[str, list[str]] = {}
        files = []
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                # a form in a browser sends an empty file where none was chosen
                if value.filename or value.size:
                    files.append(File(value.filename or name, value.file))
            else:
                fields.setdefault(name, []).append(value)
        yield FormSubmission(fields, files)


SentDep = Annotated[FormSubmission, Depends(sent_form)]


async def _body(request: Request) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > forms.MAX_BYTES:
            raise TooLarge(forms.MAX_BYTES)
    return bytes(read)
