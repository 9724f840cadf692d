"""Nobody changes what is in the trail of a conflict

Revision ID: 0027
Revises: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# Whoever can write to the table must not be able to change what happened; `refuse_change` came with the audit trail.
APPEND_ONLY = """
CREATE TRIGGER conflict_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON conflict_events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
COMMENT = "The audit trail of one conflict. Append-only: a trigger refuses UPDATE, DELETE and TRUNCATE"
BEFORE = "The audit trail of one conflict: rows are only ever added"


def upgrade() -> None:
    op.execute("UPDATE conflicts SET agreement = NULL WHERE agreement = 'null'")
    op.execute(APPEND_ONLY)
    op.create_table_comment("conflict_events", COMMENT, existing_comment=BEFORE)


def downgrade() -> None:
    op.execute("DROP TRIGGER conflict_events_append_only ON conflict_events")
    op.create_table_comment("conflict_events", BEFORE, existing_comment=COMMENT)
