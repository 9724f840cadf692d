"""What `create_app` built, for every request."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Annotated, Any

import anyio
import sqlalchemy as sa
from fastapi import Depends, Request

from geo_service.alerts.webhook import DeliveryPolicy
from geo_service.api.concurrency import ConcurrencyLimit
from geo_service.api.feed_hub import FeedHub
from geo_service.api.rate_limit import RateLimit
from geo_service.ogc.tile_etags import TileEtags
from geo_service.replica import Replica
from geo_service.settings import Settings
from geo_service.vault import Vault


@dataclass(frozen=True, slots=True)
class Context:
    """The objects that `create_app` built."""

    settings: Settings
    write_engine: sa.Engine
    read_engine: sa.Engine
    file_engine: sa.Engine
    door_engine: sa.Engine
    stream_engine: sa.Engine
    read_limit: ConcurrencyLimit
    replica_limit: ConcurrencyLimit
    file_limit: ConcurrencyLimit
    upload_limit: ConcurrencyLimit
    proposal_limit: ConcurrencyLimit
    computation_limit: ConcurrencyLimit
    stream_limit: ConcurrencyLimit
    stream_limiter: anyio.CapacityLimiter
    feed_hub: FeedHub
    session_engine: sa.Engine
    rate_limit: RateLimit
    vault: Vault
    deliveries: DeliveryPolicy
    stopping: threading.Event
    tile_etags: TileEtags
    replica: Replica | None = None
    golden: tuple[dict[str, Any], ...] = ()

    @property
    def engines(self) -> dict[str, sa.Engine]:
        """The engines, by what they are for."""
        return {
            "write": self.write_engine,
            "read": self.read_engine,
            "file": self.file_engine,
            "door": self.door_engine,
            "stream": self.stream_engine,
            "session": self.session_engine,
        }

    def dispose(self) -> None:
        """Close every connection."""
        for engine in self.engines.values():
            engine.dispose()


async def context(request: Request) -> Context:
    """The context of the app."""
    state: Context = request.app.state.context
    return state


ContextDep = Annotated[Context, Depends(context)]
