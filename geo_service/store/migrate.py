"""Bring a database to the newest schema."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import structlog
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, ProgrammingError

from geo_service import db
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.store import partners

PACKAGE = "geo_service.store"
MIGRATION = 0x6D696772  # "migr"
LOCK_S, PAUSE_S, ATTEMPTS = 3, 2, 60  # five minutes, during which nobody waits longer than LOCK_S

log = structlog.get_logger()


def config(url: str) -> Config:
    """Alembic's configuration for one database; there is no alembic.ini to keep in step."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return settings


@contextmanager
def turn(url: str) -> Iterator[None]:
    """The turn to migrate the database at `url` (SQLAlchemy form). A second migrator waits, and says so; then it finds nothing to do. A
    migrator that is killed gives its turn back. Raises DatabaseUnreachable.
    """
    engine = db.create_engine_for(url)
    try:
        with db.write(engine) as conn:
            if not _lock(conn, wait=False):
                log.warning("another migration runs: waiting for its end")
                _lock(conn, wait=True)
            yield
    finally:
        engine.dispose()


def _lock(conn: Connection, *, wait: bool) -> bool:
    [row] = db.fetch(conn, PACKAGE, "lock_migration", key=MIGRATION, wait=wait)
    return bool(row["ours"])


def upgrade(url: str) -> None:
    """Migrate the database at `url` (SQLAlchemy form) to the newest schema.

    Raises DatabaseUnreachable: it does not answer, refuses the account, lacks an extension or a role that the account may not add, or was
    made by a newer version; or others hold its tables for minutes on end.
    """
    revision = current(url)
    if is_newer(revision):
        raise DatabaseUnreachable("schema_newer")
    try:
        if revision != newest():
            with db.reachable():
                give_way(lambda: command.upgrade(config(url), "head"))
    except DBAPIError as error:
        if "CREATE EXTENSION" not in (error.statement or ""):
            raise
        reason = str(error.orig).strip().splitlines()[0]
        raise DatabaseUnreachable("extension_missing", error=reason) from error
    _ensure_partners(url)


def give_way(step: Callable[[], object]) -> None:
    """Run `step`: one transaction that calls `limit_waits`. Behind one that waits for a table everybody waits: it gives way after
    `LOCK_S`, and begins again. Raises DatabaseUnreachable when others hold the tables for minutes on end.
    """
    for attempt in range(ATTEMPTS):
        try:
            step()
            return
        except DBAPIError as error:
            if not isinstance(error.orig, psycopg.errors.LockNotAvailable):
                raise
            log.warning("a table or view that changes is in use: it begins again", attempt=attempt + 1)
            time.sleep(PAUSE_S)
    raise DatabaseUnreachable("tables_in_use")


def limit_waits(conn: Connection) -> None:
    """Until the end of the transaction no lock is waited for longer than `LOCK_S`."""
    db.fetch(conn, PACKAGE, "limit_waits", longest=f"{LOCK_S}s")


def downgrade(url: str, revision: str) -> None:
    """Take the schema of the database at `url` back to a revision. What it adds is lost; only tests do this."""
    command.downgrade(config(url), revision)


def _ensure_partners(url: str) -> None:
    engine = db.create_engine_for(url)
    try:
        with db.write(engine) as conn:
            partners.ensure_role(conn)
    except DBAPIError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        reason, account = str(error.orig).strip().splitlines()[0], engine.url.username
        raise DatabaseUnreachable("partner_role_missing", error=reason, account=account) from error
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The schema's revision, or None for an empty database."""
    engine = db.create_engine_for(url)
    try:
        with db.glance(engine) as conn:
            return MigrationContext.configure(conn).get_current_revision()
    finally:
        engine.dispose()


def check(conn: Connection) -> str:
    """The schema's revision. Raises DatabaseUnreachable unless it is that of this version, or a newer one: this version serves on until the
    newer one takes over.
    """
    try:
        rows = db.fetch(conn, "geo_service.store", "schema_version")
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.UndefinedTable):
            raise
        rows = []
    schema: str | None = rows[0]["version_num"] if rows else None
    if schema is None or (schema != newest() and not is_newer(schema)):
        raise DatabaseUnreachable("schema_differs", schema=schema or "-", newest=newest())
    return schema


def pending(revision: str | None) -> list[str]:
    """The revisions that a database at `revision` lacks, the next one first. An unknown one was made by a newer version: none."""
    if is_newer(revision):
        return []
    script = ScriptDirectory.from_config(config(""))
    return [one.revision for one in reversed(list(script.iterate_revisions("head", revision or "base")))]


def newest() -> str:
    """The revision that this version of the code stands on."""
    head = ScriptDirectory.from_config(config("")).get_current_head()
    assert head is not None
    return head


def is_newer(revision: str | None) -> bool:
    """Whether a newer version of the code made this revision: this one does not have it."""
    return revision is not None and revision not in _revisions()


@cache
def _revisions() -> frozenset[str]:
    """All that this version has: they are files of the package, read once."""
    return frozenset(one.revision for one in ScriptDirectory.from_config(config("")).walk_revisions())
