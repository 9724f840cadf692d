"""Errors as `application/problem+json` (RFC 9457): the one table of status codes."""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from psycopg import errors as pg_errors
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from geo_service import db, i18n
from geo_service.api import concurrency, middleware, open_pages, serializers, tracing, trail
from geo_service.api.schemas.common import MOST_NAMED
from geo_service.domain import crs, errors, messages
from geo_service.presentation.advice import describe_advice
from geo_service.settings import today
from geo_service.store import conflicts

STATUS: Mapping[type[errors.GeoServiceError], int] = {
    errors.UnknownParameter: 400,
    errors.InvalidInput: 422,
    errors.NotFound: 404,
    errors.VersionMismatch: 412,
    errors.VersionRequired: 428,
    errors.NotAllowed: 403,
    errors.NotSignedIn: 401,
    errors.BlockedByWorks: 409,
    errors.InvalidTransition: 409,
    errors.TooManyReports: 429,
    errors.TooManyRequests: 429,
    errors.FeedRestarted: 410,
    errors.SourceUnreachable: 502,
    errors.DatabaseUnreachable: 503,
    errors.PersonalKeyMissing: 503,
    errors.PersonalKeyWrong: 503,
    errors.Busy: 503,
}

CODE_OF_STATUS = {400: "invalid_input", 401: "unauthenticated", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type", 422: "invalid_input", 503: "database_unreachable"}  # fmt: skip

RETRY = {"Retry-After": str(concurrency.RETRY_S)}
OF_THE_MOMENT = psycopg.OperationalError
"""What the same request may not meet again: a full disk, a server that stops, a deadlock; rows that a replica may not keep for a long read."""
BUSY = (
    pg_errors.QueryCanceled,
    pg_errors.DeadlockDetected,
    pg_errors.LockNotAvailable,
    pg_errors.SerializationFailure,
)
"""Of these: the database is there, and others are in the way."""
MOST_OF_A_NAME = 200
"""The longest field name in an answer (characters)."""

log = structlog.get_logger()


def problem(
    request: Request,
    status: int,
    code: str,
    *,
    detail: str | None = None,
    headers: Mapping[str, str] | None = None,
    **extra: Any,
) -> Response:
    """One problem document; its title is in the reader's language, and its `code` never changes. Who opens a page for everybody reads a page."""
    if open_pages.has(request.url.path) and (status == 429 or status >= 500):
        pages, context = request.app.state.login_pages, request.app.state.context
        page: Response = pages.problem(request, context, status, code, headers or {})
        return page
    language = translator_of(request).language
    texts = i18n.sentences(language)
    title = texts.get(f"error.{code}", texts["error.internal_error"])
    body = {
        "type": f"urn:geo-service:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "instance": request.url.path,
    }
    if detail:
        body["detail"] = detail
    headers = {"Content-Language": language, "Vary": "Accept-Language", **(headers or {})}
    return serializers.answer({**body, **extra}, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer errors of the service, of validation, of the database and of the framework as problems."""
    app.add_exception_handler(errors.GeoServiceError, service_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _framework)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(Exception, _anything)


def service_error(request: Request, error: Exception) -> Response:
    """An error of the service as a problem."""
    assert isinstance(error, errors.GeoServiceError)
    status = _of_invalid(request, status_of(error))
    translator = translator_of(request)
    extra: dict[str, Any] = {}
    headers: dict[str, str] = {}
    detail = error_text(error, translator)
    if isinstance(error, errors.InvalidInput):
        fields_ = refusals(error, translator)
        extra["errors"], detail = fields_[:MOST_NAMED], _detail(fields_, translator)
    if isinstance(error, errors.Deleted):
        extra["deletion"] = error.deletion
    if isinstance(error, errors.NotAllowed):
        trail.refused(request, error)
    if isinstance(error, errors.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers |= RETRY
    if isinstance(error, errors.TooManyRequests):
        headers |= retry_after(error)
    if isinstance(error, errors.BlockedByWorks):
        extra = _blocking_facts(request, error)
    if status >= 500 and not isinstance(error, errors.Busy):
        log.error("request failed", code=error.code, error=str(error), path=tracing.path_of(request.scope))
    return problem(request, status, error.code, detail=detail, headers=headers, **extra)


def refusals(error: errors.InvalidInput, translator: i18n.Translator) -> list[dict[str, str]]:
    """The fields of an input that cannot be accepted."""
    return [
        {"field": e.field, "code": e.code, "message": translator.rejection(e.reason, e.message, e.params)}
        for e in error.errors
    ]


def retry_after(refused: errors.TooManyRequests) -> dict[str, str]:
    """The header that says when to come back."""
    return {"Retry-After": str(refused.params["retry_s"])}


def status_of(error: errors.GeoServiceError) -> int:
    """The status code of an error of the service."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def _of_invalid(request: Request, status: int) -> int:
    """The status code as this part of the service sends it: OGC API knows no 422."""
    return getattr(request.app.state, "status_of_invalid", status) if status == 422 else status


def error_text(error: errors.GeoServiceError, translator: i18n.Translator) -> str | None:
    """The error in one line. The name and the address of the database stay in the log."""
    return None if messages.code_of(error.reason or "") == "database_silent" else translator.error(error)


def translator_of(request: Request) -> i18n.Translator:
    """The translator for the language that the client prefers, or for that of the settings."""
    settings = request.app.state.context.settings
    language = i18n.preferred(request.headers.get("accept-language"), settings.language)
    return i18n.Translator(language, today(settings))


def _blocking_facts(request: Request, error: errors.BlockedByWorks) -> dict[str, Any]:
    """The conflicts and the advice of a refused planning."""
    context = request.app.state.context
    with db.read(context.read_engine) as conn:
        briefs = conflicts.briefs(conn, error.conflicts)
    holding = [serializers.conflict(row, briefs, crs.WGS84) for row in error.conflicts]
    advice = describe_advice(error.advice, translator_of(request))
    return {"conflicts": holding, "advice": advice}


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    documented = request.app.openapi()["paths"].get(request.scope["path"], {})
    if documented and request.method.lower() not in documented:  # a word that was taken for an id
        return _wrong_method(request)
    findings = error.errors()
    sent = request.headers.get("content-type", "")
    if any(e["type"] == "model_attributes_type" for e in findings) and not _is_json(sent):
        message = translator_of(request).message("not_json")
        wrong = {"field": "Content-Type", "code": "not_json", "message": message}
        return problem(request, 415, "unsupported_media_type", errors=[wrong])
    broken_json = any(e["type"] == "json_invalid" for e in findings)
    translator = translator_of(request)
    problems = fields(findings, translator)
    status, detail = 400 if broken_json else _of_invalid(request, 422), _detail(problems, translator)
    return problem(request, status, "invalid_input", detail=detail, errors=problems[:MOST_NAMED])


def _detail(problems: Sequence[Mapping[str, str]], translator: i18n.Translator) -> str:
    """The fields and their errors in one line; it says when there are more than it names."""
    lines = [f"{each['field']}: {each['message']}" for each in problems[:MOST_NAMED]]
    if len(problems) > MOST_NAMED:
        lines.append(translator.message("first_named", limit=MOST_NAMED))
    return "; ".join(lines)


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _wrong_method(request: Request) -> Response:
    allowed = ", ".join(middleware.allowed_methods(request))
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": allowed})
    detail = translator_of(request).message("method_not_here", method=request.method[:20], allowed=allowed)
    return problem(request, 405, CODE_OF_STATUS[405], detail=detail, headers={"Allow": allowed})


def _framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = CODE_OF_STATUS.get(error.status_code, "internal_error")
    translator = translator_of(request)
    detail, headers, extra = str(error.detail), dict(error.headers or {}), {}
    if error.status_code == 404:
        detail = translator.message("nothing_here")
    if isinstance(error, middleware.TooLarge):
        detail = translator.message("body_too_large", limit=error.limit)
    if error.status_code == 405:
        return _wrong_method(request)
    if error.status_code == 400:  # a body that is no text in UTF-8, or no form
        message = translator.message("not_readable.json")
        detail, extra["errors"] = (
            f"body: {message}",
            [{"field": "body", "code": "not_readable", "message": message}],
        )
    return problem(request, error.status_code, code, detail=detail, headers=headers, **extra)


def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if isinstance(error.orig, pg_errors.DataError):
        message = translator_of(request).rejection("not_storable", str(error.orig).splitlines()[0], {})
        fields = [{"field": "body", "code": "not_storable", "message": message}]
        return problem(request, _of_invalid(request, 422), "invalid_input", errors=fields)
    log.error("database error", path=tracing.path_of(request.scope), **_cause(error))
    if isinstance(error.orig, OF_THE_MOMENT):
        code = "busy" if isinstance(error.orig, BUSY) else "database_unreachable"
        return problem(request, 503, code, headers=RETRY)
    return problem(request, 500, "internal_error")


def _cause(error: DBAPIError) -> dict[str, str | None]:
    """What PostgreSQL says of it and the lines that led there, without values of rows: those stand in the error's detail."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "geo_service" in frame.filename]
    lines = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    cause: dict[str, str | None] = {"error": type(error.orig).__name__, "lines": lines}
    if isinstance(error.orig, psycopg.Error) and error.orig.sqlstate:
        return {**cause, "sqlstate": error.orig.sqlstate, "reason": error.orig.diag.message_primary}
    return cause


def _anything(request: Request, error: Exception) -> Response:
    # outside all middleware: nothing else names the request here
    request_id = request.scope.get(tracing.SCOPE_KEY, "")
    log.error("unexpected error", path=tracing.path_of(request.scope), request_id=request_id, exc_info=error)
    return problem(request, 500, "internal_error", headers={tracing.HEADER.decode(): request_id})


def fields(findings: Sequence[Any], translator: i18n.Translator | None = None) -> list[dict[str, str]]:
    """Pydantic's findings with paths such as `phases[0].geometry`, in English without a translator, and
    without the values of the client.

    It returns at most one more than are named, so that the caller knows of further ones. Dependencies share
    parameters, so repeated findings are merged.
    """
    distinct: dict[tuple[str, str, str], None] = {}
    for one in findings:
        distinct[_path(one), messages.code_of(one["type"]), _finding_text(one, translator)] = None
        if len(distinct) > MOST_NAMED:
            break
    return [{"field": field, "code": code, "message": message} for field, code, message in distinct]


def _finding_text(finding: Mapping[str, Any], translator: i18n.Translator | None) -> str:
    reason, figures = finding["type"], {**finding.get("ctx", {}), "place": finding["loc"][-1]}
    in_plain_words = messages.template("en", reason, figures) is not None
    english = messages.english(reason, figures) if in_plain_words else finding["msg"]
    message: str = english.removeprefix("Value error, ")
    return message if translator is None else translator.rejection(reason, message, figures)


def _path(finding: Mapping[str, Any]) -> str:
    parts = list(finding["loc"])
    if finding["type"] == "json_invalid":
        return "body"
    if len(parts) > 1 and parts[0] in ("body", "query", "path", "header"):
        parts = parts[1:]
    joined = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return joined.lstrip(".")[:MOST_OF_A_NAME] or "body"
