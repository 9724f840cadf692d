"""The engines of the API beside those for reading and writing: what must be answered has connections of its own, whatever else is in use."""

from __future__ import annotations

from sqlalchemy import URL, Engine

from geo_service import db
from geo_service.settings import Settings

FILE_IDLE_S = 120  # its client reads at its own pace; who stops reading is cut off sooner
REPLICA_CONNECT_S = 2  # the primary answers instead
DOOR_POOL_SIZE = 3
SESSION_POOL_SIZE = 3
STREAM_POOL_SIZE = 2


def create_replica_engine_from(settings: Settings, *, files: bool = False) -> Engine:
    """The engine for reads on the replica; `files`: for exports."""
    return db.create_engine_for(
        db.read_database_url(settings),
        pool_size=settings.export_pool_size if files else settings.read_pool_size,
        timeout_s=settings.pool_timeout_s,
        idle_s=FILE_IDLE_S if files else db.READ_IDLE_S,
        statement_s=0 if files else db.READ_STATEMENT_S,
        connect_s=REPLICA_CONNECT_S,
    )


def create_probe_engine_for(url: URL, seconds: int) -> Engine:
    """The engine of one connection that says within so many seconds whether a database answers (at least 2, libpq's least)."""
    return db.create_engine_for(url, pool_size=1, timeout_s=seconds, statement_s=seconds, connect_s=seconds)


def create_file_engine_from(settings: Settings) -> Engine:
    """The engine for exports, which last as long as their clients read."""
    return _reading(settings, settings.export_pool_size, idle_s=FILE_IDLE_S)


def create_door_engine_from(settings: Settings) -> Engine:
    """The engine for who asks, and whether the service is ready: whatever else is in use, that is answered."""
    return _reading(settings, DOOR_POOL_SIZE, idle_s=db.READ_IDLE_S, statement_s=db.READ_STATEMENT_S)


def create_session_engine_from(settings: Settings) -> Engine:
    """The engine for who is signed in."""
    return _reading(settings, SESSION_POOL_SIZE, idle_s=db.READ_IDLE_S, statement_s=db.READ_STATEMENT_S)


def create_stream_engine_from(settings: Settings) -> Engine:
    """The engine for what the streams of the feed look at every second."""
    return _reading(settings, STREAM_POOL_SIZE, idle_s=db.READ_IDLE_S, statement_s=db.READ_STATEMENT_S)


def _reading(settings: Settings, pool_size: int, *, idle_s: int, statement_s: int = 0) -> Engine:
    return db.create_engine_for(
        db.database_url(settings),
        pool_size=pool_size,
        timeout_s=settings.pool_timeout_s,
        idle_s=idle_s,
        statement_s=statement_s,
    )
