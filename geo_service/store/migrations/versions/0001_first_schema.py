"""First schema

Revision ID: 0001
Revises: nothing
"""

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS postgis")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # one index over ground and days
    op.create_table(
        "buildings",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("house_number", sa.Text(), nullable=True),
        sa.Column("function", sa.Text(), server_default="residential", nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint("NOT ST_IsEmpty(geom)", name=op.f("buildings_geom_not_empty_ck")),
        sa.CheckConstraint("ST_IsValid(geom)", name=op.f("buildings_geom_valid_ck")),
        sa.CheckConstraint(
            "geom @ ST_MakeEnvelope(-100000, -100000, 400000, 400000, 31370)",
            name=op.f("buildings_geom_in_region_ck"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("buildings_pk")),
        sa.UniqueConstraint("source", "source_id", name=op.f("buildings_source_source_id_uq")),
    )
    op.create_index("buildings_geom_ix", "buildings", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "certainties",
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("slack_before_days", sa.Integer(), nullable=False),
        sa.Column("slack_after_days", sa.Integer(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("firm", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "certainty IN ('indicative', 'planned', 'confirmed', 'in_progress', 'done', 'cancelled')",
            name=op.f("certainties_certainty_known_ck"),
        ),
        sa.CheckConstraint("probability BETWEEN 0 AND 1", name=op.f("certainties_probability_range_ck")),
        sa.CheckConstraint(
            "slack_before_days >= 0 AND slack_after_days >= 0", name=op.f("certainties_slack_not_negative_ck")
        ),
        sa.PrimaryKeyConstraint("certainty", name=op.f("certainties_pk")),
        comment="How far stated dates may be off, and how likely the ground is opened at all",
    )
    op.create_table(
        "claims",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "origin_id", sa.UUID(), nullable=False, comment="the phase, repair or building that claims"
        ),
        sa.Column("works_id", sa.UUID(), nullable=True),
        sa.Column("repair_id", sa.UUID(), nullable=True),
        sa.Column("building_id", sa.UUID(), nullable=True),
        sa.Column("owner_group_id", sa.Text(), nullable=True),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=True, comment="null: for good"),
        sa.Column("stated_starts", sa.Date(), nullable=True, comment="as the source says it, without slack"),
        sa.Column("stated_ends", sa.Date(), nullable=True),
        sa.Column("certainty", sa.Text(), nullable=True),
        sa.Column(
            "probability",
            sa.Double(),
            nullable=False,
            comment="that the ground is really taken in this period",
        ),
        sa.Column("firm", sa.Boolean(), nullable=False, comment="certain enough to hold a repair by itself"),
        sa.Column("umbrella", sa.Boolean(), nullable=False),
        sa.Column("overdue", sa.Boolean(), nullable=False, comment="should have started, and no sign of it"),
        sa.Column(
            "moratorium_until",
            sa.Date(),
            nullable=True,
            comment="of a new surface: the end of its sperperiode",
        ),
        sa.Column("surfaces", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("value_eur", sa.Double(), nullable=True, comment="cost of the repair"),
        sa.Column("life_days", sa.Integer(), nullable=True, comment="service life of the new surface"),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('opening', 'occupancy', 'repair', 'defect', 'investment', 'guarantee', 'access')",
            name=op.f("claims_kind_known_ck"),
        ),
        sa.CheckConstraint("ends > starts", name=op.f("claims_ends_after_start_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("claims_pk")),
        sa.UniqueConstraint("kind", "origin_id", name=op.f("claims_kind_origin_id_uq")),
    )
    op.create_index("claims_building_id_ix", "claims", ["building_id"], unique=False)
    op.create_index(
        "claims_geom_during_ix",
        "claims",
        ["geom", sa.literal_column("daterange(starts, ends)")],
        unique=False,
        postgresql_using="gist",
    )
    op.create_index("claims_repair_id_ix", "claims", ["repair_id"], unique=False)
    op.create_index("claims_works_id_ix", "claims", ["works_id"], unique=False)
    op.create_table(
        "ground",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('water', 'green', 'rail', 'parking')", name=op.f("ground_kind_known_ck")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("ground_pk")),
        comment="Water, green, rail and squares: what the map shows below the streets",
    )
    op.create_index("ground_geom_ix", "ground", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column(
            "request_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="the same key with another body is an error",
        ),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("response", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("idempotency_keys_pk")),
        comment="One row per Idempotency-Key: a repeated write gets the first answer",
    )
    op.create_table(
        "imports",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=True, comment="file name or address, without secrets"),
        sa.Column("status", sa.Text(), server_default="running", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("status IN ('running', 'done', 'failed')", name=op.f("imports_status_known_ck")),
        sa.PrimaryKeyConstraint("id", name=op.f("imports_pk")),
    )
    op.create_index("imports_source_started_at_ix", "imports", ["source", "started_at"], unique=False)
    op.create_table(
        "owner_groups",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('utility', 'contractor', 'city', 'road_authority', 'other')",
            name=op.f("owner_groups_kind_known_ck"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("owner_groups_pk")),
        comment="One company, however many names it writes: works of one group do not clash with themselves",
    )
    op.create_table(
        "parameters",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("parameters_pk")),
        comment="Numbers the city set for itself; what is absent has the default of domain/parameters.py",
    )
    op.create_table(
        "pavement_sections",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=True),
        sa.Column("side", sa.Text(), nullable=True),
        sa.Column("number_from", sa.Text(), nullable=True),
        sa.Column("number_to", sa.Text(), nullable=True),
        sa.Column("material", sa.Text(), nullable=True),
        sa.Column("laid_on", sa.Date(), nullable=True),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('footpath', 'cycle_path', 'carriageway')", name=op.f("pavement_sections_kind_known_ck")
        ),
        sa.CheckConstraint("side IN ('even', 'odd')", name=op.f("pavement_sections_side_known_ck")),
        sa.CheckConstraint("NOT ST_IsEmpty(geom)", name=op.f("pavement_sections_geom_not_empty_ck")),
        sa.CheckConstraint("ST_IsValid(geom)", name=op.f("pavement_sections_geom_valid_ck")),
        sa.CheckConstraint(
            "geom @ ST_MakeEnvelope(-100000, -100000, 400000, 400000, 31370)",
            name=op.f("pavement_sections_geom_in_region_ck"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pavement_sections_pk")),
        sa.UniqueConstraint("source", "code", name=op.f("pavement_sections_source_code_uq")),
    )
    op.create_index(
        "pavement_sections_geom_ix", "pavement_sections", ["geom"], unique=False, postgresql_using="gist"
    )
    op.create_table(
        "rules",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("life", sa.Text(), nullable=False),
        sa.Column(
            "kinds_a", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column(
            "kinds_b", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("clearance_m", sa.Double(), nullable=False),
        sa.Column(
            "least_share",
            sa.Double(),
            server_default="0",
            nullable=False,
            comment="of a's ground that must lie under b",
        ),
        sa.Column("before_days", sa.Integer(), nullable=False),
        sa.Column("after_days", sa.Integer(), nullable=False),
        sa.Column("owners", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=True, comment="fixed; null: from the cost at risk"),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("opportunity", sa.Boolean(), nullable=False),
        sa.Column(
            "departments", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "changed_by",
            sa.Text(),
            nullable=True,
            comment="who made this version; null: it came with the service",
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="why, in the words of who changed it"),
        sa.CheckConstraint("life IN ('shadow', 'active', 'retired')", name=op.f("rules_life_known_ck")),
        sa.CheckConstraint("owners IN ('any', 'same', 'different')", name=op.f("rules_owners_known_ck")),
        sa.CheckConstraint(
            "severity IN ('info', 'low', 'medium', 'high', 'critical')", name=op.f("rules_severity_known_ck")
        ),
        sa.CheckConstraint("before_days >= 0 AND after_days >= 0", name=op.f("rules_days_not_negative_ck")),
        sa.CheckConstraint("clearance_m BETWEEN 0 AND 50", name=op.f("rules_clearance_range_ck")),
        sa.CheckConstraint("least_share BETWEEN 0 AND 1", name=op.f("rules_share_range_ck")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("rules_pk")),
    )
    op.create_table(
        "streets",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("streets_pk")),
        comment="Centre lines that carry the names on the map",
    )
    op.create_index("streets_geom_ix", "streets", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "api_keys",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("owner_group_id", sa.Text(), nullable=True, comment="of a partner: whose works it may see"),
        sa.Column(
            "key_hash", sa.LargeBinary(), nullable=False, comment="SHA-256; the key itself is shown once"
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "role IN ('viewer', 'workshop', 'utilities_desk', 'coordinator', 'partner', 'admin')",
            name=op.f("api_keys_role_known_ck"),
        ),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("api_keys_owner_group_id_fk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("api_keys_pk")),
        sa.UniqueConstraint("key_hash", name=op.f("api_keys_key_hash_uq")),
    )
    op.create_table(
        "import_rejections",
        sa.Column("import_id", sa.UUID(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("import_rejections_import_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("import_rejections_pk")),
    )
    op.create_table(
        "organisations",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("owner_group_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("organisations_named_ck")),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("organisations_owner_group_id_fk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("organisations_pk")),
    )
    op.create_index(
        "organisations_lower_name_uq", "organisations", [sa.literal_column("lower(name)")], unique=True
    )
    op.create_table(
        "owner_prefixes",
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("owner_group_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("owner_prefixes_owner_group_id_fk")
        ),
        sa.PrimaryKeyConstraint("prefix", name=op.f("owner_prefixes_pk")),
        comment="How the names of a group begin, in lower case; the longest match wins",
    )
    op.create_table(
        "subscriptions",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False, comment="the address of the webhook"),
        sa.Column("secret", sa.Text(), nullable=False, comment="whsec_…, to sign with"),
        sa.Column(
            "filter",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "owner_group_id",
            sa.Text(),
            nullable=True,
            comment="of a partner: it hears of its own works only; null: one of the city's",
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column(
            "after_seq",
            sa.BigInteger(),
            nullable=False,
            comment="alerts up to here were told before it began",
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("channel IN ('webhook')", name=op.f("subscriptions_channel_known_ck")),
        sa.ForeignKeyConstraint(
            ["owner_group_id"], ["owner_groups.id"], name=op.f("subscriptions_owner_group_id_fk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("subscriptions_pk")),
    )
    op.create_table(
        "repairs",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), server_default="api", nullable=False),
        sa.Column("source_id", sa.Text(), nullable=True),
        sa.Column(
            "number",
            sa.BigInteger(),
            sa.Identity(always=False, start=1000),
            nullable=False,
            comment="H-1000, for people",
        ),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="requested", nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("planned", postgresql.DATERANGE(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("finished_scope", sa.Text(), nullable=True),
        sa.Column("area_m2", sa.Double(), nullable=True),
        sa.Column("cost_eur", sa.Double(), nullable=True),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=True,
            comment="of the last advice, kept so that a change can be told",
        ),
        sa.Column("verdict_until", sa.Date(), nullable=True),
        sa.Column("held", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(status = 'done') = (finished_on IS NOT NULL)", name=op.f("repairs_done_has_a_day_ck")
        ),
        sa.CheckConstraint(
            "category IN ('pothole', 'subsidence', 'loose_slab', 'root_damage', 'kerb', 'other')",
            name=op.f("repairs_category_known_ck"),
        ),
        sa.CheckConstraint(
            "finished_scope IN ('spot', 'section', 'area')", name=op.f("repairs_finished_scope_known_ck")
        ),
        sa.CheckConstraint("scope IN ('spot', 'section', 'area')", name=op.f("repairs_scope_known_ck")),
        sa.CheckConstraint(
            "status <> 'scheduled' OR planned IS NOT NULL", name=op.f("repairs_scheduled_has_days_ck")
        ),
        sa.CheckConstraint(
            "status IN ('requested', 'scheduled', 'in_progress', 'done', 'cancelled')",
            name=op.f("repairs_status_known_ck"),
        ),
        sa.CheckConstraint(
            "urgency IN ('low', 'normal', 'high', 'danger')", name=op.f("repairs_urgency_known_ck")
        ),
        sa.CheckConstraint("NOT ST_IsEmpty(geom)", name=op.f("repairs_geom_not_empty_ck")),
        sa.CheckConstraint(
            "NOT isempty(planned) AND NOT lower_inf(planned) AND NOT upper_inf(planned)",
            name=op.f("repairs_planned_bounded_ck"),
        ),
        sa.CheckConstraint("ST_IsValid(geom)", name=op.f("repairs_geom_valid_ck")),
        sa.CheckConstraint("area_m2 > 0 AND cost_eur >= 0", name=op.f("repairs_figures_positive_ck")),
        sa.CheckConstraint(
            "geom @ ST_MakeEnvelope(-100000, -100000, 400000, 400000, 31370)",
            name=op.f("repairs_geom_in_region_ck"),
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("repairs_owner_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("repairs_pk")),
        sa.UniqueConstraint("number", name=op.f("repairs_number_uq")),
    )
    op.create_index("repairs_geom_ix", "repairs", ["geom"], unique=False, postgresql_using="gist")
    op.create_index(
        "repairs_source_source_id_uq",
        "repairs",
        ["source", "source_id"],
        unique=True,
        postgresql_where=sa.text("source_id IS NOT NULL"),
    )
    op.create_table(
        "works",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.UUID(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=True),
        sa.Column(
            "utilities", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column(
            "specification",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'::text[]"),
            nullable=False,
        ),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.Column("source_status", sa.Text(), nullable=True),
        sa.Column("finished_on", sa.Date(), nullable=True),
        sa.Column("vanished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "certainty IN ('indicative', 'planned', 'confirmed', 'in_progress', 'done', 'cancelled')",
            name=op.f("works_certainty_known_ck"),
        ),
        sa.CheckConstraint(
            "kind IN ('groundworks', 'works', 'event', 'building_project')", name=op.f("works_kind_known_ck")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("works_owner_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("works_pk")),
        sa.UniqueConstraint("source", "source_id", name=op.f("works_source_source_id_uq")),
    )
    op.create_index("works_owner_id_ix", "works", ["owner_id"], unique=False)
    op.create_table(
        "conflicts",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column(
            "number",
            sa.BigInteger(),
            sa.Identity(always=False, start=1),
            nullable=False,
            comment="C-1, for people",
        ),
        sa.Column("rule_id", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("shadow", sa.Boolean(), nullable=False),
        sa.Column("a_kind", sa.Text(), nullable=False),
        sa.Column("a_origin_id", sa.UUID(), nullable=False),
        sa.Column("b_kind", sa.Text(), nullable=False),
        sa.Column("b_origin_id", sa.UUID(), nullable=False),
        sa.Column(
            "a",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="the claim as it was when this was last found",
        ),
        sa.Column("b", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("works_ids", postgresql.ARRAY(sa.UUID()), nullable=False),
        sa.Column("repair_id", sa.UUID(), nullable=True),
        sa.Column("building_id", sa.UUID(), nullable=True),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("opportunity", sa.Boolean(), nullable=False),
        sa.Column("blocking", sa.Boolean(), nullable=False, comment="keeps the repair from being scheduled"),
        sa.Column("facts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "over_on", sa.Date(), nullable=True, comment="first day on which one of the two claims is past"
        ),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "severity IN ('info', 'low', 'medium', 'high', 'critical')",
            name=op.f("conflicts_severity_known_ck"),
        ),
        sa.CheckConstraint(
            "status IN ('open', 'acknowledged', 'agreed', 'settled', 'accepted_risk', 'expired', 'withdrawn')",
            name=op.f("conflicts_status_known_ck"),
        ),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("conflicts_building_id_fk")),
        sa.ForeignKeyConstraint(["repair_id"], ["repairs.id"], name=op.f("conflicts_repair_id_fk")),
        sa.PrimaryKeyConstraint("id", name=op.f("conflicts_pk")),
        sa.UniqueConstraint("number", name=op.f("conflicts_number_uq")),
        sa.UniqueConstraint(
            "rule_id", "a_kind", "a_origin_id", "b_kind", "b_origin_id", name="conflicts_pair_uq"
        ),
    )
    op.create_index("conflicts_building_id_ix", "conflicts", ["building_id"], unique=False)
    op.create_index("conflicts_geom_ix", "conflicts", ["geom"], unique=False, postgresql_using="gist")
    op.create_index("conflicts_repair_id_ix", "conflicts", ["repair_id"], unique=False)
    op.create_index(
        "conflicts_works_ids_ix", "conflicts", ["works_ids"], unique=False, postgresql_using="gin"
    )
    op.create_table(
        "phases",
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("works_id", sa.UUID(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column(
            "geom",
            Geometry(
                srid=31370,
                dimension=2,
                spatial_index=False,
                from_text="ST_GeomFromEWKT",
                name="geometry",
                nullable=False,
            ),
            nullable=False,
        ),
        sa.Column("during", postgresql.DATERANGE(), nullable=False),
        sa.Column("opens_surface", sa.Boolean(), nullable=False),
        sa.Column(
            "surfaces", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.CheckConstraint("NOT ST_IsEmpty(geom)", name=op.f("phases_geom_not_empty_ck")),
        sa.CheckConstraint(
            "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)",
            name=op.f("phases_during_bounded_ck"),
        ),
        sa.CheckConstraint("ST_IsValid(geom)", name=op.f("phases_geom_valid_ck")),
        sa.CheckConstraint(
            "geom @ ST_MakeEnvelope(-100000, -100000, 400000, 400000, 31370)",
            name=op.f("phases_geom_in_region_ck"),
        ),
        sa.ForeignKeyConstraint(
            ["works_id"], ["works.id"], name=op.f("phases_works_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("phases_pk")),
        sa.UniqueConstraint("works_id", "source_key", name=op.f("phases_works_id_source_key_uq")),
    )
    op.create_index("phases_geom_ix", "phases", ["geom"], unique=False, postgresql_using="gist")
    op.create_table(
        "reporters",
        sa.Column("repair_id", sa.UUID(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("reporters_repair_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("repair_id", name=op.f("reporters_pk")),
        comment="Personal data of citizens: apart, so that no list, tile, feed or export can pick it up by accident",
    )
    op.create_table(
        "source_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("works_id", sa.UUID(), nullable=False),
        sa.Column("phase_key", sa.Text(), nullable=True, comment="null when the whole works changed"),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("old_value", sa.Text(), nullable=True),
        sa.Column("new_value", sa.Text(), nullable=True),
        sa.Column("observed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "observed_on",
            sa.Date(),
            nullable=False,
            comment="calendar day of the import, so that old snapshots can be replayed",
        ),
        sa.CheckConstraint(
            "field IN ('starts_on', 'ends_on', 'certainty', 'source_status', 'geometry', 'phase', 'vanished')",
            name=op.f("source_changes_field_known_ck"),
        ),
        sa.ForeignKeyConstraint(
            ["works_id"], ["works.id"], name=op.f("source_changes_works_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("source_changes_pk")),
        comment="Every observed change of dates, status and geometry: from it comes each owner's real reliability",
    )
    op.create_index("source_changes_works_id_ix", "source_changes", ["works_id"], unique=False)
    op.create_table(
        "source_records",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("record_key", sa.Text(), nullable=False),
        sa.Column("works_id", sa.UUID(), nullable=True),
        sa.Column("repair_id", sa.UUID(), nullable=True),
        sa.Column("raw", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=False,
            comment="SHA-256 of the record: equal means nothing to do",
        ),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("vanished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["repair_id"], ["repairs.id"], name=op.f("source_records_repair_id_fk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["works_id"], ["works.id"], name=op.f("source_records_works_id_fk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("source", "record_key", name=op.f("source_records_pk")),
        comment="One row per record of a source, without the personal data it came with",
    )
    op.create_index("source_records_works_id_ix", "source_records", ["works_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column(
            "seq",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="1, 2, 3 … in order of commit, without gaps",
        ),
        sa.Column(
            "id",
            sa.UUID(),
            server_default=sa.text(
                "encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid"
            ),
            nullable=False,
        ),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("conflict_id", sa.UUID(), nullable=True),
        sa.Column("repair_id", sa.UUID(), nullable=True),
        sa.Column(
            "departments", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'::text[]"), nullable=False
        ),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["conflict_id"], ["conflicts.id"], name=op.f("alerts_conflict_id_fk")),
        sa.ForeignKeyConstraint(["repair_id"], ["repairs.id"], name=op.f("alerts_repair_id_fk")),
        sa.PrimaryKeyConstraint("seq", name=op.f("alerts_pk")),
        sa.UniqueConstraint("id", name=op.f("alerts_id_uq")),
    )
    op.create_index("alerts_repair_id_ix", "alerts", ["repair_id"], unique=False)
    op.create_table(
        "conflict_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("conflict_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column(
            "actor",
            sa.Text(),
            nullable=False,
            comment="role or key name; `detection` for what the service found itself",
        ),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["conflict_id"], ["conflicts.id"], name=op.f("conflict_events_conflict_id_fk")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("conflict_events_pk")),
        comment="The audit trail of one conflict: rows are only ever added",
    )
    op.create_index("conflict_events_conflict_id_ix", "conflict_events", ["conflict_id"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("subscription_id", sa.UUID(), nullable=False),
        sa.Column("alert_seq", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True, comment="given up"),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["alert_seq"], ["alerts.seq"], name=op.f("deliveries_alert_seq_fk")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.id"],
            name=op.f("deliveries_subscription_id_fk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscription_id", "alert_seq", name=op.f("deliveries_pk")),
    )


def downgrade() -> None:
    op.drop_table("deliveries")
    op.drop_index("conflict_events_conflict_id_ix", table_name="conflict_events")
    op.drop_table("conflict_events")
    op.drop_index("alerts_repair_id_ix", table_name="alerts")
    op.drop_table("alerts")
    op.drop_index("source_records_works_id_ix", table_name="source_records")
    op.drop_table("source_records")
    op.drop_index("source_changes_works_id_ix", table_name="source_changes")
    op.drop_table("source_changes")
    op.drop_table("reporters")
    op.drop_index("phases_geom_ix", table_name="phases", postgresql_using="gist")
    op.drop_table("phases")
    op.drop_index("conflicts_works_ids_ix", table_name="conflicts", postgresql_using="gin")
    op.drop_index("conflicts_repair_id_ix", table_name="conflicts")
    op.drop_index("conflicts_geom_ix", table_name="conflicts", postgresql_using="gist")
    op.drop_index("conflicts_building_id_ix", table_name="conflicts")
    op.drop_table("conflicts")
    op.drop_index("works_owner_id_ix", table_name="works")
    op.drop_table("works")
    op.drop_index(
        "repairs_source_source_id_uq", table_name="repairs", postgresql_where=sa.text("source_id IS NOT NULL")
    )
    op.drop_index("repairs_geom_ix", table_name="repairs", postgresql_using="gist")
    op.drop_table("repairs")
    op.drop_table("subscriptions")
    op.drop_table("owner_prefixes")
    op.drop_index("organisations_lower_name_uq", table_name="organisations")
    op.drop_table("organisations")
    op.drop_table("import_rejections")
    op.drop_table("api_keys")
    op.drop_index("streets_geom_ix", table_name="streets", postgresql_using="gist")
    op.drop_table("streets")
    op.drop_table("rules")
    op.drop_index("pavement_sections_geom_ix", table_name="pavement_sections", postgresql_using="gist")
    op.drop_table("pavement_sections")
    op.drop_table("parameters")
    op.drop_table("owner_groups")
    op.drop_index("imports_source_started_at_ix", table_name="imports")
    op.drop_table("imports")
    op.drop_table("idempotency_keys")
    op.drop_index("ground_geom_ix", table_name="ground", postgresql_using="gist")
    op.drop_table("ground")
    op.drop_index("claims_works_id_ix", table_name="claims")
    op.drop_index("claims_repair_id_ix", table_name="claims")
    op.drop_index("claims_geom_during_ix", table_name="claims", postgresql_using="gist")
    op.drop_index("claims_building_id_ix", table_name="claims")
    op.drop_table("claims")
    op.drop_table("certainties")
    op.drop_index("buildings_geom_ix", table_name="buildings", postgresql_using="gist")
    op.drop_table("buildings")
