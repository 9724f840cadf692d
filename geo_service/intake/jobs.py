"""Imports as jobs: a client queues them, and the worker runs one import per source at a time."""

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

from geo_service import db, logs
from geo_service.domain.errors import DatabaseUnreachable, GeoServiceError, InvalidTransition
from geo_service.intake import fetch
from geo_service.intake.importer import run_import
from geo_service.intake.pipeline.import_log import Cancelled, details_of_any, error_details
from geo_service.intake.wait_policy import Interrupted
from geo_service.settings import Settings
from geo_service.store import imports
from geo_service.store.listing import Row

IMPORT = "import"
WATCH = "watch_feeds"
QUEUE = "imports"

MOST_ATTEMPTS = 5
"""An import that stops its worker this often has failed."""
RETRY_S = 30

log = structlog.get_logger(__name__)


class RetriesExhausted(GeoServiceError):
    """The import was interrupted too often."""

    code = "interrupted"


class ResumeStrategy(BaseRetryStrategy):
    """An interrupted import resumes at once on the next worker; one without a database resumes a little
    later.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """The next attempt; None for an error that is stored with the import."""
        if isinstance(exception, Interrupted):
            return RetryDecision(retry_in={"seconds": 0})
        return (
            RetryDecision(retry_in={"seconds": RETRY_S})
            if isinstance(exception, DatabaseUnreachable)
            else None
        )


def queue_import(
    conn: sa.Connection, request: imports.ImportRequest, source: str, url: str | None = None
) -> UUID:
    """Store an import and queue its job, in the caller's transaction; return the id. `source` is the name on
    the command line.

    The caller puts an uploaded file into `upload_folder` of the id.
    """
    import_id = imports.queue(conn, request)
    driver = conn.connection.driver_connection
    task = _queue().configure_task(IMPORT, connection=driver, queue=QUEUE, lock=f"{IMPORT} {request.source}")
    task.defer(import_id=str(import_id), source=source, url=url, request_id=logs.request_id())
    return import_id


def upload_folder(settings: Settings, import_id: UUID) -> Path:
    """The folder of the uploaded file of a queued import."""
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
    """Run a queued import. An error of the source is stored with the import and not raised; its file is then
    removed.

    Raises Interrupted and DatabaseUnreachable, after which a further run resumes it.
    """
    folder = upload_folder(settings, import_id)
    with db.read(engine) as conn:
        row = imports.get(conn, import_id)
    if row["cancelled_by"] is not None:
        end_cancelled(engine, settings, row)
    elif row["status"] != "done":
        try:
            if attempts >= MOST_ATTEMPTS:
                raise RetriesExhausted
            with fetch.limit_scope(fetch.Limits.of(settings)):
                run_import(
                    engine,
                    settings,
                    source,
                    url or _upload_in(folder),
                    mapping=row["mapping"],
                    accept_shrink=row["accept_shrink"],
                    today=today,
                    import_id=import_id,
                    stopping=stopping,
                    shown_origin=row["origin"],
                )
        except (Interrupted, DatabaseUnreachable):
            raise
        except Exception as error:
            fail(engine, row, error)
    forget_upload(settings, import_id)


def forget_upload(settings: Settings, import_id: UUID) -> None:
    """Remove the uploaded file of a finished import."""
    shutil.rmtree(upload_folder(settings, import_id), ignore_errors=True)


def cancel(conn: sa.Connection, import_id: UUID, who: str) -> None:
    """Cancel an import: a queued one has failed at once, a running one when it has stopped; its committed
    records stay.

    Raises NotFound, and InvalidTransition when it is finished, or when a person runs it by hand.
    """
    row = imports.get(conn, import_id)
    if row["status"] in ("done", "failed"):
        raise InvalidTransition("import_is_over", state=row["status"])
    if row["queued_at"] is None:
        raise InvalidTransition("import_by_hand")
    imports.cancel(conn, import_id, who)
    if row["status"] == "queued":
        imports.finish(
            conn, import_id, "failed", {"source": row["source"], **error_details(_cancellation(who))}
        )


def end_cancelled(engine: sa.Engine, settings: Settings, row: Row) -> None:
    """Store that a cancelled import has stopped."""
    if row["status"] != "done":
        with db.write(engine) as conn:
            details = {
                "source": row["source"],
                **(row["progress"] or {}),
                **error_details(_cancellation(row["cancelled_by"])),
            }
            imports.finish(conn, row["id"], "failed", details)
    forget_upload(settings, row["id"])


def _cancellation(who: str) -> Cancelled:
    return Cancelled("cancelled", who=who)


def _upload_in(folder: Path) -> str | None:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return str(files[0]) if files else None


def fail(engine: sa.Engine, row: Row, error: Exception) -> None:
    """Store the failure of an import, unless its own process has stored it with more detail."""
    report: dict[str, object] = {"source": row["source"], **details_of_any(error)}
    if not isinstance(error, GeoServiceError):
        log.error("import failed", import_id=str(row["id"]), exc_info=error)
    with db.write(engine) as conn:
        if imports.get(conn, row["id"])["status"] != "failed":
            imports.finish(conn, row["id"], "failed", report)


@functools.cache
def _queue() -> App:
    """The app for queueing only; it opens no connection of its own."""
    return App(connector=SyncPsycopgConnector())
