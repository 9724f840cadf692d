"""Imports as jobs: queued by whoever asks, run by the worker one after the other, each in its own turn per source."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import sqlalchemy as sa
import structlog
from procrastinate import App, BaseRetryStrategy, RetryDecision, SyncPsycopgConnector
from procrastinate.jobs import Job

from geo_service import db
from geo_service.domain.errors import DatabaseUnreachable, GeoServiceError
from geo_service.intake import fetch
from geo_service.intake.ledger import told_of
from geo_service.intake.load import run_import
from geo_service.intake.waiting import Interrupted
from geo_service.settings import Settings
from geo_service.store import imports
from geo_service.store.listing import Row

IMPORT = "import"
WATCH = "watch_feeds"
QUEUE = "imports"

MOST_ATTEMPTS = 5
"""An import that takes its worker down every time is given up."""
RETRY_S = 30

log = structlog.get_logger(__name__)


class GivenUp(GeoServiceError):
    """The import was interrupted again and again."""

    code = "interrupted"


class GoOn(BaseRetryStrategy):
    """An import that was told to stop goes on as soon as somebody works again; one without a database, a little later."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """None gives up: what failed was noted with the import."""
        if isinstance(exception, Interrupted):
            return RetryDecision(retry_in={"seconds": 0})
        return (
            RetryDecision(retry_in={"seconds": RETRY_S})
            if isinstance(exception, DatabaseUnreachable)
            else None
        )


def queue_import(conn: sa.Connection, asked: imports.Asked, source: str, url: str | None = None) -> UUID:
    """Note an import and queue its job, both when the caller commits; the import's id. `source` as on the command line.

    An uploaded file is laid into `upload_folder` of the id by the caller.
    """
    import_id = imports.queue(conn, asked)
    driver = conn.connection.driver_connection
    task = _queue().configure_task(IMPORT, connection=driver, queue=QUEUE, lock=f"{IMPORT} {asked.source}")
    task.defer(import_id=str(import_id), source=source, url=url)
    return import_id


def upload_folder(settings: Settings, import_id: UUID) -> Path:
    """Where the uploaded file of an import waits."""
    return settings.home / "uploads" / str(import_id)


def run(
    engine: sa.Engine,
    settings: Settings,
    import_id: UUID,
    source: str,
    url: str | None,
    *,
    today: date | Callable[[], date],
    attempts: int = 0,
    stopping: Callable[[], bool] | None = None,
) -> None:
    """Run a queued import. What goes wrong with the source is noted with the import, not raised; its file is then removed.

    Raises Interrupted and DatabaseUnreachable, after which it can be run again and goes on.
    """
    folder = upload_folder(settings, import_id)
    with db.read(engine) as conn:
        asked = imports.get(conn, import_id)
    if asked["status"] != "done":
        try:
            if attempts >= MOST_ATTEMPTS:
                raise GivenUp
            with fetch.confined(fetch.Limits.of(settings)):
                run_import(
                    engine,
                    settings,
                    source,
                    url or _uploaded(folder),
                    mapping=asked["mapping"],
                    accept_shrink=asked["accept_shrink"],
                    today=today,
                    import_id=import_id,
                    stopping=stopping,
                    shown_origin=asked["origin"],
                )
        except (Interrupted, DatabaseUnreachable):
            raise
        except Exception as error:
            _fail(engine, asked, error)
    shutil.rmtree(folder, ignore_errors=True)


def _uploaded(folder: Path) -> str | None:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return str(files[0]) if files else None


def _fail(engine: sa.Engine, asked: Row, error: Exception) -> None:
    """Unless it was noted already, by whoever knew better how far it was."""
    report: dict[str, object] = {"source": asked["source"], "error": "internal_error"}
    if isinstance(error, GeoServiceError):
        report |= told_of(error)
    else:
        log.error("import failed", import_id=str(asked["id"]), exc_info=error)
    with db.write(engine) as conn:
        if imports.get(conn, asked["id"])["status"] != "failed":
            imports.finish(conn, asked["id"], "failed", report)


@functools.cache
def _queue() -> App:
    """Only to queue with: it opens no connection of its own."""
    return App(connector=SyncPsycopgConnector())
