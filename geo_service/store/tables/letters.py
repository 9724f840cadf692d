"""Citizens who want an e-mail when something changes in a street."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store.tables.base import created_at, metadata, uuid7_pk

street_letters = sa.Table(
    "street_letters",
    metadata,
    uuid7_pk(),
    sa.Column("street", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column(
        "sealed", sa.LargeBinary, nullable=False, comment="encrypted (vault.py): address, and what links hold"
    ),
    sa.Column("token_hash", sa.Text, nullable=False, comment="SHA-256 of what the links in e-mails hold"),
    sa.Column("confirmed_at", sa.DateTime(timezone=True), comment="null: nobody has pressed the link yet"),
    sa.Column(
        "heard",
        pg.JSONB,
        nullable=False,
        server_default=sa.text("'{}'::jsonb"),
        comment="the entries of the street that the reader knows, as store/street_letters.py writes them",
    ),
    sa.Column("looked_on", sa.Date, comment="the day on which news was last looked for"),
    created_at(),
    # A link leads to one row.
    sa.Index("street_letters_token_hash_uq", "token_hash", unique=True),
    comment="Who wants an e-mail when something changes in a street: personal data, erased when it ends",
)
