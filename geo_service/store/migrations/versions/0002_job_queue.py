"""Job queue: the tables and functions of procrastinate

Revision ID: 0002
Revises: 0001
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DROP = """
DROP TABLE procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers
    CASCADE;
DROP TYPE procrastinate_job_to_defer_v1, procrastinate_job_event_type, procrastinate_job_status CASCADE;
DO $$
DECLARE leftover regprocedure;
BEGIN
    FOR leftover IN SELECT oid FROM pg_proc WHERE proname LIKE 'procrastinate\\_%' LOOP
        EXECUTE format('DROP FUNCTION %s', leftover);
    END LOOP;
END $$;
"""


def upgrade() -> None:
    _run(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))


def downgrade() -> None:
    _run(DROP)


def _run(script: str) -> None:
    """Straight to the driver and without parameters: otherwise `%` in the script would be one."""
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(script)
