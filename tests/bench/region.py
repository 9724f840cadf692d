"""The generated region that everything is measured on, kept from run to run in a private cluster of its own."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date
from pathlib import Path

import psycopg
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.detection import run
from geo_service.detection.prepare import prepare_database
from geo_service.store import locks

TODAY = date(2026, 9, 1)
FOLDER = Path(__file__).parent
PROJECT = FOLDER.parent.parent


def region(cluster: Cluster, claims: int) -> str:
    """The URL (SQLAlchemy form) of a database with about `claims` claims and their conflicts; made at first use."""
    name = f"bench_{claims}_{_shape()}"
    with psycopg.connect(cluster.url, autocommit=True) as conn:
        if not conn.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            unfinished = f"unfinished_{uuid.uuid4().hex}"
            made = _for_sqlalchemy(cluster.create_database(unfinished))
            prepare_database(made)
            _fill(made, claims)
            conn.execute(f"ALTER DATABASE {unfinished} RENAME TO {name}")
    return _for_sqlalchemy(cluster.url_of(name))


def _shape() -> str:
    """Changes with the schema and with what is generated."""
    files = [FOLDER / "city.sql", *sorted((PROJECT / "geo_service" / "store" / "migrations").rglob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:8]


def _for_sqlalchemy(url: str) -> str:
    return url.replace("postgresql:", f"{db.DRIVER}:")


def _fill(url: str, claims: int) -> None:
    engine = db.create_engine_for(url)
    with db.write(engine) as conn:
        conn.execute(sa.text("SELECT setseed(0.42)"))
        for statement in (FOLDER / "city.sql").read_text(encoding="utf-8").split(";\n"):
            if statement.strip():
                conn.execute(sa.text(statement), {"claims": claims, "today": TODAY})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(sa.text("VACUUM ANALYZE"))
    with db.write(engine) as conn:
        locks.claims_writer(conn)
        run.refresh(conn, run.EVERYTHING, TODAY)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(sa.text("VACUUM ANALYZE"))
    engine.dispose()
