"""What people arrange around conflicts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.conflicts import JOINT_STATUSES
from geo_service.store.tables.base import metadata, one_of, uuid7_pk

joint_projects = sa.Table(
    "joint_projects",
    metadata,
    uuid7_pk(),
    # No foreign keys: what a dig was must be known when one of its records is gone.
    sa.Column("a_origin_id", pg.UUID(as_uuid=True), nullable=False, comment="of the two digs, the lower id"),
    sa.Column("b_origin_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column(
        "conflict_id",
        sa.ForeignKey("conflicts.id", ondelete="CASCADE"),
        nullable=False,
        comment="that somebody looked at",
    ),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.UniqueConstraint("a_origin_id", "b_origin_id"),
    one_of("status", JOINT_STATUSES),
    sa.CheckConstraint("a_origin_id < b_origin_id", name="two_digs"),
    sa.Index("joint_projects_conflict_id_ix", "conflict_id"),
    comment="Works of two owners on the same days and ground, of which a person said whether they are one project",
)
