"""A search forgives: misspelt streets, the town before the address, a house that is not there, numbers; places come before works, houses in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest
import sqlalchemy as sa

from geo_service import db, sql
from geo_service.cluster import Cluster
from geo_service.domain import queries
from geo_service.store import search
from tests.api.scenario import Street
from tests.serving import STREET, Service, running

HOUSES = ("108", "9", "10", "108b", "2", "100", "11")


@pytest.fixture(scope="module")
def town(cluster: Cluster, template: str) -> Iterator[Service]:
    name = "search_town"
    cluster.drop_database(name)
    with running(cluster.create_database(name, template)) as service:
        street = Street(service, 0)
        insert = (
            "INSERT INTO buildings (source, source_id, street, house_number, name, geom) "
            "VALUES ('test', :id, :street, :number, :name, ST_MakeEnvelope(:west, :south, :west + 8, :south + 8, 31370))"
        )
        rows = [("Gentsestraat", number, None) for number in HOUSES]
        rows += [("Kortrijksestraat", "108", None), ("Melkmarkt", "1", "Stedelijk zwembad De Mandel")]
        with service.engine.begin() as conn:
            for n, (name_, number, building) in enumerate(rows):
                place = {"west": STREET[0] + 12 * n, "south": STREET[1] - 40}
                conn.execute(sa.text(insert), {"id": str(n), "street": name_, "number": number, "name": building, **place})  # fmt: skip
        street.works((30, 44), source_id="99123456", title="Gentsestraat 108: nieuwe aansluiting")
        street.works((30, 44), odd=True, owner="Wyre", source_id="99123499", title="Glasvezel Melkmarkt")
        street.repair()
        yield service
    cluster.drop_database(name)


def found(service: Service, text: str, role: str = "viewer") -> list[dict[str, Any]]:
    with service.as_(role) as client:
        answer = client.get("/api/v1/search", params={"q": text})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def names(items: list[dict[str, Any]], kind: str) -> list[str]:
    return [one["name"] for one in items if one["kind"] == kind]


@pytest.mark.parametrize(
    "text",
    [
        "Gentsestraat 108",
        "gentsesraat 108",
        "gensestraat 108",
        "Izegem, Gentsestraat 108",
        "8870 Izegem Gentsestraat 108",
        "gentsestraat nr 108",
    ],
)
def test_an_address_is_found_as_people_type_it_before_the_works_that_name_it(
    town: Service, text: str
) -> None:
    items = found(town, text)
    assert (items[0]["kind"], items[0]["name"]) == ("address", "Gentsestraat 108")
    kinds = [one["kind"] for one in items]
    assert "works" not in kinds[: kinds.index("street")]


def test_a_letter_that_no_house_has_means_the_house_and_one_that_it_has_means_that_one(town: Service) -> None:
    assert names(found(town, "Izegem, Gentsestraat 108a"), "address") == ["Gentsestraat 108", "Gentsestraat 108b"]  # fmt: skip
    assert names(found(town, "Gentsestraat 108B"), "address")[0] == "Gentsestraat 108b"


def test_a_street_is_a_result_of_its_own_with_its_houses_in_the_order_of_their_numbers(town: Service) -> None:
    items = found(town, "gentse")
    assert (items[0]["kind"], items[0]["name"]) == ("street", "Gentsestraat")
    assert names(items, "address") == [f"Gentsestraat {number}" for number in ("2", "9", "10", "11", "100")]
    assert 2 < items[0]["lon"] < 6


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("zwembat", "building", "Stedelijk zwembad De Mandel"),
        ("de mandel", "building", "Stedelijk zwembad De Mandel"),
        ("Wyre", "owner", "Wyre"),
        ("proximsu", "owner", "Proximus"),
        ("99123499", "works", "Glasvezel Melkmarkt"),
        ("gipod 99123499", "works", "Glasvezel Melkmarkt"),
        ("glasveezl", "works", "Glasvezel Melkmarkt"),
        ("C-1", "conflict", "C-1"),
        ("c1", "conflict", "C-1"),
    ],
)
def test_what_is_typed_comes_first_as_what_it_is(town: Service, text: str, kind: str, name: str) -> None:
    first = found(town, text)[0]
    assert (first["kind"], first["name"]) == (kind, name)


def test_the_beginning_of_a_number_finds_all_works_of_it_and_a_whole_one_that_first(town: Service) -> None:
    assert len(names(found(town, "991234"), "works")) == 2
    assert names(found(town, "991234999"), "works") == []


def test_a_number_of_a_repair_is_found_by_who_may_read_repairs(town: Service) -> None:
    with town.engine.connect() as conn:
        number = conn.scalar(sa.text("SELECT min(number) FROM repairs"))
    for text in (f"H-{number}", f"h{number}"):
        assert names(found(town, text), "repair") == [f"H-{number}"]
    assert found(town, f"H-{number}", "partner") == []


def test_a_partner_finds_its_own_works_only(town: Service) -> None:
    assert names(found(town, "99123456", "partner"), "works") == ["Gentsestraat 108: nieuwe aansluiting"]
    assert names(found(town, "99123499", "partner"), "works") == []
    assert names(found(town, "Wyre", "partner"), "owner") == []
    assert names(found(town, "gentse", "partner"), "street") == ["Gentsestraat"]


@pytest.mark.parametrize("text", ["  ", "%%", "__", "'; DROP TABLE works", "108", ",,", "Izegem", "é" * 200])
def test_whatever_is_typed_gets_an_answer(town: Service, text: str) -> None:
    assert len(found(town, text)) <= 20


def test_too_little_and_too_much_are_refused_by_name(town: Service) -> None:
    with town.as_("viewer") as viewer:
        for text in ("", "a", "a" * 201):
            answer = viewer.get("/api/v1/search", params={"q": text})
            assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "q")
        assert viewer.get("/api/v1/search").status_code == 422


def test_a_search_reads_by_its_indexes(town: Service) -> None:
    """Of 40,000 houses in 2,000 streets those that are meant, without reading the others."""
    fill = sa.text(
        "INSERT INTO buildings (source, source_id, street, house_number, geom) SELECT 'many', s || '-' || h, "
        "substring(md5(CAST(s AS text)) FROM 1 FOR 9) || 'weg', CAST(h AS text), ST_MakeEnvelope(90000 + s * 10, 180000 + h * 10, 90005 + s * 10, 180005 + h * 10, 31370) "
        "FROM generate_series(1, 2000) AS s, generate_series(1, 20) AS h"
    )
    with town.engine.begin() as conn:
        conn.execute(fill)
    with town.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(sa.text("ANALYZE buildings"))
    query = queries.read("gentsesraat 108", "Izegem")
    plain = sql.statement(search.PACKAGE, "search")
    params = {**asdict(query), "kinds": list(query.kinds), "most": 5, "repairs": True}
    with town.engine.connect() as conn, db.pipeline(conn) as line:
        explain = sql.Statement(f"EXPLAIN {plain.text}", plain.parameters)
        text = "\n".join(row for (row,) in line.send(explain, params).fetchall())
    assert "Seq Scan on buildings" not in text
    begun = time.process_time()
    assert found(town, "gentsesraat 108")[0]["name"] == "Gentsestraat 108"
    assert time.process_time() - begun < 2
