"""What follows from the facts: claims, digs, conflicts, alerts."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg

from geo_service.domain.claims import CLAIM_KINDS
from geo_service.domain.conflicts import SEVERITIES, STATUSES
from geo_service.domain.rules import DEPARTMENTS
from geo_service.store.tables.base import (
    UUID7,
    created_at,
    geom,
    geom_index,
    metadata,
    one_of,
    text_array,
    updated_at,
    uuid7_pk,
)


def claim_columns() -> list[sa.Column[object] | sa.CheckConstraint]:
    """The shape of a claim, the same in the table and in the scratch table that fresh claims are written to."""
    return [
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column(
            "origin_id",
            pg.UUID(as_uuid=True),
            nullable=False,
            comment="the phase, repair or building that claims",
        ),
        sa.Column("works_id", pg.UUID(as_uuid=True)),
        sa.Column("repair_id", pg.UUID(as_uuid=True)),
        sa.Column("building_id", pg.UUID(as_uuid=True)),
        sa.Column("owner_group_id", sa.Text),
        sa.Column("starts", sa.Date, nullable=False),
        sa.Column("ends", sa.Date, comment="null: for good"),
        sa.Column("stated_starts", sa.Date, comment="as the source says it, without slack"),
        sa.Column("stated_ends", sa.Date),
        sa.Column("certainty", sa.Text),
        sa.Column(
            "probability", sa.Double, nullable=False, comment="that the ground is really taken in this period"
        ),
        sa.Column("firm", sa.Boolean, nullable=False, comment="certain enough to hold a repair by itself"),
        sa.Column("umbrella", sa.Boolean, nullable=False),
        sa.Column(
            "overdue",
            sa.Boolean,
            nullable=False,
            comment="should have started, or be over, and no sign of it",
        ),
        sa.Column("moratorium_until", sa.Date, comment="of a new surface: the end of its sperperiode"),
        sa.Column("surfaces", pg.ARRAY(sa.Text), nullable=False),
        sa.Column("value_eur", sa.Double, comment="cost of the repair"),
        sa.Column("life_days", sa.Integer, comment="service life of the new surface"),
        geom(),
        sa.Column(
            "group_id",
            pg.UUID(as_uuid=True),
            nullable=False,
            comment="what meets others as one: a dig of several records, a building in all its terms; else the origin",
        ),
        sa.Column("street_id", pg.UUID(as_uuid=True)),
        text_array("sides"),
        sa.Column("severity", sa.Text, comment="how bad it is to meet this, where the rule leaves it open"),
        sa.Column("eur_per_m2", sa.Double, comment="price of relaying the surface there"),
        sa.Column("layer", sa.Text, comment="of the street that works open (domain/layers.py)"),
    ]


CLAIM_COLUMNS = tuple(column.name for column in claim_columns() if isinstance(column, sa.Column))

claims = sa.Table(
    "claims",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    *claim_columns(),
    # One claim of a kind per origin: keeps the pair, and so the conflict, the same over moves.
    sa.UniqueConstraint("kind", "origin_id"),
    one_of("kind", CLAIM_KINDS),
    sa.CheckConstraint("ends > starts", name="ends_after_start"),
    # The one probe of detect.sql: ground and days together, as most claims on the same ground are years apart.
    sa.Index("claims_geom_during_ix", "geom", sa.text("daterange(starts, ends)"), postgresql_using="gist"),
    sa.Index("claims_works_id_ix", "works_id"),
    sa.Index("claims_repair_id_ix", "repair_id"),
    sa.Index("claims_building_id_ix", "building_id"),
    sa.Index("claims_street_id_ix", "street_id"),
)

phase_digs = sa.Table(
    "phase_digs",
    metadata,
    # No foreign keys: what a dig was must be known when one of its records is gone, to look at the others again.
    sa.Column("phase_id", pg.UUID(as_uuid=True), primary_key=True),
    sa.Column("works_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("dig_id", pg.UUID(as_uuid=True), nullable=False, comment="its oldest phase"),
    sa.Index("phase_digs_works_id_ix", "works_id"),
    sa.Index("phase_digs_dig_id_ix", "dig_id"),
    comment="Digs of several records: one owner group, the same ground, the same days. What is absent is a dig by itself",
)

conflicts = sa.Table(
    "conflicts",
    metadata,
    uuid7_pk(),
    sa.Column(
        "number", sa.BigInteger, sa.Identity(start=1), nullable=False, unique=True, comment="C-1, for people"
    ),
    sa.Column("rule_id", sa.Text, nullable=False),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("shadow", sa.Boolean, nullable=False),
    sa.Column("a_kind", sa.Text, nullable=False),
    sa.Column("a_origin_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("b_kind", sa.Text, nullable=False),
    sa.Column("b_origin_id", pg.UUID(as_uuid=True), nullable=False),
    sa.Column("a", pg.JSONB, nullable=False, comment="the claim as it was when this was last found"),
    sa.Column("b", pg.JSONB, nullable=False),
    sa.Column("works_ids", pg.ARRAY(pg.UUID(as_uuid=True)), nullable=False),
    sa.Column("repair_id", sa.ForeignKey("repairs.id")),
    sa.Column("building_id", sa.ForeignKey("buildings.id")),
    sa.Column("street_id", sa.ForeignKey("streets.id")),
    sa.Column("status", sa.Text, nullable=False, server_default="open"),
    sa.Column("severity", sa.Text, nullable=False),
    sa.Column("opportunity", sa.Boolean, nullable=False),
    sa.Column("blocking", sa.Boolean, nullable=False, comment="keeps the repair from being scheduled"),
    sa.Column("facts", pg.JSONB, nullable=False),
    sa.Column("over_on", sa.Date, comment="first day on which one of the two claims is past"),
    sa.Column(
        "agreement",
        pg.JSONB(none_as_null=True),
        comment="kind, until, note: the last one, also once facts have broken it",
    ),
    sa.Column("department", sa.Text, comment="who follows this up"),
    sa.Column("person", sa.Text),
    sa.Column("due_on", sa.Date, comment="the last day to answer"),
    sa.Column(
        "open_since",
        sa.Date,
        nullable=False,
        server_default=sa.text("CURRENT_DATE"),
        comment="of an undecided conflict: the day on which it was opened",
    ),
    sa.Column("reminded_on", sa.Date, comment="the desk was told that its term ends"),
    sa.Column("escalated_on", sa.Date, comment="the coordinator was asked to decide"),
    geom(),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    created_at(),
    updated_at(),
    # One conflict per rule and pair of claims, for ever: what comes back opens again, with its history.
    sa.UniqueConstraint(
        "rule_id", "a_kind", "a_origin_id", "b_kind", "b_origin_id", name="conflicts_pair_uq"
    ),
    one_of("status", STATUSES),
    one_of("severity", SEVERITIES),
    one_of("department", DEPARTMENTS),
    # Without waiting entries, which every search would go through one by one.
    sa.Index(
        "conflicts_works_ids_ix", "works_ids", postgresql_using="gin", postgresql_with={"fastupdate": "off"}
    ),
    sa.Index("conflicts_repair_id_ix", "repair_id"),
    sa.Index("conflicts_building_id_ix", "building_id"),
    sa.Index("conflicts_street_id_ix", "street_id"),
    geom_index("conflicts"),
)

conflict_events = sa.Table(
    "conflict_events",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("conflict_id", sa.ForeignKey("conflicts.id"), nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column(
        "actor",
        sa.Text,
        nullable=False,
        comment="role or key name; `detection` for what the service found itself",
    ),
    sa.Column("actor_id", sa.Text, comment="user:id or key:id; null: the service itself"),
    sa.Column("details", pg.JSONB, nullable=False, server_default=sa.text("'{}'::jsonb")),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Index("conflict_events_conflict_id_ix", "conflict_id"),
    comment="The audit trail of one conflict. Append-only: triggers refuse every change but a pseudonym for who is erased",
)

alerts = sa.Table(
    "alerts",
    metadata,
    sa.Column(
        "seq",
        sa.BigInteger,
        primary_key=True,
        autoincrement=False,
        comment="1, 2, 3 … in order of commit, without gaps",
    ),
    sa.Column("id", pg.UUID(as_uuid=True), nullable=False, unique=True, server_default=UUID7),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    sa.Column("conflict_id", sa.ForeignKey("conflicts.id")),
    sa.Column("repair_id", sa.ForeignKey("repairs.id")),
    text_array("departments"),
    sa.Column("data", pg.JSONB, nullable=False),
    sa.Index("alerts_repair_id_ix", "repair_id"),
)
