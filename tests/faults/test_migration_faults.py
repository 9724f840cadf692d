"""Migrations: two at once, one that is killed halfway, and what `db status` says meanwhile."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from geo_service.domain.errors import DatabaseUnreachable
from geo_service.store import migrate
from tests.faults.conftest import Note, until

LOCKED = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND granted = :granted"


@pytest.fixture
def empty_database(cluster: Cluster) -> Iterator[str]:
    name = f"empty_{uuid.uuid4().hex}"
    url = sa.make_url(cluster.create_database(name)).set(drivername=db.DRIVER)
    yield url.render_as_string(hide_password=False)
    cluster.drop_database(name)


def command(url: str, *words: str) -> subprocess.Popen[str]:
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-m", "geo_service", *words],
        env={**os.environ, "GEO_DATABASE_URL": plain, "GEO_LANGUAGE": "en"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def status(url: str) -> dict[str, object]:
    out, _ = command(url, "db", "status", "--json").communicate(timeout=60)
    found: dict[str, object] = json.loads(out)
    return found


def locks(url: str, granted: bool) -> int:
    engine = db.create_engine_for(url)
    try:
        with engine.connect() as conn:
            return conn.scalar(sa.text(LOCKED), {"key": migrate.MIGRATION, "granted": granted}) or 0
    finally:
        engine.dispose()


def tables(url: str) -> int:
    engine = db.create_engine_for(url)
    try:
        with engine.connect() as conn:
            return (
                conn.scalar(
                    sa.text(
                        "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'spatial_ref_sys'"
                    )
                )
                or 0
            )
    finally:
        engine.dispose()


def test_a_migration_that_is_killed_halfway_has_changed_nothing_and_the_next_one_does_it_all(
    empty_database: str, record_property: Note
) -> None:
    migrating = command(empty_database, "db", "migrate")
    until(lambda: locks(empty_database, granted=True) == 1, "it has its turn")
    migrating.kill()
    migrating.communicate()
    until(lambda: locks(empty_database, granted=True) == 0, "its turn is given back")
    before = status(empty_database)
    assert tables(empty_database) == 0 and before["schema"] is None
    assert before["pending"] == migrate.pending(None) and migrate.newest() in migrate.pending(None)
    first, second = (command(empty_database, "db", "migrate") for _ in range(2))  # two at once
    outcomes = [(one.communicate(timeout=120), one.returncode) for one in (first, second)]
    assert [code for _, code in outcomes] == [0, 0], outcomes
    assert all(f"schema {migrate.newest()}" in out for (out, _), _ in outcomes)
    after = status(empty_database)
    assert (after["schema"], after["pending"]) == (migrate.newest(), [])
    record_property("lost", 0)


def test_a_second_migrator_waits_and_says_so(fresh_database: str) -> None:
    with migrate.turn(fresh_database):
        waiting = command(fresh_database, "db", "migrate")
        until(lambda: locks(fresh_database, granted=False) == 1, "the second one waits")
        assert waiting.poll() is None
    _, err = waiting.communicate(timeout=60)
    assert waiting.returncode == 0 and "another migration runs" in err


def test_a_migration_gives_way_to_who_uses_a_table_and_then_begins_again(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = migrate.pending(None)[-2]
    migrate.downgrade(fresh_database, older)
    monkeypatch.setattr(migrate, "LOCK_S", 0.05)
    engine = db.create_engine_for(fresh_database)
    pauses: list[str | None] = []

    def end(_: float) -> None:
        pauses.append(migrate.current(fresh_database))
        user.rollback()

    monkeypatch.setattr(migrate, "time", SimpleNamespace(sleep=end))
    with engine.connect() as user:
        user.execute(sa.text("SELECT FROM alembic_version FOR UPDATE"))  # every migration writes here
        migrate.upgrade(fresh_database)
    engine.dispose()
    assert (pauses, migrate.current(fresh_database)) == ([older], migrate.newest())


def test_tables_that_stay_in_use_are_said_in_words(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = migrate.pending(None)[-2]
    migrate.downgrade(fresh_database, older)
    for name, value in (("LOCK_S", 0.05), ("PAUSE_S", 0), ("ATTEMPTS", 2)):
        monkeypatch.setattr(migrate, name, value)
    engine = db.create_engine_for(fresh_database)
    with engine.connect() as user:
        user.execute(sa.text("SELECT FROM alembic_version FOR UPDATE"))
        with pytest.raises(DatabaseUnreachable) as refusal:
            migrate.upgrade(fresh_database)
    engine.dispose()
    assert refusal.value.reason == "tables_in_use" and migrate.current(fresh_database) == older


@pytest.mark.parametrize("behind", [0, 1])
def test_a_long_look_at_the_views_of_other_programs_is_waited_for_and_takes_none_away(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch, behind: int
) -> None:
    if behind:
        migrate.downgrade(fresh_database, migrate.pending(None)[-1 - behind])
    engine = db.create_engine_for(fresh_database)
    with engine.begin() as conn:
        conn.execute(sa.text("CREATE SCHEMA IF NOT EXISTS gis; CREATE OR REPLACE VIEW gis.older AS SELECT 1"))
        conn.execute(sa.text("COMMENT ON SCHEMA gis IS 'of the release before'"))
    monkeypatch.setattr(migrate, "LOCK_S", 0.05)
    kept: list[str | None] = []

    def end(_: float) -> None:
        with engine.connect() as conn:
            kept.append(conn.scalar(sa.text("SELECT to_regclass('gis.older')::text")))
        user.rollback()

    monkeypatch.setattr(migrate, "time", SimpleNamespace(sleep=end))
    with engine.connect() as user:
        user.execute(sa.text("SELECT FROM gis.older"))
        prepare_database(fresh_database)
    engine.dispose()
    assert (kept, migrate.current(fresh_database)) == (["gis.older"], migrate.newest())


def test_two_that_prepare_one_database_at_once_do_it_once(fresh_database: str) -> None:
    errors: list[BaseException] = []

    def prepare() -> None:
        try:
            prepare_database(fresh_database)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=prepare) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_an_older_database_lacks_the_newer_migrations_in_their_order() -> None:
    everything = migrate.pending(None)
    assert everything == sorted(everything) and migrate.pending(everything[-3]) == everything[-2:]
    assert migrate.pending(migrate.newest()) == [] == migrate.pending("9999")
