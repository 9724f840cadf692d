"""A demo that is killed while its city is stored begins anew."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from rich.console import Console

from geo_service import db, demo_run, settings
from geo_service.cluster import Cluster
from geo_service.i18n import Translator
from geo_service.settings import InvalidSettings

DUTCH = Translator("nl", date(2026, 11, 30))


@pytest.fixture
def private(tmp_path: Path) -> Iterator[Cluster]:
    tmp_path.chmod(0o755)  # PostgreSQL may run as another user
    with Cluster(tmp_path / "home", durable=False) as cluster:
        yield cluster


def test_what_was_stored_goes_and_a_whole_city_stays(private: Cluster) -> None:
    with psycopg.connect(private.url, autocommit=True) as conn:
        conn.execute("CREATE TABLE half ()")
    for begins_anew in (False, True):
        if begins_anew:
            (private.home / demo_run.UNFINISHED).touch()
        demo_run._forget_half_city(private, settings.load(home=private.home))
        with psycopg.connect(private.url) as conn:
            row = conn.execute("SELECT to_regclass('half') IS NOT NULL").fetchone()
        assert row == (not begins_anew,)


def test_it_is_known_as_unfinished_until_its_places_are_written(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = settings.load(database_url=fresh_database, home=tmp_path)
    unfinished = tmp_path / demo_run.UNFINISHED

    def be_killed(*_: object, **__: object) -> None:
        with pytest.raises(InvalidSettings):  # meanwhile no other demo touches it
            demo_run._ready_city(engine, config, DUTCH, 1.0, Console(quiet=True))
        raise KeyboardInterrupt

    engine = db.create_engine_from(config)
    monkeypatch.setattr(demo_run, "load_city", be_killed)
    with pytest.raises(KeyboardInterrupt):
        demo_run._ready_city(engine, config, DUTCH, 1.0, Console(quiet=True))
    assert unfinished.exists() and not (tmp_path / "demo.json").exists()
    monkeypatch.setattr(demo_run, "load_city", lambda *_, **__: None)
    assert demo_run._ready_city(engine, config, DUTCH, 1.0, Console(quiet=True)) == []
    assert not unfinished.exists()
    with db.write(engine) as conn:
        conn.execute(sa.text("INSERT INTO buildings (source, source_id, geom) VALUES ('demo', 'x', ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))', 31370))"))  # fmt: skip
    (tmp_path / "demo.json").unlink()
    with pytest.raises(InvalidSettings):
        demo_run._ready_city(engine, config, DUTCH, 1.0, Console(quiet=True))
    engine.dispose()
