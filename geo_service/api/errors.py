"""Errors as `application/problem+json` (RFC 9457): the one table of status codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import errors as pg_errors
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from geo_service import db, i18n
from geo_service.api import views
from geo_service.domain import crs, errors
from geo_service.settings import today
from geo_service.store import conflicts

STATUS: Mapping[type[errors.GeoServiceError], int] = {
    errors.InvalidInput: 422,
    errors.NotFound: 404,
    errors.VersionMismatch: 412,
    errors.VersionRequired: 428,
    errors.NotAllowed: 403,
    errors.NotSignedIn: 401,
    errors.BlockedByWorks: 409,
    errors.InvalidTransition: 409,
    errors.SourceUnreachable: 502,
    errors.DatabaseUnreachable: 503,
}

CODE_OF_STATUS = {400: "invalid_input", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type", 422: "invalid_input", 503: "database_unreachable"}  # fmt: skip

log = structlog.get_logger()


def problem(
    request: Request,
    status: int,
    code: str,
    *,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> JSONResponse:
    """One problem document; its title is in the reader's language, its `code` never changes."""
    language = i18n.preferred(request.headers.get("accept-language"))
    known = i18n.sentences(language)
    title = known.get(f"error.{code}", known["error.internal_error"])
    body = {
        "type": f"urn:geo-service:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "instance": request.url.path,
    }
    if detail:
        body["detail"] = detail
    headers = {"Content-Language": language, **(headers or {})}
    return views.answer({**body, **extra}, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every error of ours, of validation, of the database and of the framework as a problem."""
    app.add_exception_handler(errors.GeoServiceError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(Exception, _anything)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, errors.GeoServiceError)
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    if isinstance(error, errors.InvalidInput):
        extra["errors"] = [{"field": e.field, "code": e.code, "message": e.message} for e in error.errors]
    if isinstance(error, errors.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, errors.BlockedByWorks):
        extra = _blocked(request, error)
    if status >= 500:
        log.error("request failed", code=error.code, error=str(error), path=request.url.path)
    return problem(request, status, error.code, detail=str(error), headers=headers, **extra)


def _blocked(request: Request, error: errors.BlockedByWorks) -> dict[str, Any]:
    """The conflicts and the advice that a refused planning comes with."""
    context = request.app.state.context
    speaker = i18n.Speaker(i18n.preferred(request.headers.get("accept-language")), today(context.settings))
    with db.read(context.read_engine) as conn:
        briefs = conflicts.works_brief(conn, views.works_ids(error.conflicts))
    shown = [views.conflict(row, briefs, crs.WGS84) for row in error.conflicts]
    return {"conflicts": shown, "advice": views.advice(error.advice, speaker)}


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    broken_json = any(e["type"] == "json_invalid" for e in error.errors())
    return problem(request, 400 if broken_json else 422, "invalid_input", errors=_fields(error.errors()))


def _framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = CODE_OF_STATUS.get(error.status_code, "internal_error")
    extra: dict[str, Any] = {}
    if error.status_code == 400:  # a body that is no text in UTF-8, or no form
        extra["errors"] = [
            {"field": "body", "code": "not_readable", "message": "the body must be JSON in UTF-8"}
        ]
    return problem(request, error.status_code, code, detail=str(error.detail), headers=error.headers, **extra)


def _database(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DBAPIError)
    if isinstance(error.orig, pg_errors.DataError):
        message = str(error.orig).splitlines()[0]
        fields = [{"field": "body", "code": "not_storable", "message": message}]
        return problem(request, 422, "invalid_input", errors=fields)
    log.error("database error", error=type(error.orig).__name__, path=request.url.path)
    return problem(request, 500, "internal_error")


def _anything(request: Request, error: Exception) -> JSONResponse:
    log.exception("unexpected error", path=request.url.path)
    return problem(request, 500, "internal_error")


def _fields(found: Sequence[Any]) -> list[dict[str, str]]:
    """Pydantic's findings as `phases[0].geometry`; what the client sent is not repeated."""
    return [
        {"field": _path(e["loc"]), "code": e["type"], "message": e["msg"].removeprefix("Value error, ")}
        for e in found
    ]


def _path(place: Sequence[str | int]) -> str:
    parts = list(place)
    if len(parts) > 1 and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).lstrip(".")
