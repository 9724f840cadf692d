"""What the facts are judged by: rules, certainties, reliabilities, calendars, parameters."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.conflicts import RULE_STATES, SEVERITIES
from geo_service.domain.works import CERTAINTIES
from geo_service.store.tables.base import (
    created_at,
    metadata,
    one_of,
    text_array,
    updated_at,
)

calendars = sa.Table(
    "calendars",
    metadata,
    sa.Column("function", sa.Text, primary_key=True, comment="of buildings: school"),
    sa.Column("during", pg.DATERANGE, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.CheckConstraint(
        "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name="during_bounded"
    ),
    comment="When buildings of a function must stay reachable; a function without rows: always",
)

certainties = sa.Table(
    "certainties",
    metadata,
    sa.Column("certainty", sa.Text, primary_key=True),
    sa.Column("slack_before_days", sa.Integer, nullable=False),
    sa.Column("slack_after_days", sa.Integer, nullable=False),
    sa.Column("probability", sa.Double, nullable=False),
    sa.Column("firm", sa.Boolean, nullable=False),
    one_of("certainty", CERTAINTIES),
    sa.CheckConstraint("probability BETWEEN 0 AND 1", name="probability_range"),
    sa.CheckConstraint("slack_before_days >= 0 AND slack_after_days >= 0", name="slack_not_negative"),
    comment="How far stated dates may be off, and how likely the ground is opened at all",
)

reliabilities = sa.Table(
    "reliabilities",
    metadata,
    sa.Column("owner_group_id", sa.ForeignKey("owner_groups.id"), comment="null: all owners together"),
    sa.Column("certainty", sa.Text, nullable=False),
    sa.Column("slack_before_days", sa.Integer, nullable=False),
    sa.Column("slack_after_days", sa.Integer, nullable=False),
    sa.Column("probability", sa.Double, nullable=False),
    sa.Column(
        "observations",
        sa.Integer,
        nullable=False,
        server_default="0",
        comment="works that it was learnt from",
    ),
    sa.Column("learnt_on", sa.Date, comment="day on which the figures or their basis last changed"),
    sa.Column("source", sa.Text, comment="who fixed this by hand, on what ground; null: it was learnt"),
    sa.Column("basis", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    one_of("certainty", CERTAINTIES),
    sa.CheckConstraint("probability BETWEEN 0 AND 1", name="probability_range"),
    sa.CheckConstraint("slack_before_days >= 0 AND slack_after_days >= 0", name="slack_not_negative"),
    # One row per owner group and certainty, and one per certainty for all owners: claims join it.
    sa.Index("reliabilities_owner_uq", "owner_group_id", "certainty", unique=True),
    sa.Index(
        "reliabilities_everyone_uq",
        "certainty",
        unique=True,
        postgresql_where=sa.text("owner_group_id IS NULL"),
    ),
    comment="What observed changes say of an owner's dates; where there is none, certainties count",
)

parameters = sa.Table(
    "parameters",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.Double, nullable=False),
    sa.Column("source", sa.Text),
    sa.Column("changed_by", sa.Text, comment="who set it; null: the command line"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    updated_at(),
    comment="Numbers the city set for itself; what is absent has the default of domain/parameters.py",
)

rules = sa.Table(
    "rules",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    text_array("kinds_a"),
    text_array("kinds_b"),
    sa.Column("clearance_m", sa.Double, nullable=False),
    sa.Column(
        "min_overlap_share",
        sa.Double,
        nullable=False,
        server_default="0",
        comment="of a's ground that must lie under b",
    ),
    sa.Column("before_days", sa.Integer, nullable=False),
    sa.Column("after_days", sa.Integer, nullable=False),
    sa.Column("owners", sa.Text, nullable=False),
    sa.Column("severity", sa.Text, comment="fixed; null: from the cost at risk"),
    sa.Column("blocking", sa.Boolean, nullable=False),
    sa.Column("opportunity", sa.Boolean, nullable=False),
    text_array("departments"),
    sa.Column(
        "same_side",
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
        comment="not across the street, where the sides are known",
    ),
    sa.Column("ends_within_days", sa.Integer, comment="b ends at most so long after a begins"),
    sa.Column("least_count", sa.Integer, comment="counts digs on one b instead of telling each pair"),
    sa.Column("window_days", sa.Integer, comment="in which least_count begin"),
    text_array("yields_to"),
    created_at(),
    sa.Column("changed_by", sa.Text, comment="who made this version; null: it came with the service"),
    sa.Column("reason", sa.Text, comment="why, in the words of who changed it"),
    one_of("state", RULE_STATES),
    one_of("owners", ("any", "same", "different")),
    one_of("severity", SEVERITIES),
    sa.CheckConstraint("clearance_m BETWEEN 0 AND 50", name="clearance_range"),
    sa.CheckConstraint("min_overlap_share BETWEEN 0 AND 1", name="share_range"),
    sa.CheckConstraint("before_days >= 0 AND after_days >= 0", name="days_not_negative"),
    sa.CheckConstraint("(least_count IS NULL) = (window_days IS NULL)", name="counts_in_a_window"),
)
