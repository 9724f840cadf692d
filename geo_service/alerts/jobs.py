"""The jobs of alerts. Procrastinate keeps them in PostgreSQL, and the caller's transaction queues them."""

from __future__ import annotations

import functools
import math
import random
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from procrastinate import App, BaseRetryStrategy, RetryDecision, SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.types import JSONDict

from geo_service import db, logs
from geo_service.alerts import webhook

DELIVER = "deliver"
DELIVERIES = "deliveries"
"""The queue of deliveries: receivers may be slow, and jobs with a fixed hour use another queue."""
MAILS = "mails"
"""The queue of e-mails, beside that of deliveries: their server may be slow as well."""
BUNDLE_MAIL = "bundle_mail"
SEND_MAIL = "send_mail"
SWEEP_MAILS = "sweep_mails"
STREET_LETTER = "street_letter"
NEW_DAY = "new_day"
SELF_CHECK = "self_check"
RESCUE = "rescue"
PURGE = "purge"
PUBLISH = "publish"


MOST_STEPS = 3
LONGEST_TURN_S = 60


class RetrySchedule(BaseRetryStrategy):
    """The schedule of retries: the wait of the delivery, or a default where there is none, as without a
    database.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """The next attempt; only the delivery itself gives up."""
        if isinstance(exception, webhook.DeliveryFailure):
            return RetryDecision(retry_in={"seconds": int(exception.wait_s)})
        if isinstance(exception, webhook.DeliveryDeferred):
            # the longer the queue before one receiver, the more apart its jobs come back
            wait_s = max(exception.wait_s, random.uniform(0, min(2.0 * job.attempts, LONGEST_TURN_S)))  # nosec B311 # chance, never a secret
            return RetryDecision(retry_in={"seconds": math.ceil(wait_s)})
        steps = webhook.retry_wait(min(job.attempts + 1, MOST_STEPS)) or 0
        return RetryDecision(retry_in={"seconds": int(steps)})


def queue_deliveries(conn: sa.Connection, deliveries: Sequence[tuple[UUID, int]]) -> None:
    """One job for each (subscription, place in the feed), visible to workers when the caller commits."""
    if deliveries:
        jobs: list[JSONDict] = [
            {"subscription_id": str(subscription), "seq": seq, "request_id": logs.request_id()}
            for subscription, seq in deliveries
        ]
        task = _queue().configure_task(
            DELIVER, queue=DELIVERIES, connection=conn.connection.driver_connection
        )
        task.batch_defer(*jobs)


def forget_deliveries(conn: sa.Connection, subscription_id: UUID, seqs: Sequence[int]) -> None:
    """Take away the jobs that wait to deliver these places of the feed to a subscription."""
    db.execute(
        conn,
        "geo_service.alerts",
        "jobs_forget",
        task=DELIVER,
        subscription_id=subscription_id,
        seqs=list(seqs),
    )


def wake_deliveries(conn: sa.Connection, subscription_id: UUID) -> None:
    """Let the deliveries of a subscription that wait for the end of its pause begin now; who was refused keeps its turn."""
    db.execute(conn, "geo_service.alerts", "jobs_wake", task=DELIVER, subscription_id=subscription_id)


def queue_bundles(conn: sa.Connection, subscriptions: Sequence[UUID]) -> None:
    """One job for each subscription by e-mail with something to tell at once. The worker puts what came until then into one e-mail."""
    if subscriptions:
        jobs: list[JSONDict] = [
            {"subscription_id": str(one), "request_id": logs.request_id()} for one in subscriptions
        ]
        task = _queue().configure_task(BUNDLE_MAIL, queue=MAILS, connection=conn.connection.driver_connection)
        task.batch_defer(*jobs)


def queue_mail(conn: sa.Connection, mail_id: UUID) -> None:
    """The job that sends an e-mail, visible to workers when the caller commits. Only one worker at a time holds it."""
    task = _queue().configure_task(
        SEND_MAIL, queue=MAILS, lock=f"mail {mail_id}", connection=conn.connection.driver_connection
    )
    task.defer(mail_id=str(mail_id))


def queue_street_letters(conn: sa.Connection, letters: Sequence[UUID]) -> None:
    """One job for each reader of a street, visible to workers when the caller commits. The job holds no address."""
    for letter_id in letters:
        _queue().configure_task(
            STREET_LETTER,
            queue=MAILS,
            lock=f"street letter {letter_id}",
            connection=conn.connection.driver_connection,
        ).defer(letter_id=str(letter_id))


@functools.cache
def _queue() -> App:
    """The app for queueing only; it opens no connection of its own."""
    return App(connector=SyncPsycopgConnector())
