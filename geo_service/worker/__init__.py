"""The worker: delivers alerts, runs imports, brings conflicts and advice to each new day, and compares them with a full run once a week.

Here: how it runs and ends, and the lanes of its jobs. The jobs themselves are in `tasks`.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
import structlog
from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued

from geo_service import db
from geo_service.alerts import jobs
from geo_service.intake import jobs as imports
from geo_service.open311 import media
from geo_service.settings import Settings
from geo_service.store import migrate
from geo_service.worker.tasks import DEAD_AFTER_S, build_app

AT_ITS_HOUR = 4  # scheduled jobs: midnight, the self-check, the feeds
CALLS = 8  # deliveries mostly wait for their receiver
MAILS = 2  # one server takes them all
IMPORTS = 1  # hours, where others take seconds
MEDIA = 2  # photos of reports, from sites that may be slow
PLACES = AT_ITS_HOUR + CALLS + MAILS + IMPORTS + MEDIA
THREADS = 4 * PLACES
STOP_CHECK_S = 0.2
IMPORT_STOPS_S = 60  # a batch takes less than a second, what waits for others leaves at once; a large map takes longer to compare
RESTART_S = 5  # after the database went away
INTERRUPTION = "the worker was interrupted; it starts again"

log = structlog.get_logger()


def run(settings: Settings, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT, or, in any thread, until `stop` is set. Finish the deliveries that run; imports resume at the next start."""
    engine = db.create_engine_from(settings)
    try:
        asyncio.run(_keep_working(settings, engine, stop))
    finally:
        engine.dispose()


def _stop_at_signal() -> threading.Event:
    """An event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    return stop


async def _keep_working(settings: Settings, engine: sa.Engine, stop: threading.Event | None) -> None:
    """Begin again after every error, until `stop` is set: a database that restarts does not end the worker."""
    stop = stop or _stop_at_signal()
    # asyncio's own has four threads more than there are processors: deliveries alone could take them all
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "job"))
    while not stop.is_set():
        try:
            await _work(settings, engine, stop)
        except (Exception, asyncio.CancelledError) as error:
            # Mostly a lost database. Whatever the cause, deliveries must resume without a person.
            log.warning(INTERRUPTION, in_s=RESTART_S, exc_info=error)
        else:
            if not stop.is_set():  # procrastinate ends its loop in good order when it loses its connection
                log.warning(INTERRUPTION, in_s=RESTART_S)
        await _rest(stop)
    log.info("the worker has stopped")


async def _rest(stop: threading.Event) -> None:
    for _ in range(round(RESTART_S / STOP_CHECK_S)):
        if not stop.is_set():
            await asyncio.sleep(STOP_CHECK_S)


async def _work(settings: Settings, engine: sa.Engine, stop: threading.Event) -> None:
    await asyncio.to_thread(_check_schema, engine)
    stopping = threading.Event()
    app = build_app(settings, engine, PLACES + 6, stopping.is_set)
    async with app.open_async():
        await _queue_new_day(app)
        calls_stop_s = settings.webhook_timeout_s + STOP_CHECK_S
        lanes = [
            (jobs.DELIVERIES, CALLS, calls_stop_s),
            (imports.QUEUE, IMPORTS, IMPORT_STOPS_S),
            (media.QUEUE, MEDIA, media.MOST_S + STOP_CHECK_S),
        ]
        if settings.smtp_host:  # without a server e-mails wait for one
            lanes.append((jobs.MAILS, MAILS, settings.smtp_timeout_s + STOP_CHECK_S))
        beside = [asyncio.create_task(_keep_lane(app, *lane)) for lane in lanes]
        work = asyncio.create_task(
            app.run_worker_async(
                queues=["default"],
                concurrency=AT_ITS_HOUR,
                delete_jobs="successful",
                install_signal_handlers=False,
                stalled_worker_timeout=DEAD_AFTER_S,
                shutdown_graceful_timeout=calls_stop_s,
            )
        )
        while not work.done():
            if stop.is_set():
                stopping.set()
                for lane in (work, *beside):
                    lane.cancel()
                break
            await asyncio.sleep(STOP_CHECK_S)
        try:
            await work
        except asyncio.CancelledError:
            if not stop.is_set():
                raise
        finally:
            stopping.set()
            for lane in beside:
                if not lane.cancelling():  # a second time would leave its jobs where they are
                    lane.cancel()
            await asyncio.gather(*beside, return_exceptions=True)


def _check_schema(engine: sa.Engine) -> None:
    with db.read(engine) as conn:
        migrate.check(conn)


async def _keep_lane(app: App, queue: str, concurrency: int, stops_s: float) -> None:
    """Run the jobs of one queue apart from the scheduled ones, which must not wait for slow receivers or long imports."""
    while True:
        try:
            await app.run_worker_async(
                queues=[queue],
                concurrency=concurrency,
                delete_jobs="successful",
                install_signal_handlers=False,
                stalled_worker_timeout=DEAD_AFTER_S,
                shutdown_graceful_timeout=stops_s,
            )
        except Exception as error:
            log.warning(
                "a lane was interrupted; it starts again", queue=queue, in_s=RESTART_S, exc_info=error
            )
        await asyncio.sleep(RESTART_S)


async def _queue_new_day(app: App) -> None:
    """Queue the new day at start, as no worker may have run at midnight."""
    try:
        await app.configure_task(jobs.NEW_DAY).defer_async(timestamp=0)
    except AlreadyEnqueued:
        log.info("the new day is queued already")
