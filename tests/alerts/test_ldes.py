"""Event streams for other systems: pages that never change, in the words of OSLO, judged by SHACL and read by the client of others."""

from __future__ import annotations

import json
import random
import re
import socket
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyshacl
import pytest
import rdflib
import sqlalchemy as sa
from rdflib.compare import isomorphic
from rdflib.namespace import DCTERMS, PROV, RDF

from geo_service.alerts.ldes import pages, stream
from geo_service.alerts.ldes.members import STREAMS
from geo_service.store import feed_epoch
from geo_service.store.tables import ldes_members, repairs, works
from tests.api.scenario import Street
from tests.conftest import PROJECT, unavailable
from tests.serving import Service, running

pytestmark = pytest.mark.filterwarnings(
    "ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl"
)
MOB = rdflib.Namespace("https://data.vlaanderen.be/ns/mobiliteit#")
TREE = rdflib.Namespace("https://w3id.org/tree#")
SHORT = 7
"""Members of a page in tests, so that there are several."""


@pytest.fixture(scope="module")
def service(cluster: Any, template: str) -> Iterator[Service]:
    """A service that knows its own address, which its pages hold."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = f"ldes_{uuid.uuid4().hex[:12]}"
    with running(
        cluster.create_database(name, template), port=port, base_url=f"http://127.0.0.1:{port}"
    ) as service:
        yield service
    cluster.drop_database(name)


@pytest.fixture(scope="module")
def city(service: Service) -> dict[str, Any]:
    """Works of each kind, repairs that they meet, and the conflicts of those."""
    street = Street(service, 70_000)
    kinds = ("groundworks", "works", "event", "building_project")
    made = [
        street.works((30, 44), along=(100 * n, 100 * n + 40), kind=kind, source_id=f"K-{n}")
        for n, kind in enumerate(kinds)
    ]
    made.append(street.works((60, 70), owner="Fluvius", source_id='5"\\\n\u0001', category="2"))
    repair = street.repair(description="Jan Zonderling belde", scope="section")
    street.repair(along=(300, 301), scope="spot")
    publish(service)
    return {"street": street, "works": made, "repair": repair}


@pytest.fixture
def short_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_MEMBERS", SHORT)


def publish(service: Service) -> dict[Any, int]:
    return stream.publish(service.engine, "Europe/Brussels")


def fetch(service: Service, address: str, role: str = "viewer", **headers: str) -> httpx.Response:
    with service.as_(role, **headers) as http:
        return http.get(address)


def first_page(service: Service, name: str) -> str:
    return str(fetch(service, f"/ldes/{name}").json()["tree:view"]["@id"])


def walk(service: Service, name: str) -> list[httpx.Response]:
    """All pages of a stream, as a reader finds them."""
    answers, address = [], first_page(service, name)
    while address:
        answers.append(fetch(service, address))
        assert answers[-1].status_code == 200, answers[-1].text
        address = answers[-1].json()["@graph"][1].get("tree:relation", {}).get("tree:node", {}).get("@id")
    return answers


def members(service: Service, name: str) -> list[dict[str, Any]]:
    return [one for page in walk(service, name) for one in page.json()["@graph"][0]["tree:member"]]


def newest(service: Service, name: str) -> dict[str, dict[str, Any]]:
    """The last member of each thing, by its id."""
    return {one["dct:isVersionOf"]["@id"].rpartition("/")[2]: one for one in members(service, name)}


def graph(answer: httpx.Response) -> rdflib.Graph:
    form = "turtle" if "turtle" in answer.headers["content-type"] else "json-ld"
    return rdflib.Graph().parse(data=answer.content, format=form)


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


def test_a_reader_gets_the_form_that_stands_highest(service: Service, city: Any) -> None:
    forms = {
        "text/turtle;q=0.4, application/ld+json;q=0.5": "application/ld+json",
        "text/turtle;q=0.6, application/ld+json;q=0.5": "text/turtle",
        "text/turtle;q=0.5, application/ld+json;q=0.5": "application/ld+json",
        "text/turtle;q=1.2.3": "application/ld+json",
        "text/html, */*": "application/ld+json",
    }
    for accept, form in forms.items():
        answer = fetch(service, "/ldes/works", Accept=accept)
        assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, form), accept


def test_the_codes_have_words_in_both_languages(service: Service, city: Any) -> None:
    answers = [
        fetch(service, "/ldes/concepts", Accept=form) for form in ("text/turtle", "application/ld+json")
    ]
    assert isomorphic(*(graph(one) for one in answers))
    danger = rdflib.URIRef(f"{service.url}/ldes/concepts#urgency-danger")
    words = {str(one) for one in graph(answers[0]).objects(danger, rdflib.SKOS.prefLabel)}
    assert words == {"Gevaar", "Danger"}


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


def change(service: Service, dice: random.Random, ids: dict[sa.Table, list[uuid.UUID]]) -> None:
    """One thing gets another state, or is deleted, or comes back."""
    table = dice.choice(list(ids))
    other = {
        works: {"certainty": dice.choice(("planned", "confirmed", "done"))},
        repairs: {"held": dice.random() < 0.5, "verdict": "wait", "verdict_until": sa.func.current_date()},
    }[table]
    news = {"deleted_at": sa.func.now() if dice.random() < 0.2 else None, **other}
    if table is works or "deleted_at" in news:
        news |= {"version": table.c.version + 1, "updated_at": sa.func.now()}
    with service.engine.begin() as conn:
        conn.execute(sa.update(table).where(table.c.id == dice.choice(ids[table])).values(news))


@pytest.mark.parametrize("_round", range(3))
def test_pages_stay_the_same_bytes_while_the_stream_grows(
    service: Service, city: Any, short_pages: None, _round: int
) -> None:
    seed = random.randrange(10_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    with service.engine.connect() as conn:
        ids = {table: list(conn.scalars(sa.select(table.c.id))) for table in (works, repairs)}
    full: dict[str, bytes] = {}
    for _ in range(12):
        for _ in range(dice.randrange(6)):
            change(service, dice, ids)
        publish(service)
        for name in ("works", "repairs"):
            for answer in walk(service, name):
                lasting = "immutable" in answer.headers["cache-control"]
                count = len(answer.json()["@graph"][0]["tree:member"])
                assert lasting == (count == SHORT)
                assert full.get(str(answer.url), answer.content) == answer.content
                if lasting:
                    full[str(answer.url)] = answer.content
    assert full
    with service.engine.begin() as conn:
        living = {
            table.name: {
                str(one) for one in conn.scalars(sa.select(table.c.id).where(table.c.deleted_at.is_(None)))
            }
            for table in ids
        }
        for table in ids:
            conn.execute(sa.update(table).values(deleted_at=None, version=table.c.version + 1))
    for name, expected in living.items():
        assert {
            one for one, member in newest(service, name).items() if member["@type"] != "as:Delete"
        } == expected
    publish(service)
    assert not [one for one in newest(service, "works").values() if one["@type"] == "as:Delete"]


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


def test_nothing_new_publishes_nothing(service: Service, city: Any) -> None:
    publish(service)
    assert set(publish(service).values()) == {0}
    with service.engine.begin() as conn:  # a new version that reads as the one before
        conn.execute(sa.update(works).values(version=works.c.version + 1, remark="anders"))
    assert publish(service)["works"] == 0
    assert set(publish(service).values()) == {0}


def test_two_publishers_take_no_place_twice(service: Service, city: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(5):
        with service.engine.begin() as conn:
            conn.execute(
                sa.update(works).values(
                    version=works.c.version + 1,
                    certainty=sa.case((works.c.certainty == "planned", "confirmed"), else_="planned"),
                )
            )
        with ThreadPoolExecutor(4) as threads:
            added = [one.result()["works"] for one in [threads.submit(publish, service) for _ in range(4)]]
        with service.engine.connect() as conn:
            count = conn.scalar(
                sa.select(sa.func.count()).select_from(works).where(works.c.deleted_at.is_(None))
            )
        assert sum(added) == count
    with service.engine.connect() as conn:
        places = list(
            conn.scalars(
                sa.select(ldes_members.c.place)
                .where(ldes_members.c.stream == "works")
                .order_by(ldes_members.c.place)
            )
        )
    assert places == list(range(1, len(places) + 1))


def test_a_clock_that_goes_back_keeps_the_order_of_times(service: Service, city: Any) -> None:
    with service.engine.begin() as conn:
        conn.execute(sa.update(ldes_members).values(at=sa.text("now() + interval '1 hour'")))
        conn.execute(sa.update(works).values(version=works.c.version + 1, certainty="in_progress"))
    assert publish(service)["works"] > 0
    times = [one["prov:generatedAtTime"]["@value"] for one in members(service, "works")]
    assert times == sorted(times)


def test_nothing_that_a_person_wrote_is_published(service: Service, city: Any) -> None:
    bytes_ = b"".join(page.content for name in STREAMS for page in walk(service, name))
    assert b"Zonderling" not in bytes_ and b"Plaatsen leidingen" not in bytes_


def test_works_that_lose_their_ground_are_gone(service: Service, city: Any) -> None:
    bare = city["street"].works((30, 44), along=(600, 640), source_id="bare")["id"]
    assert publish(service)["works"] >= 1
    with service.engine.begin() as conn:
        conn.execute(sa.text("DELETE FROM phases WHERE works_id = :id"), {"id": bare})
    assert publish(service)["works"] == 1
    assert newest(service, "works")[bare]["@type"] == "as:Delete"
    assert publish(service)["works"] == 0


def test_a_conflict_in_the_shadow_is_not_published(service: Service, city: Any) -> None:
    [shy, *_] = newest(service, "conflicts")
    with service.engine.begin() as conn:
        conn.execute(
            sa.text("UPDATE conflicts SET shadow = true, version = version + 1 WHERE id = :id"), {"id": shy}
        )
    publish(service)
    assert newest(service, "conflicts")[shy]["@type"] == "as:Delete"
    with service.engine.begin() as conn:
        conn.execute(
            sa.text("UPDATE conflicts SET shadow = false, version = version + 1 WHERE id = :id"), {"id": shy}
        )
    publish(service)


@pytest.mark.parametrize(
    ("role", "status"),
    [("viewer", 200), ("workshop", 200), ("utilities_desk", 200), ("coordinator", 200), ("admin", 200), ("partner", 403), ("reporter", 403), (None, 401)],
)  # fmt: skip
def test_who_sees_every_owner_reads_the_streams(
    service: Service, city: Any, role: str | None, status: int
) -> None:
    page = first_page(service, "works")
    with service.as_(role) as http:
        assert [http.get(one).status_code for one in ("/ldes/works", page)] == [status, status]


def test_a_page_that_is_not_there_is_said(service: Service, city: Any) -> None:
    page = first_page(service, "works")
    wrong = {
        page[:-1] + "99": 404,
        page[:-1] + "0": 422,
        page[:-1] + "x": 422,
        re.sub(r"[0-9a-f-]{36}", str(uuid.uuid4()), page): 410,
        "/ldes/buildings": 422,
    }
    assert {address: fetch(service, address).status_code for address in wrong} == wrong


def test_a_page_that_its_reader_has_is_not_sent_again(service: Service, city: Any) -> None:
    page = fetch(service, first_page(service, "works"))
    again = fetch(service, str(page.url), **{"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_backup_that_is_put_back_begins_other_pages(service: Service, city: Any) -> None:
    before = first_page(service, "works")
    with service.engine.begin() as conn:
        feed_epoch.renew(conn)
    assert fetch(service, before).status_code == 410
    after = first_page(service, "works")
    assert after != before and fetch(service, after).status_code == 200


def test_relations_lead_to_later_members_only(service: Service, city: Any, short_pages: None) -> None:
    for answer in walk(service, "works"):
        page = graph(answer)
        for value in page.objects(None, TREE.value):
            times = [
                one
                for member in page.objects(None, TREE.member)
                for one in page.objects(member, PROV.generatedAtTime)
            ]
            assert max(times) == value
        assert len(set(page.objects(None, TREE.member))) == len(set(page.subjects(DCTERMS.isVersionOf)))
