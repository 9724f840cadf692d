"""People who sign in, and the audit trail

Revision ID: 0025
Revises: 0024
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UUID7 = sa.text(
    "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
)
ROLES = "role IN ('viewer', 'workshop', 'utilities_desk', 'coordinator', 'partner', 'admin')"
DEPARTMENTS = "department IN ('nutsen', 'werkplaatsen', 'publiek_domein', 'patrimonium', 'stedenbouw')"

# The one place where a function in the database is meant: whoever can write to the table must not be able to change what happened.
REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$
"""
APPEND_ONLY = """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.UUID(), server_default=UUID7, nullable=False)


def _instant(name: str, *, needed: bool = False, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not needed, comment=comment)


def _now(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)


def _of_user(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["users.id"], name=op.f(f"{table}_user_id_fk"), ondelete="CASCADE"
    )


def upgrade() -> None:
    _users()
    _sessions()
    _links_and_flows()
    _attempts()
    _audit()


def _users() -> None:
    op.create_table(
        "users",
        _id(),
        sa.Column("name", sa.Text(), nullable=False, comment="as others see it"),
        sa.Column("email", sa.Text(), nullable=False, comment="login of a local account"),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("department", sa.Text()),
        sa.Column("owner_group_id", sa.Text(), comment="of a partner: whose works it may see"),
        sa.Column("language", sa.Text(), comment="null: as the browser asks"),
        sa.Column("preferences", pg.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.Column("issuer", sa.Text(), comment="who vouches for this person; null: a local account"),
        sa.Column("subject", sa.Text(), comment="the person's id at the issuer"),
        sa.Column("password_hash", sa.Text(), comment="argon2id; null: cannot sign in by password"),
        _instant("disabled_at"),
        _now("created_at"),
        _now("updated_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("users_pk")),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("users_owner_group_id_fk")
        ),
        sa.UniqueConstraint("issuer", "subject", name=op.f("users_issuer_subject_uq")),
        sa.CheckConstraint(ROLES, name=op.f("users_role_known_ck")),
        sa.CheckConstraint(DEPARTMENTS, name=op.f("users_department_known_ck")),
        sa.CheckConstraint("language IN ('nl', 'en')", name=op.f("users_language_known_ck")),
        sa.CheckConstraint("name <> '' AND email <> ''", name=op.f("users_named_ck")),
        sa.CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name=op.f("users_subject_of_issuer_ck")),
        sa.CheckConstraint(
            "(role = 'partner') = (owner_group_id IS NOT NULL)",
            name=op.f("users_partner_has_owner_group_ck"),
        ),
    )
    op.create_index(
        "users_email_uq",
        "users",
        [sa.text("lower(email)")],
        unique=True,
        postgresql_where=sa.text("issuer IS NULL"),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        _id(),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the cookie's value"),
        sa.Column("id_token", sa.Text(), comment="of the issuer, as a hint when the person signs out there"),
        _now("seen_at"),
        _instant("expires_at", needed=True, comment="however active it is"),
        _instant("ended_at"),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("sessions_pk")),
        _of_user("sessions"),
        sa.UniqueConstraint("token_hash", name=op.f("sessions_token_hash_uq")),
    )
    op.create_index("sessions_user_id_ix", "sessions", ["user_id"])


def _links_and_flows() -> None:
    op.create_table(
        "sign_in_links",
        _id(),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _instant("expires_at", needed=True),
        _instant("used_at"),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_links_pk")),
        _of_user("sign_in_links"),
        sa.UniqueConstraint("token_hash", name=op.f("sign_in_links_token_hash_uq")),
        comment="One-time links to choose a password",
    )
    op.create_index("sign_in_links_user_id_ix", "sign_in_links", ["user_id"])
    op.create_table(
        "sign_in_flows",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "browser_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the cookie of the browser",
        ),
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False, comment="PKCE, RFC 7636"),
        sa.Column("next", sa.Text(), nullable=False, comment="the own path to go on to"),
        _instant("expires_at", needed=True),
        _now("created_at"),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("sign_in_flows_pk")),
        comment="People who are at the issuer to sign in; a row is used once",
    )


def _attempts() -> None:
    op.create_table(
        "sign_in_attempts",
        _id(),
        sa.Column(
            "account_hash", sa.LargeBinary(), nullable=False, comment="SHA-256 of the login in lower case"
        ),
        sa.Column("address", sa.Text(), nullable=False, comment="of the client"),
        sa.Column("succeeded", sa.Boolean(), server_default=sa.false(), nullable=False),
        _now("created_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_attempts_pk")),
        comment="Counted by all processes together, to slow down who guesses",
    )
    op.create_index("sign_in_attempts_account_ix", "sign_in_attempts", ["account_hash", "created_at"])
    op.create_index("sign_in_attempts_address_ix", "sign_in_attempts", ["address", "created_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        _id(),
        sa.Column(
            "who", sa.Text(), nullable=False, comment="name of the person, the key or the command line"
        ),
        sa.Column("user_id", sa.UUID(), comment="of a person; no reference, as rows outlive users"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("thing", sa.Text(), nullable=False, comment="kind:id"),
        sa.Column("facts", pg.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        _now("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_pk")),
        comment="Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE",
    )
    op.create_index("audit_thing_ix", "audit", ["thing"])
    op.create_index("audit_at_ix", "audit", ["at"])
    op.execute(REFUSE_CHANGE)
    op.execute(APPEND_ONLY)


def downgrade() -> None:
    for table in ("audit", "sign_in_attempts", "sign_in_flows", "sign_in_links", "sessions", "users"):
        op.drop_table(table)
    op.execute("DROP FUNCTION refuse_change()")
