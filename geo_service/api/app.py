"""`create_app(settings)`: the only place where the HTTP side is put together."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from importlib.metadata import version
from typing import Any

import anyio
import anyio.to_thread
from fastapi import Depends, FastAPI
from starlette.middleware.gzip import DEFAULT_EXCLUDED_CONTENT_TYPES, GZipMiddleware
from starlette.requests import ClientDisconnect

from geo_service import db, engines, vault
from geo_service.alerts import webhook
from geo_service.api import (
    advice,
    advice_batch,
    alerts,
    attachments,
    audit,
    building_projects,
    cases,
    claim_files,
    computations,
    conflicts,
    connections,
    contacts,
    dispatch,
    duplicates,
    errors,
    exports,
    feeds,
    imports,
    installation,
    joint_projects,
    keys,
    ldes,
    me,
    metrics,
    middleware,
    ogc,
    open311,
    openapi,
    papers,
    parameters,
    personal,
    photos,
    plan,
    project_files,
    proposals,
    protections,
    reference,
    renumberings,
    repairs,
    requests,
    rules,
    search,
    sequence,
    stats,
    status,
    steps,
    subscriptions,
    users,
    viewer_pages,
    views,
    worklist,
    works,
)
from geo_service.api.concurrency import ConcurrencyLimit
from geo_service.api.context import Context
from geo_service.api.cookies import OwnCookies
from geo_service.api.deps import API
from geo_service.api.feed_hub import FeedHub
from geo_service.api.overload import Overload
from geo_service.api.rate_limit import AddressLimit, RateLimit
from geo_service.api.replica_reads import ReaderName
from geo_service.api.tracing import RequestTrace
from geo_service.exports.formats import FORMATS
from geo_service.ogc.tile_etags import TileEtags
from geo_service.replica import Replica
from geo_service.settings import Settings

PACKED = (*DEFAULT_EXCLUDED_CONTENT_TYPES, *(FORMATS[name].media_type for name in ("parquet", "xlsx")))
MOST_STREAMS = 1000
MOST_STREAMS_EACH = 50
MOST_PROPOSALS = 2
"""Each runs in a process of its own."""
MOST_UPLOADS, MOST_UPLOADS_EACH = 100, 2
"""Files of GEO_MAX_IMPORT_BYTES that come in, of all and of one person or machine: each lies on the disk."""
THREADS = 100
"""More than all connections together, so that requests that wait for one leave threads for others."""

# In the order of the documentation.
RESOURCES = (
    exports.router,
    works.router,
    contacts.router,
    repairs.router,
    personal.router,
    photos.router,
    duplicates.router,
    sequence.router,
    advice.router,
    advice_batch.router,
    dispatch.router,
    papers.router,
    worklist.router,
    plan.router,
    conflicts.router,
    steps.router,
    joint_projects.router,
    cases.router,
    attachments.router,
    requests.router,
    protections.router,
    claim_files.router,
    rules.router,
    parameters.router,
    alerts.router,
    subscriptions.router,
    feeds.router,
    reference.router,
    search.router,
    imports.router,
    proposals.router,
    renumberings.router,
    status.router,
    stats.router,
    building_projects.router,
    project_files.router,
    me.router,
    views.router,
    users.router,
    keys.router,
    audit.router,
    installation.router,
)


def create_app(settings: Settings, *, golden: Sequence[dict[str, Any]] = ()) -> FastAPI:
    """The service over HTTP. `golden` are the named places of the demo city, shown on its page."""
    context = _context(settings, golden)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        with context.replica.watch() if context.replica else nullcontext():
            yield
        context.dispose()

    app = FastAPI(
        title="geo_service",
        version=version("geo-service"),
        summary="Where planned works, repairs and buildings collide in space and time, and what to do about it",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages fetch their scripts from a CDN: ours is in `pages`
        redoc_url=None,
        generate_unique_id_function=openapi.operation_id,
    )
    app.state.context = context
    _add_middleware(app, context)
    errors.install(app)
    app.add_exception_handler(ClientDisconnect, connections.no_answer)
    openapi.document(app)
    _add_routes(app, context)
    return app


def _context(settings: Settings, golden: Sequence[dict[str, Any]]) -> Context:
    """What routes work with: connections, limits and keys, as the settings say."""
    session_engine = engines.create_session_engine_from(settings)
    stream_engine = engines.create_stream_engine_from(settings)
    stream_limiter = anyio.CapacityLimiter(engines.STREAM_POOL_SIZE)
    write_engine = db.create_engine_from(settings)
    return Context(
        settings=settings,
        write_engine=write_engine,
        read_engine=db.create_read_engine_from(settings),
        file_engine=engines.create_file_engine_from(settings),
        door_engine=engines.create_door_engine_from(settings),
        stream_engine=stream_engine,
        read_limit=ConcurrencyLimit(
            settings.read_pool_size, settings.read_pool_size, settings.pool_timeout_s
        ),
        replica_limit=ConcurrencyLimit(settings.read_pool_size, settings.read_pool_size, wait_s=0.1),
        file_limit=ConcurrencyLimit(
            settings.export_pool_size, -(-settings.export_pool_size // 2), settings.pool_timeout_s
        ),
        upload_limit=ConcurrencyLimit(MOST_UPLOADS, MOST_UPLOADS_EACH, settings.pool_timeout_s),
        proposal_limit=ConcurrencyLimit(MOST_PROPOSALS, 1, settings.pool_timeout_s),
        computation_limit=ConcurrencyLimit(computations.MOST, 1, settings.pool_timeout_s),
        stream_limit=ConcurrencyLimit(MOST_STREAMS, MOST_STREAMS_EACH, wait_s=0.1),
        stream_limiter=stream_limiter,
        feed_hub=FeedHub(stream_engine, stream_limiter, alerts.event_text),
        session_engine=session_engine,
        rate_limit=RateLimit(session_engine),
        vault=vault.of(settings),
        deliveries=webhook.policy_of(settings),
        tile_etags=TileEtags(),
        stopping=threading.Event(),
        replica=Replica(settings, write_engine) if settings.read_database_url else None,
        golden=tuple(golden),
    )


def _add_middleware(app: FastAPI, context: Context) -> None:
    """What every request passes, the last one first."""
    settings = context.settings
    uploads = {
        imports.PATH: settings.max_import_bytes + imports.FORM_BYTES,
        proposals.PATH: settings.max_import_bytes + imports.FORM_BYTES,
        advice_batch.PATH: advice_batch.MAX_BYTES,
        **open311.UPLOADS,
        **photos.UPLOADS,
        **attachments.UPLOADS,
        **project_files.UPLOADS,
    }
    app.add_middleware(middleware.BodyLimit, max_bytes=settings.max_body_bytes, larger=uploads)
    # Texts, tiles and files are a fifth of their size; events are passed on as they come, and Parquet is packed already.
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=6, exclude_content_types=PACKED)
    app.add_middleware(middleware.HeadAsGet)
    app.add_middleware(AddressLimit, limit=context.rate_limit, most=settings.rate_per_address)
    app.add_middleware(middleware.SafeHeaders, https=settings.base_url.startswith("https://"))
    app.add_middleware(Overload, most=settings.requests_at_once)
    if context.replica:
        app.add_middleware(ReaderName)
    app.add_middleware(OwnCookies)
    app.add_middleware(RequestTrace, lines=settings.log_format == "json")


def _add_routes(app: FastAPI, context: Context) -> None:
    """The API below its prefix, and beside it health, feeds, metrics, Open311, the viewer and OGC API."""
    for router in RESOURCES:
        app.include_router(router, prefix=API, dependencies=[Depends(middleware.check_query)])
    app.include_router(status.health)
    app.include_router(feeds.public)
    app.include_router(alerts.documents)
    app.include_router(ldes.router)
    metrics.mount(app, context)
    open311.mount(app, context)
    viewer_pages.mount(app)
    ogc.mount(app, context)
