"""`create_app(settings)`: the only place where the HTTP side is put together."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import Depends, FastAPI

from geo_service import db
from geo_service.api import (
    advice,
    alerts,
    conflicts,
    dispatch,
    documented,
    duplicates,
    errors,
    exports,
    imports,
    manners,
    open311,
    pages,
    reference,
    renumberings,
    repairs,
    rules,
    sequence,
    stats,
    status,
    subscriptions,
    tiles,
    works,
)
from geo_service.api.deps import Context
from geo_service.settings import Settings

# In the order of the documentation.
RESOURCES = (
    exports.router,
    works.router,
    repairs.router,
    duplicates.router,
    sequence.router,
    advice.router,
    dispatch.router,
    conflicts.router,
    rules.router,
    alerts.router,
    subscriptions.router,
    reference.router,
    imports.router,
    renumberings.router,
    status.router,
    stats.router,
)


def create_app(settings: Settings, *, golden: Sequence[dict[str, Any]] = ()) -> FastAPI:
    """The service over HTTP. `golden` are the named places of the demo city, shown on its page."""
    context = Context(
        settings=settings,
        write_engine=db.create_engine_from(settings),
        read_engine=db.create_read_engine_from(settings),
        demo_session=secrets.token_urlsafe(32) if settings.demo else None,
        golden=tuple(golden),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        context.write_engine.dispose()
        context.read_engine.dispose()

    app = FastAPI(
        title="geo_service",
        version=version("geo-service"),
        summary="Where planned works, repairs and buildings collide in space and time, and what to do about it",
        lifespan=lifespan,
        docs_url=None,  # FastAPI's pages fetch their scripts from a CDN: ours is in `pages`
        redoc_url=None,
        generate_unique_id_function=documented.operation_id,
    )
    uploads = {imports.PATH: settings.max_import_bytes + imports.FORM_BYTES}
    app.add_middleware(manners.BodyLimit, max_bytes=settings.max_body_bytes, larger=uploads)
    app.add_middleware(manners.HeadAsGet)
    app.state.context = context
    errors.install(app)
    documented.document(app)
    for router in RESOURCES:
        app.include_router(router, prefix="/api/v1", dependencies=[Depends(manners.known_query)])
    app.include_router(status.health)
    app.include_router(tiles.router)
    open311.mount(app, context)
    pages.mount(app)
    return app
