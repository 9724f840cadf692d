"""The worker: delivers alerts, runs imports, brings conflicts and advice to each new day, and compares them with a full run once a week."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued

from geo_service import city, db, logs, vault
from geo_service.accounts import retention
from geo_service.alerts import jobs, mailing, street_letters, webhook
from geo_service.alerts.ldes import stream
from geo_service.coordination import day_change, night
from geo_service.detection import prepare
from geo_service.intake import jobs as imports
from geo_service.intake import polling, process
from geo_service.intake.pipeline import source_alerts
from geo_service.open311 import media
from geo_service.settings import Settings, today
from geo_service.store import locks

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
DEAD_AFTER_S = 60  # without a sign of life, a worker's jobs are handed to another one
# A request that began before midnight counts from the day before; a minute later it is stored. Clocks may differ by as much.
LATE_BY = timedelta(minutes=1)

INTERRUPTION = "the worker was interrupted; it starts again"

log = structlog.get_logger()


@dataclass(frozen=True)
class NewDay:
    """Brings claims, conflicts and advice to today. Several workers may ask; one of them does it."""

    settings: Settings
    engine: sa.Engine
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def begin(self) -> None:
        """Do nothing when the stored day is today."""
        with db.write(self.engine) as conn:
            locks.claims_writer(conn)
            # not earlier: an import may have held the lock beyond midnight
            day = today(self.settings, self.now() - LATE_BY)
            prepare.put_city(
                conn, self.settings.city_organisation, city.content(self.settings.city_file), day
            )
            night.begin_day(conn, day, fixed=self.settings.today is not None)

    def check(self) -> None:
        """Recompute everything, and log where the stored rows differ."""
        with db.write(self.engine) as conn:
            locks.claims_writer(conn)
            day_change.check(conn, today(self.settings, self.now() - LATE_BY))


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
    stopping = threading.Event()
    app = build_app(settings, engine, stopping.is_set)
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


def build_app(settings: Settings, engine: sa.Engine, stopping: Callable[[], bool] = lambda: False) -> App:
    """The jobs of this worker, on the database of `settings`. `stopping` is true once long jobs must end."""
    url = db.database_url(settings).set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=PLACES + 6))
    policy = webhook.policy_of(settings)

    @app.task(name=jobs.DELIVER, queue=jobs.DELIVERIES, retry=jobs.RetrySchedule())
    def deliver(subscription_id: str, seq: int, request_id: str | None = None) -> None:
        with logs.request(request_id):
            webhook.deliver(engine, UUID(subscription_id), seq, policy)

    if settings.smtp_host:
        _add_mails(app, settings, engine)
    _add_imports(app, settings, engine, stopping)
    _add_media(app, media.Album.of(engine, vault.of(settings), settings), stopping)
    _add_days(app, NewDay(settings, engine))
    _add_purge(app, settings, engine)
    _add_publication(app, settings, engine)

    @app.periodic(cron="* * * * *")
    @app.task(name=jobs.RESCUE, queueing_lock=jobs.RESCUE)
    async def rescue(timestamp: int) -> None:
        """Jobs of a worker that was killed go back into the queue."""
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=DEAD_AFTER_S):
            await app.job_manager.retry_job(job)

    return app


def _add_mails(app: App, settings: Settings, engine: sa.Engine) -> None:
    post = mailing.post_of(settings)

    @app.task(name=jobs.BUNDLE_MAIL, queue=jobs.MAILS, retry=jobs.RetrySchedule())
    def bundle(subscription_id: str, request_id: str | None = None) -> None:
        with logs.request(request_id):
            mailing.bundle(engine, UUID(subscription_id), settings)

    @app.task(name=jobs.SEND_MAIL, queue=jobs.MAILS, retry=jobs.RetrySchedule())
    def send(mail_id: str) -> None:
        mailing.send(engine, UUID(mail_id), post)

    @app.task(name=jobs.STREET_LETTER, queue=jobs.MAILS, retry=jobs.RetrySchedule(), pass_context=True)
    def send_letter(context: JobContext, letter_id: str) -> None:
        street_letters.send(engine, vault.of(settings), post, UUID(letter_id), context.job.attempts)

    @app.periodic(cron="*/5 * * * *")
    @app.task(name=jobs.SWEEP_MAILS, queueing_lock=jobs.SWEEP_MAILS)
    def sweep(timestamp: int) -> None:
        mailing.sweep(engine, settings, datetime.now(UTC))
        if settings.public_page:
            street_letters.sweep(engine, settings, datetime.now(UTC))


def _add_imports(app: App, settings: Settings, engine: sa.Engine, stopping: Callable[[], bool]) -> None:
    @app.task(name=imports.IMPORT, queue=imports.QUEUE, retry=imports.ResumeStrategy(), pass_context=True)
    def take_in(
        context: JobContext, import_id: str, source: str, url: str | None, request_id: str | None = None
    ) -> None:
        queued = process.QueuedImport(
            settings, UUID(import_id), source, url, context.job.attempts, request_id
        )
        with logs.request(request_id):
            process.run(engine, queued, stopping)

    @app.periodic(cron="*/5 * * * *")
    @app.task(name=imports.WATCH, queueing_lock=imports.WATCH)
    def watch_feeds(timestamp: int) -> None:
        for source in source_alerts.watch(engine, settings):
            log.warning("a feed has stopped", source=source)

    if settings.poll_minutes:

        @app.periodic(cron="*/5 * * * *")
        @app.task(name=polling.POLL, queueing_lock=polling.POLL, lock=polling.POLL)
        def poll_feeds(timestamp: int) -> None:
            polling.queue_due(engine, settings)


def _add_media(app: App, album: media.Album, stopping: Callable[[], bool]) -> None:
    @app.task(name=media.FETCH, queue=media.QUEUE, retry=media.RetrySchedule(), pass_context=True)
    def take(context: JobContext, repair_id: str, message_id: str | None, request_id: str | None) -> None:
        report = media.Report(UUID(repair_id), UUID(message_id) if message_id else None)
        with logs.request(request_id):
            media.fetch_all(album, report, context.job.attempts, stopping)


def _add_days(app: App, new_day: NewDay) -> None:
    # At one past every hour: the queue counts in UTC, and one of its hours is the city's midnight, in summer and winter. The other
    # hours find nothing to do, or repeat what failed at midnight.
    @app.periodic(cron="1 * * * *")
    @app.task(name=jobs.NEW_DAY, queueing_lock=jobs.NEW_DAY, lock=jobs.NEW_DAY)
    def begin_day(timestamp: int) -> None:
        new_day.begin()

    @app.periodic(cron="31 1 * * 0")  # in the night to Sunday: other writers wait as long as it takes
    @app.task(name=jobs.SELF_CHECK, queueing_lock=jobs.SELF_CHECK, lock=jobs.NEW_DAY)
    def self_check(timestamp: int) -> None:
        new_day.check()


def _add_purge(app: App, settings: Settings, engine: sa.Engine) -> None:
    @app.periodic(cron="17 2 * * *")
    @app.task(name=jobs.PURGE, queueing_lock=jobs.PURGE)
    def purge(timestamp: int) -> None:
        with db.write(engine) as conn:
            counts = retention.purge(conn, retention.WORKER, today(settings), settings.retention_months)
            answers = retention.purge_answers(conn)
            letters = retention.purge_letters(conn)
        log.info(
            "personal data that are no longer needed are gone", **counts, answers=answers, letters=letters
        )


def _add_publication(app: App, settings: Settings, engine: sa.Engine) -> None:
    @app.periodic(cron="* * * * *")
    @app.task(name=jobs.PUBLISH, queueing_lock=jobs.PUBLISH, lock=jobs.PUBLISH)
    def publish(timestamp: int) -> None:
        stream.publish(engine, settings.timezone)


async def _queue_new_day(app: App) -> None:
    """Queue the new day at start, as no worker may have run at midnight."""
    try:
        await app.configure_task(jobs.NEW_DAY).defer_async(timestamp=0)
    except AlreadyEnqueued:
        log.info("the new day is queued already")
