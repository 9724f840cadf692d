"""The jobs behind alerts, kept in PostgreSQL by procrastinate and queued inside the caller's transaction."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from procrastinate import App, BaseRetryStrategy, RetryDecision, SyncPsycopgConnector
from procrastinate.jobs import Job
from procrastinate.types import JSONDict

from geo_service.alerts import webhook

DELIVER = "deliver"
NEW_DAY = "new_day"
SELF_CHECK = "self_check"
RESCUE = "rescue"


class Patience(BaseRetryStrategy):
    """When a failed delivery is tried again: as the delivery says, or by the same steps when it failed to say."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """None gives up."""
        if isinstance(exception, webhook.NotDelivered):
            return RetryDecision(retry_in={"seconds": int(exception.wait_s)})
        wait_s = webhook.jittered(job.attempts + 1)
        return None if wait_s is None else RetryDecision(retry_in={"seconds": int(wait_s)})


def queue_deliveries(conn: sa.Connection, deliveries: Sequence[tuple[UUID, int]]) -> None:
    """One job for each (subscription, place in the feed), visible to workers when the caller commits."""
    if deliveries:
        jobs: list[JSONDict] = [
            {"subscription_id": str(subscription), "seq": seq} for subscription, seq in deliveries
        ]
        task = _queue().configure_task(DELIVER, connection=conn.connection.driver_connection)
        task.batch_defer(*jobs)


@functools.cache
def _queue() -> App:
    """Only to queue with: it opens no connection of its own."""
    return App(connector=SyncPsycopgConnector())
