"""Requests are withdrawn with their works; a claim may follow one that was refused

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

STATES = "state IN ('asked', 'yes', 'no', 'no_answer', 'done'{})"
WITHDRAWN = """
    UPDATE requests q SET state = 'withdrawn', version = q.version + 1, updated_at = now(),
        withdrawal = CASE WHEN w.deleted_at IS NOT NULL THEN 'deleted' WHEN w.certainty IN ('cancelled', 'done') THEN w.certainty ELSE 'vanished' END
    FROM works w
    WHERE w.id = q.works_id
      AND (q.state IN ('asked', 'no_answer') AND (w.deleted_at IS NOT NULL OR w.certainty IN ('cancelled', 'done') OR w.vanished_at IS NOT NULL)
           OR q.state = 'yes' AND (w.deleted_at IS NOT NULL OR w.certainty = 'cancelled'))
"""


def upgrade() -> None:
    op.add_column(
        "requests", sa.Column("withdrawal", sa.Text(), comment="of a withdrawn one: what became of its works")
    )
    op.drop_constraint("requests_state_known_ck", "requests")
    op.create_check_constraint(op.f("requests_state_known_ck"), "requests", STATES.format(", 'withdrawn'"))
    op.execute(WITHDRAWN)
    op.create_check_constraint(
        op.f("requests_withdrawal_known_ck"),
        "requests",
        "withdrawal IN ('cancelled', 'deleted', 'done', 'vanished')",
    )
    # A request is never withdrawn without a reason.
    op.create_check_constraint(
        op.f("requests_withdrawal_said_ck"), "requests", "(state = 'withdrawn') = (withdrawal IS NOT NULL)"
    )
    op.add_column(
        "claim_files",
        sa.Column("follows_id", sa.UUID(), comment="the refused claim that it takes the place of"),
    )
    op.create_foreign_key(
        op.f("claim_files_follows_id_fk"), "claim_files", "claim_files", ["follows_id"], ["id"]
    )
    # A refused claim is followed once: two of them would be paid twice.
    op.create_unique_constraint(op.f("claim_files_follows_id_uq"), "claim_files", ["follows_id"])
    op.drop_constraint("claim_files_conflict_id_uq", "claim_files")
    # Of a defect one claim begins; the others follow each other.
    op.create_index(
        "claim_files_first_uq",
        "claim_files",
        ["conflict_id"],
        unique=True,
        postgresql_where=sa.text("follows_id IS NULL"),
    )
    op.create_index("claim_files_conflict_id_ix", "claim_files", ["conflict_id"])


def downgrade() -> None:
    op.drop_index("claim_files_conflict_id_ix", "claim_files")
    op.drop_index("claim_files_first_uq", "claim_files")
    op.execute("DELETE FROM claim_files WHERE follows_id IS NOT NULL")
    op.create_unique_constraint("claim_files_conflict_id_uq", "claim_files", ["conflict_id"])
    op.drop_column("claim_files", "follows_id")
    op.drop_constraint("requests_withdrawal_said_ck", "requests")
    op.execute("UPDATE requests SET state = 'no' WHERE state = 'withdrawn'")
    op.drop_column("requests", "withdrawal")
    op.drop_constraint("requests_state_known_ck", "requests")
    op.create_check_constraint(op.f("requests_state_known_ck"), "requests", STATES.format(""))
