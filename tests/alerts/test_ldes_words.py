"""The words of the event streams: OSLO, judged by SHACL and by the client of others, without what people wrote."""

from __future__ import annotations

import json
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pyshacl
import pytest
import rdflib
import sqlalchemy as sa
from rdflib.compare import isomorphic
from rdflib.namespace import RDF

from geo_service.alerts.ldes.members import STREAMS
from geo_service.store.tables import repairs
from tests.alerts.ldes_scenes import (
    MOB,
    city,
    fetch,
    first_page,
    graph,
    members,
    newest,
    publish,
    service,
    short_pages,
    walk,
)
from tests.conftest import PROJECT, unavailable
from tests.serving import Service

__all__ = ["city", "service", "short_pages"]  # fixtures

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl"
)


@pytest.mark.parametrize("name", STREAMS)
def test_both_forms_say_the_same(service: Service, city: Any, name: str) -> None:
    page = first_page(service, name)
    plain, turtle = fetch(service, page), fetch(service, page, Accept="text/turtle")
    assert plain.headers["content-type"] == "application/ld+json"
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert isomorphic(graph(plain), graph(turtle))
    root = f"/ldes/{name}"
    assert isomorphic(
        graph(fetch(service, root)), graph(fetch(service, root, Accept="text/turtle;q=1, */*;q=0.1"))
    )


def test_the_codes_have_words_in_both_languages(service: Service, city: Any) -> None:
    answers = [
        fetch(service, "/ldes/concepts", Accept=form) for form in ("text/turtle", "application/ld+json")
    ]
    assert isomorphic(*(graph(one) for one in answers))
    danger = rdflib.URIRef(f"{service.url}/ldes/concepts#urgency-danger")
    words = {str(one) for one in graph(answers[0]).objects(danger, rdflib.SKOS.prefLabel)}
    assert words == {"Gevaar", "Danger"}
    known = set(graph(answers[0]).subjects(RDF.type, rdflib.SKOS.Concept))
    concepts = {
        one
        for name in STREAMS
        for one in graph(fetch(service, first_page(service, name))).subjects(RDF.type, rdflib.SKOS.Concept)
    }
    schemes = {str(one).partition("#")[2].partition("-")[0] for one in concepts}
    assert schemes >= {"zone", "rule", "works_kind", "works_category"}
    assert concepts <= known, concepts - known


def test_what_is_published_conforms_to_oslo(service: Service, city: Any, shared: Path) -> None:
    file = shared / "schemas" / "oslo" / "inname-openbaar-domein-SHACL.subset.ttl"
    if not file.exists():
        unavailable("the shapes of OSLO")
    shapes = rdflib.Graph().parse(file)
    for name in STREAMS:
        page = graph(fetch(service, first_page(service, name)))
        kinds = {"works": MOB.Grondwerk, "repairs": MOB.Inname, "conflicts": MOB.RuimtelijkConflict}
        assert (None, RDF.type, kinds[name]) in page
        conforms, _, report = pyshacl.validate(page, shacl_graph=shapes)
        assert conforms, report


def test_a_conflict_that_is_a_chance_is_a_synergy(service: Service, city: Any) -> None:
    kinds = {one["@type"] for one in newest(service, "conflicts").values()}
    assert kinds == {"mob:RuimtelijkConflict", "mob:Synergie"}
    with service.as_("viewer") as http:
        listed = http.get("/api/v1/conflicts?limit=1000").json()["items"]
    assert {one["id"] for one in listed} == set(newest(service, "conflicts"))
    for one in listed:
        member = newest(service, "conflicts")[one["id"]]
        assert (member["@type"] == "mob:Synergie") == one["opportunity"]
        assert member["org:classification"]["@id"] == f"geo:severity-{one['severity']}"
        begin, end = (
            member["dct:temporal"][f"gen:Tijdsinterval.{name}"]["@value"] for name in ("begin", "einde")
        )
        begins, ends = ([one[side][name] for side in "ab"] for name in ("starts_on", "ends_on"))
        if max(begins) < min(filter(None, ends)):
            assert (begin, end) == (max(begins), min(filter(None, ends)))
        else:
            assert (begin, end) == (min(begins), max(filter(None, ends)))


def test_the_client_of_others_reads_all_of_it_in_order(
    service: Service, city: Any, short_pages: None
) -> None:
    if not (PROJECT / "node_modules" / "ldes-client").exists():
        unavailable("npm's ldes-client")
    script = Path(__file__).parent / "read_stream.mjs"
    for name in STREAMS:
        ours = members(service, name)
        run = subprocess.run(
            ["node", script, f"{service.url}/ldes/{name}", service.keys["viewer"]],
            capture_output=True, text=True, timeout=60, check=True, cwd=PROJECT,
        )  # fmt: skip
        theirs = [json.loads(line) for line in run.stdout.splitlines()]
        assert {one["id"] for one in theirs} == {one["@id"] for one in ours}
        assert len(theirs) == len(ours)
        times = [one["at"] for one in theirs]
        assert times == sorted(times) and all(one["quads"] > 5 for one in theirs)


def test_the_newest_member_tells_what_the_api_tells(service: Service, city: Any) -> None:
    with service.engine.begin() as conn:
        row = sa.update(repairs).where(repairs.c.id == uuid.UUID(city["repair"]["id"]))
        conn.execute(row.values(held=True, verdict="wait", verdict_until=sa.text("DATE '2027-03-01'")))
    assert publish(service)["repairs"] == 1
    member = newest(service, "repairs")[city["repair"]["id"]]
    assert member["geo:freeFrom"]["@value"] == "2027-03-01"
    assert member["geo:verdict"]["@id"] == "geo:verdict-wait"
    with service.engine.begin() as conn:
        conn.execute(row.values(held=False))
    publish(service)
    assert "geo:freeFrom" not in newest(service, "repairs")[city["repair"]["id"]]


def test_nothing_that_a_person_wrote_is_published(service: Service, city: Any) -> None:
    bytes_ = b"".join(page.content for name in STREAMS for page in walk(service, name))
    assert b"Zonderling" not in bytes_ and b"Plaatsen leidingen" not in bytes_
