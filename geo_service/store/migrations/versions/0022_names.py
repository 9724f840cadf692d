"""Nouns of the field as names: group of a claim, state and overlap share of a rule, exclusion of works from digs

Revision ID: 0022
Revises: 0021
"""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

COLUMNS = (
    ("claims", "whole_id", "group_id"),
    ("rules", "life", "state"),
    ("rules", "least_share", "min_overlap_share"),
    ("works", "apart", "exclude_from_dig"),
)
CONSTRAINT = ("rules_life_known_ck", "rules_state_known_ck")


def upgrade() -> None:
    for table, old, new in COLUMNS:
        op.alter_column(table, old, new_column_name=new)
    _rename_constraint(*CONSTRAINT)


def downgrade() -> None:
    _rename_constraint(*reversed(CONSTRAINT))
    for table, old, new in COLUMNS:
        op.alter_column(table, new, new_column_name=old)


def _rename_constraint(old: str, new: str) -> None:
    op.execute(f"ALTER TABLE rules RENAME CONSTRAINT {old} TO {new}")
