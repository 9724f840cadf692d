"""`/open311/v2`: GeoReport by its own conventions. Errors are a list, an empty field counts as absent, and reading needs no key.

Without a key, a client reads the requests that were filed here; with a key of a role that may read repairs, all of them. Nobody reads
who reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException

from geo_service import db
from geo_service.api import middleware, trail
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import OpenReading, Today, TranslatorDep
from geo_service.api.identity import machine
from geo_service.api.open311_answers import answer, error_answer
from geo_service.api.open311_forms import FormSubmission, SentDep
from geo_service.domain.errors import (
    FieldError,
    GeoServiceError,
    NotAllowed,
    NotFound,
    NotSignedIn,
)
from geo_service.domain.permissions import PERMISSIONS, can
from geo_service.domain.repairs import REPAIR_CATEGORIES
from geo_service.domain.scopes import Need, allow
from geo_service.i18n import Translator
from geo_service.open311 import filing, forms, messages, photos, requests, services
from geo_service.open311.render import MEDIA_TYPES, Format
from geo_service.store import keys, locks

PATH = "/open311/v2"
UPLOADS = {
    f"{PATH}/{kind}.{form}": photos.MAX_BODY_BYTES
    for kind in ("requests", "servicerequestupdates")
    for form in MEDIA_TYPES
}
"""How large a body may be that brings photos, by path (bytes)."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = datetime(2026, 11, 28, tzinfo=UTC)
"""When what is served here last changed."""

FILING, READING = Need(("repairs",), "write"), Need(("repairs",))
"""What a key must have in its scopes."""

Text = Annotated[str, Query(max_length=20_000)]
PageSize = Annotated[int, Query(ge=1, le=requests.MOST)]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]

log = structlog.get_logger()


def jurisdiction(ctx: ContextDep, jurisdiction_id: Text = "") -> None:
    """`jurisdiction_id` may be left out, as we serve one city. Raises NotFound about another one's."""
    _check_jurisdiction(ctx, jurisdiction_id)


def key_holder(ctx: ContextDep, api_key: Text = "") -> keys.Principal | None:
    """Whose key comes along; None without one."""
    return _holder(ctx, api_key) if api_key else None


router = APIRouter(dependencies=[Depends(jurisdiction), Depends(key_holder), Depends(middleware.check_query)])
Holder = Annotated[keys.Principal | None, Depends(key_holder)]


@router.get("/discovery.{form}")
def discovery(form: Format, ctx: ContextDep, translator: TranslatorDep) -> Response:
    """What is served where, in which formats."""
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{ctx.settings.base_url}{PATH}",
        "changeset": CHANGESET,
        "type": "test" if ctx.settings.demo else "production",
        "formats": [media_type.partition(";")[0] for media_type in MEDIA_TYPES.values()],
    }
    document = {
        "changeset": CHANGESET,
        "contact": ctx.settings.city_organisation,
        "key_service": translator.text("open311.key_service", city=ctx.settings.city_organisation),
        "endpoints": [endpoint],
    }
    return answer("discovery", document, form)


@router.get("/services.{form}")
def service_list(form: Format, translator: TranslatorDep) -> Response:
    """What can be reported."""
    return answer("services", services.service_list(translator), form)


@router.get("/services/{code}.{form}")
def service_definition(code: str, form: Format, translator: TranslatorDep) -> Response:
    """The questions that go with one service."""
    if code not in REPAIR_CATEGORIES:
        raise NotFound("no_service", given=code[:60])
    return answer("service_definition", services.definition(code, translator), form)


@router.post("/requests.{form}")
def file_request(
    request: Request, form: Format, sent: SentDep, ctx: ContextDep, day: Today, translator: TranslatorDep
) -> Response:
    """Report a defect, with photos or addresses of photos. `service_notice` says what of it was left out."""
    fields, remarks, who = _submission(request, ctx, sent)
    pictures, unfit = photos.prepare(sent.files)
    with db.write(ctx.write_engine) as conn:
        locks.claims_writer(conn)
        filed = filing.file(conn, fields, ctx.settings, ctx.vault, who.name, day, pictures)
        number = requests.number_of(conn, filed.repair_id)
    notice = _left_out(translator, [*remarks, *filed.left_out, *unfit])
    answer_ = {"service_request_id": f"H-{number}", "service_notice": notice, "account_id": None}
    return answer("service_requests", [answer_], form)


@router.get("/requests.{form}")
def request_list(
    form: Format,
    ctx: ContextDep,
    conn: OpenReading,
    who: Holder,
    translator: TranslatorDep,
    service_request_id: Text = "",
    service_code: Text = "",
    start_date: Text = "",
    end_date: Text = "",
    status: Text = "",
    updated_after: Text = "",
    page: PageNumber = 1,
    page_size: PageSize = requests.MOST,
) -> Response:
    """Requests of the last 90 days, or of at most 90 days that are named; newest first."""
    starts_at, ends_at = _window(start_date, end_date)
    filters = requests.RequestFilter(
        starts_at,
        ends_at,
        numbers=requests.numbers(service_request_id) if service_request_id else None,
        categories=requests.categories(service_code) or None,
        statuses=requests.statuses(status) or None,
        updated_after=requests.instant("updated_after", updated_after) if updated_after else None,
        limit=page_size,
        skip=(page - 1) * page_size,
    )
    rows = requests.find(conn, filters, everyones=_reads_all(who), timezone=ctx.settings.timezone)
    return answer("service_requests", [requests.serialize(row, translator) for row in rows], form)


@router.get("/requests/{request_id}.{form}")
def request(
    request_id: str, form: Format, ctx: ContextDep, conn: OpenReading, who: Holder, translator: TranslatorDep
) -> Response:
    """One request, as a list of one."""
    starts_at, ends_at = _window("", "")
    filters = requests.RequestFilter(starts_at, ends_at, numbers=requests.numbers(request_id))
    rows = requests.find(conn, filters, everyones=_reads_all(who), timezone=ctx.settings.timezone)
    if not rows:
        raise NotFound("no_service_request", given=request_id[:60])
    return answer("service_requests", [requests.serialize(row, translator) for row in rows], form)


@router.get("/tokens/{token}.{form}")
def token(token: str, form: Format, conn: OpenReading) -> Response:
    """The request behind a token. Ours are there at once, so that filing one never answers with a token."""
    try:
        number = requests.number_of(conn, UUID(token))
    except ValueError:
        number = None
    if number is None:
        raise NotFound("no_token")
    return answer("service_requests", [{"service_request_id": f"H-{number}", "token": token}], form)


@router.get("/servicerequestupdates.{form}")
def update_list(
    form: Format,
    conn: OpenReading,
    translator: TranslatorDep,
    start_date: Text = "",
    end_date: Text = "",
    page: PageNumber = 1,
    page_size: PageSize = requests.MOST,
) -> Response:
    """What reporters are told, oldest first: an extension of GeoReport that FixMyStreet asks for."""
    starts_at, ends_at = _window(start_date, end_date)
    rows = requests.updates(conn, starts_at, ends_at, limit=page_size, skip=(page - 1) * page_size)
    return answer(
        "service_request_updates", [requests.serialize_update(row, translator) for row in rows], form
    )


@router.post("/servicerequestupdates.{form}")
def add_update(
    request: Request, form: Format, sent: SentDep, ctx: ContextDep, translator: TranslatorDep
) -> Response:
    """What a citizen added to a report: FixMyStreet's extension too."""
    fields, remarks, who = _submission(request, ctx, sent)
    pictures, unfit = photos.prepare(sent.files)
    with db.write(ctx.write_engine) as conn:
        locks.claims_writer(conn)
        most = ctx.settings.open311_max_per_hour
        stored = messages.keep(conn, fields, ctx.vault, who.name, most=most, pictures=pictures)
    notice = _left_out(translator, [*remarks, *stored.left_out, *unfit])
    answer_ = {"update_id": str(stored.id), **({"service_notice": notice} if notice else {})}
    return answer("service_request_updates", [answer_], form)


def mount(app: FastAPI, context: Context) -> None:
    """Serve GeoReport beside our own API."""
    sub_app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    sub_app.state.context = context
    for kind in (GeoServiceError, RequestValidationError, HTTPException, DBAPIError, Exception):
        sub_app.add_exception_handler(kind, error_answer)
    sub_app.include_router(router)
    app.mount(PATH, sub_app)


def _holder(ctx: Context, api_key: str) -> keys.Principal:
    if not api_key:
        raise NotSignedIn("api_key_missing")
    holder = machine(ctx, api_key.strip())
    if holder is None:
        raise NotSignedIn("api_key_unknown")
    return holder


def _submission(
    request: Request, ctx: Context, sent: FormSubmission
) -> tuple[forms.Form, list[FieldError], keys.Principal]:
    """The fields of a form, remarks on what was left out, and whose key came along. Raises NotAllowed when it may not file reports."""
    fields, remarks = forms.clean(sent.fields)
    who = _holder(ctx, forms.one(fields, "api_key") or "")
    trail.name_reader(request, who)
    if not can(who, "file reports"):
        may = PERMISSIONS["file reports"]
        raise NotAllowed("role_may_not_report", role=who.role, roles=list(may))
    if not allow(who.scopes, FILING):
        raise NotAllowed("scope_lacking", scopes=FILING.words())
    _check_jurisdiction(ctx, forms.one(fields, "jurisdiction_id") or "")
    return fields, remarks, who


def _left_out(translator: Translator, remarks: Sequence[FieldError]) -> str | None:
    """What of a report was not kept, in one sentence."""
    notices = dict.fromkeys(
        f"{one.field}: {translator.rejection(one.reason, one.message, one.params)}" for one in remarks
    )
    return translator.text("open311.left_out", parts="; ".join(notices)) if notices else None


def _check_jurisdiction(ctx: Context, jurisdiction: str) -> None:
    own = ctx.settings.open311_jurisdiction
    if jurisdiction and own and jurisdiction != own:
        raise NotFound("no_jurisdiction", given=jurisdiction[:60], ours=own)


def _reads_all(who: keys.Principal | None) -> bool:
    return who is not None and can(who, "read repairs") and allow(who.scopes, READING)


def _window(start_date: str, end_date: str) -> tuple[datetime, datetime]:
    starts = requests.instant("start_date", start_date) if start_date else None
    ends = requests.instant("end_date", end_date) if end_date else None
    return requests.window(starts, ends, datetime.now(UTC))
