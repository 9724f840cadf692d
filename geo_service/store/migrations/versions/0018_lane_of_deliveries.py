"""Deliveries that wait move to the queue of their own

Revision ID: 0018
Revises: 0017
"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE procrastinate_jobs SET queue_name = 'deliveries' WHERE task_name = 'deliver' AND status = 'todo'"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE procrastinate_jobs SET queue_name = 'default' WHERE task_name = 'deliver' AND status = 'todo'"
    )
