"""Subscriptions by e-mail, and the e-mails themselves

Revision ID: 0029
Revises: 0028
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)
CHECKS = {
    "channel_known": "channel IN ('webhook', 'email')",
    "rhythm_known": "rhythm IN ('each', 'critical', 'digest')",
    "language_known": "language IN ('nl', 'en')",
    "email_has_rhythm": "(channel = 'email') = (rhythm IS NOT NULL)",
    "has_target": "target IS NOT NULL OR channel = 'email' AND user_id IS NOT NULL",
    "follows_a_person": "NOT follows_person OR user_id IS NOT NULL",
}


def _instant(name: str, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), comment=comment)


def _flag(name: str, default: sa.sql.elements.ColumnElement[bool], comment: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), server_default=default, nullable=False, comment=comment)


def upgrade() -> None:
    for column in (
        sa.Column(
            "user_id",
            sa.UUID(),
            comment="of a person, who sees what it may see itself; null: one of the city's or of a partner",
        ),
        _flag(
            "follows_person",
            sa.false(),
            "the person's own choice of notification: what its department is told",
        ),
        sa.Column("name", sa.Text(), comment="as people call it"),
        sa.Column("rhythm", sa.Text(), comment="of e-mail"),
        sa.Column("language", sa.Text(), comment="of e-mail; null: that of the person, or of the service"),
        sa.Column("last_digest_on", sa.Date(), comment="one e-mail a morning, however many workers ask"),
        sa.Column("bounces", sa.Integer(), server_default="0", nullable=False, comment="in a row"),
        sa.Column("problem", sa.Text(), comment="of the last e-mail that came back; null once one arrives"),
        _instant("problem_at"),
    ):
        op.add_column("subscriptions", column)
    op.alter_column(
        "subscriptions",
        "target",
        nullable=True,
        comment="address of the webhook, or of e-mail; null: e-mail to the address of its person",
    )
    op.alter_column(
        "subscriptions", "secret", comment="whsec_… to sign with; of e-mail what its unsubscribe links hold"
    )
    op.create_foreign_key(
        op.f("subscriptions_user_id_fk"), "subscriptions", "users", ["user_id"], ["id"], ondelete="CASCADE"
    )
    op.drop_constraint(op.f("subscriptions_channel_known_ck"), "subscriptions")
    for name, check in CHECKS.items():
        op.create_check_constraint(op.f(f"subscriptions_{name}_ck"), "subscriptions", check)
    op.create_index(
        "subscriptions_follows_person_uq",
        "subscriptions",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("follows_person"),
    )
    _mails()


def _mails() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False),
        sa.Column("subscription_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        _instant("attempt_at", "start of the attempt that is under way"),
        _instant("sent_at"),
        _instant("failed_at", "given up"),
        sa.Column("last_error", sa.Text()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("mails_pk")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("mails_subscription_id_fk"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("kind IN ('at_once', 'digest')", name=op.f("mails_kind_known_ck")),
        comment="E-mails by what they tell of, not by their words: the id is that of the message",
    )
    op.create_index("mails_subscription_id_ix", "mails", ["subscription_id"])
    op.add_column("deliveries", _flag("at_once", sa.true(), "false: in the e-mail of the morning"))
    op.add_column("deliveries", sa.Column("mail_id", sa.UUID(), comment="the e-mail that tells it"))
    op.create_foreign_key(
        op.f("deliveries_mail_id_fk"), "deliveries", "mails", ["mail_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index("deliveries_mail_id_ix", "deliveries", ["mail_id"])


def downgrade() -> None:
    op.execute("DELETE FROM subscriptions WHERE channel = 'email'")
    op.drop_column("deliveries", "mail_id")
    op.drop_column("deliveries", "at_once")
    op.drop_table("mails")
    for name in CHECKS:
        op.drop_constraint(op.f(f"subscriptions_{name}_ck"), "subscriptions")
    op.create_check_constraint(
        op.f("subscriptions_channel_known_ck"), "subscriptions", "channel IN ('webhook')"
    )
    op.alter_column("subscriptions", "target", nullable=False)
    for name in (
        "problem_at", "problem", "bounces", "last_digest_on", "language", "rhythm", "name", "follows_person", "user_id",
    ):  # fmt: skip
        op.drop_column("subscriptions", name)
