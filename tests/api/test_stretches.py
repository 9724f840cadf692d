"""From number 30 to number 36: the footpath in front of these houses, and what may be done there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from shapely.geometry import shape

from geo_service.cluster import Cluster
from geo_service.domain import geometry
from geo_service.domain.crs import STORAGE, WGS84
from tests.api.scenario import Street, day
from tests.serving import STREET, Service, running

EVEN, ODD = ("28", "30", "32", "36", "38"), ("29", "31", "33", "35", "37")
WIDE_M = 8
NOTICED = ("verdict", "until", "title", "sentence", "cost_at_risk_eur", "blocked", "reasons", "frontage")


@pytest.fixture(scope="module")
def street(cluster: Cluster, template: str) -> Iterator[Street]:
    """A street 12 m wide with terraced houses of 8 m; nobody lives at 34, and the works lie in front of 32 and 36."""
    name = "stretches"
    cluster.drop_database(name)
    with running(cluster.create_database(name, template)) as service:
        house = "INSERT INTO buildings (source, source_id, street, house_number, geom) VALUES ('test', :street || ' ' || :n, :street, :n, ST_MakeEnvelope(:x, :y, :x + 8, :y + 9, 31370))"
        section = "INSERT INTO pavement_sections (source, code, kind, street, side, material, laid_on, geom) VALUES ('test', :code, :kind, :street, :side, 'tegels', '2001-05-01', ST_MakeEnvelope(:x, :y, :x + :long, :y + 2, 31370))"
        with service.engine.begin() as conn:
            for numbers, y in ((EVEN, -9), (ODD, 12)):
                for n, number in enumerate(numbers):
                    conn.execute(sa.text(house), {"n": number, "street": "Gentsestraat", "x": STREET[0] + WIDE_M * n, "y": STREET[1] + y})  # fmt: skip
            conn.execute(
                sa.text(house), {"n": "7", "street": "Melkmarkt", "x": STREET[0] + 900, "y": STREET[1]}
            )
            for n, name, x in (("9", "Hoekstraat", 1200), ("32", "Oude Gentsestraat", 1500)):
                place = {"x": STREET[0] + x, "y": STREET[1]}
                conn.execute(sa.text(house), {"n": n, "street": name, **place})
            pavements = [
                ("E-1", "footpath", "Gentsestraat", "even", 0, 0, 20),
                ("E-2", "footpath", "Gentsestraat", "even", 20, 0, 60),
                ("C-1", "cycle_path", "Gentsestraat", "even", 0, 2, 80),
                ("O-1", "footpath", "Gentsestraat", "odd", 0, 10, 80),
                ("H-1", "footpath", "Hoekstraat", "odd", 1212, 13, 20),  # off the corner of its only house
            ]
            for code, kind, name, side, x, y, long in pavements:
                place = {"x": STREET[0] + x, "y": STREET[1] + y, "long": long}
                conn.execute(sa.text(section), {"code": code, "side": side, "kind": kind, "street": name, **place})  # fmt: skip
        street = Street(service, 0)
        street.works((30, 44), along=(20, 30))
        yield street
    cluster.drop_database(name)


def asked(service: Service, path: str, text: str) -> Any:
    with service.as_("workshop") as client:
        return client.get(f"/api/v1/{path}", params={"q": text})


def extent(stretch: dict[str, Any]) -> list[float]:
    """West, south, east, north of its ground in metres on the test street, to the decimetre."""
    ground = geometry.transform(shape(stretch["geometry"]), WGS84, STORAGE)
    return [round(value - STREET[n % 2], 1) for n, value in enumerate(ground.bounds)]


def test_the_ground_lies_in_front_of_these_houses_and_of_no_other(street: Street) -> None:
    [stretch] = asked(street.service, "pavements/stretches", "Gentsestraat 30-36").json()["items"]
    names = ("street", "side", "number_from", "number_to", "last", "code", "material", "laid_on")
    assert [stretch[name] for name in names] == ["Gentsestraat", "even", "30", "36", "36", "E-1, E-2", "tegels", "2001-05-01"]  # fmt: skip
    assert extent(stretch) == [8.6, 0, 31.4, 2]
    assert stretch["area_m2"] == pytest.approx(45.6, abs=0.1)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Gentsestraat van nr 30 tot nr 36", ["Gentsestraat 30–36"]),
        ("gentsesraat 30 t.e.m. 36", ["Gentsestraat 30–36"]),
        ("Gentsestraat 36–30", ["Gentsestraat 30–36"]),
        ("Gentsestraat 30-37", ["Gentsestraat 30–36", "Gentsestraat 31–37"]),
        ("Gentsestraat 20-34", ["Gentsestraat 28–32"]),
        ("Gentsestraat 30-30", ["Gentsestraat 30"]),
        ("Gentsestraat 50-60", []),
        ("Melkmarkt 5-9", []),
    ],
)
def test_a_search_finds_the_stretch_before_all_else(street: Street, text: str, names: list[str]) -> None:
    hits = asked(street.service, "search", text).json()["items"]
    stretches = [hit for hit in hits if hit["kind"] == "stretch"]
    assert [hit["name"] for hit in stretches] == names
    assert hits[: len(names)] == stretches
    assert {(hit["detail"], hit["code"]) for hit in stretches} <= {("even", "footpath"), ("odd", "footpath")}
    assert hits[len(names)]["name"].startswith(("Gentsestraat", "Melkmarkt"))


def test_what_was_asked_stays_beside_what_there_is(street: Street) -> None:
    [stretch] = asked(street.service, "pavements/stretches", "Gentsestraat 20-34").json()["items"]
    names = ("first", "number_from", "number_to", "last")
    assert [stretch[name] for name in names] == ["20", "28", "32", "34"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Gentsestraat 30", "is geen straat met twee huisnummers"),
        ("Zonnestraat 30-36", "er geen straat Zonnestraat"),
        ("Gentsestraat 50-60", "geen huis van nr. 50 tot en met 60; de nummers lopen er van 28 tot 38"),
        ("Gentsestraat 34-34", "geen huis van nr. 34"),
        ("Hoekstraat 9-9", "geen voetpad"),
        ("Melkmarkt 5-9", "voor Melkmarkt 5 tot en met 9 kennen wij geen voetpad"),
    ],
)
def test_what_is_not_there_is_said_in_words(street: Street, text: str, says: str) -> None:
    answer = asked(street.service, "pavements/stretches", text)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["field"]) == (422, "q")
    assert says in error["message"]


@pytest.mark.parametrize(("text", "verdict"), [("Gentsestraat 30-36", "wait"), ("Gentsestraat 31-37", "repair")])  # fmt: skip
def test_the_advice_is_that_of_a_repair_of_the_same_stretch(street: Street, text: str, verdict: str) -> None:
    [stretch] = asked(street.service, "pavements/stretches", text).json()["items"]
    question = {"geometry": stretch["geometry"], "scope": "area", "category": "loose_slab"}
    with street.service.as_("workshop") as client:
        what_if = client.post("/api/v1/advice", json={**question, "starts_on": day(0)}).json()
        repair = client.post("/api/v1/repairs", json=question).json()
        stored = client.get(f"/api/v1/repairs/{repair['id']}/advice").json()
    assert what_if["verdict"] == verdict
    assert [what_if[name] for name in NOTICED] == [stored[name] for name in NOTICED]
    assert len(what_if["conflicts"]) == len(stored["conflicts"])
    [front] = what_if["frontage"]
    assert (front["number_from"], front["number_to"]) == (stretch["number_from"], stretch["number_to"])
