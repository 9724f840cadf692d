"""The jobs of the worker: what each queue does, and what happens at its hour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
import structlog
from procrastinate import App, JobContext, PsycopgConnector

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

DEAD_AFTER_S = 60  # without a sign of life, a worker's jobs are handed to another one
# A request that began before midnight counts from the day before; a minute later it is stored. Clocks may differ by as much.
LATE_BY = timedelta(minutes=1)

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


def build_app(settings: Settings, engine: sa.Engine, connections: int, stopping: Callable[[], bool]) -> App:
    """The jobs of this worker, on at most so many connections to the database of `settings`. `stopping` is true once long jobs must end."""
    url = db.database_url(settings).set(drivername="postgresql").render_as_string(hide_password=False)
    app = App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=connections))
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
