"""The city's own building projects, whom to call about them, and the files of their handover."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.store.tables.base import (
    metadata,
    people_to_call,
    sealed_file,
    updated_at,
    uuid7_pk,
)

NOTHING = sa.text("'[]'::jsonb")

building_projects = sa.Table(
    "building_projects",
    metadata,
    uuid7_pk(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("building_id", sa.ForeignKey("buildings.id", ondelete="SET NULL")),
    sa.Column(
        "works_id",
        sa.ForeignKey("works.id", ondelete="SET NULL"),
        comment="the works that it is in the street",
    ),
    sa.Column("phases", pg.JSONB, nullable=False, server_default=NOTHING),
    sa.Column("budget_eur", sa.Numeric(14, 2)),
    sa.Column("spent_eur", sa.Numeric(14, 2)),
    sa.Column("subsidies", pg.JSONB, nullable=False, server_default=NOTHING),
    sa.Column("next_decision", sa.Text, comment="that the college has to take"),
    sa.Column("next_decision_on", sa.Date),
    sa.Column("handover_on", sa.Date, comment="to who maintains the building"),
    sa.Column("warranties", pg.JSONB, nullable=False, server_default=NOTHING),
    sa.Column("note", sa.Text, comment="what goes along at the handover"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    updated_at(),
    sa.CheckConstraint("name <> ''", name="named"),
    sa.CheckConstraint("budget_eur >= 0 AND spent_eur >= 0", name="no_debt"),
    comment="The city's own building projects: phases, money, deadlines, handover",
)

project_contacts = sa.Table(
    "project_contacts",
    metadata,
    sa.Column("project_id", sa.ForeignKey("building_projects.id", ondelete="CASCADE"), primary_key=True),
    *people_to_call(),
    comment="Whom to call about a building project: personal data, apart from the project itself",
)

project_files = sa.Table(
    "project_files",
    metadata,
    uuid7_pk(),
    sa.Column("project_id", sa.ForeignKey("building_projects.id", ondelete="CASCADE"), nullable=False),
    sa.Column("title", sa.Text, nullable=False, comment="the name of the file without its ending"),
    *sealed_file(),
    sa.Index("project_files_project_id_ix", "project_id"),
    comment="Files that go along at the handover of a building project",
)
