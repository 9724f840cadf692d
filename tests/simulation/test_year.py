"""A month of a small town, played through the real engine."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from shapely import Point

from geo_service.cluster import Cluster
from geo_service.demo.model import City
from geo_service.simulation import outcome, year
from geo_service.simulation.assumptions import Assumptions

BUSY = Assumptions(works_per_km=40, reports_per_km=150, near_works_share=1, section_share=1, urgent_share=0.1)
QUARTER_M = 220
DAYS = 30


@pytest.fixture(scope="module")
def quarter(demo_city: City) -> City:
    """The streets around the market, without works and repairs."""
    west, south, east, north = demo_city.bounds
    near = Point((west + east) / 2, (south + north) / 2).buffer(QUARTER_M)
    pavements = tuple(one for one in demo_city.pavements if near.contains(one.geometry))
    names = {one.street for one in pavements}
    return replace(
        demo_city,
        pavements=pavements,
        streets=tuple(one for one in demo_city.streets if one.name in names),
        buildings=tuple(one for one in demo_city.buildings if near.contains(one.geometry)),
        grounds=(),
    )


@pytest.fixture(scope="module")
def played(cluster: Cluster, quarter: City) -> list[year.Pair]:
    return year.play(cluster, quarter, BUSY, [1], DAYS)


def test_the_service_spares_footpaths_that_are_opened_again_without_it(played: list[year.Pair]) -> None:
    told = outcome.summary(played, DAYS)
    assert told["reports"] > 20
    assert told["without"]["reopened_by"]["known"] > 0
    assert told["with"]["reopened_by"]["known"] == 0
    assert told["with"]["reopened"] < told["without"]["reopened"]
    assert told["with"]["wasted_eur"] < told["without"]["wasted_eur"]
    assert len(told["reopenings"]) == told["with"]["reopened"] > 0
    assert {row["verdict"] for row in told["reopenings"]} <= {"repair", "recover"}
    assert all(row["answer"] in ("cannot", "begun", None) for row in told["reopenings"])


def test_no_danger_is_older_than_a_day_and_desks_are_told(played: list[year.Pair]) -> None:
    told = outcome.summary(played, DAYS)
    assert told["danger_older_than_a_day"] == 0
    assert told["with"]["held"] > 0
    assert {"nutsen", "werkplaatsen"} <= told["with"]["alerts_by_desk"].keys()
    assert told["without"]["alerts_per_desk_day"] == 0


def test_the_same_seed_is_the_same_year_and_nothing_is_left_of_it(
    cluster: Cluster, quarter: City, played: list[year.Pair]
) -> None:
    again = year.play(cluster, quarter, BUSY, [1], DAYS)
    assert [_without_alerts(pair) for pair in again] == [_without_alerts(pair) for pair in played]
    for desk, alerts in played[
        0
    ].with_service.alerts.items():  # ids are new each time, and order what else is equal
        assert again[0].with_service.alerts[desk] == pytest.approx(alerts, rel=0.03)
    with psycopg.connect(cluster.url) as conn:
        left = conn.execute("SELECT datname FROM pg_database WHERE datname LIKE 'simulation_%'").fetchall()
    assert left == []


def simulate(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"GEO_HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "nl_BE.UTF-8"}
    command = [sys.executable, "-m", "geo_service", "simulate", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_command_answers_machines(cluster: Cluster) -> None:
    done = simulate(
        cluster.home,
        "--days",
        "2",
        "--seed",
        "7",
        "--scale",
        "0.2",
        "--assume",
        "reports_per_km=30",
        "--json",
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["seeds"] == [7]
    assert {"reopened", "repairs", "wasted_eur", "days_waited_median", "alerts_per_desk_day"} <= told[
        "with"
    ].keys()
    assert told["with"].keys() == told["without"].keys()
    assert {"fewer_reopened_share", "held_needlessly_share", "danger_older_than_a_day"} <= told.keys()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--assume", "luck=1"), "er is geen aanname luck"),
        (("--assume", "plan_days"), "moet NAAM=GETAL zijn"),
        (("--assume", "begin_share=2"), "moet tussen 0 en 1 liggen"),
        (("--double", "luck"), "er is geen aanname luck"),
        (("--days", "0"), "--days"),
    ],
)
def test_what_makes_no_sense_is_said_before_a_town_is_built(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    refused = simulate(tmp_path, *arguments)
    assert refused.returncode == 2
    assert words in refused.stderr


def _without_alerts(pair: year.Pair) -> year.Pair:
    return replace(pair, with_service=replace(pair.with_service, alerts={}))
