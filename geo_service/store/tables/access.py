"""Who may, and who hears: API keys, repeated requests, subscriptions and deliveries."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.mail import RHYTHMS
from geo_service.domain.roles import ROLES
from geo_service.domain.users import LANGUAGES
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
    sa.Column("scopes", pg.ARRAY(sa.Text), nullable=False, server_default=sa.text("'{*}'::text[]")),
    sa.Column("expires_at", sa.DateTime(timezone=True)),
    sa.Column("revoked_at", sa.DateTime(timezone=True)),
    sa.Column("last_used_at", sa.DateTime(timezone=True), comment="to the minute"),
    sa.Column(
        "machine_id",
        sa.ForeignKey("api_keys.id"),
        comment="the first key of its rotations; null: this one is the first",
    ),
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

rate_counts = sa.Table(
    "rate_counts",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True, comment="user:id, key:id or address:network"),
    sa.Column("minute", sa.Integer, primary_key=True, autoincrement=False, comment="of the Unix clock"),
    sa.Column("requests", sa.Integer, nullable=False),
    comment="Unlogged: after a crash all begin anew, and no write of it reaches the log or a replica",
    prefixes=["UNLOGGED"],
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    uuid7_pk(),
    sa.Column("channel", sa.Text, nullable=False),
    sa.Column(
        "target",
        sa.Text,
        comment="address of the webhook, or of e-mail; null: e-mail to the address of its person",
    ),
    sa.Column(
        "secret",
        sa.Text,
        nullable=False,
        comment="whsec_… to sign with; of e-mail what its unsubscribe links hold",
    ),
    sa.Column(
        "previous_secret", sa.Text, comment="signs as well until previous_until, so that receivers have time"
    ),
    sa.Column("previous_until", sa.DateTime(timezone=True)),
    sa.Column("filter", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column(
        "owner_group_id",
        sa.ForeignKey("owner_groups.id"),
        comment="of a partner: it hears of its own works only; null: one of the city's",
    ),
    sa.Column(
        "user_id",
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        comment="of a person, who sees what it may see itself; null: one of the city's or of a partner",
    ),
    sa.Column(
        "follows_person",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="the person's own choice of notification: what its department is told",
    ),
    sa.Column("name", sa.Text, comment="as people call it"),
    sa.Column("made_by", sa.Text, comment="name of the person or key that made it, or switched it on last"),
    sa.Column("maker_id", sa.ForeignKey("users.id", ondelete="SET NULL"), comment="the same, of a person"),
    sa.Column(
        "maker_left",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="it is off because its maker was disabled",
    ),
    sa.Column("rhythm", sa.Text, comment="of e-mail"),
    sa.Column("language", sa.Text, comment="of e-mail; null: that of the person, or of the service"),
    sa.Column("last_digest_on", sa.Date, comment="one e-mail a morning, however many workers ask"),
    sa.Column("snoozed_until", sa.DateTime(timezone=True), comment="nothing is sent before; it waits"),
    sa.Column("quiet_from", sa.Time, comment="of e-mail, in the time zone of the city: a night without any"),
    sa.Column("quiet_until", sa.Time),
    sa.Column("bounces", sa.Integer, nullable=False, server_default="0", comment="in a row"),
    sa.Column("problem", sa.Text, comment="of the last e-mail that came back; null once one arrives"),
    sa.Column("problem_at", sa.DateTime(timezone=True)),
    sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column(
        "after_seq", sa.BigInteger, nullable=False, comment="alerts up to here were told before it began"
    ),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    created_at(),
    one_of("channel", ("webhook", "email")),
    one_of("rhythm", RHYTHMS),
    one_of("language", LANGUAGES),
    sa.CheckConstraint("(channel = 'email') = (rhythm IS NOT NULL)", name="email_has_rhythm"),
    sa.CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_has_both_ends"),
    sa.CheckConstraint("target IS NOT NULL OR channel = 'email' AND user_id IS NOT NULL", name="has_target"),
    sa.CheckConstraint("NOT follows_person OR user_id IS NOT NULL", name="follows_a_person"),
    # One choice of notification for each person.
    sa.Index(
        "subscriptions_follows_person_uq",
        "user_id",
        unique=True,
        postgresql_where=sa.text("follows_person"),
    ),
)

mails = sa.Table(
    "mails",
    metadata,
    uuid7_pk(),
    sa.Column("subscription_id", sa.ForeignKey("subscriptions.id", ondelete="CASCADE"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("attempt_at", sa.DateTime(timezone=True), comment="start of the attempt that is under way"),
    sa.Column("sent_at", sa.DateTime(timezone=True)),
    sa.Column("failed_at", sa.DateTime(timezone=True), comment="given up"),
    sa.Column("last_error", sa.Text),
    created_at(),
    one_of("kind", ("at_once", "digest")),
    sa.Index("mails_subscription_id_ix", "subscription_id"),
    comment="E-mails by what they tell of, not by their words: the id is that of the message",
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("subscription_id", sa.ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("alert_seq", sa.ForeignKey("alerts.seq"), primary_key=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column(
        "at_once",
        sa.Boolean,
        nullable=False,
        server_default=sa.true(),
        comment="false: in the e-mail of the morning",
    ),
    sa.Column("mail_id", sa.ForeignKey("mails.id", ondelete="CASCADE"), comment="the e-mail that tells it"),
    sa.Column("delivered_at", sa.DateTime(timezone=True)),
    sa.Column("failed_at", sa.DateTime(timezone=True), comment="given up"),
    sa.Column("last_error", sa.Text),
    created_at(),
    sa.Index("deliveries_mail_id_ix", "mail_id"),
)

feed_links = sa.Table(
    "feed_links",
    metadata,
    uuid7_pk(),
    sa.Column(
        "user_id",
        sa.ForeignKey("users.id", ondelete="CASCADE"),
        comment="who made it and reads it; null: a key",
    ),
    sa.Column(
        "machine_id",
        pg.UUID(as_uuid=True),
        comment="of a key, that it was made with: it stays the same when the key is rotated",
    ),
    sa.Column("name", sa.Text, nullable=False, comment="as people call it"),
    sa.Column(
        "token_hash",
        sa.LargeBinary,
        nullable=False,
        unique=True,
        comment="SHA-256; the token itself is shown once",
    ),
    sa.Column("filter", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("revoked_at", sa.DateTime(timezone=True)),
    created_at(),
    sa.CheckConstraint("(user_id IS NULL) <> (machine_id IS NULL)", name="has_maker"),
    sa.Index("feed_links_user_id_ix", "user_id"),
    comment="Private addresses of the calendar and the Atom feed; who knows one reads what its maker may see",
)

feed_epoch = sa.Table(
    "feed_epoch",
    metadata,
    sa.Column("id", pg.UUID(as_uuid=True), primary_key=True, server_default=sa.text("gen_random_uuid()")),
    sa.Column("single", sa.Boolean, nullable=False, unique=True, server_default=sa.true()),
    sa.CheckConstraint("single", name="one_row"),
    comment="One row: which feed this is. A backup that is put back begins another one, as places are given anew",
)
