"""Up to which day what follows from the facts was computed, and whether facts changed."""

from __future__ import annotations

import sqlalchemy as sa

from geo_service.store.tables.base import metadata, one_of

RECOMPUTATIONS = ("night", "full", "check")

recomputations = sa.Table(
    "recomputations",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False, comment="the calendar day for which it computed"),
    sa.Column(
        "made_with",
        sa.Text,
        nullable=False,
        comment="fingerprint of statements, rules, certainties and parameters; another one needs a full run",
    ),
    sa.Column("works", sa.Integer, comment="looked at anew; null: all"),
    sa.Column("repairs", sa.Integer),
    sa.Column("buildings", sa.Integer),
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("closed", sa.Integer, nullable=False),
    sa.Column("alerts", sa.Integer, nullable=False),
    sa.Column(
        "differences", sa.Integer, comment="of a check: rows that were not as a full run has them; must be 0"
    ),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    one_of("kind", RECOMPUTATIONS),
    comment="Each new day and each full run; the newest row says for which day claims, conflicts and advice stand",
)

fact_clock = sa.Table(
    "fact_clock",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, server_default=sa.text("1")),
    sa.Column("ticks", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    sa.CheckConstraint("id = 1", name="one_row"),
    comment="One row: how many transactions of the one writer were committed. Another number: facts may have changed",
)
