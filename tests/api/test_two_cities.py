"""Izegem and Schaerbeek side by side in one process: each with its own file, and none knows of the other's."""

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

from geo_service import city, db
from geo_service.cluster import Cluster
from geo_service.detection.prepare import prepare_database
from scripts.real import runs
from tests.scenes import Scene
from tests.serving import Service, running

PROGRAMME_DAY = date(2026, 1, 5)


class Cities(NamedTuple):
    izegem: Service
    schaerbeek: Service


@pytest.fixture(scope="module")
def cities(cluster: Cluster, template: str) -> Iterator[Cities]:
    names = [f"city_{uuid.uuid4().hex}" for _ in range(2)]
    izegem = cluster.create_database(names[0], template)
    schaerbeek = cluster.create_database(names[1])
    url = sa.make_url(schaerbeek).set(drivername=db.DRIVER).render_as_string(hide_password=False)
    prepare_database(url, "Commune de Schaerbeek", city.content("schaerbeek"))
    with running(izegem) as one, running(schaerbeek, city_file="schaerbeek", city_name="Schaerbeek") as other:
        yield Cities(one, other)
    for name in names:
        cluster.drop_database(name)


def relaid_in(service: Service, material: str) -> float:
    """What a square metre costs of a footpath in this material (€)."""
    with db.write(service.engine) as conn:
        scene = Scene(conn)
        scene.section(material=material)
        scene.repair(planned=(20, 21))
        price = conn.scalar(sa.text("SELECT max(eur_per_m2) FROM claims WHERE kind = 'investment'"))
        conn.rollback()
    assert price is not None
    return float(price)


def test_each_reads_materials_in_its_own_language(cities: Cities) -> None:
    stone, unknown = 260, 120
    assert relaid_in(cities.izegem, "natuursteen") == stone
    assert relaid_in(cities.izegem, "pavés de porphyre") == unknown
    assert relaid_in(cities.schaerbeek, "pavés de porphyre") == stone
    assert relaid_in(cities.schaerbeek, "natuursteen") == unknown


def test_each_tells_its_own_departments(cities: Cities) -> None:
    def told(service: Service) -> list[str]:
        with service.as_("viewer") as client:
            rules = client.get("/api/v1/rules").json()["items"]
        return next(rule["departments"] for rule in rules if rule["id"] == "access_blocked")

    assert told(cities.izegem) == ["publiek_domein", "patrimonium", "nutsen"]
    assert told(cities.schaerbeek) == ["publiek_domein", "nutsen"]


@pytest.mark.shared
def test_a_programme_comes_in_at_one_and_not_at_the_other(cities: Cities, shared: Path) -> None:
    runs.programme(cities.schaerbeek.engine, shared, PROGRAMME_DAY)

    def counts(service: Service) -> tuple[int, int]:
        with service.as_("coordinator") as client:
            lists = (client.get(f"/api/v1/{name}?limit=1000").json() for name in ("repairs", "conflicts"))
            repairs, conflicts = (len(one["items"]) for one in lists)
        return repairs, conflicts

    repairs, conflicts = counts(cities.schaerbeek)
    assert repairs == 55
    assert conflicts > 100
    assert counts(cities.izegem) == (0, 0)
