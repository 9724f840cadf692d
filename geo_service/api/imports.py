"""`/imports`: import a file or a feed; show its progress, its result, and each rejected row."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, StreamingResponse

from geo_service.api import import_failures, rejected_rows, serializers, uploads
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Reading, TranslatorDep, require, write_once
from geo_service.api.schemas import answers
from geo_service.api.schemas.intake import FORM, Import, ImportIn, RejectedPage, SourceName, Status
from geo_service.domain.errors import InvalidInput, NotAllowed
from geo_service.domain.permissions import IMPORT_ACTIONS, PERMISSIONS, WITH_THINGS_OF_OTHERS, Thing, can
from geo_service.i18n import Translator
from geo_service.intake import fetch, jobs, registry
from geo_service.intake.base_maps import BUNDLES, TARGETS
from geo_service.intake.base_maps import delivery as ground
from geo_service.intake.mapping import library
from geo_service.intake.remarks import sentences
from geo_service.store import imports, keys
from geo_service.store.listing import Row

router = APIRouter(prefix="/imports", tags=["imports"])
PATH = "/api/v1/imports"
FORM_BOOLEANS = {"true": True, "false": False}
MAPPING_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9_-]*")
FORM_BYTES = 1 << 16
"""What a form may hold besides its file."""

Importer = Annotated[keys.Principal, Depends(require("import"))]
Canceller = Annotated[keys.Principal, Depends(require("cancel import"))]
COUNTS = ("read", "created", "changed", "unchanged", "rejected", "vanished", "renumbered", "withheld", "conflicts_opened")  # fmt: skip

BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": ImportIn.model_json_schema()},
            "multipart/form-data": {"schema": FORM},
        },
    }
}


@router.post("", status_code=202, response_model=Import, openapi_extra=BODY)
async def create(request: Request, ctx: ContextDep, who: Importer, translator: TranslatorDep) -> Response:
    """Queue an import: a file in a form, or `{source, url}`. It runs in the worker; `Location` tells how far it is."""
    async with ctx.upload_limit.slot(who.id), uploads.receive(request, ctx.settings) as (values, file):
        body = uploads.checked(_from_form(values) if file else values, ImportIn)
        return await run_in_threadpool(_queue, request, ctx, who, translator, body, file)


@router.get("", response_model=answers.Page[Import])
def list_(
    conn: Reading,
    who: Importer,
    translator: TranslatorDep,
    source: Annotated[SourceName | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    cursor: Annotated[UUID | None, Query(description="`next` of the page before")] = None,
) -> JSONResponse:
    """Imports, the newest first."""
    rows, total = imports.find(conn, source=source, status=status, before=cursor, limit=limit + 1)
    following = rows[limit - 1]["id"] if len(rows) > limit else None
    running = imports.under_way(conn)
    items = [_view(row, translator, running) for row in rows[:limit]]
    content = {"items": items, "next": following, "total": total}
    return serializers.answer(content, headers=serializers.language_headers(translator))


@router.get("/{import_id}", response_model=Import)
def read(import_id: UUID, conn: Reading, who: Importer, translator: TranslatorDep) -> JSONResponse:
    """One import: how far it is, or what came of it."""
    view = _view(imports.get(conn, import_id), translator, imports.under_way(conn))
    return serializers.answer(view, headers=serializers.language_headers(translator))


@router.delete("/{import_id}", response_model=Import)
def cancel(
    import_id: UUID, request: Request, ctx: ContextDep, who: Canceller, translator: TranslatorDep
) -> Response:
    """Cancel an import that waits or runs; what it stored until then stays. One that runs has failed (`cancelled`) within some seconds."""

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        asked_by_id = imports.get(conn, import_id)["asked_by_id"]
        if not can(who, "cancel import", Thing(author=asked_by_id)):
            others = WITH_THINGS_OF_OTHERS["cancel import"]
            raise NotAllowed("role_may_not_cancel", role=who.role, roles=list(others))
        jobs.cancel(conn, import_id, who.name)
        view = _view(imports.get(conn, import_id), translator, imports.under_way(conn))
        return 200, view, serializers.language_headers(translator)

    return write_once(ctx, request, who, None, change)


@router.get("/{import_id}/rejected", response_model=RejectedPage)
def rejected(
    import_id: UUID,
    conn: Reading,
    who: Importer,
    translator: TranslatorDep,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> JSONResponse:
    """The rows that were left out, each with its reason in the reader's language, in the order of the source."""
    import_row = imports.get(conn, import_id)
    rows = imports.rejected(conn, import_id, after=after, limit=limit + 1)
    following = rows[limit - 1]["row"] if len(rows) > limit else None
    items = [rejected_rows.serialize(row, translator) for row in rows[:limit]]
    content = {"items": items, "next": following, "total": (import_row["report"] or {}).get("rejected", 0)}
    return serializers.answer(content, headers=serializers.language_headers(translator))


@router.get("/{import_id}/rejected.csv", response_class=StreamingResponse)
def rejected_file(
    import_id: UUID, ctx: ContextDep, conn: Reading, who: Importer, translator: TranslatorDep
) -> StreamingResponse:
    """The same as a file for a spreadsheet, all rows, in the reader's language: in Dutch with semicolons, as Excel in Belgium opens them."""
    import_row = imports.get(conn, import_id)
    name = f"rejected-{import_row['source']}-{import_id}.csv"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        **serializers.language_headers(translator),
    }
    return StreamingResponse(
        rejected_rows.as_csv(ctx, import_id, translator),
        media_type="text/csv; charset=utf-8",
        headers=headers,
    )


def _from_form(form: Mapping[str, Any]) -> dict[str, Any]:
    """A form knows text only: its `true` and `false` are meant as such."""
    flag = form.get("accept_shrink")
    return {**form, "accept_shrink": FORM_BOOLEANS.get(flag, flag)} if flag is not None else dict(form)


def _queue(
    request: Request,
    ctx: Context,
    who: keys.Principal,
    translator: Translator,
    body: ImportIn,
    file: uploads.Upload | None,
) -> Response:
    row = _checked_source(ctx, who, body, file)
    request_body = {**body.model_dump(), "file": file and file.digest}

    def change(conn: sa.Connection) -> tuple[int, Any, dict[str, str]]:
        if body.mapping_text is not None and body.mapping is not None:
            library.keep(ctx.settings.home, body.mapping, body.mapping_text)
        import_id = jobs.queue_import(conn, row, body.source, body.url)
        if file is not None:
            folder = jobs.upload_folder(ctx.settings, import_id)
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(file.path.parent, folder)
        view = _view(imports.get(conn, import_id), translator, imports.under_way(conn))
        return 202, view, {"Location": f"{PATH}/{import_id}"}

    return write_once(ctx, request, who, request_body, change)


def _checked_source(
    ctx: Context, who: keys.Principal, body: ImportIn, file: uploads.Upload | None
) -> imports.ImportRequest:
    """The import, if this role may and the source, its mapping and its address make sense."""
    if file is not None and body.url is not None:
        raise InvalidInput.one("url", "file_and_url")
    if body.url is not None:
        fetch.check(body.url, fetch.Limits.of(ctx.settings))
    origin = str(file.path) if file else body.url
    name, target = _source_and_target(ctx, body, origin)
    action = IMPORT_ACTIONS.get(target, "import ground")
    if not can(who, action):
        may = PERMISSIONS[action]
        raise NotAllowed("role_may_not_import", role=who.role, target=target, roles=list(may))
    origin_name = file.name if file else registry.without_secrets(body.url)
    return imports.ImportRequest(name, origin_name, body.mapping, body.accept_shrink, who.name, who.id)


def _source_and_target(ctx: Context, body: ImportIn, origin: str | None) -> tuple[str, str]:
    """What the source is called, and what its records become; nothing is read yet."""
    if body.mapping is not None and not MAPPING_NAME.fullmatch(
        body.mapping
    ):  # a path, on the command line only
        names = ", ".join(library.names())
        raise InvalidInput.one("mapping", "mapping_unknown", given=body.mapping, known=names)
    if body.mapping_text is not None:
        return _own_mapping(body)
    try:
        if body.source in BUNDLES:
            return body.source, body.source
        if body.source in TARGETS:
            ground.open_base_maps(body.source, origin, body.mapping, ctx.settings)
            return body.source, body.source
        source = registry.open_source(body.source, origin, body.mapping, ctx.settings)
        return source.name, source.target
    except InvalidInput as refused:
        first = refused.errors[0]
        if first.field != "origin":
            raise
        raise InvalidInput.one("url", first.reason, **first.params) from refused


def _own_mapping(body: ImportIn) -> tuple[str, str]:
    """The same by the mapping that was sent."""
    if body.mapping is None or body.source not in ("works", "repairs"):
        raise InvalidInput.one("mapping_text", "mapping_text_for_named")
    mapping = library.decided(body.mapping_text or "", body.mapping)
    if mapping.target != body.source:
        raise InvalidInput.one(
            "mapping", "mapping_target", given=body.mapping, makes=mapping.target, wanted=body.source
        )
    return mapping.source, mapping.target


def _ahead(row: Row, running: Sequence[Row]) -> dict[str, Any] | None:
    """For which import a queued one waits: one of its own source, or else the one that the worker is at."""
    if row["status"] != "queued":
        return None
    turn = registry.turn_of(row["source"])
    same = [one for one in running if registry.turn_of(one["source"]) == turn]
    queued = [one for one in running if one["queued_at"] is not None]
    ahead = [*same, *queued]
    return {name: ahead[0][name] for name in ("id", "source", "started_at")} if ahead else None


def _view(row: Row, translator: Translator, running: Sequence[Row]) -> dict[str, Any]:
    plain = (
        "id", "source", "origin", "mapping", "accept_shrink", "asked_by", "cancelled_by", "status", "queued_at", "started_at", "finished_at"
    )  # fmt: skip
    report, progress = row["report"] or {}, row["progress"] or {}
    merged = {**progress, **report}
    counts = {name: merged.get(name, 0) for name in COUNTS}
    ended = row["status"] == "done"
    return {
        **{name: row[name] for name in plain},
        "waits_for": _ahead(row, running),
        "started_at": None if row["status"] == "queued" and not progress else row["started_at"],
        **counts,
        "done": counts["read"] if ended else progress.get("done", 0),
        "total": counts["read"] if ended else progress.get("total"),
        "remarks": sentences(report, translator),
        "seconds": report.get("seconds"),
        "error": {"code": report["error"], "message": import_failures.detail(report, translator)}
        if "error" in report
        else None,
    }
