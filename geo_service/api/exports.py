"""`/works.parquet`, `/conflicts.geojson` …: whole lists as files, streamed batch by batch."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response, StreamingResponse

from geo_service import db
from geo_service.api import replica_reads, serializers
from geo_service.api.concurrency import FileStream
from geo_service.api.context import Context, ContextDep
from geo_service.api.deps import Crs, RepairReader, TranslatorDep, confined_to, window
from geo_service.api.identity import SignedIn
from geo_service.api.list_filters import (
    BuildingsFilter,
    ConflictsFilter,
    PavementsFilter,
    ProtectionsFilter,
    RepairsFilter,
    WorksFilter,
)
from geo_service.api.schemas.common import CalendarDay
from geo_service.domain.errors import NotFound
from geo_service.exports.formats import FORMATS
from geo_service.exports.layout import Layout, content
from geo_service.i18n import Translator
from geo_service.ogc import crs as crs_uris
from geo_service.store import exports, ground, listing, vocabulary
from geo_service.store.collections import COLLECTIONS

EXPORT_S = 900.0
"""The time limit for sending a file (s)."""


async def turn(ctx: ContextDep, translator: TranslatorDep, who: SignedIn) -> AsyncIterator[None]:
    """A file is made in its turn, until its client has it."""
    async with ctx.file_limit.slot(who.id):
        yield


router = APIRouter(tags=["exports"], dependencies=[Depends(turn)])

FORMAT_NAMES = ("geojson", "parquet", "csv", "xlsx", "gpkg", "dxf")
FormatName = Annotated[str, Path(json_schema_extra={"enum": list(FORMAT_NAMES)})]
"""Another one is answered with 404."""


async def export_window(
    crs: Crs,
    bbox: Annotated[str | None, Query(description="west,south,east,north in the CRS of `crs`")] = None,
    active_on: Annotated[CalendarDay | None, Query()] = None,
    from_: Annotated[CalendarDay | None, Query(alias="from")] = None,
    to: Annotated[CalendarDay | None, Query()] = None,
) -> listing.Window:
    """The filters on ground and days that lists have; a file has no pages."""
    return await window(crs, bbox, active_on, from_, to, limit=1, cursor=None)


ExportWindow = Annotated[listing.Window, Depends(export_window)]


@router.get("/works.{format}", response_class=StreamingResponse)
def works(
    format: FormatName, ctx: ContextDep, translator: TranslatorDep, who: SignedIn, window: ExportWindow, crs: Crs, equal: WorksFilter
) -> Response:  # fmt: skip
    """Works, one row per phase."""
    _check(ctx.read_engine, party=equal["owner"])
    return _file("works", format, exports.ExportQuery(window, equal, confined_to(who)), ctx, translator, crs)


@router.get("/repairs.{format}", response_class=StreamingResponse)
def repairs(
    format: FormatName, ctx: ContextDep, translator: TranslatorDep, who: RepairReader, window: ExportWindow, crs: Crs, equal: RepairsFilter
) -> Response:  # fmt: skip
    """Repairs, without who reported them."""
    _check(ctx.read_engine, party=equal["owner"])
    return _file("repairs", format, exports.ExportQuery(window, equal), ctx, translator, crs)


@router.get("/conflicts.{format}", response_class=StreamingResponse)
def conflicts(
    format: FormatName, ctx: ContextDep, translator: TranslatorDep, who: SignedIn, window: ExportWindow, crs: Crs, equal: ConflictsFilter
) -> Response:  # fmt: skip
    """Conflicts with both sides and their figures; without `status`, those that are not gone."""
    _check(ctx.read_engine, rule=equal["rule"], party=equal["owner"])
    query = exports.ExportQuery(window, equal, confined_to(who))
    return _file("conflicts", format, query, ctx, translator, crs)


@router.get("/buildings.{format}", response_class=StreamingResponse)
def buildings(
    format: FormatName, ctx: ContextDep, translator: TranslatorDep, who: SignedIn, window: ExportWindow, crs: Crs, equal: BuildingsFilter
) -> Response:  # fmt: skip
    """Building footprints."""
    _check(ctx.read_engine, function=equal["function"])
    with db.read(ctx.read_engine) as conn:
        meant = ground.spelling(conn, window, **equal)
    query = exports.ExportQuery(window, {**equal, "q": meant})
    return _file("buildings", format, query, ctx, translator, crs)


@router.get("/protections.{format}", response_class=StreamingResponse)
def protections(
    format: FormatName, ctx: ContextDep, translator: TranslatorDep, who: SignedIn, window: ExportWindow, crs: Crs, equal: ProtectionsFilter
) -> Response:  # fmt: skip
    """The protection register: ground that was laid anew."""
    _check(ctx.read_engine, party=equal["owner"])
    query = exports.ExportQuery(window, equal, confined_to(who))
    return _file("protections", format, query, ctx, translator, crs)


@router.get("/pavements.{format}", response_class=StreamingResponse)
def pavements(
    format: FormatName, ctx: ContextDep, translator: TranslatorDep, who: SignedIn, window: ExportWindow, crs: Crs, equal: PavementsFilter
) -> Response:  # fmt: skip
    """Pavement sections."""
    return _file("pavements", format, exports.ExportQuery(window, equal), ctx, translator, crs)


def _check(engine: sa.Engine, **words: str | None) -> None:
    """Refuse an unknown word before the file begins."""
    if any(words.values()):
        with db.read(engine) as conn:
            vocabulary.check(conn, **words)


def _file(
    name: str, format: str, query: exports.ExportQuery, ctx: Context, translator: Translator, crs: int
) -> Response:
    if format not in FORMATS:
        raise NotFound("no_export", given=format[:20], known=list(FORMATS))
    form, collection = FORMATS[format], COLLECTIONS[name]
    layout = Layout(name, collection.fields, form.crs(crs), translator, ctx.settings.timezone)
    system = crs_uris.of_code(layout.crs)
    first, chunks = replica_reads.begin_file(
        ctx, lambda engine: content(engine, collection, query, form, layout)
    )
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.{format}"',
        "Content-Crs": f"<{system.uri}>",
        **serializers.language_headers(translator),
    }
    return FileStream(first, chunks, media_type=form.media_type, headers=headers, longest_s=EXPORT_S)
