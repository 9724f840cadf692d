"""What people arrange around conflicts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.claim_files import CLAIM_STATES
from geo_service.domain.conflicts import JOINT_STATUSES
from geo_service.domain.requests import REQUEST_STATES, WITHDRAWALS
from geo_service.store.tables.base import (
    created_at,
    metadata,
    one_of,
    people_to_call,
    sealed_file,
    updated_at,
    uuid7_pk,
)

joint_projects = sa.Table(
    "joint_projects",
    metadata,
    uuid7_pk(),
    # No foreign keys: what a dig was must be known when one of its records is gone.
    sa.Column(
        "a_works_ids",
        pg.ARRAY(pg.UUID(as_uuid=True)),
        nullable=False,
        comment="works of the one owner; any of them stands for the decision",
    ),
    sa.Column("b_works_ids", pg.ARRAY(pg.UUID(as_uuid=True)), nullable=False),
    sa.Column(
        "conflict_id",
        sa.ForeignKey("conflicts.id", ondelete="CASCADE"),
        nullable=False,
        comment="that somebody looked at",
    ),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    one_of("status", JOINT_STATUSES),
    sa.Index("joint_projects_a_works_ids_ix", "a_works_ids", postgresql_using="gin"),
    sa.Index("joint_projects_b_works_ids_ix", "b_works_ids", postgresql_using="gin"),
    sa.Index("joint_projects_conflict_id_ix", "conflict_id"),
    comment="Works of two owners on the same days and ground, of which a person said whether they are one project",
)

requests = sa.Table(
    "requests",
    metadata,
    uuid7_pk(),
    sa.Column(
        "number", sa.BigInteger, sa.Identity(start=1), nullable=False, unique=True, comment="R-1, for people"
    ),
    sa.Column("works_id", sa.ForeignKey("works.id"), nullable=False),
    sa.Column("owner_group_id", sa.ForeignKey("owner_groups.id"), nullable=False, comment="who is asked"),
    sa.Column("repair_ids", pg.ARRAY(pg.UUID(as_uuid=True)), nullable=False),
    sa.Column("street", sa.Text),
    sa.Column("number_from", sa.Integer),
    sa.Column("number_to", sa.Integer),
    sa.Column("starts_on", sa.Date, nullable=False, comment="of the works, when they were asked"),
    sa.Column("ends_on", sa.Date, nullable=False),
    sa.Column("width_m", sa.Double, comment="null: the full width"),
    sa.Column("note", sa.Text),
    sa.Column("state", sa.Text, nullable=False, server_default="asked"),
    sa.Column("due_on", sa.Date, nullable=False, comment="the last day to answer"),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("answered_by", sa.Text),
    sa.Column("answered_at", sa.DateTime(timezone=True)),
    sa.Column("answer_note", sa.Text),
    sa.Column(
        "late", sa.Boolean, nullable=False, server_default=sa.false(), comment="answered after the term"
    ),
    sa.Column("withdrawal", sa.Text, comment="of a withdrawn one: what became of its works"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    created_at(),
    updated_at(),
    one_of("state", REQUEST_STATES),
    one_of("withdrawal", WITHDRAWALS),
    # A request is never withdrawn without a reason.
    sa.CheckConstraint("(state = 'withdrawn') = (withdrawal IS NOT NULL)", name="withdrawal_said"),
    sa.CheckConstraint("width_m > 0", name="width_positive"),
    sa.Index("requests_works_id_ix", "works_id"),
    sa.Index("requests_owner_group_id_ix", "owner_group_id"),
    sa.Index("requests_repair_ids_ix", "repair_ids", postgresql_using="gin"),
    comment="What a utility is asked to reinstate along with its works",
)

claim_files = sa.Table(
    "claim_files",
    metadata,
    uuid7_pk(),
    sa.Column(
        "number", sa.BigInteger, sa.Identity(start=1), nullable=False, unique=True, comment="V-1, for people"
    ),
    sa.Column("conflict_id", sa.ForeignKey("conflicts.id"), nullable=False),
    # A refused claim is followed once: two of them would be paid twice.
    sa.Column(
        "follows_id",
        sa.ForeignKey("claim_files.id"),
        unique=True,
        comment="the refused claim that it takes the place of",
    ),
    sa.Column(
        "owner_group_id", sa.ForeignKey("owner_groups.id"), nullable=False, comment="who is asked to pay"
    ),
    sa.Column("state", sa.Text, nullable=False, server_default="sent"),
    sa.Column("amount_eur", sa.Double, nullable=False),
    sa.Column("facts", pg.JSONB, nullable=False, comment="as they were when it was sent"),
    sa.Column("note", sa.Text),
    sa.Column("sent_by", sa.Text, nullable=False),
    sa.Column("answered_by", sa.Text),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    created_at(),
    updated_at(),
    one_of("state", CLAIM_STATES),
    sa.CheckConstraint("amount_eur >= 0", name="amount_not_negative"),
    # Of a defect one claim begins; the others follow each other.
    sa.Index(
        "claim_files_first_uq", "conflict_id", unique=True, postgresql_where=sa.text("follows_id IS NULL")
    ),
    sa.Index("claim_files_conflict_id_ix", "conflict_id"),
    sa.Index("claim_files_owner_group_id_ix", "owner_group_id"),
    comment="Claims on the guarantee of a utility",
)

attachments = sa.Table(
    "attachments",
    metadata,
    uuid7_pk(),
    sa.Column(
        "number", sa.BigInteger, sa.Identity(start=1), nullable=False, unique=True, comment="A-1, for people"
    ),
    sa.Column("conflict_id", sa.ForeignKey("conflicts.id"), nullable=False),
    *sealed_file(),
    sa.Index("attachments_conflict_id_ix", "conflict_id"),
    comment="Files beside remarks on conflicts; the trail of the conflict names them",
)

works_contacts = sa.Table(
    "works_contacts",
    metadata,
    sa.Column("works_id", sa.ForeignKey("works.id", ondelete="CASCADE"), primary_key=True),
    *people_to_call(),
    comment="Whom to call about works: personal data, apart from the works themselves",
)

holds = sa.Table(
    "holds",
    metadata,
    sa.Column("repair_id", sa.ForeignKey("repairs.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("until", sa.Date, nullable=False, comment="the day from which the repair is free"),
    sa.Column(
        "released_on",
        sa.Date,
        comment="the day on which the hold ended; before `until`: it was cancelled. null: in force",
    ),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    updated_at(),
    comment="The last hold of each repair, in force or not, for calendars: SEQUENCE rises with each change",
)
