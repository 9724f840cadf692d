"""Messages that a citizen adds to a report. They are stored with the report, for those who call people back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from geo_service.alerts import feed
from geo_service.domain.errors import FieldError, InvalidInput, NotFound, TooManyReports
from geo_service.domain.reports import SOURCE
from geo_service.open311 import forms, media, requests
from geo_service.open311.forms import Form, one
from geo_service.store import cities, photos, reporters
from geo_service.store.photos import Picture
from geo_service.store.tables import repairs, report_messages
from geo_service.vault import Vault

EXTERNAL_IDS = ("update_id_ext", "update_id")
"""FixMyStreet's own number, per version, by which a repeated message is recognised."""

ADDED: feed.AlertType = "repair.message_added"
_READ = {"service_request_id", "description", "status", "updated_datetime", *EXTERNAL_IDS}


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A stored message: its id, and the dropped fields."""

    id: UUID
    left_out: tuple[FieldError, ...]


def keep(
    conn: sa.Connection,
    form: Form,
    vault: Vault,
    sent_by: str,
    *,
    most: int,
    pictures: Sequence[Picture] = (),
) -> StoredMessage:
    """Store a message with its photos and alert the workshop. `sent_by` is the name of the key, which may send `most` an hour.

    The caller holds the writers' lock, as the feed asks. The state of the repair stays as it is, whatever the site calls it.
    Raises InvalidInput about the report or a message that says nothing, NotFound about the report, TooManyReports.
    """
    repair_id = _report(conn, form)
    text, status = forms.joint_text(form, "description", between="\n\n"), forms.joint_text(form, "status")
    if text is None and status is None and not pictures:
        raise InvalidInput.one("description", "missing")
    source_id = next((value for field in EXTERNAL_IDS if (value := one(form, field))), str(uuid.uuid4()))
    existing = _existing(conn, sent_by, source_id, repair_id)
    others, left_out = forms.others(form, but=_READ)
    said_at, undated = _moment(conn, form)
    remarks = (*left_out, *undated)
    if existing is not None:
        return StoredMessage(existing, remarks)
    name = forms.reporter_name(form)
    message = {
        "repair_id": repair_id,
        "sent_by": sent_by,
        "source_id": source_id,
        "said_at": said_at,
        "status": status,
    }
    _check_rate(conn, sent_by, most)
    message_id = reporters.add_message(
        conn, vault, message, text, {**({"name": name} if name else {}), **others}
    )
    departments = cities.in_force(conn).routing[ADDED]
    feed.append(conn, [feed.AlertDraft(type=ADDED, departments=departments, repair_id=repair_id)])
    room = photos.room(conn, repair_id)
    photos.add(conn, vault, repair_id, pictures[:room], message_id)
    media.queue(conn, media.Report(repair_id, message_id), others)
    full = FieldError("media", "photos_too_many.repair", {"limit": photos.MOST_OF_A_REPAIR})
    return StoredMessage(message_id, (*remarks, full) if len(pictures) > room else remarks)


def _moment(conn: sa.Connection, form: Form) -> tuple[datetime, tuple[FieldError, ...]]:
    """The moment of the message, if it is readable; never later than now, because the sender's clock may be
    ahead.
    """
    now: datetime = conn.scalars(sa.select(sa.func.now())).one()
    text = next(iter(form.get("updated_datetime", ())), None)
    try:
        return min(requests.instant("updated_datetime", text.strip()), now) if text else now, ()
    except InvalidInput as error:
        return now, error.errors


def _report(conn: sa.Connection, form: Form) -> UUID:
    text = one(form, "service_request_id")
    if text is None:
        raise InvalidInput.one("service_request_id", "missing")
    is_report = sa.and_(repairs.c.source == SOURCE, repairs.c.deleted_at.is_(None))
    numbers = requests.numbers(text)[:1]
    report_id: UUID | None = conn.scalar(
        sa.select(repairs.c.id).where(is_report, repairs.c.number.in_(numbers))
    )
    if report_id is None:
        raise NotFound("no_service_request", given=text[:60])
    return report_id


def _existing(conn: sa.Connection, sent_by: str, source_id: str, repair_id: UUID) -> UUID | None:
    same = sa.and_(report_messages.c.sent_by == sent_by, report_messages.c.source_id == source_id)
    row = conn.execute(sa.select(report_messages.c.id, report_messages.c.repair_id).where(same)).one_or_none()
    if row is not None and row.repair_id != repair_id:
        raise InvalidInput.one("update_id", "update_elsewhere")
    return row and row.id


def _check_rate(conn: sa.Connection, sent_by: str, most: int) -> None:
    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    recent = sa.and_(report_messages.c.sent_by == sent_by, report_messages.c.received_at > hour_ago)
    sent = conn.scalar(sa.select(sa.func.count()).select_from(report_messages).where(recent)) or 0
    if sent >= most:
        raise TooManyReports("too_many_messages", limit=most)
