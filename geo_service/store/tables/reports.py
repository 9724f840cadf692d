"""Reports of citizens: which of them mean the same defect, what their reporters were told, and what they said since."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.repairs import URGENCIES
from geo_service.domain.reports import DUPLICATE_STATUSES, REPORT_STATUSES
from geo_service.store.tables.base import metadata, never_plain, one_of, sealed, uuid7_pk

duplicates = sa.Table(
    "duplicates",
    metadata,
    sa.Column("repair_id", sa.ForeignKey("repairs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("of_id", sa.ForeignKey("repairs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column(
        "status", sa.Text, nullable=False, comment="refused pairs stay, so that they are not suggested again"
    ),
    sa.Column("distance_m", sa.Double, nullable=False),
    sa.Column("days_apart", sa.Integer, nullable=False, comment="between the two reports"),
    sa.Column("suggested_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("decided_at", sa.DateTime(timezone=True)),
    sa.Column("decided_by", sa.Text, comment="the name of a key; null: nobody has looked yet"),
    sa.Column(
        "urgency_before", sa.Text, comment="of the other one, when this report was filed as one more of it"
    ),
    one_of("status", DUPLICATE_STATUSES),
    one_of("urgency_before", URGENCIES),
    sa.CheckConstraint("repair_id <> of_id", name="two_repairs"),
    # A report is suggested or confirmed as the double of one other at most.
    sa.Index("duplicates_live_uq", "repair_id", unique=True, postgresql_where=sa.text("status <> 'refused'")),
    sa.Index("duplicates_of_id_ix", "of_id"),
    comment="Two reports that may be, or are, of one defect; both keep their reporter",
)

report_updates = sa.Table(
    "report_updates",
    metadata,
    uuid7_pk(),
    sa.Column("repair_id", sa.ForeignKey("repairs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("code", sa.Text, nullable=False, comment="citizen.<code> in the locale files"),
    sa.Column("params", pg.JSONB, nullable=False, comment="what fills the sentence"),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    one_of("status", REPORT_STATUSES),
    sa.Index("report_updates_repair_id_ix", "repair_id"),
    sa.Index("report_updates_at_ix", "at"),
    comment="What the reporter of a repair was told, in order: rows are only ever added",
)

report_messages = sa.Table(
    "report_messages",
    metadata,
    uuid7_pk(),
    sa.Column("repair_id", sa.ForeignKey("repairs.id", ondelete="CASCADE"), nullable=False),
    sa.Column("sent_by", sa.Text, nullable=False, comment="the name of the key"),
    sa.Column("source_id", sa.Text, nullable=False, comment="the number of the site"),
    sa.Column("text", sa.Text, comment="null: sealed"),
    sa.Column("status", sa.Text, comment="as the site calls it"),
    sa.Column("details", pg.JSONB, comment="null: sealed; who said it, and whatever else the site sent"),
    sealed(),
    sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    never_plain(),
    sa.UniqueConstraint("sent_by", "source_id"),
    sa.Index("report_messages_repair_id_ix", "repair_id"),
    sa.Index("report_messages_received_at_ix", "received_at"),
    comment="What citizens added to a report: personal data, apart from the repair as its reporter is",
)

photos = sa.Table(
    "photos",
    metadata,
    uuid7_pk(),
    sa.Column("repair_id", sa.ForeignKey("repairs.id", ondelete="CASCADE"), nullable=False),
    sa.Column(
        "message_id",
        sa.ForeignKey("report_messages.id", ondelete="CASCADE"),
        comment="null: it came with the report itself",
    ),
    sa.Column("content", sa.LargeBinary, comment="null: sealed; a JPEG that we wrote"),
    sealed(),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("received_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    never_plain(),
    # Those of a repair, and what goes with a message that is removed.
    sa.Index("photos_repair_id_ix", "repair_id"),
    sa.Index("photos_message_id_ix", "message_id"),
    comment="What citizens photographed: personal data, apart from the repair as its reporter is",
)
