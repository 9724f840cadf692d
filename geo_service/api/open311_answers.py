"""GeoReport answers in XML or JSON, and errors as a list of the standard's codes, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from psycopg import errors as pg_errors
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from geo_service.api import errors, tracing, trail
from geo_service.api.open311_forms import FORM, MULTIPART
from geo_service.domain.errors import GeoServiceError, InvalidInput, NotAllowed, NotSignedIn
from geo_service.i18n import Translator
from geo_service.open311 import forms
from geo_service.open311.render import MEDIA_TYPES, Format, render

log = structlog.get_logger()


def answer(
    root: str, content: Any, form: Format, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A GeoReport answer in the requested format."""
    sent = {"Vary": "Accept-Language", **(headers or {})}
    return Response(render(root, content, form), status, sent, MEDIA_TYPES[form])


def error_answer(request: Request, error: Exception) -> Response:
    """An error as GeoReport lists them, in the requested format; codes of the standard, text in the reader's
    language.
    """
    form: Format = "json" if request.url.path.endswith(".json") else "xml"
    if isinstance(error, NotAllowed):
        trail.refused(request, error)
    status, messages = _status_and_messages(request, error)
    if status >= 500:
        log.error("request failed", error=type(error).__name__, path=tracing.path_of(request.scope))
    headers = {"Retry-After": "3600"} if status == 429 else dict(getattr(error, "headers", None) or {})
    entries = [{"code": status, "description": each} for each in messages]
    return answer("errors", entries, form, status, headers)


def _status_and_messages(request: Request, error: Exception) -> tuple[int, list[str]]:
    translator = errors.translator_of(request)
    if isinstance(error, InvalidInput):
        return 400, [
            f"{one.field}: {translator.rejection(one.reason, one.message, one.params)}"
            for one in error.errors
        ]
    if isinstance(error, GeoServiceError):
        status = errors.status_of(error)
        return 403 if isinstance(error, NotSignedIn) else status, [
            errors.error_text(error, translator) or translator.text(f"error.{error.code}")
        ]
    if isinstance(error, RequestValidationError):
        wrong = errors.fields(error.errors(), translator)
        if any(each["field"] == "form" for each in wrong):
            return 404, [translator.message("formats_served")]
        return 400, [f"{each['field']}: {each['message']}" for each in wrong]
    if isinstance(error, HTTPException):
        return error.status_code, [_of_http(request, error, translator)]
    if isinstance(error, DBAPIError) and isinstance(error.orig, pg_errors.DataError):
        return 400, [f"body: {translator.rejection('not_storable', str(error.orig).splitlines()[0], {})}"]
    return 500, [translator.message("internal")]


def _of_http(request: Request, error: HTTPException, translator: Translator) -> str:
    method = request.method[:20]
    limit = getattr(error, "limit", forms.MAX_BYTES)
    reasons = {
        400: "form_unreadable",
        404: "nothing_here",
        405: "method_not_possible",
        413: "form_too_large",
        415: "form_needed",
    }
    reason = reasons.get(error.status_code)
    if reason is None:
        return str(error.detail)
    wanted = f"{FORM} / {MULTIPART}"
    return translator.message(
        reason, method=method, limit=limit, wanted=wanted, form=FORM, multipart=MULTIPART
    )
