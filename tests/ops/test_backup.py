"""`geo-service db backup` and `restore`: the same database again, all of it or nothing."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from geo_service import db
from geo_service.cluster import Cluster
from geo_service.store import backup as store
from tests.conftest import unavailable
from tests.ops.test_cli import Shell


@pytest.fixture(scope="module")
def city_url(cluster: Cluster, demo_template: tuple[str, list[dict[str, Any]]]) -> Iterator[str]:
    """A copy of the demo city that no test writes to."""
    name = f"backed_{uuid.uuid4().hex}"
    yield cluster.create_database(name, demo_template[0])
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def backup(city_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The backup of the demo city."""
    folder = tmp_path_factory.mktemp("backup")
    said = json.loads(Shell(city_url, folder).run("db", "backup", "city.backup", "--json").stdout)
    file = folder / "city.backup"
    assert said == {"file": "city.backup", "bytes": file.stat().st_size, "encrypted": False}
    return file


@pytest.fixture
def empty_url(cluster: Cluster) -> Iterator[str]:
    """A database with PostGIS and nothing else."""
    name = f"empty_{uuid.uuid4().hex}"
    yield cluster.create_database(name)
    cluster.drop_database(name)


def checksums(url: str) -> dict[str, tuple[int, str]]:
    """Per table how many rows it has, and one word for what is in them; but for the epoch of the feed, which a restore renews."""
    with psycopg.connect(url) as conn:
        names = [
            name
            for (name,) in conn.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'feed_epoch'"
            )
        ]
        statement = (
            "SELECT count(*), coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') FROM {} AS t"
        )
        rows = {
            name: conn.execute(sql.SQL(statement).format(sql.Identifier(name))).fetchone() for name in names
        }
    return {name: row for name, row in rows.items() if row is not None}


def test_a_backup_brings_every_row_of_every_table_back(
    city_url: str, backup: Path, empty_url: str, tmp_path: Path
) -> None:
    shell = Shell(city_url, tmp_path)
    restored = json.loads(shell.run("db", "restore", str(backup), "--into", empty_url, "--json").stdout)
    before, after = checksums(city_url), checksums(empty_url)
    assert after == before
    assert {name: before[name][0] for name in ("works", "repairs", "conflicts", "alerts")} == {
        name: restored[name] for name in ("works", "repairs", "conflicts", "alerts")
    }
    assert restored["conflicts"] > 0
    checked = json.loads(Shell(empty_url, tmp_path).run("detect", "--json").stdout)
    assert set(checked["differences"].values()) == {0}, (
        "the conflicts that were put back are those of a full run"
    )


def test_readers_of_the_feed_notice_another_way_back(fresh_database: str, tmp_path: Path) -> None:
    def epoch() -> str:
        with psycopg.connect(plain) as conn:
            return str(conn.execute("SELECT id FROM feed_epoch").fetchall())

    plain = sa.make_url(fresh_database).set(drivername="postgresql").render_as_string(hide_password=False)
    before = epoch()
    said = Shell(plain, tmp_path).run("db", "renew-epoch").stdout
    assert epoch() != before and said.split()[-1] in epoch()


def test_the_file_is_its_owners_alone(backup: Path) -> None:
    assert backup.stat().st_mode & 0o077 == 0
    assert list(backup.parent.glob(".*")) == []


def test_what_is_there_goes_only_when_that_is_said(
    backup: Path, city_url: str, empty_url: str, tmp_path: Path
) -> None:
    with psycopg.connect(empty_url) as conn:
        conn.execute("CREATE TABLE of_somebody AS SELECT 1 AS one")
        conn.execute("CREATE SCHEMA other CREATE VIEW other.seen AS SELECT 2 AS two")
        conn.execute("CREATE TYPE mood AS ENUM ('good')")
    shell = Shell(empty_url, tmp_path)
    (line,) = shell.run("db", "restore", str(backup), code=2).stderr.splitlines()
    assert line.startswith("geo-service: databank empty_") and "--replace" in line
    assert checksums(empty_url).keys() == {"of_somebody", "spatial_ref_sys"}
    shell.run("db", "restore", str(backup), "--replace")
    assert checksums(empty_url) == checksums(city_url)
    with psycopg.connect(empty_url) as conn:
        left = conn.execute("SELECT to_regnamespace('other'), to_regtype('mood')").fetchone()
    assert left == (None, None)


def test_who_is_idle_beside_a_restore_goes_on_after_it(backup: Path, empty_url: str, tmp_path: Path) -> None:
    """Its connections have statements prepared that name tables and types of before."""
    shell = Shell(empty_url, tmp_path)
    shell.run("db", "restore", str(backup))
    engine = db.create_engine_for(empty_url, pool_size=1)

    def jobs() -> int:
        with db.read(engine) as conn, db.driver_of(conn) as driver:
            every = driver.execute("SELECT * FROM procrastinate_jobs", prepare=True).fetchall()
            return len(every)

    before = jobs()
    shell.run("db", "restore", str(backup), "--replace")
    assert jobs() == before
    engine.dispose()


@pytest.mark.parametrize("share", [0.3, 0.99])
def test_half_a_backup_changes_nothing(share: float, backup: Path, empty_url: str, tmp_path: Path) -> None:
    whole = backup.read_bytes()
    (tmp_path / "half").write_bytes(whole[: int(len(whole) * share)])
    with psycopg.connect(empty_url) as conn:
        conn.execute("CREATE TABLE of_somebody AS SELECT 1 AS one")
    done = Shell(empty_url, tmp_path).run("db", "restore", "half", "--replace", code=2)
    (line,) = done.stderr.splitlines()
    assert line.startswith("geo-service: dit is geen volledige back-up"), line
    assert "of_somebody" in checksums(empty_url)


def test_who_still_uses_the_database_is_not_cut_off(backup: Path, empty_url: str, tmp_path: Path) -> None:
    with psycopg.connect(empty_url) as conn:
        conn.execute("CREATE TABLE of_somebody AS SELECT 1 AS one")
        conn.commit()
        conn.execute("SELECT FROM of_somebody")
        (line,) = (
            Shell(empty_url, tmp_path)
            .run("db", "restore", str(backup), "--replace", code=2)
            .stderr.splitlines()
        )
    assert (
        line.startswith("geo-service: de back-up is niet teruggezet, er is niets veranderd")
        and "lock timeout" in line
    )


def test_what_is_no_backup_is_said(empty_url: str, tmp_path: Path) -> None:
    shell = Shell(empty_url, tmp_path)
    (line,) = shell.run("db", "restore", "gone", code=2).stderr.splitlines()
    assert line == "geo-service: de back-up kan niet gelezen worden: No such file or directory"
    (tmp_path / "text").write_text("name;street\n")
    (line,) = shell.run("db", "restore", "text", code=2).stderr.splitlines()
    assert line.startswith("geo-service: dit is geen volledige back-up")


def test_a_database_that_does_not_answer_leaves_no_file_nor_does_a_backup_that_was_killed(
    tmp_path: Path,
) -> None:
    killed, running, begun, own = (
        tmp_path / name for name in (*(f"{store.UNFINISHED}{n}" for n in (1, 2, 3)), ".unfinished")
    )
    for file in (killed, running, begun, own):
        file.touch()
        os.utime(file, times=None if file is begun else (0, 0))
    shell = Shell("postgresql://geo:hush@127.0.0.1:9/geo", tmp_path)
    with running.open("wb") as under_way:
        fcntl.flock(under_way, fcntl.LOCK_EX)
        done = shell.run("db", "backup", "city.backup", code=3)
    (line,) = done.stderr.splitlines()
    assert line.startswith("geo-service: de databank antwoordt niet (") and "hush" not in line
    assert sorted(path for path in tmp_path.iterdir() if path.is_file()) == [own, running, begun]


def test_a_database_of_a_newer_version_is_not_touched(fresh_database: str, tmp_path: Path) -> None:
    engine = sa.create_engine(fresh_database)
    with engine.begin() as conn:
        conn.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    (line,) = Shell(fresh_database, tmp_path).run("db", "migrate", code=3).stderr.splitlines()
    assert (
        line
        == "geo-service: de databank heeft een nieuwer schema dan deze versie van geo-service: werk eerst geo-service bij"
    )


def test_a_backup_for_one_key_is_read_with_that_key_only(
    city_url: str, empty_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("gpg") is None:
        unavailable("gpg")
    (tmp_path / "keys").mkdir(mode=0o700)
    shell = Shell(city_url, tmp_path)
    shell.env["GNUPGHOME"] = str(tmp_path / "keys")
    make = ["gpg", "--batch", "--passphrase", "", "--quick-generate-key", "town@example.org"]
    subprocess.run(make, env=shell.env, check=True, capture_output=True)
    try:
        shell.run("db", "backup", "city.backup", "--recipient", "town@example.org")
        assert not (tmp_path / "city.backup").read_bytes().startswith(b"PGDMP")
        (line,) = shell.run(
            "db", "backup", "other.backup", "--recipient", "nobody@example.org", code=2
        ).stderr.splitlines()
        assert line.startswith("geo-service: de back-up is niet versleuteld, en dus niet geschreven")
        assert not (tmp_path / "other.backup").exists()
        stranger = Shell(empty_url, tmp_path)
        stranger.env["GNUPGHOME"] = str(tmp_path)
        (line,) = stranger.run("db", "restore", "city.backup", code=2).stderr.splitlines()
        assert line.startswith(
            "geo-service: dit is geen volledige back-up, of hij is voor een andere sleutel versleuteld"
        )
        shell.run("db", "restore", "city.backup", "--into", empty_url)
        assert checksums(empty_url) == checksums(city_url)
    finally:
        subprocess.run(["gpgconf", "--kill", "all"], env=shell.env, check=True)


def test_a_place_in_the_options_of_an_address_is_followed_and_a_folder_is_no_file(
    empty_url: str, tmp_path: Path
) -> None:
    url = sa.make_url(empty_url)
    options = {"host": str(url.host), "port": str(url.port)}
    elsewhere = sa.URL.create(db.DRIVER, url.username, url.password, database=url.database, query=options)
    assert store.write(elsewhere, tmp_path / "geo.backup") > 0
    (tmp_path / "folder").mkdir()
    with pytest.raises(store.BackupFailure):
        store.write(elsewhere, tmp_path / "folder")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["folder", "geo.backup"]
