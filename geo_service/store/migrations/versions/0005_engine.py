"""Digs, sides of the street, calendars of buildings, rules that count

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NO_TEXTS = sa.text("'{}'::text[]")


def upgrade() -> None:
    _works_and_digs()
    _claims()
    _rules()
    op.add_column("conflicts", sa.Column("street_id", sa.UUID(), nullable=True))
    op.create_foreign_key(op.f("conflicts_street_id_fk"), "conflicts", "streets", ["street_id"], ["id"])
    # Finds the conflicts of a street that is looked at anew.
    op.create_index("conflicts_street_id_ix", "conflicts", ["street_id"])


def _works_and_digs() -> None:
    op.add_column(
        "works",
        sa.Column(
            "apart",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="a person says: no part of another dig",
        ),
    )
    op.add_column(
        "works",
        sa.Column(
            "umbrella",
            sa.Boolean(),
            nullable=True,
            comment="a person says whether these are umbrella works; null: from length and size",
        ),
    )
    op.create_table(
        "phase_digs",
        sa.Column("phase_id", sa.UUID(), nullable=False),
        sa.Column("works_id", sa.UUID(), nullable=False),
        sa.Column("dig_id", sa.UUID(), nullable=False, comment="its oldest phase"),
        sa.PrimaryKeyConstraint("phase_id", name=op.f("phase_digs_pk")),
        comment="Digs of several records: one owner group, the same ground, the same days. What is absent is a dig by itself",
    )
    op.create_index("phase_digs_works_id_ix", "phase_digs", ["works_id"])
    op.create_index("phase_digs_dig_id_ix", "phase_digs", ["dig_id"])
    op.create_table(
        "calendars",
        sa.Column("function", sa.Text(), nullable=False, comment="of buildings: school"),
        sa.Column("during", pg.DATERANGE(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)",
            name=op.f("calendars_during_bounded_ck"),
        ),
        sa.PrimaryKeyConstraint("function", "during", name=op.f("calendars_pk")),
        comment="When buildings of a function must stay reachable; a function without rows: always",
    )


def _claims() -> None:
    op.drop_constraint("claims_kind_known_ck", "claims")
    op.create_check_constraint(
        op.f("claims_kind_known_ck"),
        "claims",
        "kind IN ('opening', 'occupancy', 'repair', 'defect', 'investment', 'guarantee', 'access', 'street')",
    )
    op.add_column(
        "claims",
        sa.Column(
            "whole_id",
            sa.UUID(),
            nullable=True,
            comment="what meets others as one: a dig of several records, a building in all its terms; else the origin",
        ),
    )
    op.execute("UPDATE claims SET whole_id = origin_id")
    op.alter_column("claims", "whole_id", nullable=False)
    op.add_column("claims", sa.Column("street_id", sa.UUID(), nullable=True))
    op.add_column("claims", sa.Column("sides", pg.ARRAY(sa.Text()), server_default=NO_TEXTS, nullable=False))
    op.add_column(
        "claims",
        sa.Column(
            "severity",
            sa.Text(),
            nullable=True,
            comment="how bad it is to meet this, where the rule leaves it open",
        ),
    )
    op.add_column(
        "claims",
        sa.Column("eur_per_m2", sa.Double(), nullable=True, comment="price of relaying the surface there"),
    )
    # Finds the claims of a street that is looked at anew.
    op.create_index("claims_street_id_ix", "claims", ["street_id"])


def _rules() -> None:
    op.add_column(
        "rules",
        sa.Column(
            "same_side",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="not across the street, where the sides are known",
        ),
    )
    for name, comment in (
        ("ends_within_days", "b ends at most so long after a begins"),
        ("least_count", "counts digs on one b instead of telling each pair"),
        ("window_days", "in which least_count begin"),
    ):
        op.add_column("rules", sa.Column(name, sa.Integer(), nullable=True, comment=comment))
    op.add_column(
        "rules", sa.Column("yields_to", pg.ARRAY(sa.Text()), server_default=NO_TEXTS, nullable=False)
    )
    # A count without its window, or a window without a count, says nothing.
    op.create_check_constraint(
        op.f("rules_counts_in_a_window_ck"), "rules", "(least_count IS NULL) = (window_days IS NULL)"
    )


def downgrade() -> None:
    op.drop_constraint("rules_counts_in_a_window_ck", "rules")
    for name in ("yields_to", "window_days", "least_count", "ends_within_days", "same_side"):
        op.drop_column("rules", name)
    op.execute("DELETE FROM claims WHERE kind = 'street'")
    for name in ("eur_per_m2", "severity", "sides", "street_id", "whole_id"):
        op.drop_column("claims", name)
    op.drop_constraint("claims_kind_known_ck", "claims")
    op.create_check_constraint(
        op.f("claims_kind_known_ck"),
        "claims",
        "kind IN ('opening', 'occupancy', 'repair', 'defect', 'investment', 'guarantee', 'access')",
    )
    op.drop_table("calendars")
    op.drop_table("phase_digs")
    op.drop_column("works", "umbrella")
    op.drop_column("works", "apart")
    op.drop_column("conflicts", "street_id")
