"""People: who they are, how they sign in, and the audit trail, which nobody can change."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.users import DEPARTMENTS, LANGUAGES, PEOPLE_ROLES
from geo_service.domain.views import SCREENS
from geo_service.store.tables.base import created_at, metadata, one_of, updated_at, uuid7_pk


def _user_id() -> sa.Column[Any]:
    return sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


users = sa.Table(
    "users",
    metadata,
    uuid7_pk(),
    sa.Column("name", sa.Text, nullable=False, comment="as others see it"),
    sa.Column("email", sa.Text, nullable=False, comment="login of a local account"),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("department", sa.Text),
    sa.Column(
        "owner_group_id", sa.ForeignKey("owner_groups.id"), comment="of a partner: whose works it may see"
    ),
    sa.Column("language", sa.Text, comment="null: as the browser asks"),
    sa.Column("preferences", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("issuer", sa.Text, comment="who vouches for this person; null: a local account"),
    sa.Column("subject", sa.Text, comment="the person's id at the issuer"),
    sa.Column("password_hash", sa.Text, comment="argon2id; null: cannot sign in by password"),
    sa.Column("disabled_at", sa.DateTime(timezone=True)),
    created_at(),
    updated_at(),
    one_of("role", PEOPLE_ROLES),
    one_of("department", DEPARTMENTS),
    one_of("language", LANGUAGES),
    sa.CheckConstraint("name <> '' AND email <> ''", name="named"),
    sa.CheckConstraint("(issuer IS NULL) = (subject IS NULL)", name="subject_of_issuer"),
    sa.CheckConstraint("(role = 'partner') = (owner_group_id IS NOT NULL)", name="partner_has_owner_group"),
    sa.UniqueConstraint("issuer", "subject"),
    # Two local accounts with one login could not be told apart at sign-in.
    sa.Index(
        "users_email_uq", sa.text("lower(email)"), unique=True, postgresql_where=sa.text("issuer IS NULL")
    ),
)

sessions = sa.Table(
    "sessions",
    metadata,
    uuid7_pk(),
    _user_id(),
    sa.Column(
        "token_hash", sa.LargeBinary, nullable=False, unique=True, comment="SHA-256 of the cookie's value"
    ),
    sa.Column("id_token", sa.Text, comment="of the issuer, as a hint when the person signs out there"),
    sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False, comment="however active it is"),
    sa.Column("ended_at", sa.DateTime(timezone=True)),
    created_at(),
    sa.Index("sessions_user_id_ix", "user_id"),
)

sign_in_links = sa.Table(
    "sign_in_links",
    metadata,
    uuid7_pk(),
    _user_id(),
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    sa.Column("used_at", sa.DateTime(timezone=True)),
    created_at(),
    sa.Index("sign_in_links_user_id_ix", "user_id"),
    comment="One-time links to choose a password",
)

sign_in_flows = sa.Table(
    "sign_in_flows",
    metadata,
    sa.Column("state_hash", sa.LargeBinary, primary_key=True),
    sa.Column("browser_hash", sa.LargeBinary, nullable=False, comment="SHA-256 of the cookie of the browser"),
    sa.Column("nonce", sa.Text, nullable=False),
    sa.Column("verifier", sa.Text, nullable=False, comment="PKCE, RFC 7636"),
    sa.Column("next", sa.Text, nullable=False, comment="the own path to go on to"),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    created_at(),
    comment="People who are at the issuer to sign in; a row is used once",
)

sign_in_attempts = sa.Table(
    "sign_in_attempts",
    metadata,
    uuid7_pk(),
    sa.Column("account_hash", sa.LargeBinary, nullable=False, comment="SHA-256 of the login in lower case"),
    sa.Column("address", sa.Text, nullable=False, comment="of the client"),
    sa.Column("succeeded", sa.Boolean, nullable=False, server_default=sa.false()),
    created_at(),
    sa.Index("sign_in_attempts_account_ix", "account_hash", "created_at"),
    sa.Index("sign_in_attempts_address_ix", "address", "created_at"),
    comment="Counted by all processes together, to slow down who guesses",
)

second_factors = sa.Table(
    "second_factors",
    metadata,
    sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False, comment="encrypted (vault.py): the secret of the authenticator app"),
    sa.Column("holder", sa.LargeBinary, nullable=False, comment="the step or session that it was offered to"),
    sa.Column("confirmed_at", sa.DateTime(timezone=True), comment="null: no code was entered yet, it does not count"),
    sa.Column("last_step", sa.BigInteger, nullable=False, server_default="0", comment="of the last code: none is good twice"),
    sa.Column(
        "paper_hashes", pg.ARRAY(sa.LargeBinary), nullable=False, server_default="{}", comment="SHA-256 of the codes on paper that are left"
    ),
    created_at(),
    comment="What local accounts prove beside the password",
)  # fmt: skip

sign_in_steps = sa.Table(
    "sign_in_steps",
    metadata,
    sa.Column("token_hash", sa.LargeBinary, primary_key=True, comment="SHA-256 of the cookie's value"),
    _user_id(),
    sa.Column("way", sa.Text, nullable=False, comment="of the first factor: password or link"),
    sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
    created_at(),
    sa.Index("sign_in_steps_user_id_ix", "user_id"),
    comment="People who proved the password and have still to enter a code",
)

department_views = sa.Table(
    "department_views",
    metadata,
    uuid7_pk(),
    sa.Column("department", sa.Text, nullable=False),
    sa.Column("screen", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("search", sa.Text, nullable=False, comment="of the address: filters, order and columns"),
    created_at(),
    one_of("department", DEPARTMENTS),
    one_of("screen", SCREENS),
    # Two views of one name could not be told apart.
    sa.UniqueConstraint("department", "screen", "name"),
    comment="Views of lists that a department shares",
)

audit = sa.Table(
    "audit",
    metadata,
    uuid7_pk(),
    sa.Column("who", sa.Text, nullable=False, comment="name of the person, the key or the command line"),
    sa.Column("user_id", pg.UUID(as_uuid=True), comment="of a person; no reference, as rows outlive users"),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("thing", sa.Text, nullable=False, comment="kind:id"),
    sa.Column("facts", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("audit_thing_ix", "thing"),
    sa.Index("audit_at_ix", "at"),
    comment="Append-only: triggers refuse every change but a pseudonym for who is erased",
)
