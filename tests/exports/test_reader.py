"""The read-only door: other programs see the published collections, and nothing else, whatever they try."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.exports import reader
from geo_service.i18n import Translator
from geo_service.store.collections import COLLECTIONS
from tests import duckdb_extension

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "read-the-database.md"
PASSWORD = "a password of the tests"
DUTCH = Translator("nl", date(2026, 11, 23))
GROUND = """
INSERT INTO owner_groups (id, name, kind) VALUES ('proef', 'Proef', 'other') ON CONFLICT DO NOTHING;
INSERT INTO organisations (id, name, owner_group_id) VALUES ('00000000-0000-7000-8000-00000000000a', 'Proef', 'proef');
INSERT INTO works (id, source, source_id, owner_id, title, kind, certainty)
VALUES ('00000000-0000-7000-8000-00000000000b', 'test', '1', '00000000-0000-7000-8000-00000000000a', 'Riool', 'groundworks', 'planned');
INSERT INTO phases (works_id, source_key, geom, during, opens_surface)
VALUES ('00000000-0000-7000-8000-00000000000b', '1', ST_MakeEnvelope(80000, 190000, 80010, 190002, 31370), '[2027-01-04,2027-01-09)', true);
"""


@pytest.fixture(scope="module")
def door(cluster: Any, template: str) -> Iterator[tuple[sa.Engine, dict[str, Any]]]:
    """A database with one works and the door open: its engine, and how others connect."""
    name = "door_of_the_tests"
    cluster.drop_database(name)
    url = cluster.create_database(name, template)
    engine = db.create_engine_for(url)
    try:
        with db.write(engine) as conn:
            reader.refresh(conn, DUTCH)
            reader.open_(conn, PASSWORD)
            for statement in filter(str.strip, GROUND.split(";")):
                conn.exec_driver_sql(statement)
        at = engine.url
        yield (
            engine,
            {
                "host": at.host,
                "port": at.port,
                "dbname": at.database,
                "user": reader.ROLE,
                "password": PASSWORD,
            },
        )
    finally:
        with db.write(engine) as conn:
            reader.close(conn)
        engine.dispose()
        cluster.drop_database(name)


@pytest.fixture
def session(door: tuple[sa.Engine, dict[str, Any]]) -> Iterator[psycopg.Connection]:
    """A session of another program."""
    with psycopg.connect(**door[1], autocommit=True) as connection:
        yield connection


def test_it_reads_each_collection_with_the_fields_of_the_files(session: psycopg.Connection) -> None:
    for name, collection in COLLECTIONS.items():
        answer = session.execute(f"SELECT * FROM {name}")  # type: ignore[arg-type]
        assert [column.name for column in answer.description or ()] == [*collection.fields, "geom"]
    [(title, owner, srid)] = session.execute("SELECT title, owner, ST_SRID(geom) FROM gis.works").fetchall()
    assert (title, owner, srid) == ("Riool", "Proef", 31370)


def test_its_columns_say_what_they_mean(session: psycopg.Connection) -> None:
    told = session.execute("SELECT col_description('gis.works'::regclass, attnum) FROM pg_attribute WHERE attrelid = 'gis.works'::regclass AND attname = 'starts_on'").fetchone()  # fmt: skip
    assert told == ("Begint op: Eerste dag",)


def test_it_reads_no_table_behind_the_views(session: psycopg.Connection) -> None:
    tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'").fetchall()  # fmt: skip
    assert len(tables) > 30
    for (table,) in tables:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(f"SELECT 1 FROM public.{table}")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO gis.buildings (source) VALUES ('x')",
        "UPDATE gis.pavements SET street = 'x'",
        "DELETE FROM gis.buildings",
        "DELETE FROM public.works",
        "CREATE TABLE gis.mine (x int)",
        "CREATE TABLE public.mine (x int)",
        "DROP VIEW gis.works",
        "SET ROLE geo",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_it_writes_nothing_even_when_it_lifts_its_own_default(session: psycopg.Connection, statement: str) -> None:  # fmt: skip
    session.execute("SET default_transaction_read_only = off")
    with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectNotInPrerequisiteState)):
        session.execute(statement)  # type: ignore[arg-type]


def test_a_session_begins_read_only_with_an_end_to_long_statements(session: psycopg.Connection) -> None:
    shown = {name: session.execute(f"SHOW {name}").fetchone() for name in ("default_transaction_read_only", "statement_timeout")}  # type: ignore[arg-type]  # fmt: skip
    assert shown == {"default_transaction_read_only": ("on",), "statement_timeout": ("1min",)}


def test_no_field_of_a_view_is_personal(session: psycopg.Connection) -> None:
    columns = session.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'gis'").fetchall()  # fmt: skip
    assert {
        (name, field)
        for name, field in columns
        if field in ("reporter", "email", "phone", "sealed", "contact")
    } == set()
    assert len(columns) == sum(len(one.fields) + 1 for one in COLLECTIONS.values())


def test_gdal_reads_a_view_with_its_crs(door: tuple[sa.Engine, dict[str, Any]]) -> None:
    """As QGIS and ogr2ogr do; the GDAL of Python wheels has no PostgreSQL driver."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo (gdal-bin) is not installed")
    address = "PG:" + " ".join(f"{key}='{value}'" for key, value in door[1].items())
    command = ["ogrinfo", "-ro", "-so", address, "gis.works"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "Feature Count: 1\n" in told
    assert 'ID["EPSG",31370]' in told
    assert "starts_on: Date" in told


def test_a_window_uses_the_index_of_the_ground(door: tuple[sa.Engine, dict[str, Any]]) -> None:
    with psycopg.connect(**door[1]) as connection:
        connection.execute("SET enable_seqscan = off")
        plan = connection.execute("EXPLAIN SELECT id FROM buildings WHERE geom && ST_MakeEnvelope(1, 1, 2, 2, 31370)").fetchall()  # fmt: skip
    assert "Index" in "\n".join(line for (line,) in plan)


def test_views_stay_as_they_are_until_they_mean_something_else(
    door: tuple[sa.Engine, dict[str, Any]],
) -> None:
    of_view = sa.text("SELECT oid FROM pg_class WHERE oid = 'gis.works'::regclass")
    with db.write(door[0]) as conn:
        before = conn.scalar(of_view)
        reader.refresh(conn, DUTCH)
        assert conn.scalar(of_view) == before
        reader.refresh(conn, Translator("en", date(2026, 11, 23)))
        assert conn.scalar(of_view) != before
        reader.refresh(conn, DUTCH)
    with psycopg.connect(**door[1]) as connection:
        assert connection.execute("SELECT count(*) FROM works").fetchone() == (1,)


def test_a_new_password_ends_the_one_before_and_a_shut_door_everybody(door: tuple[sa.Engine, dict[str, Any]]) -> None:  # fmt: skip
    engine, target = door
    with psycopg.connect(**target, autocommit=True) as inside:
        with db.write(engine) as conn:
            reader.open_(conn, "another one")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(**target)
        with db.write(engine) as conn:
            reader.close(conn)
        with pytest.raises(psycopg.OperationalError):
            inside.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(**{**target, "password": "another one"})
    with db.write(engine) as conn:
        reader.open_(conn, PASSWORD)


def test_duckdb_attaches_it_as_the_page_says(door: tuple[sa.Engine, dict[str, Any]], tmp_path: Path) -> None:
    [query] = re.findall(r"^\| DuckDB \| `(ATTACH .+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    _, to = door
    duckdb_extension.put("postgres_scanner", tmp_path)
    query = query.replace("host=…", f"host={to['host']} port={to['port']}")
    query = query.replace("dbname=geo_service", f"dbname={to['dbname']}").replace(
        "password=…", f"password='{PASSWORD}'".replace("'", "''")
    )
    attach, ask = query.split("; ")
    with duckdb.connect(config={"home_directory": str(tmp_path)}) as conn:
        conn.execute(attach)
        assert conn.execute(ask).fetchall() == [("Proef", 1)]
        with pytest.raises(duckdb.Error, match="read-only"):
            conn.execute("DELETE FROM city.gis.works")
