"""What people said of a joint project is bound to the works, whatever name their dig goes by

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

WORKS = """
    UPDATE joint_projects j SET {side}_works_ids = ARRAY(
        SELECT CAST(one AS uuid) FROM jsonb_array_elements_text(coalesce(c.{side} -> 'works_ids', jsonb_build_array(c.{side} ->> 'works_id'))) one)
    FROM conflicts c WHERE c.id = j.conflict_id
"""


def upgrade() -> None:
    for side, comment in (("a", "works of the one owner; any of them stands for the decision"), ("b", None)):
        column = f"{side}_works_ids"
        op.add_column("joint_projects", sa.Column(column, pg.ARRAY(sa.UUID()), comment=comment))
        op.execute(WORKS.format(side=side))
        op.alter_column("joint_projects", column, nullable=False)
        op.create_index(f"joint_projects_{column}_ix", "joint_projects", [column], postgresql_using="gin")
    op.drop_column("joint_projects", "a_origin_id")
    op.drop_column("joint_projects", "b_origin_id")


def downgrade() -> None:
    for side in ("a", "b"):
        op.add_column("joint_projects", sa.Column(f"{side}_origin_id", sa.UUID()))
    op.execute(
        "UPDATE joint_projects j SET a_origin_id = least(c.a_origin_id, c.b_origin_id), b_origin_id = greatest(c.a_origin_id, c.b_origin_id) "
        "FROM conflicts c WHERE c.id = j.conflict_id"
    )
    op.execute(
        "DELETE FROM joint_projects j USING joint_projects newer WHERE newer.decided_at > j.decided_at "
        "AND (newer.a_origin_id, newer.b_origin_id) = (j.a_origin_id, j.b_origin_id)"
    )
    for side in ("a", "b"):
        op.alter_column("joint_projects", f"{side}_origin_id", nullable=False)
        op.drop_column("joint_projects", f"{side}_works_ids")
    op.create_unique_constraint(
        op.f("joint_projects_a_origin_id_b_origin_id_uq"), "joint_projects", ["a_origin_id", "b_origin_id"]
    )
    op.create_check_constraint(
        op.f("joint_projects_two_digs_ck"), "joint_projects", "a_origin_id < b_origin_id"
    )
