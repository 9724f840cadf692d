"""Who may, and who hears: API keys, repeated requests, subscriptions and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.roles import ROLES
from geo_service.store.tables.base import created_at, metadata, one_of, uuid7_pk

api_keys = sa.Table(
    "api_keys",
    metadata,
    uuid7_pk(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column(
        "owner_group_id", sa.ForeignKey("owner_groups.id"), comment="of a partner: whose works it may see"
    ),
    sa.Column(
        "key_hash",
        sa.LargeBinary,
        nullable=False,
        unique=True,
        comment="SHA-256; the key itself is shown once",
    ),
    sa.Column("expires_at", sa.DateTime(timezone=True)),
    sa.Column("revoked_at", sa.DateTime(timezone=True)),
    created_at(),
    one_of("role", ROLES),
)

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column(
        "request_hash", sa.LargeBinary, nullable=False, comment="the same key with another body is an error"
    ),
    sa.Column("status", sa.Integer),
    sa.Column("response", pg.JSONB),
    created_at(),
    comment="One row per Idempotency-Key: a repeated write gets the first answer",
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    uuid7_pk(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column("target", sa.Text, nullable=False, comment="the address of the webhook"),
    sa.Column("secret", sa.Text, nullable=False, comment="whsec_…, to sign with"),
    sa.Column("filter", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column(
        "owner_group_id",
        sa.ForeignKey("owner_groups.id"),
        comment="of a partner: it hears of its own works only; null: one of the city's",
    ),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column(
        "after_seq", sa.BigInteger, nullable=False, comment="alerts up to here were told before it began"
    ),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    created_at(),
    one_of("channel", ("webhook",)),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("subscription_id", sa.ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("alert_seq", sa.ForeignKey("alerts.seq"), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("delivered_at", sa.DateTime(timezone=True)),
    sa.Column("failed_at", sa.DateTime(timezone=True), comment="given up"),
    sa.Column("last_error", sa.Text),
    created_at(),
)
