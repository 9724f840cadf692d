"""Photos that come with a report as web addresses (`media_url`). The worker fetches them; the report keeps them as if they had been sent along.

Anybody who files a report names such an address, so it is fetched as any address that a user names: within limits of size and time, and never
from a private network. What cannot be fetched is named with the report.
"""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from procrastinate import App, BaseRetryStrategy, RetryDecision, SyncPsycopgConnector
from procrastinate.jobs import Job

from geo_service import db, logs
from geo_service.domain.errors import (
    DatabaseUnreachable,
    PersonalKeyMissing,
    PersonalKeyWrong,
    SourceUnreachable,
)
from geo_service.intake import fetch, wait_policy
from geo_service.open311 import photos as pictures
from geo_service.open311.forms import MEDIA_OUTCOMES
from geo_service.settings import Settings
from geo_service.store import locks, photos, reporters
from geo_service.vault import Vault

FETCH = "fetch_media"
QUEUE = "media"
WAITS_S = (60, 10 * 60, 3600, 6 * 3600)
"""The wait after each failed attempt (s): a site may still be busy with its photo."""
INTERRUPTION_S = 60
MOST_ATTEMPTS = 10
"""How often a job is tried that fails for a reason that nobody foresaw."""
MOST_S = 20
"""How long one photo may take, its redirects included (s)."""
LABEL = "the photo"
"""What stands in the log instead of an address, which may name a person."""
PASSING = ("url_too_slow", "url_refuses", "url_not_fetched")
"""Failures that another attempt may not meet; any other is final."""
ABSENCES = (
    DatabaseUnreachable, sa.exc.OperationalError, PersonalKeyMissing, PersonalKeyWrong, wait_policy.Interrupted,
)  # fmt: skip
"""What is away for a while, however long: the job waits for it."""


class MediaDue(Exception):
    """Not every photo was there; the next attempt is due in `wait_s` seconds."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"to be tried again in {wait_s} s")
        self.wait_s = wait_s


class RetrySchedule(BaseRetryStrategy):
    """The schedule of attempts: that of `WAITS_S`, or soon after the database or the key was away or the worker stopped."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """The next attempt; None after `MOST_ATTEMPTS` that failed for another reason."""
        if isinstance(exception, MediaDue):
            return RetryDecision(retry_in={"seconds": exception.wait_s})
        if job.attempts + 1 >= MOST_ATTEMPTS and not isinstance(exception, ABSENCES):
            return None
        return RetryDecision(retry_in={"seconds": INTERRUPTION_S})


@dataclass(frozen=True, slots=True)
class Report:
    """A report, or a message on one, whose photos are addresses."""

    repair_id: UUID
    message_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Album:
    """Where photos are kept, and within which limits they are fetched."""

    engine: sa.Engine
    vault: Vault
    limits: fetch.Limits

    @classmethod
    def of(cls, engine: sa.Engine, vault: Vault, settings: Settings) -> Album:
        """The album of an installation: private addresses as for imports."""
        limits = replace(fetch.Limits.of(settings), max_bytes=pictures.MAX_BYTES, max_s=MOST_S)
        return cls(engine, vault, limits)


def queue(conn: sa.Connection, report: Report, details: Mapping[str, Any] | None) -> None:
    """Queue the job that fetches the photos of a report, if there are any; workers see it when the caller commits."""
    if not addresses(details):
        return
    message = str(report.message_id) if report.message_id else None
    task = _queue().configure_task(FETCH, queue=QUEUE, connection=conn.connection.driver_connection)
    task.defer(repair_id=str(report.repair_id), message_id=message, request_id=logs.request_id())


def fetch_all(
    album: Album, report: Report, attempts: int, stopping: Callable[[], bool] = lambda: False
) -> None:
    """Fetch the photos of a report that are not there, after so many failed attempts. Raises MediaDue, PersonalKeyMissing, PersonalKeyWrong,
    and Interrupted when `stopping` says so.
    """
    with db.read(album.engine) as conn:
        pending = _pending(reporters.details(conn, album.vault, report.repair_id, report.message_id))
    is_last = attempts >= len(WAITS_S)
    with wait_policy.policy_scope(wait_policy.WaitPolicy(stopping, read_s=MOST_S)):
        outcomes = [_fetch_one(album, report, url, is_last=is_last) for url in pending]
    if not all(outcomes):
        raise MediaDue(WAITS_S[attempts])


def addresses(details: Mapping[str, Any] | None) -> Sequence[str]:
    """The addresses of photos in the details of a report."""
    urls = (details or {}).get("media_url") or ()
    return [urls] if isinstance(urls, str) else list(urls)


def _pending(details: Mapping[str, Any] | None) -> list[str]:
    settled = {
        one["url"] for one in (details or {}).get(MEDIA_OUTCOMES, ()) if "photo" in one or one["final"]
    }
    return [url for url in addresses(details) if url not in settled]


def _fetch_one(album: Album, report: Report, url: str, *, is_last: bool) -> bool:
    """Fetch one photo and keep it, or the reason why not; whether that is final."""
    photo, problem = _download(album.limits, url)
    is_final = problem not in PASSING or is_last
    with db.write(album.engine) as conn:
        locks.claims_writer(conn)  # counts with the photos of a form
        details = reporters.details(conn, album.vault, report.repair_id, report.message_id)
        if url not in _pending(details):  # gone with its report, or fetched by a job that was thought dead
            return True
        if photo and not photos.room(conn, report.repair_id):
            photo, problem = None, "photos_too_many"
        outcome: dict[str, Any] = {"url": url, "problem": problem, "final": is_final}
        if photo:
            [photo_id] = photos.add(conn, album.vault, report.repair_id, [photo], report.message_id)
            outcome = {"url": url, "photo": str(photo_id)}
        others = [one for one in (details or {}).get(MEDIA_OUTCOMES, ()) if one["url"] != url]
        reporters.note(
            conn, album.vault, report.repair_id, report.message_id, {MEDIA_OUTCOMES: [*others, outcome]}
        )
    return is_final


def _download(limits: fetch.Limits, url: str) -> tuple[pictures.Photo | None, str | None]:
    """The photo at an address, or why it is none: a code of `REPORT_MEDIA_PROBLEMS`."""
    with tempfile.TemporaryDirectory() as folder, fetch.limit_scope(limits):
        try:
            path = fetch.download(url, Path(folder), label=LABEL)
        except SourceUnreachable as error:
            return None, str(error.reason)
        with path.open("rb") as content:
            stored, remarks = pictures.prepare([pictures.File(LABEL, content)])
    return (stored[0], None) if stored else (None, remarks[0].reason.partition(".")[0])


@functools.cache
def _queue() -> App:
    """The app for queueing only; it opens no connection of its own."""
    return App(connector=SyncPsycopgConnector())
