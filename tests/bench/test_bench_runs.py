"""The bench itself runs, on little data: what it says about speed is read by people, not by this test."""

import json
import shutil
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from geo_service import db
from geo_service.bench import alerting, importing, load, races, serve, serve_peers
from geo_service.bench.engine import NAMES, Extent, lines
from geo_service.bench.measure import MeasurementFailed
from geo_service.bench.region import CITY_SPACING_M, region
from geo_service.cli import app
from geo_service.cluster import Cluster
from tests.serving import running

LITTLE = Extent(claims=500, times=5, rows=20, cities=2)


@pytest.mark.parametrize("name", NAMES)
def test_each_measurement_runs_and_ours_finds_what_the_peer_finds(cluster: Cluster, name: str) -> None:
    measured = list(lines(cluster, LITTLE, (name,)))
    assert measured
    for line in measured:
        if line.peer.startswith("ogr2ogr") and not shutil.which("ogr2ogr"):
            continue  # no Python package: not on every machine
        assert line.measured, line.missing
        assert line.measured.ours.wall_s > 0 and line.measured.peer.cpu_s > 0


def test_cities_lie_apart_and_each_repairs_its_own(cluster: Cluster) -> None:
    """A lock per city covers what a writer inside it meets, and on a border both."""
    by_city = sa.text(
        "SELECT CAST((ST_X(geom) - 30000) / :spacing AS integer) AS city, array_agg(DISTINCT o.name) AS owners "
        "FROM repairs r JOIN organisations o ON o.id = r.owner_id GROUP BY city ORDER BY city"
    )
    engine = db.create_engine_for(region(cluster, LITTLE.claims, LITTLE.cities))
    with db.read(engine) as conn:
        rows = conn.execute(by_city, {"spacing": CITY_SPACING_M}).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [(0, ["Stad Izegem"]), (1, ["Gemeente 2"])]
    inside, border = (30_100, 150_100, 30_110, 150_102), (34_990, 150_100, 34_991, 150_102)
    assert [len(races.cells([box], CITY_SPACING_M)) for box in (inside, border)] == [1, 2]


def test_the_command_says_what_it_measured(cluster: Cluster) -> None:
    home = ["--home", str(cluster.home)]
    told = CliRunner().invoke(
        app, ["bench", "engine", "--claims", "500", "--times", "5", "--only", "full", *home, "--json"]
    )
    assert told.exit_code == 0, told.output
    facts = json.loads(told.stdout)
    assert facts["claims"] == 500
    assert {(line["what"], line["wall_ratio"] > 0) for line in facts["lines"]} == {("full run", True)}


def test_a_peer_that_is_not_installed_is_named_with_what_to_do(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sedonadb", None)
    *_, line = lines(cluster, LITTLE, ("full",))
    assert (line.measured, line.missing) == (None, "sedonadb is not installed: uv sync --group bench")


def test_so_is_a_tool_that_is_not_installed(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "OGR", "ogr2ogr-that-is-not-there")
    *_, line, _again = lines(cluster, LITTLE, ("import",))
    assert (line.measured, line.missing) == (None, "ogr2ogr is not installed: apt install gdal-bin")


def test_what_is_served_is_measured_also_where_no_peer_can_be_had(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(name: str, _: Path) -> Path:
        raise MeasurementFailed(f"{name} cannot be installed")

    monkeypatch.setattr(serve_peers, "installed", refuse)
    table = serve.measure(cluster, 500, 1, tmp_path)
    assert table.missing == ["tipg cannot be installed", "pygeoapi cannot be installed"]
    assert [(line.what, line.who) for line in table.lines] == [
        ("1,000 features", "geo_service"), ("1,000 features", "bare statement"), ("a tile of works", "geo_service"),
        ("a tile of works", "bare statement"), ("all phases as GeoParquet", "geo_service"), ("all phases as GeoParquet", "GeoPandas reads them"),
    ]  # fmt: skip
    assert all(line.cost.wall_s > 0 and line.as_json()["ours_against_it"] > 0 for line in table.lines)


def test_a_measurement_that_does_not_exist_is_named(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["bench", "engine", "--only", "flight", "--home", str(tmp_path)])
    assert "there is no measurement flight" in str(told.exception)


def test_towns_without_a_street_are_compared_with_nothing(tmp_path: Path) -> None:
    words = ["bench", "engine", "--claims", "3899", "--cities", "300", "--home", str(tmp_path)]
    told = CliRunner().invoke(app, [*words, "--only", "cities"])
    assert "3899" in str(told.exception) and "299" in str(told.exception)


def test_no_alert_is_lost_while_they_are_measured(cluster: Cluster) -> None:
    figures = alerting.measure(cluster, rate=5, seconds=2, listeners=3)
    assert (len(figures.waits_s), figures.lost) == (10, 0)
    assert figures.reads_per_s > 0
    assert all(wait > 0 for wait in figures.waits_s)
    assert [row[1] for row in figures.rows(5, 3)][2] == "0"
    assert figures.save_s > 0 and figures.save_beside_s > 0


def test_a_busy_morning_counts_every_answer(fresh_database: str, tmp_path: Path) -> None:
    with running(fresh_database) as service:
        keys = tmp_path / "keys.json"
        keys.write_text(json.dumps(service.keys))
        figures = load.measure(
            service.url, keys, load.Morning(people=4, writes_per_s=4, listeners=2, seconds=4)
        )
        with service.engine.connect() as conn:
            stored = conn.exec_driver_sql(
                "SELECT count(*) FROM repairs WHERE description = 'bench load'"
            ).scalar_one()
    reports = figures.routes["POST /api/v1/repairs"]
    assert stored == len(reports.seconds) > 4
    assert not any(route.errors or route.refused for route in figures.routes.values())
    assert {"GET tile", "POST /api/v1/advice"} & figures.routes.keys()
    assert figures.memory_before > 0
    *rows, every = figures.rows()
    assert every[0] == "all" and int(every[1]) == sum(int(row[1]) for row in rows)


def test_a_service_that_is_not_there_is_said(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text("{}")
    with pytest.raises(MeasurementFailed, match="does not answer"):
        load.measure("http://127.0.0.1:1", keys, load.Morning(1, 0, 0, 1))
