"""Stream an uploaded file to disk; the whole body is never in memory."""

from __future__ import annotations

import hashlib
import json
import shutil
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from geo_service.api.middleware import TooLarge
from geo_service.domain.errors import InvalidInput
from geo_service.intake.fetch import file_name
from geo_service.settings import Settings

Form = TypeVar("Form", bound=BaseModel)
CHUNK = 1 << 20
MOST_FIELDS = 10


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file, alone in its folder, under a safe name. `digest` is its SHA-256."""

    path: Path
    name: str
    digest: str


@asynccontextmanager
async def receive(
    request: Request, settings: Settings
) -> AsyncIterator[tuple[dict[str, Any], Upload | None]]:
    """The fields of a JSON object or a form, and the form's `file`, which is deleted afterwards unless it
    was moved.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        yield _object(await request.body(), kind, settings), None
        return
    folder = settings.home / "uploads" / f"incoming-{uuid.uuid4()}"
    try:
        async with request.form(max_files=1, max_fields=MOST_FIELDS) as form:
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            file = form.get("file")
            if not isinstance(file, UploadFile):
                raise InvalidInput.one("file", "missing.file")
            yield fields, await run_in_threadpool(_store, file, folder)
    finally:
        await run_in_threadpool(shutil.rmtree, folder, ignore_errors=True)


def _object(body: bytes, kind: str, settings: Settings) -> dict[str, Any]:
    if len(body) > settings.max_body_bytes:
        raise TooLarge(settings.max_body_bytes)
    if not (kind == "application/json" or kind.endswith("+json")):
        finding = {"type": "model_attributes_type", "loc": ("body",), "msg": "", "input": None}
        raise RequestValidationError([finding])
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(400, "not readable") from error
    if not isinstance(document, dict):
        raise InvalidInput.one("body", "dict_type")
    return document


def _store(file: UploadFile, folder: Path) -> Upload:
    folder.mkdir(parents=True)
    path = folder / file_name(file.filename)
    digest = hashlib.sha256()
    with path.open("wb") as target:
        while chunk := file.file.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    return Upload(path, path.name, digest.hexdigest())


def checked(values: Mapping[str, Any], model: type[Form]) -> Form:
    """The fields of a form or an object as this model. Raises RequestValidationError."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        findings = [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(findings) from error
