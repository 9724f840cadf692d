"""What a citizen adds to a report on the site where it was filed: kept with the report, for those who call people back."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import feed
from geo_service.domain.errors import InvalidInput, NotFound, TooManyReports
from geo_service.domain.reports import SOURCE
from geo_service.open311 import forms, requests
from geo_service.open311.forms import Form, one
from geo_service.store.tables import repairs, report_messages

EXTERNAL_IDS = ("update_id_ext", "update_id")
"""Where FixMyStreet sends its own number, by version: the same message sent again is the same message."""

_READ = {"service_request_id", "description", "status", "updated_datetime", *EXTERNAL_IDS}


def keep(conn: sa.Connection, form: Form, sent_by: str, *, most: int) -> UUID:
    """Store a message and alert the workshop; its id. `sent_by` is the name of the key, which may send `most` an hour.

    The caller holds the writers' lock, as the feed asks. The state of the repair stays as it is, whatever the site calls it.
    Raises InvalidInput, NotFound about the report, TooManyReports.
    """
    repair_id = _report(conn, form)
    text, status = one(form, "description"), one(form, "status")
    if text is None and status is None:
        raise InvalidInput.one("description", "missing", "is required")
    source_id = next((given for field in EXTERNAL_IDS if (given := one(form, field))), str(uuid.uuid4()))
    known = _known(conn, sent_by, source_id, repair_id)
    if known is not None:
        return known
    said_at, name, now = one(form, "updated_datetime"), forms.named(form), conn.scalar(sa.func.now())
    message = {
        "repair_id": repair_id,
        "sent_by": sent_by,
        "source_id": source_id,
        # a clock over there may be ahead
        "said_at": min(requests.instant("updated_datetime", said_at), now) if said_at else now,
        "text": text,
        "status": status,
        "details": {**({"name": name} if name else {}), **forms.others(form, but=_READ)},
    }
    _check_rate(conn, sent_by, most)
    message_id: UUID = conn.scalars(sa.insert(report_messages).returning(report_messages.c.id), message).one()
    feed.append(
        conn,
        [feed.Alert(type="repair.message_added", departments=("werkplaatsen",), repair_id=repair_id)],
    )
    return message_id


def _report(conn: sa.Connection, form: Form) -> UUID:
    given = one(form, "service_request_id")
    if given is None:
        raise InvalidInput.one("service_request_id", "missing", "is required")
    known = sa.and_(repairs.c.source == SOURCE, repairs.c.deleted_at.is_(None))
    numbers = requests.numbers(given)[:1]
    found: UUID | None = conn.scalar(sa.select(repairs.c.id).where(known, repairs.c.number.in_(numbers)))
    if found is None:
        raise NotFound(
            f"service_request_id: there is no request {given[:60]}", reason="no_request", given=given[:60]
        )
    return found


def _known(conn: sa.Connection, sent_by: str, source_id: str, repair_id: UUID) -> UUID | None:
    same = sa.and_(report_messages.c.sent_by == sent_by, report_messages.c.source_id == source_id)
    found = conn.execute(
        sa.select(report_messages.c.id, report_messages.c.repair_id).where(same)
    ).one_or_none()
    if found is not None and found.repair_id != repair_id:
        raise InvalidInput.one("update_id", "update_elsewhere", "was sent before, about another request")
    return found and found.id


def _check_rate(conn: sa.Connection, sent_by: str, most: int) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    recent = sa.and_(report_messages.c.sent_by == sent_by, report_messages.c.received_at > hour_ago)
    sent = conn.scalar(sa.select(sa.func.count()).select_from(report_messages).where(recent)) or 0
    if sent >= most:
        raise TooManyReports(
            f"this key may send {most} messages an hour", reason="too_many_messages", limit=most
        )
