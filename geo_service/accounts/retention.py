"""Personal data go once they are no longer needed: so many months after their repair closed, or their conflict, works or building project ended."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta

from geo_service import db
from geo_service.store import audit, street_letters

PACKAGE = "geo_service.store"
WORKER = audit.Actor("worker")


ANSWER_DAYS = 30
"""How long the answer to a write with an `Idempotency-Key` is kept, for who repeats it: a device may be without a line for weeks."""


def purge_answers(conn: sa.Connection) -> int:
    """Take away the answers to repeated requests that are older than ANSWER_DAYS; return how many."""
    return db.execute(conn, PACKAGE, "answers_purge", days=ANSWER_DAYS)


def purge_letters(conn: sa.Connection) -> int:
    """Take away the requests for e-mails about a street that nobody confirmed in time; return how many."""
    return street_letters.forget_unconfirmed(conn)


def purge(
    conn: sa.Connection, actor: audit.Actor, today: date, months: int, *, dry: bool = False
) -> dict[str, int]:
    """Take away what is due on `today`; return how many `reporters`, `messages`, `photos`, `attachments` and `contacts`. `dry`: only count.

    What went is in the audit trail; a night on which nothing was due is not.
    """
    before = today - relativedelta(months=months)
    [counts] = db.fetch(conn, PACKAGE, "personal_purge", before=before, dry=dry)
    if not dry and any(counts.values()):
        facts = {**counts, "closed_until": before.isoformat()}
        audit.record(conn, actor, "personal_data_purged", "personal_data:all", **facts)
    return counts
