"""The migrated database is the declared one, and refuses what the domain does not know."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from geoalchemy2 import alembic_helpers
from sqlalchemy.exc import DataError, IntegrityError

from geo_service.store.tables import metadata

# A sound row of each table that holds ground or words; a test changes one column of it.
SQUARE = "SRID=31370;POLYGON((80000 190000,80010 190000,80010 190002,80000 190002,80000 190000))"
ORGANISATION = "00000000-0000-7000-8000-000000000001"
WORKS = "00000000-0000-7000-8000-000000000002"
SOUND: dict[str, dict[str, Any]] = {
    "works": {"source": "t", "source_id": "2", "owner_id": ORGANISATION, "title": "", "kind": "groundworks", "certainty": "planned"},
    "phases": {"works_id": WORKS, "source_key": "1", "geom": SQUARE, "during": "[2026-09-01,2026-09-02)", "opens_surface": True},
    "repairs": {"owner_id": ORGANISATION, "category": "pothole", "scope": "spot", "urgency": "normal", "geom": SQUARE},
    "buildings": {"source": "t", "source_id": "1", "geom": SQUARE},
    "pavement_sections": {"source": "t", "code": "1", "kind": "footpath", "geom": SQUARE},
    "owner_groups": {"id": "g2", "name": "g2", "kind": "city"},
    "organisations": {"name": "o2", "owner_group_id": "g"},
    "claims": {
        "kind": "opening", "origin_id": WORKS, "starts": "2026-09-01", "ends": "2026-09-02", "probability": 1, "firm": True,
        "umbrella": False, "overdue": False, "surfaces": [], "geom": SQUARE, "group_id": WORKS,
    },
    "rules": {
        "id": "r", "version": 1, "state": "active", "clearance_m": 1, "before_days": 0, "after_days": 0, "owners": "any", "blocking": False,
        "opportunity": False,
    },
    "calendars": {"function": "school", "during": "[2026-09-01,2027-07-01)", "name": "2026-2027"},
    "conflicts": {
        "rule_id": "r", "rule_version": 1, "shadow": False, "a_kind": "repair", "a_origin_id": WORKS, "b_kind": "opening",
        "b_origin_id": WORKS, "a": "{}", "b": "{}", "works_ids": [], "severity": "low", "opportunity": False, "blocking": False,
        "facts": "{}", "geom": SQUARE,
    },
}  # fmt: skip

BAD_GROUND = {
    "invalid": "SRID=31370;POLYGON((80000 190000,80010 190002,80010 190000,80000 190002,80000 190000))",
    "empty": "SRID=31370;POLYGON EMPTY",
    "another CRS": "SRID=4326;POINT(3.2 50.9)",
    "degrees in the storage CRS": "SRID=31370;POINT(3.2 5000000)",
    "outside Lambert 72": "SRID=31370;POINT(500000 190000)",
}


@pytest.fixture
def seeded(conn: sa.Connection) -> sa.Connection:
    conn.execute(sa.text("INSERT INTO owner_groups (id, name, kind) VALUES ('g', 'g', 'other')"))
    insert(conn, "organisations", {"id": ORGANISATION, "name": "o", "owner_group_id": "g"})
    insert(conn, "works", {**SOUND["works"], "id": WORKS, "source_id": "1"})
    return conn


def insert(conn: sa.Connection, table: str, row: dict[str, Any]) -> None:
    columns, values = ", ".join(row), ", ".join(f":{name}" for name in row)
    conn.execute(sa.text(f"INSERT INTO {table} ({columns}) VALUES ({values})"), row)


def test_migrations_make_what_the_tables_declare(engine: sa.Engine) -> None:
    def ours(_obj: object, name: str | None, kind: str, reflected: bool, _with: object) -> bool:
        return not (kind == "table" and reflected and name not in metadata.tables)

    with engine.connect() as conn:
        options = {"include_object": ours, "compare_type": True, "render_item": alembic_helpers.render_item}
        differences = compare_metadata(MigrationContext.configure(conn, opts=options), metadata)
    assert differences == []


def constraints(conn: sa.Connection) -> dict[str, str]:
    """Name → definition of the constraints of our tables, as PostgreSQL writes them; indexes likewise."""
    found = conn.execute(
        sa.text(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid::regclass::text = ANY(:tables)"
            " UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = ANY(:tables)"
        ),
        {"tables": list(metadata.tables)},
    )
    return {name: re.sub(r" ON \S+ ", " ON … ", text) for name, text in found}


def test_names_checks_and_indexes_are_those_declared(conn: sa.Connection) -> None:
    migrated = constraints(conn)
    conn.execute(sa.text("CREATE SCHEMA declared"))
    conn.execute(sa.text("SET LOCAL search_path = declared, public"))
    metadata.create_all(conn, checkfirst=False)
    assert constraints(conn) == migrated
    assert len(migrated) > 100


def test_comments_of_tables_and_columns_are_those_declared(conn: sa.Connection) -> None:
    inspector = sa.inspect(conn)
    for name, table in metadata.tables.items():
        assert inspector.get_table_comment(name)["text"] == table.comment
        comments = {column["name"]: column["comment"] for column in inspector.get_columns(name)}
        assert comments == {column.name: column.comment for column in table.columns}


@pytest.mark.parametrize("table", SOUND)
def test_a_sound_row_is_taken(seeded: sa.Connection, table: str) -> None:
    insert(seeded, table, SOUND[table])


@pytest.mark.parametrize("table", ["phases", "repairs", "buildings", "pavement_sections"])
@pytest.mark.parametrize("ground", BAD_GROUND.values(), ids=BAD_GROUND)
def test_unsound_ground_is_refused(seeded: sa.Connection, table: str, ground: str) -> None:
    with pytest.raises((IntegrityError, DataError), match=r"geom|SRID"):
        insert(seeded, table, {**SOUND[table], "geom": ground})


@pytest.mark.parametrize(
    ("table", "changed"),
    [
        ("phases", {"during": "[2026-09-02,2026-09-01)"}),
        ("phases", {"during": "[2026-09-01,2026-09-01)"}),
        ("phases", {"during": "[2026-09-01,)"}),
        ("phases", {"during": "(,2026-09-01)"}),
        ("phases", {"works_id": ORGANISATION}),
        ("repairs", {"planned": "[2026-09-01,)"}),
        ("repairs", {"planned": "empty"}),
        ("repairs", {"status": "scheduled"}),
        ("repairs", {"status": "done"}),
        ("repairs", {"finished_on": "2026-09-01"}),
        ("repairs", {"area_m2": 0}),
        ("repairs", {"cost_eur": -1}),
        ("repairs", {"status": "forgotten"}),
        ("repairs", {"category": "crater"}),
        ("repairs", {"scope": "street"}),
        ("repairs", {"urgency": "yesterday"}),
        ("works", {"certainty": "maybe"}),
        ("works", {"kind": "digging"}),
        ("works", {"source_id": "1"}),
        ("pavement_sections", {"kind": "lawn"}),
        ("pavement_sections", {"side": "left"}),
        ("owner_groups", {"kind": "friend"}),
        ("organisations", {"name": ""}),
        ("organisations", {"name": "O"}),
        ("claims", {"kind": "wish"}),
        ("claims", {"ends": "2026-09-01"}),
        ("rules", {"state": "asleep"}),
        ("rules", {"clearance_m": 51}),
        ("rules", {"before_days": -1}),
        ("rules", {"owners": "some"}),
        ("rules", {"severity": "awful"}),
        ("rules", {"least_count": 4}),
        ("calendars", {"during": "[2026-09-01,)"}),
        ("conflicts", {"status": "forgiven"}),
        ("conflicts", {"severity": "awful"}),
        ("conflicts", {"repair_id": WORKS}),
    ],
    ids=str,
)  # fmt: skip
def test_what_the_domain_does_not_know_is_refused(
    seeded: sa.Connection, table: str, changed: dict[str, Any]
) -> None:
    with pytest.raises((IntegrityError, DataError)):
        insert(seeded, table, {**SOUND[table], **changed})


def test_only_groups_that_an_import_made_become_a_neighbour(conn: sa.Connection) -> None:
    groups = {"gemeente_liege": "Gemeente Liège", "stad_x": "Stad Brugge", "stad_gent": "Stad Gent"}
    for id_, name in groups.items():
        insert(conn, "owner_groups", {"id": id_, "name": name, "kind": "city"})
    insert(conn, "owner_prefixes", {"prefix": "stad gent", "owner_group_id": "stad_gent"})
    migration = importlib.import_module("geo_service.store.migrations.versions.0062_neighbour_municipalities")
    select = sa.text("SELECT id FROM owner_groups WHERE id = ANY(:ids) AND kind = 'road_authority'")
    with Operations.context(MigrationContext.configure(conn)):
        for act in (migration.upgrade, migration.downgrade):
            act()
            assert conn.scalars(select, {"ids": list(groups)}).all() == ["gemeente_liege"]
